"""How the settings' expressions are written in a file: ``ctypes.c_void_p`` is ``c_void_p`` after
``from ctypes import *``."""

from collections.abc import Iterator

import libcst as cst
from libcst.metadata import Scope

from clew.rewrite.bindings.elements import insert_element
from clew.rewrite.bindings.job import Job
from clew.rewrite.bindings.model import Refused
from clew.rewrite.bindings.modules import dotted_name
from clew.rewrite.bindings.resolve import Resolver


def spell_type(job: Job, name: str, at: cst.CSTNode) -> str:
    """Return how *name*, dotted as in the settings, is written at *at*; an import may have to bring it."""
    module, _, attr = name.rpartition(".")
    if not module:
        if not job.resolver.is_visible(name, at):
            raise Refused("python-literal", f"`{name}` of the settings is not known here")
        return name
    imports = list(_visible_imports(job.resolver, at))
    found = [text for node in imports if (text := _spelled(node, module, attr))]
    if found:
        return min(found, key=len)
    for node in imports:
        if isinstance(node, cst.ImportFrom) and dotted_name(node.module) == module:
            wanted = job.imports.setdefault(node, [])
            wanted += [attr] if attr not in wanted else []
            return attr
    raise Refused("python-literal", f"no import of this file brings {name}")


def _visible_imports(resolver: Resolver, at: cst.CSTNode) -> Iterator[cst.Import | cst.ImportFrom]:
    scope = resolver.file.scope(at)
    scopes = _outwards(scope) if scope is not None else []
    for node in resolver.file.nodes:
        if isinstance(node, cst.Import | cst.ImportFrom) and resolver.file.scope(node) in scopes:
            yield node


def _outwards(scope: Scope) -> list[Scope]:
    """Return *scope* and those around it; the outermost one is its own parent."""
    found = [scope]
    while found[-1].parent not in found:
        found.append(found[-1].parent)
    return found


def _spelled(node: cst.Import | cst.ImportFrom, module: str, attr: str) -> str:
    if isinstance(node.names, cst.ImportStar):
        return attr if dotted_name(node.module) == module else ""
    for alias in node.names:
        name = alias.evaluated_name
        if isinstance(node, cst.Import) and name == module:
            return f"{alias.evaluated_alias or name}.{attr}"
        if isinstance(node, cst.ImportFrom) and not node.relative:
            whole = f"{dotted_name(node.module)}.{name}"
            if whole == f"{module}.{attr}":
                return alias.evaluated_alias or name
            if whole == module:
                return f"{alias.evaluated_alias or name}.{attr}"
    return ""


def extend_imports(job: Job) -> None:
    """Let the imports bring what was spelled."""
    for node, names in job.imports.items():
        if isinstance(node.names, cst.ImportStar):
            continue
        spans = [job.file.span(alias) for alias in node.names]
        open_at = job.file.span(node.lpar).start + 1 if node.lpar is not None else spans[0].start
        new = ", ".join(names)
        text = job.file.source.text
        job.edits += insert_element(text, open_at, spans, len(spans), new, "the type of the state")


def spell_argument(resolver: Resolver, argument: str, at: cst.CSTNode) -> str:
    """Return the expression for the state, if it can be evaluated at *at*."""
    if not argument:
        raise Refused("python-argument", "the settings do not say what holds the state in Python")
    for name in _names(cst.parse_expression(argument)):
        if not resolver.is_visible(name, at):
            raise Refused("python-argument", f"`{argument}` passes the state, and `{name}` is not known here")
    return argument


def _names(node: cst.CSTNode) -> Iterator[str]:
    """Yield the variables of an expression."""
    if isinstance(node, cst.Name):
        yield node.value
    elif isinstance(node, cst.Attribute):
        yield from _names(node.value)
    else:
        for child in node.children:
            if not (isinstance(node, cst.Arg) and child is node.keyword):
                yield from _names(child)
