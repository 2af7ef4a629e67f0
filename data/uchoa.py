"""Random CVRP instances of the classes of Uchoa et al. (2017), those of CVRPLIB's set X.

References
----------
E. Uchoa, D. Pecin, A. Pessoa, M. Poggi, T. Vidal, A. Subramanian: New benchmark instances for the
capacitated vehicle routing problem. European Journal of Operational Research 257 (2017), §3.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from math import ceil, sqrt

import numpy as np

from polyroute.data.positions import (
    Positions,
    at_places,
    check_places,
    place_clients,
    random_integers,
)
from polyroute.vrp.errors import ProblemError
from polyroute.vrp.problem import Problem

Array = np.ndarray

GRID = 1000
DECAY = 40.0  # the paper's, on its grid
ROUTE_SIZE = (3.0, 6.0, 25.0)  # triangular: least, most frequent, largest
SEEDS = (3, 8)


class Depot(Enum):
    """Where the depot is: in the centre, at the corner (0, 0), or at random."""

    CENTRAL = "C"
    ECCENTRIC = "E"
    RANDOM = "R"


class Demand(Enum):
    """How demand is distributed; ranges are uniform and include both ends."""

    UNITARY = "U"
    SMALL_VARIED = "1-10"
    SMALL_EVEN = "5-10"
    LARGE_VARIED = "1-100"
    LARGE_EVEN = "50-100"
    QUADRANT = "Q"  # 1–50 in the quadrants II and IV around the centre, 51–100 in I and III
    MANY_SMALL = "SL"  # 70 to 95 % of the clients 1–10, the others 50–100


@dataclass(frozen=True)
class CvrpClass:
    """A class of instances; None is drawn for each instance, as the paper does.

    Parameters
    ----------
    route_size
        Average clients a route r, which sets the capacity to ⌈r · Σ demand / size⌉.
    cluster_seeds
        Seeds that attract the clustered clients; nothing where none are.
    grid
        Largest coordinate. The attraction's reach grows with it, so that a cluster keeps its shape.
    places
        Different positions that the clients share; None gives each his own.
    """

    size: int
    depot: Depot = Depot.RANDOM
    positions: Positions = Positions.MIXED
    demand: Demand = Demand.LARGE_VARIED
    route_size: float | None = None
    cluster_seeds: int | None = None
    grid: int = GRID
    places: int | None = None

    def __post_init__(self) -> None:
        for name in ("size", "route_size", "cluster_seeds", "grid"):
            value = getattr(self, name)
            if value is not None and not 1 <= value < float("inf"):
                raise ProblemError(f"{name} is {value}, expected a finite number from 1")
        check_places(self.places, self.size)

    @property
    def label(self) -> str:
        """The class in the paper's letters: depot, positions, demand."""
        return f"{self.depot.value}-{self.positions.value}-{self.demand.value}"

    def settle(self, rng: np.random.Generator) -> CvrpClass:
        """The same class with what is None drawn."""
        seeds, route_size = self.cluster_seeds, self.route_size
        if seeds is None:
            seeds = int(random_integers(rng, *SEEDS, 1)[0])
        if route_size is None:
            route_size = triangular(rng.random(), *ROUTE_SIZE)
        return replace(self, cluster_seeds=seeds, route_size=route_size)


def triangular(u: float, least: float, mode: float, largest: float) -> float:
    """The quantile `u` of the triangular distribution."""
    span = largest - least
    if u * span < mode - least:
        return least + sqrt(u * span * (mode - least))
    return largest - sqrt((1.0 - u) * span * (largest - mode))


def generate(settings: CvrpClass, rng: np.random.Generator, name: str = "") -> Problem:
    """A random instance; distances are rounded to the nearest integer, as in CVRPLIB.

    The capacity is at least the largest demand, where the paper's formula would make the instance
    infeasible.

    Raises ProblemError if the grid has no room for so many distinct positions.
    """
    settled = settings.settle(rng)
    assert settled.cluster_seeds is not None
    assert settled.route_size is not None
    depot = _place_depot(rng, settled)
    clients = place_clients(
        rng,
        settled.positions,
        settled.places or settled.size,
        settled.cluster_seeds,
        DECAY * settled.grid / GRID,
        settled.grid,
        depot,
    )
    if settled.places is not None:
        clients = at_places(rng, clients, settled.size)
    demand = draw_demand(rng, settled.demand, clients, settled.grid)
    capacity = max(ceil(settled.route_size * int(demand.sum()) / settled.size), int(demand.max()))
    return Problem(
        name=name,
        coords=np.concatenate((depot, clients)),
        delivery=np.concatenate(([0], demand))[:, None],
        capacity=np.array([[capacity]]),
    )


def _place_depot(rng: np.random.Generator, settings: CvrpClass) -> Array:
    """The depot's position, (1, 2)."""
    if settings.depot is Depot.RANDOM:
        return random_integers(rng, 0, settings.grid, 2)[None, :]
    middle = settings.grid // 2 if settings.depot is Depot.CENTRAL else 0
    return np.array([[middle, middle]])


def draw_demand(rng: np.random.Generator, demand: Demand, clients: Array, grid: int) -> Array:
    """Demands of the clients at positions (n, 2), (n,) int64."""
    size = len(clients)
    if demand is Demand.UNITARY:
        return np.ones(size, dtype=np.int64)
    if demand is Demand.QUADRANT:
        right, upper = (clients > grid / 2).T
        return np.where(right == upper, 51, 1) + random_integers(rng, 0, 49, size)
    if demand is Demand.MANY_SMALL:
        num_small = round((0.70 + 0.25 * rng.random()) * size)
        small = np.argsort(rng.random(size), kind="stable")[:num_small]
        amounts = random_integers(rng, 50, 100, size)
        amounts[small] = random_integers(rng, 1, 10, num_small)
        return amounts
    low, high = (int(bound) for bound in demand.value.split("-"))
    return random_integers(rng, low, high, size)
