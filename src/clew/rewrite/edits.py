"""From decisions to edits, file by file.  Nothing is decided here."""

import re
from collections import defaultdict

from clew.config.settings import Settings
from clew.link.file_scope import invocations_around
from clew.link.pasted_callees import PastedCallee
from clew.link.program import Definition, Program
from clew.plan.decisions import (
    AddParameter,
    AddTwin,
    Decisions,
    Expose,
    InsertLocal,
    PassState,
    Redirect,
    RemoveLocal,
    ReplaceFetch,
)
from clew.rewrite.code import code_of
from clew.rewrite.copies import insert_copy
from clew.rewrite.exposing import expose
from clew.rewrite.heads import insert_heads
from clew.rewrite.layout import lay_out
from clew.rewrite.lists import add_element, declare, is_unnamed, with_blanks
from clew.rewrite.statements import (
    end_before,
    insert_statement,
    line_ending,
    remove_lines,
    remove_statement,
    start_after,
)
from clew.rewrite.twins import TwinWriter, join_insertions
from clew.text.edit import Edit
from clew.text.span import Span

_OPERAND_END = re.compile(r"[\w)\]]")


class Rewriter:
    """Makes the edits for one set of decisions."""

    def __init__(self, program: Program, settings: Settings) -> None:
        self._program, self._settings = program, settings
        self._edits: dict[str, list[Edit]] = defaultdict(list)
        self._codes: dict[str, str] = {}
        self._directives: dict[str, frozenset[int]] = {}

    def rewrite(self, decisions: Decisions) -> dict[str, list[Edit]]:
        """Return the edits by file, ordered and laid out; files without edits are missing."""
        for parameter in decisions.parameters:
            self._add_parameter(parameter)
        for rename in decisions.renames:
            note = f"takes the state under the name {rename.new}"
            self._edits[rename.path].append(Edit(rename.span, rename.new, "rename", note))
        for callee in decisions.unpasted:
            self._unpaste(callee)
        self._add_twins(decisions.twins, decisions.exposed)
        self.change_bodies(decisions)
        self._edit_surroundings(decisions)
        return {path: self._laid_out(path, edits) for path, edits in sorted(self._edits.items())}

    def change_bodies(self, decisions: Decisions) -> dict[str, list[Edit]]:
        """Make the edits within bodies; return all edits so far, not yet laid out."""
        for call in decisions.calls:
            self._pass_state(call)
        for redirect in decisions.redirects:
            self._redirect(redirect)
        for fetch in decisions.fetches:
            self._replace_fetch(fetch)
        for removed in decisions.removed:
            self._remove_local(removed)
        for inserted in decisions.inserted:
            self._insert_local(inserted)
        return self._edits

    def _edit_surroundings(self, decisions: Decisions) -> None:
        """Edit what goes with new parameters and uses: attributes, marks, the heads of files."""
        for number in decisions.renumbered:
            note = f"`{number.attribute}` counts the new parameter"
            self._edits[number.path].append(Edit(number.span, str(number.value), "renumber", note))
        for mark in decisions.unmarked:
            note = f"{mark.name} is used now"
            text = self._program.sources[mark.path].text
            self._edits[mark.path].append(Edit(with_blanks(text, mark.span), "", "unmark", note))
        for path, edit in insert_heads(self._program, decisions.heads):
            self._edits[path].append(edit)

    def _laid_out(self, path: str, edits: list[Edit]) -> list[Edit]:
        directives = [directive.span for directive in self._program.facts[path].directives]
        source, code = self._program.sources[path], self._code(path)
        return lay_out(source, code, edits, self._settings.columns, directives)

    def _code(self, path: str) -> str:
        if path not in self._codes:
            self._codes[path] = code_of(self._program, path)
        return self._codes[path]

    def _list_edit(self, path: str, whole: Span, new: str, position: int, rule: str, note: str) -> None:
        text = self._program.sources[path].text
        self._edits[path].append(add_element(self._code(path), text, whole, new, position, rule, note))

    def _add_parameter(self, decision: AddParameter) -> None:
        new = declare(decision.type, decision.name)
        note = f"{decision.symbol.name} gets the state from its callers"
        for definition in decision.symbol.definitions:
            if definition.function.old_style is not None:
                self._add_old_style(definition, decision, note)
                continue
            for header in definition.function.headers:
                self._list_edit(definition.path, header.params, new, decision.position, "thread", note)
        for mention in decision.symbol.prototypes:
            params = mention.prototype.params
            unnamed = is_unnamed(self._code(mention.path), params)
            shown = declare(decision.type, "") if unnamed else new
            self._list_edit(mention.path, params, shown, decision.position, "thread", note)

    def _unpaste(self, callee: PastedCallee) -> None:
        note = f"takes the state under the name {callee.name}, for which a macro stood"
        for path, span in callee.names:
            self._edits[path].append(Edit(span, callee.name, "unpaste", note))
        text, note = self._program.sources[callee.path].text, f"{callee.name} is a function now"
        self._edits[callee.path].append(remove_lines(text, callee.directive, "unpaste", note))

    def _add_twins(self, twins: list[AddTwin], exposed: list[Expose]) -> None:
        made: list[tuple[str, Edit]] = []
        for moved in exposed:
            made += expose(self._program, self._code(moved.definition.path), moved)
        for decision in twins:
            codes = {path: self._code(path) for path in decision.touched}
            if decision.copied is not None:
                path = decision.symbol.definitions[0].path
                made.append((path, self._copy(path, decision, decision.copied)))
            made += TwinWriter(self._program, codes, decision).edits()
        for path, edit in join_insertions(made):
            self._edits[path].append(edit)

    def _copy(self, path: str, decision: AddTwin, inside: Decisions) -> Edit:
        """Return the edit that writes the twin as a copy."""
        copy = Rewriter(self._program, self._settings)
        edits = [*copy.change_bodies(inside)[path]]
        edits += TwinWriter(self._program, {path: self._code(path)}, decision).header_edits()
        return insert_copy(
            decision, self._program.sources[path].text, edits, lambda e: self._laid_out(path, e)
        )

    def _add_old_style(self, definition: Definition, decision: AddParameter, note: str) -> None:
        path, header = definition.path, definition.function.header
        self._list_edit(path, header.params, decision.name, decision.position, "thread", note)
        text, code = self._program.sources[path].text, self._code(path)
        span = definition.function.old_style or header.params
        at = span.start
        at = start_after(code, at)
        line = text.rfind("\n", 0, at) + 1
        indent = text[line:at] if not text[line:at].strip() else ""
        gap = line_ending(text, at) + indent if not text[line:at].strip() else " "
        declaration = declare(decision.type, decision.name)
        self._edits[path].append(Edit(Span(at, at), f"{declaration};{gap}", "thread", note))

    def _pass_state(self, decision: PassState) -> None:
        whole = Span(decision.call.open, decision.call.close + 1)
        note = f"{decision.callee} takes the state"
        self._list_edit(decision.path, whole, decision.argument, decision.position, "pass", note)

    def _redirect(self, decision: Redirect) -> None:
        whole = Span(decision.call.open, decision.call.close + 1)
        note = f"{decision.twin} does what {decision.call.name} does, and takes the state"
        self._edits[decision.path].append(Edit(decision.call.name_span, decision.twin, "redirect", note))
        self._list_edit(decision.path, whole, decision.argument, decision.position, "redirect", note)

    def _replace_fetch(self, decision: ReplaceFetch) -> None:
        site, variable = decision.site, decision.variable
        path, span = site.path, site.span
        note = f"{variable} holds the state already"
        if site.spelled.kind != "object":
            text = site.spelled.path.format(variable) + self._comments_in(path, span)
            self._edits[path].append(Edit(span, text, "reuse", note))
            return
        code = self._code(path)
        after = start_after(code, span.end)
        if code[after : after + 1] == ".":
            self._edits[path].append(Edit(Span(span.start, after + 1), f"{variable}->", "reuse", note))
            return
        address = end_before(code, span.start) - 1
        if _takes_address(code, address):
            whole = _with_parentheses(code, Span(address, span.end))
            self._edits[path].append(Edit(whole, variable, "reuse", note))
            return
        # a macro may bind its argument more closely
        given = (word in self._program.macros_by_name for word, _ in invocations_around(code, span.start))
        bare = _is_whole(code, span) and not any(given)
        new = f"*{variable}" if bare else f"(*{variable})"
        self._edits[path].append(Edit(span, new, "reuse", note))

    def _comments_in(self, path: str, span: Span) -> str:
        """Return the comments in *span* with the blanks between them; "" when there are none."""
        text, code = span.of(self._program.sources[path].text), span.of(self._code(path))
        beside = "".join(one for one, other in zip(text, code, strict=True) if other.isspace())
        if "//" in beside:
            return beside  # its line must end
        return beside[: beside.rfind("*/") + 2] if "*/" in beside else ""

    def _remove_local(self, decision: RemoveLocal) -> None:
        source, code = self._program.sources[decision.path], self._code(decision.path)
        note = f"{decision.name} is at hand without a fetch of its own"
        for span in decision.spans:
            is_statement = code[span.end - 1] == ";"
            edit = remove_statement(source, code, span, note) if is_statement else None
            self._edits[decision.path].append(edit or Edit(span, "", "remove-local", note))

    def _insert_local(self, decision: InsertLocal) -> None:
        source, code = self._program.sources[decision.path], self._code(decision.path)
        statement = f"{declare(decision.type, decision.name)} = {decision.accessor};"
        note = "fetches once for the calls below"
        directives = self._directive_starts(decision.path)
        edit = insert_statement(source, code, decision.at, statement, note, directives)
        if self._program.enclosing_macro(decision.path, decision.at) is not None:
            ending = line_ending(source.text, decision.at)
            edit = Edit(edit.span, edit.text.removesuffix(ending) + f" \\{ending}", edit.rule, edit.note)
        self._edits[decision.path].append(edit)

    def _directive_starts(self, path: str) -> frozenset[int]:
        if path not in self._directives:
            self._directives[path] = frozenset(d.span.start for d in self._program.facts[path].directives)
        return self._directives[path]


def _takes_address(code: str, at: int) -> bool:
    """Tell whether there is a unary ``&`` at *at*."""
    if code[at : at + 1] != "&" or code[at - 1 : at] == "&":
        return False
    return not _OPERAND_END.match(code, end_before(code, at) - 1)


def _is_whole(code: str, span: Span) -> bool:
    """Tell whether *span* is all of an argument or a side of an assignment, so that nothing binds to it."""
    before, after = end_before(code, span.start), start_after(code, span.end)
    return code[before - 1 : before] in ("=", ",", "(") and code[after : after + 1] in (";", ",", ")")


def _with_parentheses(code: str, span: Span) -> Span:
    """Return *span* with the parentheses around it, unless they are those of a call."""
    start, end = end_before(code, span.start), start_after(code, span.end)
    if code[start - 1 : start] != "(" or code[end : end + 1] != ")":
        return span
    before = end_before(code, start - 1)
    is_plain = _OPERAND_END.match(code, before - 1) is None
    return Span(start - 1, end + 1) if is_plain else span
