"""What must stay as it is, and needs no word about it."""

import pytest

from clew.config.settings import Bindings
from clew.rewrite.bindings.files import rewrite_bindings
from clew.text.source import SourceText

CTYPES = "import ctypes\nlib = ctypes.CDLL('x')\nstate = None\n"
CFFI = "import cffi\nffi = cffi.FFI()\nlib = ffi.dlopen('x')\nstate = None\n"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("lib.other(1)\nlib.other.argtypes = [ctypes.c_int]\n", id="another function"),
        pytest.param("lib.f.restype = ctypes.c_int\nlib.f.errcheck = print\n", id="result"),
        pytest.param("lib.f.argtypes = None\n", id="no types"),
        pytest.param("print(lib.f.__name__)\n", id="name"),
        pytest.param("lib.f\n", id="looked at"),
        pytest.param('if hasattr(lib, "f"):\n    pass\n', id="asked for"),
        pytest.param('"""Calls f."""\n"f"\n', id="docstrings"),
        pytest.param('__all__ = ["f"]\n__all__ += ["g"]\n', id="export list"),
        pytest.param('print("f is called, and so is lib.f")\n', id="prose"),
        pytest.param("# lib.f(1)\n", id="comment"),
        pytest.param("def f(x):\n    return x\nf(1)\n", id="own function"),
        pytest.param("import os\nos.f(1)\n", id="standard library"),
        pytest.param('"".f(1)\n', id="method of a literal"),
        pytest.param("class A:\n    def f(self):\n        return self.f()\nA().f()\n", id="own method"),
        pytest.param("x.f = 1\ndel x.f\n", id="stored"),
        pytest.param("f = 1\nprint(f)\n", id="variable"),
        pytest.param("print(f=1)\n", id="keyword"),
        pytest.param("PROTO = ctypes.CFUNCTYPE(ctypes.c_int)\ncb = PROTO(print)\n", id="callback type"),
        pytest.param('k = ctypes.CFUNCTYPE(None)(("other", lib))\n', id="prototype of another"),
    ],
)
def test_ctypes(bind, text):
    texts, changes = bind(a=CTYPES + text)
    assert texts["a.py"] == CTYPES + text
    assert not changes.edits
    assert not changes.refusals


@pytest.mark.parametrize(
    "text",
    [
        pytest.param('ffi.cdef("int other(int a);")\n', id="another function"),
        pytest.param('ffi.cdef("/* f() */ int other(int f);")\n', id="comment in C"),
        pytest.param('ffi.set_source("_m", "int k(void) { return 1; }")\n', id="C source"),
        pytest.param('ffi.cdef("struct k { int f; }; int other(int g);")\n', id="members and parameters"),
        pytest.param("ffi.new('int *')\n", id="value"),
    ],
)
def test_cffi(bind, text):
    texts, changes = bind(a=CFFI + text)
    assert texts["a.py"] == CFFI + text
    assert not changes.refusals


def test_nothing_is_parsed_when_no_function_has_changed():
    changes = rewrite_bindings({"a.py": SourceText("a.py", "(((")}, [], Bindings(), 80)
    assert not changes.edits
    assert not changes.refusals
