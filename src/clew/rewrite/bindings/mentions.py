"""Every mention of a changed function in a Python file: changed, harmless, or refused."""

import re
import sys

import libcst as cst

from clew.rewrite.bindings.cdef import change_cdef, check_source, is_cdef
from clew.rewrite.bindings.job import Job
from clew.rewrite.bindings.model import Refused
from clew.rewrite.bindings.modules import dotted_name, find_module
from clew.rewrite.bindings.resolve import text_of
from clew.rewrite.bindings.uses import change_use

_DOTTED = re.compile(r"\w+(?:\.\w+)*")
_BY_NAME = ("getattr", "setattr", "delattr")


def change_file(job: Job) -> None:
    """Go through the whole file; calls come first, since they settle some of the strings."""
    for node in job.file.nodes:
        if isinstance(node, cst.Call):
            _change_call(job, node)
    for node in job.file.nodes:
        _change_mention(job, node)


def _change_call(job: Job, node: cst.Call) -> None:
    if is_cdef(node):
        change_cdef(job, node)
    check_source(job, node)
    export = job.export_of(node)
    if export is not None:
        _settle_pair(job, node)
        change_use(job, node, export)
    match node:
        case cst.Call(func=cst.Name(value="hasattr"), args=[_, name]):
            job.settled.add(name.value)
        case cst.Call(func=cst.Name(value=function), args=[base, name, *_]) if function in _BY_NAME:
            _refuse_dynamic(job, base.value, name.value, function)


def _settle_pair(job: Job, node: cst.Call) -> None:
    """The name in ``PROTO(("f", lib))``."""
    pair = node.args[0].value if node.args else None
    if isinstance(pair, cst.Tuple):
        job.settled.add(pair.elements[0].value)


def _refuse_dynamic(job: Job, base: cst.BaseExpression, name: cst.BaseExpression, how: str) -> None:
    if job.resolver.meaning(base).kind not in ("library", "mixed") or isinstance(name, cst.SimpleString):
        return  # a name that is written out is refused where it stands
    why = f"the name of the function is made at run time ({how})"
    job.refuse(name, how, Refused("python-dynamic", why))


def _change_mention(job: Job, node: cst.CSTNode) -> None:
    match node:
        case cst.Attribute() if job.file.is_loaded(node):
            _change_attribute(job, node)
        case cst.Name() if job.file.is_loaded(node) and not _is_imported(job, node):
            export = job.export_of(node)
            if export is not None:
                change_use(job, node, export)
        case cst.SimpleString() | cst.ConcatenatedString():
            _check_string(job, node)
        case cst.Subscript(value=base, slice=[cst.SubscriptElement(slice=cst.Index(value=name))]):
            _refuse_dynamic(job, base, name, "[...]")
        case cst.ImportFrom():
            _check_import(job, node)


def _is_imported(job: Job, node: cst.Name) -> bool:
    return isinstance(job.file.parent(node), cst.ImportAlias | cst.AsName)


def _change_attribute(job: Job, node: cst.Attribute) -> None:
    export = job.export_of(node)
    if export is not None:
        change_use(job, node, export)
        return
    name = node.attr.value
    if name not in job.exports or job.resolver.meaning(node).kind not in ("unknown", "mixed"):
        return
    root = job.resolver.qualified(node).split(".")[0]
    if root in sys.stdlib_module_names or isinstance(node.value, cst.BaseString | cst.BaseNumber):
        return
    base = job.file.module.code_for_node(node.value).strip()
    why = f"whether `{_short(base)}` is the library is not known"
    job.refuse(node, name, Refused("python-library", why))


def _short(code: str, most: int = 40) -> str:
    one_line = " ".join(code.split())
    return one_line if len(one_line) <= most else one_line[: most - 3] + "..."


def _check_string(job: Job, node: cst.SimpleString | cst.ConcatenatedString) -> None:
    parent = job.file.parent(node)
    if node in job.settled or isinstance(parent, cst.ConcatenatedString):
        return
    text = text_of(node)
    names = [name for name in text.split(".") if name in job.exports] if _DOTTED.fullmatch(text) else []
    if not names or isinstance(parent, cst.Expr) or _is_export_list(job, node):
        return
    job.refuse(node, names[-1], Refused("python-dynamic", "a string names the function"))


def _is_export_list(job: Job, node: cst.CSTNode) -> bool:
    """``__all__ = ["f"]``"""
    element = job.file.parent(node)
    values = job.file.parent(element) if isinstance(element, cst.Element) else None
    statement = job.file.parent(values) if isinstance(values, cst.List | cst.Tuple) else None
    match statement:
        case cst.Assign(targets=[cst.AssignTarget(target=cst.Name(value="__all__"))]):
            return True
        case cst.AugAssign(target=cst.Name(value="__all__")):
            return True
    return False


def _check_import(job: Job, node: cst.ImportFrom) -> None:
    """``from _lib import f``, where nobody knows what ``_lib`` is."""
    module = dotted_name(node.module)
    if isinstance(node.names, cst.ImportStar) or module.split(".")[0] in sys.stdlib_module_names:
        return
    if find_module(job.resolver.project.files, job.file.path, module, len(node.relative)) is not None:
        return
    for alias in node.names:
        if alias.evaluated_name in job.exports:
            why = f"it comes from {'.' * len(node.relative)}{module}, which --bindings does not name"
            job.refuse(alias, alias.evaluated_name, Refused("python-library", why))
