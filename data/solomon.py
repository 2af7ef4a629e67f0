"""Random VRPTW instances in the manner of Solomon (1987).

References
----------
M. M. Solomon: Algorithms for the vehicle routing and scheduling problems with time window
constraints. Operations Research 35 (1987), §4. The positions are ours, not Solomon's, and widths
are a share of the horizon.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, sqrt

import numpy as np

from polyroute.data.positions import (
    Positions,
    at_places,
    check_places,
    place_clients,
    random_integers,
)
from polyroute.data.windows import draw_windows
from polyroute.vrp.arcs import ArcRule
from polyroute.vrp.errors import ProblemError
from polyroute.vrp.problem import Problem, Scales

Array = np.ndarray

STOPS = {1: 8, 2: 40}  # stops that the horizon of each type has time for
CAPACITY = {1: 200, 2: 1000}
DEMAND = (1, 40)
SERVICE = {Positions.CLUSTERED: 90}  # Solomon's C; 10 elsewhere
SCALE = 10  # lengths and times in tenths, by the DIMACS convention


@dataclass(frozen=True)
class VrptwClass:
    """A class of instances.

    Parameters
    ----------
    type
        1 for a short horizon and small vehicles, 2 for a long one and large vehicles.
    density
        Share of the clients that have a window.
    width
        Mean width of a window as a share of the horizon; each is half to one and a half of it.
    service
        Time at each client; None is 90 for clustered positions, else 10, as Solomon has it.
    places
        Different positions that the clients share; None gives each his own.
    """

    size: int
    positions: Positions = Positions.RANDOM
    type: int = 1
    density: float = 1.0
    width: float = 0.1
    service: int | None = None
    places: int | None = None

    def __post_init__(self) -> None:
        if self.size < 1:
            raise ProblemError(f"size is {self.size}, expected at least 1")
        if self.type not in STOPS:
            raise ProblemError(f"type is {self.type}, expected 1 or 2")
        for name in ("density", "width"):
            if not 0 <= getattr(self, name) <= 1:
                raise ProblemError(f"{name} is {getattr(self, name)}, expected 0 to 1")
        if self.service is not None and self.service < 0:
            raise ProblemError(f"service is {self.service}, expected at least 0")
        check_places(self.places, self.size)

    @property
    def label(self) -> str:
        """Solomon's name of the class: R1, C2, RC1 …"""
        return f"{self.positions.value}{self.type}"


def generate(settings: VrptwClass, rng: np.random.Generator, name: str = "") -> Problem:
    """A random instance that can be solved: there is a vehicle for each client if need be.

    The horizon leaves time to go to any client, serve and return, and every window leaves time
    for it too, whichever way lengths are rounded. Windows are centred at random, or, where all
    positions are clustered, near the arrival times of nearest-neighbour routes, so that clusters
    are meant to be served together.
    """
    side = 100 if settings.size <= 100 else round(10 * sqrt(settings.size))
    depot = np.array([[side // 2, side // 2]])
    places = settings.places or settings.size
    num_seeds = max(places // 10, 1)
    clients = place_clients(rng, settings.positions, places, num_seeds, side / 40, side, depot)
    if settings.places is not None:
        clients = at_places(rng, clients, settings.size)
    demand = random_integers(rng, *DEMAND, settings.size)
    service = settings.service
    if service is None:
        service = SERVICE.get(settings.positions, 10)

    offset = (clients - depot).astype(np.float64)
    reach = np.ceil(np.sqrt((offset * offset).sum(axis=1))).astype(np.int64)
    spacing = ceil(side / sqrt(settings.size))
    horizon = 2 * int(reach.max()) + STOPS[settings.type] * (service + spacing)
    close = horizon - reach - service  # the latest begin of service that still gets home
    if settings.positions is Positions.CLUSTERED:
        capacity = CAPACITY[settings.type]
        centre = arrivals_of_routes(depot[0], clients, demand, service, capacity, horizon)
    else:
        centre = reach + np.floor(rng.random(settings.size) * (close - reach + 1)).astype(np.int64)
    width, density = settings.width, settings.density
    early, late = draw_windows(
        rng, centre, reach, close, horizon=horizon, width=width, density=density
    )

    def with_depot(value: int, values: Array) -> Array:
        return np.concatenate(([value], values))

    return Problem(
        name=name,
        arc_rule=ArcRule.TRUNC1,
        scales=Scales(length=SCALE, time=SCALE, cost=SCALE),
        coords=np.concatenate((depot, clients)),
        delivery=with_depot(0, demand)[:, None],
        tw_early=with_depot(0, early)[:, None] * SCALE,
        tw_late=with_depot(horizon, late)[:, None] * SCALE,
        service=with_depot(0, np.full(settings.size, service)) * SCALE,
        count=np.array([settings.size]),
        capacity=np.array([[CAPACITY[settings.type]]]),
    )


def arrivals_of_routes(
    depot: Array, clients: Array, demand: Array, service: int, capacity: int, horizon: int
) -> Array:
    """When nearest-neighbour routes reach each client (n, 2), (n,) int64.

    A route starts at the depot at 0 and always goes to the nearest client left; it ends when that
    client does not fit or leaves no time to return. Lengths are rounded up.
    """
    arrivals = np.zeros(len(clients), dtype=np.int64)
    left = np.arange(len(clients))
    at, clock, load = depot, 0, 0
    home = _lengths(depot, clients)
    while left.size:
        steps = _lengths(at, clients[left])
        nearest = int(steps.argmin())
        client = left[nearest]
        arrival = clock + int(steps[nearest])
        fits = load + demand[client] <= capacity
        if load and not (fits and arrival + service + home[client] <= horizon):
            at, clock, load = depot, 0, 0
            continue
        arrivals[client] = arrival
        at, clock, load = clients[client], arrival + service, load + int(demand[client])
        left = np.delete(left, nearest)
    return arrivals


def _lengths(place: Array, places: Array) -> Array:
    """Distances from one point to others, rounded up."""
    offset = (places - place).astype(np.float64)
    return np.ceil(np.sqrt((offset * offset).sum(axis=1))).astype(np.int64)
