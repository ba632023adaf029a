"""Proof that a value cannot be awaited, entered or iterated: more than that an annotation says so.

Stands on `project`. Not for: showing that something is a coroutine (`kinds`).
"""
