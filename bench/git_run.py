"""Thread the_repository through the static functions of git's top-level files, build it, and test it.

--source is a source distribution of git, --build a copy of it in which make ran with the variables
below (no optional library is needed).
"""

from project import Project
from project_run import main
from test_results import read_prove

VARIABLES = [
    "NO_CURL=1",
    "NO_OPENSSL=1",
    "NO_EXPAT=1",
    "NO_GETTEXT=1",
    "NO_TCLTK=1",
    "NO_PERL=1",
    "NO_PYTHON=1",
]

GIT = Project(
    name="git",
    profile="git",
    state="repository",
    linkage="static",
    paths=("*.c",),
    build=("make", "-k", "-j2", *VARIABLES),
    dry_run=tuple(VARIABLES),
    test=("sh", "-c", "prove -j2 t0*.sh t1*.sh"),
    test_folder="t",
    read_results=read_prove,
    # The tests print times, and some look at the terminal.
    environment={"TERM": "dumb", "LC_ALL": "C"},
    test_seconds=7200.0,
)

if __name__ == "__main__":
    main(GIT, __doc__)
