"""Headers that do not exist yet: what they would have in common with their neighbours.

A header that the settings name for twins, and that the tree lacks, begins and ends as most headers of its
folder do: the guard, ``extern "C"`` for C++, demands such as ``#ifndef Py_BUILD_CORE``.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from posixpath import basename, dirname

from clew.scan.conditionals import drop_cplusplus, read_marks
from clew.scan.facts import FileFacts
from clew.text.source import SourceText

_GUARD = re.compile(r"#[ \t]*ifndef[ \t]+(\w+)[^\n]*\n#[ \t]*define[ \t]+\1\b[^\n]*\n")
_INCLUDE = re.compile(r"^[ \t]*#[ \t]*include\b[^\n]*\n", re.MULTILINE)
_COMMENT_LINES = re.compile(r"^[ \t]*/\*.*?\*/[ \t]*\n|^[ \t]*//[^\n]*\n", re.MULTILINE | re.DOTALL)
_BLANK_LINES = re.compile(r"\n\s*\n")
_CODE = re.compile(r"[^\s#]")
_MARK = "\0"  # stands for the guard's name

Frame = tuple[str, str]


def make_header(path: str, sources: Mapping[str, SourceText], facts: Mapping[str, FileFacts]) -> SourceText:
    """Return the header *path*, still without declarations; *sources* and *facts* are those of the tree."""
    beside = [p for p in facts if p.endswith(".h") and dirname(p) == dirname(path)]
    frames: Counter[Frame] = Counter()
    guards: Counter[tuple[str, int]] = Counter()
    for other in beside:
        text = sources[other].text.replace("\r\n", "\n")
        guard = _GUARD.search(text)
        if guard is not None:
            frames.update(_frame(text, guard[1], sources[other], facts[other]))
            guards.update(_name_template(other, guard[1]))
    head, tail = (
        frames.most_common(1)[0][0] if frames else (f"#ifndef {_MARK}\n#define {_MARK}\n", "#endif\n")
    )
    name = _name_guard(path, guards)
    top = head.rstrip("\n").replace(_MARK, name) + "\n\n"
    return SourceText(path, top + tail.lstrip("\n").replace(_MARK, name), len(top))


def _frame(text: str, guard: str, source: SourceText, facts: FileFacts) -> Iterator[Frame]:
    """Yield what stands above and below the code of a header: lines that are neither comments nor includes.
    Nothing where that does not fit together."""
    code, _ = drop_cplusplus(source.text, facts.masked, facts.directives)
    found = [match.start() for match in _CODE.finditer(code)]
    if not found or "\r" in source.text:
        return
    head = text[: text.rfind("\n", 0, found[0]) + 1]
    tail = text[text.find("\n", found[-1]) + 1 :]
    marks = read_marks(facts.directives)
    opened = sum(_depth(mark) for at, mark in marks.items() if at < found[0])
    closed = sum(_depth(mark) for at, mark in marks.items() if at > found[-1])
    if opened + closed == 0 and guard in head:
        yield _tidy(head, guard), _tidy(tail, guard)


def _depth(mark: str) -> int:
    return {"open": 1, "close": -1}.get(mark, 0)


def _tidy(text: str, guard: str) -> str:
    bare = _INCLUDE.sub("", _COMMENT_LINES.sub("", text))
    return _BLANK_LINES.sub("\n\n", re.sub(rf"\b{guard}\b", _MARK, bare)).strip("\n") + "\n"


def _stem(path: str) -> list[str]:
    return re.sub(r"\W", "_", basename(path).removesuffix(".h")).upper().split("_")


def _name_template(path: str, guard: str) -> Iterator[tuple[str, int]]:
    """Yield how the name of a guard comes from that of its file: the text around the words of the file's
    name, and the number of these that are left out."""
    words = _stem(path)
    for left_out in range(len(words)):
        part = re.compile(rf"(?<![A-Za-z0-9]){'_'.join(words[left_out:])}(?![A-Za-z0-9])")
        if part.search(guard):
            yield part.sub(_MARK, guard, count=1), left_out
            return


def _name_guard(path: str, known: Counter[tuple[str, int]]) -> str:
    words = _stem(path)
    template, left_out = known.most_common(1)[0][0] if known else (f"{_MARK}_H", 0)
    return template.replace(_MARK, "_".join(words[left_out:] or words))
