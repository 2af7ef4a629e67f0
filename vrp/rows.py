"""Rows of numbers in the user's units, into arrays of integers that lose no digit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Context, Decimal

import numpy as np

from polyroute.vrp.errors import ProblemError
from polyroute.vrp.problem import ATTRIBUTES, UNLIMITED, Array, Attribute, Quantity, Scales

Number = int | float | Decimal
Value = Number | Sequence[Number] | None
Window = tuple[Number, Number | None]

ARGUMENTS = {
    "tw_early": "tw",
    "tw_late": "tw",
    "shift_early": "shift",
    "shift_late": "shift",
}
"""The arguments that stand for two attributes; every other attribute is given by its own name."""

FINEST = 10**9
"""The finest scale that numbers are given without asking."""

EXACT = Context(prec=400)


@dataclass
class Row:
    """One depot, client or vehicle type: the attributes that were given, by name."""

    table: str  # depots, clients or vehicle_types
    index: int
    values: dict[str, Value]
    id: str = ""
    name: str = ""
    windows: tuple[Window, ...] = ()
    allowed: tuple[int, ...] | None = None  # vehicle types, None: all
    preference: dict[int, Number] = field(default_factory=dict)  # by vehicle type

    @property
    def label(self) -> str:
        """What to call the row in a message: ``client 17 (order A-4711)``."""
        number = f"{self.table.replace('_', ' ')[:-1]} {self.index + 1}"
        known = self.name or self.id
        return f"{number} ({known})" if known not in ("", str(self.index + 1)) else number

    def error(self, attribute: str, message: str) -> ProblemError:
        """An error about one of the row's attributes."""
        argument = ARGUMENTS.get(attribute, attribute)
        pointer = f"/{self.table}/{self.index}/{argument}"
        return ProblemError(f"{attribute} of {self.label} {message}", pointer=pointer)

    def integer(self, value: Value, item: Attribute, scales: Scales) -> int:
        """A number in its kind's scale; None is the neutral value, such as no limit."""
        if value is None:
            return int(item.neutral or 0)
        if item.quantity is Quantity.INDEX or item.quantity is Quantity.FLAG:
            return int(value)  # type: ignore[arg-type]
        return self.scaled(value, scales.of(item.quantity), item.name)

    def scaled(self, value: Value, scale: int, attribute: str) -> int:
        """`value` times `scale` as an integer; raises ProblemError if digits would be lost."""
        exact = EXACT.multiply(Decimal(str(value)), scale)
        if not exact.is_finite() or abs(exact) > UNLIMITED:
            raise self.error(attribute, f"is {value}, expected a number below 2^50 / {scale}")
        if exact != exact.to_integral_value():
            advice = "; raise decimals" if scale < FINEST else ""
            raise self.error(attribute, f"is {value}, expected a multiple of {1 / scale:g}{advice}")
        return int(exact)


def dense_arrays(nodes: list[Row], vehicles: list[Row], scales: Scales) -> dict[str, Array | None]:
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
                    [row.integer(row.values.get(item.name), item, scales) for row in rows]
                )
        elif item.axes in ("NL", "VL") and any(item.name in row.values for row in rows):
            arrays[item.name] = _loads(rows, item, scales, nodes + vehicles)
    if any(row.allowed is not None for row in nodes):
        arrays["allowed"] = _allowed(nodes, len(vehicles))
    if any(row.preference for row in nodes):
        arrays["preference"] = _preference(nodes, len(vehicles), scales)
    return arrays


def _windows(rows: list[Row], item: Attribute, width: int, scales: Scales) -> Array:
    """One bound of the windows, (N, W); rows with fewer windows repeat their last."""
    side = 0 if item.name == "tw_early" else 1
    table = []
    for row in rows:
        windows = row.windows or ((0, None),)
        windows += (windows[-1],) * (width - len(windows))
        table.append([row.integer(window[side], item, scales) for window in windows])
    return np.array(table)


def _allowed(nodes: list[Row], num_types: int) -> Array:
    """Who may serve whom, (N, V)."""
    table = np.ones((len(nodes), num_types), dtype=np.bool_)
    for node, row in enumerate(nodes):
        if row.allowed is not None:
            table[node] = False
            table[node, [_vehicle_type(row, "allowed", t, num_types) for t in row.allowed]] = True
    return table


def _preference(nodes: list[Row], num_types: int, scales: Scales) -> Array:
    """Cost earned by client and vehicle type, (N, V)."""
    table = np.zeros((len(nodes), num_types), dtype=np.int64)
    for node, row in enumerate(nodes):
        for number, value in row.preference.items():
            kind = _vehicle_type(row, "preference", number, num_types)
            table[node, kind] = row.scaled(value, scales.cost, "preference")
    return table


def _vehicle_type(row: Row, attribute: str, number: int, num_types: int) -> int:
    if not 0 <= number < num_types:
        raise row.error(attribute, f"names vehicle type {number}, expected 0 to {num_types - 1}")
    return number


def _loads(rows: list[Row], item: Attribute, scales: Scales, everyone: list[Row]) -> Array:
    """Loads, (rows, L); a single number stands for the one dimension, or for zero in all."""
    width = 1
    for row in everyone:
        for name in ("delivery", "pickup", "capacity", "on_board"):
            value = row.values.get(name)
            if isinstance(value, Sequence):
                width = max(width, len(value))
    table = []
    for row in rows:
        value = row.values.get(item.name)
        numbers = list(value) if isinstance(value, Sequence) else [value] * width
        if len(numbers) != width or (width > 1 and not isinstance(value, Sequence) and value):
            raise row.error(item.name, f"is {value}, expected {width} numbers")
        table.append([row.integer(number, item, scales) for number in numbers])
    return np.array(table)


def integer_matrix(values: Array, item: str, profile: int, size: int, scale: int) -> Array:
    """The matrix `item` of a profile in integers, (N, N); infinite entries become UNLIMITED."""
    pointer = f"/matrices/{profile}/{item}"
    if values.shape != (size, size):
        found = " × ".join(map(str, values.shape))
        raise ProblemError(
            f"{item} of profile {profile + 1} is {found}, expected {size} × {size}, "
            "a row and a column for each depot and client",
            pointer=pointer,
        )
    scaled = np.asarray(values, dtype=np.float64) * scale
    forbidden = np.isposinf(scaled)
    whole = np.where(forbidden, float(UNLIMITED), np.round(scaled))
    with np.errstate(invalid="ignore"):  # NaN and -inf fail the comparisons below
        kept = np.abs(whole - scaled) <= 1e-6 + 2.0**-50 * np.abs(scaled)
    wrong = ~forbidden & ~(kept & (np.abs(whole) <= UNLIMITED))
    if wrong.any():
        row, column = (int(i) for i in np.argwhere(wrong)[0])
        raise ProblemError(
            f"{item} from node {row} to node {column} is {values[row, column]}, "
            f"expected a multiple of {1 / scale:g} below 2^50",
            pointer=f"{pointer}/{row}/{column}",
        )
    return whole.astype(np.int64)
