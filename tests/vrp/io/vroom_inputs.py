"""Small inputs for VROOM: one by hand, and random ones with chosen features."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import numpy as np

from polyroute.vrp.problem import Problem

Document = dict[str, Any]

DURATIONS = [[0, 101, 203], [103, 0, 307], [207, 311, 0]]

SMALL: Document = {
    "vehicles": [
        {"id": 7, "description": "van", "start_index": 0, "end_index": 0, "capacity": [4, 9]},
        {"id": 3, "start_index": 2, "capacity": [9, 9], "skills": [5], "time_window": [10, 2000]},
    ],
    "jobs": [
        {"id": 1, "location_index": 1, "delivery": [1, 2], "service": 30, "priority": 2},
        {"id": 2, "location_index": 2, "pickup": [3, 0], "skills": [5]},
    ],
    "shipments": [
        {
            "amount": [1, 1],
            "pickup": {"id": 4, "location_index": 1, "description": "parcel"},
            "delivery": {"id": 5, "location_index": 2, "time_windows": [[400, 900]]},
        }
    ],
    "matrices": {"car": {"durations": DURATIONS}},
}


FEATURES = (
    "loads windows service setup types shipments skills priority open shift max_tasks travel "
    "distance prices matrix speed breaks"
).split()
"""Words for `random_input`, all that it knows."""


def random_input(seed: int, features: str) -> Document:
    """An input of a handful of tasks; `features` are words that `_task` and `_vehicle` know."""
    rng = np.random.default_rng(seed)
    chosen = features.split()
    size = int(rng.integers(5, 9))
    places = rng.integers(0, 300, (size, 2))
    steps = np.sqrt(((places[:, None] - places[None]) ** 2).sum(axis=2))
    durations = np.rint(steps * rng.uniform(0.8, 1.2, (size, size))).astype(int)
    distances = (durations * rng.uniform(5.0, 20.0, (size, size))).astype(int)
    matrices = {"durations": durations.tolist()}
    if {"prices", "distance"} & {*chosen}:
        matrices["distances"] = distances.tolist()
    if {"matrix", "prices"} & {*chosen} == {"matrix"}:  # VROOM takes one of them
        matrices["costs"] = rng.integers(0, 500, (size, size)).tolist()
    jobs = []
    for number in range(int(rng.integers(3, 8))):
        job = {"id": number + 1} | _task(rng, chosen, size) | _shared(rng, chosen)
        if "loads" in chosen:
            job[str(rng.choice(["delivery", "pickup"]))] = rng.integers(0, 5, 2).tolist()
        jobs.append(job)
    shipments = []
    for number in range(int(rng.integers(1, 4)) if "shipments" in chosen else 0):
        shipment = _shared(rng, chosen)
        for end in ("pickup", "delivery"):
            shipment[end] = {"id": number + 1} | _task(rng, chosen, size)
        if "loads" in chosen:
            shipment["amount"] = rng.integers(0, 5, 2).tolist()
        shipments.append(shipment)
    vehicles = [
        {"id": number + 10} | _vehicle(rng, chosen, size) for number in range(rng.integers(1, 4))
    ]
    return {
        "vehicles": vehicles,
        "jobs": jobs,
        "shipments": shipments,
        "matrices": {"car": matrices},
    }


def _task(rng: np.random.Generator, chosen: list[str], size: int) -> Document:
    row: Document = {"location_index": int(rng.integers(size))}
    if "service" in chosen:
        row["service"] = int(rng.integers(60))
    if "setup" in chosen:
        row["setup"] = int(rng.integers(40))
    if "types" in chosen:
        row["service_per_type"] = {"a": int(rng.integers(60))}
        row["setup_per_type"] = {"b": int(rng.integers(60))}
    if "windows" in chosen and rng.random() < 0.7:
        early = int(rng.integers(1200))
        row["time_windows"] = [[early, early + int(rng.integers(500))]]
    return row


def _shared(rng: np.random.Generator, chosen: list[str]) -> Document:
    row: Document = {}
    if "skills" in chosen and rng.random() < 0.5:
        row["skills"] = [int(rng.integers(2))]
    if "priority" in chosen and rng.random() < 0.6:
        row["priority"] = int(rng.integers(4))
    return row


def _vehicle(rng: np.random.Generator, chosen: list[str], size: int) -> Document:
    row: Document = {"start_index": int(rng.integers(size)), "end_index": int(rng.integers(size))}
    if "open" in chosen and rng.random() < 0.6:
        del row[str(rng.choice(["start_index", "end_index"]))]
    if "loads" in chosen:
        row["capacity"] = rng.integers(3, 14, 2).tolist()
    if "skills" in chosen:
        row["skills"] = [skill for skill in range(2) if rng.random() < 0.6]
    if "shift" in chosen:
        row["time_window"] = [int(rng.integers(300)), int(rng.integers(900, 2000))]
    if "prices" in chosen:
        names = ("fixed", "per_hour", "per_km", "per_task_hour")
        row["costs"] = {name: int(rng.integers(3000)) for name in names if rng.random() < 0.5}
    if "speed" in chosen:
        row["speed_factor"] = float(np.round(rng.uniform(0.5, 2.0), 2))
    if "max_tasks" in chosen:
        row["max_tasks"] = int(rng.integers(1, 6))
    if "travel" in chosen:
        row["max_travel_time"] = int(rng.integers(200, 900))
    if "distance" in chosen:
        row["max_distance"] = int(rng.integers(2000, 9000))
    if "types" in chosen:
        row["type"] = str(rng.choice(["a", "b"]))
    if "breaks" in chosen:
        row["breaks"] = [
            {"id": number, "service": int(rng.integers(90)), "time_windows": _rests(rng)}
            for number in range(int(rng.integers(3)))
        ]
    return row


def _rests(rng: np.random.Generator) -> list[list[int]]:
    """One or two windows of a break, the first in the middle of any shift."""
    begin = int(rng.integers(300, 800))
    windows = [[begin, begin + int(rng.integers(90))]]
    return windows + ([[1000, 1400]] if rng.random() < 0.4 else [])


def differences(mine: Problem, other: Problem) -> set[str]:
    """The fields that differ, but for the ids of depots, which VROOM knows by location."""
    ids = mine.node_id[: mine.num_depots] + other.node_id[mine.num_depots :]
    again = other.replace(node_id=ids)
    return {
        item.name
        for item in fields(Problem)
        if not np.array_equal(getattr(mine, item.name), getattr(again, item.name))
    }
