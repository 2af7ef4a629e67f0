"""The routes of a plan on matplotlib axes: a colour a route, legs to and from the depot faint."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection

from polyroute.vrp.draw.colours import ALARM, FAINT, INK
from polyroute.vrp.problem import NOWHERE, Array, Problem
from polyroute.vrp.solution import BREAK, Route, Solution

DEPOT_LEGS = (0, (4, 3))  # dashes


def draw_routes(
    axes: Axes, problem: Problem, solution: Solution, xy: Array, colours: Sequence[str]
) -> None:
    """Draw `solution`, which has no empty routes; `xy` are the positions of all nodes, (N, 2)."""
    width = float(np.clip(12.0 / problem.num_nodes**0.35, 0.45, 2.0))
    dots = float(np.clip(5000.0 / problem.num_nodes, 0.8, 22.0))
    legs, leg_colours = [], []
    for route, colour in zip(solution.routes, colours, strict=True):
        for ends in depot_legs(problem, route):
            legs.append(xy[list(ends)])
            leg_colours.append(colour)
    alone = len(solution.routes) == 1  # a tour: its two legs are arcs like the others
    axes.add_collection(
        LineCollection(
            legs,
            colors=leg_colours,
            linewidths=width if alone else 0.6 * width,
            linestyles="solid" if alone else [DEPOT_LEGS],
            alpha=1.0 if alone else 0.4,
            zorder=1,
        )
    )
    trips = [
        (xy[list(trip)], colour)
        for route, colour in zip(solution.routes, colours, strict=True)
        for trip in route.trips
        if trip
    ]
    axes.add_collection(
        LineCollection(
            [path for path, _ in trips],
            colors=[colour for _, colour in trips],
            linewidths=width,
            joinstyle="round",
            zorder=2,
        )
    )
    _draw_nodes(axes, problem, solution, xy, colours, dots)
    axes.set_aspect("equal")
    axes.margins(0.03)
    axes.autoscale_view()
    axes.set_axis_off()


def depot_legs(problem: Problem, route: Route) -> list[tuple[int, int]]:
    """The arcs of a route from and to its depots; an open one has no last."""
    nodes = [event.number for event in route.events if event.what != BREAK]
    path = [int(problem.start_depot[route.vehicle_type]), *nodes]
    end = int(problem.end_depot[route.vehicle_type])
    if end != NOWHERE:
        path.append(end)
    return [ends for ends in pairwise(path) if min(ends) < problem.num_depots]


def _draw_nodes(
    axes: Axes,
    problem: Problem,
    solution: Solution,
    xy: Array,
    colours: Sequence[str],
    dots: float,
) -> None:
    visited = [node for route in solution.routes for node in route.visits]
    tints = [
        colour for route, colour in zip(solution.routes, colours, strict=True) for _ in route.visits
    ]
    x, y = xy.T
    axes.scatter(x[visited], y[visited], s=dots, c=tints, linewidths=0, zorder=3)
    left_out = solution.unserved(problem)
    if left_out:
        needed = [ALARM if problem.required[node] else FAINT for node in left_out]
        size = 2 * dots + 4
        axes.scatter(x[left_out], y[left_out], size, needed, marker="x", linewidths=0.9, zorder=4)
    depots = slice(0, problem.num_depots)
    axes.scatter(
        x[depots],
        y[depots],
        s=44 if problem.num_depots <= 20 else 14,
        c=INK,
        marker="s",
        edgecolors="white",
        linewidths=0.8,
        zorder=5,
    )
