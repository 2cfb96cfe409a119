"""``clew audit --format html``: how far a program is on its way, as a page of its own."""

from collections import Counter
from collections.abc import Mapping, Sequence

from clew import __version__
from clew.plan.catalogue import Entry, entries_of
from clew.report.audit import Audit
from clew.report.audit_files import FileAudit, Progress, audit_files, count_clean
from clew.report.pages import render_page
from clew.report.shown import show, show_path
from clew.text.record import record

_STYLES = ("page.css", "audit.css")
_SCRIPTS = ("page.js", "audit.js")


@record()
class _PinGroup:
    code: str
    count: int
    entry: Entry | None


@record()
class _Dashboard:
    """One state's part of the page."""

    audit: Audit
    files: tuple[FileAudit, ...]
    clean: int
    functions: int
    pins: tuple[_PinGroup, ...]
    progress: Progress | None


def render_audits(audits: Sequence[Audit], progress: Mapping[str, Progress | None]) -> str:
    """Return the page; *progress* is what changed since an earlier audit, by state."""
    return render_page(
        "audit.html.j2",
        _STYLES,
        _SCRIPTS,
        boards=[_dashboard(audit, progress.get(audit.state)) for audit in audits],
        data=[_data(audit) for audit in audits],
        show=show,
        show_path=show_path,
        version=__version__,
    )


def _dashboard(audit: Audit, progress: Progress | None) -> _Dashboard:
    files = audit_files(audit)
    counted = Counter(pin.code for pin in audit.pins)
    entries = {entry.code: entry for entry in entries_of(counted)}
    pins = tuple(_PinGroup(code, number, entries.get(code)) for code, number in counted.most_common())
    functions = len({(fetch.place.path, fetch.function) for fetch in audit.fetches if fetch.function})
    return _Dashboard(audit, files, count_clean(files), functions, pins, progress)


def _data(audit: Audit) -> dict[str, object]:
    """Return the lists that unfold: fetches by file as [line, function, accessor], pins by code as
    [function, file, line, why]."""
    fetches: dict[str, list[list[object]]] = {}
    for fetch in sorted(audit.fetches, key=lambda fetch: (fetch.place.path, fetch.place.offset)):
        found = [fetch.place.line, show(fetch.function), show(fetch.accessor)]
        fetches.setdefault(show_path(fetch.place.path), []).append(found)
    pins: dict[str, list[list[object]]] = {}
    for pin in sorted(audit.pins, key=lambda pin: (pin.path, pin.line)):
        pins.setdefault(pin.code, []).append(
            [show(pin.function), show_path(pin.path), pin.line, show(pin.why)]
        )
    return {"fetches": fetches, "pins": pins}
