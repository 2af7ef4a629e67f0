"""Ids for VROOM, which are whole numbers: those of a problem read from it, else numbers from 1."""

from __future__ import annotations

import re
from collections.abc import Sequence

from polyroute.vrp.io.jsontext import Object
from polyroute.vrp.problem import UNLIMITED, Problem

TASK_ID = re.compile(r"(?:pickup |delivery )?(\d{1,20})", re.ASCII)
NUMBER = re.compile(r"(\d{1,20})", re.ASCII)
LARGEST_ID = 2**64 - 1


def task_kinds(problem: Problem) -> list[str]:
    """What each node is: depot, job, or pickup or delivery of a shipment."""
    kinds = ["depot"] * problem.num_depots + ["job"] * problem.num_clients
    for pair in problem.pairs:
        kinds[pair.pickup], kinds[pair.delivery] = "pickup", "delivery"
    return kinds


def task_numbers(problem: Problem) -> list[int]:
    """VROOM's id of each node: the client's own where all of a kind have one, else his number."""
    kinds = task_kinds(problem)[problem.num_depots :]
    own = _own(TASK_ID, problem.node_id[problem.num_depots :])
    if own is None or len({*zip(kinds, own, strict=True)}) < problem.num_clients:
        own = [*range(1, problem.num_clients + 1)]
    return [0] * problem.num_depots + own


def vehicles(problem: Problem) -> list[tuple[int, int]]:
    """Each vehicle's id and type: the types' own ids where they are one vehicle each.

    Where their number is not limited, there are as many as there are clients.
    """
    own = _own(NUMBER, problem.vehicle_id)
    if own is not None and len({*own}) == len(own) and (problem.count == 1).all():
        return [*zip(own, range(len(own)), strict=True)]
    enough = problem.num_clients
    numbers = [enough if count >= UNLIMITED else min(count, enough) for count in problem.count]
    types = [kind for kind, number in enumerate(numbers) for _ in range(number)]
    return [*enumerate(types, start=1)]


def breaks(problem: Problem, vehicle_type: int) -> list[tuple[int, int]]:
    """The breaks of a vehicle type, in order: VROOM's id and the index.

    The ids are the breaks' own where all of the type's have one, else they count from 1.
    """
    mine = [i for i, pause in enumerate(problem.breaks) if pause.vehicle_type == vehicle_type]
    own = _own(NUMBER, [problem.breaks[index].id for index in mine])
    if own is None or len({*own}) < len(own):
        own = [*range(1, len(mine) + 1)]
    return [*zip(own, mine, strict=True)]


def described(name: str, id: str, number: int) -> Object:
    """A description: the name, else an id that its number does not tell."""
    known = name or ("" if id.rpartition(" ")[2] == str(number) else id)
    return {"description": known} if known else {}


def _own(form: re.Pattern[str], ids: Sequence[str]) -> list[int] | None:
    """The numbers in ids, None unless each has one that VROOM can hold."""
    found = [form.fullmatch(id) for id in ids]
    numbers = [int(match[1]) for match in found if match]
    return numbers if len(numbers) == len(ids) and max(numbers, default=0) <= LARGEST_ID else None
