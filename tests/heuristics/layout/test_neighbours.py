from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from polyroute.heuristics.layout import neighbours
from polyroute.heuristics.layout.facts import Facts
from polyroute.heuristics.layout.neighbours import nearest
from polyroute.heuristics.layout.proximity import WAIT_WEIGHT, WARP_WEIGHT
from polyroute.vrp.problem import Problem
from tests.heuristics.random_problems.plain import FAMILIES, cvrp, vrptw

Array = np.ndarray


def follows(problem: Problem, u: int, v: int) -> float:
    """How badly `v` follows `u`: the length, and what waiting and lateness are unavoidable."""
    tail, head = np.array(u), np.array(v)
    length = float(problem.distances_between(tail, head))
    if not problem.active & {"tw_early", "tw_late"}:
        return length
    ready = int(problem.service[u] + problem.durations_between(tail, head))
    wait = int(problem.tw_early[v, 0] - ready - problem.tw_late[u, 0])
    warp = int(problem.tw_early[u, 0] + ready - problem.tw_late[v, 0])
    return length + WAIT_WEIGHT * max(wait, 0) + WARP_WEIGHT * max(warp, 0)


def apart(problem: Problem, u: int, v: int) -> float:
    return min(follows(problem, u, v), follows(problem, v, u))


def by_sorting(problem: Problem, number: int) -> list[list[int]]:
    """The slow twin: sort all clients for each node, ties by their numbers."""
    number = min(number, problem.num_clients - 1)  # the depot's list is no longer than others
    return [
        sorted((v for v in problem.clients if v != u), key=lambda v: (apart(problem, u, v), v))[
            :number
        ]
        for u in range(problem.num_nodes)
    ]


def assert_lists_others(problem: Problem, near: Array) -> None:
    for u, row in enumerate(near.tolist()):
        assert len(set(row)) == len(row)
        assert set(row) <= set(problem.clients) - {u}


def scores(problem: Problem, lists: Sequence[Sequence[int]]) -> list[list[float]]:
    return [[apart(problem, u, v) for v in row] for u, row in enumerate(lists)]


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("number", [1, 4, 100])
def test_lists_are_as_near_as_those_of_a_sort(family: str, number: int) -> None:
    rng = np.random.default_rng(1)
    for _ in range(5):
        problem = FAMILIES[family](rng, 12)
        near = nearest(problem, Facts.of(problem), number)
        assert near.shape == (13, min(number, 11))
        assert_lists_others(problem, near)
        expected = by_sorting(problem, number)
        assert scores(problem, near.tolist()) == scores(problem, expected)
        given = Facts.of(problem).lengths_given
        if given or "tw_late" in problem.active:  # else from a tree, ties as they come
            assert near.tolist() == expected


@pytest.fixture(params=["comparing", "tree"])
def either(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both ways to find who is nearest in the plane: few nodes are compared, many put in a tree."""
    if request.param == "tree":
        monkeypatch.setattr(neighbours, "FEW_NODES", 0)


@pytest.mark.usefixtures("either")
@pytest.mark.parametrize("side", [3, 30, 1000])
@pytest.mark.parametrize("number", [1, 5, 100])
def test_lists_in_the_plane_are_as_near_as_those_of_a_sort(side: int, number: int) -> None:
    rng = np.random.default_rng(3)
    for clients in (2, 12, 60):
        problem = cvrp(rng, clients, coords=rng.integers(0, side, (clients + 1, 2)))
        near = nearest(problem, Facts.of(problem), number)
        assert_lists_others(problem, near)
        assert scores(problem, near.tolist()) == scores(problem, by_sorting(problem, number))


@pytest.mark.usefixtures("either")
def test_lists_under_windows_are_chosen_among_thrice_as_many_in_the_plane(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(neighbours, "MATRIX_NODES", 0)
    rng = np.random.default_rng(4)
    problem = vrptw(rng, 40, coords=rng.integers(0, 1000, (41, 2)))
    near = nearest(problem, Facts.of(problem), 5)
    assert_lists_others(problem, near)
    plane = Problem(coords=problem.coords)
    pools = scores(problem, by_sorting(plane, 15))
    assert scores(problem, near.tolist()) == [sorted(pool)[:5] for pool in pools]


@pytest.mark.usefixtures("either")
@pytest.mark.parametrize("number", [1, 3, 6])
def test_a_client_is_found_among_many_at_his_place(number: int) -> None:
    problem = Problem(coords=np.array([[0, 0]] * 4 + [[5, 5]] * 4))
    near = nearest(problem, Facts.of(problem), number)
    assert_lists_others(problem, near)
    for u, row in enumerate(near.tolist()):
        mates = {v for v in problem.clients if v != u and (v < 4) == (u < 4)}
        assert set(row[: len(mates)]) <= mates


@pytest.mark.parametrize("clients", [0, 1])
def test_lists_are_empty_where_nobody_else_is(clients: int) -> None:
    problem = Problem(coords=np.zeros((clients + 1, 2), dtype=int))
    assert nearest(problem, Facts.of(problem), 10).shape == (clients + 1, 0)


def test_chunks_of_rows_join_seamlessly(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = vrptw(np.random.default_rng(5), 20)
    whole = nearest(problem, Facts.of(problem), 6).tolist()
    plane = cvrp(np.random.default_rng(5), 20)
    compared = nearest(plane, Facts.of(plane), 6).tolist()
    monkeypatch.setattr(neighbours, "CHUNK", 4)
    assert nearest(problem, Facts.of(problem), 6).tolist() == whole
    assert nearest(plane, Facts.of(plane), 6).tolist() == compared
