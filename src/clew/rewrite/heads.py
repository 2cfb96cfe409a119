"""Lines at the head of a file: includes, and declarations of tags."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import takewhile

from clew.link.program import Program
from clew.plan.decisions import DeclareTag, Define, Include
from clew.rewrite.statements import line_ending
from clew.text.edit import Edit
from clew.text.span import Span

_INCLUDE = re.compile(r"[ \t]*#[ \t]*include\b")
_QUOTED = re.compile(r'[ \t]*#[ \t]*include[ \t]*"')
_REMARK = re.compile(r'([ \t]*#[ \t]*include[ \t]*"[^"\n]*"[ ]+)(//|/\*)[ \t]*\S')
_FEW = 2  # remarks that show what people do
_WHY = "what is written below is declared here"
_TAG = re.compile(r"(?:struct|union)[ \t]+\w+[ \t]*;")


def insert_heads(
    program: Program, lines: Iterable[DeclareTag | Include | Define]
) -> Iterator[tuple[str, Edit]]:
    """Yield the edits that put *lines* into their files, with blank lines between unlike things."""
    groups: dict[tuple[str, int], list[DeclareTag | Include]] = defaultdict(list)
    for line in lines:
        if isinstance(line, Define):
            yield line.path, _define(program.sources[line.path].text, line)
            continue
        groups[line.path, line.at].append(line)
    for (path, at), group in sorted(groups.items()):
        yield path, _insert(program.sources[path].text, at, group)


def _define(text: str, line: Define) -> Edit:
    """Return the edit that defines a macro above the includes, in one block with others like it."""
    ending = line_ending(text, line.at)
    blank = "" if _line_before(text, line.at).strip() else ending
    beside = text[: max(line.at - len(ending), 0)]
    last = _line_before(text, len(beside)) if beside.endswith("\n") else ""
    if not blank or not last.lstrip().startswith("#define"):
        return Edit(Span(line.at, line.at), f"#define {line.name}{ending}{blank}", "declare", _WHY)
    at = len(beside)
    return Edit(Span(at, at), f"#define {line.name}{ending}", "declare", _WHY)


def _insert(text: str, at: int, group: list[DeclareTag | Include]) -> Edit:
    ending = line_ending(text, at)
    wanted = [line for line in group if isinstance(line, Include)]
    includes = sorted(f"{line}{ending}" for line in _spell_includes(text, at, wanted))
    tags = sorted(f"{line.text}{ending}" for line in group if isinstance(line, DeclareTag))
    above, below = _line_before(text, at), text[at : text.find("\n", at)]
    new = "".join(includes) + (ending if includes and tags else "") + "".join(tags)
    first, last = (_INCLUDE if includes else _TAG), (_TAG if tags else _INCLUDE)
    if above.strip() and not first.match(above):
        new = ending + new
    if below.strip() and not last.match(below):
        new += ending
    return Edit(Span(at, at), new, "declare", _WHY)


def _spell_includes(text: str, at: int, includes: Iterable[Include]) -> Iterator[str]:
    """Yield the lines of *includes*, which stand in *text* at *at*: with what they are for in a remark, in
    the column that is usual there, where most includes around have one."""
    lines = [line for line in _block_around(text, at) if _QUOTED.match(line)]
    remarks = [found for line in lines if (found := _REMARK.match(line))]
    usual = len(remarks) >= max(_FEW, len(lines) / 2)
    column = Counter(len(found[1]) for found in remarks).most_common(1)[0][0] if usual else 0
    slashes = [found[2] for found in remarks].count("//") * 2 >= len(remarks)
    for line in includes:
        written = f'#include "{line.header}"'
        if usual and line.shows:
            remark = f"// {line.shows}" if slashes else f"/* {line.shows} */"
            written = written.ljust(column - 2) + f"  {remark}"
        yield written


def _block_around(text: str, at: int) -> list[str]:
    """Return the includes above and below the start of a line, without other lines between."""
    above, below = text[:at].splitlines()[::-1], text[at:].splitlines()
    return [line for part in (above, below) for line in takewhile(_INCLUDE.match, part)]


def _line_before(text: str, at: int) -> str:
    return text[text.rfind("\n", 0, max(at - 1, 0)) + 1 : at] if at else ""
