"""Lay out one region: indent its lines as their brackets say, and break those that became too long."""

from dataclasses import dataclass

from clew.rewrite.columns import indentation, padding, width_of
from clew.rewrite.region import Line, Place, Region

_TINY = 4  # an argument of so few characters is not left alone on a line
_GAIN = 10  # columns that a break beyond the limit must save
_TABLE = 2  # a line this many times as long as the limit is data that nobody wraps


@dataclass(slots=True)
class _Row:
    """A line of the result while it is made: parts of the region's text, one blank apart."""

    column: int
    parts: list[tuple[int, int]]
    places: list[Place]
    brackets: list[int]

    def with_line(self, line: Line) -> "_Row":
        """Return this row with *line* joined to its end."""
        parts = [*self.parts, (line.body, line.end)]
        return _Row(self.column, parts, [*self.places, *line.places], [*self.brackets, *line.brackets])

    def become(self, other: "_Row") -> None:
        """Take over what *other* holds."""
        self.parts, self.places, self.brackets = other.parts, other.places, other.brackets


class RegionLayout:
    """Lays out one region: yields changes (start, end, text) of its text."""

    def __init__(self, region: Region, columns: int, *, tabs: bool) -> None:
        self.region, self.text, self.tabs = region, region.text, tabs
        self.limit = columns - 2 * region.macro  # a macro's lines end in a blank and a backslash
        self.changes: dict[int, tuple[int, int, str]] = {}
        self.shift = 0  # of the last line that was no comment
        self.parameters: set[int] = set()  # where new parameters stand

    def run(self) -> list[tuple[int, int, str]]:
        """Return the changes."""
        lines, number = self.region.lines, 0
        while number < len(lines):
            number = self._line(number)
        return sorted(c for c in self.changes.values() if self.text[c[0] : c[1]] != c[2])

    # one line

    def _line(self, number: int) -> int:
        """Lay out line *number*; return the number of the next one."""
        line = self.region.lines[number]
        indent = self.text[line.start : line.body]
        old_column = width_of(indent)
        column = self._indent(line, old_column)
        if line.kind == "opaque":
            return number + 1
        if column != old_column:
            blanks = indentation(column, tabs="\t" in indent or (not indent and self.tabs))
            self.changes[line.start] = (line.start, line.body, blanks)
        row = _Row(column, [(line.body, line.end)], line.places, line.brackets)
        width = self._width(row)
        if line.kind == "code" and width > self.limit and self._grew(line, width):
            self._settle(row)
            row, number = self._wrap(row, number)
        if number + 1 < len(self.region.lines):
            self._settle(row)
            self._follow(row, number)
        if self.region.macro:
            self._slash(row.parts[-1][1], self._width(row), number)
        return number + 1

    def _indent(self, line: Line, old: int) -> int:
        if line.kind == "comment":
            return max(old + self.shift, 0)
        column = old
        if line.bracket >= 0:
            bracket = self.region.brackets[line.bracket]
            if bracket.old_column is not None and old == bracket.old_column + 1:
                column = bracket.column + 1
        self.shift = column - old
        return column

    def _follow(self, row: _Row, number: int) -> None:
        """Note how far a comment moves that goes on in the next line."""
        line = self.region.lines[number]
        if line.comment < line.body or self.region.lines[number + 1].kind != "comment":
            return
        origin = self.region.original(line.comment)
        if origin is not None:
            start = self.region.old.rfind("\n", 0, origin) + 1
            self.shift = self._column(row, line.comment) - width_of(self.region.old[start:origin])

    def _slash(self, end: int, width: int, number: int) -> None:
        """Keep the backslash behind *end*, on line *number*, in its column where it stands in one."""
        line = self.region.lines[number]
        slash = self.text.find("\\", line.end, line.stop)
        if slash < 0:
            return
        column = self._slash_column(number)
        gap = self.text[line.end : slash]
        self.changes[end] = (end, slash, padding(width, column, gap) if column else gap)

    def _slash_column(self, number: int) -> int:
        """Return the column in which backslashes stand around line *number*, or 0 when there is none."""
        span = self.region.old_line(self.region.lines[number])
        if span is None:
            return 0
        old = span.of(self.region.old).rstrip("\r")
        content = old.removesuffix("\\")
        column = width_of(content)
        if old == content or not content.strip():
            return 0
        if len(content) - len(content.rstrip(" \t")) > 1 or content.endswith("\t"):
            return column
        around = [self.region.old[: span.start - 1].rpartition("\n")[2], self._next_line(span.end + 1)]
        others = [each.rstrip("\r") for each in around]
        return column if any(o.endswith("\\") and width_of(o[:-1]) == column for o in others) else 0

    def _next_line(self, start: int) -> str:
        end = self.region.old.find("\n", start)
        return self.region.old[start : end if end >= 0 else None]

    def _grew(self, line: Line, width: int) -> bool:
        span = self.region.old_line(line)
        if span is None:
            return True
        old = span.of(self.region.old).rstrip("\r")
        if self.region.macro:
            old = old.removesuffix("\\")
        before = width_of(old.rstrip(" \t")) if len(old) <= _TABLE * self.limit else len(old)
        return before < width and before <= _TABLE * self.limit

    # columns

    def _column(self, row: _Row, at: int) -> int:
        column = row.column
        for start, end in row.parts:
            if start <= at <= end:
                return width_of(self.text[start:at], column)
            column = width_of(self.text[start:end], column) + 1
        raise ValueError(f"{at} is not in this row")

    def _width(self, row: _Row) -> int:
        return self._column(row, row.parts[-1][1])

    def _settle(self, row: _Row) -> None:
        """Note the new columns of the brackets in *row*."""
        for number in row.brackets:
            self.region.brackets[number].column = self._column(row, self.region.brackets[number].at)

    # breaking

    def _wrap(self, row: _Row, number: int) -> tuple[_Row, int]:
        """Break *row*, which ends with line *number*, until it fits; return what is left, and the line with
        which that ends."""
        if self._width(row) > self.limit and (place := self._behind_parameter(row)):
            column = self._continuation(place)
            self._break(row, place, column, number)
            row = self._rest(row, place, column)
            self._settle(row)
        while self._width(row) > self.limit:
            place = self._choose(row)
            if place is None:
                break
            column = self._continuation(place)
            self._break(row, place, column, number)
            row = self._rest(row, place, column)
            number = self._join(row, place, number)
            self._settle(row)
        return row, number

    def _behind_parameter(self, row: _Row) -> Place | None:
        """Return the place behind a new first parameter whose list went on in other lines, if what follows it
        on its own fits."""
        for place in row.places:
            bracket = self.region.brackets[place.bracket]
            if bracket.at + 1 in self.parameters and place.operator == "," and bracket.continuation >= 0:
                rest = self._width(row) - self._column(row, place.end)
                is_first = self.region.code.find(",", bracket.at) == place.start - 1
                if is_first and self._continuation(place) + rest <= self.limit:
                    return place
        return None

    def _choose(self, row: _Row) -> Place | None:
        """Return the best place: of the outermost bracket, and there the last that fits."""
        fitting: list[Place] = []
        for place in row.places:
            if self._column(row, place.start) > self.limit:
                break
            if self._continuation(place) < self._column(row, place.end):
                fitting.append(place)
        if not fitting:
            return self._choose_beyond(row)
        outermost = self._outermost(fitting)
        best = outermost[-1]
        earlier = [p for p in outermost if p.bracket == best.bracket][:-1]
        if earlier and self._leaves_tiny(row, best):
            return earlier[-1]
        return best

    def _choose_beyond(self, row: _Row) -> Place | None:
        """Return the first place of the outermost bracket if breaking there leaves less beyond the limit."""
        if not row.places:
            return None
        place = self._outermost(row.places)[0]
        width, end = self._width(row), self._column(row, place.end)
        longest = max(self._column(row, place.start), self._continuation(place) + width - end)
        return place if longest + _GAIN <= width else None

    def _outermost(self, places: list[Place]) -> list[Place]:
        depth = min(self.region.brackets[place.bracket].depth for place in places)
        return [place for place in places if self.region.brackets[place.bracket].depth == depth]

    def _leaves_tiny(self, row: _Row, place: Place) -> bool:
        """Tell whether a single tiny argument would stand alone before the closing bracket."""
        rest = self.text[place.end : row.parts[-1][1]]
        return place.operator == "," and 0 < rest.find(")") <= _TINY and "," not in rest

    def _continuation(self, place: Place) -> int:
        bracket = self.region.brackets[place.bracket]
        if bracket.continuation >= 0:
            line = self.region.lines[bracket.continuation]
            old = width_of(self.text[line.start : line.body])
            if bracket.old_column is None or old != bracket.old_column + 1:
                return old
        return bracket.column + 1

    def _break(self, row: _Row, place: Place, column: int, number: int) -> None:
        blanks = indentation(column, tabs=self.tabs)
        ending = "\r\n" if "\r\n" in self.text or self._ends_crlf() else "\n"
        slash = ""
        if self.region.macro:
            wanted = self._slash_column(number)
            slash = padding(self._column(row, place.start), wanted, "") + "\\"
        self.changes[place.start] = (place.start, place.end, slash + ending + blanks)

    def _ends_crlf(self) -> bool:
        end = self.region.extent.end
        return self.region.old[end - 1 : end] == "\r"

    def _rest(self, row: _Row, place: Place, column: int) -> _Row:
        parts = [(max(start, place.end), end) for start, end in row.parts if end > place.end]
        brackets = [n for n in row.brackets if self.region.brackets[n].at >= place.end]
        return _Row(column, parts, [p for p in row.places if p.start >= place.end], brackets)

    # joining

    def _join(self, row: _Row, place: Place, number: int) -> int:
        """Move what fits from the next lines of the same list into *row*; return the line it ends with."""
        while self._can_join(row, place, number):
            following = self.region.lines[number + 1]
            whole = row.with_line(following)
            fits = self._width(whole) <= self.limit
            cut = None if fits else self._last_fitting(whole, following, place)
            if not fits and (cut is None or self._is_grouped(place, number)):
                break
            self.changes[row.parts[-1][1]] = (row.parts[-1][1], following.body, " ")
            self.changes.pop(following.start, None)
            number += 1
            row.become(whole)
            if cut is None:
                break
            self._settle(row)
            self._break(row, cut, row.column, number)
            row.become(self._rest(row, cut, row.column))
        return number

    def _can_join(self, row: _Row, place: Place, number: int) -> bool:
        if place.operator != "," or number + 1 >= len(self.region.lines):
            return False
        line, following = self.region.lines[number], self.region.lines[number + 1]
        bracket = self.region.brackets[place.bracket]
        if following.kind != "code" or following.bracket != place.bracket or following.comment >= 0:
            return False
        end = row.parts[-1][1]
        if line.comment >= 0 or self.region.code[end - 1 : end] != ",":
            return False
        first = self.region.lines[bracket.continuation]
        if self.text[following.start : following.body] != self.text[first.start : first.body]:
            return False
        return not (bracket.ends == bracket.commas and (bracket.commas > 1 or self._is_roomy(number)))

    def _last_fitting(self, whole: _Row, following: Line, place: Place) -> Place | None:
        places = [p for p in following.places if p.bracket == place.bracket and p.operator == ","]
        fitting = [p for p in places if self._column(whole, p.start) <= self.limit]
        return fitting[-1] if fitting else None

    def _is_grouped(self, place: Place, number: int) -> bool:
        """Tell whether the list goes on for lines that were not filled: someone put them in groups."""
        after = self.region.lines[number + 2 : number + 3]
        return bool(after) and after[0].bracket == place.bracket and self._is_roomy(number)

    def _is_roomy(self, number: int) -> bool:
        """Tell whether the first element of the next line had room on line *number* before the edits."""
        span = self.region.old_line(self.region.lines[number])
        if span is None:
            return False
        following = self.region.lines[number + 1]
        element = following.end
        for place in following.places:
            if place.bracket == following.bracket:
                element = place.start
                break
        old = width_of(span.of(self.region.old).rstrip())
        return old + 1 + element - following.body <= self.limit
