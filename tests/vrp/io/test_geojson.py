"""A plan as GeoJSON has a line a route and a point a stop, in degrees where there are any."""

import json

import pytest

from polyroute.vrp.builder import Builder
from polyroute.vrp.errors import PolyrouteError
from polyroute.vrp.io.geojson import format_geojson
from polyroute.vrp.io.record import result_record
from polyroute.vrp.solution import Route
from tests.vrp.io.results import fleet_result, result_of, trips_result


def one_client(**client) -> Builder:
    builder = Builder(name="one")
    builder.add_depot(**{"x": 0, "y": 0} | ({"lonlat": (4.4, 50.9)} if "lonlat" in client else {}))
    builder.add_client(**client)
    return builder


def test_lines_are_routes_and_points_are_stops():
    result = fleet_result()
    found = json.loads(format_geojson(result))
    (record,) = result_record(result)["routes"]
    line, *points = found["features"]
    assert line["geometry"] == {
        "type": "LineString",
        "coordinates": [[0, 0], [5, 0], [10, 0], [0, 0]],
    }
    assert line["properties"] == {"route": 1} | {k: v for k, v in record.items() if k != "stops"}
    stops = [point["properties"] for point in points[:-1]]
    assert stops == [{"route": 1} | stop for stop in record["stops"]]
    assert [point["geometry"]["coordinates"] for point in points[:-1]] == [
        [0, 0],
        [5, 0],
        [10, 0],
        [0, 0],
    ]
    left_out = {"event": "unserved", "client": 3, "id": "3", "name": ""}
    assert points[-1]["properties"] == left_out


def test_a_line_passes_by_the_depots_of_reloads_and_a_break_is_a_point():
    line, *points = json.loads(format_geojson(trips_result()))["features"]
    path = [[0, 0], [5, 0], [0, 0], [10, 0], [30, 0], [20, 0], [0, 0]]
    assert line["geometry"]["coordinates"] == path
    assert [trip["depot"] for trip in line["properties"]["trips"]] == ["north", "north", "south"]
    paused = [point for point in points if point["properties"]["event"] == "break"]
    assert [point["geometry"]["coordinates"] for point in paused] == [[0, 0], [30, 0]]


@pytest.mark.parametrize(("opens", "x"), [(8, 5), (10, 5), (12, 7), (18, 9)])
def test_a_break_on_the_road_is_where_the_vehicle_is_on_its_way(opens, x):
    builder = Builder()
    builder.add_depot(x=0, y=0)
    builder.add_client(x=5, y=0, service=5, tw=(0, 5))
    builder.add_client(x=9, y=0)
    builder.add_vehicle_type()
    builder.add_break(0, tw=(opens, 20), on_the_road=True)
    result = result_of(builder.build(), Route((1, 2), breaks=((1, 0),)))
    points = json.loads(format_geojson(result))["features"]
    (pause,) = [point for point in points if point["properties"].get("event") == "break"]
    assert pause["geometry"]["coordinates"] == [x, 0]
    assert pause["properties"].get("ahead", 0) == x - 5


def test_plain_coordinates_are_told_apart_from_degrees():
    assert "not longitude" in json.loads(format_geojson(fleet_result()))["coordinates"]
    problem = one_client(x=1, y=1, lonlat=(4.5, 51)).build()
    found = json.loads(format_geojson(result_of(problem, Route((1,)))))
    assert "coordinates" not in found
    assert found["features"][0]["geometry"]["coordinates"][:2] == [[4.4, 50.9], [4.5, 51]]


def test_geographic_coordinates_become_degrees():
    builder = one_client(x=50.3, y=4.15)  # 50° 30' N, 4° 15' E
    builder.round = "geo"
    found = json.loads(format_geojson(result_of(builder.build(), Route((1,)))))
    assert found["features"][0]["geometry"]["coordinates"][1] == pytest.approx([4.25, 50.5])
    assert "coordinates" not in found


def test_a_problem_without_positions_is_refused():
    builder = Builder(name="matrix")
    builder.add_depot()
    builder.add_client()
    builder.add_matrices([[0, 1], [1, 0]])
    with pytest.raises(PolyrouteError, match="GeoJSON needs positions, found none in matrix"):
        format_geojson(result_of(builder.build(), Route((1,))))
