"""Every kind of result is drawn in every kind of picture, and pages stand on their own."""

import json
import re
import subprocess
import sys
from html.parser import HTMLParser
from itertools import pairwise
from xml.etree import ElementTree

import numpy as np
import pytest

from polyroute.vrp.builder import Builder
from polyroute.vrp.draw import PICTURES, draw
from polyroute.vrp.draw.caption import NO_PLACES, subtitle
from polyroute.vrp.draw.colours import route_colours
from polyroute.vrp.draw.convergence import steps
from polyroute.vrp.draw.routes import depot_legs
from polyroute.vrp.draw.tracesvg import trace_svg
from polyroute.vrp.errors import PolyrouteError
from polyroute.vrp.problem import Problem
from polyroute.vrp.solution import Route
from tests.vrp.io.results import TRACE, fleet, fleet_result, result_of, trips, trips_result

NASTY = "</script><b>&\"'$x{{data}}"


def without_places() -> Problem:
    builder = Builder(name="matrix")
    builder.add_depot()
    builder.add_client()
    builder.add_matrices([[0, 1], [1, 0]])
    return builder.build()


def geographic() -> Problem:
    builder = Builder(name="north")
    builder.add_depot(x=0, y=0, lonlat=(25.0, 69.0))
    builder.add_client(x=1, y=1, lonlat=(25.5, 69.5))
    return builder.build()


def nasty() -> Problem:
    builder = Builder(name=NASTY)
    builder.add_depot(x=0, y=0)
    builder.add_client(x=0, y=0, id=NASTY, name=NASTY)  # all in one place
    builder.add_vehicle_type(id=NASTY, capacity=0)
    builder.add_vehicle_type(id="other")
    return builder.build()


RESULTS = {
    "feasible": fleet_result(trace=TRACE),
    "infeasible": result_of(fleet(), Route((4, 3), 1), trace=TRACE[:1]),
    "no routes": result_of(fleet()),
    "many routes": result_of(fleet(), *[Route((2 + i % 3,)) for i in range(50)]),
    "no places": result_of(without_places(), Route((1,)), trace=TRACE),
    "geographic": result_of(geographic(), Route((1,)), trace=TRACE[1:2]),
    "trips": trips_result(),
    "empty trips": result_of(trips(), Route((2,), reloads=((0, 0), (0, 1), (1, 1)))),
    "nasty names": result_of(nasty(), Route((1,))),
}


@pytest.mark.parametrize("suffix", PICTURES)
@pytest.mark.parametrize("name", RESULTS)
def test_every_result_can_be_drawn(tmp_path, name, suffix):
    path = tmp_path / f"picture{suffix.upper()}"
    draw(path, RESULTS[name])
    data = path.read_bytes()
    if suffix == ".png":
        assert data.startswith(b"\x89PNG")
    elif suffix == ".svg":
        assert ElementTree.fromstring(data).tag.endswith("svg")
    else:
        assert data.startswith(b"<!doctype html>")
        assert b"{{" not in data.replace(b"{{data}}", b"")


# -- pages ---------------------------------------------------------------------------------


class Page(HTMLParser):
    """Tags with their attributes, and the text of a page without scripts and styles."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict]] = []
        self.words: list[str] = []
        self.data = ""
        self.inside = ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self.inside = tag

    def handle_data(self, data):
        if self.inside == "script":
            self.data = self.data or data
        elif self.inside != "style":
            self.words.append(data)

    def classed(self, name: str) -> list[dict]:
        return [found for _, found in self.tags if name in found.get("class", "").split()]


def page_of(tmp_path, name: str) -> tuple[Page, str]:
    draw(tmp_path / "page.html", RESULTS[name])
    text = (tmp_path / "page.html").read_text("utf-8")
    return Page(text), text


@pytest.mark.parametrize("name", RESULTS)
def test_a_page_fetches_nothing(tmp_path, name):
    page, text = page_of(tmp_path, name)
    assert not re.search(r"https?:|@import|url\(", text)
    assert not any({"src", "href"} & found.keys() for _, found in page.tags)


def test_a_page_holds_each_route_and_each_client_once(tmp_path):
    page, _ = page_of(tmp_path, "feasible")
    data = json.loads(page.data)
    assert len(page.classed("route")) == len(data["routes"]) == 1
    assert data["routes"] == ["route 1: 2 clients, distance 20"]
    assert [client[2:] for client in data["clients"]] == [
        [0, "client 1 (A-4711, bakery)\nstop 1 of 2, 10 to 13"],
        [0, "client 2\nstop 2 of 2, 18 to 19"],
        [-1, "client 3\nunserved"],
    ]


def test_a_reload_is_drawn_through_its_depot(tmp_path):
    result = RESULTS["trips"]
    legs = depot_legs(result.problem, result.solution.routes[0])
    assert legs == [(0, 2), (2, 0), (0, 3), (3, 1), (1, 4), (4, 0)]
    empty = RESULTS["empty trips"]
    assert depot_legs(empty.problem, empty.solution.routes[0]) == [
        (0, 0),
        (0, 1),
        (1, 2),
        (2, 1),
        (1, 0),
    ]
    page, _ = page_of(tmp_path, "trips")
    data = json.loads(page.data)
    assert data["routes"] == ["route 1: 3 clients, 3 trips, 2 breaks, distance 70"]
    assert data["clients"][1][3] == "client 2\nstop 2 of 3, 21 to 21"


def test_names_in_a_page_are_text_not_markup(tmp_path):
    page, text = page_of(tmp_path, "nasty names")
    assert "<b>" not in text
    assert NASTY in page.words  # the title, the heading
    assert NASTY in json.loads(page.data)["clients"][0][3]


def test_a_page_says_what_an_infeasible_plan_breaks(tmp_path):
    page, _ = page_of(tmp_path, "infeasible")
    words = " ".join(page.words)
    assert "capacity exceeded by 1 on route 1 at client 2" in words
    assert "required client not served at client 1 (bakery)" in words


def test_a_page_without_places_says_so(tmp_path):
    page, _ = page_of(tmp_path, "no places")
    assert NO_PLACES in page.words
    assert not any(found.get("id") == "map" for _, found in page.tags)


# -- parts ---------------------------------------------------------------------------------


def test_the_subtitle_holds_the_key_figures():
    words = subtitle(RESULTS["feasible"])
    assert words == "cost 29 · 1 route · 3 clients · 1 unserved · search · 1.5 s"


def test_colours_are_all_different_and_neighbours_far_apart():
    angles = 2 * np.pi * np.arange(60) / 60
    xy = np.vstack([[[0, 0]], np.column_stack([np.cos(angles), np.sin(angles)])])
    problem = Problem(coords=(1000 * xy).astype(int))
    order = np.random.default_rng(0).permutation(60)
    routes = [Route((1 + int(place),)) for place in order]
    colours = dict(zip(order.tolist(), route_colours(problem, routes, xy), strict=True))
    assert len(set(colours.values())) == 60
    rgb = [[int(colours[place][i : i + 2], 16) for i in (1, 3, 5)] for place in range(60)]
    for mine, other in pairwise(rgb):
        assert np.abs(np.subtract(mine, other)).sum() > 90


def test_the_trace_goes_on_to_the_end_and_marks_the_first_feasible():
    seconds, costs, first = steps(RESULTS["feasible"])
    assert seconds == [0.01, 0.1, 1.0, 1.5]
    assert costs == [90, 80, 29, 29]
    assert first == 1
    assert "first feasible: 80 at 0.1 s" in trace_svg(RESULTS["feasible"])
    assert "first feasible" not in trace_svg(RESULTS["infeasible"])


# -- files and imports ---------------------------------------------------------------------


def test_an_unknown_suffix_is_refused(tmp_path):
    with pytest.raises(PolyrouteError, match=r"suffix '\.gif' is unknown, expected one of \.png"):
        draw(tmp_path / "picture.gif", RESULTS["feasible"])


def test_a_place_that_cannot_be_written_to_is_told(tmp_path):
    with pytest.raises(PolyrouteError, match="cannot be written: No such file or directory"):
        draw(tmp_path / "nowhere" / "picture.html", RESULTS["feasible"])


def test_drawing_libraries_are_imported_on_use_and_pyplot_never(tmp_path):
    program = f"""
import sys
import polyroute.vrp.draw
assert "matplotlib" not in sys.modules
from tests.vrp.io.results import fleet_result
polyroute.vrp.draw.draw({str(tmp_path / "a.html")!r}, fleet_result())
polyroute.vrp.draw.draw({str(tmp_path / "a.png")!r}, fleet_result())
assert "matplotlib.pyplot" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", program], check=True)
