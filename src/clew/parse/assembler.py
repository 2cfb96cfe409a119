"""Assembler statements become calls of a reserved name, with their operands as arguments."""

from collections.abc import Callable

from clew.parse.rewriting import ASM, LABEL_ADDRESS, Note, Work

ASM_QUALIFIERS = frozenset(("volatile", "__volatile__", "__volatile", "goto", "inline", "__inline__"))
_BEFORE_STATEMENT = frozenset(("{", "}", ";", ":", "else", "do"))
_CONDITIONED = frozenset(("if", "while", "for", "switch"))

Step = Callable[[Work, int], int]


def rewrite_asm(work: Work, at: int, step: Step) -> int:
    """Rewrite the asm statement at index *at*, its operands with *step*; return the index after it."""
    opening = at + 1
    while work.text(opening) in ASM_QUALIFIERS:
        opening += 1
    if work.text(opening) == "{":
        return _rewrite_block(work, at, opening)
    end = work.after_group(opening)
    if end == opening:
        work.out.append(work.tokens[at])
        return at + 1
    operands = _find_operands(work, opening + 1, end - 1)
    if operands or _starts_statement(work):
        jumps = any(section == 4 for section, _, _ in operands)
        work.notes.append(Note("asm-goto" if jumps else "asm", work.tokens[at].start))
        work.out.append(work.tokens[at]._replace(text=ASM))
        work.out.append(work.tokens[opening])
        for number, operand in enumerate(operands):
            if number:
                work.add("punct", ",", operand[1])
            _write_operand(work, operand, step)
        work.out.append(work.tokens[end - 1])
    return end


def _starts_statement(work: Work) -> bool:
    """Tell whether what comes next starts a statement: otherwise ``asm`` names a declarator."""
    before = work.out[-1].text if work.out else ""
    if before != ")":
        return before in _BEFORE_STATEMENT
    depth = 0
    for number in range(len(work.out) - 1, 0, -1):
        depth += {")": 1, "(": -1}.get(work.out[number].text, 0)
        if depth == 0:
            return work.out[number - 1].text in _CONDITIONED
    return False


def _rewrite_block(work: Work, at: int, opening: int) -> int:
    """``__asm { ... }``: its instructions are not C, and become an unknown call."""
    work.notes.append(Note("asm", work.tokens[at].start))
    work.out.append(work.tokens[at]._replace(text=ASM))
    for text in ("(", ")", ";"):
        work.add("punct", text, at)
    end = opening
    while end < len(work.tokens) and work.text(end) != "}":
        end += 1
    return end + 1


def _find_operands(work: Work, at: int, end: int) -> list[tuple[int, int, int]]:
    """Operands as (section, first, last + 1): sections 1 outputs, 2 inputs, 4 labels of ``asm goto``."""
    operands, section = [], 0
    while at < end:
        token, after = work.tokens[at], at + 1
        if token.text == ":":
            section += 1
        elif token.text == "[":
            after = at + 3
        elif token.text == "(":
            after = work.after_group(at)
            operands.append((section, at, after))
        elif section == 4 and token.kind == "name":
            operands.append((section, at, after))
        at = after
    return operands


def _write_operand(work: Work, operand: tuple[int, int, int], step: Step) -> None:
    section, at, end = operand
    if section == 4:
        work.add("name", LABEL_ADDRESS, at)
        work.parenthesise(at)
        return
    if section == 1:
        work.add("punct", "&", at)
    while at < end:
        at = step(work, at)
