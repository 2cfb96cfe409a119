"""``clew rewrite --series`` and ``--recipe``."""

from pathlib import Path

from clew.cli.options import Request
from clew.cli.session import Session
from clew.cli.streams import progress, say
from clew.config.find import find_state
from clew.errors import ErrorPlace, UsageError
from clew.plan.model import Plan
from clew.series.mail import Author, Mail
from clew.series.message import body_of, subject_of
from clew.series.recipe import read_recipe, recipe_text
from clew.series.steps import Step
from clew.text.edit import apply_edits
from clew.verify.series import Identity, check_series, find_identity
from clew.verify.worktree import require_clean


def given_recipe(recipe: Path, plan_file: Path | None) -> Plan:
    """Return the recipe in a file that is there."""
    if plan_file is not None:
        what = "a plan and a recipe both say what to do"
        raise UsageError(
            what, ErrorPlace(str(recipe)), "give one of them; a new recipe needs a name that is free"
        )
    return read_recipe(recipe)


def save_recipe(recipe: Path | None, plan: Plan, quiet: bool) -> None:
    """Write the recipe of *plan*, unless there is one already."""
    if recipe is None or recipe.exists():
        return
    _write(recipe, recipe_text(plan).encode())
    say(f"recipe: {recipe}; `clew rewrite --recipe {recipe}` makes this change again", quiet)


def refuse_together(*, write: bool, bindings: tuple[str, ...], form: str) -> None:
    """A series leaves the work tree alone, and holds C."""
    for given, option in ((write, "--write"), (bindings, "--bindings"), (form != "text", "--format json")):
        if given:
            step = f"leave out {option}; apply the series with git am"
            raise UsageError(f"--series does not go with {option}", None, step)


def write_series(session: Session, request: Request, given: Plan | None, folder: Path) -> Plan:
    """Make the series, let git try it, and write it into *folder*; return the plan of the whole."""
    if folder.exists() and any(folder.iterdir()):
        raise UsageError("the folder is not empty", ErrorPlace(str(folder)), "name another one with --series")
    state = find_state(session.settings, session.single_state())
    identity = find_identity(request.root)
    with progress("planning patches", request.quiet) as show:
        plan, steps = session.library.make_series(session.tree, state.name, given, show)
    require_clean(request.root, frozenset(plan.files))
    command = request.command("rewrite", "--series", str(folder))
    mails = []
    for number, step in enumerate(steps, 1):
        body = body_of(step, state, command, identity.head, (number, len(steps)))
        mails.append(Mail(subject_of(step, state), body, step.diff(identity.prefix)))
    author = Author(identity.name, identity.address, identity.date)
    named = [(mail.file_name(n), mail.to_bytes(author, n, len(mails))) for n, mail in enumerate(mails, 1)]
    check_series(identity.top, [patch for _, patch in named], _expected(steps, identity))
    _write_all(folder, named)
    _tell(folder, steps, identity, request.quiet)
    return plan


def _expected(steps: tuple[Step, ...], identity: Identity) -> dict[str, bytes]:
    """Return what the files that change contain at the end."""
    found: dict[str, bytes] = {}
    for step in steps[-1:]:
        for path, edits in step.after.items():
            old = step.sources[path].text
            new = apply_edits(old, edits)
            if new != old:
                found[identity.prefix + path] = new.encode("latin-1")
    return found


def _write_all(folder: Path, files: list[tuple[str, bytes]]) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        step = "choose another --series"
        raise UsageError(f"cannot be made: {error.strerror}", ErrorPlace(str(folder)), step) from error
    for name, data in files:
        _write(folder / name, data)


def _write(path: Path, data: bytes) -> None:
    try:
        with path.open("xb") as file:
            file.write(data)
    except OSError as error:
        step = "choose another place"
        raise UsageError(f"cannot be written: {error.strerror}", ErrorPlace(str(path)), step) from error


def _tell(folder: Path, steps: tuple[Step, ...], identity: Identity, quiet: bool) -> None:
    count = f"{len(steps)} patch{'' if len(steps) == 1 else 'es'}"
    if not steps:
        say("nothing to change", quiet)
        return
    # A carriage return at the end of a line is not the mail's.
    again = f"git -C {identity.top} am --keep-cr {folder.resolve()}/*.patch"
    say(f"{count} for {identity.head[:12]} in {folder}\nnext: {again}", quiet)
