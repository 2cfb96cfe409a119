"""Which macros may stay unexpanded: those that read as expressions wherever they are used.

A macro qualifies when its body, and that of every macro in it, parses as an expression.  Then a use of
it looks to a parser like a variable or a call, and the function is parsed as its authors wrote it.
Statements, fragments, types, attributes, ``##``, and macros that assign or that call a parameter have to be
expanded.
No macro is known by name.
"""

import re
from collections.abc import Collection

from clew.parse.inject import KEYWORDS, TokenParser, UnparsedError
from clew.parse.lvalues import addresses_parameter, assigned_names, calls_parameter
from clew.parse.macros import Definition, MacroTable
from clew.parse.nesting import find_bracket_problem
from clew.parse.normalise import normalise

# Bodies longer than this are no expressions that somebody wrote in one line of thought.
MAX_BODY = 4000


class ExpressionPolicy:
    """Answers for one tree; the answers are kept."""

    def __init__(self, macros: MacroTable, types: dict[str, bool], parser: TokenParser) -> None:
        self._macros, self._types, self._parser = macros, types, parser
        self._bodies: dict[Definition, bool] = {}
        self._answers: dict[tuple[Definition, str], bool] = {}

    def is_expression(self, definition: Definition, path: str, offset: int) -> bool:
        """Tell whether *definition*, used at *offset* of *path*, and all macros in it are expressions."""
        key = (definition, path)
        known = self._answers.get(key)
        if known is None:
            known = self._decide(definition, path, offset)
            self._answers[key] = known
        return known

    def _decide(self, definition: Definition, path: str, offset: int) -> bool:
        """Follow the macros in the body without recursion: chains of them can be long."""
        seen, todo = {definition}, [definition]
        while todo:
            current = todo.pop()
            if not self._is_expression_body(current):
                return False
            for name in _macro_names(current, self._macros):
                inner = self._macros.lookup(name, path, offset)
                if inner is not None and inner not in seen and self._answers.get((inner, path)) is not True:
                    seen.add(inner)
                    todo.append(inner)
        return True

    def _is_expression_body(self, definition: Definition) -> bool:
        known = self._bodies.get(definition)
        if known is None:
            known = self._bodies[definition] = self._parses(definition)
        return known

    def _assigns(self, text: str, definition: Definition) -> bool:
        """Tell whether the body *text* may assign a parameter, or a variable of the place that uses it."""
        params = definition.params or ()
        free = (name for name in assigned_names(text) if name not in self._macros or name in params)
        return any(name in params or not _is_declared(name, text) for name in free)

    def _parses(self, definition: Definition) -> bool:
        body = definition.body
        if not body or len(body) > MAX_BODY or definition.pastes:
            return False
        if len(body) == 1 and body[0].kind == "name":
            name = body[0].text
            return name not in KEYWORDS and name not in self._types
        # The operand of # becomes a literal, as good an operand as its name.
        tokens, notes = normalise([token for token in body if token.text != "#"])
        if notes or find_bracket_problem(tokens):
            return False
        text = " ".join(token.text for token in body if token.kind != "string")
        if self._assigns(text, definition) or addresses_parameter(text, definition.params):
            return False  # whoever has, or passes, a variable has to know
        if calls_parameter(text, definition.params):
            return False  # and whoever passes a function
        values = dict.fromkeys(definition.params or (), False)
        try:
            self._parser.parse_expression(tokens, [self._types, values])
        except UnparsedError:
            return False
        return True


def _is_declared(name: str, text: str) -> bool:
    """Tell whether *text* declares *name* itself, as statement expressions do: ``({ int y = x; y; })``."""
    return re.search(rf"\w[\s*]+{name}\s*=", text) is not None


def _macro_names(definition: Definition, macros: MacroTable) -> Collection[str]:
    """Names in the body, other than its parameters, that are macros somewhere."""
    params = definition.params or ()
    return {
        token.text
        for token in definition.body
        if token.kind == "name" and token.text not in params and token.text in macros
    }
