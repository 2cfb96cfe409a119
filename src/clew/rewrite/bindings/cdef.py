"""``ffi.cdef("...")``: C within Python, scanned and edited as C."""

import re

import libcst as cst

from clew.rewrite.bindings.job import Job
from clew.rewrite.bindings.model import Refused
from clew.rewrite.bindings.resolve import text_of
from clew.rewrite.bindings.strings import StringText, read_string
from clew.rewrite.bindings.targets import assigned_value
from clew.rewrite.layout import lay_out
from clew.rewrite.lists import add_element, declare, is_unnamed
from clew.scan import scan_source
from clew.scan.facts import FileFacts, Prototype
from clew.text.edit import Edit
from clew.text.source import SourceText

_WORD = re.compile(r"[A-Za-z_]\w*")
_TOKEN = re.compile(r"[A-Za-z_]\w*|[(){}\[\]]")
_TAGGED = re.compile(r"(?:const\s+)?(?:struct|union|enum)\b")
_WIDE = 1_000_000
_SOURCE_AT = {"verify": 0, "set_source": 1}  # the argument that is C source


def cdef_text(job: Job, call: cst.Call) -> cst.CSTNode | None:
    """Return the literal that *call*, of a method ``cdef``, is given, itself or through a variable."""
    if not call.args:
        return None
    value: cst.CSTNode = call.args[0].value
    if isinstance(value, cst.Name):
        scope = job.file.scope(value)
        found = list(scope[value.value]) if scope is not None else []
        node = getattr(found[0], "node", None) if len(found) == 1 else None
        assigned = assigned_value(job.file, node) if node is not None else None
        value = assigned if isinstance(assigned, cst.CSTNode) else value
    return value


def is_cdef(node: cst.Call) -> bool:
    """Tell whether *node* calls a method ``cdef``."""
    return isinstance(node.func, cst.Attribute) and node.func.attr.value == "cdef"


def declared_words(job: Job) -> frozenset[str]:
    """Return the words of all declarations that the file gives to cffi."""
    found: set[str] = set()
    for node in job.file.nodes:
        if isinstance(node, cst.Call) and is_cdef(node):
            literal = cdef_text(job, node)
            if isinstance(literal, cst.SimpleString | cst.ConcatenatedString):
                found.update(_WORD.findall(text_of(literal)))
    return frozenset(found)


def change_cdef(job: Job, call: cst.Call) -> None:
    """Add the parameter to the prototypes that *call* declares."""
    literal = cdef_text(job, call)
    string = read_string(job.file, literal) if literal is not None else None
    if literal is None or string is None:
        job.refuse(call, "cdef", Refused("python-literal", "the declarations are not written here"))
        return
    if literal in job.settled:
        return
    job.settled.update(_strings_in(literal))
    source = SourceText(job.file.path, string.text)
    facts = scan_source(source)
    edits = [edit for prototype in facts.prototypes for edit in _change(job, string, facts, prototype)]
    _refuse_others(job, string, facts)
    if string.has_lines:
        directives = [directive.span for directive in facts.directives]
        edits = lay_out(source, facts.masked, edits, job.columns, directives)
    job.edits += [string.edit(edit, edit.note) for edit in edits]


def _change(job: Job, string: StringText, facts: FileFacts, prototype: Prototype) -> list[Edit]:
    export = job.exports.get(prototype.name)
    if export is None:
        return []
    c_type = job.settings.cdef or export.type
    try:
        _require_declared(job, c_type)
        name = "" if is_unnamed(facts.masked, prototype.params) else export.parameter
        note = f"{export.name} takes the state"
        edit = add_element(
            facts.masked,
            string.text,
            prototype.params,
            declare(c_type, name),
            export.position,
            "bind",
            note,
        )
        string.edit(edit, note)
    except Refused as refused:
        job.refuse_at(string.place(prototype.name_span.start), prototype.name, refused)
        return []
    return [edit]


def _require_declared(job: Job, c_type: str) -> None:
    words = [word for word in _WORD.findall(c_type) if word not in ("const", "void")]
    if _TAGGED.match(c_type.strip()) or all(word in job.declared for word in words):
        return
    raise Refused("python-literal", f"no cdef declares `{c_type.strip()}`: add a typedef, or set `cdef`")


def _refuse_others(job: Job, string: StringText, facts: FileFacts) -> None:
    """Whatever else names a changed function in the declarations: a variable, a macro, or what clew cannot
    read as a prototype.  Members and parameters of that name are something else."""
    known = {prototype.name_span.start for prototype in facts.prototypes}
    variables = {variable.name_span.start for variable in facts.globals}
    macros = [macro.body for macro in facts.macros]
    depth = 0
    for match in _TOKEN.finditer(_with_macros(string.text, facts)):
        token, at = match[0], match.start()
        depth += (token in "({[") - (token in ")}]")
        if token not in job.exports or at in known:
            continue
        if depth == 0 or at in variables or any(body.start <= at < body.end for body in macros):
            why = "it is named, but not declared as a function"
            job.refuse_at(string.place(at), token, Refused("python-literal", why))


def _with_macros(text: str, facts: FileFacts) -> str:
    """Return the masked text with the bodies of macros put back."""
    pieces, at = [], 0
    for macro in facts.macros:
        if macro.body.start >= at:
            pieces += [facts.masked[at : macro.body.start], macro.body.of(text)]
            at = macro.body.end
    return "".join([*pieces, facts.masked[at:]])


def check_source(job: Job, call: cst.Call) -> None:
    """``ffi.set_source(name, "C")`` and ``ffi.verify("C")``: C that may call what has changed."""
    name = call.func.attr.value if isinstance(call.func, cst.Attribute) else ""
    at = _SOURCE_AT.get(name)
    if at is None or len(call.args) <= at:
        return
    string = read_string(job.file, call.args[at].value)
    if string is None:
        return
    job.settled.update(_strings_in(call.args[at].value))
    facts = scan_source(SourceText(job.file.path, string.text))
    for match in _WORD.finditer(_with_macros(string.text, facts)):
        if match[0] in job.exports:
            refused = Refused("python-literal", "C source within Python names it")
            job.refuse_at(string.place(match.start()), match[0], refused)


def _strings_in(node: cst.CSTNode) -> list[cst.CSTNode]:
    if isinstance(node, cst.ConcatenatedString):
        return [node, *_strings_in(node.left), *_strings_in(node.right)]
    return [node]
