"""Where files are scanned: in this process, in several, or on a cluster.  Dask ends here."""

from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from clew import __version__
from clew.errors import ErrorPlace, UsageError

_SECONDS_TO_CONNECT = 10


@contextmanager
def open_executor(jobs: int, scheduler: str) -> Iterator[Executor | None]:
    """Open *jobs* processes, or the Dask cluster with the address *scheduler*; None means this process."""
    if scheduler:
        with _open_cluster(scheduler) as cluster:
            yield cluster
    elif jobs > 1:
        from concurrent.futures import ProcessPoolExecutor

        with ProcessPoolExecutor(jobs) as processes:
            yield processes
    else:
        yield None


@contextmanager
def _open_cluster(scheduler: str) -> Iterator[Executor]:
    place = ErrorPlace("--scheduler")
    try:
        distributed: Any = import_module("distributed")
    except ImportError:
        raise UsageError("Dask is not installed", place, "pip install 'clew[cluster]'") from None
    try:
        client = distributed.Client(scheduler, timeout=_SECONDS_TO_CONNECT, set_as_default=False)
    except (OSError, ValueError) as error:
        step = "is the scheduler running? the address is like tcp://HOST:8786"
        raise UsageError(f"no scheduler at {scheduler}: {error}", place, step) from error
    with client:
        versions = set(client.run(worker_version).values())
        if versions != {__version__}:
            found = ", ".join(sorted(map(str, versions))) or "no workers"
            step = f"start workers with clew {__version__}"
            raise UsageError(f"the cluster runs another clew ({found})", place, step)
        executor: Executor = client.get_executor()
        yield executor


def worker_version() -> str:
    """Return the version of clew where this runs: facts from another one must not be mixed in."""
    return __version__
