"""Put a whole program together."""

from dataclasses import dataclass
from random import Random

from nasty import changes, control, naming, preprocessor
from nasty.body import Body, Writer
from nasty.definitions import calling_macros, choose_parameters, header, hiding_macros, prototypes
from nasty.files import core_header, core_source, main_function, settings, shared_macros
from nasty.model import FEATURES, FLAVOURS, FlavourName, Function, Parameter, Program
from nasty.values import observe, pure

WRITERS = (
    Writer(14, control.assign),
    Writer(4, control.discard),
    Writer(5, control.write_member),
    Writer(5, control.declare_number),
    Writer(9, control.branch),
    Writer(6, control.loop),
    Writer(5, control.leave_loop),
    Writer(4, control.leave),
    Writer(4, control.switch, "switch"),
    Writer(2, control.duff, "switch"),
    Writer(3, control.goto_forward, "goto"),
    Writer(3, control.goto_back, "goto"),
    Writer(1, control.computed_goto, "goto"),
    Writer(3, control.statement_expression, "statement-expressions"),
    Writer(3, control.pointer_call, "callbacks"),
    Writer(8, changes.change, changes=True),
    Writer(3, changes.change_in_argument, "calls", changes=True),
    Writer(6, changes.saved, "saved", changes=True),
    Writer(3, changes.detached, "saved", changes=True),
    Writer(2, changes.restore_wrong, "saved", changes=True),
    Writer(2, changes.callback_saved, "callbacks", changes=True),
    Writer(3, changes.leaving, "leaving", changes=True),
    Writer(3, changes.windows, "loops", changes=True),
    Writer(3, changes.alias, "alias", changes=True),
    Writer(2, changes.aliased_place, "alias", changes=True),
    Writer(1, changes.long_jump, "setjmp", changes=True),
    Writer(2, changes.leap, "setjmp"),
    Writer(5, changes.holder, "holders"),
    Writer(3, changes.split_holder, "holders"),
    Writer(3, changes.false_holder, "holders"),
    Writer(2, changes.conditional_holder, "holders"),
    Writer(3, naming.shadow, "shadow"),
    Writer(2, naming.shadow_for, "shadow"),
    Writer(2, naming.members, "shadow"),
    Writer(2, naming.declared_again, "shadow"),
    Writer(4, naming.taken_name, "names"),
    Writer(2, naming.constant_initialiser, "alias"),
    Writer(4, preprocessor.either, "branches"),
    Writer(1, preprocessor.never, "branches"),
    Writer(2, preprocessor.half_statement, "branches"),
    Writer(2, preprocessor.half_expression, "branches"),
    Writer(4, preprocessor.macro_statement, "macros"),
    Writer(3, preprocessor.macro_saved, "macros", changes=True),
    Writer(3, preprocessor.hidden_return, "macros"),
)


@dataclass(frozen=True, slots=True)
class GeneratedProgram:
    """The files of a program (name -> text) and what it was made to do."""

    seed: int
    files: dict[str, str]
    flavour: FlavourName
    assigns: bool
    sites: int


def generate_program(
    seed: int, *, flavour: FlavourName | None = None, features: frozenset[str] = frozenset(FEATURES)
) -> GeneratedProgram:
    """Return the program that belongs to *seed*.

    Of five programs, two never change their state, two change it in a third of their functions, and
    one changes it anywhere.
    """
    rng = Random(seed)  # noqa: S311 (repeatable is what is wanted)
    chosen: FlavourName = rng.choice(("pointer", "pointer", "call", "object"))
    wildness = rng.choice((0, 0, 33, 33, 100))
    # Each program lacks some features, so that what is left shows more often.
    used = frozenset(f for f in sorted(features) if rng.randrange(4))
    program = Program(rng, FLAVOURS[flavour or chosen], used, assigns=wildness > 0)
    program.ts_is_macro = program.has("names") and rng.randrange(4) == 0
    _add_functions(program, wildness)
    files = _write_files(program)
    return GeneratedProgram(seed, files, program.flavour.name, program.assigns, program.sites)


def _add_functions(program: Program, wildness: int) -> None:
    """Decide names and signatures of all functions."""
    rng = program.rng
    for index in range(rng.randrange(5, 14)):
        shape = choose_parameters(rng, program)
        function = Function(
            f"f{index}",
            tuple(Parameter(kind, name) for kind, name in shape),
            rng.choice(("number", "number", "number", "number", "void", "state")),
            static=rng.randrange(6) > 0,
            may_change=rng.randrange(100) < wildness,
        )
        program.functions.append(function)


def _write_files(program: Program) -> dict[str, str]:
    """Write all functions, then everything that depends on what they do."""
    macros = [shared_macros(program)]
    hiding: list[str] = []
    if program.has("macros"):
        macros += calling_macros(program)
        hiding += hiding_macros(program)
    declared = [line for function in program.functions for line in prototypes(program, function)]
    shuffled = program.rng.sample(program.functions, len(program.functions))
    definitions = [_define(program, function) for function in shuffled]
    main = main_function(program)
    source = ['#include "core.h"', *macros, *declared, *hiding, *main.before, *definitions, main.text]
    return {
        "core.h": core_header(program),
        "core.c": core_source(program),
        "prog.c": "\n\n".join(source) + "\n",
        "clew.toml": settings(program),
    }


def _define(program: Program, function: Function) -> str:
    """Write the definition of one function."""
    body = Body(program, function, WRITERS, program.rng.randrange(4, 16))
    start = body.number() if body.numbers else "3u"
    guard = "d == 0u || fuel == 0u" if function.has_depth else "fuel == 0u"
    early = {"number": " 3u", "void": "", "state": " &pool[0]"}[function.result]
    body.emit(f"unsigned x = {start};")
    if function.result != "void" and body.chance(30):
        body.emit(f"x += {observe_before_guard(body)};")
    body.emit(f"if ({guard})", f"    return{early};", "fuel--;")
    body.numbers.append("x")
    body.statements(body.budget)
    body.emit(f"x ^= {observe(body)} + {pure(body)};", f"(void)mix({body.site()}, x);")
    if function.result != "void":
        body.emit(control.return_statement(body))
    text = "\n".join(body.lines)
    return f"{header(program, function)}\n{{\n{text}\n}}"


def observe_before_guard(body: Body) -> str:
    """An observation on a path that may end at once."""
    return f"mix({body.site()}, {body.flavour.member(body.rng, 'id')})"
