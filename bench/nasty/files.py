"""The parts of a program that are much the same for every seed."""

from dataclasses import dataclass
from string import Template

from nasty.model import Program

_HEADER = Template("""\
#ifndef CORE_H
#define CORE_H
#include <setjmp.h>
#include <stdio.h>
#include <string.h>

typedef struct State State;
struct State {
    unsigned id, tag, hits;
    unsigned arr[4];
    State *link;
    unsigned cur, st;
};
typedef struct { State *cur; unsigned M; } Box;
typedef unsigned Callback(unsigned, unsigned);

#ifndef CONF
#define CONF 0
#endif
#if CONF
#define CONF_ONE
#endif

extern State pool[6], nobody;
extern unsigned fuel, armed;
extern jmp_buf landing;
unsigned mix(unsigned site, unsigned value);
unsigned peek(const State *state);
void leap(void) __attribute__((noreturn));
void report(void);
void set_state(State *state);
void move_elsewhere(unsigned index);
$declarations
#endif
""")

_SOURCE = Template("""\
#include "core.h"

State pool[6] = {
    { 11u, 1u, 0u, { 5u, 6u, 7u, 8u }, &pool[1], 21u, 31u },
    { 222u, 2u, 0u, { 15u, 16u, 17u, 18u }, &pool[2], 22u, 32u },
    { 3333u, 3u, 0u, { 25u, 26u, 27u, 28u }, &pool[3], 23u, 33u },
    { 44444u, 4u, 0u, { 35u, 36u, 37u, 38u }, &pool[0], 24u, 34u },
    { 555555u, 5u, 0u, { 45u, 46u, 47u, 48u }, &pool[0], 25u, 35u },
    { 6666666u, 6u, 0u, { 55u, 56u, 57u, 58u }, &pool[0], 26u, 36u },
};
State nobody = { 77u, 7u, 0u, { 65u, 66u, 67u, 68u }, &pool[1], 27u, 37u };
unsigned fuel, armed;
jmp_buf landing;
static unsigned long long sum = 1469598103934665603ull;
static unsigned events;
static unsigned char seen[$sites / 8 + 1];

/* Every observation goes through here: which place, and what it saw. */
unsigned mix(unsigned site, unsigned value)
{
    seen[site / 8] |= (unsigned char)(1u << (site % 8));
    events++;
    sum = (sum ^ site) * 1099511628211ull;
    sum = (sum ^ value) * 1099511628211ull;
    sum ^= sum >> 29;
#ifdef TRACE
    fprintf(stderr, "%u %u\\n", site, value);
#endif
    return (unsigned)(sum >> 7) & 255u;
}

unsigned peek(const State *state)
{
    return state->id ^ state->tag;
}

void leap(void)
{
    longjmp(landing, 1);
}

void report(void)
{
    unsigned i, sites = 0;
    for (i = 0; i < 6; i++)
        mix(0u, pool[i].id ^ pool[i].tag ^ pool[i].hits ^ pool[i].arr[0] ^ pool[i].arr[2]);
    for (i = 0; i < 8 * sizeof seen; i++)
        sites += seen[i / 8] >> (i % 8) & 1u;
    printf("checksum %016llx events %u sites %u\\n", sum, events, sites);
}
$definitions
""")

_DECLARATIONS = {
    "pointer": """\
extern State *cur;
void move_state(State **place, State *state);
""",
    "call": """\
State *state_get(void);
State *state_swap(State *state);
State *state_detach(void);
void state_attach(State *state);
void set_state_quietly(State *state);
State *pick_0(void);
State *pick_1(void);
State *pick_2(void);
State *pick_3(void);
#define STATE() state_get()
""",
    "object": """\
extern State M;
""",
}

_DEFINITIONS = {
    "pointer": """
State *cur = &pool[0];
static State **const place_of_cur = &cur;

void set_state(State *state) { cur = state; }
void move_state(State **place, State *state) { *place = state; }
void move_elsewhere(unsigned index) { *place_of_cur = &pool[index]; }
""",
    "call": """
static State *slot = &pool[0];

State *state_get(void) { return slot; }
State *state_swap(State *state) { State *former = slot; slot = state; return former; }
State *state_detach(void) { State *former = slot; slot = &nobody; return former; }
void state_attach(State *state) { slot = state; }
void set_state(State *state) { slot = state; }
void set_state_quietly(State *state) { slot = state; }
void move_elsewhere(unsigned index) { slot = &pool[index]; }
""",
    "object": """
State M = { 99u, 9u, 0u, { 75u, 76u, 77u, 78u }, &pool[2], 28u, 38u };
static State *const place_of_M = &M;

void set_state(State *state) { M = *state; }
void move_elsewhere(unsigned index) { *place_of_M = pool[index]; }
""",
}
_PICKS = """
State *pick_0(void) { return &pool[0]; }
State *pick_1(void) { return &pool[1]; }
State *pick_2(void) { return &pool[2]; }
State *pick_3(void) { return &pool[3]; }
"""
# A calm program does not even contain code that could change its state.
_CALM = {
    "pointer": "\nState *cur = &pool[0];\n",
    "call": "\nstatic State *slot = &pool[0];\n\nState *state_get(void) { return slot; }\n",
    "object": "\nState M = { 99u, 9u, 0u, { 75u, 76u, 77u, 78u }, &pool[2], 28u, 38u };\n",
}
_ACCESSORS = {
    "pointer": '[{ spelling = "cur", assigned = true }]',
    "call": '["state_get()", "STATE()"]',
    "object": '[{ spelling = "M", object = true, assigned = true }]',
}
_CHANGERS = """\
changers = [
    { name = "state_swap", effect = "attaches" },
    { name = "state_detach", effect = "detaches" },
    { name = "state_attach", effect = "argument" },
    "set_state", "set_state_quietly", "move_elsewhere",
]
"""


@dataclass(frozen=True, slots=True)
class MainFunction:
    """``main`` and what stands before the definitions for its sake."""

    before: list[str]
    text: str


def core_header(program: Program) -> str:
    """Return ``core.h``."""
    return _HEADER.substitute(declarations=_DECLARATIONS[program.flavour.name])


def core_source(program: Program) -> str:
    """Return ``core.c``: the state itself, and all that touches it directly."""
    definitions = (_DEFINITIONS if program.assigns else _CALM)[program.flavour.name]
    if program.flavour.name == "call":
        definitions += _PICKS
    return _SOURCE.substitute(sites=program.sites, definitions=definitions)


def shared_macros(program: Program) -> str:
    """Return the macros that every program has."""
    get, change = program.flavour.get, program.flavour.change
    member = program.flavour.arrow[0].format
    scoped_type, scoped_value = ("State *", get)
    back = change.format("former_")
    if program.flavour.assigned_in_place:
        scoped_type, scoped_value, back = "State ", "M", "M = former_"
    lines = [
        f"#define HERE {member('id')}",
        f"#define HERE_TAG() ({member('tag')} + 1u)",
        f"#define WITH_DEFAULT(v) (({get}) ? HERE : (v))",
        "#define MARK(k) mix((k), HERE)",
        f"#define MARK_X(k) mix((k), x ^ {member('id')})",
        "#define MARK_TWICE(k) \\\n    (MARK(k) + 1u)",
        "#define PASTE_CALL(n, ...) f##n(__VA_ARGS__)",
        f"#define DECLARE(p) State *p = {get}",
        "#define TWICE(s) do { s; s; } while (0)",
        "#define WRAPPED(one, two) { one; two; }",
        "#define WITH(cur, k) mix((k), (cur)->id)",
        f"#define CHECK(c) if (!(c)) x += {member('id')}",
        "#define RETURN_IF(c) if (c) return x",
    ]
    if program.ts_is_macro:
        lines.append("#define st_of(p) ((p)->st)\n#define ts 17u")
    if program.assigns:
        lines += [
            f"#define SET(i) ((void){change.format('&pool[(i) & 3u]')})",
            (
                f"#define SCOPED(i, s) do {{ {scoped_type}former_ = {scoped_value}; SET(i); s; \\\n"
                f"        {back}; }} while (0)"
            ),
            "#define FOR_ALL for (cur = pool; cur < pool + 3; cur++)",
        ]
    return "\n".join(lines)


def main_function(program: Program) -> MainFunction:
    """Return ``main``: it calls every function, a few rounds long."""
    callbacks = sorted(f.name for f in program.functions if f.name in program.address_taken and f.is_callback)
    before = _callback_parts(program, callbacks)
    lines = []
    for function in program.functions:
        values = {"number": "x & 7u", "depth": "3u", "state": "&pool[round & 3u]"}
        words = ", ".join(values[parameter.kind] for parameter in function.parameters)
        call = f"{function.name}({words})"
        lines.append("fuel = 50u;")
        lines.append(
            {"number": f"x ^= {call};", "void": f"{call};", "state": f"x += {call}->id;"}[function.result]
        )
        if program.assigns and program.rng.randrange(5) == 0:
            lines.append(f"(void){program.flavour.change.format('&pool[x & 3u]')};")
    body = "\n        ".join(lines)
    text = f"""\
static void run_all(void)
{{
    unsigned round, x = 1u;
    for (round = 0; round < 12u; round++) {{
        {body}
        mix(0u, x);
    }}
}}

int main(void)
{{
    run_all();
    report();
    return 0;
}}"""
    return MainFunction(before, text)


def _callback_parts(program: Program, callbacks: list[str]) -> list[str]:
    """Return the functions and the table that indirect calls use."""
    observe = f"mix({program.site()}u, {program.flavour.arrow[0].format('id')})"
    direct = f"mix({program.site()}u, v + {program.flavour.arrow[0].format('tag')})"
    table = ", ".join(callbacks or ["f_default"])
    return [
        f"static unsigned f_apply_direct(unsigned v)\n{{\n    return {direct};\n}}",
        "static unsigned f_default(unsigned a, unsigned d)\n{\n    return a + d;\n}",
        (
            "static unsigned f_apply(Callback *fn, unsigned v)\n"
            f"{{\n    unsigned x = {observe};\n    x += fn(v, 1u);\n    return x ^ {observe};\n}}"
        ),
        f"static Callback *const table[] = {{ {table} }};",
        "#define TABLE_SIZE (sizeof table / sizeof table[0])",
    ]


def settings(program: Program) -> str:
    """Return ``clew.toml``."""
    changers = _CHANGERS if program.assigns and program.flavour.name == "call" else ""
    indirect = "preserves" if program.indirect_preserves() else "unknown"
    boundary = program.rng.choice(("local", "inline"))
    fetch = program.rng.choice(("first-use", "entry"))
    position = program.rng.choice(("first", "first", "last"))
    return f"""\
pinned = ["main"]

[[state]]
name = "st"
type = "State *"
names = ["st", "ts", "state_"]
accessors = {_ACCESSORS[program.flavour.name]}
{changers}noreturn = ["leap", "longjmp"]
indirect = "{indirect}"
position = "{position}"
boundary = "{boundary}"
fetch = "{fetch}"
header = "core.h"
"""
