"""Plans as CSV: a row a stop, the same rows as ``stops`` in the JSON; read back as plans."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from polyroute.vrp.errors import ReadError
from polyroute.vrp.io.record import RouteRecord, result_record
from polyroute.vrp.io.text import integer, quote
from polyroute.vrp.problem import Problem
from polyroute.vrp.solution import BREAK, RELOAD, VISIT, Event, Route, Solution

if TYPE_CHECKING:
    from polyroute.vrp.result import Result

UNSERVED = "unserved"
"""The event in the row of a client who is left out."""

COLUMNS = "route vehicle_type position event client id name arrive wait begin leave".split()


def format_csv(result: Result) -> str:
    """A row a stop, depots included, then one a client who is left out, with the reason.

    `load` is one column a load dimension.
    """
    num_loads = result.problem.size("L")
    loads = ["load"] if num_loads == 1 else [f"load_{k + 1}" for k in range(num_loads)]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    head = [*COLUMNS, *loads, "distance", "reason"]
    writer.writerow(head)
    record = result_record(result)
    for number, route in enumerate(record["routes"], start=1):
        writer.writerows(_rows(number, route))
    for reason in record["unserved_reasons"]:
        name = result.problem.node_name[reason["client"] + result.problem.num_depots - 1]
        row = {"event": UNSERVED, "client": reason["client"], "id": reason["id"], "name": name,
               "reason": reason["message"]}  # fmt: skip
        writer.writerow([row.get(column) for column in head])
    return text.getvalue()


def _rows(number: int, route: RouteRecord) -> Iterator[list[object]]:
    for position, stop in enumerate(route["stops"]):
        timed = [stop["arrive"], stop["wait"], stop["begin"], stop["leave"]]
        who = [stop["event"], stop["client"], stop["id"], stop["name"]]
        lead = [number, route["vehicle_type"], position]
        yield [*lead, *who, *timed, *stop["load"], stop["distance"], None]


def read_solution_csv(text: str, problem: Problem) -> Solution:
    """The plan in a table with the columns ``route`` and ``client`` (number) or ``id``.

    Rows stand in the order of the visits; those of a route need not be neighbours.
    ``vehicle_type`` is a vehicle type's id (default: the first). Where ``event`` is reload or
    break, ``id`` is that of the depot, or the break's number. Other rows whose ``event`` is start,
    end or unserved, or that have no client, are passed over, and other columns are not looked at.
    Raises ReadError with the line.
    """
    table = csv.DictReader(io.StringIO(text), skipinitialspace=True)
    clients = _numbers(problem.node_id[problem.num_depots :], problem.num_depots)
    depots = _numbers(problem.node_id[: problem.num_depots], 0)
    types = _numbers(problem.vehicle_id, 0)
    events: dict[str, list[Event]] = {}
    kinds: dict[str, int] = {}
    try:
        columns = _columns(table)
        for row in table:
            cells = {name: (row[name] or "").strip() for name in columns}
            line = table.line_num
            event = _event(cells, clients, depots, problem, line)
            if event is None:
                continue
            kind = cells.get("vehicle_type") or problem.vehicle_id[0]
            if kind not in types:
                raise ReadError(
                    f"vehicle_type is {quote(kind)}, expected the id of a vehicle type", line=line
                )
            route = cells["route"]
            if kinds.setdefault(route, types[kind]) != types[kind]:
                raise ReadError(
                    f"route {quote(route)} has vehicle type {quote(kind)} here and another "
                    "above, expected one",
                    line=line,
                )
            before = events.setdefault(route, [])
            if event.what == RELOAD and before and before[-1].what == BREAK:
                raise ReadError("a reload follows a break, expected it before", line=line)
            before.append(event)
    except csv.Error as error:
        raise ReadError(f"not CSV: {error}", line=table.line_num) from None
    return Solution(tuple(Route.of_events(events[name], kinds[name]) for name in events))


def _columns(table: csv.DictReader[str]) -> list[str]:
    """The names in the first line; raises ReadError unless they say who is on which route."""
    columns = list(table.fieldnames or [])
    named = "route" in columns and not {"client", "id"}.isdisjoint(columns)
    if not named or len(set(columns)) < len(columns):
        raise ReadError(
            f"the columns are {quote(', '.join(columns))}, expected route and client, or route "
            "and id, each once",
            line=1,
        )
    return columns


def _numbers(ids: Sequence[str], first: int) -> dict[str, int]:
    """Number by id, from `first`; the first of equal ids counts."""
    return {id: first + index for index, id in reversed([*enumerate(ids)])}


def _event(
    cells: dict[str, str],
    clients: dict[str, int],
    depots: dict[str, int],
    problem: Problem,
    line: int,
) -> Event | None:
    """What a row says, None where nothing."""
    event, id = cells.get("event"), cells.get("id", "")
    if event == RELOAD:
        if id not in depots:
            raise ReadError(f"id is {quote(id)}, expected that of a depot", line=line)
        return Event(RELOAD, depots[id])
    if event == BREAK:
        index = integer(id, "id", line, 1) - 1
        if index >= len(problem.breaks):
            raise ReadError(
                f"id is {quote(id)}, expected one of {len(problem.breaks)} breaks", line=line
            )
        return Event(BREAK, index)
    node = _client(cells, clients, problem, line)
    return None if node is None else Event(VISIT, node)


def _client(
    cells: dict[str, str], clients: dict[str, int], problem: Problem, line: int
) -> int | None:
    """The client node of a row, None where it has none."""
    if cells.get("event") in ("start", "end", UNSERVED):
        return None
    id = cells.get("id", "")
    if not cells.get("client"):
        if id and id not in clients:
            raise ReadError(f"id is {quote(id)}, expected that of a client", line=line)
        return clients[id] if id else None
    number = integer(cells["client"], "client", line, 1)
    if number > problem.num_clients:
        raise ReadError(f"client is {number}, expected 1 to {problem.num_clients}", line=line)
    node = number + problem.num_depots - 1
    if id and id != problem.node_id[node]:
        raise ReadError(
            f"id is {quote(id)}, expected {quote(problem.node_id[node])}, that of client {number}",
            line=line,
        )
    return node
