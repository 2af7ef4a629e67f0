"""A problem as VROOM's JSON: it reads back as the same problem, or is refused by name."""

from __future__ import annotations

import json

import numpy as np
import pytest

from polyroute.vrp.builder import Builder
from polyroute.vrp.check import evaluate
from polyroute.vrp.errors import UnsupportedError
from polyroute.vrp.io.vroom import read_vroom
from polyroute.vrp.io.vroom_writer import problem_to_vroom
from polyroute.vrp.problem import UNLIMITED, Problem, Quantity
from polyroute.vrp.solution import Route, Solution
from polyroute.vrp.structure import Break, Pair
from tests.vrp.io.vroom_inputs import SMALL, differences, random_input

RICH = "loads service shipments skills priority open shift max_tasks breaks "


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize(
    "features", ["", RICH + "windows", "travel service", "types service", "setup open", "matrix"]
)
def test_a_problem_from_vroom_survives(features: str, seed: int) -> None:
    problem = read_vroom(json.dumps(random_input(seed, features)))
    assert differences(problem, read_vroom(problem_to_vroom(problem))) == set()


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize(
    "features",
    ["prices service", "speed service windows", "matrix travel windows"],
)
def test_a_problem_in_finer_units_survives_in_steps(features: str, seed: int) -> None:
    problem = read_vroom(json.dumps(random_input(seed, features)))
    assert differences(problem, read_vroom(problem_to_vroom(problem))) <= {"scales"}


@pytest.mark.parametrize("seed", range(10))
def test_costs_of_arcs_survive_as_a_matrix_of_costs(seed: int) -> None:
    problem = read_vroom(json.dumps(random_input(seed, "prices travel distance service")))
    again = read_vroom(problem_to_vroom(problem))
    if "arc_cost" in problem.active:
        unit = problem.arc_cost.max() // again.arc_cost.max()  # whole costs are written as such
        assert unit in (1, problem.scales.cost)
        again = again.replace(arc_cost=again.arc_cost * unit, fixed_cost=again.fixed_cost * unit)
    assert differences(problem, again) <= {"scales", "prize"}


def timed() -> Builder:
    builder = Builder(decimals=1)
    builder.add_depot(x=0, y=0, tw=(1, 90))
    builder.add_client(x=3, y=4, delivery=2, tw=(7, None), service=1, id="A-4711")
    builder.add_client(x=6, y=8, pickup=3, name="bakery")
    return builder


def test_our_own_problem_costs_the_same_there() -> None:
    builder = timed()
    builder.add_vehicle_type(count=2, capacity=5, fixed_cost=2, max_distance=25)
    problem = builder.build()
    document = json.loads(problem_to_vroom(problem))
    again = read_vroom(json.dumps(document))
    assert [row["id"] for row in document["vehicles"]] == [1, 2]
    assert document["vehicles"][0]["time_window"] == [10, 900]
    assert [row.get("description") for row in document["jobs"]] == ["A-4711", "bakery"]
    assert document["jobs"][0]["time_windows"] == [[70, 2**32 - 1]]
    costs = [
        plan.scales.show(evaluate(plan, Solution((Route((1, 2), 0),))).cost, Quantity.COST)
        for plan in (problem, again)
    ]
    assert costs == [22, 22]


def test_coordinates_for_drawing_are_kept() -> None:
    document = json.loads(json.dumps(SMALL))
    document["vehicles"][0] |= {"start": [1.5, 2.5]}
    document["vehicles"][1] |= {"start": [5.5, 6.5]}
    for row in (*document["jobs"], *(document["shipments"][0][e] for e in ("pickup", "delivery"))):
        row["location"] = [3.0, 4.5]
    problem = read_vroom(json.dumps(document))
    assert problem.lonlat is not None
    again = read_vroom(problem_to_vroom(problem))
    assert again.lonlat.tolist() == problem.lonlat.tolist()


def plain(**changes: object) -> Problem:
    arcs = np.arange(16).reshape(1, 4, 4)
    given: dict[str, object] = {"distance": arcs, "count": [1], "num_depots": 1}
    return Problem(**(given | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"release": [0, 1, 0, 0]}, "release"),
        ({"unit_duration_cost": [1]}, "unit_duration_cost"),
        ({"max_duration": [1]}, "max_duration"),
        ({"required": [1, 0, 1, 1]}, "required clients beside optional ones"),
        ({"required": [1, 0, 0, 0], "prize": [0, 1, 2, 3]}, "prizes that are no priorities"),
        ({"distance": np.full((1, 4, 4), UNLIMITED)}, "forbidden arcs"),
        ({"distance": np.full((1, 4, 4), 2**32)}, "arcs of 2^32 steps and more"),
        ({"pairs": (Pair(1, 2), Pair(1, 3))}, "a client in two pairs"),
        ({"breaks": (Break(0, ((1, 2),), 3),)}, "breaks that are taken at stops only"),
        (
            {"pairs": (Pair(1, 2),), "pickup": [[0], [1], [0], [0]]},
            "a pair whose ends do not have the same goods",
        ),
        (
            {"pairs": (Pair(1, 2),), "count": [1, 1], "allowed": [[1, 1], [0, 1], [1, 1], [1, 1]]},
            "a pair whose ends differ in allowed or prize",
        ),
        (
            {"tw_late": [[5], [9], [9], [9]], "end_depot": [-1]},
            "a start depot that closes before the end",
        ),
        (
            {"num_depots": 2, "tw_early": [[0], [9], [0], [0]], "end_depot": [1]},
            "an end depot that opens after the start",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_vroom_cannot_say_is_refused_by_name(changes: dict[str, object], what: str) -> None:
    with pytest.raises(UnsupportedError) as caught:
        problem_to_vroom(plain(**changes))
    assert str(caught.value) == f"VROOM's JSON does not support {what}"
