"""`async-lint-lsp`: the language server as a command, on standard input and output."""

import argparse
import gc
import sys

from async_lint import __version__

_MISSING = (
    "async-lint-lsp: error: the language server needs packages that are not installed; "
    'install them with: pip install "async-lint[lsp]"'
)


def main() -> None:
    """Serve one editor until it ends the session."""
    parser = argparse.ArgumentParser(prog="async-lint-lsp", description="The language server of async-lint.")
    parser.add_argument("--version", "-V", action="version", version=f"async-lint {__version__}")
    # Some editors pass it to every server; there is no other way to speak to this one.
    parser.add_argument("--stdio", action="store_true", help="speak over standard input and output (the default)")
    parser.parse_args()
    try:
        from async_lint.lsp.features import serving
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in ("pygls", "lsprotocol"):
            raise
        print(_MISSING, file=sys.stderr)
        sys.exit(2)
    # Trees come and go by the million nodes; the checker says when to look for garbage.
    gc.set_threshold(10_000_000, *gc.get_threshold()[1:])
    server = serving()
    try:
        server.start_io()
    finally:
        # An editor that was killed has not said goodbye.
        server.session.end()


if __name__ == "__main__":
    main()
