"""A problem as a VRPLIB file: it reads back as the same problem, or is refused by name."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest

from polyroute.vrp.check import evaluate
from polyroute.vrp.errors import UnsupportedError
from polyroute.vrp.io.vrplib import read_vrplib
from polyroute.vrp.io.vrplib.writer import SUPPORTS, problem_to_vrplib
from polyroute.vrp.problem import NOWHERE, UNLIMITED, Backhaul, Problem
from polyroute.vrp.solution import Solution
from polyroute.vrp.structure import Break, Group, Pair, Reload
from tests.effort import in_full
from tests.random_attributes import random_plan, random_problem
from tests.vrp.io import dialects, texts

FILES = {
    name: text
    for module in (texts, dialects)
    for name, text in vars(module).items()
    if isinstance(text, str) and "DIMENSION" in text and "SECTION" in text
    if name not in ("HEAD", "TOUR")
}
LOADING = dialects.TIMED.replace("TION\n1 0\n2 1\n3 2", "TION\n1 15.5\n2 1\n3 2")
NAMED = dialects.PLAIN.replace("3 6 8", "3 6 8 The Mill").replace("NAME : tiny", "NAME : a b")
OPEN = dialects.typed("OVRPTW", dialects.DEMANDS + dialects.WINDOWS)
PRIZES = dialects.typed("PCVRP", dialects.DEMANDS + "PRIZE_SECTION\n1 0\n2 30.5\n3 0\n4 1\n")


def differences(one: Problem, other: Problem) -> set[str]:
    """The fields in which two problems differ."""
    names = (item.name for item in fields(one))
    pairs = {name: (getattr(one, name), getattr(other, name)) for name in names}
    return {
        name
        for name, (mine, theirs) in pairs.items()
        if not (mine is theirs or np.array_equal(mine, theirs))
    }


@pytest.mark.parametrize("name", FILES)
def test_what_was_read_is_written_back(name: str) -> None:
    problem = read_vrplib(FILES[name])
    assert differences(problem, read_vrplib(problem_to_vrplib(problem))) == set()


@pytest.mark.parametrize("text", [LOADING, NAMED, OPEN, PRIZES])
def test_loading_times_names_and_prizes_are_written_back(text: str) -> None:
    problem = read_vrplib(text)
    assert differences(problem, read_vrplib(problem_to_vrplib(problem))) == set()


def test_a_file_reads_like_one_written_by_hand() -> None:
    assert problem_to_vrplib(read_vrplib(dialects.PAIRED), "five nodes") == (
        dialects.PAIRED.replace("NAME : tiny\n", "NAME : tiny\nCOMMENT : five nodes\n")
        .replace("PDPTW", "VRPPDTW")
        .replace("CAPACITY : 10\n", "")
        .replace("EUC_2D\n", "EUC_2D\nCAPACITY : 10\n")
        .replace(" 1\n -1", "1\n-1")
    )


def sayable(problem: Problem) -> Problem:
    """The problem, with what a file cannot say changed to what it can."""
    opened = NOWHERE in problem.end_depot
    ends = np.full_like(problem.end_depot, NOWHERE) if opened else problem.start_depot
    prized = ~problem.required
    prized[: problem.num_depots] = False
    return problem.replace(
        end_depot=ends,
        prize=np.where(prized, np.maximum(problem.prize, 1), 0),
        groups=tuple(replace(group, required=True) for group in problem.groups),
        backhaul_only_routes=problem.backhaul is not Backhaul.LINEHAUL_FIRST,
        backhaul=problem.backhaul if problem.pickup.any() else Backhaul.NONE,
    )


@pytest.mark.filterwarnings("ignore::polyroute.vrp.remarks.Remark")
@pytest.mark.parametrize("seed", range(in_full(400, 80)))
def test_any_problem_costs_the_same_there_or_is_refused(seed: int) -> None:
    rng = np.random.default_rng(seed)
    names = SUPPORTS if seed % 8 == 0 else SUPPORTS - {"pairs"}
    problem = sayable(random_problem(rng, names))
    try:
        again = read_vrplib(problem_to_vrplib(problem))
    except UnsupportedError as error:
        assert "pairs" in str(error) or "only some vehicles" in str(error)
        return
    # vehicle k of the file, which counts type by type
    kinds = np.repeat(np.arange(again.num_vehicle_types), np.minimum(again.count, 99))
    first = np.cumsum([0, *np.minimum(problem.count, problem.num_clients)])
    for _ in range(5):
        plan = random_plan(rng, problem)
        moved = tuple(
            replace(route, vehicle_type=int(kinds[first[route.vehicle_type]]))
            for route in plan.routes
        )
        one, other = evaluate(problem, plan), evaluate(again, Solution(moved))
        assert other.cost == one.cost * again.scales.cost // problem.scales.cost
        assert other.feasible == one.feasible
        assert other.duration == one.duration * again.scales.time // problem.scales.time


REFUSED = [
    ({"breaks": (Break(0, ((0, 9),), 1),)}, "breaks"),
    ({"tw_late": np.array([[UNLIMITED], [9], [9], [9]])}, "windows without an end"),
    ({"required": np.array([1, 0, 1, 1])}, "optional clients without a prize"),
    ({"prize": np.array([0, 5, 0, 0])}, "optional clients without a prize, or required ones"),
    ({"groups": (Group((1, 2), required=False),)}, "groups of which nobody need be served"),
    ({"pairs": (Pair(1, 2),)}, "pairs beside other clients"),
    ({"capacity": np.array([[5], [UNLIMITED]])}, "limits that only some vehicles or loads have"),
    ({"count": np.array([0])}, "no vehicles at all"),
    ({"end_depot": np.array([0, NOWHERE]), "count": np.array([1, 1])}, "end_depot"),
    ({"node_name": ("", "12", "7", "")}, "node_name"),
    ({"backhaul": Backhaul.LINEHAUL_FIRST, "pickup": np.array([[0], [0], [0], [5]])}, "backhaul"),
    (
        {"reloads": (Reload(0, (0,), 2), Reload(1, (0,))), "count": np.array([1, 1])},
        "limits that only some vehicles or loads have",
    ),
    (
        {"distance": np.ones((1, 4, 4), int), "duration": np.full((1, 4, 4), 2)},
        "does not support duration",
    ),
]


@pytest.mark.parametrize(("changes", "name"), REFUSED)
def test_what_a_file_cannot_say_is_refused_by_name(changes: dict[str, object], name: str) -> None:
    plain = Problem(coords=np.array([[0, 0], [3, 4], [6, 8], [0, 10]]), **changes)  # type: ignore[arg-type]
    with pytest.raises(UnsupportedError, match=name):
        problem_to_vrplib(plain)
