"""What the search takes, what it refuses, and when there is nothing to search."""

from __future__ import annotations

import numpy as np

from polyroute.vrp.errors import PolyrouteError, UnsupportedError
from polyroute.vrp.problem import Objective, Problem

SUPPORTS = frozenset(
    "delivery pickup backhaul capacity several_loads tw_early tw_late service release required "
    "prize allowed count several_vehicle_types fixed_cost unit_distance_cost "
    "unit_duration_cost regular_duration overtime_cost several_depots start_depot end_depot "
    "open_routes shift_early shift_late max_distance max_duration max_stops profile profiles "
    "asymmetric pairs groups objective several_windows lateness_cost preference under_way "
    "ready_time on_board reloads breaks breaks_on_the_road pins arc_cost setup "
    "max_driving".split()
)
"""The features that it takes."""

FEWEST_FIRST = (Objective.VEHICLES, Objective.COST)
OBJECTIVES = ((Objective.COST,), FEWEST_FIRST)
"""What it can minimise: terms in order."""


def check_request(problem: Problem, threads: int) -> None:
    """Raise PolyrouteError for too few threads, UnsupportedError for what it does not take."""
    if threads < 1:
        raise PolyrouteError(f"threads is {threads}, expected at least 1")
    if problem.objective not in OBJECTIVES:
        terms = ", then ".join(term.value for term in problem.objective)
        raise UnsupportedError("solver 'search'", [f"the objective {terms}"])
    if refused := not_taken(problem):
        raise UnsupportedError("solver 'search'", refused)


def not_taken(problem: Problem) -> list[str]:
    """What the search does not take although it takes each part of it by itself.

    A unit is put back as a whole: a client, a group of which one is served, or the ends of a pair.
    """
    found = []
    ends = [node for pair in problem.pairs for node in (pair.pickup, pair.delivery)]
    members = [node for group in problem.groups for node in group.clients]
    if len(set(ends)) < len(ends):
        found.append("a client in two pairs")
    if len(set(members)) < len(members):
        found.append("a client in two groups")
    if not set(ends).isdisjoint(members):
        found.append("a client of a pair in a group")
    return found


def nobody_rides(problem: Problem) -> bool:
    """Whether the best plan is plainly the one without any route."""
    if problem.num_clients == 0 or not problem.count.any():
        return True
    # no vehicle is fewer than any
    return problem.objective == FEWEST_FIRST and not _somebody_is_needed(problem)


def _somebody_is_needed(problem: Problem) -> bool:
    """Whether a plan must serve anybody."""
    needed = problem.required[problem.num_depots :].copy()
    for group in problem.groups:
        needed[np.array(group.clients) - problem.num_depots] = group.required
    return bool(needed.any() or problem.pins)
