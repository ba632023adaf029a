"""The method resolution order of a class, as far as its bases were found."""

from typing import NamedTuple

from async_lint.inference.syntax.binding import Class
from async_lint.inference.types.values import Type


class Base(NamedTuple):
    """A class in a method resolution order, with what the heirs gave for its type parameters."""

    cls: Class
    arguments: dict[str, Type]


class Order(NamedTuple):
    """A method resolution order. `missing` names the bases that were not found, "" for one without a name."""

    bases: tuple[Base, ...]
    missing: tuple[str, ...]
