"""Structures that remember a state: those with a member of its type that has one of the usual names, and
those with a pointer to one of these."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from clew.scan.mask import mask

_STRUCTURE = re.compile(r"\bstruct\s+(\w+)\s*\{")
_BRACE = re.compile(r"[{}]")
_POINTER = re.compile(r"(?:^|[;}])\s*((?:const\s+)?(?:struct\s+)?\w+)\s*\*\s*(?:const\s+)?(\w+)\s*(?=;)")


def find_carriers(root: Path, c_type: str, fields: Sequence[str], known: Sequence[str]) -> list[str]:
    """Return values of `provided` for the structures below *root*: those with a member of *c_type* that is
    called one of *fields*, then those with a pointer to one of them, or to one of the values *known*."""
    if not fields:
        return []
    pointers = dict(_pointers(root))
    wanted = " ".join(c_type.replace("*", " ").split())
    paths: dict[str, str] = {}
    for tag, members in pointers.items():
        names = [name for pointee, name in members if pointee == wanted and name in fields]
        if names:
            paths[f"struct {tag}"] = f"{{}}->{names[0]}"
    inner = paths | {
        c_type.strip(" *"): path.strip() for c_type, _, path in (s.partition(":") for s in known)
    }
    beyond: dict[str, str] = {}
    for tag, members in pointers.items():
        ways = [
            f"{{}}->{name}{inner[pointee].removeprefix('{}')}"
            for pointee, name in members
            if pointee in inner
        ]
        if ways and f"struct {tag}" not in inner:
            beyond[f"struct {tag}"] = ways[0]
    return [f"{carrier} *: {path}" for carrier, path in (*sorted(paths.items()), *sorted(beyond.items()))]


def _pointers(root: Path) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Yield for every structure what its members point to, with their names."""
    for path in sorted(root.rglob("*.[ch]")):
        text = path.read_text("latin-1") if path.is_file() else ""
        for tag, body in _structures(mask(text).text) if "struct" in text else ():
            yield tag, [(" ".join(match[1].split()), match[2]) for match in _POINTER.finditer(body)]


def _structures(masked: str) -> Iterator[tuple[str, str]]:
    """Yield tag and members of every structure, without what stands in inner braces."""
    for match in _STRUCTURE.finditer(masked):
        depth, pieces, start = 1, [], match.end()
        for brace in _BRACE.finditer(masked, match.end()):
            if brace.group() == "{":
                pieces += [masked[start : brace.start()]] if depth == 1 else []
                depth += 1
            else:
                depth -= 1
                pieces += [masked[start : brace.start()]] if depth == 0 else []
                start = brace.end() if depth == 1 else start
            if depth == 0:
                break
        yield match.group(1), "".join(pieces)
