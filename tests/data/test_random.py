"""The command line of the generators, and the instances that ship."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import numpy as np
import pytest

from polyroute.data.random import OPTIONS, VARIANTS, command, main
from polyroute.data.uchoa import CvrpClass
from polyroute.vrp.io import read_problem

INSTANCES = Path(__file__).resolve().parents[2] / "instances"
SOURCES = (INSTANCES / "SOURCES.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^python -m polyroute\.data\.random (.*)$", SOURCES, re.MULTILINE)


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> list[Path]:
    """The files that a run without errors says it has written."""
    assert main([str(word) for word in arguments]) == 0
    output = capsys.readouterr()
    assert output.err == ""
    return [Path(line) for line in output.out.splitlines()]


def refused(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    """The one sentence with which a run is refused."""
    assert main([str(word) for word in arguments]) == 2
    output = capsys.readouterr()
    assert output.out == ""
    assert output.err.count("\n") == 1
    return output.err


# -- what ships ----------------------------------------------------------------------------


@pytest.mark.parametrize("words", COMMANDS)
def test_shipped_instances_are_what_their_command_draws(
    words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (file,) = run(capsys, *shlex.split(words), "--out", tmp_path)
    assert file.read_bytes() == (INSTANCES / file.name).read_bytes()
    assert f"| `{file.name}` |" in SOURCES


def test_every_shipped_instance_has_its_command() -> None:
    shipped = {file.name for file in INSTANCES.iterdir() if file.suffix in (".vrp", ".txt")}
    listed = set(re.findall(r"^\| `(\S+)` \|", SOURCES, re.MULTILINE))
    assert shipped == listed
    assert len(shipped) == len(COMMANDS)


def test_shipped_instances_range_from_20_to_1000_clients_of_both_variants() -> None:
    problems = [
        read_problem(INSTANCES / name) for name in re.findall(r"^\| `(\S+)`", SOURCES, re.M)
    ]
    sizes = {variant: [] for variant in ("CVRP", "VRPTW")}  # type: dict[str, list[int]]
    for problem in problems:
        sizes[problem.variant].append(problem.num_clients)
    assert min(sizes["CVRP"]) == 20
    assert max(sizes["CVRP"]) == max(sizes["VRPTW"]) == 1000


# -- the command line ----------------------------------------------------------------------


@pytest.mark.parametrize("variant", VARIANTS)
def test_each_instance_has_a_seed_of_its_own(
    variant: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("--variant", variant, "--size", 12)
    series = run(capsys, *words, "--number", 3, "--seed", 5, "--out", tmp_path / "series")
    assert len({read_problem(file).coords.tobytes() for file in series}) == 3
    (alone,) = run(capsys, *words, "--seed", 6, "--out", tmp_path / "alone")
    assert alone.name == series[1].name
    assert alone.read_bytes() == series[1].read_bytes()
    assert read_problem(alone).name == alone.stem


def test_the_comment_of_a_file_is_the_command_that_makes_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("--size", 15, "--demand", "q", "--route-size", 4.123456789, "--seed", 3)
    (file,) = run(capsys, *words, "--out", tmp_path / "first")
    found = re.search(r"COMMENT : python -m polyroute\.data\.random (.*)", file.read_text())
    assert found is not None
    (again,) = run(capsys, *shlex.split(found[1]), "--out", tmp_path / "second")
    assert again.read_bytes() == file.read_bytes()


@pytest.mark.parametrize(
    "variant", [name for name, kind in VARIANTS.items() if "places" in kind.__dataclass_fields__]
)
def test_clients_share_as_many_places_as_asked_for(
    variant: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("--variant", variant, "--size", 60, "--places", 7, "--out", tmp_path)
    (file,) = run(capsys, *words)
    problem = read_problem(file)
    assert file.name.startswith(f"{variant}-n60-p7-")
    assert problem.num_clients == 60
    _, clients = np.unique(problem.coords[1:], axis=0, return_counts=True)
    assert len(clients) == 7
    assert clients.max() > 5


def test_options_are_fields_of_the_settings() -> None:
    for name in OPTIONS:
        assert any(name in kind.__dataclass_fields__ for kind in VARIANTS.values())
    assert command(CvrpClass(9), 4).endswith(
        "--positions RC --depot R --demand 1-100 --grid 1000 --seed 4"
    )


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("--size 0", "size is 0, expected a finite number from 1"),
        ("--number 0", "number is 0, expected at least 1"),
        ("--seed -1", "seed is -1, expected at least 0"),
        ("--variant vrptw --depot C", "--depot has no meaning for --variant vrptw"),
        ("--variant cvrp --density 1", "--density has no meaning for --variant cvrp"),
        ("--variant vrptw --type 3", "type is 3, expected 1 or 2"),
        ("--route-size nan", "route_size is nan, expected a finite number from 1"),
        ("--size 9 --places 10", "places is 10, expected 1 to 9, one for each client"),
        ("--variant vrptw --places 0", "places is 0, expected 1 to 100, one for each client"),
        ("--size 50 --grid 3", "the grid [0, 3]² has no room for"),
    ],
)
def test_bad_values_are_refused_in_one_sentence(
    words: str, message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert message in refused(capsys, *words.split(), "--out", tmp_path / "none")


def test_a_place_that_cannot_be_written_to_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    message = refused(capsys, "--size", 5, "--out", tmp_path / "file")
    assert f"{tmp_path / 'file'}: cannot be written: " in message


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("--depot X", "argument --depot: 'X' is unknown, expected C, E, R"),
        ("--demand 3-4", "argument --demand: '3-4' is unknown, expected U, 1-10"),
        ("--variant tsp", "invalid choice: 'tsp'"),
        ("--size many", "invalid int value: 'many'"),
    ],
)
def test_unknown_words_are_refused_by_the_parser(
    words: str, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        main(words.split())
    assert caught.value.code == 2
    assert message in capsys.readouterr().err
