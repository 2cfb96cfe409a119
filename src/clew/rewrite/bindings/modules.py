"""Imports: which file of the run, or which module made by cffi, is meant?"""

from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath

import libcst as cst
from libcst.helpers import get_full_name_for_node
from libcst.metadata import ImportAssignment

from clew.rewrite.bindings.pyfile import PythonFile
from clew.text.record import record


@record()
class Target:
    """What an import names: *name* of *module* (or the module itself, when ""), *level* dots up.  *is_cffi*
    tells that both `ffi` and `lib` come from the module."""

    module: str
    level: int
    name: str
    is_cffi: bool


def import_target(assignment: ImportAssignment) -> Target | None:
    """Return what *assignment* imports."""
    node = assignment.node
    if isinstance(node, cst.Import):
        return next((_whole(one) for one in node.names if _bound(one) == assignment.name), None)
    if not isinstance(node, cst.ImportFrom) or isinstance(node.names, cst.ImportStar):
        return None
    names = {_bound(one): one.evaluated_name for one in node.names}
    if assignment.name not in names:
        return None
    is_cffi = {"ffi", "lib"} <= set(names.values())
    return Target(dotted_name(node.module), len(node.relative), names[assignment.name], is_cffi)


def _whole(alias: cst.ImportAlias) -> Target:
    name = alias.evaluated_name
    return Target(name if alias.asname else name.split(".", 1)[0], 0, "", is_cffi=False)


def _bound(alias: cst.ImportAlias) -> str:
    return alias.evaluated_alias or alias.evaluated_name.split(".", 1)[0]


def dotted_name(node: cst.BaseExpression | None) -> str:
    """Return the name ``a.b.c`` that *node* spells, or ""."""
    return (get_full_name_for_node(node) or "") if node is not None else ""


def find_module(files: Iterable[str], importer: str, module: str, level: int) -> str | None:
    """Return the only one of *files* that the *module* may be, as imported by the file *importer*."""
    parts = module.split(".") if module else []
    if level:
        folder = PurePosixPath(importer).parents[min(level, len(PurePosixPath(importer).parents)) - 1]
        wanted = _files_of(folder.joinpath(*parts))
        found = [path for path in files if path in wanted]
    else:
        endings = _files_of(PurePosixPath(*parts)) if parts else ()
        found = [path for path in files if any(f"/{path}".endswith(f"/{ending}") for ending in endings)]
    return found[0] if len(found) == 1 else None


def _files_of(module: PurePosixPath) -> tuple[str, ...]:
    return f"{module}.py", str(module / "__init__.py")


def star_imports(file: PythonFile) -> list[tuple[str, int]]:
    """Return module and level of each ``from module import *``."""
    found = [node for node in file.nodes if isinstance(node, cst.ImportFrom)]
    stars = [node for node in found if isinstance(node.names, cst.ImportStar)]
    return [(dotted_name(node.module), len(node.relative)) for node in stars]


def cffi_modules(files: Mapping[str, PythonFile]) -> frozenset[str]:
    """Return the modules that ``set_source("module", ...)`` makes."""
    found = set()
    for file in files.values():
        for node in file.nodes:
            match node:
                case cst.Call(
                    func=cst.Attribute(attr=cst.Name(value="set_source")),
                    args=[cst.Arg(value=cst.SimpleString() as name), *_],
                ):
                    found.add(str(name.evaluated_value))
    return frozenset(found)
