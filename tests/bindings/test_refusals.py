"""What is left alone, with its place and the reason."""

import pytest

from clew.config.settings import Bindings

CTYPES = "import ctypes\nlib = ctypes.CDLL('x')\nstate = None\n"
CFFI = "import cffi\nffi = cffi.FFI()\nlib = ffi.dlopen('x')\nstate = None\n"


@pytest.mark.parametrize(
    ("text", "code", "place", "why"),
    [
        ("getattr(lib, 'f')(1)\n", "dynamic", (4, 14), "a string names the function"),
        ("getattr(lib, name)(1)\n", "dynamic", (4, 14), "made at run time (getattr)"),
        ("setattr(lib, name, 1)\n", "dynamic", (4, 14), "made at run time (setattr)"),
        ("lib['f'](1)\n", "dynamic", (4, 5), "a string names the function"),
        ("lib[name](1)\n", "dynamic", (4, 5), "made at run time ([...])"),
        ("SIGNATURES = {'f': []}\n", "dynamic", (4, 15), "a string names the function"),
        ("patch('package.lib.f')\n", "dynamic", (4, 7), "a string names the function"),
        ("x.f(1)\n", "library", (4, 1), "whether `x` is the library is not known"),
        ("lib = 1 if x else lib\nlib.f()\n", "library", (5, 1), "whether `lib` is the library"),
        ("def use(k):\n    k.f()\n", "library", (5, 5), "whether `k` is the library"),
        ("def use(k):\n    k.f()\nuse(lib)\nuse(1)\n", "library", (5, 5), "whether `k`"),
        ("for k in [lib]:\n    k.f()\n", "library", (5, 5), "whether `k`"),
        ("from other import f\n", "library", (4, 19), "it comes from other"),
        ("call(lib.f)\n", "value", (4, 6), "the function is handed on"),
        ("x = [lib.f]\n", "value", (4, 6), "the function is handed on"),
        ("def k():\n    return lib.f\n", "value", (5, 12), "the function is handed on"),
        ("k = 1\nk = lib.f\n", "value", (5, 5), "`k` may be something else as well"),
        ("lib.other.argtypes = lib.f.argtypes\n", "value", (4, 22), "used for something else"),
        ("print(lib.f.argtypes)\n", "value", (4, 7), "used for something else"),
        ("lib.h(1, x=2)\n", "value", (4, 1), "keywords stand where the state would go"),
        ("lib.f(x for x in y)\n", "value", (4, 1), "generator"),
        ("lib.f.argtypes = TYPES\n", "literal", (4, 1), "not a list or tuple that is written here"),
        ("lib.f.argtypes = lib.other.argtypes\n", "literal", (4, 1), "does not take the state"),
        ("lib.f.argtypes = lib.other.argtypes = []\n", "literal", (4, 1), "shared with something else"),
        ("lib.f.argtypes += [ctypes.c_int]\n", "literal", (4, 1), "not a list or tuple"),
        (
            "P = ctypes.CFUNCTYPE(None)\nf = P(('f', lib))\ncb = P(print)\n",
            "literal",
            (5, 5),
            "also serves other functions or callbacks",
        ),
        ("f = ctypes.CFUNCTYPE(None)(('f', lib), FLAGS)\n", "literal", (4, 5), "parameter flags"),
    ],
)
def test_ctypes(bind, text, code, place, why):
    texts, changes = bind(a=CTYPES + text)
    assert texts["a.py"] == CTYPES + text
    (refusal,) = changes.refusals
    assert (refusal.code, (refusal.line, refusal.column)) == (f"python-{code}", place)
    assert why in refusal.why
    assert refusal.proceed


@pytest.mark.parametrize(
    ("text", "place", "why"),
    [
        ("ffi.cdef(open('x.h').read())\n", (5, 1), "the declarations are not written here"),
        ("ffi.cdef(f'int f({x});')\n", (5, 1), "the declarations are not written here"),
        ("ffi.cdef('int f(void);')\n", (5, 15), "no cdef declares `State *`"),
        ("ffi.cdef('typedef int State; int (*f)(int);')\n", (5, 36), "not declared as a function"),
        ("ffi.set_source('_x', 'int k(void) { return f(1); }')\n", (5, 44), "C source within Python"),
        ("ffi.verify('#define K f(1)')\n", (5, 23), "C source within Python"),
        ("ffi.cdef('typedef int State; int f(vo' 'id);')\n", (5, 34), "split between two literals"),
    ],
)
def test_cffi(bind, text, place, why):
    text = f"{CFFI}k = 1\n{text}".replace("k = 1\n", "", 1)
    texts, changes = bind(a=text)
    refusal = changes.refusals[0]
    assert refusal.code == "python-literal"
    assert (refusal.line, refusal.column) == place
    assert why in refusal.why
    assert texts["a.py"] == text


def test_an_argument_that_is_not_known(bind):
    text = "import ctypes\nlib = ctypes.CDLL('x')\nlib.f()\ndef k(state):\n    lib.f()\n"
    texts, changes = bind(a=text)
    assert texts["a.py"] == text.replace("    lib.f()", "    lib.f(state)")
    (refusal,) = changes.refusals
    assert (refusal.code, refusal.line) == ("python-argument", 3)
    assert "`state` is not known here" in refusal.why
    _, changes = bind(a=text, settings=Bindings())
    assert [one.why for one in changes.refusals] == [
        "the settings do not say what holds the state in Python"
    ] * 2


def test_a_type_that_no_import_brings(bind):
    text = "from ctypes.util import find_library\nfrom m import ffi, lib\nlib.f.argtypes = []\n"
    _, changes = bind(a=text)
    assert "no import of this file brings ctypes.c_void_p" in changes.refusals[0].why


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (b"x = (\n", 1),
        (b"lib.f(\n\ndef k(:\n", 3),
        (b"print 'a'\n", 1),
        (b"# coding: none-such\n", 1),
        (b"\0", 1),
    ],
)
def test_what_is_no_python_is_told_and_left_alone(bind, text, line):
    texts, changes = bind(a=text, b=CTYPES + "lib.f()\n")
    assert texts["a.py"].encode() == text
    assert texts["b.py"] == CTYPES + "lib.f(state)\n"
    (refusal,) = changes.refusals
    assert (refusal.code, refusal.path, refusal.line) == ("python-unparsed", "a.py", line)
