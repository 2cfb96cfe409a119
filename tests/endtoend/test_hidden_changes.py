"""Programs in which the state changes, or a function is called, in a way that its name does not show at first
sight: whatever clew does to them, they still compile and print the same."""

import pytest

pytestmark = pytest.mark.compiler

BY_CALL = """\
pinned = ["main", "state_get", "state_attach"]
[[state]]
name = "ts"
type = "State *"
names = ["ts"]
accessors = ["state_get()"]
changers = [{ name = "state_attach", effect = "argument" }]
"""
TRUSTING = BY_CALL + 'indirect = "preserves"\n'
PROVIDED = TRUSTING + 'provided = ["struct frame *: {}->state"]\nprefer = "provided"\n'
BY_VARIABLE = """\
pinned = ["main"]
[[state]]
name = "ts"
type = "State *"
names = ["ts", "state"]
accessors = [{ spelling = "the_state", assigned = true }]
"""
OBJECT = """\
pinned = ["main"]
[[state]]
name = "ts"
type = "State *"
names = ["ts"]
accessors = [{ spelling = "M", object = true }]
"""
FILES = {
    "body.h": "state_attach(&B);\n",
    "block.h": "{ state_attach(&B); }\n",
    "template.h": "static void NAME(int k) { if (k) state_attach(&B); }\n",
    "digraphs.h": "%:define SW state_attach(&B)\n",
    "trigraphs.h": "??=define SW state_attach(&B)\n",
    "behind.h": '%:include "inline.h"\n',
    "inline.h": (
        "#define SW2 state_attach(&B)\nstatic inline int inl(int k) { return state_get()->id + k; }\n"
    ),
    "pasted.h": "static void OF(sw)(int k) { if (k) state_attach(&B); }\n",
}
SWITCH = "static void sw(int k) { if (k) state_attach(&B); }\n"
SWITCHES = "static int sw(void) { state_attach(&B); return 5; }\n"
# two uses of the state, with something between them
AROUND = """\
static int tot(int a) {{ return state_get()->id + a; }}
static int work(int k) {{ int n = tot(k); {} return n + tot(k); }}
int main(void) {{ printf("%d\\n", work(1)); return 0; }}
"""
VARIABLE = """\
static int tot(int a) {{ return the_state->id + a; }}
static int work(int k) {{ int n = tot(k); {} return n + tot(k); }}
int main(void) {{ printf("%d %d\\n", work(1), the_state->id); return 0; }}
"""
HOLDER = """\
static int pa(State *s, int k) {{ return s->id + 10 * state_get()->id + k; }}
{}
int main(void) {{ int n = pa(state_get(), 0); n += {}; printf("%d\\n", n); return 0; }}
"""
DECLARED = "static State *the_state = &A;\n"
HEAD = "#define HEAD(n) static void n##_on(int k)\n"


PROGRAMS = {
    "changer through a pointer": (
        BY_CALL,
        "static void (*attach)(State *) = state_attach;\n" + AROUND.format("attach(&B);"),
    ),
    "changer as an argument": (
        BY_CALL,
        "static void call(void (*f)(State *)) { f(&B); }\n" + AROUND.format("call(state_attach);"),
    ),
    "alias by a pragma": (
        TRUSTING,
        "#pragma weak sw2 = sw\nvoid sw2(int);\nvoid sw(int k) { if (k) state_attach(&B); }\n"
        + AROUND.format("sw2(k);"),
    ),
    "alias by a pragma operator": (
        TRUSTING,
        '_Pragma("weak sw2 = sw")\nvoid sw2(int);\nvoid sw(int k) { if (k) state_attach(&B); }\n'
        + AROUND.format("sw2(k);"),
    ),
    "variable with an alias by a pragma": (
        BY_VARIABLE,
        "State *the_state = &A;\n#pragma weak other = the_state\nextern State *other;\n"
        + VARIABLE.format("other = &B;"),
    ),
    "alias by a macro's attribute": (
        TRUSTING,
        "#define ALIAS(f) __attribute__((alias(#f)))\nvoid sw(int k) { if (k) state_attach(&B); }\n"
        "void sw2(int) ALIAS(sw);\n" + AROUND.format("sw2(k);"),
    ),
    "alias by a macro's declaration": (
        BY_CALL,
        "#define WEAK_ALIAS(f, a) extern __typeof(f) a __attribute__((weak, alias(#f)))\n"
        "void sw(int k) { if (k) state_attach(&B); }\nWEAK_ALIAS(sw, sw2);\n" + AROUND.format("sw2(k);"),
    ),
    "name in assembler, by a macro": (
        TRUSTING,
        "#define SYMBOL(x) __asm__(#x)\nvoid sw(int k) { if (k) state_attach(&B); }\n"
        "void sw2(int) SYMBOL(sw);\n" + AROUND.format("sw2(k);"),
    ),
    "defined by another name in assembler": (
        TRUSTING,
        'void sw(int k) __asm__("sw_real");\nvoid sw(int k) { if (k) state_attach(&B); }\n'
        "void sw_real(int);\n" + AROUND.format("sw_real(k);"),
    ),
    "called by its name in assembler": (
        TRUSTING,
        (
            'int tot(int a) __asm__("tot_real");\nint tot_real(int);\n'
            "int tot(int a) { return state_get()->id * 10 + a; }\n"
            "int work(int k) { return tot(k) + tot_real(k); }\n"
            'int main(void) { printf("%d\\n", work(1)); return 0; }\n'
        ),
    ),
    "callee in parentheses": (TRUSTING, SWITCH + AROUND.format("(sw)(k);")),
    "changer in parentheses": (TRUSTING, AROUND.format("(state_attach)(&B);")),
    "callee given to a macro": (TRUSTING, "#define DO(f, x) f(x)\n" + SWITCH + AROUND.format("DO(sw, k);")),
    "callee in a macro": (TRUSTING, "#define Q (sw)\n" + SWITCH + AROUND.format("Q(k);")),
    "callee pasted": (TRUSTING, "#define DO(f, x) f##w(x)\n" + SWITCH + AROUND.format("DO(s, k);")),
    "alias of a function": (
        TRUSTING,
        "void sw(int k) { if (k) state_attach(&B); }\n"
        'void sw2(int k) __attribute__((alias("sw")));\n' + AROUND.format("sw2(k);"),
    ),
    "function made by a macro": (
        TRUSTING,
        "#define DEF(n) static void n(int k) { if (k) state_attach(&B); }\nDEF(sw)\n"
        + AROUND.format("sw(k);"),
    ),
    "header made by a macro, behind another": (
        TRUSTING,
        "#define HEAD(n) static void n(int k)\nHEAD(low) { if (k) state_attach(&B); }\n"
        "static void mid(int k) { low(k); }\nHEAD(high) { mid(k); }\n"
        "static void top(int k) { high(k); }\n" + AROUND.format("top(k);"),
    ),
    "header made by a macro that pastes": (
        TRUSTING,
        "#define HEAD(n) static void n##_on(int k)\nHEAD(sw) { if (k) state_attach(&B); }\n"
        + AROUND.format("sw_on(k);"),
    ),
    "header and brace made by a macro": (
        TRUSTING,
        "#define BEGIN(n) static void n##_go(int k) {\nBEGIN(sw) if (k) state_attach(&B); }\n"
        + AROUND.format("sw_go(k);"),
    ),
    "header and both braces made by macros": (
        TRUSTING,
        "#define BEGIN(n) static void n##_go(int k) {\n#define END }\n"
        "BEGIN(sw) if (k) state_attach(&B); END\n" + AROUND.format("sw_go(k);"),
    ),
    "header and brace made by a macro without arguments": (
        TRUSTING,
        "#define BEGIN static void sw(int k) {\nBEGIN if (k) state_attach(&B); }\n" + AROUND.format("sw(k);"),
    ),
    "header made by a macro of its parts": (
        TRUSTING,
        "#define DEFUN(ret, name, args) ret name args\n"
        "DEFUN(static void, sw, (int k)) { if (k) state_attach(&B); }\n" + AROUND.format("sw(k);"),
    ),
    "header made by a macro that pastes its parts": (
        BY_CALL,
        "#define DEFUN(ret, name, args) ret F##name args\n"
        "DEFUN(static void, sw, (int k)) { if (k) state_attach(&B); }\n" + AROUND.format("Fsw(k);"),
    ),
    "header made by a variadic macro": (
        TRUSTING,
        "#define HEAD(n, ...) static void n##_on(__VA_ARGS__)\n"
        "HEAD(sw, int k, int j) { if (k + j) state_attach(&B); }\n" + AROUND.format("sw_on(k, 1);"),
    ),
    "header made by a macro of macros": (
        TRUSTING,
        "#define CAT(a, b) a##b\n#define XCAT(a, b) CAT(a, b)\n#define MY my_\n"
        "#define HEAD(n) static void XCAT(MY, n)(int k)\nHEAD(sw) { if (k) state_attach(&B); }\n"
        + AROUND.format("my_sw(k);"),
    ),
    "header and body made by macros": (
        TRUSTING,
        "#define BODY(x) { if (x) state_attach(&B); }\n#define HEAD(n) static void n##_on(int k)\n"
        "HEAD(sw) BODY(k)\n" + AROUND.format("sw_on(k);"),
    ),
    "function made by a macro, in a table": (
        BY_CALL,
        "#define HEAD(n) static void n##_on(int k)\nHEAD(sw) { if (k) state_attach(&B); }\n"
        "static void (*const table[])(int) = { sw_on };\n" + AROUND.format("table[0](k);"),
    ),
    "template that a macro names, pointers not trusted": (
        BY_CALL,
        '#define OF(n) n##_q\n#include "pasted.h"\n' + AROUND.format("sw_q(k);"),
    ),
    "function renamed by a macro with arguments": (
        TRUSTING,
        "#define sw(x) sw_real(x)\nstatic void sw(int k) { if (k) state_attach(&B); }\n#undef sw\n"
        + AROUND.format("sw_real(k);"),
    ),
    "header made by a macro": (
        TRUSTING,
        "#define HEAD(n) static void n(int k)\nHEAD(sw) { if (k) state_attach(&B); }\n"
        + AROUND.format("sw(k);"),
    ),
    "cleanup in a callee": (
        TRUSTING,
        "static void cl(int *p) { (void)p; state_attach(&B); }\n"
        "static int g(void) { __attribute__((cleanup(cl))) int v = 0; return v; }\n"
        + AROUND.format("n += g();"),
    ),
    "body that is included": (TRUSTING, AROUND.format('\n#include "body.h"\n')),
    "local assigned by a macro": (
        TRUSTING,
        "#define SETS s = &B\n"
        + AROUND.format("State *s = state_get(); SETS; n += 10 * s->id + 100 * state_get()->id;"),
    ),
    "local with another name": (
        TRUSTING,
        (
            "#define L o\nint main(void) { State *o = &B; state_attach(o); L = &A;\n"
            '    printf("%d %d\\n", o->id, state_get()->id); return 0; }\n'
        ),
    ),
    "variable with another name": (
        BY_VARIABLE,
        DECLARED + "#define THE the_state\n" + VARIABLE.format("THE = &B;"),
    ),
    "variable given to a macro": (
        BY_VARIABLE,
        DECLARED + "#define LV(x) x\n" + VARIABLE.format("LV(the_state) = &B;"),
    ),
    "operator in a macro": (
        BY_VARIABLE,
        DECLARED + "#define TO(x) = &x\n" + VARIABLE.format("the_state TO(B);"),
    ),
    "variable by its address": (BY_VARIABLE, DECLARED + VARIABLE.format("*&the_state = &B;")),
    "variable pasted": (
        BY_VARIABLE,
        DECLARED + "#define P(x) x##state\n" + VARIABLE.format("P(the_) = &B;"),
    ),
    "alias of a variable": (
        BY_VARIABLE,
        "State *the_state = &A;\n"
        'extern State *other __attribute__((alias("the_state")));\n' + VARIABLE.format("other = &B;"),
    ),
    "variable in assembler": (
        BY_VARIABLE,
        DECLARED + VARIABLE.format('asm volatile("" : "=m"(the_state)); the_state = &B;'),
    ),
    "variable behind a header that a macro makes": (
        BY_VARIABLE,
        DECLARED + HEAD + "HEAD(sw) { if (k) the_state = &B; }\n" + VARIABLE.format("sw_on(k);"),
    ),
    "variable with another name, behind such a header": (
        BY_VARIABLE,
        DECLARED
        + HEAD
        + "#define THE the_state\nHEAD(sw) { if (k) THE = &B; }\n"
        + VARIABLE.format("sw_on(k);"),
    ),
    "variable given to a macro, behind such a header": (
        BY_VARIABLE,
        DECLARED
        + HEAD
        + "#define SET(x, y) ((x) = (y))\nHEAD(sw) { if (k) SET(the_state, &B); }\n"
        + VARIABLE.format("sw_on(k);"),
    ),
    "header with the name in parentheses": (
        TRUSTING,
        "#define HEAD(n) static void (n##_on)(int k)\nHEAD(sw) { if (k) state_attach(&B); }\n"
        + AROUND.format("sw_on(k);"),
    ),
    "header with the name in parentheses by a macro": (
        TRUSTING,
        "#define NAME(n) (n##_on)\nstatic void NAME(sw)(int k) { if (k) state_attach(&B); }\n"
        + AROUND.format("sw_on(k);"),
    ),
    "header made by a macro behind an attribute": (
        TRUSTING,
        "#define COLD __attribute__((cold))\n"
        + HEAD
        + "COLD HEAD(sw) { if (k) state_attach(&B); }\n"
        + AROUND.format("sw_on(k);"),
    ),
    "header made by a macro, called by such a function": (
        TRUSTING,
        HEAD
        + "HEAD(sw) { if (k) state_attach(&B); }\nHEAD(tw) { sw_on(k); }\nHEAD(uw) { tw_on(k); }\n"
        + AROUND.format("uw_on(k);"),
    ),
    "header made by a macro, called by another name": (
        TRUSTING,
        HEAD + "HEAD(sw) { if (k) state_attach(&B); }\n#define go sw_on\n" + AROUND.format("go(k);"),
    ),
    "header made by a macro, body that is included": (
        TRUSTING,
        HEAD + 'HEAD(sw) {\n#include "body.h"\n}\n' + AROUND.format("sw_on(k);"),
    ),
    "header made by a macro, before an included block": (
        TRUSTING,
        HEAD + 'HEAD(sw)\n#include "block.h"\n' + AROUND.format("sw_on(k);"),
    ),
    "variable in parentheses, behind such a header": (
        BY_VARIABLE,
        DECLARED + HEAD + "HEAD(sw) { if (k) ((the_state)) = &B; }\n" + VARIABLE.format("sw_on(k);"),
    ),
    "variable pasted, behind such a header": (
        BY_VARIABLE,
        DECLARED
        + HEAD
        + "#define CAT(x) x##state\nHEAD(sw) { if (k) CAT(the_) = &B; }\n"
        + VARIABLE.format("sw_on(k);"),
    ),
    "variable given to a macro's macro, behind such a header": (
        BY_VARIABLE,
        DECLARED
        + HEAD
        + "#define SET(x, y) ((x) = (y))\n#define APPLY(m, a, b) m(a, b)\n"
        + "HEAD(sw) { if (k) APPLY(SET, the_state, &B); }\n"
        + VARIABLE.format("sw_on(k);"),
    ),
    "operator in a macro, behind such a header": (
        BY_VARIABLE,
        "static State two[2] = { { 1 }, { 2 } };\nstatic State *the_state = two;\n#define BUMP ++\n"
        + HEAD
        + "HEAD(sw) { if (k) BUMP the_state; }\n"
        + VARIABLE.format("sw_on(k);"),
    ),
    "variable assigned by a macro, behind such a header": (
        BY_VARIABLE,
        DECLARED
        + HEAD
        + "#define SETB the_state = &B\nHEAD(sw) { if (k) SETB; }\n"
        + VARIABLE.format("sw_on(k);"),
    ),
    "member assigned": (
        PROVIDED,
        (
            "struct frame { State *state; };\n"
            "int run(struct frame *f) { f->state = &B; return state_get()->id; }\n"
            'int main(void) { struct frame f = { state_get() }; printf("%d\\n", run(&f)); return 0; }\n'
        ),
    ),
    "member not filled yet": (
        PROVIDED,
        (
            "struct frame { State *state; };\n"
            "void init(struct frame *f) { f->state = state_get(); }\n"
            'int main(void) { struct frame f; init(&f); printf("%d\\n", f.state->id); return 0; }\n'
        ),
    ),
    "holder called by a pasted name": (TRUSTING, HOLDER.format("#define DO(x) x##a(&B, 1)", "DO(p)")),
    "holder with an alias": (
        TRUSTING,
        HOLDER.format('static int pb(State *s, int k) __attribute__((alias("pa")));', "pb(&B, 1)"),
    ),
    "declared by a type": (
        TRUSTING,
        "typedef int Fn(int);\nstatic Fn tot;\n" + AROUND.format("n++;"),
    ),
    "list made by a macro": (
        TRUSTING,
        (
            "#define VOID void\nstatic int id(VOID) { return state_get()->id; }\n"
            'int main(void) { printf("%d\\n", id()); return 0; }\n'
        ),
    ),
    "list made by a type": (
        TRUSTING,
        (
            "typedef void Nothing;\nstatic int id(Nothing) { return state_get()->id; }\n"
            'int main(void) { printf("%d\\n", id()); return 0; }\n'
        ),
    ),
    "called outside of functions": (
        TRUSTING,
        (
            "static int tot(int a) { return state_get()->id + a; }\nenum { SIZE = sizeof(tot(1)) };\n"
            'int main(void) { printf("%d\\n", tot(SIZE)); return 0; }\n'
        ),
    ),
    "size in sizeof": (TRUSTING, SWITCHES + AROUND.format("n += 0 * sizeof(int[sw()]);")),
    "size in sizeof, by a macro": (
        TRUSTING,
        "#define N sw()\n" + SWITCHES + AROUND.format("n += 0 * sizeof(int[N]);"),
    ),
    "element of an array of arrays": (
        TRUSTING,
        SWITCHES + AROUND.format("int a[9][k + 1]; n += 0 * sizeof(a[sw()]);"),
    ),
    "size in a cast": (TRUSTING, SWITCHES + AROUND.format("n += 0 * sizeof(*(int(*)[sw()])&n);")),
    "size in typeof": (TRUSTING, SWITCHES + AROUND.format("typeof(int[sw()]) a; a[0] = 0; n += a[0];")),
    "size in sizeof that is not evaluated": (
        TRUSTING,
        SWITCHES + AROUND.format("n += 0 * sizeof(int(*(*)(int))[sw()]) + 0 * sizeof(sw());"),
    ),
    "subscript in offsetof": (
        TRUSTING,
        "struct O { int a[9]; };\n"
        + SWITCHES
        + AROUND.format("n += 0 * __builtin_offsetof(struct O, a[sw()]);"),
    ),
    "size of a parameter": (
        TRUSTING,
        SWITCHES + "static int work(int a[sw()]) { return a[0] + state_get()->id; }\n"
        'int main(void) { int a[5] = {0}; printf("%d\\n", work(a)); return 0; }\n',
    ),
    "size of a parameter, by a macro": (
        TRUSTING,
        SWITCHES + "#define N sw()\nstatic int work(int a[N]) { return a[0] + state_get()->id; }\n"
        'int main(void) { int a[5] = {0}; printf("%d\\n", work(a)); return 0; }\n',
    ),
    "callee in the size of a parameter": (
        TRUSTING,
        (
            "static int nine(void) { return 8 + state_get()->id; }\n"
            "static int work(int a[nine()]) { return a[0] + nine(); }\n"
            'int main(void) { int a[9] = {0}; printf("%d\\n", work(a)); return 0; }\n'
        ),
    ),
    "body that is an include": (
        TRUSTING,
        'static void sw(void)\n#include "block.h"\n' + AROUND.format("sw();"),
    ),
    "body that is a macro": (
        TRUSTING,
        "#define BODY { if (k) state_attach(&B); }\nstatic void sw(int k) BODY\n" + AROUND.format("sw(k);"),
    ),
    "body that is a macro which calls": (
        TRUSTING,
        "static void go(int k) { if (k) state_attach(&B); }\n#define BODY { go(k); }\n"
        "static void sw(int k) BODY\n" + AROUND.format("sw(k);"),
    ),
    "function made by a macro which calls": (
        TRUSTING,
        "static void go(int k) { if (k) state_attach(&B); }\n"
        "#define DEF(n) static void n##_it(int k) { go(k); }\nDEF(sw)\n" + AROUND.format("sw_it(k);"),
    ),
    "function made by a macro in a macro": (
        TRUSTING,
        "static void go(int k) { if (k) state_attach(&B); }\n"
        "#define DEF(n) static void n(int k) { go(k); }\n#define DEF2(n) DEF(n##2)\nDEF2(sw)\n"
        + AROUND.format("sw2(k);"),
    ),
    "name of a template": (TRUSTING, '#define NAME sw\n#include "template.h"\n' + AROUND.format("sw(k);")),
    "name of a template, pasted": (
        TRUSTING,
        '#define OF(n) my_##n\n#include "pasted.h"\n' + AROUND.format("my_sw(k);"),
    ),
    "digraphs": (
        TRUSTING,
        "static void sw(int k) <% if (k) state_attach(&B); %>\n"
        + AROUND.format("int a<:1:> = <%0%>; sw(k);"),
    ),
    "all in digraphs": (
        TRUSTING,
        (
            "static int tot(int a) <% return state_get()->id + a; %>\n"
            "static int work(int k) <% int n<:2:> = <% tot(k), 1 %>; return n<:0:> + tot(k); %>\n"
            'int main(void) <% printf("%d\\n", work(1)); return 0; %>\n'
        ),
    ),
    "digraphs in a macro": (
        TRUSTING,
        "#define SW(k) do <% if (k) state_attach(&B); %> while (0)\n" + AROUND.format("SW(k);"),
    ),
    "directives in digraphs": (
        TRUSTING,
        "%:define SW state_attach(&B)\n" + AROUND.format("SW;"),
    ),
    "directives in digraphs, elsewhere": (TRUSTING, '#include "digraphs.h"\n' + AROUND.format("SW;")),
    "directives in trigraphs": (TRUSTING, "??=define SW state_attach(&B)\n" + AROUND.format("SW;")),
    "directives in trigraphs, elsewhere": (TRUSTING, '#include "trigraphs.h"\n' + AROUND.format("SW;")),
    "paste in digraphs": (
        TRUSTING,
        "#define CAT(a, b) a%:%:b\nstatic void sw(void) { state_attach(&B); }\n"
        + AROUND.format("CAT(s, w)();"),
    ),
    "comment that goes on": (TRUSTING, AROUND.format("// more ??/\n state_attach(&A);\n state_attach(&B);")),
    "string that goes on": (TRUSTING, AROUND.format('printf("a ??/" , tot(1), ??/""); state_attach(&B);')),
    "header behind a digraph": (TRUSTING, '#include "behind.h"\n' + AROUND.format("n += inl(k); SW2;")),
    "name in two lines": (TRUSTING, AROUND.format("sta\\\nte_attach(&B);")),
    "name in two lines of a macro": (
        TRUSTING,
        "#define SW sta\\\nte_attach(&B)\n" + AROUND.format("SW;"),
    ),
    "definition in two lines": (
        TRUSTING,
        "static void s\\\nw(int k) { if (k) state_attach(&B); }\n" + AROUND.format("sw(k);"),
    ),
    "callee in two lines": (TRUSTING, AROUND.format("n += t\\\not(k);")),
    "operator in two lines": (TRUSTING, SWITCHES + AROUND.format("n += k > 5 &\\\n& sw();")),
    "structure freed": (
        PROVIDED,
        (
            "void free(void *);\nvoid *malloc(unsigned long);\nstruct frame { State *state; };\n"
            "int run(struct frame *f) { free(f); return state_get()->id; }\n"
            "int main(void) { struct frame *f = malloc(sizeof *f); f->state = state_get();\n"
            '    printf("%d\\n", run(f)); return 0; }\n'
        ),
    ),
    "structure overwritten": (
        PROVIDED,
        (
            "struct frame { State *state; };\n"
            "int run(struct frame *f) { struct frame o = { &B }; *f = o; return state_get()->id; }\n"
            'int main(void) { struct frame f = { state_get() }; printf("%d\\n", run(&f)); return 0; }\n'
        ),
    ),
    "structure cleared": (
        PROVIDED,
        (
            "void *memset(void *, int, unsigned long);\nstruct frame { State *state; };\n"
            "int run(struct frame *f) { memset(f, 0, sizeof *f); return state_get()->id; }\n"
            'int main(void) { struct frame f = { state_get() }; printf("%d\\n", run(&f)); return 0; }\n'
        ),
    ),
    "name in assembler": (
        TRUSTING,
        'extern void att(State *) __asm__("state_attach");\n' + AROUND.format("att(&B);"),
    ),
    "function in assembler": (
        TRUSTING,
        "#ifdef __x86_64__\n"
        '__asm__(".text\\n" "sw: jmp state_attach\\n");\nvoid sw(State *);\n'
        "#else\nstatic void sw(State *o) { state_attach(o); }\n#endif\n" + AROUND.format("sw(&B);"),
    ),
    "call in assembler": (
        TRUSTING,
        '#ifdef __x86_64__\n#define ATTACH(o) __asm__ volatile("mov %%rsp, %%rbx; and $-16, %%rsp; '
        'call state_attach; mov %%rbx, %%rsp" \\\n'
        '    : "+D"(o) :: "rax", "rbx", "rcx", "rdx", "rsi", "r8", "r9", "r10", "r11", "memory")\n'
        "#else\n#define ATTACH(o) state_attach(o)\n#endif\n" + AROUND.format("State *o = &B; ATTACH(o);"),
    ),
    "argument that is nothing": (
        TRUSTING,
        (
            "#define NONE\nstatic int id(void) { return state_get()->id; }\n"
            'int main(void) { printf("%d\\n", id(NONE)); return 0; }\n'
        ),
    ),
    "object given to a macro": (
        OBJECT,
        (
            "static State M = { 1 };\n#define GET(m) m.id\n#define TWICE(m) GET(m) + GET( m )\n"
            "static int work(void) { return GET(M) + TWICE(M) + M.id; }\n"
            'int main(void) { printf("%d\\n", work()); return 0; }\n'
        ),
    ),
    "parameters without declarations": (
        TRUSTING,
        (
            "static int fx();\nstatic int fx(a) { return state_get()->id * a; }\n"
            'int main(void) { printf("%d\\n", fx(1)); return 0; }\n'
        ),
    ),
    "accessor in parentheses": (
        TRUSTING,
        (
            "static int tot(int a) { return (state_get)()->id + ( state_get ) ( )->id + a; }\n"
            'int main(void) { printf("%d\\n", tot(1)); return 0; }\n'
        ),
    ),
    "macro that is assigned": (
        TRUSTING,
        (
            "#define ID (state_get()->id)\nstatic void set(int a) { ID = a; }\n"
            'int main(void) { set(7); printf("%d\\n", A.id); return 0; }\n'
        ),
    ),
}


@pytest.mark.parametrize("linkage", ["static", "any"])
@pytest.mark.parametrize("name", sorted(PROGRAMS))
def test_it_prints_the_same(name, linkage, check_program):
    settings, text = PROGRAMS[name]
    check_program(settings, text, linkage, FILES)
