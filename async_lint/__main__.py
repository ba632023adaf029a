"""`python -m async_lint`."""

from async_lint.cli import script

if __name__ == "__main__":
    script()
