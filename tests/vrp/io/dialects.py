"""Small files in the manner of LKH-3, PyVRP and OptaPlanner, that are right."""

from __future__ import annotations

HEAD = """\
NAME : tiny
TYPE : CVRP
DIMENSION : 4
EDGE_WEIGHT_TYPE : EUC_2D
CAPACITY : 10
NODE_COORD_SECTION
1 0 0
2 3 4
3 6 8
4 0 10
"""
DEMANDS = "DEMAND_SECTION\n1 0\n2 4\n3 4\n4 4\n"
WINDOWS = "TIME_WINDOW_SECTION\n1 0 100\n2 0 90\n3 5 80\n4 0 70\n"
SERVICE = "SERVICE_TIME_SECTION\n1 0\n2 1\n3 2\n4 3\n"
TAIL = "DEPOT_SECTION\n 1\n -1\nEOF\n"

PLAIN = HEAD + DEMANDS + TAIL
TIMED = HEAD.replace("CVRP", "VRPTW") + DEMANDS + WINDOWS + SERVICE + TAIL

SHIPMENTS = """\
PICKUP_AND_DELIVERY_SECTION
1 0 0 100 0 0 0
2 4 0 90 1 0 4
3 0 5 80 2 0 0
4 -4 0 70 3 2 0
"""
PAIRED = HEAD.replace("CVRP", "PDPTW") + SHIPMENTS.replace("3 0 5 80 2 0 0\n", "3 4 5 80 2 0 5\n")
PAIRED = PAIRED.replace("4 0 10\n", "4 0 10\n5 5 0\n").replace("DIMENSION : 4", "DIMENSION : 5")
PAIRED += "5 -4 0 60 0 3 0\n" + TAIL


def typed(kind: str, body: str = DEMANDS, tail: str = TAIL) -> str:
    """The file with another TYPE and other sections."""
    return HEAD.replace("TYPE : CVRP", f"TYPE : {kind}") + body + tail


def renumbered(text: str, numbers: dict[str, str]) -> str:
    """The file with other numbers of its nodes, which begin a line or are the depot's."""
    lines = []
    for line in text.split("\n"):
        first, *rest = line.split(" ", 1) if line[:1].isdigit() else [line]
        lines.append(" ".join([numbers.get(first, first), *rest]))
    return "\n".join(lines).replace("DEPOT_SECTION\n 1\n", f"DEPOT_SECTION\n {numbers['1']}\n")


SIZES = "PICKUP_AND_DELIVERY_SECTION\n1 0 0 0 0 0 0\n2 9 0 0 0 0 4\n3 9 0 0 0 3 4\n4 9 0 0 0 5 0\n"
COLUMNS = "LINEHAUL_SECTION\n1 0\n2 4\n3 4\n4 0\nBACKHAUL_SECTION\n1 0\n2 0\n3 3\n4 5\n"
GROUPED = typed("CVRP", DEMANDS + "MUTUALLY_EXCLUSIVE_GROUP_SECTION\n1 2 3\n2 4\n")
LISTED = typed("VRPB", DEMANDS + "BACKHAUL_SECTION\n3 4 -1\n")
SIZED = typed("VRPSPD", SIZES)
BOTH = typed("VRPSPD", COLUMNS)
LOADS = typed("VRP", "DEMAND_SECTION\n1 0 0\n2 4 1\n3 4 2\n4 4 3\n").replace(": 10", ": 10 5")
ZERO = renumbered(PLAIN, dict(zip("1234", "0123", strict=True)))
