"""What is written is what our own readers read back."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from polyroute.data.solomon import VrptwClass
from polyroute.data.solomon import generate as generate_vrptw
from polyroute.data.uchoa import CvrpClass
from polyroute.data.uchoa import generate as generate_cvrp
from polyroute.data.write import solomon_text, vrplib_text
from polyroute.vrp.arcs import ArcRule
from polyroute.vrp.errors import ProblemError, UnsupportedError
from polyroute.vrp.io import read_problem
from polyroute.vrp.problem import Problem, Scales
from tests.cases import column, line


def test_a_vrplib_file_reads_back_as_the_same_problem(tmp_path: Path) -> None:
    problem = generate_cvrp(CvrpClass(70), np.random.default_rng(0), "drawn")
    file = tmp_path / "drawn.vrp"
    file.write_text(vrplib_text(problem, comment="as drawn"))
    # the file's own node numbers become ids
    assert read_problem(file).replace(node_id=problem.node_id).equals(problem)


def test_a_solomon_file_reads_back_as_the_same_problem(tmp_path: Path) -> None:
    problem = generate_vrptw(VrptwClass(70, density=0.5), np.random.default_rng(0), "drawn")
    file = tmp_path / "drawn.txt"
    file.write_text(solomon_text(problem))
    read = read_problem(file)
    scale = problem.scales.time // read.scales.time
    assert np.array_equal(read.tw_early * scale, problem.tw_early)
    assert np.array_equal(read.tw_late * scale, problem.tw_late)
    assert np.array_equal(read.service * scale, problem.service)
    for name in ("coords", "delivery", "count", "capacity", "name", "arc_rule"):
        assert np.array_equal(getattr(read, name), getattr(problem, name))


def test_scaled_values_are_written_in_the_units_of_the_user() -> None:
    problem = line(
        0, 15, scales=Scales(grid=10, load=100), delivery=column(0, 250), capacity=[[1000]]
    )
    text = vrplib_text(problem)
    assert "2 1.5 0\n" in text
    assert "2 2.5\n" in text
    assert "CAPACITY : 10\n" in text


PLAIN = {"delivery": column(0, 1), "capacity": [[9]]}
TENTHS = {"arc_rule": ArcRule.TRUNC1, "scales": Scales(length=10, time=10, cost=10)}


def test_what_a_vrplib_file_cannot_say_is_refused() -> None:
    with pytest.raises(UnsupportedError, match="a VRPLIB file does not support service"):
        vrplib_text(line(0, 1, **PLAIN, service=[0, 3]))
    with pytest.raises(ProblemError, match=r"a VRPLIB file needs coordinates .* rule nearest"):
        vrplib_text(line(0, 1, **PLAIN, arc_rule=ArcRule.CEIL))
    with pytest.raises(ProblemError, match="a VRPLIB file needs coordinates"):
        vrplib_text(Problem(distance=np.ones((1, 2, 2)), **PLAIN))  # type: ignore[arg-type]
    with pytest.raises(ProblemError, match="capacity has no limit, expected one"):
        vrplib_text(line(0, 1))


def test_what_a_solomon_file_cannot_say_is_refused() -> None:
    with pytest.raises(UnsupportedError, match="a Solomon file does not support max_stops"):
        solomon_text(line(0, 1, **PLAIN, **TENTHS, max_stops=[3]))
    with pytest.raises(ProblemError, match="count has no limit, expected one"):
        solomon_text(line(0, 1, **PLAIN, **TENTHS))
    with pytest.raises(ProblemError, match="tw_late has no limit, expected one"):
        solomon_text(line(0, 1, **PLAIN, **TENTHS, count=[1]))
