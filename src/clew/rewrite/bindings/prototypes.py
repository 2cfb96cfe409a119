"""``PROTO = CFUNCTYPE(int, ...)`` and ``PROTO(("f", lib), ((1, "x"),))``."""

import libcst as cst

from clew.rewrite.bindings.argtypes import add_text
from clew.rewrite.bindings.calls import add_argument
from clew.rewrite.bindings.job import Job
from clew.rewrite.bindings.model import Export, Refused
from clew.rewrite.bindings.spelling import spell_type
from clew.rewrite.bindings.targets import all_targets


def change_prototype(job: Job, made: cst.Call, export: Export) -> None:
    """Change the type, and the parameter flags, of the function that *made* (``PROTO(("f", lib))``) makes."""
    meaning = job.resolver.meaning(made.func)
    prototype = meaning.node
    if not isinstance(prototype, cst.Call) or meaning.path != job.file.path:
        raise Refused("python-literal", "its prototype is written in another file")
    _require_own(job, prototype, export)
    if not prototype.args:
        raise Refused("python-literal", "its prototype has no type of the result")
    new = spell_type(job, job.settings.ctype, prototype)
    note = f"{export.name} takes the state"
    position = export.position + 1 if export.position >= 0 else _last_plain(prototype)
    _change_flags(job, made, export, note)
    add_argument(job, prototype, new, position, note)


def _last_plain(prototype: cst.Call) -> int:
    """Return the place after the types, before ``use_errno=True``."""
    return sum(arg.keyword is None and not arg.star for arg in prototype.args)


def _require_own(job: Job, prototype: cst.Call, export: Export) -> None:
    """Every use of the prototype must be for a function that gains the state in the same place."""
    for use in _uses(job, prototype):
        made = job.file.parent(use)
        other = None
        if isinstance(made, cst.Call) and made.func is use:
            other = job.export_of(made)
        if other is None or other.position != export.position:
            raise Refused("python-literal", "its prototype also serves other functions or callbacks")


def _uses(job: Job, prototype: cst.Call) -> list[cst.CSTNode]:
    """Return the expressions that are *prototype*: itself, or the uses of its variable."""
    targets = all_targets(job.file, prototype)
    if targets is None:
        return [prototype]
    if not all(isinstance(target, cst.Name) for target in targets):
        raise Refused("python-literal", "its prototype is kept as an attribute")
    meaning = job.resolver.meaning(prototype)
    return [
        node
        for node in job.file.nodes
        if isinstance(node, cst.Name) and job.file.is_loaded(node) and job.resolver.meaning(node) == meaning
    ]


def _change_flags(job: Job, made: cst.Call, export: Export, note: str) -> None:
    """``((1, "x"), (1, "y"))``: how Python passes the parameters."""
    if len(made.args) < 2:
        return
    flags = made.args[1].value
    match flags:
        case cst.Name(value="None"):
            return
        case cst.Tuple() | cst.List():
            add_text(job, flags, f'(1, "{export.parameter}")', export.position, note)
        case _:
            raise Refused("python-literal", "its parameter flags are not written here")
