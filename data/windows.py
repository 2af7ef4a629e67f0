"""Random time windows around given times, in the manner of Solomon (1987, §4)."""

from __future__ import annotations

import numpy as np

Array = np.ndarray


def draw_windows(
    rng: np.random.Generator,
    centre: Array,
    reach: Array,
    close: Array,
    *,
    horizon: int,
    width: float,
    density: float,
) -> tuple[Array, Array]:
    """The earliest and the latest begin of service of each client, both (n,) int64.

    A share `density` of the clients have a window around their `centre` (n,), half to one and a
    half of `width` times the horizon wide, and cut off at `reach` (n,), the first time at which a
    vehicle can be there, and `close` (n,), the last one at which it still gets home. The others may
    be served from 0 to `close`.
    """
    size = len(centre)
    share = width * (0.5 + rng.random(size))
    half = np.ceil(share * horizon / 2).astype(np.int64)
    windowed = np.argsort(rng.random(size), kind="stable")[: round(density * size)]
    early, late = np.zeros(size, dtype=np.int64), close.copy()
    early[windowed] = np.maximum(centre - half, reach)[windowed]
    late[windowed] = np.minimum(centre + half, close)[windowed]
    return early, late
