"""What PyVRP takes one by one, but not together: refused by name."""

from __future__ import annotations

from polyroute.heuristics.baselines.pyvrp.copies import copies
from polyroute.heuristics.baselines.refusals import goods_oddities, membership_oddities
from polyroute.vrp.errors import UnsupportedError
from polyroute.vrp.problem import Backhaul, Problem

COMBINATIONS = (
    # the checker leaves at the best time for all windows; PyVRP's copies may stand in others
    ("several_windows", "unit_duration_cost"),
    ("several_windows", "max_duration"),
    ("several_windows", "overtime_cost"),
    # stops are counted as loads, and a shipment takes off again what it puts on board
    ("pairs", "max_stops"),
    # distances hold the preferences
    ("preference", "max_distance"),
    # stops are counted as loads, which begin anew with each trip
    ("reloads", "max_stops"),
)
"""Features that have an exact translation each, but none together."""


def refuse_combinations(problem: Problem) -> None:
    """Raise UnsupportedError for what PyVRP takes one by one, but not together."""
    together = [pair for pair in COMBINATIONS if problem.active.issuperset(pair)]
    found = {f"{first} with {second}" for first, second in together}
    found |= membership_oddities(problem) | goods_oddities(problem)
    paired = [node for pair in problem.pairs for node in (pair.pickup, pair.delivery)]
    if problem.release[paired].any():
        found.add("pairs with release")
    if any(len({*copies(problem, node)}) > 1 for node in paired):
        found.add("pairs with several_windows")
    if paired and problem.reloads:
        found.add("pairs with reloads")
    ordered = problem.backhaul is Backhaul.LINEHAUL_FIRST or not problem.backhaul_only_routes
    if problem.backhaul is not Backhaul.NONE and ordered:
        if paired:
            found.add("pairs with rules for backhauls")
        if problem.reloads:  # an order begins anew with each trip
            found.add("reloads with rules for backhauls")
    if found:
        raise UnsupportedError("solver 'pyvrp'", found)
