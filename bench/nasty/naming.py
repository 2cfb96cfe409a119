"""Statements in which names mean something else than they seem to."""

from nasty.body import Body
from nasty.values import acting, condition, observe, pure


def shadow(b: Body) -> None:
    """An inner block in which the accessor's name is a local."""
    name = {"pointer": "cur", "call": "state_get", "object": "M"}[b.flavour.name]
    x = b.pick(("x", "a")) if "a" in b.numbers else "x"
    inner = {
        "pointer": (f"State *cur = &pool[{b.rng.randrange(4)}];", "cur->id"),
        "call": (f"State *(*state_get)(void) = pick_{b.rng.randrange(4)};", "state_get()->id"),
        "object": (f"State M = pool[{b.rng.randrange(4)}];", "M.id"),
    }[b.flavour.name]
    calls = [f for f in b.program.functions if f.is_callback]
    with b.block():
        b.emit(f"/* {name} is a local here */", inner[0], f"{x} += mix({b.site()}, {inner[1]});")
        if calls:
            callee = b.rng.choice(calls)
            b.note_call(callee.name)
            b.emit(f"{x} ^= {callee.name}({pure(b)}, {'d - 1u' if b.function.has_depth else '1u'});")
        b.emit(f"{x} += mix({b.site()}, {inner[1]});")
    b.emit(f"x += {observe(b)};")


def shadow_for(b: Body) -> None:
    """The accessor's name declared in a ``for`` header, and used after the loop as the accessor."""
    if b.flavour.name != "pointer":
        shadow(b)
        return
    b.emit(f"for (State *cur = pool; cur < pool + {b.rng.randrange(1, 4)}; cur++)")
    b.emit(f"    x += mix({b.site()}, cur->id);", f"x += {observe(b)};")


def members(b: Body) -> None:
    """Members, designators, labels, strings and comments with the accessor's name."""
    box, label = b.program.fresh("box"), b.pick(("cur", "M", "st"))
    with b.block():
        b.emit(
            f"Box {box} = {{ .cur = &pool[{b.rng.randrange(4)}], .M = {pure(b)} }};  /* cur->id, M.id */",
            f'x += mix({b.site()}, {box}.cur->id + {box}.M + (unsigned)sizeof("cur->id \\" M.id"));',
        )
        if label not in b.labels:
            b.labels.add(label)
            b.emit(f"if ({condition(b)})", f"    goto {label};", f"x ^= {acting(b)};")
            b.emit(f"{label}:", f"x += {observe(b)};")


def declared_again(b: Body) -> None:
    """A block-scope ``extern`` of the global itself."""
    declaration, get = {
        "pointer": ("extern State *cur;", "cur->id"),
        "call": ("extern unsigned mix(unsigned, unsigned);", "state_get()->id"),
        "object": ("extern State M;", "M.id"),
    }[b.flavour.name]
    with b.block():
        b.emit(declaration, f"x += mix({b.site()}, {get});", f"x += {acting(b)};")


def taken_name(b: Body) -> None:
    """A local, an enumerator, a typedef or a tag called as the parameter would be."""
    kind = b.rng.randrange(5)
    with b.block():
        b.numbers = [name for name in b.numbers if name not in {"st", "ts"}]
        b.pointers = [name for name in b.pointers if name != "st"]
        if kind == 0:
            b.emit(f"unsigned st = {acting(b)};", f"x += st + {acting(b)};", f"x ^= {observe(b)} ^ st;")
        elif kind == 1:
            other = "tu" if b.program.ts_is_macro else "ts"
            b.emit(
                f"enum {{ st = 5, {other} = 6 }};", f"x += {acting(b)} + (unsigned)st + (unsigned){other};"
            )
        elif kind == 2:
            b.emit("typedef unsigned st;", f"st value = {acting(b)};", f"x ^= (st)value + {pure(b)};")
        elif kind == 3:
            b.emit("struct st { unsigned st; } box = { 3u };", f"x += box.st + {acting(b)};")
        else:
            b.emit(f"State *st = &pool[{b.rng.randrange(4)}];", f"x += mix({b.site()}, st->id);")
            b.emit(f"x += {acting(b)};", f"x ^= mix({b.site()}, st->id) + {pure(b)};")


def constant_initialiser(b: Body) -> None:
    """A static local that needs a constant."""
    name = b.program.fresh("fixed")
    first = {
        "pointer": f"static State **const {name} = &cur;",
        "call": f"static State *(*const {name})(void) = state_get;",
        "object": f"static unsigned *const {name} = &M.id;",
    }[b.flavour.name]
    value = {"pointer": f"(*{name})->id", "call": f"{name}()->id", "object": f"*{name}"}[b.flavour.name]
    with b.block():
        b.emit(first, f"x += mix({b.site()}, {value});", f"x += {observe(b)};")
