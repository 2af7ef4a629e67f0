"""Colours of routes: neighbours differ, however many there are, on a white or a dark ground.

Hues are picked in OKLCH, where equal steps look equally large (Ottosson 2020,
https://bottosson.github.io/posts/oklab/).
"""

from __future__ import annotations

from collections.abc import Iterable
from math import cos, radians, sin

import numpy as np

from polyroute.vrp.problem import Array, Problem
from polyroute.vrp.solution import Route

GOLDEN_ANGLE = 137.508  # degrees: each next hue falls into the widest gap left
FIRST_HUE = 255.0  # blue
LIGHTNESS = (0.57, 0.70, 0.46)
CHROMA = 0.15

INK = "#1f2933"
FAINT = "#8a94a0"
ALARM = "#c2255c"


def route_colours(problem: Problem, routes: Iterable[Route], xy: Array | None) -> list[str]:
    """A colour a route as ``#rrggbb``; around each depot, one route and the next differ most."""
    routes = list(routes)
    order = range(len(routes))
    if xy is not None:
        order = sorted(order, key=lambda index: _bearing(problem, routes[index], xy))  # type: ignore[assignment]
    colours = [""] * len(routes)
    for rank, index in enumerate(order):
        lightness = LIGHTNESS[rank % len(LIGHTNESS)]
        colours[index] = hex_colour(lightness, CHROMA, FIRST_HUE + rank * GOLDEN_ANGLE)
    return colours


def _bearing(problem: Problem, route: Route, xy: Array) -> tuple[int, float]:
    """The start depot, and the direction from there to the middle of the route."""
    depot = int(problem.start_depot[route.vehicle_type])
    dx, dy = xy[list(route.visits)].mean(axis=0) - xy[depot]
    return depot, float(np.arctan2(dy, dx))


def hex_colour(lightness: float, chroma: float, hue: float) -> str:
    """An OKLCH colour (hue in degrees) in sRGB, with as much of the chroma as sRGB holds."""
    while chroma > 0:
        rgb = _linear_rgb(lightness, chroma * cos(radians(hue)), chroma * sin(radians(hue)))
        if rgb.min() >= 0 and rgb.max() <= 1:
            break
        chroma -= 0.005
    encoded = np.where(rgb <= 0.0031308, 12.92 * rgb, 1.055 * rgb ** (1 / 2.4) - 0.055)
    return "#" + "".join(f"{round(255 * channel):02x}" for channel in encoded.tolist())


def _linear_rgb(lightness: float, a: float, b: float) -> Array:
    """OKLAB to linear sRGB, with Ottosson's matrices."""
    cones = np.array(
        [
            lightness + 0.3963377774 * a + 0.2158037573 * b,
            lightness - 0.1055613458 * a - 0.0638541728 * b,
            lightness - 0.0894841775 * a - 1.2914855480 * b,
        ]
    )
    mixing = np.array(
        [
            [4.0767416621, -3.3077115913, 0.2309699292],
            [-1.2684380046, 2.6097574011, -0.3413193965],
            [-0.0041960863, -0.7034186147, 1.7076147010],
        ]
    )
    return mixing @ cones**3
