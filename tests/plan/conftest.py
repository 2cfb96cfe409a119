"""Plans for little functions, written back in shorthand."""

from collections.abc import Callable
from pathlib import Path

import pytest

from clew import pipeline
from clew.config.settings import Accessor, Changer, Scope, Settings, State
from clew.plan.build import Planned
from clew.plan.constraints import Constraints
from clew.text.edit import Edit, apply_edits
from clew.text.span import Span

PRELUDE = """typedef struct State { int id; } State;
State *get(void);
State *swap(State *);
void die(void);
int use(int);
#define VAR(name) static int name = 1;
"""
EPILOGUE = "static int add(int n) { return get()->id + n; }\n"

MakePlan = Callable[..., tuple[Planned, str]]


def make_state(*, fetch: str = "first-use", checked: bool = False, names: tuple[str, ...] = ("ts",)) -> State:
    return State(
        name="ts",
        type="State *",
        names=names,
        accessors=(Accessor("get()", checked=checked),),
        changers=(Changer("swap", "attaches"),),
        noreturn=("die",),
        fetch="entry" if fetch == "entry" else "first-use",
    )


@pytest.fixture
def plan(tmp_path: Path) -> MakePlan:
    """Plan a file of *text* between a few declarations and the static function ``add``, which fetches."""

    def make(text: str, state: State | None = None) -> tuple[Planned, str]:
        whole = PRELUDE + text + "\n" + EPILOGUE
        (tmp_path / "f.c").write_text(whole)
        chosen = state or make_state()
        settings = Settings(states=(chosen,), pinned=("main", "get", "swap"))
        tree = pipeline.read(tmp_path, settings, Scope())
        return pipeline.plan(tree, chosen, Constraints()), whole

    return make


def shorthand(planned: Planned, whole: str) -> str:
    """Write the text of `plan` with its decisions: ``@`` where a local is declared, calls with nothing but
    the state, fetches as the variable, declarations that go as nothing."""
    decisions = planned.decisions
    edits = [Edit(Span(local.at, local.at), "@") for local in decisions.inserted]
    edits += [Edit(Span(call.call.open + 1, call.call.close), call.argument) for call in decisions.calls]
    edits += [Edit(fetch.site.span, fetch.variable) for fetch in decisions.fetches]
    edits += [Edit(span, "") for removed in decisions.removed for span in removed.spans]
    return apply_edits(whole, edits)[len(PRELUDE) :].removesuffix("\n").rpartition("\n")[0]
