"""Our own format of problems: JSON as ``problem.schema.json`` describes it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import cast

import numpy as np

from polyroute.vrp.builder import Builder
from polyroute.vrp.errors import ProblemError, ReadError
from polyroute.vrp.io.jsontext import Json, Object, parse, pointer, shown, validate
from polyroute.vrp.io.native_plan import read_solution_json
from polyroute.vrp.io.native_writer import problem_to_json
from polyroute.vrp.problem import Array, Backhaul, Objective, Problem, Quantity, Scales

__all__ = ["problem_to_json", "read_problem_json", "read_solution_json"]

SCHEMA = "problem.schema.json"


def read_problem_json(text: str, round: str | None = None) -> Problem:
    """The problem that `text` describes; `round` takes the place of the file's own arc rule.

    Raises ReadError with a line or a JSON pointer.
    """
    document = parse(text)
    matrices = _take_matrices(document)
    validate(document, SCHEMA)
    assert isinstance(document, dict)  # by the schema
    reader = _Reader(document)
    builder = Builder(
        decimals=cast("int", document.get("decimals", 0)),
        name=cast("str", document.get("name", "")),
        round=round or cast("str | None", document.get("round")),
        objective=tuple(Objective(name) for name in cast("list[str]", document["objective"]))
        if "objective" in document
        else (Objective.COST,),
        backhaul=Backhaul(document.get("backhaul", "none")),
        backhaul_only_routes=bool(document.get("backhaul_only_routes", True)),
        scales=Scales(**cast("dict[str, int]", document["scales"]))
        if "scales" in document
        else None,
    )
    try:
        reader.fill(builder, matrices)
        problem = builder.build()
    except ProblemError as error:
        raise ReadError(str(error), pointer=error.pointer) from None
    _check_fits(problem)
    return problem


class _Reader:
    """Rows of a valid document as arguments of the builder: ids become numbers from 0."""

    def __init__(self, document: Object) -> None:
        self.document = document
        self.depots = self._ids("depots")
        self.clients = self._ids("clients")
        self.vehicle_types = self._ids("vehicle_types")

    def rows(self, table: str) -> list[Object]:
        """The objects of a list; none where it is left out."""
        return cast("list[Object]", self.document.get(table, []))

    def _ids(self, table: str) -> dict[str, int]:
        """Number by id; raises ReadError for an id that comes twice."""
        found: dict[str, int] = {}
        for index, row in enumerate(self.rows(table)):
            name = str(row.get("id", index + 1))
            if name in found:
                raise ReadError(
                    f'the id "{name}" is also that of /{table}/{found[name]}, expected another',
                    pointer=f"/{table}/{index}/id",
                )
            found[name] = index
        return found

    def _find(self, table: dict[str, int], what: str, id: Json, *path: str | int) -> int:
        if str(id) not in table:
            raise ReadError(
                f"found {shown(id)}, expected the id of a {what}", pointer=pointer(path)
            )
        return table[str(id)]

    def fill(self, builder: Builder, matrices: list[dict[str, list[Array]]]) -> None:
        """Hand everything to the builder."""
        for index, row in enumerate(self.rows("depots")):
            builder.add_depot(**self._node("depots", index, row))  # type: ignore[arg-type]
        for index, row in enumerate(self.rows("clients")):
            builder.add_client(**self._node("clients", index, row))  # type: ignore[arg-type]
        for index, row in enumerate(self.rows("vehicle_types")):
            builder.add_vehicle_type(**self._vehicle(index, row))  # type: ignore[arg-type]
        size = len(self.depots) + len(self.clients)
        for index, profile in enumerate(matrices):
            for name, lines in profile.items():
                _check_square(lines, size, f"/matrices/{index}/{name}")
            builder.add_matrices(**{name: np.array(lines) for name, lines in profile.items()})
        for index, row in enumerate(self.rows("pairs")):
            ends = ("pickup", "delivery")
            numbers = [
                self._find(self.clients, "client", row[end], "pairs", index, end) for end in ends
            ]
            builder.add_pair(*numbers)
        for index, row in enumerate(self.rows("groups")):
            members = [
                self._find(self.clients, "client", id, "groups", index, "clients", position)
                for position, id in enumerate(cast("list[Json]", row["clients"]))
            ]
            builder.add_group(members, required=bool(row.get("required", True)))
        self._fill_vehicles(builder)

    def _fill_vehicles(self, builder: Builder) -> None:
        """Reloads, breaks and pins."""
        for index, row in enumerate(self.rows("reloads")):
            kind = self._vehicle_type(row["vehicle_type"], "reloads", index, "vehicle_type")
            depots = [
                self._find(self.depots, "depot", id, "reloads", index, "depots", position)
                for position, id in enumerate(cast("list[Json]", row["depots"]))
            ]
            builder.add_reload(kind, depots, most=cast("int | None", row.get("most")))
        for index, row in enumerate(self.rows("breaks")):
            kind = self._vehicle_type(row["vehicle_type"], "breaks", index, "vehicle_type")
            values = {key: value for key, value in row.items() if key != "vehicle_type"}
            if "id" in row:
                values["id"] = str(row["id"])
            if "tw" in row:
                values["tw"] = _windows(row["tw"], f"/breaks/{index}/tw")  # type: ignore[assignment]
            builder.add_break(kind, **values)  # type: ignore[arg-type]
        for index, row in enumerate(self.rows("pins")):
            kind = self._vehicle_type(row["vehicle_type"], "pins", index, "vehicle_type")
            visits = [
                self._find(self.clients, "client", id, "pins", index, "visits", position)
                for position, id in enumerate(cast("list[Json]", row["visits"]))
            ]
            builder.add_pin(kind, visits)

    def _node(self, table: str, index: int, row: Object) -> dict[str, object]:
        values: dict[str, object] = {**row}
        if "id" in row:
            values["id"] = str(row["id"])
        if "lon" in row:
            values["lonlat"] = tuple(
                float(cast("Decimal", values.pop(name))) for name in ("lon", "lat")
            )
        if "tw" in row:
            values["tw"] = _windows(row["tw"], f"/{table}/{index}/tw")
        if "allowed" in row:
            values["allowed"] = [
                self._vehicle_type(id, table, index, "allowed", position)
                for position, id in enumerate(cast("list[Json]", row["allowed"]))
            ]
        if "preference" in row:
            values["preference"] = {
                self._vehicle_type(id, table, index, "preference", id): value
                for id, value in cast("Object", row["preference"]).items()
            }
        return values

    def _vehicle_type(self, id: Json, *path: str | int) -> int:
        return self._find(self.vehicle_types, "vehicle type", id, *path)

    def _vehicle(self, index: int, row: Object) -> dict[str, object]:
        values: dict[str, object] = {**row}
        path = ("vehicle_types", index)
        if "id" in row:
            values["id"] = str(row["id"])
        if "shift" in row:
            values["shift"] = _windows(row["shift"], pointer([*path, "shift"]))
        if "profile" in row:
            number = cast("int", row["profile"])
            last = max(len(self.rows("matrices")), 1)
            if number > last:
                raise ReadError(
                    f"found {number}, expected 1 to {last}", pointer=pointer([*path, "profile"])
                )
            values["profile"] = number - 1
        if "start_depot" in row:
            start = self._find(self.depots, "depot", row["start_depot"], *path, "start_depot")
            values["start_depot"] = values["end_depot"] = start
        if row.get("end_depot") is not None:
            end = self._find(self.depots, "depot", row["end_depot"], *path, "end_depot")
            values["end_depot"] = end
        elif "end_depot" in row:
            values["end_depot"] = None
        return values


def _windows(value: Json, where: str) -> tuple[object, ...]:
    """A window, or several, as tuples; raises ReadError for one that ends before it begins."""
    assert isinstance(value, list)
    if isinstance(value[0], list):
        return tuple(_windows(one, f"{where}/{index}") for index, one in enumerate(value))
    early, late = cast("tuple[Decimal, Decimal | None]", tuple(value))
    if late is not None and early > late:
        raise ReadError(f"the window begins at {early} and ends at {late}", pointer=where)
    return early, late


def _take_matrices(document: Json) -> list[dict[str, list[Array]]]:
    """Take clean matrices out of the document, row by row: the schema would check for minutes.

    What is not clean stays, for the schema to complain.
    """
    taken: list[dict[str, list[Array]]] = []
    profiles = document.get("matrices") if isinstance(document, dict) else None
    for profile in profiles if isinstance(profiles, list) else []:
        taken.append({})
        if not isinstance(profile, dict):
            continue
        for name in profile.keys() & {"distance", "duration", "arc_cost", "setup"}:
            clean = _clean_rows(profile[name])
            if clean is not None:
                taken[-1][name] = clean
                profile[name] = []
    return taken


def _clean_rows(rows: Json) -> list[Array] | None:
    """Rows as float64 with infinity for null, or None unless all are numbers from 0 on."""
    clean = []
    for row in rows if isinstance(rows, list) else [rows]:
        if not isinstance(row, list) or not {*map(type, row)} <= {int, Decimal, type(None)}:
            return None
        numbers = [np.inf if item is None else float(cast("Decimal", item)) for item in row]
        if any(number < 0 for number in numbers):
            return None
        clean.append(np.array(numbers))
    return clean


def _check_square(rows: Sequence[Array], size: int, where: str) -> None:
    why = "one for each depot and client"
    if len(rows) != size:
        raise ReadError(f"found {len(rows)} rows, expected {size}, {why}", pointer=where)
    for index, row in enumerate(rows):
        if len(row) != size:
            raise ReadError(
                f"found {len(row)} numbers, expected {size}, {why}", pointer=f"{where}/{index}"
            )


def _check_fits(problem: Problem) -> None:
    """Raise ReadError for a load that a client must get and that fits no vehicle."""
    grouped = {node for group in problem.groups for node in group.clients}
    for name in ("delivery", "pickup"):
        loads = getattr(problem, name)
        for node in problem.clients:
            able = problem.capacity[problem.allowed[node]]
            room = able.max(axis=0, initial=0)
            excess = np.flatnonzero(loads[node] > room)
            if excess.size and problem.required[node] and node not in grouped and len(able):
                load, limit = (
                    problem.scales.show(int(values[excess[0]]), Quantity.LOAD)
                    for values in (loads[node], room)
                )
                raise ReadError(
                    f"{name} of {problem.label(node)} is {load}, expected at most {limit}, "
                    "the largest capacity",
                    pointer=f"/clients/{node - problem.num_depots}/{name}",
                )
