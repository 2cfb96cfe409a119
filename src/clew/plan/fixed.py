"""Fetches that stay whatever variable is at hand: what they say is that they fetch.

A fetch that is compared with the very variable that would replace it checks that variable (``assert(ts ==
state_get())``); one in the initialiser of a ``static`` local must be a constant; the text of one that a macro
turns into a string shows.
"""

import re
from collections.abc import Collection

from clew.detect.accessors import FetchSite
from clew.detect.body import Body
from clew.detect.stringify import Stringifying

_OPERAND = r"\b[A-Za-z_]\w*(?:\s*(?:->|\.)\s*[A-Za-z_]\w*)*"
_BEFORE = re.compile(rf"({_OPERAND})\s*[!=]=\s*\Z")
_AFTER = re.compile(rf"\s*[!=]=\s*({_OPERAND})")
_LAST_NAME = re.compile(r"\w+\Z")
_MEMBERS = re.compile(r"(?:\s*(?:->|\.)\s*\w+|\s*\[)+")
_BOUND = re.compile(r"\b([A-Za-z_]\w*)\s*=\s*\Z")


def fixed_reason(
    site: FetchSite, body: Body, stringifying: Stringifying, others: Collection[str]
) -> tuple[str, str] | None:
    """Return code and words when the fetch at *site* in *body* has to stay; *others* are parameters that
    bring another state than the current one, by the settings."""
    if any(
        local.kind == "static" and local.initialiser is not None and site.span.start in local.initialiser
        for variant in body.variants
        for local in variant.flow.locals
    ):
        return "static-initialiser", "the initialiser of a static local must be a constant"
    if macro := stringifying.around(site.path, site.span.start):
        return "stringified", f"the macro {macro} turns the text of its argument into a string"
    if checked := sorted(compared_names(body.masked, site).intersection(others)):
        return "compared", f"it asks whether {checked[0]} is the current state"
    return None


def compared_names(masked: str, site: FetchSite) -> set[str]:
    """Return what the fetch at *site* is compared with by ``==`` or ``!=``: identifiers, and paths like
    ``revs->repo`` with their last name."""
    before = _BEFORE.search(masked, max(0, site.span.start - 100), site.span.start)
    after = _AFTER.match(masked, site.span.end)
    operands = {"".join(match.group(1).split()) for match in (before, after) if match is not None}
    return operands | {name.group() for one in operands if (name := _LAST_NAME.search(one))}


def is_compared(masked: str, site: FetchSite, held: str) -> bool:
    """Tell whether the fetch at *site* is compared with *held*, a variable or a path such as ``x->repo``."""
    if held in compared_names(masked, site):
        return True
    before = "".join(masked[max(0, site.span.start - 100) : site.span.start].split())
    after = "".join(masked[site.span.end : site.span.end + 100].split())
    path = "".join(held.split())
    return any(before.endswith(path + sign) or after.startswith(sign + path) for sign in ("==", "!="))


def bound_name(masked: str, site: FetchSite, paths: Collection[str] | None = None) -> str:
    """Return the variable that the fetch at *site*, or a member of it, is assigned to, or "".  With *paths*
    (``{}->interp``) only these members count, those that are other states."""
    members = _MEMBERS.match(masked, site.span.end)
    if members is not None and paths is not None and "{}" + "".join(members.group().split()) not in paths:
        return ""
    found = _BOUND.search(masked, max(0, site.span.start - 100), site.span.start)
    return found.group(1) if found is not None else ""
