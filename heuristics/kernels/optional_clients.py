"""Who is served at all: leave a client out, or serve one who is left out, where that pays.

Under `Load` and `Timed` everybody is served, and nothing here does anything.
"""

from __future__ import annotations

import numpy as np

from polyroute.heuristics.jit.options import dispatch, inline
from polyroute.heuristics.kernels.arrays import (
    ABSENT,
    ARC_IN,
    ARC_OUT,
    DEPOT,
    FORBIDDEN,
    GAIN,
    KIND,
    LEAST_PER_TIME,
    NEXT,
    OPTIONAL,
    PREV,
    ROUTE,
    SERVICE,
    Rich,
)
from polyroute.heuristics.kernels.cost.arcs import leg
from polyroute.heuristics.kernels.cost.labelling import earned
from polyroute.heuristics.kernels.cost.proposals import proposal, standing
from polyroute.heuristics.kernels.cost.reliefs import LEAST_GAIN, relief
from polyroute.heuristics.kernels.links import link_in, unlink
from polyroute.heuristics.kernels.refresh import refresh
from polyroute.heuristics.kernels.ties import is_alone, is_free
from polyroute.heuristics.kernels.touched import touch
from polyroute.heuristics.kernels.undo_log import save


@inline
def _drop(p, s, u, most):
    """Leave `u` out if that pays; it saves at most `most`."""
    gain = p.node[u, GAIN]
    most += p.node[u, SERVICE] * p.fleet[LEAST_PER_TIME]
    if gain >= p.fleet[FORBIDDEN] or gain >= most or not is_alone(p, u):
        return False
    q, a, b = s.link[u, ROUTE], s.link[u, PREV], s.link[u, NEXT]
    delta = gain - standing(p, s, q)
    delta += proposal(
        p, s, q, a, DEPOT, DEPOT, False, DEPOT, DEPOT, False, DEPOT, DEPOT, False, b, np.inf
    )
    if delta >= LEAST_GAIN:
        return False
    save(s, q)
    unlink(p, s, u)
    touch(s, a)
    touch(s, b)
    refresh(p, s, q)
    return True


@inline
def _adopt(p, s, u, breadth):
    """Serve an absent client beside `u` if that pays."""
    q = s.link[u, ROUTE]
    for k in range(min(breadth, p.near.shape[1])):
        v = np.int64(p.near[u, k])
        if v == DEPOT or s.link[v, ROUTE] != ABSENT or not is_alone(p, v) or not is_free(p, s, v):
            continue
        for side in range(2):
            a, b = (u, s.link[u, NEXT]) if side == 0 else (s.link[u, PREV], u)
            old = s.cum[u, ARC_OUT] if side == 0 else s.cum[u, ARC_IN]
            loss = leg(p, s, q, a, v) + leg(p, s, q, v, b) - old - p.node[v, GAIN]
            if loss >= relief(p, s, q, q, 0.0) + earned(p, v, s.shape[q, KIND]):
                continue
            delta = -standing(p, s, q) - p.node[v, GAIN]
            delta += proposal(
                p, s, q, a, v, v, False, DEPOT, DEPOT, False, DEPOT, DEPOT, False, b, np.inf
            )
            if delta < LEAST_GAIN:
                save(s, q)
                link_in(p, s, v, q, a)
                touch(s, v)
                touch(s, a)
                touch(s, b)
                refresh(p, s, q)
                return True
    return False


def _consider(p, s, u, most, breadth):
    if p.fleet[OPTIONAL] == 0.0:
        return False
    return _drop(p, s, u, most) or _adopt(p, s, u, breadth)


def consider_presence(p, s, u, most, breadth):
    """Leave `u` out, which saves at most `most`, or serve somebody beside him, if that pays."""
    return _consider(p, s, u, most, breadth) if isinstance(p, Rich) else False


@dispatch(consider_presence)
def _choose_consider_presence(p, s, u, most, breadth):
    if p.instance_class is Rich:
        return _consider
    return lambda p, s, u, most, breadth: False
