"""Statements of plain control flow: what must be followed to know where the state still is the same."""

from nasty.body import Body
from nasty.values import acting, condition, indirect_call, observe, pure, reading


def assign(b: Body) -> None:
    """``x ^= ...``."""
    # Counters are called k...: to assign one could make a loop endless.
    target = b.pick([name for name in b.numbers if not name.startswith("k")])
    b.emit(f"{target} {b.pick(('=', '+=', '^='))} {acting(b)};")


def discard(b: Body) -> None:
    """A call or an observation on its own."""
    b.emit(f"(void){acting(b)};")


def write_member(b: Body) -> None:
    """Change something in the state, not which one it is."""
    member = b.flavour.member(b.rng, b.pick(("hits", "tag", "arr[2]", "arr[x & 3u]")))
    b.emit(b.pick((f"{member}++;", f"{member} += {pure(b)};", f"{member} ^= {reading(b)};", f"--{member};")))


def declare_number(b: Body) -> None:
    """A local number, initialised from the state."""
    name = b.program.fresh("v")
    b.emit(f"unsigned {name} = {acting(b)};")
    b.numbers.append(name)


def branch(b: Body) -> None:
    """``if`` with or without braces and ``else``."""
    if b.chance(30):
        b.emit(f"if ({condition(b)})")
        b.emit(f"    x += {acting(b)};")
        if b.chance(50):
            b.emit("else")
            b.emit(f"    x ^= {acting(b)};")
        return
    b.nested(f"if ({condition(b)}) {{")
    if b.chance(50):
        b.lines[-1] += " else {"
        with b.scope():
            b.statements(2)
        b.emit("}")


def loop(b: Body) -> None:
    """``for``, ``while`` and ``do``, each with a bounded count."""
    k = b.program.fresh("k")
    limit = b.rng.randrange(1, 4)
    with b.block():
        b.emit(f"unsigned {k} = 0u;")
        opening, closing = _loop_header(b, k, limit)
        with b.loop(opening, closing):
            b.numbers.append(k)
            b.statements(2)
    b.numbers = [name for name in b.numbers if name != k]


def _loop_header(b: Body, k: str, limit: int) -> tuple[str, str]:
    """Return the text before and after the body of a loop that counts *k*."""
    match b.rng.randrange(4):
        case 0:
            return f"for (; {k} < {limit}u; {k}++) {{", "}"
        case 1:
            return f"while ({k}++ < {limit}u && {condition(b)}) {{", "}"
        case 2:
            return "do {", f"}} while (++{k} < {limit}u && {condition(b)});"
        case _:
            header = f"for ({k} = {acting(b)} & 1u; {k} < {limit}u; {k}++, x += {observe(b)}) {{"
            return header, "}"


def leave_loop(b: Body) -> None:
    """``break`` or ``continue`` on a condition."""
    if b.loops:
        b.emit(f"if ({condition(b)})", f"    {b.pick(('break', 'continue'))};")


def leave(b: Body) -> None:
    """An early return on a condition."""
    if b.can_leave:
        b.emit(f"if ({condition(b)} && {condition(b, 0)})", f"    {return_statement(b)}")


def return_statement(b: Body) -> str:
    """Return something that fits the function."""
    if b.function.result == "void":
        return "return;"
    if b.function.result == "state":
        choices = [b.flavour.get, b.flavour.member(b.rng, "link"), "&pool[x & 3u]", *b.pointers]
        return f"return {b.pick(choices)};"
    return f"return x ^ {acting(b, 1)};"


def switch(b: Body) -> None:
    """A switch whose cases fall through or not."""
    b.emit(f"switch ({acting(b)} & 3u) {{")
    for label in ("case 0u:", "case 1u: case 2u:", "default:"):
        b.emit(label)
        b.nested("{", size=1)
        if b.chance(60):
            b.emit("break;")
    b.emit("}")


def duff(b: Body) -> None:
    """A jump into the middle of a loop."""
    n = b.program.fresh("n")
    with b.block():
        b.emit(f"unsigned {n} = 2u;")
        b.emit(f"switch ({acting(b)} & 1u) {{")
        b.emit(f"case 0u: do {{ x += {acting(b)};")
        b.emit(f"case 1u:      x ^= {acting(b)};")
        b.emit(f"        }} while (--{n} && {condition(b)});")
        b.emit("}")


def goto_forward(b: Body) -> None:
    """Skip some statements."""
    label = b.program.fresh("skip")
    with b.block():
        b.emit(f"if ({condition(b)})", f"    goto {label};")
        b.nested("{")
        b.emit(f"{label}:", f"x += {observe(b)};")


def goto_back(b: Body) -> None:
    """A loop made of a label."""
    label, k = b.program.fresh("again"), b.program.fresh("k")
    with b.block():
        b.emit(f"unsigned {k} = 0u;", f"{label}:")
        b.nested("{")
        b.emit(f"if (++{k} < 3u && {condition(b)})", f"    goto {label};")


def computed_goto(b: Body) -> None:
    """GNU's ``goto *p``."""
    one, two = b.program.fresh("one"), b.program.fresh("two")
    with b.block():
        b.emit(f"static void *const jumps[] = {{ &&{one}, &&{two} }};")
        b.emit(f"goto *jumps[{acting(b)} & 1u];")
        b.emit(f"{one}:", f"x += {acting(b)};")
        b.emit(f"{two}:", f"x ^= {observe(b)};")


def statement_expression(b: Body) -> None:
    """GNU's ``({ ... })`` with a local of its own."""
    v = b.program.fresh("v")
    b.emit(f"x += ({{ unsigned {v} = {acting(b)}; {v} ^= {acting(b)}; {v}; }});")


def pointer_call(b: Body) -> None:
    """A call through a pointer."""
    b.emit(f"x += {indirect_call(b)};")
