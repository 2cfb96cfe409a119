"""Where the parameter goes: first, last, or behind the first parameter of a type.

The place is the same in every declaration of a function and in all its calls, or the function keeps its
signature.
"""

from collections.abc import Iterator

from clew.config.settings import State
from clew.detect.lists import is_silent
from clew.detect.parameters import read_parameters
from clew.detect.pin import Pin
from clew.detect.spelled_type import same_type
from clew.link.mentions import CallMention, Symbol
from clew.link.program import Definition, Program
from clew.scan.facts import Header
from clew.scan.lists import split_list
from clew.text.span import Span

AFTER = "after "


def choose_position(program: Program, state: State, symbol: Symbol) -> tuple[int, list[Pin]]:
    """Return the position of the new parameter of *symbol*, from 0 (-1: at the end), with what stands
    against it."""
    if state.position == "first":
        return 0, []
    if state.position == "last":
        return -1, _variadic(program, symbol, -1)
    wanted = state.position.removeprefix(AFTER)
    places = list(_places(program, symbol, wanted))
    position = places[0][2]
    pins = [
        Pin("place-unclear", path, span, f"not every declaration has `{wanted}` at the same place")
        for path, span, other in places
        if other != position
    ]
    if position:
        pins += [*_variadic(program, symbol, position), *_uncounted(program, symbol)]
    return position, pins


def _places(program: Program, symbol: Symbol, wanted: str) -> Iterator[tuple[str, Span, int]]:
    """Yield path, place of the name and position for every definition and prototype."""
    for definition in symbol.definitions:
        for header in definition.function.headers:
            if definition.function.old_style is not None:
                types = _old_style_types(program, definition)
            else:
                types = [one.type for one in read_parameters(program, definition.path, header)]
            yield definition.path, header.name_span, _behind(types, wanted)
    for mention in symbol.prototypes:
        if not is_silent(program, symbol, mention):
            prototype = mention.prototype
            header = Header(prototype.span.start, prototype.name_span, prototype.params)
            types = [one.type for one in read_parameters(program, mention.path, header)]
            yield mention.path, prototype.name_span, _behind(types, wanted)


def _behind(types: list[str], wanted: str) -> int:
    return next((number + 1 for number, one in enumerate(types) if same_type(one, wanted)), 0)


def _old_style_types(program: Program, definition: Definition) -> list[str]:
    """Return the types of the parameters of an old-style definition, in the order of its list of names."""
    code = program.facts[definition.path].masked
    declared = definition.function.old_style or Span(0, 0)
    types: dict[str, str] = {}
    start = declared.start
    while (end := code.find(";", start, declared.end)) >= 0:
        # as a list: the specifiers belong to the first declarator, and to those behind it
        specifiers = ""
        for span in split_list(code, Span(start - 1, end + 1)).spans:
            text = specifiers + span.of(code)
            name = text.split()[-1].lstrip("*") if text.split() else ""
            types[name] = text.removesuffix(name)
            specifiers = specifiers or text.removesuffix(name).rstrip("* \t\r\n") + " "
        start = end + 1
    names = (span.of(code) for span in split_list(code, definition.function.header.params).spans)
    return [types.get(name, "int") for name in names]


def _variadic(program: Program, symbol: Symbol, position: int) -> list[Pin]:
    """Return a pin for each definition in which the parameter would stand right before ``...``."""
    found = []
    for definition in symbol.definitions:
        code, header = program.facts[definition.path].masked, definition.function.header
        texts = [span.of(code) for span in split_list(code, header.params).spans]
        if "..." in texts and position in (-1, texts.index("...")):
            why = "its last parameter is `...`" if position < 0 else "`...` follows where it would go"
            found.append(Pin("variadic-last", definition.path, header.name_span, why))
    return found


def _uncounted(program: Program, symbol: Symbol) -> Iterator[Pin]:
    """Yield calls whose arguments are not as many as the parameters: a macro may stand for several."""
    first = symbol.definitions[0]
    code = program.facts[first.path].masked
    params = [span.of(code) for span in split_list(code, first.function.header.params).spans]
    least = len(params) - ("..." in params)
    for mention in symbol.calls:
        given = _count_arguments(program, mention)
        if given < least or (given > least and "..." not in params):
            why = f"a call seems to pass {given} arguments to its {least} parameters"
            yield Pin("place-unclear", mention.path, mention.call.name_span, why)


def _count_arguments(program: Program, mention: CallMention) -> int:
    start, end = mention.call.open, mention.call.close + 1
    if mention.macro is None:
        return len(split_list(program.facts[mention.path].masked, Span(start, end)).spans)
    base = mention.macro.macro.body.start
    return len(split_list(program.body_of(mention.macro), Span(start - base, end - base)).spans)
