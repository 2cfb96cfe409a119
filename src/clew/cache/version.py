"""Which program a cached result comes from."""

import hashlib
from pathlib import Path

import clew


def program_version() -> str:
    """Return the version of clew with a digest of its files' names, sizes and times: while one works on clew
    itself, nothing that an older state of it computed is taken for right."""
    folder = Path(clew.__file__).parent
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.py")):
        status = path.stat()
        digest.update(f"{path.relative_to(folder)} {status.st_size} {status.st_mtime_ns}\n".encode())
    return f"{clew.__version__} {digest.hexdigest()[:16]}"
