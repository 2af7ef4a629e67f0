"""Read Solomon's text format, also used by Gehring and Homberger: VRPTW with one depot.

Reference: M. M. Solomon, "Algorithms for the vehicle routing and scheduling problems with time
window constraints", Operations Research 35(2), 1987.
"""

from __future__ import annotations

import numpy as np

from vrp.arcs import ArcRule
from vrp.errors import ReadError
from vrp.io.exact import exact_problem
from vrp.io.text import Block, Table, integer, number, quote
from vrp.problem import Problem

COLUMNS = ("x", "y", "demand", "ready time", "due date", "service time")
TITLES = {
    "VEHICLE": ["VEHICLE"],
    "NUMBER CAPACITY": ["NUMBER", "CAPACITY"],
    "CUSTOMER": ["CUSTOMER"],
    "CUST NO. …": [],
}
"""The lines before the numbers, by what a message calls them; the last one varies."""


def read_solomon(text: str, rule: ArcRule | None = None) -> Problem:
    """The problem in a Solomon file; arcs are truncated to one decimal unless `rule` tells.

    That is the convention of the DIMACS challenge, for distances and travel times alike.
    Customer 0 is the depot; its window bounds every route.

    Raises ReadError with the line of what is malformed.
    """
    lines = text.split("\n")
    filled = [index for index, line in enumerate(lines) if line.strip()]
    name_at, *rest = filled
    count, capacity = 0, 0.0
    for title in ("VEHICLE", "NUMBER CAPACITY", "fleet", "CUSTOMER", "CUST NO. …"):
        if not rest:
            raise ReadError(f"the file ends before its {title} line", line=len(lines))
        at = rest.pop(0)
        words = lines[at].upper().split()
        if title == "fleet":
            if len(words) != 2:
                raise ReadError(
                    f"found {quote(lines[at].strip())}, expected the number and the capacity "
                    "of the vehicles",
                    line=at + 1,
                )
            count = integer(words[0], "NUMBER", at + 1, 1)
            capacity = number(words[1], "CAPACITY", at + 1)
        elif TITLES[title] != words[: len(TITLES[title])] or words[0][0].isdigit():
            raise ReadError(
                f"found {quote(lines[at].strip())}, expected the line {title}", line=at + 1
            )
    if not rest:
        raise ReadError("the file ends before its first customer", line=len(lines))
    block = Block("CUSTOMER", rest[0] + 1, "\n".join(lines[rest[0] :]))
    table = Table.read(block, "customer", COLUMNS, 0, None)
    coords = table.values[:, :2]
    demand, ready, due, service = (table.column(name, least=0.0) for name in COLUMNS[2:])
    for wrong, message in (
        (demand > capacity, f"demand is more than the CAPACITY {capacity:.12g}"),
        (ready > due, "ready time is after due date"),
    ):
        if wrong.any():
            raise table.error(int(np.argmax(wrong)), message)
    if demand[0] or service[0]:
        raise table.error(0, "demand and service time of the depot are not 0, expected 0")
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
        ArcRule.TRUNC1 if rule is None else rule,
        name=lines[name_at].strip(),
        node_id=tuple(map(str, range(len(coords)))),
    )
