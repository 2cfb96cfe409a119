"""Functions that are split, in odd shapes: twins compile, and the program prints the same."""

import pytest

pytestmark = pytest.mark.compiler

SETTINGS = """\
pinned = ["main", "state_get", "state_attach"]
export_macros = ["API"]
[[state]]
name = "ts"
type = "State *"
names = ["ts"]
accessors = ["state_get()"]
changers = [{ name = "state_attach", effect = "argument" }]
indirect = "preserves"
split = ["pub"]
"""
API = '#define API __attribute__((visibility("default")))\n'
MAIN = """
static int work(int k) { int n = pub(k); state_attach(&B); return n * 100 + pub(k) + state_get()->id; }
int main(void) { printf("%d\\n", work(1)); return 0; }
"""
PROGRAMS = {
    "mark": API + "API int pub(int a);\nAPI int pub(int a) { return state_get()->id * 10 + a; }",
    "mark with the type": (
        '#define API(type) __attribute__((visibility("default"))) type\n'
        "API(int) pub(int a);\nextern API(int) pub(int a) { return state_get()->id * 10 + a; }"
    ),
    "name in the body": API + "API int pub(int a) { return state_get()->id * 10 + __func__[0] + a; }",
    "labels": (
        API + "API int pub(int a) { static void *t[] = { &&x, &&y }; goto *t[a & 1]; "
        "x: return state_get()->id; y: return 10 * state_get()->id; }"
    ),
    "odd parameter": (
        API + "static int one(int n) { return n; }\nAPI int pub2(const int a[static 1], int (*f)(int)) "
        "{ return f(*a) + state_get()->id; }\nAPI int pub(int a) { return pub2(&a, one); }"
    ),
}


@pytest.mark.parametrize("wrapper", ["after", "before", "macro"])
@pytest.mark.parametrize("linkage", ["static", "internal", "any"])
@pytest.mark.parametrize("name", sorted(PROGRAMS))
def test_it_prints_the_same(name, linkage, wrapper, check_program, tmp_path):
    check_program(f'{SETTINGS}wrapper = "{wrapper}"\n', PROGRAMS[name] + MAIN, linkage, {})
    assert "static API" not in (tmp_path / "after" / "m.c").read_text()
