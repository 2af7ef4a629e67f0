"""Read Christofides, Mingozzi and Toth's text format, as in the OR-Library: CVRP and its limit.

Reference: N. Christofides, A. Mingozzi, P. Toth, "The vehicle routing problem", in
"Combinatorial optimization", 1979; J. E. Beasley, "OR-Library", 1990.
"""

from __future__ import annotations

import numpy as np

from polyroute.vrp.arcs import ArcRule
from polyroute.vrp.errors import ReadError
from polyroute.vrp.io.exact import exact_problem
from polyroute.vrp.io.text import Block, integer, number, quote
from polyroute.vrp.problem import Problem

HEAD = (
    "the number of customers",
    "the capacity",
    "the longest time of a route",
    "the time at each customer",
)
NO_LIMIT = 999999  # how the format's files write it

Array = np.ndarray
Row = tuple[int, list[str]]  # line number, words


def read_christofides(text: str, round: str | None = None) -> Problem:
    """The problem in a file of the OR-Library; arcs are not rounded unless `round` tells.

    The first line is number of customers, capacity, longest time and time at each customer, the
    second where the depot lies; each more is a customer: position and demand. A longest time of 0
    or 999999 is none. The depot becomes node 0, customers are numbered from 1.

    Raises ReadError with the line of what is malformed.
    """
    rows = list(Block("", 1, text).rows())
    clients, (capacity, longest, service) = read_head(rows[0], HEAD)
    coords, demand = read_places(rows[1:], clients, capacity)
    raw = {"coords": coords, "delivery": demand[:, None], "capacity": np.array([[capacity]])}
    raw |= times(longest, service, len(demand), 1)
    return exact_problem(
        raw,
        ArcRule.from_label(round or "none"),
        node_id=tuple(map(str, range(len(demand)))),
    )


def read_head(row: Row, names: tuple[str, ...]) -> tuple[int, list[float]]:
    """A first line: how many customers, and other numbers from 0 on."""
    line, words = row
    if len(words) != len(names):
        raise ReadError(f"found {len(words)} values, expected {', '.join(names)}", line=line)
    clients = integer(words[0], names[0], line, 1)
    return clients, [amount(*named, line) for named in zip(words[1:], names[1:], strict=True)]


def amount(word: str, what: str, line: int) -> float:
    """A number from 0 on."""
    value = number(word, what, line)
    if value < 0:
        raise ReadError(f"{what} is {quote(word)}, expected 0 or more", line=line)
    return value


def read_places(rows: list[Row], clients: int, most: float) -> tuple[Array, Array]:
    """Where the depot and the customers lie, and how much they want, `most` at the most."""
    for what, found, expected in (
        ("depots", rows[:1], 1),
        ("customers", rows[1:], clients),
    ):
        if len(found) != expected:
            line = rows[min(len(rows) - 1, clients + 1)][0] if rows else 1
            raise ReadError(f"found {len(found)} {what}, expected {expected}", line=line)
    table = np.zeros((clients + 1, 3))
    for node, (line, words) in enumerate(rows):
        names = ("x", "y", "the demand") if node else ("x", "y")
        if len(words) != len(names):
            who = "a customer" if node else "the depot"
            raise ReadError(
                f"found {len(words)} values, expected {', '.join(names)} of {who}", line=line
            )
        values = [number(word, name, line) for word, name in zip(words, names, strict=True)]
        table[node, : len(values)] = values
        demand = table[node, 2]
        if not 0 <= demand <= most:
            bound = "0 or more" if demand < 0 else f"at most the capacity {most:.15g}"
            raise ReadError(f"the demand is {demand:.15g}, expected {bound}", line=line)
    return table[:, :2], table[:, 2]


def times(longest: float, service: float, nodes: int, types: int) -> dict[str, Array]:
    """What a longest time and one at each customer say of nodes and vehicle types."""
    raw = {"service": np.append(0.0, np.full(nodes - 1, service))}
    if 0 < longest < NO_LIMIT:
        raw["max_duration"] = np.full(types, longest)
    return raw
