"""Baseline: VROOM, construction heuristics and local search, through pyvroom."""

from __future__ import annotations

from datetime import timedelta
from time import perf_counter

from polyroute.heuristics.baselines.breaks import with_breaks_at_stops
from polyroute.heuristics.baselines.fleet import trivial_outcome
from polyroute.heuristics.baselines.refusals import goods_oddities, membership_oddities
from polyroute.heuristics.baselines.request import need_time, parse_params, refuse_goals, require
from polyroute.heuristics.baselines.vroom.model import build_input, our_solution
from polyroute.heuristics.baselines.vroom.units import Units
from polyroute.heuristics.baselines.watch import Watch
from polyroute.vrp.budget import Budget, Callback
from polyroute.vrp.errors import PolyrouteError, UnsupportedError
from polyroute.vrp.problem import UNLIMITED, Problem
from polyroute.vrp.result import Outcome
from polyroute.vrp.solution import Solution

TOO_HIGH = "Too high cost values"
"""How VROOM says that costs might outgrow its 32 bits."""

PARAMS = {"exploration": 5}
"""Exploration level 0 to 5; 5 is the default of VROOM's command line."""


class VroomSolver:
    """VROOM at a stated exploration level.

    It is no anytime solver: it ends by itself when its searches are done, at the latest by the
    budget, and reports its best at the end only. It draws no random numbers. The budget starts
    after the model is built.
    """

    SUPPORTS = frozenset(
        "delivery pickup capacity several_loads pairs tw_early tw_late several_windows service "
        "allowed count several_vehicle_types fixed_cost unit_distance_cost several_depots "
        "start_depot end_depot open_routes shift_early shift_late max_distance max_stops profile "
        "profiles asymmetric required prize breaks breaks_on_the_road arc_cost max_driving "
        "setup".split()
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
        """Solve `problem`; numbers that do not fit into 32 bits are coarsened, with a note.

        A start must be feasible, but need not be complete; from one, VROOM's first plan is that.
        """
        level = parse_params("vroom", params, PARAMS)["exploration"]
        if not 0 <= level <= 5:
            raise PolyrouteError(
                f"parameter exploration of solver 'vroom' is {level}, expected 0 to 5"
            )
        seconds = need_time("vroom", budget)
        refuse_goals("vroom", budget)
        prepared = perf_counter()
        vroom = require("vroom", "pyvroom")
        wrong_input = require("vroom._vroom", "pyvroom").VroomInputException
        trivial = trivial_outcome(problem)
        if trivial is not None:
            return trivial
        odd = membership_oddities(problem) | goods_oddities(problem)
        if odd:
            raise UnsupportedError("solver 'vroom'", odd)
        units, watch, found = Units.of(problem), Watch(budget, callback), None
        while found is None:
            model, types = build_input(vroom, problem, units, start)
            compile_seconds = perf_counter() - prepared
            try:
                with watch:
                    limit = timedelta(seconds=seconds)
                    found = model.solve(level, nb_threads=threads, timeout=limit)
            except wrong_input as error:
                if TOO_HIGH not in str(error):
                    what = "problem" if start is None else "start"
                    raise PolyrouteError(f"solver 'vroom' refuses the {what}: {error}") from None
                units = units.with_coarser_costs()  # it adds up more than we know of
        solution = with_breaks_at_stops(problem, our_solution(found, types))
        unserved = [*solution.unserved(problem)]
        complete = not problem.required[unserved].any()
        cost = int(found.summary.cost) * units.cost.steps + int(problem.prize[unserved].sum())
        routes = len(solution.routes)
        watch.improved(0, cost if complete else UNLIMITED, feasible=complete, num_routes=routes)
        notes = [f"exploration level {level}; ends by itself, the budget is its limit only"]
        if units.note is not None:
            notes.append(units.note)
        if not all(pause.on_the_road for pause in problem.breaks):
            notes.append("takes breaks on the road; they are moved to stops, as far as that goes")
        return Outcome(
            solution,
            trace=watch.trace,
            interrupted=watch.interrupted,
            compile_seconds=compile_seconds,
            notes=tuple(notes),
        )
