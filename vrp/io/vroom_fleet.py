"""The vehicles in VROOM's JSON: working hours, limits, breaks, speed and prices."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import cast

import numpy as np

from polyroute.vrp.errors import ReadError
from polyroute.vrp.io.jsontext import Json, Object, pointer, shown
from polyroute.vrp.io.vroom_arcs import HOUR, Tariff
from polyroute.vrp.io.vroom_tasks import description, read_windows, rows
from polyroute.vrp.problem import UNLIMITED, Array
from polyroute.vrp.structure import Break

SLOWEST = 0.001  # of speed factors


def read_fleet(vehicles: Sequence[Object], time: int, cost: int) -> dict[str, object]:
    """Fields of vehicle types, one a vehicle; `time` and `cost` are steps a unit."""
    shifts = [cast("list[int]", row.get("time_window", [0, UNLIMITED])) for row in vehicles]
    for number, (early, late) in enumerate(shifts):
        if early > late:
            raise ReadError(
                f"the window begins at {early} and ends at {late}",
                pointer=f"/vehicles/{number}/time_window",
            )
    fixed = [cast("dict[str, int]", row.get("costs", {})).get("fixed", 0) for row in vehicles]
    for number, price in enumerate(fixed):
        if price * cost >= UNLIMITED:
            raise ReadError(
                f"found {price}, expected less than 2^50 / {cost}",
                pointer=f"/vehicles/{number}/costs/fixed",
            )
    stops = [cast("int", row.get("max_tasks", UNLIMITED)) for row in vehicles]
    early, late = np.array(shifts).T
    return {
        "count": np.ones(len(vehicles), dtype=np.int64),
        "shift_early": in_steps(early, time),
        "shift_late": in_steps(late, time),
        "fixed_cost": np.array(fixed) * cost,
        "max_stops": np.array(stops),
        "vehicle_id": tuple(str(row["id"]) for row in vehicles),
        "vehicle_name": tuple(description(row) for row in vehicles),
    }


def read_breaks(vehicles: Sequence[Object], width: int, time: int) -> tuple[Break, ...]:
    """The breaks, those of a vehicle in the order of their windows, taken on the road."""
    breaks: list[Break] = []
    for number, row in enumerate(vehicles):
        own = []
        for index, pause in enumerate(rows(row, "breaks")):
            where = ("vehicles", number, "breaks", index)
            windows = read_windows(pause, where) or [(0, UNLIMITED)]
            limits = cast("list[int]", pause.get("max_load", []))
            if limits and len(limits) != width:
                raise ReadError(
                    f"found {shown(cast('Json', limits))}, expected {width} numbers, as "
                    "in the capacity of the first vehicle",
                    pointer=pointer([*where, "max_load"]),
                )
            steps = [tuple(in_steps(np.array(window), time).tolist()) for window in windows]
            duration = int(in_steps(np.array(pause.get("service", 0)), time))
            name = str(pause["id"])
            own.append(Break(number, tuple(steps), duration, tuple(limits), name, on_the_road=True))
        breaks += sorted(own, key=lambda pause: (pause.windows[0][0], pause.windows[-1][1]))
    return tuple(breaks)


def read_tariff(row: Object, number: int) -> Tariff:
    """The speed and the prices of a vehicle. Raises ReadError for one too slow to count."""
    costs = cast("dict[str, int]", row.get("costs", {}))
    speed = float(cast("Decimal", row.get("speed_factor", 1)))
    if speed < SLOWEST:
        raise ReadError(
            f"found {speed:g}, expected at least {SLOWEST}",
            pointer=f"/vehicles/{number}/speed_factor",
        )
    return Tariff(
        speed=speed,
        per_hour=costs.get("per_hour", HOUR),
        per_task_hour=costs.get("per_task_hour", 0),
        per_km=costs.get("per_km", 0),
        max_travel_time=cast("int | None", row.get("max_travel_time")),
        max_distance=cast("int | None", row.get("max_distance")),
    )


def in_steps(values: Array, scale: int) -> Array:
    """Times in steps; UNLIMITED stays."""
    return np.where(values >= UNLIMITED // scale, UNLIMITED, values * scale)
