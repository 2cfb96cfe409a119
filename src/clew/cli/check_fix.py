"""``clew check --fix``: use the variable where a function has the state in hand already.

That is proved as `clew rewrite` proves it, with the whole tree read; nothing but these fetches changes.
"""

from collections import defaultdict
from collections.abc import Mapping

from clew.cache.stamps import blob_id
from clew.check.command import CheckRequest
from clew.check.model import CheckFinding, CheckResult
from clew.check.view import GitView
from clew.cli.stages import Stages, Tree, load_stages
from clew.cli.streams import progress, say
from clew.cli.undo import choose_undo
from clew.config.settings import Scope
from clew.text.diff import unified_diff
from clew.text.edit import Edit, apply_edits
from clew.text.source import SourceText
from clew.text.writer import Replacement, write_files


def fix_findings(request: CheckRequest, result: CheckResult, quiet: bool) -> bool:
    """Edit the work tree where that is safe, and tell what was done; return whether anything was."""
    fetches = [finding for finding in result.findings if finding.code == "fetch"]
    with progress(f"reading {request.root}", quiet) as show:
        library = load_stages()
        paths = tuple(sorted({finding.path for finding in fetches}))
        tree = library.open_tree(request.root, request.settings, Scope(paths), show)
        changed = _changed_since(request, paths, tree.sources) if request.staged else frozenset()
        wanted = [one for one in fetches if one.path not in changed]
        edits = _find_edits(request, library, tree, wanted)
    for path in sorted(changed):
        say(f"{path} is not fixed: it has changes that are not staged", quiet)
    count = sum(map(len, edits.values()))
    if count:
        _write(request, edits, tree.sources)
    files = f"{len(edits)} file{'' if len(edits) == 1 else 's'}"
    more = "; stage them and commit again" if count and request.staged else ""
    say(f"fixed {count} of {len(fetches)} fetches in {files}{more}", quiet)
    return bool(count)


def _changed_since(
    request: CheckRequest, paths: tuple[str, ...], sources: Mapping[str, SourceText]
) -> frozenset[str]:
    """Return the files whose work tree differs from what is staged: an edit would mix the two."""
    staged = GitView(request.root, request.settings, None).ids
    return frozenset(
        path for path in paths if path not in sources or blob_id(sources[path].to_bytes()) != staged.get(path)
    )


def _find_edits(
    request: CheckRequest, library: Stages, tree: Tree, fetches: list[CheckFinding]
) -> dict[str, list[Edit]]:
    """Ask for each state what can be done about fetches of it, and of what hangs off it."""
    edits: dict[str, list[Edit]] = defaultdict(list)
    left = {_site(one, tree.sources): one.fingerprint for one in fetches}
    for state in request.settings.states:
        derived = {spelling for spelling, _ in state.derived}
        sites = {at for at, mark in left.items() if mark.state == state.name or mark.what in derived}
        for path, found in library.reuse(tree, state.name, sites).items() if sites else ():
            edits[path] += found
            for edit in found:
                left.pop((path, edit.span.start), None)
    return edits


def _site(finding: CheckFinding, sources: Mapping[str, SourceText]) -> tuple[str, int]:
    return finding.path, sources[finding.path].line_starts[finding.line - 1] + finding.column - 1


def _write(request: CheckRequest, edits: Mapping[str, list[Edit]], sources: Mapping[str, SourceText]) -> None:
    replacements = [
        Replacement(path, sources[path].to_bytes(), apply_edits(sources[path].text, found).encode("latin-1"))
        for path, found in edits.items()
    ]
    patch = "".join(unified_diff(path, sources[path].text, edits[path]) for path in sorted(edits))
    # What is staged stays as it was, which is undo enough.
    undo = None if request.staged else choose_undo(request.root)
    write_files(request.root, replacements, undo, patch.encode("latin-1"))
