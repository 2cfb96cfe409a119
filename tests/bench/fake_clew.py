"""Stands in for clew in tests of the benchmark scripts: the same options, a rewrite of a few lines.

The first word is the manner: "identity" changes nothing; "rename" renames a local, which keeps the
meaning; "cache" fetches the state once at the start of each function, which is wrong as soon as the state
changes; "append" adds a comment on each run, so that a second run changes something; "break" writes what
no compiler takes; "crash" ends as on an internal error.
"""

import argparse
import json
import re
import sys
from pathlib import Path


def main() -> int:
    manner, command, *rest = sys.argv[1:]
    if command == "--version":
        return 0
    parser = argparse.ArgumentParser()
    for option in ("--root", "--state", "--linkage", "--format", "--undo", "--profile", "--config"):
        parser.add_argument(option)
    for flag in ("--write", "--allow-dirty", "--quiet"):
        parser.add_argument(flag, action="store_true")
    parser.add_argument("paths", nargs="*")
    options = parser.parse_args(rest)
    if manner == "crash":
        sys.stderr.write("internal error\n")
        return 3
    if command == "plan":
        plan = {
            "fetches": [{"outcome": "rewritten"}, {"outcome": "refused"}],
            "refusals": [{"code": "some-code"}],
        }
        sys.stdout.write(json.dumps({**plan, "functions": [], "boundaries": [], "files": {}}))
        return 1
    for path in sorted(Path(options.root).glob("**/*.c")):
        text = path.read_text("latin-1")
        path.write_text(MANNERS[manner](text), "latin-1")
    return 0


def cache(text: str) -> str:
    def rewrite(match: re.Match[str]) -> str:
        body = re.sub(r"\bcur->", "held_->", match[2])
        return f"{match[1]}    State *held_ = cur;\n{body}"

    return re.sub(r"(^\{\n)(    unsigned x = .*?^\})", rewrite, text, flags=re.MULTILINE | re.DOTALL)


MANNERS = {
    "identity": lambda text: text,
    "rename": lambda text: re.sub(r"\bx\b", "x_", text) if "x_" not in text else text,
    "cache": lambda text: text if "held_" in text else cache(text),
    "append": lambda text: text + "/* again */\n",
    "break": lambda text: text if "oops" in text else text + "int oops(\n",
}

if __name__ == "__main__":
    sys.exit(main())
