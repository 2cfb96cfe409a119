"""The settings of one run, as frozen values.  Every default is the cautious one."""

from typing import Literal

from clew.text.record import record

Effect = Literal["unknown", "argument", "detaches", "attaches", "saves"]


_FOREIGN = tuple(
    f"**/*.{ending}"
    for ending in [
        "s",
        "S",
        "asm",
        "cc",
        "cpp",
        "cxx",
        "C",
        "hh",
        "hpp",
        "m",
        "mm",
        "pyx",
        "pxd",
        "y",
        "l",
        "ld",
        "lds",
        "map",
        "sym",
        "def",
        "exp",
        "inc",
        "rs",
        "go",
        "swift",
    ]
)


@record()
class Changer:
    """A function or macro after which the ambient state may differ.

    *effect* tells what is known of the state afterwards: nothing ("unknown"); it is the value of
    argument *argument* ("argument": ``PyEval_RestoreThread(save)``); no state is current and the call
    returned the former one ("detaches": ``save = PyEval_SaveThread()``).  "attaches" is as "argument",
    and the call returns the former state (``PyThreadState_Swap(new)``); after "saves" the current state is
    unknown, and the call returns a token for the former one (``PyGILState_Ensure()``).
    """

    name: str
    effect: Effect = "unknown"
    argument: int = 0


@record()
class Accessor:
    """A spelling that fetches the state: C tokens such as ``_PyThreadState_GET()``, ``the_repository`` or
    ``M``.  *object* marks a global object (``M.x`` becomes ``emu->x``, ``&M`` becomes ``emu``).
    *checked* marks one that may abort or is invalid in places: it is never moved above a condition.
    *assigned* marks a global variable whose assignments change the state (found in the sources)."""

    spelling: str
    object: bool = False
    checked: bool = False
    assigned: bool = False


@record()
class Bindings:
    """How Python that calls the program through ctypes or cffi passes the state: *argument* is the expression
    for it in calls, *ctype* its type for ctypes, *cdef* its C type in cffi's declarations ("": as in C)."""

    argument: str = ""
    ctype: str = "ctypes.c_void_p"
    cdef: str = ""


@record()
class State:
    """One ambient object.  *type* is the C type of the parameter; *names* its names in order of
    preference.  *holders* "named" trusts parameters that have one of these names to be the current state,
    except in the functions *others*; "proved" trusts only what every caller proves.  The first of
    *accessors* is the one written into boundaries.  *derived* maps an accessor of another state to the path
    from this one, with ``{}`` for the variable (``{}->interp``)."""

    name: str
    type: str
    names: tuple[str, ...]
    accessors: tuple[Accessor, ...]
    changers: tuple[Changer, ...] = ()
    preserves: tuple[str, ...] = ()  # functions trusted to leave the state as they found it
    noreturn: tuple[str, ...] = ()
    indirect: Literal["preserves", "unknown"] = "unknown"  # calls through pointers
    external: Literal["preserves", "unknown"] = "preserves"  # functions whose body is not in the tree
    derived: tuple[tuple[str, str], ...] = ()
    provided: tuple[str, ...] = ()  # "struct index_state *: {}->repo"
    prefer: Literal["parameter", "provided"] = "parameter"  # is a new parameter better than a provided state?
    holders: Literal["proved", "named"] = "proved"  # when is a parameter of the type the current state?
    others: tuple[str, ...] = ()  # functions (globs) whose parameter of the type is some other state
    # calls of wrappers where a variable is at hand; "callers": whoever calls a new twin's wrapper gets one;
    # "all": whoever calls any wrapper
    redirect: Literal["holders", "callers", "all", "off"] = "holders"
    redirect_files: tuple[str, ...] = ()  # files (globs) in which it is "all"
    # fetches of states that hang off it; "all": as `redirect`
    derive: Literal["holders", "all", "off"] = "holders"
    split: tuple[str, ...] = ()  # functions (globs) that lend their body to a twin where they are pinned
    twin: str = "_{name}"  # how a twin is called
    twins: tuple[tuple[str, str], ...] = ()  # function, name of its twin
    renames: tuple[tuple[str, str], ...] = ()  # function, its new name: no wrapper stays
    wrapper: Literal["after", "before", "macro"] = "after"  # what stays under the old name, and where
    twin_headers: tuple[tuple[str, str], ...] = ()  # glob of a file, the header that declares its twins
    public_twins: tuple[str, ...] = ("*",)  # names (globs) of twins that other files may call
    # a twin is static unless another file calls it; or it is what its wrapper is
    twin_linkage: Literal["static", "wrapper"] = "static"
    position: str = "first"  # or "last", or "after TYPE": behind the first parameter of that C type
    boundary: Literal["local", "inline"] = "local"
    # what functions use that hold the state and get no parameter: what they hold (unless marked as unused),
    # even if it is marked, or the accessor
    outside: Literal["held", "any", "accessor"] = "held"
    goal: Literal["explicit", "fewer-fetches"] = "explicit"  # thread whatever fetches, or what saves fetches
    fetch: Literal["first-use", "entry"] = "first-use"
    bindings: Bindings = Bindings()
    guard: str = ""  # a macro that source files define before they see the accessors
    header: str = ""  # the header that declares the type, for files that lack it
    check: str = ""  # fetches the state in an instrumented build, and never aborts


@record()
class Scope:
    """What may change.  *paths* are globs relative to the root (empty: every file of the tree);
    *functions* restricts threading to these names (empty: any), and other edits to these and the calls of
    them; in functions named *holders* (globs) whatever a variable holds is edited as well, and nothing else
    where there are no *functions*."""

    paths: tuple[str, ...] = ()
    functions: tuple[str, ...] = ()
    linkage: Literal["static", "internal", "any"] = "static"
    depth: int | None = None
    holders: tuple[str, ...] = ()

    @property
    def is_named(self) -> bool:
        """Whether it names the functions that change, apart from calls."""
        return bool(self.functions or self.holders)


@record()
class Settings:
    """Everything that steers a run.

    *include*/*exclude* are globs of the files that belong to the program; *generated* are files that
    clew reads and never edits; *foreign* are files in other languages: whatever external function they
    name keeps its signature; *pinned* are functions (names, or globs) whose signature must not change;
    *export_macros* mark exported functions; *columns* is the width beyond which a line that clew
    lengthened is wrapped.
    """

    states: tuple[State, ...]
    include: tuple[str, ...] = ("**/*.c", "**/*.h")
    exclude: tuple[str, ...] = ()
    foreign: tuple[str, ...] = _FOREIGN
    generated: tuple[str, ...] = ()
    pinned: tuple[str, ...] = ("main",)
    export_macros: tuple[str, ...] = ()
    types: tuple[str, ...] = ()  # typedef names that no file of the tree defines
    defines: tuple[tuple[str, str], ...] = ()
    columns: int = 80
    format: Literal["own", "clang-format"] = "own"  # who lays out the lines that clew writes
    profile: str = ""

    def state(self, name: str) -> State:
        """Return the state called *name*; raise `KeyError` when there is none."""
        for state in self.states:
            if state.name == name:
                return state
        raise KeyError(name)
