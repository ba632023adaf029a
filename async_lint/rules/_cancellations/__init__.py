"""Cancellations that a handler takes: whose they are, who is told, and what runs on."""
