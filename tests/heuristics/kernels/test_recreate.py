from __future__ import annotations

import pytest

from polyroute.heuristics.kernels import plan as flat
from polyroute.heuristics.kernels.arrays import NUM_OUT, OUT, QUEUED, ROUTE, Rich
from polyroute.heuristics.kernels.links import unlink
from polyroute.heuristics.kernels.recreate import recreate
from polyroute.heuristics.kernels.refresh import refresh
from polyroute.heuristics.kernels.undo_log import commit, save, undo
from polyroute.heuristics.search.filling import fill
from tests.heuristics.assertions import assert_frozen, assert_state, frozen
from tests.heuristics.checked import penalised
from tests.heuristics.kernels.ruins import assert_settled, ruined, situations, waiting
from tests.heuristics.random_problems.rich import EVERY
from tests.heuristics.states import fleet_size, plan_of, state_of

pytestmark = pytest.mark.plain


@pytest.mark.parametrize("family", EVERY)
def test_recreate_serves_everyone_once_and_can_be_undone(family: str) -> None:
    for rng, problem, p, s in situations(family, 2, 30):
        for _ in range(5):
            copies, plan = frozen(s), plan_of(s)
            ruined(rng, p, s)
            out = waiting(s)
            recreate(p, s)
            assert s.tally[NUM_OUT] == 0
            new = plan_of(s)
            assert_state(problem, p, s, new)
            assert_settled(problem, p, s)
            assert all(s.ints[QUEUED, u] for u in out if s.link[u, ROUTE] >= 0)
            if rng.random() < 0.5:
                commit(s)
            else:
                undo(p, s)
                assert_frozen(s, copies)
                assert_state(problem, p, s, plan)


@pytest.mark.parametrize("family", EVERY)
def test_recreate_makes_a_first_solution_from_nothing(family: str) -> None:
    for clients in range(2, 8) if family == "pairs" else range(1, 8):
        for rng, problem, p, _ in situations(family, 3, 3, clients):
            s = state_of(rng, problem, p, [[] for _ in range(fleet_size(p))])
            fill(p, s, flat.plan_of([]))
            if not isinstance(p, Rich):
                assert sorted(waiting(s)) == [*problem.clients]
            recreate(p, s)
            assert_state(problem, p, s, plan_of(s))
            assert_settled(problem, p, s)
            ruined(rng, p, s)
            recreate(p, s)
            assert_settled(problem, p, s)


@pytest.mark.parametrize("family", ["cvrp", "few vehicles", "asymmetric", "tight windows"])
def test_a_client_goes_back_into_the_cheapest_gap(family: str) -> None:
    cheapest = total = 0
    for rng, problem, p, s in situations(family, 4, 150):
        u = int(rng.choice(problem.clients))
        r = int(s.link[u, ROUTE])
        save(s, r)
        unlink(p, s, u)
        refresh(p, s, r)
        plan = plan_of(s)
        s.ints[OUT, 0], s.tally[NUM_OUT] = u, 1
        recreate(p, s)
        costs = [
            penalised(problem, s, [*plan[:q], [*route[:i], u, *route[i:]], *plan[q + 1 :]])
            for q, route in enumerate(plan)
            for i in range(len(route) + 1)
        ]
        cheapest += penalised(problem, s, plan_of(s)) == min(costs)
        total += 1
    assert cheapest >= 0.9 * total  # a gap is passed over unseen now and then, on purpose
