"""Pins for lists of parameters and arguments that are not what they look like, or not everywhere."""

import re
from collections.abc import Iterator

from clew.detect.pin import Pin, PinContext
from clew.link.mentions import CallMention, PrototypeMention, Symbol
from clew.link.program import Program
from clew.parse.standard import STANDARD_TYPES
from clew.scan.lexis import TYPE_WORDS
from clew.scan.lists import split_list
from clew.text.span import Span

_ONE_MACRO = re.compile(r"\s*([A-Za-z_]\w*)\s*(?:\(.*\)\s*)?", re.DOTALL)
_CONDITIONAL = re.compile(r"^[ \t]*#[ \t]*(if|el|end)\w*.*\n?", re.MULTILINE)


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


def shared_mention(symbol: Symbol, context: PinContext) -> Iterator[Pin]:
    """A header declares or calls a static function of which each file that includes it has its own."""
    others = {d.path for d in context.program.definitions_by_name[symbol.name]} - {symbol.path}
    if not symbol.path or not others:
        return
    places = [(m.path, m.prototype.name_span) for m in symbol.prototypes]
    places += [(m.path, m.call.name_span) for m in symbol.calls]
    for header, span in dict.fromkeys(place for place in places if place[0] != symbol.path):
        for path in sorted(others.intersection(context.program.includes.including(header))):
            yield Pin("ambiguous", header, span, f"{path} has a function of its own for what stands here")


def empty_in_a_branch(symbol: Symbol, context: PinContext) -> Iterator[Pin]:
    """A list of its parameters, or of a call's arguments, is empty or ``void`` in some ``#if`` branch."""
    program = context.program
    places = [(d.path, header.params) for d in symbol.definitions for header in d.function.headers]
    places += [(m.path, m.prototype.params) for m in symbol.prototypes]
    places += [(m.path, Span(m.call.open, m.call.close + 1)) for m in symbol.calls if m.macro is None]
    for path, span in places:
        if "#" in span.of(program.facts[path].masked) and _may_be_empty(program, path, span):
            yield Pin("split-header", path, span, "an #if branch leaves nothing in the list")


def _may_be_empty(program: Program, path: str, span: Span) -> bool:
    """Tell whether the parentheses at *span* hold nothing, or ``void``, under some condition."""
    masked, text = program.facts[path].masked, program.sources[path].text
    outside, branches, depth, has_else = "", [""], 0, True
    at = span.start + 1
    for match in _CONDITIONAL.finditer(text, span.start, span.end):
        piece, at = masked[at : match.start()], match.end()
        if depth == 0:
            outside += piece
        else:
            branches[-1] += piece
        depth += {"if": 1, "end": -1}.get(match[1], 0)
        if (depth, match[1]) == (1, "if"):
            branches, has_else = [""], False
        elif (depth, match[1]) == (1, "el"):
            branches.append("")
            has_else = has_else or match[0].split("#")[1].split()[0] == "else"
        elif depth == 0 and match[1] == "end" and has_else and all(map(_is_something, branches)):
            return False  # some element is there, whatever holds
    return not _is_something(outside + masked[at : span.end - 1])


def _is_something(text: str) -> bool:
    return text.strip(" \t\r\n\\,") not in ("", "void")
