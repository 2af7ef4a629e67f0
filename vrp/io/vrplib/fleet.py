"""What VRPLIB's extended dialect says of each vehicle: rows a vehicle → vehicle types.

Sections as PyVRP reads and writes them (https://pyvrp.org, "VRPLIB format"). Neighbouring vehicles
that agree in everything become one type, so that vehicle k of the file is found again by counting.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from polyroute.vrp.io.keywords import KeywordFile
from polyroute.vrp.io.numbering import Numbering
from polyroute.vrp.io.text import Block, Table, integer, spoken
from polyroute.vrp.problem import UNLIMITED
from polyroute.vrp.structure import Reload

Array = np.ndarray

CAPACITIES = "CAPACITY_SECTION"
VEHICLE_SECTIONS = {
    "VEHICLES_FIXED_COST_SECTION": "fixed_cost",
    "VEHICLES_UNIT_DISTANCE_COST_SECTION": "unit_distance_cost",
    "VEHICLES_MAX_DISTANCE_SECTION": "max_distance",
    "VEHICLES_MAX_DURATION_SECTION": "max_duration",
}
"""Sections with one number a vehicle, and the field that it fills."""

DEPOTS, CLIENTS = "VEHICLES_DEPOT_SECTION", "VEHICLES_ALLOWED_CLIENTS_SECTION"
RELOAD_DEPOTS, MAX_RELOADS = "VEHICLES_RELOAD_DEPOT_SECTION", "VEHICLES_MAX_RELOADS_SECTION"

FLEET_SECTIONS = frozenset(
    (CAPACITIES, *VEHICLE_SECTIONS, DEPOTS, CLIENTS, RELOAD_DEPOTS, MAX_RELOADS)
)


def read_fleet(
    file: KeywordFile,
    vehicles: int,
    numbering: Numbering,
    depots: Sequence[int],
    most_reloads: int,
) -> tuple[dict[str, Array], tuple[Reload, ...]]:
    """Attributes of the vehicle types, by name, from the sections on `vehicles` vehicles.

    `depots` are the file's depots as indices from 0; `most_reloads` holds where no section tells
    it of each vehicle. What is `allowed` has a row for each of the file's nodes, in its order.
    Beside them stands where the types reload. Raises ReadError for what is malformed, with its
    line.
    """
    columns: dict[str, Array] = {}
    if CAPACITIES in file.sections:
        columns["capacity"] = _capacities(file.sections[CAPACITIES], vehicles)
    for name, field in VEHICLE_SECTIONS.items():
        if name in file.sections:
            table = Table.read(file.sections[name], "vehicle", (field,), 1, vehicles)
            columns[field] = table.column(field, least=0.0)
    if DEPOTS in file.sections:
        columns["start_depot"] = columns["end_depot"] = _depots(
            file.sections[DEPOTS], vehicles, numbering, list(depots)
        )
    kinds = np.column_stack([np.zeros((vehicles, 0)), *columns.values()])
    allowed = None
    if CLIENTS in file.sections:
        allowed = _listed(file.sections[CLIENTS], "client", vehicles, numbering)
        allowed[:, list(depots)] = True
        kinds = np.concatenate([kinds, allowed], axis=1)
    reload_at, most = _reloads(file, vehicles, numbering, list(depots), most_reloads)
    kinds = np.concatenate([kinds, reload_at, most[:, None]], axis=1)
    new = np.ones(vehicles, dtype=bool)
    new[1:] = (kinds[1:] != kinds[:-1]).any(axis=1)
    first = np.flatnonzero(new)
    fleet = {field: values[first] for field, values in columns.items()}
    fleet["count"] = np.diff(np.append(first, vehicles)).astype(np.float64)
    if allowed is not None:
        fleet["allowed"] = allowed[first].T.astype(np.float64)
    reloads = tuple(
        Reload(kind, tuple(np.flatnonzero(reload_at[vehicle]).tolist()), int(most[vehicle]))
        for kind, vehicle in enumerate(first)
        if reload_at[vehicle].any()
    )
    return fleet, reloads


def _capacities(block: Block, vehicles: int) -> Array:
    """What each vehicle holds, (vehicles, loads): as many loads as the first row has numbers."""
    loads = max(len(next(block.rows(), (0, [""]))[1]) - 1, 1)
    names = ("capacity",) if loads == 1 else tuple(f"capacity {k}" for k in range(1, loads + 1))
    table = Table.read(block, "vehicle", names, 1, vehicles)
    return np.stack([table.column(name, least=0.0) for name in names], axis=1)


def _depots(block: Block, vehicles: int, numbering: Numbering, depots: list[int]) -> Array:
    """The place of each vehicle's depot among the depots."""
    table = Table.read(block, "vehicle", ("depot",), 1, vehicles)
    known = [numbering.numbers[depot] for depot in depots]
    nodes = table.column("depot")
    for vehicle, node in enumerate(nodes):
        if node not in known:
            raise table.error(vehicle, f"depot is {node:g}, expected {spoken(known)}")
    return np.array([known.index(int(node)) for node in nodes], dtype=np.float64)


def _reloads(
    file: KeywordFile, vehicles: int, numbering: Numbering, depots: list[int], most: int
) -> tuple[Array, Array]:
    """At which of the depots each vehicle may reload, (vehicles, depots), and how often."""
    limits = np.full(vehicles, most, dtype=np.int64)
    if RELOAD_DEPOTS not in file.sections:
        if MAX_RELOADS in file.sections:
            raise file.sections[MAX_RELOADS].error(f"found no {RELOAD_DEPOTS}, expected both")
        return np.zeros((vehicles, len(depots)), dtype=bool), np.full(vehicles, UNLIMITED)
    block = file.sections[RELOAD_DEPOTS]
    listed = _listed(block, "depot", vehicles, numbering, depots)
    if MAX_RELOADS in file.sections:
        block = file.sections[MAX_RELOADS]
        table = Table.read(block, "vehicle", ("reloads",), 1, vehicles)
        values = table.column("reloads", least=0.0)
        for vehicle in np.flatnonzero(values % 1)[:1]:
            raise table.error(int(vehicle), f"reloads is {values[vehicle]:g}, expected no fraction")
        limits = values.astype(np.int64)
    return listed[:, depots], limits


def _listed(
    block: Block,
    what: str,
    vehicles: int,
    numbering: Numbering,
    only: Sequence[int] | None = None,
) -> Array:
    """Whether each vehicle's row lists each node, (vehicles, nodes); `only` these places."""
    found = np.zeros((vehicles, len(numbering.numbers)), dtype=bool)
    known = numbering.numbers if only is None else [numbering.numbers[place] for place in only]
    named = set(known)
    seen: set[int] = set()
    for row, (line, words) in enumerate(block.rows()):
        vehicle = integer(words[0], f"{block.name}: vehicle", line, 1)
        nodes = [integer(word, f"{block.name}: node", line, 0) for word in words[1:]]
        if vehicle in seen:
            raise block.error(f"vehicle {vehicle} is listed twice, expected once", row)
        if vehicle > vehicles:
            raise block.error(f"vehicle is {vehicle}, expected 1 to {vehicles}", row)
        seen.add(vehicle)
        for node in nodes:
            if node not in named:
                raise block.error(f"{what} is {node}, expected {spoken(known)}", row)
        found[vehicle - 1, numbering.places(nodes)] = True
    if len(seen) != vehicles:
        missing = next(k for k in range(1, vehicles + 1) if k not in seen)
        raise block.error(f"vehicle {missing} is missing, expected 1 to {vehicles}")
    return found
