"""Add a parameter to the functions that fetch, with one rule of Coccinelle.

    python bench/peer_spatch.py TREE TYPE NAME ACCESSOR [PATH ...]

The rule is not transitive and knows nothing of pins: it stands for the least that a tool would do.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

_RULE = """\
@fetching@
{typedef}type T;
identifier f;
parameter list ps;
@@
T f(
+ {type} {name},
  ps) {{ <+... {accessor} ...+> }}

@@
identifier fetching.f;
expression list es;
@@
f(
+ {name},
  es)
"""


def main() -> int:
    """Run the rule over all files at once, so that calls in other files are seen as well."""
    tree, type_, name, accessor, *paths = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        rule = Path(folder) / "rule.cocci"
        base = type_.rstrip(" *")
        typedef = "" if " " in base else f"typedef {base};\n"
        rule.write_text(
            _RULE.format(type=f"{base} *", typedef=typedef, name=name, accessor=accessor), "utf-8"
        )
        changed = 0
        for path in paths or ["."]:
            place = Path(tree) / path
            where = ["--dir", str(place)] if place.is_dir() else [str(place)]
            done = subprocess.run(
                ["spatch", "--very-quiet", "--sp-file", str(rule), *where], capture_output=True, check=False
            )
            if done.returncode != 0:
                print(done.stderr.decode("utf-8", "replace")[-2000:], file=sys.stderr)
                return 1
            changed += done.stdout.count(b"\n+++ ") + done.stdout.startswith(b"+++ ")
    print(f"{changed} files changed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
