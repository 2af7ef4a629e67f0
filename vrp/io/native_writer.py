"""Writing a problem as JSON in the user's units, as ``problem.schema.json`` describes it.

It loops over the declaration table, so that a problem survives writing and reading to the last
digit, scales included.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from decimal import Context, Decimal, Inexact
from typing import cast

import numpy as np

from polyroute.vrp.errors import ProblemError
from polyroute.vrp.io.jsontext import Json, Object, layout
from polyroute.vrp.problem import (
    NOWHERE,
    UNLIMITED,
    Attribute,
    Problem,
    Quantity,
    Scales,
    attributes,
)
from polyroute.vrp.structure import Break

FRACTION = Context(prec=100, traps=[Inexact])


def problem_to_json(problem: Problem) -> str:
    """The problem as JSON text, from which `read_problem_json` makes an equal one.

    Raises ProblemError if two clients (depots, vehicle types) share an id, or a scale has a
    prime factor other than 2 and 5, so that its fractions have no end.
    """
    clients = slice(problem.num_depots, None)
    depots = slice(0, problem.num_depots)
    for what, ids in (
        ("depot", problem.node_id[depots]),
        ("client", problem.node_id[clients]),
        ("vehicle type", problem.vehicle_id),
    ):
        _check_ids(what, ids)
    nodes = [_node(problem, node) for node in range(problem.num_nodes)]
    vehicle_types = [_vehicle(problem, number) for number in range(problem.num_vehicle_types)]
    document: dict[str, object] = {
        "name": problem.name,
        "scales": asdict(problem.scales),
        "round": problem.arc_rule.label,
        "backhaul": problem.backhaul.value,
        "backhaul_only_routes": problem.backhaul_only_routes,
        "objective": [term.value for term in problem.objective],
        "depots": nodes[depots],
        "clients": nodes[clients],
        "vehicle_types": vehicle_types,
    }
    id = problem.node_id
    if problem.distance is not None:
        document["matrices"] = [_profile(problem, number) for number in range(problem.size("P"))]
    if problem.pairs:
        document["pairs"] = [
            {"pickup": id[pair.pickup], "delivery": id[pair.delivery]} for pair in problem.pairs
        ]
    if problem.groups:
        document["groups"] = [
            {"clients": [id[node] for node in group.clients], "required": group.required}
            for group in problem.groups
        ]
    kinds = problem.vehicle_id
    if problem.reloads:
        document["reloads"] = [
            {
                "vehicle_type": kinds[reload.vehicle_type],
                "depots": [id[depot] for depot in reload.depots],
                "most": None if reload.most == UNLIMITED else reload.most,
            }
            for reload in problem.reloads
        ]
    if problem.breaks:
        document["breaks"] = [_break(problem, pause) for pause in problem.breaks]
    if problem.pins:
        document["pins"] = [
            {"vehicle_type": kinds[pin.vehicle_type], "visits": [id[node] for node in pin.visits]}
            for pin in problem.pins
        ]
    return layout(cast("Json", document)) + "\n"


def _check_ids(what: str, ids: Sequence[str]) -> None:
    seen = {""}
    for index, id in enumerate(ids):
        if id in seen:
            raise ProblemError(f"the id of {what} {index + 1} is {id!r}, expected one of its own")
        seen.add(id)


def _identity(id: str, name: str) -> Object:
    return {"id": id, "name": name} if name else {"id": id}


def _number(value: int, item: Attribute, scales: Scales) -> Json:
    """A value in the user's units, exactly; null for no limit where the attribute has limits."""
    if value == UNLIMITED and item.neutral in (UNLIMITED, None):
        return None
    if item.quantity is Quantity.FLAG:
        return bool(value)
    return _exact(value, scales.of(item.quantity), item.name)


def _exact(value: int, scale: int, name: str) -> Json:
    """`value` over `scale`, every digit of it."""
    if value % scale == 0:
        return value // scale
    try:
        return FRACTION.divide(Decimal(value), scale)
    except Inexact:
        raise ProblemError(
            f"{name} is {value}/{scale}, whose decimals have no end; "
            "expected a scale that divides a power of ten"
        ) from None


def _break(problem: Problem, pause: Break) -> Object:
    def number(value: int, scale: int, name: str) -> Json:
        return None if value == UNLIMITED else _exact(value, scale, name)

    time, load = problem.scales.time, problem.scales.load
    windows: list[Json] = [
        [number(early, time, "tw"), number(late, time, "tw")] for early, late in pause.windows
    ]
    row: Object = {
        "vehicle_type": problem.vehicle_id[pause.vehicle_type],
        "tw": windows if len(windows) > 1 else windows[0],
        "duration": _exact(pause.duration, time, "duration"),
    }
    if pause.max_load:
        row["max_load"] = [number(value, load, "max_load") for value in pause.max_load]
    if pause.id:
        row["id"] = pause.id
    if pause.on_the_road:
        row["on_the_road"] = True
    return row


def _dense(problem: Problem, item: Attribute, index: int) -> Object:
    """The field of a plain attribute, nothing where it is neutral."""
    row = np.atleast_1d(getattr(problem, item.name)[index])
    numbers = [_number(int(value), item, problem.scales) for value in row]
    neutral = None if item.neutral == UNLIMITED else item.neutral
    several = len(row) > 1
    if all(number == neutral for number in numbers) and not (several and item.name == "capacity"):
        return {}  # but the capacity says how many load dimensions there are
    return {item.name: numbers if several else numbers[0]}


def _node(problem: Problem, node: int) -> Object:
    row = _identity(problem.node_id[node], problem.node_name[node])
    for item in attributes("N"):
        value = getattr(problem, item.name)
        if value is None or item.name == "tw_late":
            continue
        if item.name == "coords":
            row |= {
                axis: _number(int(step), item, problem.scales)
                for axis, step in zip("xy", value[node], strict=True)
            }
        elif item.name == "lonlat":
            row |= {"lon": float(value[node, 0]), "lat": float(value[node, 1])}
        elif item.name == "tw_early":
            row |= _time_windows(problem, node)
        elif item.name == "allowed":
            if not value[node].all():
                row["allowed"] = [problem.vehicle_id[kind] for kind in np.flatnonzero(value[node])]
        elif item.name == "preference":
            if value[node].any():
                row["preference"] = {
                    problem.vehicle_id[kind]: _number(int(value[node, kind]), item, problem.scales)
                    for kind in np.flatnonzero(value[node])
                }
        else:
            row |= _dense(problem, item, node)
    return row


def _time_windows(problem: Problem, node: int) -> Object:
    bounds = {item.name: item for item in attributes("N")}
    early, late = bounds["tw_early"], bounds["tw_late"]
    windows: list[Json] = [
        [_number(int(a), early, problem.scales), _number(int(b), late, problem.scales)]
        for a, b in zip(problem.tw_early[node], problem.tw_late[node], strict=True)
    ]
    if node >= problem.num_depots and len(windows) > 1:
        return {"tw": windows}
    return {} if windows[0] == [0, None] else {"tw": windows[0]}


def _vehicle(problem: Problem, number: int) -> Object:
    row = _identity(problem.vehicle_id[number], problem.vehicle_name[number])
    start, end = int(problem.start_depot[number]), int(problem.end_depot[number])
    for item in attributes("V"):
        value = getattr(problem, item.name)[number]
        if item.name == "start_depot":
            if start:
                row["start_depot"] = problem.node_id[start]
        elif item.name == "end_depot":
            if end != start:
                row["end_depot"] = None if end == NOWHERE else problem.node_id[end]
        elif item.name == "profile":
            if value:
                row["profile"] = int(value) + 1
        elif item.name == "shift_early":
            late = next(item for item in attributes("V") if item.name == "shift_late")
            shift: list[Json] = [
                _number(int(value), item, problem.scales),
                _number(int(problem.shift_late[number]), late, problem.scales),
            ]
            if shift != [0, None]:
                row["shift"] = shift
        elif item.name != "shift_late":
            row |= _dense(problem, item, number)
    return row


def _profile(problem: Problem, number: int) -> Object:
    return {
        item.name: [
            [_number(value, item, problem.scales) for value in row]
            for row in getattr(problem, item.name)[number].tolist()
        ]
        for item in attributes("P")
        if getattr(problem, item.name) is not None
    }
