"""C types as they are spelled."""

import re

_DROPPED = re.compile(r"\b(?:const|volatile|restrict|register|auto|static|struct)\b")


def same_type(one: str, two: str) -> bool:
    """Tell whether two C types are spelled alike but for qualifiers, ``struct`` and blanks."""
    return _plain(one) == _plain(two)


def type_words(type_text: str) -> list[str]:
    """Return the identifiers of a type without its qualifiers and tag keywords."""
    return re.findall(r"[A-Za-z_]\w*", _DROPPED.sub(" ", type_text))


def _plain(type_text: str) -> str:
    return "".join(_DROPPED.sub(" ", type_text).split())
