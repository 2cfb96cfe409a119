"""Lines after the edits: what was aligned stays aligned, and lines that became too long are broken.

Only white space changes here (and the backslashes that end the lines of a macro):

- A line that stood one column right of the innermost open bracket follows that bracket; the lines of a
  comment follow its first line; a macro's column of backslashes stays where it is.
- A line that an edit made longer than the limit is broken: at the outermost list that offers a comma, ``&&``
  or ``||`` within the limit.  What follows is joined with the next line of the same list, so that no short
  line is left over, unless every element has a line of its own, or the lines are grouped by hand.
- A list of parameters that had several lines keeps them where the new parameter can have one of its own:
  people put there together what belongs together.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace

from clew.rewrite.region import Region, find_extent
from clew.rewrite.region_layout import RegionLayout
from clew.text.edit import Edit, order_edits
from clew.text.source import SourceText
from clew.text.span import Span

_LEADING = re.compile(r"\n[ \t]*(?:&&|\|\|)")  # operators that begin a line
_TRAILING = re.compile(r"(?:&&|\|\|)[ \t]*\r?\n")


def lay_out(
    source: SourceText, code: str, edits: Iterable[Edit], columns: int, directives: Sequence[Span]
) -> list[Edit]:
    """Return *edits* with white space laid out: some with other text, and further ones beside them.

    *code* is the masked text with the bodies of macros, *directives* are in order.
    """
    return _FileLayout(source, code, order_edits(edits), columns, directives).run()


class _FileLayout:
    def __init__(
        self, source: SourceText, code: str, edits: list[Edit], columns: int, directives: Sequence[Span]
    ) -> None:
        self.text, self.code, self.columns = source.text, code, columns
        self.edits, self.extra = edits, list[Edit]()
        self.directives, self._starts = directives, [d.start for d in directives]
        self._tabs = self.text.count("\n\t") > self.text.count("\n    ")
        self._leading = len(_LEADING.findall(code)) > len(_TRAILING.findall(code))

    def run(self) -> list[Edit]:
        edits = list(self.edits)
        starts = [edit.span.start for edit in edits]
        done = 0
        for edit in edits:
            if edit.span.start < done or not self._is_inline(edit):
                continue
            extent, macro = self._extent(edit.span.start, done)
            done = extent.end + 1
            if macro is not None and not _has_splice(macro.of(self.text)):
                continue  # a directive on one line: it can neither be broken nor have anything aligned
            first, last = bisect_left(starts, extent.start), bisect_right(starts, extent.end)
            inside = [(n, edits[n]) for n in range(first, last) if self._is_inline(edits[n])]
            region = Region(
                self.text, self.code, extent, inside, macro=macro is not None, leading=self._leading
            )
            layout = RegionLayout(region, self.columns, tabs=self._tabs)
            layout.parameters = {p.start for p in region.pieces if p.edit >= 0 and self._declares(p.edit)}
            self._apply(region, layout.run())
        taken = [edit.span for edit in self.edits if "\n" in edit.span.of(self.text)] if self.extra else []
        extra = [one for one in self.extra if not any(one.span.overlaps(span) for span in taken)]
        return order_edits([*self.edits, *extra])

    def _declares(self, number: int) -> bool:
        return self.edits[number].rule == "thread"

    def _is_inline(self, edit: Edit) -> bool:
        """Tell whether the edit stays within its line; one that adds or takes whole lines moves nothing."""
        return "\n" not in edit.span.of(self.text) and not edit.text.endswith("\n")

    def _extent(self, at: int, done: int) -> tuple[Span, Span | None]:
        """Return the lines that belong together around *at*, and the directive in which it lies."""
        index = bisect_right(self._starts, at) - 1
        if index >= 0 and at <= self.directives[index].end:
            directive = self.directives[index]
            low = max(directive.start, done)
            return find_extent(self.text, self.code, at, low, directive.end), directive
        low = self.directives[index].end + 1 if index >= 0 else 0
        return find_extent(self.text, self.code, at, max(min(low, at), done), len(self.text)), None

    def _apply(self, region: Region, changes: list[tuple[int, int, str]]) -> None:
        """Turn changes in the region's text into changed edits and new ones."""
        cuts: dict[int, list[tuple[int, int, str]]] = {}
        for start, end, new in changes:
            parts = list(region.pieces_of(start, end))
            if start == end:
                before = region.piece_at(start - 1)
                piece = before if before.edit >= 0 else region.piece_at(start)
                parts = [(piece, start, start)]
            for number, (piece, first, last) in enumerate(parts):
                text = "" if number else new  # the first part carries all of it
                if piece.edit >= 0:
                    cuts.setdefault(piece.edit, []).append((first - piece.start, last - piece.start, text))
                else:
                    origin = piece.origin - piece.start
                    span = Span(first + origin, last + origin)
                    self.extra.append(Edit(span, text, "layout", "keeps the layout"))
        for number, made in cuts.items():
            text = self.edits[number].text
            for first, last, new in sorted(made, reverse=True):
                text = text[:first] + new + text[last:]
            self.edits[number] = replace(self.edits[number], text=text)


def _has_splice(text: str) -> bool:
    return "\\\n" in text or "\\\r\n" in text
