"""What is decided once for a problem: the arrays it needs, and how its routes are priced."""

from __future__ import annotations

from dataclasses import dataclass

from polyroute.heuristics.kernels.arrays import Load, Rich, Timed
from polyroute.vrp.arcs import ArcRule
from polyroute.vrp.errors import ProblemError
from polyroute.vrp.problem import Backhaul, Objective, Problem

TIMED = frozenset(
    "tw_early tw_late service release max_distance max_duration shift_early shift_late".split()
)
"""What `Load` does not know and `Timed` does."""

PLAIN = TIMED | frozenset("delivery capacity count asymmetric objective".split())
"""What `Load` and `Timed` know; anything more needs `Rich`."""

BEYOND_PIECES = frozenset(
    "several_windows lateness_cost preference under_way ready_time on_board reloads breaks "
    "pins arc_cost setup max_driving".split()
)
"""What pieces of routes cannot tell, whatever else there is."""

UNBOUNDED = frozenset({"reloads", "preference", "under_way", "ready_time", "on_board", "arc_cost"})
"""What may make a route cheaper, earlier or shorter than pieces without it say."""

GEO_NODES = 20_000
"""GEO lengths are always tabulated: this bounds the table to 3.2 GB."""


@dataclass(frozen=True)
class Facts:
    """How a problem is laid out and searched. Nobody asks the problem again."""

    arrays: type[Load] | type[Timed] | type[Rich]
    labelled: bool  # routes are priced by labels along them, not joined from pieces; only in Rich
    split: bool  # labelled for its reloads alone (`kernels.cost.split`)
    bounded: bool  # labelled, and joined pieces tell the least that a route costs
    phased: bool  # linehauls come first, which forbidden arcs ensure
    lengths_given: bool  # lengths come from a table, not from the plane
    fewest_first: bool  # vehicles are minimised before the cost
    few_vehicles: bool  # there may be too few of them for a first plan, or fewer are looked for

    @classmethod
    def of(cls, problem: Problem) -> Facts:
        """The facts of `problem`; raises ProblemError for a GEO instance too large to tabulate."""
        plain = problem.active <= PLAIN
        timed = not TIMED.isdisjoint(problem.active)
        labelled = _is_labelled(problem)
        vehicles = sum(min(int(count), problem.num_clients) for count in problem.count)
        fewest_first = problem.objective[0] is Objective.VEHICLES
        return cls(
            arrays=(Timed if timed else Load) if plain else Rich,
            labelled=labelled,
            split=labelled and _is_split(problem),
            bounded=labelled and UNBOUNDED.isdisjoint(problem.active),
            phased=problem.backhaul is Backhaul.LINEHAUL_FIRST and not labelled,
            lengths_given=_are_lengths_given(problem),
            fewest_first=fewest_first,
            few_vehicles=fewest_first or vehicles < problem.num_clients,
        )

    @property
    def rich(self) -> bool:
        """Whether the problem needs `Rich`."""
        return self.arrays is Rich

    @property
    def timed(self) -> bool:
        """Whether it needs `Timed`."""
        return self.arrays is Timed


def _is_labelled(problem: Problem) -> bool:
    """Whether pieces do not tell all of a route."""
    if not BEYOND_PIECES.isdisjoint(problem.active) or problem.size("L") > 2:
        return True
    if problem.backhaul is Backhaul.NONE:
        return False
    if problem.backhaul is Backhaul.MIXED or problem.pairs:
        return not problem.backhaul_only_routes
    clients = slice(problem.num_depots, None)
    moved = problem.delivery[clients].any(axis=1) | problem.pickup[clients].any(axis=1)
    return not moved.all()


def _is_split(problem: Problem) -> bool:
    """Whether trips tell all that pieces do not."""
    beyond = (BEYOND_PIECES | {"pairs"}) & problem.active
    return beyond == {"reloads"} and problem.size("L") == 1 and problem.backhaul is Backhaul.NONE


def _are_lengths_given(problem: Problem) -> bool:
    if problem.distance is not None:
        return True
    if problem.arc_rule is ArcRule.GEO:
        if problem.num_nodes > GEO_NODES:
            raise ProblemError(
                f"{problem.num_nodes} nodes under rule geo, expected at most {GEO_NODES}"
            )
        return True
    return False
