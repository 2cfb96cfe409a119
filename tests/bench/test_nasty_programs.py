import re
import subprocess

import nasty_programs
import pytest
from nasty.model import FEATURES, FLAVOURS
from nasty.program import WRITERS, generate_program

STRICT = [
    "-std=gnu11",
    "-w",
    "-O1",
    "-Werror=implicit-function-declaration",
    "-Werror=return-type",
    "-Werror=sequence-point",
    "-fsanitize=undefined",
    "-fno-sanitize-recover=undefined",
]


def build_and_run(gcc, folder, files, *flags):
    for name, text in files.items():
        (folder / name).write_text(text)
    subprocess.run([gcc, *flags, "-o", "prog", "core.c", "prog.c"], cwd=folder, check=True)
    done = subprocess.run([folder / "prog"], capture_output=True, text=True, timeout=20, check=True)
    return done.stdout


def test_the_same_seed_makes_the_same_program():
    assert generate_program(5).files == generate_program(5).files
    assert generate_program(5).files != generate_program(6).files


def test_every_feature_has_a_statement_or_a_definition():
    in_definitions = {"calls", "headers"}
    assert set(FEATURES) == {writer.feature for writer in WRITERS if writer.feature} | in_definitions


@pytest.mark.parametrize("flavour", sorted(FLAVOURS))
@pytest.mark.parametrize("seed", [3, 4])
def test_programs_are_defined_end_and_do_not_depend_on_the_optimiser(gcc, tmp_path, flavour, seed):
    files = generate_program(seed, flavour=flavour).files
    for conf in ("-DCONF=0", "-DCONF=1"):
        strict = build_and_run(gcc, tmp_path, files, *STRICT, conf)
        assert strict == build_and_run(gcc, tmp_path, files, "-std=gnu11", "-w", "-O2", conf)
        assert re.fullmatch(r"checksum [0-9a-f]{16} events \d+ sites \d+\n", strict)


def test_most_observations_are_reached(gcc, tmp_path):
    reached = made = 0
    for seed in range(20, 26):
        program = generate_program(seed)
        made += program.sites
        reached += int(build_and_run(gcc, tmp_path, program.files, "-std=gnu11", "-w").split()[-1])
    assert reached / made > 0.75


def test_a_calm_program_has_no_code_that_changes_the_state():
    calm = [p for p in map(generate_program, range(40)) if not p.assigns and p.flavour == "pointer"]
    assert calm
    for program in calm:
        code = program.files["prog.c"] + program.files["core.c"]
        assert not re.search(r"(?<!\*)\bcur\s*=(?!=)\s*(?!pool;|&pool\[\d\];)", code.replace(".cur =", ""))
        assert "set_state(" not in code


def observed_places(text):
    """Offsets of the state in observations of its identity, in code that is certainly compiled."""
    return [m.start(1) for m in re.finditer(r"mix\(\d+u, (cur)->id\)", text)]


def test_a_wrong_state_at_any_single_use_shows(gcc, tmp_path):
    """Replace one use at a time by another state: the checksum must differ if the use was reached."""
    program = generate_program(7, flavour="pointer", features=frozenset(FEATURES) - {"branches", "shadow"})
    text = program.files["prog.c"]
    places = observed_places(text)
    assert len(places) > 5
    trace = ("-std=gnu11", "-w", "-O0")
    expected = build_and_run(gcc, tmp_path, program.files, *trace)
    for place in places[:8]:
        site = text[text.rindex("mix(", 0, place) : place]
        wrong = f"{text[:place]}(hit(), &pool[5]){text[place + 3 :]}"
        head = '#include <stdio.h>\nstatic void hit(void) { static int n; if (!n++) puts("hit"); }\n'
        seen = build_and_run(gcc, tmp_path, {**program.files, "prog.c": head + wrong}, *trace)
        assert (seen != expected) == seen.startswith("hit"), site


@pytest.mark.parametrize(
    ("manner", "code", "status"),
    [
        ("identity", 0, "same"),
        ("rename", 0, "same"),
        ("cache", 1, "different"),
        ("append", 1, "unstable"),
        ("break", 1, "no-compile"),
        ("crash", 1, "clew-failed"),
    ],
)
def test_a_faulty_rewriter_is_caught(gcc, tmp_path, capsys, fake_clew, manner, code, status):
    assert gcc
    argv = ["--work", str(tmp_path), "--first", "3", "--seeds", "1", "--clew", fake_clew(manner)]
    argv += ["--flavour", "pointer", "--without", "shadow,names,macros"]
    assert nasty_programs._main(argv) == code
    assert f"results: {status} 1" in capsys.readouterr().out


def test_an_unknown_feature_is_a_usage_error(tmp_path, capsys):
    with pytest.raises(SystemExit) as error:
        nasty_programs._main(["--work", str(tmp_path), "--without", "gotos"])
    assert error.value.code == 2
    assert "no feature 'gotos'" in capsys.readouterr().err


def test_a_missing_clew_is_a_usage_error(tmp_path, capsys):
    assert nasty_programs._main(["--work", str(tmp_path), "--clew", "no-such-clew"]) == 2
    assert "install clew" in capsys.readouterr().err
