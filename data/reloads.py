"""Random instances whose vehicles reload: several trips, windows, releases, one or two depots.

In the manner of the multi-trip instances with windows and releases of Yang (2023), which take
Solomon's of type 2 with smaller vehicles. Unless their number is given, the fleet is bound by what
a vehicle costs, so that there is a plan for certain.

References
----------
Y. Yang: An exact price-cut-and-enumerate method for the capacitated multitrip vehicle routing
problem with time windows. Transportation Science 57 (2023), §5.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, sqrt

import numpy as np

from polyroute.data.positions import Positions, draw_distinct, place_clients, random_integers
from polyroute.data.windows import draw_windows
from polyroute.vrp.errors import ProblemError
from polyroute.vrp.problem import Problem
from polyroute.vrp.structure import Reload

Array = np.ndarray

DEMAND = (1, 40)
SERVICE = 100
STOPS = 40
"""Stops that the horizon has time for."""


@dataclass(frozen=True)
class ReloadClass:
    """A class of instances.

    Parameters
    ----------
    depots
        How many there are; the vehicles are shared out among them, and reload at any.
    density, width
        As in `data.solomon`: the share of the clients that have a window, and its mean width as a
        share of the horizon.
    release
        A client's goods are released at random in this share of the time after which nobody could
        be with him before his window closes.
    trip_size
        Average clients a trip, which sets the capacity.
    vehicles
        How many there are, at no fixed cost; None is one for each client, which costs as much as
        driving along a side of the square.
    """

    size: int
    positions: Positions = Positions.MIXED
    depots: int = 1
    density: float = 0.5
    width: float = 0.2
    release: float = 0.25
    trip_size: float = 6.0
    vehicles: int | None = None

    def __post_init__(self) -> None:
        for name, least in (("size", 1), ("depots", 1), ("trip_size", 1), ("vehicles", 1)):
            value = getattr(self, name)
            if value is not None and not least <= value < float("inf"):
                raise ProblemError(f"{name} is {value}, expected a finite number from {least}")
        most = self.size if self.vehicles is None else min(self.size, self.vehicles)
        if self.depots > most:
            raise ProblemError(f"depots is {self.depots}, expected at most {most}, one a vehicle")
        for name in ("density", "width", "release"):
            if not 0 <= getattr(self, name) <= 1:
                raise ProblemError(f"{name} is {getattr(self, name)}, expected 0 to 1")

    @property
    def label(self) -> str:
        """The class in letters: positions, number of depots, clients a trip, vehicles if few."""
        fleet = "" if self.vehicles is None else f"-v{self.vehicles}"
        return f"{self.positions.value}-d{self.depots}-t{self.trip_size:g}{fleet}"


def generate(settings: ReloadClass, rng: np.random.Generator, name: str = "") -> Problem:
    """A random instance; one without `vehicles` can be solved: there is one for each client."""
    size = settings.size
    side = round(100 * sqrt(size))
    depots = np.array([[side // 2, side // 2]])
    if settings.depots > 1:

        def anywhere(count: int) -> Array:
            return np.floor(rng.random((count, 2)) * (side + 1)).astype(np.int64)

        more = draw_distinct(anywhere, settings.depots - 1, depots, side)
        depots = np.concatenate((depots, more))
    num_seeds = max(size // 10, 1)
    clients = place_clients(rng, settings.positions, size, num_seeds, side / 40, side, depots)
    demand = random_integers(rng, *DEMAND, size)

    offset = (clients[:, None, :] - depots[None, :, :]).astype(np.float64)
    reach = np.ceil(np.sqrt((offset * offset).sum(axis=2))).astype(np.int64).max(axis=1)
    horizon = 2 * int(reach.max()) + STOPS * (SERVICE + ceil(side / sqrt(size)))
    close = horizon - reach - SERVICE  # the latest begin of service that still gets to any depot
    centre = reach + np.floor(rng.random(size) * (close - reach + 1)).astype(np.int64)
    width, density = settings.width, settings.density
    early, late = draw_windows(
        rng, centre, reach, close, horizon=horizon, width=width, density=density
    )
    release = np.floor(rng.random(size) * settings.release * (late - reach + 1)).astype(np.int64)

    def with_depots(value: int, values: Array) -> Array:
        return np.concatenate((np.full(len(depots), value), values))

    types = np.arange(len(depots))
    fleet = size if settings.vehicles is None else settings.vehicles
    capacity = max(ceil(settings.trip_size * float(demand.mean())), int(demand.max()))
    return Problem(
        name=name,
        num_depots=len(depots),
        coords=np.concatenate((depots, clients)),
        delivery=with_depots(0, demand)[:, None],
        tw_early=with_depots(0, early)[:, None],
        tw_late=with_depots(horizon, late)[:, None],
        service=with_depots(0, np.full(size, SERVICE)),
        release=with_depots(0, release),
        count=(fleet + len(depots) - 1 - types) // len(depots),
        capacity=np.full((len(depots), 1), capacity),
        start_depot=types,
        end_depot=types,
        fixed_cost=np.full(len(depots), side if settings.vehicles is None else 0),
        reloads=tuple(Reload(int(kind), tuple(int(depot) for depot in types)) for kind in types),
    )
