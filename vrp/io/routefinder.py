"""Read RouteFinder's ``.npz``: arrays of many instances of one of its 48 variants.

Reference: F. Berto, C. Hua, N. G. Zepeda et al., "RouteFinder: Towards Foundation Models for
Vehicle Routing Problems", TMLR 2025; the keys are those of its environment and its data files.
"""

from __future__ import annotations

import io
import tokenize
import zipfile
import zlib
from collections.abc import Mapping

import numpy as np

from polyroute.vrp.arcs import ArcRule, arc_lengths
from polyroute.vrp.errors import ReadError
from polyroute.vrp.problem import NOWHERE, UNLIMITED, Array, Backhaul, Problem, Scales
from polyroute.vrp.solution import Route, Solution

GRID = 2**40
LENGTH = 10**7
FARTHEST = 1000.0  # of a coordinate: the grid of 2^40 has room for 2^50 steps
MOST_UNITS = 100_000  # of load in 1.0; more could not be told apart in single precision
PRECISION = 2.0**-23  # how far a number in single precision may be off, relatively

FEATURES = {
    "locs": "NX",
    "demand_linehaul": "C",
    "demand_backhaul": "C",
    "backhaul_class": "",
    "open_route": "",
    "time_windows": "NX",
    "service_time": "N",
    "distance_limit": "",
    "vehicle_capacity": "",
    "capacity_original": "",
    "speed": "",
    "num_depots": "",
}
"""Each key and its axes behind the instances': N nodes, C clients, X two; none: one number."""

REQUIRED = ("locs", "demand_linehaul")
IGNORED = ("instance_index", "_actions", "_cost", "_cost_stated")
"""How keys end that say nothing of the problem: where an instance is from, and plans for it."""

READ_FAULTS = (
    ValueError,
    TypeError,
    SyntaxError,
    EOFError,
    OSError,
    MemoryError,
    OverflowError,
    NotImplementedError,
    RuntimeError,
    zipfile.BadZipFile,
    zlib.error,
    tokenize.TokenError,
)
"""What zipfile and numpy raise for archives and arrays that are not what they say."""


def read_routefinder(data: bytes, round: str | None = None, row: int | None = None) -> Problem:
    """The instance `row` (from 0) in the bytes of a file; it may be None if there is just one.

    A missing key is a feature that is not there, and so is a value that changes nothing.

    - Coordinates are kept on a grid of 2^-40, where single precision from 2^-16 on is exact.
      Lengths are Euclidean, not rounded but to steps of 10^-7 (`round` sets another rule).
    - Times and the limit of a route's length are rounded to the nearest step of 10^-7, so a
      window or a limit opens by half a step at most; from 0.5 on, that is less than a digit in
      single precision. Travel times are the lengths over `speed`.
    - Demands are fractions of the capacity, and are held in the largest unit of which all of them
      and the capacity are multiples; `capacity_original`, if it is there, says the unit.
    - Each depot has as many vehicles as it takes, which return to it. Where `open_route` is set
      they do not: then neither the return's length nor its time counts.
    - `backhaul_class` 1 has linehauls before backhauls on each route, 2 mixes them. RouteFinder
      lets routes have backhauls alone under both (its mask asks for no linehaul, and the plans
      that come with its data have such routes under both), so `backhaul_only_routes` is true. Its
      mask for 2 compares a pickup with the pickups only, and so lets plans pass that overload a
      vehicle on the way; here the load on board counts, as its PyVRP baseline has it.

    Raises
    ------
    ReadError
        For what is no such file, and for an instance that there is not.
    """
    arrays = _read_arrays(data)
    number = len(arrays["locs"])
    if row is None and number != 1:
        raise ReadError(
            f"the file holds {number} instances, expected one; "
            f"write :K behind its name for one of them, K from 0 to {number - 1}"
        )
    if row is not None and row >= number:
        raise ReadError(f"instance {row} is asked for, expected 0 to {number - 1}")
    return _problem(_Instance(arrays, row or 0), ArcRule.from_label(round or "none"))


def count_instances(data: bytes) -> int:
    """How many instances a file's bytes hold. Raises ReadError."""
    return len(_read_arrays(data)["locs"])


def read_tour(tour: Array, problem: Problem) -> Solution:
    """The plan in a tour as RouteFinder writes actions.

    A depot's number begins a route from that depot, any other is a visit; a depot at the end and
    one that follows another begin nothing. Without a depot in front, the first one is meant.
    Raises ReadError for a number that is no node.
    """
    wrong = tour[(tour < 0) | (tour >= problem.num_nodes)]
    if wrong.size:
        raise ReadError(f"the tour visits node {wrong[0]}, expected 0 to {problem.num_nodes - 1}")
    routes: list[Route] = []
    visits: list[int] = []
    depot = 0
    for node in [*tour.tolist(), 0]:
        if node >= problem.num_depots:
            visits.append(node)
            continue
        if visits:
            routes.append(Route(tuple(visits), depot))
        visits, depot = [], node
    return Solution(tuple(routes))


# -- arrays --------------------------------------------------------------------------------


def _read_arrays(data: bytes) -> dict[str, Array]:
    """The arrays of the features, as float64, their shapes checked; plans are left alone."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
            members = {
                name: archive.read(f"{name}.npy") for name in FEATURES if f"{name}.npy" in names
            }
    except READ_FAULTS as error:
        raise ReadError(f"not NumPy's .npz: {_reason(error)}") from None
    _check_keys(names)
    arrays = {name: _read_array(name, member) for name, member in members.items()}
    _check_shapes(arrays)
    return arrays


def _check_keys(members: list[str]) -> None:
    names = [member.removesuffix(".npy") for member in members]
    for name, member in zip(names, members, strict=True):
        if name == member:
            raise ReadError(f"not NumPy's .npz: the member {name[:40]!r} does not end in .npy")
        if name not in FEATURES and not name.endswith(IGNORED):
            raise ReadError(f"the key {name[:40]!r} is unknown, expected {', '.join(FEATURES)}")
        if names.count(name) > 1:
            raise ReadError(f"the key {name[:40]!r} is there twice, expected once")
    for name in REQUIRED:
        if name not in names:
            raise ReadError(f"the key {name!r} is missing")


def _read_array(name: str, member: bytes) -> Array:
    try:
        array: Array = np.lib.format.read_array(io.BytesIO(member), allow_pickle=False)
    except READ_FAULTS as error:
        raise ReadError(f"{name}: not an array of numbers: {_reason(error)}") from None
    if array.dtype.kind not in "biuf":
        raise ReadError(f"{name} has type {array.dtype}, expected numbers")
    return array.astype(np.float64)


def _reason(error: BaseException) -> str:
    """The first line of what a library says."""
    text = str(error).strip().partition("\n")[0] or type(error).__name__
    return text[:1].lower() + text[1:120]


def _check_shapes(arrays: dict[str, Array]) -> None:
    shape = arrays["locs"].shape
    if len(shape) != 3 or shape[0] == 0 or shape[1] == 0 or shape[2] != 2:
        raise ReadError(f"locs has shape {_show(shape)}, expected instances × nodes × 2")
    number, nodes, _ = shape
    depots = _num_depots(arrays, number, nodes)
    lengths = {"N": nodes, "C": nodes - depots, "X": 2}
    for name, array in arrays.items():
        expected = (number, *(lengths[axis] for axis in FEATURES[name]))
        if not FEATURES[name] and array.shape == (number, 1):
            arrays[name] = array[:, 0]
        elif array.shape != expected:
            raise ReadError(f"{name} has shape {_show(array.shape)}, expected {_show(expected)}")


def _num_depots(arrays: dict[str, Array], number: int, nodes: int) -> int:
    """The number of depots, the same in all instances."""
    depots = arrays.get("num_depots", np.ones(number))
    if depots.size != number:
        raise ReadError(f"num_depots has shape {_show(depots.shape)}, expected {number} × 1")
    if (depots != depots.flat[0]).any() or depots.flat[0] not in range(1, nodes + 1):
        wrong = depots[(depots != depots.flat[0]) | ~np.isin(depots, np.arange(1, nodes + 1))]
        raise ReadError(f"num_depots is {wrong.flat[0]:g}, expected the same in all, 1 to {nodes}")
    return int(depots.flat[0])


def _show(shape: tuple[int, ...]) -> str:
    return " × ".join(map(str, shape)) or "of one number"


# -- one instance --------------------------------------------------------------------------


class _Instance:
    """The values of one instance, by key, with a sentence for each that cannot be."""

    def __init__(self, arrays: Mapping[str, Array], row: int) -> None:
        self.arrays = arrays
        self.row = row

    def values(self, name: str, least: float = 0.0, most: float = np.inf) -> Array:
        """The array of a key that is there; infinite is allowed where `most` is."""
        values = self.arrays[name][self.row]
        wrong = ~((values >= least) & (values <= most))  # NaN fails both
        if wrong.any():
            upper = "" if most == np.inf else f" to {most:g}"
            raise ReadError(
                f"{name} of instance {self.row} holds {values[wrong].flat[0]:g}, "
                f"expected numbers from {least:g}{upper or ' on'}"
            )
        return values

    def number(self, name: str, default: float, most: float = np.inf) -> float:
        """The one number of a key, or what holds without it."""
        return float(self.values(name, 0.0, most)) if name in self.arrays else default

    def choice(self, name: str, *choices: int) -> int:
        """A whole number among `choices`, the first of them where the key is missing."""
        value = self.number(name, choices[0])
        if value not in choices:
            listed = " or ".join(map(str, choices))
            raise ReadError(f"{name} of instance {self.row} is {value:g}, expected {listed}")
        return int(value)


def _problem(instance: _Instance, rule: ArcRule) -> Problem:
    coords = np.rint(instance.values("locs", -FARTHEST, FARTHEST) * GRID).astype(np.int64)
    depots = int(instance.number("num_depots", 1.0))
    own = np.arange(depots)
    fields: dict[str, Array] = {"coords": coords, "start_depot": own, "end_depot": own}
    if instance.choice("open_route", 0, 1):
        fields["end_depot"] = np.full(depots, NOWHERE)
    limit = instance.number("distance_limit", np.inf)
    fields["max_distance"] = np.full(depots, _steps(limit))
    if "time_windows" in instance.arrays:
        windows = instance.values("time_windows")
        fields["tw_early"] = _steps(windows[:, :1])
        fields["tw_late"] = _steps(windows[:, 1:])
    if "service_time" in instance.arrays:
        fields["service"] = _steps(instance.values("service_time", most=FARTHEST))
    fields |= _loads(instance, depots)
    speed = instance.number("speed", 1.0, most=FARTHEST)
    if speed <= 0.0:
        raise ReadError(f"speed of instance {instance.row} is {speed:g}, expected more than 0")
    if speed != 1.0:
        fields |= _matrices(coords, rule, speed)
    backhaul = Backhaul.NONE
    if "pickup" in fields:
        classes = {1: Backhaul.LINEHAUL_FIRST, 2: Backhaul.MIXED}
        backhaul = classes[instance.choice("backhaul_class", 1, 2)]
        _check_kinds(fields, backhaul, depots)
    return Problem(
        num_depots=depots,
        scales=Scales(grid=GRID, length=LENGTH, time=LENGTH, cost=LENGTH),
        arc_rule=rule,
        backhaul=backhaul,
        **fields,  # type: ignore[arg-type]
    )


def _steps(values: Array | float) -> Array:
    """Lengths or times in integers; infinity is no limit."""
    values = np.asarray(values)
    finite = np.rint(np.where(np.isinf(values), 0.0, values) * LENGTH)
    if (finite >= UNLIMITED).any():
        raise ReadError(f"found {values.max():g}, expected times and lengths below 10^8")
    return np.where(np.isinf(values), UNLIMITED, finite).astype(np.int64)


def _loads(instance: _Instance, depots: int) -> dict[str, Array]:
    """Deliveries, pickups and the capacity, in integers of one unit."""
    capacity = instance.number("vehicle_capacity", 1.0, most=MOST_UNITS)
    named = {"delivery": "demand_linehaul", "pickup": "demand_backhaul"}
    demands = {
        field: instance.values(key, most=MOST_UNITS)
        for field, key in named.items()
        if key in instance.arrays
    }
    unit = _unit(instance, np.unique([capacity, *np.concatenate([*demands.values()])]), capacity)
    loads = {
        field: np.concatenate((np.zeros(depots), np.rint(values * unit)))[:, None]
        for field, values in demands.items()
        if field == "delivery" or values.any()
    }
    return loads | {"capacity": np.full((depots, 1), np.rint(capacity * unit))}


def _unit(instance: _Instance, values: Array, capacity: float) -> int:
    """How many units make 1.0, so that all `values` are integers as far as they are exact."""
    units = np.arange(1, MOST_UNITS + 1)
    if "capacity_original" in instance.arrays and capacity > 0.0:
        units = np.array([np.rint(instance.number("capacity_original", 1.0) / capacity)])
    for value in values:
        steps = value * units
        units = units[np.abs(steps - np.rint(steps)) <= steps * PRECISION]
        if not units.size:
            raise ReadError(
                f"demands of instance {instance.row}, such as {value:g}, share no unit with the "
                f"capacity {capacity:g}, expected multiples of one"
            )
    return int(units[0])


def _matrices(coords: Array, rule: ArcRule, speed: float) -> dict[str, Array]:
    """Lengths, and travel times at a speed other than 1."""
    distance = arc_lengths(coords[:, None], coords[None, :], rule, GRID, LENGTH)
    duration = np.rint(distance / speed)
    if (duration >= UNLIMITED).any():
        raise ReadError(f"speed is {speed:g}, too slow for times below 2^50")
    return {"distance": distance[None], "duration": duration.astype(np.int64)[None]}


def _check_kinds(fields: dict[str, Array], backhaul: Backhaul, depots: int) -> None:
    """Raise ReadError for a client who is both, where linehauls must come first."""
    both = np.flatnonzero((fields["delivery"] > 0) & (fields["pickup"] > 0))
    if both.size and backhaul is Backhaul.LINEHAUL_FIRST:
        raise ReadError(
            f"client {both[0] - depots + 1} has a linehaul and a backhaul, expected one of them "
            "under backhaul_class 1"
        )
