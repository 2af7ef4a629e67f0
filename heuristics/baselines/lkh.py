"""Baseline: LKH-3, the heuristic of Lin, Kernighan and Helsgaun for one tour, through elkai."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

import numpy as np

from polyroute.heuristics.baselines.fleet import trivial_outcome
from polyroute.heuristics.baselines.magnitudes import power_of_ten, without_forbidden
from polyroute.heuristics.baselines.request import (
    need_time,
    notes_on_threads,
    parse_params,
    refuse_goals,
    require,
)
from polyroute.heuristics.baselines.watch import Watch
from polyroute.vrp.budget import Budget, Callback
from polyroute.vrp.errors import PolyrouteError
from polyroute.vrp.problem import NOWHERE, Array, Problem
from polyroute.vrp.result import Outcome
from polyroute.vrp.solution import Solution

LARGEST = 10_000_000
"""LKH multiplies lengths by 100 and keeps sums of two in 32 bits."""

FEWEST = 3
"""LKH wants so many nodes at least."""

PARAMS = {"runs": 10}
"""LKH's own default; a run takes as many trials as there are nodes."""


CHILD = """
import json, signal, sys
from elkai import _elkai  # elkai's own functions pass neither a time nor a seed on
signal.signal(signal.SIGINT, signal.SIG_DFL)
print(json.dumps(_elkai.solve_problem(*json.load(sys.stdin))))
"""


class LkhSolver:
    """LKH on our matrix: one tour for everyone, open or closed. It ends by itself.

    No second route is tried, which matters only where distances break the triangle inequality.
    The budget is its limit, in processor time; it reports its best at the end only.
    """

    SUPPORTS = frozenset(
        "count fixed_cost unit_distance_cost several_depots start_depot end_depot open_routes "
        "asymmetric".split()
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
        """Solve `problem`; a start must be one route of everyone."""
        runs = parse_params("lkh", params, PARAMS)["runs"]
        if runs < 1:
            raise PolyrouteError(f"parameter runs of solver 'lkh' is {runs}, expected 1 or more")
        seconds = need_time("lkh", budget)
        refuse_goals("lkh", budget)
        prepared = perf_counter()
        require("elkai", "elkai", extra="lkh")
        trivial = trivial_outcome(problem)
        if trivial is not None:
            return trivial
        first = None if start is None else _tour(problem, start)
        matrix, unit = tour_matrix(problem)
        notes = [f"{runs} runs; ends by itself, the budget is its limit only"]
        notes += notes_on_threads(threads)
        if unit > 1:
            notes.append(f"lengths rounded to {unit} steps")
        settings = {"RUNS": runs, "SEED": seed + 1, "TOTAL_TIME_LIMIT": seconds, "TRACE_LEVEL": 0}
        compile_seconds = perf_counter() - prepared
        with Watch(budget, callback) as watch:
            order = _solve(matrix, settings, first, watch) if len(matrix) >= FEWEST else [0, 1]
            if not order:
                stopped = order is None
                return Outcome(
                    Solution(()), interrupted=stopped, notes=(*notes, "found nothing yet")
                )
            begin = order.index(0)  # the depot
            visits = [node + problem.num_depots - 1 for node in order[begin + 1 :] + order[:begin]]
            length = int(matrix[order, np.roll(order, -1)].sum()) * unit
            cost = length * int(problem.unit_distance_cost[0]) + int(problem.fixed_cost[0])
            watch.improved(0, cost, feasible=True, num_routes=1)
        return Outcome(
            Solution.from_visits([visits]),
            trace=watch.trace,
            interrupted=watch.interrupted,
            compile_seconds=compile_seconds,
            notes=tuple(notes),
        )


def tour_matrix(problem: Problem) -> tuple[Array, int]:
    """Lengths between the depot, as node 0, and the clients, and how many of our steps make one.

    An arc back to node 0 is one to where the route ends, at no cost if it is open.
    """
    begin, end = int(problem.start_depot[0]), int(problem.end_depot[0])
    full = without_forbidden(problem.distance_matrix(int(problem.profile[0])))
    nodes = np.array([begin, *problem.clients])
    matrix = full[np.ix_(nodes, nodes)]
    matrix[:, 0] = 0 if end == NOWHERE else full[nodes, end]
    matrix[0, 0] = 0
    unit = power_of_ten(int(matrix.max()), LARGEST)
    return np.rint(matrix / unit).astype(np.int64) if unit > 1 else matrix, unit


def _tour(problem: Problem, start: Solution) -> list[int]:
    """The start as a tour of the matrix's nodes; raises PolyrouteError if it is none."""
    visits = [node for route in start.routes for node in route.visits]
    used = [route for route in start.routes if route.visits]
    if len(used) != 1 or sorted(visits) != list(problem.clients):
        raise PolyrouteError("solver 'lkh' takes a start of one route with everyone only")
    return [0, *(node - problem.num_depots + 1 for node in visits)]


def _solve(
    matrix: Array, settings: dict[str, int | float], first: list[int] | None, watch: Watch
) -> list[int] | None:
    """The tour that LKH finds, in the matrix's numbers; empty if its time was up before that.

    None if it was interrupted. It runs in a process of its own: LKH keeps settings of earlier
    calls, ends the process on an error, and hears no Ctrl-C.
    """
    symmetric = bool((matrix == matrix.T).all())
    weights = "\n".join(" ".join(map(str, row)) for row in matrix.tolist())
    problem = (
        f"TYPE : {'TSP' if symmetric else 'ATSP'}\nDIMENSION : {len(matrix)}\n"
        "EDGE_WEIGHT_TYPE : EXPLICIT\nEDGE_WEIGHT_FORMAT : FULL_MATRIX\n"
        f"EDGE_WEIGHT_SECTION\n{weights}\n"
    )
    lines = [f"{name} = {value}" for name, value in settings.items()]
    with tempfile.TemporaryDirectory(prefix="polyroute-") as folder:
        if first is not None:
            file = Path(folder) / "first.tour"
            nodes = "\n".join(str(node + 1) for node in first)
            file.write_text(f"TYPE : TOUR\nTOUR_SECTION\n{nodes}\n-1\nEOF\n", encoding="ascii")
            lines.append(f"INITIAL_TOUR_FILE = {file}")
        lines.append("PROBLEM_FILE = :stdin:\n")
        with subprocess.Popen(
            [sys.executable, "-c", CHILD],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as child:
            task = json.dumps(["\n".join(lines), problem])
            told = watch.attend(lambda: child.communicate(task))
            if told is None:
                child.kill()
    if told is None or child.returncode == -signal.SIGINT:
        return None
    if child.returncode:
        words = told[1].strip().splitlines() or [f"exit code {child.returncode}"]
        raise PolyrouteError(f"solver 'lkh' failed: {words[-1]}")
    return [node - 1 for node in json.loads(told[0].splitlines()[-1])]
