"""What a generated program consists of, before it is text."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Literal

# What makes a program hard; each can be left out, to find out which one a fault needs.
FEATURES = (
    "alias",  # the state is changed through a pointer to it, or by memcpy
    "branches",  # #if in bodies, also around half a statement
    "callbacks",  # calls through pointers and tables
    "calls",  # calls inside arguments, (*f)(x), nested effects
    "goto",  # goto, computed goto, jumps into loops
    "headers",  # two headers over one body, old-style and several-line headers
    "holders",  # locals that hold the state, reassigned or not
    "leaving",  # returns out of a section that would have restored the state
    "loops",  # the state as a loop variable
    "macros",  # macros that fetch, capture, change, paste, return, declare
    "names",  # the preferred names are taken: by locals, labels, enumerators, macros
    "saved",  # save/restore sections
    "setjmp",  # non-local jumps
    "shadow",  # locals, members and macro parameters called as the accessor
    "statement-expressions",
    "switch",
)

FlavourName = Literal["pointer", "call", "object"]
ParameterKind = Literal["number", "depth", "state"]
ResultKind = Literal["number", "void", "state"]


@dataclass(frozen=True, slots=True)
class Flavour:
    """How programs of one kind reach their state.

    *get* is an expression of type ``State *``; *change* a pattern for an expression that makes ``{}``
    the state and has the type *change_value* says.
    """

    name: FlavourName
    get: str
    arrow: tuple[str, ...]  # patterns for member access
    change: str
    assigned_in_place: bool  # ``*T`` is copied into the state, instead of pointing at T

    def member(self, rng: Random, name: str) -> str:
        """Return an expression for member *name* of the state."""
        return rng.choice(self.arrow).format(name)


FLAVOURS: Mapping[FlavourName, Flavour] = {
    "pointer": Flavour(
        "pointer",
        "cur",
        ("cur->{}", "cur->{}", "cur->{}", "(*cur).{}", "(cur)->{}", "cur[0].{}", "(*&cur)->{}"),
        "(cur = {})",
        assigned_in_place=False,
    ),
    "call": Flavour(
        "call",
        "state_get()",
        ("state_get()->{}", "state_get()->{}", "(*state_get()).{}", "(state_get())->{}", "STATE()->{}"),
        "state_swap({})",
        assigned_in_place=False,
    ),
    "object": Flavour(
        "object",
        "&M",
        ("M.{}", "M.{}", "M.{}", "(M).{}", "(&M)->{}", "(*&M).{}"),
        "(M = *({}), &M)",
        assigned_in_place=True,
    ),
}


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter; *kind* tells what calls must pass."""

    kind: ParameterKind
    name: str

    @property
    def declaration(self) -> str:
        """The parameter as C writes it."""
        return f"State *{self.name}" if self.kind == "state" else f"unsigned {self.name}"


@dataclass(slots=True)
class Function:
    """One generated function.

    *may_change* lets its body change the state; *changes* records that it does so for good, *calls*
    the functions whose lasting changes are its own.  ``*`` in *calls* is a call through a pointer.
    """

    name: str
    parameters: tuple[Parameter, ...]
    result: ResultKind
    static: bool
    may_change: bool
    changes: bool = False
    calls: set[str] = field(default_factory=set)
    body: list[str] = field(default_factory=list)
    hidden_by_macro: bool = False

    @property
    def is_callback(self) -> bool:
        """It fits ``Callback``: two numbers in, a number out."""
        kinds = tuple(parameter.kind for parameter in self.parameters)
        return kinds == ("number", "depth") and self.result == "number"

    @property
    def has_depth(self) -> bool:
        """It counts the depth of calls in a parameter ``d``."""
        return any(parameter.kind == "depth" for parameter in self.parameters)

    @property
    def result_type(self) -> str:
        """The type that it returns, with the blank before the name where C wants one."""
        return {"number": "unsigned ", "void": "void ", "state": "State *"}[self.result]


@dataclass(slots=True)
class Program:
    """A program under construction.  *features* are those in use; *assigns* tells whether any function
    may change the state; *ts_is_macro* that the second name of the parameter is taken by a macro."""

    rng: Random
    flavour: Flavour
    features: frozenset[str]
    assigns: bool
    ts_is_macro: bool = False
    functions: list[Function] = field(default_factory=list)
    address_taken: set[str] = field(default_factory=set)
    sites: int = 0
    fresh_names: int = 0
    macro_calls: dict[str, str] = field(default_factory=dict)  # function -> macro that calls it

    def site(self) -> int:
        """Return a number for one more place that observes the state."""
        self.sites += 1
        return self.sites

    def fresh(self, prefix: str) -> str:
        """Return a name that no other construct uses."""
        self.fresh_names += 1
        return f"{prefix}{self.fresh_names}"

    def has(self, feature: str) -> bool:
        """Tell whether *feature* is in use."""
        return feature in self.features

    def indirect_preserves(self) -> bool:
        """Tell whether no function that a pointer may reach changes the state for good."""
        if self.assigns and self.has("setjmp"):
            return False  # a jump skips what would have put the state back
        changing = {f.name for f in self.functions if f.changes}
        while True:
            pointers = {"*"} if changing & self.address_taken else set[str]()
            more = {f.name for f in self.functions if f.calls & (changing | pointers)} - changing
            if not more:
                return not pointers
            changing |= more


def known_features(names: Iterable[str]) -> frozenset[str]:
    """Check names of features; raise `ValueError` for an unknown one."""
    wanted = frozenset(names)
    if unknown := wanted - frozenset(FEATURES):
        raise ValueError(f"no feature {min(unknown)!r}; there are {', '.join(FEATURES)}")
    return wanted
