"""What becomes of each expression that is a function of the library."""

import libcst as cst

from clew.rewrite.bindings.argtypes import add_type, read_types
from clew.rewrite.bindings.calls import pass_state
from clew.rewrite.bindings.job import Job
from clew.rewrite.bindings.model import Export, Refused
from clew.rewrite.bindings.prototypes import change_prototype
from clew.rewrite.bindings.targets import all_targets


def change_use(job: Job, node: cst.CSTNode, export: Export) -> None:
    """Change the place that uses the function *node*, or refuse."""
    with job.deciding(node, export.name):
        if isinstance(node, cst.Call):
            change_prototype(job, node, export)
        parent = job.file.parent(node)
        match parent:
            case cst.Call() if parent.func is node:
                pass_state(job, parent, export)
            case cst.Attribute():
                _change_attribute(job, parent, export)
            case cst.Expr():
                return
            case _:
                _require_alias(job, node)


def _change_attribute(job: Job, node: cst.Attribute, export: Export) -> None:
    """``f.argtypes``; the other attributes do not depend on the parameters."""
    if node.attr.value != "argtypes":
        return
    if job.file.is_loaded(node):
        read_types(job, node, export)
    else:
        add_type(job, node, export)


def _require_alias(job: Job, node: cst.CSTNode) -> None:
    """``f = lib.f`` is another name for it, if the name is nothing else."""
    targets = all_targets(job.file, node)
    if targets is None:
        raise Refused("python-value", "the function is handed on: what calls it is not known")
    meaning = job.resolver.meaning(node)
    for target in targets:
        if not isinstance(target, cst.Name | cst.Attribute) or job.resolver.meaning(target) != meaning:
            name = job.file.module.code_for_node(target)
            raise Refused("python-value", f"`{name}` may be something else as well")
