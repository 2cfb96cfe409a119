"""What changes, to the byte."""

import pytest

from clew.config.settings import Bindings
from clew.rewrite.bindings.files import rewrite_bindings
from clew.rewrite.bindings.model import Export
from clew.text.edit import apply_edits
from clew.text.source import SourceText

CTYPES = "import ctypes\nlib = ctypes.CDLL('x')\nstate = None\n"
CFFI = "import cffi\nffi = cffi.FFI()\nlib = ffi.dlopen('x')\nstate = None\n"
TYPE = "ctypes.c_void_p"


def check(bind, before, after, **options):
    texts, changes = bind(a=before, **options)
    assert texts["a.py"] == after
    assert not changes.refusals


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("lib.f()\n", "lib.f(state)\n", id="no argument"),
        pytest.param("lib.f(1, 2)\n", "lib.f(state, 1, 2)\n", id="arguments"),
        pytest.param("lib.h()\n", "lib.h(state)\n", id="last of none"),
        pytest.param("lib.h(1, 2)\n", "lib.h(1, 2, state)\n", id="last"),
        pytest.param("lib.h(1,)\n", "lib.h(1, state,)\n", id="last, trailing comma"),
        pytest.param("lib.h(*a)\n", "lib.h(*a, state)\n", id="last, starred"),
        pytest.param("lib.f(*a)\n", "lib.f(state, *a)\n", id="starred"),
        pytest.param("lib.f(**a)\n", "lib.f(state, **a)\n", id="double star"),
        pytest.param("lib.f(lib.g(1))\n", "lib.f(state, lib.g(state, 1))\n", id="nested"),
        pytest.param("(lib.f)(1)\n", "(lib.f)(state, 1)\n", id="parentheses"),
        pytest.param("lib . f ( 1 )\n", "lib . f ( state, 1 )\n", id="blanks"),
        pytest.param("lib.f(  # why\n)\n", "lib.f(state  # why\n)\n", id="comment inside"),
        pytest.param("lib.f(1,  # one\n      2)\n", "lib.f(state, 1,  # one\n      2)\n", id="two lines"),
        pytest.param(
            "lib.f(\n    1,  # one\n    2,\n)\n",
            "lib.f(\n    state,\n    1,  # one\n    2,\n)\n",
            id="own lines",
        ),
        pytest.param(
            "lib.h(\n    1,\n    2,  # two\n)\n",
            "lib.h(\n    1,\n    2,  # two\n    state,\n)\n",
            id="last on own line, comment",
        ),
        pytest.param(
            "lib.h(\n    1,\n    2  # two\n)\n",
            "lib.h(\n    1,\n    2,  # two\n    state\n)\n",
            id="last on own line, no comma",
        ),
        pytest.param("x = [lib.f(i) for i in y]\n", "x = [lib.f(state, i) for i in y]\n", id="comprehension"),
        pytest.param("k = lambda: lib.f()\n", "k = lambda: lib.f(state)\n", id="lambda"),
        pytest.param("é = lib.f('é')  # é\n", "é = lib.f(state, 'é')  # é\n", id="utf-8"),
    ],
)
def test_calls(bind, before, after):
    check(bind, CTYPES + before, CTYPES + after)


@pytest.mark.parametrize(
    ("imports", "changed", "call"),
    [
        pytest.param("import ctypes\n", "", "ctypes.cast(state, ctypes.c_void_p)", id="import"),
        pytest.param(
            "from ctypes import CDLL\n",
            "from ctypes import CDLL, cast, c_void_p\n",
            "cast(state, c_void_p)",
            id="from",
        ),
    ],
)
def test_without_argtypes_an_address_would_be_cut(bind, imports, changed, call):
    loader = "CDLL" if "CDLL" in imports else "ctypes.CDLL"
    text = f"state = 1\nlib = {loader}('x')\nlib.f.argtypes = None\nlib.f(1)\nlib.g()\n"
    after = text.replace("lib.f(1)", f"lib.f({call}, 1)").replace("lib.g()", f"lib.g({call})")
    check(bind, imports + text, (changed or imports) + after, typed=False)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("[ctypes.c_int]", f"[{TYPE}, ctypes.c_int]", id="list"),
        pytest.param("[]", f"[{TYPE}]", id="empty list"),
        pytest.param("()", f"({TYPE},)", id="empty tuple"),
        pytest.param("(ctypes.c_int,)", f"({TYPE}, ctypes.c_int,)", id="tuple of one"),
        pytest.param("ctypes.c_int, ctypes.c_long", f"{TYPE}, ctypes.c_int, ctypes.c_long", id="bare tuple"),
        pytest.param("[*MORE]", f"[{TYPE}, *MORE]", id="starred"),
        pytest.param(
            "[\n    ctypes.c_int,  # n\n]", f"[\n    {TYPE},\n    ctypes.c_int,  # n\n]", id="own line"
        ),
        pytest.param(
            "(  # types\n    ctypes.c_int,\n    ctypes.c_long,\n)",
            f"(  # types\n    {TYPE},\n    ctypes.c_int,\n    ctypes.c_long,\n)",
            id="own lines in a tuple",
        ),
    ],
)
def test_argtypes(bind, before, after):
    check(bind, f"{CTYPES}lib.f.argtypes = {before}\n", f"{CTYPES}lib.f.argtypes = {after}\n")


def test_argtypes_of_several(bind):
    before = "lib.f.argtypes = lib.g.argtypes = [ctypes.c_int]\nlib.f.argtypes, lib.f.restype = [], None\n"
    after = before.replace("[ctypes.c_int]", f"[{TYPE}, ctypes.c_int]").replace("[]", f"[{TYPE}]")
    check(bind, CTYPES + before, CTYPES + after)


def test_copied_argtypes_follow(bind):
    text = "lib.f.argtypes = []\nlib.g.argtypes = lib.f.argtypes\n"
    check(bind, CTYPES + text, CTYPES + text.replace("[]", f"[{TYPE}]"))


def test_last_argtype(bind):
    check(
        bind,
        CTYPES + "lib.h.argtypes = [ctypes.c_int]\n",
        CTYPES + f"lib.h.argtypes = [ctypes.c_int, {TYPE}]\n",
    )


@pytest.mark.parametrize(
    ("imports", "changed", "name"),
    [
        pytest.param("import ctypes as C\n", None, "C.c_void_p", id="as"),
        pytest.param("from ctypes import *\n", None, "c_void_p", id="star"),
        pytest.param("from ctypes import CDLL, c_void_p as P\n", None, "P", id="from as"),
        pytest.param(
            "from ctypes import CDLL, c_int\n",
            "from ctypes import CDLL, c_int, c_void_p\n",
            "c_void_p",
            id="from",
        ),
        pytest.param(
            "from ctypes import (\n    CDLL,\n    c_int,\n)\n",
            "from ctypes import (\n    CDLL,\n    c_int,\n    c_void_p,\n)\n",
            "c_void_p",
            id="from, own lines",
        ),
    ],
)
def test_the_type_as_the_file_names_it(bind, imports, changed, name):
    loader = "C.CDLL" if " as C" in imports else "CDLL"
    text = f"lib = {loader}('x')\nlib.f.argtypes = []\nlib.g.argtypes = []\n"
    check(bind, imports + text, (changed or imports) + text.replace("[]", f"[{name}]"))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("lib.f(1)", "lib.f(state, 1)", id="ctypes.CDLL"),
        pytest.param("a = b = lib\nb.f(1)", "a = b = lib\nb.f(state, 1)", id="alias"),
        pytest.param("k = ctypes.cdll.x\nk.f()", "k = ctypes.cdll.x\nk.f(state)", id="cdll.x"),
        pytest.param("k = ctypes.cdll['x']\nk.f()", "k = ctypes.cdll['x']\nk.f(state)", id="cdll[x]"),
        pytest.param(
            "k = ctypes.cdll.LoadLibrary('x')\nk.f()",
            "k = ctypes.cdll.LoadLibrary('x')\nk.f(state)",
            id="LoadLibrary",
        ),
        pytest.param("ctypes.pythonapi.f()", "ctypes.pythonapi.f(state)", id="pythonapi"),
        pytest.param("(k := lib).f()", "(k := lib).f(state)", id="walrus"),
        pytest.param("(lib if 1 else lib).f()", "(lib if 1 else lib).f(state)", id="conditional"),
        pytest.param("call = lib.f\ncall(1)", "call = lib.f\ncall(state, 1)", id="function alias"),
        pytest.param(
            "def use(x: ctypes.CDLL):\n    x.f()", "def use(x: ctypes.CDLL):\n    x.f(state)", id="annotated"
        ),
        pytest.param(
            "def use(x):\n    x.f()\nuse(lib)\nuse(x=lib)",
            "def use(x):\n    x.f(state)\nuse(lib)\nuse(x=lib)",
            id="parameter",
        ),
        pytest.param(
            "def load():\n    return ctypes.CDLL('x')\nload().f()",
            "def load():\n    return ctypes.CDLL('x')\nload().f(state)",
            id="returned",
        ),
        pytest.param(
            "k = None\ndef get():\n    global k\n    k = k or ctypes.CDLL('x')\n    return k\nget().f()",
            "k = None\ndef get():\n    global k\n    k = k or ctypes.CDLL('x')\n    return k\nget().f(state)",
            id="made of itself",
        ),
        pytest.param(
            "k = None\ndef get():\n    global k\n    if not k: k = lib\n    return k\nget().f()",
            "k = None\ndef get():\n    global k\n    if not k: k = lib\n    return k\nget().f(state)",
            id="loaded when needed",
        ),
        pytest.param(
            "class A:\n  def __init__(self):\n    self.k = lib\n  def m(self):\n    self.k.f()",
            "class A:\n  def __init__(self):\n    self.k = lib\n  def m(self):\n    self.k.f(state)",
            id="attribute of self",
        ),
        pytest.param(
            "class A:\n    k = lib\na = A()\na.k.f()",
            "class A:\n    k = lib\na = A()\na.k.f(state)",
            id="of class",
        ),
        pytest.param(
            "class A:\n    def __init__(self, k):\n        self.k = k\na = A(lib)\na.k.f()",
            "class A:\n    def __init__(self, k):\n        self.k = k\na = A(lib)\na.k.f(state)",
            id="passed to a class",
        ),
        pytest.param(
            "class A:\n    k = lib\nclass B(A):\n    def m(self):\n        self.k.f()",
            "class A:\n    k = lib\nclass B(A):\n    def m(self):\n        self.k.f(state)",
            id="inherited",
        ),
        pytest.param(
            "class L(ctypes.CDLL):\n    def m(self):\n        return self.f(1)\nL('x').g()",
            "class L(ctypes.CDLL):\n    def m(self):\n        return self.f(state, 1)\nL('x').g(state)",
            id="subclass",
        ),
        pytest.param("a, b = 1, lib\nb.f()", "a, b = 1, lib\nb.f(state)", id="unpacked"),
    ],
)
def test_what_is_the_library(bind, before, after):
    check(bind, f"{CTYPES}{before}\n", f"{CTYPES}{after}\n")


def test_scopes_are_kept_apart(bind):
    text = "def one():\n    lib = object()\n    lib.other()\ndef two():\n    lib.f()\n"
    check(bind, CTYPES + text, CTYPES + text.replace("lib.f()", "lib.f(state)"))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(
            'P = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_long)\nf = P(("f", lib))\nf(1)\n',
            f'P = ctypes.CFUNCTYPE(ctypes.c_int, {TYPE}, ctypes.c_long)\nf = P(("f", lib))\nf(state, 1)\n',
            id="variable",
        ),
        pytest.param(
            'f = ctypes.CFUNCTYPE(None)(("f", lib))\n',
            f'f = ctypes.CFUNCTYPE(None, {TYPE})(("f", lib))\n',
            id="at once",
        ),
        pytest.param(
            'P = ctypes.CFUNCTYPE(None, use_errno=True)\nh = P(("h", lib))\nh()\n',
            f'P = ctypes.CFUNCTYPE(None, {TYPE}, use_errno=True)\nh = P(("h", lib))\nh(state)\n',
            id="last",
        ),
        pytest.param(
            'P = ctypes.CFUNCTYPE(None)\nf = P(("f", lib))\ng = P(("g", lib))\n',
            f'P = ctypes.CFUNCTYPE(None, {TYPE})\nf = P(("f", lib))\ng = P(("g", lib))\n',
            id="shared by functions that change alike",
        ),
        pytest.param(
            'f = ctypes.CFUNCTYPE(None, ctypes.c_int)(("f", lib), ((1, "x", 0),))\n',
            f'f = ctypes.CFUNCTYPE(None, {TYPE}, ctypes.c_int)(("f", lib), ((1, "ts"), (1, "x", 0),))\n',
            id="parameter flags",
        ),
    ],
)
def test_prototypes(bind, before, after):
    check(bind, CTYPES + before, CTYPES + after)


TYPEDEF = "typedef struct state State;\\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param('"int f(void);"', '"int f(State *ts);"', id="void"),
        pytest.param('"int f(int a), g(int);"', '"int f(State *ts, int a), g(State *, int);"', id="unnamed"),
        pytest.param(
            "'int f(int a);\\n' 'int h(int a);'",
            "'int f(State *ts, int a);\\n' 'int h(int a, State *ts);'",
            id="two literals",
        ),
        pytest.param('r"""\nint f(int a);\n"""', 'r"""\nint f(State *ts, int a);\n"""', id="raw, lines"),
        pytest.param(
            '"""\nint f(int a, /* one */\n      int b);\n"""',
            '"""\nint f(State *ts, int a, /* one */\n      int b);\n"""',
            id="comments",
        ),
        pytest.param(
            '"""\nint f(char *a_rather_long_name, char *another_rather_long_name, int number);\n"""',
            '"""\nint f(State *ts, char *a_rather_long_name, char *another_rather_long_name,\n'
            '      int number);\n"""',
            id="too long",
        ),
        pytest.param('"int f(\\\nint a);"', '"int f(\\\nState *ts, int a);"', id="continued line"),
        pytest.param('"/* \\u00e9 */ int f(void);"', '"/* \\u00e9 */ int f(State *ts);"', id="escapes"),
        pytest.param('"/* é */ int f(void);"', '"/* é */ int f(State *ts);"', id="utf-8"),
        pytest.param(
            '"""\n#define N ...\nint (*cb)(int);\nint f(int (*k)(int));\n"""',
            '"""\n#define N ...\nint (*cb)(int);\nint f(State *ts, int (*k)(int));\n"""',
            id="pointers to functions",
        ),
    ],
)
def test_cdef(bind, before, after):
    head = f'{CFFI}ffi.cdef("{TYPEDEF}")\n'
    check(bind, f"{head}ffi.cdef({before})\n", f"{head}ffi.cdef({after})\n")


def test_cdef_in_a_variable(bind):
    text = f'{CFFI}C = """{TYPEDEF}int f(void);"""\nffi.cdef(C)\nlib.f()\n'
    check(bind, text, text.replace("(void)", "(State *ts)").replace("lib.f()", "lib.f(state)"))


def test_cdef_with_a_type_of_the_settings(bind):
    text = f'{CFFI}ffi.cdef("int f(int);")\n'
    check(bind, text, text.replace("(int)", "(void *, int)"), settings=Bindings("state", cdef="void *"))


@pytest.mark.parametrize(
    "line", ["lib = ffi.dlopen('x')", "lib = ffi.verify('#include <x.h>')", "from _x import ffi, lib"]
)
def test_libraries_of_cffi(bind, line):
    text = f"import cffi\nstate = ffi = cffi.FFI()\n{line}\nlib.f(1)\n"
    check(bind, text, text.replace("lib.f(1)", "lib.f(state, 1)"))


def test_other_files(bind):
    texts, changes = bind(
        p__loader="import ctypes\nlib = ctypes.CDLL('x')\nf = lib.f\n",
        p__one="from .loader import lib, f\nstate = 1\nlib.g(1)\nf(2)\n",
        p__two="from . import loader\nstate = 1\nloader.lib.g(1)\n",
        three="import p.loader as k\nfrom p.loader import *\nstate = 1\nk.lib.g(1)\nlib.g(2)\nf(3)\n",
        build="import cffi\nffi = cffi.FFI()\nffi.set_source('_fast', None)\n",
        four="import _fast\nfrom _fast import lib\nstate = 1\n_fast.lib.g(1)\nlib.g(2)\n",
    )
    assert "lib.g(state, 1)\nf(state, 2)" in texts["p/one.py"]
    assert "loader.lib.g(state, 1)" in texts["p/two.py"]
    assert "k.lib.g(state, 1)\nlib.g(state, 2)\nf(state, 3)" in texts["three.py"]
    assert "_fast.lib.g(state, 1)\nlib.g(state, 2)" in texts["four.py"]
    assert not changes.refusals


def test_bytes_that_no_edit_names_stay(bind):
    head = b"\xef\xbb\xbfimport ctypes\r\nlib = ctypes.CDLL('x')\t# \xc3\xa9 \r\nstate=1\r\n"
    before = head + b"lib.f(\r\n    1,\r\n    2)"
    texts, changes = bind(a=before)
    after = before.replace(b"f(\r\n    1", b"f(\r\n    state,\r\n    1")
    assert texts["a.py"].encode() == after
    assert not changes.refusals


def test_other_encodings():
    before = "# coding: latin-1\nimport ctypes\nlib = ctypes.CDLL('é')  # éé\nlib.f('é', lib.f('é'))\n"
    source = SourceText("a.py", before)  # Latin-1 is what the texts of clew are in anyway
    changes = rewrite_bindings({"a.py": source}, [Export("f", "ts", "State *", 0)], Bindings("1"), 80)
    after = before.replace("f('é'", "f(ctypes.cast(1, ctypes.c_void_p), 'é'")
    assert apply_edits(before, changes.edits["a.py"]) == after
