"""What ties nodes together and fits no dense array: one small record a relation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from polyroute.vrp.errors import ProblemError

UNLIMITED = 2**50
"""No limit, of whatever kind; as a matrix entry, a forbidden arc. Never scaled."""


def _check_client(what: str, node: int, num_depots: int, num_nodes: int) -> None:
    if not num_depots <= node < num_nodes:
        raise ProblemError(
            f"{what} names node {node}, expected a client ({num_depots} to {num_nodes - 1})"
        )


def _check_index(what: str, name: str, value: int, size: int) -> None:
    if not 0 <= value < size:
        raise ProblemError(f"{what} has {name} {value}, expected 0 to {size - 1}")


def _check_distinct(what: str, name: str, nodes: tuple[int, ...]) -> None:
    if not nodes:
        raise ProblemError(f"{what} names no {name}, expected one or more")
    if len(set(nodes)) != len(nodes):
        raise ProblemError(f"{what} names a {name} twice, expected once")


@dataclass(frozen=True)
class Pair:
    """Goods that one vehicle brings from `pickup` to `delivery`, pickup first."""

    pickup: int
    delivery: int

    def validate(self, num_depots: int, num_nodes: int) -> None:
        """Raise ProblemError unless both ends are clients, and different ones."""
        _check_client("a pair", self.pickup, num_depots, num_nodes)
        _check_client("a pair", self.delivery, num_depots, num_nodes)
        if self.pickup == self.delivery:
            raise ProblemError(f"a pair has node {self.pickup} at both ends, expected two clients")

    def renumber(self, new: Mapping[int, int]) -> Pair:
        """The same pair under the node numbers `new`."""
        return Pair(new[self.pickup], new[self.delivery])


@dataclass(frozen=True)
class Group:
    """Alternatives: at most one of `clients` is served, exactly one if `required`."""

    clients: tuple[int, ...]
    required: bool = True

    def validate(self, num_depots: int, num_nodes: int) -> None:
        """Raise ProblemError unless the group names different clients."""
        if not self.clients or len(set(self.clients)) != len(self.clients):
            raise ProblemError(f"a group holds {list(self.clients)}, expected different clients")
        for node in self.clients:
            _check_client("a group", node, num_depots, num_nodes)

    def renumber(self, new: Mapping[int, int]) -> Group:
        """The same group under the node numbers `new`."""
        return Group(tuple(new[node] for node in self.clients), self.required)


@dataclass(frozen=True)
class Reload:
    """Vehicles of a type may pass by any of `depots`, at most `most` times a route.

    There they set down what they picked up and load for their next trip.
    """

    vehicle_type: int
    depots: tuple[int, ...]
    most: int = UNLIMITED

    def validate(self, num_depots: int, num_types: int) -> None:
        """Raise ProblemError unless type and depots exist and the limit is none below 0."""
        _check_index("a reload", "vehicle type", self.vehicle_type, num_types)
        _check_distinct("a reload", "depot", self.depots)
        for depot in self.depots:
            _check_index("a reload", "depot", depot, num_depots)
        if not 0 <= self.most <= UNLIMITED:
            raise ProblemError(f"a reload has most {self.most}, expected 0 or more")

    def renumber(self, new: Mapping[int, int]) -> Reload:
        """The same reload under the node numbers `new`."""
        return Reload(self.vehicle_type, tuple(new[depot] for depot in self.depots), self.most)


@dataclass(frozen=True)
class Break:
    """A pause that each used vehicle of a type takes once, where it is, within a window.

    That is at a stop, before it drives on. With `on_the_road` it is anywhere between two stops: the
    vehicle drives on until the window opens, so that it may have arrived, even at the end depot.
    The load on board then is at most `max_load`, one number a load dimension; empty: any. The `id`
    is kept from reader to output.
    """

    vehicle_type: int
    windows: tuple[tuple[int, int], ...]  # (early, late) of its beginning, the earliest first
    duration: int
    max_load: tuple[int, ...] = ()
    id: str = ""
    on_the_road: bool = False

    def validate(self, num_types: int, num_loads: int) -> None:
        """Raise ProblemError unless the type exists and no number is below 0.

        Windows are the problem's to check, which knows their units.
        """
        _check_index("a break", "vehicle type", self.vehicle_type, num_types)
        if not 0 <= self.duration < UNLIMITED:
            found = "negative" if self.duration < 0 else "unlimited"
            raise ProblemError(f"the duration of a break is {found}, expected 0 or more")
        if self.max_load and len(self.max_load) != num_loads:
            raise ProblemError(
                f"max_load of a break has {len(self.max_load)} numbers, expected {num_loads}"
            )
        if any(not 0 <= load <= UNLIMITED for load in self.max_load):
            raise ProblemError("max_load of a break has a negative number, expected 0 or more")


@dataclass(frozen=True)
class Pin:
    """The route of the one vehicle of a type begins with `visits`, in this order."""

    vehicle_type: int
    visits: tuple[int, ...]

    def validate(self, num_depots: int, num_nodes: int, num_types: int) -> None:
        """Raise ProblemError unless the type exists and the visits are different clients."""
        _check_index("a pin", "vehicle type", self.vehicle_type, num_types)
        _check_distinct("a pin", "client", self.visits)
        for node in self.visits:
            _check_client("a pin", node, num_depots, num_nodes)

    def renumber(self, new: Mapping[int, int]) -> Pin:
        """The same pin under the node numbers `new`."""
        return Pin(self.vehicle_type, tuple(new[node] for node in self.visits))
