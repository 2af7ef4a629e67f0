"""States to ruin, parameters to do it with, and what holds of them afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from polyroute.heuristics.kernels.arrays import COUNT, ROUTE, WAITING, Load, Rich, State, Timed
from polyroute.heuristics.search.params import SearchParams
from polyroute.vrp.problem import Problem
from tests.heuristics.random_problems import (
    EVERY,
    Rng,
    arrays,
    can_compute,
    cases,
    fleet_size,
    is_legal,
    plan_of,
    random_plan,
    served,
    state_of,
)

CLIENTS = 10


def situations(
    family: str, seed: int, number: int, clients: int = CLIENTS
) -> Iterator[tuple[Rng, Problem, Load | Timed | Rich, State]]:
    """Random states with as many routes as the fleet has vehicles, at most five."""
    rng = np.random.default_rng(seed)
    for case in cases(number):
        problem = EVERY[family](rng, clients)
        p = arrays(problem, computed=case % 2 == 1 and can_compute(problem))
        plan = random_plan(rng, problem, min(fleet_size(p), 5))
        yield rng, problem, p, state_of(rng, problem, p, plan)


def settings(rng: Rng, **given: float) -> SearchParams:
    """Parameters of the search, given or else random."""
    drawn = {
        "mean_removed": float(rng.uniform(1, 8)),
        "longest_string": int(rng.integers(1, 12)),
        "whole_routes": 0.3,
        "breadth": CLIENTS,
    }
    return replace(SearchParams(), **drawn | given)  # type: ignore[arg-type]


def assert_settled(problem: Problem, p: Load | Timed | Rich, s: State) -> None:
    """Everybody is on a route once; under `Rich` who is not waits no more, and no pair is torn."""
    plan = plan_of(s)
    if not isinstance(p, Rich):
        assert served(plan) == [*problem.clients]
        return
    assert is_legal(problem, s, plan)
    assert (s.link[1:, ROUTE] != WAITING).all()
    assert (s.used <= p.vehicle[:, COUNT]).all()
