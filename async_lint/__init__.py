"""async-lint: finds what goes wrong with async/await in Python and repairs what can be repaired."""

__version__ = "0.1.0"
