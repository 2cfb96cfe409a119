"""The slice of the call graph as ``dot``, ``graphml`` or ``json``."""

import json
from collections.abc import Callable
from dataclasses import asdict
from xml.etree import ElementTree as ET

from clew.plan.survey import Role, Survey, SurveyNode
from clew.report.paint import harmless
from clew.report.svg import survey_svg

# Fill and border of each role; told apart by people who see no colours by their lightness.
COLOURS: dict[Role, tuple[str, str]] = {
    "threaded": ("#d9f0d3", "#2f7d32"),
    "boundary": ("#fff3c4", "#a67c00"),
    "fetching": ("#f8d0c8", "#b03a2e"),
    "pinned": ("#eeeeee", "#777777"),
}
_FIELDS = (
    ("kind", "string"),
    ("name", "string"),
    ("path", "string"),
    ("line", "int"),
    ("fetches", "int"),
    ("role", "string"),
)


def render_graph(survey: Survey, form: str) -> str:
    """Return *survey* in *form*: one of `FORMS`."""
    return FORMS[form](survey)


def _dot(survey: Survey) -> str:
    lines = [
        f"digraph {_quote(survey.state)} {{",
        "    rankdir=LR;",
        '    node [shape=box, style="rounded,filled", fontname="monospace"];',
    ]
    lines += [f"    {node.id} [{_dot_attributes(node)}];" for node in survey.nodes]
    lines += [f"    {caller} -> {callee};" for caller, callee in survey.edges]
    return "\n".join([*lines, "}"]) + "\n"


def _dot_attributes(node: SurveyNode) -> str:
    fill, border = COLOURS[node.role]
    attributes = {
        "label": node.name,
        "tooltip": f"{node.path}:{node.line} ({node.role})",
        "fillcolor": fill,
        "color": border,
    }
    if node.kind == "macro":
        attributes["shape"] = "hexagon"
    return ", ".join(f"{name}={_quote(value)}" for name, value in attributes.items())


def _quote(text: str) -> str:
    escaped = harmless(text).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _graphml(survey: Survey) -> str:
    root = ET.Element("graphml", xmlns="http://graphml.graphdrawing.org/xmlns")
    for name, kind in _FIELDS:
        ET.SubElement(root, "key", {"id": name, "for": "node", "attr.name": name, "attr.type": kind})
    graph = ET.SubElement(root, "graph", id=survey.state, edgedefault="directed")
    for node in survey.nodes:
        element = ET.SubElement(graph, "node", id=node.id)
        for name, _ in _FIELDS:
            ET.SubElement(element, "data", key=name).text = harmless(str(getattr(node, name)))
    for caller, callee in survey.edges:
        ET.SubElement(graph, "edge", source=caller, target=callee)
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _json(survey: Survey) -> str:
    """Return the node-link form, which networkx and d3 read."""
    data = {
        "directed": True,
        "multigraph": False,
        "graph": {"state": survey.state},
        "nodes": [asdict(node) for node in survey.nodes],
        "edges": [{"source": caller, "target": callee} for caller, callee in survey.edges],
    }
    return json.dumps(data, indent=2) + "\n"


FORMS: dict[str, Callable[[Survey], str]] = {
    "dot": _dot,
    "graphml": _graphml,
    "json": _json,
    "svg": lambda survey: survey_svg(survey, COLOURS),
}
