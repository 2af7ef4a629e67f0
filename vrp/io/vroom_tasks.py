"""The tasks and windows in VROOM's JSON, and what must hold among their ids."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import cast

from polyroute.vrp.errors import ReadError
from polyroute.vrp.io.jsontext import Json, Object, pointer

Window = tuple[int, int]


@dataclass(frozen=True)
class Task:
    """A job or one end of a shipment; `shared` holds what a shipment says of both its ends."""

    kind: str  # job, pickup, delivery
    row: Object
    shared: Object
    where: tuple[str | int, ...]

    @property
    def number(self) -> int:
        """VROOM's id, which tasks of other kinds may share."""
        return cast("int", self.row["id"])


def tasks_of(document: Object) -> list[Task]:
    """The tasks of a valid document, in the order of their clients."""
    tasks = [
        Task("job", row, row, ("jobs", index)) for index, row in enumerate(rows(document, "jobs"))
    ]
    for index, row in enumerate(rows(document, "shipments")):
        for end in ("pickup", "delivery"):
            tasks.append(Task(end, cast("Object", row[end]), row, ("shipments", index, end)))
    return tasks


def rows(table: Object, name: str) -> list[Object]:
    """The objects of a list; none where it is left out."""
    return cast("list[Object]", table.get(name, []))


def by_type(task: Task, name: str, vehicle: Object) -> int:
    """A task's service or setup for a vehicle."""
    special = cast("dict[str, int]", task.row.get(f"{name}_per_type", {}))
    plain = cast("int", task.row.get(name, 0))
    return special.get(cast("str", vehicle.get("type", "")), plain)


def description(row: Object) -> str:
    return cast("str", row.get("description", ""))


def read_windows(row: Object, where: Sequence[str | int]) -> list[Window]:
    """The windows of a task or a break, the earliest first; none where they are left out."""
    given = cast("list[list[int]]", row.get("time_windows", []))
    for index, (early, late) in enumerate(given):
        if early > late:
            raise ReadError(
                f"the window begins at {early} and ends at {late}",
                pointer=pointer([*where, "time_windows", index]),
            )
    found = sorted((early, late) for early, late in given)
    for (_, late), (early, _) in pairwise(found):
        if early <= late:
            raise ReadError(
                f"windows meet or overlap at {early}, expected a gap between them",
                pointer=pointer([*where, "time_windows"]),
            )
    return found


def check_ids(vehicles: Sequence[Object], tasks: Sequence[Task]) -> None:
    """Raise ReadError for an id that comes twice, among tasks twice in one kind."""
    places: list[tuple[str, Object, tuple[str | int, ...]]] = [
        ("vehicle", row, ("vehicles", number)) for number, row in enumerate(vehicles)
    ]
    places += [(task.kind, task.row, task.where) for task in tasks]
    for number, row in enumerate(vehicles):
        for index, pause in enumerate(rows(row, "breaks")):
            places.append((f"break {number}", pause, ("vehicles", number, "breaks", index)))
    seen: dict[tuple[str, Json], str] = {}
    for kind, row, where in places:
        first = seen.setdefault((kind, row["id"]), pointer(where))
        if first != pointer(where):
            raise ReadError(
                f"the id {row['id']} is also that of {first}, expected another",
                pointer=pointer([*where, "id"]),
            )
