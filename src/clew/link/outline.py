"""What whole-tree questions have to know of one file: names, and who mentions which.

All facts of a file take several times the space of its text.  An outline takes a tenth of it: enough to find
the files that matter for a question, whose facts are then made (again, if need be).  It goes from process to
process as few plain strings and tuples, which cost little to send.
"""

import re
from array import array

from clew.parse.conditions import Conditionals
from clew.scan import called_names
from clew.scan.facts import FileFacts, Macro, ScanFinding
from clew.scan.lexis import WORD_PART, words_of
from clew.scan.mask import CONDITIONALS
from clew.text.lazy import content_digest
from clew.text.record import record
from clew.text.source import SourceText
from clew.text.span import Span

# A macro with such a body names nothing: most of the macros of a driver's headers are numbers.
_NUMBER = re.compile(r"[\s(]*[-~]?(?:0[xX][0-9a-fA-F]+|[0-9]+)[uUlL]*[\s)]*\Z")
# by their word, which the search can skip to
ALIASES = {
    word: re.compile(rf'{word}(?:(?<=\b{word})|(?<=\b_{word})|(?<=\b__{word}))_{{0,2}}\s*\(\s*"(\w+)"')
    for word in ("alias", "ifunc", "weakref")
}
ALIASES |= {  # `#pragma weak other = name`, also as `_Pragma("...")`
    word: re.compile(rf'ragma\s*(?:\(\s*")?\s*{word}\s+\w+{between}(\w+)')
    for word, between in {"weak": r"\s*=\s*", "redefine_extname": r"\s+"}.items()
}
# Directives that name no function: their words do not count.
QUIET_DIRECTIVES = words_of("include error warning") | CONDITIONALS | {""}

_APART = bytes(code if re.match(WORD_PART, chr(code)) else 0x20 for code in range(256))
_NINE, _DOLLAR = ord("9"), ord("$")

PackedMacro = tuple[str, int, tuple[str, ...] | None, bool, int, int, bool]
Conditions = tuple[tuple[str, bool, bool], ...]  # key, value that holds, whether the file defines the key


@record()
class Details:
    """What an outline has beside, where the text and the facts of the file are not kept."""

    digest: bytes  # of the content
    calls: str  # a line for each function: the names that it calls
    words: str  # every identifier outside comments, literals and conditions, between line feeds
    aliases: tuple[tuple[str, int, int], ...]  # see `find_aliases`
    conditions: tuple[Conditions, ...]  # around each include
    spans: bytes  # start, end, and start of the body of each function, as unsigned integers
    loud: tuple[tuple[int, int], ...]  # the places of directives that may name functions, macros aside


@record()
class Outline:
    """*static* and *specifiers* go with *functions*: a 1 for one that is static by its text, and for others
    the specifiers, in which a macro may say so.  *macros* are those that take parameters or name something,
    with their number in the file and the text of their body, *constants* the names of the others, on a line
    each."""

    path: str
    size: int
    includes: tuple[tuple[str, int], ...]  # target and offset
    functions: tuple[str, ...]
    static: bytes
    specifiers: tuple[str, ...]
    macro_count: int
    macros: tuple[tuple[int, Macro | PackedMacro, str], ...]
    constants: str
    globals: tuple[str, ...]
    typedefs: tuple[str, ...]
    findings: tuple[ScanFinding, ...]
    details: Details | None = None


def outline_of(source: SourceText, facts: FileFacts, *, detailed: bool = False) -> Outline:
    """Return the outline of a file; a *detailed* one is made to be sent and to stand for the facts."""
    text, declared = source.text, {p.name for p in facts.prototypes if p.static}
    static = bytes(one.static or one.name in declared for one in facts.functions)
    macros: list[tuple[int, Macro | PackedMacro, str]] = []
    constants: list[str] = []
    for number, macro in enumerate(facts.macros):
        raw = macro.body.of(text)
        if macro.params is None and (not raw or _NUMBER.match(raw)):
            constants.append(macro.name)
        else:
            macros.append((number, pack_macro(macro) if detailed else macro, raw))
    return Outline(
        path=source.path,
        size=len(text),
        includes=tuple((include.target, include.span.start) for include in facts.includes),
        functions=tuple(one.name for one in facts.functions),
        static=static,
        specifiers=tuple(
            "" if flag else one.specifiers for flag, one in zip(static, facts.functions, strict=True)
        ),
        macro_count=len(facts.macros),
        macros=tuple(macros),
        constants="\n".join(constants),
        globals=tuple(one.name for one in facts.globals),
        typedefs=tuple(one.name for one in facts.typedefs),
        findings=facts.findings,
        details=_details_of(source, facts, macros) if detailed else None,
    )


def _details_of(
    source: SourceText, facts: FileFacts, macros: list[tuple[int, Macro | PackedMacro, str]]
) -> Details:
    text = source.text
    directives = [d for d in facts.directives if d.keyword not in QUIET_DIRECTIVES]
    texts = [d.span.of(text) for d in directives if d.keyword != "define"]
    named = (facts.macros[number] for number, _, _ in macros)
    texts += [text[macro.name_span.start : macro.body.end] for macro in named]
    return Details(
        digest=content_digest(source),
        calls="\n".join(" ".join(called_names(facts.masked, one.body)) for one in facts.functions),
        words=list_words("\n".join([facts.masked, *texts])),
        aliases=tuple((name, span.start, span.end) for name, span in find_aliases(text)),
        conditions=_conditions_of(facts, text),
        spans=array(
            "I", [at for f in facts.functions for at in (f.headers[0].start, f.body.end, f.body.start)]
        ).tobytes(),
        loud=tuple((span.start, span.end) for span in loud_directives(facts)),
    )


def loud_directives(facts: FileFacts) -> list[Span]:
    """Return the places of the directives that may name functions, but for the definitions of macros."""
    return [d.span for d in facts.directives if d.keyword not in QUIET_DIRECTIVES | {"define", "undef"}]


def list_words(code: str) -> str:
    """Return the identifiers in *code*, each between line feeds."""
    words = set(code.encode("latin-1").translate(_APART).split())
    # What starts with a digit is a number.
    found = [word for word in words if word[0] > _NINE or word[0] == _DOLLAR]
    return b"\n".join([b"", *found, b""]).decode("latin-1")


def pack_macro(macro: Macro) -> PackedMacro:
    """Return *macro* in a form that costs less to send."""
    start, body = macro.name_span.start, macro.body
    return macro.name, start, macro.params, macro.variadic, body.start, body.end, macro.pastes


def unpack_macro(packed: PackedMacro) -> Macro:
    """Return the macro that `pack_macro` packed."""
    name, start, params, variadic, body_start, body_end, pastes = packed
    return Macro(name, Span(start, start + len(name)), params, variadic, Span(body_start, body_end), pastes)


def find_aliases(text: str) -> list[tuple[str, Span]]:
    """Return the places in *text* where ``alias("name")`` and its like, or pragmas, name a function."""
    matches = [m for word, pattern in ALIASES.items() if word in text for m in pattern.finditer(text)]
    return [(match.group(1), Span(*match.span(1))) for match in sorted(matches, key=re.Match.start)]


def _conditions_of(facts: FileFacts, text: str) -> tuple[Conditions, ...]:
    """Return the conditions around each include."""
    if not facts.includes:
        return ()
    conditionals, own = Conditionals(facts, text), {macro.name for macro in facts.macros}
    return tuple(conditions_at(conditionals, include.span.start, own) for include in facts.includes)


def conditions_at(conditionals: Conditionals, at: int, own: set[str]) -> Conditions:
    """Return the conditions around the offset *at* of a file that defines the macros *own*."""
    found = (conditionals.condition(branch) for branch in conditionals.branches_at(at))
    return tuple((one.key, one.holds, one.key in own) for one in found)
