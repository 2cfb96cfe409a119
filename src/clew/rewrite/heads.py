"""Lines at the head of a file: includes, and declarations of tags."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from clew.link.program import Program
from clew.plan.decisions import DeclareTag, Include
from clew.rewrite.statements import line_ending
from clew.text.edit import Edit
from clew.text.span import Span

_INCLUDE = re.compile(r"[ \t]*#[ \t]*include\b")
_TAG = re.compile(r"(?:struct|union)[ \t]+\w+[ \t]*;")


def insert_heads(program: Program, lines: Iterable[DeclareTag | Include]) -> Iterator[tuple[str, Edit]]:
    """Yield the edits that put *lines* into their files, with blank lines between unlike things."""
    groups: dict[tuple[str, int], list[DeclareTag | Include]] = defaultdict(list)
    for line in lines:
        groups[line.path, line.at].append(line)
    for (path, at), group in sorted(groups.items()):
        yield path, _insert(program.sources[path].text, at, group)


def _insert(text: str, at: int, group: list[DeclareTag | Include]) -> Edit:
    ending = line_ending(text, at)
    includes = sorted(f'#include "{line.header}"{ending}' for line in group if isinstance(line, Include))
    tags = sorted(f"{line.text}{ending}" for line in group if isinstance(line, DeclareTag))
    above, below = _line_before(text, at), text[at : text.find("\n", at)]
    new = "".join(includes) + (ending if includes and tags else "") + "".join(tags)
    first, last = (_INCLUDE if includes else _TAG), (_TAG if tags else _INCLUDE)
    if above.strip() and not first.match(above):
        new = ending + new
    if below.strip() and not last.match(below):
        new += ending
    return Edit(Span(at, at), new, "declare", "what is written below is declared here")


def _line_before(text: str, at: int) -> str:
    return text[text.rfind("\n", 0, max(at - 1, 0)) + 1 : at] if at else ""
