"""Calls that end the program."""

# `exit` and `quit` are objects of the class `Quitter`.
EXITS = frozenset({"sys.exit", "os._exit", "os.abort", "_sitebuiltins.Quitter"})
