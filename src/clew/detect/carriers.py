"""What a call may do to the structures that carry the state."""

import re
from collections.abc import Collection, Iterator

from clew.detect.carrier_names import CarrierNames
from clew.detect.effects import Effects
from clew.detect.library_memory import READING
from clew.detect.refills import Refills
from clew.detect.spelled_type import type_words
from clew.link.graph import Node
from clew.link.program import WORD, Definition
from clew.parse.flow import CallOp

_ANYTHING = re.compile(r"\bvoid\s*\*")


class Carriers:
    """What calls may do to the structures that carry the state; keeps `Refills` by structure and member."""

    def __init__(self, effects: Effects) -> None:
        self._effects, self._graph, self._program = effects, effects.graph, effects.program
        self._names: dict[str, CarrierNames] = {}
        self._known: dict[tuple[str, str], Refills] = {}

    def may_refill(self, type_text: str, member: str, path: str, op: CallOp, given: Collection[str]) -> bool:
        """Tell whether *op* in *path* may free the structure that a pointer of *type_text* leads to, or let
        its *member* be another; *given* are the names of the pointer."""
        refills = self._of(type_text, member)
        if not refills.nodes.isdisjoint(self._nodes(path, op)):
            return True
        masked = self._program.facts[path].masked
        return bool(op.callee) and any(
            _is_given(masked, op, number, given) and refills.releases(path, op.callee, number)
            for number in range(len(op.args))
        )

    def is_refilled_in(self, type_text: str, member: str, definition: Definition) -> bool:
        """Tell whether the function *definition* does so itself, by whatever name."""
        refills = self._of(type_text, member)
        code = self._program.facts[definition.path].masked
        return ("f", definition.index) in refills.own or refills.is_in(code, definition.function.body)

    def is_given_away(self, op: CallOp, names: Collection[str]) -> bool:
        """Tell whether *op* gives one of *names*, as it is, to a function that the tree does not have."""
        if not op.callee or op.callee in READING:
            return False
        is_known = op.callee in self._program.definitions_by_name or op.callee in self._program.macros_by_name
        is_known = is_known or self._is_made(op.callee)
        return not is_known and any(one.kind == "name" and one.name in names for one in op.args)

    def _is_made(self, name: str) -> bool:
        """Tell whether a macro of the tree makes the function *name*, which is declared for pointers to
        something definite: what releases memory of any kind takes ``void *``."""
        declared = self._program.prototypes_by_name.get(name, ()) if self._effects.may_be_made(name) else ()
        params = [prototype.params.of(self._program.masked(path)) for path, prototype in declared]
        return bool(params) and all("*" in text and not _ANYTHING.search(text) for text in params)

    def _nodes(self, path: str, op: CallOp) -> Iterator[Node]:
        for name in WORD.findall(op.callee or op.target):
            yield from self._graph.named(path, name)
        if not op.callee and self._effects.state.indirect != "preserves":
            for name in self._effects.address_taken:
                yield from (("f", one.index) for one in self._program.definitions_by_name.get(name, ()))

    def _of(self, type_text: str, member: str) -> Refills:
        key = (type_words(type_text)[-1], member)
        if key not in self._known:
            if key[0] not in self._names:
                self._names[key[0]] = CarrierNames(self._program, key[0])
            self._known[key] = Refills(
                self._graph,
                self._names[key[0]],
                member,
                frozenset((*self._effects.state.noreturn, *self._effects.state.preserves)),
                self._is_made,
            )
        return self._known[key]


def _is_given(masked: str, op: CallOp, number: int, names: Collection[str]) -> bool:
    """Tell whether argument *number* of *op* is one of *names*, or what is made of the pointer itself."""
    if op.args[number].kind == "name" and op.args[number].name in names:
        return True
    text = op.argument_spans[number].of(masked) if number < len(op.argument_spans) else ""
    return re.search(rf"\b(?:{'|'.join(sorted(names))})\b(?!\s*(?:->|\.|\())", text) is not None
