"""Read VRPLIB and CVRPLIB ``.vrp``, and TSPLIB ``.tsp`` and ``.atsp`` files: sections → Problem.

References: G. Reinelt, "TSPLIB 95", 1995; http://vrp.galgos.inf.puc-rio.br (CVRPLIB). What goes
beyond them follows PyVRP (several depots and loads, fleets, reloads, prizes, groups), LKH-3
(shipments, backhauls, many TYPEs) and OptaPlanner (names, any numbers, windows beside demands).
"""

from __future__ import annotations

import numpy as np

from polyroute.vrp.errors import ReadError
from polyroute.vrp.io.exact import exact_problem
from polyroute.vrp.io.keywords import Header, KeywordFile, parse_keywords
from polyroute.vrp.io.numbering import Numbering
from polyroute.vrp.io.text import integer, number
from polyroute.vrp.io.vrplib.fleet import (
    CAPACITIES,
    DEPOTS,
    FLEET_SECTIONS,
    RELOAD_DEPOTS,
    read_fleet,
)
from polyroute.vrp.io.vrplib.kinds import SHIPMENTS, Kind, check_needs, read_kind
from polyroute.vrp.io.vrplib.nodes import (
    BACKHAULS,
    DEMANDS,
    NODE_SECTIONS,
    SINGLE,
    Nodes,
    has_windows_beside,
)
from polyroute.vrp.io.vrplib.places import COORDINATE_RULES, read_places
from polyroute.vrp.io.vrplib.relations import GROUPS, read_groups, read_shipments
from polyroute.vrp.problem import ATTRIBUTES, NOWHERE, UNLIMITED, Backhaul, Problem
from polyroute.vrp.remarks import remark
from polyroute.vrp.structure import Group, Pair, Reload

__all__ = ["COORDINATE_RULES", "read_vrplib"]

Array = np.ndarray

VEHICLE_HEADERS = {
    "CAPACITY": "capacity",
    "DISTANCE": "max_distance",
    "VEHICLES": "count",
    "SALESMEN": "count",
    "VEHICLES_MAX_DISTANCE": "max_distance",
    "VEHICLES_MAX_DURATION": "max_duration",
}
"""Headers that say something of every vehicle, and the field that they fill."""

MOST_RELOADS = "VEHICLES_MAX_RELOADS"
"""The header that says how often every vehicle may reload; a section says it of each."""

STRUCTURE = frozenset(
    "NAME TYPE DIMENSION EDGE_WEIGHT_TYPE EDGE_WEIGHT_FORMAT SCALE SERVICE_TIME "
    "NODE_COORD_SECTION EDGE_WEIGHT_SECTION DEPOT_SECTION".split()
)
IGNORED = frozenset(
    "COMMENT NODE_COORD_TYPE DISPLAY_DATA_TYPE DISPLAY_DATA_SECTION "
    "EDGE_WEIGHT_UNIT_OF_MEASUREMENT".split()
)
KNOWN = STRUCTURE | IGNORED | NODE_SECTIONS | VEHICLE_HEADERS.keys() | FLEET_SECTIONS
KNOWN |= {MOST_RELOADS, SHIPMENTS, GROUPS}


def read_vrplib(text: str, round: str | None = None) -> Problem:
    """The problem in the text of a ``.vrp``, ``.tsp`` or ``.atsp`` file.

    `round` labels the arc rule that replaces that of a plane EDGE_WEIGHT_TYPE. Depots become the
    first nodes wherever they stand in the file; `Problem.node_id` keeps the file's numbers. A
    DISTANCE bounds a route's length, or its duration where the file has service times or windows.
    A client with a prize need not be served; of a group exactly one is. A vehicle that may reload
    does so as often as it likes unless the file tells. Where TYPE has a B, linehauls come first on
    every route, and none has backhauls alone. A depot's service time is what loading takes: it is
    added to the travel time of every arc that leaves the depot.

    Raises
    ------
    ReadError
        For everything that is malformed or that this reader does not know, with its line.
    """
    file = parse_keywords(text)
    kind = read_kind(file)
    _refuse_unknown(file)
    check_needs(file, kind, windows=has_windows_beside(file, kind))
    numbering = _numbering(file)
    depots = _depots(file, numbering)
    places = read_places(file, numbering, round, kinds=file.has("DEMAND_SECTION"))
    nodes = Nodes(file, kind, numbering, depots)
    pairs = read_shipments(nodes)
    groups = read_groups(file, numbering, depots)
    vehicles, reloads = _fleet(file, kind, numbering, depots)
    nodes.check(vehicles.get("capacity"), {node for group in groups for node in group})
    if "DISTANCE" in file.headers and not nodes.raw.keys().isdisjoint(("service", "tw_early")):
        if "max_duration" in vehicles:
            raise file.headers["DISTANCE"].error("none beside a limit of the duration")
        vehicles["max_duration"] = vehicles.pop("max_distance")
    ordered = nodes.part_backhauls(places.backhauls) or kind.linehauls_first
    raw = nodes.raw | vehicles | places.raw
    _remark_on_loads(file, raw)
    loading = raw["service"][depots] if "service" in raw else np.zeros(0)
    if loading.any():
        raw["service"] = raw["service"].copy()
        raw["service"][depots] = 0.0

    order = np.concatenate((depots, np.delete(np.arange(len(numbering.numbers)), depots)))
    new = dict(zip(order.tolist(), range(len(order)), strict=True))
    labels = list(map(str, numbering.numbers))
    title = file.headers.get("NAME")
    problem = exact_problem(
        _arranged(raw, order),
        places.rule,
        name=title.value if title else "",
        node_id=tuple(map(labels.__getitem__, order.tolist())),
        num_depots=len(depots),
        pairs=tuple(Pair(*ends).renumber(new) for ends in pairs),
        loading=loading if loading.any() else None,
    )
    changes: dict[str, object] = {}
    if places.names:
        changes["node_name"] = tuple(places.names[node] for node in order)
    if groups:
        changes["groups"] = tuple(Group(tuple(group)).renumber(new) for group in groups)
    if reloads:
        changes["reloads"] = reloads
    if "pickup" in raw and not pairs:
        changes["backhaul"] = Backhaul.LINEHAUL_FIRST if ordered else Backhaul.MIXED
        changes["backhaul_only_routes"] = not ordered
    return problem.replace(**changes) if changes else problem


def _refuse_unknown(file: KeywordFile) -> None:
    """Raise ReadError for the first header or section that this reader does not know."""
    for key in sorted({*file.headers, *file.sections}, key=file.line_of):
        if key not in KNOWN:
            what = "section" if key in file.sections else "header"
            message = f"the {what} {key} is unknown or not supported"
            raise ReadError(message, line=file.line_of(key))


def _numbering(file: KeywordFile) -> Numbering:
    """The numbers of the nodes, as the first section with a row of each lists them."""
    dimension = _whole(file, "DIMENSION", 1)
    telling = ("NODE_COORD_SECTION", *DEMANDS, SHIPMENTS, *SINGLE)
    block = next((file.sections[name] for name in telling if name in file.sections), None)
    if block is None:
        return Numbering(range(1, dimension + 1))
    return Numbering.of(block, first=1, size=dimension)


def _whole(file: KeywordFile, key: str, least: int) -> int:
    header = file.header(key)
    return integer(header.value, key, header.line, least)


def _amounts(header: Header) -> list[float]:
    """The numbers from 0 on that a header holds, one unless it speaks of several loads."""
    words = header.value.split() if header.key == "CAPACITY" else [header.value]
    values = [number(word, header.key, header.line) for word in words]
    if not values or min(values) < 0:
        raise header.error("0 or more")
    return values


def _remark_on_loads(file: KeywordFile, raw: dict[str, Array]) -> None:
    """Say where there are loads without a capacity, or a capacity without loads."""
    loads = [name for name in (*DEMANDS, SHIPMENTS, BACKHAULS) if name in file.sections]
    if "capacity" in raw and not loads:
        name = CAPACITIES if CAPACITIES in file.sections else "CAPACITY"
        remark(f"{name} bounds nothing: no {DEMANDS[0]} tells demands", line=file.line_of(name))
    carried = any(raw[field].any() for field in ("delivery", "pickup") if field in raw)
    if "capacity" not in raw and carried:
        remark(
            f"nothing bounds the loads in {loads[0]}: there is no CAPACITY",
            line=file.line_of(loads[0]),
        )


def _depots(file: KeywordFile, numbering: Numbering) -> list[int]:
    """The depots as places among the file's nodes: the first node unless the file tells."""
    if "DEPOT_SECTION" not in file.sections:
        return [0]
    block = file.sections["DEPOT_SECTION"]
    numbers = numbering.numbers
    stranger = 1 not in numbering and [words for _, words in block.rows()][:1] == [["1"]]
    listed = block.listed("node", (*numbers, 1) if stranger else numbers)
    if stranger:
        remark(
            f"DEPOT_SECTION names node 1, which there is not: the first node, {numbers[0]}, is "
            "taken for the depot",
            line=block.start,
        )
        listed = [numbers[0] if node == 1 else node for node in listed]
    if len(set(listed)) != len(listed):
        raise block.error("a depot is listed twice, expected once")
    if not listed or (len(listed) > 1 and not file.has(DEPOTS, RELOAD_DEPOTS)):
        raise block.error(f"found {len(listed)} depots, expected 1 where no {DEPOTS} follows")
    return numbering.places(listed)


def _fleet(
    file: KeywordFile, kind: Kind, numbering: Numbering, depots: list[int]
) -> tuple[dict[str, Array], tuple[Reload, ...]]:
    """What headers say of every vehicle, and sections of each, by field; where they reload."""
    raw: dict[str, Array] = {}
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
        values = [_whole(file, key, 1)] if field == "count" else _amounts(header)
        raw[field] = np.array([values] if field == "capacity" else values, dtype=np.float64)
    most = UNLIMITED
    if MOST_RELOADS in file.headers:
        most = _whole(file, MOST_RELOADS, 0)
        if RELOAD_DEPOTS not in file.sections or f"{MOST_RELOADS}_SECTION" in file.sections:
            expected = f"none without {RELOAD_DEPOTS} or beside {MOST_RELOADS}_SECTION"
            raise file.headers[MOST_RELOADS].error(expected)
    reloads: tuple[Reload, ...] = ()
    if not FLEET_SECTIONS.isdisjoint(file.sections):
        if "count" not in given:
            raise ReadError("the header VEHICLES is missing", line=file.last_line)
        found, reloads = read_fleet(file, int(raw["count"][0]), numbering, depots, most)
        for field, header in given.items():
            if field != "count" and field in found:
                raise header.error("none beside a section that tells it of each vehicle")
            raw[field] = np.repeat(raw[field], len(found["count"]), axis=0)
        raw |= found
    if kind.is_open:
        raw["end_depot"] = np.full(len(raw.get("count", [0])), float(NOWHERE))
    if kind.one_vehicle and "count" not in raw:
        raw["count"] = np.ones(1)
    return raw, reloads


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
