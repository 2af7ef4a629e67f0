"""What no baseline has a word for, though it has one for each part of it."""

from __future__ import annotations

from polyroute.vrp.problem import Problem


def membership_oddities(problem: Problem) -> set[str]:
    """What ties a client to more than one pair or group, in words: no solver takes it."""
    paired = [node for pair in problem.pairs for node in (pair.pickup, pair.delivery)]
    grouped = [node for group in problem.groups for node in group.clients]
    found = {
        "clients in several pairs": len(set(paired)) < len(paired),
        "clients in several groups": len(set(grouped)) < len(grouped),
        "pairs in groups": not set(paired).isdisjoint(grouped),
    }
    return {what for what, is_found in found.items() if is_found}


def goods_oddities(problem: Problem) -> set[str]:
    """What a shipment cannot hold: a pair with goods other than those between its ends."""
    for pair in problem.pairs:
        between = (problem.pickup[pair.pickup] == problem.delivery[pair.delivery]).all()
        others = problem.delivery[pair.pickup].any() or problem.pickup[pair.delivery].any()
        if others or not between:
            return {"pairs whose goods are not just those between them"}
    return set()
