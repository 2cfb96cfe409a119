"""Values of which a run makes hundreds of thousands."""

from collections.abc import Callable
from dataclasses import dataclass, field, fields
from operator import attrgetter
from typing import Any, TypeVar, dataclass_transform

_T = TypeVar("_T")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def record(*, order: bool = False) -> Callable[[type[_T]], type[_T]]:
    """Make a dataclass with slots whose fields the type checker keeps from being assigned.

    ``dataclass(frozen=True)`` keeps them at run time as well; its objects take three times as long to make.
    To pickle one, and to load it, takes half of what dataclasses take: it is made again from its fields.
    """

    def decorate(plain: type[_T]) -> type[_T]:
        made: Any = dataclass(slots=True, unsafe_hash=True, order=order)(plain)
        values = _getter([one.name for one in fields(made)])
        made.__reduce__ = lambda value: (made, values(value))
        result: type[_T] = made
        return result

    return decorate


def _getter(names: list[str]) -> Callable[[Any], tuple[Any, ...]]:
    """Return what reads the attributes *names* of an object."""
    if len(names) > 1:
        return attrgetter(*names)  # which for a single name returns no tuple
    return lambda value: tuple(getattr(value, name) for name in names)
