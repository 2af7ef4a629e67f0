"""Results that the tests of writers and pictures share, made without a solver."""

from polyroute.vrp.budget import Improvement
from polyroute.vrp.builder import Builder
from polyroute.vrp.check import evaluate
from polyroute.vrp.problem import Problem
from polyroute.vrp.result import Result
from polyroute.vrp.solution import Route, Solution


def result_of(problem: Problem, *routes: Route, **changes) -> Result:
    solution = Solution(routes)
    evaluation = evaluate(problem, solution)
    given = {"seconds": 1.5, "solver": "search", "seed": 3, "threads": 1, "iterations": 40}
    return Result(problem, solution, evaluation, **(given | changes))


def fleet(**options) -> Problem:
    """Two depots, three clients 5 apart on a line through both, a truck and an open van."""
    builder = Builder(name="small", **options)
    builder.add_depot(x=0, y=0, id="north", tw=(0, 100))
    builder.add_depot(x=30, y=0, id="south")
    builder.add_client(x=5, y=0, delivery=2, tw=(10, 12), service=3, id="A-4711", name="bakery")
    builder.add_client(x=10, y=0, pickup=4, service=1)
    builder.add_client(x=20, y=0, delivery=1, required=False, prize=9)
    builder.add_vehicle_type(capacity=5, id="truck")
    builder.add_vehicle_type(capacity=3, start_depot=1, end_depot=None, id="van")
    return builder.build()


def fleet_result(**changes) -> Result:
    """The truck serves the first two clients, the third is left out; an unused van stands first."""
    return result_of(fleet(), Route((), 1), Route((2, 3)), **changes)


def trips() -> Problem:
    """Like `fleet`, but the truck may reload at either depot and takes two breaks."""
    builder = Builder(name="trips")
    builder.add_depot(x=0, y=0, id="north", tw=(0, 100))
    builder.add_depot(x=30, y=0, id="south")
    for x in (5, 10, 20):
        builder.add_client(x=x, y=0, delivery=2)
    truck = builder.add_vehicle_type(capacity=4, id="truck")
    builder.add_reload(truck, (0, 1), most=3)
    builder.add_break(truck, tw=(20, 50), duration=6)
    builder.add_break(truck, duration=1, max_load=3)
    return builder.build()


TRIPS_ROUTE = Route((2, 3, 4), reloads=((1, 0), (2, 1)), breaks=((1, 1), (2, 0)))
"""Client 1, north, a break, client 2, south, a break, client 3."""


def trips_result() -> Result:
    return result_of(trips(), TRIPS_ROUTE)


TRACE = (
    Improvement(0.01, 1, 90, feasible=False, num_routes=1),
    Improvement(0.1, 5, 80, feasible=True, num_routes=1),
    Improvement(1.0, 20, 29, feasible=True, num_routes=1),
)
