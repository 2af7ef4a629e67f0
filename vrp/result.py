"""What comes out of a solve: a solver's own outcome, and the result that the checker has priced."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from polyroute.vrp.budget import Improvement
from polyroute.vrp.check import Evaluation
from polyroute.vrp.explain import Explanation
from polyroute.vrp.problem import Problem, Quantity
from polyroute.vrp.reasons import Reason, reasons
from polyroute.vrp.solution import Solution


@dataclass(frozen=True)
class Outcome:
    """What a solver hands back; its solution is priced by the checker, not by itself."""

    solution: Solution
    iterations: int = 0
    trace: tuple[Improvement, ...] = ()
    interrupted: bool = False
    compile_seconds: float = 0.0
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Result:
    """The best solution found, with the checker's word on it."""

    problem: Problem
    solution: Solution
    evaluation: Evaluation
    seconds: float
    solver: str
    seed: int
    threads: int
    iterations: int = 0
    interrupted: bool = False
    compile_seconds: float = 0.0
    trace: tuple[Improvement, ...] = field(default=(), repr=False)
    notes: tuple[str, ...] = ()
    format: str | None = None  # of the file that the problem was read from, and how long it took
    load_seconds: float | None = None
    explanation: Explanation | None = None  # if it was asked for

    @property
    def cost(self) -> int | float | None:
        """Cost in the user's units."""
        return self.problem.scales.show(self.evaluation.cost, Quantity.COST)

    @cached_property
    def reasons(self) -> tuple[Reason, ...]:
        """Why each client is left out, found when first asked for, in bounded time."""
        return reasons(self.problem, self.solution) if self.evaluation.unserved else ()

    @property
    def feasible(self) -> bool:
        """Whether no rule is broken."""
        return self.evaluation.feasible
