"""Cost against size: `clew audit` over growing parts of one tree, and the exponent that fits."""

import hashlib
import math
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from speed_corpora import Corpus

from clew.verify.process import run_measured

_SECONDS = 3600.0


@dataclass(frozen=True, slots=True)
class Point:
    """One part of the tree: *share* in percent of the files, its size, and the cost of its audit."""

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
        done = run_measured([*clew, *words], timeout=_SECONDS)
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
    """Draw processor time against size, both in logarithms."""
    width, height, margin = 480, 320, 50
    low_x, high_x = math.log10(points[0].megabytes), math.log10(points[-1].megabytes)
    low_y, high_y = (math.log10(bound(p.cpu for p in points)) for bound in (min, max))

    def at(p: Point) -> tuple[float, float]:
        x = (math.log10(p.megabytes) - low_x) / ((high_x - low_x) or 1)
        y = (math.log10(p.cpu) - low_y) / ((high_y - low_y) or 1)
        return margin + x * (width - 2 * margin), height - margin - y * (height - 2 * margin)

    places = [at(p) for p in points]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    marks = [
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3"/>'
        f'<text x="{x + 6:.1f}" y="{y + 12:.1f}">{p.megabytes:.0f} MB, {p.cpu:.1f} s</text>'
        for p, (x, y) in zip(points, places, strict=True)
    ]
    title = f"clew audit: processor time against size, exponent {fit_exponent(points):.2f}"
    head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{width + 80}" height="{height}"'
    parts = [
        f'{head} font-family="sans-serif" font-size="11">',
        f'<text x="{margin}" y="20" font-size="13">{title}</text>',
        f'<polyline points="{line}" fill="none" stroke="#2563eb"/>',
        *marks,
        "</svg>",
    ]
    file.write_text("\n".join(parts) + "\n", "utf-8")
