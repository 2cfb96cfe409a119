"""Shipped settings for well-known programs, and the evidence by which a tree is recognised.

A profile is a TOML file in this folder: the keys of ``clew.toml``, a ``title``, and a ``[detect]`` table:
``files`` must all exist in the tree, and each pair of ``strings`` names a file and a text in it.
"""

from importlib import resources
from pathlib import Path
from typing import Any

from clew.config.check import check_table
from clew.config.document import TomlDocument
from clew.config.schema import SETTINGS
from clew.text.record import record

PROFILES = ("cpython", "git", "tinycc", "vim", "x86emu")
# Evidence stands near the top of a file; nobody waits for a gigabyte.
_EVIDENCE_BYTES = 4_000_000


@record()
class Profile:
    """One shipped profile: *settings* are checked TOML values."""

    name: str
    title: str
    settings: dict[str, Any]
    files: tuple[str, ...]
    strings: tuple[tuple[str, str], ...]


def read_profile(name: str) -> Profile:
    """Return the shipped profile *name*, which must be one of `PROFILES`."""
    raw = resources.files(__package__).joinpath(f"{name}.toml").read_bytes()
    document = TomlDocument.parse(f"<profile {name}>", raw)
    data = dict(document.data)
    title, detect = data.pop("title"), data.pop("detect")
    check_table(document, SETTINGS, data)
    settings = data | {"profile": name}
    return Profile(name, title, settings, tuple(detect["files"]), tuple(detect["strings"].items()))


def detect_profile(root: Path) -> Profile | None:
    """Return the first profile for which the tree at *root* shows all the evidence, or None."""
    for name in PROFILES:
        profile = read_profile(name)
        if all((root / path).is_file() for path in profile.files) and all(
            _contains(root / path, text) for path, text in profile.strings
        ):
            return profile
    return None


def _contains(path: Path, text: str) -> bool:
    try:
        with path.open("rb") as file:
            return text.encode() in file.read(_EVIDENCE_BYTES)
    except OSError:  # a file that cannot be read is no evidence, and reading the tree will report it
        return False
