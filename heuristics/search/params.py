"""Every parameter of the search, with its default, in one frozen record."""

from __future__ import annotations

from dataclasses import dataclass, fields

from polyroute.vrp.errors import PolyrouteError

LONGEST_CHAIN = 3
"""Longest chain of visits that is moved where there is time for all moves."""

LARGEST = 2**31
"""Bounds every parameter, so that kernels can hold it."""


@dataclass(frozen=True)
class SearchParams:
    """Parameters of the search. Lengths are relative to the instance, never absolute."""

    neighbours: int = 100
    """Near clients kept for each node: ruins and insertions look no farther."""
    breadth: int = 12
    """Near clients that the local search tries for each node."""
    chain: int = 1
    """Longest chain of visits that the local search moves while annealing."""
    mean_removed: float = 10.0
    """Clients that a ruin takes out on average."""
    longest_string: int = 10
    """Longest string of visits that a ruin takes out of one route."""
    whole_routes: float = 0.01
    """Share of ruins that take out a whole short route."""
    hot: float = 1.5
    """Initial temperature, in mean lengths of the arcs to the five nearest clients."""
    cold: float = 0.04
    """Final temperature, in the same unit."""
    penalty: float = 2.0
    """First and least price of a unit too much on board, in costs of carrying a unit rightly."""
    late_price: float = 5.0
    """First price of a unit of lateness, or of distance beyond its limit."""
    feasible_share: float = 0.2
    """Share of feasible current solutions that the prices are steered to."""
    memory: float = 0.1
    """Weight of the last step in that share."""
    penalty_up: float = 1.02
    penalty_down: float = 0.98
    """Factors of the prices at each step, when the share is missed from below and from above."""
    penalty_rush: float = 1.2
    """Factor from below as long as no feasible solution is known."""

    def __post_init__(self) -> None:
        for item in fields(self):
            value = getattr(self, item.name)
            if not 0 < value < LARGEST:
                raise PolyrouteError(
                    f"parameter {item.name} is {value}, expected above 0 and below 2^31"
                )
        if self.cold > self.hot:
            raise PolyrouteError(f"parameter cold is {self.cold}, expected at most hot {self.hot}")

    @classmethod
    def from_text(cls, given: dict[str, str]) -> SearchParams:
        """Parameters from ``{name: text}``; raises PolyrouteError for what is none."""
        types = {item.name: int if item.type == "int" else float for item in fields(cls)}
        values: dict[str, float] = {}
        for name, text in given.items():
            if name not in types:
                known = ", ".join(types)
                raise PolyrouteError(f"parameter {name!r} is unknown, expected one of {known}")
            try:
                values[name] = types[name](text)
            except ValueError:
                kind = "an integer" if types[name] is int else "a number"
                raise PolyrouteError(f"parameter {name} is {text!r}, expected {kind}") from None
        return cls(**values)  # type: ignore[arg-type]
