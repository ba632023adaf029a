"""The files and folders by which a project's root is known."""

TOML_NAME = "async-lint.toml"
PYPROJECT = "pyproject.toml"
# What makes a folder a project's root when no settings name one.
MARKERS = frozenset({PYPROJECT, "setup.py", "setup.cfg", ".git", ".hg"})
