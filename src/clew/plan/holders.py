"""Which variables can stand for the state at a use, and which local a parameter can replace."""

from collections.abc import Sequence

from clew.config.settings import State
from clew.detect.accessors import FetchSite
from clew.detect.body import Body, SiteKey, Use, Variant
from clew.detect.spelled_type import same_type
from clew.parse.flow import AddressOp, DeclareOp, Local, Statement, WriteOp
from clew.plan.declarator import declarator_span
from clew.text.record import record
from clew.text.span import Span


@record(order=True)
class Holder:
    """A local (or parameter) by name and place, the same in every variant."""

    declared_at: int
    name: str


def holders_at(body: Body, uses: Sequence[Use]) -> list[Holder]:
    """Return the locals that hold the current state at every one of *uses*, earliest first."""
    common: set[Holder] | None = None
    for use in uses:
        variant = body.variants[use.variant]
        here = {
            Holder(local.name_span.start, local.name)
            for index, local in enumerate(variant.flow.locals)
            if use.point.holds(index) and variant.scopes.resolve(local.name, use.at) == index
        }
        common = here if common is None else common & here
    return sorted(common or ())


@record()
class Binding:
    """A local that a fetch is bound to: by its initialiser, or by the only assignment to it.

    *statements* (or a declarator with its comma) go away when another variable of that name takes its place;
    *reassigned* tells that the
    local later takes other values.
    """

    holder: Holder
    key: SiteKey
    statements: tuple[Span, ...]
    scope: Span
    reassigned: bool


def find_bindings(body: Body, sites: dict[SiteKey, FetchSite], state: State) -> list[Binding]:
    """Return the removable bindings of *body*: the same in every variant that has them live."""
    by_key: dict[SiteKey, list[Binding | None]] = {}
    for variant in body.variants:
        for key, binding in _in_variant(body, variant, sites, state).items():
            by_key.setdefault(key, []).append(binding)
    found = [bindings[0] for bindings in by_key.values() if len(set(bindings)) == 1]
    return [binding for binding in found if binding is not None]


def _in_variant(
    body: Body, variant: Variant, sites: dict[SiteKey, FetchSite], state: State
) -> dict[SiteKey, Binding | None]:
    found: dict[SiteKey, Binding | None] = {}
    for index, local in enumerate(variant.flow.locals):
        if local.kind != "auto" or local.in_macro or not same_type(local.type, state.type):
            continue
        writes = [op for op in _ops(variant) if isinstance(op, WriteOp) and _means(variant, op, local, index)]
        binding = _by_initialiser(body, variant, local, sites, bool(writes)) or _by_assignment(
            body, variant, local, sites, writes
        )
        if binding is not None:
            escapes = any(
                isinstance(op, AddressOp) and _means(variant, op, local, index) for op in _ops(variant)
            )
            found[binding.key] = None if escapes else binding
    return found


def _ops(variant: Variant) -> list[object]:
    return [op for node in variant.flow.nodes for op in node.ops]


def _means(variant: Variant, op: WriteOp | AddressOp | DeclareOp, local: Local, index: int) -> bool:
    return op.name == local.name and variant.scopes.resolve(op.name, op.origin.span.start) == index


def _site_filling(body: Body, span: Span, sites: dict[SiteKey, FetchSite]) -> SiteKey | None:
    """Return the fetch that *span* consists of, blanks aside."""
    text = span.of(body.masked)
    start = span.start + len(text) - len(text.lstrip())
    site = sites.get((body.definition.path, start))
    if site is None or site.spelled.kind == "object":
        return None
    return (site.path, start) if site.span.end == span.start + len(text.rstrip()) else None


def _statement(variant: Variant, span: Span, kind: str) -> Statement | None:
    for statement in variant.flow.statements:
        if (
            statement.span == span
            and statement.kind == kind
            and statement.block >= 0
            and not statement.in_macro
        ):
            return statement
    return None


def _by_initialiser(
    body: Body, variant: Variant, local: Local, sites: dict[SiteKey, FetchSite], reassigned: bool
) -> Binding | None:
    if local.initialiser is None:
        return None
    key = _site_filling(body, local.initialiser, sites)
    statement = _statement(variant, local.statement, "declaration")
    if key is None or statement is None:
        return None
    span = statement.span if local.sole else declarator_span(body.masked, local)
    return None if span is None else _binding(local, key, (span,), reassigned=reassigned)


def _by_assignment(
    body: Body, variant: Variant, local: Local, sites: dict[SiteKey, FetchSite], writes: list[WriteOp]
) -> Binding | None:
    declaration = _statement(variant, local.statement, "declaration")
    if local.initialiser is not None or not local.sole or declaration is None or len(writes) != 1:
        return None
    at = writes[0].origin.span.start
    holding = [s for s in variant.flow.statements if s.kind == "expression" and at in s.span and s.block >= 0]
    if not holding or writes[0].origin.macros:
        return None
    statement = min(holding, key=lambda s: s.span.end - s.span.start)
    text = statement.span.of(body.masked)
    head, equals, tail = text.partition("=")
    if not equals or head.strip() != local.name or not tail.rstrip().endswith(";"):
        return None
    start = statement.span.start + len(head) + 1
    key = _site_filling(body, Span(start, statement.span.start + len(text.rstrip()) - 1), sites)
    if key is None:
        return None
    return _binding(local, key, (declaration.span, statement.span), reassigned=False)


def _binding(local: Local, key: SiteKey, spans: tuple[Span, ...], *, reassigned: bool) -> Binding:
    return Binding(Holder(local.name_span.start, local.name), key, spans, local.scope, reassigned)
