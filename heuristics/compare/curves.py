"""Gap against time as a picture: a panel a set, one beside the other (see `series`)."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np
from matplotlib import rc_context
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, NullLocator

from polyroute.heuristics.compare.cells import BUSY
from polyroute.heuristics.compare.series import Curve, panels
from polyroute.vrp.draw.colours import FAINT, INK

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from polyroute.heuristics.compare.report import Report

LEAST_GAP = 1e-4
"""Gaps are drawn on a logarithmic axis, which ends here."""

PANEL_WIDTH, PANEL_HEIGHT = 4.6, 3.4


def to_svg(report: Report) -> str:
    """The curves of all sets, as an SVG picture: points as thick lines, traces as thin ones."""
    drawn = panels(report.rows)
    figure = Figure((PANEL_WIDTH * len(drawn), PANEL_HEIGHT), layout="constrained")
    FigureCanvasSVG(figure)
    every = figure.subplots(1, max(len(drawn), 1), squeeze=False)[0]
    for axes, panel in zip(every, drawn, strict=False):
        for curve in panel.curves:
            _draw(axes, curve)
        _dress(axes, panel.set)
    handles = [axes.get_legend_handles_labels() for axes in every]
    legend = {label: handle for pair in handles for handle, label in zip(*pair, strict=True)}
    if legend:
        figure.legend(
            legend.values(),
            legend.keys(),
            loc="outside lower center",
            ncols=len(legend),
            title=f"{BUSY} runs disturbed by other work" if report.busy else None,
            title_fontsize=8,
            fontsize=8,
            frameon=False,
        )
    picture = io.StringIO()
    with rc_context({"svg.fonttype": "none", "svg.hashsalt": "curves"}):  # text stays text
        figure.savefig(picture, format="svg", metadata={"Date": None})
    return picture.getvalue()


def _draw(axes: Axes, curve: Curve) -> None:
    axes.plot(
        curve.seconds, np.maximum(curve.gaps, LEAST_GAP), color=curve.colour, lw=0.8, alpha=0.6
    )
    if curve.budgets:
        shown = np.maximum(curve.means, LEAST_GAP)
        axes.plot(
            curve.budgets,
            shown,
            "o-",
            color=curve.colour,
            lw=1.8,
            markersize=5,
            label=curve.label,
        )


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
