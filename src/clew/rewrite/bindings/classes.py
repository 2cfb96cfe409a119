"""Attributes of classes and of their instances."""

import libcst as cst

from clew.rewrite.bindings.pyfile import PythonFile
from clew.rewrite.bindings.targets import assigned_value

_Function = cst.FunctionDef


def function_around(file: PythonFile, node: cst.CSTNode) -> _Function | None:
    """Return the function whose body or parameters hold *node*."""
    parent = file.parent(node)
    while parent is not None and not isinstance(parent, cst.FunctionDef | cst.Lambda):
        parent = file.parent(parent)
    return parent if isinstance(parent, cst.FunctionDef) else None


def class_of(file: PythonFile, function: _Function) -> cst.ClassDef | None:
    """Return the class that *function* is a method of."""
    block = file.parent(function)
    while isinstance(block, cst.IndentedBlock | cst.If | cst.Else):
        block = file.parent(block)
    return block if isinstance(block, cst.ClassDef) else None


def own_class(file: PythonFile, param: cst.Param) -> cst.ClassDef | None:
    """Return the class that *param* is an instance of because it is ``self`` (or ``cls``)."""
    function = function_around(file, param)
    if function is None or not _positional(function) or _positional(function)[0] is not param:
        return None
    if any(_decorator_name(decorator) == "staticmethod" for decorator in function.decorators):
        return None
    return class_of(file, function)


def _positional(function: _Function) -> list[cst.Param]:
    return [*function.params.posonly_params, *function.params.params]


def _decorator_name(decorator: cst.Decorator) -> str:
    return decorator.decorator.value if isinstance(decorator.decorator, cst.Name) else ""


def class_attribute(file: PythonFile, owner: cst.ClassDef, attr: str) -> list[cst.CSTNode | None]:
    """Return everything that the attribute *attr* gets in the class *owner*: values, methods, and None for
    what is not known."""
    found: list[cst.CSTNode | None] = []
    for node in _inside(owner):
        if isinstance(node, cst.FunctionDef) and node.name.value == attr and class_of(file, node) is owner:
            found.append(node)
        elif _is_target(file, owner, node, attr):
            value = assigned_value(file, node)
            if value != "nothing":
                found.append(value)
    return found


def _is_target(file: PythonFile, owner: cst.ClassDef, node: cst.CSTNode, attr: str) -> bool:
    """Tell whether *node* stores to ``self.attr``, or to ``attr`` in the body of the class itself."""
    if file.is_loaded(node):
        return False
    match node:
        case cst.Attribute(value=cst.Name() as base, attr=cst.Name(value=name)) if name == attr:
            return is_self(file, base, owner) and isinstance(file.parent(node), _TARGETS)
        case cst.Name(value=name) if name == attr and function_around(file, node) is None:
            return isinstance(file.parent(node), _TARGETS)
    return False


_TARGETS = (cst.AssignTarget, cst.AnnAssign, cst.AugAssign, cst.Element, cst.AsName, cst.For)


def is_self(file: PythonFile, name: cst.Name, owner: cst.ClassDef) -> bool:
    """Tell whether the variable *name* is the first parameter of a method of *owner*."""
    function = function_around(file, name)
    if function is None or class_of(file, function) is not owner or not _positional(function):
        return False
    return _positional(function)[0].name.value == name.value


def _inside(owner: cst.ClassDef) -> list[cst.CSTNode]:
    todo, found = list[cst.CSTNode]([owner.body]), []
    while todo:
        node = todo.pop()
        found.append(node)
        if not isinstance(node, cst.ClassDef):
            todo += node.children
    return found
