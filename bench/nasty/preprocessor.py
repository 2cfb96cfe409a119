"""Statements that the preprocessor makes."""

from nasty.body import Body
from nasty.values import acting, condition, observe, pointer, pure


def either(b: Body) -> None:
    """Different statements in the branches of ``#if``."""
    b.emit(b.pick(("#if CONF", "#if CONF == 1", "#ifdef CONF_ONE")))
    with b.scope():
        b.statements(1)
    b.emit(f"x += {acting(b)};", "#else")
    with b.scope():
        b.statements(1)
    b.emit(f"x ^= {observe(b)};", "#endif")


def never(b: Body) -> None:
    """Code that no configuration compiles."""
    b.emit("#ifdef NEVER_DEFINED", f"x += {acting(b)} + no_such_function({b.flavour.get});", "#endif")


def half_statement(b: Body) -> None:
    """Branches that each open a block which ends after them."""
    b.emit("#if CONF", f"if ({condition(b)}) {{", "#else", f"while ({condition(b)} && fuel && fuel--) {{")
    b.emit("#endif")
    with b.scope(), b.closed():
        b.emit(f"x += {acting(b)};")
    b.emit("}")


def half_expression(b: Body) -> None:
    """Branches inside one expression."""
    b.emit(f"x += {acting(b)}", "#if CONF", f"    + {pure(b)};", "x +=", "#else", f"    - {pure(b)};", "x ^=")
    b.emit("#endif", f"    {acting(b)};")


def macro_statement(b: Body) -> None:
    """Macros that declare, repeat or wrap."""
    name = b.program.fresh("p")
    kind = b.rng.randrange(5)
    if kind == 0:
        b.emit(f"DECLARE({name});", f"x += mix({b.site()}, {name}->id);", f"x += {acting(b)};")
        b.pointers.append(name)
    elif kind == 1:
        b.emit(f"TWICE(x += {acting(b)});")
    elif kind == 2:
        b.emit(f"WRAPPED(x ^= {acting(b)}, x += {observe(b)});")
    elif kind == 3:
        b.emit(f"x += WITH({pointer(b)}, {b.site()});")
    else:
        b.emit(f"CHECK({condition(b)});", f"x += {observe(b)};")


def macro_saved(b: Body) -> None:
    """A macro that changes the state around its argument."""
    with b.closed(saved=True):
        b.emit(f"SCOPED({pure(b)}, x += {acting(b)});", f"x += {observe(b)};")


def hidden_return(b: Body) -> None:
    """A macro that returns."""
    if b.can_leave and b.function.result == "number":
        b.emit(f"RETURN_IF({condition(b)} && {condition(b, 0)});", f"x += {observe(b)};")
