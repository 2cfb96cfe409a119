"""Parameters of macros that are more than values in its body: assigned, or their address taken.

What is passed for them is changed by the macro, or may be changed later, although its text looks like a use.
"""

import re
from collections.abc import Iterable

_ASSIGNED = r"(?:\+\+|--)\s*(?:\(\s*)*{0}\b|\b{0}\s*(?:\)\s*)*(?:=(?!=)|[-+*/%&|^]=|<<=|>>=|\+\+|--)"
# a unary & follows an operator or a bracket that opens
_ADDRESSED = r"(?:\A|[^\w)\]&\s])\s*&\s*(?:\(\s*)*{0}\b(?!\s*(?:\)\s*)*(?:->|\.|\[))"


def assigns_parameter(body: str, params: Iterable[str] | None) -> bool:
    """Tell whether *body*, without comments and literals, may assign one of *params*."""
    return _matches(_ASSIGNED, body, params)


def addresses_parameter(body: str, params: Iterable[str] | None) -> bool:
    """Tell whether *body* may take the address of one of *params*."""
    return _matches(_ADDRESSED, body, params)


def _matches(pattern: str, body: str, params: Iterable[str] | None) -> bool:
    return any(re.search(pattern.format(re.escape(name)), body) for name in params or () if name in body)
