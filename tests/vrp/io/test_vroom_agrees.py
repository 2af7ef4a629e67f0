"""VROOM itself: its plans, read by us, are feasible and cost what it says; ours are its too."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from polyroute.vrp.check import Evaluation, Stop, evaluate
from polyroute.vrp.io.vroom import read_vroom
from polyroute.vrp.io.vroom_plan import format_vroom, read_vroom_plan
from polyroute.vrp.io.vroom_writer import problem_to_vroom
from polyroute.vrp.problem import Problem, Quantity
from tests.vrp.io.results import result_of
from tests.vrp.io.vroom_inputs import Document, random_input

vroom = pytest.importorskip("vroom")

WHOLE = {
    "plain": "",
    "loads": "loads",
    "windows": "windows service shift",
    "shipments": "shipments loads windows service",
    "choice": "skills priority max_tasks service",
    "open": "open windows service shift",
    "travel": "travel",
    "breaks": "breaks service shift windows",
    "matrix": "matrix service",
    "distance": "distance service",
    "together": "loads windows service shipments skills priority open shift max_tasks breaks",
}
"""Features under which VROOM's figures are whole numbers, so that ours must equal them."""

ROUNDED = {
    "prices": "prices service windows shift",
    "speed": "speed windows service",
    "speed and prices": "speed prices service open",
    "types": "types service open prices",
    "setup": "setup service open prices",
    "setup and windows": "setup service windows open shift",
    "limits and prices": "prices travel distance service windows",
    "limits, speed and setup": "prices travel distance speed setup service windows",
    "types and breaks": "types setup breaks windows shift",
    "all prices": "prices loads shipments skills priority open service max_tasks speed",
}
"""Features under which VROOM rounds its figures: costs and times by up to one a step.

With windows or breaks it prices a route anew by its rounded durations, and so by the hundredths
that a speed factor is rounded to.
"""

SEEDS = range(12)


def solved(document: Document, folder: Path) -> Document:
    """VROOM's plan."""
    path = folder / "input.json"
    path.write_text(json.dumps(document))
    model = vroom.Input.from_json(path, geometry=False)
    plan: Document = model.solve(exploration_level=1, nb_threads=1).to_dict()
    return plan


def read_both(document: Document, folder: Path) -> tuple[Problem, Document, Evaluation]:
    problem = read_vroom(json.dumps(document))
    plan = solved(document, folder)
    found = evaluate(problem, read_vroom_plan(json.dumps(plan), problem))
    assert not found.violations, [item.describe(problem) for item in found.violations]
    left_out = {(row["type"], row["id"]) for row in plan["unassigned"]}
    assert len(left_out) == len(found.unserved)
    return problem, plan, found


def arrivals(stops: tuple[Stop, ...]) -> list[int]:
    """What VROOM calls arrival: at the start, when the vehicle leaves."""
    times = [stops[0].leave, *(stop.arrive for stop in stops[1:])]
    return times if stops[-1].event == "end" else [*times, stops[-1].leave]


@pytest.mark.parametrize("features", WHOLE.values(), ids=WHOLE)
@pytest.mark.parametrize("seed", SEEDS)
def test_a_plan_has_the_costs_and_times_that_vroom_tells(
    features: str, seed: int, tmp_path: Path
) -> None:
    problem, plan, found = read_both(random_input(seed, features), tmp_path)
    for theirs, ours in zip(plan["routes"], found.routes, strict=True):
        assert problem.scales.show(ours.cost, Quantity.COST) == theirs["cost"]
        assert arrivals(ours.stops) == [step["arrival"] for step in theirs["steps"]]
        assert sum(stop.wait for stop in ours.stops) == theirs["waiting_time"]


@pytest.mark.parametrize("features", ROUNDED.values(), ids=ROUNDED)
@pytest.mark.parametrize("seed", SEEDS)
def test_a_plan_has_the_costs_and_times_that_vroom_rounds(
    features: str, seed: int, tmp_path: Path
) -> None:
    problem, plan, found = read_both(random_input(seed, features), tmp_path)
    for theirs, ours in zip(plan["routes"], found.routes, strict=True):
        coarse = len(theirs["steps"]) + (0.01 * theirs["cost"] if "speed" in features else 0)
        assert ours.cost / problem.scales.cost == pytest.approx(theirs["cost"], abs=coarse)
        end = arrivals(ours.stops)[-1] / problem.scales.time
        assert end == pytest.approx(theirs["steps"][-1]["arrival"], abs=2)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_speed_factor_is_rounded_as_vroom_does(seed: int, tmp_path: Path) -> None:
    problem, plan, found = read_both(random_input(seed, "speed"), tmp_path)
    for theirs, ours in zip(plan["routes"], found.routes, strict=True):
        assert ours.cost // problem.scales.cost == theirs["cost"]
        assert ours.duration // problem.scales.time == theirs["duration"]


@pytest.mark.parametrize("seed", SEEDS)
def test_the_plan_that_we_write_is_the_one_that_vroom_writes(seed: int, tmp_path: Path) -> None:
    document = random_input(seed, WHOLE["together"])
    problem, plan, _ = read_both(document, tmp_path)
    solution = read_vroom_plan(json.dumps(plan), problem)
    ours = json.loads(format_vroom(result_of(problem, *solution.routes)))
    for key in ("cost", "routes", "unassigned", "service", "duration", "waiting_time", "priority"):
        assert ours["summary"][key] == plan["summary"][key], key
    left_out = [(row["type"], row["id"]) for row in plan["unassigned"]]
    assert sorted((row["type"], row["id"]) for row in ours["unassigned"]) == sorted(left_out)
    for mine, theirs in zip(ours["routes"], plan["routes"], strict=True):
        assert mine["vehicle"] == theirs["vehicle"]
        assert mine.keys() <= theirs.keys()
        for step, other in zip(mine["steps"], theirs["steps"], strict=True):
            assert step.keys() <= other.keys()
            assert step == {key: other[key] for key in step}


@pytest.mark.parametrize("features", ["windows loads open priority", "shipments skills", "travel"])
@pytest.mark.parametrize("seed", range(6))
def test_vroom_solves_what_we_write_like_the_input(
    features: str, seed: int, tmp_path: Path
) -> None:
    document = random_input(seed, features)
    again = json.loads(problem_to_vroom(read_vroom(json.dumps(document))))
    first, second = solved(document, tmp_path)["summary"], solved(again, tmp_path)["summary"]
    for key in ("cost", "routes", "unassigned", "priority", "service", "duration"):
        assert first[key] == second[key], key
