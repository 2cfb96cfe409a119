"""All macro definitions of a tree, made on demand.

Most macros are constants: nine in ten in the headers of drivers.  They are counted and known by name;
objects are made for those that somebody asks about.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import accumulate
from typing import TypeVar, overload

from clew.link.outline import Outline, unpack_macro
from clew.scan.facts import FileFacts, Macro
from clew.text.record import record
from clew.text.source import SourceText

_T = TypeVar("_T")


@record()
class MacroDefinition:
    """One macro definition; *index* is its place in `Program.macros`."""

    index: int
    path: str
    macro: Macro

    @property
    def name(self) -> str:
        """The macro's name."""
        return self.macro.name


class Macros(Sequence[MacroDefinition]):
    """Every macro definition, in the order of files and places.  *telling* are those that name something, or
    take parameters: all but constants."""

    def __init__(
        self,
        outlines: Mapping[str, Outline],
        facts: Mapping[str, FileFacts],
        texts: Mapping[str, SourceText],
    ) -> None:
        self._outlines, self._facts, self._texts = tuple(outlines.values()), facts, texts
        self._bases = [0, *accumulate(one.macro_count for one in self._outlines)]
        self._numbers = {one.path: number for number, one in enumerate(self._outlines)}
        self._known: dict[int, MacroDefinition] = {}

    def __len__(self) -> int:
        return self._bases[-1]

    @overload
    def __getitem__(self, index: int) -> MacroDefinition: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[MacroDefinition, ...]: ...
    def __getitem__(self, index: int | slice) -> MacroDefinition | tuple[MacroDefinition, ...]:
        if isinstance(index, slice):
            return tuple(self[number] for number in range(*index.indices(len(self))))
        known = self._known.get(index)
        return self._make(index) if known is None else known

    def __iter__(self) -> Iterator[MacroDefinition]:
        return (self[index] for index in range(len(self)))

    def _make(self, index: int) -> MacroDefinition:
        if not 0 <= index < len(self):
            raise IndexError(index)
        file = bisect_right(self._bases, index) - 1
        outline, number = self._outlines[file], index - self._bases[file]
        at = bisect_left(outline.macros, number, key=lambda entry: entry[0])
        if at < len(outline.macros) and outline.macros[at][0] == number:
            found = outline.macros[at][1]
            macro = found if isinstance(found, Macro) else unpack_macro(found)
        else:
            macro = self._facts[outline.path].macros[number]
        made = self._known[index] = MacroDefinition(index, outline.path, macro)
        return made

    def raw_body(self, macro: MacroDefinition) -> str:
        """Return the text of the body of *macro*."""
        file = bisect_right(self._bases, macro.index) - 1
        outline, number = self._outlines[file], macro.index - self._bases[file]
        at = bisect_left(outline.macros, number, key=lambda entry: entry[0])
        if at < len(outline.macros) and outline.macros[at][0] == number:
            return outline.macros[at][2]
        return macro.macro.body.of(self._texts[macro.path].text)

    def in_file(self, path: str) -> tuple[MacroDefinition, ...]:
        """Return the macros of *path*, in order."""
        file = self._numbers.get(path)
        return () if file is None else tuple(self[i] for i in range(self._bases[file], self._bases[file + 1]))

    def telling_in(self, path: str) -> Iterator[MacroDefinition]:
        """Yield the telling macros of *path*, in order."""
        file = self._numbers[path]
        return (self[self._bases[file] + number] for number, _, _ in self._outlines[file].macros)

    def naming_in(self, path: str, names: Collection[str]) -> Iterator[MacroDefinition]:
        """Yield the telling macros of *path* in whose bodies some of *names* may stand, in order."""
        file = self._numbers[path]
        for number, _, raw in self._outlines[file].macros:
            if any(name in raw for name in names):
                yield self[self._bases[file] + number]

    @property
    def telling(self) -> Iterator[MacroDefinition]:
        """The telling macros, in order."""
        for base, outline in zip(self._bases, self._outlines, strict=False):
            for number, _, _ in outline.macros:
                yield self[base + number]

    def telling_with(self, is_wanted: Callable[[str], bool]) -> Iterator[MacroDefinition]:
        """Yield the telling macros the text of whose bodies *is_wanted*."""
        for base, outline in zip(self._bases, self._outlines, strict=False):
            for number, _, raw in outline.macros:
                if is_wanted(raw):
                    yield self[base + number]

    def bodies(self) -> Iterator[tuple[int, str]]:
        """Yield the index of each telling macro with the text of its body."""
        for base, outline in zip(self._bases, self._outlines, strict=False):
            for number, _, raw in outline.macros:
                yield base + number, raw

    def bodies_in(self, path: str) -> Iterator[str]:
        """Yield the texts of the bodies of the telling macros of *path*."""
        return (raw for _, _, raw in self._outlines[self._numbers[path]].macros)

    @cached_property
    def by_name(self) -> "MacrosByName":
        """Macro definitions by name."""
        found: dict[str, array[int]] = {}
        for base, outline in zip(self._bases, self._outlines, strict=False):
            for number, macro, _ in outline.macros:
                name = macro.name if isinstance(macro, Macro) else macro[0]
                if name in found:
                    found[name].append(base + number)
                else:
                    found[name] = array("I", (base + number,))
        return MacrosByName(self, found, self._outlines, self._facts)

    def base_of(self, file: int) -> int:
        """Return the index of the first macro of file number *file*."""
        return self._bases[file]

    def path_of(self, index: int) -> str:
        """Return the file of macro *index*."""
        return self._outlines[bisect_right(self._bases, index) - 1].path


class MacrosByName(Mapping[str, tuple[MacroDefinition, ...]]):
    """Macro definitions by name."""

    def __init__(
        self,
        macros: Macros,
        telling: dict[str, "array[int]"],
        outlines: tuple[Outline, ...],
        facts: Mapping[str, FileFacts],
    ) -> None:
        self._macros, self._telling, self._outlines, self._facts = macros, telling, outlines, facts
        self._known: dict[str, tuple[MacroDefinition, ...]] = {}

    @cached_property
    def _constants(self) -> dict[str, int | tuple[int, ...]]:
        """The numbers of the files that define a constant, by its name."""
        found: dict[str, int | tuple[int, ...]] = {}
        for file, outline in enumerate(self._outlines):
            for name in outline.constants.split("\n") if outline.constants else ():
                known = found.setdefault(name, file)
                if known != file:
                    files = (known,) if isinstance(known, int) else known
                    found[name] = files if files[-1] == file else (*files, file)
        return found

    def _files(self, name: str) -> tuple[int, ...]:
        found = self._constants.get(name)
        return () if found is None else (found,) if isinstance(found, int) else found

    def __getitem__(self, name: str) -> tuple[MacroDefinition, ...]:
        found = self.get(name)
        if found is None:
            raise KeyError(name)
        return found

    @overload
    def get(self, name: str, /) -> tuple[MacroDefinition, ...] | None: ...
    @overload
    def get(self, name: str, default: tuple[MacroDefinition, ...], /) -> tuple[MacroDefinition, ...]: ...
    @overload
    def get(self, name: str, default: _T, /) -> tuple[MacroDefinition, ...] | _T: ...
    def get(self, name: str, default: object = None, /) -> object:
        """Return the definitions of *name*, or *default*."""
        known = self._known.get(name)
        if known is not None:
            return known
        if name not in self:
            return default
        found = self._known[name] = self.near(name, lambda _path: True)
        return found

    def near(self, name: str, is_wanted: Callable[[str], bool]) -> tuple[MacroDefinition, ...]:
        """Return the definitions of *name* in the files that *is_wanted*, without a look at others."""
        indices = [index for index in self._telling.get(name, ()) if is_wanted(self._macros.path_of(index))]
        for file in self._files(name):
            if is_wanted(self._outlines[file].path):
                macros, base = self._facts[self._outlines[file].path].macros, self._macros.base_of(file)
                indices += [base + number for number, one in enumerate(macros) if one.name == name]
        return tuple(self._macros[index] for index in sorted(dict.fromkeys(indices)))

    def paths_of(self, name: str) -> Iterator[str]:
        """Yield the files that define *name*; one that does so twice may come twice."""
        yield from map(self._macros.path_of, self._telling.get(name, ()))
        for file in self._files(name):
            yield self._outlines[file].path

    def is_constant(self, name: str) -> bool:
        """Tell whether some definition of *name* is a constant."""
        return name in self._constants

    def telling(self, name: str) -> Iterator[MacroDefinition]:
        """Yield the telling definitions of *name*."""
        return (self._macros[index] for index in self._telling.get(name, ()))

    def __contains__(self, name: object) -> bool:
        return name in self._telling or name in self._constants

    def __iter__(self) -> Iterator[str]:
        yield from self._telling
        yield from (name for name in self._constants if name not in self._telling)

    def __len__(self) -> int:
        return len(self._telling) + sum(name not in self._telling for name in self._constants)


class MacrosByPath(Mapping[str, tuple[MacroDefinition, ...]]):
    """Macro definitions by file, for files that have some."""

    def __init__(self, macros: Macros, outlines: Mapping[str, Outline]) -> None:
        self._macros = macros
        self._paths = {path: None for path, outline in outlines.items() if outline.macro_count}
        self._known: dict[str, tuple[MacroDefinition, ...]] = {}

    def __getitem__(self, path: str) -> tuple[MacroDefinition, ...]:
        if path not in self._paths:
            raise KeyError(path)
        known = self._known.get(path)
        if known is None:
            known = self._known[path] = self._macros.in_file(path)
        return known

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)
