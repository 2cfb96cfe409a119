import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FIXTURES = ROOT / "fixtures" / "replay"
REPLAY = ROOT / "bench" / "replay"
if str(REPLAY) not in sys.path:
    sys.path.insert(0, str(REPLAY))

import make_cases  # noqa: E402
import replay  # noqa: E402
from replay_case import load_cases  # noqa: E402
from replay_check import check_output  # noqa: E402
from replay_clew import run_clew  # noqa: E402
from replay_settings import make_settings  # noqa: E402
from replay_tree import extract_tree  # noqa: E402

from clew.config.load import parse_settings, profile_settings  # noqa: E402


def fixture_files(name):
    return {path.name: path.read_text() for path in sorted((FIXTURES / name).iterdir())}


def run_json(options, capsys):
    code = replay.main([*options, "--json"])
    return code, json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("mode", ["functions", "files"])
def test_what_the_person_did_is_done(tiny, capsys, mode):
    # With the files alone, clew would thread run_all() as well: main() calls it.
    options = tiny(human=THREADED_FURTHER if mode == "files" else ())
    code, found = run_json([*options, "--mode", mode], capsys)
    [case] = found["cases"]
    assert (code, case["recall"], case["precision"], case["identity"]) == (0, 1, 1, 1)
    assert not case["missed_by_class"]
    assert case["human"] > 10


THREADED_FURTHER = (
    ("run_all(int count)", "run_all(struct engine *e, int count)"),
    ("turn(the_engine,", "turn(e,"),
    ('(the_engine, "nothing', '(e, "nothing'),
    ("run_all(7)", "run_all(the_engine, 7)"),
)


def test_planning_alone_goes_further_than_the_person(tiny, capsys):
    _, found = run_json([*tiny(), "--mode", "files"], capsys)
    [case] = found["cases"]
    assert case["recall"] < 1
    assert case["missed_by_class"] == {"call: made, but passes param where the person passes accessor": 2}
    assert case["extra_by_class"]["sig: in a threaded function"] == 1


def test_another_source_counts_as_missed_and_extra(tiny, capsys):
    _, found = run_json(tiny(human=[("turn(the_engine,", "turn(my->engine,")]), capsys)
    [case] = found["cases"]
    assert (case["human"] - case["matched"], case["tool"] - case["matched"]) == (1, 1)
    assert case["missed_by_class"] == {"call: made, but passes accessor where the person passes field": 1}
    assert case["extra_by_class"] == {"call: made, but otherwise": 1}


def test_only_the_c_files_of_the_parent_are_given_to_clew(tiny, tmp_path, capsys):
    replay.main([*tiny(), "--keep", str(tmp_path / "kept")])
    kept = tmp_path / "kept" / "tiny-1"
    assert {path.name for path in kept.iterdir()} == {"engine.c", "engine.h", "main.c", "clew.toml"}
    assert (kept / "engine.c").read_text() == fixture_files("after")["engine.c"]
    assert "tiny-1" in capsys.readouterr().out


def test_the_table_has_the_case_the_totals_and_the_ceiling(tiny, capsys):
    assert replay.main([*tiny(), "--reasons"]) == 0
    lines = capsys.readouterr().out.splitlines()
    [case] = [line for line in lines if line.startswith("tiny-1")]
    assert case.split()[4:9] == ["1.000", "1.000", "1.000", "4/4", "1.000"]
    names = [line.partition("(")[0].strip() for line in lines if "(1)" in line]
    assert names == ["all", "gold", "thread", "thread gold"]
    assert "missed: 0" in lines


def test_show_lists_every_edit_and_the_refusals(tiny, capsys):
    replay.main([*tiny(human=[("turn(the_engine,", "turn(my->engine,")]), "--show", "tiny-1"])
    shown = capsys.readouterr().out
    assert "engine: pass the engine on" in shown
    assert "  call   main.c run_all turn 1 engine   <- my->engine" in shown
    assert "  call   main.c run_all turn 1 engine   <- the_engine" in shown


def test_what_clew_does_not_plan_is_a_fault_that_is_shown(tiny, capsys):
    facts = json.loads((FIXTURES / "case.json").read_text())["functions_gained"]
    facts[0]["function"] = "note_eror"
    code, found = run_json(tiny(functions_gained=facts), capsys)
    [case] = found["cases"]
    assert (code, case["matched"], case["tool"]) == (1, 0, 0)
    assert "note_eror" in case["errors"][0]


def test_cases_run_side_by_side_with_the_same_result(tiny, capsys):
    options = tiny()
    _, one = run_json(options, capsys)
    _, two = run_json([*options, "--jobs", "2"], capsys)
    for found in (one, two):
        del found["cases"][0]["seconds"]
    assert one == two


@pytest.mark.parametrize(
    ("more", "words"),
    [(["--only", "tiny-2"], "no case is chosen"), (["--name", "other"], "no case is chosen")],
)
def test_a_choice_without_cases_is_a_usage_error(tiny, capsys, more, words):
    with pytest.raises(SystemExit) as ended:
        replay.main([*tiny(), *more])
    assert ended.value.code == 2
    assert words in capsys.readouterr().err


def test_a_repository_that_was_not_given_is_named(tiny, capsys):
    options = tiny()
    with pytest.raises(SystemExit):
        replay.main(options[:2])
    assert "--repo tiny=GITDIR is required" in capsys.readouterr().err


def test_settings_hold_policy_only(tiny):
    [case] = load_cases(Path(tiny()[1]))
    settings = parse_settings("made", make_settings(case, FIXTURES / "before").encode())
    state = settings.state("engine")
    # The first type is one that this tree does not have, the second accessor no tokens.
    assert (state.type, state.names) == ("struct engine *", ("e", "engine"))
    assert [accessor.spelling for accessor in state.accessors] == ["the_engine"]
    assert (state.position, state.boundary, state.derived) == (
        "first",
        "inline",
        (("the_speed", "{}->speed"),),
    )


def test_settings_follow_what_the_person_preferred(tiny):
    gained = json.loads((FIXTURES / "case.json").read_text())["functions_gained"]
    patterns = {
        "call src accessor": 1,
        "call src local": 2,
        "decl+ init accessor (fetch at entry)": 1,
        "sig pos last": 3,
        "acc removed": 9,
    }
    options = tiny(functions_gained=[one | {"position": 1} for one in gained], patterns=patterns)
    [case] = load_cases(Path(options[1]))
    state = parse_settings("made", make_settings(case, FIXTURES / "before").encode()).state("engine")
    assert (state.position, state.boundary, state.fetch) == ("last", "local", "entry")
    assert state.derived == (("the_speed", "{}->speed"),)


@pytest.mark.parametrize(
    ("subject", "many", "removed", "given", "wanted"),
    [
        ("Pass the engine on in engine.c", 5, 0, 1, ("holders", ("src/engine.c",), "holders")),
        ("Pass the engine on in engine.c", 5, 9, 1, ("holders", ("src/engine.c",), "all")),
        ("Pass the engine on in engine.c", 5, 0, 2, ("callers", (), "holders")),
        ("Pass the engine on in engine.c", 4, 0, 1, ("callers", (), "holders")),
        ("Pass the engine on", 5, 0, 1, ("callers", (), "holders")),
    ],
)
def test_a_file_that_the_commit_is_about_is_worked_through(tiny, subject, many, removed, given, wanted):
    gained = json.loads((FIXTURES / "case.json").read_text())["functions_gained"][0]
    found = [gained | {"file": "src/engine.c", "function": f"f{number}"} for number in range(many)]
    fetching = {"decl+ init accessor (fetch at entry)": 2, "call src local": 2, "call src param": given}
    patterns = {"call redirected": 1, "acc removed": removed, **fetching}
    files = {"files": ["src/engine.c", "src/car.c"], "functions": []}
    options = tiny(subject=subject, functions_gained=found, patterns=patterns, scope=files)
    [case] = load_cases(Path(options[1]))
    state = parse_settings("made", make_settings(case, FIXTURES / "before").encode()).state("engine")
    assert (state.redirect, state.redirect_files, state.derive) == wanted


def test_a_shipped_profile_of_the_name_is_the_base(tiny):
    kind = {
        "id": "repo",
        "types": ["struct repository *"],
        "names": ["r"],
        "accessors": ["the_repository", "a_repo"],
    }
    patterns = {"call src param": 2}
    facts = {"primary_kind": "repo", "functions_gained": [], "patterns": patterns}
    options = tiny(repo="git", state={"kinds": [kind]}, **facts)
    [case] = load_cases(Path(options[1]))
    state = parse_settings("made", make_settings(case, FIXTURES / "before").encode()).state("repository")
    assert [accessor.spelling for accessor in state.accessors] == ["the_repository", "a_repo"]
    assert state.accessors[0].assigned
    assert state.header == "repository.h"
    assert (state.boundary, state.outside, state.others) == ("inline", "any", ())  # nobody names the accessor


@pytest.mark.parametrize(
    ("passed", "wanted"),
    [
        ("srctext X->revs->repo", ["struct walk *: {}->revs->repo"]),
        ("srctext X->repo", []),  # of members with the most usual name the profile knows which count
        ("srctext X->other", []),
    ],
)
def test_what_calls_passed_shows_more_structures_that_carry_the_state(tiny, tmp_path, passed, wanted):
    kind = {"id": "repo", "types": ["struct repository *"], "names": ["r"], "fields": ["repo"]}
    facts = {"primary_kind": "repo", "functions_gained": [], "patterns": {passed: 2}}
    [case] = load_cases(Path(tiny(repo="git", state={"kinds": [kind]}, **facts)[1]))
    root = tmp_path / "tree"
    root.mkdir()
    walk = "struct walk { int depth; struct rev_info *revs; };\nstruct mine { struct repository *repo; };\n"
    (root / "walk.h").write_text(walk)
    state = parse_settings("made", make_settings(case, root).encode()).state("repository")
    usual = next(one.provided for one in profile_settings("git").states if one.name == "repository")
    assert list(state.provided[len(usual) :]) == wanted


@pytest.mark.parametrize(
    ("patterns", "wanted"),
    [
        ({"call src accessor": 9, "call src param": 2}, ("accessor", None)),
        ({"call src accessor": 2, "call src param": 9}, ("held", ())),
        ({"call src accessor": 2, "call src param": 3}, ("held", None)),
    ],
)
def test_what_functions_outside_pass_is_read_from_the_facts(tiny, patterns, wanted):
    options = tiny(patterns=patterns)
    [case] = load_cases(Path(options[1]))
    text = make_settings(case, FIXTURES / "before")
    state = parse_settings("made", text.encode()).state("engine")
    assert (state.outside, state.others if "others" in text else None) == wanted


def test_outputs_are_read_again_when_that_is_asked_for(tiny, capsys):
    options = tiny()
    _, found = run_json([*options, "--check"], capsys)
    assert found["cases"][0]["checked"] == {"unparsed": [], "findings": [], "again": []}
    replay.main([*options, "--check"])
    assert "read again: 1 of 1 clean" in capsys.readouterr().out


def test_what_a_second_run_changes_and_what_cannot_be_read_is_listed(tiny, tmp_path):
    options = tiny()
    [case] = load_cases(Path(options[1]))
    gitdir, root = Path(options[3].partition("=")[2]), tmp_path / "work"
    root.mkdir()
    extract_tree(gitdir, case.parent, root)
    ran = run_clew(case, "functions", root)
    path = root / "engine.c"
    path.write_text(path.read_text().replace("int turn(struct engine *e, ", "int turn(", 1))
    checked = check_output(case, gitdir, root, ran)
    assert not checked.is_clean
    assert any(line.startswith("engine.c: +int turn(struct engine *e") for line in checked.again)
    path.write_text("int broken(void)\n{\n\treturn ((1;\n}\n")
    checked = check_output(case, gitdir, root, ran)
    assert [line.split(": ")[0] for line in checked.unparsed] == ["engine.c:4 broken"]


def test_the_judge_passes_its_own_tests():
    command = [sys.executable, "-m", "unittest", "test_score.py"]
    ran = subprocess.run(command, cwd=REPLAY, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    assert "OK" in ran.stderr


def test_cases_are_made_of_further_commits(tiny, tmp_path, capsys):
    _, cases, *repo = tiny()
    data = json.loads(Path(cases).read_text())
    [told] = data["cases"]
    gitdir = repo[1].partition("=")[2]
    (tmp_path / "known.json").write_text(json.dumps({"cases": [told | {"commit": "0" * 40}]}))
    (tmp_path / "commits").write_text(f"{told['commit']} with a subject\n")
    options = ["--cases", str(tmp_path / "known.json"), "--like", told["id"], "--repo", gitdir]
    assert make_cases.main([*options, str(tmp_path / "commits")]) == 0
    found = json.loads(capsys.readouterr().out)
    [made] = found["cases"]
    assert (made["parent"], made["scope"]["files"]) == (told["parent"], told["scope"]["files"])
    assert made["scope"]["functions"] == sorted(told["scope"]["functions"])
    assert made["functions_gained"] == told["functions_gained"]
    (tmp_path / "made.json").write_text(json.dumps(found))
    _, scored = run_json(["--cases", str(tmp_path / "made.json"), *repo], capsys)
    assert [(case["recall"], case["precision"]) for case in scored["cases"]] == [(1, 1)]


def test_no_cases_are_made_of_commits_that_are_cases(tiny, tmp_path, capsys):
    _, cases, *repo = tiny()
    [told] = json.loads(Path(cases).read_text())["cases"]
    (tmp_path / "commits").write_text(f"{told['commit']}\n")
    options = ["--cases", cases, "--like", told["id"], "--repo", repo[1].partition("=")[2]]
    assert make_cases.main([*options, str(tmp_path / "commits")]) == 0
    assert json.loads(capsys.readouterr().out) == {"cases": []}
