"""Build a problem by hand: coordinates or matrices, clients, depots and vehicle types."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np

from vrp.arcs import ArcRule
from vrp.errors import ProblemError
from vrp.problem import (
    ATTRIBUTES,
    NOWHERE,
    UNLIMITED,
    Array,
    Attribute,
    Backhaul,
    Objective,
    Problem,
    Scales,
)
from vrp.structure import Group, Pair

Number = int | float | Decimal
Value = Number | Sequence[Number] | None


@dataclass
class _Row:
    """One depot, client or vehicle type: the attributes that were given, by name."""

    values: dict[str, Value]
    id: str = ""
    name: str = ""
    windows: tuple[tuple[Number, Number | None], ...] = ()


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
    _depots: list[_Row] = field(default_factory=list, repr=False)
    _clients: list[_Row] = field(default_factory=list, repr=False)
    _vehicles: list[_Row] = field(default_factory=list, repr=False)
    _matrices: list[tuple[Array, Array | None]] = field(default_factory=list, repr=False)
    _pairs: list[tuple[int, int]] = field(default_factory=list, repr=False)
    _groups: list[tuple[tuple[int, ...], bool]] = field(default_factory=list, repr=False)

    def __post_init__(self) -> None:
        if not 0 <= self.decimals <= 9:
            raise ProblemError(f"decimals is {self.decimals}, expected 0 to 9")

    def add_depot(
        self,
        x: Number | None = None,
        y: Number | None = None,
        *,
        tw: tuple[Number, Number | None] | None = None,
        id: str = "",
        name: str = "",
        lonlat: tuple[float, float] | None = None,
    ) -> int:
        """Add a depot open during `tw`; returns its number, from 0."""
        row = _Row({"x": x, "y": y, "lonlat": lonlat}, id, name, (tw,) if tw else ())
        self._depots.append(row)
        return len(self._depots) - 1

    def add_client(
        self,
        x: Number | None = None,
        y: Number | None = None,
        *,
        delivery: Value = 0,
        pickup: Value = 0,
        tw: tuple[Number, Number | None] | Iterable[tuple[Number, Number | None]] | None = None,
        service: Number = 0,
        release: Number = 0,
        required: bool = True,
        prize: Number = 0,
        lateness_cost: Number | None = None,
        id: str = "",
        name: str = "",
        lonlat: tuple[float, float] | None = None,
    ) -> int:
        """Add a client; returns its number, from 0 among the clients.

        `tw` is one window (early, late) or several; late None is no limit. Loads are a number or
        one number a dimension.
        """
        windows: tuple[tuple[Number, Number | None], ...] = ()
        if tw is not None:
            given = tuple(tw)
            if given and not isinstance(given[0], tuple | list):
                given = (given,)  # type: ignore[assignment]
            windows = given  # type: ignore[assignment]
        row = _Row(
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
            windows,
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
        shift: tuple[Number, Number | None] | None = None,
        max_distance: Number | None = None,
        max_duration: Number | None = None,
        regular_duration: Number | None = None,
        overtime_cost: Number = 0,
        max_stops: int | None = None,
        profile: int = 0,
        id: str = "",
        name: str = "",
    ) -> int:
        """Add a vehicle type; None means no limit, `end_depot` None an open route.

        Returns its number, from 0.
        """
        early, late = shift if shift is not None else (0, None)
        row = _Row(
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
                "regular_duration": regular_duration,
                "overtime_cost": overtime_cost,
                "max_stops": max_stops,
                "profile": profile,
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
    ) -> int:
        """Add a profile: distances and durations among depots, then clients; returns its number.

        Durations default to the distances. An infinite entry is a forbidden arc.
        """
        times = None if duration is None else np.asarray(duration)
        self._matrices.append((np.asarray(distance), times))
        return len(self._matrices) - 1

    def add_pair(self, pickup: int, delivery: int) -> None:
        """Tie two clients (their numbers): the same vehicle brings goods from one to the other."""
        self._pairs.append((pickup, delivery))

    def add_group(self, clients: Iterable[int], *, required: bool = True) -> None:
        """Make clients (their numbers) alternatives: one of them is served."""
        self._groups.append((tuple(clients), required))

    def build(self) -> Problem:
        """The problem in integers.

        Raises
        ------
        ProblemError
            If a number has more digits than `decimals`, something is missing or contradicts.
        """
        if not self._depots:
            raise ProblemError("a problem needs a depot, found none; call add_depot")
        nodes = self._depots + self._clients
        vehicles = self._vehicles or [_Row({})]
        num_depots = len(self._depots)
        rule = ArcRule.from_label(self.round or ("nearest" if self.decimals == 0 else "none"))
        rates = [row.values.get(n) for row in vehicles for n in ("unit_distance_cost",)]
        digits = max((_digits(value) for value in rates), default=0)
        timed = [row.values.get(n) for row in vehicles for n in TIME_RATES]
        timed += [row.values.get("lateness_cost") for row in nodes]
        digits = max(digits, max((_digits(value) for value in timed), default=0))
        scale = 10**self.decimals
        if not self._matrices:
            scale = max(scale, rule.least_scale)
        given = [row.values.get(axis) for row in nodes for axis in ("x", "y")]
        grid = 10 ** min(max((_digits(value) for value in given), default=0), 9)
        scales = Scales(grid=grid, length=scale, time=scale, load=scale, cost=scale * 10**digits)
        arrays = self._dense(nodes, vehicles, scales)
        arrays |= self._arcs(nodes, scales)
        offset = num_depots
        return Problem(
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
            node_id=_identities(self._depots) + _identities(self._clients),
            node_name=tuple(row.name for row in nodes),
            vehicle_id=_identities(vehicles),
            vehicle_name=tuple(row.name for row in vehicles),
            **arrays,  # type: ignore[arg-type]
        )

    def _dense(
        self, nodes: list[_Row], vehicles: list[_Row], scales: Scales
    ) -> dict[str, Array | None]:
        """Every declared attribute over nodes or vehicle types that some row gives."""
        arrays: dict[str, Array | None] = {}
        num_windows = max(len(row.windows) for row in nodes)
        for item in ATTRIBUTES:
            rows = nodes if item.axes[0] == "N" else vehicles
            if item.name in ("tw_early", "tw_late"):
                if num_windows:
                    arrays[item.name] = _windows(rows, item, num_windows, scales)
            elif item.axes in ("N", "V"):
                if any(item.name in row.values for row in rows):
                    arrays[item.name] = np.array(
                        [_integer(row.values.get(item.name), item, scales) for row in rows]
                    )
            elif item.axes in ("NL", "VL") and any(item.name in row.values for row in rows):
                arrays[item.name] = _loads(rows, item, scales, nodes + vehicles)
        return arrays

    def _arcs(self, nodes: list[_Row], scales: Scales) -> dict[str, Array | None]:
        """Coordinates on the grid, positions for drawing, and matrices."""
        arrays: dict[str, Array | None] = {}
        placed = [
            row.values.get("x") is not None and row.values.get("y") is not None for row in nodes
        ]
        if all(placed):
            arrays["coords"] = np.array(
                [[_scaled(row.values[axis], scales.grid, axis) for axis in "xy"] for row in nodes]
            )
        elif any(placed) or not self._matrices:
            index = placed.index(False)
            raise ProblemError(f"node {index} has no coordinates; give x and y, or add_matrices")
        if all(row.values.get("lonlat") is not None for row in nodes):
            arrays["lonlat"] = np.array([row.values["lonlat"] for row in nodes], dtype=np.float64)
        if self._matrices:
            arrays["distance"] = np.stack(
                [_matrix(d, scales.length, "distance", len(nodes)) for d, _ in self._matrices]
            )
            if any(t is not None for _, t in self._matrices):
                arrays["duration"] = np.stack(
                    [
                        _matrix(d if t is None else t, scales.time, "duration", len(nodes))
                        for d, t in self._matrices
                    ]
                )
        return arrays


TIME_RATES = ("unit_duration_cost", "overtime_cost")


def _identities(rows: list[_Row]) -> tuple[str, ...]:
    return tuple(row.id or str(index + 1) for index, row in enumerate(rows))


def _digits(value: Value) -> int:
    """Digits after the point in the shortest writing of a number, 0 for None."""
    if value is None or isinstance(value, int):
        return 0
    exponent = Decimal(str(value)).normalize().as_tuple().exponent
    return max(-exponent, 0) if isinstance(exponent, int) else 0


def _scaled(value: Value, scale: int, what: str) -> int:
    """`value` times `scale` as an integer; raises ProblemError if digits would be lost."""
    exact = Decimal(str(value)) * scale
    if not exact.is_finite() or exact != exact.to_integral_value():
        digits = len(str(scale)) - 1
        raise ProblemError(
            f"{what} is {value}, expected a finite number with at most {digits} decimals; "
            "raise decimals"
        )
    return int(exact)


def _integer(value: Value, item: Attribute, scales: Scales) -> int:
    """A number in its kind's scale; None is no limit where the attribute has one, else neutral."""
    if value is None:
        return int(item.neutral or 0)
    if value == NOWHERE and item.name == "end_depot":
        return NOWHERE
    return _scaled(value, scales.of(item.kind), item.name)


def _windows(rows: list[_Row], item: Attribute, width: int, scales: Scales) -> Array:
    """One bound of the windows, (N, W); rows with fewer windows repeat their last."""
    side = 0 if item.name == "tw_early" else 1
    table = []
    for row in rows:
        windows = row.windows or ((0, None),)
        windows += (windows[-1],) * (width - len(windows))
        table.append([_integer(window[side], item, scales) for window in windows])
    return np.array(table)


def _loads(rows: list[_Row], item: Attribute, scales: Scales, everyone: list[_Row]) -> Array:
    """Loads, (rows, L); a single number stands for the one dimension, or for zero in all."""
    width = 1
    for row in everyone:
        for name in ("delivery", "pickup", "capacity"):
            value = row.values.get(name)
            if isinstance(value, Sequence):
                width = max(width, len(value))
    table = []
    for row in rows:
        value = row.values.get(item.name)
        numbers = list(value) if isinstance(value, Sequence) else [value] * width
        if len(numbers) != width or (width > 1 and not isinstance(value, Sequence) and value):
            raise ProblemError(f"{item.name} is {value}, expected {width} numbers")
        table.append([_integer(number, item, scales) for number in numbers])
    return np.array(table)


def _matrix(matrix: Array, scale: int, what: str, size: int) -> Array:
    """A matrix in integers, (N, N); infinite entries become UNLIMITED."""
    if matrix.shape != (size, size):
        raise ProblemError(f"{what} matrix has shape {matrix.shape}, expected ({size}, {size})")
    scaled = np.asarray(matrix, dtype=np.float64) * scale
    forbidden = np.isposinf(scaled)
    if np.isnan(scaled).any():
        raise ProblemError(f"{what} matrix holds NaN, expected numbers")
    whole = np.where(forbidden, float(UNLIMITED), np.round(scaled))
    wrong = ~forbidden & (np.abs(whole - scaled) > 1e-6 * np.maximum(np.abs(scaled), 1.0))
    if wrong.any():
        row, column = (int(i) for i in np.argwhere(wrong)[0])
        raise ProblemError(
            f"{what} from node {row} to node {column} is {matrix[row, column]}, which has more "
            f"digits than decimals keeps; raise decimals"
        )
    return whole.astype(np.int64)
