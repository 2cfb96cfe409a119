"""Why a function's signature must not change: one rule per reason.

Each rule looks at a symbol with all its mentions and returns the pins it finds: a code of the catalogue,
the place that proves it, and a sentence.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase

from clew.config.settings import Settings
from clew.link.mentions import OtherMention, Symbol
from clew.link.program import WORD, Program
from clew.text.span import Span

_FIXED_ATTRIBUTES = re.compile(r"\b_{0,2}(alias|weak|constructor|destructor|ifunc|interrupt|weakref)_{0,2}\b")
_COUNTING_ATTRIBUTES = re.compile(
    r"\b_{0,2}(format|format_arg|nonnull|alloc_size|alloc_align|access|sentinel|fd_arg|null_terminated_string_arg)"
    r"_{0,2}\s*\("
)


@dataclass(frozen=True, slots=True)
class Pin:
    """A reason to leave a signature alone; *path* and *span* prove it."""

    code: str
    path: str
    span: Span
    why: str


@dataclass(frozen=True, slots=True)
class PinContext:
    """What the rules may look at."""

    program: Program
    settings: Settings
    in_scope: Callable[[str], bool]  # may this file be edited?


PinRule = Callable[[Symbol, PinContext], Iterable[Pin]]


def _home(symbol: Symbol) -> tuple[str, Span]:
    first = symbol.definitions[0]
    return first.path, first.function.header.name_span


def listed(symbol: Symbol, context: PinContext) -> Iterator[Pin]:
    """The settings pin it (``main``, by name or by glob)."""
    for pattern in context.settings.pinned:
        if fnmatchcase(symbol.name, pattern):
            yield Pin("listed", *_home(symbol), f"the settings pin `{pattern}`")


def exported(symbol: Symbol, context: PinContext) -> Iterator[Pin]:
    """A definition or prototype carries an export macro."""
    marks = set(context.settings.export_macros)
    for definition in symbol.definitions:
        for mark in sorted(marks & set(re.findall(r"\w+", definition.function.specifiers))):
            yield Pin("exported", definition.path, definition.function.header.name_span, f"it is exported by {mark}")
    for mention in symbol.prototypes:
        for mark in sorted(marks & set(re.findall(r"\w+", mention.prototype.specifiers))):
            yield Pin("exported", mention.path, mention.prototype.name_span, f"it is exported by {mark}")


def attributed(symbol: Symbol, context: PinContext) -> Iterator[Pin]:
    """An attribute fixes the signature (``alias``, ``weak``) or counts parameters (``format``,
    ``nonnull``), directly or through a macro."""
    for path, span, text in _declarations(symbol, context.program):
        found = _FIXED_ATTRIBUTES.search(text) or _COUNTING_ATTRIBUTES.search(text)
        if found is None:
            found = _in_macros(text, path, context.program)
        if found is not None:
            yield Pin("attributed", path, span, f"the attribute `{found.group(1)}` depends on its signature")


def _declarations(symbol: Symbol, program: Program) -> Iterator[tuple[str, Span, str]]:
    """Yield path, place of the name and the text around the parameters of every declaration."""
    for definition in symbol.definitions:
        function = definition.function
        text = f"{function.specifiers} {function.attributes}"
        yield definition.path, function.header.name_span, text
    for mention in symbol.prototypes:
        prototype = mention.prototype
        tail = program.facts[mention.path].masked[prototype.params.end : prototype.span.end]
        yield mention.path, prototype.name_span, f"{prototype.specifiers} {tail}"


def _in_macros(text: str, path: str, program: Program) -> re.Match[str] | None:
    for word in WORD.findall(text):
        for macro in program.macros_by_name.get(word, ()):
            body = macro.macro.body.of(program.sources[macro.path].text)
            found = _FIXED_ATTRIBUTES.search(body) or _COUNTING_ATTRIBUTES.search(body)
            if found is not None and "__attribute__" in body:
                return found
    return None


_OTHER_CODES = {
    "value": ("address-taken", "its address is taken or it is used as a value"),
    "initialiser": ("address-taken", "its address stands in an initialiser"),
    "macro-value": ("address-taken", "a macro body names it without calling it"),
    "pasted": ("pasted-name", "a macro builds its name with ##"),
    "directive": ("directive", "a directive names it"),
    "loose-call": ("outside-function", "it is used in text that clew could not read as a function"),
}


def mentioned(symbol: Symbol, context: PinContext) -> Iterator[Pin]:
    """Something other than a call or a prototype names it."""
    for mention in symbol.others:
        code, why = _OTHER_CODES[mention.kind]
        yield Pin(code, mention.path, mention.span, why)


def called_from_outside(symbol: Symbol, context: PinContext) -> Iterator[Pin]:
    """A file that must not be edited defines, declares or calls it."""
    for call in symbol.calls:
        if not context.in_scope(call.path):
            yield Pin("called-out-of-scope", call.path, call.call.name_span, "a file out of scope calls it")
    for mention in symbol.prototypes:
        if not context.in_scope(mention.path):
            why = "a file out of scope declares it"
            yield Pin("called-out-of-scope", mention.path, mention.prototype.name_span, why)


def unprototyped(symbol: Symbol, context: PinContext) -> Iterator[Pin]:
    """A declaration ``f()`` says nothing of the parameters, so calls cannot be checked."""
    for mention in symbol.prototypes:
        inside = context.program.facts[mention.path].masked[
            mention.prototype.params.start + 1 : mention.prototype.params.end - 1
        ]
        if not inside.strip():
            why = "it is declared without a prototype"
            yield Pin("unprototyped", mention.path, mention.prototype.name_span, why)


def shares_macro_name(symbol: Symbol, context: PinContext) -> Iterator[Pin]:
    """A macro of the same name may stand between a call and the function."""
    seen = {path for d in symbol.definitions for path in context.program.includes.seen_with(d.path)}
    for macro in context.program.macros_by_name.get(symbol.name, ()):
        if macro.path in seen:
            yield Pin("macro-namesake", macro.path, macro.macro.name_span, "a macro has the same name")


def without_header(symbol: Symbol, context: PinContext) -> Iterator[Pin]:
    """Several headers under ``#if`` stand over one body and do not agree in shape."""
    for definition in symbol.definitions:
        if definition.function.old_style is not None and len(definition.function.headers) > 1:
            why = "several old-style headers share one body"
            yield Pin("split-header", definition.path, definition.function.header.name_span, why)


PIN_RULES: tuple[PinRule, ...] = (
    listed,
    exported,
    attributed,
    mentioned,
    called_from_outside,
    unprototyped,
    shares_macro_name,
    without_header,
)


def find_pins(symbol: Symbol, context: PinContext) -> list[Pin]:
    """Return every reason to leave *symbol*'s signature alone."""
    return [pin for rule in PIN_RULES for pin in rule(symbol, context)]


def is_local_name(mention: OtherMention) -> bool:
    """Tell whether *mention* may be a local of the same name (its function has to be parsed to know)."""
    return mention.kind == "value" and mention.definition is not None
