"""All function definitions of a tree, made on demand: a program asks about few of them."""

import re
from array import array
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from functools import cached_property
from itertools import accumulate
from typing import overload

from clew.link.outline import Outline
from clew.scan.facts import FileFacts, Function
from clew.text.record import record

_WORD = re.compile(r"[A-Za-z_]\w*")


@record()
class Definition:
    """One function definition; *index* is its place in `Program.definitions`, *number* that in its file."""

    index: int
    path: str
    name: str
    static: bool
    number: int
    _facts: Mapping[str, FileFacts] = field(repr=False, compare=False)

    @property
    def function(self) -> Function:
        """What the scanner found."""
        return self._facts[self.path].functions[self.number]


class Functions(Sequence[Definition]):
    """Every function definition, in the order of files and places."""

    def __init__(
        self,
        outlines: Mapping[str, Outline],
        facts: Mapping[str, FileFacts],
        static_macros: frozenset[str],
    ) -> None:
        self._outlines, self._facts, self._static_macros = tuple(outlines.values()), facts, static_macros
        self._bases = [0, *accumulate(len(one.functions) for one in self._outlines)]
        self._numbers = {one.path: number for number, one in enumerate(self._outlines)}
        self._known: dict[int, Definition] = {}
        self._static_specifiers: dict[str, bool] = {"": False}

    def __len__(self) -> int:
        return self._bases[-1]

    @overload
    def __getitem__(self, index: int) -> Definition: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Definition, ...]: ...
    def __getitem__(self, index: int | slice) -> Definition | tuple[Definition, ...]:
        if isinstance(index, slice):
            return tuple(self[number] for number in range(*index.indices(len(self))))
        known = self._known.get(index)
        return self._make(index) if known is None else known

    def __iter__(self) -> Iterator[Definition]:
        return (self[index] for index in range(len(self)))

    def _make(self, index: int) -> Definition:
        if not 0 <= index < len(self):
            raise IndexError(index)
        number = bisect_right(self._bases, index) - 1
        outline, at = self._outlines[number], index - self._bases[number]
        static = outline.static[at] == 1 or self._is_static(outline.specifiers[at])
        made = Definition(index, outline.path, outline.functions[at], static, at, self._facts)
        self._known[index] = made
        return made

    def _is_static(self, specifiers: str) -> bool:
        """Tell whether a macro among *specifiers* says ``static``."""
        known = self._static_specifiers.get(specifiers)
        if known is None:
            known = not self._static_macros.isdisjoint(_WORD.findall(specifiers))
            self._static_specifiers[specifiers] = known
        return known

    def path_of(self, index: int) -> str:
        """Return the file of definition *index*."""
        return self._outlines[bisect_right(self._bases, index) - 1].path

    def in_file(self, path: str) -> tuple[Definition, ...]:
        """Return the definitions in *path*, in order."""
        number = self._numbers.get(path)
        if number is None:
            return ()
        return tuple(self[index] for index in range(self._bases[number], self._bases[number + 1]))

    def first_of(self, path: str) -> int:
        """Return the index of the first definition in *path*."""
        return self._bases[self._numbers[path]]

    @cached_property
    def by_name(self) -> "DefinitionsByName":
        """Definitions by name."""
        found: dict[str, array[int]] = {}
        index = 0
        for outline in self._outlines:
            for name in outline.functions:
                if name in found:
                    found[name].append(index)
                else:
                    found[name] = array("I", (index,))
                index += 1
        return DefinitionsByName(self, found)


class DefinitionsByName(Mapping[str, tuple[Definition, ...]]):
    """Function definitions by name."""

    def __init__(self, functions: Functions, indices: dict[str, "array[int]"]) -> None:
        self._functions, self._indices = functions, indices
        self._known: dict[str, tuple[Definition, ...]] = {}

    def __getitem__(self, name: str) -> tuple[Definition, ...]:
        known = self._known.get(name)
        if known is None:
            known = self._known[name] = tuple(self._functions[index] for index in self._indices[name])
        return known

    def __contains__(self, name: object) -> bool:
        return name in self._indices

    def __iter__(self) -> Iterator[str]:
        return iter(self._indices)

    def __len__(self) -> int:
        return len(self._indices)


class DefinitionsByPath(Mapping[str, tuple[Definition, ...]]):
    """Function definitions by file, for files that have some."""

    def __init__(self, functions: Functions, outlines: Mapping[str, Outline]) -> None:
        self._functions = functions
        self._paths = {path: None for path, outline in outlines.items() if outline.functions}
        self._known: dict[str, tuple[Definition, ...]] = {}

    def __getitem__(self, path: str) -> tuple[Definition, ...]:
        if path not in self._paths:
            raise KeyError(path)
        known = self._known.get(path)
        if known is None:
            known = self._known[path] = self._functions.in_file(path)
        return known

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)
