"""Read VROOM's JSON: jobs, shipments and vehicles on matrices, as its API.md (1.15) names them.

What stands where:

- Each vehicle is a vehicle type of its own, of one vehicle, with its id.
- Tasks are clients: jobs first, then pickup and delivery of each shipment, which are a pair. None
  must be served; prizes put VROOM's goals in its order (`vrp.io.vroom_priority`), so the cost of
  a plan that leaves tasks out holds these prizes too.
- Skills say which vehicles are allowed. Costs become lengths and their rates, and travel times
  keep VROOM's rounding (`vrp.io.vroom_arcs`).
- Setup is a part of the service where no other task, and no start, shares the location. Where one
  does, it is a part of the way from any other location; beside time windows, which bound the begin
  of setup, and breaks, which do not interrupt it, it is the problem's own ``setup`` of that way.
- Service by vehicle type: the least is the client's, the rest is on the way on, or beside breaks
  and such a setup a part of it.
- Depots are the locations where vehicles start or end, by rising index. A vehicle without a start
  begins at a depot called "anywhere", which is no way from all tasks; without an end, its route is
  open.
- A break is taken on the road: anywhere between two stops.
- The ``steps`` of vehicles are a plan to start from, no part of the problem;
  `vrp.io.vroom_plan` reads them as one.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from decimal import Decimal
from typing import cast

import numpy as np

from polyroute.vrp.errors import ProblemError, ReadError
from polyroute.vrp.io.jsontext import Object, parse, pointer, validate
from polyroute.vrp.io.vroom_arcs import Driver, Profiles, Work, make_profiles
from polyroute.vrp.io.vroom_fleet import in_steps, read_breaks, read_fleet, read_tariff
from polyroute.vrp.io.vroom_keys import pass_over_unknown
from polyroute.vrp.io.vroom_loads import load_width, read_loads
from polyroute.vrp.io.vroom_matrices import DEFAULT_PROFILE, between_nodes, take_matrices
from polyroute.vrp.io.vroom_priority import prizes
from polyroute.vrp.io.vroom_tasks import (
    Window,
    by_type,
    check_ids,
    description,
    read_windows,
    rows,
    tasks_of,
)
from polyroute.vrp.problem import NOWHERE, UNLIMITED, Array, Problem, Scales
from polyroute.vrp.structure import Pair

LOG = logging.getLogger(__name__)

SCHEMA = "vroom.schema.json"
ANYWHERE = "anywhere"
"""The id of the depot where vehicles without a start begin."""


def read_vroom(text: str, round: str | None = None) -> Problem:
    """The problem in VROOM's JSON; see the module for what stands where.

    Raises ReadError, with a line or a JSON pointer, for what is malformed, what the model cannot
    hold exactly, and a `round`: the travel times are given.
    """
    if round is not None:
        raise ReadError(f"found matrices, expected coordinates in the plane for rounding {round}")
    document = parse(text)
    matrices = take_matrices(document)
    pass_over_unknown(document, SCHEMA)
    validate(document, SCHEMA)
    assert isinstance(document, dict)  # by the schema
    try:
        return _Reader(document, matrices).problem()
    except ProblemError as error:
        raise ReadError(str(error)) from None


class _Reader:
    """A valid document on its way to a problem."""

    def __init__(self, document: Object, matrices: dict[str, dict[str, Array]]) -> None:
        self.document = document
        self.matrices = matrices
        self.vehicles = rows(document, "vehicles")
        self.tasks = tasks_of(document)
        check_ids(self.vehicles, self.tasks)
        self.depots, self.start, self.end = self._depots()
        places = [self._place(task.row, task.where) for task in self.tasks]
        self.places = np.array([*self.depots, *places])  # -1 anywhere

    def problem(self) -> Problem:
        """The problem; raises ReadError and ProblemError."""
        if any(row.get("steps") for row in self.vehicles):
            LOG.info("the steps of vehicles are a plan; to start from it, name the file there too")
        if not self.tasks:
            raise ReadError("found no jobs and no shipments, expected a task", pointer="")
        num_depots = len(self.depots)
        allowed = self._allowed()
        windows = self._windows()
        works, least = self._works(allowed)
        profiles = self._profiles(works, least, windows)
        time, cost = profiles.time_scale, profiles.cost_scale
        fields: dict[str, object] = {
            "lonlat": self._lonlat(),
            "arc_cost": _unless_zero(profiles.arc_cost),
            "setup": _unless_zero(profiles.setup),
        }
        fields |= read_loads(self.vehicles, self.tasks, num_depots)
        problem = Problem(
            num_depots=num_depots,
            scales=Scales(time=time, cost=cost),
            distance=np.stack(profiles.distance),
            duration=np.stack(profiles.duration),
            service=least * time,
            tw_early=in_steps(windows[..., 0], time),
            tw_late=in_steps(windows[..., 1], time),
            required=np.arange(len(self.places)) < num_depots,
            allowed=allowed,
            profile=np.array(profiles.profile),
            unit_distance_cost=np.array(profiles.unit_distance_cost),
            max_distance=np.array(profiles.max_distance),
            max_driving=np.array(profiles.max_driving),
            pairs=self._pairs(),
            start_depot=self.start,
            end_depot=self.end,
            breaks=read_breaks(self.vehicles, load_width(self.vehicles), time),
            node_id=self._ids(),
            node_name=("",) * num_depots + tuple(description(task.row) for task in self.tasks),
            **fields,  # type: ignore[arg-type]
            **read_fleet(self.vehicles, time, cost),  # type: ignore[arg-type]
        )
        prize, shortfall = prizes(problem, self._priorities())
        if shortfall:
            LOG.info(shortfall)
        return problem.replace(prize=prize)

    # -- where -----------------------------------------------------------------------------

    def _depots(self) -> tuple[list[int], Array, Array]:
        """The locations of depots, and the depots where vehicles start and end."""
        ends: dict[str, list[int | None]] = {"start": [], "end": []}
        for number, row in enumerate(self.vehicles):
            for name, found in ends.items():
                place = row.get(f"{name}_index")
                if name in row and place is None:
                    raise ReadError(
                        f"found {name} without {name}_index, expected the index in the matrices",
                        pointer=f"/vehicles/{number}",
                    )
                found.append(cast("int | None", place))
            if ends["start"][-1] is None and ends["end"][-1] is None:
                raise ReadError(
                    "found neither start_index nor end_index, expected one or both",
                    pointer=f"/vehicles/{number}",
                )
        depots = sorted({place for found in ends.values() for place in found if place is not None})
        rank = {place: depot for depot, place in enumerate(depots)}
        late = any("service_per_type" in task.row or "setup_per_type" in task.row
                   for task in self.tasks)  # fmt: skip
        if None in ends["start"] or (late and None in ends["end"]):
            depots.append(-1)
        nowhere = len(depots) - 1 if late else NOWHERE
        start = [len(depots) - 1 if place is None else rank[place] for place in ends["start"]]
        end = [nowhere if place is None else rank[place] for place in ends["end"]]
        return depots, np.array(start), np.array(end)

    def _place(self, row: Object, where: tuple[str | int, ...]) -> int:
        if "location_index" not in row:
            raise ReadError(
                "the field location_index is missing, expected the index in the matrices",
                pointer=pointer(where),
            )
        return cast("int", row["location_index"])

    def _lonlat(self) -> Array | None:
        """Coordinates, where every node has them."""
        known: dict[int, list[Decimal]] = {}
        for row in self.vehicles:
            for name in ("start", "end"):
                if name in row and f"{name}_index" in row:
                    known[cast("int", row[f"{name}_index"])] = cast("list[Decimal]", row[name])
        own = [cast("list[Decimal] | None", task.row.get("location")) for task in self.tasks]
        for place, found in zip(self.places[len(self.depots) :].tolist(), own, strict=True):
            if found is not None:
                known.setdefault(place, found)
        all_known = [known.get(place) for place in self.places.tolist()]
        if any(found is None for found in all_known):
            return None
        return np.array(all_known, dtype=np.float64)

    def _profiles(self, works: Sequence[Work], least: Array, windows: Array) -> Profiles:
        apart = (self.places[:, None] != self.places[None, :]) | (self.places < 0)
        drivers = [
            Driver(
                number=number,
                tariff=read_tariff(row, number),
                profile=cast("str", row.get("profile", DEFAULT_PROFILE)),
                work=works[number],
            )
            for number, row in enumerate(self.vehicles)
        ]
        used = {driver.profile: driver.number for driver in reversed(drivers)}
        matrices = {
            name: between_nodes(self.matrices, name, number, self.places)
            for name, number in used.items()
        }
        within = self._is_within_windows(works, windows, least)
        return make_profiles(drivers, matrices, apart, least, within)

    # -- tasks -----------------------------------------------------------------------------

    def _ids(self) -> tuple[str, ...]:
        """VROOM's ids; where kinds share one, those of shipments say which end they are."""
        kinds: dict[int, set[str]] = {}
        for task in self.tasks:
            kinds.setdefault(task.number, set()).add(task.kind)
        depots = [ANYWHERE if place < 0 else str(place) for place in self.depots]
        return (*depots, *(
            f"{task.kind} {task.number}"
            if task.kind != "job" and len(kinds[task.number]) > 1
            else str(task.number)
            for task in self.tasks
        ))  # fmt: skip

    def _windows(self) -> Array:
        """The windows of nodes, (N, W, 2); those with fewer repeat their last."""
        none: list[Window] = [(0, UNLIMITED)]
        table = [none] * len(self.depots)
        for task in self.tasks:
            table.append(read_windows(task.row, task.where) or none)
        width = max(map(len, table))
        return np.array([row + [row[-1]] * (width - len(row)) for row in table])

    def _allowed(self) -> Array:
        """Who has all the skills that a task asks for, (N, V)."""
        skills = [set(cast("list[int]", row.get("skills", []))) for row in self.vehicles]
        table = np.ones((len(self.places), len(skills)), dtype=np.bool_)
        for node, task in enumerate(self.tasks, start=len(self.depots)):
            needed = set(cast("list[int]", task.shared.get("skills", [])))
            table[node] = [needed <= held for held in skills]
        return table

    def _works(self, allowed: Array) -> tuple[list[Work], Array]:
        """Service and setup of each vehicle, and the service that is the node's own."""
        starts = self.places[np.unique(self.start)]
        places, count = np.unique(
            np.concatenate((self.places[len(self.depots) :], starts)), return_counts=True
        )
        shared = np.isin(self.places, places[count > 1])
        works = []
        for row in self.vehicles:
            service, setup = (
                np.array([0] * len(self.depots) + [by_type(task, name, row) for task in self.tasks])
                for name in ("service", "setup")
            )
            works.append(Work(service + np.where(shared, 0, setup), np.where(shared, setup, 0)))
        services = np.array([work.service for work in works])  # (V, N)
        able = np.where(allowed.T, services, services.max(initial=0))
        least = np.where(allowed.any(axis=1), able.min(axis=0), services.min(axis=0))
        works = [
            Work(np.where(allowed[:, kind], work.service, least), work.setup)
            for kind, work in enumerate(works)
        ]
        return works, least

    def _is_within_windows(self, works: Sequence[Work], windows: Array, least: Array) -> bool:
        """Whether it matters that setup and longer services are no part of the way.

        A window bounds the begin of setup, and breaks come before it or behind a service.
        """
        timed = (windows != [0, UNLIMITED]).any(axis=(1, 2))
        return any(
            bool(work.setup[timed].any())
            or bool(row.get("breaks") and (work.setup.any() or (work.service > least).any()))
            for row, work in zip(self.vehicles, works, strict=True)
        )

    def _pairs(self) -> tuple[Pair, ...]:
        ends = [
            node
            for node, task in enumerate(self.tasks, start=len(self.depots))
            if task.kind != "job"
        ]
        return tuple(Pair(*both) for both in zip(ends[::2], ends[1::2], strict=True))

    def _priorities(self) -> Array:
        own = [cast("int", task.shared.get("priority", 0)) for task in self.tasks]
        return np.array([0] * len(self.depots) + own)


def _unless_zero(tables: Sequence[Array]) -> Array | None:
    """Tables of all profiles, None where they hold nothing."""
    return np.stack(tables) if any(table.any() for table in tables) else None
