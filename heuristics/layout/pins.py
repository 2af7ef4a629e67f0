"""Pins: clients with whom the route of a vehicle must begin."""

from __future__ import annotations

from polyroute.vrp.problem import Problem


def fixed_visits(problem: Problem) -> dict[int, list[int]]:
    """For each vehicle type with a pin, the pinned clients who can be where they must be.

    They end with the first who cannot: whom it may not serve, whose pickup is not before him, or
    whose alternative is pinned, too. Such a problem has no plan.
    """
    first = {pair.delivery: pair.pickup for pair in problem.pairs}
    found: dict[int, list[int]] = {}
    seen: set[int] = set()
    for pin in problem.pins:
        mine = found.setdefault(pin.vehicle_type, [])
        for client in pin.visits:
            rivals = [group for group in problem.groups if client in group.clients]
            if (
                not problem.allowed[client, pin.vehicle_type]
                or first.get(client, client) not in {*mine, client}
                or any(not seen.isdisjoint(group.clients) for group in rivals)
            ):
                break
            mine.append(client)
            seen.add(client)
    return found


def followers(problem: Problem, clients: list[int]) -> list[int]:
    """The deliveries of pickups among `clients` that are not among these."""
    return [
        pair.delivery
        for pair in problem.pairs
        if pair.pickup in clients and pair.delivery not in clients
    ]
