"""Scan one file.

Comes in: the text of a file, un-preprocessed.  Goes out: its functions, prototypes, typedefs,
variables and macros with their exact places, in every ``#if`` branch.  The steps:

1. mask what is not code (`clew.scan.mask`) and read the directives (`clew.scan.directives`);
2. blank what only C++ sees, and mark where conditionals branch (`clew.scan.conditionals`);
3. find the blocks at file scope (`clew.scan.blocks`);
4. cut what stands between them into definitions and declarations (`clew.scan.pieces`), and read those
   (`clew.scan.definition`, `clew.scan.declaration`).
"""

from clew.scan.blocks import find_blocks
from clew.scan.conditionals import drop_cplusplus, read_marks
from clew.scan.directives import read_includes, read_macros
from clew.scan.facts import FileFacts, ScanFinding
from clew.scan.mask import mask
from clew.scan.pieces import FileScope
from clew.text.source import SourceText


def scan_source(source: SourceText) -> FileFacts:
    """Scan *source*.  Any text has facts: what cannot be taken at face value becomes a finding."""
    text = source.text
    masked = mask(text)
    defined = read_macros(text, masked.directives)
    marks = read_marks(masked.directives)
    code, linkage_braces = drop_cplusplus(text, masked.text, masked.directives)
    outline = find_blocks(code, marks, linkage_braces)
    scope = FileScope(code, marks)
    scope.read(outline.blocks)
    findings = masked.findings + outline.findings + scope.findings + defined.findings
    return FileFacts(
        path=source.path,
        masked=masked.text,
        directives=tuple(masked.directives),
        includes=read_includes(text, masked.directives),
        macros=defined.macros,
        functions=tuple(scope.functions),
        prototypes=tuple(scope.declarations.prototypes),
        globals=tuple(scope.declarations.globals),
        typedefs=tuple(scope.declarations.typedefs),
        findings=tuple(sorted(findings, key=_order_of)),
    )


def _order_of(finding: ScanFinding) -> tuple[int, int, str]:
    return finding.span.start, finding.span.end, finding.code
