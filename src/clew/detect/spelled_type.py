"""C types as they are spelled."""

import re
from functools import lru_cache

_DROPPED = re.compile(r"\b(?:const|volatile|restrict|register|auto|static|struct)\b")


def same_type(one: str, two: str) -> bool:
    """Tell whether two C types are spelled alike but for qualifiers, ``struct`` and blanks."""
    return _plain(one) == _plain(two)


def type_words(type_text: str) -> list[str]:
    """Return the identifiers of a type without its qualifiers and tag keywords."""
    return re.findall(r"[A-Za-z_]\w*", _DROPPED.sub(" ", type_text))


@lru_cache(maxsize=10_000)  # a tree spells few types, over and over
def _plain(type_text: str) -> str:
    return "".join(_DROPPED.sub(" ", type_text).split())
