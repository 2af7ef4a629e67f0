"""Ids for VROOM, which are whole numbers: those of a problem read from it, else numbers from 1."""

from __future__ import annotations

import re
from collections.abc import Sequence

from polyroute.vrp.problem import UNLIMITED, Problem

TASK_ID = re.compile(r"(?:pickup |delivery )?(\d{1,18})", re.ASCII)
VEHICLE_ID = re.compile(r"(\d{1,18})", re.ASCII)


def task_kinds(problem: Problem) -> list[str]:
    """What each node is: depot, job, or pickup or delivery of a shipment."""
    kinds = ["depot"] * problem.num_depots + ["job"] * problem.num_clients
    for pair in problem.pairs:
        kinds[pair.pickup], kinds[pair.delivery] = "pickup", "delivery"
    return kinds


def task_numbers(problem: Problem) -> list[int]:
    """VROOM's id of each node: the client's own where all of a kind have one, else his number."""
    kinds = task_kinds(problem)[problem.num_depots :]
    own = _own(TASK_ID, problem.node_id, problem.num_depots)
    if own is None or len({*zip(kinds, own, strict=True)}) < problem.num_clients:
        own = [*range(1, problem.num_clients + 1)]
    return [0] * problem.num_depots + own


def vehicles(problem: Problem) -> list[tuple[int, int]]:
    """Each vehicle's id and type: the types' own ids where they are one vehicle each.

    Where their number is not limited, there are as many as there are clients.
    """
    own = _own(VEHICLE_ID, problem.vehicle_id, 0)
    if own is not None and len({*own}) == len(own) and (problem.count == 1).all():
        return [*zip(own, range(len(own)), strict=True)]
    enough = problem.num_clients
    numbers = [enough if count >= UNLIMITED else min(count, enough) for count in problem.count]
    types = [kind for kind, number in enumerate(numbers) for _ in range(number)]
    return [*enumerate(types, start=1)]


def _own(form: re.Pattern[str], ids: Sequence[str], first: int) -> list[int] | None:
    """The numbers in ids, None unless each has one."""
    found = [form.fullmatch(id) for id in ids[first:]]
    return [int(match[1]) for match in found if match] if all(found) else None
