"""Fetches that check what they are compared with."""

import pytest

from clew.config.settings import Accessor
from clew.detect.accessors import FetchSite, Spelled
from clew.plan.fixed import bound_name, compared_names
from clew.text.span import Span


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("assert(ts == GET());", {"ts"}),
        ("if (GET() != ts)", {"ts"}),
        ("if (revs->repo != GET())", {"revs->repo", "repo"}),
        ("if (GET() == a.b -> c)", {"a.b->c", "c"}),
        ("x = GET();", set()),
        ("f(ts, GET());", set()),
        ("if (ts <= GET())", set()),
    ],
)
def test_compared_names(text, names):
    start = text.index("GET()")
    site = FetchSite("a.c", Span(start, start + 5), Spelled(Accessor("GET()")), 0, -1)
    assert compared_names(text, site) == names


@pytest.mark.parametrize(
    ("text", "everything", "states"),
    [
        ("x = GET();", "x", "x"),
        ("T *x = GET() -> interp;", "x", "x"),
        ("for (x = GET()->objects->first; x; x = x->next)", "x", ""),
        ("x = GET()->interp->id;", "x", ""),
        ("x = GET()->list[0];", "x", ""),
        ("f(GET());", "", ""),
        ("if (x == GET())", "", ""),
    ],
)
def test_bound_name(text, everything, states):
    start = text.index("GET()")
    site = FetchSite("a.c", Span(start, start + 5), Spelled(Accessor("GET()")), 0, -1)
    assert bound_name(text, site) == everything
    assert bound_name(text, site, ["{}->interp"]) == states
