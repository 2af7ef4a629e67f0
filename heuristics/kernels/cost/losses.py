"""What an exchange of ends of routes changes the length by, by the class of the problem's tuple."""

from __future__ import annotations

from polyroute.heuristics.jit.options import inline, specialise
from polyroute.heuristics.kernels.arrays import ARC_IN, ARC_OUT, NEXT, PREV, Rich
from polyroute.heuristics.kernels.cost.arcs import arc
from polyroute.heuristics.kernels.cost.loss_rich import heads_loss_rich, tails_loss_rich


def tails_loss(p, s, u, v, there):
    """Change in length when `u` goes on with `v`, on another route; `there` is that arc's."""
    if isinstance(p, Rich):
        return tails_loss_rich(p, s, u, v)
    return _tails_loss(p, s, u, v, there)


@specialise(tails_loss)
def _choose_tails_loss(p, s, u, v, there):
    if p.instance_class is Rich:
        return lambda p, s, u, v, there: tails_loss_rich(p, s, u, v)
    return lambda p, s, u, v, there: _tails_loss(p, s, u, v, there)


@inline
def _tails_loss(p, s, u, v, there):
    onward = arc(p, s.link[v, PREV], s.link[u, NEXT])
    return there + onward - s.cum[u, ARC_OUT] - s.cum[v, ARC_IN]


def heads_loss(p, s, u, v, there):
    """Change in length when `u` goes on backwards from `v`, on another route."""
    if isinstance(p, Rich):
        return heads_loss_rich(p, s, u, v)
    return _heads_loss(p, s, u, v, there)


@specialise(heads_loss)
def _choose_heads_loss(p, s, u, v, there):
    if p.instance_class is Rich:
        return lambda p, s, u, v, there: heads_loss_rich(p, s, u, v)
    return lambda p, s, u, v, there: _heads_loss(p, s, u, v, there)


@inline
def _heads_loss(p, s, u, v, there):
    onward = arc(p, s.link[u, NEXT], s.link[v, NEXT])
    return there + onward - s.cum[u, ARC_OUT] - s.cum[v, ARC_OUT]
