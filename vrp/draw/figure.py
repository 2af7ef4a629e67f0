"""The whole picture: title, routes, convergence and, for few routes, a legend.

matplotlib is used through its objects; pyplot and its global state are never touched.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from textwrap import shorten
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from polyroute.vrp.draw.caption import NO_PLACES, broken, plural, subtitle, title
from polyroute.vrp.draw.colours import ALARM, FAINT, INK, route_colours
from polyroute.vrp.draw.convergence import draw_convergence
from polyroute.vrp.draw.routes import draw_routes
from polyroute.vrp.io.record import ResultRecord, result_record, used_routes
from polyroute.vrp.places import Places, places

if TYPE_CHECKING:
    from polyroute.vrp.result import Result

MAP_HEIGHT = (4.6, 7.0)  # least and most, in inches, as all of these
MAP_WIDTH = (4.6, 11.0)
SIDE_WIDTH = 3.6
HEADER = 0.95
MARGIN = 0.25
TRACE_HEIGHT = 3.6
LEGEND_ROW = 0.19
MOST_LEGEND_ROWS = 12
DOTS_PER_INCH = 160
LETTERS_PER_INCH = 13  # of the smallest line of the header


def render_png(result: Result) -> bytes:
    """The picture as PNG."""
    picture = io.BytesIO()
    figure = draw_figure(result)
    FigureCanvasAgg(figure)
    figure.savefig(picture, format="png")
    return picture.getvalue()


def render_svg(result: Result) -> bytes:
    """The picture as SVG."""
    picture = io.BytesIO()
    figure = draw_figure(result)
    FigureCanvasSVG(figure)
    figure.savefig(picture, format="svg", metadata={"Date": None})
    return picture.getvalue()


def draw_figure(result: Result) -> Figure:
    """A figure without a canvas: the routes left, the convergence and a legend right."""
    solution, _ = used_routes(result)
    record = result_record(result)
    where = places(result.problem)
    xy = None if where is None else where.xy
    colours = route_colours(result.problem, solution.routes, xy)
    has_side = bool(result.trace) or _legend_rows(colours) > 0
    map_width, map_height = _map_size(where)
    width = MARGIN + map_width + MARGIN + (SIDE_WIDTH + MARGIN if has_side else 0.0)
    height = HEADER + map_height + MARGIN
    figure = Figure(figsize=(width, height), dpi=DOTS_PER_INCH, facecolor="white")
    _header(figure, result, record, width, height)
    main = figure.add_axes(
        (MARGIN / width, MARGIN / height, map_width / width, map_height / height)
    )
    if where is None:
        main.text(0.5, 0.5, NO_PLACES, ha="center", color=FAINT, transform=main.transAxes)
        main.set_axis_off()
    else:
        draw_routes(main, result.problem, solution, where.xy, colours)
        main.set_aspect(where.stretch)
    if has_side:
        left = (2 * MARGIN + map_width + 0.5) / width
        _side(figure, result, record, colours, left, 1 - MARGIN / width - left, height)
    return figure


def _map_size(where: Places | None) -> tuple[float, float]:
    """Width and height that suit what is drawn."""
    if where is None:
        return MAP_WIDTH[0], MAP_HEIGHT[0]
    across, up = np.maximum(np.ptp(where.xy, axis=0), 1e-9) * (1.0, where.stretch)
    width = float(np.clip(MAP_HEIGHT[1] * across / up, *MAP_WIDTH))
    return width, float(np.clip(width * up / across, *MAP_HEIGHT))


def _legend_rows(colours: Sequence[str]) -> int:
    """Routes that the legend names: none where there are too many, or only one."""
    return len(colours) if 2 <= len(colours) <= MOST_LEGEND_ROWS else 0


def _header(
    figure: Figure, result: Result, record: ResultRecord, width: float, height: float
) -> None:
    left = MARGIN / width
    lines = [(title(result), 0.38, 15, INK, "bold"), (subtitle(result), 0.64, 10, INK, "normal")]
    wrong = shorten(broken(record), int(LETTERS_PER_INCH * width), placeholder=" …")
    lines.append((wrong, 0.86, 9, ALARM, "normal"))
    for text, down, size, colour, weight in lines:
        figure.text(left, 1 - down / height, text, size=size, color=colour, weight=weight)


def _side(
    figure: Figure,
    result: Result,
    record: ResultRecord,
    colours: Sequence[str],
    left: float,
    width: float,
    height: float,
) -> None:
    """The right column: the convergence above, a legend of few routes below."""
    top = 1 - (HEADER + 0.3) / height
    rows = _legend_rows(colours)
    if result.trace:
        room = height - HEADER - 0.3 - MARGIN - 0.45 - (rows and rows * LEGEND_ROW + 0.25)
        tall = min(TRACE_HEIGHT, room) / height
        draw_convergence(figure.add_axes((left, top - tall, width, tall)), result)
        top -= tall + 0.7 / height
    if not rows:
        return
    entries = [Line2D([], [], color=colour, linewidth=2) for colour in colours]
    labels = [
        f"route {number}: {plural(len(route['visits']), 'client')}"
        for number, route in enumerate(record["routes"], start=1)
    ]
    figure.legend(
        entries,
        labels,
        loc="upper left",
        bbox_to_anchor=(left, top),
        frameon=False,
        fontsize=8,
        labelcolor=INK,
        handlelength=1.2,
        borderaxespad=0,
        labelspacing=0.35,
    )
