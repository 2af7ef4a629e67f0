"""What the baselines share: finding their package, sizing fleets, and refusing what they lack."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType

import numpy as np

from polyroute.vrp.budget import Budget
from polyroute.vrp.errors import MissingPackageError, PolyrouteError
from polyroute.vrp.problem import UNLIMITED, Array, Problem
from polyroute.vrp.result import Outcome
from polyroute.vrp.solution import Solution

EXTRA = "baselines"
"""The extra of our package that installs the baselines which are free for any use."""


def require(module: str, package: str, *, extra: str = EXTRA) -> ModuleType:
    """Import a baseline's module.

    Raises MissingPackageError if that very package is absent; any other failed import is its own.
    """
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        if error.name != module.split(".")[0]:
            raise
        raise MissingPackageError(package, extra) from None


def parse_params(who: str, params: dict[str, str], defaults: Mapping[str, int]) -> dict[str, int]:
    """Whole-number parameters by name over their defaults.

    Raises PolyrouteError for an unknown name or a value that is no integer.
    """
    check_names(who, params, defaults)
    values = dict(defaults)
    for name, text in params.items():
        try:
            values[name] = int(text)
        except ValueError:
            raise PolyrouteError(
                f"parameter {name} of solver '{who}' is {text!r}, expected an integer"
            ) from None
    return values


def check_names(who: str, params: Iterable[str], known: Iterable[str]) -> None:
    """Raise PolyrouteError for a parameter that the solver does not have."""
    for name in params:
        if name not in known:
            expected = ", ".join(known) or "none"
            raise PolyrouteError(f"solver '{who}' has no parameter '{name}', expected {expected}")


def need_time(who: str, budget: Budget) -> float:
    """The time limit of a solver that knows no other; raises PolyrouteError without one."""
    if budget.time is None or budget.iterations is not None:
        raise PolyrouteError(f"solver '{who}' counts no iterations, give it a time limit only")
    return budget.time


def refuse_goals(who: str, budget: Budget) -> None:
    """Raise PolyrouteError if the run is to end at a target or when patience is lost."""
    for name in ("target", "patience"):
        if getattr(budget, name) is not None:
            raise PolyrouteError(f"solver '{who}' cannot stop at a {name}, give it a time only")


def refuse_start(who: str, start: Solution | None) -> None:
    """Raise PolyrouteError if there is a warm start."""
    if start is not None:
        raise PolyrouteError(f"solver '{who}' takes no warm start")


def notes_on_threads(threads: int) -> tuple[str, ...]:
    """What a single-threaded solver says when it is given more."""
    return (f"runs on one thread, not on {threads}",) if threads > 1 else ()


def usable_types(problem: Problem) -> list[int]:
    """The vehicle types that there are any of, and whose shift does not end before it begins."""
    usable = (problem.count > 0) & (problem.shift_early <= problem.shift_late)
    return [int(v) for v in np.flatnonzero(usable)]


def trivial_outcome(problem: Problem) -> Outcome | None:
    """The empty plan if there is nobody to serve or nothing to serve them with.

    Solvers refuse such a problem, or crash.
    """
    if problem.num_clients and usable_types(problem):
        return None
    return Outcome(Solution(()), notes=("no client or no vehicle: the solver was not asked",))


CAPACITY_ONLY = frozenset(
    "delivery capacity count fixed_cost unit_distance_cost asymmetric".split()
)
"""Features under which nothing but its capacity ends a route."""


def membership_oddities(problem: Problem) -> set[str]:
    """What ties a client to more than one pair or group, in words: no solver takes it."""
    paired = [node for pair in problem.pairs for node in (pair.pickup, pair.delivery)]
    grouped = [node for group in problem.groups for node in group.clients]
    found = {
        "clients in several pairs": len(set(paired)) < len(paired),
        "clients in several groups": len(set(grouped)) < len(grouped),
        "pairs in groups": not set(paired).isdisjoint(grouped),
    }
    return {what for what, is_found in found.items() if is_found}


def goods_oddities(problem: Problem) -> set[str]:
    """What a shipment cannot hold: a pair with goods other than those between its ends."""
    for pair in problem.pairs:
        between = (problem.pickup[pair.pickup] == problem.delivery[pair.delivery]).all()
        others = problem.delivery[pair.pickup].any() or problem.pickup[pair.delivery].any()
        if others or not between:
            return {"pairs whose goods are not just those between them"}
    return set()


# -- what to hand over ---------------------------------------------------------------------


def fleet_sizes(problem: Problem) -> list[int]:
    """How many vehicles of each type to offer a solver that wants a number.

    Never more than clients; none whose shift ends before it begins. Where capacity alone limits a
    route, 2 · ceil(demand / capacity) + 1 are enough: two routes that are at most half full make
    one that is no longer (triangle inequality), so some optimal plan has at most one of them.
    """
    most = problem.num_clients
    if problem.active <= CAPACITY_ONLY:
        capacity, demand = int(problem.capacity[0, 0]), int(problem.delivery.sum())
        if capacity > 0:
            most = min(most, 2 * -(-demand // capacity) + 1)
    sizes = dict.fromkeys(range(problem.num_vehicle_types), 0)
    sizes |= {v: min(int(problem.count[v]), most) for v in usable_types(problem)}
    return list(sizes.values())


def visits_by_vehicle(types: Sequence[int], plan: Solution) -> list[tuple[int, ...]] | None:
    """What each vehicle visits, given their types; None if the plan takes more than there are."""
    free: dict[int, list[int]] = {}
    for vehicle, kind in enumerate(types):
        free.setdefault(kind, []).append(vehicle)
    visits: list[tuple[int, ...]] = [()] * len(types)
    for route in plan.routes:
        if not free.get(route.vehicle_type):
            return None
        visits[free[route.vehicle_type].pop(0)] = route.visits
    return visits


def without_forbidden(matrix: Array) -> Array:
    """The matrix with its forbidden arcs made longer than any plan that avoids them.

    A solver may still use such an arc; the checker then says so.
    """
    forbidden = matrix >= UNLIMITED
    if not forbidden.any():
        return matrix
    longest = int(np.max(matrix, initial=1, where=~forbidden))
    return np.where(forbidden, 2 * len(matrix) * longest, matrix)


def horizon(problem: Problem) -> int:
    """A time before which every sensible plan has ended, for solvers that want a finite one."""
    late = [bound[bound < UNLIMITED] for bound in (problem.tw_late, problem.shift_late)]
    bounds = (problem.tw_early, problem.shift_early, problem.release, problem.ready_time)
    early = max(*(int(bound.max()) for bound in bounds), _most(late))
    pauses = sum(pause.duration for pause in problem.breaks)
    early = max([early, *(window[0] for pause in problem.breaks for window in pause.windows)])
    driving = max(
        int(without_forbidden(problem.duration_matrix(p)).max(axis=1).sum())
        for p in range(problem.size("P"))
    )
    return early + driving + int(problem.service.sum()) + pauses


def _most(arrays: list[Array]) -> int:
    return max((int(array.max()) for array in arrays if array.size), default=0)


def power_of_ten(largest: int, most: int) -> int:
    """The least power of ten by which the largest value is at most `most`."""
    unit = 1
    while largest > most * unit:
        unit *= 10
    return unit


@contextmanager
def stdout_to_stderr() -> Iterator[None]:
    """Send what a shared library prints to stderr: stdout belongs to our own output."""
    sys.stdout.flush()
    saved = os.dup(1)
    try:
        os.dup2(2, 1)
        yield
    finally:
        os.dup2(saved, 1)
        os.close(saved)
