from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from polyroute.heuristics.kernels.rng import seeded
from polyroute.heuristics.layout.layout import Layout
from polyroute.heuristics.search import whole as team
from polyroute.heuristics.search.clock import Clock
from polyroute.heuristics.search.pace import Pace
from polyroute.heuristics.search.params import SearchParams
from polyroute.heuristics.search.prepare import prepare
from polyroute.heuristics.search.worker import Worker
from polyroute.vrp.api import Budget
from tests.heuristics.random_problems import cvrp


def test_all_members_are_as_strict_as_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[list[bool]] = []
    monkeypatch.setattr(
        team,
        "work",
        lambda run, pool, members, until: seen.append([m.strict and m.wary for m in members]),
    )
    layout = Layout.of(cvrp(np.random.default_rng(1), 8))
    clock = Clock(Budget(iterations=100), None)
    run, first = prepare(layout, SearchParams(), clock, seed=0, threads=3, start=None)
    first.be_strict()
    first.wary = True
    with ThreadPoolExecutor(1) as pool:
        team.search_whole(run, first, pool)
    assert seen
    assert all(members == [True] * 3 for members in seen)


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
        team.work(run, pool, [first, second], 1.0)
    assert seen == [found.cost]
