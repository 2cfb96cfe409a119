"""Small changes of C files, such as people make between two runs: most matter to nobody, some do.

Each change is made to the text of one file as the scanner reads it; what comes out need not compile.
"""

import re
from collections.abc import Callable, Mapping
from random import Random

from clew.scan import scan_source
from clew.scan.facts import Function
from clew.text.source import SourceText

_STATEMENT = re.compile(r";[ \t]*\n")
_NAME = re.compile(r"[A-Za-z_]\w{2,}")


class Changer:
    """Makes changes to *texts* (by path); what it makes depends on *choice* alone."""

    def __init__(self, texts: Mapping[str, str], choice: Random) -> None:
        self.texts, self._choice, self._count = dict(texts), choice, 0
        self._names = sorted({name for text in texts.values() for name in _NAME.findall(text)})
        self._kinds: dict[str, Callable[[str, Function], str]] = {
            "statement": self._add_statement,
            "call": self._add_call,
            "mention": self._add_mention,
            "removed statement": self._remove_statement,
            "conditional": self._add_conditional,
            "comment": self._add_comment,
            "function": self._add_function,
            "caller": self._add_caller,
            "removed function": self._remove_function,
            "renamed function": self._rename_function,
            "copied function": self._copy_function,
            "moved function": self._move_function,
            "parameter": self._change_parameter,
            "macro": self._add_macro,
            "variable": self._add_variable,
            "prototype": self._add_prototype,
        }

    def change(self) -> tuple[str, str]:
        """Change one file; return the kind of the change, and the path."""
        while True:
            path = self._choice.choice(sorted(self.texts))
            functions = scan_source(SourceText(path, self.texts[path])).functions
            kind = self._choice.choice(sorted(self._kinds))
            if not functions:
                continue
            self._count += 1
            new = self._kinds[kind](self.texts[path], self._choice.choice(functions))
            if new != self.texts[path]:
                self.texts[path] = new
                return kind, path

    def _name(self) -> str:
        name: str = self._choice.choice(self._names)
        return name

    def _fresh(self) -> str:
        return f"added_{self._count}_{self._choice.randrange(1000)}"

    def _insert(self, text: str, function: Function, piece: str) -> str:
        """Put *piece* behind a statement of *function*, or at the end of its body."""
        ends = [m.end() for m in _STATEMENT.finditer(text, function.body.start, function.body.end)]
        at = self._choice.choice(ends) if ends else function.body.end - 1
        return text[:at] + piece + text[at:]

    def _add_statement(self, text: str, function: Function) -> str:
        return self._insert(text, function, "    (void)0;\n")

    def _add_call(self, text: str, function: Function) -> str:
        return self._insert(text, function, f"    {self._name()}();\n")

    def _add_mention(self, text: str, function: Function) -> str:
        return self._insert(text, function, f"    (void)&{self._name()};\n")

    def _remove_statement(self, text: str, function: Function) -> str:
        found = list(_STATEMENT.finditer(text, function.body.start, function.body.end))
        if not found:
            return text
        end = self._choice.choice(found).end()
        start = text.rfind("\n", 0, end - 1) + 1
        return text[:start] + text[end:]

    def _add_conditional(self, text: str, function: Function) -> str:
        return self._insert(text, function, f"#ifdef {self._name()}\n    (void)1;\n#endif\n")

    def _add_comment(self, text: str, function: Function) -> str:
        at = function.span.start
        return f"{text[:at]}/* {self._name()} and {self._name()} */\n{text[at:]}"

    def _add_function(self, text: str, function: Function) -> str:
        at = function.span.end
        return f"{text[:at]}\n\nstatic int {self._fresh()}(int a)\n{{\n    return a;\n}}\n{text[at:]}"

    def _add_caller(self, text: str, _: Function) -> str:
        body = f"return {self._name()}({self._name()});"
        return f"{text}\nint {self._fresh()}(void)\n{{\n    {body}\n}}\n"

    def _remove_function(self, text: str, function: Function) -> str:
        return text[: function.span.start] + text[function.span.end :]

    def _rename_function(self, text: str, function: Function) -> str:
        span = function.header.name_span
        return text[: span.start] + self._fresh() + text[span.end :]

    def _copy_function(self, text: str, function: Function) -> str:
        start, end = function.span.start, function.span.end
        at = function.header.name_span
        copy = text[start : at.start] + self._fresh() + text[at.end : end]
        return f"{text[:end]}\n\n{copy}{text[end:]}"

    def _move_function(self, text: str, function: Function) -> str:
        start, end = function.span.start, function.span.end
        return f"{text[:start]}{text[end:]}\n{text[start:end]}\n"

    def _change_parameter(self, text: str, function: Function) -> str:
        at = function.header.params.end - 1
        return f"{text[:at]}, int {self._name()}{text[at:]}"

    def _add_macro(self, text: str, function: Function) -> str:
        at = text.rfind("\n", 0, function.span.start) + 1
        return f"{text[:at]}#define {self._name()} {self._name()}\n{text[at:]}"

    def _add_variable(self, text: str, function: Function) -> str:
        at = text.rfind("\n", 0, function.span.start) + 1
        return f"{text[:at]}static int {self._name()};\n{text[at:]}"

    def _add_prototype(self, text: str, function: Function) -> str:
        at = text.rfind("\n", 0, function.span.start) + 1
        return f"{text[:at]}int {self._name()}(void);\n{text[at:]}"
