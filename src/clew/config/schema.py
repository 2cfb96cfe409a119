"""The keys of ``clew.toml``: the one table that validation, defaults, templates and docs are made from.

A default is not written here: it is that of the field in `clew.config.settings` that the key fills.
"""

from dataclasses import MISSING, fields
from typing import Literal

from clew.config.settings import Accessor, Bindings, Changer, Settings, State
from clew.text.record import record

Kind = Literal["string", "strings", "integer", "boolean", "choice", "pairs", "table", "tables"]


@record()
class Key:
    """One key: *field* is the field that it fills, *choices* the allowed words of a "choice", *table* the
    keys of a "table" or of each element of "tables"; *constraint* names a check of `clew.config.check`."""

    name: str
    kind: Kind
    doc: str
    field: str = ""
    choices: tuple[str, ...] = ()
    table: "Table | None" = None
    required: bool = False
    constraint: str = ""


@record()
class Table:
    """The keys of one table.  *bare* is the key that a plain string stands for, where an element of an
    array may be written as a string instead of a table."""

    title: str
    makes: type
    keys: tuple[Key, ...]
    bare: str = ""

    def key(self, name: str) -> Key | None:
        """Return the key called *name*, or None."""
        return next((key for key in self.keys if key.name == name), None)

    def default(self, key: Key) -> object:
        """Return the default of *key*, or None when it has none."""
        for field in fields(self.makes):
            if field.name == (key.field or key.name) and field.default is not MISSING:
                return field.default
        return None


ACCESSOR = Table(
    "accessors",
    Accessor,
    (
        Key("spelling", "string", "C tokens that fetch the state", required=True, constraint="tokens"),
        Key("object", "boolean", "a global object: `M.x` becomes `emu->x`, `&M` becomes `emu`"),
        Key("checked", "boolean", "may abort or be invalid in places: never moved above a condition"),
        Key("assigned", "boolean", "a global variable; assigning it changes the state"),
    ),
    bare="spelling",
)

CHANGER = Table(
    "changers",
    Changer,
    (
        Key("name", "string", "a function or macro that may change the state", required=True),
        Key(
            "effect",
            "choice",
            "what holds afterwards: nothing is known; it is the value of an argument; no state is current "
            "and the call returned the former one; as argument, and the call returned the former one",
            choices=("unknown", "argument", "detaches", "attaches", "saves"),
        ),
        Key("argument", "integer", "index of that argument, from 0", constraint="count"),
    ),
    bare="name",
)

BINDINGS = Table(
    "bindings",
    Bindings,
    (
        Key(
            "argument",
            "string",
            "Python expression that calls pass for the state",
            constraint="expression",
        ),
        Key("ctype", "string", "its type in `argtypes`, with its module", constraint="dotted"),
        Key("cdef", "string", "its C type in `cdef` declarations; empty: as in C"),
    ),
)

STATE = Table(
    "state",
    State,
    (
        Key("name", "string", "what `--state` calls it", required=True),
        Key("type", "string", "C type of the parameter", required=True, constraint="tokens"),
        Key("names", "strings", "names of the parameter, best first", required=True, constraint="names"),
        Key(
            "accessors",
            "tables",
            "what fetches it; boundaries are written with the first",
            table=ACCESSOR,
            required=True,
        ),
        Key("like", "string", "take changers, preserves, noreturn, indirect and external of this state"),
        Key("changers", "tables", "what changes it, beyond what the sources show", table=CHANGER),
        Key("preserves", "strings", "functions trusted to leave it as they found it"),
        Key("noreturn", "strings", "functions that do not return"),
        Key("indirect", "choice", "what calls through pointers do to it", choices=("preserves", "unknown")),
        Key(
            "external",
            "choice",
            "what functions without a body in the tree do to it",
            choices=("preserves", "unknown"),
        ),
        Key("derived", "pairs", "accessor of another state = path from this one", constraint="path"),
        Key(
            "provided",
            "strings",
            "parameters that carry it: `struct index_state *: {}->repo`",
            constraint="provider",
        ),
        Key(
            "prefer",
            "choice",
            "where a parameter carries the state: one more parameter for the function, or the state from "
            "there",
            choices=("parameter", "provided"),
        ),
        Key(
            "holders",
            "choice",
            "which parameters of the type are the current state: what every caller proves, or (named) all "
            "that have one of the names",
            choices=("proved", "named"),
        ),
        Key("others", "strings", "functions (names or globs) whose parameter of the type is another state"),
        Key(
            "redirect",
            "choice",
            "calls of a wrapper by functions that hold the state become calls of its twin; `callers`: every "
            "function that calls a new twin's wrapper gets the state; `all`: every function that calls a "
            "wrapper does",
            choices=("holders", "callers", "all", "off"),
        ),
        Key(
            "redirect_files",
            "strings",
            "files (globs) for which `redirect` is `all`, as when one file after the other is worked "
            "through; in others only functions that get the state redirect calls, and calls of new twins "
            "beside them",
        ),
        Key(
            "derive",
            "choice",
            "fetches of states that hang off this one become paths in functions that hold it; `all`: where "
            "`redirect` is `all`, functions get it for that",
            choices=("holders", "all", "off"),
        ),
        Key(
            "split", "strings", "functions (names or globs) whose body moves to a twin where they are pinned"
        ),
        Key("twin", "string", "how twins are called, with `{name}`", constraint="twin"),
        Key("twins", "pairs", "names of twins, by function"),
        Key("renames", "pairs", "new names, by function; no wrapper stays, every call changes"),
        Key(
            "wrapper",
            "choice",
            "what stays under the name of a function that was split: a function after the twin or before it, "
            "or a macro",
            choices=("after", "before", "macro"),
        ),
        Key(
            "twin_headers",
            "pairs",
            "headers that declare twins, by file (a glob); one that the tree lacks is made if it is in scope",
        ),
        Key(
            "public_twins",
            "strings",
            "names (globs) that twins need to be called from other files; others stay static",
        ),
        Key(
            "twin_linkage",
            "choice",
            "a twin is static unless another file calls it, or has the linkage of its wrapper and is declared"
            " beside it",
            choices=("static", "wrapper"),
        ),
        Key(
            "position",
            "string",
            "where the parameter goes: `first`, `last`, or `after TYPE`, behind the first parameter of that "
            "C type (first where there is none)",
            constraint="position",
        ),
        Key("boundary", "choice", "how pinned functions fetch", choices=("local", "inline")),
        Key(
            "outside",
            "choice",
            "what functions use that hold the state and get no parameter: what they hold (unless it is "
            "marked as unused), whatever they hold (the mark goes), or (where it can be seen) the accessor "
            "all the same",
            choices=("held", "any", "accessor"),
        ),
        Key(
            "goal",
            "choice",
            "thread whatever fetches, or only what makes some path fetch less often and no path more often",
            choices=("explicit", "fewer-fetches"),
        ),
        Key("fetch", "choice", "where a boundary's local is filled", choices=("first-use", "entry")),
        Key("bindings", "table", "how Python bindings pass the state (`--bindings`)", table=BINDINGS),
        Key(
            "guard",
            "string",
            "macro that source files define above their includes to see the accessors; clew adds the line",
            constraint="identifier",
        ),
        Key("header", "string", "header that declares the type, for files that lack it"),
        Key(
            "check",
            "string",
            "expression that `clew verify --instrument` compares parameters with; it must not abort",
        ),
    ),
)

SETTINGS = Table(
    "settings",
    Settings,
    (
        Key("profile", "string", "shipped settings to start from"),
        Key("include", "strings", "files of the program"),
        Key("exclude", "strings", "files that do not belong to it"),
        Key("foreign", "strings", "files in other languages that may name functions of the program"),
        Key("generated", "strings", "files that are read and never edited"),
        Key("pinned", "strings", "functions (names or globs) whose signature must not change"),
        Key("export_macros", "strings", "macros that mark exported functions", constraint="names"),
        Key("types", "strings", "typedef names that no file of the tree defines", constraint="names"),
        Key("defines", "pairs", "macros as the build defines them"),
        Key("columns", "integer", "width beyond which a lengthened line is wrapped", constraint="width"),
        Key(
            "format",
            "choice",
            "who lays out changed lines: clew, like the lines around them; or `clang-format`, for files to "
            "which a `.clang-format` of the tree applies",
            choices=("own", "clang-format"),
        ),
        Key("state", "tables", "one ambient object", field="states", table=STATE, required=True),
    ),
)

TABLES = (SETTINGS, STATE, ACCESSOR, CHANGER, BINDINGS)
# What `like` copies: how calls act on a state.  States that hang together change together.
SHARED_KEYS = ("changers", "preserves", "noreturn", "indirect", "external")


def describe_schema() -> str:
    """Return a Markdown reference of all keys."""
    lines: list[str] = []
    for table in TABLES:
        lines += [f"## `{table.title}`", "", "| key | type | default | meaning |", "|---|---|---|---|"]
        lines += [_describe_key(table, key) for key in table.keys]
        lines.append("")
    return "\n".join(lines)


def _describe_key(table: Table, key: Key) -> str:
    kind = " \\| ".join(f'`"{choice}"`' for choice in key.choices) or key.kind
    default = table.default(key)
    shown = (
        "required"
        if key.required
        else ""
        if default in (None, "", ()) or key.kind == "table"
        else f"`{to_toml(default)}`"
    )
    return f"| `{key.name}` | {kind} | {shown} | {key.doc} |"


def to_toml(value: object) -> str:
    """Write a default as TOML."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return f"[{', '.join(to_toml(item) for item in value)}]"
    return str(value) if isinstance(value, int) else '"' + str(value).replace("\\", "\\\\") + '"'
