"""Find calls and mentions of names in masked text: a function's body, or a masked macro body."""

import re
from functools import lru_cache

from clew.scan.facts import Call, Mention, MentionKind
from clew.scan.items import find_open
from clew.scan.lexis import BLANKS, IDENTIFIER, NEVER_CALLED, SPACE, WORD_PART
from clew.scan.mask import is_word_part
from clew.text.span import Span

# Read from right to left, a parenthesis comes before its name, so that the search can skip from one
# parenthesis to the next; left to right it would have to try every word.
_PAREN_REVERSED = re.compile(rf"\)|\((?:{SPACE}*+({WORD_PART}++)({SPACE}*+(?:>-|\.(?!\.)))?)?")
# as well with the name in parentheses, ``(name)(...)``, which keeps a macro of that name from expanding
_NAME_REVERSED = re.compile(
    rf"\({SPACE}*+(?:\){SPACE}*+)*+({WORD_PART}++)({SPACE}*+(?:>-|\.(?!\.)))?(?:{SPACE}++({WORD_PART}++))?"
)
_CHOSEN = re.compile(rf"\){SPACE}*+\(")  # the callee is a value in parentheses, unless that is a cast
_AFTER_NAME = re.compile(rf"{SPACE}*+\(")
_MOST_ALTERNATIVES = 40


def find_calls(masked: str, span: Span, offset: int = 0) -> list[Call]:
    """List the calls ``name(...)`` within *span* of *masked*, in order of their names' places.

    Keywords are no calls, and neither are members (``p->f(x)``).  Macro invocations and block-scope
    prototypes are: telling them apart takes more than one file.  *close* is -1 where the parenthesis
    does not close within *span*.  *offset* is added to every place.
    """
    calls: list[Call] = []
    closers: list[int] = []  # those whose parenthesis is still to come, innermost last
    last = span.end - 1 + offset
    for match in _PAREN_REVERSED.finditer(masked[span.start : span.end][::-1]):
        name = match[1]
        if name is None:
            if match[0] == ")":
                closers.append(last - match.start())
            elif closers:
                closers.pop()
            continue
        close = closers.pop() if closers else -1
        name = name[::-1]
        if match[2] is None and name not in NEVER_CALLED and not name[0].isdigit():
            end = last - match.start(1) + 1
            calls.append(Call(name, Span(end - len(name), end), last - match.start(), close))
    calls.reverse()
    return calls


def called_names(masked: str, span: Span) -> set[str]:
    """Return the names of the calls that `find_calls` lists, and those that may be callees as well: names in
    parentheses before an argument list, ``(name)(...)``, ``(c ? name : other)(...)``, which may be a cast, or
    follow a condition; and a name before the name, ``name NOTHING(...)``, which may be a type."""
    body = masked[span.start : span.end]
    names: set[str] = set()
    for name, member, before in set(_NAME_REVERSED.findall(body[::-1])):
        names.add(before[::-1])
        if not member:
            names.add(name[::-1])
    for match in _CHOSEN.finditer(body):
        names.update(IDENTIFIER.findall(body, find_open(body, match.start()), match.start()))
    return {name for name in names if name and name not in NEVER_CALLED and not name[0].isdigit()}


def find_mentions(masked: str, span: Span, names: frozenset[str], offset: int = 0) -> list[Mention]:
    """List every occurrence of one of *names* as an identifier within *span* of *masked*.

    A name after ``.`` or ``->`` is a "member" even where a parenthesis follows it.  *offset* is added
    to every place.
    """
    mentions: list[Mention] = []
    if not names:
        return mentions
    for match in _pattern_for(names).finditer(masked, span.start, span.end):
        start, end = match.span()
        if match[0] in names and not (start and is_word_part(masked[start - 1])):
            kind = _kind_of(masked, start, end, span)
            mentions.append(Mention(match[0], Span(start + offset, end + offset), kind))
    return mentions


@lru_cache(maxsize=64)
def _pattern_for(names: frozenset[str]) -> re.Pattern[str]:
    """Return a pattern that finds *names* as whole words: quick for a few, any identifier for many."""
    if len(names) > _MOST_ALTERNATIVES:
        return IDENTIFIER
    words = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    return re.compile(rf"(?:{words})(?!{WORD_PART})")


def _kind_of(masked: str, start: int, end: int, span: Span) -> MentionKind:
    at = start - 1
    while at >= span.start and masked[at] in BLANKS:
        at -= 1
    if at >= span.start and masked[at] in ".>":
        before = masked[max(span.start, at - 1) : at]
        if (masked[at] == "." and before != ".") or (masked[at] == ">" and before == "-"):
            return "member"
    return "call" if _AFTER_NAME.match(masked, end, span.end) else "value"


def identifiers(masked: str) -> frozenset[str]:
    """Return every identifier (and keyword) that occurs in *masked*."""
    return frozenset(IDENTIFIER.findall(masked))
