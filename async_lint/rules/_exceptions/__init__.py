"""What a `raise` in a handler raises, and what it leaves out."""
