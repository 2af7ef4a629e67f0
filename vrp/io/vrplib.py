"""Read VRPLIB and CVRPLIB ``.vrp``, and TSPLIB ``.tsp`` and ``.atsp`` files: sections → Problem.

References: G. Reinelt, "TSPLIB 95", 1995; http://vrp.galgos.inf.puc-rio.br (CVRPLIB).
"""

from __future__ import annotations

import numpy as np

from vrp.arcs import ArcRule
from vrp.errors import ReadError
from vrp.io.exact import exact_problem
from vrp.io.keywords import KeywordFile, parse_keywords
from vrp.io.text import Table, integer, number
from vrp.io.weights import read_weights
from vrp.problem import ATTRIBUTES, Problem

Array = np.ndarray

TYPES: dict[str, tuple[str, ...]] = {
    "CVRP": ("CAPACITY", "DEMAND_SECTION", "DEPOT_SECTION"),
    "DCVRP": ("CAPACITY", "DEMAND_SECTION", "DEPOT_SECTION", "DISTANCE"),
    "VRPTW": ("CAPACITY", "DEMAND_SECTION", "DEPOT_SECTION", "TIME_WINDOW_SECTION"),
    "TSP": (),
    "ATSP": (),
}
"""Each TYPE and the attributes that it needs; one that needs none takes none."""

COORDINATE_RULES = {
    "EUC_2D": ArcRule.NEAREST,
    "EXACT_2D": ArcRule.NONE,
    "CEIL_2D": ArcRule.CEIL,
    "FLOOR_2D": ArcRule.FLOOR,
    "ATT": ArcRule.ATT,
    "GEO": ArcRule.GEO,
}
"""Each EDGE_WEIGHT_TYPE over coordinates, and its arc rule."""

NODE_SECTIONS: dict[str, dict[str, str]] = {
    "DEMAND_SECTION": {"demand": "delivery"},
    "TIME_WINDOW_SECTION": {"ready time": "tw_early", "due time": "tw_late"},
    "SERVICE_TIME_SECTION": {"service time": "service"},
}
"""Sections with a row a node: what each column is called, and the field that it fills."""

VEHICLE_HEADERS = {"CAPACITY": "capacity", "DISTANCE": "max_distance", "VEHICLES": "count"}
"""Headers that say something of every vehicle, and the field that they fill."""

STRUCTURE = frozenset(
    "NAME TYPE DIMENSION EDGE_WEIGHT_TYPE EDGE_WEIGHT_FORMAT SERVICE_TIME "
    "NODE_COORD_SECTION EDGE_WEIGHT_SECTION DEPOT_SECTION".split()
)
IGNORED = frozenset("COMMENT NODE_COORD_TYPE DISPLAY_DATA_TYPE DISPLAY_DATA_SECTION".split())
KNOWN = STRUCTURE | IGNORED | NODE_SECTIONS.keys() | VEHICLE_HEADERS.keys()


def read_vrplib(text: str, round: str | None = None) -> Problem:
    """The problem in the text of a ``.vrp``, ``.tsp`` or ``.atsp`` file.

    `round` labels the arc rule that replaces that of a plane EDGE_WEIGHT_TYPE. The depot becomes
    node 0 wherever it stands in the file; `Problem.node_id` keeps the file's numbers. A DISTANCE
    bounds a route's length, or its duration where the file has service times or windows.

    Raises
    ------
    ReadError
        For everything that is malformed or that this reader does not know, with its line.
    """
    file = parse_keywords(text)
    kind = _kind(file)
    dimension = _whole(file, "DIMENSION", 1)
    raw: dict[str, Array] = {}
    nodes = {
        name: Table.read(file.sections[name], "node", tuple(columns), 1, dimension)
        for name, columns in NODE_SECTIONS.items()
        if name in file.sections
    }
    depot = _depot(file, dimension)
    for name, table in nodes.items():
        for column, field in NODE_SECTIONS[name].items():
            raw[field] = table.column(column, least=0.0)
    _fleet(file, raw)
    if "SERVICE_TIME" in file.headers:
        raw["service"] = np.full(dimension, _number(file, "SERVICE_TIME"))
        raw["service"][depot] = 0.0
    _check_nodes(nodes, raw, depot)
    if "max_distance" in raw and not raw.keys().isdisjoint(("service", "tw_early")):
        raw["max_duration"] = raw.pop("max_distance")
    if not TYPES[kind]:
        raw["count"] = np.ones(1)
    arcs, rule = _arcs(file, dimension, round)
    raw |= arcs

    order = np.concatenate(([depot], np.delete(np.arange(dimension), depot)))
    title = file.headers.get("NAME")
    return exact_problem(
        _arranged(raw, order),
        rule,
        name=title.value if title else "",
        node_id=tuple(map(str, (order + 1).tolist())),
    )


def _kind(file: KeywordFile) -> str:
    """The TYPE, once nothing in the file is unknown, missing or out of place."""
    header = file.header("TYPE")
    kind = header.value.upper()
    if kind not in TYPES:
        raise header.error(f"one of {', '.join(TYPES)}")
    lines = {key: item.line for key, item in file.headers.items()}
    lines |= {key: block.start - 1 for key, block in file.sections.items()}
    for key, line in sorted(lines.items(), key=lambda item: item[1]):
        if key not in KNOWN:
            what = "section" if key in file.sections else "header"
            raise ReadError(f"the {what} {key} is unknown or not supported", line=line)
        service = key in ("DEPOT_SECTION", "SERVICE_TIME")
        if not TYPES[kind] and (service or key in NODE_SECTIONS or key in VEHICLE_HEADERS):
            raise ReadError(f"found {key} in a file of TYPE {kind}, expected none", line=line)
    for key in TYPES[kind]:
        if key not in lines:
            raise ReadError(
                f"{key} is missing, or the file is cut short: TYPE {kind} needs it",
                line=file.last_line,
            )
    both = lines.keys() & {"SERVICE_TIME", "SERVICE_TIME_SECTION"}
    if len(both) == 2:
        raise ReadError(
            "found both SERVICE_TIME and SERVICE_TIME_SECTION, expected one of them",
            line=max(lines[key] for key in both),
        )
    return kind


def _whole(file: KeywordFile, key: str, least: int) -> int:
    header = file.header(key)
    return integer(header.value, key, header.line, least)


def _number(file: KeywordFile, key: str) -> float:
    header = file.header(key)
    value = number(header.value, key, header.line)
    if value < 0:
        raise header.error("0 or more")
    return value


def _depot(file: KeywordFile, dimension: int) -> int:
    """Index of the depot among the file's nodes: the first node unless the file tells."""
    if "DEPOT_SECTION" not in file.sections:
        return 0
    block = file.sections["DEPOT_SECTION"]
    listed = block.listed("node", dimension)
    if len(listed) != 1:
        raise block.error(f"found {len(listed)} depots, expected 1 (several are not supported)")
    return listed[0] - 1


def _fleet(file: KeywordFile, raw: dict[str, Array]) -> None:
    """What headers say of every vehicle."""
    for key, field in VEHICLE_HEADERS.items():
        if key in file.headers:
            value = _whole(file, key, 1) if field == "count" else _number(file, key)
            raw[field] = np.array([value], dtype=np.float64)


def _check_nodes(nodes: dict[str, Table], raw: dict[str, Array], depot: int) -> None:
    """What a value cannot know by itself."""
    if "DEMAND_SECTION" in nodes:
        nodes["DEMAND_SECTION"].expect_zero("demand", depot, "the depot")
        nodes["DEMAND_SECTION"].expect_at_most("demand", raw["capacity"], "CAPACITY")
    if "SERVICE_TIME_SECTION" in nodes:
        nodes["SERVICE_TIME_SECTION"].expect_zero("service time", depot, "the depot")
    if "TIME_WINDOW_SECTION" in nodes:
        nodes["TIME_WINDOW_SECTION"].expect_at_most("ready time", raw["tw_late"], "due time")


def _arcs(file: KeywordFile, dimension: int, round: str | None) -> tuple[dict[str, Array], ArcRule]:
    """Coordinates or matrix, in the order of the file, and the arc rule."""
    header = file.header("EDGE_WEIGHT_TYPE")
    measure = header.value.upper()
    raw: dict[str, Array] = {}
    layout = file.headers.get("EDGE_WEIGHT_FORMAT")
    if measure == "EXPLICIT":
        layout = file.header("EDGE_WEIGHT_FORMAT")
        raw["distance"] = read_weights(file.section("EDGE_WEIGHT_SECTION"), layout, dimension)
    elif measure not in COORDINATE_RULES:
        raise header.error(f"EXPLICIT or one of {', '.join(COORDINATE_RULES)}")
    elif layout is not None and layout.value.upper() != "FUNCTION":
        raise layout.error(f"FUNCTION, or none, beside EDGE_WEIGHT_TYPE {measure}")
    elif "EDGE_WEIGHT_SECTION" in file.sections:
        block = file.sections["EDGE_WEIGHT_SECTION"]
        raise ReadError(
            f"found EDGE_WEIGHT_SECTION beside EDGE_WEIGHT_TYPE {measure}, expected EXPLICIT",
            line=block.start - 1,
        )
    if measure != "EXPLICIT" or "NODE_COORD_SECTION" in file.sections:
        block = file.section("NODE_COORD_SECTION")
        raw["coords"] = Table.read(block, "node", ("x", "y"), 1, dimension).values
    if round is not None and measure in ("EXPLICIT", "ATT", "GEO"):
        raise header.error(f"coordinates in the plane, or no rounding rule ({round})")
    default = COORDINATE_RULES.get(measure, ArcRule.NEAREST)
    return raw, default if round is None else ArcRule.from_label(round)


def _arranged(raw: dict[str, Array], order: Array) -> dict[str, Array]:
    """Nodes in the problem's order, and one of each axis that the file does not know."""
    arranged = {}
    for item in ATTRIBUTES:
        if item.name not in raw:
            continue
        values = raw[item.name]
        if item.axes == "PNN":
            arranged[item.name] = values[np.ix_(order, order)][None]
        else:
            values = values[order] if item.axes[0] == "N" else values
            arranged[item.name] = values if values.ndim == len(item.axes) else values[:, None]
    return arranged
