import pytest

from clew.config.settings import Scope, Settings
from clew.errors import PlanFileError
from clew.plan.model import Plan
from clew.plan.scope import file_filter, scope_data, scope_of


@pytest.mark.parametrize(
    ("paths", "path", "expected"),
    [
        ((), "deep/a.c", True),
        ((".",), "deep/a.c", True),
        (("Python",), "Python/errors.c", True),
        (("Python",), "Python/deep/errors.c", True),
        (("Python",), "Pythonic/errors.c", False),
        (("Python",), "Lib/Python/errors.c", False),
        (("Python/errors.c",), "Python/errors.c", True),
        # One component: a star does not cross a slash.
        (("*.c",), "a.c", True),
        (("*.c",), "builtin/a.c", False),
        (("**/*.c",), "builtin/a.c", True),
        (("Python", "Objects"), "Objects/dictobject.c", True),
        # Generated files are read, never edited.
        ((), "gen/table.c", False),
        (("gen",), "gen/table.c", False),
    ],
)
def test_which_files_may_change(paths, path, expected):
    assert file_filter(Settings((), generated=("gen",)), Scope(paths))(path) is expected


def plan_with(scope):
    return Plan("ts", scope, {}, (), (), (), (), (), ())


@pytest.mark.parametrize("scope", [Scope(), Scope(("a", "b"), ("f",), "any", 3)])
def test_a_scope_survives_a_plan(scope):
    assert scope_of(plan_with(scope_data(scope))) == scope


def test_what_a_plan_does_not_say_is_the_default():
    assert scope_of(plan_with({})) == Scope()


@pytest.mark.parametrize(
    ("key", "value"),
    [("linkage", "all"), ("linkage", None), ("depth", "1"), ("depth", True), ("depth", -1), ("paths", "a"),
     ("functions", [1])],
)  # fmt: skip
def test_a_scope_that_is_none(key, value):
    with pytest.raises(PlanFileError, match=f"scope.{key} of the plan must be"):
        scope_of(plan_with({key: value}))
