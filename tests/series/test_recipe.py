"""`clew rewrite --recipe`: the same change on another base."""

import json

import pytest


@pytest.fixture
def recipe(repository):
    return repository.top.parent / "recipe.json"


def test_it_is_written_where_there_is_none(repository, recipe):
    code, _, err = repository.rewrite("--linkage", "internal", "--recipe", str(recipe))
    assert code == 1
    assert f"recipe: {recipe}" in err
    data = json.loads(recipe.read_text())
    assert (data["recipe"], data["state"], data["scope"]["linkage"]) == (1, "session", "internal")
    assert [one["name"] for one in data["functions"]] == ["run", "twice", "add", "even", "odd", "now"]


def test_the_same_change_on_a_moved_base(repository, recipe):
    repository.rewrite("--linkage", "internal", "--recipe", str(recipe))
    written = recipe.read_bytes()
    text = (repository.root / "main.c").read_text()
    repository.write(
        "main.c", "/* new */\n\n" + text.replace("int run(int n)\n{", "int run(int n)\n{\n    n++;")
    )
    repository.git("mv", "more.c", "moved.c")
    repository.commit()
    _, expected, _ = repository.rewrite("--linkage", "internal")
    code, diff, err = repository.rewrite("--recipe", str(recipe))
    assert code == 1
    assert diff == expected
    assert "note:" not in err
    assert recipe.read_bytes() == written


def test_it_keeps_to_what_was_chosen(repository, recipe):
    repository.rewrite("--recipe", str(recipe), "--linkage", "internal", "--function", "now")
    repository.write("new.c", '#include "state.h"\nint fresh(void) { return session_get()->count; }\n')
    repository.commit()
    _, diff, _ = repository.rewrite("--recipe", str(recipe))
    assert "static int now(struct session *session)" in diff
    assert "add(" not in diff
    assert "fresh" not in diff


def test_what_is_not_there_any_more_is_said(repository, recipe):
    repository.rewrite("--recipe", str(recipe))
    text = (repository.root / "more.c").read_text()
    repository.write("more.c", text.replace("now(", "later("))
    repository.commit()
    _, diff, err = repository.rewrite("--recipe", str(recipe))
    assert "note: more.c: now is not threaded: nothing needs it, or it is refused" in err
    assert "+static void add(struct session *session, int by)" in diff
    assert "later(struct" not in diff


def test_a_series_from_a_recipe(repository, recipe):
    repository.rewrite("--recipe", str(recipe))
    folder = repository.top.parent / "series"
    code, _, err = repository.rewrite("--recipe", str(recipe), "--series", str(folder))
    assert code == 0, err
    assert len(list(folder.glob("*.patch"))) == 2


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "not valid JSON"),
        ("[]", "not a recipe that this version of clew reads"),
        ('{"recipe": 1}', "a recipe has a state, a scope and functions"),
        (
            '{"recipe": 1, "state": "session", "scope": {}, "functions": [{}]}',
            "function 1 must have the strings name, path, parameter",
        ),
    ],
)
def test_a_file_that_is_no_recipe(repository, recipe, text, message):
    recipe.write_text(text)
    code, out, err = repository.rewrite("--recipe", str(recipe))
    assert (code, out) == (2, "")
    assert message in err
    assert recipe.read_text() == text


def test_a_plan_and_a_recipe(repository, recipe):
    repository.rewrite("--recipe", str(recipe))
    code, _, err = repository.rewrite("--recipe", str(recipe), "--plan", "plan.json")
    assert code == 2
    assert "a plan and a recipe both say what to do" in err
