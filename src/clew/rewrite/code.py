"""The code of one file, macro bodies included: the text in which edits look for commas and parentheses."""

from clew.link.program import Program


def code_of(program: Program, path: str) -> str:
    """Return the masked text of *path* with the bodies of its macros put back (comments and literals
    blank); same length as the original."""
    pieces, at = [], 0
    masked = program.facts[path].masked
    for macro in program.macros_by_path.get(path, ()):
        body = macro.macro.body
        if body.start < at:
            continue
        pieces += [masked[at : body.start], program.body_of(macro)]
        at = body.end
    pieces.append(masked[at:])
    return "".join(pieces)
