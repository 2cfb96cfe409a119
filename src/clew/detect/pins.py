"""Why a function's signature must not change: one rule per reason.

Each rule looks at a symbol with all its mentions and returns the pins it finds: a code of the catalogue,
the place that proves it, and a sentence.
"""

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase

from clew.detect.attributes import behind_last_item, read_indices
from clew.detect.lists import (
    declared_by_type,
    empty_in_a_branch,
    given_nothing,
    lists_by_name,
    shared_mention,
    undeclared_parameters,
    unprototyped,
)
from clew.detect.pin import Pin, PinContext, PinRule
from clew.detect.spelled_type import same_type
from clew.link.mentions import Symbol
from clew.link.program import WORD, Program
from clew.parse.library_names import LIBRARY_NAMES
from clew.text.span import Span

_FIXED_ATTRIBUTES = re.compile(
    r"\b_{0,2}(alias|weak|constructor|destructor|ifunc|interrupt|weakref|asm)_{0,2}\b"
)


def _home(symbol: Symbol) -> tuple[str, Span]:
    first = symbol.definitions[0]
    return first.path, first.function.header.name_span


def listed(symbol: Symbol, context: PinContext) -> Iterator[Pin]:
    """The settings pin it (``main``, by name or by glob)."""
    for pattern in context.settings.pinned:
        if fnmatchcase(symbol.name, pattern):
            yield Pin("listed", *_home(symbol), f"the settings pin `{pattern}`")


def exported(symbol: Symbol, context: PinContext) -> Iterator[Pin]:
    """A definition or prototype carries an export macro, and the scope does not allow for that."""
    if context.any_linkage:
        return
    marks = set(context.settings.export_macros)
    for definition in symbol.definitions:
        before = _before(context.program, definition.path, definition.function.header.start)
        for mark in sorted(marks & set(WORD.findall(f"{before} {definition.function.specifiers}"))):
            yield Pin(
                "exported", definition.path, definition.function.header.name_span, f"it is exported by {mark}"
            )
    for mention in symbol.prototypes:
        before = _before(context.program, mention.path, mention.prototype.span.start)
        for mark in sorted(marks & set(WORD.findall(f"{before} {mention.prototype.specifiers}"))):
            yield Pin("exported", mention.path, mention.prototype.name_span, f"it is exported by {mark}")


def attributed(symbol: Symbol, context: PinContext) -> Iterator[Pin]:
    """An attribute fixes the signature (``alias``, ``weak``), directly or through a macro; or it counts
    parameters (``format``, ``nonnull``) in a way that clew cannot change."""
    for path, span, text in _declarations(symbol, context.program):
        found = _FIXED_ATTRIBUTES.search(text) or _in_macros(text, path, context.program)
        if found is not None:
            yield Pin("attributed", path, span, f"the attribute `{found.group(1)}` depends on its signature")
    _, obscure = read_indices(context.program, symbol)
    for one in obscure:
        yield Pin("attributed", one.path, one.span, one.why)


def _declarations(symbol: Symbol, program: Program) -> Iterator[tuple[str, Span, str]]:
    """Yield path, place of the name and the text around the parameters of every declaration."""
    for definition in symbol.definitions:
        function = definition.function
        before = _before(program, definition.path, function.header.start)
        text = f"{before} {function.specifiers} {function.attributes}"
        yield definition.path, function.header.name_span, text
    for mention in symbol.prototypes:
        prototype = mention.prototype
        tail = program.facts[mention.path].masked[prototype.params.end : prototype.span.end]
        before = _before(program, mention.path, prototype.span.start)
        yield mention.path, prototype.name_span, f"{before} {prototype.specifiers} {tail}"


def _before(program: Program, path: str, start: int) -> str:
    """Return what stands between the last item and the declaration at *start*: attributes of its own."""
    masked = program.facts[path].masked
    return masked[behind_last_item(masked, start) : start]


def aliased(symbol: Symbol, context: PinContext) -> Iterator[Pin]:
    """Another declaration is an alias of it, and names it in a string."""
    for path, span in context.program.aliases.get(symbol.name, ()):
        if symbol.path in ("", path):
            yield Pin("attributed", path, span, "another name is an alias of it")


def _in_macros(text: str, path: str, program: Program) -> re.Match[str] | None:
    for word in WORD.findall(text):
        for macro in program.macros_by_name.get(word, ()):
            body = program.macros.raw_body(macro)
            found = _FIXED_ATTRIBUTES.search(body)
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


def shares_macro_name(symbol: Symbol, context: PinContext) -> Iterator[Pin]:
    """A macro of the same name may stand between a call and the function."""
    share_unit = context.program.includes.share_unit
    for macro in context.program.macros_by_name.get(symbol.name, ()):
        if any(share_unit(definition.path, macro.path) for definition in symbol.definitions):
            yield Pin("macro-namesake", macro.path, macro.macro.name_span, "a macro has the same name")
    for macro in context.program.macros_by_name.get("static", ()) if symbol.path else ():
        if share_unit(symbol.path, macro.path):
            yield Pin("macro-namesake", macro.path, macro.macro.name_span, "a macro is called `static`")


def shares_library_name(symbol: Symbol, context: PinContext) -> Iterator[Pin]:
    """The C library has a function of that name, which is meant wherever this definition is not compiled."""
    if not symbol.path and symbol.name in LIBRARY_NAMES:
        why = "where this definition is not compiled, the name means the function of the C library"
        yield Pin("library-namesake", *_home(symbol), why)


def made_by_macro(symbol: Symbol, context: PinContext) -> Iterator[Pin]:
    """A macro makes its name (``static void NAME(add)(int amount)``), so that its calls cannot be found."""
    if not symbol.name.isidentifier():
        yield Pin("pasted-name", *_home(symbol), f"a macro makes its name, {symbol.name}")


def returns_state(symbol: Symbol, context: PinContext) -> Iterator[Pin]:
    """It returns the state's type: it is an accessor of its own making, and would return its argument."""
    if context.state_type and any(
        same_type(definition.function.specifiers.replace("inline", ""), context.state_type)
        for definition in symbol.definitions
    ):
        yield Pin("accessor", *_home(symbol), "it returns the state, like an accessor")


def without_type(symbol: Symbol, context: PinContext) -> Iterator[Pin]:
    """A declaration stands where the parameter's type is not declared, and no line can declare it."""
    declared = [(d.path, d.function.header.name_span) for d in symbol.definitions]
    declared += [(m.path, m.prototype.name_span) for m in symbol.prototypes]
    for path, span in declared:
        why = context.type_hidden(path, span.start) if context.type_hidden else ""
        if why:
            yield Pin("type-not-visible", path, span, why)


def named_elsewhere(symbol: Symbol, context: PinContext) -> Iterator[Pin]:
    """A file of another language (assembler, C++, a linker script) names it."""
    if symbol.path:
        return  # a static function cannot be reached from there
    for path, words in context.program.foreign.items():
        if symbol.name in words:
            home, span = _home(symbol)
            yield Pin("named-elsewhere", home, span, f"{path} names it")


def named_beyond_reading(symbol: Symbol, context: PinContext) -> Iterator[Pin]:
    """Text that is not read names it: instructions of ``asm``, a word in two lines, a parameter's size."""
    place = context.unread.get(symbol.name)
    if place is not None:
        path, span, why = place
        is_seen = not symbol.path or path in context.program.obscure
        if is_seen or context.program.includes.share_unit(symbol.path, path):
            yield Pin("named-elsewhere", path, span, why)


def without_header(symbol: Symbol, context: PinContext) -> Iterator[Pin]:
    """Several headers under ``#if`` stand over one body and do not agree in shape."""
    for mention in symbol.prototypes:
        prototype = mention.prototype
        tail = context.program.facts[mention.path].masked[prototype.params.end : prototype.span.end - 1]
        if "(" not in tail and len(tail.split()) > 1:
            why = "what looks like a prototype is an old-style header of an #if branch"
            yield Pin("split-header", mention.path, prototype.name_span, why)
    for definition in symbol.definitions:
        findings = context.program.facts[definition.path].findings
        params = definition.function.header.params
        if any(f.code == "macro-parameters" and f.span.overlaps(params) for f in findings):
            why = "a macro makes its parameter list"
            yield Pin("split-header", definition.path, definition.function.header.name_span, why)
        if definition.function.old_style is not None and len(definition.function.headers) > 1:
            why = "several old-style headers share one body"
            yield Pin("split-header", definition.path, definition.function.header.name_span, why)


PIN_RULES: tuple[PinRule, ...] = (
    listed,
    exported,
    attributed,
    aliased,
    mentioned,
    called_from_outside,
    unprototyped,
    shares_macro_name,
    shares_library_name,
    made_by_macro,
    returns_state,
    without_type,
    named_elsewhere,
    named_beyond_reading,
    without_header,
    lists_by_name,
    undeclared_parameters,
    given_nothing,
    declared_by_type,
    empty_in_a_branch,
    shared_mention,
)


def find_pins(symbol: Symbol, context: PinContext) -> list[Pin]:
    """Return every reason to leave *symbol*'s signature alone."""
    return [pin for rule in PIN_RULES for pin in rule(symbol, context)]


def first_pin(symbol: Symbol, context: PinContext) -> Pin | None:
    """Return the first of the reasons that `find_pins` finds."""
    return next((pin for rule in PIN_RULES for pin in rule(symbol, context)), None)
