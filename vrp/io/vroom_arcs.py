"""What VROOM's vehicles drive by and pay for, as profiles: lengths, travel times and their rates.

VROOM charges for travel and for tasks, not for waiting, so no rate per time of ours says it. Its
charge goes by lengths instead. These are, whichever comes first:

- the travel times as they stand in the file, where travel is paid by the hour alone (and a limit
  of travel time is one of the length);
- the distances, where it is paid by the kilometre alone (and a limit of distance is one of them);
- the distances, beside which arcs have costs of their own, for all vehicles where the limits of one
  want that;
- else the charge for an arc itself, tasks included.

VROOM's own rounding is kept: a speed factor f turns a travel time t into t · round(100 / f)
hundredths of a second, and its price into t · round(per_hour / f) / 3600.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum
from fractions import Fraction

import numpy as np

from polyroute.vrp.errors import ReadError
from polyroute.vrp.problem import UNLIMITED, Array

PARTS = 100
"""VROOM's steps a second, which speed factors make use of."""

HOUR, KILOMETRE = 3600, 1000


@dataclass(frozen=True)
class Tariff:
    """A vehicle's speed and prices, and what bounds its travel."""

    speed: float = 1.0
    per_hour: int = HOUR
    per_task_hour: int = 0
    per_km: int = 0
    max_travel_time: int | None = None
    max_distance: int | None = None

    @property
    def parts(self) -> int:
        """Hundredths of a second for a second of the file."""
        return math.floor(PARTS / self.speed + 0.5)

    @property
    def travel_hour(self) -> int:
        """The price of an hour of the file's travel times."""
        return math.floor(self.per_hour / self.speed + 0.5)


@dataclass(frozen=True)
class Matrices:
    """A profile's matrices over all nodes, (N, N) int64; zero from and to nowhere."""

    durations: Array
    distances: Array | None
    costs: Array | None


@dataclass(frozen=True)
class Work:
    """The tasks' times for one vehicle, (N,) int64: service, and setup that depends on the way."""

    service: Array
    setup: Array


class Measure(Enum):
    """What a vehicle's lengths are."""

    TIME = "travel times"
    DISTANCE = "distances"
    APART = "distances, beside which travel and tasks cost"
    CHARGE = "what travel and tasks cost"


@dataclass(frozen=True)
class Driver:
    """A vehicle: its number in the file, prices, matrices and work."""

    number: int
    tariff: Tariff
    profile: str
    work: Work


@dataclass
class Profiles:
    """The fields of a problem that say how vehicles drive and what for; scales beside them."""

    cost_scale: int
    time_scale: int
    distance: list[Array] = field(default_factory=list)
    duration: list[Array] = field(default_factory=list)
    arc_cost: list[Array] = field(default_factory=list)
    setup: list[Array] = field(default_factory=list)
    profile: list[int] = field(default_factory=list)
    unit_distance_cost: list[int] = field(default_factory=list)
    max_distance: list[int] = field(default_factory=list)
    max_driving: list[int] = field(default_factory=list)


def make_profiles(
    drivers: Sequence[Driver],
    matrices: dict[str, Matrices],
    apart: Array,
    least: Array,
    within: bool,
) -> Profiles:
    """How the vehicles drive.

    Parameters
    ----------
    apart
        Whether two nodes are at different locations, (N, N).
    least
        The service that is a node's own, (N,); what a vehicle needs beyond it is on its way on.
    within
        Whether setup and what a vehicle needs beyond that service belong to windows, not to the
        way. They do in any case where time at the wheel is limited beside other prices.

    Raises
    ------
    ReadError
        For limits and prices without what they go by, and for prices that are too high.
    """
    measures = [_measure(driver, matrices[driver.profile], apart) for driver in drivers]
    if Measure.APART in measures:  # then lengths are of one kind
        measures = [Measure.APART] * len(drivers)
    rates = [rate for driver in drivers for rate in _rates(driver.tariff)]
    scale = math.lcm(*(rate.denominator for rate in rates))
    precise = any(driver.tariff.parts != PARTS for driver in drivers)
    time = PARTS if precise else 1
    _check_rates(drivers, scale)
    within |= any(
        measure is Measure.APART and driver.tariff.max_travel_time is not None
        for driver, measure in zip(drivers, measures, strict=True)
    )
    found = Profiles(cost_scale=scale, time_scale=time)
    known: dict[object, int] = {}
    for driver, measure in zip(drivers, measures, strict=True):
        tariff, own = driver.tariff, matrices[driver.profile]
        service = driver.work.service
        late = np.maximum(service - least, 0)
        key = (
            driver.profile,
            tariff.parts,
            measure,
            _rates(tariff) if measure in (Measure.CHARGE, Measure.APART) else None,
            driver.work.setup.tobytes(),
            late.tobytes(),
            service.tobytes() if measure in (Measure.CHARGE, Measure.APART) else None,
        )
        if key not in known:
            known[key] = len(known)
            stays = time * (apart * driver.work.setup[None, :] + late[:, None])
            on_the_way = np.zeros_like(stays) if within else stays
            found.duration.append(own.durations * (tariff.parts if precise else 1) + on_the_way)
            found.distance.append(_lengths(driver, own, measure, apart, scale))
            charged = measure is Measure.APART
            charge = _charge(driver, own, apart, scale) if charged else np.zeros_like(stays)
            found.arc_cost.append(charge)
            found.setup.append(time * (apart * driver.work.setup + late) if within else 0 * stays)
        _add(found, driver, measure, known[key])
    return found


def _rates(tariff: Tariff) -> tuple[Fraction, Fraction, Fraction]:
    """Prices of a second of travel, a second of tasks and a metre."""
    return (
        Fraction(tariff.travel_hour, HOUR),
        Fraction(tariff.per_task_hour, HOUR),
        Fraction(tariff.per_km, KILOMETRE),
    )


def _measure(driver: Driver, own: Matrices, apart: Array) -> Measure:
    """What the lengths of a vehicle are; raises ReadError for what goes by no matrix."""
    tariff = driver.tariff
    where = f"/vehicles/{driver.number}"
    limits = _binding(driver, own)
    if ("max_distance" in limits or tariff.per_km) and own.distances is None:
        what = "max_distance" if "max_distance" in limits else "per_km"
        raise ReadError(
            f'found {what}, but no distances of the profile "{driver.profile}"', pointer=where
        )
    if own.costs is not None and (tariff.per_hour != HOUR or tariff.per_km):
        raise ReadError(
            f'found prices of travel beside the costs of the profile "{driver.profile}", '
            "expected one of them",
            pointer=f"{where}/costs",
        )
    free = own.costs is None and not tariff.per_task_hour
    if free and not tariff.per_km and "max_distance" not in limits:
        return Measure.TIME
    if free and not tariff.per_hour and "max_travel_time" not in limits:
        return Measure.DISTANCE
    return Measure.APART if limits else Measure.CHARGE


def _binding(driver: Driver, own: Matrices) -> dict[str, int]:
    """The limits of travel that some route could exceed."""
    arcs = len(own.durations)
    tariff = driver.tariff
    limits = {}
    for name, limit, matrix, unit in (
        ("max_travel_time", tariff.max_travel_time, own.durations, tariff.parts),
        ("max_distance", tariff.max_distance, own.distances, PARTS),
    ):
        if limit is None:
            continue
        longest = math.inf if matrix is None else int(matrix.max()) * unit * arcs
        if longest > limit * PARTS:
            limits[name] = limit
    return limits


def _check_rates(drivers: Sequence[Driver], scale: int) -> None:
    """Raise ReadError for prices that leave no room below 2^50."""
    for driver in drivers:
        if any(rate * scale >= UNLIMITED for rate in _rates(driver.tariff)):
            raise ReadError(
                f"found prices above 2^50 in steps of 1/{scale}, expected lower ones",
                pointer=f"/vehicles/{driver.number}/costs",
            )


def _priced(values: Array, rate: int, driver: Driver) -> Array:
    """`values` times `rate`; raises ReadError if that is more than there is room for."""
    if float(values.max(initial=0)) * rate >= UNLIMITED:
        raise ReadError(
            f"found prices that make an arc cost more than 2^50 / {rate}, expected lower ones",
            pointer=f"/vehicles/{driver.number}/costs",
        )
    return values * rate


def _lengths(driver: Driver, own: Matrices, measure: Measure, apart: Array, scale: int) -> Array:
    if measure is Measure.CHARGE:
        return _charge(driver, own, apart, scale)
    return own.durations if measure is Measure.TIME or own.distances is None else own.distances


def _charge(driver: Driver, own: Matrices, apart: Array, scale: int) -> Array:
    """What an arc costs, the task at its end included."""
    travel, task, metre = (int(rate * scale) for rate in _rates(driver.tariff))
    if own.costs is not None:
        charge = _priced(own.costs, scale, driver)
    else:
        charge = _priced(own.durations, travel, driver)
        if own.distances is not None:
            charge = charge + _priced(own.distances, metre, driver)
    work = driver.work
    return charge + _priced(work.service[None, :] + apart * work.setup[None, :], task, driver)


def _add(found: Profiles, driver: Driver, measure: Measure, profile: int) -> None:
    """A vehicle's row."""
    tariff = driver.tariff
    travel, _, metre = (int(rate * found.cost_scale) for rate in _rates(tariff))
    distance = driving = None
    rate = 1
    if measure is Measure.TIME:
        rate = travel
        if tariff.max_travel_time is not None:
            distance = tariff.max_travel_time * PARTS // tariff.parts
    elif measure is Measure.DISTANCE:
        rate, distance = metre, tariff.max_distance
    elif measure is Measure.APART:
        rate, distance, driving = 0, tariff.max_distance, tariff.max_travel_time
    found.profile.append(profile)
    found.unit_distance_cost.append(rate)
    found.max_distance.append(UNLIMITED if distance is None else min(distance, UNLIMITED))
    limit = UNLIMITED if driving is None else min(driving * found.time_scale, UNLIMITED)
    found.max_driving.append(limit)
