"""Read VRPLIB and CVRPLIB ``.vrp``, and TSPLIB ``.tsp`` and ``.atsp`` files: sections → Problem.

References: G. Reinelt, "TSPLIB 95", 1995; http://vrp.galgos.inf.puc-rio.br (CVRPLIB). What goes
beyond them (several depots, fleets, reloads, backhauls, prizes) follows PyVRP's dialect.
"""

from __future__ import annotations

import numpy as np

from polyroute.vrp.arcs import ArcRule
from polyroute.vrp.errors import ReadError
from polyroute.vrp.io.exact import exact_problem
from polyroute.vrp.io.keywords import Header, KeywordFile, parse_keywords
from polyroute.vrp.io.text import Block, Table, integer, number
from polyroute.vrp.io.vrplib_fleet import DEPOTS, FLEET_SECTIONS, RELOAD_DEPOTS, read_fleet
from polyroute.vrp.io.weights import read_weights
from polyroute.vrp.problem import ATTRIBUTES, NOWHERE, UNLIMITED, Backhaul, Problem
from polyroute.vrp.structure import Reload

Array = np.ndarray

TYPES: dict[str, tuple[str, ...]] = {
    "CVRP": ("CAPACITY", "DEMAND_SECTION", "DEPOT_SECTION"),
    "DCVRP": ("CAPACITY", "DEMAND_SECTION", "DEPOT_SECTION", "DISTANCE"),
    "VRPTW": ("CAPACITY", "DEMAND_SECTION", "DEPOT_SECTION", "TIME_WINDOW_SECTION"),
    "OVRP": ("CAPACITY", "DEMAND_SECTION", "DEPOT_SECTION"),
    "VRPB": ("CAPACITY", "DEMAND_SECTION", "DEPOT_SECTION", "BACKHAUL_SECTION"),
    "PCVRP": ("CAPACITY", "DEMAND_SECTION", "DEPOT_SECTION", "PRIZE_SECTION"),
    "PCVRPTW": (
        "CAPACITY",
        "DEMAND_SECTION",
        "DEPOT_SECTION",
        "TIME_WINDOW_SECTION",
        "PRIZE_SECTION",
    ),
    "MDVRP": ("DEMAND_SECTION", "DEPOT_SECTION", "VEHICLES_DEPOT_SECTION"),
    "MDVRPTW": (
        "DEMAND_SECTION",
        "DEPOT_SECTION",
        "VEHICLES_DEPOT_SECTION",
        "TIME_WINDOW_SECTION",
    ),
    "MTVRPTWR": (
        "CAPACITY",
        "DEMAND_SECTION",
        "DEPOT_SECTION",
        "TIME_WINDOW_SECTION",
        "RELEASE_TIME_SECTION",
        "VEHICLES_RELOAD_DEPOT_SECTION",
    ),
    "HFVRP": ("DEMAND_SECTION", "DEPOT_SECTION", "CAPACITY_SECTION"),
    "SDVRP": ("DEMAND_SECTION", "VEHICLES_ALLOWED_CLIENTS_SECTION"),
    "SDVRPTW": ("DEMAND_SECTION", "VEHICLES_ALLOWED_CLIENTS_SECTION", "TIME_WINDOW_SECTION"),
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
    "RELEASE_TIME_SECTION": {"release time": "release"},
    "BACKHAUL_SECTION": {"backhaul": "pickup"},
    "PRIZE_SECTION": {"prize": "prize"},
}
"""Sections with a row a node: what each column is called, and the field that it fills."""

NEUTRAL_AT_DEPOTS = {
    "DEMAND_SECTION": "demand",
    "SERVICE_TIME_SECTION": "service time",
    "RELEASE_TIME_SECTION": "release time",
    "BACKHAUL_SECTION": "backhaul",
    "PRIZE_SECTION": "prize",
}
"""Sections whose column must be 0 at a depot."""

VEHICLE_HEADERS = {
    "CAPACITY": "capacity",
    "DISTANCE": "max_distance",
    "VEHICLES": "count",
    "VEHICLES_MAX_DISTANCE": "max_distance",
    "VEHICLES_MAX_DURATION": "max_duration",
}
"""Headers that say something of every vehicle, and the field that they fill."""

MOST_RELOADS = "VEHICLES_MAX_RELOADS"
"""The header that says how often every vehicle may reload; a section says it of each."""

STRUCTURE = frozenset(
    "NAME TYPE DIMENSION EDGE_WEIGHT_TYPE EDGE_WEIGHT_FORMAT SERVICE_TIME "
    "NODE_COORD_SECTION EDGE_WEIGHT_SECTION DEPOT_SECTION".split()
)
IGNORED = frozenset("COMMENT NODE_COORD_TYPE DISPLAY_DATA_TYPE DISPLAY_DATA_SECTION".split())
KNOWN = STRUCTURE | IGNORED | NODE_SECTIONS.keys() | VEHICLE_HEADERS.keys() | FLEET_SECTIONS
KNOWN |= {MOST_RELOADS}


def read_vrplib(text: str, round: str | None = None) -> Problem:
    """The problem in the text of a ``.vrp``, ``.tsp`` or ``.atsp`` file.

    `round` labels the arc rule that replaces that of a plane EDGE_WEIGHT_TYPE. Depots become the
    first nodes wherever they stand in the file; `Problem.node_id` keeps the file's numbers. A
    DISTANCE bounds a route's length, or its duration where the file has service times or windows.
    A client with a prize need not be served. A vehicle that may reload does so as often as it likes
    unless the file tells. In a file of TYPE VRPB linehauls come first on every
    route, and none has backhauls alone.

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
    depots = _depots(file, dimension)
    for name, table in nodes.items():
        for column, field in NODE_SECTIONS[name].items():
            raw[field] = table.column(column, least=0.0)
    if "prize" in raw:
        raw["required"] = (raw["prize"] == 0.0).astype(np.float64)
    reloads = _fleet(file, raw, dimension, depots)
    if kind == "OVRP":
        raw["end_depot"] = np.full(len(raw.get("count", [0])), float(NOWHERE))
    if "SERVICE_TIME" in file.headers:
        raw["service"] = np.full(dimension, _number(file, "SERVICE_TIME"))
        raw["service"][depots] = 0.0
    _check_nodes(nodes, raw, depots)
    if "DISTANCE" in file.headers and not raw.keys().isdisjoint(("service", "tw_early")):
        if "max_duration" in raw:
            raise file.headers["DISTANCE"].error("none beside a limit of the duration")
        raw["max_duration"] = raw.pop("max_distance")
    if not TYPES[kind]:
        raw["count"] = np.ones(1)
    arcs, rule = _arcs(file, dimension, round)
    raw |= arcs
    if "backhaul" in raw:
        backhaul = raw.pop("backhaul")
        raw["pickup"] = np.where(backhaul, raw["delivery"], 0.0)
        raw["delivery"] = np.where(backhaul, 0.0, raw["delivery"])

    order = np.concatenate((depots, np.delete(np.arange(dimension), depots)))
    title = file.headers.get("NAME")
    problem = exact_problem(
        _arranged(raw, order),
        rule,
        name=title.value if title else "",
        node_id=tuple(map(str, (order + 1).tolist())),
        num_depots=len(depots),
    )
    if reloads:
        problem = problem.replace(reloads=reloads)
    if "pickup" not in raw:
        return problem
    return problem.replace(backhaul=Backhaul.LINEHAUL_FIRST, backhaul_only_routes=False)


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
        service = key in ("DEPOT_SECTION", "SERVICE_TIME", MOST_RELOADS) or key in FLEET_SECTIONS
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


def _depots(file: KeywordFile, dimension: int) -> list[int]:
    """Indices of the depots among the file's nodes: the first node unless the file tells."""
    if "DEPOT_SECTION" not in file.sections:
        return [0]
    block = file.sections["DEPOT_SECTION"]
    listed = block.listed("node", dimension)
    if len(set(listed)) != len(listed):
        raise block.error("a depot is listed twice, expected once")
    if not listed or (len(listed) > 1 and {DEPOTS, RELOAD_DEPOTS}.isdisjoint(file.sections)):
        raise block.error(f"found {len(listed)} depots, expected 1 where no {DEPOTS} follows")
    return [node - 1 for node in listed]


def _fleet(
    file: KeywordFile, raw: dict[str, Array], dimension: int, depots: list[int]
) -> tuple[Reload, ...]:
    """What headers say of every vehicle, and sections of each, into `raw`; where they reload."""
    given: dict[str, Header] = {}
    for key, field in VEHICLE_HEADERS.items():
        if key not in file.headers:
            continue
        header = file.headers[key]
        if field in given:
            raise ReadError(
                f"found both {given[field].key} and {key}, expected one", line=header.line
            )
        given[field] = header
        value = _whole(file, key, 1) if field == "count" else _number(file, key)
        raw[field] = np.array([value], dtype=np.float64)
    sections = [file.sections[name] for name in file.sections if name in FLEET_SECTIONS]
    most = UNLIMITED
    if MOST_RELOADS in file.headers:
        most = _whole(file, MOST_RELOADS, 0)
        if RELOAD_DEPOTS not in file.sections or f"{MOST_RELOADS}_SECTION" in file.sections:
            expected = f"none without {RELOAD_DEPOTS} or beside {MOST_RELOADS}_SECTION"
            raise file.headers[MOST_RELOADS].error(expected)
    if not sections:
        return ()
    vehicles = _whole(file, "VEHICLES", 1)
    found, reloads = read_fleet(file, vehicles, dimension, depots, most)
    for field, header in given.items():
        if field != "count" and field in found:
            raise header.error("none beside a section that tells it of each vehicle")
        raw[field] = np.full(len(found["count"]), raw[field][0])
    raw |= found
    return reloads


def _check_nodes(nodes: dict[str, Table], raw: dict[str, Array], depots: list[int]) -> None:
    """What a value cannot know by itself."""
    for section, column in NEUTRAL_AT_DEPOTS.items():
        for depot in depots:
            if section in nodes:
                nodes[section].expect_zero(column, depot, "the depot")
    for section in ("DEMAND_SECTION", "BACKHAUL_SECTION"):
        if section in nodes and "capacity" in raw:
            most = float(raw["capacity"].max())
            nodes[section].expect_at_most(NEUTRAL_AT_DEPOTS[section], most, "CAPACITY")
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
        demands = "DEMAND_SECTION" in file.sections and "BACKHAUL_SECTION" not in file.sections
        raw |= _places(file.section("NODE_COORD_SECTION"), dimension, kinds=demands)
    if round is not None and measure in ("EXPLICIT", "ATT", "GEO"):
        raise header.error(f"coordinates in the plane, or no rounding rule ({round})")
    default = COORDINATE_RULES.get(measure, ArcRule.NEAREST)
    return raw, default if round is None else ArcRule.from_label(round)


def _places(block: Block, dimension: int, *, kinds: bool) -> dict[str, Array]:
    """Coordinates and, if rows may have a fourth number, whether a client is a backhaul.

    So it stands in the files of Queiroga et al. (2020): -1 depot, 0 linehaul, 1 backhaul.
    """
    _, first = next(block.rows(), (0, []))
    if len(first) != 4 or not kinds:
        return {"coords": Table.read(block, "node", ("x", "y"), 1, dimension).values}
    table = Table.read(block, "node", ("kind", "x", "y"), 1, dimension)
    kind = table.column("kind")
    for node in np.flatnonzero(~np.isin(kind, (-1.0, 0.0, 1.0)))[:1]:
        raise table.error(int(node), f"kind is {kind[node]:g}, expected -1, 0 or 1")
    return {"coords": table.values[:, 1:], "backhaul": kind == 1.0}


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
