"""One instance from file to files: read, solve or check, write."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from decimal import ROUND_FLOOR, Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from polyroute.vrp.api import solve
from polyroute.vrp.budget import Improvement
from polyroute.vrp.check import evaluate
from polyroute.vrp.cli.best_so_far import BestSoFar
from polyroute.vrp.cli.interrupt import Interrupt, Interrupted
from polyroute.vrp.cli.messages import remark, warn
from polyroute.vrp.cli.options import DEFAULT_SOLVER, Options
from polyroute.vrp.cli.outputs import for_instance, out_suffix
from polyroute.vrp.cli.progress import Progress
from polyroute.vrp.draw import draw
from polyroute.vrp.errors import STREAM, PolyrouteError
from polyroute.vrp.explain import Explanation, unserved_places
from polyroute.vrp.io import check_claim, detect_format, read_problem, read_solution, write_result
from polyroute.vrp.obstacles import obstacles
from polyroute.vrp.problem import Objective, Problem, Quantity
from polyroute.vrp.result import Result
from polyroute.vrp.solution import Solution

CHECKER = "check"
"""Stands where a solver's name would, when a given plan was judged."""


@dataclass(frozen=True)
class Run:
    """What became of one instance."""

    instance: Path
    result: Result
    failures: tuple[PolyrouteError, ...] = ()  # files that could not be written


def run_instance(instance: Path, options: Options, interrupt: Interrupt, *, live: bool) -> Run:
    """Read, solve or check, and write one instance.

    Raises PolyrouteError for what is wrong with the files or unsupported.
    """
    began = perf_counter()
    format = options.format or detect_format(instance)
    problem = read_problem(instance, format=format, round=options.round)
    if options.objective == "vehicles":
        problem = problem.replace(objective=(Objective.VEHICLES, Objective.COST))
    load_seconds = perf_counter() - began
    empty = replace(_empty(problem, options), format=format, load_seconds=load_seconds)
    if options.out:
        _rehearse(empty, options)
    if format == "solomon" and options.round is None:
        remark(f"{instance}: distances are truncated to one decimal (trunc1), as its format wants")
    hindered = obstacles(problem) if options.explain else ()
    for obstacle in hindered:
        warn(f"{instance}: {obstacle.message}")
    if options.check:
        plan = for_instance(options.check, instance)
        result = _judge(empty, read_solution(plan, problem))
        check_claim(plan, problem, result.evaluation)
    else:
        result = _solve(empty, instance, options, interrupt, live=live)
    interrupt.waits = False  # from here on the plan is told of and written, whatever comes
    for note in result.notes:
        remark(f"{instance}: {note}")
    result = replace(result, format=format, load_seconds=load_seconds)
    if options.explain:
        left_out = unserved_places(problem, result.solution)
        result = replace(result, explanation=Explanation(hindered, left_out))
    return Run(instance, result, _write(instance, options, result))


def _empty(problem: Problem, options: Options) -> Result:
    """What is known of a run before it has a plan."""
    nothing, solver = Solution(()), CHECKER if options.check else options.solver
    evaluation = evaluate(problem, nothing)
    seed, threads = (0, 1) if options.check else (options.seed, options.threads)
    return Result(problem, nothing, evaluation, 0.0, solver=solver, seed=seed, threads=threads)


def _rehearse(empty: Result, options: Options) -> None:
    """Write an empty plan to nowhere: what a writer must refuse, it refuses before the search."""
    everybody = replace(empty.evaluation, unserved=())  # nobody asks why they are left out
    empty = replace(empty, evaluation=everybody)
    with TemporaryDirectory() as folder:
        for template in options.out:
            suffix = out_suffix(template, options, empty.format)
            write_result(Path(folder, f"rehearsal{suffix}"), empty)


def _judge(empty: Result, solution: Solution) -> Result:
    began = perf_counter()
    evaluation = evaluate(empty.problem, solution)
    seconds = perf_counter() - began
    return replace(empty, solution=solution, evaluation=evaluation, seconds=seconds)


def _solve(
    empty: Result, instance: Path, options: Options, interrupt: Interrupt, *, live: bool
) -> Result:
    """Search from the start that is given, if any; raises Interrupted where there is no plan."""
    problem, start, target = empty.problem, None, None
    if options.start:
        path = for_instance(options.start, instance)
        start = read_solution(path, problem)
        _tell_start(problem, start, path)
    if options.target is not None:
        steps = Decimal(str(options.target)) * problem.scales.cost
        target = int(steps.to_integral_value(ROUND_FLOOR))
    so_far = BestSoFar([for_instance(path, instance) for path in options.out], empty)

    def watch(best: Improvement) -> bool:
        interrupt.waits = False
        progress.update(best)
        so_far.offer(best)
        return interrupt.requested

    # A baseline hears signals by itself; what it has it tells when it has ended.
    interrupt.waits = options.solver == DEFAULT_SOLVER
    with Progress(problem, target=options.target, live=live) as progress, so_far:
        try:
            result = solve(
                problem,
                solver=options.solver,
                time=options.time,
                iterations=options.iterations,
                seed=options.seed,
                threads=options.threads,
                start=start,
                callback=watch,
                target=target,
                patience=options.patience,
                params=options.params,
            )
        except Interrupted:
            interrupt.waits = False
            if start is None:
                raise
            result = replace(_judge(empty, start), seconds=0.0)
    return replace(result, interrupted=result.interrupted or interrupt.requested)


def _tell_start(problem: Problem, start: Solution, path: Path) -> None:
    """Say what a warm start costs and which rules it breaks, which the search repairs."""
    evaluation = evaluate(problem, start)
    check_claim(path, problem, evaluation)
    cost = problem.scales.show(evaluation.cost, Quantity.COST)
    if evaluation.feasible:
        remark(f"{path}: starting from a plan of cost {cost}")
        return
    broken = Counter(violation.rule for violation in evaluation.violations)
    rules = ", ".join(f"{rule} ({count})" for rule, count in broken.items())
    remark(f"{path}: starting from a plan of cost {cost}, repairing {rules}")


def _write(instance: Path, options: Options, result: Result) -> tuple[PolyrouteError, ...]:
    """Write every output; one that fails does not keep the others from being written."""
    failures: list[PolyrouteError] = []
    for template in (*options.out, *options.plot):
        path = for_instance(template, instance)
        try:
            if template in options.out:
                write_result(path, result, suffix=out_suffix(template, options, result.format))
            else:
                draw(path, result)
        except PolyrouteError as error:
            failures.append(error)
        else:
            if str(path) != STREAM:
                remark(f"wrote {path}")
    return tuple(failures)
