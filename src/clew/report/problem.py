"""An error for a person: what, where with a caret, and what to do next."""

from clew.errors import ClewError
from clew.report.excerpt import excerpt
from clew.report.paint import Painter, harmless


def render_error(error: ClewError, paint: Painter) -> str:
    """Return the lines that tell about *error*, without a final newline."""
    place = f"{paint('place', harmless(str(error.place)))}: " if error.place else ""
    lines = [f"{paint('error', 'error')}: {place}{harmless(error.what)}"]
    if error.place and error.place.source:
        shown = excerpt(
            error.place.line, max(error.place.column, 1), error.place.source, paint, error.place.width
        )
        lines += [f"  {line}" for line in shown]
    if error.next_step:
        lines.append(f"{paint('heading', 'next')}: {harmless(error.next_step)}")
    return "\n".join(lines)
