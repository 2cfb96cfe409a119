"""The baseline: findings that were there when checking began, in a file that is kept under version control.

One finding a line, ordered by place, so that two branches which both write it can be merged.
"""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, get_args

from clew.check.model import Code, Fingerprint
from clew.errors import BaselineError, ErrorPlace

BASELINE_NAME = "clew-baseline.json"
_VERSION = 1
_KEYS = ("code", "state", "path", "function", "what", "text")
_AGAIN = "write it anew with `clew check --write-baseline`"


def baseline_text(findings: Iterable[Fingerprint]) -> str:
    """Return *findings* as the text of a baseline."""
    ordered = sorted(findings, key=lambda one: (one.path, one.function, one.code, one.what, one.text))
    lines = [json.dumps({key: getattr(one, key) for key in _KEYS}) for one in ordered]
    inside = ",\n".join(f"    {line}" for line in lines)
    listed = f"[\n{inside}\n  ]" if lines else "[]"
    return f'{{\n  "version": {_VERSION},\n  "findings": {listed}\n}}\n'


def read_baseline(path: Path) -> tuple[Fingerprint, ...]:
    """Return the findings in the baseline *path*; raise `BaselineError` when it is none."""
    place = ErrorPlace(str(path))
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BaselineError(f"cannot be read: {error.strerror}", place, "check --baseline") from error
    except UnicodeDecodeError as error:
        raise BaselineError("not valid UTF-8", place, _AGAIN) from error
    except json.JSONDecodeError as error:
        where = ErrorPlace(str(path), error.lineno, error.colno)
        raise BaselineError(f"not valid JSON: {error.msg}", where, _AGAIN) from error
    if not isinstance(data, dict) or data.get("version") != _VERSION:
        raise BaselineError("not a baseline that this version of clew reads", place, _AGAIN)
    listed = data.get("findings")
    if not isinstance(listed, list):
        raise BaselineError('"findings" must be a list', place, _AGAIN)
    return tuple(_entry(item, number, place) for number, item in enumerate(listed, 1))


def _entry(item: Any, number: int, place: ErrorPlace) -> Fingerprint:
    fits = isinstance(item, dict) and set(item) == set(_KEYS)
    if not fits or not all(isinstance(value, str) for value in item.values()):
        raise BaselineError(f"finding {number} must have the strings {', '.join(_KEYS)}", place, _AGAIN)
    if item["code"] not in get_args(Code):
        raise BaselineError(f"finding {number}: unknown code {item['code']!r}", place, _AGAIN)
    return Fingerprint(**item)
