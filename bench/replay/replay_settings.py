"""A case's facts become ``clew.toml``: policy that a maintainer would write down, never an edit.

Where clew ships a profile with the name of the case's repository, the settings start from it, as a user's
would; a state of the case that has the type of one of the profile's changes that one.
"""

import json
import re
from collections import Counter
from pathlib import Path

from replay_before import Before, read_before
from replay_case import Case, Kind
from replay_position import choose_position
from replay_tree import has_word

from clew.config.load import profile_settings
from clew.config.profiles import PROFILES
from clew.config.settings import State

_PATTERN = "re:"  # accessors that are regular expressions: settings hold tokens
_MOSTLY = 3  # how many times as often something has to be to count as what people mostly do
_MANY, _FEW = 5, 4
_FILE_NAME = re.compile(r"\b\w+\.[ch]\b")
_FIRST_WORD = re.compile(r"[A-Za-z_]\w*(?:\(\))?")


def state_name(case: Case, kind: Kind) -> str:
    """Return the name of *kind* in the settings of *case*."""
    known = _profile_state(case, kind)
    return known.name if known is not None else kind.name


def make_settings(case: Case, root: Path) -> str:
    """Return the settings for *case*, whose tree lies at *root*, as TOML."""
    lines = [f"profile = {_toml(case.repo)}"] if case.repo in PROFILES else []
    described = {state_name(case, kind) for kind in case.kinds}
    for state in profile_settings(case.repo).states if lines else ():
        if state.name not in described and state.boundary == "inline":
            lines += ["", "[[state]]", f"name = {_toml(state.name)}", 'holders = "named"']
    for kind in case.kinds:
        lines += ["", "[[state]]", *_describe_state(case, kind, root)]
    return "\n".join(lines) + "\n"


def _describe_state(case: Case, kind: Kind, root: Path) -> list[str]:
    known = _profile_state(case, kind)
    lines = [f"name = {_toml(state_name(case, kind))}"]
    if known is None:
        lines.append(f"type = {_toml(_choose_type(kind, root))}")
    lines.append(f"names = {_toml(_order_names(case, kind))}")
    lines.append(f"accessors = [{', '.join(_list_accessors(kind, known))}]")
    # People take a parameter of the usual name for the current state; a case lists these names.
    lines += ['holders = "named"', 'indirect = "preserves"']
    before = read_before(case, root)
    lines.append(f"position = {_toml(choose_position(case, kind, root))}")
    lines += _describe_boundaries(case, before)
    lines += _describe_twins(case)
    if _choose_boundary(case) == "inline" and not _derives(case, before):
        lines = [line for line in lines if not line.startswith("derive =")] + ['derive = "off"']
    if kind.derived:
        lines += ["", "[state.derived]"]
        lines += [f"{_toml(other)} = {_toml(_as_path(path))}" for other, path in kind.derived]
    return lines


def _describe_boundaries(case: Case, before: Before) -> list[str]:
    """Return how functions that gain nothing pass the state, by how people mostly did."""
    lines = []
    boundary = _choose_boundary(case)
    if boundary:
        lines.append(f"boundary = {_toml(boundary)}")
    if case.patterns.get("decl+ init accessor (fetch at entry)", 0):
        lines.append('fetch = "entry"')
    named, *held = (
        case.patterns.get(f"call src {source}", 0) for source in ("accessor", "param", "local", "field")
    )
    others = sum(held) - before.calls
    if boundary == "inline" and others >= named:
        lines.append("others = []")  # every parameter will do
    elif boundary == "inline" and named > _MOSTLY * others:
        lines.append('outside = "accessor"')
    return lines


def _derives(case: Case, before: Before) -> bool:
    """Tell whether people let fetches of other states become paths from the new parameter: more fetches went
    than the state's own, or the case has a state that no function gained."""
    is_left = len(case.kinds) > len(list(case.kinds_in_order()))
    return is_left or case.patterns.get("acc removed", 0) > before.fetches


def _describe_twins(case: Case) -> list[str]:
    """Return the twins by name, and what becomes of the calls of those that are split."""
    renames = {old: new for old, new, mode in case.twins if mode == "rename"}
    twins = {old: new for old, new, mode in case.twins if mode != "rename"}
    macros = any("macro" in mode for _, _, mode in case.twins)
    lines = [f"renames = {_table(renames)}", f"twins = {_table(twins)}"]
    redirected = case.patterns.get("call redirected", 0)
    lines += _describe_redirects(case) if redirected else ['redirect = "off"']
    split = {old for old, _, mode in case.twins if mode == "split"}
    declared = case.patterns.get("proto in header", 0)
    if split and declared >= len(split) and not any(g.static for g in case.gained if g.name in split):
        lines.append('twin_linkage = "wrapper"')
    return [*lines, 'wrapper = "macro"'] if macros else lines


def _describe_redirects(case: Case) -> list[str]:
    """Return where calls are redirected: in the file that the commit is about, or wherever a function is
    called that is split."""
    files = worked_through(case)
    fetching = case.patterns.get("decl+ init accessor (fetch at entry)", 0)
    if not files or _FEW * fetching < len(case.gained):
        return ['redirect = "callers"']
    lines = ['redirect = "holders"', f"redirect_files = {_toml(files)}"]
    return [*lines, 'derive = "all"'] if case.patterns.get("acc removed", 0) >= len(case.gained) else lines


def worked_through(case: Case) -> list[str]:
    """Return the files that the commit says it is about ("Add tstate parameter in ceval.c"), and in which
    more than a few functions gained the state."""
    named = set(_FILE_NAME.findall(case.data["subject"]))
    gained = Counter(one.path for one in case.gained)
    return [path for path in case.files if path.rpartition("/")[2] in named and gained[path] >= _MANY]


def _table(pairs: dict[str, str]) -> str:
    return "{ " + ", ".join(f"{_toml(key)} = {_toml(value)}" for key, value in pairs.items()) + " }"


def _profile_state(case: Case, kind: Kind) -> State | None:
    if case.repo not in PROFILES:
        return None
    types = set(map(_bare_type, kind.types))
    states = profile_settings(case.repo).states
    return next((state for state in states if _bare_type(state.type) in types), None)


def _bare_type(c_type: str) -> str:
    return " ".join(word for word in c_type.replace("*", " * ").split() if word != "const")


def _choose_type(kind: Kind, root: Path) -> str:
    """Return the type that the tree of this commit has: over the years a state's type gets another name."""
    for c_type in kind.types:
        if has_word(root, re.findall(r"\w+", c_type)[-1]):
            return c_type
    return kind.types[0]


def _order_names(case: Case, kind: Kind) -> list[str]:
    used = Counter(gained.parameter for gained in case.gained if gained.kind == kind.name)
    return list(dict.fromkeys([*(name for name, _ in used.most_common() if name), *kind.names]))


def _list_accessors(kind: Kind, known: State | None) -> list[str]:
    listed = ['"..."'] if known is not None else []
    have = {accessor.spelling for accessor in known.accessors} if known is not None else set()
    for spelling in kind.accessors:
        bare = spelling.removeprefix("&")
        if spelling.startswith(_PATTERN) or spelling in have or bare in have or "&" + bare in have:
            continue
        is_object = "&" + bare in kind.accessors
        have.add(bare)
        listed.append(f"{{ spelling = {_toml(bare)}, object = true }}" if is_object else _toml(spelling))
    return listed


def _choose_boundary(case: Case) -> str:
    inline, local = (case.patterns.get(f"call src {source}", 0) for source in ("accessor", "local"))
    if inline == local:
        return _usual_boundary(case)
    return "inline" if inline > local else "local"


def _usual_boundary(case: Case) -> str:
    if case.repo not in PROFILES:
        return ""
    return next((state.boundary for state in profile_settings(case.repo).states), "")


def _as_path(expression: str) -> str:
    """Turn ``the_repository->hash_algo`` into ``{}->hash_algo``."""
    return _FIRST_WORD.sub("{}", expression, count=1)


def _toml(value: str | list[str]) -> str:
    return json.dumps(value)  # for these two the notations agree
