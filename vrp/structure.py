"""What ties nodes together and fits no dense array: one small record a relation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from vrp.errors import ProblemError


def _check_client(what: str, node: int, num_depots: int, num_nodes: int) -> None:
    if not num_depots <= node < num_nodes:
        raise ProblemError(
            f"{what} names node {node}, expected a client ({num_depots} to {num_nodes - 1})"
        )


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
