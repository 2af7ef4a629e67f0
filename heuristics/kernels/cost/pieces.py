"""What a route consists of, by the class of the problem's tuple: `Load`, `Timed` or `Rich`.

Here, and in `proposals`, `losses` and `reliefs`, each question has one name. The compiled choice of
its answer is made by the type of `p`, once, and a plain twin makes the same choice at run time, for
runs without the compiler. Moves ask there, and know no attribute by name.
"""

from __future__ import annotations

from polyroute.heuristics.jit.options import specialise
from polyroute.heuristics.kernels.arrays import KIND, Load, Rich
from polyroute.heuristics.kernels.cost.route_rich import measure_rich
from polyroute.heuristics.kernels.cost.segment import (
    after_load,
    after_timed,
    before_load,
    before_timed,
    join_load,
    join_timed,
    measure_load,
    measure_timed,
    single_load,
    single_timed,
    store_before_load,
    store_before_timed,
    store_ends_timed,
)
from polyroute.heuristics.kernels.cost.segment_rich import (
    after_rich,
    before_rich,
    join_rich,
    single_rich,
    store_before_rich,
    store_ends_rich,
)


def before(p, s, r, u):
    """Route `r` from where it begins up to and including `u`; the beginning alone for DEPOT."""
    if isinstance(p, Load):
        return before_load(s, u)
    return before_rich(p, s, r, u) if isinstance(p, Rich) else before_timed(s, u)


@specialise(before)
def _choose_before(p, s, r, u):
    if p.instance_class is Load:
        return lambda p, s, r, u: before_load(s, u)
    if p.instance_class is Rich:
        return lambda p, s, r, u: before_rich(p, s, r, u)
    return lambda p, s, r, u: before_timed(s, u)


def after(p, s, r, u):
    """Route `r` from `u` on to where it ends; the end alone for DEPOT."""
    if isinstance(p, Load):
        return after_load(p, s, u)
    return after_rich(p, s, r, u) if isinstance(p, Rich) else after_timed(s, u)


@specialise(after)
def _choose_after(p, s, r, u):
    if p.instance_class is Load:
        return lambda p, s, r, u: after_load(p, s, u)
    if p.instance_class is Rich:
        return lambda p, s, r, u: after_rich(p, s, r, u)
    return lambda p, s, r, u: after_timed(s, u)


def join_single(p, s, r, piece, u):
    """Piece `piece`, then the visit `u`, as the vehicle of route `r` drives them."""
    if isinstance(p, Load):
        return join_load(piece, single_load(p, u))
    if isinstance(p, Rich):
        return join_rich(p, s.shape[r, KIND], piece, single_rich(p, u))
    return join_timed(p, piece, single_timed(p, u))


@specialise(join_single)
def _choose_join_single(p, s, r, piece, u):
    if p.instance_class is Load:
        return lambda p, s, r, piece, u: join_load(piece, single_load(p, u))
    if p.instance_class is Rich:
        return lambda p, s, r, piece, u: join_rich(p, s.shape[r, KIND], piece, single_rich(p, u))
    return lambda p, s, r, piece, u: join_timed(p, piece, single_timed(p, u))


def store_before(p, s, u, piece):
    """Keep the piece up to `u` for later calls of `before`."""
    if isinstance(p, Load):
        return store_before_load(s, u, piece)
    return (
        store_before_rich(p, s, u, piece)
        if isinstance(p, Rich)
        else store_before_timed(s, u, piece)
    )


@specialise(store_before)
def _choose_store_before(p, s, u, piece):
    if p.instance_class is Load:
        return lambda p, s, u, piece: store_before_load(s, u, piece)
    if p.instance_class is Rich:
        return lambda p, s, u, piece: store_before_rich(p, s, u, piece)
    return lambda p, s, u, piece: store_before_timed(s, u, piece)


def store_ends(p, s, r, u):
    """Keep the pieces from each node of `r` on for later calls of `after`, back from the last, `u`.

    Under `Load` there is nothing to keep: a route's load less what comes before says it.
    """
    if isinstance(p, Rich):
        store_ends_rich(p, s, r, u)
    elif not isinstance(p, Load):
        store_ends_timed(p, s, u)


@specialise(store_ends)
def _choose_store_ends(p, s, r, u):
    if p.instance_class is Load:
        return lambda p, s, r, u: None
    if p.instance_class is Rich:
        return lambda p, s, r, u: store_ends_rich(p, s, r, u)
    return lambda p, s, r, u: store_ends_timed(p, s, u)


def measure(p, s, r, legs):
    """The cost of route `r`, its excess over each limit, its load, and its SPARE.

    `legs` is what its arcs cost.
    """
    if isinstance(p, Load):
        return measure_load(p, s, r, legs)
    return measure_rich(p, s, r, legs) if isinstance(p, Rich) else measure_timed(p, s, r, legs)


@specialise(measure)
def _choose_measure(p, s, r, legs):
    if p.instance_class is Load:
        return lambda p, s, r, legs: measure_load(p, s, r, legs)
    if p.instance_class is Rich:
        return lambda p, s, r, legs: measure_rich(p, s, r, legs)
    return lambda p, s, r, legs: measure_timed(p, s, r, legs)
