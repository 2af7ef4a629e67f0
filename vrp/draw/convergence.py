"""Cost against time: how a search came to its best plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator, NullLocator

from polyroute.vrp.draw.caption import figure
from polyroute.vrp.draw.colours import ALARM, FAINT, INK
from polyroute.vrp.problem import Quantity

if TYPE_CHECKING:
    from polyroute.vrp.result import Result

LEAST_SECONDS = 1e-3  # where a logarithmic axis begins
LOGARITHMIC = 30  # from this ratio of the last to the first time on


def steps(result: Result) -> tuple[list[float], list[float], int | None]:
    """Seconds and costs of the improvements, up to the end of the solve.

    The number is the index of the first feasible one, None if there is none.
    """
    trace = result.trace
    seconds = [max(best.seconds, LEAST_SECONDS) for best in trace]
    costs = [best.cost / result.problem.scales.of(Quantity.COST) for best in trace]
    first = next((index for index, best in enumerate(trace) if best.feasible), None)
    if trace:
        seconds.append(max(result.seconds, seconds[-1]))
        costs.append(costs[-1])
    return seconds, costs, first


def is_logarithmic(seconds: list[float]) -> bool:
    """Whether the times are spread too far for an even axis."""
    return len(seconds) > 1 and seconds[-1] > LOGARITHMIC * seconds[0]


def draw_convergence(axes: Axes, result: Result) -> None:
    """Draw the trace of a result, which has one, as steps; infeasible plans dotted."""
    seconds, costs, first = steps(result)
    split = len(costs) - 1 if first is None else first
    axes.plot(
        seconds[: split + 1], costs[: split + 1], ":", drawstyle="steps-post", color=ALARM, lw=1.4
    )
    if first is not None:
        axes.plot(seconds[first:], costs[first:], drawstyle="steps-post", color=INK, lw=1.4)
        axes.plot(seconds[first], costs[first], "o", markersize=4, color=INK)
        axes.annotate(
            f"first feasible\n{figure(costs[first])} at {seconds[first]:.2g} s",
            (seconds[first], costs[first]),
            xytext=(8, -5),
            textcoords="offset points",
            va="top",
            fontsize=8,
            color=INK,
        )
    if is_logarithmic(seconds):
        axes.set_xscale("log")
        axes.xaxis.set_minor_locator(NullLocator())
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axes.yaxis.set_major_locator(MaxNLocator(5))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: figure(value)))
    axes.margins(x=0.02, y=0.08)
    axes.set_xlabel("seconds", fontsize=9, color=FAINT)
    axes.set_title("cost", fontsize=9, color=FAINT, loc="left")
    axes.tick_params(labelsize=8, labelcolor=INK, color=FAINT, length=3)
    axes.grid(axis="y", color="#e6e9ed", linewidth=0.8)
    axes.set_axisbelow(True)
    for side, spine in axes.spines.items():
        spine.set_visible(side == "bottom")
        spine.set_color(FAINT)
