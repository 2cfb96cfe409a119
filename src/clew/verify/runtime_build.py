"""Compile the runtime that instrumented programs load."""

import os
import shlex
import shutil
from importlib.resources import files
from pathlib import Path

from clew.text.record import record
from clew.verify.instrument import HEADER
from clew.verify.process import run_measured

_SECONDS = 120.0
_FLAGS = ("-std=c11", "-O2", "-g", "-fPIC", "-shared", "-pthread")


@record()
class Runtime:
    """Where the files are that an instrumented copy needs: the *header* that it includes, and the folder of
    its *reports*."""

    header: Path
    library: Path
    reports: Path


class RuntimeBuildError(Exception):
    """The runtime cannot be compiled here; the message says why."""


def runtime_at(folder: Path) -> Runtime:
    """Return where the runtime of one copy goes."""
    return Runtime(folder / HEADER, folder / "libclew_runtime.so", folder / "reports")


def build_runtime(runtime: Runtime, functions: int, sites: int, uses: int) -> None:
    """Compile the library for so many hooks, and write the header; raise `RuntimeBuildError` without a C
    compiler."""
    runtime.reports.mkdir(parents=True, exist_ok=True)
    sources = files("clew.verify") / "runtime"
    header = (sources / HEADER).read_text("utf-8")
    runtime.header.write_text(f'#define CLEW_LIBRARY "{runtime.library}"\n{header}', "utf-8")
    source = runtime.header.with_suffix(".c")
    source.write_text((sources / source.name).read_text("utf-8"), "utf-8")
    defines = (
        f'-DCLEW_REPORTS="{runtime.reports}"',
        f"-DCLEW_FUNCTIONS={functions}",
        f"-DCLEW_SITES={sites}",
        f"-DCLEW_USES={uses}",
    )
    argv = [*_compiler(), *_FLAGS, *defines, "-o", str(runtime.library), str(source), "-ldl"]
    answer = run_measured(argv, cwd=runtime.header.parent, env={"LC_ALL": "C"}, timeout=_SECONDS)
    if not answer.ok:
        raise RuntimeBuildError(f"the runtime does not compile:\n{answer.tail}")


def _compiler() -> list[str]:
    named = os.environ.get("CC")
    if named:
        return shlex.split(named)
    found = next((name for name in ("cc", "gcc", "clang") if shutil.which(name)), None)
    if found is None:
        raise RuntimeBuildError("there is no C compiler on PATH: set CC")
    return [found]


def clear_reports(runtime: Runtime) -> None:
    """Forget what ran so far: programs of the build itself."""
    for path in runtime.reports.glob("process-*"):
        path.unlink()
