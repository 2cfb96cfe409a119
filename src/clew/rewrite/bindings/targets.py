"""Which value does this name or attribute get?"""

from typing import Literal

import libcst as cst

from clew.rewrite.bindings.pyfile import PythonFile

Value = cst.BaseExpression | Literal["nothing"] | None


def assigned_value(file: PythonFile, target: cst.CSTNode) -> Value:
    """Return the expression that is assigned to *target*, "nothing" for a bare annotation, or None when no
    single expression is: loops, `with`, unpacking of what is not written out, `+=`."""
    parent = file.parent(target)
    match parent:
        case cst.AssignTarget():
            statement = file.parent(parent)
            return statement.value if isinstance(statement, cst.Assign) else None
        case cst.AnnAssign():
            return parent.value or "nothing"
        case cst.NamedExpr():
            return parent.value
        case cst.Element():
            return _unpacked(file, parent)
        case _:
            return None


def _unpacked(file: PythonFile, element: cst.Element) -> Value:
    """``a, b = x, y``"""
    targets = file.parent(element)
    if not isinstance(targets, cst.Tuple | cst.List):
        return None
    value = assigned_value(file, targets)
    if not isinstance(value, cst.Tuple | cst.List) or len(value.elements) != len(targets.elements):
        return None
    if not all(isinstance(one, cst.Element) for one in (*targets.elements, *value.elements)):
        return None
    return value.elements[list(targets.elements).index(element)].value


def all_targets(file: PythonFile, value: cst.CSTNode) -> list[cst.BaseExpression] | None:
    """Return what *value* is assigned to, or None where it is not simply assigned."""
    parent = file.parent(value)
    match parent:
        case cst.Assign():
            return [target.target for target in parent.targets]
        case cst.AnnAssign():
            return [parent.target]
        case cst.Element():
            return _packed(file, parent)
        case _:
            return None


def _packed(file: PythonFile, element: cst.Element) -> list[cst.BaseExpression] | None:
    values = file.parent(element)
    statement = file.parent(values) if isinstance(values, cst.Tuple) else None
    if not isinstance(values, cst.Tuple) or not isinstance(statement, cst.Assign):
        return None
    at = list(values.elements).index(element)
    found = []
    for target in statement.targets:
        names = target.target
        if not isinstance(names, cst.Tuple | cst.List) or len(names.elements) != len(values.elements):
            return None
        found.append(names.elements[at].value)
    return found
