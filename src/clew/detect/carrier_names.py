"""The names by which a program knows the structures of one type: variables, parameters and members.

Found by the text: every name that a declaration with the type's tag, or with another name of it, declares.  A
structure that contains one of the type is gone when that is, so the names of those count as well.
"""

import re
from collections import defaultdict
from collections.abc import Container, Iterator

from clew.link.program import WORD, Program
from clew.scan.items import find_close
from clew.scan.lexis import NEVER_CALLED

_TAG_BEFORE = re.compile(
    r"\b(?:struct|union)\s+(?:__attribute__\s*\(\(.*?\)\)\s*)?([A-Za-z_]\w*)\s*\Z", re.DOTALL
)
_NAME_BEHIND = re.compile(r"\s*([A-Za-z_]\w*)")
_TAGGED = re.compile(r"\b(?:struct|union)\s+([A-Za-z_]\w*)")
# the stars and the name of a declarator
_DECLARATOR = re.compile(r"((?:[\s*(]|\bconst\b|\bvolatile\b|\brestrict\b|__restrict\b)*)([A-Za-z_]\w*)")
_MARK = re.compile(r"[,;(){}\[\]]")
_CONST = re.compile(r"\bconst\s+(?:(?:struct|union)\s+)?\Z")
_TYPEDEF = re.compile(r"\btypedef\b[^;{}]*\Z")
_KEPT = re.compile(r"\b(?:static|extern)\b[\w\s]*\Z")
_BEFORE = 200
_LONGEST = 20_000  # characters of a structure's body that are looked through


class CarrierNames:
    """The names of the structures of one type.

    *words* are the names of the type, and of those that contain it; *outside* the names of variables of files
    and, with a dot, of members, *homes* the files that declare such a variable, *holders* the types that have
    such a member; *local* the names in functions, by their indices.  *objects* of *outside*, and *objects_in*
    functions, are no pointers; *own* those of them that end with their function, *constant* are pointers to
    const.  *paths* are the files of these functions.
    """

    def __init__(self, program: Program, word: str) -> None:
        self._program = program
        self.words: set[str] = set()
        self.outside: set[str] = set()
        self._named: dict[str, set[str]] = {}
        self.holders: defaultdict[str, set[str]] = defaultdict(set)
        self.local: defaultdict[int, set[str]] = defaultdict(set)
        self.homes: defaultdict[str, set[str]] = defaultdict(set)
        self.objects: set[str] = set()
        self.objects_in: defaultdict[int, set[str]] = defaultdict(set)
        self.own: defaultdict[int, set[str]] = defaultdict(set)
        self.constant: defaultdict[int, set[str]] = defaultdict(set)
        self.paths: set[str] = set()
        todo = [word]
        while todo:
            one = todo.pop()
            if one not in self.words:
                self.words.add(one)
                todo += self._other_names(one)
                todo += self._find(one)

    def is_member_of(self, member: str, base: str) -> bool:
        """Tell whether *member* (with a dot) of what is called *base* may be a structure of the type: *base*
        is declared somewhere with the type of a structure that has such a member, or one of these has no
        name."""
        holders = self.holders[member]
        return "" in holders or any(base in self._names_of(holder) for holder in sorted(holders))

    def _names_of(self, word: str) -> set[str]:
        """Return all names that are declared with *word*, or another name of that type, anywhere."""
        if word not in self._named:
            found = self._named[word] = set()
            for other in (word, *self._other_names(word)):
                pattern = _type_pattern(other)
                for path in self._program.paths_with(other):
                    masked = self._program.facts[path].masked
                    for match in pattern.finditer(masked):
                        found.update(name for _, name in _declarators(masked, match.end()))
        return self._named[word]

    @property
    def tags(self) -> str:
        """The names of the type as alternatives of a pattern."""
        return "|".join(sorted(self.words))

    def _other_names(self, word: str) -> Iterator[str]:
        """Yield the typedef names of the tag *word*, and the tag of the typedef name."""
        for path in self._program.paths_with(word):
            for typedef in self._program.facts[path].typedefs:
                text = typedef.span.of(self._program.facts[path].masked)
                text = text[: text.find("{")] if "{" in text else text
                if "(" in text:
                    continue
                if typedef.name == word:
                    yield from _TAGGED.findall(text)
                elif word in WORD.findall(text):
                    yield typedef.name

    def _find(self, word: str) -> Iterator[str]:
        """Collect the names that are declared with *word*; yield the types of structures that contain one."""
        pattern = _type_pattern(word)
        for path in self._program.paths_with(word):
            masked, variables = self._program.facts[path].masked, self._program.outlines[path].globals
            for match in pattern.finditer(masked):
                around = self._program.enclosing(path, match.start())
                for stars, name in _declarators(masked, match.end()):
                    is_object = "*" not in stars
                    is_const = not is_object and _CONST.search(
                        masked, max(0, match.start() - 40), match.start()
                    )
                    if around is not None:
                        if is_const:
                            self.constant[around.index].add(name)
                        is_object = is_object and (match.start() > around.function.body.start)
                        is_kept = _KEPT.search(masked, max(0, match.start() - _BEFORE), match.start())
                        self._add_local(path, around.index, name, is_object, is_kept is not None)
                    elif types := list(_structure_around(masked, match.start())):
                        self.outside.add(f".{name}")
                        self.holders[f".{name}"].update(types)
                        self.objects.update((f".{name}",) if is_object else ())
                        yield from (name for name in types if name and is_object)
                    elif name in variables:  # no parameter of a prototype
                        self.outside.add(name)
                        self.homes[name].add(path)
                        self.objects.update((name,) if is_object else ())

    def _add_local(self, path: str, index: int, name: str, is_object: bool, is_kept: bool) -> None:
        self.paths.add(path)
        self.local[index].add(name)
        if is_object:
            self.objects_in[index].add(name)
        if is_object and not is_kept:
            self.own[index].add(name)

    def outside_in(self, path: str, words: Container[str]) -> set[str]:
        """Return those of *outside* that are among *words*, and that *path* may see."""
        found = {name for name in self.outside if name.strip(".") in words}
        seen = self._program.includes.seen_with(path) if any(name[0] != "." for name in found) else ()
        return {name for name in found if name[0] == "." or not self.homes[name].isdisjoint(seen)}


def _type_pattern(word: str) -> re.Pattern[str]:
    """Return the pattern of *word* where something is declared with it."""
    return re.compile(rf"{word}(?<!\w{word})\b(?!\s*\{{)")


def _declarators(masked: str, at: int) -> Iterator[tuple[str, str]]:
    """Yield stars and name of what is declared with the type that ends at *at*."""
    found = _DECLARATOR.match(masked, at)
    while found is not None and found.group(2) not in NEVER_CALLED:
        yield found.group(1), found.group(2)
        comma = _comma_behind(masked, found.end())
        found = _DECLARATOR.match(masked, comma + 1) if comma >= 0 else None


def _comma_behind(masked: str, start: int) -> int:
    """Return the offset of the comma behind the declarator that ends at *start*, or -1; brackets and an
    initialiser may stand between."""
    at = _next_mark(masked, start)
    while masked[at : at + 1] in ("[", "(", "{"):
        if masked[at] != "[" and "=" not in masked[start:at]:
            return -1
        at = _next_mark(masked, find_close(masked, at))
    return at if masked[at : at + 1] == "," else -1


def _next_mark(masked: str, at: int) -> int:
    found = _MARK.search(masked, at)
    return found.start() if found is not None else len(masked)


def _structure_around(masked: str, at: int) -> Iterator[str]:
    """Yield the tag of the structure whose body contains *at*, and the typedef name behind its body; "" where
    it has neither.  Those around it follow."""
    depth = 0
    for place in range(at - 1, max(0, at - _LONGEST), -1):
        depth += {"}": 1, "{": -1}.get(masked[place], 0)
        if depth < 0:
            names = []
            tag = _TAG_BEFORE.search(masked, max(0, place - _BEFORE), place)
            if tag is not None:
                names.append(tag.group(1))
            behind = _NAME_BEHIND.match(masked, find_close(masked, place))
            if behind is not None and _TYPEDEF.search(masked, max(0, place - _BEFORE), place):
                names.append(behind.group(1))
            yield from names or ("",)
            depth = 0
