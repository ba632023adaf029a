"""`python -m async_lint`."""

import sys

from async_lint.cli import main

if __name__ == "__main__":
    sys.exit(main())
