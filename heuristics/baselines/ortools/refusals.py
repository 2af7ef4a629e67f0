"""What OR-Tools takes one by one, but not together: refused by name."""

from __future__ import annotations

from polyroute.heuristics.baselines.fleet import usable_types
from polyroute.heuristics.baselines.refusals import membership_oddities
from polyroute.vrp.errors import UnsupportedError
from polyroute.vrp.problem import Problem

PAID = frozenset({"unit_duration_cost", "overtime_cost"})
"""Features by which it costs something how long a route takes."""


def refuse_combinations(problem: Problem) -> None:
    """Raise UnsupportedError for what has an exact translation alone, but not together."""
    found = membership_oddities(problem)
    found |= _time_oddities(problem)
    if any(pin.vehicle_type not in usable_types(problem) for pin in problem.pins):
        found.add("pins of a vehicle that cannot leave")
    if found:
        raise UnsupportedError("solver 'ortools'", found)


def _time_oddities(problem: Problem) -> set[str]:
    """What OR-Tools would schedule otherwise than the checker, in words.

    Where time is paid for, it does not always find the shortest that a route with breaks takes.
    """
    paid = problem.active & PAID if problem.breaks else ()
    found = {f"breaks with {name}" for name in paid}
    if any(pause.max_load for pause in problem.breaks):
        found.add("breaks with limits of the load")
    return found
