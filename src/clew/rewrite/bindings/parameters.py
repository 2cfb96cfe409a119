"""What the parameters of a function get, and what it returns, as far as the file shows."""

import libcst as cst
from libcst.metadata import Access

from clew.rewrite.bindings.classes import class_of, function_around
from clew.rewrite.bindings.pyfile import PythonFile


def passed_values(file: PythonFile, param: cst.Param) -> list[cst.BaseExpression]:
    """Return what the calls in *file* pass for *param*; nothing unless all uses of the function are calls
    that show it."""
    function = function_around(file, param)
    if function is None or function.decorators:
        return []
    owner = class_of(file, function)
    if owner is not None and function.name.value != "__init__":
        return []
    calls = _calls(file, function if owner is None else owner)
    values = [_argument(call, function, param, shift=owner is not None) for call in calls]
    if param.default is not None:
        values = [value or param.default for value in values]
    return [] if None in values else [value for value in values if value is not None]


def _calls(file: PythonFile, called: cst.FunctionDef | cst.ClassDef) -> list[cst.Call | None]:
    """Return the calls of *called*, with a None where it is used otherwise."""
    scope = file.scope(called)
    found = list(scope.assignments[called.name.value]) if scope is not None else []
    if len(found) != 1:
        return [None]
    return [_call_of(file, access) for access in found[0].references]


def _call_of(file: PythonFile, access: Access) -> cst.Call | None:
    parent = file.parent(access.node)
    return parent if isinstance(parent, cst.Call) and parent.func is access.node else None


def _argument(
    call: cst.Call | None, function: cst.FunctionDef, param: cst.Param, *, shift: bool
) -> cst.BaseExpression | None:
    if call is None or any(arg.star for arg in call.args):
        return None
    for arg in call.args:
        if arg.keyword is not None and arg.keyword.value == param.name.value:
            return arg.value
    positional = [*function.params.posonly_params, *function.params.params]
    if not any(one is param for one in positional):
        return None
    at = next(number for number, one in enumerate(positional) if one is param) - shift
    plain = [arg for arg in call.args if arg.keyword is None]
    return plain[at].value if 0 <= at < len(plain) else None


def returned_values(file: PythonFile, function: cst.FunctionDef) -> list[cst.BaseExpression]:
    """Return the values that *function* returns; nothing if it may return without one, or is decorated by
    more than a cache."""
    if function.asynchronous is not None or not all(map(_is_cache, function.decorators)):
        return []
    returns = [node for node in _own_nodes(function) if isinstance(node, cst.Return | cst.Yield)]
    values = [node.value for node in returns if isinstance(node, cst.Return)]
    if len(values) != len(returns) or None in values or class_of(file, function) is not None:
        return []
    return [value for value in values if value is not None]


def _is_cache(decorator: cst.Decorator) -> bool:
    found = decorator.decorator
    if isinstance(found, cst.Call):
        found = cst.ensure_type(found, cst.Call).func
    name = found.attr if isinstance(found, cst.Attribute) else found
    return isinstance(name, cst.Name) and name.value in ("cache", "lru_cache")


def _own_nodes(function: cst.FunctionDef) -> list[cst.CSTNode]:
    todo: list[cst.CSTNode] = [function.body]
    found = []
    while todo:
        node = todo.pop()
        found.append(node)
        if not isinstance(node, cst.FunctionDef | cst.Lambda | cst.ClassDef):
            todo += node.children
    return found
