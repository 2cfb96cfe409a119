"""What the hooks of `clew verify --instrument` see in a mutant, while all tests run."""

from dataclasses import dataclass
from pathlib import Path

from change import Change, Edits

from clew.link.program import Program
from clew.scan import scan_source
from clew.text.source import SourceText
from clew.verify.change import Change as VerifiedChange
from clew.verify.hooks import Instrumented, Refused
from clew.verify.instrument import Instrumenter
from clew.verify.pair import Pair
from clew.verify.reports import merge_reports
from clew.verify.runtime_build import build_runtime, runtime_at
from clew.verify.threaded import find_threaded, find_trusted
from clew.verify.uses import find_uses


@dataclass(frozen=True)
class Hooked:
    """An instrumented mutant; its processes report below *folder*."""

    made: Instrumented
    folder: Path

    def mismatches(self) -> tuple[list[str], list[str]]:
        """Return where processes saw the wrong state: at entries, and where variables are used."""
        made = self.made
        numbers = len(made.functions), len(made.sites), len(made.uses)
        merged = merge_reports(runtime_at(self.folder).reports, *numbers)
        entries = [hook.name for hook in made.functions if merged.mismatched[hook.number]]
        uses = [
            f"{hook.path}:{hook.line} {hook.function}" for hook in made.uses if merged.differed[hook.number]
        ]
        return entries, uses


def instrument(change: Change, edits: Edits, root: Path) -> Hooked:
    """Put the hooks into the copy at *root* of the program with *edits*."""
    folder = root / "runtime"
    state = change.threaded.tree.settings.states[0]
    pair = _pair(change, edits)
    checked = (*find_threaded(pair.before, pair.after, pair.change, state),)
    checked += (*find_trusted(pair.before, pair.after, pair.change, state),)
    runtime = runtime_at(folder)
    made = Instrumenter(pair.after, state, str(runtime.header)).instrument(
        checked, Refused(), uses=tuple(find_uses(pair, state))
    )
    build_runtime(runtime, len(made.functions), len(made.sites), len(made.uses))
    for path, file in made.files.items():
        (root / path).write_bytes(file.after.to_bytes())
    return Hooked(made, folder)


def _pair(change: Change, edits: Edits) -> Pair:
    before = change.threaded.tree.pipeline_tree.program
    changed = VerifiedChange.of_edits(before.sources, edits)
    sources: dict[str, SourceText] = dict(before.sources)
    sources |= {path: file.after for path, file in changed.files.items()}
    facts = {path: before.facts[path] for path in sources if path not in changed.files}
    facts |= {path: scan_source(sources[path]) for path in changed.files}
    return Pair(changed, before, Program(sources, facts))
