"""Blank what is not code, keeping every offset.

Comes in: the text of a file.  Goes out: a text of the same length in which comments, directives and
the contents of literals are blanks, so that every later pattern may be simple; and the places of the
directives.  One alternation does it.  Each of its branches starts with a literal character, so that
the search skips ordinary code quickly, and every repetition is possessive, so that nothing backtracks.
"""

import re
from dataclasses import dataclass, field
from itertools import islice

from clew.scan.facts import Directive, ScanFinding
from clew.scan.lexis import BLANKS, SPLICE, WORD, WORD_PART, words_of
from clew.text.record import record
from clew.text.span import Span

_ESCAPE = rf"(?:{SPLICE}|\\[\s\S])"
_COMMENT_START = rf"/(?:{SPLICE})*+\*(?:[^*]++|\*(?!(?:{SPLICE})*+/))*+"
_COMMENT_END = rf"\*(?:{SPLICE})*+/"
_LINE_COMMENT = rf"/(?:{SPLICE})*+/(?:[^\\\n]++|{SPLICE}|\\)*+"
_STRING_START = rf'"(?:[^"\\\n]++|{_ESCAPE})*+'
_CHARACTER_START = rf"'(?:[^'\\\n]++|{_ESCAPE})*+"
# The group is the keyword, where nothing odd surrounds it.
_DIRECTIVE = (
    r"\#(?:[ \t]*+([a-z]++)(?=[ \t\r\n(<\"]))?+"
    rf"(?:[^\\\n/\"']++|{_COMMENT_START}(?:{_COMMENT_END})?+|{_LINE_COMMENT}"
    rf"|{_STRING_START}\"|{_CHARACTER_START}'|{SPLICE}|\\|[/\"'])*+"
)
# The empty group takes part only where the closing delimiter is missing.
_NO_DIRECTIVES = (
    rf"{_COMMENT_START}(?:{_COMMENT_END}|())|{_LINE_COMMENT}"
    rf"|{_STRING_START}(?:\"|())|{_CHARACTER_START}(?:'|())|{SPLICE}"
)
# A number with C23's digit separators: its apostrophes open nothing.
_NUMBER = rf"[0-9](?<!(?:{WORD_PART}|\.)[0-9])(?:'{WORD_PART}|{WORD_PART}|\.)*+"

_MASK = re.compile(f"{_NO_DIRECTIVES}|{_DIRECTIVE}")
_MASK_NUMBERS = re.compile(f"{_NO_DIRECTIVES}|{_DIRECTIVE}|{_NUMBER}")
_MASK_FRAGMENT = re.compile(f"{_NO_DIRECTIVES}|{_NUMBER}")
_KEYWORD = re.compile(rf"\#(?:[ \t\f\v\r]|{SPLICE}|{_COMMENT_START}{_COMMENT_END})*+({WORD})?")
_TO_BLANKS = bytes(code if code in b"\r\n" else 0x20 for code in range(256))
_LAST_WORD = re.compile(rf"(?:{WORD_PART}|\.)*$")
_SPLICED = re.compile(SPLICE)

# Longest first, as a compiler reads: `<<:` shifts, and `%:` is left.
_DIGRAPH = re.compile(r"<<|>>|->|<%|%>|<:|:>|%:")
BRACKETS_OF_DIGRAPHS = {"<%": " {", "%>": " }", "<:": " [", ":>": " ]"}

# The search for a single character is quicker than that for two.
_AFTER_LESS = re.compile("<(?=[:%])")
_AFTER_PERCENT = re.compile("%(?=[:>])")
_HASH_DIGRAPH = re.compile("%(?=:)")
_TRIGRAPH = re.compile(r"\?(?=\?[=/'()!<>-])")
_HIDING = re.compile(r"\?\?/(?:\r?\n|[\"'?\\])")  # a backslash that hides what comes next

_UNIVERSAL = re.compile(r"\\[uU][0-9a-fA-F]{4}")

CONDITIONALS = words_of("if ifdef ifndef elif elifdef elifndef else endif")
_OPERATORS = words_of("-> ++ -- << >> <= >= == != && || += -= *= /= %= &= |= ^= ## .. // /* */ <: <% %:")
_BYTE_ORDER_MARK = "\xef\xbb\xbf"


@record()
class MaskedText:
    """The masked *text*, the *directives* in order, and what was odd."""

    text: str
    directives: list[Directive]
    findings: list[ScanFinding]


def mask(text: str) -> MaskedText:
    """Mask *text*; the result has its length and its line endings."""
    masker = _Masker(text)
    masked = _MASK.sub(masker.replace, text)
    if masker.has_separators:
        masker = _Masker(text)
        masked = _MASK_NUMBERS.sub(masker.replace, text)
    if text.startswith(_BYTE_ORDER_MARK):
        masked = "   " + masked[3:]
    if "\0" in text:
        at = text.index("\0")
        masker.findings.append(ScanFinding("nul-byte", Span(at, at + 1), "the text contains a NUL byte"))
        masked = masked.replace("\0", " ")
    if "\\" in masked:
        masker.findings += _find_universal_names(masked)
    if has_digraphs(masked):
        masked = spell_digraphs(masked)
    if _HASH_DIGRAPH.search(text) or _TRIGRAPH.search(text):
        masker.findings += _find_other_hashes(text, masked, masker.directives)
    return MaskedText(masked, masker.directives, masker.findings)


def mask_fragment(text: str) -> str:
    """Mask comments, literals and splices in a piece of a directive; a ``#`` stays as it stands."""
    masker = _Masker(text)
    masked = _MASK_FRAGMENT.sub(masker.replace, text)
    return spell_digraphs(masked) if has_digraphs(masked) else masked


def has_digraphs(code: str) -> bool:
    """Tell whether *code* may contain a digraph."""
    if "<" in code and _AFTER_LESS.search(code) is not None:
        return True
    return "%" in code and _AFTER_PERCENT.search(code) is not None


def spell_digraphs(code: str) -> str:
    """Write the brackets that digraphs stand for, each behind a blank: what is inserted behind one, as
    statements and functions are, does not split it."""
    return _DIGRAPH.sub(lambda found: BRACKETS_OF_DIGRAPHS.get(found[0], found[0]), code)


def _find_universal_names(masked: str) -> list[ScanFinding]:
    message = "a name is spelled with a universal character name"
    return [ScanFinding("universal-name", Span(*m.span()), message) for m in _UNIVERSAL.finditer(masked)]


def _is_read(masked: str, match: re.Match[str]) -> bool:
    """Tell whether the backslash that *match* spells hides anything: the end of a line, or of a literal;
    comments have no other ends."""
    at = match.start()
    line = masked[masked.rfind("\n", 0, at) + 1 : at]
    in_literal = line.count('"') % 2 == 1 or line.count("'") % 2 == 1
    return match.group().endswith("\n") or in_literal or not masked[at].isspace()


def _find_other_hashes(text: str, masked: str, directives: list[Directive]) -> list[ScanFinding]:
    """Report the first ``%:`` and the first trigraph: what stands behind them is no directive for clew, and
    ``??/`` may continue a comment, or a literal."""
    found = []
    bodies = [one.span for one in directives if "%:" in one.span.of(text) or "??" in one.span.of(text)]
    read = [(masked, 0), *((mask_fragment(span.of(text)), span.start) for span in bodies)]
    for code, pattern in (("digraph", _HASH_DIGRAPH), ("trigraph", _TRIGRAPH)):
        places = [match.start() + base for one, base in read if (match := pattern.search(one))]
        if code == "trigraph":
            hiding = (match.start() for match in _HIDING.finditer(text) if _is_read(masked, match))
            places += islice(hiding, 1)
        if places:
            at = min(places)
            spelling = text[at : at + (2 if code == "digraph" else 3)]
            message = f"the {code} {spelling} is not understood"
            found.append(ScanFinding(code, Span(at, at + len(spelling)), message))
    return found


def find_comments(text: str) -> list[Span]:
    """Return the places of the comments of *text*, those within directives as well."""
    return [Span(*match.span()) for match in _MASK_FRAGMENT.finditer(text) if match[0][0] == "/"]


def find_fragment_oddities(text: str, base: int) -> list[ScanFinding]:
    """Return what `mask_fragment` finds odd in *text*, which stands at offset *base* of its file."""
    masker = _Masker(text)
    _MASK_FRAGMENT.sub(masker.replace, text)
    return [
        ScanFinding(found.code, Span(found.span.start + base, found.span.end + base), found.message)
        for found in masker.findings
    ]


def _blank(piece: str) -> str:
    """Return blanks for *piece*, with its line endings."""
    if "\n" not in piece and "\r" not in piece:
        return " " * len(piece)
    return piece.encode("latin-1").translate(_TO_BLANKS).decode("latin-1")


@dataclass(slots=True)
class _Masker:
    """Replaces one match after the other; *comment_starts* maps the end of a comment to its start."""

    text: str
    directives: list[Directive] = field(default_factory=list)
    findings: list[ScanFinding] = field(default_factory=list)
    comment_starts: dict[int, int] = field(default_factory=dict)
    has_separators: bool = False

    def replace(self, match: re.Match[str]) -> str:
        """Return the text that stands for *match* in the masked text."""
        piece = match[0]
        first = piece[0]
        if first == "#":
            return self._replace_directive(piece, match)
        if first == "/":
            self.comment_starts[match.end()] = match.start()
            if match.lastindex is not None:
                self._note("unterminated-comment", match.span(), "this comment does not end")
            return _blank(piece)
        if first == '"' or first == "'":  # noqa: PLR1714 (a set takes longer)
            if first == "'" and self._is_separator(match.start()):
                self.has_separators = True
            if match.lastindex is not None:
                self._note("unterminated-string", match.span(), f"no closing {first} on this line")
                return _blank(piece)
            return first + _blank(piece[1:-1]) + first
        if first == "\\":
            self._check_splice(match.span())
            return _blank(piece)
        return piece

    def _replace_directive(self, piece: str, match: re.Match[str]) -> str:
        text, (start, end) = self.text, match.span()
        if start and text[start - 1] != "\n" and not self._starts_line(start):
            return " " + mask_fragment(piece[1:]).replace("#", " ")
        if match.lastindex is not None:
            keyword = match[match.lastindex]
        else:
            found = _KEYWORD.match(piece)
            keyword = (found[1] if found else "") or ""
        if piece[-1] == "\r":
            end = start + len(piece.rstrip("\r"))
        self.directives.append(Directive(keyword, Span(start, end)))
        if end >= len(text) - 1 and "/*" in piece:
            self.findings += find_fragment_oddities(piece[1:], start + 1)
        return "#" + _blank(piece[1:]) if keyword in CONDITIONALS else _blank(piece)

    def _starts_line(self, start: int) -> bool:
        """Tell whether nothing but blanks and comments stands before *start* on its logical line."""
        text, at = self.text, start
        while at > 0 and text[at - 1] != "\n":
            if text[at - 1] in " \t\f\v\r\0":
                at -= 1
            elif at in self.comment_starts:
                at = self.comment_starts[at]
            else:
                return at == len(_BYTE_ORDER_MARK) and text.startswith(_BYTE_ORDER_MARK)
        return True

    def _is_separator(self, start: int) -> bool:
        """Tell whether the apostrophe at *start* continues a number (``1'000'000``)."""
        text = self.text
        if start == 0 or text[start - 1] not in "0123456789abcdefABCDEF":
            return False
        found = _LAST_WORD.search(text[max(0, start - 40) : start])
        return found is not None and found[0].lstrip(".")[:1].isdigit()

    def _check_splice(self, span: tuple[int, int]) -> None:
        before, after = self.text[max(0, span[0] - 1) : span[0]], self.text[span[1] : span[1] + 1]
        if before + after in _OPERATORS or (is_word_part(before) and is_word_part(after)):
            self._note("spliced-token", span, "a backslash at the end of the line splits this token")

    def _note(self, code: str, span: tuple[int, int], message: str) -> None:
        self.findings.append(ScanFinding(code, Span(*span), message))


def is_word_part(character: str) -> bool:
    """Tell whether *character* can stand in an identifier or a number."""
    return character.isalnum() or character in ("_", "$") or character >= "\x80"


def has_splice(text: str) -> bool:
    """Tell whether a line of *text* is continued by a backslash."""
    return _SPLICED.search(text) is not None


def is_blank(text: str) -> bool:
    """Tell whether *text* holds C's white space only."""
    return not text.strip(BLANKS)
