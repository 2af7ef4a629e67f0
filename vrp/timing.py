"""When a route leaves, and what time it is where, in slow plain Python (see `vrp.check`)."""

from __future__ import annotations

from collections.abc import Sequence
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

    @property
    def lateness(self) -> int:
        """All of it together, hard or soft."""
        return sum(self.warp) + self.overrun


def best_times(path: Sequence[Point], travel: Sequence[int], closing: int) -> Times:
    """The times of a path for the best departure; an open route is to end by `closing`.

    A route that leaves later is nowhere earlier. So leaving as early as may be gives the least
    lateness everywhere, and the departures that give no more are all those up to some time. Within
    these, putting the departure off takes waiting away until none is left; where it makes a visit
    miss one of its windows, the next one can bring more waiting, and more delay takes that away. So
    one delay for each miss is looked at.
    """
    departure = path[0].windows[0][0]
    legs = _legs(path, travel)
    several = any(len(point.windows) > 1 for point in path)
    times = first = _drive(path, travel, legs, departure, closing)
    least, best = UNLIMITED, departure
    while times.lateness == first.lateness:
        waited, room = sum(times.wait), _room(path, times, closing)
        delay = min(waited, room)
        if waited - delay < least:
            least, best = waited - delay, departure + delay
        if not least or not several:
            break
        departure += room + 1
        times = _drive(path, travel, legs, departure, closing)
    return first if best == path[0].windows[0][0] else _drive(path, travel, legs, best, closing)


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
        times.warp.append(max(clock - late, 0))
        if point.price >= UNLIMITED:
            clock = min(clock, late)
        times.begin.append(clock)
        clock += point.stay
        times.leave.append(clock)
    times.overrun = max(clock - closing, 0)
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


def _room(path: Sequence[Point], times: Times, closing: int) -> int:
    """By how much the departure can be put off until a point misses its window, or is later still.

    A delay reaches a point less by the waiting before it, and a break less by what was driven for
    want of anything else to do; it dies where the vehicle is set back.
    """
    waited = 0
    room = UNLIMITED
    for point, begin, wait, warp, ahead in zip(
        path, times.begin, times.wait, times.warp, times.ahead, strict=True
    ):
        waited += wait
        _, late = point.window(begin)
        room = min(room, waited + ahead + max(late - begin, 0))
        if warp and point.price >= UNLIMITED:
            return room
    return min(room, waited + max(closing - times.leave[-1], 0))
