"""VROOM's JSON: what its keys become, by figures worked out by hand, and what is refused."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from polyroute.vrp.check import Evaluation, evaluate
from polyroute.vrp.errors import PolyrouteError, ReadError
from polyroute.vrp.io import detect_format, read_problem
from polyroute.vrp.io.vroom import read_vroom
from polyroute.vrp.io.vroom_priority import priorities
from polyroute.vrp.io.vroom_writer import problem_to_vroom
from polyroute.vrp.problem import NOWHERE, UNLIMITED, Problem, Quantity
from polyroute.vrp.remarks import Remark
from polyroute.vrp.solution import Route, Solution
from polyroute.vrp.structure import Break, Pair
from tests.vrp.io.vroom_inputs import DURATIONS, SMALL, Document, differences, random_input


def changed(**changes: Any) -> Document:
    """SMALL with keys changed by path, such as ``jobs_0_service``; None takes one away."""
    document: Document = copy.deepcopy(SMALL)
    for path, value in changes.items():
        place: Any = document
        *inner, last = (int(part) if part.isdigit() else part for part in path.split("__"))
        for part in inner:
            place = place[part]
        if value is None:
            del place[last]
        else:
            place[last] = value
    return document


def one(**changes: Any) -> Document:
    """A vehicle at location 0 and two jobs at 1 and 2; keys of the vehicle may be changed."""
    return {
        "vehicles": [{"id": 1, "start_index": 0, "end_index": 0} | changes],
        "jobs": [{"id": 1, "location_index": 1}, {"id": 2, "location_index": 2}],
        "matrices": {
            "car": {"durations": DURATIONS, "distances": (10 * np.array(DURATIONS)).tolist()}
        },
    }


def read(document: Document) -> Problem:
    return read_vroom(json.dumps(document))


def judged(document: Document, *routes: Route) -> tuple[Problem, Evaluation]:
    problem = read(document)
    return problem, evaluate(problem, Solution(routes))


def cost_of_routes(problem: Problem, found: Evaluation) -> Any:
    return problem.scales.show(sum(route.cost for route in found.routes), Quantity.COST)


# -- what is read --------------------------------------------------------------------------


def test_the_small_input_reads_as_it_looks() -> None:
    problem = read(SMALL)
    assert problem.node_id == ("0", "2", "1", "2", "4", "5")
    assert problem.node_name[4] == "parcel"
    assert problem.vehicle_id == ("7", "3")
    assert problem.vehicle_name == ("van", "")
    assert problem.count.tolist() == [1, 1]
    assert problem.start_depot.tolist() == [0, 1]
    assert problem.end_depot.tolist() == [0, NOWHERE]
    assert problem.capacity.tolist() == [[4, 9], [9, 9]]
    assert problem.delivery.tolist() == [[0, 0], [0, 0], [1, 2], [0, 0], [0, 0], [1, 1]]
    assert problem.pickup.tolist() == [[0, 0], [0, 0], [0, 0], [3, 0], [1, 1], [0, 0]]
    assert problem.pairs == (Pair(4, 5),)
    assert problem.allowed[3].tolist() == [False, True]
    assert problem.allowed[[2, 4, 5]].all()
    assert problem.service.tolist() == [0, 0, 30, 0, 0, 0]
    assert problem.tw_early[5, 0] == 400
    assert problem.tw_late[5, 0] == 900
    assert problem.shift_late.tolist() == [UNLIMITED, 2000]
    assert not problem.required[2:].any()


def test_travel_is_paid_by_the_second_waiting_and_service_are_not() -> None:
    problem, found = judged(SMALL, Route((2, 4, 5), 0))
    assert found.feasible
    # 0 → 1, twice there, 1 → 2, back: 101 + 0 + 307 + 207
    assert cost_of_routes(problem, found) == 615


def test_a_file_is_known_by_its_keys(tmp_path: Path) -> None:
    path = tmp_path / "monday.json"
    path.write_text(json.dumps(SMALL))
    assert detect_format(path) == "vroom"
    assert read_problem(path).name == "monday"
    path.write_text('{"depots": [], "vehicles": []}')
    assert detect_format(path) == "json"


def test_the_old_keys_matrix_and_amount_are_known() -> None:
    document = one(capacity=[5])
    document["matrix"] = document.pop("matrices")["car"]["durations"]
    document["jobs"][0]["amount"] = [2]
    problem = read(document)
    assert problem.delivery[:, 0].tolist() == [0, 2, 0]
    assert problem.duration[0].tolist() == DURATIONS


def test_a_vehicle_without_a_start_begins_anywhere() -> None:
    document = one()
    del document["vehicles"][0]["start_index"]
    problem, found = judged(document, Route((2, 3), 0))
    assert problem.node_id[:2] == ("0", "anywhere")
    assert cost_of_routes(problem, found) == 307 + 207


def test_places_are_kept_where_all_are_told() -> None:
    document = one(start=[2.5, 48.5], end=[2.5, 48.5])
    assert read(document).lonlat is None
    for job, lon in zip(document["jobs"], (3.0, 4.0), strict=True):
        job["location"] = [lon, 50.0]
    assert read(document).lonlat.tolist() == [[2.5, 48.5], [3.0, 50.0], [4.0, 50.0]]


@pytest.mark.parametrize(
    ("costs", "expected"),
    [
        ({}, 615),
        ({"fixed": 20}, 635),
        ({"per_hour": 7200}, 1230),
        ({"per_hour": 0, "per_km": 100}, 615),
        ({"per_km": 100}, 1230),
        ({"per_hour": 1800, "per_km": 1, "fixed": 1}, 307.5 + 6.15 + 1),
        ({"per_task_hour": 720}, 615 + 6),
        ({"per_hour": 0, "per_task_hour": 1}, 30 / 3600),
    ],
)
def test_prices_are_by_the_hour_the_kilometre_and_the_hour_of_tasks(
    costs: Document, expected: float
) -> None:
    document = one(costs=costs)
    document["jobs"][0]["service"] = 30
    problem, found = judged(document, Route((1, 2), 0))  # 101 + 307 + 207 s, 6.15 km, 30 s
    assert cost_of_routes(problem, found) == pytest.approx(expected, rel=1e-12)


def test_a_matrix_of_costs_takes_the_place_of_travel_times() -> None:
    document = one(costs={"fixed": 5})
    document["matrices"]["car"]["costs"] = [[0, 1, 2], [3, 0, 4], [5, 6, 0]]
    problem, found = judged(document, Route((1, 2), 0))
    assert cost_of_routes(problem, found) == 1 + 4 + 5 + 5
    assert found.routes[0].stops[-1].arrive == 615


def test_a_speed_factor_counts_to_the_hundredth() -> None:
    problem, found = judged(one(speed_factor=1.6), Route((1, 2), 0))
    assert found.duration / problem.scales.time == pytest.approx(615 * 0.63)  # 1 / 1.6 = 0.625
    assert cost_of_routes(problem, found) == pytest.approx(615 * 0.625)


def test_each_vehicle_drives_by_its_profile() -> None:
    document = one()
    bike = {"id": 2, "profile": "bike", "start_index": 0}
    document["vehicles"].append(bike)
    document["matrices"]["bike"] = {"durations": (3 * np.array(DURATIONS)).tolist()}
    problem, found = judged(document, Route((1,), 0), Route((2,), 1))
    assert problem.size("P") == 2
    assert [route.duration for route in found.routes] == [204, 609]


def test_alike_vehicles_share_a_profile() -> None:
    document = one(speed_factor=2)
    document["vehicles"] += [{"id": 2 + k, "start_index": 0, "speed_factor": 2} for k in range(5)]
    assert read(document).size("P") == 1


@pytest.mark.parametrize(
    ("limit", "route", "excess"),
    [
        ({"max_travel_time": 614}, (1, 2), ("max_distance", 1)),
        ({"max_travel_time": 615}, (1, 2), None),
        ({"max_travel_time": 387, "speed_factor": 1.6}, (1, 2), ("max_distance", 1)),
        ({"max_travel_time": 388, "speed_factor": 1.6}, (1, 2), None),  # 387.45
        (
            {"max_distance": 6149, "costs": {"per_hour": 0, "per_km": 1}},
            (1, 2),
            ("max_distance", 1),
        ),
        ({"max_distance": 6149}, (1, 2), ("max_distance", 1)),
        ({"max_distance": 6150}, (1, 2), None),
        ({"max_distance": 6149, "max_travel_time": 614}, (1, 2), ("max_distance", 1)),
        ({"max_tasks": 1}, (1, 2), ("max_stops", 1)),
    ],
)
def test_limits_bound_travel_alone(
    limit: Document, route: tuple[int, ...], excess: tuple[str, int] | None
) -> None:
    document = one(**limit)
    if "max_distance" not in limit or "max_travel_time" not in limit:
        document["jobs"][0]["service"] = 5000
    _, found = judged(document, Route(route, 0))
    broken = [(item.rule, item.amount) for item in found.violations]
    assert broken[:1] == ([excess] if excess else [])
    if limit.keys() == {"max_distance", "max_travel_time"}:
        assert broken[1:] == [("max_driving", 1)]


def test_beside_a_distance_limit_travel_time_is_paid_and_service_is_not() -> None:
    document = one(max_distance=9000, costs={"per_hour": 3600, "per_km": 10, "per_task_hour": 360})
    document["jobs"][0]["service"] = 100
    problem, found = judged(document, Route((1, 2), 0))
    assert found.distance == 6150
    assert cost_of_routes(problem, found) == pytest.approx(615 + 61.5 + 10)


def test_a_limit_that_nothing_can_exceed_is_no_limit() -> None:
    prices = {"per_km": 1, "per_task_hour": 3}
    assert read(one(max_distance=10**6, costs=prices)).max_distance.tolist() == [UNLIMITED]


def test_setup_at_a_location_of_its_own_is_service() -> None:
    document = one()
    document["jobs"][0] |= {"setup": 7, "service": 5, "time_windows": [[300, 400]]}
    problem = read(document)
    assert problem.service.tolist() == [0, 12, 0]


def test_setup_is_left_out_after_a_task_at_the_same_place() -> None:
    document = one()
    document["jobs"] = [{"id": k, "location_index": 1, "setup": 7, "service": 5} for k in (1, 2)]
    _, found = judged(document, Route((1, 2), 0))
    assert found.routes[0].stops[-1].arrive == 101 + 7 + 5 + 5 + 103


def test_setup_is_left_out_where_the_vehicle_starts() -> None:
    document = one()
    document["jobs"] = [{"id": 1, "location_index": 0, "setup": 7, "service": 5}]
    _, found = judged(document, Route((1,), 0))
    assert found.routes[0].stops[-1].arrive == 5


@pytest.mark.parametrize(
    ("visits", "begins", "stays"),
    [
        # 30 of service each, and 7 of setup unless the vehicle is there already
        ((1, 2, 3), [101, 138, 168 + 307], [37, 30, 0]),
        ((1, 3, 2), [101, 138 + 307, 445 + 311], [37, 0, 37]),
    ],
)
def test_windows_bound_the_begin_of_setup_at_a_shared_place(
    visits: tuple[int, ...], begins: list[int], stays: list[int]
) -> None:
    shared = {"location_index": 1, "setup": 7, "service": 30, "time_windows": [[90, 756]]}
    document = one()
    document["jobs"] = [{"id": 1} | shared, {"id": 2} | shared, {"id": 3, "location_index": 2}]
    found = evaluate(read(document), Solution((Route(visits, 0),)))
    stops = found.routes[0].stops[1:-1]
    assert [stop.begin for stop in stops] == begins
    assert [stop.leave - stop.begin for stop in stops] == stays
    assert found.feasible


def test_a_break_comes_behind_a_service_that_depends_on_the_type() -> None:
    document = one(type="van", breaks=[{"id": 1, "service": 5}])
    document["vehicles"].append({"id": 2, "start_index": 0})
    document["jobs"][0]["service_per_type"] = {"van": 30}
    problem = read(document)
    route = Route((problem.num_depots,), 0, breaks=((1, 0),))
    stops = evaluate(problem, Solution((route,))).routes[0].stops
    assert [(stop.begin, stop.leave) for stop in stops[1:]] == [(101, 131), (131, 136), (239, 239)]
    other = evaluate(problem, Solution((Route(route.visits, 1),))).routes[0].stops
    assert [(stop.begin, stop.leave) for stop in other[1:2]] == [(101, 101)]


@pytest.mark.parametrize(
    ("limits", "excess"),
    [
        ({"max_distance": 2040, "max_travel_time": 204}, {}),
        ({"max_distance": 2039}, {"max_distance": 1}),
        ({"max_travel_time": 203}, {"max_driving": 1}),
        ({"max_distance": 2000, "max_travel_time": 200}, {"max_distance": 40, "max_driving": 4}),
    ],
)
def test_limits_hold_beside_whatever_prices(limits: dict[str, int], excess: dict[str, int]) -> None:
    """101 s there and 103 back, 2,040 m in all, waiting until 500; paid by hour and kilometre."""
    document = one(costs={"per_hour": 3600, "per_km": 100, "per_task_hour": 7200}, **limits)
    document["jobs"][0] |= {"service": 10, "setup": 5, "time_windows": [[500, 900]]}
    problem = read(document)
    found = evaluate(problem, Solution((Route((1,), 0),)))
    assert problem.scales.show(found.routes[0].cost, Quantity.COST) == 204 + 204 + 30
    assert {item.rule: item.amount for item in found.violations} == excess


def test_service_and_setup_may_depend_on_the_type_of_vehicle() -> None:
    document = one(type="van")
    document["vehicles"].append({"id": 2, "start_index": 0, "type": "bike"})
    document["jobs"][0] |= {
        "service": 10,
        "setup": 1,
        "service_per_type": {"van": 30},
        "setup_per_type": {"bike": 5},
    }
    problem, found = judged(document, Route((2,), 0))
    assert found.routes[0].stops[-1].arrive == 101 + 30 + 1 + 103
    _, found = judged(document, Route((2,), 1))
    assert found.routes[0].stops[-1].arrive == 101 + 10 + 5
    assert problem.service.tolist()[-2:] == [15, 0]


def test_priorities_come_before_the_number_served_and_that_before_costs() -> None:
    document = one(costs={"fixed": 100_000})
    document["jobs"] = [
        {"id": k, "location_index": 1 + k % 2, "priority": priority}
        for k, priority in enumerate((3, 1, 1, 0))
    ]
    problem = read(document)
    first, *others, last = problem.clients
    both = [Route((first,)), Route((*others,)), Route((first, last)), Route((*others, first, last))]
    costs = [evaluate(problem, Solution((route,))).cost for route in both]
    assert costs == sorted(costs, reverse=True) or costs[1] > costs[0]
    ranked = sorted(range(4), key=lambda k: costs[k])
    assert ranked == [3, 2, 0, 1]  # sums of priorities 5, 3, 3, 2
    assert evaluate(problem, Solution(())).cost > max(costs)


def test_breaks_stand_in_the_order_of_their_windows() -> None:
    breaks = [
        {"id": 8, "service": 50, "time_windows": [[700, 800]], "max_load": [1]},
        {"id": 9, "service": 10, "time_windows": [[300, 400], [0, 200]]},
        {"id": 1},
    ]
    problem = read(one(breaks=breaks, capacity=[3], speed_factor=2))
    assert problem.breaks == (
        Break(0, ((0, 20_000), (30_000, 40_000)), 1000, id="9", on_the_road=True),
        Break(0, ((0, UNLIMITED),), 0, id="1", on_the_road=True),
        Break(0, ((70_000, 80_000),), 5000, (1,), "8", on_the_road=True),
    )


@pytest.mark.parametrize(
    ("window", "position", "ahead", "end"),
    [
        ([4500, 5000], 1, 1000, 5500),  # back at the depot
        ([2000, 2400], 1, 500, 3500),  # on the way back
        ([300, 300], 0, 300, 3500),  # on the way out
    ],
)
def test_breaks_are_taken_on_the_road_and_at_its_end(
    window: list[int], position: int, ahead: int, end: int
) -> None:
    document = {
        "vehicles": [
            {
                "id": 1,
                "start_index": 0,
                "end_index": 0,
                "time_window": [0, 6000],
                "breaks": [{"id": 1, "service": 1000, "time_windows": [window]}],
            }
        ],
        "jobs": [{"id": 1, "location_index": 1, "service": 500}],
        "matrices": {"car": {"durations": [[0, 1000], [1000, 0]]}},
    }
    _, found = judged(document, Route((1,), 0, breaks=((position, 0),)))
    assert found.feasible
    stops = found.routes[0].stops
    pause = next(stop for stop in stops if stop.event == "break")
    assert (pause.begin, pause.ahead, stops[-1].leave) == (window[0], ahead, end)


def test_no_break_interrupts_a_setup_at_a_shared_location() -> None:
    document = {
        "vehicles": [
            {
                "id": 1,
                "start_index": 0,
                "end_index": 0,
                "breaks": [{"id": 1, "service": 50, "time_windows": [[90, 115]]}],
            }
        ],
        "jobs": [{"id": k, "location_index": 1, "setup": 30, "service": 10} for k in (1, 2)],
        "matrices": {"car": {"durations": [[0, 100], [100, 0]]}},
    }
    problem, found = judged(document, Route((1, 2), 0, breaks=((0, 0),)))
    assert problem.breaks[0].on_the_road
    assert found.feasible
    assert found.distance == 200  # a setup is no way
    # On the way at 90, there at 150; 30 of setup and 10, then 10 alone; home at 300.
    stops = [(stop.begin, stop.leave) for stop in found.routes[0].stops]
    assert stops[1:] == [(90, 140), (150, 190), (190, 200), (300, 300)]
    late = judged(document, Route((1, 2), 0, breaks=((1, 0),)))[1]
    assert [broken.rule for broken in late.violations] == ["break"]  # 140 is too late


def test_kinds_of_tasks_may_share_an_id() -> None:
    document = changed(shipments__0__pickup__id=1, shipments__0__delivery__id=9)
    assert read(document).node_id[2:] == ("1", "2", "pickup 1", "9")


UNKNOWN = [
    (changed(job=[]), "/job", "; did you mean jobs"),
    (changed(jobs__0__prority=1), "/jobs/0/prority", "; did you mean priority"),
    (changed(shipments__0__pickup__name="x"), "/shipments/0/pickup/name", ""),
    (
        changed(vehicles__0__costs={"per_mile": 9}),
        "/vehicles/0/costs/per_mile",
        "; did you mean per_km",
    ),
    (changed(vehicles__0__breaks=[{"id": 1, "note": {"a": 1}}]), "/vehicles/0/breaks/0/note", ""),
    (changed(matrices__car__times=DURATIONS), "/matrices/car/times", ""),
]


@pytest.mark.parametrize(("document", "pointer", "more"), UNKNOWN)
def test_what_vroom_passes_over_is_passed_over_with_a_remark(
    document: Document, pointer: str, more: str
) -> None:
    with pytest.warns(Remark) as found:
        problem = read(document)
    (told,) = found
    assert str(told.message).startswith(
        f"at {pointer}: VROOM has no such key, it is passed over{more}"
    )
    assert problem.num_clients == 4


def test_a_key_of_all_tasks_is_one_remark() -> None:
    document = changed()
    for job in document["jobs"]:
        job["customer"] = "x"
    with pytest.warns(Remark, match="^at /jobs/0/customer: .* here and 1 times more$"):
        read(document)


# -- what is refused -----------------------------------------------------------------------

STEPS = [{"type": "job", "id": 1}]

DEFECTS: list[tuple[Document, str, str]] = [
    (changed(vehicles=[]), "/vehicles", "found [], expected a list of at least one vehicle"),
    (changed(vehicles=None), "", "the field vehicles is missing"),
    (changed(jobs=[], shipments=[]), "", "found no jobs and no shipments, expected a task"),
    (changed(jobs__0__id=None), "/jobs/0", "the field id is missing"),
    (changed(jobs__0__id="a"), "/jobs/0/id", 'found "a", expected a whole number from 0 to'),
    (changed(jobs__1__id=1), "/jobs/1/id", "the id 1 is also that of /jobs/0, expected another"),
    (changed(vehicles__1__id=7), "/vehicles/1/id", "the id 7 is also that of /vehicles/0, expect"),
    (changed(jobs__0__service=-1), "/jobs/0/service", "found -1, expected a whole number from 0"),
    (changed(jobs__0__service=1.5), "/jobs/0/service", "found 1.5, expected a whole number from"),
    (changed(jobs__0__priority=101), "/jobs/0/priority", "found 101, expected a whole number fro"),
    (changed(jobs__0__location_index=None), "/jobs/0", "the field location_index is missing, exp"),
    (changed(jobs__0__location_index=3), "/matrices/car/durations", "found 3 rows, expected at l"),
    (changed(jobs__0__delivery=[1]), "/jobs/0/delivery", "found [1], expected 2 numbers, as in t"),
    (changed(shipments__0__amount=[1]), "/shipments/0/amount", "found [1], expected 2 numbers, a"),
    (changed(jobs__0__amount=[1, 2]), "/jobs/0", "found amount beside delivery, expected deliver"),
    (changed(vehicles__1__capacity=None), "/vehicles/1", "found no capacity, expected 2 numbers,"),
    (changed(vehicles__1__capacity=[1]), "/vehicles/1", "found [1], expected 2 numbers, as for t"),
    (changed(vehicles__0__capacity=[]), "/jobs/0/delivery", "found [1, 2], expected 0 numbers, a"),
    (changed(jobs__0__time_windows=[]), "/jobs/0/time_windows", "found [], expected a list of at"),
    (changed(jobs__0__time_windows=[[5, 3]]), "/jobs/0/time_windows/0", "the window begins at 5 "),
    (changed(jobs__0__time_windows=[[5, 9], [1, 5]]), "/jobs/0/time_windows", "windows meet or o"),
    (changed(vehicles__1__time_window=[5, 3]), "/vehicles/1/time_window", "the window begins at "),
    (changed(vehicles__1__start_index=None), "/vehicles/1", "found neither start_index nor end_i"),
    (changed(vehicles__0__start=[1, 2], vehicles__0__start_index=None), "/vehicles/0", "found st"),
    (changed(vehicles__0__speed_factor=6), "/vehicles/0/speed_factor", "found 6, expected a numb"),
    (changed(vehicles__0__speed_factor=0), "/vehicles/0/speed_factor", "found 0, expected a numb"),
    (changed(vehicles__0__speed_factor=1e-9), "/vehicles/0/speed_factor", "found 1e-09, expected"),
    (changed(vehicles__0__profile="bus"), "/vehicles/0", 'found no matrices of the profile "bus"'),
    (changed(matrices=None), "/vehicles/0", 'found no matrices of the profile "car", expected it'),
    (changed(vehicles__0__costs={"per_km": 1}), "/vehicles/0", "found per_km, but no distances o"),
    (changed(vehicles__0__max_distance=9), "/vehicles/0", "found max_distance, but no distances "),
    (changed(vehicles__0__costs={"fixed": 2**49, "per_hour": 1}), "/vehicles/0/costs/fixed", "fo"),
    (changed(vehicles__0__costs={"per_hour": 2**49 + 1, "per_task_hour": 1}), "/vehicles/0/costs",
     "found prices that make an arc cost"),
    (changed(vehicles__0__costs={"per_hour": 2**49 + 1, "per_task_hour": 1},
             vehicles__0__speed_factor=0.5), "/vehicles/0/costs", "found prices above 2^50 in ste"),
    (changed(vehicles__0__breaks=[{"id": 1}, {"id": 1}]), "/vehicles/0/breaks/1/id", "the id 1 i"),
    (changed(vehicles__1__breaks=[{"id": 1, "max_load": [1]}]), "/vehicles/1/breaks/0/max_load",
     "found [1], expected 2 numbers, as in the"),
    (changed(vehicles__0__steps=[{"type": "lunch"}]), "/vehicles/0/steps/0/type", 'found "lunch"'),
    (changed(matrices__car__durations=[[0, 1], [1]]), "/matrices/car/durations/1", "found 1 numb"),
    (changed(matrices__car__durations=[[0, 1.5], [1, 0]]), "/matrices/car/durations/0/1", "found"),
    (changed(matrices__car__durations=[[0, -1], [1, 0]]), "/matrices/car/durations/0/1", "found "),
    (changed(matrices__car__durations=[[0, 2**32], [1, 0]]), "/matrices/car/durations/0/1", "fou"),
    (changed(matrices__car__durations=[]), "/vehicles/0", "found no matrices of the profile"),
    (changed(matrices__car={"distances": DURATIONS}), "/matrices/car", "the field durations is mi"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("document", "pointer", "message"), DEFECTS, ids=lambda value: str(value)[-40:]
)
def test_a_defect_is_answered_by_its_pointer(
    document: Document, pointer: str, message: str
) -> None:
    with pytest.raises(ReadError) as caught:
        read(document)
    assert caught.value.message.startswith(message), caught.value
    assert caught.value.pointer == pointer
    assert "\n" not in str(caught.value)


def costs_and_prices() -> Document:
    document = one(costs={"per_hour": 1800})
    document["matrices"]["car"]["costs"] = DURATIONS
    return document


def test_prices_of_travel_are_refused_beside_its_costs() -> None:
    with pytest.raises(ReadError) as caught:
        read(costs_and_prices())
    message = "found prices of travel beside the costs of th"
    assert str(caught.value).startswith(f"at /vehicles/0/costs: {message}")


def test_many_priorities_hold_task_by_task(caplog: pytest.LogCaptureFixture) -> None:
    document = one()
    document["vehicles"] = [
        document["vehicles"][0] | {"id": k, "costs": {"fixed": 10**7}} for k in range(100)
    ]
    document["jobs"] = [{"id": k, "location_index": 1, "priority": 1 + k % 100} for k in range(300)]
    with caplog.at_level("INFO"):
        problem = read(document)
    assert "for each task, not for all tasks together" in caplog.text
    worth = problem.prize[1:]
    bound = 10**7 + 2 * 103 + 1  # a vehicle, two arcs and one more
    assert worth[0] == bound * (1 + 301)
    assert worth[1] - worth[0] == bound * 301
    assert differences(problem, read_vroom(problem_to_vroom(problem))) == set()


def test_a_step_of_priority_outweighs_fewer_tasks_where_more_do_not_fit(
    caplog: pytest.LogCaptureFixture,
) -> None:
    document = one(costs={"fixed": 10**10})
    document["jobs"] = [{"id": k, "location_index": 1, "priority": 1 + k % 100} for k in range(300)]
    with caplog.at_level("INFO"):
        problem = read(document)
    assert "and a step of priority outweighs 2 tasks" in caplog.text
    worth = problem.prize[1:]
    bound = 10**10 + 2 * 103 + 1
    assert worth[0] == bound * 3
    assert worth[1] - worth[0] == bound * 2
    assert differences(problem, read_vroom(problem_to_vroom(problem))) == set()


@pytest.mark.parametrize("number", [130, 1000])
def test_a_working_day_of_many_tasks_has_room_for_priorities_beside_prices(number: int) -> None:
    rng = np.random.default_rng(number)
    size, begin = 60, 1_750_000_000
    durations = rng.integers(60, 3600, (size, size)) * (1 - np.eye(size, dtype=np.int64))
    pause = {"id": 1, "service": 1800, "time_windows": [[begin + 9000, begin + 18_000]]}
    costs = [{"fixed": 5000, "per_hour": 2500, "per_km": 37, "per_task_hour": 1999}, {}]
    vehicles = [
        {
            "id": k,
            "start_index": 0,
            "end_index": 0,
            "costs": costs[k % 2],
            "time_window": [begin, begin + 36_000],
            "speed_factor": 1.1 if k % 3 else 1.0,
            "breaks": [pause],
        }
        for k in range(number // 20)
    ]
    jobs = [
        {
            "id": k,
            "location_index": int(rng.integers(1, size)),
            "service": 300,
            "priority": int(rng.integers(101)),
            "time_windows": [[begin, begin + 14_400]],
        }
        for k in range(number)
    ]
    matrices = {"durations": durations.tolist(), "distances": (13 * durations).tolist()}
    document = {"vehicles": vehicles, "jobs": jobs, "matrices": {"car": matrices}}
    problem = read(document)
    assert priorities(problem).tolist() == [0, *(job["priority"] for job in jobs)]


def test_a_bound_of_costs_is_what_vehicles_have_time_for(caplog: pytest.LogCaptureFixture) -> None:
    """Five vehicles of an hour, whatever way the tasks are: all plans are put in order."""
    document = one(time_window=[0, 3600])
    document["vehicles"] = [document["vehicles"][0] | {"id": k} for k in range(5)]
    document["jobs"] = [{"id": k, "location_index": 1, "priority": k % 11} for k in range(400)]
    with caplog.at_level("INFO"):
        problem = read(document)
    assert not caplog.text
    assert problem.prize[1:].min() == 5 * 3600 + 1


def test_priorities_that_need_too_much_room_are_refused() -> None:
    document = one(costs={"fixed": 10**12})
    document["jobs"] = [{"id": k, "location_index": 1, "priority": 1 + k % 100} for k in range(300)]
    with pytest.raises(ReadError, match="priorities up to 100 of 300 clients need prizes above"):
        read(document)


def test_priorities_may_be_counted_in_their_common_divisor() -> None:
    document = one(costs={"fixed": 10**10})
    document["jobs"] = [
        {"id": k, "location_index": 1, "priority": 100 * (k % 2)} for k in range(100)
    ]
    worth = read(document).prize[1:]
    assert worth[1] == 102 * worth[0]  # as if the priority were 1


def test_given_travel_times_are_not_rounded() -> None:
    with pytest.raises(ReadError, match="found matrices, expected coordinates in the plane"):
        read_vroom(json.dumps(SMALL), "nearest")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)
RICH = "loads service shipments skills priority open shift prices speed max_tasks breaks types"


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_a_spoilt_input_reads_or_is_refused(data: st.DataObject) -> None:
    """Any value in any place: never another kind of error."""
    document = random_input(data.draw(st.integers(0, 50)), RICH)
    place: Any = document
    parent, key = place, None
    while isinstance(place, dict | list) and place and data.draw(st.integers(0, 9)):
        key = data.draw(
            st.sampled_from(sorted(place) if isinstance(place, dict) else range(len(place)))
        )
        parent, place = place, place[key]
    if key is not None:
        parent[key] = data.draw(json_values | st.sampled_from([0, 10**6, 2**31, 2**50, 1.5]))
    text = json.dumps(document)
    cut = data.draw(st.integers(0, len(text))) if data.draw(st.booleans()) else None
    try:
        problem = read_vroom(text[:cut])
    except PolyrouteError as error:
        assert "\n" not in str(error)
        return
    evaluate(problem, Solution((Route(tuple(problem.clients)),)))
