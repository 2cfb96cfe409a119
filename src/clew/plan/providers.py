"""States that a parameter carries: ``istate->repo``, ``revs->repo``.

The settings say which structures remember the state that they were made for; clew trusts them in that, and
checks that the parameter is still the one that came in, that the state did not change since, and that the
member can be seen.  A local that is the parameter by another name (``struct rev_info *revs = cb_data;``)
does as well.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from clew.config.settings import Settings, State
from clew.detect.body import Body, Use
from clew.detect.carriers import Carriers
from clew.detect.members import Members, path_members
from clew.detect.parameters import read_parameters
from clew.detect.spelled_type import same_type
from clew.link.program import Definition, Program
from clew.parse.flow import AddressOp, CallOp, Flow, Local, WriteOp
from clew.scan.lists import split_list
from clew.text.record import record


@record()
class Provider:
    """Parameters of the C type *type* carry the state at *path*, in which ``{}`` is the parameter.  *names*
    are the names that such a parameter must have to be trusted; None: any."""

    type: str
    path: str
    names: tuple[str, ...] | None


def read_providers(settings: Settings, state: State) -> Iterator[Provider]:
    """Yield the providers of *state*, the preferred first: none unless the settings trust parameters
    (``holders = "named"``) or ask for it (``prefer``), since a structure may well remember another state
    than the current one.  A parameter whose type is that of another state carries this one only where it is
    known to be that state, by its name."""
    if state.holders != "named" and state.prefer != "provided":
        return
    for text in state.provided:
        c_type, _, path = text.partition(":")
        others = [other for other in settings.states if same_type(other.type, c_type)]
        if any(other.holders != "named" for other in others):
            continue
        names = tuple(name for other in others for name in other.names) if others else None
        yield Provider(c_type.strip(), path.strip(), names)


def may_provide(program: Program, definition: Definition, providers: tuple[Provider, ...]) -> bool:
    """Tell whether a parameter of *definition* has a type that carries the state."""
    if not providers:
        return False
    found = read_parameters(program, definition.path, definition.function.header)
    return any(same_type(one.type, provider.type) for one in found for provider in providers)


def find_provided(
    providers: tuple[Provider, ...], carriers: Carriers, members: Members, body: Body, uses: list[Use]
) -> str:
    """Return the expression that a parameter provides at every one of *uses*, or ""."""
    if not providers or not all(use.point.at_entry_value for use in uses):
        return ""
    own = body.definition.function.header
    if not split_list(body.masked, own.params).spans:
        return ""
    for provider in providers:
        for variant in body.variants[:1]:
            for local in variant.flow.locals:
                if not same_type(local.type, provider.type) or not _came_in(body, local):
                    continue
                if provider.names is not None and local.name not in provider.names:
                    continue
                if _is_tested(body, local.name):
                    continue
                if _leads_there(provider, providers, carriers, members, body, local, uses):
                    return provider.path.format(local.name)
    return ""


def _leads_there(
    provider: Provider,
    providers: tuple[Provider, ...],
    carriers: Carriers,
    members: Members,
    body: Body,
    local: Local,
    uses: list[Use],
) -> bool:
    """Tell whether the path from *local* is seen at *uses*, and nothing on it changes in the function."""
    through = path_members(provider.path)
    at = min(use.at for use in uses)
    if _assigns_member(body, through) or not _is_constant(body, local, uses):
        return False
    if not members.sees_path(body.definition.path, at, provider.type, through):
        return False
    states = [one.type for one in providers if one.names is not None]
    links = [
        link
        for link in members.links(provider.type, through)
        if not any(same_type(link[0], state) for state in states)
    ]
    return not _is_overwritten(carriers, links, body, local, uses)


def provided_at_entry(providers: tuple[Provider, ...], program: Program, members: Members, body: Body) -> str:
    """Return the expression that a parameter provides to a wrapper of the function of *body*, or ""."""
    definition = body.definition
    parameters = read_parameters(program, definition.path, definition.function.header)
    for provider in providers:
        for parameter in parameters:
            named = provider.names is None or parameter.name in provider.names
            if not parameter.name or not named or not same_type(parameter.type, provider.type):
                continue
            at, through = definition.function.header.start, path_members(provider.path)
            seen = members.sees_path(definition.path, at, provider.type, through)
            if seen and not _is_tested(body, parameter.name):
                return provider.path.format(parameter.name)
    return ""


def _came_in(body: Body, local: Local) -> bool:
    """Tell whether *local* is a parameter, or starts as one that keeps its value."""
    if local.kind == "parameter":
        return True
    if local.kind != "auto" or local.initialiser is None or local.in_macro:
        return False
    name = local.initialiser.of(body.masked).strip()
    kinds = {one.kind for variant in body.variants for one in variant.flow.locals if one.name == name}
    return kinds == {"parameter"} and not any(_is_written(v.flow, name) for v in body.variants)


def _assigns_member(body: Body, through: list[str]) -> bool:
    """Tell whether the function assigns a member of one of the names *through*: the path leads elsewhere
    then, or not there yet."""
    span, names = body.definition.function.body, "|".join(through)
    return (
        re.compile(rf"(?:->|\.)\s*(?:{names})\s*=(?!=)").search(body.masked, span.start, span.end) is not None
    )


def _is_overwritten(
    carriers: Carriers, links: Sequence[tuple[str, str]], body: Body, local: Local, uses: list[Use]
) -> bool:
    """Tell whether what *local* points to may be freed or filled anew before one of *uses*: it is assigned
    as a whole, or an operation before does so to one of *links*, structures of the path with their members.
    Of another state (no links) that is a matter of its changers, unless it goes to what the tree has not."""
    names = {local.name}
    if local.kind != "parameter" and local.initialiser is not None:
        names.add(local.initialiser.of(body.masked).strip())
    span, path = body.definition.function.body, body.definition.path
    if any(_whole_assignment(name).search(body.masked, span.start, span.end) for name in names):
        return True
    if any(carriers.is_refilled_in(*link, body.definition) for link in links):
        return True
    for number, variant in enumerate(body.variants):
        spots = [(use.node, use.index) for use in uses if use.variant == number]
        for node, block in enumerate(variant.flow.nodes):
            after: set[int] | None = None
            for index, op in enumerate(block.ops):
                if not isinstance(op, CallOp):
                    continue
                if after is None:
                    after = variant.flow.reached(block.successors)
                if any(n in after or (n == node and i > index) for n, i in spots) and (
                    any(carriers.may_refill(*link, path, op, names) for link in links)
                    or carriers.is_given_away(op, names)
                ):
                    return True
    return False


@lru_cache(maxsize=1_000)
def _whole_assignment(name: str) -> re.Pattern[str]:
    """Return the pattern of ``*p = x``, which is no declaration."""
    dereferenced = rf"\*[\s(*&]*(?:\([^()]*\*\s*\)[\s(]*)?{name}\b(?:\s*[-+]\s*\w+)?\s*\)*"
    return re.compile(
        rf"(?:[;{{}}(),:=]|\b(?:else|do))\s*{dereferenced}\s*=(?!=)|\b{name}\s*\[[^\]]*\]\s*=(?!=)"
    )


def _is_tested(body: Body, name: str) -> bool:
    """Tell whether the function asks whether the pointer *name* is null: then it may be, and must not be
    followed where the function does not."""
    return (
        _null_test(name).search(
            body.masked, body.definition.function.body.start, body.definition.function.body.end
        )
        is not None
    )


@lru_cache(maxsize=1_000)
def _null_test(name: str) -> re.Pattern[str]:
    """Return the pattern of `!p`, `p == NULL`, `NULL == p`, and of *name* alone as a condition."""
    alone = rf"(?<![\w.>]){name}\b(?!\s*(?:->|\.|\[|\())"
    null = r"(?:NULL|0)\b"
    condition = rf"(?:\b(?:if|while)\s*\(|&&|\|\|)\s*{alone}\s*(?:\)|&&|\|\|)"
    return re.compile(
        rf"!\s*{alone}|{alone}\s*[!=]=\s*{null}|{null}\s*[!=]=\s*{alone}|{condition}|{alone}\s*(?:&&|\|\||\?)"
    )


def _is_constant(body: Body, local: Local, uses: list[Use]) -> bool:
    """Tell whether the name of *local* means it at *uses*, and only its declaration gives it a value."""
    for use in uses:
        variant = body.variants[use.variant]
        meant = variant.scopes.resolve(local.name, use.at)
        if meant is None or variant.flow.locals[meant].name_span != local.name_span:
            return False
    return not any(_is_written(variant.flow, local.name) for variant in body.variants)


def _is_written(flow: Flow, name: str) -> bool:
    return any(
        isinstance(op, WriteOp | AddressOp) and op.name == name and not op.member
        for node in flow.nodes
        for op in node.ops
    )
