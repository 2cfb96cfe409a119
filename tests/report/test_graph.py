import json
import re
from xml.etree import ElementTree as ET

import networkx as nx
import pytest

from clew.plan.survey import Survey, SurveyNode
from clew.report.graph import FORMS, render_graph

SURVEY = Survey(
    "session",
    (
        SurveyNode("f0", "function", "run", "a.c", 3, 0, "boundary"),
        SurveyNode("f1", "function", "step", "a.c", 9, 1, "threaded"),
        SurveyNode("m0", "macro", 'ODD"<&\x1b', "b.h", 1, 1, "fetching"),
    ),
    (("f0", "f1"), ("f1", "f1")),
)


def test_dot():
    text = render_graph(SURVEY, "dot")
    assert text.startswith('digraph "session" {\n')
    assert '    f1 [label="step", tooltip="a.c:9 (threaded)",' in text
    assert "    f0 -> f1;\n" in text
    assert 'label="ODD\\"<&\\\\x1b"' in text
    assert 'shape="hexagon"' in text


def test_graphml_is_what_networkx_reads(tmp_path):
    file = tmp_path / "graph.graphml"
    file.write_text(render_graph(SURVEY, "graphml"), encoding="utf-8")
    graph = nx.read_graphml(file)
    assert set(graph.edges) == {("f0", "f1"), ("f1", "f1")}
    assert graph.nodes["f1"] == {
        "kind": "function", "name": "step", "path": "a.c", "line": 9, "fetches": 1, "role": "threaded",
    }  # fmt: skip


def test_json_is_the_node_link_form():
    graph = nx.node_link_graph(json.loads(render_graph(SURVEY, "json")), edges="edges")
    assert set(graph.edges) == {("f0", "f1"), ("f1", "f1")}
    assert graph.graph == {"state": "session"}
    assert graph.nodes["m0"]["role"] == "fetching"


def test_svg_holds_every_node_within_its_size():
    root = ET.fromstring(render_graph(SURVEY, "svg"))
    ns = "{http://www.w3.org/2000/svg}"
    width, height = float(root.attrib["width"]), float(root.attrib["height"])
    groups = {group.get("id"): group for group in root.iter(f"{ns}g") if group.get("id")}
    assert groups.keys() == {"f0", "f1", "m0"}
    boxes = {
        name: [float(group.find(f"{ns}rect").attrib[key]) for key in ("x", "y", "width", "height")]
        for name, group in groups.items()
    }
    assert all(x >= 0 and y >= 0 and x + w <= width and y + h <= height for x, y, w, h in boxes.values())
    assert boxes["f0"][0] + boxes["f0"][2] < boxes["f1"][0]
    assert [text.text for text in root.iter(f"{ns}text")][-1] == 'ODD"<&\\x1b'
    assert len(list(root.iter(f"{ns}path"))) == 1


@pytest.mark.parametrize("form", FORMS)
def test_an_empty_slice_is_a_document_all_the_same(form):
    assert render_graph(Survey("session", (), ()), form)


@pytest.mark.parametrize("form", FORMS)
def test_nothing_can_drive_a_terminal(form):
    assert not re.search(r"[\x00-\x08\x0b-\x1f]", render_graph(SURVEY, form))
