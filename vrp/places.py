"""Where nodes lie, for maps and pictures."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from polyroute.vrp.arcs import TSPLIB_PI, ArcRule, geo_radians
from polyroute.vrp.problem import Array, Problem


@dataclass(frozen=True)
class Places:
    """Positions of all nodes, x to the right and y upwards."""

    xy: Array  # (N, 2) float64
    geographic: bool  # longitude and latitude in degrees, else the instance's own plane

    @property
    def stretch(self) -> float:
        """How much longer a unit upwards is than one to the right."""
        if not self.geographic:
            return 1.0
        return float(1.0 / np.cos(np.radians(np.clip(self.xy[:, 1].mean(), -85.0, 85.0))))


def places(problem: Problem) -> Places | None:
    """Longitudes and latitudes where they are known, else coordinates; None without either."""
    if problem.lonlat is not None:
        return Places(problem.lonlat, geographic=True)
    if problem.coords is None:
        return None
    if problem.arc_rule is ArcRule.GEO:  # latitude first, in degrees and minutes
        degrees = geo_radians(problem.coords, problem.scales.grid) * (180.0 / TSPLIB_PI)
        return Places(np.ascontiguousarray(degrees[:, ::-1]), geographic=True)
    return Places(problem.coords / problem.scales.grid, geographic=False)
