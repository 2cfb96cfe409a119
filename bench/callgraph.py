"""Compare what clew finds in a tree with what gcc saw when it compiled it.

Build the tree with ``-fcallgraph-info`` (``make CFLAGS_NODIST=-fcallgraph-info`` and the like), then:

    python bench/callgraph.py TREE BUILD [--json] [--missing]

Functions: every definition that gcc compiled from a file of the tree, against the definition of that
name that clew finds at the same line and column.  Calls: every direct call between functions of the
tree that gcc kept, against the calls that clew finds in the text of the function around it, or in the
bodies of the macros that it uses, directly or not; the names that ``##`` makes come from clew's call graph.
"""

import argparse
import json
import re
import sys
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from clew.link.graph import CallGraph, Node
from clew.link.program import Program
from clew.scan import find_calls, identifiers, scan_source
from clew.scan.facts import FileFacts, Function
from clew.scan.mask import mask_fragment
from clew.text.source import SourceText
from clew.text.span import Span

NODE = re.compile(r'^node: \{ title: "([^"]*)" label: "([^"]*)"( shape : ellipse)?', re.MULTILINE)
EDGE = re.compile(r'^edge: \{ sourcename: "([^"]*)" targetname: "([^"]*)" label: "([^"]*)"', re.MULTILINE)
CLONE = re.compile(r"\.(?:part|constprop|isra|cold|lto_priv|localalias)\b.*$")


@dataclass(frozen=True, order=True)
class Place:
    """A place as gcc names it; *column* counts from 1."""

    path: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"


@dataclass
class Compiled:
    """What the compiler saw: definitions (static or not), and direct calls by the place of the call."""

    functions: dict[tuple[str, Place], bool] = field(default_factory=dict)
    calls: set[tuple[Place, str]] = field(default_factory=set)


@dataclass
class Scanned:
    """One scanned file."""

    source: SourceText
    facts: FileFacts

    @cached_property
    def by_line(self) -> list[tuple[int, int, Function]]:
        """Functions with their first and last line."""
        position = self.source.position
        return [(position(f.span.start).line, position(f.body.end - 1).line, f) for f in self.facts.functions]

    def function_at(self, line: int) -> Function | None:
        """Return the function whose text covers *line*."""
        return next((f for first, last, f in self.by_line if first <= line <= last), None)


def read_compiled(build: Path) -> Compiled:
    """Read all callgraph files below *build*."""
    compiled = Compiled()
    for file in sorted(build.rglob("*.ci")):
        text = file.read_text("latin-1")
        for title, label, declared in NODE.findall(text):
            name, _, where = label.partition("\\n")
            place = read_place(where.split("\\n")[0], build)
            if place is not None and not declared:
                static = ":" in title
                key = (CLONE.sub("", name), place)
                compiled.functions[key] = compiled.functions.get(key, False) or static
        for _, target, label in EDGE.findall(text):
            place = read_place(label, build)
            if place is not None and not target.startswith("__indirect"):
                compiled.calls.add((place, CLONE.sub("", target.rpartition(":")[2])))
    return compiled


def read_place(label: str, build: Path) -> Place | None:
    """Read ``file:line:column``; None for a file outside the build."""
    parts = label.rsplit(":", 2)
    if len(parts) < 3 or not parts[1].isdigit():
        return None
    path = Path(parts[0])
    if path.is_absolute():
        if not path.is_relative_to(build):
            return None
        path = path.relative_to(build)
    return Place(path.as_posix(), int(parts[1]), int(parts[2]))


class Tree:
    """The files of a tree, scanned when asked for; what the build generated is read from the build."""

    def __init__(self, root: Path, build: Path) -> None:
        self.root, self.build = root, build
        self._scanned: dict[str, Scanned | None] = {}

    def file(self, path: str) -> Scanned | None:
        """Return the scanned file at *path*, or None if there is none."""
        if path not in self._scanned:
            found = next((top / path for top in (self.root, self.build) if (top / path).is_file()), None)
            source = SourceText.from_bytes(path, found.read_bytes()) if found else None
            self._scanned[path] = Scanned(source, scan_source(source)) if source else None
        return self._scanned[path]

    @cached_property
    def macro_words(self) -> dict[str, frozenset[str]]:
        """Map every macro of the tree to the identifiers in its bodies."""
        words: dict[str, frozenset[str]] = defaultdict(frozenset)
        for found in sorted(self.root.rglob("*.[ch]")):
            scanned = self.file(found.relative_to(self.root).as_posix()) if found.is_file() else None
            for macro in scanned.facts.macros if scanned else ():
                words[macro.name] |= (
                    identifiers(mask_fragment(macro.body.of(scanned.source.text))) if scanned else set()
                )
        return words

    @cached_property
    def graph(self) -> CallGraph:
        """The call graph of all files, with names made by ``##``."""
        _ = self.macro_words  # scans everything
        scanned = {path: one for path, one in self._scanned.items() if one is not None}
        sources = {path: one.source for path, one in scanned.items()}
        return CallGraph(Program(sources, {path: one.facts for path, one in scanned.items()}))

    def is_linked(self, path: str, function: Function, callee: str) -> bool:
        """Tell whether the call graph leads from *function* to *callee* through macros alone."""
        program = self.graph.program
        starts = [d for d in program.definitions_by_path.get(path, ()) if d.function.body == function.body]
        pending: list[Node] = [("f", definition.index) for definition in starts]
        seen = set(pending)
        while pending:
            for node in self.graph.callees(pending.pop()):
                if node[0] == "f" and program.definitions[node[1]].name == callee:
                    return True
                if node[0] == "m" and node not in seen:
                    seen.add(node)
                    pending.append(node)
        return False

    def macro_closure(self, names: frozenset[str]) -> set[str]:
        """Return the identifiers in the bodies of the macros among *names*, and of theirs."""
        reached: set[str] = set()
        pending = [name for name in names if name in self.macro_words]
        seen = set(pending)
        while pending:
            for word in self.macro_words[pending.pop()]:
                reached.add(word)
                if word in self.macro_words and word not in seen:
                    seen.add(word)
                    pending.append(word)
        return reached


def compare_functions(compiled: Compiled, tree: Tree) -> dict[str, list[str]]:
    """Sort gcc's definitions: found in place, found by name, missing, and not written as ``name(``."""
    result: dict[str, list[str]] = {
        "in place": [],
        "static in place": [],
        "elsewhere": [],
        "missing": [],
        "macro-made": [],
    }
    for (name, place), static in sorted(compiled.functions.items()):
        scanned = tree.file(place.path)
        if scanned is None:
            continue
        source = scanned.source
        start = source.line_starts[place.line - 1] + place.column - 1
        if any(
            h.name_span.start == start for f in scanned.facts.functions if f.name == name for h in f.headers
        ):
            result["in place"].append(f"{place} {name}")
            if static:
                result["static in place"].append(f"{place} {name}")
        elif any(f.name == name for f in scanned.facts.functions):
            result["elsewhere"].append(f"{place} {name}")
        else:
            written = source.text.startswith(name, start)
            result["missing" if written else "macro-made"].append(f"{place} {name}")
    return result


def compare_calls(compiled: Compiled, tree: Tree) -> dict[str, list[str]]:
    """Sort gcc's calls between functions of the tree: in the text, through macros, or missing."""
    defined = {name for name, _ in compiled.functions}
    result: dict[str, list[str]] = {
        "text": [],
        "macro": [],
        "argument": [],
        "pasted": [],
        "pointer": [],
        "missing": [],
        "outside functions": [],
    }
    seen: set[tuple[str, int, str]] = set()
    for place, callee in sorted(compiled.calls):
        scanned = tree.file(place.path)
        if callee not in defined or scanned is None:
            continue
        function = scanned.function_at(place.line)
        if function is None:
            result["outside functions"].append(f"{place} {callee}")
        elif (place.path, function.body.start, callee) not in seen:
            seen.add((place.path, function.body.start, callee))
            kind = classify_call(scanned, function.body, callee, tree)
            if kind == "missing" and tree.is_linked(place.path, function, callee):
                kind = "pasted"
            if kind == "missing" and is_pointer_call(scanned, place, tree):
                kind = "pointer"
            result[kind].append(f"{place} {function.name} -> {callee}")
    return result


def classify_call(scanned: Scanned, body: Span, callee: str, tree: Tree) -> str:
    """Tell how the text in *body* comes to call *callee*."""
    if any(call.name == callee for call in find_calls(scanned.facts.masked, body)):
        return "text"
    words = identifiers(body.of(scanned.facts.masked))
    if callee in tree.macro_closure(words):
        return "macro"
    return "argument" if callee in words else "missing"


def is_pointer_call(scanned: Scanned, place: Place, tree: Tree) -> bool:
    """Tell whether the source calls something at *place* that is neither a function nor a macro of the tree:
    a pointer that gcc followed when it inlined."""
    start = scanned.source.line_starts[place.line - 1] + place.column - 1
    word = re.match(r"\(?\*?\s*([A-Za-z_]\w*)", scanned.source.text[start : start + 200])
    known = tree.graph.program.definitions_by_name.keys() | tree.macro_words.keys()
    return word is not None and word.group(1) not in known


def main() -> int:
    """Compare and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("tree", type=Path, help="the sources")
    parser.add_argument("build", type=Path, help="the folder in which they were built")
    parser.add_argument("--json", action="store_true", help="print everything as JSON")
    parser.add_argument("--missing", action="store_true", help="list what was not found")
    options = parser.parse_args()
    build = options.build.resolve()
    compiled, tree = read_compiled(build), Tree(options.tree.resolve(), build)
    if not compiled.functions:
        parser.error(f"no .ci files below {options.build}: build with -fcallgraph-info first")
    tables = {"functions": compare_functions(compiled, tree), "calls": compare_calls(compiled, tree)}
    if options.json:
        json.dump(tables, sys.stdout, indent=1)
        return 0
    for title, table in tables.items():
        print(title)
        for kind, entries in table.items():
            print(f"  {kind:20} {len(entries):7}")
        if options.missing:
            for kind in ("elsewhere", "missing", "macro-made", "outside functions"):
                for entry in table.get(kind, ()):
                    print(f"    {kind}: {entry}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
