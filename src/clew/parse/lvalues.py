"""Parameters of macros that are more than values in its body: assigned, or their address taken.

What is passed for them is changed by the macro, or may be changed later, although its text looks like a use.
"""

import re
from collections.abc import Iterable

_NAME = r"([A-Za-z_]\w*)\b"
_INCREASED = re.compile(rf"(?:\+\+|--)\s*(?:\(\s*)*{_NAME}")
_ASSIGNED = re.compile(rf"\b{_NAME}\s*(?:\)\s*)*(?:=(?!=)|[-+*/%&|^]=|<<=|>>=|\+\+|--)")
_CALLED = re.compile(rf"{_NAME}\s*(?:\)\s*)*\(")
# a unary & follows an operator or a bracket that opens
_ADDRESSED = re.compile(rf"(?:\A|[^\w)\]&\s])\s*&\s*(?:\(\s*)*{_NAME}(?!\s*(?:\)\s*)*(?:->|\.|\[))")


def assigned_names(body: str) -> set[str]:
    """Return the names that *body*, without comments and literals, may assign."""
    if "=" not in body and "++" not in body and "--" not in body:
        return set()
    return {*_ASSIGNED.findall(body), *_INCREASED.findall(body)}


def addressed_names(body: str) -> set[str]:
    """Return the names whose address *body* may take."""
    return set(_ADDRESSED.findall(body)) if "&" in body else set()


def calls_parameter(body: str, params: Iterable[str] | None) -> bool:
    """Tell whether *body* calls one of *params*."""
    return not set(_CALLED.findall(body)).isdisjoint(params or ())


def addresses_parameter(body: str, params: Iterable[str] | None) -> bool:
    """Tell whether *body* may take the address of one of *params*."""
    return not addressed_names(body).isdisjoint(params or ())
