from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np
import pytest

from polyroute.heuristics.kernels import local_search
from polyroute.heuristics.kernels.arrays import (
    ARC_IN,
    ARC_OUT,
    DEPOT,
    NEXT,
    NUM_QUEUED,
    OPTIONAL,
    POS,
    PREV,
    QUEUE,
    ROUTE,
    Load,
    Rich,
    State,
    Timed,
)
from polyroute.heuristics.kernels.cost.arcs import leg
from polyroute.heuristics.kernels.cost.reliefs import LEAST_GAIN
from polyroute.heuristics.kernels.incumbent import penalised_cost
from polyroute.heuristics.kernels.local_search import improve
from polyroute.heuristics.kernels.moves import relocate, swap, two_opt, two_opt_star
from polyroute.heuristics.kernels.touched import touch, touch_all
from polyroute.heuristics.kernels.undo_log import undo
from polyroute.heuristics.search.params import LONGEST_CHAIN
from polyroute.vrp.problem import Problem
from tests.heuristics.assertions import assert_delta, assert_frozen, assert_state, frozen
from tests.heuristics.checked import length_of
from tests.heuristics.compiled import COMPILED, cases, plain
from tests.heuristics.in_arrays import arrays, can_compute
from tests.heuristics.random_problems.plain import FAMILIES, Rng
from tests.heuristics.random_problems.rich import EVERY
from tests.heuristics.slow_moves import MOVES, Step
from tests.heuristics.states import Plan, plan_of, random_plan, served, state_of

pytestmark = pytest.mark.plain

CLIENTS = 9
ROUTES = 4
ENOUGH = 1000

MODULES = (local_search, relocate, swap, two_opt, two_opt_star)
"""Where the local search is."""


def situations(
    family: str, seed: int, number: int, left_out: int = 0
) -> Iterator[tuple[Rng, Problem, Load | Timed | Rich, State]]:
    """Random states of random problems, every client queued."""
    rng = np.random.default_rng(seed)
    for case in cases(number if family in FAMILIES else number // 2):
        problem = EVERY[family](rng, CLIENTS)
        p = arrays(problem, computed=case % 2 == 1 and can_compute(problem))
        plan = random_plan(rng, problem, ROUTES, left_out)
        s = state_of(rng, problem, p, plan)
        touch_all(s)
        yield rng, problem, p, s


@pytest.mark.parametrize("family", EVERY)
def test_improving_never_costs_and_keeps_everyone_in_place(family: str) -> None:
    for rng, problem, p, s in situations(family, 1, 60):
        before, plan = penalised_cost(s), plan_of(s)
        copies = frozen(s)
        improve(p, s, int(rng.integers(1, CLIENTS + 3)), int(rng.integers(1, 4)), ENOUGH)
        after = plan_of(s)
        assert_state(problem, p, s, after)
        if not isinstance(p, Rich) or not p.fleet[OPTIONAL]:
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
        self.mirrored = problem.is_symmetric and not problem.pairs
        self._plan: Plan | None = None
        self._legal: dict[str, dict[tuple, Step]] = {}
        for name in (
            "improve_node",
            "_try_arcs",
            "_try_chains",
            "try_alone",
            "try_relocate_chain",
            "try_swap_of_two",
            "_leg_on",
            "tails_pay",
            "heads_pay",
        ):
            self._replace(monkeypatch, name, plain)
        self._replace(monkeypatch, "try_two_opt", self._turned)
        for name in ("try_relocate", "try_swap"):
            self._replace(monkeypatch, name, self._beside)
        for name, (delta, apply, _) in MOVES.items():
            self._replace(monkeypatch, plain(delta).__name__, partial(self._priced, name))
            self._replace(monkeypatch, plain(apply).__name__, partial(self._moved, name))

    def _replace(
        self, monkeypatch: pytest.MonkeyPatch, name: str, by: Callable[[Callable], Callable]
    ) -> None:
        """Put what `by` makes of a function in its place wherever it is called."""
        places = [module for module in MODULES if hasattr(module, name)]
        function = by(getattr(places[0], name))
        for module in places:
            monkeypatch.setattr(module, name, function)

    def _step(self, name: str, s: State, place: int, arguments: tuple) -> Step:
        """The twin's step with these arguments of the delta (0) or the apply function (1)."""
        plan = plan_of(s)
        if plan != self._plan:
            self._plan, self._legal = plan, {}
        if name not in self._legal:
            _, _, steps = MOVES[name]
            every = list(steps(plan, self.mirrored))
            self._legal[name] = {
                (at, *map(int, step[at])): step for step in every for at in range(2)
            }
        key = (place, *map(int, arguments))
        assert key in self._legal[name], f"{name}{arguments} is illegal on {plan}"
        return self._legal[name][key]

    def _priced(self, name: str, delta: Callable) -> Callable:
        def check(p: Load | Timed | Rich, s: State, *arguments: float) -> float:
            *chosen, loss = arguments
            _, _, new = self._step(name, s, 0, tuple(chosen))
            plan = plan_of(s)
            if not isinstance(p, Rich):
                assert loss == length_of(self.problem, new) - length_of(self.problem, plan)
            found = delta(p, s, *chosen, loss)
            assert_delta(self.problem, p, s, plan, new, found)
            self.tried[name] += 1
            return float(found)

        return check

    def _turned(self, turn: Callable) -> Callable:
        def check(p: Load | Timed | Rich, s: State, a: int, b: int, loss: float) -> bool:
            if a != DEPOT and b != DEPOT and s.link[a, POS] < s.link[b, POS]:
                r, before_it, behind_it = s.link[a, ROUTE], s.link[a, PREV], s.link[b, NEXT]
                new = leg(p, s, r, before_it, b) + leg(p, s, r, a, behind_it)
                assert loss == new - s.cum[a, ARC_IN] - s.cum[b, ARC_OUT]
            return bool(plain(turn)(p, s, a, b, loss))

        return check

    def _beside(self, function: Callable) -> Callable:
        def check(
            p: Load | Timed | Rich,
            s: State,
            u: int,
            v: int,
            there: float,
            back: float,
            *rest: float,
        ) -> bool:
            r = s.link[v, ROUTE]
            assert (there, back) == (leg(p, s, r, u, v), leg(p, s, r, v, u))
            return bool(plain(function)(p, s, u, v, there, back, *rest))

        return check

    def _moved(self, name: str, apply: Callable) -> Callable:
        def check(p: Load | Timed | Rich, s: State, *arguments: int) -> None:
            _, _, new = self._step(name, s, 1, arguments)
            before = penalised_cost(s)
            apply(p, s, *arguments)
            assert_state(self.problem, p, s, new)
            assert penalised_cost(s) - before < LEAST_GAIN
            self.applied[name] += 1

        return check


@pytest.mark.parametrize("chain", [1, LONGEST_CHAIN])
@pytest.mark.parametrize("family", EVERY)
def test_only_legal_moves_are_tried_and_only_gains_applied(
    family: str, chain: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried, applied = dict.fromkeys(MOVES, 0), 0
    for _, problem, p, s in situations(family, 4, 10):
        with monkeypatch.context() as patched:
            watched = Watched(problem, patched)
            plain(improve)(p, s, CLIENTS, chain, ENOUGH)
        assert s.tally[NUM_QUEUED] == 0
        mirrored = watched.mirrored
        for name in MOVES:
            tried[name] += watched.tried[name]
        applied += sum(watched.applied.values())
    expected = {name for name in MOVES if mirrored or name in ("relocate", "swap")}
    if family in FAMILIES and (COMPILED or chain == LONGEST_CHAIN):  # else too few cases
        assert all(tried[name] for name in expected - {"two_opt"})
    assert applied > 0
