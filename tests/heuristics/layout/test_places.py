"""Clients at one address, and the lists of near clients that look beyond it."""

from __future__ import annotations

import numpy as np
import pytest

from polyroute.heuristics.kernels.arrays import WITHIN
from polyroute.heuristics.layout.by_places import OF_OTHER, OF_OWN
from polyroute.heuristics.layout.facts import Facts
from polyroute.heuristics.layout.layout import Layout
from polyroute.heuristics.layout.neighbours import nearest
from polyroute.heuristics.layout.places import shared_places
from polyroute.vrp.problem import Problem

Array = np.ndarray
CORNERS = np.array([[0, 500], [400, 0], [0, 0], [900, 900]])


def flats(rng: np.random.Generator, each: int, spread: int = 0) -> Problem:
    """`each` clients at each of the corners, at most `spread` beside them, in any order."""
    clients = np.repeat(CORNERS, each, axis=0)[rng.permutation(len(CORNERS) * each)]
    coords = np.concatenate([[[5000, 5000]], 10 * clients])
    coords[1:] += rng.integers(0, spread + 1, clients.shape)
    delivery = (np.arange(len(coords)) > 0).astype(np.int64)[:, None]
    return Problem(coords=coords, delivery=delivery, capacity=[[10 * each]])


def by_matrix(problem: Problem) -> Problem:
    """The same, but for coordinates."""
    distance = problem.distance_matrix(0)[None].copy()
    np.fill_diagonal(distance[0], 7)  # which says nothing
    return problem.replace(coords=None, distance=distance)


@pytest.mark.parametrize("spread", [0, 2])
@pytest.mark.parametrize("given", [False, True])
def test_clients_at_a_corner_share_a_place(spread: int, given: bool) -> None:
    problem = flats(np.random.default_rng(1), 6, spread)
    corner = [tuple(at) for at in (np.asarray(problem.coords) // 1000).tolist()]
    place = shared_places(by_matrix(problem) if given else problem)
    assert place is not None
    assert [place[u] == place[v] for u in range(25) for v in range(25)] == [
        a == b for a in corner for b in corner
    ]


def test_a_few_who_meet_by_chance_share_no_place() -> None:
    assert shared_places(flats(np.random.default_rng(1), 4)) is None
    assert shared_places(Problem(coords=[[0, 0], [1, 1]])) is None


@pytest.mark.parametrize("given", [False, True])
@pytest.mark.parametrize("table", [0, 3000])
def test_lists_know_every_place_and_differ(
    given: bool, table: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("polyroute.heuristics.layout.by_places.CHUNK", 70)
    monkeypatch.setattr("polyroute.heuristics.layout.by_places.MATRIX_NODES", table)
    problem = flats(np.random.default_rng(2), 40)
    problem = by_matrix(problem) if given else problem
    place = shared_places(problem)
    assert place is not None
    near = nearest(problem, Facts.of(problem), 60, place)
    assert near.shape == (161, 60)
    for u, row in enumerate(near.tolist()):
        assert len({*row, u}) == 61
        assert min(row) > 0
        head = [int(place[v]) for v in row[: OF_OWN + 3 * OF_OTHER if u else 4 * OF_OTHER]]
        counts = {where: head.count(where) for where in set(head)}
        assert counts.pop(int(place[u]), 0) == (OF_OWN if u else 0)
        assert set(counts.values()) == {OF_OTHER}
        lengths = [int(problem.distance_matrix(0)[u, v]) for v in row[: len(head)] if v != u]
        assert lengths == sorted(lengths) or given  # its diagonal is no length
        assert min(np.bincount(place[row], minlength=5)[np.unique(place[1:])]) >= 5
    assert len({tuple(sorted(row)) for row in near.tolist()}) > 100


def test_lists_as_long_as_there_are_clients_hold_all_of_them() -> None:
    problem = flats(np.random.default_rng(3), 6)
    near = nearest(problem, Facts.of(problem), 100, shared_places(problem))
    assert [sorted({*row, u} - {0}) for u, row in enumerate(near.tolist()) if u] == [
        list(range(1, 25))
    ] * 24


@pytest.mark.parametrize("given", [False, True])
def test_arcs_within_a_place_are_told_from_others(given: bool) -> None:
    problem = flats(np.random.default_rng(4), 6, spread=2)
    p = Layout.of(by_matrix(problem) if given else problem).to_arrays(20)
    apart = flats(np.random.default_rng(4), 3)
    assert 0 < p.fleet[WITHIN] <= 3
    assert Layout.of(apart).to_arrays(20).fleet[WITHIN] == -1
    rich = Layout.of(problem.replace(max_stops=[5], unit_distance_cost=[3])).to_arrays(20)
    assert rich.fleet[WITHIN] == 3 * p.fleet[WITHIN]
