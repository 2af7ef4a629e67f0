"""The front door: read or build a problem, solve it by any solver's name, get checked figures."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from time import perf_counter
from typing import Protocol

from polyroute.vrp.budget import Budget, Callback, Improvement
from polyroute.vrp.builder import Builder
from polyroute.vrp.check import check_names, evaluate
from polyroute.vrp.errors import PolyrouteError, UnsupportedError
from polyroute.vrp.problem import Problem
from polyroute.vrp.result import Outcome, Result
from polyroute.vrp.solution import Solution

__all__ = [
    "SOLVERS",
    "Budget",
    "Builder",
    "Callback",
    "Improvement",
    "Outcome",
    "Result",
    "Solver",
    "load_solver",
    "read",
    "solve",
]

SOLVERS: dict[str, str] = {
    "search": "polyroute.heuristics.search.solver:SearchSolver",
    "ortools": "polyroute.heuristics.baselines.ortools.solver:OrToolsSolver",
    "pyvrp": "polyroute.heuristics.baselines.pyvrp.solver:PyVrpSolver",
    "vroom": "polyroute.heuristics.baselines.vroom.solver:VroomSolver",
    "hgs": "polyroute.heuristics.baselines.hgs:HgsSolver",
    "lkh": "polyroute.heuristics.baselines.lkh:LkhSolver",
}
"""Solver names and the classes behind them, ``module:Class``, imported on use."""

PLANNED = ("hybrid", "policy")
"""Solvers that are designed but not built; asking for one is refused by name."""


class Solver(Protocol):
    """A solver: what it supports, and one method. `params` are its own, by name."""

    SUPPORTS: frozenset[str]

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
        """Solve `problem`; raises PolyrouteError for what the user can mend."""
        ...


def read(path: str | Path, *, format: str | None = None, round: str | None = None) -> Problem:
    """Read a problem file; the format is detected by content unless named.

    ``FILE:K`` is instance K, from 0, of a file that holds several; `vrp.io.read_problems` has all.
    `round` is the arc rule by its label (see `vrp.arcs.ArcRule`); default: the format's own.
    Raises ReadError, for a file that cannot be opened too, or UnsupportedError.
    """
    from polyroute.vrp.io import read_problem

    return read_problem(path, format=format, round=round)


def load_solver(name: str) -> Solver:
    """The solver called `name`. Raises PolyrouteError for an unknown or planned one."""
    if name in PLANNED:
        raise PolyrouteError(f"solver '{name}' is planned, not built yet; use one of {known()}")
    if name not in SOLVERS:
        raise PolyrouteError(f"solver '{name}' is unknown, expected one of {known()}")
    module, class_name = SOLVERS[name].split(":")
    solver: Solver = getattr(import_module(module), class_name)()
    return solver


def known() -> str:
    """The names of the solvers, for messages."""
    return ", ".join(SOLVERS)


def unsupported(problem: Problem, supports: frozenset[str]) -> Iterator[str]:
    """The features of `problem` outside `supports`."""
    return iter(sorted(problem.active - supports))


def solve(
    problem: Problem,
    *,
    solver: str = "search",
    time: float | None = None,
    iterations: int | None = None,
    seed: int = 0,
    threads: int = 1,
    start: Solution | None = None,
    callback: Callback | None = None,
    target: int | None = None,
    patience: float | None = None,
    params: dict[str, str] | None = None,
) -> Result:
    """Solve `problem` and return the best solution, its evaluation and the improvements.

    Parameters
    ----------
    time, iterations
        Wall-clock seconds and iterations; the first limit reached ends the search. With neither,
        ten seconds. Under `iterations` alone, a run is reproducible to the last digit.
    seed, threads
        Random seed and number of threads; what a run finds under `iterations` depends on both.
    start
        A warm start; it may be partial or infeasible.
    callback
        Called on improvements; may stop the search by returning True.
    target, patience
        Stop at a feasible cost (in the problem's cost scale), or after so many seconds without
        an improvement.
    params
        Parameters of the solver by name, as text.

    Raises
    ------
    PolyrouteError
        If the solver is unknown or not installed, or the budget or a parameter is wrong.
    UnsupportedError
        If the problem uses what the solver does not support.
    ProblemError
        If `start` names a vehicle type or a client that the problem does not have.
    """
    if time is None and iterations is None:
        time = 10.0
    if seed < 0:
        raise PolyrouteError(f"seed is {seed}, expected at least 0")
    budget = Budget(time, iterations, target, patience)
    engine = load_solver(solver)
    missing = tuple(unsupported(problem, engine.SUPPORTS))
    if missing:
        raise UnsupportedError(f"solver '{solver}'", missing)
    if start is not None:
        check_names(problem, start)
    began = perf_counter()
    outcome = engine.solve(
        problem,
        budget,
        seed=seed,
        threads=threads,
        start=start,
        callback=callback,
        params=params or {},
    )
    seconds = perf_counter() - began - outcome.compile_seconds
    return Result(
        problem=problem,
        solution=outcome.solution,
        evaluation=evaluate(problem, outcome.solution),
        seconds=seconds,
        solver=solver,
        seed=seed,
        threads=threads,
        iterations=outcome.iterations,
        interrupted=outcome.interrupted,
        compile_seconds=outcome.compile_seconds,
        trace=outcome.trace,
        notes=outcome.notes,
    )
