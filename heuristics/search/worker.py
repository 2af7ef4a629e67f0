"""One annealed search under way, on a problem or on a part of one, in slices."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import exp, log
from time import perf_counter

import numpy as np

from polyroute.heuristics.kernels.arrays import (
    ABSENT,
    BEST,
    COST,
    DEPOT,
    DISTANCE_WEIGHT,
    EAGER,
    EVERYBODY,
    FORBIDDEN,
    IS_PICKUP,
    LATENESS,
    LOAD_WEIGHT,
    MAX_ROUTES,
    MISSED,
    NUM_OUT,
    NUM_QUEUED,
    OUT,
    OVERLOAD,
    OVERRUN,
    PARTNER,
    ROUTE,
    SIBLING,
    SIZE,
    TIME_WEIGHT,
    WAITING,
    Load,
    Rich,
    State,
    Timed,
)
from polyroute.heuristics.kernels.incumbent import keep_if_best
from polyroute.heuristics.kernels.plan import Plan, linked
from polyroute.heuristics.kernels.recreate import recreate
from polyroute.heuristics.kernels.state import empty_state, load_routes
from polyroute.heuristics.kernels.touched import touch_all
from polyroute.heuristics.kernels.undo_log import commit
from polyroute.heuristics.search.annealing import anneal, descend
from polyroute.heuristics.search.clock import Clock
from polyroute.heuristics.search.crossover import Costed, better_of, limits_of, with_missing
from polyroute.heuristics.search.params import SearchParams
from polyroute.heuristics.search.scale import fallen

Array = np.ndarray

SLICE_SECONDS = 0.01
"""Aim for the length of a slice under a time limit: the grain of deadlines and temperatures."""

SLICE_ITERATIONS = 100
"""Length of a slice under an iteration limit alone."""

STEER_EVERY = 100
"""Iterations for one step of the prices."""

LEAST_EXCESS = 1e-3
"""No excess is less than that."""

LEAST_STEPS = 300
"""Steps of the prices in a run, however short, so that they can find their level."""

FIRST_SLICE = 8
"""Iterations, or nodes to improve, of the first slice, before the speed is known."""

PRICE_RANGE = 1e4
"""Prices stay within this factor of the first ones, on problems without a solution too."""

PATIENCE = 0.1
"""Share of the cooling after which a wary worker to whom nothing was feasible becomes strict; where
the temperature falls several times, that is after the first time."""

LEAST_PRICES = np.array([1.0, 1.0 / PRICE_RANGE, 1.0 / PRICE_RANGE])
"""The least prices, in the first ones. Were load any cheaper, whole routes would be merged into
overloaded ones, and the search would fall apart each time that prices come down."""


@dataclass(frozen=True)
class Setting:
    """What all workers of a run share."""

    params: SearchParams
    hot: float  # initial temperature
    cold: float  # final temperature
    first_prices: Array  # (3,)
    depot: Array  # the depot's row of `cum`
    flat: bool  # whether nodes have positions in the plane
    falls: int = 1  # how often the temperature falls


@dataclass
class Pace:
    """How far one worker may go, and how far it has come."""

    clock: Clock
    base: int  # iterations of the whole run before this stretch
    weight: float  # iterations of the whole run for one of this worker's
    limit: int | None = None  # this worker's iterations
    until: float = 1.0  # progress of the run at which the stretch ends
    done: int = 0
    watch: Callable[[], None] | None = None  # called after each slice

    @property
    def progress(self) -> float:
        """The progress of the run as this worker sees it."""
        return self.clock.progress_at(self.base + self.done * self.weight)

    @property
    def over(self) -> bool:
        """Whether the stretch ends here."""
        if self.clock.must_stop or (self.limit is not None and self.done >= self.limit):
            return True
        return self.clock.budget.time is not None and self.clock.time_share >= self.until


class Worker:
    """Annealed ruin and recreate with local search on one state."""

    def __init__(
        self, p: Load | Timed | Rich, names: Array | None, setting: Setting, rng: Array
    ) -> None:
        self.p, self.names, self.setting = p, names, setting
        self.rng = rng
        self.share = setting.params.feasible_share
        self.prices = setting.first_prices.copy()
        self.incumbent: Costed | None = None  # the best feasible plan, in this worker's numbers
        self.strict = False  # whether nothing may be exceeded at any price
        self.wary = False  # whether to become so once nothing has been feasible for a while
        self.feasible_at = 0.0  # how far the temperature had fallen when something last was

    @property
    def patience(self) -> float:
        """How far the temperature may fall without anything feasible, for a wary worker."""
        return PATIENCE if self.setting.falls == 1 else 1.0 / self.setting.falls

    def be_strict(self) -> None:
        """Go on among plans that exceed nothing: no gain pays for any excess, from now on."""
        self.strict = True
        self.prices = np.full_like(self.prices, self.p.fleet[FORBIDDEN] / LEAST_EXCESS)
        self.s.total[LOAD_WEIGHT:BEST] = self.prices

    def load(self, plan: Plan) -> None:
        """Begin from `plan`, in this worker's own numbers; who is on no route is inserted."""
        p, limit = self.p, int(self.p.fleet[MAX_ROUTES])
        self.s = s = empty_state(p, self.setting.depot, limit, self.rng)
        s.total[LOAD_WEIGHT:BEST] = self.prices
        fill(p, s, within(plan.driven(), limits_of(p)))
        s.tally[EAGER] = EVERYBODY if plan.num_routes == 0 else 0
        recreate(p, s)
        commit(s)
        keep_if_best(s)
        self.incumbent = None
        self._note_best()

    @property
    def found(self) -> bool:
        """Whether a feasible solution is known; one over a forbidden arc is none."""
        return bool(self.s.total[BEST] < self.p.fleet[FORBIDDEN])

    def best(self) -> Costed | None:
        """The best feasible plan, put together from all that were seen."""
        if self.incumbent is None or self.names is None:
            return self.incumbent
        return self.incumbent.renamed(self.names)

    def current(self) -> Costed:
        """The current plan."""
        found = self._current()
        return found if self.names is None else found.renamed(self.names)

    def _current(self) -> Costed:
        s = self.s
        figure = s.figure[s.shape[:, SIZE] > 0]
        excess = figure[:, OVERLOAD : OVERRUN + 1].sum(axis=1)
        served = Costed(linked(s.link, s.shape), figure[:, COST], excess)
        return with_missing(self.p, served, float(s.total[MISSED]))

    def _note_best(self) -> None:
        """Put the best plan together from what is known and the current solution.

        A large solution is hardly ever feasible as a whole, but most of its routes always are.
        """
        s, old = self.s, self.incumbent
        if s.total[BEST] < (np.inf if old is None else old.cost):
            costs = s.best_cost[s.best_shape[:, SIZE] > 0]
            served = Costed(linked(s.best, s.best_shape), costs, np.zeros(len(costs)))
            found = with_missing(self.p, served, float(s.total[BEST] - costs.sum()))
            self.incumbent = found if old is None else better_of(self.p, found, old)
        if self.incumbent is not None:
            self.incumbent = better_of(self.p, self.incumbent, self._current())
            s.total[BEST] = self.incumbent.cost

    def run(self, pace: Pace) -> None:
        """Local search over what waits, then annealing, until `pace` says that it is over."""
        p, setting, params = self.p, self.setting, self.setting.params
        timed = pace.clock.budget.time is not None
        self.descend(timed, lambda: pace.over, pace.watch)
        size = FIRST_SLICE if timed else SLICE_ITERATIONS
        progress = pace.progress
        while not pace.over:
            if pace.limit is not None:
                size = min(size, pace.limit - pace.done)
            began = perf_counter()
            cooled = pace.clock.cooling(progress)
            depth = fallen(cooled, setting.falls)
            temperature = setting.hot * (setting.cold / setting.hot) ** depth
            feasible = anneal(p, self.s, size, temperature, params)
            self._note_best()
            pace.done += size
            before, progress = progress, pace.progress
            self.steer(feasible / size, max(size / STEER_EVERY, (progress - before) * LEAST_STEPS))
            if feasible:
                self.feasible_at = cooled
            elif self.wary and cooled - self.feasible_at > self.patience:
                self._fall_back()
            if pace.watch is not None:
                pace.watch()
            size = next_size(size, began) if timed else size
        self.prices = self.s.total[LOAD_WEIGHT:BEST].copy()

    def _fall_back(self) -> None:
        """Go on from the best plan among those that exceed nothing."""
        if self.incumbent is not None and not self.strict:
            self.load(self.incumbent.plan)
            self.be_strict()

    def descend(
        self, timed: bool, over: Callable[[], bool], watch: Callable[[], None] | None = None
    ) -> None:
        """Local search over what waits, until `over` says so; `watch` is called on the way.

        Slices are of one length unless the run is `timed`: they decide in which order moves come.
        """
        size = FIRST_SLICE if timed else SLICE_ITERATIONS
        while self.s.tally[NUM_QUEUED] and not over():
            began = perf_counter()
            descend(self.p, self.s, self.setting.params.breadth, size)
            self._note_best()
            if watch is not None:
                watch()
            size = next_size(size, began) if timed else size

    def touch_all(self) -> None:
        """Let the local search begin with everyone."""
        touch_all(self.s)

    def steer(self, share: float, steps: float) -> None:
        """Adapt the prices of what was exceeded to the share of feasible solutions lately."""
        if self.strict:
            return
        total, params = self.s.total, self.setting.params
        self.share += (1.0 - (1.0 - params.memory) ** steps) * (share - self.share)
        up = _raised(params.penalty_up if self.found else params.penalty_rush, steps)
        down = _raised(params.penalty_down, steps)
        for excess, weight in (
            (OVERLOAD, LOAD_WEIGHT),
            (LATENESS, TIME_WEIGHT),
            (OVERRUN, DISTANCE_WEIGHT),
        ):
            if self.share >= params.feasible_share:
                total[weight] *= down
            elif total[excess] > 0:
                total[weight] *= up
        prices, first = total[LOAD_WEIGHT:BEST], self.setting.first_prices
        np.clip(prices, first * LEAST_PRICES, first * PRICE_RANGE, out=prices)

    def adopt(self, other: Worker) -> None:
        """Go on from what `other` has."""
        self.prices, self.strict = other.prices, other.strict
        self.wary, self.feasible_at = other.wary, other.feasible_at
        self.load(other.current().plan)


def within(plan: Plan, limits: Array) -> Plan:
    """The largest routes of `plan`, as many as there are vehicles (`limits` as in `merge`)."""
    if plan.num_routes <= limits[-1] and len(limits) <= 2:
        return plan
    left, kept = limits.tolist(), []
    for route in np.argsort(-plan.sizes, kind="stable").tolist():
        kind = int(plan.kinds[route])
        if left[kind] > 0 and left[-1] > 0:
            left[kind] -= 1
            left[-1] -= len(limits) > 1
            kept.append(route)
    return plan.select(np.sort(np.array(kept, dtype=np.int64)))


def fill(p: Load | Timed | Rich, s: State, plan: Plan) -> None:
    """Fill an empty state with the routes of `plan`; who is on none waits."""
    load_routes(p, s, plan.visits, plan.bounds, plan.kinds)
    waiting = np.ones(len(p.near), dtype=bool)
    waiting[plan.visits] = waiting[DEPOT] = False
    if isinstance(p, Rich):
        waiting = _units(p, s, waiting)
    out = np.flatnonzero(waiting)
    s.ints[OUT, : len(out)] = out
    s.tally[NUM_OUT] = len(out)


def _units(p: Rich, s: State, waiting: Array) -> Array:
    """One of each pair or group of those waiting, unless another of the group is served."""
    chosen = waiting.copy()
    for u in np.flatnonzero(waiting).tolist():
        v = int(p.tie[u, PARTNER])
        if v != DEPOT:
            chosen[u] = p.tie[u, IS_PICKUP] != 0 and bool(waiting[v])
            s.link[[u, v], ROUTE] = WAITING if waiting[v] else ABSENT
            continue
        v = int(p.tie[u, SIBLING])
        while chosen[u] and v != u:
            chosen[u] = bool(waiting[v]) and not (chosen[v] and v < u)
            v = int(p.tie[v, SIBLING])
        s.link[u, ROUTE] = WAITING if chosen[u] else ABSENT
    return chosen


def _raised(factor: float, steps: float) -> float:
    """The factor of so many steps, as far as the range of the prices goes."""
    most = 2.0 * log(PRICE_RANGE)
    return exp(min(max(log(factor) * steps, -most), most))


def next_size(size: int, began: float) -> int:
    """The size of the next slice, after one of `size` that began at `began`."""
    pace = SLICE_SECONDS / max(perf_counter() - began, 1e-6)
    return max(1, int(size * min(pace, 2.0)))
