"""Read what directives say: includes and macro definitions."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from clew.scan.facts import Directive, Include, Macro, ScanFinding
from clew.scan.lexis import BLANKS, SPLICE, WORD
from clew.scan.mask import find_fragment_oddities, has_splice, mask_fragment
from clew.text.span import Span

_GAP = rf"(?:[ \t\f\v\r]|{SPLICE}|/\*(?:[^*]++|\*(?!/))*+\*/)*+"
_INCLUDE = re.compile(rf"\#{_GAP}{WORD}{_GAP}(?:<([^>\n]*+)>|\"([^\"\n]*+)\")?")
_DEFINE = re.compile(rf"\#{_GAP}define{_GAP}({WORD})")
# the common case: the name, and a body on the same line without comments, literals or parameters
_PLAIN_DEFINE = re.compile(
    rf"\#[ \t]*+define[ \t]++({WORD})(?:[ \t]++([^ \t\r\n\f\v\\/\"'#][^\r\n\f\v\\/\"'#]*+))?+\Z"
)
_INCLUDES = frozenset(("include", "include_next", "import"))


def read_includes(text: str, directives: Iterable[Directive]) -> tuple[Include, ...]:
    """Return the includes among *directives*."""
    found = []
    for directive in directives:
        if directive.keyword in _INCLUDES:
            match = _INCLUDE.match(text, directive.span.start, directive.span.end)
            system, own = (match[1], match[2]) if match else (None, None)
            found.append(Include(system or own or "", system is not None, directive.span))
    return tuple(found)


class Defined(NamedTuple):
    """The macros of a file, and what is odd in their bodies."""

    macros: tuple[Macro, ...]
    findings: list[ScanFinding]


def read_macros(text: str, directives: Iterable[Directive]) -> Defined:
    """Return the macros that *directives* define; a ``#define`` without a name defines none."""
    macros: list[Macro] = []
    findings: list[ScanFinding] = []
    for directive in directives:
        if directive.keyword != "define":
            continue
        macro = _read_plain_macro(text, directive.span)
        if macro is None:
            macro = _read_macro(text, directive.span)
            if macro is None:
                continue
            findings += _find_oddities(text, macro)
        macros.append(macro)
    return Defined(tuple(macros), findings)


def _find_oddities(text: str, macro: Macro) -> list[ScanFinding]:
    """Return what is odd in the body of *macro*: literals that do not close, tokens split by a backslash."""
    body = macro.body.of(text)
    if body.count('"') & 1 or body.count("'") & 1 or ("\\" in body and has_splice(body)):
        return find_fragment_oddities(body, macro.body.start)
    return []


def _read_plain_macro(text: str, span: Span) -> Macro | None:
    plain = _PLAIN_DEFINE.match(text, span.start, span.end)
    if plain is None:
        return None
    start, end = plain.span(2)
    body = Span(start, end) if start >= 0 else Span(span.end, span.end)
    if text[end - 1] in " \t":
        return None
    return Macro(plain[1], Span(*plain.span(1)), None, False, body, False)


def _read_macro(text: str, span: Span) -> Macro | None:
    match = _DEFINE.match(text, span.start, span.end)
    if match is None:
        return None
    at, params, variadic = match.end(), None, False
    if text[at : at + 1] == "(" and at < span.end:
        close = text.find(")", at, span.end)
        close = span.end if close < 0 else close
        params, variadic = _read_params(text[at + 1 : close])
        at = min(close + 1, span.end)
    body = _trim(text, at, span.end)
    return Macro(match[1], Span(*match.span(1)), params, variadic, body, "##" in body.of(text))


def _read_params(text: str) -> tuple[tuple[str, ...], bool]:
    """Split a parameter list; ``...`` becomes ``__VA_ARGS__`` and ``rest...`` becomes ``rest``."""
    text = mask_fragment(text)
    if not text.strip(BLANKS):
        return (), False
    names = [name.strip(BLANKS) for name in text.split(",")]
    if not names[-1].endswith("..."):
        return tuple(names), False
    names[-1] = names[-1][:-3].rstrip(BLANKS) or "__VA_ARGS__"
    return tuple(names), True


def _trim(text: str, start: int, end: int) -> Span:
    """Return the span without the blanks around it (a splice at its start counts as a blank)."""
    piece = text[start:end]
    lead = _LEADING.match(piece)
    start += lead.end() if lead else 0
    return Span(start, max(start, start + len(text[start:end].rstrip(BLANKS))))


_LEADING = re.compile(rf"(?:[ \t\f\v\r]|{SPLICE})*+")
