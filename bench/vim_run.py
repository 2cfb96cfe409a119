"""Thread curwin through Vim's static functions, and build it.

--source is a source tree of Vim, --build a copy of it in which make ran.  The plan stays in the scratch
folder (plan.json): ``plan_samples.py`` picks fetches of it to be checked by hand.
"""

from project import Project
from project_run import main

VIM = Project(
    name="vim",
    profile="vim",
    state="curwin",
    linkage="static",
    paths=("src",),
    build=("make", "-k", "-j2"),
)

if __name__ == "__main__":
    main(VIM, __doc__)
