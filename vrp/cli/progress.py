"""The live line on a terminal: elapsed time, best cost, routes, iterations, gap to the target."""

from __future__ import annotations

from contextlib import ExitStack
from time import perf_counter
from types import TracebackType
from typing import TYPE_CHECKING, Self

from polyroute.vrp.budget import Improvement
from polyroute.vrp.problem import Problem, Quantity

if TYPE_CHECKING:
    from rich.text import Text


class Progress:
    """Shown on stderr while entered, if `live`; `update` is fed by the search's callback."""

    def __init__(self, problem: Problem, *, target: float | None, live: bool) -> None:
        self.problem = problem
        self.target = target
        self.live = live
        self.best: Improvement | None = None
        self._began = 0.0
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        self._began = perf_counter()
        if self.live:
            from rich.console import Console
            from rich.live import Live

            console = Console(stderr=True, highlight=False)
            line = Live(
                console=console, get_renderable=self._line, transient=True, refresh_per_second=5
            )
            self._stack.enter_context(line)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()

    def update(self, best: Improvement) -> None:
        """Take note of the best solution so far; the first note sets the clock to the search's."""
        if self.best is None:
            self._began = perf_counter() - best.seconds
        self.best = best

    def _line(self) -> Text:
        from rich.text import Text

        return Text(self.describe(perf_counter() - self._began), no_wrap=True, overflow="ellipsis")

    def describe(self, elapsed: float) -> str:
        """The line as text."""
        parts = [f"{elapsed:6.1f} s", self.problem.name]
        best = self.best
        if best is None:
            parts.append("starting")
        else:
            cost = self.problem.scales.show(best.cost, Quantity.COST)
            parts += [
                f"cost {cost}" + ("" if best.feasible else " (infeasible)"),
                f"{best.num_routes} routes",
                f"{best.iterations} iterations",
            ]
            if self.target and cost is not None:
                parts.append(f"{100 * (cost / self.target - 1):+.2f} % to the target")
        return "  ".join(part for part in parts if part)
