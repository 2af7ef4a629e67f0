"""The loads in VROOM's JSON: amounts of tasks, and capacities."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import numpy as np

from polyroute.vrp.errors import ReadError
from polyroute.vrp.io.jsontext import Json, Object, pointer, shown
from polyroute.vrp.io.vroom_tasks import Task


def load_width(vehicles: Sequence[Object]) -> int:
    """How many load dimensions there are: those of the first vehicle's capacity."""
    return len(cast("list[int]", vehicles[0].get("capacity", [])))


def read_loads(
    vehicles: Sequence[Object], tasks: Sequence[Task], num_depots: int
) -> dict[str, object]:
    """Deliveries, pickups and capacities, in the dimensions of the first capacity."""
    width = load_width(vehicles)
    if not width:
        _check_no_loads(vehicles, tasks)
        return {}
    loads = {
        name: np.zeros((num_depots + len(tasks), width), dtype=np.int64)
        for name in ("delivery", "pickup")
    }
    for node, task in enumerate(tasks, start=num_depots):
        for name, table in loads.items():
            key = _load_key(task, name)
            if key is not None:
                table[node] = _amounts(task, key, width)
    capacity = []
    for number, row in enumerate(vehicles):
        found = cast("list[int] | None", row.get("capacity"))
        if found is None or len(found) != width:
            raise ReadError(
                f"found {'no capacity' if found is None else shown(cast('Json', found))}, "
                f"expected {width} numbers, as for the first vehicle",
                pointer=f"/vehicles/{number}",
            )
        capacity.append(found)
    return loads | {"capacity": np.array(capacity)}


def _amounts(task: Task, key: str, width: int) -> list[int]:
    amounts = cast("list[int]", task.shared[key])
    if len(amounts) != width:
        where = task.where if task.kind == "job" else task.where[:2]
        raise ReadError(
            f"found {shown(cast('Json', amounts))}, expected {width} numbers, as in the "
            "capacity of the first vehicle",
            pointer=pointer([*where, key]),
        )
    return amounts


def _check_no_loads(vehicles: Sequence[Object], tasks: Sequence[Task]) -> None:
    """Raise ReadError for a load where the first vehicle has no capacity."""
    for task in tasks:
        for name in ("delivery", "pickup"):
            key = _load_key(task, name)
            if key is not None and task.shared[key]:
                _amounts(task, key, 0)
    for number, row in enumerate(vehicles):
        if row.get("capacity"):
            raise ReadError(
                f"found {shown(row['capacity'])}, expected none, as for the first vehicle",
                pointer=f"/vehicles/{number}/capacity",
            )


def _load_key(task: Task, name: str) -> str | None:
    """The key that says what a task delivers or picks up; None for nothing.

    A job's old key ``amount`` means a delivery.
    """
    if task.kind != "job":
        return "amount" if task.kind == name and "amount" in task.shared else None
    if "amount" in task.row:
        beside = {"delivery", "pickup"} & task.row.keys()
        if beside:
            raise ReadError(
                f"found amount beside {min(beside)}, expected delivery and pickup",
                pointer=pointer(task.where),
            )
        return "amount" if name == "delivery" else None
    return name if name in task.row else None
