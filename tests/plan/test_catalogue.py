"""Whatever code a refusal or a pin can have is explained."""

import ast
from pathlib import Path

import pytest

import clew
from clew.detect import pins
from clew.plan.catalogue import CATALOGUE, entries_of

SOURCES = Path(clew.__file__).parent
# Functions and classes that take a code, and the position at which they do.
_TAKERS = {"Pin": 0, "Refusal": 0, "pin_at_home": 1, "_add": 1, "_refuse": 2}


def _called(call):
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _codes_in(path):
    """Yield the codes that are written out in the calls of one module."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call) or _called(node) not in _TAKERS:
            continue
        position = _TAKERS[_called(node)]
        code = node.args[position] if len(node.args) > position else None
        if isinstance(code, ast.Constant):
            yield code.value


USED = {
    code
    for stage in ("detect", "plan")
    for path in (SOURCES / stage).glob("*.py")
    for code in _codes_in(path)
} | {code for code, _why in pins._OTHER_CODES.values()}  # fmt: skip


def test_the_codes_are_found():
    assert {"exported", "unparsed", "state-may-change", "other-state", "address-taken"} <= USED


@pytest.mark.parametrize("code", sorted(USED))
def test_a_code_that_is_used_is_explained(code):
    assert code in CATALOGUE


def test_an_entry_is_complete():
    for code, entry in CATALOGUE.items():
        assert code == entry.code
        assert entry.title[0].isupper()
        assert not entry.title.endswith(".")
        for sentence in (entry.why, entry.proceed):
            assert sentence.endswith(".")
            assert "  " not in sentence


def test_entries_come_once_in_the_order_of_the_catalogue():
    found = entries_of(["unsequenced", "listed", "listed", "made-by-hand"])
    assert [entry.code for entry in found] == ["listed", "unsequenced"]
