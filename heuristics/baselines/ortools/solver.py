"""Baseline: the routing library of Google OR-Tools, guided local search."""

from __future__ import annotations

from datetime import timedelta
from time import perf_counter
from types import ModuleType
from typing import TYPE_CHECKING, Any

from polyroute.heuristics.baselines.breaks import settled, with_breaks_at_stops
from polyroute.heuristics.baselines.fleet import trivial_outcome
from polyroute.heuristics.baselines.ortools.model import Model
from polyroute.heuristics.baselines.request import check_names, need_time, notes_on_threads, require
from polyroute.heuristics.baselines.watch import Watch
from polyroute.vrp.budget import Budget, Callback
from polyroute.vrp.check import evaluate
from polyroute.vrp.errors import PolyrouteError
from polyroute.vrp.problem import Problem
from polyroute.vrp.result import Outcome
from polyroute.vrp.solution import Solution

if TYPE_CHECKING:
    from ortools.constraint_solver import pywrapcp

ROUTING = "ortools.constraint_solver"

PARAMS = ("first_solution", "metaheuristic")
"""OR-Tools' enumerations by our names for them; the values are its own, in any case."""

TIMED_OUT = 4
"""OR-Tools' status ROUTING_FAIL_TIMEOUT; on a busy machine it says so before the time is over."""

WITHOUT_END = 2**63 - 1
"""So many solutions: no limit."""

ON_THE_ROAD = "takes breaks on the road; they are moved to stops, as far as that goes"
"""Said of large problems, where constraints that keep them off the road leave it no time."""


class OrToolsSolver:
    """OR-Tools as its routing guide recommends it: a greedy start, then guided local search.

    The start is PATH_CHEAPEST_ARC, or PARALLEL_CHEAPEST_INSERTION under time windows, pairs or
    pickups; where that finds no plan, savings and the other are tried, and where clients are
    optional the best of the three is taken. The parameters `first_solution` and `metaheuristic`
    choose others. It draws no random numbers: the seed changes nothing. An unlimited fleet is cut
    to `baselines.fleet.fleet_sizes`. The budget starts after the model is built.
    """

    SUPPORTS = frozenset(
        "delivery pickup capacity several_loads backhaul pairs groups tw_early tw_late "
        "several_windows lateness_cost service release required prize allowed preference count "
        "several_vehicle_types fixed_cost unit_distance_cost unit_duration_cost several_depots "
        "start_depot end_depot open_routes shift_early shift_late max_distance max_duration "
        "regular_duration overtime_cost max_stops profile profiles under_way "
        "ready_time on_board breaks breaks_on_the_road pins asymmetric".split()
    )

    def solve(
        self,
        problem: Problem,
        budget: Budget,
        *,
        seed: int,
        threads: int,
        start: Solution | None,
        callback: Callback | None,
        params: dict[str, str],
    ) -> Outcome:
        """Solve `problem`; a start must be complete and feasible."""
        check_names("ortools", params, PARAMS)
        seconds = need_time("ortools", budget)
        prepared = perf_counter()
        cp = require(f"{ROUTING}.pywrapcp", "ortools")
        trivial = trivial_outcome(problem)
        if trivial is not None:
            return trivial
        model = Model(cp, problem)
        routing = model.routing.model
        chosen = params.get("first_solution")
        firsts = _first_solutions(problem) if chosen is None else (chosen,)
        searches = [
            _search_parameters(cp, {**params, "first_solution": first}, seconds) for first in firsts
        ]
        kept: list[Solution] = []  # the best plan with all breaks at stops, last
        with Watch(budget, callback) as watch:
            self._observe(problem, model, watch, kept)
            routing.CloseModelWithParameters(searches[0])
            initial = None if start is None else model.assignment(start)
        compile_seconds = perf_counter() - prepared
        notes = notes_on_threads(threads)
        with watch:
            if initial is None and len(searches) > 1 and not problem.required.all():
                initial = _first_plan(routing, searches, seconds, watch)
            found = None
            for search in searches if initial is None else searches[:1]:
                if found is None:
                    found = _searched(routing, initial, search, seconds - watch.seconds, watch)
            if found is None:
                found = initial
            solution = Solution(()) if found is None else model.solution(found)
            if found is None:
                notes += (f"OR-Tools ended with status {routing.status()}",)
            elif model.strict:  # it may be a plan that was never reported: that nobody is served
                cost = int(found.ObjectiveValue())
                watch.improved(
                    int(routing.solver().Solutions()),
                    cost - model.costs.offset,
                    feasible=cost < model.costs.dearest,
                    num_routes=len(solution.routes),
                )
            else:
                solution = self._with_breaks_at_stops(problem, solution, watch, kept)
                notes += (ON_THE_ROAD,)
        return Outcome(
            solution,
            iterations=int(routing.solver().Solutions()),
            trace=watch.trace,
            interrupted=watch.interrupted,
            compile_seconds=compile_seconds,
            notes=notes,
        )

    def _with_breaks_at_stops(
        self, problem: Problem, last: Solution, watch: Watch, kept: list[Solution]
    ) -> Solution:
        """The best of the plans kept and of the last one, whose breaks are moved to stops."""
        plan = with_breaks_at_stops(problem, last)
        judged = evaluate(problem, plan)
        if kept and not (judged.feasible and judged.cost < evaluate(problem, kept[-1]).cost):
            return kept[-1]
        watch.improved(0, judged.cost, feasible=judged.feasible, num_routes=len(plan.routes))
        return plan

    def _observe(self, problem: Problem, model: Model, watch: Watch, kept: list[Solution]) -> None:
        """Trace improvements, keep those with all breaks at stops, and stop on demand.

        A limit of ours would be asked a million times a second and slow the search down by a
        tenth, so it is set only where the run can end for another reason than the clock.
        """
        routing = model.routing.model

        def note() -> None:
            cost = int(routing.CostVar().Max())
            claimed, feasible = cost - model.costs.offset, cost < model.costs.dearest
            if model.strict or self._is_kept(problem, model, claimed, watch, kept):
                solutions, routes = int(routing.solver().Solutions()), model.num_routes()
                watch.improved(solutions, claimed, feasible=feasible, num_routes=routes)
            if watch.must_stop():
                routing.solver().FinishCurrentSearch()

        routing.AddAtSolutionCallback(note)
        if not watch.is_idle:
            routing.AddSearchMonitor(routing.solver().CustomLimit(watch.must_stop))

    def _is_kept(
        self, problem: Problem, model: Model, cost: int, watch: Watch, kept: list[Solution]
    ) -> bool:
        """Whether the plan being reported is the best so far with all its breaks at stops."""
        if watch.trace and watch.trace[-1].cost <= cost:
            return False
        plan = Solution(tuple(settled(problem, route) for route in model.current().routes))
        if not evaluate(problem, plan).feasible:
            return False
        kept.append(plan)
        return True


def _first_plan(
    routing: pywrapcp.RoutingModel,
    searches: list[Any],
    seconds: float,
    watch: Watch,
) -> pywrapcp.Assignment | None:
    """The best first plan of all greedy starts, which take a quarter of the time each at most.

    Where clients are optional, a start may find nothing better than to serve nobody.
    """
    best = None
    for search in searches:
        search.solution_limit = 1
        found = _searched(routing, None, search, min(seconds / 4, seconds - watch.seconds), watch)
        search.solution_limit = WITHOUT_END
        if found is not None and (best is None or found.ObjectiveValue() < best.ObjectiveValue()):
            best = routing.solver().Assignment(found)
    return best


def _searched(
    routing: pywrapcp.RoutingModel,
    initial: pywrapcp.Assignment | None,
    search: Any,
    seconds: float,
    watch: Watch,
) -> pywrapcp.Assignment | None:
    """What OR-Tools finds in that time, from a plan to begin with; None for nothing."""
    end, found = watch.seconds + seconds, None
    while found is None and watch.seconds < end and not watch.must_stop():
        search.time_limit.FromTimedelta(timedelta(seconds=end - watch.seconds))
        found = routing.SolveFromAssignmentWithParameters(initial, search)
        if routing.status() != TIMED_OUT:
            break
    return found


def _first_solutions(problem: Problem) -> tuple[str, ...]:
    """The greedy start that is recommended, and others to try where it finds no plan."""
    orders = {"tw_early", "tw_late", "pairs", "pickup", "breaks"}
    starts = ("parallel_cheapest_insertion", "savings", "path_cheapest_arc")
    return starts[::-1] if orders.isdisjoint(problem.active) else starts


def _search_parameters(cp: ModuleType, params: dict[str, str], seconds: float) -> Any:
    enums = require(f"{ROUTING}.routing_enums_pb2", "ortools")
    search = cp.DefaultRoutingSearchParameters()
    search.first_solution_strategy = _choice(
        "first_solution", enums.FirstSolutionStrategy, params["first_solution"]
    )
    search.local_search_metaheuristic = _choice(
        "metaheuristic",
        enums.LocalSearchMetaheuristic,
        params.get("metaheuristic", "guided_local_search"),
    )
    search.time_limit.FromTimedelta(timedelta(seconds=seconds))
    return search


def _choice(name: str, enumeration: Any, text: str) -> int:
    """The value called `text`; raises PolyrouteError with those that there are."""
    known = dict(enumeration.Value.items())
    known.pop("UNSET", None)
    if text.upper() not in known:
        expected = ", ".join(key.lower() for key in known)
        raise PolyrouteError(
            f"parameter {name} of solver 'ortools' is {text!r}, expected one of {expected}"
        )
    return int(known[text.upper()])
