"""What the search takes, and what it refuses although it takes each part of it by itself."""

from __future__ import annotations

from polyroute.vrp.problem import Problem


def not_taken(problem: Problem) -> list[str]:
    """What the search does not take although it takes each part of it by itself.

    A unit is put back as a whole: a client, a group of which one is served, or the ends of a pair.
    """
    found = []
    ends = [node for pair in problem.pairs for node in (pair.pickup, pair.delivery)]
    members = [node for group in problem.groups for node in group.clients]
    if len(set(ends)) < len(ends):
        found.append("a client in two pairs")
    if len(set(members)) < len(members):
        found.append("a client in two groups")
    if not set(ends).isdisjoint(members):
        found.append("a client of a pair in a group")
    return found
