"""The first difference between two observations, and the least case that shows it."""

import json
from collections.abc import Callable, Sequence
from typing import Any

_WIDTH = 160


def first_difference(before: Any, after: Any, place: str = "") -> tuple[str, Any, Any] | None:
    """Return where two JSON values differ first (``[2][0].name``), and what is there; None if nowhere."""
    if isinstance(before, list | tuple) and isinstance(after, list | tuple):
        for number, (left, right) in enumerate(zip(before, after, strict=False)):
            found = first_difference(left, right, f"{place}[{number}]")
            if found is not None:
                return found
        return None if len(before) == len(after) else (f"{place} length", len(before), len(after))
    if isinstance(before, dict) and isinstance(after, dict) and before.keys() == after.keys():
        parts = (first_difference(before[key], after[key], f"{place}.{key}") for key in before)
        return next((found for found in parts if found is not None), None)
    return None if before == after else (place, before, after)


def describe_difference(difference: tuple[str, Any, Any]) -> tuple[str, ...]:
    """Return the lines that show a difference."""
    place, before, after = difference
    return (f"first difference at {place}", f"before: {_short(before)}", f"after:  {_short(after)}")


def _short(value: Any) -> str:
    text = json.dumps(value)
    return text if len(text) <= _WIDTH else text[: _WIDTH - 3] + "..."


def shrink(case: Sequence[Any], differs: Callable[[list[Any]], bool], budget: int = 25) -> list[Any]:
    """Return a part of *case* for which *differs* still holds, leaving out one element after the other; no
    more than *budget* parts are tried."""
    least = list(case)
    at = 0
    while at < len(least) and len(least) > 1 and budget > 0:
        shorter = least[:at] + least[at + 1 :]
        budget -= 1
        if differs(shorter):
            least = shorter
        else:
            at += 1
    return least
