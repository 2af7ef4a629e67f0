"""RouteFinder's 48 variants, drawn: ``python -m polyroute.data.routefinder --variant ovrptw``.

Reference: F. Berto, C. Hua, N. G. Zepeda et al., "RouteFinder: Towards Foundation Models for
Vehicle Routing Problems", TMLR 2025: the distributions, and the arrays of its files.
"""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import numpy as np

from polyroute.data.save import save
from polyroute.vrp.cli.command import DONE, run_command

PROGRAM = "python -m polyroute.data.routefinder"

Array = np.ndarray

DEPOTS = 3
"""Of a variant with several."""

MOST_DEMAND = 9
BACKHAUL_SHARE = 0.2
HORIZON = 4.6
SERVICE = (0.15, 0.18)
WIDTH = (0.18, 0.2)
LONGEST = 2.8
"""Largest limit of a route's length, unless some client is farther away than half of that."""

EPSILON = 1e-6


@dataclass(frozen=True)
class Variant:
    """Which attributes a variant has; `backhaul` is 0 for none, 1 linehauls first, 2 mixed."""

    several_depots: bool = False
    open_routes: bool = False
    backhaul: int = 0
    length_limit: bool = False
    windows: bool = False

    @property
    def name(self) -> str:
        """Its name in the paper, in lower case: cvrp, ovrpbltw, mdvrpmb."""
        rules = ("", "b", "mb")[self.backhaul] + "l" * self.length_limit + "tw" * self.windows
        plain = not (rules or self.open_routes)
        return f"{'md' * self.several_depots}{'o' * self.open_routes}{'c' * plain}vrp{rules}"


VARIANTS: dict[str, Variant] = {
    variant.name: variant
    for variant in (
        Variant(*flags)
        for flags in product((False, True), (False, True), (0, 1, 2), (False, True), (False, True))
    )
}
"""All 48 by name."""


def capacity(size: int) -> int:
    """The capacity of instances with `size` clients."""
    if size <= 20:
        return 30
    if size <= 1000:
        return 30 + size // 5
    return 230 + int((size - 1000) // 33.3)


def draw(variant: Variant, size: int, number: int, rng: np.random.Generator) -> dict[str, Array]:
    """`number` instances with `size` clients, as the arrays of a file.

    What a variant does not have is left out. Axes: instances, then nodes (depots first) or clients.
    """
    depots = DEPOTS if variant.several_depots else 1
    locs = rng.random((number, depots + size, 2))
    room = capacity(size)
    linehaul = _amounts(rng, number, size) / room
    arrays: dict[str, Array] = {
        "locs": locs,
        "demand_linehaul": linehaul,
        "capacity_original": np.full((number, 1), room),
        "num_depots": np.full((number, 1), depots),
    }
    if variant.backhaul:
        back = rng.random((number, size)) < BACKHAUL_SHARE
        taken = _amounts(rng, number, size) / room
        arrays["demand_linehaul"] = np.where(back, 0.0, linehaul)
        arrays["demand_backhaul"] = np.where(back, taken, 0.0)
        arrays["backhaul_class"] = np.full((number, 1), variant.backhaul)
    if variant.open_routes:
        arrays["open_route"] = np.ones((number, 1), dtype=bool)
    # to the farthest depot of each client, so that he can be served from any
    apart = locs[:, :depots, None] - locs[:, None, depots:]
    away = np.hypot(apart[..., 0], apart[..., 1]).max(axis=1)
    if variant.windows:
        arrays |= _windows(away, depots, rng)
    if variant.length_limit:
        least = 2.0 * away.max(axis=1, keepdims=True) + EPSILON
        most = np.maximum(LONGEST, least + EPSILON)
        arrays["distance_limit"] = least + (most - least) * rng.random((number, 1))
    return {
        name: array.astype(np.float32) if array.dtype == np.float64 else array
        for name, array in arrays.items()
    }


def _amounts(rng: np.random.Generator, number: int, size: int) -> Array:
    """Whole amounts of 1 to the most, all equally likely."""
    return 1 + np.floor(MOST_DEMAND * rng.random((number, size)))


def _windows(away: Array, depots: int, rng: np.random.Generator) -> dict[str, Array]:
    """Windows and service times; every client can be reached, served and left in time."""
    number, size = away.shape
    service, width = (
        low + (high - low) * rng.random((number, size)) for low, high in (SERVICE, WIDTH)
    )
    latest = (HORIZON - service - width) / away - 1.0
    early = (1.0 + (latest - 1.0) * rng.random((number, size))) * away
    windows = np.empty((number, depots + size, 2))
    windows[:, :depots] = 0.0, HORIZON
    windows[:, depots:] = np.stack([early, early + width], axis=2)
    at_depots = np.zeros((number, depots))
    return {"time_windows": windows, "service_time": np.hstack([at_depots, service])}


def npz(arrays: dict[str, Array]) -> bytes:
    """The bytes of a file with these arrays."""
    data = io.BytesIO()
    np.savez_compressed(data, **arrays)  # type: ignore[arg-type]
    return data.getvalue()


def main(arguments: Sequence[str] | None = None) -> int:
    """Write a file for each variant asked for and print its path; 2 for bad input."""
    return run_command(PROGRAM, lambda: _write(_parse(arguments)))


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    made = argparse.ArgumentParser(
        prog=PROGRAM,
        description="Draw instances of RouteFinder's 48 variants, a file of many for each.",
        allow_abbrev=False,
    )
    made.add_argument(
        "--variant",
        action="append",
        choices=("all", *VARIANTS),
        metavar="NAME",
        help="such as cvrp, ovrpbltw, mdvrpmb, or all (repeatable; default cvrp)",
    )
    made.add_argument("--size", type=_positive, default=100, help="clients, default 100")
    made.add_argument("--number", type=_positive, default=100, help="instances, default 100")
    made.add_argument("--seed", type=int, default=0, help="default 0")
    made.add_argument("--out", type=Path, default=Path(), metavar="DIR", help="default here")
    given = made.parse_args(arguments)
    if given.seed < 0:
        made.error(f"seed is {given.seed}, expected at least 0")
    return given


def _write(given: argparse.Namespace) -> int:
    asked = given.variant or ["cvrp"]
    for name in VARIANTS if "all" in asked else asked:
        place = list(VARIANTS).index(name)
        rng = np.random.default_rng([given.seed, place])
        path = given.out / f"{name}-n{given.size}-s{given.seed}.npz"
        print(save(path, npz(draw(VARIANTS[name], given.size, given.number, rng))))
    return DONE


def _positive(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"{text} is not above 0")
    return value


if __name__ == "__main__":
    sys.exit(main())
