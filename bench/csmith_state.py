"""Give a csmith program a state.

csmith's globals are used all over its functions, but no single one is used often.  Four ways to make a
state of them, each a deterministic change of the text that keeps its checksum:

- ``one-global``: one of the globals as it is, an object (``g_8``) or a pointer (``g_20``, which the
  program assigns at will, and whose address it takes);
- ``object``: all globals become members of one object, ``G.g_8``;
- ``pointer``: the same through a pointer that is never assigned, ``gp->g_8``;
- ``context``: the functions also write to a context behind a pointer, which some of them switch, save
  and restore; what was written to which context goes into the checksum.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from random import Random
from typing import Literal

Manner = Literal["one-global", "object", "pointer", "context"]
MANNERS: tuple[Manner, ...] = ("one-global", "object", "pointer", "context")

_GLOBAL = re.compile(
    r"^static (?P<type>(?:const )?(?:(?:struct|union) )?\w+)(?P<stars>[ *]*(?:const[ *]*)*)"
    r"(?P<name>g_\d+)(?P<array>(?:\[\d+\])*)(?: = (?P<value>.*))?;$",
    re.MULTILINE,
)
_USE_OR_STRING = re.compile(r'"(?:\\.|[^"\\])*"|\bg_\d+\b')
_FUNCTION = re.compile(r"^static [^\n;]*\bfunc_\d+\([^\n;]*\)\n\{.*?^\}", re.MULTILINE | re.DOTALL)
_STATEMENT = re.compile(r"\s+\S.*;\s*")
_RETURN = re.compile(r"(?P<indent>\s+)return (?P<value>.*);\s*")
_END_OF_MAIN = "    platform_main_end("


@dataclass(frozen=True, slots=True)
class Global:
    """A global of a csmith program; *stars* is all between the type's name and the variable's."""

    text: str
    type: str
    stars: str
    name: str
    array: str
    value: str

    @property
    def is_plain(self) -> bool:
        """Neither constant nor an array."""
        return not self.array and "const" not in self.type + self.stars

    @property
    def is_pointer(self) -> bool:
        """It is a pointer."""
        return "*" in self.stars


@dataclass(frozen=True, slots=True)
class StatefulProgram:
    """A program, its ``clew.toml``, and whether it assigns the state (or takes its address)."""

    source: str
    settings: str
    manner: Manner
    accessor: str
    assigns: bool


def find_globals(source: str) -> list[Global]:
    """Return the globals of a csmith program in order."""
    return [
        Global(m[0], m["type"], m["stars"].strip(), m["name"], m["array"], m["value"] or "")
        for m in _GLOBAL.finditer(source)
    ]


def add_state(source: str, manner: Manner, rng: Random) -> StatefulProgram | None:
    """Give the program *source* a state; None when it has no global (or no function) fit for that."""
    if not _FUNCTION.search(source):
        return None
    if manner == "context":
        return _add_context(source, rng)
    if manner == "one-global":
        return _choose_global(source, rng)
    return _collect_globals(source, manner)


def _choose_global(source: str, rng: Random) -> StatefulProgram | None:
    """Declare one global the state: at random, but rather one that many functions use."""
    candidates = [g for g in find_globals(source) if g.is_plain]
    weights = [_count_functions(source, g.name) for g in candidates]
    if not any(weights):
        return None
    chosen = rng.choices(candidates, weights)[0]
    code = "\n".join(_without_globals(source))
    if chosen.is_pointer:
        stars = chosen.stars.replace(" ", "")
        assigns = _is_assigned(code, chosen.name) or f"&{chosen.name}" in source
        spelling = f'{{ spelling = "{chosen.name}", assigned = true }}'
        return StatefulProgram(
            source, _settings(f"{chosen.type} {stars}", spelling), "one-global", chosen.name, assigns
        )
    assigns = _is_assigned(code, chosen.name)
    spelling = f'{{ spelling = "{chosen.name}", object = true, assigned = true }}'
    return StatefulProgram(
        source, _settings(f"{chosen.type} *", spelling), "one-global", chosen.name, assigns
    )


def _count_functions(source: str, name: str) -> int:
    return sum(1 for m in _FUNCTION.finditer(source) if re.search(rf"\b{name}\b", m[0]))


def _without_globals(source: str) -> Iterable[str]:
    return (line for line in source.splitlines() if not _GLOBAL.fullmatch(line))


def _is_assigned(code: str, name: str) -> bool:
    """Tell whether the whole variable is assigned, incremented, or decremented somewhere."""
    after = rf"(?<!\*)\b{name}\b\)?\s*(?:[-+*/%&|^]|<<|>>)?=(?!=)|\b{name}\b(?:\+\+|--)"
    return re.search(rf"{after}|(?:\+\+|--)\(?{name}\b(?!->|\.|\[)", code) is not None


def _collect_globals(source: str, manner: Manner) -> StatefulProgram | None:
    """Make all globals members of one object."""
    variables = {g.name: g for g in find_globals(source)}
    if not variables:
        return None
    # A variable may be declared first and defined below: the definition has the value.
    member = "gp->{}" if manner == "pointer" else "G.{}"
    lines = ["struct Globals {"]
    lines += [f"   {g.type} {g.stars} {g.name}{g.array};" for g in variables.values()]
    lines += ["};", "static struct Globals G;", "static struct Globals G = {"]
    lines += [f"   .{g.name} = {_rename(g.value, 'G.{}', variables)}," for g in variables.values() if g.value]
    lines.append("};")
    if manner == "pointer":
        lines.append("static struct Globals *gp = &G;")
    first = min(source.index(g.text) for g in variables.values())
    head = source[:first]
    rest = "\n".join(_without_globals(source[first:]))
    text = f"{head}{chr(10).join(lines)}\n{_rename(rest, member, variables)}\n"
    accessor = "gp" if manner == "pointer" else "G"
    flag = "assigned = true" if manner == "pointer" else "object = true, assigned = true"
    spelling = f'{{ spelling = "{accessor}", {flag} }}'
    return StatefulProgram(text, _settings("struct Globals *", spelling), manner, accessor, assigns=False)


def _rename(text: str, pattern: str, names: Iterable[str]) -> str:
    """Spell every use of the variables *names* as *pattern* does, outside of strings."""
    known = frozenset(names)

    def rename(match: re.Match[str]) -> str:
        return pattern.format(match[0]) if match[0] in known else match[0]

    return _USE_OR_STRING.sub(rename, text)


_CONTEXT = """\
struct Context { uint64_t mark; uint32_t count; struct Context *next; };
static struct Context contexts[3] = {
    { 1u, 0u, &contexts[1] }, { 2u, 0u, &contexts[2] }, { 3u, 0u, &contexts[0] },
};
static struct Context *context = &contexts[0];
static void touch(uint32_t key) { context->mark = context->mark * 31u + key; context->count++; }
static uint64_t look(void) { return context->mark; }
"""
_SWITCHER = "static void switch_context(struct Context *next) { context = next; }\n"
_USES = (
    "context->mark = context->mark * 31u + {k}u;",
    "touch({k}u);",
    "context->count++;",
    "{{ struct Context *held = context; held->mark ^= {k}u; touch({k}u); held->count += 3u; }}",
    "if (look() & 4u) touch({k}u); else context->count += {k}u;",
    "(*context).mark += look() >> {k};",
)
_SWITCHES = (
    "context = context->next;",
    "switch_context(context->next);",
    "if (look() & 2u) context = &contexts[{k} % 3];",
    "{{ struct Context *old = context; context = context->next; touch({k}u); context = old; }}",
    "{{ struct Context *old = context; switch_context(&contexts[{k} % 3]); touch({k}u); context = old; }}",
)


def _add_context(source: str, rng: Random) -> StatefulProgram:
    """Let the functions write to a context, and some of them switch it."""
    assigns = rng.randrange(2) == 0
    first = source.index("static", source.index("__undefined;") + len("__undefined;"))
    head = source[:first] + _CONTEXT + (_SWITCHER if assigns else "")

    def instrument(match: re.Match[str]) -> str:
        return _instrument(match[0], rng, switches=assigns and rng.randrange(2) == 0)

    body = _FUNCTION.sub(instrument, source[first:])
    report = "".join(
        f'    transparent_crc(contexts[{i}].mark, "mark{i}", print_hash_value);\n'
        f'    transparent_crc(contexts[{i}].count, "count{i}", print_hash_value);\n'
        for i in range(3)
    )
    text = head + body.replace(_END_OF_MAIN, report + _END_OF_MAIN)
    settings = _settings("struct Context *", '{ spelling = "context", assigned = true }')
    return StatefulProgram(text, settings, "context", "context", assigns)


def _instrument(function: str, rng: Random, *, switches: bool) -> str:
    """Insert uses of the context after about a third of the statements of one function."""
    lines, result = function.splitlines(), list[str]()
    for index, line in enumerate(lines):
        following = lines[index + 1] if index + 1 < len(lines) else ""
        key = rng.randrange(1, 30)
        returned = _RETURN.fullmatch(line)
        if returned and rng.randrange(2):
            result.append(f"{returned['indent']}return (touch({key}u), {returned['value']});")
        else:
            result.append(line)
        if returned or not _STATEMENT.fullmatch(line) or following.strip().startswith("else"):
            continue
        if rng.randrange(3) == 0:
            choices = _USES + (_SWITCHES if switches else ())
            result.append("    " + rng.choice(choices).format(k=key))
    return "\n".join(result)


def _settings(type_: str, accessor: str) -> str:
    return f"""\
pinned = ["main"]

[[state]]
name = "state"
type = "{type_}"
names = ["s", "st"]
accessors = [{accessor}]
"""
