"""Statements that change the state, put it back, or keep an old value of it."""

from nasty.body import Body
from nasty.values import acting, call, condition, indirect_call, observe, pointer, pure


def change(b: Body) -> None:
    """Make another object the state, in one of many spellings."""
    b.note_change()
    target = pointer(b)
    one = b.flavour.change.format(target)
    b.emit(
        b.one_of(
            lambda: f"(void){one};",
            lambda: f"(void){one};",
            lambda: f"x += mix({b.site()}, ({one})->id);",
            lambda: f"x += (({one}), {acting(b)});",
            lambda: f"if ({condition(b)}) (void){one};",
            lambda: f"x += ({condition(b)} && ({one})) ? {acting(b)} : {observe(b)};",
            lambda: f"set_state({target});",
            lambda: f"SET({pure(b)});",
            lambda: f"x ^= {observe(b)}, (void){one}, x += {observe(b)};",
        )
    )
    if b.chance(70):
        b.emit(f"x ^= {observe(b)};")


def change_in_argument(b: Body) -> None:
    """A change inside the argument of a call: the callee runs after it."""
    b.note_change()
    one = b.flavour.change.format(pointer(b))
    b.emit(f"x += f_apply_direct(({one})->id);")
    b.note_call("f_apply_direct")


def saved(b: Body) -> None:
    """Save the state, change it, and put it back on every path."""
    keep = b.program.fresh("keep")
    with b.block(), b.closed(saved=True):
        _save(b, keep)
        b.emit(f"(void){b.flavour.change.format(pointer(b))};")
        b.statements(2)
        b.emit(f"x += {acting(b)};")
        _restore(b, keep)
        b.emit(f"x += {observe(b)};")


def leaving(b: Body) -> None:
    """Save and put back, but a path leaves in between: the function changes the state for good."""
    if not b.can_leave or b.in_saved:
        return
    b.note_change()
    keep = b.program.fresh("keep")
    with b.block():
        _save(b, keep)
        b.emit(f"(void){b.flavour.change.format(pointer(b))};")
        if b.function.result == "number" and b.program.has("macros") and b.chance(50):
            b.emit(f"RETURN_IF({condition(b)});")
        else:
            value = {"number": " x", "void": "", "state": " &pool[1]"}[b.function.result]
            b.emit(f"if ({condition(b)})", f"    return{value};")
        b.emit(f"x += {acting(b)};")
        _restore(b, keep)


def restore_wrong(b: Body) -> None:
    """A save whose variable is assigned in between, so that something else is put back."""
    if b.flavour.assigned_in_place:
        change(b)
        return
    b.note_change()
    keep = b.program.fresh("keep")
    with b.block():
        b.emit(f"State *{keep} = {b.flavour.get};")
        b.emit(f"(void){b.flavour.change.format(pointer(b))};", f"x += {acting(b)};")
        b.emit(f"if ({condition(b)})", f"    {keep} = &pool[{b.rng.randrange(4)}];")
        b.emit(f"(void){b.flavour.change.format(keep)};", f"x += {acting(b)};")


def _save(b: Body, keep: str) -> None:
    """Declare *keep* as the state of now."""
    if b.flavour.assigned_in_place:
        b.emit(f"State {keep} = {b.pick(('M', '*&M', '(M)'))};")
    elif b.flavour.name == "call" and b.chance(40):
        b.emit(f"State *{keep} = state_detach();", f"x += mix({b.site()}, peek(state_get()));")
    else:
        b.emit(f"State *{keep} = {b.flavour.get};")


def _restore(b: Body, keep: str) -> None:
    """Put *keep* back."""
    if b.flavour.assigned_in_place:
        b.emit(f"M = {keep};")
    elif b.flavour.name == "call" and b.chance(50):
        b.emit(f"state_attach({keep});")
    else:
        b.emit(f"(void){b.flavour.change.format(keep)};")


def detached(b: Body) -> None:
    """Between detach and attach no state is current."""
    if b.flavour.name != "call":
        saved(b)
        return
    keep = b.program.fresh("keep")
    with b.block(), b.closed(saved=True):
        b.emit(f"State *{keep} = state_detach();")
        b.emit(f"x += mix({b.site()}, {keep}->id) + {pure(b)};", f"x += {acting(b)};")
        b.emit(f"state_attach({keep});", f"x += {observe(b)};")


def holder(b: Body) -> None:
    """A local that holds the state, used at once and after other things happened."""
    name = b.program.fresh("p")
    qualifier = b.pick(("", "", "const "))
    b.emit(f"State *{qualifier}{name} = {b.flavour.get};", f"x += mix({b.site()}, {name}->id);")
    b.statements(1)
    b.emit(f"x ^= mix({b.site()}, {name}->id + {name}->hits);", f"x += {observe(b)};")
    b.pointers.append(name)


def split_holder(b: Body) -> None:
    """A holder that is declared first and filled later, beside another declarator."""
    name, other = b.program.fresh("p"), b.program.fresh("q")
    b.emit(f"State *{name}, *{other} = &pool[{b.rng.randrange(4)}];")
    b.emit(f"x += {acting(b)};", f"{name} = {b.flavour.get};")
    b.emit(f"x += mix({b.site()}, {name}->id ^ {other}->id);", f"x += {observe(b)};")
    b.pointers += [name, other]


def false_holder(b: Body) -> None:
    """A local that held the state once, and is then assigned something else."""
    name = b.program.fresh("p")
    b.emit(f"State *{name} = {b.flavour.get};", f"x += mix({b.site()}, {name}->id);")
    again = b.one_of(
        lambda: f"if ({condition(b)})",
        lambda: f"for (unsigned i = 0u; i < 2u; i++, x += {observe(b)})",
    )
    b.emit(again, f"    {name} = &pool[{pure(b)} & 3u];")
    b.emit(f"x ^= mix({b.site()}, {name}->id);", f"x += {observe(b)};")
    b.pointers.append(name)


def conditional_holder(b: Body) -> None:
    """A local that holds the state on one path only."""
    name = b.program.fresh("p")
    b.emit(f"State *{name} = {condition(b)} ? {b.flavour.get} : &pool[{b.rng.randrange(4)}];")
    b.emit(f"x ^= mix({b.site()}, {name}->id);")
    b.pointers.append(name)


def windows(b: Body) -> None:
    """The state as the variable of a loop; afterwards it is the one behind the last."""
    b.note_change()
    header = b.pick(
        (
            "for (cur = pool; cur < pool + 3; cur++) {",
            "for (cur = pool; cur != &pool[3]; cur = cur->link) {",
            "FOR_ALL {",
        )
    )
    if b.flavour.name != "pointer":
        i = b.program.fresh("i")
        one = b.flavour.change.format(f"&pool[{i}]")
        header = f"for (unsigned {i} = 0u; {i} < 3u && ({one}); {i}++) {{"
    # What runs inside must not move the variable, or the loop need not end.
    b.emit(header, f"    x += {observe(b)};", f"    x ^= peek({b.flavour.get});", "}")
    b.emit(f"x += {observe(b)};")


def alias(b: Body) -> None:
    """Change the state through a pointer to it."""
    b.note_change()
    if b.flavour.name == "call":
        b.emit(f"set_state_quietly({pointer(b)});", f"x += {acting(b)};")
        return
    if b.flavour.name == "object":
        name = b.program.fresh("o")
        b.emit(f"State *{name} = &M;", f"*{name} = pool[{pure(b)} & 3u];", f"x += {observe(b)};")
        b.emit(f"memcpy(&M, {pointer(b, may_read=False)}, sizeof M);", f"x += {observe(b)};")
        return
    name = b.program.fresh("pp")
    write = b.pick((f"*{name} = {pointer(b)};", f"move_state({name}, {pointer(b)});"))
    with b.block():
        b.emit(f"State **{name} = &cur;", f"x += {observe(b)};", write, f"x += {acting(b)};")
        temporary = b.program.fresh("tmp")
        if b.chance(40):
            b.emit(f"State *{temporary} = &pool[{pure(b)} & 3u];")
            b.emit(f"memcpy(&cur, &{temporary}, sizeof cur);", f"x += {observe(b)};")


def aliased_place(b: Body) -> None:
    """Change the state through a pointer that another file took of it."""
    b.note_change()
    b.emit(f"x += {observe(b)};", f"move_elsewhere({pure(b)} & 3u);", f"x += {observe(b)};")


def long_jump(b: Body) -> None:
    """Come back to ``setjmp`` from wherever the state was changed."""
    b.function.changes = True  # a jump skips whatever would have put the state back
    with b.block("if (!armed) {"), b.closed():
        b.emit("armed = 1u;", f"x += {observe(b)};")
        with b.block("if (setjmp(landing) == 0) {"):
            # x must not change here: its value after the jump would be indeterminate.
            target = b.flavour.change.format(f"&pool[{b.rng.randrange(4)}]")
            b.emit(f"(void){call(b)};", f"(void){target};", f"(void){call(b)};", f"(void){observe(b)};")
            if b.chance(50):
                b.emit("leap();")
        b.emit("armed = 0u;", f"(void){observe(b)};", f"(void){call(b)};")


def leap(b: Body) -> None:
    """Jump back, when something waits for it."""
    b.function.changes = True  # for those who wait for the jump
    b.emit(f"if ({condition(b)} && armed)", "    leap();")


def callback_saved(b: Body) -> None:
    """A call through a pointer between save and restore."""
    keep = b.program.fresh("keep")
    with b.block(), b.closed(saved=True):
        _save(b, keep)
        b.emit(f"x += {indirect_call(b)};", f"x += {observe(b)};")
        _restore(b, keep)
