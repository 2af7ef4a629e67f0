"""What a whole route costs and exceeds by the kind of vehicle that drives it, under `Rich`.

And how many vehicles of each kind are in use, which says which kinds are left to choose from.
"""

from __future__ import annotations

from polyroute.heuristics.jit.options import inline
from polyroute.heuristics.kernels.arrays import (
    CLOSED_ARC,
    COUNT,
    COUNTED,
    DISTANCE_WEIGHT,
    FIXED,
    FORBIDDEN,
    FORM,
    KIND,
    LASTING,
    LOAD_WEIGHT,
    LONGEST,
    MIXED,
    MOST_STOPS,
    OVERTIME,
    PER_LENGTH,
    PER_TIME,
    PIECE_DIST,
    PIECE_DUR,
    PIECE_HIGH,
    PIECE_HIGH_2,
    PIECE_LATE,
    PIECE_LOAD,
    PIECE_LOAD_2,
    PIECE_RELEASE,
    PIECE_STOPS,
    PIECE_WARP,
    REGULAR,
    ROOM,
    ROOM_2,
    SIZE,
    TIME_WEIGHT,
    UNCOUNTED,
    WEIGH_2,
    WEIGH_STOPS,
)


@inline
def excess_rich(p, k, piece):
    """What a whole route of kind `k` exceeds: load and stops, time, distance."""
    vehicle = p.vehicle[k]
    load = max(piece[PIECE_LOAD] + piece[PIECE_HIGH] - vehicle[ROOM], 0.0)
    load += max(piece[PIECE_LOAD_2] + piece[PIECE_HIGH_2] - vehicle[ROOM_2], 0.0) * p.fleet[WEIGH_2]
    load += max(piece[PIECE_STOPS] - vehicle[MOST_STOPS], 0.0) * p.fleet[WEIGH_STOPS]
    time = piece[PIECE_WARP] + max(piece[PIECE_RELEASE] - piece[PIECE_LATE], 0.0)
    time += max(piece[PIECE_DUR] - vehicle[LASTING], 0.0)
    closed = p.fleet[CLOSED_ARC]
    length = piece[PIECE_DIST]
    if length >= closed:
        length %= closed
    return load, time, max(length - vehicle[LONGEST], 0.0)


@inline
def cost_rich(p, k, piece):
    """What a whole route of kind `k` costs; a forbidden arc costs more than any plan without."""
    vehicle = p.vehicle[k]
    closed = p.fleet[CLOSED_ARC]
    length = piece[PIECE_DIST]
    cost = vehicle[FIXED]
    if length >= closed:
        cost += length // closed * p.fleet[FORBIDDEN]
        length %= closed
    cost += length * vehicle[PER_LENGTH] + piece[PIECE_DUR] * vehicle[PER_TIME]
    return cost + max(piece[PIECE_DUR] - vehicle[REGULAR], 0.0) * vehicle[OVERTIME]


@inline
def priced_rich(p, s, k, whole):
    """The cost of a whole route of vehicle kind `k`, and what it exceeds at present prices."""
    load, time, distance = excess_rich(p, k, whole)
    return (
        cost_rich(p, k, whole)
        + load * s.total[LOAD_WEIGHT]
        + time * s.total[TIME_WEIGHT]
        + distance * s.total[DISTANCE_WEIGHT]
    )


@inline
def cheapest_kind(p, s, r, whole):
    """What route `r` would cost as the piece `whole`, and by which kind of vehicle that is so.

    That is its own or another of the same form of which some are left.
    """
    mine = s.shape[r, KIND]
    best, kind = priced_rich(p, s, mine, whole), mine
    if p.fleet[MIXED] != 0.0:
        for other in range(len(s.used)):
            if other == mine or p.vehicle[other, FORM] != p.vehicle[mine, FORM]:
                continue
            if s.used[other] < p.vehicle[other, COUNT]:
                cost = priced_rich(p, s, other, whole)
                if cost < best:
                    best, kind = cost, other
    return best, kind


@inline
def recount(s, r):
    """Keep the number of vehicles of each kind in use, after route `r` was changed."""
    kind = s.shape[r, KIND] if s.shape[r, SIZE] > 0 else UNCOUNTED
    counted = s.shape[r, COUNTED]
    if kind == counted:
        return
    if counted != UNCOUNTED:
        s.used[counted] -= 1
    if kind != UNCOUNTED:
        s.used[kind] += 1
    s.shape[r, COUNTED] = kind
