"""Build a problem by hand: coordinates or matrices, clients, depots and vehicle types."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np

from polyroute.vrp.arcs import ArcRule
from polyroute.vrp.coarse import coarse_distances
from polyroute.vrp.errors import ProblemError
from polyroute.vrp.problem import NOWHERE, UNLIMITED, Array, Backhaul, Objective, Problem, Scales
from polyroute.vrp.rows import FINEST, Number, Row, Value, Window, dense_arrays, integer_matrix
from polyroute.vrp.structure import Break, Group, Pair, Pin, Reload


@dataclass
class Builder:
    """Collects a problem piece by piece; `build` turns it into integers.

    Parameters
    ----------
    decimals
        Digits kept after the point, for every measure. A number that has more is refused,
        never rounded silently. Coordinates keep all their digits.
    name
        The instance's name.
    round
        Arc rule for coordinates; ``none`` keeps `decimals` digits of each distance.
    scales
        Integer steps per unit of each measure, in place of `decimals`.

    Examples
    --------
    >>> builder = Builder()
    >>> depot = builder.add_depot(x=0, y=0)
    >>> for x, y in [(3, 4), (6, 8)]:
    ...     _ = builder.add_client(x=x, y=y, delivery=1)
    >>> _ = builder.add_vehicle_type(capacity=2)
    >>> builder.build().num_clients
    2
    """

    decimals: int = 0
    name: str = ""
    round: str | None = None
    objective: tuple[Objective, ...] = (Objective.COST,)
    backhaul: Backhaul = Backhaul.NONE
    backhaul_only_routes: bool = True
    scales: Scales | None = None
    _depots: list[Row] = field(default_factory=list, repr=False)
    _clients: list[Row] = field(default_factory=list, repr=False)
    _vehicles: list[Row] = field(default_factory=list, repr=False)
    _matrices: list[dict[str, Array]] = field(default_factory=list, repr=False)
    _pairs: list[tuple[int, int]] = field(default_factory=list, repr=False)
    _groups: list[tuple[tuple[int, ...], bool]] = field(default_factory=list, repr=False)
    _reloads: list[Reload] = field(default_factory=list, repr=False)
    _breaks: list[tuple[int, Row]] = field(default_factory=list, repr=False)
    _pins: list[tuple[int, tuple[int, ...]]] = field(default_factory=list, repr=False)

    def __post_init__(self) -> None:
        if not 0 <= self.decimals <= 9:
            raise ProblemError(f"decimals is {self.decimals}, expected 0 to 9")

    def add_depot(
        self,
        x: Number | None = None,
        y: Number | None = None,
        *,
        tw: Window | None = None,
        id: str = "",
        name: str = "",
        lonlat: tuple[float, float] | None = None,
    ) -> int:
        """Add a depot open during `tw`; returns its number, from 0."""
        values: dict[str, Value] = {"x": x, "y": y, "lonlat": lonlat}
        windows = (tw,) if tw is not None else ()
        self._depots.append(Row("depots", len(self._depots), values, id, name, windows))
        return len(self._depots) - 1

    def add_client(
        self,
        x: Number | None = None,
        y: Number | None = None,
        *,
        delivery: Value = 0,
        pickup: Value = 0,
        tw: Window | Iterable[Window] | None = None,
        service: Number = 0,
        release: Number = 0,
        required: bool = True,
        prize: Number = 0,
        lateness_cost: Number | None = None,
        allowed: Iterable[int] | None = None,
        preference: Mapping[int, Number] | None = None,
        id: str = "",
        name: str = "",
        lonlat: tuple[float, float] | None = None,
    ) -> int:
        """Add a client; returns its number, from 0 among the clients.

        `tw` is one window (early, late) or several; late None is no limit. Loads are a number or
        one number a dimension. `allowed` are the vehicle types (their numbers) that may serve the
        client, None for all; `preference` is the cost earned by vehicle type.
        """
        row = Row(
            "clients",
            len(self._clients),
            {
                "x": x,
                "y": y,
                "lonlat": lonlat,
                "delivery": delivery,
                "pickup": pickup,
                "service": service,
                "release": release,
                "required": int(required),
                "prize": prize,
                "lateness_cost": lateness_cost,
            },
            id,
            name,
            _windows(tw),
            None if allowed is None else tuple(allowed),
            dict(preference or {}),
        )
        self._clients.append(row)
        return len(self._clients) - 1

    def add_vehicle_type(
        self,
        *,
        count: int | None = None,
        capacity: Value = None,
        start_depot: int = 0,
        end_depot: int | None = 0,
        fixed_cost: Number = 0,
        unit_distance_cost: Number = 1,
        unit_duration_cost: Number = 0,
        shift: Window | None = None,
        max_distance: Number | None = None,
        max_duration: Number | None = None,
        max_driving: Number | None = None,
        regular_duration: Number | None = None,
        overtime_cost: Number = 0,
        max_stops: int | None = None,
        profile: int = 0,
        under_way: bool = False,
        ready_time: Number = 0,
        on_board: Value = 0,
        id: str = "",
        name: str = "",
    ) -> int:
        """Add a vehicle type; None means no limit, `end_depot` None an open route.

        A vehicle `under_way` is at its start depot at `ready_time`, with `on_board` loaded.
        Returns its number, from 0.
        """
        early, late = shift if shift is not None else (0, None)
        row = Row(
            "vehicle_types",
            len(self._vehicles),
            {
                "count": count,
                "capacity": capacity,
                "start_depot": start_depot,
                "end_depot": NOWHERE if end_depot is None else end_depot,
                "fixed_cost": fixed_cost,
                "unit_distance_cost": unit_distance_cost,
                "unit_duration_cost": unit_duration_cost,
                "shift_early": early,
                "shift_late": late,
                "max_distance": max_distance,
                "max_duration": max_duration,
                "max_driving": max_driving,
                "regular_duration": regular_duration,
                "overtime_cost": overtime_cost,
                "max_stops": max_stops,
                "profile": profile,
                "under_way": int(under_way),
                "ready_time": ready_time,
                "on_board": on_board,
            },
            id,
            name,
        )
        self._vehicles.append(row)
        return len(self._vehicles) - 1

    def add_matrices(
        self,
        distance: Sequence[Sequence[Number]] | Array,
        duration: Sequence[Sequence[Number]] | Array | None = None,
        *,
        arc_cost: Sequence[Sequence[Number]] | Array | None = None,
        setup: Sequence[Sequence[Number]] | Array | None = None,
    ) -> int:
        """Add a profile: distances and durations among depots, then clients; returns its number.

        Durations default to the distances. An infinite entry is a forbidden arc. `arc_cost` is paid
        for an arc beside its length; `setup` is the time before service that it asks for, within
        the client's window. Both default to 0.
        """
        given = {"distance": distance, "duration": duration, "arc_cost": arc_cost, "setup": setup}
        self._matrices.append({k: np.asarray(m) for k, m in given.items() if m is not None})
        return len(self._matrices) - 1

    def add_pair(self, pickup: int, delivery: int) -> None:
        """Tie two clients (their numbers): the same vehicle brings goods from one to the other."""
        self._pairs.append((pickup, delivery))

    def add_group(self, clients: Iterable[int], *, required: bool = True) -> None:
        """Make clients (their numbers) alternatives: one of them is served."""
        self._groups.append((tuple(clients), required))

    def add_reload(
        self, vehicle_type: int, depots: Iterable[int] = (0,), *, most: int | None = None
    ) -> None:
        """Let vehicles of a type reload at `depots`, at most so many times a route (None: any)."""
        self._reloads.append(
            Reload(vehicle_type, tuple(depots), UNLIMITED if most is None else most)
        )

    def add_break(
        self,
        vehicle_type: int,
        *,
        tw: Window | Iterable[Window] = (0, None),
        duration: Number = 0,
        max_load: Value = None,
        id: str = "",
        on_the_road: bool = False,
    ) -> int:
        """Have each used vehicle of a type take a break once; returns its number, from 0.

        It begins within `tw`, one window (early, late) or several; `max_load` is the most on board
        then, a number or one number a dimension. It is taken at a stop, before the vehicle drives
        on, or `on_the_road`: anywhere between two stops.
        """
        values: dict[str, Value] = {"duration": duration, "max_load": max_load}
        values["on_the_road"] = on_the_road
        row = Row("breaks", len(self._breaks), values, windows=_windows(tw), id=id)
        self._breaks.append((vehicle_type, row))
        return len(self._breaks) - 1

    def add_pin(self, vehicle_type: int, visits: Iterable[int]) -> None:
        """Have the route of the one vehicle of a type begin with clients (their numbers)."""
        self._pins.append((vehicle_type, tuple(visits)))

    def build(self) -> Problem:
        """The problem in integers.

        Raises
        ------
        ProblemError
            If a number has more digits than `decimals`, something is missing or contradicts, or
            next to nothing is left of the distances because nobody asked for decimals.
        """
        if not self._depots:
            raise ProblemError("a problem needs a depot, found none; call add_depot")
        nodes = self._depots + self._clients
        vehicles = self._vehicles or [Row("vehicle_types", 0, {"unit_distance_cost": 1})]
        num_depots = len(self._depots)
        rule = ArcRule.from_label(self.round or ("nearest" if self.decimals == 0 else "none"))
        scales = self.scales or self._scales(nodes, vehicles, rule)
        arrays = dense_arrays(nodes, vehicles, scales)
        arrays |= self._arcs(nodes, scales)
        offset = num_depots
        problem = Problem(
            num_depots=num_depots,
            name=self.name,
            scales=scales,
            arc_rule=rule,
            backhaul=self.backhaul,
            backhaul_only_routes=self.backhaul_only_routes,
            objective=self.objective,
            pairs=tuple(Pair(a + offset, b + offset) for a, b in self._pairs),
            groups=tuple(
                Group(tuple(c + offset for c in clients), needed)
                for clients, needed in self._groups
            ),
            reloads=tuple(self._reloads),
            breaks=tuple(_break(kind, row, scales) for kind, row in self._breaks),
            pins=tuple(Pin(kind, tuple(c + offset for c in visits)) for kind, visits in self._pins),
            node_id=_identities(self._depots) + _identities(self._clients),
            node_name=tuple(row.name for row in nodes),
            vehicle_id=_identities(vehicles),
            vehicle_name=tuple(row.name for row in vehicles),
            **arrays,  # type: ignore[arg-type]
        )
        lost = coarse_distances(problem) if self.round is None else None
        if lost:
            raise ProblemError(
                f"{lost}, expected decimals (3, say), coordinates in a smaller unit, "
                "or round 'nearest' if it is meant"
            )
        return problem

    def _scales(self, nodes: list[Row], vehicles: list[Row], rule: ArcRule) -> Scales:
        """Scales that keep `decimals` digits, every digit of coordinates, and whole cost terms."""
        rates = [row.values.get(name) for row in vehicles for name in RATES]
        rates += [row.values.get("lateness_cost") for row in nodes]
        given = [row.values.get(axis) for row in nodes for axis in ("x", "y")]
        scale = 10**self.decimals
        if not self._matrices:
            scale = max(scale, rule.least_scale)
        return Scales(
            grid=min(10 ** _most_digits(given), FINEST),
            length=scale,
            time=scale,
            load=scale,
            cost=scale * min(10 ** _most_digits(rates), FINEST),
        )

    def _arcs(self, nodes: list[Row], scales: Scales) -> dict[str, Array | None]:
        """Coordinates on the grid, positions for drawing, and matrices."""
        arrays: dict[str, Array | None] = {}
        placed = [
            row.values.get("x") is not None and row.values.get("y") is not None for row in nodes
        ]
        if all(placed):
            arrays["coords"] = np.array(
                [
                    [row.scaled(row.values[axis], scales.grid, axis) for axis in "xy"]
                    for row in nodes
                ]
            )
        elif any(placed) or not self._matrices:
            row = nodes[placed.index(False)]
            raise row.error("x", "or y is missing; give both, or add_matrices")
        located = [row.values.get("lonlat") is not None for row in nodes]
        if all(located):
            arrays["lonlat"] = np.array([row.values["lonlat"] for row in nodes], dtype=np.float64)
        elif any(located):
            raise nodes[located.index(False)].error("lonlat", "is missing, but others have one")
        arrays |= self._tables(len(nodes), scales)
        return arrays

    def _tables(self, size: int, scales: Scales) -> dict[str, Array]:
        """The matrices of all profiles, as far as any has them."""
        none = np.zeros((size, size))
        tables: dict[str, Array] = {}
        for name, scale in (
            ("distance", scales.length),
            ("duration", scales.time),
            ("arc_cost", scales.cost),
            ("setup", scales.time),
        ):
            if any(name in profile for profile in self._matrices):
                given = [
                    profile.get(name, profile["distance"] if name == "duration" else none)
                    for profile in self._matrices
                ]
                tables[name] = np.stack(
                    [integer_matrix(m, name, index, size, scale) for index, m in enumerate(given)]
                )
        return tables


RATES = ("unit_distance_cost", "unit_duration_cost", "overtime_cost")


def _windows(tw: Window | Iterable[Window] | None) -> tuple[Window, ...]:
    """One window or several, as several."""
    if tw is None:
        return ()
    given = tuple(tw)
    if given and not isinstance(given[0], tuple | list):
        return (given,)  # type: ignore[return-value]
    return given  # type: ignore[return-value]


def _break(vehicle_type: int, row: Row, scales: Scales) -> Break:
    """A break in integers; None is no limit."""

    def scaled(value: Value, scale: int, name: str) -> int:
        return UNLIMITED if value is None else row.scaled(value, scale, name)

    given = row.values["max_load"]
    loads = () if given is None else given if isinstance(given, Sequence) else (given,)
    return Break(
        vehicle_type,
        tuple(
            (row.scaled(early, scales.time, "tw"), scaled(late, scales.time, "tw"))
            for early, late in row.windows
        ),
        row.scaled(row.values["duration"], scales.time, "duration"),
        tuple(scaled(load, scales.load, "max_load") for load in loads),
        row.id,
        on_the_road=bool(row.values["on_the_road"]),
    )


def _identities(rows: list[Row]) -> tuple[str, ...]:
    return tuple(row.id or str(index + 1) for index, row in enumerate(rows))


def _most_digits(values: Iterable[Value]) -> int:
    """Most digits after the point in the shortest writing of the numbers, 0 for None."""
    most = 0
    for value in values:
        if value is not None and not isinstance(value, int):
            exponent = Decimal(str(value)).normalize().as_tuple().exponent
            most = max(most, -exponent if isinstance(exponent, int) else 0)
    return most
