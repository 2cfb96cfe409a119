"""Which parameters of the state's type are the current state.

A parameter is trusted when the settings say so (``holders = "named"``), or when it is proved: every
mention of the function is a call, and every call passes a value that is the current state at that
point.  The proof starts by trusting all candidates and drops those that some call contradicts, until
nothing changes: a greatest fixed point, so that functions which hand the state to each other in a circle
keep it.
"""

import re
from collections.abc import Callable, Iterable
from fnmatch import fnmatchcase

from clew.config.settings import Settings, State
from clew.detect.body import Body, Use
from clew.link.mentions import MentionIndex, Symbol, symbol_key
from clew.link.program import WORD, Definition, Program
from clew.link.resolve import Resolver
from clew.parse.flow import CallOp
from clew.scan.lists import split_list
from clew.text.record import record
from clew.text.span import Span

Key = tuple[str, str]

_MEMBERS = r"(?:\s*(?:->|\.)\s*[A-Za-z_]\w*)"
_OTHER = re.compile(rf"[A-Za-z_]\w*{_MEMBERS}+|&\s*[A-Za-z_]\w*{_MEMBERS}*")


@record()
class Proof:
    """What the proof needs: the program, and bodies analysed under given trusted parameters."""

    program: Program
    resolver: Resolver
    settings: Settings
    state: State
    parameters: Callable[[Definition], dict[int, str]]
    body: Callable[[Definition, frozenset[int]], Body]
    called_otherwise: Callable[[str], bool]  # by a name that is not its own, or that a macro makes


def named_holder(definition: Definition, state: State, parameters: dict[int, str]) -> frozenset[int]:
    """Return the first parameter that has one of the state's names, unless the settings except it."""
    if any(fnmatchcase(definition.name, pattern) for pattern in state.others):
        return frozenset()
    return frozenset([i for i, name in parameters.items() if name in state.names][:1])


def prove_holders(proof: Proof, roots: Iterable[Definition]) -> dict[Key, int]:
    """Return the position of the proved parameter for each symbol, among *roots* and their callers."""
    symbols = _gather(proof, list(roots))
    trusted = {key: next(iter(proof.parameters(s.definitions[0]))) for key, s in symbols.items()}
    trusted = {k: at for k, at in trusted.items() if not _is_refuted(proof.program, symbols[k], at)}
    while True:
        failed = [key for key in trusted if not _is_proved(proof, symbols[key], trusted)]
        if not failed:
            return trusted
        for key in failed:
            del trusted[key]


def _gather(proof: Proof, waiting: list[Definition]) -> dict[Key, Symbol]:
    """Collect the symbols that can be proved at all: one parameter of the type, known by calls alone."""
    index = MentionIndex(proof.program, proof.resolver)
    known: dict[Key, Symbol] = {}
    tried: set[Key] = set()
    while waiting:
        fresh = [d for d in waiting if symbol_key(d) not in tried and len(proof.parameters(d)) == 1]
        tried |= {symbol_key(d) for d in waiting}
        waiting = []
        for key, symbol in index.collect(fresh).items() if fresh else ():
            if _is_provable(proof, symbol):
                known[key] = symbol
                waiting += [call.definition for call in symbol.calls if call.definition is not None]
    return known


def _is_provable(proof: Proof, symbol: Symbol) -> bool:
    marks = set(proof.settings.export_macros)
    specifiers = [d.function.specifiers for d in symbol.definitions]
    specifiers += [m.prototype.specifiers for m in symbol.prototypes]
    exported = any(not marks.isdisjoint(text.replace("(", " ").split()) for text in specifiers)
    listed = any(fnmatchcase(symbol.name, pattern) for pattern in proof.settings.pinned)
    in_macro = any(call.definition is None for call in symbol.calls)
    positions = {tuple(proof.parameters(definition)) for definition in symbol.definitions}
    other = symbol.others or in_macro or exported or listed or proof.called_otherwise(symbol.name)
    return bool(symbol.calls) and not other and len(positions) == 1


def _is_refuted(program: Program, symbol: Symbol, position: int) -> bool:
    """Tell whether the text of some call shows, without parsing it, that it passes another value: a member,
    or an address, of something that no macro makes."""
    if symbol.name in program.macros_by_name:
        return False
    for mention in symbol.calls:
        masked = program.facts[mention.path].masked
        spans = split_list(masked, Span(mention.call.open, mention.call.close + 1)).spans[: position + 1]
        texts = [span.of(masked) for span in spans]
        words = {word for text in texts for word in WORD.findall(text)}
        if len(texts) > position and _OTHER.fullmatch(texts[position]):
            if not any(word in program.macros_by_name for word in words):
                return True
    return False


def _is_proved(proof: Proof, symbol: Symbol, trusted: dict[Key, int]) -> bool:
    position = trusted[symbol.key]
    for mention in symbol.calls:
        caller = mention.definition
        if caller is None:
            return False
        own = trusted.get(symbol_key(caller))
        body = proof.body(caller, frozenset() if own is None else frozenset({own}))
        if not body.parsed.parsed:
            return False
        at = mention.call.name_span.start
        uses = [use for use in body.calls_of(symbol.name) if use.at == at]
        if not uses or not all(_passes_current(body, use, position) for use in uses):
            return False
    return True


def _passes_current(body: Body, use: Use, position: int) -> bool:
    if not isinstance(use.op, CallOp) or position >= len(use.op.args) or use.spoiled or use.point.scrambled:
        return False
    return body.operand_value(use, use.op.args[position]) == use.point.environment["@"]
