"""Mentions that only the control flow can tell apart from a call.

By the text alone, a call through a local variable of the same name and a declaration inside a function
(``extern void add(int amount);``) look like calls of the function.
"""

import re

from clew.link.mentions import CallMention, OtherMention, PrototypeMention, Symbol
from clew.link.program import Definition
from clew.parse.flow import Local
from clew.plan.problem import Problem
from clew.scan.facts import Prototype
from clew.text.span import Span

# A declarator follows its type, and no operator of expressions.
_OPERATORS = frozenset("=<>&|^!~+-/%?")
_KEYWORD = re.compile(r"\b(?:return|else|do|case|sizeof)\Z")
_LONGEST = 7  # characters of a keyword, and one before


def settle_mentions(problem: Problem, symbol: Symbol) -> None:
    """Sort the mentions of *symbol* anew: what means a local is dropped, what declares the function in a
    block becomes a prototype, and what is one or the other by ``#if`` counts as a use of its address.
    Once is enough, however often a problem is solved."""
    if symbol.settled:
        return
    symbol.settled = True
    doubtful = {
        index
        for index, definition in _around(symbol).items()
        if _is_doubtful(problem, symbol.name, definition)
    }
    symbol.others = [m for m in symbol.others if not _is_local(problem, symbol.name, m, doubtful)]
    calls, symbol.calls = symbol.calls, []
    for mention in calls:
        definition = mention.definition
        if definition is None or definition.index not in doubtful:
            symbol.calls.append(mention)
            continue
        _settle_call(problem, symbol, mention, definition)


def _around(symbol: Symbol) -> dict[int, Definition]:
    """Return the functions that mention *symbol*, by index."""
    found = [m.definition for m in symbol.calls] + [m.definition for m in symbol.others]
    return {definition.index: definition for definition in found if definition is not None}


def _is_doubtful(problem: Problem, name: str, definition: Definition) -> bool:
    """Tell whether *definition* mentions *name* in any way but plain calls, and behind operators."""
    text = definition.function.span.of(problem.program.facts[definition.path].masked)
    mentions = re.finditer(rf"{name}(?<!\w{name})\b\s*(\()?", text)
    doubtful = [
        match for match in mentions if not _is_plain(text, match.start(), is_call=match[1] is not None)
    ]
    return len(doubtful) > (definition.name == name)


def _is_plain(text: str, at: int, *, is_call: bool) -> bool:
    """Tell whether the mention of a name at the offset *at* declares nothing, for what stands before: an
    operator; before a call also other marks, a keyword or nothing."""
    while at and text[at - 1].isspace():
        at -= 1
    before = text[max(0, at - _LONGEST) : at]
    last = before[-1:]
    if last in _OPERATORS or not is_call:
        return last in _OPERATORS
    return not (last.isalnum() or last in ("_", "*")) or _KEYWORD.search(before) is not None


def _is_local(problem: Problem, name: str, mention: OtherMention, doubtful: set[int]) -> bool:
    if mention.kind != "value" or mention.definition is None or mention.definition.index not in doubtful:
        return False
    meant = _meanings(problem, mention.definition, name, mention.span.start)
    return bool(meant) and all(local is not None and _is_variable(local) for local in meant)


def _settle_call(problem: Problem, symbol: Symbol, mention: CallMention, definition: Definition) -> None:
    span = mention.call.name_span
    meant = _meanings(problem, definition, symbol.name, span.start)
    variables = [local is not None and _is_variable(local) for local in meant]
    if any(local is not None and local.name_span == span and local.kind == "function" for local in meant):
        params = Span(mention.call.open, mention.call.close + 1)
        prototype = Prototype(
            symbol.name, span, params, Span(span.start, params.end), static=False, specifiers=""
        )
        symbol.prototypes.append(PrototypeMention(mention.path, prototype))
    elif variables and all(variables):
        return  # a call through the local
    elif any(variables):
        symbol.others.append(OtherMention(mention.path, span, "value", definition))
    else:
        symbol.calls.append(mention)


def _is_variable(local: Local) -> bool:
    return local.kind not in ("function", "extern")


def _meanings(problem: Problem, definition: Definition, name: str, at: int) -> list[Local | None]:
    """Return what *name* means at *at*: a local (also at its own declarator) or None, in each variant that
    compiles the place."""
    found: list[Local | None] = []
    for variant in problem.body(definition).variants:
        if not any(at in span for span in variant.flow.live):
            continue
        own = [local for local in variant.flow.locals if local.name_span.start == at]
        index = variant.scopes.resolve(name, at)
        found.append(own[0] if own else None if index is None else variant.flow.locals[index])
    return found
