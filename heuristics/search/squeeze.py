"""A worker that needs fewer vehicles: it leaves clients out until each has found a gap.

The rounds themselves are in `kernels.fleet_minimisation`.
"""

from __future__ import annotations

from math import sqrt
from time import perf_counter

import numpy as np

from polyroute.heuristics.kernels.arrays import BEST, FORBIDDEN, LOAD_WEIGHT, MAX_ROUTES, Rich
from polyroute.heuristics.kernels.fleet_minimisation import squeeze
from polyroute.heuristics.kernels.plan import NOT_SERVED
from polyroute.heuristics.kernels.state import empty_state
from polyroute.heuristics.kernels.undo_log import commit
from polyroute.heuristics.search.costed import Costed
from polyroute.heuristics.search.filling import fill, within
from polyroute.heuristics.search.pace import Pace, first_size, next_size
from polyroute.heuristics.search.vehicles import limits_of
from polyroute.heuristics.search.worker import Worker

FIRST_ABSENCES = 50
"""How often everybody has waited at first. From 0, any number of clients who never waited could
take the place of one who did, and to serve somebody for the first time would be worth nothing."""


class Squeezer(Worker):
    """A worker whose routes exceed nothing, and who knows a plan once nobody waits any more."""

    def begin(self, start: Costed) -> None:
        """Keep the routes of `start` that exceed nothing, the largest first, as far as they go."""
        self.start = start
        p, limit = self.p, int(self.p.fleet[MAX_ROUTES])
        possible = (start.excess == 0.0) & (start.lengths < p.fleet[FORBIDDEN])
        kept = np.flatnonzero(possible & (start.plan.kinds != NOT_SERVED))
        self.s = s = empty_state(p, self.setting.depot, limit, self.rng)
        s.total[LOAD_WEIGHT:BEST] = self.setting.first_prices
        if isinstance(p, Rich):
            self.be_strict()
        fill(p, s, within(start.plan.select(kept), limits_of(p)))
        commit(s)
        self.waited = np.full(len(p.near), FIRST_ABSENCES, dtype=np.int64)
        self.kept = np.zeros(len(p.near), dtype=np.int64)
        self.tried = np.zeros(len(p.near), dtype=np.bool_)
        self.incumbent = None

    def current(self) -> Costed:
        """The plan that this worker began from, until it has found another."""
        return self.start if self.incumbent is None else self.incumbent

    def run(self, pace: Pace) -> None:
        """Squeeze until everybody is on a route, or `pace` says that it is over."""
        params, setting = self.setting.params, self.setting
        temperature = sqrt(setting.hot * setting.cold)
        size = first_size(pace.timed)
        while not pace.over and self.incumbent is None:
            size = pace.within(size)
            began = perf_counter()
            found = squeeze(
                self.p,
                self.s,
                self.waited,
                self.kept,
                self.tried,
                size,
                temperature,
                params.mean_removed,
                params.longest_string,
            )
            pace.done += size
            if found:
                self.incumbent = self._current()
            if pace.watch is not None:
                pace.watch()
            size = next_size(size, began, pace.timed)
