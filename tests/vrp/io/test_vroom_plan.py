"""Plans as VROOM's JSON: what is read and written, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from polyroute.vrp.builder import Builder
from polyroute.vrp.errors import ReadError, UnsupportedError
from polyroute.vrp.io import read_solution, write_result
from polyroute.vrp.io.vroom import read_vroom
from polyroute.vrp.io.vroom_plan import format_vroom, read_vroom_plan
from polyroute.vrp.io.vroom_writer import problem_to_vroom
from polyroute.vrp.problem import Problem
from polyroute.vrp.solution import Route, Solution
from tests.vrp.io.results import fleet_result, result_of
from tests.vrp.io.vroom_inputs import SMALL, Document

PROBLEM = read_vroom(json.dumps(SMALL))
ROUTE = Route((2, 4, 5), 0)  # job 1 and the shipment
PLAN: Document = {
    "code": 0,
    "routes": [
        {
            "vehicle": 7,
            "cost": 1,
            "steps": [
                {"type": "start"},
                {"type": "job", "id": 1, "arrival": 9},
                {"type": "pickup", "id": 4},
                {"type": "delivery", "id": 5},
                {"type": "end"},
            ],
        },
        {"vehicle": 3, "steps": [{"type": "start"}, {"type": "end"}]},
    ],
}


def written(problem: Problem, *routes: Route) -> Document:
    document: Document = json.loads(format_vroom(result_of(problem, *routes)))
    return document


def with_breaks() -> Problem:
    document = json.loads(json.dumps(SMALL))
    document["vehicles"][0]["breaks"] = [
        {"id": 8, "service": 50, "time_windows": [[600, 800]]},
        {"id": 9, "service": 10, "time_windows": [[100, 500]]},
    ]
    return read_vroom(json.dumps(document))


def test_tasks_and_vehicles_are_known_by_their_ids() -> None:
    assert read_vroom_plan(json.dumps(PLAN), PROBLEM) == Solution((ROUTE,))


def test_the_steps_of_an_input_are_a_plan(tmp_path: Path) -> None:
    document = json.loads(json.dumps(SMALL))
    document["vehicles"][1]["steps"] = [{"type": "job", "id": 2, "service_at": 5}]
    path = tmp_path / "input.json"
    path.write_text(json.dumps(document))
    assert read_solution(path, PROBLEM) == Solution((Route((3,), 1),))


def test_breaks_are_known_by_their_ids() -> None:
    plan = json.loads(json.dumps(PLAN))
    steps = plan["routes"][0]["steps"]
    steps.insert(2, {"type": "break", "id": 8})
    steps.insert(5, {"type": "break", "id": 9})
    expected = Route((2, 4, 5), 0, breaks=((1, 1), (3, 0)))
    assert read_vroom_plan(json.dumps(plan), with_breaks()) == Solution((expected,))


def test_breaks_without_ids_are_known_by_their_order() -> None:
    plan = json.loads(json.dumps(PLAN))
    steps = plan["routes"][0]["steps"]
    steps.insert(2, {"type": "break"})
    steps.insert(5, {"type": "break"})
    expected = Route((2, 4, 5), 0, breaks=((1, 0), (3, 1)))
    assert read_vroom_plan(json.dumps(plan), with_breaks()) == Solution((expected,))


def test_a_plan_is_written_step_by_step() -> None:
    document = written(PROBLEM, ROUTE)
    (route,) = document["routes"]
    assert {key: route[key] for key in route if key not in ("steps", "violations")} == {
        "vehicle": 7,
        "description": "van",
        "cost": 615,
        "setup": 0,
        "service": 30,
        "duration": 615,
        "waiting_time": 0,
        "priority": 2,
        "delivery": [2, 3],
        "pickup": [1, 1],
    }
    steps = [
        (step["type"], step.get("id"), step["arrival"], step["duration"], step["load"])
        for step in route["steps"]
    ]
    assert steps == [
        ("start", None, 0, 0, [1, 2]),
        ("job", 1, 101, 101, [0, 0]),
        ("pickup", 4, 131, 101, [1, 1]),
        ("delivery", 5, 438, 408, [0, 0]),
        ("end", None, 645, 615, [0, 0]),
    ]
    assert route["steps"][2]["description"] == "parcel"
    told = "would fit: vehicle type 3, a new route: cost +0"
    assert document["unassigned"] == [{"type": "job", "id": 2, "reason": told}]
    assert document["summary"]["computing_times"]["solving"] == 1500


def test_a_written_plan_is_read_back(tmp_path: Path) -> None:
    problem = with_breaks()
    result = result_of(problem, Route((), 1), Route((2, 4, 5), 0, breaks=((1, 0), (3, 1))))
    write_result(tmp_path / "plan.vroom.json", result)
    assert read_solution(tmp_path / "plan.vroom.json", problem).routes == result.solution.routes[1:]
    steps = json.loads((tmp_path / "plan.vroom.json").read_text())["routes"][0]["steps"]
    assert [step["id"] for step in steps if step["type"] == "break"] == [9, 8]


def test_a_route_without_an_end_ends_at_its_last_task() -> None:
    steps = written(PROBLEM, Route((3,), 1))["routes"][0]["steps"]
    assert [(step["type"], step["arrival"]) for step in steps] == [
        ("start", 10),
        ("job", 10),
        ("end", 10),
    ]


def test_what_a_plan_breaks_is_told_in_vrooms_words() -> None:
    (route,) = written(PROBLEM, Route((5, 4, 3, 3), 0))["routes"]
    causes = [item["cause"] for item in route["violations"]]
    assert {"load", "skills"} < set(causes)
    (late,) = written(PROBLEM, Route((4, 2, 2, 2, 2, 5), 1))["routes"]
    assert all(("duration" in item) == (item["cause"] == "delay") for item in late["violations"])


@pytest.mark.parametrize("id", [0, 10**18, 1234567890123456789, 2**63, 2**64 - 1])
def test_ids_of_64_bits_come_out_as_they_came_in(id: int, tmp_path: Path) -> None:
    document = json.loads(json.dumps(SMALL))
    vehicle, job, shipment = (document[name][0] for name in ("vehicles", "jobs", "shipments"))
    vehicle |= {"id": id, "breaks": [{"id": id}]}
    for row in (job, shipment["pickup"], shipment["delivery"]):
        row["id"] = id
    problem = read_vroom(json.dumps(document))
    result = result_of(problem, Route((2, 4, 5), 0, breaks=((0, 0),)))
    plan = json.loads(format_vroom(result))
    (route,) = plan["routes"]
    assert route["vehicle"] == id
    assert [step["id"] for step in route["steps"] if "id" in step] == [id] * 4
    assert [row["id"] for row in plan["unassigned"]] == [2]
    assert read_vroom_plan(json.dumps(plan), problem) == result.solution
    again = json.loads(problem_to_vroom(problem))
    assert [row["id"] for row in again["vehicles"]] == [id, 3]
    assert again["vehicles"][0]["breaks"][0]["id"] == id
    assert [row["id"] for row in again["jobs"]] == [id, 2]
    for name, where in (("plan.json", '"id": "{}"'), ("plan.csv", ",{},")):
        write_result(tmp_path / name, result)
        assert where.format(f"pickup {id}") in (tmp_path / name).read_text()


def test_an_id_of_more_than_64_bits_is_refused() -> None:
    text = json.dumps(SMALL).replace('"id": 7', f'"id": {2**64}')
    with pytest.raises(ReadError, match="expected a whole number from 0 to below 2"):
        read_vroom(text)


def test_an_id_that_is_no_number_stands_in_the_description() -> None:
    builder = Builder()
    builder.add_depot(x=0, y=0)
    builder.add_client(x=5, y=0, id="A-4711")
    kind = builder.add_vehicle_type(id="van", count=1)
    builder.add_break(kind, id="lunch")
    problem = builder.build()
    (route,) = written(problem, Route((1,), breaks=((1, 0),)))["routes"]
    assert (route["vehicle"], route["description"]) == (1, "van")
    assert [(step["id"], step["description"]) for step in route["steps"] if "id" in step] == [
        (1, "A-4711"),
        (1, "lunch"),
    ]


def test_any_problem_has_whole_numbers_for_ids() -> None:
    result = fleet_result()
    document = json.loads(format_vroom(result))
    (route,) = document["routes"]
    assert route["vehicle"] == 1
    assert [step.get("id") for step in route["steps"]] == [None, 1, 2, None]
    assert route["steps"][1]["description"] == "bakery"
    again = read_vroom_plan(json.dumps(document), result.problem)
    assert again.routes == tuple(route for route in result.solution.routes if route.visits)


def test_vehicles_of_one_type_have_ids_of_their_own() -> None:
    builder = Builder()
    builder.add_depot(x=0, y=0)
    for x in (1, 2, 3):
        builder.add_client(x=x, y=0, delivery=1)
    builder.add_vehicle_type(capacity=1, count=2)
    problem = builder.build()
    routes = written(problem, Route((1,)), Route((2,)))["routes"]
    assert [route["vehicle"] for route in routes] == [1, 2]
    with pytest.raises(UnsupportedError, match="more routes than vehicles"):
        written(problem, Route((1,)), Route((2,)), Route((3,)))


def test_reloads_are_refused() -> None:
    builder = Builder()
    builder.add_depot(x=0, y=0)
    builder.add_client(x=1, y=0)
    builder.add_vehicle_type()
    builder.add_reload(0)
    with pytest.raises(UnsupportedError, match=r"the \.vroom\.json writer does not support reload"):
        written(builder.build(), Route((1,)))


DEFECTS: list[tuple[str, str, str]] = [
    ("[]", "", "found [], expected an object with routes, or with vehicles and their steps"),
    ('{"steps": []}', "", "expected an object with routes, or with vehicles and their steps"),
    ('{"code": 2, "error": "No task."}', "/code", "found the error No task., expected a plan"),
    ('{"routes": [{"steps": []}]}', "/routes/0", "the field vehicle is missing"),
    ('{"routes": [{"vehicle": 1, "steps": []}]}', "/routes/0/vehicle", "found 1, expected the id"),
    ('{"vehicles": [{"id": 1, "steps": []}]}', "/vehicles/0/id", "found 1, expected the id of a"),
    ('{"routes": [{"vehicle": 7, "steps": [{"type": "job"}]}]}', "/routes/0/steps/0/id", "found "),
    (
        '{"routes": [{"vehicle": 7, "steps": [{"type": "job", "id": 4}]}]}',
        "/routes/0/steps/0/id",
        "found 4, expected the id of a job",
    ),
    (
        '{"routes": [{"vehicle": 7, "steps": [{"type": "lunch"}]}]}',
        "/routes/0/steps/0/type",
        'found "lunch", expected one of start, job, pickup, delivery, break, end',
    ),
    (
        '{"routes": [{"vehicle": 7, "steps": [{"type": "break"}]}]}',
        "/routes/0/steps/0",
        "found a break too many, expected 0",
    ),
]


@pytest.mark.parametrize(("text", "pointer", "message"), DEFECTS)
def test_a_wrong_plan_is_answered_by_its_pointer(text: str, pointer: str, message: str) -> None:
    with pytest.raises(ReadError) as caught:
        read_vroom_plan(text, PROBLEM)
    assert caught.value.pointer == pointer
    assert message in caught.value.message
