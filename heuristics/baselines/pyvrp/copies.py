"""Clients as PyVRP knows them: one of ours may become several copies, of which one is visited.

PyVRP's client has one window and one place. So a client gets a copy for each of its windows and for
each phase of a route in which its visit means something else.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from polyroute.heuristics.baselines.pyvrp.phases import Step, steps
from polyroute.vrp.problem import Problem


@dataclass(frozen=True)
class Copy:
    """A client of ours at one of its windows and in some phases of a route."""

    node: int
    early: int
    late: int
    step: Step


def copies(problem: Problem, node: int) -> Iterator[Copy]:
    """The copies of a client, at least one: its last window stays even if its goods come later."""
    pairs = zip(problem.tw_early[node].tolist(), problem.tw_late[node].tolist(), strict=True)
    windows = sorted(set(pairs))
    release = int(problem.release[node])
    for early, late in [w for w in windows if w[1] >= release] or windows[-1:]:
        for step in steps(problem, node):
            yield Copy(node, early, late, step)
