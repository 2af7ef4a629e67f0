"""A plan as CSV has the rows of the record, and reads back as the plan."""

import csv
import io

import pytest

from polyroute.vrp.builder import Builder
from polyroute.vrp.errors import ReadError
from polyroute.vrp.io.csv import format_csv, read_solution_csv
from polyroute.vrp.io.record import result_record
from polyroute.vrp.solution import Route, Solution
from tests.vrp.io.results import TRIPS_ROUTE, fleet, fleet_result, result_of, trips, trips_result


def test_a_row_is_a_stop_of_the_record():
    result = fleet_result()
    rows = [*csv.DictReader(io.StringIO(format_csv(result)))]
    left_out = [row for row in rows if row["event"] == "unserved"]
    rows = rows[: -len(left_out)]
    stops = result_record(result)["routes"][0]["stops"]
    assert [row["id"] for row in rows] == ["north", "A-4711", "2", "north"]
    for position, (row, stop) in enumerate(zip(rows, stops, strict=True)):
        shown = {key: "" if value is None else str(value) for key, value in stop.items()}
        shown["load"] = str(stop["load"][0])
        place = {"route": "1", "vehicle_type": "truck", "position": str(position), "reason": ""}
        assert row == place | shown
    told = [(row["route"], row["client"], row["id"], row["reason"]) for row in left_out]
    record = result_record(result)
    assert told == [
        ("", str(reason["client"]), reason["id"], reason["message"])
        for reason in record["unserved_reasons"]
    ]
    assert [reason["client"] for reason in record["unserved_reasons"]] == record["unserved"] != []


def test_each_load_dimension_has_a_column():
    builder = Builder()
    builder.add_depot(x=0, y=0)
    builder.add_client(x=1, y=0, delivery=[1, 2])
    text = format_csv(result_of(builder.build(), Route((1,))))
    assert text.splitlines()[0].endswith("leave,load_1,load_2,distance,reason")
    assert text.splitlines()[1].endswith(",1,2,0,")


def test_a_plan_reads_back():
    result = result_of(fleet(), Route((3, 2), 1), Route((4,)))
    assert read_solution_csv(format_csv(result), result.problem) == result.solution


def test_two_columns_are_enough():
    plan = Solution((Route((2, 4)), Route((3,))))
    assert read_solution_csv("route,client\na,1\nb,2\na,3\n", fleet()) == plan
    assert read_solution_csv("id, route\nA-4711, a\n2, b\n3, a\n", fleet()) == plan


def test_reloads_and_breaks_are_rows_and_read_back():
    text = format_csv(trips_result())
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [(row["event"], row["client"], row["id"]) for row in rows[2:4]] == [
        ("reload", "", "north"),
        ("break", "", "2"),
    ]
    assert read_solution_csv(text, trips()) == Solution((TRIPS_ROUTE,))
    plain = "route,event,id\na,,1\na,reload,south\na,break,1\na,,3\n"
    route = Route((2, 4), reloads=((1, 1),), breaks=((1, 0),))
    assert read_solution_csv(plain, trips()) == Solution((route,))


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ("a,reload,4\n", "line 2: id is '4', expected that of a depot"),
        ("a,reload,\n", "line 2: id is '', expected that of a depot"),
        ("a,break,3\n", "line 2: id is '3', expected one of 2 breaks"),
        ("a,break,0\n", "line 2: id is '0', expected a whole number from 1"),
        ("a,break,1\na,reload,north\n", "line 3: a reload follows a break, expected it before"),
    ],
)
def test_a_wrong_reload_or_break_is_answered_by_its_line(rows, message):
    with pytest.raises(ReadError) as caught:
        read_solution_csv("route,event,id\n" + rows, trips())
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "line 1: the columns are ''"),
        ("client,position\n1,1\n", "line 1: the columns are 'client, position', expected route"),
        ("route,client,client\n1,1,1\n", "line 1: the columns are"),
        ("route,client\n1,x\n", "line 2: client is 'x', expected a number"),
        ("route,client\n1,1\n1,4\n", "line 3: client is 4, expected 1 to 3"),
        ("route,client\n1,0\n", "line 2: client is '0', expected a whole number from 1"),
        ("route,id\n1,A\n", "line 2: id is 'A', expected that of a client"),
        ("route,client,id\n1,2,A-4711\n", "line 2: id is 'A-4711', expected '2', that of client 2"),
        ("route,client,vehicle_type\n1,2,bus\n", "line 2: vehicle_type is 'bus', expected the id"),
        ("route,client,vehicle_type\n1,2,van\n1,1,truck", "line 3: route '1' has vehicle type"),
    ],
)
def test_a_wrong_table_is_answered_by_its_line(text, message):
    with pytest.raises(ReadError) as caught:
        read_solution_csv(text, fleet())
    assert str(caught.value).startswith(message)
