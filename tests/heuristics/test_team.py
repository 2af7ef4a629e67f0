from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from heuristics import team
from heuristics.layout import Layout
from heuristics.params import SearchParams
from heuristics.search import _prepare
from heuristics.stop import Clock
from tests.heuristics.random_problems import cvrp
from vrp.api import Budget


def test_all_members_are_as_strict_as_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[list[bool]] = []
    monkeypatch.setattr(
        team,
        "work",
        lambda run, pool, members, until: seen.append([m.strict and m.wary for m in members]),
    )
    layout = Layout.of(cvrp(np.random.default_rng(1), 8))
    clock = Clock(Budget(iterations=100), None)
    run, first = _prepare(layout, SearchParams(), clock, seed=0, threads=3, start=None)
    first.be_strict()
    first.wary = True
    with ThreadPoolExecutor(1) as pool:
        team.search_whole(run, first, pool)
    assert seen
    assert all(members == [True] * 3 for members in seen)
