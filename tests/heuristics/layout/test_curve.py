from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest

from polyroute.heuristics.layout import curve as order
from polyroute.heuristics.layout.curve import curve_order, reordered
from polyroute.vrp.api import solve
from polyroute.vrp.check import evaluate
from polyroute.vrp.problem import ATTRIBUTES, Problem
from polyroute.vrp.solution import Solution
from tests.cases import CASES, Case


def on_a_grid(side: int) -> Problem:
    """Clients on every point of a grid, in random order, and a depot in a corner."""
    points = np.stack(np.meshgrid(np.arange(side), np.arange(side)), axis=-1).reshape(-1, 2)
    points = np.random.default_rng(1).permutation(points)
    return Problem(coords=np.concatenate([[[0, 0]], points]))


@pytest.mark.parametrize("bits", [1, 2, 3, 5])
def test_the_curve_passes_every_cell_once_and_goes_on_to_a_neighbour(
    bits: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(order, "CURVE_BITS", bits)
    problem = on_a_grid(2**bits)
    along = problem.coords[curve_order(problem)[1:]]
    assert len({*map(tuple, along.tolist())}) == 4**bits
    assert (np.abs(np.diff(along, axis=0)).sum(axis=1) == 1).all()


def test_depots_keep_their_places() -> None:
    problem = Problem(num_depots=3, coords=np.random.default_rng(2).integers(0, 99, (20, 2)))
    found = curve_order(problem)
    assert found[:3].tolist() == [0, 1, 2]
    assert sorted(found.tolist()) == [*range(20)]


def test_without_positions_nodes_keep_their_order() -> None:
    lengths = np.random.default_rng(3).integers(1, 9, (1, 6, 6))
    assert curve_order(Problem(distance=lengths)).tolist() == [*range(6)]
    assert curve_order(Problem(coords=[[3, 4]])).tolist() == [0]
    at_one_place = Problem(coords=np.full((5, 2), 7))
    assert curve_order(at_one_place).tolist() == [*range(5)]


def shuffled(problem: Problem, seed: int) -> np.ndarray:
    """The nodes with the clients in random order."""
    first = problem.num_depots
    clients = np.random.default_rng(seed).permutation(np.arange(first, problem.num_nodes))
    return np.concatenate([np.arange(first), clients])


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_reordered_problem_is_the_same_under_other_numbers(case: Case) -> None:
    problem = case.problem
    nodes = shuffled(problem, 4)
    found = reordered(problem, nodes)
    assert found.active == problem.active
    for item in ATTRIBUTES:
        old, new = getattr(problem, item.name), getattr(found, item.name)
        if old is not None and item.axes[0] == "N":
            assert (new == old[nodes]).all()
    back = reordered(found, np.argsort(nodes))
    for item in fields(Problem):
        if not item.name.startswith(("node_", "vehicle_")) and not item.metadata:
            assert getattr(back, item.name) == getattr(problem, item.name)
    number = np.argsort(nodes)
    visits = [[u] for u in problem.clients]
    renumbered = [[int(number[u])] for u in problem.clients]
    before = evaluate(problem, Solution.from_visits(visits))
    after = evaluate(found, Solution.from_visits(renumbered))
    assert (after.cost, after.feasible) == (before.cost, before.feasible)


def test_a_start_is_read_and_a_result_told_in_the_numbers_of_the_file() -> None:
    rng = np.random.default_rng(5)
    coords = rng.integers(0, 1000, (31, 2))
    delivery = np.ones((31, 1), dtype=int)
    delivery[0] = 0
    problem = Problem(coords=coords, delivery=delivery, capacity=[[5]])
    first = solve(problem, iterations=3000)
    again = solve(problem, iterations=1, start=first.solution)
    assert again.trace[0].cost == first.evaluation.cost
