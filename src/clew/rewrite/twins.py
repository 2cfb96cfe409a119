"""The edits that split a function: its body goes to the twin, a wrapper stays.

PyObject *PyErr_Occurred(void)          static PyObject *_PyErr_Occurred(PyThreadState *tstate)
{                                       {
    ...                                     ...
}                                       }

                                        PyObject *PyErr_Occurred(void)
                                        {
                                            PyThreadState *tstate = _PyThreadState_GET();
                                            return _PyErr_Occurred(tstate);
                                        }
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from clew.detect.parameters import plain_spelling, read_parameters
from clew.link.program import Program
from clew.plan.decisions import AddTwin
from clew.rewrite.lists import add_element, declare
from clew.rewrite.statements import line_ending
from clew.scan.facts import Header, Prototype
from clew.scan.lists import split_list
from clew.text.edit import Edit
from clew.text.span import Span

STORAGE = re.compile(r"\b(?:static|inline|extern|_Noreturn)\b")
_STATIC = "static "
DECLARES = "declares "
_NAME = re.compile(r"([A-Za-z_]\w*)(?=\s*(?:\[[^\]]*\]\s*)*\Z)|(?<=\*)\s*([A-Za-z_]\w*)(?=\s*\)\s*\()")


def join_insertions(edits: Iterable[tuple[str, Edit]]) -> Iterator[tuple[str, Edit]]:
    """Yield *edits*, with those that insert at one place made one: declarations before definitions, in the
    order in which they came."""
    places: dict[tuple[str, Span], list[Edit]] = defaultdict(list)
    for path, edit in edits:
        places[path, edit.span].append(edit)
    for (path, span), found in places.items():
        found.sort(key=lambda edit: (edit.text == _STATIC, not edit.note.startswith(DECLARES)))
        yield path, Edit(span, "".join(edit.text for edit in found), found[0].rule, found[0].note)


def set_apart(program: Program, path: str, at: Span, text: str) -> str:
    """Return the declaration *text* with what separates it from others in the header *path*."""
    source = program.sources[path]
    line = line_ending(source.text, at.start)
    return text + line * 2 if source.is_new else line + text


class TwinWriter:
    """Makes the edits for one `AddTwin`."""

    def __init__(self, program: Program, codes: dict[str, str], decision: AddTwin) -> None:
        self._program, self._codes, self._decision = program, codes, decision
        self._definition = decision.symbol.definitions[0]
        self._header = self._definition.function.header
        self._path = self._definition.path
        self._text = program.sources[self._path].text
        marks = "|".join(("extern", *map(re.escape, decision.marks)))
        self._exporting = re.compile(rf"\b(?:{marks})\b(?:\s*\(([^()]*)\))?\s*")
        self._note = f"the body of {decision.symbol.name}, which takes the state"

    def edits(self) -> Iterator[tuple[str, Edit]]:
        """Yield the edits, each with its file."""
        decision = self._decision
        if decision.copied is None:
            yield from ((self._path, edit) for edit in self.header_edits())
        yield from ((self._path, edit) for edit in self._around_definition())
        if decision.wrapper == "macro":
            yield from self._macro()
        for path, at in decision.declared:
            yield path, self._declaration(path, at)

    def header_edits(self) -> Iterator[Edit]:
        """Yield the edits that make the header of the function that of its twin."""
        yield Edit(self._header.name_span, self._decision.twin, "split", self._note)
        yield self._parameter(self._path, self._header.params)

    def _parameter(self, path: str, params: Span) -> Edit:
        parameter = self._decision.parameter
        new = declare(parameter.type, parameter.name)
        text = self._program.sources[path].text
        return add_element(self._codes[path], text, params, new, parameter.position, "split", self._note)

    def _around_definition(self) -> Iterator[Edit]:
        if self._decision.copied is not None:
            return
        start, end = self._header.start, self._definition.function.body.end
        prefix = _STATIC if self._decision.static and not self._definition.static else ""
        line = line_ending(self._text, start)
        note = f"{self._decision.symbol.name} fetches and calls its twin"
        if self._decision.wrapper == "before":
            forward = "" if self._decision.declared else self._prototype(self._header, ";") + line * 2
            yield Edit(Span(start, start), forward + self._wrapper() + line * 2, "split", note)
            if prefix:
                yield from self._make_static(start)
            return
        if prefix:
            yield from self._make_static(start)
        if self._decision.wrapper == "after":
            yield Edit(Span(end, end), line * 2 + self._wrapper(), "split", note)

    def _make_static(self, start: int) -> Iterator[Edit]:
        """Yield the edits that make the definition at *start* static, without what exports it."""
        found = list(self._exporting.finditer(self._codes[self._path], start, self._header.name_span.start))
        if not found or found[0].start() > start:
            yield Edit(Span(start, start), _STATIC, "split", self._note)
        for match in found:
            new = f"{match[1]} " if match[1] else ""
            prefix = _STATIC if match.start() == start else ""
            yield Edit(Span(*match.span()), prefix + new, "split", self._note)

    def _hidden(self, head: str) -> str:
        """Return the specifiers *head* without what exports a function."""
        return self._exporting.sub(lambda match: f"{match[1]} " if match[1] else "", head)

    def _wrapper(self) -> str:
        """Return the text of the function that stays under the old name."""
        decision, line = self._decision, line_ending(self._text, self._header.start)
        indent = self._indent()
        parameter = decision.parameter
        statements = []
        if not decision.inline:
            fetched = f"{declare(parameter.type, parameter.name)} = {decision.accessor};"
            statements.append(fetched)
        state = decision.accessor if decision.inline else parameter.name
        call = f"{decision.twin}({', '.join(self._arguments(state))});"
        statements.append(call if self._is_void() else f"return {call}")
        head = self._used_head()
        body = "".join(f"{indent}{statement}{line}" for statement in statements)
        return f"{head}{{{line}{body}}}"

    def _used_head(self) -> str:
        """Return the header without marks that say a parameter is unused: the wrapper passes every one on."""
        parameters = read_parameters(self._program, self._path, self._header)
        marks = sorted(mark for parameter in parameters for mark in parameter.marks)
        head, at = "", self._header.start
        for mark in marks:
            head, at = (head + self._text[at : mark.start]).rstrip(), mark.end
        return head + self._text[at : self._definition.function.body.start]

    def _indent(self) -> str:
        """Return the indentation of the first statement of the body."""
        found = re.compile(r"\{[^\n]*\n([ \t]+)\S").match(self._text, self._definition.function.body.start)
        return found.group(1) if found else "    "

    def _arguments(self, state: str) -> list[str]:
        code = self._codes[self._path]
        spans = split_list(code, self._header.params).spans
        texts = [plain_spelling(self._program, self._path, span) for span in spans]
        names = [] if texts in ([], ["void"]) else [self._name_of(text) for text in texts]
        position = self._decision.parameter.position
        names.insert(len(names) if position < 0 else position, state)
        return names

    @staticmethod
    def _name_of(parameter: str) -> str:
        found = _NAME.search(parameter)
        if found is None:
            raise AssertionError(f"the parameter {parameter!r} has no name")
        return found.group(1) or found.group(2)

    def _is_void(self) -> bool:
        code = self._codes[self._path]
        words = STORAGE.sub(" ", code[self._header.start : self._header.name_span.start])
        return re.search(r"\bvoid\s*\)?\s*\Z", words) is not None

    def _prototype(self, header: Header, end: str) -> str:
        """Return a prototype of the twin, made from its definition."""
        decision, code = self._decision, self._codes[self._path]
        head = code[header.start : header.name_span.start]
        if decision.static:
            head = head if self._definition.static else _STATIC + self._hidden(head)
        elif decision.specifiers:
            head = decision.specifiers + " "
        else:
            head = "extern " + STORAGE.sub("", head).lstrip()
        edit = self._parameter(self._path, header.params)
        params = (
            code[header.params.start : edit.span.start] + edit.text + code[edit.span.end : header.params.end]
        )
        return " ".join(f"{head}{decision.twin}{params}".split()).replace("( ", "(") + end

    def _declaration(self, path: str, at: int) -> Edit:
        """Return the edit that declares the twin in *path* at *at*."""
        line = line_ending(self._program.sources[path].text, at)
        note = f"{DECLARES}{self._decision.twin}"
        for mention in self._decision.symbol.prototypes:
            if mention.path == path and mention.prototype.span.end == at:
                if self._is_alike(path, mention.prototype):
                    copied = self._copied(path, mention.prototype.span)
                    return Edit(Span(at, at), line + copied, "split", note)
                return Edit(Span(at, at), line + self._prototype(self._header, ";"), "split", note)
        text = self._prototype(self._header, ";")
        if path == self._path:
            return Edit(Span(at, at), text + line * 2, "split", note)
        return Edit(Span(at, at), set_apart(self._program, path, Span(at, at), text), "split", note)

    def _is_alike(self, path: str, prototype: Prototype) -> bool:
        """Tell whether the prototype of the twin may begin as that of the old function: what exports the
        latter does not go with `static`."""
        head = self._codes[path][prototype.span.start : prototype.name_span.start]
        own = self._codes[self._path][self._header.start : self._header.name_span.start]
        plain = STORAGE.sub(" ", self._hidden(head)).split(), STORAGE.sub(" ", self._hidden(own)).split()
        return not self._decision.static or plain[0] == plain[1]

    def _copied(self, path: str, span: Span) -> str:
        """Return a prototype of the twin that is written as the old one in *span*."""
        text = self._program.sources[path].text
        mention = next(
            m for m in self._decision.symbol.prototypes if m.prototype.span == span and m.path == path
        )
        name, edit = mention.prototype.name_span, self._parameter(path, mention.prototype.params)
        head = text[span.start : name.start]
        if self._decision.static and not re.search(r"\bstatic\b", head):
            head = _STATIC + self._hidden(head)
        before, after = text[name.end : edit.span.start], text[edit.span.end : span.end]
        return f"{head}{self._decision.twin}{before}{edit.text}{after}"

    def _macro(self) -> Iterator[tuple[str, Edit]]:
        """Yield the edits that turn the prototypes into those of the twin, with a macro of the old name."""
        decision = self._decision
        names = self._arguments(decision.accessor)
        position = decision.parameter.position
        old = [n for i, n in enumerate(names) if i != (position if position >= 0 else len(names) - 1)]
        places = [(mention.path, mention.prototype.span.end) for mention in decision.symbol.prototypes]
        path, end = places[0] if places else (self._path, self._definition.function.body.end)
        line = line_ending(self._program.sources[path].text, end)
        text = f"{line}#define {decision.symbol.name}({', '.join(old)}) {decision.twin}({', '.join(names)})"
        if self._codes[path][end:].partition("\n")[0].strip():
            text += line
        yield path, Edit(Span(end, end), text, "split", f"{decision.symbol.name} passes the state")
        for mention in decision.symbol.prototypes:
            yield mention.path, Edit(mention.prototype.name_span, decision.twin, "split", self._note)
            yield mention.path, self._parameter(mention.path, mention.prototype.params)
