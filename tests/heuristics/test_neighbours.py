from __future__ import annotations

import numpy as np
import pytest

from heuristics import convert, neighbours
from heuristics.neighbours import WAIT_WEIGHT, WARP_WEIGHT, nearest
from tests.heuristics.random_problems import FAMILIES, cvrp, vrptw
from vrp.problem import Problem

Array = np.ndarray

WINDOWED = {
    "tight windows",
    "loose windows",
    "decimal windows",
    "longest day",
    "shift",
    "travel times",
    "mirrored travel times",
}


@pytest.fixture
def without_matrix(monkeypatch: pytest.MonkeyPatch) -> None:
    """No instance counts as small enough for a matrix: lists come from a k-d tree."""
    monkeypatch.setattr(convert, "MATRIX_NODES", 0)
    monkeypatch.setattr(neighbours, "MATRIX_NODES", 0)


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


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("number", [1, 4, 100])
def test_lists_are_those_of_a_sort(family: str, number: int) -> None:
    rng = np.random.default_rng(1)
    for _ in range(5):
        problem = FAMILIES[family](rng, 12)
        near = nearest(problem, number)
        assert near.shape == (13, min(number, 11))
        assert_lists_others(problem, near)
        assert near.tolist() == by_sorting(problem, number)


def test_the_windowed_families_are_those_with_windows() -> None:
    rng = np.random.default_rng(2)
    found = {name for name in FAMILIES if "tw_late" in FAMILIES[name](rng, 5).active}
    assert found == WINDOWED


@pytest.mark.usefixtures("without_matrix")
@pytest.mark.parametrize("side", [3, 30, 1000])
@pytest.mark.parametrize("number", [1, 5, 100])
def test_lists_from_a_tree_are_as_near_as_those_of_a_sort(side: int, number: int) -> None:
    rng = np.random.default_rng(3)
    for clients in (2, 12, 60):
        problem = cvrp(rng, clients, coords=rng.integers(0, side, (clients + 1, 2)))
        near = nearest(problem, number)
        expected = np.array(by_sorting(problem, number))
        assert near.shape == expected.shape
        assert_lists_others(problem, near)
        nodes = np.arange(problem.num_nodes)[:, None]
        lengths = problem.distances_between(nodes, near)
        assert (lengths == problem.distances_between(nodes, expected)).all()


@pytest.mark.usefixtures("without_matrix")
def test_lists_from_a_tree_under_windows_are_chosen_among_thrice_as_many() -> None:
    rng = np.random.default_rng(4)
    problem = vrptw(rng, 40, coords=rng.integers(0, 1000, (41, 2)))
    near = nearest(problem, 5)
    assert_lists_others(problem, near)
    plane = Problem(coords=problem.coords)
    for u, pool in enumerate(by_sorting(plane, 15)):
        scores = sorted(apart(problem, u, v) for v in pool)
        assert [apart(problem, u, v) for v in near[u].tolist()] == scores[:5]


@pytest.mark.usefixtures("without_matrix")
@pytest.mark.parametrize("number", [1, 3, 6])
def test_a_tree_finds_a_client_among_many_at_its_place(number: int) -> None:
    problem = Problem(coords=np.array([[0, 0]] * 4 + [[5, 5]] * 4))
    near = nearest(problem, number)
    assert_lists_others(problem, near)
    for u in range(4):
        assert set(near[u, :3].tolist()) <= {1, 2, 3} or number > 2
    for u in range(4, 8):
        assert set(near[u, : min(number, 3)].tolist()) <= {4, 5, 6, 7} - {u}


@pytest.mark.parametrize("clients", [0, 1])
def test_lists_are_empty_where_nobody_else_is(clients: int) -> None:
    problem = Problem(coords=np.zeros((clients + 1, 2), dtype=int))
    assert nearest(problem, 10).shape == (clients + 1, 0)


def test_chunks_of_rows_join_seamlessly(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = cvrp(np.random.default_rng(5), 20)
    whole = nearest(problem, 6).tolist()
    monkeypatch.setattr(neighbours, "CHUNK", 4)
    assert nearest(problem, 6).tolist() == whole
