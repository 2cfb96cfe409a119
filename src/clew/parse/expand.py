"""Expand macros in a list of tokens, and keep track of where each token comes from.

The algorithm is the usual one (Dave Prosser's, 1986): a token carries the macros that made it and is
never expanded by one of them again.  Here these are `Token.macros`, the chain of expansions.  The work
list is a stack, so that what a macro leaves behind is read again together with what follows it; only
arguments need recursion, of limited depth.  A budget ends expansions that explode.
"""

from collections.abc import Callable, Collection, Sequence
from typing import NamedTuple

from clew.parse.macros import Definition
from clew.parse.tokens import Token, classify, new_token

MAX_NESTED_ARGUMENTS = 80
MAX_CHAIN = 200
# Tokens of an invocation without effect that stays: the search for its end is limited.
MAX_IDLE = 2000
BASE_BUDGET = 100_000
BUDGET_PER_TOKEN = 40
_NO_FLOOR = -1

# Returns what a name expands to at an offset of the function's file; None leaves it as it is.
Resolver = Callable[[str, int], Definition | None]

_BEFORE_STATEMENT = frozenset((";", "{", "}", ")", ":", "else", "do"))


class ExpansionLimitError(Exception):
    """An expansion explodes; *token* is the name of the macro where the budget ran out."""

    def __init__(self, token: Token) -> None:
        super().__init__(token.text)
        self.token = token


class Expander:
    """Expands the tokens of one function; *changing* are names defined or undefined in its midst.

    With *keep_idle* a function-like macro without a body stays where it is a statement of its own:
    other configurations may evaluate its arguments (``TRACE(f(x));``).  *resolve_fully* knows the macros that
    *resolve* leaves alone, too.
    """

    def __init__(
        self,
        resolve: Resolver,
        budget: int,
        changing: Collection[str] = (),
        *,
        keep_idle: bool = False,
        resolve_fully: Resolver | None = None,
    ) -> None:
        self._resolve, self._resolve_fully = resolve, resolve_fully or resolve
        self._budget = budget
        self._changing = changing
        self._has_changing = len(changing) > 0
        self._keep_idle = keep_idle
        self._known: dict[str, Definition | None] = {}
        self._depth = 0
        self._kept: dict[tuple[int, bool], _Kept] = {}
        self._keeps = False
        # While an invocation is expanded that may be kept: the height of the stack below it, and whether
        # anything down there was looked at.
        self._floor, self._looked_below = _NO_FLOOR, False

    def expand_variant(self, tokens: Sequence[Token], budget: int) -> list[Token]:
        """Return *tokens*, those of one variant of the function, expanded: anew but for the invocations that
        the variants given before have as well."""
        self._budget, self._keeps = budget, not self._has_changing
        return self.expand(tokens)

    def expand(self, tokens: Sequence[Token]) -> list[Token]:
        """Return *tokens* with every macro that the resolver knows expanded."""
        known, changing = self._known, self._changing
        for token in tokens:
            if token.kind == "name" and token.text not in known and token.text not in changing:
                known[token.text] = self._resolve(token.text, token.start)
        if not self._has_changing and not any(known[token.text] for token in tokens if token.kind == "name"):
            return list(tokens)
        stack = list(reversed(tokens))
        out: list[Token] = []
        floor, self._floor = self._floor, _NO_FLOOR
        self._run(stack, out, 0)
        self._floor = floor
        return out

    def _run(self, stack: list[Token], out: list[Token], floor: int) -> None:
        """Move what stands on *stack* above the height *floor* to *out*, expanded."""
        known = self._known
        while len(stack) > floor:
            token = stack.pop()
            if token.kind != "name":
                out.append(token)
                continue
            definition = known[token.text] if token.text in known else self._look_up(token)
            if (
                definition is None
                or token.text in token.macros
                or (self._keep_idle and not definition.body and self._is_idle(definition, out, stack))
            ):
                out.append(token)
            elif self._keeps and not self._depth and not token.macros:
                self._replace_or_repeat(token, definition, stack, out)
            elif (use := self._find_use(token, definition, stack)) is not None:
                self._push(use, stack)
            else:
                out.append(token)

    def _look_up(self, token: Token) -> Definition | None:
        definition = self._resolve(token.text, token.start)
        if token.text not in self._changing:
            self._known[token.text] = definition
        return definition

    def _is_idle(self, definition: Definition, out: list[Token], stack: list[Token]) -> bool:
        """Tell whether ``( ... );`` follows on *stack*, at the start of a statement."""
        if definition.params is None or (out and out[-1].text not in _BEFORE_STATEMENT):
            return False
        depth = 0
        for at in range(len(stack) - 1, max(0, len(stack) - MAX_IDLE), -1):
            depth += {"(": 1, ")": -1}.get(stack[at].text, 0)
            if depth <= 0:
                self._looked_below |= at - 1 < self._floor
                return stack[at].text == ")" and stack[at - 1].text == ";"
        self._looked_below = True
        return False

    def _replace_or_repeat(
        self, token: Token, definition: Definition, stack: list[Token], out: list[Token]
    ) -> None:
        """Move what *token*, in the function's own text, expands to to *out*: as in an earlier variant, where
        that depends on nothing but the same tokens (and on whether they begin a statement)."""
        key = (token.start, not out or out[-1].text in _BEFORE_STATEMENT)
        kept = self._kept.get(key)
        if kept is not None and stack[len(stack) - len(kept.taken) :] == kept.taken:
            del stack[len(stack) - len(kept.taken) :]
            out += kept.made
            return
        use = self._find_use(token, definition, stack)
        if use is None:
            out.append(token)
            return
        self._floor, self._looked_below, start = len(stack), False, len(out)
        self._push(use, stack)
        self._run(stack, out, self._floor)
        self._floor = _NO_FLOOR
        if not self._looked_below:
            self._kept[key] = _Kept(use.taken, out[start:])

    def _find_use(self, token: Token, definition: Definition, stack: list[Token]) -> "_Use | None":
        """Return the use of the macro that *token* is, its arguments taken off *stack*, or None."""
        if len(token.macros) >= MAX_CHAIN:
            raise ExpansionLimitError(token)
        if definition.params is None:
            return _Use(token, token.end, definition, (), [])
        found = self._take_arguments(token, definition, stack)
        return None if found is None else _Use(token, *found)

    def _push(self, use: "_Use", stack: list[Token]) -> None:
        made = use.substitute(self._expand_argument, self._expand_for_paste)
        self._charge(use.token, len(made))
        stack += reversed(made)

    def _charge(self, token: Token, count: int) -> None:
        self._budget -= count + 1
        if self._budget < 0:
            raise ExpansionLimitError(token)

    def _expand_argument(self, use: "_Use", argument: Sequence[Token]) -> list[Token]:
        if self._depth >= MAX_NESTED_ARGUMENTS:
            raise ExpansionLimitError(use.token)
        self._charge(use.token, len(argument))
        self._depth += 1
        try:
            return self.expand(argument)
        finally:
            self._depth -= 1

    def _expand_for_paste(self, argument: Sequence[Token]) -> Sequence[Token]:
        """Return what ``##`` finds in place of *argument*, a name that came through another macro's argument:
        macros in that were to be expanded, be they left alone elsewhere."""
        seen: set[str] = set()
        while len(argument) == 1 and argument[0].kind == "name" and argument[0].in_argument:
            token = argument[0]
            definition = self._resolve_fully(token.text, token.start)
            if definition is None or definition.params is not None or token.text in seen:
                break
            seen.add(token.text)
            argument = [token._replace(kind=made.kind, text=made.text) for made in definition.body]
        return argument

    def _take_arguments(
        self, token: Token, definition: Definition, stack: list[Token]
    ) -> tuple[int, Definition, tuple[tuple[Token, ...], ...], list[Token]] | None:
        """Take ``( ... )`` off *stack*: the end of the invocation, *definition*, the arguments, and what was
        taken."""
        self._looked_below |= len(stack) <= self._floor
        if not stack or stack[-1].text != "(":
            return None
        arguments: list[list[Token]] = [[]]
        depth, at, most = 0, len(stack), len(definition.params or ())
        while at:
            at -= 1
            text = stack[at].text
            if text == "(":
                depth += 1
                if depth == 1:
                    continue
            elif text == ")":
                depth -= 1
                if depth == 0:
                    break
            elif text == "," and depth == 1 and not (definition.variadic and len(arguments) >= most):
                arguments.append([])
                continue
            arguments[-1].append(stack[at])
        self._charge(token, len(stack) - at)
        self._looked_below |= at < self._floor
        if depth:
            return None
        end, taken = stack[at].end, stack[at:]
        del stack[at:]
        return end, definition, tuple(tuple(argument) for argument in arguments), taken


class _Kept(NamedTuple):
    """What an invocation was expanded to, and what it took off the stack."""

    taken: list[Token]
    made: list[Token]


class _Use:
    """One invocation: turns the body into tokens of the place where the macro is used."""

    def __init__(
        self,
        token: Token,
        end: int,
        definition: Definition,
        arguments: tuple[tuple[Token, ...], ...],
        taken: list[Token],
    ) -> None:
        self.token, self.definition, self.taken = token, definition, taken
        self.chain = (*token.macros, token.text)
        # Within another macro's body the invocation is that macro's.
        self.start, self.end = token.start, max(token.end, end if token.is_source else token.end)
        params = definition.params or ()
        padded = arguments + ((),) * (len(params) - len(arguments))
        self.arguments = dict(zip(params, padded, strict=False))
        self.pasted: dict[str, Sequence[Token]] = {}  # what ``##`` finds in their place

    def substitute(
        self,
        expand: Callable[["_Use", Sequence[Token]], list[Token]],
        expand_for_paste: Callable[[Sequence[Token]], Sequence[Token]],
    ) -> list[Token]:
        """Return the body with arguments in place of parameters, ``#`` and ``##`` done."""
        if not self.arguments and not self.definition.pastes:
            return [self._place(token) for token in self.definition.body]
        expanded: dict[str, list[Token]] = {}
        if self.definition.pastes:
            self.pasted = {name: expand_for_paste(given) for name, given in self.arguments.items()}
        out: list[Token] = []
        body, at = self._options(self.definition.body), 0
        while at < len(body):
            token, following = body[at], body[at + 1].text if at + 1 < len(body) else ""
            if token.text == "##" and at + 1 < len(body):
                at = self._paste(out, body, at)
                continue
            if token.text == "#" and following in self.arguments:
                out.append(self._place(token)._replace(kind="string", text='""', pasted=True))
                at += 2
                continue
            argument = self.arguments.get(token.text) if token.kind == "name" else None
            if argument is None:
                out.append(self._place(token))
            elif following == "##":
                out += self._adopt(self.pasted[token.text]) or [_placemarker(self._place(token))]
            else:
                if token.text not in expanded:
                    expanded[token.text] = self._adopt(expand(self, argument))
                out += expanded[token.text]
            at += 1
        return [token for token in out if token.text]

    def _place(self, template: Token) -> Token:
        """Make a token of the body one of the place of use."""
        kind, text, _, _, _, _, path, start, pasted = template
        return new_token(Token, (kind, text, self.start, self.end, self.chain, False, path, start, pasted))

    def _adopt(self, argument: Sequence[Token]) -> list[Token]:
        """Return the tokens of an argument as seen through this macro."""
        outer, chain = self.token.macros, self.chain
        depth = len(outer)
        adopted = []
        for kind, text, start, end, macros, in_argument, path, body_start, pasted in argument:
            is_source = in_argument or not macros
            place = (start, end) if is_source else (self.start, self.end)
            inner = macros[depth:] if depth and macros[:depth] == outer else macros
            made = (kind, text, *place, chain + inner, is_source, path, body_start, pasted)
            adopted.append(new_token(Token, made))
        return adopted

    def _paste(self, out: list[Token], body: Sequence[Token], at: int) -> int:
        """Glue the last token of *out* to what follows the ``##`` at index *at*; return the next index."""
        template = body[at + 1]
        argument = self.pasted.get(template.text) if template.kind == "name" else None
        if template.text == "#" and at + 2 < len(body) and body[at + 2].text in self.arguments:
            right, after = [self._place(template)._replace(kind="string", text='""', pasted=True)], at + 3
        else:
            right, after = ([self._place(template)] if argument is None else self._adopt(argument)), at + 2
        left = out.pop() if out else None
        if left is not None and left.text == "," and argument is not None:
            out += [left, *right] if right else []  # GNU: a comma before ## and no argument goes away
        elif left is None or not right:
            out += [left] if left is not None else right
        else:
            out += [*self._glue(left, right[0]), *right[1:]]
        if not out:
            out.append(_placemarker(self._place(template)))
        return after

    def _glue(self, left: Token, right: Token) -> list[Token]:
        text = left.text + right.text
        kind = classify(text)
        if not left.text or not right.text:
            return [left if left.text else right]
        if kind is None:
            return [left, right]
        made = right if left.body_start < 0 <= right.body_start else left
        origin = (self.start, self.end, self.chain, False, made.body_path, made.body_start)
        return [Token(kind, text, *origin, True)]

    def _options(self, body: Sequence[Token]) -> Sequence[Token]:
        """Resolve ``__VA_OPT__( ... )``: its contents when there are variable arguments."""
        if not self.definition.variadic or not any(token.text == "__VA_OPT__" for token in body):
            return body
        params = self.definition.params or ()
        keep, at = bool(self.arguments.get(params[-1]) if params else ()), 0
        out: list[Token] = []
        while at < len(body):
            if body[at].text == "__VA_OPT__" and at + 1 < len(body) and body[at + 1].text == "(":
                end = _group_end(body, at + 1)
                out += body[at + 2 : end] if keep else ()
                at = end + 1
            else:
                out.append(body[at])
                at += 1
        return out


def _placemarker(token: Token) -> Token:
    return token._replace(kind="punct", text="")


def _group_end(tokens: Sequence[Token], at: int) -> int:
    """Index of the parenthesis that closes the one at *at* (or the end)."""
    depth = 0
    for index in range(at, len(tokens)):
        depth += {"(": 1, ")": -1}.get(tokens[index].text, 0)
        if depth == 0:
            return index
    return len(tokens)
