"""A case's facts become ``clew.toml``: policy that a maintainer would write down, never an edit.

Where clew ships a profile with the name of the case's repository, the settings start from it, as a user's
would; a state of the case that has the type of one of the profile's changes that one.
"""

import json
import re
from collections import Counter
from pathlib import Path

from replay_before import read_before
from replay_carriers import find_carriers
from replay_case import Case, Kind
from replay_policy import Policy, guess_policy, named_files
from replay_position import choose_position
from replay_tree import has_word

from clew.config.load import profile_settings
from clew.config.profiles import PROFILES
from clew.config.settings import State

_PATTERN = "re:"  # accessors that are regular expressions: settings hold tokens
_SHOWN = "srctext X"  # a pattern: what calls passed, the variable left out
_FIRST_WORD = re.compile(r"[A-Za-z_]\w*(?:\(\))?")


def state_name(case: Case, kind: Kind) -> str:
    """Return the name of *kind* in the settings of *case*."""
    known = _profile_state(case, kind)
    return known.name if known is not None else kind.name


def make_settings(case: Case, root: Path, policy: Policy | None = None) -> str:
    """Return the settings for *case*, whose tree lies at *root*, as TOML: with *policy*, or what the case
    suggests by itself."""
    policy = policy or guess_policy(case, read_before(case, root))
    lines = [f"profile = {_toml(case.repo)}"] if case.repo in PROFILES else []
    described = {state_name(case, kind) for kind in case.kinds}
    for state in profile_settings(case.repo).states if lines else ():
        if state.name not in described and state.boundary == "inline":
            lines += ["", "[[state]]", f"name = {_toml(state.name)}", 'holders = "named"']
    for kind in case.kinds:
        lines += ["", "[[state]]", *_describe_state(case, kind, root, policy)]
    return "\n".join(lines) + "\n"


def _describe_state(case: Case, kind: Kind, root: Path, policy: Policy) -> list[str]:
    known = _profile_state(case, kind)
    lines = [f"name = {_toml(state_name(case, kind))}"]
    c_type = known.type if known is not None else _choose_type(kind, root)
    if known is None:
        lines.append(f"type = {_toml(c_type)}")
    lines.append(f"names = {_toml(_order_names(case, kind))}")
    lines.append(f"accessors = [{', '.join(_list_accessors(kind, known))}]")
    # People take a parameter of the usual name for the current state; a case lists these names.
    lines += ['holders = "named"', 'indirect = "preserves"']
    lines.append(f"position = {_toml(choose_position(case, kind, root))}")
    lines += _describe_holding(policy)
    if policy.provided != "profile":
        usual = known.provided if known is not None else ()
        found = find_carriers(root, c_type, kind.fields, usual) if policy.provided == "fields" else []
        lines.append(f"provided = {_toml([*(['...'] if found and usual else []), *found])}")
    elif known is not None and (found := _find_shown(case, kind, root, known)):
        lines.append(f"provided = {_toml(['...', *found])}")
    if case.patterns.get("decl+ init accessor (fetch at entry)", 0):
        lines.append('fetch = "entry"')
    lines += [*_describe_twins(case), *_describe_redirects(case, policy)]
    if kind.derived:
        lines += ["", "[state.derived]"]
        lines += [f"{_toml(other)} = {_toml(_as_path(path))}" for other, path in kind.derived]
    return lines


def _find_shown(case: Case, kind: Kind, root: Path, known: State) -> list[str]:
    """Return the structures that carry the state where the case's calls took it from (``ctx->revs->repo``),
    beyond those of the profile.  Of the members that have the most usual name, many are no such; there the
    profile knows best."""
    listed = [carrier.partition(":") for carrier in known.provided]
    usual = Counter(path.strip() for _, _, path in listed).most_common(1)
    wanted = {pattern.replace(_SHOWN, "{}") for pattern in case.patterns if pattern.startswith(_SHOWN)}
    wanted -= {path for path, _ in usual}
    found = find_carriers(root, known.type, kind.fields, known.provided) if wanted else []
    return [one for one in found if one not in known.provided and one.partition(":")[2].strip() in wanted]


def _describe_holding(policy: Policy) -> list[str]:
    """Return how functions that gain nothing pass the state."""
    lines = [f"boundary = {_toml(policy.boundary)}"] if policy.boundary else []
    if policy.cookie:
        lines.append("others = []")  # every parameter will do
    if policy.outside != "held":
        lines.append(f"outside = {_toml(policy.outside)}")
    return lines


def _describe_twins(case: Case) -> list[str]:
    """Return the twins by name, and where they are declared: with nearly as many prototypes in headers as
    functions that were split, beside these."""
    renames = {old: new for old, new, mode in case.twins if mode == "rename"}
    twins = {old: new for old, new, mode in case.twins if mode != "rename"}
    macros = any("macro" in mode for _, _, mode in case.twins)
    lines = [f"renames = {_table(renames)}", f"twins = {_table(twins)}"]
    split = {old for old, _, mode in case.twins if mode == "split"}
    declared = case.patterns.get("proto in header", 0)
    if split and 4 * declared > 3 * len(split) and not any(g.static for g in case.gained if g.name in split):
        lines.append('twin_linkage = "wrapper"')
    return [*lines, 'wrapper = "macro"'] if macros else lines


def _describe_redirects(case: Case, policy: Policy) -> list[str]:
    """Return which calls go to twins, and what becomes of fetches of other states."""
    files = policy.redirect == "files"
    lines = [f"redirect = {_toml('holders' if files else policy.redirect)}"]
    if files:
        lines.append(f"redirect_files = {_toml(named_files(case))}")
    return lines if policy.derive == "holders" else [*lines, f"derive = {_toml(policy.derive)}"]


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


def _as_path(expression: str) -> str:
    """Turn ``the_repository->hash_algo`` into ``{}->hash_algo``."""
    return _FIRST_WORD.sub("{}", expression, count=1)


def _toml(value: str | list[str]) -> str:
    return json.dumps(value)  # for these two the notations agree
