"""Where people put the parameter, as the setting that places it right in the most functions."""

from pathlib import Path

from replay_before import find_functions
from replay_case import Case, Kind

from clew.scan.lists import split_list


def choose_position(case: Case, kind: Kind, root: Path) -> str:
    """Return the value of `position` with which most functions that gained *kind* have it where people put
    it; the files below *root* show the types of the other parameters."""
    wanted = [(gained.name, gained.position) for gained in case.gained if gained.kind == kind.name]
    types = {}
    for facts, function in find_functions(case, root):
        listed = split_list(facts.masked, function.header.params).spans
        types[function.name] = [_type_of(span.of(facts.masked)) for span in listed]
    found = [(types[name], position) for name, position in wanted if name in types]
    behind = (f"after {types[position - 1]}" for types, position in found if 0 < position <= len(types))
    choices = ["first", "last", *dict.fromkeys(behind)]
    return max(choices, key=lambda choice: sum(p == _place(choice, t) for t, p in found))


def _type_of(parameter: str) -> str:
    """Return the type in the declaration *parameter*, its name left out."""
    words = " ".join(parameter.replace("*", " * ").split())
    head, _, name = words.rpartition(" ")
    return head if head and name.isidentifier() else words


def _place(choice: str, types: list[str]) -> int:
    if choice == "last":
        return len([one for one in types if one != "void"])
    wanted = choice.removeprefix("after ")
    return types.index(wanted) + 1 if choice != "first" and wanted in types else 0
