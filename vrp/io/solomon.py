"""Read Solomon's text format, also used by Gehring and Homberger: VRPTW with one depot.

Reference: M. M. Solomon, "Algorithms for the vehicle routing and scheduling problems with time
window constraints", Operations Research 35(2), 1987.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

import numpy as np

from polyroute.vrp.arcs import ArcRule
from polyroute.vrp.errors import ReadError
from polyroute.vrp.io.exact import exact_problem
from polyroute.vrp.io.numbering import Numbering
from polyroute.vrp.io.text import Block, Table, integer, number, quote
from polyroute.vrp.problem import Problem

COLUMNS = ("x", "y", "demand", "ready time", "due date", "service time")
Row = tuple[int, list[str]]  # line number, words


def read_solomon(text: str, round: str | None = None) -> Problem:
    """The problem in a Solomon file; arcs are truncated to one decimal unless `round` tells.

    That is the convention of the DIMACS challenge, for distances and travel times alike.
    Customer 0 is the depot, or the first if there is no 0; its window bounds every route.

    Raises ReadError with the line of what is malformed.
    """
    end: Row = (text.count("\n") + 1, [])
    rows = chain(Block("", 1, text).rows(), [end])
    _, name = _next(rows, "the name")
    _title(rows, "VEHICLE")
    _title(rows, "NUMBER CAPACITY")
    line, words = _next(rows, "the number and the capacity of the vehicles")
    if len(words) != 2:
        raise ReadError(
            f"found {quote(' '.join(words))}, expected the number and the capacity of the vehicles",
            line=line,
        )
    count = integer(words[0], "NUMBER", line, 1)
    capacity = number(words[1], "CAPACITY", line)
    _title(rows, "CUSTOMER")
    line = _title(rows, "CUST NO.")
    block = Block("CUSTOMER", line + 1, "".join(text.split("\n", line)[line:]))
    numbering = Numbering.of(block, first=0)
    table = Table.numbered(block, "customer", COLUMNS, numbering.numbers)
    coords = table.values[:, :2]
    demand, ready, due, service = (table.column(name, least=0.0) for name in COLUMNS[2:])
    table.expect_zero("demand", 0, "the depot")
    table.expect_zero("service time", 0, "the depot")
    table.expect_at_most("demand", capacity, "CAPACITY")
    table.expect_at_most("ready time", due, "due date")
    return exact_problem(
        {
            "coords": coords,
            "delivery": demand[:, None],
            "tw_early": ready[:, None],
            "tw_late": due[:, None],
            "service": service,
            "capacity": np.array([[capacity]]),
            "count": np.array([count], dtype=np.float64),
        },
        ArcRule.from_label(round or "trunc1"),
        name=" ".join(name),
        node_id=tuple(map(str, numbering.numbers)),
    )


def _next(rows: Iterator[Row], what: str) -> Row:
    """The next row; raises ReadError if it is the empty one at the end."""
    line, words = next(rows)
    if not words:
        raise ReadError(f"the file ends before {what}", line=line)
    return line, words


def _title(rows: Iterator[Row], title: str) -> int:
    """Skip a line that begins with the letters of `title`; returns its number."""
    line, words = _next(rows, f"the line {title}")
    if not letters("".join(words)).replace("CUSTOMERNO", "CUSTNO").startswith(letters(title)):
        raise ReadError(f"found {quote(' '.join(words))}, expected the line {title}", line=line)
    return line


def letters(words: str) -> str:
    """The letters of a title, in capitals: files differ in its stops and blanks."""
    return re.sub(r"[^A-Z]", "", words.upper())
