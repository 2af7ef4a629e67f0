"""How long a solver may run, and how it tells of its progress on the way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from polyroute.vrp.errors import PolyrouteError

if TYPE_CHECKING:
    from polyroute.vrp.solution import Solution


@dataclass(frozen=True)
class Budget:
    """When to stop: the first limit that is reached. Times in wall-clock seconds."""

    time: float | None = None
    iterations: int | None = None
    target: int | None = None  # in the problem's cost scale: stop at a feasible cost this low
    patience: float | None = None  # stop after so many seconds without an improvement

    def __post_init__(self) -> None:
        if self.time is None and self.iterations is None:
            raise PolyrouteError("a budget needs a time or a number of iterations, found neither")
        for name in ("time", "iterations", "patience"):
            value = getattr(self, name)
            if value is not None and not 0 < value < float("inf"):
                raise PolyrouteError(f"{name} is {value}, expected a positive finite number")


@dataclass(frozen=True)
class Improvement:
    """A new best solution: seconds and iterations since the start, its cost in the problem's scale.

    `feasible` is False only as long as no feasible solution was found. `solution` makes the plan;
    it is for the callback, while that is called, and None from solvers that tell theirs at the end.
    """

    seconds: float
    iterations: int
    cost: int
    feasible: bool
    num_routes: int
    solution: Callable[[], Solution] | None = field(default=None, compare=False, repr=False)


Callback = Callable[[Improvement], bool | None]
"""Called on each improvement and, at most ten times a second, without one (the last one again).

A return value of True stops the search.
"""
