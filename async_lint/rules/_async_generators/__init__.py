"""Async generators: what one holds at a `yield`, who leaves it there, how it is closed."""
