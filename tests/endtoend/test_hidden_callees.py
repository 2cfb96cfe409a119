"""Callees that are hard to see, in every way that somebody thought of: a macro makes them or their name, an
expression chooses them, assembler names them.  Whatever clew does to such a program, it prints the same."""

import pytest

pytestmark = pytest.mark.compiler

BY_CALL = """\
pinned = ["main", "state_get", "state_attach"]
[[state]]
name = "ts"
type = "State *"
names = ["ts", "tstate"]
accessors = ["state_get()"]
changers = [{ name = "state_attach", effect = "argument" }]
"""
TRUSTING = BY_CALL + 'indirect = "preserves"\n'
BY_VARIABLE = """\
pinned = ["main"]
[[state]]
name = "ts"
type = "State *"
names = ["ts", "st"]
accessors = [{ spelling = "the_state", assigned = true }]
"""
SWITCH = "static int sw(State *s) { state_attach(s); return s->id; }\n"
CALLS = (
    SWITCH
    + """\
static int tot(int a) { return state_get()->id * 10 + a; }
%s
static int work(int k) { int n = tot(k); %s return n * 100 + tot(k); }
int main(void) { printf("%%d\\n", work(1)); printf("%%d\\n", work(0)); return 0; }
"""
)
VARIABLE = """\
%s
static int tot(int a) { return the_state->id * 10 + a; }
%s
static int work(int k) { int n = tot(k); %s return n * 100 + tot(k); }
int main(void) { printf("%%d\\n", work(1)); the_state = &A; printf("%%d\\n", work(0)); return 0; }
"""
MAIN = 'int main(void) { printf("%d\\n", work(1)); return 0; }\n'

# what stands before the function, what stands in it between two uses of the state, and further files
IN_CALLS = {
    "generic fn": ("", "n += _Generic(k, int: sw, default: 0)(&B);", {}),
    "cond fn": ("static int no(State *s) { (void)s; return 0; }", "n += (k ? sw : no)(&B);", {}),
    "fn return": ("static int (*get(void))(State *) { return sw; }", "get()(&B);", {}),
    "fnptr cast trust": ("", "((void (*)(State *))state_attach)(&B);", {}),
    "stmtexpr": ("", "n += ({ int q = sw(&B); q; });", {}),
    "elvis": ("", "n += !k ?: sw(&B);", {}),
    "macro arg2": ("#define C(f, ...) f(__VA_ARGS__)\n#define D(x) C x", "D((sw, &B));", {}),
    "macro paste3": (
        ("#define C(a, b) C2(a, b)\n#define C2(a, b) a##b\n#define X s\n#define Y w"),
        "C(X, Y)(&B);",
        {},
    ),
    "macro paste": ("#define C(a, b) a##b", "C(s, w)(&B);", {}),
    "macro empty sep": ("#define E", "sw E (&B);", {}),
    "macro selfswitch": ("#define sw2(x) (sw)(x)\n#define q sw2", "q(&B);", {}),
    "macro name chain": ("#define a1 a2\n#define a2 a3\n#define a3 sw", "a1(&B);", {}),
    "macro self": ("#define sw(x) sw(x)", "sw(&B);", {}),
    "macro redef": ("#define Z n++\n#undef Z\n#define Z sw(&B)", "Z;", {}),
    "macro cond": (("#ifdef NOPE\n#define Z n++\n#else\n#define Z sw(&B)\n#endif"), "Z;", {}),
    "include inc": ("", '\n#include "inc.inc"\n', {"inc.inc": "sw(&B);\n"}),
    "include def": ("", '\n#define X(a) a(&B);\n#include "list.def"\n#undef X\n', {"list.def": "X(sw)\n"}),
    "xmacro": (
        ("#define LIST(X) X(sw) X(sw2)\nstatic int sw2(State *s) { return s->id; }"),
        "\n#define X(f) n += f(&B);\nLIST(X)\n#undef X\n",
        {},
    ),
    "include macro in body": ('#define INC "inc.h"', "\n#include INC\n", {"inc.h": "sw(&B);\n"}),
    "ifunc": (
        (
            "int sw9(State *s) { state_attach(s); return 1; }\n"
            "static void *res(void) { return sw9; }\n"
            'int sw8(State *) __attribute__((ifunc("res")));'
        ),
        "n += sw8(&B);",
        {},
    ),
    "weakref": (
        (
            "int sw9(State *s) { state_attach(s); return 1; }\n"
            'static int sw8(State *) __attribute__((weakref("sw9")));'
        ),
        "n += sw8(&B);",
        {},
    ),
    "asmlabel": ('extern void q8(State *) __asm__("state_" "attach");', "q8(&B);", {}),
    "asmlabel macro": (('#define NM "state_attach"\nextern void q8(State *) __asm__(NM);'), "q8(&B);", {}),
    "asm top": (('__asm__(".globl q8\\nq8 = state_attach\\n");\nextern void q8(State *);'), "q8(&B);", {}),
    "ucn vs utf8": ("static void s\\u00e9(void) { state_attach(&B); }", "sé();", {}),
    "template paste": (
        '#define P_(a) q_##a\n#define P(a) P_(a)\n#include "tm.h"',
        "q_sw();",
        {"tm.h": "static void P(sw)(void) { state_attach(&B); }\n"},
    ),
    "template chain": (
        '#define N1 N2\n#define N2 ti\n#include "tm.h"',
        "ti();",
        {"tm.h": "static void N1(void) { state_attach(&B); }\n"},
    ),
    "template twice": (
        (
            "#define NAME ti\n"
            "#define V A\n"
            '#include "tm.h"\n'
            "#undef NAME\n"
            "#undef V\n"
            "#define NAME tj\n"
            "#define V B\n"
            '#include "tm.h"'
        ),
        "tj();",
        {"tm.h": "static void NAME(void) { state_attach(&V); }\n"},
    ),
    "macro fn head obj": (("#define HEAD static void q(void)\nHEAD { state_attach(&B); }"), "q();", {}),
    "macro fn head call": (
        ("static void go(void) { state_attach(&B); }\n#define HEAD static void q(void)\nHEAD { go(); }"),
        "q();",
        {},
    ),
    "macro fn brace": (
        ("#define OPEN {\n#define CLOSE }\nstatic void q(void) OPEN state_attach(&B); CLOSE"),
        "q();",
        {},
    ),
    "macro fn late": (
        ("#define FUNC(n, body) static void n(void) { body }\nFUNC(q, state_attach(&B);)"),
        "q();",
        {},
    ),
    "macro fn late2": (
        (
            "static void go(void) { state_attach(&B); }\n"
            "#define FUNC(n, body) static void n(void) { body }\n"
            "FUNC(q, go();)"
        ),
        "q();",
        {},
    ),
    "macro fn semicolon2": (("#define FUNC(n, f) static void n(void) { f(&B); }\nFUNC(q, sw)"), "q();", {}),
    "macro fn nested list": (
        ("#define LIST(X) X(q1) X(q2)\n#define FUNC(n) static void n(void) { sw(&B); }\nLIST(FUNC)"),
        "q2();",
        {},
    ),
    "fn head if": (
        ("#ifdef NOPE\nstatic void q(int a)\n#else\nstatic void q(void)\n#endif\n{ state_attach(&B); }"),
        "q();",
        {},
    ),
    "fn brace if": (
        ("static void q(void) {\n#ifdef NOPE\n n(); }\n#else\n state_attach(&B); }\n#endif"),
        "q();",
        {},
    ),
    "param shadow": (
        (
            "static void ap(void state_attach(State *), State *s) { state_attach(s); }\n"
            "static void nop(State *s) { (void)s; }"
        ),
        "ap(nop, &B); sw(&B);",
        {},
    ),
    "vla sizeof deref": ("", "char (*p)[2][k + 1] = 0; n += sizeof *(sw(&B), p);", {}),
    "vla va arg": (
        (
            "static int va(int q, ...) { __builtin_va_list ap; __builtin_va_start(ap, q); "
            "int r = *(int *)__builtin_va_arg(ap, typeof(int (*)[sw(&B)])); __builtin_va_end(ap); "
            "return r; }"
        ),
        "int z[9] = {1}; n += va(1, &z);",
        {},
    ),
    "duff": ("", "switch (k) { case 0: do { n++; case 1: sw(&B); } while (n < 3); }", {}),
    "computed": ("", "void *p = k ? &&x : &&y; goto *p; x: sw(&B); y:;", {}),
    "setjmp in macro": (
        (
            "#include <setjmp.h>\n"
            "static jmp_buf e; static void jj(int k) { sw(&B); if (k) longjmp(e, 1); sw(&A); }\n"
            "#define TRY(x) if (!setjmp(e)) x"
        ),
        "TRY(jj(k));",
        {},
    ),
    "init range": ("", "int a[3] = { [0 ... 2] = sw(&B) }; n += a[0];", {}),
    "switch skip": ("", "switch (k) { sw(&A); case 1: sw(&B); default:; }", {}),
    "splice comment": (
        ("static void sp(void) { /\\\n/ state_attach(&A); \\\nmore\n state_attach(&B); }"),
        "sp();",
        {},
    ),
    "nested fn": ("", "int in(int a) { sw(&B); return a; } n += in(k);", {}),
    "goto into": ("", "if (k) goto in; if (0) { in: sw(&B); }", {}),
    "cleanup loop": (
        "static void cl(int *p) { sw(*p ? &B : &A); }",
        "for (int i = 0; i < 2; i++) { int q __attribute__((cleanup(cl))) = k; if (q) break; }",
        {},
    ),
}
UNTRUSTED = {"fn return", "param shadow"}
# the declaration of the variable, and as above
WITH_VARIABLE = {
    "macro for the variable, assigned by another": (
        "static State *the_state = &A;",
        ("#define CUR (the_state)\n#define ASSIGN(x) CUR = x\nvoid change(int k) { if (k) ASSIGN(&B); }\n"),
        "change(k);",
        {},
    ),
    "asm alias": ("State *the_state = &A;", 'extern State *alt __asm__("the_state");', "alt = &B;", {}),
    "local shadow param": (
        "static State *the_state = &A;",
        "static int sh(State *the_state) { the_state = &B; return the_state->id + tot(1); }",
        "n += sh(&A);",
        {},
    ),
    "block extern": ("State *the_state = &A;", "", "{ extern State *the_state; the_state = &B; }", {}),
    "cond def": (
        "static State *the_state = &A;",
        ("#ifdef NOPE\n#define Z n++\n#else\n#define Z (the_state = &B)\n#endif"),
        "Z;",
        {},
    ),
    "cond def2": (
        "static State *the_state = &A;",
        (
            "#ifdef NOPE\n"
            "#define Z(x) do { } while (0)\n"
            "#else\n"
            "#define Z(x) do { the_state = (x); } while (0)\n"
            "#endif"
        ),
        "Z(&B);",
        {},
    ),
    "cond def4": (
        "static State *the_state = &A;",
        ("#ifdef NOPE\n#define Z(x)\n#else\n#define Z(x) W(x)\n#define W(x) (the_state = (x))\n#endif"),
        "Z(&B);",
        {},
    ),
    "macro swap2": (
        "static State *the_state = &A;",
        (
            "#define SWAP(a, b) do { __typeof__(a) _t = a; a = b; b = _t; } while (0)\n"
            "#define S2(x, y) SWAP(x, y)"
        ),
        "State *b = &B; S2(b, the_state);",
        {},
    ),
    "macro va": (
        "static State *the_state = &A;",
        "#define DO(...) __VA_ARGS__",
        "DO(the_state = &B, n++);",
        {},
    ),
    "addr array": (
        "static State *the_state = &A;",
        "static State **slots[] = { &the_state };",
        "*slots[0] = &B;",
        {},
    ),
    "template": (
        "static State *the_state = &A;",
        '#define VARNAME the_state\n#include "set.h"',
        "set_it();",
        {"set.h": "static void set_it(void) { VARNAME = &B; }\n"},
    ),
    "in header": (
        'State *the_state = &A;\n#include "f.h"',
        "",
        "flip();",
        {"f.h": "static inline void flip(void) { the_state = &B; }\n"},
    ),
    "vla size": (
        "static State *the_state = &A;",
        "",
        "int a[the_state->id]; a[0] = 1; n += a[0] + sizeof(int[(the_state = &B)->id]);",
        {},
    ),
}
WHOLE = {
    "proto multi": (
        "static int tot(int), tot2(int), x = 4;\n"
        "static int tot(int a) { return state_get()->id + a; }\n"
        "static int tot2(int a) { return state_get()->id - a; }\n"
        "static int work(int k) { return tot(k) + tot2(1) + x; }\n"
    ),
    "macro same name": (
        "static int tot(int a) { return state_get()->id + a; }\n"
        "#define tot(a) (tot)((a) + 1)\n"
        "static int work(int k) { return tot(k) + (tot)(k); }\n"
    ),
    "if params": (
        "static int tot(int a\n"
        "#if 1\n"
        "    , int b\n"
        "#endif\n"
        ") { return state_get()->id + a\n"
        "#if 1\n"
        " + b\n"
        "#endif\n"
        "; }\n"
        "static int work(int k) { return tot(k\n"
        "#if 1\n"
        ", 2\n"
        "#endif\n"
        "); }\n"
    ),
    "if first param": (
        "static int tot(\n"
        "#if 1\n"
        "    int a,\n"
        "#endif\n"
        "    int b) { return state_get()->id +\n"
        "#if 1\n"
        " a +\n"
        "#endif\n"
        " b; }\n"
        "static int work(int k) { return tot(\n"
        "#if 1\n"
        "k,\n"
        "#endif\n"
        "2); }\n"
    ),
    "name ts macro": (
        "#define ts 5\n"
        "static int tot(int a) { return state_get()->id + a + ts; }\n"
        "static int work(int k) { return tot(k); }\n"
    ),
    "name ts in macro": (
        "#define ADD(x) ({ int ts = (x); ts + tot(ts); })\n"
        "static int tot(int a) { return state_get()->id + a; }\n"
        "static int work(int k) { return ADD(k) + tot(1) + state_get()->id; }\n"
    ),
    "name macro body": (
        "static int tot(int a) { return state_get()->id + a; }\n"
        "#define G (tot(1) + ts)\n"
        "static int work(int k) { int ts = 4; return G + k; }\n"
    ),
    "local two scopes": (
        "static int tot(int a) { { State *ts = state_get(); a += ts->id; } { "
        "State *ts = state_get(); a += ts->id; } return a; }\n"
        "static int work(int k) { for (State *ts = state_get(); k < 3; k++) k += ts->id; "
        "return tot(k); }\n"
    ),
    "string parens": (
        "static int tot(const char *s, int b) { return state_get()->id + s[0] + b; }\n"
        'static int work(int k) { return tot("(,)\\"", k) + tot(")" "(", \')\'); }\n'
    ),
    "old style call": (
        "static int tot();\n"
        "static int work(int k) { return tot(k, 2) + state_get()->id; }\n"
        "static int tot(a, b) int a, b; { return state_get()->id + a * b; }\n"
    ),
    "prototype in a macro": (
        "#define PROTO static int tot(int a);\nPROTO\n"
        "static int tot(int a) { return state_get()->id + a; }\n"
        "static int work(int k) { return tot(k); }\n"
    ),
    "prototype in a macro within a function": (
        "int tot(int *a);\n#define PROTO(t) t *tot(int *)\n"
        "static int *other(int *k) { return k; }\n"
        "#define SHOWS int tot(int *a)\n"
        "static int work(int k) { SHOWS; return tot(other(&k)); }\n"
        "int tot(int *a) { return state_get()->id + *a; }\n"
    ),
    "functions with a header in two macros": (
        "static int tot(int a) { return state_get()->id + a; }\n"
        "#define BEGIN(n) static int n##_go(int k) {\n#define END }\n"
        "BEGIN(one) return tot(k) + state_get()->id; END\n"
        "static int work(int k) { return one_go(k) + tot(k); }\n"
    ),
    "nothing in a branch": (
        "static int none(\n#ifdef NO\nint a\n#else\nvoid\n#endif\n) { return state_get()->id; }\n"
        "static int one(\n#ifndef NO\nint a\n#endif\n) { return state_get()->id * 10; }\n"
        "static int work(int k) { return none(\n#ifdef NO\nk\n#endif\n)\n"
        "    + one(\n#ifndef NO\nk\n#endif\n); }\n"
    ),
    "attributes of a local": (
        "static int tot(int a) { __extension__ State *s = state_get(); return s->id + a; }\n"
        "static int work(int k) { __extension__ __attribute__((unused, aligned (16))) State *s =\n"
        "    state_get(); [[gnu::unused]] State *t = state_get(); return s->id + t->id + tot(k); }\n"
    ),
    "implicit int": (
        "static tot(a) { return state_get()->id + a; }\nstatic int work(int k) { return tot(k); }\n"
    ),
}

TOT = "static int tot(int a) { return state_get()->id * 10 + a; }\n"
OPERATIONS = """\
static int op_a(int k) { return state_get()->id + k; }
static int op_b(int k) { return op_a(k) * 2; }
static int work(int k) { return op_a(k) * 10 + op_b(k); }
"""
HELPED = """\
#include "h.h"
int other(int);
static int helper(int k) { return state_get()->id + k; }
"""
# settings, the file m.c, and further files
SPREAD = {
    "prototypes by a list": (
        "",
        "#define OPS(X) X(a) X(b)\n#define DECL(n) static int op_##n(int);\nOPS(DECL)\n" + OPERATIONS,
        {},
    ),
    "prototypes by a list of words": (
        "",
        "#define MAP(m, a, b) m(a) m(b)\n#define DECL(n) static int op_##n(int);\nMAP(DECL, a, b)\n"
        + OPERATIONS,
        {},
    ),
    "a parameter's name in a prototype": (
        "",
        "static int tot(int ts);\nstatic int ap(int f(int), int ts[]);\n"
        + TOT
        + "static int ap(int f(int), int z[]) { return f(state_get()->id) + z[0]; }\n"
        "static int twice(int k) { return 2 * k; }\n"
        "static int work(int k) { int z[1] = {4}; return ap(twice, z) + tot(k); }\n",
        {},
    ),
    "type of a function": (
        "",
        "static int tot(int a);\nstatic __typeof__(tot) tot2;\n"
        + TOT
        + "static int tot2(int a) { return tot(a) + 1; }\n"
        "static int work(int k) { return tot(k) + tot2(k); }\n",
        {},
    ),
    "static is a macro": (
        "",
        "#define static\n" + TOT + "#undef static\nint other(int);\n"
        "static int work(int k) { return tot(k) + other(k); }\n",
        {"o.c": '#include "state.h"\nint tot(int);\nint other(int k) { return tot(k); }\n'},
    ),
    "a header declares what each file defines": (
        "",
        HELPED + "static int work(int k) { return helper(k) + go(k) + other(k); }\n",
        {
            "h.h": "static int helper(int);\nstatic inline int go(int k) { return helper(k); }\n",
            "o.c": (
                '#include "state.h"\n#include "h.h"\nstatic int helper(int k) { return k; }\n'
                "int other(int k) { return go(k) + state_get()->id; }\n"
            ),
        },
    ),
    "a header calls what each file defines": (
        "",
        HELPED + "static int work(int k) { return HELP(k) + other(k); }\n",
        {
            "h.h": "#define HELP(k) helper(k)\n",
            "o.c": (
                '#include "state.h"\n#include "h.h"\nstatic int helper(int k) { return k; }\n'
                "int other(int k) { return HELP(k) + state_get()->id; }\n"
            ),
        },
    ),
    "split of a name that macros make": (
        'split = ["f"]\n',
        (
            '#define f f_one\n#include "tm.h"\n#undef f\n#define f f_two\n#include "tm.h"\n#undef f\n'
            "static int work(int k) { return f_one(k) * 100 + f_two(k); }\n"
        ),
        {"tm.h": "static int f(int a) { return state_get()->id * 10 + a; }\n"},
    ),
    "split behind a macro of its header": (
        'split = ["FN"]\n',
        (
            "#define FN(r, n, a) static r n a\nFN(int, tot, (int a));\n"
            "FN(int, tot, (int a)) { return state_get()->id * 10 + a; }\n"
            "static int work(int k) { return tot(k) + state_get()->id; }\n"
        ),
        {},
    ),
    "macro in place of an aliased function": (
        'split = ["tot"]\nwrapper = "macro"\n',
        (
            "#pragma weak tot2 = tot\nint tot2(int);\nint tot(int a) { return state_get()->id * 10 + a; }\n"
            "static int work(int k) { return tot(k) + tot2(k); }\n"
        ),
        {},
    ),
}


@pytest.mark.parametrize("name", sorted(SPREAD))
def test_names_that_mean_more_than_one_thing(name, check_program):
    more, text, files = SPREAD[name]
    check_program(TRUSTING + more, text + MAIN, "any", files)


@pytest.mark.parametrize("linkage", ["static", "any"])
@pytest.mark.parametrize("name", sorted(IN_CALLS))
def test_a_change_by_call(name, linkage, check_program):
    before, between, files = IN_CALLS[name]
    settings = BY_CALL if name in UNTRUSTED else TRUSTING
    check_program(settings, CALLS % (before, between), linkage, files)


@pytest.mark.parametrize("name", sorted(WITH_VARIABLE))
def test_a_change_of_a_variable(name, check_program):
    declared, before, between, files = WITH_VARIABLE[name]
    check_program(BY_VARIABLE, VARIABLE % (declared, before, between), "static", files)


@pytest.mark.parametrize("name", sorted(WHOLE))
def test_declarations(name, check_program):
    check_program(TRUSTING, WHOLE[name] + MAIN, "any", {})
