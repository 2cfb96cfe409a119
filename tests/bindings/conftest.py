from dataclasses import replace

import pytest

from clew.config.settings import Bindings
from clew.rewrite.bindings.files import rewrite_bindings
from clew.rewrite.bindings.model import BindingChanges, Export
from clew.text.edit import apply_edits
from clew.text.source import SourceText

# f and g take the state first, h takes it last; nothing else has changed.
EXPORTS = (
    Export("f", "ts", "State *", 0),
    Export("g", "ts", "State *", 0),
    Export("h", "ts", "State *", -1),
)
SETTINGS = Bindings(argument="state")


# So that calls need no cast; some test or other has no use for it.
TYPES = "import ctypes\nlib = ctypes.CDLL('x')\nlib.f.argtypes = lib.g.argtypes = []\nlib.h.argtypes = []\n"


def bind(*, columns=80, settings=SETTINGS, typed=True, **files) -> tuple[dict[str, str], BindingChanges]:
    """Rewrite *files* (module name: bytes or text); return their new text, and the changes."""
    sources = {"types.py": SourceText("types.py", TYPES)} if typed else {}
    for name, content in files.items():
        data = content.encode() if isinstance(content, str) else content
        path = name.replace("__", "/") + ".py"
        sources[path] = SourceText.from_bytes(path, data)
    changes = rewrite_bindings(sources, EXPORTS, settings, columns)
    texts = {
        path: apply_edits(source.text, changes.edits.get(path, []))
        .encode("latin-1")
        .decode("utf-8", "replace")
        for path, source in sources.items()
    }
    texts.pop("types.py", None)
    edits = {path: found for path, found in changes.edits.items() if path != "types.py"}
    return texts, replace(changes, edits=edits)


@pytest.fixture(name="bind")
def bind_fixture():
    return bind
