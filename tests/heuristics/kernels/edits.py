"""Random changes of routes, made to a state and to its plan alike."""

from __future__ import annotations

from polyroute.heuristics.kernels.arrays import DEPOT, ROUTE, Load, Rich, State, Timed
from polyroute.heuristics.kernels.links import link_in, unlink
from polyroute.heuristics.kernels.refresh import refresh
from polyroute.heuristics.kernels.undo_log import save
from tests.heuristics.random_problems.plain import Rng
from tests.heuristics.states import Plan


def edit(rng: Rng, p: Load | Timed | Rich, s: State, plan: Plan, number: int) -> None:
    """Move random clients to random places, in the state and in `plan`; saves and refreshes."""
    changed = set()
    for _ in range(number):
        u = int(rng.choice([node for route in plan for node in route]))
        q, r = int(s.link[u, ROUTE]), int(rng.integers(len(plan)))
        save(s, q)
        save(s, r)
        unlink(p, s, u)
        plan[q].remove(u)
        at = int(rng.integers(len(plan[r]) + 1))
        link_in(p, s, u, r, plan[r][at - 1] if at else DEPOT)
        plan[r].insert(at, u)
        changed |= {q, r}
    for r in changed:
        refresh(p, s, r)
