"""All scanned files of a tree, with names looked up across them."""

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cached_property

from clew.link.assembly import Assembly, find_assembly
from clew.link.function_index import Definition, DefinitionsByName, DefinitionsByPath, Functions
from clew.link.includes import IncludeGraph
from clew.link.interest import Interest
from clew.link.lazy_facts import LazyFacts
from clew.link.macro_index import MacroDefinition, Macros, MacrosByName, MacrosByPath
from clew.link.outline import ALIASES, Outline, find_aliases, list_words, loud_directives, outline_of
from clew.link.reach import Reach
from clew.parse.macros import MacroTable
from clew.scan import identifiers
from clew.scan.facts import FileFacts, Prototype
from clew.scan.mask import mask, mask_fragment
from clew.text.source import SourceText
from clew.text.span import Span

__all__ = ["ALIASES", "WORD", "Definition", "MacroDefinition", "Program"]

WORD = re.compile(r"[A-Za-z_]\w*")
_MANY = 20  # names, for which it is quicker to list the words of a file


class Program:
    """The files of a tree and what stands in them; immutable, with look-ups made on first use."""

    def __init__(
        self,
        sources: Mapping[str, SourceText],
        facts: Mapping[str, FileFacts],
        foreign: Mapping[str, frozenset[str]] | None = None,
        outlines: Mapping[str, Outline] | None = None,
        listed: Mapping[str, str] | None = None,
    ) -> None:
        """*outlines* stand for facts that are not at hand: *sources* and *facts* may then be mappings, in the
        order of paths, that make their values when they are asked.  *listed* are the words of files of which
        `list_words` listed them already."""
        self._listed = listed or {}
        self.foreign = dict(foreign or {})  # words of files in other languages, by path
        self.sources: Mapping[str, SourceText] = sources
        self.facts: Mapping[str, FileFacts] = facts
        if outlines is None:
            self.sources, self.facts = dict(sorted(sources.items())), dict(sorted(facts.items()))
            outlines = {path: outline_of(self.sources[path], one) for path, one in self.facts.items()}
        self.outlines = outlines
        self.interest = Interest()
        self._bodies: dict[int, str] = {}
        self._paths_with: dict[str, tuple[str, ...]] = {}
        self._words: dict[str, frozenset[str]] = {}

    @cached_property
    def includes(self) -> IncludeGraph:
        """Which file includes which."""
        return IncludeGraph.of((path, outline.includes) for path, outline in self.outlines.items())

    @cached_property
    def macros(self) -> Macros:
        """Every macro definition of the tree."""
        return Macros(self.outlines, self.facts, self.sources)

    @property
    def macros_by_name(self) -> MacrosByName:
        """Macro definitions by name."""
        return self.macros.by_name

    @cached_property
    def macros_by_path(self) -> Mapping[str, tuple[MacroDefinition, ...]]:
        """Macro definitions by file, in order, for files that have some."""
        return MacrosByPath(self.macros, self.outlines)

    def body_of(self, macro: MacroDefinition) -> str:
        """Return the macro's body with comments and literals blanked; offsets start at ``body.start``."""
        if macro.index not in self._bodies:
            self._bodies[macro.index] = mask_fragment(self.macros.raw_body(macro))
        return self._bodies[macro.index]

    @cached_property
    def variables(self) -> frozenset[str]:
        """The names of all variables at file scope."""
        return frozenset(name for outline in self.outlines.values() for name in outline.globals)

    @cached_property
    def variable_paths(self) -> dict[str, set[str]]:
        """The files that declare a variable at file scope, by its name."""
        found: dict[str, set[str]] = {}
        for path, outline in self.outlines.items():
            for name in outline.globals:
                found.setdefault(name, set()).add(path)
        return found

    @cached_property
    def typedefs(self) -> frozenset[str]:
        """The names of all typedefs."""
        return frozenset(name for outline in self.outlines.values() for name in outline.typedefs)

    @cached_property
    def reach(self) -> Reach:
        """What includes bring, where files choose."""
        return Reach(self.facts, self.sources, self.includes, self.macros_by_name, self.outlines)

    @cached_property
    def macro_table(self) -> MacroTable:
        """The macros with what each file sees of them."""
        targets = {path: [target for target, _ in one.includes] for path, one in self.outlines.items()}
        return MacroTable(self.facts, Texts(self.sources), self.macros_by_name, targets)

    @cached_property
    def static_macros(self) -> frozenset[str]:
        """Macros whose every definition contains ``static`` (``Py_LOCAL``, ``STATIC_INLINE``)."""
        known = self.macros_by_name
        names = {macro.name for macro in self.macros.telling_with(lambda raw: "static" in raw)}
        return frozenset(
            name
            for name in names
            if not known.is_constant(name)
            and all("static" in WORD.findall(self.body_of(macro)) for macro in known.telling(name))
        )

    @cached_property
    def definitions(self) -> Functions:
        """Every function definition of the tree."""
        return Functions(self.outlines, self.facts, self.static_macros)

    @property
    def definitions_by_name(self) -> DefinitionsByName:
        """Function definitions by name."""
        return self.definitions.by_name

    @cached_property
    def definitions_by_path(self) -> Mapping[str, tuple[Definition, ...]]:
        """Function definitions by file, in order, for files that have some."""
        return DefinitionsByPath(self.definitions, self.outlines)

    def enclosing(self, path: str, offset: int) -> Definition | None:
        """Return the function of *path* whose text (header included) covers *offset*."""
        found = self._around(path, offset)
        return None if found is None else found[0]

    def functions_naming(self, path: str, name: str) -> list[Definition]:
        """Return the functions of *path* in whose code the word *name* stands, in order."""
        word = re.compile(rf"{name}(?<!\w{name})\b")
        if self.outlines[path].details is None:
            places = (match.start() for match in word.finditer(self.facts[path].masked))
            found = dict.fromkeys(self._around(path, at) for at in places)
            return [one[0] for one in found if one is not None]
        text = self.sources[path].text
        around = dict.fromkeys(self._around(path, match.start()) for match in word.finditer(text))
        # A function starts and ends in code: its part of the masked text can be made by itself.
        return [d for d, *_, start, end in filter(None, around) if word.search(mask(text[start:end]).text)]

    def body_around(self, path: str, offset: int) -> Definition | None:
        """Return the function of *path* whose body covers *offset*."""
        found = self._around(path, offset)
        return None if found is None or offset < found[1] else found[0]

    def loud_directives(self, path: str) -> list[Span]:
        """Return the places of the directives of *path* that may name functions, but for macros."""
        details = self.outlines[path].details
        if details is None:
            return loud_directives(self.facts[path])
        return [Span(start, end) for start, end in details.loud]

    def around(self, path: str, offset: int) -> tuple[Definition, Span] | None:
        """Return the function of *path* whose text covers *offset*, and the place of its body."""
        found = self._around(path, offset)
        return None if found is None else (found[0], Span(found[1], found[3]))

    def _around(self, path: str, offset: int) -> tuple[Definition, int, int, int] | None:
        """Return the function around *offset*, and where its body starts, the whole starts, and both end."""
        details = self.outlines[path].details
        if details is None:
            functions = self.facts[path].functions
            number = max(0, bisect_right(functions, offset, key=lambda one: one.headers[0].start) - 1)
            if not functions or offset not in functions[number].span:
                return None
            body, span = functions[number].body.start, functions[number].span
            start, end = span.start, span.end
        else:
            spans = memoryview(details.spans).cast("I")
            number = max(0, bisect_right(spans[0::3], offset) - 1)
            if not spans or not spans[3 * number] <= offset < spans[3 * number + 1]:
                return None
            start, end, body = spans[3 * number : 3 * number + 3]
        return self.definitions[self.definitions.first_of(path) + number], body, start, end

    def header_text(self, definition: Definition) -> str:
        """Return the text of *definition* before its body."""
        details = self.outlines[definition.path].details
        if details is None:
            start, body = definition.function.span.start, definition.function.body.start
        else:
            start, _, body = memoryview(details.spans).cast("I")[3 * definition.number :][:3]
        return self.sources[definition.path].text[start:body]

    def masked(self, path: str) -> str:
        """Return the code of *path* without comments and the contents of literals; costs less than its facts
        where these are not at hand."""
        return self.facts.masked(path) if isinstance(self.facts, LazyFacts) else self.facts[path].masked

    @cached_property
    def obscure(self) -> frozenset[str]:
        """The files with directives that are not read (``%:``, trigraphs), and those that include one: what
        they define is not known."""
        codes = ("digraph", "trigraph")
        own = (p for p, one in self.outlines.items() if any(f.code in codes for f in one.findings))
        return frozenset(path for one in own for path in self.includes.including(one))

    @cached_property
    def fragments(self) -> frozenset[str]:
        """The files that some function includes in its body."""
        return frozenset(
            target
            for path, places in self.includes.places.items()
            for at, targets in places
            if self.enclosing(path, at) is not None
            for target in targets
        )

    def enclosing_macro(self, path: str, offset: int) -> MacroDefinition | None:
        """Return the macro of *path* whose body covers *offset*."""
        macros = self.macros_by_path.get(path, ())
        at = bisect_right(macros, offset, key=lambda macro: macro.macro.body.start) - 1
        if at < 0 or not macros[at].macro.body.start <= offset < macros[at].macro.body.end:
            return None
        return macros[at]

    def paths_with(self, word: str) -> tuple[str, ...]:
        """Return the files in whose text *word* stands; where only outlines are at hand, in whose code or
        macros it does."""
        if word not in self._paths_with:
            self.interest.words.add(word)
            self._paths_with[word] = tuple(path for path in self.outlines if self.has_word(path, word))
        return self._paths_with[word]

    def has_word(self, path: str, word: str) -> bool:
        """Tell whether *path* is one of those that `paths_with` returns."""
        outline = self.outlines[path]
        if outline.details is None:
            return f"\n{word}\n" in self._text_words[path]
        return f"\n{word}\n" in outline.details.words or word in outline.constants

    @cached_property
    def _text_words(self) -> dict[str, str]:
        """The words of each text that is held, comments and all: a tenth of its size, and searched often."""
        known = self._listed
        return {path: known.get(path) or list_words(one.text) for path, one in self.sources.items()}

    def files_naming(self, names: Collection[str]) -> Iterator[tuple[str, list[str]]]:
        """Yield the files in whose code some of *names* may stand, with these."""
        for path in self.outlines if names else ():
            present = self.names_among(path, names)
            if present:
                yield path, present

    def names_among(self, path: str, names: Collection[str]) -> list[str]:
        """Return those of *names* that may stand in the code of *path*; what is in macros may count."""
        details = self.outlines[path].details
        words = self._text_words[path] if details is None else details.words
        if len(names) <= _MANY:
            return [name for name in names if f"\n{name}\n" in words]
        return [name for name in words.split("\n") if name in names]

    def words_in(self, path: str) -> frozenset[str]:
        """Return the identifiers of *path* outside comments, literals and directives."""
        if path not in self._words:
            self._words[path] = identifiers(self.facts[path].masked)
        return self._words[path]

    @cached_property
    def prototypes_by_name(self) -> Mapping[str, Sequence[tuple[str, Prototype]]]:
        """Prototypes with their files, by name, in the order of files."""
        if any(outline.details is not None for outline in self.outlines.values()):
            return Prototypes(self)
        found: dict[str, list[tuple[str, Prototype]]] = defaultdict(list)
        for path, facts in self.facts.items():
            for prototype in facts.prototypes:
                found[prototype.name].append((path, prototype))
        return dict(found)

    @cached_property
    def aliases(self) -> dict[str, list[tuple[str, Span]]]:
        """The places of functions that ``alias("name")`` and its like name in a string."""
        found: dict[str, list[tuple[str, Span]]] = defaultdict(list)
        for path, outline in self.outlines.items():
            details = outline.details
            if details is None:
                named = any(word in self._text_words[path] for word in ALIASES)  # quicker than in the text
                places = find_aliases(self.sources[path].text) if named else []
            else:
                places = [(name, Span(start, end)) for name, start, end in details.aliases]
            for name, span in places:
                found[name].append((path, span))
        return found

    @cached_property
    def assembly(self) -> tuple[Assembly, ...]:
        """Every ``asm`` that names something in its instructions."""
        return tuple(find_assembly(self))

    def text_of(self, path: str, span: Span) -> str:
        """Return the original text of *span* in *path*."""
        return span.of(self.sources[path].text)


class Prototypes(Mapping[str, Sequence[tuple[str, Prototype]]]):
    """Prototypes by name, looked up one by one."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._known: dict[str, list[tuple[str, Prototype]]] = {}

    def __getitem__(self, name: str) -> list[tuple[str, Prototype]]:
        if name not in self._known:
            paths = (path for path, _ in self._program.files_naming((name,)))
            self._known[name] = [
                (path, one)
                for path in paths
                for one in self._program.facts[path].prototypes
                if one.name == name
            ]
        if not self._known[name]:
            raise KeyError(name)
        return self._known[name]

    def __iter__(self) -> Iterator[str]:
        names = (one.name for facts in self._program.facts.values() for one in facts.prototypes)
        return iter(dict.fromkeys(names))

    def __len__(self) -> int:
        return sum(1 for _ in self)


class Texts(Mapping[str, str]):
    """The texts of *sources*."""

    def __init__(self, sources: Mapping[str, SourceText]) -> None:
        self._sources = sources

    def __getitem__(self, path: str) -> str:
        return self._sources[path].text

    def __iter__(self) -> Iterator[str]:
        return iter(self._sources)

    def __len__(self) -> int:
        return len(self._sources)
