"""Endless loops that try again what failed: how they end, what they wait between two attempts."""
