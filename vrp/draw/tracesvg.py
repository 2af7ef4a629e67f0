"""The convergence as a small inline SVG, coloured by the page that holds it."""

from __future__ import annotations

from math import ceil, floor, log10
from typing import TYPE_CHECKING

import numpy as np

from polyroute.vrp.draw.caption import figure
from polyroute.vrp.draw.convergence import is_logarithmic, steps

if TYPE_CHECKING:
    from polyroute.vrp.result import Result

WIDTH, HEIGHT = 330, 210
LEFT, RIGHT, TOP, BOTTOM = 4, 8, 18, 22


def trace_svg(result: Result) -> str:
    """Cost against seconds as steps, up to the end of the solve; infeasible plans dotted."""
    seconds, costs, first = steps(result)
    low, high = min(costs), max(costs)
    low, high = (low, high) if high > low else (low - 1, high + 1)
    digits = max(1 - floor(log10(high - low)), 0)
    logarithmic = is_logarithmic(seconds)
    times = np.log10(seconds) if logarithmic else np.array(seconds)
    begin = float(times[0]) if logarithmic else 0.0
    span = max(float(times[-1]) - begin, 1e-9)

    def across(time: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * (time - begin) / span

    def down(cost: float) -> float:
        return TOP + (HEIGHT - TOP - BOTTOM) * (high - cost) / (high - low)

    x = [across(float(time)) for time in times]
    y = [down(cost) for cost in costs]
    split = len(x) - 1 if first is None else first
    parts = [
        f'<path class="grid" d="M{LEFT} {down(cost):.1f}H{WIDTH - RIGHT}"/>'
        f'<text x="{WIDTH - RIGHT}" y="{down(cost) - 4:.1f}" text-anchor="end">'
        f"{figure(round(cost, digits))}</text>"
        for cost in (low + (high - low) * share for share in (0.25, 0.5, 0.75, 1.0))
    ]
    parts += [
        f'<text x="{min(max(across(time), 18), WIDTH - 18):.1f}" y="{HEIGHT - 6}" '
        f'text-anchor="middle">{label}</text>'
        for time, label in _ticks(begin, begin + span, logarithmic)
    ]
    if split:
        parts.append(f'<path class="infeasible" d="{_steps(x[: split + 1], y[: split + 1])}"/>')
    if first is not None:
        words = f"first feasible: {figure(costs[first])} at {seconds[first]:.2g} s"
        parts.append(f'<path d="{_steps(x[first:], y[first:])}"/>')
        parts.append(
            f'<circle cx="{x[first]:.1f}" cy="{y[first]:.1f}" r="3"><title>{words}</title></circle>'
        )
    drawing = "".join(parts)
    return (
        f'<section><h2>cost against seconds</h2><svg id="trace" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'role="img" aria-label="cost against seconds">{drawing}</svg></section>'
    )


def _steps(x: list[float], y: list[float]) -> str:
    """A path that keeps each height until the next point."""
    later = zip(x[1:], y[1:], strict=True)
    return f"M{x[0]:.1f} {y[0]:.1f}" + "".join(f"H{right:.1f}V{at:.1f}" for right, at in later)


def _ticks(begin: float, end: float, logarithmic: bool) -> list[tuple[float, str]]:
    """Places and labels of the times: powers of ten, or round steps."""
    if logarithmic:
        return [(power, f"{10.0**power:g} s") for power in range(ceil(begin), floor(end) + 1)]
    size = 10.0 ** floor(log10(end - begin))
    step = next(size * share for share in (0.2, 0.5, 1.0, 2.0) if (end - begin) / share / size < 5)
    count = floor((end - begin) / step)
    return [(begin + k * step, f"{begin + k * step:g} s") for k in range(1, count + 1)]
