"""Cost against size: `clew audit` over growing parts of one tree, and the exponent that fits."""

import hashlib
import math
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from speed_corpora import Corpus
from watched import run_watched


@dataclass(frozen=True, slots=True)
class Point:
    """One part of the tree: *share* in percent of the files, its size, and the cost of its audit; the peak is
    that of all processes together."""

    share: float
    files: int
    megabytes: float
    cpu: float
    wall: float
    peak_mib: float


def measure_scale(
    corpus: Corpus, source: Path, work: Path, clew: tuple[str, ...], shares: Sequence[float]
) -> list[Point]:
    """Audit parts of *source* without a cache.  A file belongs to a part by the hash of its path, so that
    each part holds the ones before it, and files of all folders."""
    files = sorted(p for p in source.rglob("*.[ch]") if p.is_file() and not p.is_symlink())
    points = []
    for share in sorted(shares):
        tree = work / "tree"
        shutil.rmtree(tree, ignore_errors=True)
        wanted = [path for path in files if _rank(path.relative_to(source)) * 100 < share]
        for path in wanted:
            target = tree / path.relative_to(source)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
        (tree / "clew.toml").write_text(corpus.settings or f'profile = "{corpus.project.profile}"\n', "utf-8")
        words = ["audit", "--root", str(tree), "--quiet", "--no-cache", "--state", corpus.project.state]
        done = run_watched([*clew, *words])
        if done.code not in (0, 1):
            raise RuntimeError(f"clew audit over {share:g} % ended with {done.code}: {done.tail}")
        size = sum(path.stat().st_size for path in wanted) / 1e6
        points.append(Point(share, len(wanted), size, done.cpu_seconds, done.seconds, done.peak_mib))
    return points


def _rank(path: Path) -> float:
    """Return a number from 0 to 1 that depends on nothing but the path."""
    return int.from_bytes(hashlib.sha256(path.as_posix().encode()).digest()[:6], "big") / 2**48


def fit_exponent(points: Sequence[Point]) -> float:
    """Return e of the least-squares fit cpu = c * megabytes**e, in logarithms."""
    xs, ys = [math.log(p.megabytes) for p in points], [math.log(p.cpu) for p in points]
    mean_x, mean_y = sum(xs) / len(xs), sum(ys) / len(ys)
    over = sum((x - mean_x) * (y - mean_y) for x, y in zip(xs, ys, strict=True))
    return over / sum((x - mean_x) ** 2 for x in xs)


def print_scale(points: Sequence[Point]) -> None:
    """Print the points and the exponent."""
    print(f"  {'%':>5} {'files':>7} {'MB':>8} {'cpu s':>8} {'wall s':>8} {'peak MiB':>9}")
    for p in points:
        size, cost = f"{p.share:>5g} {p.files:>7} {p.megabytes:>8.1f}", f"{p.cpu:>8.2f} {p.wall:>8.2f}"
        print(f"  {size} {cost} {p.peak_mib:>9.0f}")
    if len(points) > 1:
        print(f"  exponent {fit_exponent(points):.2f}")


def write_svg(points: Sequence[Point], file: Path) -> None:
    """Draw processor time and memory against size, all in logarithms, beside lines of exponent 1."""
    exponent = fit_exponent(points)
    parts = [
        '<svg xmlns="http://www.w3.org/2000/svg" width="760" height="330" font-size="11">',
        "<style>text { font-family: sans-serif }</style>",
        '<rect width="760" height="330" fill="#fff"/>',
        f'<text x="20" y="20" font-size="13">clew audit: cost against size, exponent {exponent:.2f}</text>',
        *_draw_panel(50, "processor time, s", [(p.megabytes, p.cpu) for p in points]),
        *_draw_panel(430, "memory of all processes, MiB", [(p.megabytes, p.peak_mib) for p in points]),
        "</svg>",
    ]
    file.write_text("\n".join(parts) + "\n", "utf-8")


_WIDTH, _HEIGHT, _TOP = 270, 220, 50


def _draw_panel(left: int, title: str, values: Sequence[tuple[float, float]]) -> Iterator[str]:
    """Yield the drawing of *values* (size in MB, cost), whose frame begins at *left*."""
    logs = [(math.log10(x), math.log10(max(y, 0.001))) for x, y in values]
    low_x, low_y = (math.floor(min(one[axis] for one in logs)) for axis in (0, 1))
    high_x, high_y = (math.ceil(max(one[axis] for one in logs) + 0.01) for axis in (0, 1))

    def at(x: float, y: float) -> tuple[float, float]:
        across, up = (x - low_x) / (high_x - low_x), (y - low_y) / (high_y - low_y)
        return left + across * _WIDTH, _TOP + _HEIGHT - up * _HEIGHT

    yield f'<text x="{left}" y="{_TOP - 10}">{title}</text>'
    for decade in range(low_x, high_x + 1):
        x, _ = at(decade, low_y)
        yield f'<line x1="{x:.1f}" y1="{_TOP}" x2="{x:.1f}" y2="{_TOP + _HEIGHT}" stroke="#e5e7eb"/>'
        yield f'<text x="{x - 8:.1f}" y="{_TOP + _HEIGHT + 16}">{10.0**decade:g}</text>'
    for decade in range(low_y, high_y + 1):
        _, y = at(low_x, decade)
        yield f'<line x1="{left}" y1="{y:.1f}" x2="{left + _WIDTH}" y2="{y:.1f}" stroke="#e5e7eb"/>'
        yield f'<text x="{left - 34}" y="{y + 4:.1f}">{10.0**decade:g}</text>'
    yield f'<text x="{left + _WIDTH - 70}" y="{_TOP + _HEIGHT + 34}">size of C, MB</text>'
    # from the last point down: what costs in proportion to its size stays on this line
    last_x, last_y = logs[-1]
    first: tuple[float, float] = (low_x, last_y - (last_x - low_x))
    if first[1] < low_y:
        first = (last_x - (last_y - low_y), low_y)
    (x1, y1), (x2, y2) = at(*first), at(last_x, last_y)
    dashed = 'stroke="#9ca3af" stroke-dasharray="4 3"'
    yield f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" {dashed}/>'
    places = [at(*one) for one in logs]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    yield f'<polyline points="{line}" fill="none" stroke="#2563eb" stroke-width="1.5"/>'
    for (x, y), (_, cost) in zip(places, values, strict=True):
        yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="#2563eb"/>'
        yield f'<text x="{x + 5:.1f}" y="{y + 13:.1f}">{cost:.3g}</text>'
