"""Every case's problem survives our JSON, and its plan every format that can hold it."""

from __future__ import annotations

import json
from importlib.resources import files

import pytest
from jsonschema import Draft202012Validator

from polyroute.vrp.errors import UnsupportedError
from polyroute.vrp.io.csv import format_csv, read_solution_csv
from polyroute.vrp.io.native import read_problem_json
from polyroute.vrp.io.native_plan import read_solution_json
from polyroute.vrp.io.native_writer import problem_to_json
from polyroute.vrp.io.record import format_json, result_record
from polyroute.vrp.io.sol import format_result, read_sol
from polyroute.vrp.solution import Solution
from tests.cases import CASES, Case
from tests.vrp.io.results import result_of

SCHEMA = Draft202012Validator(
    json.loads((files("polyroute.vrp.io") / "result.schema.json").read_text())
)
EACH = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


def used(case: Case) -> Solution:
    return Solution(tuple(route for route in case.routes if route.visits))


@EACH
def test_the_problem_survives_json(case: Case) -> None:
    assert read_problem_json(problem_to_json(case.problem)).equals(case.problem)


@EACH
def test_the_plan_survives_json_and_csv(case: Case) -> None:
    result = result_of(case.problem, *case.routes)
    SCHEMA.validate(result_record(result))
    assert read_solution_json(format_json(result), case.problem) == used(case)
    assert read_solution_csv(format_csv(result), case.problem) == used(case)


@EACH
def test_the_plan_survives_a_sol_or_is_refused(case: Case) -> None:
    result = result_of(case.problem, *case.routes)
    try:
        text = format_result(result)
    except UnsupportedError as error:
        reasons = {"breaks", "more routes than vehicles"}
        reasons.add("several vehicle types without a number of vehicles")
        assert reasons >= {*error.attributes}
        return
    assert sorted(map(repr, read_sol(text, case.problem).routes)) == sorted(
        map(repr, used(case).routes)
    )
