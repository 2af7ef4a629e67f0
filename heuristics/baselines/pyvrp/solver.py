"""Baseline: PyVRP, iterated local search with penalties (Wouda, Lan, Kool 2024)."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING

from polyroute.heuristics.baselines.fleet import trivial_outcome
from polyroute.heuristics.baselines.pyvrp.translation import Translation
from polyroute.heuristics.baselines.request import notes_on_threads, parse_params, require
from polyroute.heuristics.baselines.watch import Watch
from polyroute.vrp.budget import Budget, Callback
from polyroute.vrp.problem import UNLIMITED, Problem
from polyroute.vrp.result import Outcome
from polyroute.vrp.solution import Solution

if TYPE_CHECKING:
    from pyvrp import Solution as Plan


class PyVrpSolver:
    """PyVRP on our scaled integers, with its default parameters but for the bound of its penalties.

    `baselines.pyvrp.translation` says how, and `refusals` beside it what is refused together. The
    budget starts after the model is built, which is reported as compile time; computing the
    neighbourhoods and the start solution count.
    """

    SUPPORTS = frozenset(
        "delivery pickup capacity several_loads backhaul pairs groups "
        "tw_early tw_late several_windows service release required prize allowed preference "
        "count several_vehicle_types fixed_cost unit_distance_cost unit_duration_cost "
        "several_depots start_depot end_depot open_routes shift_early shift_late max_distance "
        "max_duration regular_duration overtime_cost max_stops profile profiles asymmetric "
        "reloads".split()
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
        """Solve `problem`; a start may leave clients out, but serves none twice."""
        parse_params("pyvrp", params, {})
        prepared = perf_counter()
        pyvrp = require("pyvrp", "pyvrp")
        trivial = trivial_outcome(problem)
        if trivial is not None:
            return trivial
        translation = Translation(pyvrp, problem)
        data = translation.data
        initial = None if start is None else translation.plan(start)
        price = pyvrp.CostEvaluator([0] * data.num_load_dimensions, 0, 0).cost
        compile_seconds = perf_counter() - prepared
        callbacks = pyvrp.IteratedLocalSearchCallbacks()
        iterations = 0

        def note(best: Plan) -> None:
            feasible = best.is_feasible()
            cost = price(best) - translation.offset if feasible else UNLIMITED
            watch.improved(
                iterations,
                cost,
                feasible=feasible,
                num_routes=best.num_routes(),
                solution=lambda: translation.solution(best),
            )

        def stop(best_cost: int) -> bool:
            nonlocal iterations
            if iterations == budget.iterations or watch.must_stop():
                return True
            iterations += 1
            return False

        callbacks.on_start = lambda search: note(search.initial_solution)
        callbacks.on_best = note
        with Watch(budget, callback) as watch:
            result = pyvrp.solve(
                data,
                stop,
                seed=seed,
                collect_stats=False,
                params=pyvrp.SolveParams(
                    pyvrp.IteratedLocalSearchParams(callbacks=callbacks),
                    pyvrp.PenaltyParams(max_penalty=translation.max_penalty),
                ),
                initial_solution=initial,
            )
        return Outcome(
            translation.solution(result.best),
            iterations=iterations,
            trace=watch.trace,
            interrupted=watch.interrupted,
            compile_seconds=compile_seconds,
            notes=notes_on_threads(threads),
        )
