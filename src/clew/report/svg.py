"""The slice of the call graph as a drawing: callers on the left, what they call on the right.

Components stand below each other, the largest first; what has no edge stands in a grid at the end.
"""

from collections.abc import Iterator, Mapping, Sequence
from xml.sax.saxutils import escape, quoteattr

from clew.link.slice import Columns, arrange
from clew.plan.survey import Role, Survey, SurveyNode
from clew.report.paint import harmless
from clew.text.record import record

Colours = Mapping[Role, tuple[str, str]]

_CHARACTER = 7.3  # width of one in the font below, in pixels
_FONT = 'font-family="ui-monospace, Menlo, Consolas, monospace" font-size="12"'
_HEIGHT, _ROW, _GAP, _MARGIN = 22, 30, 70, 20
_LEAST_WIDTH = 900  # of the grid
_MEANINGS: dict[Role, str] = {
    "threaded": "gets the parameter",
    "boundary": "fetches, and passes it on",
    "fetching": "keeps its fetch",
    "pinned": "stays as it is",
}


@record()
class _Box:
    x: float
    y: float
    width: float


def survey_svg(survey: Survey, colours: Colours) -> str:
    """Return *survey* as an SVG document."""
    boxes, width, height = _place_boxes(survey)
    nodes = {node.id: node for node in survey.nodes}
    legend = list(_legend(survey, colours))
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height:.0f}" {_FONT}>',
        f"<title>{escape(harmless(survey.state))}</title>",
        '<rect width="100%" height="100%" fill="white"/>',
        *legend,
        '<g fill="none" stroke="#8a8a8a" stroke-opacity="0.55">',
        *(_edge(boxes[caller], boxes[callee]) for caller, callee in survey.edges if caller != callee),
        "</g>",
        *(_node(nodes[name], box, colours) for name, box in boxes.items()),
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _place_boxes(survey: Survey) -> tuple[dict[str, _Box], float, float]:
    """Return where every node stands, and the size of the whole."""
    widths = {node.id: len(harmless(node.name)) * _CHARACTER + 16 for node in survey.nodes}
    components = arrange([node.id for node in survey.nodes], survey.edges)
    boxes: dict[str, _Box] = {}
    y: float = 2 * _MARGIN + _HEIGHT
    for component in components:
        if sum(map(len, component)) > 1:
            y = _place_columns(component, widths, y, boxes) + _MARGIN
    width = max((box.x + box.width for box in boxes.values()), default=0)
    single = [component[0][0] for component in components if sum(map(len, component)) == 1]
    y = _place_grid(single, widths, y, max(width, _LEAST_WIDTH), boxes)
    width = max((box.x + box.width for box in boxes.values()), default=0)
    return boxes, max(width, _LEAST_WIDTH) + _MARGIN, y + _MARGIN


def _place_columns(
    columns: Columns[str], widths: Mapping[str, float], top: float, boxes: dict[str, _Box]
) -> float:
    """Place one component below *top*; return its lower edge."""
    height = max(map(len, columns)) * _ROW
    x: float = _MARGIN
    for column in columns:
        y = top + (height - len(column) * _ROW) / 2
        for name in column:
            boxes[name] = _Box(x, y, widths[name])
            y += _ROW
        x += max(widths[name] for name in column) + _GAP
    return top + height


def _place_grid(
    names: Sequence[str], widths: Mapping[str, float], top: float, right: float, boxes: dict[str, _Box]
) -> float:
    x, y = float(_MARGIN), top
    for name in names:
        if x > _MARGIN and x + widths[name] > right:
            x, y = _MARGIN, y + _ROW
        boxes[name] = _Box(x, y, widths[name])
        x += widths[name] + _MARGIN
    return y + _ROW


def _legend(survey: Survey, colours: Colours) -> Iterator[str]:
    x = float(_MARGIN)
    for role, (fill, border) in colours.items():
        number = sum(node.role == role for node in survey.nodes)
        text = f"{number} {role}: {_MEANINGS[role]}"
        colour = f'fill="{fill}" stroke="{border}"'
        yield f'<rect x="{x:.0f}" y="{_MARGIN}" width="14" height="14" rx="3" {colour}/>'
        yield f'<text x="{x + 20:.0f}" y="{_MARGIN + 11}">{escape(text)}</text>'
        x += 40 + len(text) * _CHARACTER


def _node(node: SurveyNode, box: _Box, colours: Colours) -> str:
    fill, border = colours[node.role]
    tip = f"{node.path}:{node.line} {node.kind}, {node.role}, fetches: {node.fetches}"
    dashes = ' stroke-dasharray="4 2"' if node.kind == "macro" else ""
    return (
        f"<g id={quoteattr(node.id)}><title>{escape(harmless(tip))}</title>"
        f'<rect x="{box.x:.1f}" y="{box.y:.1f}" width="{box.width:.1f}" height="{_HEIGHT}" rx="4" '
        f'fill="{fill}" stroke="{border}"{dashes}/>'
        f'<text x="{box.x + 8:.1f}" y="{box.y + 15:.1f}">{escape(harmless(node.name))}</text></g>'
    )


def _edge(caller: _Box, callee: _Box) -> str:
    x1, y1 = caller.x + caller.width, caller.y + _HEIGHT / 2
    x2, y2 = callee.x, callee.y + _HEIGHT / 2
    bend = max(abs(x2 - x1) / 2, _GAP / 2)
    return (
        f'<path d="M{x1:.1f} {y1:.1f}C{x1 + bend:.1f} {y1:.1f} {x2 - bend:.1f} {y2:.1f} {x2:.1f} {y2:.1f}"/>'
    )
