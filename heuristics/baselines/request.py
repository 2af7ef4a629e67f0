"""What a user may ask of a baseline: its package, its parameters, a time, threads and a start."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib import import_module
from types import ModuleType

from polyroute.vrp.budget import Budget
from polyroute.vrp.errors import MissingPackageError, PolyrouteError
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
