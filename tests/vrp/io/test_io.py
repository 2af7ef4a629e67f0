"""The front of `vrp.io`: detection by content, errors that name the file, writing by suffix."""

from __future__ import annotations

import stat
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from polyroute.vrp.api import read
from polyroute.vrp.check import evaluate
from polyroute.vrp.errors import PolyrouteError, ReadError, UnsupportedError
from polyroute.vrp.io import (
    FORMATS,
    WRITERS,
    detect_format,
    read_problem,
    read_solution,
    write_result,
)
from polyroute.vrp.problem import UNLIMITED, Problem
from polyroute.vrp.result import Result
from polyroute.vrp.solution import Route, Solution
from tests.vrp.io.texts import CVRP, SOL, SOLOMON, TOUR, TSP, VRPTW


def saved(tmp_path: Path, content: str | bytes, name: str = "file.txt") -> Path:
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def result(problem: Problem, *visits: tuple[int, ...]) -> Result:
    solution = Solution(tuple(Route(route) for route in visits))
    return Result(
        problem=problem,
        solution=solution,
        evaluation=evaluate(problem, solution),
        seconds=1.0,
        solver="search",
        seed=0,
        threads=1,
    )


# -- problems ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "variant"), [(CVRP, "CVRP"), (VRPTW, "VRPTW"), (TSP, "TSP"), (SOLOMON, "VRPTW")]
)
def test_problem_format_is_found_by_content_not_by_suffix(
    text: str, variant: str, tmp_path: Path
) -> None:
    for name in ("a.vrp", "b.txt", "c"):
        problem = read(saved(tmp_path, text, name))
        assert detect_format(tmp_path / name) == ("solomon" if text is SOLOMON else "vrplib")
        assert problem.variant == variant
        windows = text.replace("\n", "\r\n").encode("utf-8-sig")
        assert read(saved(tmp_path, windows, name)).equals(problem)


def test_format_may_be_named(tmp_path: Path) -> None:
    assert read_problem(saved(tmp_path, TSP), format="tsplib").variant == "TSP"
    with pytest.raises(ReadError, match="expected the line VEHICLE"):
        read_problem(saved(tmp_path, CVRP), format="solomon")
    with pytest.raises(PolyrouteError, match="'xml' is unknown, expected one of vrplib, tsplib"):
        read_problem(saved(tmp_path, CVRP), format="xml")


def test_round_is_a_label(tmp_path: Path) -> None:
    assert read_problem(saved(tmp_path, CVRP), round="trunc1").arc_rule.label == "trunc1"
    for label in ("up", "geo"):
        with pytest.raises(PolyrouteError, match=f"rounding rule '{label}' is unknown, expected"):
            read_problem(saved(tmp_path, CVRP), round=label)


def test_nameless_problem_is_called_after_its_file(tmp_path: Path) -> None:
    nameless = CVRP.replace("NAME : tiny\n", "")
    assert read_problem(saved(tmp_path, nameless, "monday.vrp")).name == "monday"


@pytest.mark.parametrize(
    ("content", "fragment"),
    [
        (b"", "file.txt: the file is empty"),
        (b"\n \n", "file.txt: the file is empty"),
        (b"\x00\x01\x02", "file.txt:1: found a zero byte, expected text"),
        (b"NAME : a\n\xff\xfe", "file.txt:2: byte 0xff is not UTF-8, expected text"),
        ("hello world\n", "file.txt:1: the format is not recognised, expected a problem in one of"),
        (SOL, "file.txt:1: this is a plan, expected a problem"),
        (TOUR, "file.txt:2: TYPE is 'TOUR', expected CVRP"),
        (CVRP.replace("2 0 10", "2 0 x"), "file.txt:9: NODE_COORD_SECTION: y is 'x', expected a"),
        (TSP.replace("4 0 3.5", "4 0 9e14"), "file.txt: coords: numbers as large as 9e+14 do not"),
    ],
)
def test_what_is_no_problem_is_refused_in_one_sentence(
    content: str | bytes, fragment: str, tmp_path: Path
) -> None:
    with pytest.raises(ReadError) as caught:
        read_problem(saved(tmp_path, content))
    assert fragment in str(caught.value)
    assert str(caught.value).startswith(str(tmp_path))
    assert "\n" not in str(caught.value)


def test_missing_file_and_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match=r"none\.vrp: cannot be read: No such file or directory"):
        read_problem(tmp_path / "none.vrp")
    with pytest.raises(ReadError, match="cannot be read: Is a directory"):
        read_problem(tmp_path)
    with pytest.raises(ReadError, match="cannot be read: embedded null byte"):
        read_problem("a\0b")


# -- plans ---------------------------------------------------------------------------------


def test_plan_format_is_found_by_content(tmp_path: Path) -> None:
    problem = read_problem(saved(tmp_path, CVRP))
    expected = Solution((Route((1, 2)), Route((4, 3))))
    assert read_solution(saved(tmp_path, SOL, "a.txt"), problem) == expected
    tsp = read_problem(saved(tmp_path, TSP))
    assert read_solution(saved(tmp_path, TOUR, "a.sol"), tsp) == Solution((Route((1, 2, 3)),))


def test_plan_that_does_not_fit_names_file_and_line(tmp_path: Path) -> None:
    tsp = read_problem(saved(tmp_path, TSP))
    with pytest.raises(ReadError, match=r"a\.sol:2: client is 4, expected 1 to 3"):
        read_solution(saved(tmp_path, SOL, "a.sol"), tsp)
    with pytest.raises(ReadError, match=r"a\.sol:1: found 'hello', expected 'Route #k: client …'"):
        read_solution(saved(tmp_path, "hello\n", "a.sol"), tsp)


# -- writing -------------------------------------------------------------------------------


def test_result_is_written_by_suffix_and_reads_back(tmp_path: Path) -> None:
    problem = read_problem(saved(tmp_path, TSP))
    for suffix in (".sol", ".tour", ".SOL"):
        path = tmp_path / f"out{suffix}"
        write_result(path, result(problem, (3, 1, 2)))
        assert read_solution(path, problem) == Solution((Route((3, 1, 2)),))


def test_every_writer_and_reader_exists() -> None:
    from polyroute.vrp.io import SOLUTIONS, _load

    for where in (*FORMATS.values(), *SOLUTIONS.values(), *WRITERS.values()):
        assert callable(_load(where))


def test_unknown_suffix_is_refused(tmp_path: Path) -> None:
    problem = read_problem(saved(tmp_path, TSP))
    with pytest.raises(PolyrouteError, match=r"suffix '\.xls' is unknown, expected one of \.sol"):
        write_result(tmp_path / "plan.xls", result(problem, (1, 2, 3)))
    with pytest.raises(PolyrouteError, match="suffix '' is unknown"):
        write_result(tmp_path / "plan", result(problem, (1, 2, 3)))


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    problem = read_problem(saved(tmp_path, CVRP))
    path = saved(tmp_path, "old", "plan.sol")
    fleet = Problem(coords=problem.coords, count=np.array([1, UNLIMITED]))
    with pytest.raises(UnsupportedError):
        write_result(path, replace(result(problem, (1, 2)), problem=fleet))
    assert path.read_text() == "old"
    with pytest.raises(PolyrouteError, match="cannot be written: No such file or directory"):
        write_result(tmp_path / "none" / "plan.sol", result(problem, (1, 2)))
    assert sorted(item.name for item in tmp_path.iterdir()) == ["file.txt", "plan.sol"]


def test_a_link_stays_a_link_and_its_target_is_replaced(tmp_path: Path) -> None:
    problem = read_problem(saved(tmp_path, CVRP))
    target = saved(tmp_path, "old", "target.sol")
    (tmp_path / "link.sol").symlink_to(target)
    write_result(tmp_path / "link.sol", result(problem, (1, 2)))
    assert (tmp_path / "link.sol").is_symlink()
    assert target.read_text().startswith("Route #1: 1 2\n")
    assert not stat.S_IMODE(target.stat().st_mode) & stat.S_IXUSR
