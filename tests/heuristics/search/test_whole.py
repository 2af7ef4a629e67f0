from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from polyroute.heuristics.layout.layout import Layout
from polyroute.heuristics.search import whole
from polyroute.heuristics.search.clock import Clock
from polyroute.heuristics.search.params import SearchParams
from polyroute.heuristics.search.prepare import prepare
from polyroute.vrp.budget import Budget
from tests.heuristics.random_problems.plain import cvrp


def test_all_members_are_as_strict_as_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[list[bool]] = []
    monkeypatch.setattr(
        whole,
        "work",
        lambda run, pool, members, until: seen.append([m.strict and m.wary for m in members]),
    )
    layout = Layout.of(cvrp(np.random.default_rng(1), 8))
    clock = Clock(Budget(iterations=100), None)
    run, first = prepare(layout, SearchParams(), clock, seed=0, threads=3, start=None)
    first.be_strict()
    first.wary = True
    with ThreadPoolExecutor(1) as pool:
        whole.search_whole(run, first, pool)
    assert seen
    assert all(members == [True] * 3 for members in seen)
