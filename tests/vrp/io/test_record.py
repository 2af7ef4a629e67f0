"""The record says what the checker said, in the user's units, as its schema describes."""

import json
from dataclasses import replace
from importlib.resources import files

import pytest
from jsonschema import Draft202012Validator

from polyroute.vrp.check import RULES
from polyroute.vrp.explain import Explanation, unserved_places
from polyroute.vrp.io.jsontext import parse
from polyroute.vrp.io.native_plan import read_solution_json
from polyroute.vrp.io.record import (
    BreakRecord,
    ExplanationRecord,
    ObstacleRecord,
    PlaceRecord,
    ReasonRecord,
    ResultRecord,
    RouteRecord,
    StopRecord,
    TripRecord,
    UnservedRecord,
    ViolationRecord,
    format_json,
    result_record,
)
from polyroute.vrp.obstacles import obstacles
from polyroute.vrp.solution import Route, Solution
from polyroute.vrp.version import __version__
from tests.vrp.io.results import TRIPS_ROUTE, fleet, fleet_result, result_of, trips_result

SCHEMA = json.loads((files("polyroute.vrp.io") / "result.schema.json").read_text())


def test_the_schema_describes_the_record_field_by_field():
    Draft202012Validator.check_schema(SCHEMA)
    for record, part in (
        (ResultRecord, SCHEMA),
        (RouteRecord, SCHEMA["$defs"]["route"]),
        (TripRecord, SCHEMA["$defs"]["trip"]),
        (BreakRecord, SCHEMA["$defs"]["break"]),
        (StopRecord, SCHEMA["$defs"]["stop"]),
        (ViolationRecord, SCHEMA["$defs"]["violation"]),
        (ExplanationRecord, SCHEMA["$defs"]["explanation"]),
        (ReasonRecord, SCHEMA["$defs"]["reason"]),
        (ObstacleRecord, SCHEMA["$defs"]["obstacle"]),
        (UnservedRecord, SCHEMA["$defs"]["unserved"]),
        (PlaceRecord, SCHEMA["$defs"]["place"]),
    ):
        assert list(part["properties"]) == list(record.__annotations__)
        needed = [name for name in record.__annotations__ if name in record.__required_keys__]
        assert part["required"] == needed


def test_the_record_of_a_feasible_plan():
    record = result_record(replace(fleet_result(), format="json", load_seconds=0.25))
    Draft202012Validator(SCHEMA).validate(record)
    routes = record.pop("routes")
    assert record == {
        "instance": "small",
        "format": "json",
        "solver": "search",
        "cost": 29,  # 5 + 5 + 10 and the prize of client 3
        "feasible": True,
        "distance": 20,
        "duration": 24,  # leaves at 5 to meet the window without waiting, serves for 4
        "num_routes": 1,
        "unserved": [3],
        "unserved_ids": ["3"],
        "unserved_reasons": [
            {
                "client": 3,
                "id": "3",
                "cause": "price",
                "rule": None,
                "message": "would cost 10 at the best of the places nearest to him, "
                "and his prize is 9",
            }
        ],
        "violations": [],
        "explanation": None,
        "seconds": 1.5,
        "load_seconds": 0.25,
        "compile_seconds": 0.0,
        "iterations": 40,
        "seed": 3,
        "threads": 1,
        "interrupted": False,
        "version": __version__,
    }
    (route,) = routes  # the empty one is left out
    stops = route.pop("stops")
    assert route == {
        "vehicle_type": "truck",
        "start_depot": "north",
        "end_depot": "north",
        "visits": [1, 2],
        "distance": 20,
        "duration": 24,
        "load": [4],
    }
    assert [stop["event"] for stop in stops] == ["start", "delivery", "pickup", "end"]
    assert stops[1] == {
        "event": "delivery",
        "client": 1,
        "id": "A-4711",
        "name": "bakery",
        "arrive": 10,
        "wait": 0,
        "begin": 10,
        "leave": 13,
        "load": [0],
        "distance": 5,
    }
    assert stops[0]["client"] is None
    assert stops[0]["id"] == "north"


def test_an_infeasible_plan_carries_what_it_breaks():
    record = result_record(result_of(fleet(), Route(()), Route((3, 2), 1)))
    Draft202012Validator(SCHEMA).validate(record)
    assert not record["feasible"]
    assert record["routes"][0]["end_depot"] is None
    broken = {found["rule"]: found for found in record["violations"]}
    assert broken.keys() <= RULES.keys()
    assert broken["capacity"] == {
        "rule": "capacity",
        "route": 1,  # the empty route does not count
        "client": 2,
        "id": "2",
        "amount": 3,  # 2 for the first client and 4 picked up, of 3
        "message": "capacity exceeded by 3 on route 1 at client 2",
    }
    assert broken["time_window"]["id"] == "A-4711"


def test_trips_and_breaks_are_told_where_there_are_any():
    assert "trips" not in result_record(fleet_result())["routes"][0]
    assert "breaks" not in result_record(fleet_result())["routes"][0]
    result = trips_result()
    record = result_record(result)
    Draft202012Validator(SCHEMA).validate(record)
    (route,) = record["routes"]
    assert record["feasible"]
    assert route["visits"] == [1, 2, 3]
    assert route["trips"] == [
        {"depot": "north", "visits": [1], "load": [2]},
        {"depot": "north", "visits": [2], "load": [2]},
        {"depot": "south", "visits": [3], "load": [2]},
    ]
    assert route["breaks"] == [{"number": 2, "position": 1}, {"number": 1, "position": 2}]
    stops = [(stop["event"], stop["client"], stop["id"], stop["begin"]) for stop in route["stops"]]
    # 5 there and 5 back, a break of 1, 10 and 20 on, a break of 6, 10 to the client and 20 home
    assert stops == [
        ("start", None, "north", 0),
        ("delivery", 1, "1", 5),
        ("reload", None, "north", 10),
        ("break", None, "2", 10),
        ("delivery", 2, "2", 21),
        ("reload", None, "south", 41),
        ("break", None, "1", 41),
        ("delivery", 3, "3", 57),
        ("end", None, "north", 77),
    ]
    assert read_solution_json(format_json(result), result.problem) == Solution((TRIPS_ROUTE,))


@pytest.mark.parametrize("decimals", [0, 2])
def test_figures_are_in_the_users_units(decimals):
    record = result_record(result_of(fleet(decimals=decimals), Route((2, 3))))
    assert (record["cost"], record["duration"], record["routes"][0]["load"]) == (29, 24, [4])


def test_the_text_reads_back_as_the_plan():
    result = fleet_result()
    assert parse(format_json(result)) == json.loads(json.dumps(result_record(result)))
    assert read_solution_json(format_json(result), result.problem) == Solution((Route((2, 3)),))
    line = json.dumps(result_record(result))
    assert read_solution_json(line, result.problem) == Solution((Route((2, 3)),))


def test_an_explanation_is_told_in_the_user_s_units():
    problem = fleet()
    result = result_of(problem, Route((2,)))
    told = Explanation(obstacles(problem), unserved_places(problem, result.solution))
    record = result_record(replace(result, explanation=told))
    Draft202012Validator(SCHEMA).validate(record)
    explanation = record["explanation"]
    assert explanation is not None
    assert [item["client"] for item in explanation["unserved"]] == record["unserved"]
    for item in explanation["unserved"]:
        assert [place["vehicle_type"] for place in item["places"]]
        for place in item["places"]:
            assert all(found["message"] for found in place["violations"])
