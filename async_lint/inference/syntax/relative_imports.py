"""The module that a relative import names."""

from async_lint.inference.syntax.binding import Module


def absolute(module: Module, level: int, name: str) -> str:
    """Return the absolute name of `from <dots><name> import`; empty when it leads above the root."""
    if not level:
        return name
    parts = module.name.split(".")
    if not module.is_package:
        parts = parts[:-1]
    if level > 1:
        parts = parts[: 1 - level]
    return ".".join([*parts, name] if name else parts)
