"""Compile the kernels of the search before the clock runs; ``polyroute warm-up`` does so for all.

Kernels come in sets: for each of the layouts `Load`, `Timed` and `Rich`, for routes that are
labelled, for those that are split, and for each with what squeezes routes where vehicles are few. A
set is compiled once for a version of the kernels and lies in the cache from then on. Its dearest
are named here, so that two processes can share them; the others follow as a problem is searched.
"""

from __future__ import annotations

import argparse
import gc
import logging
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from time import perf_counter

import numpy as np

from polyroute.heuristics.jit.far_call import compile_for
from polyroute.heuristics.jit.options import IS_COMPILED, ready_mark
from polyroute.heuristics.jit.two_processes import (
    Job,
    can_share,
    compile_from_the_back,
    compile_from_the_front,
)
from polyroute.heuristics.kernels.anneal import rounds
from polyroute.heuristics.kernels.arrays import Load, Rich, State, Timed
from polyroute.heuristics.kernels.cost.labelling import label_route
from polyroute.heuristics.kernels.cost.route_labelled import measure_route, price_route
from polyroute.heuristics.kernels.cost.split import split_route
from polyroute.heuristics.kernels.cost.split_proposal import price_split
from polyroute.heuristics.kernels.fleet_minimisation import squeeze
from polyroute.heuristics.kernels.local_search import improve
from polyroute.heuristics.kernels.recreate import recreate
from polyroute.heuristics.kernels.regret import insert_all, regret
from polyroute.heuristics.kernels.rng import seeded
from polyroute.heuristics.kernels.savings import savings
from polyroute.heuristics.kernels.state import depot_row, empty_state, load_routes
from polyroute.heuristics.layout.facts import Facts
from polyroute.heuristics.layout.layout import Layout
from polyroute.heuristics.search.clock import Clock
from polyroute.heuristics.search.decompose import search_parts
from polyroute.heuristics.search.pace import Pace
from polyroute.heuristics.search.params import SearchParams
from polyroute.heuristics.search.run import Run
from polyroute.heuristics.search.setting import Setting
from polyroute.heuristics.search.squeeze import Squeezer
from polyroute.heuristics.search.whole import search_whole
from polyroute.heuristics.search.worker import Worker
from polyroute.vrp.budget import Budget
from polyroute.vrp.cli.command import DONE, run_command
from polyroute.vrp.errors import PolyrouteError
from polyroute.vrp.problem import UNLIMITED, Problem
from polyroute.vrp.solution import Solution
from polyroute.vrp.structure import Reload

PROGRAM = "polyroute warm-up"

MODULE, BACK = "polyroute.heuristics.search.warm_up", "--from-the-back"
"""How this process starts the second one."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class KernelSet:
    """The kernels that some kind of problem needs."""

    layout: type[Load] | type[Timed] | type[Rich]
    labelled: bool = False  # whether routes are labelled
    split: bool = False  # whether they are for their reloads alone
    few: bool = False  # whether vehicles are to be few

    @classmethod
    def of(cls, facts: Facts) -> KernelSet:
        """The set for a problem of which these are the facts."""
        return cls(facts.arrays, facts.labelled, facts.split, facts.few_vehicles)

    @property
    def name(self) -> str:
        """What it is called on the command line."""
        labelled = "reloads" if self.split else "labelled"
        base = labelled if self.labelled else self.layout.__name__.lower()
        return f"{base}-few-vehicles" if self.few else base

    @property
    def is_ready(self) -> bool:
        """Whether it lies in the cache."""
        return ready_mark(self.name).exists()

    def kernels(self) -> list[str]:
        """Its dearest kernels, in such an order that both halves take about as long.

        `improve` comes behind `load_routes`, in one process: with what they share compiled before,
        LLVM makes a third less code of it, in half the time.
        """
        names = ["load_routes", "improve", "rounds", "recreate"]
        if self.labelled:
            pair = ["split_route", "price_split"] if self.split else ["label_route", "price_route"]
            names[:0] = [*pair, "measure_route"]
        if self.few:
            names += ["squeeze"] if self.layout is Rich else ["insert_all", "squeeze"]
        return names

    def missing(self) -> list[str]:
        """Those of its dearest kernels that no other set has left in the cache."""
        ready = {
            name
            for other in SETS.values()
            if other.layout is self.layout and other.is_ready
            for name in other.kernels()
        }
        return [name for name in self.kernels() if name not in ready]

    def jobs(self, names: Sequence[str]) -> list[Job]:
        """What compiles these of its kernels, for arguments of the types that a search gives."""
        # Labelled routes have kernels of the same types, and their state compiles what labels them.
        problem = _tiny(KernelSet(self.layout), by_table=True)
        p = Layout.of(problem).to_arrays(SearchParams().neighbours)
        s = empty_state(p, depot_row(problem, p), 1, seeded(0))
        return [partial(_compile, name, p, s) for name in names]


SETS = {
    kernels.name: kernels
    for few in (False, True)
    for kernels in (
        KernelSet(Load, few=few),
        KernelSet(Timed, few=few),
        KernelSet(Rich, few=few),
        KernelSet(Rich, labelled=True, few=few),
        KernelSet(Rich, labelled=True, split=True, few=few),
    )
}
"""All sets by name."""


def warm_up(facts: Facts) -> float:
    """Compile or load what a problem of these `facts` needs; returns the seconds that it took.

    The first time for a version of the kernels is announced in the log.
    """
    return warm_up_set(KernelSet.of(facts))


def warm_up_set(kernels: KernelSet) -> float:
    """Compile or load a set; returns the seconds that it took, 0 where that was done before."""
    if kernels.name in _warm:
        return 0.0
    began = perf_counter()
    with _no_collection():
        if IS_COMPILED and not kernels.is_ready:
            logger.info("compiling the search's kernels, once: this takes about half a minute")
            _compile_set(kernels)
        else:
            _search_tiny(kernels)
    _warm.add(kernels.name)
    return perf_counter() - began


def _compile_set(kernels: KernelSet) -> None:
    """Compile a set, in two processes where that is possible, and mark it as compiled."""
    names = kernels.missing()
    if len(names) > 1 and can_share():
        command = (MODULE, BACK, kernels.name, ",".join(names))
        compile_from_the_front(kernels.jobs(names), *command)
    _search_tiny(kernels)
    mark = ready_mark(kernels.name)
    with suppress(OSError):  # a folder that cannot be written: announced again the next time
        mark.parent.mkdir(parents=True, exist_ok=True)
        mark.touch()


_warm: set[str] = set()
"""The sets that this process has compiled or loaded."""


@contextmanager
def _no_collection() -> Iterator[None]:
    """Let garbage lie: looking for it takes a tenth of the time to compile, and finds little."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _tiny(kernels: KernelSet, *, by_table: bool = False) -> Problem:
    """A problem of three clients that needs the set, with lengths from a table or the plane."""
    rich, labelled, timed = kernels.layout is Rich, kernels.labelled, kernels.layout is Timed
    problem = Problem(
        coords=np.array([[0, 0], [0, 3], [4, 0], [4, 3]]),
        delivery=np.array([[0], [1], [1], [1]]),
        capacity=np.array([[2]]),
        tw_late=np.full((4, 1), 1000 if timed else UNLIMITED),
        fixed_cost=np.array([1 if rich else 0]),
        preference=np.array([[0]] + [[1 if labelled and not kernels.split else 0]] * 3),
        reloads=(Reload(0, (0,)),) if kernels.split else (),
    )
    return problem.replace(distance=problem.distance_matrix()[None]) if by_table else problem


def _compile(name: str, p: Load | Timed | Rich, s: State) -> None:
    """Compile a kernel for arguments of the types that a search gives it."""
    ints = np.zeros(1, dtype=np.int64)
    if name == "load_routes":
        compile_for(load_routes, p, s, ints, ints, ints)
    elif name == "recreate":
        compile_for(recreate, p, s)
    elif name == "rounds":
        compile_for(rounds, p, s, 1, 1.0, 1.0, 1, 1.0, 1, 1, 1)
    elif name == "improve":
        compile_for(improve, p, s, 1, 1, 1)
    elif name == "label_route":
        compile_for(label_route, p, s, 0, 0, 0.0)
    elif name == "split_route":
        compile_for(split_route, p, s, 0, 0, 0.0)
    elif name in ("price_route", "price_split"):
        stretch, price = (0, 0, False), price_route if name == "price_route" else price_split
        compile_for(price, p, s, 0, 0, *stretch, *stretch, *stretch, 0, 0.0)
    elif name == "measure_route":
        compile_for(measure_route, p, s, 0)
    elif name == "squeeze":
        compile_for(squeeze, p, s, ints, ints, ints > 0, 1, 1.0, 1.0, 1)
    else:
        compile_for(insert_all, p, s, ints, np.zeros((1, 5)), ints, 1, 1)


def _search_tiny(kernels: KernelSet) -> None:
    """Search a problem of three clients in each way: this compiles or loads what is missing."""
    problem, seed = _tiny(kernels), 0
    layout = Layout.of(problem)
    p = layout.to_arrays(SearchParams().neighbours)
    setting = Setting(SearchParams(), 1.0, 0.1, np.ones(3), depot_row(problem, p), flat=True)
    run = Run(p, setting, Clock(Budget(iterations=2), None), seed, 1)
    first = Worker(p, None, setting, seeded(seed))
    first.load(layout.to_plan(Solution(())) if isinstance(p, Rich) else savings(layout.problem, p))
    run.consider(first)
    with ThreadPoolExecutor(1) as pool:
        search_whole(run, first, pool)
        if not isinstance(p, Rich):
            run.clock.iterations = 0
            search_parts(run, first, 2, pool)
    if kernels.few:
        if not isinstance(p, Rich):
            regret(layout.problem, p, 1)
        squeezer = Squeezer(p, None, setting, seeded(seed))
        squeezer.begin(run.result)
        squeezer.run(Pace(Clock(Budget(iterations=1), None), 0, 1.0, 1))


# -- the command ---------------------------------------------------------------------------------


def main(argv: Sequence[str] | None = None) -> int:
    """Compile the sets that are named, or all; prints a line for each. 2 if that is not possible.

    For images and for the first day: afterwards no search waits for its kernels.
    """
    return run_command(PROGRAM, lambda: _warm_up_named(_parser().parse_args(argv)))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=PROGRAM,
        description="Compile the kernels of the search now, so that no run has to wait for it.",
    )
    add = parser.add_argument
    add("sets", nargs="*", metavar="SET", help="what to compile (see --list), default all")
    add("--list", action="store_true", help="say which sets there are, and which are compiled")
    return parser


def _warm_up_named(options: argparse.Namespace) -> int:
    if unknown := [name for name in options.sets if name not in SETS]:
        raise PolyrouteError(f"set '{unknown[0]}' is unknown, expected one of {', '.join(SETS)}")
    if not IS_COMPILED:
        raise PolyrouteError("NUMBA_DISABLE_JIT is set, so that kernels run as plain Python")
    width = max(map(len, SETS))
    for name in options.sets or SETS:
        if options.list:
            print(f"{name:{width}}  {'compiled' if SETS[name].is_ready else 'not compiled'}")
        else:
            print(f"{name:{width}}  {warm_up_set(SETS[name]):6.1f} s", flush=True)
    return DONE


if __name__ == "__main__":
    if sys.argv[1:2] == [BACK]:
        compile_from_the_back(SETS[sys.argv[2]].jobs(sys.argv[3].split(",")), sys.argv[4])
    else:
        sys.exit(main())
