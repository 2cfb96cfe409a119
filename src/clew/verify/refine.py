"""What an edit of whole lines did, token by token.

A change that somebody else made is known as lines that differ.  The tokens in them are compared, and those
differences get a rule that show a variable in the place of a fetch; all others are left out.  An accessor
counts as one token.
"""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher

from clew.config.settings import State
from clew.detect.accessors import accessor_tokens, spelled_accessors
from clew.link.program import Program
from clew.rewrite.code import code_of
from clew.text.edit import Edit
from clew.text.record import record
from clew.text.span import Span
from clew.verify.pair import Pair

_TOKEN = r"[A-Za-z_]\w*|\d[\w.]*|->|[^\s\w]"
_PASSED = re.compile(r",?\s*([A-Za-z_]\w*(?:(?:->|\.)\w+)*)\s*,?")
_LOCAL = re.compile(r"(?:[\w\s*]*[\s*])?(\w+)\s*=\s*(?P<fetched>[^;]*);")


@record()
class _Token:
    text: str
    span: Span


class Refiner:
    """Refines the edits of one change."""

    def __init__(self, pair: Pair, state: State) -> None:
        self._before, self._after, self._state = pair.before, pair.after, state
        spellings = [one.accessor.spelling for one in spelled_accessors(state, derived=True)]
        self._accessors = {accessor_tokens(spelling) for spelling in spellings}
        self._pattern = re.compile("|".join([*map(_spelled, spellings), _TOKEN]))
        self._codes: dict[tuple[int, str], str] = {}

    def refine(self, path: str, edit: Edit, start: int) -> Iterator[tuple[Edit, int]]:
        """Yield *edit* itself where a rule made it, else its parts that have one, each with where its text
        begins after the change (that of *edit* begins at *start*)."""
        if edit.rule:
            yield edit, start
            return
        end = start + len(edit.text)
        old = self._tokens(self._before, path, edit.span)
        new = self._tokens(self._after, path, Span(start, end))
        words, others = ([token.text for token in tokens] for tokens in (old, new))
        matcher = SequenceMatcher(None, words, others, autojunk=False)
        for tag, first, last, new_first, new_last in matcher.get_opcodes():
            gone, come = old[first:last], new[new_first:new_last]
            at = new[new_first].span.start if new_first < len(new) else end
            rule = "" if tag == "equal" else self._rule(path, gone, come, at)
            if rule:
                where = (
                    Span(gone[0].span.start, gone[-1].span.end)
                    if gone
                    else Span(edit.span.start, edit.span.start)
                )
                yield Edit(where, self._text(path, come), rule), at

    def _tokens(self, program: Program, path: str, span: Span) -> list[_Token]:
        key = (id(program), path)
        if key not in self._codes:
            self._codes[key] = code_of(program, path)
        found = self._pattern.finditer(self._codes[key], span.start, span.end)
        return [_Token(match[0], Span(*match.span())) for match in found]

    def _text(self, path: str, tokens: list[_Token]) -> str:
        if not tokens:
            return ""
        return self._after.sources[path].text[tokens[0].span.start : tokens[-1].span.end]

    def _rule(self, path: str, gone: list[_Token], come: list[_Token], at: int) -> str:
        new = " ".join(token.text for token in come)
        passed = _PASSED.fullmatch(new.replace(" -> ", "->").replace(" . ", "."))
        old = "".join(token.text for token in gone)
        if passed and old in ("", "void") and self._is_state(path, passed[1], at):
            return "pass"
        if passed and accessor_tokens(old) in self._accessors:
            return "reuse"
        local = _LOCAL.fullmatch(" ".join(token.text for token in gone))
        if local and not come and accessor_tokens(local["fetched"]) in self._accessors:
            return "remove-local" if self._is_state(path, local[1], at) else ""
        return ""

    def _is_state(self, path: str, expression: str, at: int) -> bool:
        """Tell whether the variable that *expression* begins with is declared with the state's type in the
        function around *at*; what a macro names is known by its name alone."""
        name = re.split(r"->|\.", expression)[0]
        if self._after.enclosing_macro(path, at) is not None:
            return name in self._state.names
        around = self._after.enclosing(path, at)
        if around is None or at not in around.function.body:
            return False
        text = around.function.span.of(self._after.facts[path].masked)
        spelled = r"\s*".join(map(re.escape, accessor_tokens(self._state.type)))
        return re.search(rf"\b{spelled}\s*(?:const\s+)?{re.escape(name)}\b", text) is not None


def _spelled(accessor: str) -> str:
    """Return the pattern of an accessor; one that begins or ends in a word has no other word beside it."""
    tokens = r"\s*".join(map(re.escape, accessor_tokens(accessor)))
    return rf"(?<!\w){tokens}(?!\w)" if tokens[-1:].isalnum() else rf"(?<!\w){tokens}"
