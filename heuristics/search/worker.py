"""One annealed search under way, on a problem or on a part of one, in slices."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter

import numpy as np

from polyroute.heuristics.kernels.arrays import (
    BEST,
    COST,
    EAGER,
    EVERYBODY,
    FORBIDDEN,
    LOAD_WEIGHT,
    MAX_ROUTES,
    MISSED,
    NUM_QUEUED,
    OVERLOAD,
    OVERRUN,
    SIZE,
    THOROUGH,
    Load,
    Rich,
    Timed,
)
from polyroute.heuristics.kernels.incumbent import keep_if_best
from polyroute.heuristics.kernels.plan import Plan, linked
from polyroute.heuristics.kernels.recreate import recreate
from polyroute.heuristics.kernels.state import empty_state
from polyroute.heuristics.kernels.touched import touch_all
from polyroute.heuristics.kernels.undo_log import commit
from polyroute.heuristics.search import steering
from polyroute.heuristics.search.annealing import anneal, descend
from polyroute.heuristics.search.costed import Costed, with_missing
from polyroute.heuristics.search.crossover import better_of
from polyroute.heuristics.search.filling import fill, within
from polyroute.heuristics.search.pace import Pace, first_size, next_size
from polyroute.heuristics.search.scale import vehicles_worth
from polyroute.heuristics.search.setting import Setting
from polyroute.heuristics.search.vehicles import limits_of

Array = np.ndarray

LEAST_EXCESS = 1e-3
"""No excess is less than that."""

PATIENCE = 0.1
"""Share of the cooling after which a wary worker to whom nothing was feasible becomes strict; where
the temperature falls several times, that is after the first time."""


def prices_of_the_strict(p: Load | Timed | Rich) -> Array:
    """Prices that make any excess dearer than whatever it may gain, (3,)."""
    return np.full(3, p.fleet[FORBIDDEN] / LEAST_EXCESS)


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
        self.prices = prices_of_the_strict(self.p)
        self.s.total[LOAD_WEIGHT:BEST] = self.prices

    def load(self, plan: Plan, *, thorough: bool = False) -> None:
        """Begin from `plan`, in this worker's own numbers; who is on no route is inserted.

        If `thorough`, every vehicle and every gap is looked at for that.
        """
        p, limit = self.p, int(self.p.fleet[MAX_ROUTES])
        self.s = s = empty_state(p, self.setting.depot, limit, self.rng)
        fill(p, s, within(plan.driven(), limits_of(p)))
        s.tally[EAGER] = EVERYBODY if plan.num_routes == 0 else 0
        s.tally[THOROUGH] = thorough
        s.total[LOAD_WEIGHT:BEST] = self.prices * (vehicles_worth(p) if plan.num_routes == 0 else 1)
        recreate(p, s)
        s.total[LOAD_WEIGHT:BEST] = self.prices
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
        self.descend(pace.timed, lambda: pace.over, pace.watch)
        size = first_size(pace.timed)
        progress = pace.progress
        while not pace.over:
            size = pace.within(size)
            began = perf_counter()
            cooled = pace.clock.cooling(progress)
            temperature = self.setting.temperature(cooled)
            feasible = anneal(self.p, self.s, size, temperature, self.setting.params)
            self._note_best()
            pace.done += size
            before, progress = progress, pace.progress
            self.steer(feasible / size, steering.steps_of(size, progress - before))
            if feasible:
                self.feasible_at = cooled
            elif self.wary and cooled - self.feasible_at > self.patience:
                self._fall_back()
            if pace.watch is not None:
                pace.watch()
            size = next_size(size, began, pace.timed)
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
        size = first_size(timed)
        while self.s.tally[NUM_QUEUED] and not over():
            began = perf_counter()
            descend(self.p, self.s, self.setting.params.breadth, size)
            self._note_best()
            if watch is not None:
                watch()
            size = next_size(size, began, timed)

    def touch_all(self) -> None:
        """Let the local search begin with everyone."""
        touch_all(self.s)

    def steer(self, share: float, steps: float) -> None:
        """Adapt the prices of what was exceeded to the share of feasible solutions lately."""
        if self.strict:
            return
        memory = self.setting.params.memory
        self.share = steering.remembered(self.share, share, steps, memory)
        steering.steer(self.s.total, self.setting, self.share, self.found, steps)

    def adopt(self, other: Worker) -> None:
        """Go on from what `other` has."""
        self.prices, self.strict = other.prices, other.strict
        self.wary, self.feasible_at = other.wary, other.feasible_at
        self.load(other.current().plan)
