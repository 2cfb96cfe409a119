import re

from hypothesis import given, settings
from hypothesis import strategies as st

from clew.link.program import Program
from clew.rewrite.code import code_of
from clew.rewrite.layout import lay_out
from clew.scan import scan_source
from clew.text.edit import Edit, apply_edits
from clew.text.source import SourceText
from clew.text.span import Span

_SPACE = re.compile(r"[ \t\r\n]+")
_MACRO_SPACE = re.compile(r"(?:[ \t\r\n]|\\\r?\n)+")

names = st.sampled_from(
    ["a", "len", "buffer", "self->items", "an_identifier_of_some_length", "(PyObject *)op", '"s, t"']
)
gaps = st.sampled_from([" ", "\n          ", "\n\t\t", "  ", "", "\n    ", " /* one */ ", " // two\n      "])


def code_and_directives(text):
    source = SourceText("x.c", text)
    facts = scan_source(source)
    return code_of(Program({"x.c": source}, {"x.c": facts}), "x.c"), [d.span for d in facts.directives]


def laid_out(text, edits, columns=79):
    code, directives = code_and_directives(text)
    return lay_out(SourceText("x.c", text), code, edits, columns, directives)


@st.composite
def expressions(draw, depth=3):
    if depth == 0 or draw(st.integers(0, 2)) == 0:
        return draw(names)
    count = draw(st.integers(0, 5))
    pieces = [draw(st.sampled_from(["f(", "call_something(", "("]))]
    for number in range(count):
        if number:
            pieces.append(draw(st.sampled_from([",", " &&", " ||"])) + draw(gaps))
        pieces.append(draw(expressions(depth=depth - 1)))
    return "".join([*pieces, ")"])


@st.composite
def programs(draw):
    """Statements, and edits at brackets and names in them."""
    indent = draw(st.sampled_from(["    ", "\t", "\t\t", ""]))
    statements = [
        indent + draw(st.sampled_from(["x = ", "return ", ""])) + draw(expressions()) + ";" for _ in range(3)
    ]
    text = "int f(void)\n{\n" + "\n".join(statements) + "\n}\n"
    if draw(st.booleans()):
        text = text.replace("\n", "\r\n")
    return text, _edits(draw, text)


@st.composite
def macros(draw):
    lines = [line for _ in range(3) for line in (draw(expressions()) + ";").splitlines()]
    lines = [line for line in lines if "//" not in line]
    pad = draw(st.sampled_from([" ", "", "\t"]))
    width = draw(st.sampled_from([0, 40, 76]))
    text = "#define X(a)" + "".join(f"{line:{width}}{pad}\\\n" for line in ["", *lines]) + "    0\nint y;\n"
    return text, _edits(draw, text)


def _edits(draw, text):
    code, _ = code_and_directives(text)
    places = [match.end() for match in re.finditer(r"\w\((?=[^)\s])", code)]
    chosen = draw(st.lists(st.sampled_from(places), unique=True)) if places else []
    edits = [
        Edit(Span(at, at), draw(st.sampled_from(["tstate, ", "repo, ", "_PyThreadState_GET(), "])))
        for at in chosen
    ]
    replacements = st.sampled_from(["n", "the_length_of_it"])
    edits.extend(
        Edit(Span(match.start(), match.end()), draw(replacements))
        for match in re.finditer(r"\blen\b", code)
        if draw(st.booleans()) and match.start() not in chosen
    )
    return edits


@given(programs(), st.sampled_from([30, 60, 79]))
def test_only_white_space_changes(program, columns):
    text, edits = program
    plain = apply_edits(text, edits)
    done = apply_edits(text, laid_out(text, edits, columns))
    assert _SPACE.sub("", done) == _SPACE.sub("", plain)


@given(programs(), st.sampled_from([30, 60, 79]))
def test_tokens_stay_apart(program, columns):
    text, edits = program
    plain = apply_edits(text, edits)
    done = apply_edits(text, laid_out(text, edits, columns))
    words = re.compile(r"//[^\n]*|\w+|[^\w\s]")
    assert [w.rstrip() for w in words.findall(done)] == [w.rstrip() for w in words.findall(plain)]


@given(programs(), st.sampled_from([30, 60, 79]))
def test_laying_out_again_changes_nothing(program, columns):
    text, edits = program
    done = laid_out(text, edits, columns)
    once = apply_edits(text, done)
    assert apply_edits(once, laid_out(once, [], columns)) == once
    assert laid_out(text, edits, columns) == done


@given(programs())
def test_lines_without_edits_before_the_first_stay(program):
    text, edits = program
    done = apply_edits(text, laid_out(text, edits))
    first = min((edit.span.start for edit in edits), default=len(text))
    start = text.rfind(";\n", 0, first) + 1
    assert done[:start] == text[:start]


@given(macros(), st.sampled_from([40, 79]))
@settings(max_examples=200)
def test_a_directive_stays_one_directive(macro, columns):
    text, edits = macro
    plain = apply_edits(text, edits)
    done = apply_edits(text, laid_out(text, edits, columns))
    assert _MACRO_SPACE.sub("", done) == _MACRO_SPACE.sub("", plain)
    _, directives = code_and_directives(done)
    assert len(directives) == 1
    assert directives[0].of(done).endswith("    0")
    assert done.endswith("\nint y;\n")
