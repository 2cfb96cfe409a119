"""Columns: how wide text is on a screen, and blanks that reach a column."""

TAB = 8


def width_of(text: str, start: int = 0) -> int:
    """Return the column after *text* when it begins in column *start* (both from 0), tabs every 8."""
    if text.isascii():
        if "\t" not in text:
            return start + len(text)
        return len((" " * start + text).expandtabs(TAB))
    column = start
    for char in text:
        # The bytes that continue a UTF-8 character take no column of their own.
        column = (column // TAB + 1) * TAB if char == "\t" else column + (not "\x80" <= char < "\xc0")
    return column


def indentation(column: int, *, tabs: bool) -> str:
    """Return the blanks from the left margin to *column*."""
    return "\t" * (column // TAB) + " " * (column % TAB) if tabs else " " * column


def padding(start: int, column: int, like: str) -> str:
    """Return at least one blank from column *start* to *column*, in tabs where *like* has some."""
    if column <= start:
        return " "
    if "\t" not in like:
        return " " * (column - start)
    tabs = column // TAB - start // TAB
    return "\t" * tabs + " " * (column % TAB) if tabs else " " * (column - start)
