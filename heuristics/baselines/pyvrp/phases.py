"""Phases of a route, by which PyVRP's arcs obey the rules on backhauls.

PyVRP knows no rule about the order of deliveries and pickups but the arcs between clients. So a
client is at one place for each phase of a route in which its visit means something else, and no
arc leads from a place to one that may not follow.
"""

from __future__ import annotations

import numpy as np

from polyroute.vrp.problem import Array, Backhaul, Problem

FRESH, DELIVERED, COLLECTED = range(3)
"""Phases of a route under a rule on backhauls: nothing yet, a delivery, a pickup after which
linehauls are over."""

Step = tuple[frozenset[int], int]
"""The phases in which a visit may begin, and the phase that it leads to."""


def steps(problem: Problem, node: int) -> list[Step]:
    """What a visit to `node` does to the phase of a route; where no rule looks, one phase is all.

    A delivery is barred after a pickup (linehauls first), or a route without one is
    (`backhaul_only_routes`); the phases tell just as much as those two rules ask for.
    """
    first = problem.backhaul is Backhaul.LINEHAUL_FIRST
    needed = problem.backhaul is not Backhaul.NONE and not problem.backhaul_only_routes
    brings, takes = bool(problem.delivery[node].any()), bool(problem.pickup[node].any())
    phases = [FRESH]
    phases += [DELIVERED] if needed else []
    phases += [COLLECTED] if first else []
    found: dict[int, set[int]] = {}
    for phase in phases:
        if brings and phase == COLLECTED:
            continue
        if takes and first and phase == FRESH and needed and not brings:
            continue
        after = DELIVERED if brings and needed else phase
        after = COLLECTED if takes and first else after
        found.setdefault(after, set()).add(phase)
    return [(frozenset(before), after) for after, before in found.items()]


def endings(problem: Problem) -> frozenset[int]:
    """The phases in which a route may end."""
    if problem.backhaul is not Backhaul.NONE and not problem.backhaul_only_routes:
        return frozenset((DELIVERED, COLLECTED))
    return frozenset((FRESH, DELIVERED, COLLECTED))


def barred(problem: Problem, stops: list[Step | None]) -> Array:
    """Which arcs between `stops` no route may use; None is a depot, where routes begin and end."""
    begins: list[Step] = [step or (endings(problem), FRESH) for step in stops]
    accepts = np.array([[phase in before for phase in range(3)] for before, _ in begins])
    after = np.array([phase for _, phase in begins])
    return ~accepts[:, after].T
