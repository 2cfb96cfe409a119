"""Which program a cached result comes from."""

import hashlib
import sys
from importlib.util import find_spec
from pathlib import Path

import clew


def program_version() -> str:
    """Return the version of clew with a digest of its files' names, sizes and times: while one works on clew
    itself, nothing that an older state of it computed is taken for right.  Python, and the package that
    parses C, may change what it computes as well."""
    folder = Path(clew.__file__).parent
    digest = hashlib.sha256(sys.version.encode())
    parser = find_spec("pycparser")
    if parser is not None and parser.origin is not None:
        status = Path(parser.origin).stat()
        digest.update(f"{parser.origin} {status.st_size} {status.st_mtime_ns}\n".encode())
    for path in sorted(folder.rglob("*.py")):
        status = path.stat()
        digest.update(f"{path.relative_to(folder)} {status.st_size} {status.st_mtime_ns}\n".encode())
    return f"{clew.__version__} {digest.hexdigest()[:16]}"
