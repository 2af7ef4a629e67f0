from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from polyroute.heuristics.kernels.rng import seeded
from polyroute.heuristics.layout.layout import Layout
from polyroute.heuristics.search.clock import Clock
from polyroute.heuristics.search.pace import Pace
from polyroute.heuristics.search.params import SearchParams
from polyroute.heuristics.search.prepare import prepare
from polyroute.heuristics.search.team import work
from polyroute.heuristics.search.worker import Worker
from polyroute.vrp.budget import Budget
from tests.heuristics.random_problems.plain import cvrp


def test_what_another_thread_has_found_is_told_on_the_way(monkeypatch: pytest.MonkeyPatch) -> None:
    layout = Layout.of(cvrp(np.random.default_rng(1), 30))
    clock = Clock(Budget(time=60.0), None)
    run, first = prepare(layout, SearchParams(), clock, seed=0, threads=2, start=None)
    run.consider(first)
    assert run.best is not None
    second = Worker(run.p, None, run.setting, seeded(0, 1))
    second.adopt(first)
    second.touch_all()
    second.run(Pace(Clock(Budget(iterations=300), None), 0, 1.0, 300))
    found = second.best()
    assert found is not None
    assert found.cost < run.best.cost
    seen: list[float] = []

    def watched(pace: Pace) -> None:
        assert pace.watch is not None
        pace.watch()
        assert run.best is not None
        seen.append(run.best.cost)

    monkeypatch.setattr(first, "run", watched)
    monkeypatch.setattr(second, "run", lambda pace: None)
    with ThreadPoolExecutor(1) as pool:
        work(run, pool, [first, second], 1.0)
    assert seen == [found.cost]
