import re
from random import Random

import pytest
from csmith_state import MANNERS, add_state, find_globals

PROGRAM = """\
#include "csmith.h"


static long __undefined;


static int32_t g_2 = 6L;
static const int32_t g_3 = 7L;
static int32_t *g_4 = &g_2;
static int32_t * const g_5 = &g_2;
static uint8_t g_6[2][3] = {{1UL,2UL,3UL},{4UL,5UL,6UL}};
static struct S0 g_7 = {1,2};
static struct S0 **g_8;


static int32_t  func_1(void);


static int32_t  func_1(void)
{
    int32_t l_9 = 3L;
    g_7.f0 = (*g_4);
    g_4 = &l_9;
    for (l_9 = 0; l_9 < 3; l_9++)
    {
        g_6[1][l_9] ^= g_2;
        if (g_3)
            break;
    }
    return g_2;
}


int main (void)
{
    func_1();
    transparent_crc(g_2, "g_2", print_hash_value);
    platform_main_end(crc32_context ^ 0xFFFFFFFFUL, print_hash_value);
    return 0;
}
"""


def test_globals_are_found_with_type_stars_and_array():
    found = {g.name: g for g in find_globals(PROGRAM)}
    assert list(found) == ["g_2", "g_3", "g_4", "g_5", "g_6", "g_7", "g_8"]
    assert [g.name for g in found.values() if g.is_plain] == ["g_2", "g_4", "g_7", "g_8"]
    assert (found["g_5"].stars, found["g_6"].array, found["g_8"].value) == ("* const", "[2][3]", "")


@pytest.mark.parametrize("manner", MANNERS)
def test_a_state_is_added_deterministically(manner):
    assert add_state(PROGRAM, manner, Random(1)) == add_state(PROGRAM, manner, Random(1))


@pytest.mark.parametrize("manner", MANNERS)
def test_a_program_without_functions_is_not_used(manner):
    assert add_state(PROGRAM.replace("func_1", "other"), manner, Random(1)) is None


def test_object_collects_all_globals_and_leaves_strings():
    made = add_state(PROGRAM, "object", Random(1))
    assert "G.g_7.f0 = (*G.g_4);" in made.source
    assert 'transparent_crc(G.g_2, "g_2", print_hash_value);' in made.source
    assert ".g_4 = &G.g_2," in made.source
    assert "   int32_t * const g_5;" in made.source
    assert not made.assigns


def test_pointer_goes_through_a_pointer_in_functions_only():
    made = add_state(PROGRAM, "pointer", Random(1))
    assert "gp->g_7.f0 = (*gp->g_4);" in made.source
    assert ".g_4 = &G.g_2," in made.source


def test_one_global_changes_nothing_but_the_settings():
    made = [add_state(PROGRAM, "one-global", Random(seed)) for seed in range(20)]
    assert {m.source for m in made} == {PROGRAM}
    by_name = {m.accessor: m for m in made}
    assert by_name["g_4"].assigns
    assert not by_name["g_7"].assigns
    assert 'type = "int32_t *"' in by_name["g_4"].settings
    assert "object = true" in by_name["g_7"].settings


def test_context_is_used_in_functions_and_summed_up_in_main():
    made = [add_state(PROGRAM, "context", Random(seed)) for seed in range(10)]
    assert {m.assigns for m in made} == {True, False}
    for m in made:
        assert "transparent_crc(contexts[2].mark" in m.source
        changes = re.search(r"\bcontext = |switch_context\(", m.source.split("static uint64_t look")[1])
        assert m.assigns or not changes
