"""Thread tcc_state through TinyCC, build it, and run its tests.

--source is a source tree of TinyCC, --build a copy of it in which ./configure and make ran.
"""

from project import Project
from project_run import main
from test_results import read_make_test

TINYCC = Project(
    name="tinycc",
    profile="tinycc",
    state="tcc_state",
    linkage="static",
    paths=("*.c", "*.h"),
    prepare=(("./configure",),),
    build=("make", "-k"),
    test=("make", "-k", "test"),
    read_results=read_make_test,
)

if __name__ == "__main__":
    main(TINYCC, __doc__)
