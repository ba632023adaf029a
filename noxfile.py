"""The tests on every Python that is supported: `nox`, `nox -s quick-3.12`, `nox -s checks`."""

import nox

PYTHONS = ["3.10", "3.11", "3.12", "3.13", "3.14"]
# What stands under the rest, in under a minute: files in and out, settings, the engine, some of inference.
QUICK = [
    *(f"tests/test_{name}.py" for name in ("check", "config", "context", "discovery", "engine", "fix", "notebook")),
    *(f"tests/test_{name}.py" for name in ("patterns", "registry", "reporters", "severity", "source", "suppression")),
    *(f"tests/inference/test_{name}.py" for name in ("imports", "returns", "scopes")),
]

nox.options.sessions = ["tests", "checks"]
nox.options.error_on_missing_interpreters = False


@nox.session(python=PYTHONS)
def tests(session: nox.Session) -> None:
    """The whole suite; what follows `--` is for pytest."""
    session.install("-e", ".[dev]")
    session.run("pytest", "-n", "auto", *session.posargs)


@nox.session(python=PYTHONS)
def quick(session: nox.Session) -> None:
    """The quick subset that CONTRIBUTING.md names."""
    session.install("-e", ".[dev]")
    session.run("pytest", "-n", "auto", *QUICK, *session.posargs)


@nox.session
def checks(session: nox.Session) -> None:
    """What is read and not run."""
    session.install("-e", ".[dev]")
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")
    session.run("mypy")
    session.run("lint-imports")
