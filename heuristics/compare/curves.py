"""Gap against time, a panel a set: what each solver has after so many seconds.

A point is the mean gap of the runs under one budget, where all of the set's instances were solved.
The thin line beside it is what the runs under the longest budget had on their way, as the solver
itself claims, from the moment that all instances have a plan. The two differ for a search that
plans ahead for its budget, as annealing does.
"""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from matplotlib import rc_context
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, NullLocator

from heuristics.compare.aggregate import instance_key, reference_costs
from heuristics.compare.rows import Row
from vrp.draw.colours import CHROMA, FAINT, FIRST_HUE, GOLDEN_ANGLE, INK, hex_colour

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from heuristics.compare.report import Report

Array = np.ndarray

LEAST_GAP = 1e-4
"""Gaps are drawn on a logarithmic axis, which ends here."""

LEAST_SECONDS = 0.01
POINTS = 200
PANEL_WIDTH, PANEL_HEIGHT, MARGIN = 4.6, 3.4, 0.9


def to_svg(report: Report) -> str:
    """The curves of all sets, one beside the other, as an SVG picture."""
    rows = [row for row in report.rows if row.threads == min(r.threads for r in report.rows)]
    sets = list(dict.fromkeys(row.set for row in rows))
    solvers = list(dict.fromkeys(row.solver for row in rows))
    figure = Figure((PANEL_WIDTH * len(sets), PANEL_HEIGHT), layout="constrained")
    FigureCanvasSVG(figure)
    panels = figure.subplots(1, max(len(sets), 1), squeeze=False)[0]
    for axes, name in zip(panels, sets, strict=False):
        for place, solver in enumerate(solvers):
            mine = [row for row in rows if row.set == name and row.solver == solver]
            hue = FIRST_HUE + place * GOLDEN_ANGLE
            _draw(axes, solver, mine, rows, hex_colour(0.55, CHROMA, hue))
        _dress(axes, name, first=axes is panels[0])
    picture = io.StringIO()
    with rc_context({"svg.fonttype": "none", "svg.hashsalt": "curves"}):  # text stays text
        figure.savefig(picture, format="svg", metadata={"Date": None})
    return picture.getvalue()


def points(rows: Sequence[Row], all_rows: Sequence[Row]) -> tuple[list[float], list[float]]:
    """Budgets, and the mean gap under each; only where every instance was solved in every run."""
    gaps = _by_budget(rows, all_rows)
    solved = {budget: found for budget, found in gaps.items() if np.isfinite(found).all()}
    return sorted(solved), [float(solved[budget].mean()) for budget in sorted(solved)]


def trace(rows: Sequence[Row], all_rows: Sequence[Row]) -> tuple[Array, Array]:
    """Seconds, and the mean gap that the runs under the longest budget had by then.

    Nothing before every one of them has a plan, or if one reports no improvements.
    """
    longest = max((row.budget for row in rows), default=0.0)
    mine = [row for row in rows if row.budget == longest and row.trace]
    if not mine or len(mine) < len({instance_key(row) for row in rows}):
        return np.empty(0), np.empty(0)
    references, _ = reference_costs(all_rows)
    begin = max(max(row.trace[0][0] for row in mine), LEAST_SECONDS)
    seconds = np.geomspace(begin, longest, POINTS)
    gaps = np.empty((len(mine), POINTS))
    for i, row in enumerate(mine):
        times, costs = (np.array(column) for column in zip(*row.trace, strict=True))
        now = np.maximum(np.searchsorted(times, seconds, side="right") - 1, 0)
        gaps[i] = costs[now] / references[instance_key(row)] - 1.0
    return seconds, gaps.mean(axis=0)


def _by_budget(rows: Sequence[Row], all_rows: Sequence[Row]) -> dict[float, Array]:
    """The gaps of all runs under each budget, infinite where there is no feasible plan."""
    references, _ = reference_costs(all_rows)
    gaps: dict[float, list[float]] = defaultdict(list)
    for row in rows:
        solved = row.ok and row.cost is not None
        reference = references.get(instance_key(row), np.nan)
        gaps[row.budget].append(row.cost / reference - 1.0 if solved else np.inf)  # type: ignore[operator]
    return {budget: np.array(found) for budget, found in gaps.items()}


def _draw(
    axes: Axes, solver: str, rows: Sequence[Row], all_rows: Sequence[Row], colour: str
) -> None:
    seconds, gaps = trace(rows, all_rows)
    axes.plot(seconds, np.maximum(gaps, LEAST_GAP), color=colour, lw=0.8, alpha=0.6)
    budgets, means = points(rows, all_rows)
    if budgets:
        shown = np.maximum(means, LEAST_GAP)
        axes.plot(budgets, shown, "o-", color=colour, lw=1.8, markersize=5, label=solver)


def _dress(axes: Axes, name: str, *, first: bool) -> None:
    axes.set_xscale("log")
    axes.set_yscale("log")
    for axis, shown in ((axes.xaxis, "{:g}"), (axes.yaxis, "{:g} %")):
        axis.set_minor_locator(NullLocator())
        scale = 100.0 if axis is axes.yaxis else 1.0
        axis.set_major_formatter(
            FuncFormatter(lambda value, _, shown=shown, scale=scale: shown.format(value * scale))
        )
    axes.set_title(f"{name}: mean gap to the best known cost", fontsize=9, color=INK, loc="left")
    axes.set_xlabel("seconds", fontsize=9, color=FAINT)
    axes.tick_params(labelsize=8, labelcolor=INK, color=FAINT, length=3)
    axes.grid(color="#e6e9ed", linewidth=0.8)
    axes.set_axisbelow(True)
    for side, spine in axes.spines.items():
        spine.set_visible(side == "bottom")
        spine.set_color(FAINT)
    if first and axes.get_legend_handles_labels()[0]:
        axes.legend(fontsize=8, frameon=False)
