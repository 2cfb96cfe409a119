"""How quickly a page of ``clew report --format html`` shows itself, and how it looks.

    python bench/report_page.py report.html [--shots FOLDER] [--json]

Needs Chromium on PATH, and the packages websocket-client and Pillow (the latter for --shots only).  Times are
of the page's own clock, in milliseconds, each the worst of five.
"""

import argparse
import io
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from browser import Browser

_ROUNDS = 5
_LARGE = 200_000  # bytes of a screenshot from which on it gets fewer colours
# What a person does, as expressions; the time runs until the next frame is drawn.
_ACTS = {
    "open the changes": "location.hash = 'changes'",
    "filter by a word": "search.value = 'static'; search.dispatchEvent(new Event('input'))",
    "clear the filter": "dispatchEvent(new KeyboardEvent('keydown', {key: 'Escape'}))",
    "next change": "dispatchEvent(new KeyboardEvent('keydown', {key: 'j'}))",
    "open the map": "location.hash = 'graph'",
    "open one function": "location.hash = 'graph?f=%d'",
    "open the refusals": "location.hash = 'refusals'",
}
_DELAY = {"filter by a word": 120}  # the page waits this long for more letters


def measure(browser: Browser, page: Path) -> dict[str, Any]:
    """Return first paint and the time of each act."""
    times: dict[str, list[float]] = {}
    for _ in range(_ROUNDS):
        browser.open(page)
        paint = browser.js(
            "new Promise(d => setTimeout(() => d(performance.getEntriesByType('paint')[0].startTime), 200))"
        )
        times.setdefault("first paint", []).append(paint)
        for name, act in _ACTS.items():
            times.setdefault(name, []).append(
                _time(browser, act.replace("%d", str(longest_chain(browser))), name)
            )
    return {
        "milliseconds": {name: round(max(found)) for name, found in times.items()},
        "changes": browser.js("JSON.parse(data.textContent).changes.length"),
        "nodes": browser.js("JSON.parse(data.textContent).nodes.length"),
        "bytes": page.stat().st_size,
        "console": len(browser.complaints),
        "requests": len(browser.requests) - 1,
    }


def _time(browser: Browser, act: str, name: str) -> float:
    """Return how long *act* takes until what it changes is drawn, without what the page waits on purpose."""
    frame = "requestAnimationFrame(() => setTimeout(() => done(performance.now() - began), 0))"
    wait = _DELAY.get(name, 0)
    timed = f"const began = performance.now(); {act}; setTimeout(() => {frame}, {wait})"
    script = f"new Promise(done => {{ {timed} }})"
    found = float(browser.js(script)) - wait
    browser.wait(50)
    return found


def longest_chain(browser: Browser) -> int:
    """Return the number of the threaded function that is farthest from what it fetches."""
    arrows = "(words => words.split('\\u2192').length)"
    nodes = "JSON.parse(data.textContent).nodes"
    best = (
        f"{nodes}.map((n, i) => [n[4] === 'threaded' ? {arrows}(n[8]) : 0, i]).sort((a, b) => b[0] - a[0])[0]"
    )
    return int(browser.js(f"({best} ?? [0, 0])[1]"))


def shoot(browser: Browser, page: Path, folder: Path) -> None:
    """Write screenshots of the parts of *page* to *folder*."""
    browser.open(page)
    chain = longest_chain(browser)
    views = {
        "overview": "overview",
        "changes": "changes",
        "map": "graph",
        "graph": f"graph?f={chain}",
        "refusals": "refusals",
    }
    for scheme in ("light", "dark"):
        browser.prefer(scheme)
        for name, fragment in views.items():
            browser.show(fragment)
            _save(browser, folder / f"report-{name}-{scheme}.png")
    browser.prefer("light")
    browser.resize(420, 860, mobile=True)
    browser.open(page)
    for name in ("overview", "changes"):
        browser.show(views[name])
        _save(browser, folder / f"report-{name}-narrow.png")
    browser.resize(1400, 900)


def _save(browser: Browser, file: Path) -> None:
    from PIL import Image  # noqa: PLC0415 (only screenshots need it)

    image = Image.open(io.BytesIO(browser.screenshot())).convert("RGB")
    image.save(file, optimize=True)
    if file.stat().st_size > _LARGE:
        image.quantize(256, kmeans=4, dither=Image.Dither.NONE).save(file, optimize=True)


def main() -> int:
    """Measure; return 1 when the page complains or asks for anything."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("page", type=Path)
    parser.add_argument("--shots", type=Path, help="write screenshots here")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        browser = Browser(Path(folder))
        try:
            found = measure(browser, options.page)
            if options.shots:
                options.shots.mkdir(parents=True, exist_ok=True)
                shoot(browser, options.page, options.shots)
        finally:
            browser.close()
    if options.json:
        print(json.dumps(found, indent=2))
    else:
        for name, number in (found.pop("milliseconds") | found).items():
            print(f"{name:20} {number:>9,}")
    return 1 if found["console"] or found["requests"] else 0


if __name__ == "__main__":
    sys.exit(main())
