"""Expressions, in three strengths.

C leaves the order of most operands open, and a program whose meaning depends on it proves nothing.
So an expression is *pure* (constants and locals), *reading* (reads the state, changes nothing) or
*acting* (calls, observations); no operator without a sequence point ever gets an acting operand beside
one that is more than pure.
"""

from nasty.body import Body
from nasty.model import Function

_MEMBERS = ("id", "id", "tag", "hits", "arr[1]", "arr[{} & 3u]", "link->id", "cur", "st")


def pure(b: Body) -> str:
    """An unsigned value that nothing else can affect."""
    if not b.numbers or b.chance(40):
        return f"{b.rng.randrange(1, 9)}u"
    name = b.number()
    return b.pick((name, name, f"({name} >> 1)", f"({name} + {b.rng.randrange(1, 9)}u)"))


def reading(b: Body, depth: int = 1) -> str:
    """An unsigned value read from the state."""
    if depth and b.chance(25):
        operator = b.pick(("+", "^", "*", "-"))
        return f"({reading(b, depth - 1)} {operator} {reading(b, 0)})"
    choice = b.rng.randrange(10)
    get = b.flavour.get
    if choice == 0:
        return f"(unsigned)({get} == &pool[{b.rng.randrange(4)}])"
    if choice == 1:
        return f"peek({get})"
    if choice == 2:
        return f"(({get}) ? {member(b)} : {pure(b)})"
    if choice == 3 and b.pointers:
        return f"{b.pick(b.pointers)}->id"
    if choice == 4 and b.pointers:
        return f"(unsigned)({get} == {b.pick(b.pointers)})"
    if choice == 5 and b.program.has("macros"):
        return b.pick(("HERE", "HERE_TAG()", f"WITH_DEFAULT({pure(b)})"))
    return member(b)


def member(b: Body) -> str:
    """A member of the state."""
    return b.flavour.member(b.rng, b.pick(_MEMBERS).format(pure(b)))


def pointer(b: Body, *, may_read: bool = True) -> str:
    """An expression of type ``State *`` that points into the pool, or at the state."""
    choices = [f"&pool[{b.rng.randrange(4)}]", f"&pool[{pure(b)} & 3u]"]
    if b.pointers:
        choices += [b.pick(b.pointers)]
    if may_read:
        choices += [b.flavour.get, b.flavour.member(b.rng, "link")]
        choices += [f"{name}->link" for name in b.pointers[-1:]]
    return b.pick(choices)


def observe(b: Body) -> str:
    """Read the state where the checksum sees it."""
    if b.program.has("macros") and b.chance(10):
        return f"{b.pick(('MARK', 'MARK_X', 'MARK_TWICE'))}({b.site()})"
    return f"mix({b.site()}, {reading(b)})"


def acting(b: Body, depth: int = 2) -> str:
    """An unsigned value with effects."""
    choice = b.rng.randrange(12) if depth else b.rng.randrange(4)
    if choice <= 2:
        return observe(b)
    if choice <= 5:
        return call(b, depth - 1)
    if choice == 6:
        return f"({acting(b, depth - 1)} {b.pick(('+', '^', '-', '*'))} {pure(b)})"
    if choice == 7:
        return f"({condition(b, depth - 1)} ? {acting(b, depth - 1)} : {acting(b, depth - 1)})"
    if choice == 8:
        operator = b.pick(("&&", "||"))
        return f"(unsigned)({condition(b, depth - 1)} {operator} {acting(b, depth - 1)})"
    if choice == 9:
        return f"({acting(b, depth - 1)}, {acting(b, depth - 1)})"
    if choice == 10 and b.program.has("callbacks"):
        return indirect_call(b)
    return f"mix({b.site()}, {acting(b, depth - 1)})"


def condition(b: Body, depth: int = 1) -> str:
    """A value that is true about half of the time."""
    return f"({acting(b, depth)} & {b.pick(('1u', '2u', '4u', '3u'))})"


def call(b: Body, depth: int = 0) -> str:
    """Call some function of the program; the value is unsigned."""
    callee = b.rng.choice(b.program.functions)
    b.note_call(callee.name)
    text = _spell_call(b, callee, arguments(b, callee, depth))
    if callee.result == "void":
        return f"({text}, {observe(b)})"
    return f"{text}->id" if callee.result == "state" else text


def arguments(b: Body, callee: Function, depth: int) -> list[str]:
    """Return arguments for *callee*; at most one acts, and then the others are pure."""
    actor = -1
    if depth > 0 and b.program.has("calls") and b.chance(40):
        actor = b.rng.randrange(len(callee.parameters) or 1)
    words = []
    for index, parameter in enumerate(callee.parameters):
        if parameter.kind == "depth":
            words.append("d - 1u" if b.function.has_depth else "1u")
        elif parameter.kind == "state":
            words.append(pointer(b, may_read=actor < 0))
        elif index == actor:
            words.append(acting(b, depth - 1))
        else:
            words.append(reading(b) if actor < 0 and b.chance(40) else pure(b))
    return words


def _spell_call(b: Body, callee: Function, words: list[str]) -> str:
    joined = ", ".join(words)
    macro = b.program.macro_calls.get(callee.name)
    if macro and words and b.function.has_depth and b.chance(40):
        return f"{macro}({words[0]})"
    if b.program.has("macros") and words and b.chance(8):
        return f"PASTE_CALL({callee.name[1:]}, {joined})"
    if b.program.has("calls") and b.chance(4):
        b.program.address_taken.add(callee.name)
        return f"(*{callee.name})({joined})"
    if b.program.has("calls") and b.chance(5):
        return f"({callee.name})({joined})"
    return f"{callee.name}({joined})"


def callback(b: Body) -> str | None:
    """Take the address of a function that can be called back; None when the program has none."""
    names = [f.name for f in b.program.functions if f.is_callback]
    if not names:
        return None
    name = b.pick(names)
    b.program.address_taken.add(name)
    return b.pick((name, f"&{name}"))


def indirect_call(b: Body) -> str:
    """Call something through a pointer."""
    chosen = callback(b)
    if chosen is None:
        return observe(b)
    b.note_call("*")
    b.note_call("f_apply")
    return b.pick((f"f_apply({chosen}, {pure(b)})", f"table[{pure(b)} % TABLE_SIZE]({pure(b)}, 1u)"))
