"""From where the twin of a wrapper can be called."""

from clew.config.settings import Settings, State
from clew.detect.twins import Pair
from clew.link.program import Program
from clew.plan.visibility import Hidden, Visibility, is_public, twin_header
from clew.text.globs import PathFilter


class TwinCalls:
    """Answers for the pairs of one state."""

    def __init__(
        self,
        program: Program,
        settings: Settings,
        state: State,
        visibility: Visibility,
        may_edit: PathFilter,
    ) -> None:
        self.program, self.settings, self.state, self.visibility = program, settings, state, visibility
        self._may_edit = may_edit
        self._export_marks: dict[str, str] = {}

    def can_call(self, pair: Pair, path: str, offset: int) -> bool:
        """Tell whether the twin of *pair* can be called at *offset* of *path*, perhaps with one more
        ``#include``, or by declaring a static twin in the header that the settings name."""
        home = self.exposing_header(pair, path)
        if not home and self._is_hidden(pair, path):
            return False
        return not isinstance(self.visibility.of_function(path, offset, pair.twin, home), Hidden)

    def _is_hidden(self, pair: Pair, path: str) -> bool:
        """Tell whether a library exports the wrapper but not its twin, so that *path*, which may belong to
        another library, must not call it."""
        twins = self.program.definitions_by_name.get(pair.twin, ())
        if any(twin.path == path or twin.function.inline for twin in twins):
            return False
        return self.export_mark(pair.wrapper) != "" and self.export_mark(pair.twin) == ""

    def export_mark(self, name: str) -> str:
        """Return the specifiers of the prototype that exports the function *name*, or ""."""
        marks = set(self.settings.export_macros)
        if name not in self._export_marks:
            found = (one.specifiers for _, one in self.program.prototypes_by_name.get(name, ()))
            marked = (text for text in found if not marks.isdisjoint(text.replace("(", " ").split()))
            self._export_marks[name] = next(marked, "")
        return self._export_marks[name]

    def exposing_header(self, pair: Pair, path: str) -> str:
        """Return the header that has to declare the twin of *pair*, a static function of another file than
        *path*; "" where none has to, or the settings name none."""
        twins = self.program.definitions_by_name.get(pair.twin, ())
        if len(twins) != 1 or not twins[0].static or twins[0].path in (path, ""):
            return ""
        if not is_public(self.state, pair.twin) or not self._may_edit(twins[0].path):
            return ""
        if twins[0].path in self.program.includes.included_by(path):
            return ""
        home = twin_header(self.program, self.state, twins[0].path)
        return home if self._may_edit(home) else ""
