"""``lib.f.argtypes = [...]`` gains the type of the state."""

from collections.abc import Iterator

import libcst as cst

from clew.rewrite.bindings.elements import insert_element, place_in
from clew.rewrite.bindings.job import Job
from clew.rewrite.bindings.model import Export, Refused
from clew.rewrite.bindings.spelling import spell_type
from clew.rewrite.bindings.targets import all_targets, assigned_value


def typed_functions(job: Job) -> Iterator[str]:
    """Yield the functions whose argtypes the file sets."""
    for node in job.file.nodes:
        match node:
            case cst.Attribute(value=function, attr=cst.Name(value="argtypes")) if not job.file.is_loaded(
                node
            ):
                export = job.export_of(function)
                value = assigned_value(job.file, node)
                if export is not None and not (isinstance(value, cst.Name) and value.value == "None"):
                    yield export.name


def add_type(job: Job, target: cst.Attribute, export: Export) -> None:
    """Add the type of the state to what is assigned to *target*, ``f.argtypes``."""
    value = assigned_value(job.file, target)
    match value:
        case cst.Name(value="None"):
            return
        case cst.List() | cst.Tuple():
            _require_same(job, value, export)
            add_to_sequence(job, value, job.settings.ctype, export.position, f"{export.name} takes the state")
        case cst.Attribute(attr=cst.Name(value="argtypes"), value=other):
            _require_copy(job, other, export)
        case _:
            raise Refused("python-literal", "its argtypes are not a list or tuple that is written here")


def _require_same(job: Job, value: cst.BaseExpression, export: Export) -> None:
    """``f.argtypes = g.argtypes = [...]``: all of them must want the same."""
    for target in all_targets(job.file, value) or []:
        other = job.export_of(target.value) if isinstance(target, cst.Attribute) else None
        if other is None or other.position != export.position:
            raise Refused("python-literal", "the list of types is shared with something else")


def _require_copy(job: Job, other: cst.BaseExpression, export: Export) -> None:
    """``f.argtypes = g.argtypes``: right if *g* gains the state as well."""
    same = job.export_of(other)
    if same is None or same.position != export.position:
        raise Refused("python-literal", "its argtypes are those of a function that does not take the state")


def read_types(job: Job, node: cst.Attribute, export: Export) -> None:
    """``g.argtypes = f.argtypes`` must not give the state to a function that does not take it."""
    targets = all_targets(job.file, node)
    for target in targets or [node]:
        other = None
        if targets and isinstance(target, cst.Attribute) and target.attr.value == "argtypes":
            other = job.export_of(target.value)
        if other is None or other.position != export.position:
            raise Refused("python-value", "its argtypes are used for something else")


def add_to_sequence(job: Job, value: cst.List | cst.Tuple, ctype: str, position: int, note: str) -> None:
    """Add the type *ctype* to the list or tuple *value* at *position*."""
    add_text(job, value, spell_type(job, ctype, value), position, note)


def add_text(job: Job, value: cst.List | cst.Tuple, new: str, position: int, note: str) -> None:
    """Add the text *new* to the list or tuple *value* at *position*."""
    whole = job.file.span(value)
    at = place_in([isinstance(one, cst.StarredElement) for one in value.elements], position, "the list")
    spans = [job.file.span(element) for element in value.elements]
    is_list = isinstance(value, cst.List)
    if not spans and not is_list:
        new += ","
    open_at = whole.start + 1 if is_list else whole.start
    if isinstance(value, cst.Tuple) and value.lpar:
        open_at = job.file.span(value.lpar[-1]).start + 1
    job.edits += insert_element(job.file.source.text, open_at, spans, at, new, note)
