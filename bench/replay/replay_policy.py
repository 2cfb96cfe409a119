"""The ways in which people thread a state, as far as settings tell them apart, and which a case followed.

That is read from the case's facts and from the files before the commit; what clew makes of them plays no
part.
"""

import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import Literal

from replay_before import Before
from replay_case import Case

from clew.config.load import profile_settings
from clew.config.profiles import PROFILES
from clew.detect.spelled_type import same_type

_MOSTLY = 3  # how many times as often something has to be to count as what people mostly do
_MANY, _FEW = 5, 4
_FILE_NAME = re.compile(r"\b[\w-]+\.[ch]\b")

Boundary = Literal["", "local", "inline"]
Redirect = Literal["off", "holders", "callers", "files"]  # "files": all of those that the commit is about
Outside = Literal["held", "any", "accessor"]
Tidied = Literal["", "beside", "all"]
Provided = Literal["profile", "fields", "none"]


@dataclass(frozen=True, slots=True)
class Policy:
    """What is not an edit but a habit.

    *boundary* "" leaves it to the profile; *cookie* tells that parameters count which the profile excepts
    (``others``), *provided* which structures carry the state: those of the profile, or all with such a field;
    *tidied* which other functions that hold the state are tidied up: those in the same files, or all that
    have it as a parameter, too."""

    boundary: Boundary = ""
    redirect: Redirect = "holders"
    derive: Literal["off", "holders", "all"] = "holders"
    outside: Outside = "held"
    cookie: bool = False
    provided: Provided = "profile"
    tidied: Tidied = ""


def guess_policy(case: Case, before: Before) -> Policy:
    """Return what the counts of *case* suggest, next to what its functions held *before*."""
    boundary = _choose_boundary(case)
    redirect = _guess_redirect(case)
    gone = case.patterns.get("acc removed", 0)
    derives: Literal["off", "holders", "all"] = "holders"
    if redirect == "files" and gone >= len(case.gained):
        derives = "all"
    elif boundary == "inline" and not _derives(case, before):
        derives = "off"
    policy = Policy(
        provided="profile" if _is_in_profile(case) else "fields",
        boundary=boundary,
        redirect=redirect,
        derive=derives,
        tidied="" if worked_through(case) else _guess_tidied(gone, before),
    )
    named, *held = (
        case.patterns.get(f"call src {source}", 0) for source in ("accessor", "param", "local", "field")
    )
    others = sum(held) - before.calls
    if boundary == "inline" and others >= named:
        return replace(policy, cookie=True, outside="held" if named else "any")
    # a member of what a function has is looked for: who takes the state from one does so where there is one
    if boundary == "inline" and named > _MOSTLY * max(others, 2 * case.patterns.get("call src field", 0)):
        return replace(policy, outside="accessor")
    return policy


def _guess_tidied(gone: int, before: Before) -> Tidied:
    """Tell where most of the fetches went that no gained parameter explains; there are *gone* in all."""
    gained = before.fetches + before.derived
    more = gone - gained
    beside, elsewhere = before.beside.fetches, before.elsewhere.fetches
    if more > 0 and elsewhere and 2 * more >= beside + elsewhere:
        return "all"
    return "beside" if more > 0 and (2 * more >= beside or more >= gained) else ""


def _is_in_profile(case: Case) -> bool:
    """Tell whether the shipped profile knows the state that the case is about."""
    kind = next(kind for kind in case.kinds if kind.name == case.primary)
    states = profile_settings(case.repo).states if case.repo in PROFILES else ()
    return any(same_type(state.type, c_type) for state in states for c_type in kind.types)


def _choose_boundary(case: Case) -> Boundary:
    inline, local = (case.patterns.get(f"call src {source}", 0) for source in ("accessor", "local"))
    if inline == local:
        return _usual_boundary(case)
    return "inline" if inline > local else "local"


def _usual_boundary(case: Case) -> Boundary:
    if case.repo not in PROFILES:
        return ""
    return next((state.boundary for state in profile_settings(case.repo).states), "")


def _derives(case: Case, before: Before) -> bool:
    """Tell whether people let fetches of other states become paths from the new parameter: more fetches went
    than the state's own, or the case has a state that no function gained."""
    is_left = len(case.kinds) > len(list(case.kinds_in_order()))
    return is_left or case.patterns.get("acc removed", 0) > before.fetches


def _guess_redirect(case: Case) -> Redirect:
    """Return where calls go to twins: in all of the file that the commit is about, or where a function is
    called that is split.  A person who worked through a file fetched in many functions that gained nothing,
    and passed locals more often than parameters."""
    if not case.patterns.get("call redirected", 0):
        return "off"
    fetching = case.patterns.get("decl+ init accessor (fetch at entry)", 0)
    from_locals, given = (case.patterns.get(f"call src {source}", 0) for source in ("local", "param"))
    is_through = _FEW * fetching >= len(case.gained) and from_locals > given
    return "files" if worked_through(case) and is_through else "callers"


def worked_through(case: Case) -> list[str]:
    """Return the files that the commit says it is about, and in which more than a few functions gained the
    state."""
    gained = Counter(one.path for one in case.gained)
    return [path for path in named_files(case) if gained[path] >= _MANY]


def named_files(case: Case) -> list[str]:
    """Return the files that the commit says it is about ("Add tstate parameter in ceval.c")."""
    named = set(_FILE_NAME.findall(case.data["subject"]))
    return [path for path in case.files if path.rpartition("/")[2] in named]
