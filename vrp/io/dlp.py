"""Read Duhamel, Lacomme and Prodhon's text format: a limited mixed fleet on real road distances.

Reference: C. Duhamel, P. Lacomme, C. Prodhon, "A hybrid evolutionary local search with depth first
search split procedure for the heterogeneous vehicle routing problems", Engineering Applications of
Artificial Intelligence 25(2), 2012.
"""

from __future__ import annotations

from decimal import Decimal

import numpy as np

from polyroute.vrp.arcs import ArcRule
from polyroute.vrp.errors import ReadError
from polyroute.vrp.io.exact import exact_problem
from polyroute.vrp.io.text import Block, Table, integer, number, quote
from polyroute.vrp.problem import Problem

FLEET = ("number", "capacity", "fixed cost", "cost")


def read_dlp(text: str, round: str | None = None) -> Problem:
    """The problem in a DLP file: customers and types, a row a vehicle type, depot, matrix, demands.

    What follows ``//`` on a line is a comment. The depot becomes node 0; `Problem.node_id` keeps
    the file's numbers, which begin at 0.

    Raises ReadError with the line of what is malformed, or for a `round`: the lengths are given.
    """
    plain = "\n".join(line.partition("//")[0] for line in text.split("\n"))
    rows = list(Block("", 1, plain).rows())
    if round is not None:
        raise ReadError(f"found a matrix, expected coordinates in the plane for rounding {round}")
    line, words = rows[0] if rows else (1, [])
    if len(words) < 2:
        raise ReadError("expected the number of customers and of vehicle types", line=line)
    clients = integer(words[0], "the number of customers", line, 1)
    types = integer(words[1], "the number of vehicle types", line, 1)
    if len(rows) < types + 2:
        raise ReadError(f"the file ends before {types} vehicle types and a depot", line=rows[-1][0])
    fleet = np.array([vehicle_type(*row) for row in rows[1 : 1 + types]])
    line, words = rows[1 + types]
    depot = integer(words[0], "the depot", line, 0)
    if len(words) != 1 or depot > clients:
        raise ReadError(f"found {quote(' '.join(words))}, expected the depot", line=line)
    size = clients + 1
    matrix = _matrix(rows[2 + types : 2 + types + size], size, line)
    last = rows[1 + types + size][0]
    block = Block("demands", last + 1, "".join(plain.split("\n", last)[last:]))
    demands = Table.read(block, "customer", ("demand",), 1, clients).column("demand", least=0.0)
    demand = np.insert(demands, depot, 0.0)
    order = np.insert(np.delete(np.arange(size), depot), 0, depot)
    return exact_problem(
        {
            "distance": matrix[np.ix_(order, order)][None],
            "delivery": demand[order][:, None],
            "count": fleet[:, 0],
            "capacity": fleet[:, 1, None],
            "fixed_cost": fleet[:, 2],
            # lengths are in metres, costs a kilometre; a division would leave false digits
            "unit_distance_cost": np.array(
                [float(Decimal(repr(cost)).scaleb(-3)) for cost in fleet[:, 3].tolist()]
            ),
        },
        ArcRule.NEAREST,
        node_id=tuple(map(str, order.tolist())),
    )


def vehicle_type(line: int, words: list[str], *, per: str = "a kilometre") -> list[float]:
    """How many there are, what each holds, and what it costs, once and `per` distance."""
    names = (*FLEET[:-1], f"{FLEET[-1]} {per}")
    if len(words) != len(names):
        raise ReadError(f"found {len(words)} values, expected {', '.join(names)}", line=line)
    integer(words[0], names[0], line, 0)
    values = [number(word, what, line) for word, what in zip(words, names, strict=True)]
    for what, value in zip(names, values, strict=True):
        if value < 0:
            raise ReadError(f"{what} is {value:g}, expected 0 or more", line=line)
    return values


def _matrix(rows: list[tuple[int, list[str]]], size: int, line: int) -> np.ndarray:
    """The distances, float64 (size, size)."""
    matrix = np.zeros((size, size))
    for i in range(size):
        if i >= len(rows):
            raise ReadError(f"the file ends before {size} rows of distances", line=line)
        line, words = rows[i]
        if len(words) != size:
            raise ReadError(f"found {len(words)} distances, expected {size}", line=line)
        matrix[i] = [number(word, "a distance", line) for word in words]
        if (matrix[i] < 0).any():
            raise ReadError(f"found {matrix[i].min():g}, expected distances from 0 on", line=line)
    np.fill_diagonal(matrix, 0.0)
    return matrix
