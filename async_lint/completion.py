"""`--print-completion`: a script that lets a shell complete flags, files and rules."""

from argparse import Action, ArgumentParser
from collections.abc import Sequence

from async_lint.arguments import command_line
from async_lint.config_error import ConfigError
from async_lint.registry import ALL, PREFIX, RULES

_RULES = ("select", "ignore", "extend_select", "extend_ignore", "explain")
_FILES = ("paths", "config", "python", "baseline", "write_baseline", "stdin_filename")
_FUNCTION = "_async_lint_rules"


def completion(shell: str) -> str:
    """Return the script for `bash`, `zsh` or `tcsh`. Raises ConfigError without `shtab`."""
    try:
        import shtab
    except ModuleNotFoundError as error:
        message = "--print-completion needs the package shtab: pip install 'async-lint[completion]'"
        raise ConfigError(message) from error
    parser = command_line()
    words = _words()
    rules = {"bash": _FUNCTION, "zsh": _FUNCTION, "tcsh": f"({' '.join(words)})"}
    for action in _actions(parser):
        if action.dest in _RULES:
            vars(action)["complete"] = rules
        elif action.dest in _FILES:
            vars(action)["complete"] = shtab.FILE
        # To zsh a colon ends what an argument is called.
        if isinstance(action.metavar, str):
            action.metavar = action.metavar.replace(":", " ")
    preamble = {"bash": _bash(words), "zsh": _zsh(words)}.get(shell, "")
    return f"{shtab.complete(parser, shell, preamble=preamble).rstrip()}\n"


def _actions(parser: ArgumentParser) -> Sequence[Action]:
    return parser._actions


def _words() -> list[str]:
    codes = [rule.code for rule in RULES]
    families = dict.fromkeys(code[: len(PREFIX) + 1] for code in codes)
    return [ALL, *families, *codes, *(rule.name for rule in RULES)]


def _bash(words: Sequence[str]) -> str:
    # Several rules stand behind one flag, with commas: only the last is completed.
    return f"""\
{_FUNCTION}() {{
    local before=""
    [[ "$1" == *,* ]] && before="${{1%,*}},"
    compgen -P "$before" -W "{" ".join(words)}" -- "${{1##*,}}"
}}
"""


def _zsh(words: Sequence[str]) -> str:
    return f"""\
{_FUNCTION}() {{
    _values -s , rule {" ".join(words)}
}}
"""
