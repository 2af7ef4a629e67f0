"""The problem: one frozen record, and the one table that declares what a problem can hold.

Every dense attribute is a field of `Problem` whose metadata says over which axes it runs, what it
measures, its neutral value and whether a policy sees it. Validating, defaulting, batching,
serialising and the kernels' rows loop over `ATTRIBUTES`; no other file lists attributes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields, replace
from enum import Enum
from functools import cached_property
from itertools import pairwise

import numpy as np

from polyroute.vrp.arcs import ArcRule, arc_lengths
from polyroute.vrp.errors import ProblemError
from polyroute.vrp.structure import UNLIMITED as UNLIMITED
from polyroute.vrp.structure import Break, Group, Pair, Pin, Reload

Array = np.ndarray

NOWHERE = -1
"""The end depot of an open route."""


class Quantity(Enum):
    """What an attribute measures: decides its scale, its type and how it is renumbered."""

    GRID = "grid"  # coordinates
    LENGTH = "length"
    TIME = "time"
    LOAD = "load"
    COST = "cost"
    COST_PER_LENGTH = "cost per length"
    COST_PER_TIME = "cost per time"
    COUNT = "count"
    FLAG = "flag"
    INDEX = "index"
    DEGREES = "degrees"  # floating point, for drawing only


@dataclass(frozen=True)
class Attribute:
    """One line of the declaration table.

    `axes` is a string over N nodes (depots first, then clients), V vehicle types, L load
    dimensions, W windows, P profiles and digits for fixed lengths. `neutral` is the value that
    changes nothing; None means that the attribute may be absent. `of` is the axis that an INDEX
    points into. `policy` says whether a policy sees the attribute.
    """

    name: str
    axes: str
    quantity: Quantity
    neutral: int | None
    doc: str
    policy: bool
    of: str | None


def attribute(
    axes: str,
    quantity: Quantity,
    neutral: int | None,
    *,
    doc: str,
    policy: bool = True,
    of: str | None = None,
) -> Array:
    """Declare a dense attribute (see `Attribute`); the value is filled in by `Problem`."""
    metadata = {
        "axes": axes,
        "quantity": quantity,
        "neutral": neutral,
        "doc": doc,
        "policy": policy,
    }
    return field(default=None, metadata={**metadata, "of": of})  # type: ignore[arg-type]


@dataclass(frozen=True)
class Scales:
    """Integer steps per unit of the user's data, one scale a kind of measure.

    A cost per length is held in steps of ``cost / length``, a cost per time in ``cost / time``,
    so `cost` is a multiple of the others wherever such a rate is used.
    """

    grid: int = 1
    length: int = 1
    time: int = 1
    load: int = 1
    cost: int = 1

    def __post_init__(self) -> None:
        for item in fields(self):
            if getattr(self, item.name) < 1:
                raise ProblemError(
                    f"scale {item.name} is {getattr(self, item.name)}, expected at least 1"
                )

    def of(self, quantity: Quantity) -> int:
        """Steps per unit of `quantity`; 1 for counts, flags and indices."""
        if quantity is Quantity.COST_PER_LENGTH:
            return max(self.cost // self.length, 1)
        if quantity is Quantity.COST_PER_TIME:
            return max(self.cost // self.time, 1)
        scaled = (Quantity.GRID, Quantity.LENGTH, Quantity.TIME, Quantity.LOAD, Quantity.COST)
        return int(getattr(self, quantity.value)) if quantity in scaled else 1

    def show(self, value: int, quantity: Quantity) -> int | float | None:
        """`value` in the user's units: an int where that is exact, None for UNLIMITED."""
        if value >= UNLIMITED:
            return None
        scale = self.of(quantity)
        return value // scale if value % scale == 0 else value / scale


class Backhaul(Enum):
    """How deliveries (linehauls) and pickups (backhauls) may mix on a route."""

    NONE = "none"
    MIXED = "mixed"
    LINEHAUL_FIRST = "linehaul_first"


class Objective(Enum):
    """A term of the objective; a tuple of terms is compared lexicographically, all minimised."""

    VEHICLES = "vehicles"
    COST = "cost"
    LATENESS = "lateness"
    LONGEST_ROUTE = "longest_route"
    BOTTLENECK_ARC = "bottleneck_arc"
    UNSERVED_PRIORITY = "unserved_priority"


@dataclass(frozen=True, eq=False)
class Problem:
    """A routing problem in integers. Give any subset of the attributes; the rest is neutral.

    Arcs come either from `coords` with `arc_rule` or from `distance`; `duration` defaults to the
    distances, which requires equal length and time scales.

    Raises
    ------
    ProblemError
        If a shape, a range or a combination is wrong, or the worst-case total reaches 2^50.
    """

    num_depots: int = 1
    name: str = ""
    scales: Scales = Scales()
    arc_rule: ArcRule = ArcRule.NEAREST
    backhaul: Backhaul = Backhaul.NONE
    backhaul_only_routes: bool = True
    objective: tuple[Objective, ...] = (Objective.COST,)

    # -- arcs
    coords: Array = attribute("N2", Quantity.GRID, None, doc="position on the grid")
    lonlat: Array = attribute(
        "N2", Quantity.DEGREES, None, doc="longitude and latitude, for drawing only", policy=False
    )
    distance: Array = attribute("PNN", Quantity.LENGTH, None, doc="length of each arc")
    duration: Array = attribute("PNN", Quantity.TIME, None, doc="travel time of each arc")
    arc_cost: Array = attribute(
        "PNN", Quantity.COST, None, doc="cost of each arc, beside that of its length"
    )
    setup: Array = attribute(
        "PNN", Quantity.TIME, None, doc="time before service where an arc was driven to come there"
    )
    # -- loads
    delivery: Array = attribute("NL", Quantity.LOAD, 0, doc="amount brought to the node")
    pickup: Array = attribute("NL", Quantity.LOAD, 0, doc="amount taken away from the node")
    # -- time
    tw_early: Array = attribute("NW", Quantity.TIME, 0, doc="earliest start of service")
    tw_late: Array = attribute("NW", Quantity.TIME, UNLIMITED, doc="latest start of service")
    lateness_cost: Array = attribute(
        "N",
        Quantity.COST_PER_TIME,
        UNLIMITED,
        doc="price of lateness; UNLIMITED: the window is hard",
    )
    service: Array = attribute("N", Quantity.TIME, 0, doc="duration of service")
    release: Array = attribute("N", Quantity.TIME, 0, doc="when the goods are ready at the depot")
    # -- choice
    required: Array = attribute("N", Quantity.FLAG, 1, doc="whether the client must be served")
    prize: Array = attribute("N", Quantity.COST, 0, doc="cost of not serving an optional client")
    allowed: Array = attribute("NV", Quantity.FLAG, 1, doc="whether the vehicle type may serve it")
    preference: Array = attribute("NV", Quantity.COST, 0, doc="cost earned if that type serves it")
    # -- fleet
    count: Array = attribute("V", Quantity.COUNT, UNLIMITED, doc="number of vehicles")
    capacity: Array = attribute("VL", Quantity.LOAD, UNLIMITED, doc="largest load on board")
    start_depot: Array = attribute("V", Quantity.INDEX, 0, doc="where routes begin", of="N")
    end_depot: Array = attribute(
        "V", Quantity.INDEX, 0, doc="where routes end; NOWHERE: at the last client", of="N"
    )
    fixed_cost: Array = attribute("V", Quantity.COST, 0, doc="cost of using a vehicle")
    unit_distance_cost: Array = attribute(
        "V", Quantity.COST_PER_LENGTH, 1, doc="cost per unit of distance"
    )
    unit_duration_cost: Array = attribute(
        "V", Quantity.COST_PER_TIME, 0, doc="cost per unit of time"
    )
    shift_early: Array = attribute("V", Quantity.TIME, 0, doc="earliest departure")
    shift_late: Array = attribute("V", Quantity.TIME, UNLIMITED, doc="latest return")
    max_distance: Array = attribute("V", Quantity.LENGTH, UNLIMITED, doc="longest route")
    max_duration: Array = attribute("V", Quantity.TIME, UNLIMITED, doc="longest time on the road")
    max_driving: Array = attribute("V", Quantity.TIME, UNLIMITED, doc="longest time at the wheel")
    regular_duration: Array = attribute(
        "V", Quantity.TIME, UNLIMITED, doc="duration beyond which overtime is paid"
    )
    overtime_cost: Array = attribute("V", Quantity.COST_PER_TIME, 0, doc="price of overtime")
    max_stops: Array = attribute("V", Quantity.COUNT, UNLIMITED, doc="most clients on a route")
    profile: Array = attribute("V", Quantity.INDEX, 0, doc="which matrices it drives by", of="P")
    under_way: Array = attribute(
        "V", Quantity.FLAG, 0, doc="whether it has left: at its start depot at ready_time"
    )
    ready_time: Array = attribute("V", Quantity.TIME, 0, doc="when a vehicle under way moves on")
    on_board: Array = attribute("VL", Quantity.LOAD, 0, doc="goods on a vehicle under way")
    # -- structure and identity
    pairs: tuple[Pair, ...] = ()
    groups: tuple[Group, ...] = ()
    reloads: tuple[Reload, ...] = ()
    breaks: tuple[Break, ...] = ()
    pins: tuple[Pin, ...] = ()
    node_id: tuple[str, ...] = ()
    node_name: tuple[str, ...] = ()
    vehicle_id: tuple[str, ...] = ()
    vehicle_name: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        sizes = _axis_sizes(self)
        object.__setattr__(self, "_sizes", sizes)
        for item in ATTRIBUTES:
            object.__setattr__(self, item.name, _settle(self, item, sizes))
        _fill_identity(self, sizes)
        _check_consistency(self)

    def __setstate__(self, state: dict[str, object]) -> None:
        self.__dict__.update(state)
        for item in ATTRIBUTES:  # pickling forgets that arrays are read-only
            if state[item.name] is not None:
                getattr(self, item.name).setflags(write=False)

    def replace(self, **changes: object) -> Problem:
        """A copy with some fields changed, validated anew."""
        return replace(self, **changes)  # type: ignore[arg-type]

    # -- sizes -----------------------------------------------------------------------------

    def size(self, axis: str) -> int:
        """Length of an axis: N, V, L, W or P."""
        sizes: dict[str, int] = self._sizes  # type: ignore[attr-defined]
        return sizes[axis]

    @property
    def num_nodes(self) -> int:
        """Depots and clients."""
        return self.size("N")

    @property
    def num_clients(self) -> int:
        """Nodes that are not depots."""
        return self.size("N") - self.num_depots

    @property
    def num_vehicle_types(self) -> int:
        """Rows of the fleet."""
        return self.size("V")

    @property
    def clients(self) -> range:
        """The client nodes."""
        return range(self.num_depots, self.num_nodes)

    # -- arcs ------------------------------------------------------------------------------

    def distances_between(self, tail: Array, head: Array, profile: int = 0) -> Array:
        """Distances of the arcs `tail` → `head` (node numbers that broadcast), int64."""
        if self.distance is not None:
            return self.distance[profile, tail, head]
        scales = self.scales
        return arc_lengths(
            self.coords[tail], self.coords[head], self.arc_rule, scales.grid, scales.length
        )

    def durations_between(self, tail: Array, head: Array, profile: int = 0) -> Array:
        """Travel times of the arcs `tail` → `head` (node numbers that broadcast), int64."""
        if self.duration is not None:
            return self.duration[profile, tail, head]
        return self.distances_between(tail, head, profile)

    def distance_matrix(self, profile: int = 0) -> Array:
        """Distances between all nodes, (N, N) int64 with a zero diagonal: N² words of memory."""
        return self._matrix(self.distance, profile)

    def duration_matrix(self, profile: int = 0) -> Array:
        """Travel times between all nodes, (N, N) int64 with a zero diagonal: N² words."""
        return self._matrix(self.distance if self.duration is None else self.duration, profile)

    def _matrix(self, stored: Array | None, profile: int) -> Array:
        if stored is not None:
            matrix = stored[profile].copy()
        else:
            nodes = np.arange(self.num_nodes)
            matrix = self.distances_between(nodes[:, None], nodes[None, :])
        np.fill_diagonal(matrix, 0)
        return matrix

    @cached_property
    def is_symmetric(self) -> bool:
        """Whether every arc equals its reverse, in distance and in duration."""
        matrices = (self.distance, self.duration, self.arc_cost, self.setup)
        stored = [matrix for matrix in matrices if matrix is not None]
        return all(np.array_equal(matrix, matrix.swapaxes(1, 2)) for matrix in stored)

    # -- what is in use --------------------------------------------------------------------

    @cached_property
    def active(self) -> frozenset[str]:
        """Names of the features that this problem uses beyond bare clients and arcs.

        A dense attribute counts when it differs from its neutral value. To these come
        ``several_depots``, ``several_vehicle_types``, ``several_loads``, ``several_windows``,
        ``profiles``, ``arc_cost``, ``setup``, ``open_routes``, ``asymmetric``, ``backhaul``,
        ``pairs``, ``groups``, ``reloads``, ``breaks``, ``breaks_on_the_road``, ``pins`` and
        ``objective``.
        """
        names = {
            item.name
            for item in ATTRIBUTES
            if item.neutral is not None and (getattr(self, item.name) != item.neutral).any()
        }
        implied = {
            "several_depots": self.num_depots > 1,
            "several_vehicle_types": self.num_vehicle_types > 1,
            "several_loads": self.size("L") > 1,
            "several_windows": self.size("W") > 1,
            "profiles": self.size("P") > 1,
            "arc_cost": self.arc_cost is not None and bool(self.arc_cost.any()),
            "setup": self.setup is not None and bool(self.setup.any()),
            "open_routes": bool((self.end_depot == NOWHERE).any()),
            "asymmetric": not self.is_symmetric,
            "backhaul": self.backhaul is not Backhaul.NONE,
            "pairs": bool(self.pairs),
            "groups": bool(self.groups),
            "reloads": bool(self.reloads),
            "breaks": bool(self.breaks),
            "breaks_on_the_road": any(pause.on_the_road for pause in self.breaks),
            "pins": bool(self.pins),
            "objective": self.objective != (Objective.COST,),
        }
        return frozenset(names | {name for name, used in implied.items() if used})

    @property
    def has_time(self) -> bool:
        """Whether any attribute makes the time of day or the duration of a route matter."""
        return not TIMED.isdisjoint(self.active)

    @property
    def variant(self) -> str:
        """The name of the variant in the literature's letters, such as CVRP, OVRPBLTW, MDVRPTW."""
        active = self.active
        if not active - {"count", "asymmetric"} and (self.count == 1).all():
            return "ATSP" if "asymmetric" in active else "TSP"
        prefix = "MT" if "reloads" in active else ""
        prefix += "MD" if "several_depots" in active else ""
        prefix += "SD" if "allowed" in active else ""
        prefix += "HF" if self._has_mixed_fleet else ""
        prefix += "O" if "open_routes" in active else ""
        prefix += "PC" if "required" in active else ""
        if self.backhaul is Backhaul.NONE:
            suffix = "PD" if self.pairs else ""
        else:
            suffix = "MB" if self.backhaul is Backhaul.MIXED else "B"
        suffix += "L" if active & {"max_distance", "max_duration"} else ""
        suffix += "TW" if active & {"tw_early", "tw_late"} else ""
        suffix += "R" if "release" in active else ""
        plain = "capacity" in active and not suffix and not active & CAPACITY_UNSAID
        return f"{prefix}{'C' if plain else ''}VRP{suffix}"

    @property
    def _has_mixed_fleet(self) -> bool:
        """Whether vehicle types differ in more than their number and their depots."""
        placed = ("count", "start_depot", "end_depot")
        rows = (getattr(self, item.name) for item in attributes("V") if item.name not in placed)
        return any((array != array[:1]).any() for array in rows)

    # -- names -----------------------------------------------------------------------------

    def label(self, node: int) -> str:
        """What to call a node in a message: ``client 17``, ``client 17 (order A-4711)``."""
        if node < self.num_depots:
            what, plain = "depot", str(node + 1)
        else:
            what, plain = "client", str(node - self.num_depots + 1)
        known = self.node_name[node] or self.node_id[node]
        return f"{what} {plain}" if known == plain else f"{what} {plain} ({known})"

    def equals(self, other: Problem) -> bool:
        """Whether both hold the same data, attribute by attribute."""
        for item in fields(self):
            mine, theirs = getattr(self, item.name), getattr(other, item.name)
            if isinstance(mine, np.ndarray) or isinstance(theirs, np.ndarray):
                if mine is None or theirs is None or not np.array_equal(mine, theirs):
                    return False
            elif mine != theirs:
                return False
        return True


ATTRIBUTES: tuple[Attribute, ...] = tuple(
    Attribute(name=item.name, **item.metadata) for item in fields(Problem) if item.metadata
)
"""The declaration table, in the order of the fields of `Problem`."""

TIMED = frozenset(
    "tw_early tw_late service release unit_duration_cost shift_early shift_late "
    "max_duration max_driving setup regular_duration overtime_cost under_way breaks".split()
)
"""Features under which travel times matter."""

CAPACITY_UNSAID = frozenset({"open_routes", "reloads", "required"})
"""Features whose letter stands in a variant's name instead of the C of a capacity."""


def attributes(axes: str) -> Iterator[Attribute]:
    """The declared attributes whose first axis is one of `axes`."""
    return (item for item in ATTRIBUTES if item.axes[0] in axes)


def _axis_sizes(problem: Problem) -> dict[str, int]:
    """Axis lengths, read off the arrays that were given; they must agree."""
    sizes: dict[str, int] = {}
    source: dict[str, str] = {}
    for item in ATTRIBUTES:
        value = getattr(problem, item.name)
        if value is None:
            continue
        shape = np.shape(value)
        if len(shape) != len(item.axes):
            raise ProblemError(
                f"{item.name} has {len(shape)} dimensions, expected {len(item.axes)} ({item.axes})"
            )
        for axis, length in zip(item.axes, shape, strict=True):
            expected = int(axis) if axis.isdigit() else sizes.setdefault(axis, length)
            source.setdefault(axis, item.name)
            if length == 0:
                raise ProblemError(f"{item.name} is empty along {axis}, expected an entry")
            if length != expected:
                by = "" if axis.isdigit() else f" as in {source[axis]}"
                raise ProblemError(
                    f"{item.name} has length {length} along {axis}, expected {expected}{by}"
                )
    if "N" not in sizes:
        raise ProblemError("a problem needs coords or distance, found neither")
    if not 1 <= problem.num_depots <= sizes["N"]:
        raise ProblemError(f"num_depots is {problem.num_depots}, expected 1 to {sizes['N']}")
    return {axis: sizes.get(axis, 1) for axis in "NVLWP"}


def _settle(problem: Problem, item: Attribute, sizes: dict[str, int]) -> Array | None:
    """The attribute's value: filled, typed, in range, C-contiguous and read-only."""
    value = getattr(problem, item.name)
    shape = tuple(int(axis) if axis.isdigit() else sizes[axis] for axis in item.axes)
    if value is None:
        if item.neutral is None:
            return None
        array: Array = np.full(shape, item.neutral, dtype=_dtype(item.quantity))
    else:
        array = _as_typed(np.asarray(value), item)
    low = {"end_depot": NOWHERE, "coords": -UNLIMITED}.get(item.name, 0)
    open_ended = item.neutral == UNLIMITED or item.name in ("distance", "duration")
    high = UNLIMITED if open_ended or item.name == "coords" else UNLIMITED - 1
    if item.quantity is Quantity.INDEX:
        assert item.of is not None
        high = (problem.num_depots if item.of == "N" else sizes[item.of]) - 1
    if item.quantity not in (Quantity.DEGREES, Quantity.FLAG):
        wrong = (array < low) | (array > high)
        if wrong.any():
            index = tuple(int(i) for i in np.argwhere(wrong)[0])
            limit = {UNLIMITED: "UNLIMITED", UNLIMITED - 1: "below UNLIMITED"}.get(high, high)
            raise ProblemError(
                f"{item.name}{list(index)} is {array[index]}, expected {low} to {limit}"
            )
    array.setflags(write=False)
    return array


def _dtype(quantity: Quantity) -> type:
    return {Quantity.FLAG: np.bool_, Quantity.DEGREES: np.float64}.get(quantity, np.int64)


def _as_typed(array: Array, item: Attribute) -> Array:
    """A private copy of the quantity's type; a float that is no integer is refused, not rounded."""
    dtype = _dtype(item.quantity)
    if dtype is np.int64 and array.dtype.kind == "f":
        if not np.isfinite(array).all() or (array != np.floor(array)).any():
            raise ProblemError(f"{item.name} holds numbers that are no integers; scale them first")
    elif dtype is np.int64 and array.dtype.kind not in "iub":
        raise ProblemError(f"{item.name} has type {array.dtype}, expected integers")
    return np.array(array, dtype=dtype, order="C")


def _fill_identity(problem: Problem, sizes: dict[str, int]) -> None:
    """Give ids to what has none: clients and depots count from 1, as do vehicle types."""
    num_depots = problem.num_depots
    plain = [str(i + 1) for i in range(num_depots)]
    plain += [str(i + 1) for i in range(sizes["N"] - num_depots)]
    for name, axis, default in (
        ("node_id", "N", plain),
        ("node_name", "N", [""] * sizes["N"]),
        ("vehicle_id", "V", [str(i + 1) for i in range(sizes["V"])]),
        ("vehicle_name", "V", [""] * sizes["V"]),
    ):
        value = tuple(getattr(problem, name)) or tuple(default)
        if len(value) != sizes[axis]:
            raise ProblemError(f"{name} has {len(value)} entries, expected {sizes[axis]}")
        object.__setattr__(problem, name, value)


def _check_consistency(problem: Problem) -> None:
    """What no single attribute can know."""
    if problem.coords is None and problem.distance is None:
        raise ProblemError("a problem needs coords or distance, found neither")
    for name in ("duration", "arc_cost", "setup"):
        if problem.distance is None and getattr(problem, name) is not None:
            raise ProblemError(f"{name} is given without distance; give both")
    _check_depots(problem)
    _check_windows(problem)
    if not problem.objective or len(set(problem.objective)) != len(problem.objective):
        raise ProblemError("objective is empty or repeats a term, expected distinct terms")
    if (
        problem.distance is None
        and problem.arc_rule is not ArcRule.NONE
        and problem.scales.length % problem.arc_rule.least_scale
    ):
        raise ProblemError(
            f"length scale is {problem.scales.length}, expected a multiple of "
            f"{problem.arc_rule.least_scale} under rule {problem.arc_rule.label}"
        )
    same_scale = problem.scales.length == problem.scales.time
    if problem.duration is None and problem.has_time and not same_scale:
        raise ProblemError("travel times are the distances, but the length and time scales differ")
    _check_rates(problem)
    _check_structure(problem)
    _check_magnitude(problem)


def _check_structure(problem: Problem) -> None:
    """Each record by itself, and together; an error points at the record in the JSON form."""
    depots, nodes, types = problem.num_depots, problem.num_nodes, problem.num_vehicle_types
    for table, sizes in (
        ("pairs", (depots, nodes)),
        ("groups", (depots, nodes)),
        ("reloads", (depots, types)),
        ("breaks", (types, problem.size("L"))),
        ("pins", (depots, nodes, types)),
    ):
        for index, record in enumerate(getattr(problem, table)):
            try:
                record.validate(*sizes)
            except ProblemError as error:
                raise ProblemError(str(error), pointer=f"/{table}/{index}") from None
    for index, pause in enumerate(problem.breaks):
        _check_break_windows(problem, pause, f"/breaks/{index}")
    for table in ("reloads", "pins"):
        kinds = [record.vehicle_type for record in getattr(problem, table)]
        for index, kind in enumerate(kinds):
            if kind in kinds[:index]:
                raise ProblemError(
                    f"vehicle type {problem.vehicle_id[kind]} has a second entry in {table}, "
                    "expected one",
                    pointer=f"/{table}/{index}",
                )
    pinned: set[int] = set()
    for index, pin in enumerate(problem.pins):
        count = int(problem.count[pin.vehicle_type])
        if count != 1:
            found = "not limited" if count >= UNLIMITED else count
            raise ProblemError(
                f"count of vehicle type {problem.vehicle_id[pin.vehicle_type]}, which has pinned "
                f"visits, is {found}, expected 1",
                pointer=f"/pins/{index}",
            )
        for node in pin.visits:
            if node in pinned:
                raise ProblemError(
                    f"{problem.label(node)} is pinned twice, expected once",
                    pointer=f"/pins/{index}",
                )
        pinned.update(pin.visits)


def _check_break_windows(problem: Problem, pause: Break, pointer: str) -> None:
    """Windows begin before they end, the earliest first, with gaps between them."""

    def show(value: int) -> int | float | None:
        return problem.scales.show(value, Quantity.TIME)

    if not pause.windows:
        raise ProblemError("a break has no window, expected one or more", pointer=pointer)
    for early, late in pause.windows:
        if not 0 <= early < UNLIMITED or not early <= late <= UNLIMITED:
            raise ProblemError(
                f"the window of a break begins at {show(early)} and ends at {show(late)}, "
                "expected 0 <= begin <= end",
                pointer=pointer,
            )
    for (_, late), (early, _) in pairwise(pause.windows):
        if early <= late:
            raise ProblemError(
                f"a break has a window from {show(early)} on behind one that ends at "
                f"{show(late)}, expected the earliest first and a gap between them",
                pointer=pointer,
            )


def _check_depots(problem: Problem) -> None:
    """A depot has opening hours, one window of them; all else belongs to clients."""
    depots = slice(0, problem.num_depots)
    for item in attributes("N"):
        if item.neutral is None or item.name in ("tw_early", "tw_late"):
            continue
        value = getattr(problem, item.name)[depots]
        if (value != item.neutral).any():
            expected = "UNLIMITED" if item.neutral == UNLIMITED else item.neutral
            raise ProblemError(
                f"{item.name} of a depot is {int(value[value != item.neutral][0])}, "
                f"expected {expected}"
            )
    for bound in (problem.tw_early[depots], problem.tw_late[depots]):
        if (bound != bound[:, :1]).any():
            raise ProblemError("a depot has several time windows, expected one")


def _check_windows(problem: Problem) -> None:
    """Windows begin before they end; several of one client leave gaps, but may repeat as padding.

    So arriving in a window is being in just one, and "the last window" is the latest.
    """
    show = problem.scales.show
    early_after_late = np.argwhere(problem.tw_early > problem.tw_late)
    if early_after_late.size:
        node, window = (int(i) for i in early_after_late[0])
        raise ProblemError(
            f"time window of {problem.label(node)} begins at "
            f"{show(int(problem.tw_early[node, window]), Quantity.TIME)} and ends at "
            f"{show(int(problem.tw_late[node, window]), Quantity.TIME)}, expected begin <= end"
        )
    if problem.size("W") == 1:
        return
    order = np.lexsort((problem.tw_late, problem.tw_early), axis=1)
    early = np.take_along_axis(problem.tw_early, order, axis=1)
    late = np.take_along_axis(problem.tw_late, order, axis=1)
    repeated = (early[:, 1:] == early[:, :-1]) & (late[:, 1:] == late[:, :-1])
    meeting = np.argwhere((early[:, 1:] <= late[:, :-1]) & ~repeated)
    if meeting.size:
        node, window = (int(i) for i in meeting[0])
        raise ProblemError(
            f"time windows of {problem.label(node)} meet or overlap at "
            f"{show(int(early[node, window + 1]), Quantity.TIME)}, expected a gap between them"
        )


def _check_rates(problem: Problem) -> None:
    """Every cost term must be an integer in the cost scale."""
    scales = problem.scales
    for names, scale, what in (
        (("unit_distance_cost",), scales.length, "length"),
        (("unit_duration_cost", "overtime_cost", "lateness_cost"), scales.time, "time"),
    ):
        used = any(_finite_max(getattr(problem, name)) for name in names)
        if used and scales.cost % scale:
            raise ProblemError(
                f"cost scale is {scales.cost}, expected a multiple of the {what} scale {scale}"
            )


def _finite_max(array: Array | None) -> int:
    """Largest entry below UNLIMITED, 0 where there is none."""
    if array is None or not array.size:
        return 0
    return int(np.max(array, initial=0, where=array < UNLIMITED))


def _check_magnitude(problem: Problem) -> None:
    """Refuse data whose worst-case total would leave the exact range of float64."""
    worst = WorstCase.of(problem)
    for item in fields(worst):
        total = getattr(worst, item.name)
        if total >= UNLIMITED:
            raise ProblemError(
                f"the worst-case total {item.name} is {total:.3g}, expected below 2^50 = "
                f"{UNLIMITED}; use fewer decimals or larger units"
            )


# -- worst cases ---------------------------------------------------------------------------


@dataclass(frozen=True)
class WorstCase:
    """More than any plan has, in the problem's integers.

    At worst each client is reached by his longest arc. There are no more routes than clients or
    vehicles, and each goes home once and takes its breaks. Where there are reloads, each client has
    a trip of his own with an empty one beside it.

    Nobody waits but for something that opens, and putting off the departure takes that waiting away
    unless a window ended before; a vehicle that is late is set back to such an end. So a stop makes
    a route last longer by no more than the latest opening comes after the earliest end, and times
    of day may be counted from any year.
    """

    distance: int
    time: int  # the time of day at which the last route ends, or what all routes last together
    cost: int
    load: int

    @classmethod
    def of(cls, problem: Problem) -> WorstCase:
        """The totals of `problem`."""
        arcs = _Arcs.of(problem)
        distance = arcs.total(problem.distance)
        lasting = opening = 0
        if problem.has_time:
            lasting = distance if problem.duration is None else arcs.total(problem.duration)
            lasting += 0 if problem.setup is None else arcs.total(problem.setup)
            lasting += _sum(problem.service) + _waiting_and_breaks(problem, arcs)
            opening = max(_openings(problem))
        goods = (problem.delivery.astype(np.float64) + problem.pickup).sum(axis=0)
        return cls(
            distance=distance,
            time=opening + lasting,
            cost=_cost(problem, arcs, lasting, opening),
            load=int((goods + problem.on_board.max(axis=0)).max()),
        )


@dataclass(frozen=True)
class _Arcs:
    """How often vehicles come to clients and to depots at most, and how long an arc may be."""

    num_clients: int
    num_depots: int
    routes: int
    homecomings: int
    longest: int  # from coordinates; 0 where matrices tell

    @classmethod
    def of(cls, problem: Problem) -> _Arcs:
        clients = problem.num_clients
        routes = min(clients, sum(min(int(count), clients) for count in problem.count))
        return cls(
            clients,
            problem.num_depots,
            routes,
            2 * clients + 1 if problem.reloads else routes,
            _longest(problem) if problem.distance is None else 0,
        )

    @property
    def points(self) -> int:
        """Visits, departures, reloads and returns."""
        return self.num_clients + self.routes + self.homecomings

    def total(self, matrix: Array | None, rates: Array | int = 1) -> int:
        """What a plan adds up to on arcs of lengths `matrix`, (P, N, N), at `rates`, (P,)."""
        if matrix is None:
            return (self.num_clients + self.homecomings) * self.longest * int(np.max(rates))
        into = np.max(matrix, axis=1, initial=0, where=matrix < UNLIMITED)  # (P, N)
        paid = (into * np.asarray(rates, dtype=np.float64).reshape(-1, 1)).max(axis=0)
        home = int(paid[: self.num_depots].max())
        return _sum(paid[self.num_depots :]) + self.homecomings * home


def _longest(problem: Problem) -> int:
    """More than the length of any arc between coordinates."""
    if problem.arc_rule is ArcRule.GEO:
        return 20_100 * problem.scales.length  # half of the equator
    span = problem.coords.max(axis=0) - problem.coords.min(axis=0)
    return int((np.hypot(*span) / problem.scales.grid + 1.0) * problem.scales.length)


def _waiting_and_breaks(problem: Problem, arcs: _Arcs) -> int:
    """What all routes last together beyond driving and service."""
    pauses: dict[int, list[int]] = {}  # by vehicle type
    for pause in problem.breaks:
        pauses.setdefault(pause.vehicle_type, []).append(pause.duration)
    most = max(map(len, pauses.values()), default=0)
    longest = max(map(sum, pauses.values()), default=0)
    apart = max(max(_openings(problem)) - min(_closings(problem)), 0)
    return arcs.routes * longest + (arcs.points + arcs.routes * most) * apart


def _openings(problem: Problem) -> list[int]:
    """What somebody may wait for: the latest of each kind."""
    clocks = (problem.tw_early, problem.shift_early, problem.release, problem.ready_time)
    windows = [window for pause in problem.breaks for window in pause.windows]
    return [*(int(clock.max()) for clock in clocks), *(early for early, _ in windows)]


def _closings(problem: Problem) -> list[int]:
    """What somebody may be late for: the earliest of each kind."""
    clocks = (problem.tw_late, problem.shift_late, problem.ready_time[problem.under_way])
    windows = [window for pause in problem.breaks for window in pause.windows]
    return [
        *(int(clock.min(initial=UNLIMITED)) for clock in clocks),
        *(late for _, late in windows),
    ]


def _cost(problem: Problem, arcs: _Arcs, lasting: int, opening: int) -> int:
    """What a plan costs; what it could earn counts as well."""
    fixed = [int(cost) for cost in problem.fixed_cost]
    fleet = sum(min(int(n), arcs.routes) * c for n, c in zip(problem.count, fixed, strict=True))
    rates = [  # the highest of each profile
        int(problem.unit_distance_cost[problem.profile == p].max(initial=0))
        for p in range(problem.size("P"))
    ]
    cost = arcs.total(problem.distance, np.array(rates))
    cost += 0 if problem.arc_cost is None else arcs.total(problem.arc_cost)
    cost += lasting * (int(problem.unit_duration_cost.max()) + int(problem.overtime_cost.max()))
    cost += min(fleet, arcs.routes * max(fixed))
    cost += _sum(problem.prize) + _sum(problem.preference.max(axis=1))
    soft = problem.lateness_cost < UNLIMITED
    if soft.any():  # a route is later from stop to stop
        late = max(opening - int(problem.tw_late[soft].min()), 0)
        later = (arcs.num_clients + 1) * lasting // 2
        cost += int(problem.lateness_cost[soft].max()) * (arcs.num_clients * late + later)
    return cost


def _sum(array: Array) -> int:
    """The sum, in float64: near 2^50 an integer one could wrap around."""
    return int(array.sum(dtype=np.float64))
