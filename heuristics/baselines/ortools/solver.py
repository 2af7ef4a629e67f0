"""Baseline: the routing library of Google OR-Tools, guided local search."""

from __future__ import annotations

from datetime import timedelta
from time import perf_counter
from types import ModuleType
from typing import Any

from polyroute.heuristics.baselines.fleet import trivial_outcome
from polyroute.heuristics.baselines.ortools.model import Model
from polyroute.heuristics.baselines.request import check_names, need_time, notes_on_threads, require
from polyroute.heuristics.baselines.watch import Watch
from polyroute.vrp.budget import Budget, Callback
from polyroute.vrp.errors import PolyrouteError
from polyroute.vrp.problem import Problem
from polyroute.vrp.result import Outcome
from polyroute.vrp.solution import Solution

ROUTING = "ortools.constraint_solver"

PARAMS = ("first_solution", "metaheuristic")
"""OR-Tools' enumerations by our names for them; the values are its own, in any case."""


class OrToolsSolver:
    """OR-Tools as its routing guide recommends it: a greedy start, then guided local search.

    The start is PATH_CHEAPEST_ARC, or PARALLEL_CHEAPEST_INSERTION under time windows, pairs or
    pickups where everybody is required; where that finds no plan, savings and the other are tried.
    The parameters `first_solution` and `metaheuristic` choose others. It draws no random numbers:
    the seed changes nothing. An unlimited fleet is cut to `baselines.fleet.fleet_sizes`. The
    budget starts after the model is built.
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
        with Watch(budget, callback) as watch:
            self._observe(model, watch)
            routing.CloseModelWithParameters(searches[0])
            initial = None if start is None else model.assignment(start)
        compile_seconds = perf_counter() - prepared
        notes = notes_on_threads(threads)
        with watch:
            found = None
            for search in searches:
                left = seconds - watch.seconds
                if found is None and left > 0 and not watch.must_stop():
                    search.time_limit.FromTimedelta(timedelta(seconds=left))
                    found = routing.SolveFromAssignmentWithParameters(initial, search)
            solution = Solution(()) if found is None else model.solution(found)
            if found is None:
                notes += (f"OR-Tools ended with status {routing.status()}",)
            else:  # it may be a plan that was never reported: that nobody is served
                cost = int(found.ObjectiveValue())
                watch.improved(
                    int(routing.solver().Solutions()),
                    cost - model.costs.offset,
                    feasible=cost < model.costs.dearest,
                    num_routes=len(solution.routes),
                )
        return Outcome(
            solution,
            iterations=int(routing.solver().Solutions()),
            trace=watch.trace,
            interrupted=watch.interrupted,
            compile_seconds=compile_seconds,
            notes=notes,
        )

    def _observe(self, model: Model, watch: Watch) -> None:
        """Trace improvements and stop on demand.

        A limit of ours would be asked a million times a second and slow the search down by a
        tenth, so it is set only where the run can end for another reason than the clock.
        """
        routing = model.routing.model

        def note() -> None:
            cost = int(routing.CostVar().Max())
            watch.improved(
                int(routing.solver().Solutions()),
                cost - model.costs.offset,
                feasible=cost < model.costs.dearest,
                num_routes=model.num_routes(),
            )
            if watch.must_stop():
                routing.solver().FinishCurrentSearch()

        routing.AddAtSolutionCallback(note)
        if not watch.is_idle:
            routing.AddSearchMonitor(routing.solver().CustomLimit(watch.must_stop))


def _first_solutions(problem: Problem) -> tuple[str, ...]:
    """The greedy start that is recommended, and others to try where it finds no plan.

    Insertion serves no optional client whose prize is below a route for him alone, however many
    there are: so it comes last where clients are optional.
    """
    orders = {"tw_early", "tw_late", "pairs", "pickup"}
    starts = ("parallel_cheapest_insertion", "savings", "path_cheapest_arc")
    if orders.isdisjoint(problem.active) or "required" in problem.active:
        return starts[::-1]
    return starts


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
