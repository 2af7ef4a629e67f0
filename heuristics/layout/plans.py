"""Plans of a problem in the kernels' numbers, and plans of the search as solutions again."""

from __future__ import annotations

from collections.abc import Sequence

from polyroute.heuristics.kernels.plan import NOT_SERVED, Plan, plan_of
from polyroute.heuristics.layout.pins import fixed_visits, followers
from polyroute.heuristics.layout.stopovers import Stopovers, breaks_of
from polyroute.heuristics.layout.vehicle_kinds import VehicleKinds
from polyroute.vrp.problem import Problem
from polyroute.vrp.solution import Route, Solution


def to_plan(problem: Problem, kinds: VehicleKinds, start: Solution) -> Plan:
    """A given start in the kernels' numbers, each client at his first place only.

    Who may not be served there is left out: by a vehicle that may not, beside an alternative, or
    without the other end of his pair on its right side. Who is pinned is where he must be. Reloads
    and breaks are left out: walking finds them.
    """
    kind_of = {one: kind for kind, types in enumerate(kinds.types) for one in types}
    rivals = {u: group.clients for group in problem.groups for u in group.clients}
    shift = 1 - problem.num_depots
    seen: set[int] = set()
    routes: list[list[int]] = []
    driven: list[int] = []
    for route in start.routes:
        if route.vehicle_type in kind_of:
            new = []
            for u in _with_partners(problem, route.visits):
                if u not in seen and problem.allowed[u, route.vehicle_type]:
                    new.append(u)
                    seen.update(rivals.get(u, (u,)))
            whole = _with_partners(problem, new)
            seen.difference_update(set(new).difference(whole))
            routes.append([u + shift for u in whole])
            driven.append(kind_of[route.vehicle_type])
    for kind_type, clients in fixed_visits(problem).items():
        _put_in_place(problem, kind_of[kind_type], clients, routes, driven)
    return plan_of(routes, driven)


def _put_in_place(
    problem: Problem, kind: int, clients: list[int], routes: list[list[int]], driven: list[int]
) -> None:
    """Let the route of the one vehicle of that kind begin with `clients`.

    On it are also the deliveries that belong to these, last unless they were there.
    """
    if kind not in driven:
        routes.append([])
        driven.append(kind)
    mine = routes[driven.index(kind)]
    shift = 1 - problem.num_depots
    pinned = [u + shift for u in clients]
    mine += [u + shift for u in followers(problem, clients) if u + shift not in mine]
    rivals = {
        u + shift
        for group in problem.groups
        for u in group.clients
        if not set(clients).isdisjoint(group.clients)
    }
    for route in routes:
        moved = rivals.union(pinned if route is mine else pinned + mine)
        route[:] = [u for u in route if u not in moved]
    mine[:0] = pinned


def _with_partners(problem: Problem, visits: Sequence[int]) -> list[int]:
    """The visits of a route at their first places, without ends of pairs that are torn."""
    place = {u: position for position, u in enumerate(dict.fromkeys(visits))}
    for pair in problem.pairs:
        ends = place.get(pair.pickup), place.get(pair.delivery)
        if ends[0] is None or ends[1] is None or ends[0] > ends[1]:
            place.pop(pair.pickup, None)
            place.pop(pair.delivery, None)
    return list(place)


def to_solution(
    problem: Problem, kinds: VehicleKinds, plan: Plan, stopovers: Sequence[Stopovers] | None = None
) -> Solution:
    """A plan of the search in the problem's numbers and vehicle types, routes with `stopovers`."""
    left = list(kinds.limits)
    shift = problem.num_depots - 1
    routes = []
    for index, (visits, kind) in enumerate(zip(plan.lists(), plan.kinds.tolist(), strict=True)):
        if kind == NOT_SERVED:
            continue
        types: Sequence[int] = kinds.types[kind]
        chosen = next((one for one in types if left[one] > 0), types[0])
        left[chosen] -= 1
        reloads, breaks = ((), ()) if stopovers is None else stopovers[index]
        known = breaks_of(problem, chosen)
        named = tuple((position, known[number]) for position, number in breaks)
        routes.append(Route(tuple(u + shift for u in visits), chosen, reloads, named))
    return Solution(tuple(routes))
