"""minicore before and after: copies, rewritten by clew, built, and driven from Python."""

import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from clew import api
from clew.verify.driver.child import Side, Workload

MINICORE = Path(__file__).parents[2] / "fixtures" / "minicore"
WORKLOAD = Workload("run_cases.py", "MINICORE", timeout=60)
EVERYTHING = "-DMC_TRACE -DMC_DEBUG_REFS -DMC_WATCH_FETCHES"
BINDINGS = ("python/minicore_*.py",)


@dataclass(frozen=True)
class Threaded:
    """minicore with the state threaded: *change* has its edits, *tree* what clew read."""

    tree: api.OpenTree
    change: api.Rewrite


def thread(linkage: str, root: Path = MINICORE) -> Threaded:
    """Thread `ts` through the functions with *linkage* ("static", "internal", "any")."""
    name = "public.toml" if linkage == "any" else "clew.toml"
    settings = api.load_settings(root / name)
    tree = api.open_tree(root, settings, api.Scope(linkage=linkage))  # type: ignore[arg-type]
    return Threaded(tree, api.rewrite(tree, api.make_plan(tree, "ts"), BINDINGS))


def copy_core(target: Path, files: dict[str, bytes] | None = None) -> Path:
    """Copy minicore to *target*, with the new content *files*."""
    shutil.copytree(MINICORE, target, ignore=shutil.ignore_patterns("build", ".clew", "__pycache__"))
    for path, data in (files or {}).items():
        (target / path).write_bytes(data)
    return target


def make(root: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run make in *root*."""
    words = ["make", "-s", "-C", str(root), *arguments]
    return subprocess.run(words, capture_output=True, text=True, check=False, timeout=300)


def build(root: Path, features: str = "", folder: str = "build") -> Path:
    """Build the shared library of the copy *root*, and return its path; leave the program if it fails."""
    options = [f"BUILD={folder}", f"FEATURES={features}", "OPTIMISE=-O0 -g", "-j2"]
    done = make(root, f"{folder}/libminicore.so", *options)
    if done.returncode:
        sys.exit(f"{root} does not build:\n{done.stdout}{done.stderr}")
    return (root / folder / "libminicore.so").resolve()


def side(name: str, root: Path, library: Path) -> Side:
    """Return the library of the copy *root* with its bindings."""
    return Side(name, library, (root / "python").resolve())


def write_cases(path: Path, count: int, number: int = 1) -> Path:
    """Let hypothesis make *count* cases with the seed *number*."""
    argv = [sys.executable, "cases.py", str(count), str(number)]
    done = subprocess.run(argv, cwd=MINICORE / "python", capture_output=True, check=True)
    path.write_bytes(done.stdout)
    return path
