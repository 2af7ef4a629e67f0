"""Gap against time, a panel a set: what each solver has after so many seconds.

A point is the mean gap of the runs under one budget, where all of the set's instances were solved.
The thin line beside it is what the runs under the longest budget had on their way, as the solver
itself claims, from the moment that all instances have a plan. The two differ for a search that
plans ahead for its budget, as annealing does.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from matplotlib import rc_context
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, NullLocator

from heuristics.compare.aggregate import (
    InstanceKey,
    column_names,
    instance_key,
    reference_costs,
)
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
PANEL_WIDTH, PANEL_HEIGHT = 4.6, 3.4


def to_svg(report: Report) -> str:
    """The curves of all sets, one beside the other, as an SVG picture."""
    threads = min((row.threads for row in report.rows), default=1)
    rows = [row for row in report.rows if row.threads == threads]
    sets = list(dict.fromkeys(row.set for row in rows))
    names = column_names(rows)
    figure = Figure((PANEL_WIDTH * len(sets), PANEL_HEIGHT), layout="constrained")
    FigureCanvasSVG(figure)
    panels = figure.subplots(1, max(len(sets), 1), squeeze=False)[0]
    for axes, name in zip(panels, sets, strict=False):
        for place, (entrant, label) in enumerate(names.items()):
            mine = [row for row in rows if row.set == name and (row.solver, row.version) == entrant]
            hue = FIRST_HUE + place * GOLDEN_ANGLE
            _draw(axes, label, mine, rows, hex_colour(0.55, CHROMA, hue))
        _dress(axes, name)
    drawn = [axes.get_legend_handles_labels() for axes in panels]
    legend = {label: handle for pair in drawn for handle, label in zip(*pair, strict=True)}
    if legend:
        figure.legend(
            legend.values(),
            legend.keys(),
            loc="outside lower center",
            ncols=len(legend),
            fontsize=8,
            frameon=False,
        )
    picture = io.StringIO()
    with rc_context({"svg.fonttype": "none", "svg.hashsalt": "curves"}):  # text stays text
        figure.savefig(picture, format="svg", metadata={"Date": None})
    return picture.getvalue()


def points(rows: Sequence[Row], all_rows: Sequence[Row]) -> tuple[list[float], list[float]]:
    """Budgets, and the mean gap under each; only where all of the set was solved in every run."""
    whole = _instances(rows, all_rows)
    budgets: list[float] = []
    means: list[float] = []
    for budget in sorted({row.budget for row in rows}):
        mine = [row for row in rows if row.budget == budget]
        if {instance_key(row) for row in mine if row.ok} == whole and all(r.ok for r in mine):
            budgets.append(budget)
            means.append(float(np.mean(_gaps(mine, all_rows))))
    return budgets, means


def trace(rows: Sequence[Row], all_rows: Sequence[Row]) -> tuple[Array, Array]:
    """Seconds, and the mean gap that the runs under the longest budget had by then.

    Nothing before every one of them has a plan, or if one reports no improvements in time.
    """
    longest = max((row.budget for row in rows), default=0.0)
    mine = [row for row in rows if row.budget == longest and row.trace]
    if not mine or {instance_key(row) for row in mine} != _instances(rows, all_rows):
        return np.empty(0), np.empty(0)
    references, _ = reference_costs(all_rows)
    begin = max(max(row.trace[0][0] for row in mine), LEAST_SECONDS)
    if begin >= longest:  # a solver that overruns its budget and reports at the end only
        return np.empty(0), np.empty(0)
    seconds = np.geomspace(begin, longest, POINTS)
    gaps = np.empty((len(mine), POINTS))
    for i, row in enumerate(mine):
        times, costs = (np.array(column) for column in zip(*row.trace, strict=True))
        now = np.maximum(np.searchsorted(times, seconds, side="right") - 1, 0)
        gaps[i] = costs[now] / references[instance_key(row)] - 1.0
    return seconds, gaps.mean(axis=0)


def _instances(rows: Sequence[Row], all_rows: Sequence[Row]) -> set[InstanceKey]:
    """The instances of the sets that `rows` are on, whoever ran them."""
    sets = {row.set for row in rows}
    return {instance_key(row) for row in all_rows if row.set in sets}


def _gaps(rows: Sequence[Row], all_rows: Sequence[Row]) -> list[float]:
    """The gap of each feasible run."""
    references, _ = reference_costs(all_rows)
    costs = [(row.cost, references[instance_key(row)]) for row in rows]
    return [cost / reference - 1.0 for cost, reference in costs if cost is not None]


def _draw(
    axes: Axes, label: str, rows: Sequence[Row], all_rows: Sequence[Row], colour: str
) -> None:
    seconds, gaps = trace(rows, all_rows)
    axes.plot(seconds, np.maximum(gaps, LEAST_GAP), color=colour, lw=0.8, alpha=0.6)
    budgets, means = points(rows, all_rows)
    if budgets:
        shown = np.maximum(means, LEAST_GAP)
        axes.plot(budgets, shown, "o-", color=colour, lw=1.8, markersize=5, label=label)


def _dress(axes: Axes, name: str) -> None:
    axes.set_xscale("log")
    axes.set_yscale("log")
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{100 * value:g} %"))
    axes.set_title(f"{name}: mean gap to the best known cost", fontsize=9, color=INK, loc="left")
    axes.set_xlabel("seconds", fontsize=9, color=FAINT)
    axes.tick_params(labelsize=8, labelcolor=INK, color=FAINT, length=3)
    axes.grid(color="#e6e9ed", linewidth=0.8)
    axes.set_axisbelow(True)
    for side, spine in axes.spines.items():
        spine.set_visible(side == "bottom")
        spine.set_color(FAINT)
