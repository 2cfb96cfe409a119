"""Structures that remember a state: those with a member of its type that has one of the usual names."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from clew.scan.mask import mask

_STRUCTURE = re.compile(r"\bstruct\s+(\w+)\s*\{")
_BRACE = re.compile(r"[{}]")


def find_carriers(root: Path, c_type: str, fields: Sequence[str]) -> list[str]:
    """Return a value of `provided` for every structure below *root* with a member of *c_type* that is called
    one of *fields*."""
    words = [re.escape(word) for word in re.findall(r"\w+|\*", c_type)]
    if not fields or not words:
        return []
    spelled, called = r"\s*".join(words), "|".join(map(re.escape, fields))
    member = re.compile(rf"(?:^|[;}}])\s*{spelled}\s*({called})\s*;")
    found: dict[str, str] = {}
    for path in sorted(root.rglob("*.[ch]")):
        text = path.read_text("latin-1") if path.is_file() else ""
        if words[-2 if words[-1] == r"\*" else -1] in text:
            for tag, body in _structures(mask(text).text):
                match = member.search(body)
                if match is not None:
                    found.setdefault(tag, match.group(1))
    return [f"struct {tag} *: {{}}->{name}" for tag, name in sorted(found.items())]


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
