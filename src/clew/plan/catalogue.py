"""Every reason for which clew leaves something as it is: code, title, why, and how to proceed.

A refusal carries a code and one sentence about its own case; what holds for all of its kind stands here,
and on a page of ``docs/refusals`` with an example that is tested.
"""

from collections.abc import Iterable

from clew.text.record import record


@record()
class Entry:
    """One code: *title* in a few words, *why* clew refuses, and how a person can *proceed*."""

    code: str
    title: str
    why: str
    proceed: str


_ENTRIES = (
    # signatures that must not change
    Entry(
        "listed",
        "The settings or the plan pin the function",
        "A name or a glob under `pinned` covers it, `changers` or `noreturn` list it, so that it may be "
        "called when there is no state, or the plan that was given leaves it out or says "
        '`"decision": "pin"`.',
        "Take the name out of `pinned`, set its decision back to `thread` in the plan, or name the function "
        "with `--function`.",
    ),
    Entry(
        "exported",
        "The function is exported",
        "A macro listed under `export_macros` marks it, so that code outside the tree may call it.",
        "Keep it as a boundary. If every caller is in the tree, allow the change with `--linkage "
        "any`, or remove the mark.",
    ),
    Entry(
        "attributed",
        "An attribute depends on the signature",
        "`alias`, `weak`, `constructor` and the like tie the function to callers that clew does not "
        "see. `format`, `nonnull` and the like count parameters; clew changes their numbers where they "
        "stand in the declaration itself, but here a macro's body holds them, or clew cannot read them.",
        "Add the parameter by hand together with the attribute, or keep the function as a boundary.",
    ),
    Entry(
        "address-taken",
        "The address of the function is taken",
        "Its name stands somewhere without being called: in a table, an assignment, an argument, a "
        "macro body. Whoever calls it through that pointer passes the old parameters.",
        "Keep it as a boundary. To thread the table, change the pointer's type and all its functions "
        "by hand.",
    ),
    Entry(
        "pasted-name",
        "A macro may build the name with ##",
        "A call that a macro pastes together is not visible as text, so that it could not be rewritten. A "
        "macro that pastes the accessor itself goes away with the parameter, unless the refusal says why it "
        "stays.",
        "Write the call out, or change macro and function by hand, then run clew again.",
    ),
    Entry(
        "directive",
        "A preprocessor directive names the function",
        "`#if`, `#pragma` or another directive mentions the name, and clew does not know what that asks for.",
        "Look at the directive. If the signature does not matter to it, add the parameter by hand.",
    ),
    Entry(
        "outside-function",
        "The name stands in text that is no readable function",
        "It is used at file scope, or in a body whose header a macro makes: clew cannot tell what is "
        "executed there, nor which variables are visible.",
        "Write the header out, or change that place by hand.",
    ),
    Entry(
        "called-out-of-scope",
        "A file that must not be edited calls or declares the function",
        "The file is generated, or outside the paths of this run. Its calls would keep the old parameters.",
        "Widen the paths, or change the generator of the file first.",
    ),
    Entry(
        "unprototyped",
        "No prototype checks a call that passes other arguments",
        "The function is declared as `int f();` or defined in the old style, and a call does not "
        "pass as many arguments as it has parameters. No compiler would notice that the state ends "
        "up in the place of another argument.",
        "Correct the call, or give the declaration its parameters, then run clew again.",
    ),
    Entry(
        "variadic",
        "A variadic function cannot be split",
        "A wrapper has no way to pass on the arguments that `...` stands for. A function that only hands "
        "them to one that is split gets a twin which is a copy, unless it has a static variable.",
        "Split the form of the function that takes a `va_list`, and write the variadic twin by hand.",
    ),
    Entry(
        "twin-name-taken",
        "The name of the twin is taken",
        "Some file of the tree knows the name already, so that the twin would clash with it.",
        "Choose another name under `[state.twins]`, or another rule with `twin`.",
    ),
    Entry(
        "variadic-last",
        "A variadic function has no last parameter",
        "By `position` the state would stand right before `...`, where `va_start` names another parameter "
        "as the last.",
        'Say `position = "first"`, or add the parameter by hand together with `va_start`.',
    ),
    Entry(
        "place-unclear",
        "The place of the parameter is not the same everywhere",
        "`position` says behind which parameter the state goes, and either declarations do not agree where "
        "that one is, or a call does not show which of its arguments is which: a macro in it may stand for "
        "several.",
        'Write the declarations alike and the arguments out, or say `position = "first"`.',
    ),
    Entry(
        "macro-namesake",
        "A macro has the same name",
        "A call may mean the macro or the function, and which one may depend on how the file is compiled.",
        "Rename one of the two, or change the calls by hand.",
    ),
    Entry(
        "library-namesake",
        "The C library has a function of the same name",
        "The definition replaces a function that some systems lack. On the others the same calls go to the C "
        "library, whose function takes no state.",
        "Give the replacement a name of its own, and a macro that maps the library's name to it where it is "
        "needed.",
    ),
    Entry(
        "split-header",
        "The header is not one plain list of parameters",
        "Several old-style (K&R) headers under `#if` share one body, or a macro makes the parameter "
        "list, or its parameters are not declared, so that clew does not know where the parameter and its "
        "declaration belong.",
        "Write the header in the style of prototypes, without the macro, then run clew again.",
    ),
    Entry(
        "type-not-visible",
        "The type of the parameter is not declared there",
        "The definition or a prototype stands in a file that does not see the state's type, neither "
        "itself nor through what it includes, so that it would not compile with the parameter. clew "
        "declares the tag of a `struct` there, and includes the state's `header` for other types; "
        "here neither is possible.",
        "Set `header` of the state to the header that declares the type, or include it in that file, then "
        "run clew again.",
    ),
    Entry(
        "accessor-not-visible",
        "The accessor is not declared where a caller would need it",
        "A caller that keeps its signature would have to fetch the state, in a file that does not see the "
        "accessor, and neither would with the state's `header`.",
        "Set `header` of the state to the header that declares the accessor, or declare it above that "
        "caller, then run clew again.",
    ),
    Entry(
        "named-elsewhere",
        "A file in another language names the function",
        "Assembler, C++, a linker script or another file that `foreign` matches mentions the name, "
        "and clew does not read such files any further. Or the name stands in text of a C file that clew "
        "does not read: the instructions of `asm`, a word that a backslash at the end of a line splits, the "
        "size of a parameter.",
        "Look at the file. If it calls the function, keep it as a boundary, or change both by hand.",
    ),
    Entry(
        "accessor",
        "The function is an accessor itself",
        "It is what fetches the state; with the state as a parameter it would have nothing to do.",
        "Nothing has to be done.",
    ),
    Entry(
        "other-state",
        "A parameter of the state's type may be another state",
        "The function takes a value of the state's type already. Nothing proves that it is the "
        "current state, and nothing proves that it is not.",
        "If parameters with the names of the settings always are the current state, say `holders = "
        '"named"`, and list the exceptions under `others`. Otherwise decide by hand which of the two '
        "each use means.",
    ),
    Entry(
        "has-parameter",
        "A parameter is the current state already",
        "The function takes the state, by the settings or proved from every call, so that it needs no other.",
        "Nothing has to be done: its fetches and calls use the parameter.",
    ),
    Entry(
        "used-in-some-branches",
        "Only some #if branches would use the parameter",
        "In a build without those branches the parameter would be unused, which compilers warn of.",
        "Keep it as a boundary, or add the parameter by hand and mark it as unused where it is.",
    ),
    Entry(
        "ambiguous",
        "The name means several functions at a call",
        "More than one definition fits the call, for example two static functions in headers that "
        "one file includes, and the call would have to be rewritten for all of them or for none.",
        "Rename one of the functions, or change the call by hand.",
    ),
    Entry(
        "unparsed",
        "The function could not be parsed",
        "Without its control flow clew cannot know what is executed before a fetch. Nothing in it is "
        "changed.",
        "See what stands at the place: often a macro that clew has not seen. Add the header to "
        "`include` or a type to `types`, or change the function by hand.",
    ),
    Entry(
        "caller-unparsed",
        "A caller of the function could not be parsed",
        "The call in it would have to pass the state, and clew cannot tell what is at hand there.",
        "Help clew to parse the caller (see `unparsed`), or change both by hand.",
    ),
    Entry(
        "unseen-call",
        "A call is not an executed call of the function",
        "The text looks like a call, but the parsed function does not execute it as one: it stands "
        "where no path leads, in an operand of `sizeof`, or a local variable has the same name. Or its only "
        "argument is a macro that may be empty.",
        "Look at the place. Dead code can be removed; a local of the same name can be renamed.",
    ),
    Entry(
        "argument-changes-state",
        "An argument of the call may change the state",
        "The state that the call gets as an argument and the state that is current when it runs may be two.",
        "Compute the argument in a statement of its own before the call, then run clew again.",
    ),
    Entry(
        "no-fewer-fetches",
        "Threading the function would not save a fetch",
        'With `goal = "fewer-fetches"` a function gets the parameter only where some path fetches less often '
        "for it, and no path more often. Here the fetch would merely move into a caller, or happen there on "
        "paths on which the function does not fetch.",
        'Leave it, name the function with `--function`, or say `goal = "explicit"`.',
    ),
    Entry(
        "name-taken",
        "No name is free for the variable",
        "The names of the settings mean something else in the function, or at that place of it: a "
        "parameter, a local, a constant, a type or a macro.",
        "Add another name to `names` of the state, or rename what is in the way.",
    ),
    Entry(
        "out-of-scope",
        "The scope of this run leaves the function out",
        "It is not static while only static functions may change, or it is none of those named with "
        "`--function`.",
        "Widen the scope: `--linkage internal`, `--linkage any`, or more functions.",
    ),
    # fetches that stay
    Entry(
        "state-may-change",
        "The state may have changed since the function was entered",
        "On some path another state may be current at the fetch than at the entry, and no variable "
        "is known to hold it. The refusal names the calls that lead to the change.",
        "If one of the calls on the way always restores the state, list it under `preserves`. If "
        'calls through pointers always do, say `indirect = "preserves"`. Otherwise the fetch has to '
        "stay.",
    ),
    Entry(
        "accessor-as-value",
        "The accessor is named without being called",
        "A pointer to it, a macro that gives it another name, or one that is given it may fetch the state "
        "somewhere. clew follows none of these: what they fetch stays as it is, and the place that names the "
        "accessor counts as one fetch.",
        "Call the accessor by its own name, or list the other name under `accessors`.",
    ),
    Entry(
        "not-executed",
        "No executed expression contains the fetch",
        "The text spells the accessor, but no operation of the parsed function is a fetch there: the "
        "place cannot be reached, or is an operand that C does not evaluate.",
        "Look at the place: dead code can be removed, and what is left can be changed by hand.",
    ),
    Entry(
        "unsequenced",
        "The same expression may change the state, in no definite order",
        "C leaves open whether the fetch or the change comes first (C11 6.5p2-3), so that no value "
        "is the right one for it.",
        "Split the expression into statements that have the order you mean, then run clew again.",
    ),
    Entry(
        "static-initialiser",
        "The initialiser of a static local must be a constant",
        "A static local is initialised before the program runs, so a parameter cannot stand there; the "
        "address of a global object can.",
        "Leave it, or assign the variable where it is used.",
    ),
    Entry(
        "stringified",
        "A macro turns the text into a string",
        "An argument of the macro becomes a string by `#`, so that the program could print the variable, or "
        "the passed state, where it printed the text as it is now.",
        "If nothing depends on that string, change the place by hand, then run clew again.",
    ),
    Entry(
        "compared",
        "The fetch checks a variable of the same type",
        "Comparing a variable with the accessor asks whether it is the current state. With a variable that "
        "is trusted to be it on both sides, the check would always hold.",
        "Leave it: the check is what the fetch is for.",
    ),
    Entry(
        "separate-paths",
        "One fetch for all uses would burden other paths",
        "The function keeps its signature and fetches on several paths. One fetch for all of them "
        'would stand on a path that does not fetch today, and `fetch = "first-use"` promises not to '
        "add any.",
        'Leave it, or say `fetch = "entry"` for the state if a fetch at the entry is welcome.',
    ),
)

CATALOGUE = {entry.code: entry for entry in _ENTRIES}


def entries_of(codes: Iterable[str]) -> list[Entry]:
    """Return the entries of *codes*, each once, in the catalogue's order; a code that is none (a plan may be
    edited by hand) has no entry."""
    wanted = set(codes)
    return [entry for entry in _ENTRIES if entry.code in wanted]
