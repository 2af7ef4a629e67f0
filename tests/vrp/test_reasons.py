"""Why clients are left out: by hand, against every place in the plan, and in bounded time."""

from __future__ import annotations

from time import perf_counter

import numpy as np
import pytest

from polyroute.vrp.explain import places
from polyroute.vrp.problem import UNLIMITED, Problem
from polyroute.vrp.reasons import Cause, describe, reasons
from polyroute.vrp.solution import Route, Solution
from polyroute.vrp.structure import Group, Pair
from tests.cases import column, line
from tests.effort import in_full

# A depot at 0 and clients at 10 and 20 on a line, of whom the first is served alone.
ONE_OF_TWO = {
    "an alternative is served": (
        {"groups": (Group((1, 2)),)},
        "1 with an alternative who is served",
        "an alternative to him is served",
    ),
    "nobody can serve him": (
        {"tw_late": column(100, 100, 13)},
        "1 whom no vehicle can serve, even alone",
        "client 2 cannot be served, even alone: late by 7 at client 2",
    ),
    "his prize is too small": (
        {"required": [1, 1, 0], "prize": [0, 0, 15]},
        "1 dearer than the prize",
        "would cost 20 at the best of the places nearest to him, and his prize is 15",
    ),
    "he fits": (
        {"required": [1, 1, 0], "prize": [0, 0, 25]},
        "1 who would fit",
        "would fit: vehicle type 1, route 1: cost +20",
    ),
    "there is no room": (
        {"delivery": column(0, 4, 4), "capacity": [[7]], "count": [1]},
        "1 without a place that breaks no rule (capacity)",
        "of the places nearest to him, the best: vehicle type 1, route 1: cost +20, "
        "capacity exceeded by 1",
    ),
}


@pytest.mark.parametrize("what", ONE_OF_TWO)
def test_a_client_who_is_left_out_has_a_reason(what: str) -> None:
    fields, summary, message = ONE_OF_TWO[what]
    found = reasons(line(0, 10, 20, **fields), Solution((Route((1,)),)))
    assert [reason.node for reason in found] == [2]
    assert (describe(found), found[0].message) == (summary, message)


def test_both_ends_of_a_pair_have_one_reason_and_nobody_has_none() -> None:
    loads = {"pickup": column(0, 9, 0, 0), "delivery": column(0, 0, 9, 0), "capacity": [[8]]}
    problem = line(0, 10, 20, 30, pairs=(Pair(1, 2),), **loads)
    found = reasons(problem, Solution((Route((3,)),)))
    assert [(reason.node, reason.cause) for reason in found] == [(1, Cause.ALONE), (2, Cause.ALONE)]
    assert reasons(problem, Solution((Route((1, 2, 3)),))) == ()


def test_reasons_agree_with_a_look_at_every_place() -> None:
    rng = np.random.default_rng(20)
    seen = set()
    for _ in range(in_full(300, 60)):
        problem = drawn(rng)
        visits = rng.permutation(problem.clients)[: rng.integers(1, 4)].tolist()
        solution = Solution.from_visits([visits[:2], visits[2:]])
        for reason in reasons(problem, solution, seconds=60):
            best = places(problem, solution, reason.node)[0]
            prize = UNLIMITED if problem.required[reason.node] else problem.prize[reason.node]
            fits = not best.broken and best.cost < prize
            assert (reason.cause is Cause.FITS) == fits
            assert reason.cause is not Cause.PRICE or not best.broken
            assert reason.cause not in (Cause.NO_PLACE, Cause.ALONE) or best.broken
            seen.add(reason.cause)
    assert seen == {Cause.FITS, Cause.PRICE, Cause.NO_PLACE, Cause.ALONE}


def drawn(rng: np.random.Generator) -> Problem:
    """Five clients in a square, some of them optional, with windows and little room."""
    return Problem(
        coords=rng.integers(0, 30, (6, 2)),
        delivery=np.r_[0, rng.integers(1, 8, 5)][:, None],
        tw_late=np.r_[200, rng.integers(5, 120, 5)][:, None],
        required=np.r_[True, rng.random(5) < 0.3],
        prize=np.r_[0, rng.integers(1, 60, 5)],
        capacity=np.array([[int(rng.integers(7, 16))]]),
        count=np.array([int(rng.integers(1, 3))]),
    )


@pytest.mark.parametrize("by_table", [False, True])
def test_thousands_take_no_more_time_than_they_may(by_table: bool) -> None:
    rng, clients = np.random.default_rng(1), 2000
    problem = Problem(
        coords=rng.integers(0, 1000, (clients + 1, 2)),
        delivery=np.r_[0, rng.integers(1, 10, clients)][:, None],
        capacity=np.array([[100]]),
        count=np.array([3]),
    )
    if by_table:
        problem = problem.replace(distance=problem.distance_matrix()[None])
    plan = Solution.from_visits([range(1, 19), range(19, 35)])
    tour = Solution.from_visits([range(1, clients)])  # one route, which takes long to judge
    alone = reasons(problem.replace(count=np.array([1])), tour, seconds=0.1)
    assert [reason.cause for reason in alone] == [Cause.UNKNOWN]
    began = perf_counter()
    found = reasons(problem, plan, seconds=0.1)
    assert perf_counter() - began < 5.0  # a busy machine; looking at all takes minutes
    assert len(found) == clients - 34
    assert found[-1].cause is Cause.UNKNOWN
    assert f"{sum(r.cause is Cause.UNKNOWN for r in found)} not looked at" in describe(found)
