from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pytest

from heuristics import local_search
from heuristics.arrays import NUM_QUEUED, QUEUE, ROUTE, Load, State, Timed
from heuristics.local_search import improve
from heuristics.params import LONGEST_CHAIN
from heuristics.price import LEAST_GAIN
from heuristics.routes import penalised_cost, touch, touch_all, undo
from tests.heuristics.random_problems import (
    COMPILED,
    FAMILIES,
    Plan,
    Rng,
    arrays,
    assert_frozen,
    assert_state,
    can_compute,
    cases,
    frozen,
    length_of,
    penalised,
    plain,
    plan_of,
    random_plan,
    served,
    state_of,
)
from tests.heuristics.slow_moves import MOVES, Step
from vrp.problem import Problem

pytestmark = pytest.mark.kernels

CLIENTS = 9
ROUTES = 4
ENOUGH = 1000


def situations(
    family: str, seed: int, number: int, left_out: int = 0
) -> Iterator[tuple[Rng, Problem, Load | Timed, State]]:
    """Random states of random problems, every client queued."""
    rng = np.random.default_rng(seed)
    for case in cases(number):
        problem = FAMILIES[family](rng, CLIENTS)
        p = arrays(problem, computed=case % 2 == 1 and can_compute(problem))
        plan = random_plan(rng, problem, ROUTES, left_out)
        s = state_of(rng, problem, p, plan)
        touch_all(s)
        yield rng, problem, p, s


@pytest.mark.parametrize("family", FAMILIES)
def test_improving_never_costs_and_keeps_everyone_in_place(family: str) -> None:
    for rng, problem, p, s in situations(family, 1, 60):
        before, plan = penalised_cost(s), plan_of(s)
        copies = frozen(s)
        improve(p, s, int(rng.integers(1, CLIENTS + 3)), int(rng.integers(1, 4)), ENOUGH)
        after = plan_of(s)
        assert_state(problem, p, s, after)
        assert served(after) == served(plan)
        assert penalised_cost(s) <= before
        assert s.tally[NUM_QUEUED] == 0
        undo(p, s)
        assert_frozen(s, copies)
        assert_state(problem, p, s, plan)


@pytest.mark.parametrize("family", ["cvrp", "travel times"])
def test_who_is_on_no_route_is_passed_over(family: str) -> None:
    for rng, problem, p, s in situations(family, 2, 20, left_out=3):
        out = [u for u in problem.clients if s.link[u, ROUTE] < 0]
        for u in out:
            touch(s, u)
        improve(p, s, int(rng.integers(1, CLIENTS + 3)), int(rng.integers(1, 4)), ENOUGH)
        assert_state(problem, p, s, plan_of(s))
        assert [u for u in problem.clients if s.link[u, ROUTE] < 0] == out


def test_a_limit_bounds_the_nodes_that_are_taken_up() -> None:
    for _, problem, p, s in situations("cvrp", 3, 20):
        touch_all(s)
        waiting = s.ints[QUEUE, :CLIENTS].tolist()
        plan = plan_of(s)
        improve(p, s, CLIENTS, 1, 0)
        assert plan_of(s) == plan
        improve(p, s, CLIENTS, 1, 1)
        assert_state(problem, p, s, plan_of(s))
        if plan_of(s) == plan:
            assert s.ints[QUEUE, 1:CLIENTS].tolist() == waiting[1:]
            assert s.tally[NUM_QUEUED] == CLIENTS - 1


class Watched:
    """The local search in plain Python; checks each move against its slow twin when it is tried."""

    def __init__(self, problem: Problem, monkeypatch: pytest.MonkeyPatch) -> None:
        self.problem = problem
        self.tried: dict[str, int] = dict.fromkeys(MOVES, 0)
        self.applied: dict[str, int] = dict.fromkeys(MOVES, 0)
        self._plan: Plan | None = None
        self._legal: dict[str, dict[tuple, Step]] = {}
        for name in (
            "improve_node",
            "_leave",
            "_try_arcs",
            "_try_turn",
            "_tails_pay",
            "_heads_pay",
            "_try_relocate",
            "_try_swap",
            "_try_chains",
            "_try_chain",
            "_try_swap_of_two",
            "_leg_on",
        ):
            monkeypatch.setattr(local_search, name, plain(getattr(local_search, name)))
        for name, (delta, apply, _) in MOVES.items():
            monkeypatch.setattr(local_search, plain(delta).__name__, self._priced(name, delta))
            monkeypatch.setattr(local_search, plain(apply).__name__, self._moved(name, apply))

    def _step(self, name: str, s: State, place: int, arguments: tuple) -> Step:
        """The twin's step with these arguments of the delta (0) or the apply function (1)."""
        plan = plan_of(s)
        if plan != self._plan:
            self._plan, self._legal = plan, {}
        if name not in self._legal:
            _, _, steps = MOVES[name]
            every = list(steps(plan, self.problem.is_symmetric))
            self._legal[name] = {
                (at, *map(int, step[at])): step for step in every for at in range(2)
            }
        key = (place, *map(int, arguments))
        assert key in self._legal[name], f"{name}{arguments} is illegal on {plan}"
        return self._legal[name][key]

    def _priced(self, name: str, delta: Callable) -> Callable:
        def check(p: Load | Timed, s: State, *arguments: float) -> float:
            *chosen, loss = arguments
            _, _, new = self._step(name, s, 0, tuple(chosen))
            plan = plan_of(s)
            assert loss == length_of(self.problem, new) - length_of(self.problem, plan)
            found = delta(p, s, *chosen, loss)
            assert found == penalised(self.problem, s, new) - penalised(self.problem, s, plan)
            self.tried[name] += 1
            return float(found)

        return check

    def _moved(self, name: str, apply: Callable) -> Callable:
        def check(p: Load | Timed, s: State, *arguments: int) -> None:
            _, _, new = self._step(name, s, 1, arguments)
            before = penalised_cost(s)
            apply(p, s, *arguments)
            assert_state(self.problem, p, s, new)
            assert penalised_cost(s) - before < LEAST_GAIN
            self.applied[name] += 1

        return check


@pytest.mark.parametrize("chain", [1, LONGEST_CHAIN])
@pytest.mark.parametrize("family", FAMILIES)
def test_only_legal_moves_are_tried_and_only_gains_applied(
    family: str, chain: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried, applied = dict.fromkeys(MOVES, 0), 0
    for _, problem, p, s in situations(family, 4, 10):
        with monkeypatch.context() as patched:
            watched = Watched(problem, patched)
            plain(improve)(p, s, CLIENTS, chain, ENOUGH)
        assert s.tally[NUM_QUEUED] == 0
        mirrored = problem.is_symmetric
        for name in MOVES:
            tried[name] += watched.tried[name]
        applied += sum(watched.applied.values())
    expected = {name for name in MOVES if mirrored or name in ("relocate", "swap")}
    if COMPILED or chain == LONGEST_CHAIN:  # else too few cases
        assert all(tried[name] for name in expected - {"two_opt"})
    assert applied > 0
