"""A structure that carries the state is freed, or filled with another, between the entry of a function and
its fetch: the program still prints the same, and where nothing of it happens the structure serves."""

import pytest

pytestmark = pytest.mark.compiler

SETTINGS = """\
pinned = ["main", "state_get", "state_attach"]
[[state]]
name = "ts"
type = "State *"
names = ["ts"]
accessors = ["state_get()"]
changers = [{ name = "state_attach", effect = "argument" }]
indirect = "preserves"
provided = ["struct frame *: {}->state"]
prefer = "provided"
"""
PROGRAM = """\
void *malloc(unsigned long);
void free(void *);
void *memset(void *, int, unsigned long);
struct frame {{ int n; State *state; }};
struct box {{ struct frame f; int k; }};
static struct frame *cur, fs[2] = {{ {{ 1 }} }};
static struct box *bx;
static struct frame other = {{ 1, &B }};
{}
int run(struct frame *f) {{ {} return state_get()->id; }}
int main(void)
{{
    struct frame *f = bx ? 0 : &(bx = malloc(sizeof *bx))->f;
    f->state = state_get();
    cur = f;
    printf("%d\\n", run(f));
    fs[0].state = state_get();
    printf("%d\\n", run(fs));
    return 0;
}}
"""
FILL = "static void fill(struct frame *g, State *s) { g->state = s; }\n"
RELEASE = "static void rel(void *p) { memset(p, 0, sizeof(struct frame)); }\n"
# what stands before the function, and what it does before it fetches
WITH_CHANGE = {
    "filled": (FILL, "fill(f, &B);"),
    "filled as a whole": (
        "static void fill(struct frame *g) { *g = (struct frame) { 3, &B }; }\n",
        "fill(f);",
    ),
    "filled two down": (FILL + "static void down(struct frame *h) { fill(h, &B); }\n", "down(f);"),
    "filled through a variable": ("static void fill(void) { cur->state = &B; }\n", "cur = f; fill();"),
    "filled through a pointer": (FILL + "static void (*fp)(struct frame *, State *) = fill;\n", "fp(f, &B);"),
    "filled by a macro": ("#define FILL(g) ((g)->state = &B)\n", "FILL(f);"),
    "filled by a macro without arguments": ("#define RESET (cur->state = &B)\n", "cur = f; RESET;"),
    "filled by another type's name": (
        "typedef struct frame frame_t;\nstatic void fill(frame_t *g) { g->state = &B; }\n",
        "fill(f);",
    ),
    "filled after a cast": ("static void fill(void *v) { ((struct frame *) v)->state = &B; }\n", "fill(f);"),
    "filled by the member's address": (
        "static void set(State **p) { *p = &B; }\nstatic void fill(struct frame *g) { set(&g->state); }\n",
        "fill(f);",
    ),
    "filled here by the member's address": ("static void set(State **p) { *p = &B; }\n", "set(&f->state);"),
    "filled in an array": ("static void fill(int i) { fs[i].state = &B; }\n", "if (f == fs) fill(0);"),
    "filled from another": (
        "static void copy(struct frame *to, struct frame *from) { *to = *from; }\n",
        "copy(f, &other);",
    ),
    "filled by a pointer to const": (
        "static void fill(const struct frame *g) { ((struct frame *) g)->state = &B; }\n",
        "fill(f);",
    ),
    "handed on by a pointer to const": (
        FILL + "static void down(const struct frame *g) { fill((struct frame *) g, &B); }\n",
        "down(f);",
    ),
    "const taken away by a function": (
        (
            "static struct frame *plain(const struct frame *g) { return (struct frame *) g; }\n"
            "static void fill(const struct frame *g) { plain(g)->state = &B; }\n"
        ),
        "fill(f);",
    ),
    "filled in memory that was there": (
        (
            "static void *get(void) { return cur; }\n"
            "static void fill(void) { struct frame *g = get(); g->state = &B; }\n"
        ),
        "cur = f; fill();",
    ),
    "filled by a function that has the name of a parameter": (
        RELEASE + "int flags(int rel);\nstatic void down(struct frame *g) { rel(g); }\n",
        "down(f);",
    ),
    "filled by an old-style function": (
        "static void fill(g) struct frame *g; { g->state = &B; }\n",
        "fill(f);",
    ),
    "filled in an array's parameter": (
        "static void fill(struct frame g[]) { g[0].state = &B; }\n",
        "fill(f);",
    ),
    "reached by a structure without a name": (
        "static struct { struct frame *fr; } top;\nstatic void fill(void) { top.fr->state = &B; }\n",
        "top.fr = f; fill();",
    ),
    "filled as a whole after a cast": (
        "static void fill(void *v) { *(struct frame *) v = other; }\n",
        "fill(f);",
    ),
    "handed on by what returns it": (
        FILL + "static void *id(void *p) { return p; }\n"
        "static void down(struct frame *g) { fill(id(g), &B); }\n",
        "down(f);",
    ),
    "handed on and on": (
        FILL + "static void any(void *p) { fill(p, &B); }\nstatic void down(struct frame *g) { any(g); }\n",
        "down(f);",
    ),
    "filled here by another name": ("", "cur = f; *cur = other;"),
    "filled here by another name's call": (FILL, "cur = f; fill(cur, &B);"),
    "filled here as a whole": ("", "if (!cur) f->n = 2; else *f = other;"),
    "filled here as an element": ("", "f[0] = other;"),
    "declared behind another": (
        (
            "static struct frame *get(int k) { return k ? &other : cur; }\n"
            "static void fill(void) { struct frame *a = get(1), *g = get(0); g->state = &B; a->n = 2; }\n"
        ),
        "cur = f; fill();",
    ),
    "led elsewhere": (
        (
            "static struct frame *get(void) { return cur; }\n"
            "static void fill(struct frame *x) { x = get(); x->state = &B; }\n"
        ),
        "cur = f; fill(&other);",
    ),
    "another one": ("static void set(struct frame **p) { *p = &other; }\n", "set(&f);"),
    "reached through another": (
        "struct ctx { struct frame *fr; };\nstatic void fill(struct ctx *c) { c->fr->state = &B; }\n",
        "struct ctx c = { f }; fill(&c);",
    ),
    "freed": ("static void drop(struct frame *f) { f->state = &B; free(f); }\n", "if (f != fs) drop(f);"),
    "freed by what knows no type": (RELEASE, "rel(f);"),
    "freed by what knows no type two down": (
        RELEASE + "static void drop(struct frame *f) { rel(f); }\n",
        "drop(f);",
    ),
    "freed by a macro": ("#define DROP(g) (memset(g, 0, sizeof *(g)))\n", "DROP(f);"),
    "freed by another name": (
        "static void drop(struct frame *f) { void *p = f; memset(p, 0, sizeof *f); }\n",
        "drop(f);",
    ),
    "freed with what contains it": ("static void drop(void) { memset(bx, 0, sizeof *bx); }\n", "drop();"),
}
WITHOUT = {
    "nothing": ("", ""),
    "reads it": ("static int look(const struct frame *f) { return f->n; }\n", "f->n = look(f);"),
    "prints it": ("", 'if (!f->n) printf("%d\\n", 5, (void *) f);'),
    "fills one of its own": (
        FILL + "static int own(void) { struct frame o; fill(&o, &B); return o.n = 1; }\n",
        "own();",
    ),
    "makes one": (
        "static void make(void) { struct frame *o = malloc(sizeof *o); o->state = &B; free(o); }\n",
        "make();",
    ),
}


@pytest.mark.parametrize("linkage", ["static", "any"])
@pytest.mark.parametrize("name", sorted(WITH_CHANGE))
def test_it_prints_the_same(name, linkage, check_program):
    check_program(SETTINGS, PROGRAM.format(*WITH_CHANGE[name]), linkage, {})


@pytest.mark.parametrize("name", sorted(WITHOUT))
def test_it_serves(name, check_program, tmp_path):
    check_program(SETTINGS, PROGRAM.format(*WITHOUT[name]), "static", {})
    assert "return f->state->id;" in (tmp_path / "after" / "m.c").read_text()


def test_what_is_trusted_ends_the_search(tmp_path, check_program):
    helpers, body = FILL + "static void trusted(void) { fill(cur, cur->state); }\n", "trusted();"
    check_program(SETTINGS + 'preserves = ["trusted"]\n', PROGRAM.format(helpers, body), "static", {})
    assert "return f->state->id;" in (tmp_path / "after" / "m.c").read_text()
