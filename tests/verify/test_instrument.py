"""Hooks in a small program with threads, forks and every end that a process can have."""

from dataclasses import replace

import pytest

from clew.config.settings import Accessor, State
from clew.link.program import Program
from clew.plan.model import Boundary, Plan
from clew.scan import scan_source
from clew.text.source import SourceText
from clew.verify.change import Change
from clew.verify.hooks import Refused
from clew.verify.instrument import Instrumenter
from clew.verify.instrument_check import check_instrumented
from clew.verify.pair import Pair
from clew.verify.poison_check import check_poisoned, find_entries
from clew.verify.run_check import RunRequest
from clew.verify.threaded import find_threaded, find_trusted

STATE = State("s", "S *", ("s",), (Accessor("get()"),))
HEADER = """\
typedef struct { int n; } S;
static inline int early(S *s) { return s->n; }
S *get(void);
static inline int in_header(S *s)
{
    int n = s->n;
    return n;
}
"""
MAIN = """\
#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "s.h"
static S states[2];
static _Thread_local S *current;
S *get(void) { return current; }
static int old_style(s, n) S *s; int n; { return s->n + n; }
static int leaf(S *s) { return early(s) + in_header(s) + old_style(s, 1); }
static int entry(S *s) { return leaf(s); }
static void *work(void *which)
{
    current = which;
    for (int i = 0; i < 100; i++)
        entry(get());
    return 0;
}
static void end(const char *how)
{
    if (!strcmp(how, "exit")) exit(0);
    if (!strcmp(how, "_exit")) _exit(0);
    if (!strcmp(how, "abort")) abort();
    if (!strcmp(how, "kill")) raise(SIGKILL);
    if (!strcmp(how, "crash")) *(volatile int *)0 = 1;
    if (!strcmp(how, "vfork")) { if (vfork() == 0) _exit(0); else exit(3); }
    if (!strcmp(how, "exec")) execl("/bin/true", "true", (char *)0);
}
int main(int argc, char **argv)
{
    pthread_t thread;
    (void)argc;
    current = &states[0];
    if (fork() == 0) { work(&states[1]); end(argv[1]); }
    wait(0);
    pthread_create(&thread, 0, work, &states[1]);
    work(&states[0]);
    pthread_join(thread, 0);
    return 0;
}
"""


PART = "int *part_get(void) { return &current->n; }\n"


def fetching(text):
    """Return the program before the change: every function fetches."""
    for name in ("early", "in_header", "leaf", "entry"):
        text = text.replace(f"int {name}(S *s)", f"int {name}(void)")
        text = text.replace(f"{name}(s)", f"{name}()").replace(f"{name}(get())", f"{name}()")
    text = text.replace("leaf(&states[1])", "leaf()")
    text = text.replace("old_style(s, n) S *s;", "old_style(n)").replace("old_style(s, 1)", "old_style(1)")
    return text.replace("s->n", "get()->n").replace(
        "static inline int early", "S *get(void);\nstatic inline int early"
    )


def silent(_stage, _done, _total):
    pass


def program(files):
    sources = {name: SourceText(name, text) for name, text in files.items()}
    return Program(sources, {name: scan_source(source) for name, source in sources.items()})


def make_pair(after):
    before = {name: fetching(text) for name, text in after.items()}
    old, new = program(before), program(after)
    return Pair(Change(Change.of_texts(old.sources, new.sources).files), old, new)


@pytest.fixture
def request_for(tmp_path):
    def make(pair, test="./main exit", build="gcc -pthread -o main main.c"):
        root = tmp_path / "tree"
        root.mkdir()
        for name, source in pair.before.sources.items():
            (root / name).write_text(source.text)
        return RunRequest(root, tmp_path / "scratch", build, test, 60, 60)

    return make


AFTER = {"s.h": HEADER, "main.c": MAIN}


def test_threaded_functions_are_found_in_every_style():
    pair = make_pair(AFTER)
    found = list(find_threaded(pair.before, pair.after, pair.change, STATE))
    names = {(one.definition.name, one.parameter) for one in found}
    assert names == {(name, "s") for name in ("early", "in_header", "old_style", "leaf", "entry")}


def test_a_function_that_had_the_parameter_is_not_threaded():
    pair = make_pair(AFTER)
    assert list(find_threaded(pair.after, pair.after, pair.change, STATE)) == []


def instrument(files, state=STATE, refused=None):
    pair = make_pair(files)
    threaded = tuple(find_threaded(pair.before, pair.after, pair.change, state))
    made = Instrumenter(pair.after, state, "/h").instrument(threaded, refused or Refused())
    return made, {path: file.after.text for path, file in made.files.items()}


def test_where_hooks_go():
    _, texts = instrument(AFTER)
    assert texts["main.c"].startswith('#include "/h"\n#define _GNU_SOURCE')
    assert "S *s; int n; { CLEW_CHECK(" in texts["main.c"]
    assert texts["s.h"].startswith("#ifndef CLEW_RUNTIME_H\n")
    assert "#include" not in texts["s.h"]
    assert "entry(CLEW_FETCH(" in texts["main.c"]
    assert "S *get(void) { return current; }" in texts["main.c"]


def test_what_cannot_be_checked_says_why():
    made, texts = instrument(AFTER)
    [early] = [hook for hook in made.functions if not hook.expression]
    assert (early.name, early.reason) == ("early", "get is not declared above the function")
    assert f"early(S *s) {{ CLEW_ENTER({early.number}) " in texts["s.h"]


def test_an_accessor_that_may_abort_is_not_evaluated():
    checked = State("s", "S *", ("s",), (Accessor("get()", checked=True),))
    made, _ = instrument(AFTER, checked)
    assert {hook.reason for hook in made.functions} == {
        "every accessor may abort: the settings should name another one as `check`"
    }
    named = State("s", "S *", ("s",), (Accessor("get()", checked=True),), check="current")
    made, _ = instrument(AFTER, named)
    assert {hook.expression for hook in made.functions if hook.path == "main.c"} == {"current"}


@pytest.mark.parametrize(
    ("use", "hooked"),
    [
        ("f(it);", "f(CLEW_FETCH_FROM(1, it));"),
        ("it->n = 1;", "CLEW_FETCH_FROM(1, it)->n = 1;"),
        ("if (it == 0) ;", "if (CLEW_FETCH_FROM(1, it) == 0) ;"),
        ("if (a & it) ;", "if (a & CLEW_FETCH_FROM(1, it)) ;"),
        ("it = 0;", "it = 0;"),
        ("f(&it);", "f(&it);"),
        ("g(a && it);", "g(a && CLEW_FETCH_FROM(1, it));"),
    ],
)
def test_which_uses_of_a_variable_fetch(use, hooked):
    state = State("s", "S *", ("s",), (Accessor("it", assigned=True),))
    after = program({"a.c": f"extern S *it;\nvoid m(int a) {{ {use} }}\n"})
    made = Instrumenter(after, state, "/h").instrument((), Refused())
    text = made.files["a.c"].after.text if made.files else after.sources["a.c"].text
    assert f"{{ {hooked} }}" in text


def test_a_byte_order_mark_stays_first():
    after = program({"a.c": "\xef\xbb\xbfint f(void) { return get()->n; }\n"})
    made = Instrumenter(after, STATE, "/h").instrument((), Refused())
    assert made.files["a.c"].after.text.startswith('\xef\xbb\xbf#include "/h"\n')


# ---- compiled and run --------------------------------------------------------------------------------


@pytest.mark.compiler
@pytest.mark.parametrize("how", ["exit", "_exit", "abort", "kill", "crash", "exec", "vfork"])
def test_every_process_reports_however_it_ends(request_for, how):
    pair = make_pair(AFTER)
    verdict = check_instrumented(request_for(pair, f"./main {how}"), pair, STATE, silent)
    assert verdict.status == "passed", verdict
    figures = verdict.figures
    # 300 times: once in the child, and in two threads of the parent
    assert {f["name"]: f["entered"] for f in figures["functions"]} == dict.fromkeys(
        ("early", "in_header", "old_style", "leaf", "entry"), 300
    )
    assert (figures["entry_checks"], figures["executed"], figures["mismatches"]) == (1200, 5, 0)
    # in leaf three calls, one in entry, a fetch each in old_style and in_header
    uses = figures["uses"]
    assert (uses["checks"], uses["places"], uses["executed"], figures["use_checks"]) == (1800, 6, 6, 1800)
    assert [uses[kind]["checks"] for kind in ("fetch", "call", "local")] == [600, 1200, 0]
    assert {place["used"] for place in figures["places"]} == {300}
    assert figures["checks"] == 3000
    assert (figures["fetches_before"], figures["fetches_after"]) == (900, 300)
    assert (figures["processes"], figures["most_threads"], figures["most_states"]) == (2, 2, 2)


@pytest.mark.compiler
def test_the_wrong_state_is_a_mismatch_with_its_caller(request_for):
    wrong = MAIN.replace("return leaf(s);", "return leaf(&states[1]);").replace(
        "static int entry", "int entry"
    )
    pair = make_pair({"s.h": HEADER, "main.c": wrong})
    verdict = check_instrumented(
        request_for(pair, build="gcc -g -pthread -o main main.c"), pair, STATE, silent
    )
    assert verdict.status == "failed"
    # in the main thread: at the entries of leaf, in_header and old_style, and at three calls and two fetches
    assert verdict.figures["mismatches"] == 100 * (3 + 5)
    assert verdict.figures["uses"]["mismatches"] == 100 * 5
    assert any("leaf: passed 0x" in line and "get() is 0x" in line for line in verdict.evidence)
    assert any("called from entry (main.c:" in line for line in verdict.evidence), verdict.evidence


@pytest.mark.compiler
def test_what_the_compiler_does_not_take_is_left_out_and_said(request_for):
    checked = (Accessor("get()", checked=True),)
    state = State("s", "S *", ("s",), checked, check="(get() + current)")
    # A fetch is compared with what stood there, whatever is named; here both are calls of functions.
    after = MAIN.replace("return s->n + n", "return n")
    pair = make_pair({"s.h": HEADER.replace("int n = s->n", "int n = 1"), "main.c": after})
    verdict = check_instrumented(request_for(pair), pair, state, silent)
    assert verdict.status == "not-run"
    assert verdict.summary == "nothing was executed that is checked"
    assert any("not checked: main.c:14 s in leaf: the compiler does not" in one for one in verdict.evidence)
    assert any("not checked: main.c:15 entry: the compiler does not" in line for line in verdict.evidence)


@pytest.mark.compiler
def test_a_program_that_does_not_build_is_not_run(request_for):
    pair = make_pair(AFTER)
    verdict = check_instrumented(request_for(pair, build="false"), pair, STATE, silent)
    assert (verdict.status, verdict.summary) == ("not-run", "the counted copy does not build")


@pytest.mark.compiler
def test_a_test_that_runs_nothing_is_not_run(request_for):
    pair = make_pair(AFTER)
    verdict = check_instrumented(request_for(pair, "true"), pair, STATE, silent)
    assert (verdict.status, verdict.summary) == (
        "not-run",
        "no process loaded the runtime: nothing was checked",
    )


def test_without_a_threaded_function_nothing_runs(request_for):
    pair = make_pair(AFTER)
    same = Pair(Change({}), pair.before, pair.before)
    assert check_instrumented(request_for(pair), same, STATE, silent).status == "not-run"


@pytest.mark.compiler
def test_poison_passes_where_nothing_fetches(request_for):
    pair = make_pair(AFTER)
    entries = find_entries(pair, STATE, ("entry",))
    verdict = check_poisoned(request_for(pair), pair, STATE, entries, silent)
    assert (verdict.status, verdict.summary) == ("passed", "300 calls of entry, and no fetch below them")


@pytest.mark.compiler
def test_poison_aborts_at_the_fetch_that_was_left(request_for):
    left = MAIN.replace("return early(s)", "return get()->n + early(s)")
    pair = make_pair({"s.h": HEADER, "main.c": left})
    entries = find_entries(pair, STATE, ("entry",))
    verdict = check_poisoned(request_for(pair), pair, STATE, entries, silent)
    assert verdict.status == "failed"
    assert verdict.evidence == ("main.c:14 leaf fetches below entry",)


def plan_that_leaves(*names):
    """Return a plan in which functions of main.c with *names* stay as they are."""
    left = [Boundary(name, "main.c", 14, "local", "s", "listed", "the settings pin it") for name in names]
    return Plan("s", {}, {}, (), tuple(left), (), (), (), ())


@pytest.mark.compiler
@pytest.mark.parametrize(("names", "status"), [(("leaf",), "passed"), (("entry",), "failed")])
def test_poison_names_what_the_plan_leaves(request_for, names, status):
    left = MAIN.replace("return early(s)", "return get()->n + early(s)")
    pair = replace(make_pair({"s.h": HEADER, "main.c": left}), plan=plan_that_leaves(*names))
    verdict = check_poisoned(request_for(pair), pair, STATE, find_entries(pair, STATE, ("entry",)), silent)
    assert verdict.status == status
    if status == "passed":
        assert verdict.summary == "300 calls of entry, and no fetch below them but 1 that the plan leaves"
        assert verdict.evidence == ("main.c:14 leaf fetches 300 times; pinned (listed): the settings pin it",)


@pytest.mark.compiler
@pytest.mark.parametrize(("takes", "given", "status"), [("void", "", "passed"), ("S *s", "s", "failed")])
def test_poison_tells_another_state_where_this_one_is_at_hand(request_for, takes, given, status):
    """Below `entry` another state is fetched, in a function that has this one or has it not."""
    part = f"static int part({takes}) {{ return *part_get(); }}\n"
    after = MAIN.replace("static int leaf(", f"{part}static int leaf(")
    after = after.replace("return early(s)", f"return part({given}) + early(s)")
    pair = make_pair({"s.h": HEADER + "int *part_get(void);\n", "main.c": after + PART})
    state = replace(STATE, derived=(("part_get()", "&{}->n"),))
    pair = replace(pair, plan=plan_that_leaves())
    verdict = check_poisoned(request_for(pair), pair, state, find_entries(pair, state, ("entry",)), silent)
    assert verdict.status == status
    if status == "passed":
        assert "part_get() is another state, and part is not handed s" in verdict.evidence[0]


@pytest.mark.compiler
def test_poison_that_nothing_enters_is_not_run(request_for):
    pair = make_pair(AFTER)
    entries = find_entries(pair, STATE, ("entry",))
    assert check_poisoned(request_for(pair, "true"), pair, STATE, entries, silent).status == "not-run"


def test_parameters_that_an_edit_trusts_are_checked_too():
    trusting = State("s", "S *", ("s",), STATE.accessors, holders="named", others=("in_header",))
    old, new = AFTER["s.h"], AFTER["s.h"].replace("s->n", "(s)->n")
    main = AFTER["main.c"].replace("return leaf(s)", "return leaf((s))")
    before, after = program(AFTER), program({"s.h": new, "main.c": main})
    change = Change.of_texts(before.sources, after.sources)
    assert old != new
    found = list(find_trusted(before, after, change, trusting))
    assert [(one.definition.name, one.trusted) for one in found] == [("entry", True), ("early", True)]
    assert list(find_trusted(before, after, change, STATE)) == []
    assert list(find_threaded(before, after, change, trusting)) == []
