"""A plan whose file claims another cost than it has: a remark, in every format that claims."""

from __future__ import annotations

import json
import warnings
from dataclasses import replace
from pathlib import Path

import pytest

from polyroute.vrp.check import evaluate
from polyroute.vrp.io import check_claim, read_solution, write_result
from polyroute.vrp.problem import Problem
from polyroute.vrp.remarks import Remark
from polyroute.vrp.result import Result
from polyroute.vrp.solution import Route, Solution
from tests.cases import line
from tests.vrp.io.results import result_of

PROBLEM = line(0, 10, 20, required=[1, 1, 0], prize=[0, 0, 7])
RESULT = result_of(PROBLEM, Route((1,)))  # there and back, and a prize of 7 forgone


def remarks_on_plan(path: Path, problem: Problem = PROBLEM) -> list[str]:
    solution = read_solution(path, problem)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", Remark)
        check_claim(path, problem, evaluate(problem, solution))
    return [str(warning.message).removeprefix(f"{path}") for warning in caught]


def overstated(result: Result) -> Result:
    """The result with a cost that is 12 too high."""
    terms = result.evaluation.terms | {"fixed": 12}
    routes = tuple(replace(route, cost=route.cost + 12, distance=route.distance + 12)
                   for route in result.evaluation.routes)  # fmt: skip
    return replace(result, evaluation=replace(result.evaluation, terms=terms, routes=routes))


@pytest.mark.parametrize("name", ["a.sol", "a.json", "a.vroom.json", "a.csv", "a.tour"])
def test_what_we_write_claims_what_it_costs(tmp_path: Path, name: str) -> None:
    problem = line(0, 10, 20) if name == "a.tour" else PROBLEM
    result = result_of(problem, Route((1, 2))) if name == "a.tour" else RESULT
    write_result(tmp_path / name, result)
    assert remarks_on_plan(tmp_path / name, problem) == []


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("a.sol", ":2: claims that the plan costs 39, but it costs 27"),
        ("a.json", " at /cost: claims that the plan costs 39, but it costs 27"),
        ("a.vroom.json", " at /summary/cost: claims that the plan costs 32, but it costs 20"),
        ("a.tour", ":2: claims that the plan costs 52, but it costs 40"),
    ],
)
def test_another_cost_is_remarked_on_where_it_stands(tmp_path: Path, name: str, told: str) -> None:
    problem = line(0, 10, 20) if name == "a.tour" else PROBLEM
    result = result_of(problem, Route((1, 2))) if name == "a.tour" else RESULT
    write_result(tmp_path / name, overstated(result))
    (sentence,) = remarks_on_plan(tmp_path / name, problem)
    assert sentence.startswith(told)


@pytest.mark.parametrize(
    ("claim", "remarked"),
    [
        ("Cost 27", False),
        ("Cost 27.00", False),
        ("Cost 27.004", True),
        ("Cost 26.96", True),
        ("cost: 27.0", False),
        ("Cost 2.7e1", False),
        ("Cost 28", True),
        ("Cost 27\nCost 12", True),
        ("Cost unknown", False),
        ("Cost 2.7.1", False),
        ("", False),
    ],
)
def test_digits_that_are_not_written_are_no_other_cost(
    tmp_path: Path, claim: str, remarked: bool
) -> None:
    (tmp_path / "a.sol").write_text(f"Route #1: 1\n{claim}\n")
    assert bool(remarks_on_plan(tmp_path / "a.sol")) == remarked


def test_a_rounding_of_the_last_digit_is_no_other_cost(tmp_path: Path) -> None:
    problem = Problem(coords=PROBLEM.coords) if PROBLEM.distance is None else line(0, 10, 20)
    scaled = problem.replace(scales=replace(problem.scales, length=3, cost=3))
    cost = evaluate(scaled, Solution((Route((1, 2)),))).cost / 3  # 13.333…
    for digits, remarked in ((1, False), (3, False)):
        (tmp_path / "a.sol").write_text(f"Route #1: 1 2\nCost {cost:.{digits}f}\n")
        assert bool(remarks_on_plan(tmp_path / "a.sol", scaled)) == remarked


@pytest.mark.parametrize("cost", [None, "39", True, {}, [1]])
def test_a_record_whose_cost_is_no_number_claims_none(tmp_path: Path, cost: object) -> None:
    (tmp_path / "a.json").write_text(json.dumps({"routes": [[1]], "cost": cost}))
    assert remarks_on_plan(tmp_path / "a.json") == []
