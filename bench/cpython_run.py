"""Thread tstate through CPython's Python, Objects and Modules, build it, and run its tests.

--source is an unpacked source distribution (measured with 3.11.2), --build a copy of it in which
./configure and make ran.
"""

from project import Project
from project_run import main
from test_results import read_regrtest

TESTS = (
    "test_exceptions",
    "test_builtin",
    "test_generators",
    "test_coroutines",
    "test_asyncgen",
    "test_context",
    "test_sys",
    "test_import",
    "test_gc",
    "test_threading",
    "test_dict",
    "test_list",
    "test_tuple",
    "test_float",
    "test_call",
    "test_capi",
    "test_embed",
    "test_traceback",
    "test_warnings",
    "test_signal",
    "test_faulthandler",
)

CPYTHON = Project(
    name="cpython",
    profile="cpython",
    state="tstate",
    linkage="static",
    paths=("Python", "Objects", "Modules"),
    # The configured tree knows its own place; a copy must be told.
    prepare=(("sh", "-c", "if [ -x config.status ]; then ./config.status; else ./configure; fi"),),
    build=("make", "-k", "-j2"),
    test=("./python", "-m", "test", *TESTS),
    read_results=read_regrtest,
)

if __name__ == "__main__":
    main(CPYTHON, __doc__)
