"""Where a variable does what a fetch did: which edits say so, what is put there, and what it catches."""

import re
import subprocess

import pytest

from clew.config.settings import Accessor, State
from clew.link.program import Program
from clew.scan import scan_source
from clew.text.edit import Edit
from clew.text.source import SourceText
from clew.text.span import Span
from clew.verify.change import Change
from clew.verify.hooks import Refused
from clew.verify.instrument import Instrumenter
from clew.verify.instrument_check import check_instrumented
from clew.verify.pair import Pair
from clew.verify.run_check import RunRequest
from clew.verify.runtime_build import build_runtime, runtime_at
from clew.verify.uses import find_uses

STATE = State("s", "S *", ("s",), (Accessor("get()"),), derived=(("part_get()", "{}->part"),))
VARIABLE = State("s", "S *", ("s",), (Accessor("it"),))
OBJECT = State("s", "S *", ("s",), (Accessor("M", object=True),))


def program(files):
    sources = {name: SourceText(name, text) for name, text in files.items()}
    return Program(sources, {name: scan_source(source) for name, source in sources.items()})


_EDIT = re.compile(r"<<([\w-]+):(.*?)=>(.*?)>>(?!>)", re.DOTALL)


def pair_of(marked):
    """Return the pair for the edits that *marked*, the text of a.c, writes as ``<<rule:old=>new>>``."""
    text, edits, at = "", [], 0
    for found in _EDIT.finditer(marked):
        text += marked[at : found.start()]
        edits.append(Edit(Span(len(text), len(text) + len(found[2])), found[3], found[1]))
        text, at = text + found[2], found.end()
    text += marked[at:]
    change = Change.of_edits({"a.c": SourceText("a.c", text)}, {"a.c": edits})
    return Pair(change, program({"a.c": text}), program({"a.c": change.files["a.c"].after.text}))


def by_lines(pair):
    """Return the same change as if somebody else had made it."""
    sources = [{"a.c": one.sources["a.c"]} for one in (pair.before, pair.after)]
    return Pair(Change.of_texts(*sources), pair.before, pair.after)


def shown(pair, state=STATE):
    """Return what stands in the instrumented copy, without the hooks at entries."""
    uses = tuple(find_uses(pair, state))
    made = Instrumenter(pair.after, state, "/h").instrument((), Refused(), uses=uses)
    return made.files["a.c"].after.text.partition("\n")[2] if made.files else ""


DECLARED = "S *get(void); extern S *it; extern S M;\n"
NOOP = [
    pytest.param("int f(S *s) { return g(<<pass:=>get()>>, 1); }", STATE, id="an accessor is passed"),
    pytest.param("int f(S *s) { return g(<<pass:=>it, >>1); }", VARIABLE, id="a global is passed"),
    pytest.param("int f(S *s) { return <<redirect:g=>_g>>(1); }", STATE, id="the name of a twin"),
    pytest.param("int f(<<thread:=>S *s, >>int n) { return n; }", STATE, id="a parameter"),
    pytest.param("int f(S *s) { <<remove-local:S *s;=>>>\n}", STATE, id="no fetch in it"),
    pytest.param("int f(void) {<<boundary:=>S *s = get();>> }", STATE, id="a boundary fetches"),
]


@pytest.mark.parametrize(("text", "state"), NOOP)
def test_what_is_no_use(text, state):
    pair = pair_of(DECLARED + text)
    assert list(find_uses(pair, state)) == []
    assert list(find_uses(by_lines(pair), state)) == []


CASES = [
    pytest.param(
        "int f(S *s) { return <<reuse:get()=>s>>->n; }",
        "int f(S *s) { return CLEW_USE(0, s, get())->n; }",
        STATE,
        id="a fetch",
    ),
    pytest.param(
        "int f(S *s) { return <<reuse:part_get()=>s->part>>->n; }",
        "int f(S *s) { return CLEW_USE(0, s->part, part_get())->n; }",
        STATE,
        id="a state that hangs off it",
    ),
    pytest.param(
        "int f(S *s) { return <<reuse:it=>s>>->n; }",
        "int f(S *s) { return CLEW_USE(0, s, it)->n; }",
        VARIABLE,
        id="a variable",
    ),
    pytest.param(
        "int f(S *s) { return <<reuse:M.=>s->>>n; }",
        "int f(S *s) { return CLEW_USE(0, s, &M)->n; }",
        OBJECT,
        id="a part of an object",
    ),
    pytest.param(
        "int f(S *s) { return g(<<reuse:&M=>s>>); }",
        "int f(S *s) { return g(CLEW_USE(0, s, &M)); }",
        OBJECT,
        id="the address of an object",
    ),
    pytest.param(
        "S f(S *s) { return <<reuse:M=>(*s)>>; }",
        "S f(S *s) { return (*CLEW_USE(0, s, &M)); }",
        OBJECT,
        id="an object",
    ),
    pytest.param(
        "int f(S *s) { return g(<<pass:=>s, >>x); }",
        "int f(S *s) { return g(CLEW_USE(0, s, get()), x); }",
        STATE,
        id="passed first",
    ),
    pytest.param(
        "int f(S *s) { return g(x<<pass:=>, s>>); }",
        "int f(S *s) { return g(x, CLEW_USE(0, s, get())); }",
        STATE,
        id="passed last",
    ),
    pytest.param(
        "int f(S *s) { return g(<<pass:=>s->top->s>>); }",
        "int f(S *s) { return g(CLEW_USE(0, s->top->s, get())); }",
        STATE,
        id="a member passed alone",
    ),
    pytest.param(
        "#define G(x) \\\n  g(<<pass:=>s, >>x)\nint f(S *s) { return G(1); }",
        "#define G(x) \\\n  g(CLEW_USE(0, s, get()), x)\nint f(S *s) { return G(1); }",
        STATE,
        id="in a macro",
    ),
    pytest.param(
        "int f(S *s)\n{\n    int n;\n<<remove-local:    S *s = get();\n=>>>    return s->n;\n}",
        "int f(S *s)\n{\n    int n;\nCLEW_HERE(0, s, get())\n    return s->n;\n}",
        STATE,
        id="a local",
    ),
    pytest.param(
        "int f(S *s)\n{\n<<remove-local:    s = get();\n=>>>    return s->n;\n}",
        "int f(S *s)\n{\nCLEW_SEEN(0, s, get());\n    return s->n;\n}",
        STATE,
        id="a local that is assigned later",
    ),
]


@pytest.mark.parametrize(("text", "hooked", "state"), CASES)
def test_what_is_compared(text, hooked, state):
    pair = pair_of(DECLARED + text)
    assert shown(pair, state) == DECLARED + hooked


@pytest.mark.parametrize(
    ("text", "hooked", "state"), [c for c in CASES if not {"object", "local"} & set(str(c.id).split())]
)
def test_a_change_by_hand_is_compared_alike(text, hooked, state):
    pair = by_lines(pair_of(DECLARED + text))
    assert shown(pair, state) == DECLARED + hooked


def test_a_local_that_somebody_took_away():
    text = "int f(S *s)\n{\n    int n;\n<<remove-local:    S *s = get();\n=>>>    return s->n;\n}"
    pair = by_lines(pair_of(DECLARED + text))
    assert "int n;\nCLEW_HERE(0, s, get())\n    return" in shown(pair)


def test_a_comment_within_the_accessor_is_left_out():
    pair = pair_of(DECLARED + "int f(S *s) { return <<reuse:get( /* it */ )=>s>>->n; }")
    assert "CLEW_USE(0, s, get( ))->n" in shown(pair)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (
            "int f(S *s) { int a,<<remove-local: *s = get(),=>>> b; }",
            "the local stood among other declarators",
        ),
        (
            "#define G <<remove-local:S *s = get();=>>> h(s)\nint f(S *s) { G; }",
            "the local stood in a macro",
        ),
        ("int f(S *s) { return h(<<pass:=>s>>); }", "get is not declared above the function"),
    ],
)
def test_what_cannot_be_compared_says_why(text, reason):
    uses = tuple(find_uses(pair_of(text), STATE))
    made = Instrumenter(pair_of(text).after, STATE, "/h").instrument((), Refused(), uses=uses)
    assert [(use.expression, use.reason) for use in made.uses] == [("", reason)]


# ---- compiled and run --------------------------------------------------------------------------------

SWITCHING = """\
#include <stdlib.h>
typedef struct S { int n; struct S *next; int *part; } S;
static int shared;
static S second = { 2, 0, &shared }, first = { 1, &second, &shared };
static S *current = &first;
S *get(void) { return current; }
static void change(void) { current = current == &first ? &second : &first; }
static int peek(<<thread:void=>S *s>>) { return *<<reuse:get()=>s>>->part; }
static int step(<<thread:void=>S *s>>)
{
    int before = peek(<<pass:=>s>>);
    change();
    return before + *get()->part;
}
int main(void)
{
    int total = step(<<pass:=>get()>>) + step(<<pass:=>get()>>);
    if (getenv("CRASH")) abort();
    return total;
}
"""
STALE = SWITCHING.replace("before + *get()", "before + *<<reuse:get()=>s>>")
"""Both states have the same part: no output of the program shows that ``s`` is the wrong one."""


def verify(tmp_path, pair, **environment):
    root = tmp_path / "tree"
    root.mkdir()
    (root / "a.c").write_text(pair.before.sources["a.c"].text)
    request = RunRequest(root, tmp_path / "scratch", "gcc -g -o main a.c", "./main", 60, 60, environment)
    return check_instrumented(request, pair, STATE, lambda *_: None)


@pytest.mark.compiler
@pytest.mark.parametrize("view", [lambda pair: pair, by_lines], ids=["clew", "by hand"])
def test_a_right_change_passes(tmp_path, view):
    verdict = verify(tmp_path, view(pair_of(SWITCHING)))
    assert verdict.status == "passed", verdict
    assert verdict.summary == (
        "4 checks at entry in 2 of 2 threaded functions, 4 at 2 of 2 uses, 0 mismatches"
    )


@pytest.mark.compiler
@pytest.mark.parametrize("view", [lambda pair: pair, by_lines], ids=["clew", "by hand"])
@pytest.mark.parametrize("crash", [{}, {"CRASH": "1"}], ids=["ends", "crashes"])
def test_a_stale_variable_is_seen_where_it_is_used(tmp_path, view, crash):
    """The parameter is right at every entry, and the program prints and returns the same."""
    verdict = verify(tmp_path, view(pair_of(STALE)), **crash)
    assert verdict.status == "failed"
    figures = verdict.figures
    assert figures["mismatches"] == figures["uses"]["fetch"]["mismatches"] == 2
    assert all(function["mismatched"] == 0 for function in figures["functions"])
    [first, _] = [line for line in verdict.evidence if line.startswith("mismatch")]
    assert first.startswith("mismatch in a.c:13 step: s is 0x")
    assert " there, get() is 0x" in first
    assert "called from main (a.c:18)" in first
    assert "thread 0x" in first


@pytest.mark.compiler
def test_hooks_are_quiet_under_the_strictest_warnings(tmp_path):
    """Whatever a project makes an error must not be one because of the hooks."""
    pair = pair_of(SWITCHING)
    uses = tuple(find_uses(pair, STATE))
    header = tmp_path / "clew_runtime.h"
    runtime = runtime_at(tmp_path)
    build_runtime(runtime, 2, 9, len(uses))
    made = Instrumenter(pair.after, STATE, str(header)).instrument((), Refused(), uses=uses)
    (tmp_path / "a.c").write_text(made.files["a.c"].after.text)
    strict = "-std=gnu90 -Wall -Wextra -Wdeclaration-after-statement -Wunused-value -Wcast-qual -Werror"
    done = subprocess.run(
        ["gcc", *strict.split(), "-c", "a.c"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.compiler
def test_what_a_hook_fetches_does_not_count(tmp_path):
    """The macro that stood there fetches; comparing with it must not look like a fetch of the program."""
    macro = "S *get(void) { return current; }\n#define part_get() (get()->part)\n"
    text = SWITCHING.replace("S *get(void) { return current; }\n", macro)
    text = text.replace("*<<reuse:get()=>s>>->part", "*<<reuse:part_get()=>s->part>>")
    verdict = verify(tmp_path, pair_of(text))
    assert verdict.status == "passed", verdict
    figures = verdict.figures
    assert figures["uses"]["fetch"]["checks"] == 2
    # before: a fetch in peek and one in step, both twice; after: one in step and one in main for each call
    assert (figures["fetches_before"], figures["fetches_after"]) == (4, 4)
