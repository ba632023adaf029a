"""Awaits of statements in a row: the fix that runs them together."""
