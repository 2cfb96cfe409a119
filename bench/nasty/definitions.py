"""Headers, prototypes and macros of generated functions, in every style that C allows."""

from collections.abc import Iterator
from random import Random

from nasty.model import Function, ParameterKind, Program


def prototypes(program: Program, function: Function) -> Iterator[str]:
    """Yield the declarations of *function* that stand before all definitions."""
    rng = program.rng
    styles = [_prototype(function, named=True), _prototype(function, named=False)]
    if program.has("headers"):
        styles += [
            _wrapped(function) + ";",
            f"{_storage(function)}{function.result_type}\n{_rest(function)};",
        ]
    yield rng.choice(styles)
    if program.has("headers") and rng.randrange(4) == 0:
        yield rng.choice(styles)
    if program.has("branches") and rng.randrange(6) == 0:
        yield f"#if CONF\n{rng.choice(styles)}\n#else\n{rng.choice(styles)}\n#endif"


def header(program: Program, function: Function) -> str:
    """Return the header of the definition of *function*."""
    plain = f"{_storage(function)}{function.result_type}{_rest(function)}"
    if function.hidden_by_macro:
        return f"{_storage(function)}{function.result_type}({function.name})({_parameters(function)})"
    if not program.has("headers"):
        return plain
    choices = [
        plain,
        plain,
        f"{_storage(function)}{function.result_type}\n{_rest(function)}",
        _wrapped(function),
    ]
    if function.parameters:
        choices.append(_old_style(function))
        choices.append(f"#if CONF\n{plain}\n#else\n{_wrapped(function)}\n#endif")
    if function.static:
        choices.append(f"static inline {function.result_type}{_rest(function)}")
        choices.append(f"static __attribute__((noinline)) {function.result_type}{_rest(function)}")
    return program.rng.choice(choices)


def calling_macros(program: Program) -> Iterator[str]:
    """Yield macros that call functions with arguments captured where they are used; fill
    ``program.macro_calls``."""
    for function in program.functions:
        kinds = [parameter.kind for parameter in function.parameters]
        if not kinds or kinds[0] != "number" or program.rng.randrange(3):
            continue
        others = {"depth": "d - 1u", "state": program.flavour.get, "number": "x & 7u"}
        words = ", ".join(["(v)", *(others[kind] for kind in kinds[1:])])
        program.macro_calls[function.name] = f"CALL_{function.name}"
        yield f"#define CALL_{function.name}(v) {function.name}({words})"


def hiding_macros(program: Program) -> Iterator[str]:
    """Yield function-like macros with the name of a function."""
    for function in program.functions:
        if function.is_callback and program.rng.randrange(6) == 0:
            function.hidden_by_macro = True
            yield f"#define {function.name}(v, e) {function.name}((v) + 1u, e)"


def choose_parameters(rng: Random, program: Program) -> list[tuple[ParameterKind, str]]:
    """Return kinds and names of the parameters of a new function."""
    names = ["a", "b", "c"]
    if program.has("names") and rng.randrange(8) == 0:
        names = ["st", "b" if program.ts_is_macro else "ts", "a"]
    shapes: tuple[list[tuple[ParameterKind, str]], ...] = (
        [("number", names[0]), ("depth", "d")],
        [("number", names[0]), ("depth", "d")],
        [("depth", "d")],
        [],
        [("number", names[0]), ("number", names[1]), ("depth", "d"), ("number", names[2])],
        [("number", names[0]), ("state", "other"), ("depth", "d")],
        [("state", rng.choice(("other", "st" if program.has("names") else "other"))), ("depth", "d")],
    )
    return list(rng.choice(shapes))


def _storage(function: Function) -> str:
    return "static " if function.static else ""


def _parameters(function: Function) -> str:
    return ", ".join(parameter.declaration for parameter in function.parameters) or "void"


def _rest(function: Function) -> str:
    return f"{function.name}({_parameters(function)})"


def _prototype(function: Function, *, named: bool) -> str:
    if named:
        return f"{_storage(function)}{function.result_type}{_rest(function)};"
    kinds = {"state": "State *"}
    types = ", ".join(kinds.get(parameter.kind, "unsigned") for parameter in function.parameters)
    return f"{_storage(function)}{function.result_type}{function.name}({types or 'void'});"


def _wrapped(function: Function) -> str:
    """A header with one parameter a line, aligned with the parenthesis."""
    start = f"{_storage(function)}{function.result_type}{function.name}("
    separator = ",\n" + " " * len(start)
    words = [parameter.declaration for parameter in function.parameters] or ["void"]
    return start + separator.join(words) + ")"


def _old_style(function: Function) -> str:
    """A header as before 1989."""
    names = ", ".join(parameter.name for parameter in function.parameters)
    declarations = "".join(f"    {parameter.declaration};\n" for parameter in function.parameters)
    start = f"{_storage(function)}{function.result_type}{function.name}({names})"
    return f"{start}\n{declarations}".rstrip("\n")
