"""Identifiers, and accesses that hang off them: ``x.f``, ``x->f``, ``x[i]``, ``&x``, ``*x``, assignments.

An access path is walked from its outside to its base.  As long as only ``.`` and ``[]`` lie between
base and outside, the path is taken to name a part of the base variable; behind ``->`` lies another
object, and the base is only read to find it.  The origin of every operation made here is the
identifier itself.
"""

from typing import NamedTuple

from clew.parse.flow import AddressOp, Operand, ReadOp, WriteOp
from clew.parse.inject import Node, c_ast
from clew.parse.lower_places import index
from clew.parse.lower_state import OPAQUE, Lowering


class _Path(NamedTuple):
    """*base* and the access *inner* that it is the direct operand of (None: there is none);
    *subscripts* of all ``[]`` on the way; *through_pointer*: there is a ``->`` on the way."""

    base: Node
    inner: Node | None
    subscripts: list[Node]
    through_pointer: bool

    @property
    def is_variable(self) -> bool:
        """The path names an identifier or a part of it."""
        return isinstance(self.base, c_ast.ID) and not self.through_pointer

    @property
    def member(self) -> str:
        """The part of the base that is accessed: the name of a member, "[]", or ""."""
        if self.inner is None:
            return ""
        return "[]" if isinstance(self.inner, c_ast.ArrayRef) else str(self.inner.field.name)


def lower_name(lowering: Lowering, node: Node) -> Operand:
    """Lower an identifier that is read."""
    lowering.add(ReadOp(lowering.places.origin(index(node)), lowering.expr, node.name))
    return Operand("name", node.name)


def lower_access(lowering: Lowering, node: Node) -> Operand:
    """Lower ``x.f``, ``x->f`` or ``x[i]`` that is read."""
    path = _walk(node)
    operands = [path.base, *path.subscripts]
    if isinstance(path.base, c_ast.ID):
        _read(lowering, path)
        lowering.values(path.subscripts, more=1)
    else:
        lowering.values(operands)
    return OPAQUE


def lower_address(lowering: Lowering, node: Node) -> Operand:
    """Lower ``&expression``."""
    target = node.expr
    path = _walk(target)
    if not path.is_variable:
        operand = lowering.value(target)
        # &*p is p itself.
        return operand if isinstance(target, c_ast.UnaryOp) and target.op == "*" else OPAQUE
    lowering.values(path.subscripts)
    origin = lowering.places.origin(index(path.base))
    lowering.add(AddressOp(origin, lowering.expr, path.base.name, path.member))
    return OPAQUE if path.inner else Operand("address", path.base.name)


def lower_assignment(lowering: Lowering, node: Node) -> Operand:
    """Lower ``a = b`` and ``a += b``; the value is that of the right side, or opaque."""
    path, compound = _walk(node.lvalue), node.op != "="
    if not path.is_variable:
        _, operand = lowering.values([node.lvalue, node.rvalue])
        return OPAQUE if compound else operand
    if compound:
        _read(lowering, path)
    *_, operand = lowering.values([*path.subscripts, node.rvalue], more=int(compound))
    operand = OPAQUE if compound else operand
    _write(lowering, path, operand)
    return operand


def lower_increment(lowering: Lowering, node: Node) -> Operand:
    """Lower ``++``and ``--``, before or behind their operand."""
    path = _walk(node.expr)
    lowering.value(node.expr)
    if path.is_variable:
        _write(lowering, path, OPAQUE)
    return OPAQUE


def lower_dereference(lowering: Lowering, node: Node) -> Operand:
    """Lower ``*pointer``, read or written: the pointer is read either way."""
    lowering.value(node.expr)
    return OPAQUE


def _walk(node: Node) -> _Path:
    inner, subscripts, through_pointer = None, [], False
    while True:
        if isinstance(node, c_ast.ArrayRef):
            subscripts.append(node.subscript)
        elif isinstance(node, c_ast.StructRef):
            through_pointer = through_pointer or node.type == "->"
        else:
            return _Path(node, inner, subscripts[::-1], through_pointer)
        inner, node = node, node.name


def _read(lowering: Lowering, path: _Path) -> None:
    """Read the base of *path*, an identifier."""
    inner, member, arrow = path.inner, "", ""
    if isinstance(inner, c_ast.StructRef):
        member, arrow = (inner.field.name, "") if inner.type == "." else ("", inner.field.name)
    origin = lowering.places.origin(index(path.base))
    lowering.add(ReadOp(origin, lowering.expr, path.base.name, member, arrow))


def _write(lowering: Lowering, path: _Path, value: Operand) -> None:
    origin = lowering.places.origin(index(path.base))
    lowering.add(WriteOp(origin, lowering.expr, path.base.name, value, path.member))
