"""What an expression of Python is, as far as bindings are concerned."""

from collections.abc import Iterable
from typing import Literal

import libcst as cst

from clew.text.record import record

Kind = Literal[
    "library",  # a loaded shared library: its attributes are functions of C
    "ffi",  # cffi.FFI()
    "function",  # the function *name* of a library
    "prototype",  # CFUNCTYPE(...): *node* is the call
    "class",  # *node* is the ClassDef
    "instance",  # of the class *node*
    "def",  # *node* is the FunctionDef
    "module",  # *name* is the path of a file that was read
    "cffi-module",  # made by cffi: has `ffi` and `lib`
    "none",  # None: a placeholder until something is assigned
    "mixed",  # a library or function on some ways, something else on others
    "unknown",
]


@record()
class Meaning:
    """What an expression is.  *path* is the file that *node* stands in; *by* tells what a library or function
    was made with: "ctypes", "prototype" (of ctypes, with types of its own) or "cffi"."""

    kind: Kind
    name: str = ""
    node: cst.CSTNode | None = None
    path: str = ""
    by: str = ""


UNKNOWN = Meaning("unknown")
NONE = Meaning("none")
CTYPES = Meaning("library", by="ctypes")
CFFI = Meaning("library", by="cffi")
FFI = Meaning("ffi")
MIXED = Meaning("mixed")

# Classes of libraries, and functions that return one.
LIBRARIES = frozenset(
    {
        *("ctypes.CDLL", "ctypes.PyDLL", "ctypes.WinDLL", "ctypes.OleDLL", "ctypes.pythonapi"),
        *("ctypes.cdll.LoadLibrary", "ctypes.pydll.LoadLibrary"),
        *("ctypes.windll.LoadLibrary", "ctypes.oledll.LoadLibrary"),
    }
)
# `ctypes.cdll.name` and `ctypes.cdll["name"]` are libraries.
LOADERS = frozenset({"ctypes.cdll", "ctypes.pydll", "ctypes.windll", "ctypes.oledll"})
PROTOTYPES = frozenset({"ctypes.CFUNCTYPE", "ctypes.PYFUNCTYPE", "ctypes.WINFUNCTYPE"})
FFIS = frozenset({"cffi.FFI", "cffi.api.FFI"})


def combine(meanings: Iterable[Meaning]) -> Meaning:
    """Return what a variable is that gets each of *meanings* somewhere."""
    found = set(meanings)
    if len(found) > 1:
        found.discard(NONE)
    if len(found) == 1:
        return found.pop()
    if any(meaning.kind in ("library", "function", "mixed") for meaning in found):
        return MIXED
    return UNKNOWN
