"""Why a function's signature must not change: one rule per reason.

Each rule looks at a symbol with all its mentions and returns the pins it finds: a code of the catalogue,
the place that proves it, and a sentence.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from clew.config.settings import Settings
from clew.detect.attributes import read_indices
from clew.detect.spelled_type import same_type
from clew.link.mentions import CallMention, PrototypeMention, Symbol
from clew.link.program import WORD, Program
from clew.parse.library_names import LIBRARY_NAMES
from clew.parse.standard import STANDARD_TYPES
from clew.scan.lexis import TYPE_WORDS
from clew.scan.lists import split_list
from clew.text.span import Span

_FIXED_ATTRIBUTES = re.compile(r"\b_{0,2}(alias|weak|constructor|destructor|ifunc|interrupt|weakref)_{0,2}\b")
_ONE_MACRO = re.compile(r"\s*([A-Za-z_]\w*)\s*(?:\(.*\)\s*)?", re.DOTALL)
_SINCE_LAST_ITEM = re.compile(r"[^;}#]*\Z")


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
    any_linkage: bool = False  # may exported functions change as well?
    state_type: str = ""  # the parameter's type
    # says why the parameter's type cannot be named at an offset of a file ("" if it can)
    type_hidden: Callable[[str, int], str] | None = None
    unread: Mapping[str, tuple[str, Span, str]] = field(default_factory=dict)  # see `words_beyond_reading`


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
    found = _SINCE_LAST_ITEM.search(program.facts[path].masked, max(0, start - 400), start)
    return found.group() if found else ""


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


def unprototyped(symbol: Symbol, context: PinContext) -> Iterator[Pin]:
    """A declaration ``f()`` says nothing of the parameters, and a call has not as many arguments as the
    definition has parameters: no compiler would notice that the state ends up in another's place."""
    headers = [(d.path, d.function.header.params) for d in symbol.definitions]
    declared = headers + [(m.path, m.prototype.params) for m in symbol.prototypes]
    old = any(d.function.old_style is not None for d in symbol.definitions)
    if not old and all(
        _count(context.program, *one) or _says_void(context.program, *one) for one in declared
    ):
        return
    wanted = max(_count(context.program, *one) for one in headers)
    for call in symbol.calls:
        given = _count_arguments(context.program, call)
        if given != wanted:
            why = (
                f"a call passes {given} arguments to its {wanted} parameters, and no prototype compares them"
            )
            yield Pin("unprototyped", call.path, call.call.name_span, why)


def _says_void(program: Program, path: str, params: Span) -> bool:
    return params.of(program.facts[path].masked)[1:-1].strip() == "void"


def _count(program: Program, path: str, params: Span) -> int:
    """Return the number of parameters; a variadic list has as many as no call meets."""
    found = [
        span.of(program.facts[path].masked) for span in split_list(program.facts[path].masked, params).spans
    ]
    return 0 if found == ["void"] else 1_000 if "..." in found else len(found)


def _count_arguments(program: Program, mention: CallMention) -> int:
    start, end = mention.call.open, mention.call.close + 1
    if mention.macro is None:
        return len(split_list(program.facts[mention.path].masked, Span(start, end)).spans)
    base = mention.macro.macro.body.start
    return len(split_list(program.body_of(mention.macro), Span(start - base, end - base)).spans)


def is_silent(program: Program, symbol: Symbol, mention: PrototypeMention) -> bool:
    """Tell whether a declaration says nothing of the parameters that the function has: it stays as it is."""
    if _count(program, mention.path, mention.prototype.params) or _says_void(
        program, mention.path, mention.prototype.params
    ):
        return False
    return any(_count(program, d.path, d.function.header.params) for d in symbol.definitions)


def lists_by_name(symbol: Symbol, context: PinContext) -> Iterator[Pin]:
    """Its parameter list is one word that stands for no parameter, or for any (``f(VOID)``)."""
    program = context.program
    places = [(d.path, d.function.header.params) for d in symbol.definitions]
    places += [(m.path, m.prototype.params) for m in symbol.prototypes]
    for path, params in places:
        word = params.of(program.facts[path].masked)[1:-1].strip()
        if (
            word != "void"
            and word.isidentifier()
            and (word in program.macros_by_name or _is_void(program, word))
        ):
            yield Pin("split-header", path, params, f"{word} stands for its parameter list")


def undeclared_parameters(symbol: Symbol, context: PinContext) -> Iterator[Pin]:
    """An old-style definition declares none of its parameters, ``f(a) {...}``: there is no place for one."""
    program = context.program
    for definition in symbol.definitions:
        if definition.function.old_style is None:
            params = definition.function.header.params
            masked = program.facts[definition.path].masked
            words = [span.of(masked).strip() for span in split_list(masked, params).spans]
            if words and all(word.isidentifier() and _is_no_type(program, word) for word in words):
                yield Pin("split-header", definition.path, params, "its parameters are not declared")


def _is_no_type(program: Program, word: str) -> bool:
    is_known = word in program.typedefs or word in program.macros_by_name or word in STANDARD_TYPES
    return not is_known and word not in TYPE_WORDS


def given_nothing(symbol: Symbol, context: PinContext) -> Iterator[Pin]:
    """A call's only argument is a macro that may stand for no argument at all."""
    program = context.program
    for mention in symbol.calls:
        start, end = mention.call.open + 1, mention.call.close
        if mention.macro is None:
            argument = program.masked(mention.path)[start:end]
        else:
            base = mention.macro.macro.body.start
            argument = program.body_of(mention.macro)[start - base : end - base]
        found = _ONE_MACRO.fullmatch(argument)
        if found is not None and any(
            not program.macros.raw_body(one).strip() for one in program.macros_by_name.get(found[1], ())
        ):
            yield Pin("unseen-call", mention.path, mention.call.name_span, f"{found[1]} may be no argument")


def _is_void(program: Program, name: str) -> bool:
    """Tell whether *name* is a typedef of ``void``."""
    if name not in program.typedefs:
        return False
    return any(
        typedef.name == name and typedef.span.of(program.facts[path].masked).split()[1:2] == ["void"]
        for path in program.paths_with(name)
        for typedef in program.facts[path].typedefs
    )


def declared_by_type(symbol: Symbol, context: PinContext) -> Iterator[Pin]:
    """A declaration names a type for the whole of it (``static Handler f;``), and says no parameters."""
    if symbol.name not in context.program.variables:
        return
    share_unit = context.program.includes.share_unit
    for path in context.program.paths_with(symbol.name):
        if symbol.name not in context.program.outlines[path].globals:
            continue
        is_seen = not symbol.path or share_unit(symbol.path, path)
        at_home = any(share_unit(definition.path, path) for definition in symbol.definitions)
        for one in context.program.facts[path].globals if is_seen else ():
            is_variable = one.initialiser is not None or (one.static and not at_home)
            if one.name == symbol.name and not is_variable:
                yield Pin("split-header", path, one.name_span, "a type stands for its declaration")


def shares_macro_name(symbol: Symbol, context: PinContext) -> Iterator[Pin]:
    """A macro of the same name may stand between a call and the function."""
    share_unit = context.program.includes.share_unit
    for macro in context.program.macros_by_name.get(symbol.name, ()):
        if any(share_unit(definition.path, macro.path) for definition in symbol.definitions):
            yield Pin("macro-namesake", macro.path, macro.macro.name_span, "a macro has the same name")


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
)


def find_pins(symbol: Symbol, context: PinContext) -> list[Pin]:
    """Return every reason to leave *symbol*'s signature alone."""
    return [pin for rule in PIN_RULES for pin in rule(symbol, context)]


def first_pin(symbol: Symbol, context: PinContext) -> Pin | None:
    """Return the first of the reasons that `find_pins` finds."""
    return next((pin for rule in PIN_RULES for pin in rule(symbol, context)), None)
