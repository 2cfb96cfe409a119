"""What `clew check` keeps between runs."""

import os
import time
from contextlib import closing

import pytest

from clew.cache.stamps import blob_id
from clew.cache.store import Store
from clew.check.codec import decode, encode
from clew.check.confirm import Confirmer
from clew.check.summary import Summariser
from clew.check.view import FolderView
from clew.config.load import load_settings
from clew.text.source import SourceText

MORE = "    session_get()->count = 0;\n    eggs(by);"


def cache(project):
    return project.root.parent / "cache" / "facts.sqlite"


def test_no_cache(project):
    project.check("--no-cache")
    assert not cache(project).exists()
    project.check()
    assert cache(project).exists()


def test_the_answer_is_the_same(project):
    project.edit("main.c", "    eggs(by);", MORE)
    answers = [project.check("--format", "json", *more) for more in ([], [], ["--no-cache"])]
    assert answers[0] == answers[1] == answers[2]


def test_a_change_that_keeps_size_and_time_of_modification_is_seen(project):
    assert project.found() == ["main.c:5 fetch", "main.c:16 fetch"]
    main = project.root / "main.c"
    before = main.stat()
    project.edit("main.c", "return spam(session_get(), 2);", "return spam(0, 2) + 1234567;")
    project.write("main.c", main.read_text()[: before.st_size].ljust(before.st_size))
    os.utime(main, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert main.stat().st_size == before.st_size
    assert project.found() == ["main.c:5 fetch"]


def test_settled_files_are_not_opened_again(project, monkeypatch):
    past = time.time_ns() + 10_000_000_000
    monkeypatch.setattr("clew.cache.stamps.time.time_ns", lambda: past)
    first = project.check("--format", "json")
    opened = []
    monkeypatch.setattr("clew.check.view.read_file", lambda root, path: opened.append((root, path)))
    assert project.check("--format", "json", "--since", "HEAD")[0] == 0
    assert opened == []
    assert first[0] == 1


def test_young_files_are_opened_again(project):
    settings = load_settings(project.root / "clew.toml")
    with closing(Store(cache(project), "1", pytest.fail)) as store:
        assert len(FolderView(project.root, settings, store).ids) == 2
        # both were written just now
        assert store.get("stamps", [str(project.root)]) == {str(project.root): b"{}"}


def test_other_settings_have_other_summaries(project):
    project.check()
    text = (project.root / "clew.toml").read_text()
    project.write("clew.toml", text.replace('"session_get()"', '"fetch_session()"'))
    assert project.found() == []


def test_a_damaged_cache_is_said_once(project):
    _, right, _ = project.check("--format", "json")
    cache(project).write_bytes(b"\0" * 10_000)
    code, out, err = project.check("--format", "json")
    assert (code, out) == (1, right)
    assert err.count("was damaged or not clew's") == 1
    assert project.check("--format", "json") == (1, right, "")


@pytest.mark.parametrize(
    "text",
    ["", "int x;\n", "int f(struct session *s) { return g(s, session_get()); /* clew: allow[x] y */ }\n"],
)
def test_summaries_survive_the_cache(project, text):
    settings = load_settings(project.root / "clew.toml")
    summary = Summariser(settings.states).summarise(SourceText("a.c", text))
    assert decode(encode(summary)) == summary


def test_ids_are_those_of_git(project):
    assert project.git("hash-object", "main.c").strip() == blob_id((project.root / "main.c").read_bytes())


def count_parses(monkeypatch):
    parsed, confirm = [], Confirmer.confirm

    def counting(confirmer, path, fetch):
        parsed.append(path)
        return confirm(confirmer, path, fetch)

    monkeypatch.setattr(Confirmer, "confirm", counting)
    return parsed


def test_verdicts_are_kept_until_an_included_file_changes(project, monkeypatch):
    parsed = count_parses(monkeypatch)
    project.write("reg.c", '#include "state.h"\nint size(void) { USE return the_registry->size; }\n')
    project.write("use.h", "/* none */\n")
    project.edit("state.h", "struct registry {", '#include "use.h"\n#define USE MORE\nstruct registry {')
    assert project.found("reg.c") == ["reg.c:2 fetch"]
    assert parsed == ["reg.c"]
    assert project.found("reg.c") == ["reg.c:2 fetch"]
    assert parsed == ["reg.c"]
    project.write("use.h", "#define MORE struct registry *the_registry = 0;\n")
    assert project.found("reg.c") == []
    assert parsed == ["reg.c"] * 2
    project.write("sub/use.h", "")
    assert project.found("reg.c") == []
    assert parsed == ["reg.c"] * 3
