"""Callables that are handed to code which does not await what they return."""
