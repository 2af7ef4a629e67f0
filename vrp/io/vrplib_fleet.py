"""What VRPLIB's extended dialect says of each vehicle: rows a vehicle → vehicle types.

Sections as PyVRP reads and writes them (https://pyvrp.org, "VRPLIB format"). Neighbouring vehicles
that agree in everything become one type, so that vehicle k of the file is found again by counting.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from vrp.io.keywords import KeywordFile
from vrp.io.text import Block, Table, integer

Array = np.ndarray

VEHICLE_SECTIONS = {
    "CAPACITY_SECTION": "capacity",
    "VEHICLES_FIXED_COST_SECTION": "fixed_cost",
    "VEHICLES_UNIT_DISTANCE_COST_SECTION": "unit_distance_cost",
    "VEHICLES_MAX_DISTANCE_SECTION": "max_distance",
    "VEHICLES_MAX_DURATION_SECTION": "max_duration",
}
"""Sections with one number a vehicle, and the field that it fills."""

DEPOTS, CLIENTS = "VEHICLES_DEPOT_SECTION", "VEHICLES_ALLOWED_CLIENTS_SECTION"

FLEET_SECTIONS = frozenset((*VEHICLE_SECTIONS, DEPOTS, CLIENTS))


def read_fleet(
    file: KeywordFile, vehicles: int, dimension: int, depots: Sequence[int]
) -> dict[str, Array]:
    """Attributes of the vehicle types, by name, from the sections on `vehicles` vehicles.

    `depots` are the file's depots as indices from 0. What is `allowed` has a row for each of the
    file's nodes, in its order. Raises ReadError for what is malformed, with its line.
    """
    columns: dict[str, Array] = {}
    for name, field in VEHICLE_SECTIONS.items():
        if name in file.sections:
            table = Table.read(file.sections[name], "vehicle", (field,), 1, vehicles)
            columns[field] = table.column(field, least=0.0)
    if DEPOTS in file.sections:
        columns["start_depot"] = columns["end_depot"] = _depots(
            file.sections[DEPOTS], vehicles, list(depots)
        )
    kinds = np.stack(list(columns.values()), axis=1) if columns else np.zeros((vehicles, 0))
    allowed = None
    if CLIENTS in file.sections:
        allowed = _allowed(file.sections[CLIENTS], vehicles, dimension, list(depots))
        kinds = np.concatenate([kinds, allowed], axis=1)
    new = np.ones(vehicles, dtype=bool)
    new[1:] = (kinds[1:] != kinds[:-1]).any(axis=1)
    first = np.flatnonzero(new)
    fleet = {field: values[first] for field, values in columns.items()}
    fleet["count"] = np.diff(np.append(first, vehicles)).astype(np.float64)
    if allowed is not None:
        fleet["allowed"] = allowed[first].T.astype(np.float64)
    return fleet


def _depots(block: Block, vehicles: int, depots: list[int]) -> Array:
    """The place of each vehicle's depot among the depots."""
    table = Table.read(block, "vehicle", ("depot",), 1, vehicles)
    nodes = table.column("depot")
    for vehicle, node in enumerate(nodes):
        if node - 1 not in depots:
            known = ", ".join(str(depot + 1) for depot in depots)
            raise table.error(vehicle, f"depot is {node:g}, expected one of {known}")
    return np.array([depots.index(int(node) - 1) for node in nodes], dtype=np.float64)


def _allowed(block: Block, vehicles: int, dimension: int, depots: list[int]) -> Array:
    """Whether each vehicle may serve each node, (vehicles, dimension); depots always count."""
    allowed = np.zeros((vehicles, dimension), dtype=bool)
    allowed[:, depots] = True
    seen: set[int] = set()
    for row, (line, words) in enumerate(block.rows()):
        numbers = [integer(word, f"{block.name}: node", line, 1) for word in words]
        vehicle, clients = numbers[0], numbers[1:]
        if vehicle in seen:
            raise block.error(f"vehicle {vehicle} is listed twice, expected once", row)
        if vehicle > vehicles:
            raise block.error(f"vehicle is {vehicle}, expected 1 to {vehicles}", row)
        seen.add(vehicle)
        if clients and max(clients) > dimension:
            raise block.error(f"client is {max(clients)}, expected 1 to {dimension}", row)
        allowed[vehicle - 1, np.array(clients, dtype=np.int64) - 1] = True
    if len(seen) != vehicles:
        missing = next(k for k in range(1, vehicles + 1) if k not in seen)
        raise block.error(f"vehicle {missing} is missing, expected 1 to {vehicles}")
    return allowed
