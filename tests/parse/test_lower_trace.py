"""What compiled programs do is a path through their flow.

Random structured programs call ``t(1)``, ``t(2)``...; each call notes its number and returns a random
bit, on which the program branches.  gcc compiles them all in one file; every trace must be one that
the flow allows, and a trace with one call left out must, as a rule, be none.
"""

import random
import shutil
import subprocess
from dataclasses import dataclass

import pytest

from clew.parse.flow import CallOp
from clew.parse.inject import TokenParser
from clew.parse.lower import lower
from clew.parse.normalise import normalise
from clew.parse.tokens import tokenise

PROGRAMS, RUNS = 60, 8

PRELUDE = """
#include <setjmp.h>
#include <stdio.h>
static jmp_buf stop;
static unsigned seed, calls;
static int t(int number)
{
    printf(" %d", number);
    if (++calls == 60)
        longjmp(stop, 1);
    seed = seed * 1103515245u + 12345u;
    return seed >> 16 & 1;
}
"""

MAIN = """
int main(void)
{
    for (unsigned program = 0; program < sizeof(programs) / sizeof(*programs); program++)
        for (unsigned run = 0; run < %d; run++) {
            seed = run * 7919 + program, calls = 0;
            printf("%%u", program);
            if (!setjmp(stop)) {
                programs[program]();
                printf(" end");
            }
            printf("\\n");
        }
    return 0;
}
"""


@dataclass
class Writer:
    """Writes one random function, with one return for each kind of statement.

    Labels are placed wherever a statement may stand.
    """

    random: random.Random
    calls: int = 0
    labels: int = 0

    def call(self):
        self.calls += 1
        return f"t({self.calls})"

    def condition(self, depth):
        kind = self.random.randrange(9) if depth else 0
        inner = depth - 1
        match kind:
            case 1:
                return f"!({self.condition(inner)})"
            case 2:
                return f"({self.condition(inner)} && {self.condition(inner)})"
            case 3:
                return f"({self.condition(inner)} || {self.condition(inner)} || {self.condition(inner)})"
            case 4:
                return f"({self.condition(inner)} ? {self.condition(inner)} : {self.condition(inner)})"
            case 5:
                return f"({self.call()}, {self.condition(inner)})"
            case 6:
                return f"({self.condition(inner)} ?: {self.condition(inner)})"
            case 7:
                return f"(1 + ({self.condition(inner)} && {self.condition(inner)}) == 2)"
            case _:
                return self.random.choice([self.call(), self.call(), self.call(), self.call(), "1", "0"])

    def block(self, depth, *, loop=False, switch=False, label=True):
        statements = (self.statement(depth, loop, switch, label) for _ in range(self.random.randint(1, 4)))
        # Whatever repeats makes a call, so that every run ends.
        return "{ " + (f"{self.call()}; " if loop else "") + " ".join(statements) + " }"

    def statement(self, depth, loop, switch, label):
        prefix = ""
        if label and self.random.random() < 0.15:
            prefix = f"L{self.labels}: "
            self.labels += 1
        return prefix + self.plain(depth, loop, switch, label)

    def plain(self, depth, loop, switch, label):
        if not depth:
            return self.leaf(loop, switch)
        inner, condition = depth - 1, self.condition(2)
        match self.random.randrange(12):
            case 0:
                return f"if ({condition}) {self.block(inner, loop=loop, switch=switch, label=label)}"
            case 1:
                then = self.block(inner, loop=loop, switch=switch, label=label)
                return f"if ({condition}) {then} else {self.statement(inner, loop, switch, label)}"
            case 2:
                return f"while ({condition}) {self.block(inner, loop=True, switch=switch, label=label)}"
            case 3:
                return f"do {self.block(inner, loop=True, switch=switch, label=label)} while ({condition});"
            case 4:
                body = self.block(inner, loop=True, switch=switch, label=label)
                return f"for ({self.call()}; {self.random.choice(['', condition])}; {self.call()}) {body}"
            case 5:
                return self.switch(inner, loop, label)
            case 6:
                within = f"{self.leaf(False, False)} {self.plain(inner, False, False, False)}"
                return f"x = ({{ {within} {condition}; }});"
            case 7:
                return f"x = {condition};"
            case _:
                return self.leaf(loop, switch)

    def switch(self, depth, loop, label):
        cases = ["case 0:", "case 1: case 2:", "default:"]
        self.random.shuffle(cases)
        parts = [
            f"{c} {self.statement(depth, loop, True, label)}" for c in cases[: self.random.randint(1, 3)]
        ]
        loop_around = self.random.random() < 0.3
        body = " ".join(parts)
        if loop_around:  # as in Duff's device
            body = f"{parts[0]} do {{ {' '.join(parts[1:])} {self.call()}; }} while ({self.condition(1)});"
        return f"switch ({self.call()}) {{ {body} }}"

    def leaf(self, loop, switch):
        kind = self.random.randrange(12)
        if kind == 0:
            return self.random.choice([f"return {self.call()};", "return 0;"])
        if kind == 1 and (loop or switch):
            return "break;"
        if kind == 2 and loop:
            return f"{{ {self.call()}; continue; }}"
        if kind == 3:
            return f"{{ {self.call()}; goto LABEL; }}"
        if kind == 4:
            return f"goto *labels[{self.call()}];"
        return f"{self.call()};"

    def function(self, number):
        body = self.block(3)
        closing = f"L{self.labels}: t(0); L{self.labels + 1}: return 0;"
        names = [f"L{label}" for label in range(self.labels + 2)]
        while "LABEL" in body:
            body = body.replace("LABEL", self.random.choice(names), 1)
        first, second = self.random.choices(names, k=2)
        table = f"static void *labels[] = {{ &&{first}, &&{second} }}; (void)labels;"
        return f"static int p{number}(void) {{ int x; {table} {body} (void)x; {closing} }}"


def make_flow(text, name):
    tokens, _ = normalise(tokenise(text, 0, len(text)))
    return lower(TokenParser().parse_function(tokens, ({},), name), tokens, "a.c", (), frozenset())


class Acceptor:
    """Follows a trace through a flow, along all paths at once."""

    def __init__(self, text, name):
        self.flow = make_flow(text, name)
        self.calls = [
            [int(text[op.open + 1 : op.close]) for op in node.ops if isinstance(op, CallOp)]
            for node in self.flow.nodes
        ]

    def reach(self, points):
        """Return the points from which the next thing is a call, or the end (None)."""
        waiting, seen = list(points), set(points)
        found: set[tuple[int, int] | None] = set()
        while waiting:
            node, index = waiting.pop()
            if index < len(self.calls[node]):
                found.add((node, index))
                continue
            if self.flow.nodes[node].ends:
                found.add(None)
            fresh = {(successor, 0) for successor in self.flow.nodes[node].successors} - seen
            seen |= fresh
            waiting += fresh
        return found

    def accepts(self, trace, ended):
        points = self.reach({(0, 0)})
        for number in trace:
            called = {p for p in points if p is not None and self.calls[p[0]][p[1]] == number}
            points = self.reach({(node, index + 1) for node, index in called})
            if not points:
                return False
        return not ended or None in points


def run_programs(texts, folder):
    names = ", ".join(f"p{number}" for number in range(len(texts)))
    table = f"static int (*const programs[])(void) = {{ {names} }};"
    source, program = folder / "programs.c", folder / "programs"
    source.write_text("\n".join([PRELUDE, *texts, table, MAIN % RUNS]), encoding="ascii")
    subprocess.run(["gcc", "-O0", "-w", "-o", program, source], check=True, timeout=120)
    output = subprocess.run([program], check=True, timeout=20, capture_output=True, text=True).stdout
    for line in output.splitlines():
        number, *trace = line.split()
        ended = trace[-1:] == ["end"]
        yield int(number), [int(word) for word in trace if word != "end"], ended


@pytest.mark.compiler
@pytest.mark.skipif(shutil.which("gcc") is None, reason="computed goto and ?: need gcc")
@pytest.mark.parametrize("seed", [1, 2])
def test_traces_of_compiled_programs_are_paths_of_the_flow(seed, tmp_path):
    source = random.Random(seed)
    texts = [Writer(source).function(number) for number in range(PROGRAMS)]
    acceptors = [Acceptor(text, f"p{number}") for number, text in enumerate(texts)]
    mutants = rejected = runs = 0
    for number, trace, ended in run_programs(texts, tmp_path):
        runs += 1
        assert acceptors[number].accepts(trace, ended), (texts[number], trace, ended)
        for left_out in range(len(trace) - 1):
            mutants += 1
            rejected += not acceptors[number].accepts(trace[:left_out] + trace[left_out + 1 :], ended)
    assert runs == PROGRAMS * RUNS
    assert mutants > 1000
    # Not all: `while (t(1)) t(2);` allows many traces, and a constant condition is not followed.
    assert rejected > 0.8 * mutants
