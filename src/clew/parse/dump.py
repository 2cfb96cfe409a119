"""Write a `Flow` as text, for tests and for people.

One line per node: ``3: read x, call f(x) -> 4 5``.  Operations stand in order; the number of the full
expression stands where it changes (``#2``).
"""

from collections.abc import Iterator

from clew.parse.flow import AddressOp, CallOp, DeclareOp, Flow, Local, Node, Op, Operand, ReadOp, WriteOp


def dump(flow: Flow) -> str:
    """Return the nodes of *flow*, one on each line."""
    return "\n".join(f"{number}: {_describe_node(node)}" for number, node in enumerate(flow.nodes))


def dump_statements(flow: Flow, text: str) -> str:
    """Return the statements of *flow* with flow point, block and first line of *text*."""
    lines = []
    for statement in flow.statements:
        first = statement.span.of(text).partition("\n")[0]
        mark = " (macro)" if statement.in_macro else ""
        place = f"{statement.node}.{statement.index} in {statement.block}"
        lines.append(f"{statement.kind} {place}{mark}: {first}")
    return "\n".join(lines)


def dump_locals(flow: Flow, text: str) -> str:
    """Return the locals of *flow* with their pieces of *text*."""
    return "\n".join(_describe_local(local, text) for local in flow.locals)


def describe_op(op: Op) -> str:
    """Return one operation in a few words."""
    match op:
        case CallOp():
            arguments = ", ".join(map(describe_operand, op.args))
            return f"call {op.callee or f'*({op.target})'}({arguments})@{op.first}"
        case ReadOp():
            return (
                f"read {op.name}{'.' + op.member if op.member else ''}{'->' + op.arrow if op.arrow else ''}"
            )
        case WriteOp():
            return f"write {_part(op.name, op.member)} = {describe_operand(op.value)}"
        case AddressOp():
            return f"address {_part(op.name, op.member)}"
        case DeclareOp():
            value = "" if op.value is None else f" = {describe_operand(op.value)}"
            return f"declare {op.name}: {op.type}{value}"
        case _:
            raise TypeError(type(op).__name__)


def describe_operand(operand: Operand) -> str:
    """Return one operand: a name, ``&name``, ``%3`` (the result of operation 3) or ``?``."""
    match operand.kind:
        case "name":
            return operand.name
        case "address":
            return f"&{operand.name}"
        case "result":
            return f"%{operand.result}"
        case _:
            return "?"


def _part(name: str, member: str) -> str:
    return name + (member if member in ("", "[]") else f".{member}")


def _describe_node(node: Node) -> str:
    ends = f"{node.ends} {describe_operand(node.returned)}" if node.returned else node.ends
    successors = "-> " + " ".join(map(str, node.successors)) if node.successors else ""
    return " ".join(piece for piece in (", ".join(_describe_ops(node)), ends, successors) if piece)


def _describe_ops(node: Node) -> Iterator[str]:
    expr = -1
    for op in node.ops:
        yield describe_op(op) if op.expr == expr else f"#{op.expr} {describe_op(op)}"
        expr = op.expr


def _describe_local(local: Local, text: str) -> str:
    initialiser = f" = [{local.initialiser.of(text)}]" if local.initialiser else ""
    notes = "".join([" sole" if local.sole else "", " (macro)" if local.in_macro else ""])
    pieces = f"[{local.statement.of(text)}] in [{local.scope.of(text)}]"
    return f"{local.kind} {local.name_span.of(text)}: {local.type}{initialiser}{notes} {pieces}"
