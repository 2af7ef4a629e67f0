from __future__ import annotations

from polyroute.heuristics.search.clock import Clock
from polyroute.heuristics.search.pace import Pace
from polyroute.vrp.budget import Budget


def test_a_pace_ends_at_its_limit_or_at_its_share_of_the_time() -> None:
    clock = Clock(Budget(iterations=100), None)
    pace = Pace(clock, base=20, weight=2.0, limit=10)
    assert pace.progress == 0.2
    pace.done = 10
    assert pace.progress == 0.4
    assert pace.over
    timed = Pace(Clock(Budget(time=1e-9), None), 0, 1.0, until=0.5)
    assert timed.over
    assert not Pace(Clock(Budget(time=1e9), None), 0, 1.0, until=0.5).over
    stopped = Clock(Budget(time=1e9), None)
    stopped.interrupted = True
    assert Pace(stopped, 0, 1.0).over
