"""``clew report --format html``: a page of its own, with all that it shows inside."""

from clew import __version__
from clew.report.html_data import PageData
from clew.report.pages import render_page
from clew.report.review import Review
from clew.report.shown import show, show_path
from clew.report.summary import summarise
from clew.report.verdicts import count_statuses

_STYLES = ("page.css", "report.css", "diff.css", "print.css")
_SCRIPTS = (
    "page.js",
    "report-model.js",
    "report-diff.js",
    "report-changes.js",
    "report-nav.js",
    "report-graph.js",
    "report-detail.js",
    "report-map.js",
    "report-refusals.js",
    "report-main.js",
)


def render_html(review: Review) -> str:
    """Return the page."""
    return render_page(
        "report.html.j2",
        _STYLES,
        _SCRIPTS,
        review=review,
        summary=summarise(review),
        statuses=count_statuses(review.verdicts),
        data=PageData(review).make(),
        show=show,
        show_path=show_path,
        version=__version__,
    )
