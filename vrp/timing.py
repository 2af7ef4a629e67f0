"""When a route leaves, and what time it is where, in slow plain Python (see `vrp.check`)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from polyroute.vrp.solution import BREAK
from polyroute.vrp.structure import UNLIMITED


@dataclass(frozen=True)
class Point:
    """A point on a route's path: what happens there, and when it may begin."""

    what: str  # start, visit, reload, break, end
    node: int  # that of the point before, for a break
    windows: tuple[tuple[int, int], ...]  # the earliest first
    stay: int = 0  # service, or the duration of a break
    price: int = UNLIMITED  # of lateness; UNLIMITED: the vehicle is set back
    index: int | None = None  # of a break
    on_the_road: bool = False  # a break for which the vehicle need not stand at a stop

    def window(self, clock: int) -> tuple[int, int]:
        """The first window that can still be met, or the last."""
        return next((window for window in self.windows if clock <= window[1]), self.windows[-1])


@dataclass
class Times:
    """Times at each point of a path. At a soft window `warp` is lateness, and sets nothing back.

    `ahead` is how long the vehicle has been driving to the next stop when a break begins.
    """

    arrive: list[int] = field(default_factory=list)
    wait: list[int] = field(default_factory=list)
    begin: list[int] = field(default_factory=list)
    warp: list[int] = field(default_factory=list)
    leave: list[int] = field(default_factory=list)
    ahead: list[int] = field(default_factory=list)
    overrun: int = 0  # how long after the end of the shift an open route ends
    late: int = 0  # at hard windows, and the overrun
    lateness: int = 0  # at soft windows
    lateness_cost: int = 0


@dataclass(frozen=True)
class Tariff:
    """What a route may last, and what that costs: the fields of a vehicle type."""

    most: int = UNLIMITED
    per_time: int = 0
    regular: int = UNLIMITED
    overtime: int = 0

    def rate(self, duration: int) -> tuple[int, int]:
        """By how much a route lasts too long, and what its duration costs."""
        cost = self.per_time * duration + self.overtime * max(duration - self.regular, 0)
        return max(duration - self.most, 0), cost


def best_times(path: Sequence[Point], travel: Sequence[int], closing: int, tariff: Tariff) -> Times:
    """The times of a path for the best departure; an open route is to end by `closing`.

    A route that leaves later is nowhere earlier. So leaving as early as may be gives the least
    lateness everywhere, and the departures that are no later at hard windows are all those up to
    some time. The best of these lasts too long by the least, costs least, is least late at soft
    windows, lasts least, and is the earliest. All that changes evenly with the departure but for
    where a delay begins to be too late for a window, or to be felt at all: so only those are tried.
    """
    departure, legs = path[0].windows[0][0], _legs(path, travel)
    busy = sum(travel) + sum(point.stay for point in path)
    soft = any(point.price < UNLIMITED for point in path)
    several = soft or any(len(point.windows) > 1 for point in path)
    best = first = times = _drive(path, travel, legs, departure, closing)
    least = None
    while times.late == first.late:
        waited = sum(times.wait)
        over, cost = tariff.rate(busy + waited)
        rank = over, cost + times.lateness_cost, times.lateness, waited
        last = not waited or (least is not None and not several)
        if least is None or rank < least:
            least, best = rank, times
        if last:
            break
        changes = [*_changes(path, times, closing)]
        if soft:
            changes += [busy + waited - limit for limit in (tariff.most, tariff.regular)]
        departure += min(change for change in changes if change > 0)
        times = _drive(path, travel, legs, departure, closing)
    return best


def _drive(
    path: Sequence[Point],
    travel: Sequence[int],
    legs: Sequence[int],
    departure: int,
    closing: int,
) -> Times:
    """The times of a path for a given departure."""
    times = Times()
    clock, ahead = departure, 0
    for point, way, leg in zip(path, travel, legs, strict=True):
        if point.what != BREAK:
            clock += way - ahead
            ahead = 0
        early, late = point.window(clock)
        driven = min(max(early - clock, 0), leg - ahead) if leg else 0
        clock, ahead = clock + driven, ahead + driven
        times.arrive.append(clock)
        times.wait.append(max(early - clock, 0))
        times.ahead.append(ahead)
        clock = max(clock, early)
        warp = max(clock - late, 0)
        times.warp.append(warp)
        if point.price >= UNLIMITED:
            clock -= warp
            times.late += warp
        else:
            times.lateness += warp
            times.lateness_cost += warp * point.price
        times.begin.append(clock)
        clock += point.stay
        times.leave.append(clock)
    times.overrun = max(clock - closing, 0)
    times.late += times.overrun
    return times


def _legs(path: Sequence[Point], travel: Sequence[int]) -> list[int]:
    """How far it is from each break to the next stop, if the vehicle may drive meanwhile; else 0.

    It stands still before a break that is not taken on the road.
    """
    legs = [0] * len(path)
    leg = 0
    for position in range(len(path) - 1, -1, -1):
        if path[position].what != BREAK:
            leg = travel[position]
            continue
        leg = leg if path[position].on_the_road else 0
        legs[position] = leg
    return legs


def _changes(path: Sequence[Point], times: Times, closing: int) -> Iterator[int]:
    """The delays of the departure at which anything changes: the last one of which it is so far.

    A delay reaches a point less by the waiting before it, and a break less by what was driven for
    want of anything else to do; it dies where the vehicle is set back.
    """
    waited = 0
    for point, begin, wait, warp, ahead in zip(
        path, times.begin, times.wait, times.warp, times.ahead, strict=True
    ):
        waited += wait
        if not warp:
            yield (waited + ahead + point.window(begin)[1] - begin) or 1
        elif point.price < UNLIMITED:
            yield waited + ahead
        else:
            yield (waited + ahead) or 1
            return
    yield (waited + max(closing - times.leave[-1], 0)) or 1
    yield waited
