"""Values of which a run makes hundreds of thousands."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar, dataclass_transform

_T = TypeVar("_T")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def record(*, order: bool = False) -> Callable[[type[_T]], type[_T]]:
    """Make a dataclass with slots whose fields the type checker keeps from being assigned.

    ``dataclass(frozen=True)`` keeps them at run time as well; its objects take three times as long to make.
    """
    return dataclass(slots=True, unsafe_hash=True, order=order)
