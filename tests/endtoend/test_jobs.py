"""The answer does not depend on where files are scanned, nor on who is done first."""

import os
import random
import sys
from concurrent.futures import Executor, Future, ThreadPoolExecutor

import pytest
from click.testing import CliRunner

from clew.cli.main import clew
from clew.link import outlining
from clew.link.outline import outline_of
from clew.link.outlining import outline_files
from clew.scan import scan_source
from clew.text.lazy import LazyTexts
from clew.text.source import SourceText

SETTINGS = '[[state]]\nname = "ts"\ntype = "T *"\nnames = ["ts"]\naccessors = ["GET()"]\nheader = "t.h"\n'


@pytest.fixture
def tree(tmp_path, monkeypatch):
    monkeypatch.setattr(outlining, "BATCH_BYTES", 100)
    root = tmp_path / "tree"
    root.mkdir()
    (root / "clew.toml").write_text(SETTINGS)
    (root / "t.h").write_text("typedef struct t T;\nT *GET(void);\nint use(T *);\n")
    for number in range(12):
        text = f'#include "t.h"\nstatic int f{number}(void) {{ return use(GET()); }}\n'
        (root / f"{number}.c").write_text(text + f"int g{number}(void) {{ return f{number}(); }}\n")
    return root


def run(tree, command, *more):
    arguments = [command, "--root", str(tree), "--no-cache", "--format", "json", *more]
    result = CliRunner().invoke(clew, arguments, standalone_mode=False)
    assert result.exception is None, result.exception
    return result.return_value, result.stdout, result.stderr


@pytest.mark.parametrize("command", ["audit", "plan", "rewrite"])
def test_any_number_of_jobs(tree, command):
    alone = run(tree, command)
    assert run(tree, command, "--jobs", "2") == alone
    assert run(tree, command, "--jobs", "3") == alone


class Unpunctual(Executor):
    """Does what it was given last, first."""

    def __init__(self):
        self.done = 0

    def map(self, function, *iterables, timeout=None, chunksize=1):
        del timeout, chunksize
        futures: list[tuple[Future[object], tuple[object, ...]]]
        futures = [(Future(), one) for one in zip(*iterables, strict=True)]
        for future, arguments in random.Random(1).sample(futures, len(futures)):
            future.set_result(function(*arguments))
            self.done += 1
        return (future.result() for future, _ in futures)


def test_the_order_is_that_of_the_files(tmp_path, monkeypatch):
    monkeypatch.setattr(outlining, "BATCH_BYTES", 20)
    sizes: dict[str, int] = {}
    expected = {}
    for number in (1, 15, 2, 3, 4, 6, 9):
        source = SourceText(f"{number}.c", f"int f{number}(void) {{}}\n" * number)
        (tmp_path / source.path).write_text(source.text)
        sizes[source.path] = len(source.text)
        expected[source.path] = outline_of(source, scan_source(source), detailed=True)
    heard = []
    late = Unpunctual()
    for executor in (None, late, ThreadPoolExecutor(3)):
        texts = LazyTexts(tmp_path, sizes)
        found = outline_files(texts, sizes, executor, lambda *told: heard.append(told))
        assert list(found.items()) == list(expected.items())
    assert late.done > 3
    assert heard[0] == ("scanning files", 0, 7)


def test_a_cluster(tree, monkeypatch):
    distributed = pytest.importorskip("distributed")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
    options = {"n_workers": 2, "threads_per_worker": 1, "host": "127.0.0.1", "dashboard_address": None}
    with distributed.LocalCluster(processes=True, silence_logs=50, **options) as cluster:
        for command in ("audit", "rewrite"):
            assert run(tree, command, "--scheduler", cluster.scheduler_address) == run(tree, command)


def test_no_cluster_is_told(tree):
    pytest.importorskip("distributed")
    arguments = ["audit", "--root", str(tree), "--scheduler", "nonsense://x"]
    result = CliRunner().invoke(clew, arguments, standalone_mode=False)
    assert "no scheduler at nonsense://x" in str(result.exception)
