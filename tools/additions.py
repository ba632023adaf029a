"""What published sources do not say in a form that inference reads: stubs of our own, laid over what was found."""

import ast
import sys
from pathlib import Path

from tools.entries import Entries
from tools.typeshed import entry

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

_FILE = Path(__file__).parent / "additions.toml"


def additions() -> Entries:
    """Return the stubs of additions.toml, by module."""
    sources: dict[str, str] = tomllib.loads(_FILE.read_text("utf-8"))
    return {module: entry(module, False, source) for module, source in sources.items()}


def added(entries: Entries) -> Entries:
    """Lay the additions over the stubs: a class keeps what they do not name, all else is replaced."""
    for module, addition in additions().items():
        definitions = entries[module]["definitions"] if module in entries else {}
        for name, texts in addition["definitions"].items():
            if texts[0].startswith("class ") and name in definitions:
                definitions[name] = [_merged(definitions[name][0], texts[0])]
            elif not texts[0].startswith(("from ", "import ")) or name not in definitions:
                definitions[name] = texts
    return entries


def _merged(own: str, addition: str) -> str:
    cls, over = ast.parse(own).body[0], ast.parse(addition).body[0]
    assert isinstance(cls, ast.ClassDef)
    assert isinstance(over, ast.ClassDef)
    named = {_name(each) for each in over.body}
    cls.body = [each for each in cls.body if _name(each) not in named] + over.body
    cls.bases = over.bases or cls.bases
    return ast.unparse(cls)


def _name(statement: ast.stmt) -> str:
    """Return what a statement of a stub binds; nothing for `...`, which goes."""
    if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
        return statement.target.id
    return getattr(statement, "name", "")
