"""Compound statements: the items between two braces, walked in step with their tokens."""

from clew.parse.inject import Node, c_ast
from clew.parse.lower_declaration import lower_declaration
from clew.parse.lower_places import index
from clew.parse.lower_state import BlockDraft, Lowering

_DECLARATIONS = (c_ast.Decl, c_ast.Typedef, c_ast.StaticAssert)


def lower_compound(lowering: Lowering, node: Node, opening: int) -> int:
    """Lower the compound statement that opens at token *opening*; return the index after its ``}``."""
    places = lowering.places
    places.expect(opening, "{")
    closing = places.close_of(opening)
    outer, block = lowering.block, len(lowering.blocks)
    lowering.blocks.append(BlockDraft(opening, closing, outer, lowering.loops > 0))
    lowering.block = block
    lowering.names.open_scope()
    end = _lower_items(lowering, node.block_items or [], opening + 1, block)
    lowering.names.close_scope(places.span(closing, closing + 1).end)
    lowering.block = outer
    return places.expect(end, "}")


def lower_nested_compound(lowering: Lowering, node: Node, at: int, block: int) -> int:
    """Lower a compound statement that stands as a statement."""
    if lowering.places.texts[at] != "{":  # ({ ... }); is an expression
        return lowering.tables.expression_statement(lowering, node, at, block)
    draft = lowering.begin("compound", at, block)
    draft.end = lower_compound(lowering, node, at)
    return draft.end


def _lower_items(lowering: Lowering, items: list[Node], at: int, block: int) -> int:
    """Lower declarations and statements that follow each other; return the index after the last."""
    number = 0
    while number < len(items):
        node = items[number]
        number += 1
        if isinstance(node, c_ast.Pragma):
            continue
        if not isinstance(node, _DECLARATIONS):
            at = lowering.statement(node, at, block)
            continue
        # pycparser makes one node of every declarator.
        end = lowering.places.after_semicolon(at)
        group = [node]
        while number < len(items) and isinstance(items[number], _DECLARATIONS) and index(items[number]) < end:
            group.append(items[number])
            number += 1
        draft = lowering.begin("declaration", at, block)
        lower_declaration(lowering, group, at, end)
        at = draft.end = end
    return at
