"""Which members a structure has, and where a place sees its definition.

A path such as ``istate->repo`` may be written only where ``struct index_state`` is defined and has a
member of that name: versions of a program differ in that.
"""

import re
from collections.abc import Iterator, Sequence

from clew.detect.spelled_type import type_words
from clew.link.program import WORD, Program

_DECLARED = re.compile(
    r"([A-Za-z_]\w*)\s*(?:\[[^\]]*\]\s*)*(?::[^,;]*)?(?=[,;])|\(\s*\*\s*([A-Za-z_]\w*)\s*\)\s*\("
)
_KEYWORD = re.compile(r"\b(?:struct|union)\s+\Z")
_BEFORE = 200


class Members:
    """Answers for all structures of a program; keeps what it found."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._known: dict[str, list[tuple[str, int, frozenset[str]]]] = {}

    def sees(self, path: str, before: int, type_text: str, member: str) -> bool:
        """Tell whether the structure that *type_text* points to is defined above *before* in *path* or in
        what it includes, with *member* in every definition."""
        words = type_words(type_text)
        found = self._definitions(words[-1]) if words else []
        above = self._program.reach.above(path, before)
        seen = any(where in above or (where == path and at < before) for where, at, _ in found)
        return seen and all(member in members for _, _, members in found)

    def sees_path(self, path: str, before: int, type_text: str, members: Sequence[str]) -> bool:
        """Tell whether *before* in *path* sees all of *members*, each in the structure that the one before it
        points to (which it says by its tag: ``struct repository *repo;``)."""
        return all(self.sees(path, before, *link) for link in self.links(type_text, members))

    def links(self, type_text: str, members: Sequence[str]) -> Iterator[tuple[str, str]]:
        """Yield each of *members* with the type of the pointer that it is reached by."""
        for number, member in enumerate(members):
            yield type_text, member
            if number + 1 < len(members):
                type_text = self._pointed_to(type_text, member)

    def _pointed_to(self, type_text: str, member: str) -> str:
        """Return the type that *member* of *type_text* points to, "" where definitions differ in it."""
        pattern = re.compile(rf"\b((?:struct|union)\s+\w+)\s*\*\s*(?:const\s+)?{member}\s*;")
        words, found = type_words(type_text), set[str]()
        for path, at, _ in self._definitions(words[-1]) if words else ():
            masked = self._program.facts[path].masked
            start = masked.index("{", at) + 1
            found.update(match.group(1) for match in pattern.finditer(masked, start, _closing(masked, start)))
        return found.pop() if len(found) == 1 else ""

    def _definitions(self, name: str) -> list[tuple[str, int, frozenset[str]]]:
        """Return file, place and members of every structure with the tag or the typedef name *name*."""
        if name not in self._known:
            tags = {name, *self._tags_of(name)}
            self._known[name] = [found for tag in sorted(tags) for found in self._with_tag(tag)]
        return self._known[name]

    def _tags_of(self, name: str) -> Iterator[str]:
        """Yield the tags that typedefs call *name*."""
        pattern = re.compile(r"\b(?:struct|union)\s+(\w+)")
        for path in self._program.paths_with(name):
            for typedef in self._program.facts[path].typedefs:
                if typedef.name == name:
                    tagged = pattern.search(typedef.span.of(self._program.facts[path].masked))
                    if tagged is not None:
                        yield tagged.group(1)

    def _with_tag(self, tag: str) -> Iterator[tuple[str, int, frozenset[str]]]:
        # a pattern that starts with a literal is found much quicker
        pattern = re.compile(rf"{tag}(?<!\w{tag})\s*\{{")
        for path in self._program.paths_with(tag):
            masked = self._program.facts[path].masked
            for match in pattern.finditer(masked):
                keyword = _KEYWORD.search(masked, max(0, match.start() - _BEFORE), match.start())
                if keyword is not None:
                    body = masked[match.end() : _closing(masked, match.end())]
                    yield path, keyword.start(), frozenset(_names(body))


def _closing(masked: str, at: int) -> int:
    """Return the place of the ``}`` that closes a block whose text begins at *at*."""
    depth = 1
    for match in re.compile(r"[{}]").finditer(masked, at):
        depth += 1 if match.group() == "{" else -1
        if depth == 0:
            return match.start()
    return len(masked)


def _names(body: str) -> Iterator[str]:
    """Yield the names that the declarations of a structure's *body* declare, those of inner blocks not."""
    depth, flat = 0, []
    for piece in re.split(r"([{}])", body):
        if piece in "{}" and piece:
            depth += 1 if piece == "{" else -1
        elif depth == 0:
            flat.append(piece)
    for match in _DECLARED.finditer(" ".join(flat)):
        yield match.group(1) or match.group(2)


def path_members(path: str) -> list[str]:
    """Return the members that a path from a variable goes through: ``{}->interp->runtime`` has two."""
    return WORD.findall(path.replace("{}", ""))
