"""A tree whose texts and facts are not held gives the same answers, to the byte, as one that is held."""

import random
import tomllib
from pathlib import Path
from typing import Any

import pytest

from clew import api
from clew.errors import UsageError
from clew.link import outlining
from clew.text import lazy

CASES = Path(__file__).parents[2] / "fixtures" / "cases"
MINICORE = Path(__file__).parents[2] / "fixtures" / "minicore"
CASE_KEYS = frozenset(
    (
        "description",
        "kind",
        "expect",
        "run",
        "output",
        "builds",
        "cflags",
        "refusals",
        "totals",
        "gaps",
        "scope",
    )
)
SETTINGS = """\
[[state]]
name = "ts"
type = "struct state *"
names = ["ts"]
accessors = ["the_state", "GET()"]
changers = ["swap"]
indirect = "INDIRECT"
header = "h0.h"
"""


def answers(root, settings, scope, states):
    """Everything that clew says about a tree."""
    found: list[object] = []
    for state in states:
        tree = api.open_tree(root, settings, scope)
        found.append(repr(api.audit(tree, state, twins=True)))
        plan = api.make_plan(api.open_tree(root, settings, scope), state)
        found.append(repr(plan))
        tree = api.open_tree(root, settings, scope)
        found.append(api.rewrite(tree, api.make_plan(tree, state)).diff())
        found.append(api.graph(tree, state, "json"))
    return found


def both_ways(monkeypatch, root, settings, scope=None):
    """Return what clew says when it holds everything, and when it holds next to nothing."""
    scope = scope or api.Scope()
    states = [state.name for state in settings.states]
    held = answers(root, settings, scope, states)
    monkeypatch.setattr("clew.tree.LARGE_BYTES", -1)
    monkeypatch.setattr(lazy, "KEPT_BYTES", 300)
    monkeypatch.setattr("clew.link.lazy_facts.KEPT_BYTES", 300)
    monkeypatch.setattr(outlining, "BATCH_BYTES", 500)
    return held, answers(root, settings, scope, states)


def case_settings(name, work):
    text = (CASES / name / "case.toml").read_text()
    kept, skip = [], False
    for line in text.splitlines(keepends=True):
        skip = line.startswith("[scope]") if line.startswith("[") else skip
        if not skip and line.split(" ", 1)[0] not in CASE_KEYS:
            kept.append(line)
    settings = work / "clew.toml"
    settings.write_text("".join(kept))
    scope = tomllib.loads(text).get("scope", {})
    values: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in scope.items()
    }
    return api.load_settings(settings), api.Scope(**values)


@pytest.mark.parametrize("name", sorted(path.parent.name for path in CASES.glob("*/case.toml")))
def test_golden_cases(name, tmp_path, monkeypatch):
    settings, scope = case_settings(name, tmp_path)
    held, lazily = both_ways(monkeypatch, CASES / name / "before", settings, scope)
    assert lazily == held


def test_the_small_core(monkeypatch):
    settings = api.load_settings(MINICORE / "clew.toml")
    held, lazily = both_ways(monkeypatch, MINICORE, settings, api.Scope(linkage="internal"))
    assert lazily == held


class Writer:
    """Writes a random tree whose names meet in all the ways that a look-up by name has to get right."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.names = [f"fn_{number}" for number in range(12)]
        self.macros = [f"MC_{number}" for number in range(8)]

    def expression(self, depth=0):
        pick = self.random.choice
        kind = self.random.randrange(8 if depth < 3 else 4)
        if kind == 0:
            return pick(("the_state->n", "GET()->n", "1", "x", "0xfade"))
        if kind == 1:
            return pick(self.macros)
        if kind == 2:
            return f"{pick(self.macros)}({self.expression(depth + 1)})"
        if kind == 3:
            return pick(("x", "2", "use(the_state)", "use(GET())"))
        return f"{pick(self.names)}({self.expression(depth + 1)})"

    def macro(self):
        pick, name = self.random.choice, self.random.choice(self.macros)
        return pick(
            (
                f"#define {name} {self.random.randrange(99)}\n",
                f"#define {name} (0x{self.random.randrange(99):x}u)\n",
                f"#define {name}\n",
                f"#define {name}(x) 0\n",
                f"#define {name} {self.expression()}\n",
                f"#define {name}(x) {self.expression()}\n",
                f"#define {name}(x) fn_##x\n",
                f"#define {name}(x) ((x) = {self.expression()})\n",
                f"#define {name} /* {pick(self.names)} */ {pick(self.names)}\n",
                f"#define {name} static\n",
                f"#undef {name}\n",
            )
        )

    def function(self, static):
        name = self.random.choice(self.names)
        body = "".join(f"    x += {self.expression()};\n" for _ in range(self.random.randrange(3)))
        body += self.random.choice(("", "", "    swap(0);\n", "    x = *(&x);\n", f"    p = {name};\n"))
        return f"{static}int {name}(int x)\n{{\n{body}    return x;\n}}\n"

    def file(self, headers):
        pick = self.random.choice
        parts = [f'#include "{pick(headers)}"\n' for _ in range(self.random.randrange(3))]
        for _ in range(self.random.randrange(2, 8)):
            part = pick(
                (self.macro, lambda: self.function(pick(("static ", "static inline ", "", "MC_0 "))))
            )()
            if self.random.randrange(5) == 0:
                part = f"#ifdef {pick(self.macros)}\n{part}#endif\n"
            parts.append(part)
        parts.append(
            pick(("", f"int {pick(self.names)}(int x);\n", f"int (*p)(int) = {pick(self.names)};\n"))
        )
        parts.append(pick(("", "", f'int other(int) __attribute__((alias("{pick(self.names)}")));\n')))
        return "".join(parts)

    def write(self, root):
        headers = [f"h{number}.h" for number in range(4)] + ["lib/h1.h"]
        (root / "lib").mkdir()
        for header in headers:
            text = self.file(headers)
            if header == "h0.h":
                text = (
                    "struct state { int n; };\nextern struct state *the_state;\nint use(struct state *);\n"
                    + text
                )
            (root / header).write_text(text)
        for number in range(5):
            folder = self.random.choice(("", "lib/"))
            (root / f"{folder}c{number}.c").write_text(self.file(headers))


@pytest.mark.parametrize("seed", range(30))
def test_random_trees(seed, tmp_path, monkeypatch):
    indirect = ("preserves", "unknown")[seed % 2]
    (tmp_path / "clew.toml").write_text(SETTINGS.replace("INDIRECT", indirect))
    Writer(seed).write(tmp_path)
    scope = api.Scope(linkage=("static", "internal", "any")[seed % 3])
    held, lazily = both_ways(monkeypatch, tmp_path, api.load_settings(tmp_path / "clew.toml"), scope)
    assert lazily == held


def test_a_file_that_changes_meanwhile_is_noticed(tmp_path, monkeypatch):
    (tmp_path / "clew.toml").write_text(SETTINGS.replace("INDIRECT", "preserves"))
    (tmp_path / "a.c").write_text("static int f(int x) { return the_state->n; }\n")
    monkeypatch.setattr("clew.tree.LARGE_BYTES", -1)
    tree = api.open_tree(tmp_path, api.load_settings(tmp_path / "clew.toml"))
    assert tree.pipeline_tree.program.definitions[0].name == "f"
    (tmp_path / "a.c").write_text("static int f(int x) { return the_state->m; }\n")
    with pytest.raises(UsageError, match=r"a\.c: it changed while clew was at work"):
        api.audit(tree, "ts")


def test_what_cannot_be_read_is_told_alike(tmp_path, monkeypatch):
    (tmp_path / "clew.toml").write_text(SETTINGS.replace("INDIRECT", "preserves"))
    (tmp_path / "a.c").write_text("static int f(int x) { return the_state->n; }\n")
    (tmp_path / "odd\nname.c").write_text("int g;\n")
    (tmp_path / "link.c").symlink_to("a.c")
    held, lazily = both_ways(monkeypatch, tmp_path, api.load_settings(tmp_path / "clew.toml"))
    assert lazily == held
    assert "file-name" in str(held[0])
