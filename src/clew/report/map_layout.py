"""Where the nodes of a slice stand on a map: callers left, what they call right, components side by side."""

from collections.abc import Iterator, Sequence
from math import ceil, sqrt

from clew.link.slice import arrange
from clew.plan.survey import Survey

Spot = tuple[float, float]

# In units of the map; a node is about one unit high.
_ROW, _COLUMN, _WRAPPED, _GAP = 1.0, 9.0, 4.0, 2.0
_LEAST_ROWS = 24


def place_nodes(survey: Survey) -> dict[str, Spot]:
    """Return a place for every node.  Columns that would be much too high are wrapped, and small components
    are packed into rows below the large ones."""
    rows = max(_LEAST_ROWS, ceil(sqrt(len(survey.nodes)) * 1.6))
    spots: dict[str, Spot] = {}
    left, top, lowest = 0.0, 0.0, 0.0
    limit = _COLUMN * ceil(sqrt(len(survey.nodes)) / 2 + 4)
    for component in arrange([node.id for node in survey.nodes], survey.edges):
        placed, width, height = _place_component(component, rows)
        if left and left + width > limit:
            left, top = 0.0, lowest + _GAP
        spots |= {name: (left + x, top + y) for name, (x, y) in placed.items()}
        left += width + _GAP
        lowest = max(lowest, top + height)
        limit = max(limit, width)
    return spots


def _place_component(columns: Sequence[Sequence[str]], rows: int) -> tuple[dict[str, Spot], float, float]:
    height = min(rows, max(map(len, columns)))
    spots: dict[str, Spot] = {}
    x = 0.0
    for column in columns:
        parts = list(_wrap(column, rows))
        for part in parts:
            offset = (height - len(part)) / 2
            spots |= {name: (x, (offset + number) * _ROW) for number, name in enumerate(part)}
            x += _WRAPPED
        x += _COLUMN - _WRAPPED
    return spots, _WRAPPED if len(spots) == 1 else x, height * _ROW


def _wrap(column: Sequence[str], rows: int) -> Iterator[Sequence[str]]:
    size = ceil(len(column) / ceil(len(column) / rows))
    return (column[start : start + size] for start in range(0, len(column), size))
