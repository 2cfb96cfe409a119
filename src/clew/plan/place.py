"""Where a boundary fetches.

One declaration serves as many uses as it can without making any path fetch that did not need the state
before: it stands before a statement from which every path reaches a use (the point is *down-safe*, the
condition of partial redundancy elimination: Morel and Renvoise, CACM 1979; Knoop, Ruething and Steffen,
PLDI 1992), and the state cannot change between it and the uses (the values analysis is run again with
the declaration in place).  Uses that no such statement serves pass the accessor themselves.
"""

from collections.abc import Collection, Iterable, Sequence
from itertools import takewhile
from typing import Literal, NamedTuple

from clew.detect.body import Body, SiteKey, Use, Variant
from clew.detect.twins import CHECK
from clew.detect.values import analyse
from clew.parse.flow import Statement
from clew.text.record import record
from clew.text.span import Span

_ENDS = frozenset({"return", "noreturn"})
_SIMPLE = frozenset({"expression", "return", "if", "while", "do", "for", "switch", "declaration", "compound"})


@record()
class Placement:
    """A declaration before the statement that starts at *at*, the uses that it serves, and the rest of its
    block, where it is visible."""

    at: int
    keys: frozenset[SiteKey]
    scope: Span


def place_fetches(
    body: Body,
    demands: dict[SiteKey, list[Use]],
    style: Literal["first-use", "entry"],
    binding: Collection[SiteKey],
) -> list[Placement]:
    """Return declarations that serve *demands* (uses of one function by site), in source order.

    A path that ends in a call that does not return counts like one that returns: it may be taken before the
    state can be fetched.  A declaration is worth while when it serves a call that needs the state, or more
    than one use; *binding* are the sites that already fetch into a local of their own, which alone need no
    other.
    """
    placements: list[Placement] = []
    left = dict(demands)
    tried = _Tried({}, set())
    for first in sorted(demands, key=lambda key: min(use.at for use in demands[key])):
        if first not in left:
            continue
        found = _place(body, first, left, style, tried)
        if found is None:
            del left[first]
            continue
        if not (len(found.keys) == 1 and found.keys <= set(binding)):
            placements.append(found)
        for key in found.keys:
            del left[key]
    return placements


class _Tried(NamedTuple):
    """What is known of starts that were tried: the sites that a declaration there serves, and those starts
    from which some path needs none of them.  Sites only leave, so that both stay true."""

    served: dict[int, set[SiteKey]]
    unsafe: set[int]


def _place(
    body: Body,
    first: SiteKey,
    left: dict[SiteKey, list[Use]],
    style: Literal["first-use", "entry"],
    tried: _Tried,
) -> Placement | None:
    """Find the outermost statement before which a declaration serves *first* (and others in *left*)."""
    for start in _candidate_starts(body, left[first], style):
        if start in tried.unsafe:
            continue
        if start not in tried.served:
            # Much quicker than to ask which it serves, and if all of them are too few, some are.
            if style != "entry" and not _down_safe(body, start, left.keys(), left):
                tried.unsafe.add(start)
                continue
            tried.served[start] = _served(body, start, left)
        if first not in tried.served[start]:
            continue
        keys = tried.served[start] & left.keys()
        if style == "entry" or _down_safe(body, start, keys, left):
            return Placement(start, frozenset(keys), _scope_from(body, start))
        tried.unsafe.add(start)
    return None


def _scope_from(body: Body, start: int) -> Span:
    for variant in body.variants:
        statement = _statement_at(variant, start)
        if statement is not None:
            return Span(start, variant.flow.blocks[statement.block].span.end)
    raise ValueError(f"no statement starts at {start}")


def _candidate_starts(body: Body, uses: Sequence[Use], style: str) -> Iterable[int]:
    """Yield starts of statements around the uses (or before them), from the outermost block inwards."""
    variant = body.variants[uses[0].variant]
    at = uses[0].at
    chain = [i for i, block in enumerate(variant.flow.blocks) if at in block.span]
    chain.sort(key=lambda i: variant.flow.blocks[i].span.start)
    for number in chain:
        statements = [variant.flow.statements[i] for i in variant.flow.blocks[number].statements]
        if style == "entry" and number == chain[0]:
            above = takewhile(lambda s: s.span.end <= at and _stays_above(body, s), statements)
            entry = next(iter(statements[len(list(above)) :]), None)
            if entry is not None and entry.span.start <= at and not entry.in_macro:
                yield entry.span.start
        holding = next((s for s in statements if at in s.span), None)
        if holding is not None and holding.kind in _SIMPLE and not holding.in_macro:
            yield holding.span.start


def _stays_above(body: Body, statement: Statement) -> bool:
    """Tell whether *statement*, at the start of a function, checks what that was given, which comes before
    anything is fetched; or a macro makes a declaration of it, before which none can be put."""
    if statement.kind == "declaration":
        return statement.in_macro
    name = statement.span.of(body.masked).partition("(")[0]
    return statement.kind == "expression" and name.strip() == CHECK


def _served(body: Body, start: int, left: dict[SiteKey, list[Use]]) -> set[SiteKey]:
    """Return the sites at which a declaration before the statement at *start* holds the current state."""
    served = set(left)
    for number, variant in enumerate(body.variants):
        here = {key: [u for u in uses if u.variant == number] for key, uses in left.items()}
        live = {key for key, uses in here.items() if uses}
        statement = _statement_at(variant, start)
        if statement is None:
            served -= live
            continue
        scope = variant.flow.blocks[statement.block].span
        binds = frozenset({(statement.node, statement.index)})
        analysis = analyse(variant.flow, body.question(variant.flow, binds))
        for key in live:
            for use in here[key]:
                point = analysis.before.get((use.node, use.index))
                if point is None or not point.holds("+") or not start <= use.at < scope.end:
                    served.discard(key)
    return served


def _statement_at(variant: Variant, start: int) -> Statement | None:
    for statement in variant.flow.statements:
        if statement.span.start == start and statement.block >= 0 and not statement.in_macro:
            if statement.kind in _SIMPLE:
                return statement
    return None


def _down_safe(body: Body, start: int, keys: Collection[SiteKey], left: dict[SiteKey, list[Use]]) -> bool:
    """Tell whether every path from the statement at *start* that ends reaches one of the uses *keys*."""
    for number, variant in enumerate(body.variants):
        statement = _statement_at(variant, start)
        if statement is None:
            continue
        spots = {(u.node, u.index) for key in keys for u in left[key] if u.variant == number}
        if not spots:
            return False
        if not _anticipated(variant, (statement.node, statement.index), spots):
            return False
    return True


def _anticipated(variant: Variant, point: tuple[int, int], spots: set[tuple[int, int]]) -> bool:
    """Tell whether every path from *point* that ends meets one of *spots*; one may go round for ever."""
    node, index = point
    using = {n for n, _ in spots}
    if any(n == node and i >= index for n, i in spots):
        return True
    seen: set[int] = set()
    todo = [node]
    while todo:
        current = todo.pop()
        block = variant.flow.nodes[current]
        if not block.successors and block.ends in _ENDS:
            return False
        for successor in block.successors:
            if successor not in seen and successor not in using:
                seen.add(successor)
                todo.append(successor)
    return True


def is_served(body: Body, placement: Placement, uses: list[Use]) -> bool:
    """Tell whether the declaration of *placement* also holds the current state at *uses*."""
    key = uses[0].key
    return bool(_served(body, placement.at, {key: uses}))
