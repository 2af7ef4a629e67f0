"""Our JSON holds every problem exactly, and says where a wrong one is wrong."""

import json
from dataclasses import fields
from importlib.resources import files

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from polyroute.vrp.arcs import ArcRule
from polyroute.vrp.errors import PolyrouteError, ProblemError, ReadError
from polyroute.vrp.io.jsontext import parse, validate
from polyroute.vrp.io.native import read_problem_json
from polyroute.vrp.io.native_plan import read_solution_json
from polyroute.vrp.io.native_writer import problem_to_json
from polyroute.vrp.problem import (
    ATTRIBUTES,
    NOWHERE,
    UNLIMITED,
    Backhaul,
    Objective,
    Problem,
    Quantity,
    Scales,
    attributes,
)
from polyroute.vrp.rows import ARGUMENTS
from polyroute.vrp.solution import Route, Solution
from polyroute.vrp.structure import Break, Group, Pair, Pin, Reload

SCHEMA = json.loads((files("polyroute.vrp.io") / "problem.schema.json").read_text())
SIZES = {"N": 6, "V": 3, "L": 2, "W": 2, "P": 2, "2": 2}
NUM_DEPOTS = 2
LOADS = ("delivery", "pickup", "capacity", "on_board")
LEAST = {"capacity": 10**5, "shift_late": 10**5}  # no client too large, no shift that ends early


def random_problem(rng: np.random.Generator, chosen: set[str]) -> Problem:
    """A problem in which the `chosen` attributes differ from their neutral values."""
    scale = int(rng.choice([1, 10, 1000, 8]))
    scales = Scales(
        grid=int(rng.choice([1, 100, 1024])),
        length=scale,
        time=scale,
        load=int(rng.choice([1, 5, 100])),
        cost=scale * int(rng.choice([1, 100])),
    )
    sizes = {axis: int(rng.integers(1, size + 1)) for axis, size in SIZES.items() if axis in "LWP"}
    sizes = SIZES | sizes
    arrays = {
        item.name: random_array(rng, item, sizes) for item in ATTRIBUTES if item.name in chosen
    }
    if "tw_early" in arrays or "tw_late" in arrays:
        arrays |= random_windows(rng, sizes)
    if "distance" not in arrays:
        for name in ("duration", "arc_cost", "setup"):
            arrays.pop(name, None)
        arrays.setdefault("coords", rng.integers(-900, 900, (SIZES["N"], 2)))
        arrays.pop("profile", None)
    ids = [f"node {i}" for i in range(SIZES["N"])]
    if rng.integers(2):
        arrays |= random_vehicles(rng, arrays)
    return Problem(
        num_depots=NUM_DEPOTS,
        name=str(rng.choice(["", 'né "1"'])),
        scales=scales,
        arc_rule=ArcRule(int(rng.choice([0, 1, 2, 5]))),
        backhaul=Backhaul(str(rng.choice([term.value for term in Backhaul]))),
        backhaul_only_routes=bool(rng.integers(2)),
        objective=tuple(rng.permutation(list(Objective))[: rng.integers(1, 4)]),
        pairs=(Pair(2, 4), Pair(5, 3)) if rng.integers(2) else (),
        groups=(Group((3, 4)), Group((5,), required=False)) if rng.integers(2) else (),
        node_id=tuple(ids) if rng.integers(2) else (),
        node_name=("depot", "", "a/b", "~", "", "ü") if rng.integers(2) else (),
        **arrays,
    )


def random_vehicles(rng, arrays):
    """Reloads, breaks and pins, and the number of vehicles that pins need."""
    counts = np.array(arrays.get("count", np.full(SIZES["V"], UNLIMITED)))
    counts[0] = 1
    num_loads = next((a.shape[1] for n, a in arrays.items() if n in LOADS), 1)
    first, gap, width, duration = (int(value) for value in rng.integers(0, 10**5, 4))
    windows = ((first, first + width), (first + width + 1 + gap, UNLIMITED))
    loads = rng.integers(0, 10**5, num_loads)
    loads[0] = UNLIMITED
    return {
        "count": counts,
        "reloads": (Reload(0, (0, 1), 3), Reload(len(counts) - 1, (1,))),
        "breaks": (
            Break(len(counts) - 1, windows, duration, tuple(loads.tolist())),
            Break(0, windows[:1], 0, id="lunch"),
        ),
        "pins": (Pin(0, (4, 2)),),
    }


def random_array(rng, item, sizes):
    shape = tuple(sizes[axis] for axis in item.axes)
    if item.quantity is Quantity.FLAG:
        array = rng.integers(0, 2, shape).astype(bool)
    elif item.quantity is Quantity.INDEX:
        array = rng.integers(0, NUM_DEPOTS if item.of == "N" else sizes["P"], shape)
        if item.name == "end_depot":
            array[rng.integers(len(array))] = NOWHERE
    elif item.quantity is Quantity.DEGREES:
        array = rng.uniform(-90, 90, shape)
    else:
        array = rng.integers(0, 10**5, shape) + LEAST.get(item.name, 0)
        if item.neutral == UNLIMITED or item.name in ("distance", "duration"):
            array[rng.random(shape) < 0.3] = UNLIMITED
    if item.axes[0] == "N" and item.neutral is not None:
        array[:NUM_DEPOTS] = item.neutral
    return array


def random_windows(rng, sizes):
    """Windows with gaps between them; a depot has just one."""
    bounds = np.cumsum(rng.integers(1, 99, (sizes["N"], 2 * sizes["W"])), axis=1)
    early, late = bounds[:, ::2], bounds[:, 1::2]
    late[rng.random(sizes["N"]) < 0.3, -1] = UNLIMITED
    early[:NUM_DEPOTS], late[:NUM_DEPOTS] = early[:NUM_DEPOTS, :1], late[:NUM_DEPOTS, :1]
    return {"tw_early": early, "tw_late": late}


def assert_survives(problem: Problem) -> None:
    text = problem_to_json(problem)
    validate(parse(text), "problem.schema.json")
    again = read_problem_json(text)
    for item in fields(Problem):
        mine, other = getattr(problem, item.name), getattr(again, item.name)
        assert np.array_equal(mine, other) if isinstance(mine, np.ndarray) else mine == other
    assert again.equals(problem)


# -- round trips ---------------------------------------------------------------------------


@pytest.mark.parametrize("item", ATTRIBUTES, ids=lambda item: item.name)
def test_each_attribute_survives_alone(item):
    for seed in range(5):
        problem = random_problem(np.random.default_rng(seed), {item.name, "distance"})
        assert_survives(problem)


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 2**32), st.sets(st.sampled_from([item.name for item in ATTRIBUTES])))
def test_any_problem_survives(seed, chosen):
    assert_survives(random_problem(np.random.default_rng(seed), chosen))


def test_the_largest_numbers_survive():
    assert_survives(
        Problem(
            scales=Scales(grid=10**9, length=1000, time=1000, load=10**6, cost=1000),
            distance=np.array([[[0, 2**48 - 1], [2**47 + 1, 0]]]),
            delivery=np.array([[0], [2**50 - 1]]),
        )
    )


def test_the_text_puts_a_client_and_a_row_of_a_matrix_on_one_line():
    distance = np.arange(1600).reshape(1, 40, 40)
    problem = Problem(distance=distance, delivery=np.arange(40)[:, None])
    lines = [line.strip() for line in problem_to_json(problem).splitlines()]
    assert '{"id": "1", "delivery": 1},' in lines
    assert str([*range(40, 80)]) + "," in lines


def test_a_scale_without_finite_decimals_is_refused():
    problem = Problem(coords=[[0, 0], [1, 1]], scales=Scales(load=3), delivery=[[0], [4]])
    with pytest.raises(ProblemError, match="delivery is 4/3"):
        problem_to_json(problem)


def test_a_shared_id_is_refused_in_writing():
    problem = Problem(coords=[[0, 0], [1, 1], [2, 2]], node_id=("1", "A", "A"))
    with pytest.raises(ProblemError, match="the id of client 2 is 'A'"):
        problem_to_json(problem)


# -- the schema ----------------------------------------------------------------------------

FIELDS = {"x": "coords", "y": "coords", "lon": "lonlat", "lat": "lonlat"}
TWO = {argument: {a for a in ARGUMENTS if ARGUMENTS[a] == argument} for argument in ["tw", "shift"]}


def declared(definition: str) -> set[str]:
    """Attributes that the fields of a part of the schema stand for."""
    names = SCHEMA["$defs"][definition]["properties"].keys() - {"id", "name"}
    return set().union(*(TWO.get(name, {FIELDS.get(name, name)}) for name in names))


def test_the_schema_is_a_valid_schema():
    Draft202012Validator.check_schema(SCHEMA)


def test_the_schema_has_just_the_declared_attributes():
    assert declared("client") == {item.name for item in attributes("N")}
    assert declared("vehicle_type") == {item.name for item in attributes("V")}
    assert declared("profile") | {"coords", "lonlat"} == {
        item.name for item in ATTRIBUTES if item.axes[0] in "P" or item.neutral is None
    }


def test_the_schema_has_just_the_other_fields_of_a_problem():
    others = {item.name for item in fields(Problem) if not item.metadata}
    stand_for = {
        "num_depots": {"depots"},
        "scales": {"scales", "decimals"},
        "arc_rule": {"round"},
        "node_id": set(),  # with the nodes
        "node_name": set(),
        "vehicle_id": set(),
        "vehicle_name": set(),
    }
    expected = set().union(*(stand_for.get(name, {name}) for name in others))
    tables = {"$schema", "clients", "vehicle_types", "matrices"}
    assert set(SCHEMA["properties"]) - tables == expected


def test_the_schema_lists_the_words_that_the_problem_knows():
    properties = SCHEMA["properties"]
    assert set(properties["round"]["enum"]) == {rule.label for rule in ArcRule}
    assert properties["backhaul"]["enum"] == [term.value for term in Backhaul]
    assert properties["objective"]["items"]["enum"] == [term.value for term in Objective]
    for part in (properties["round"], properties["backhaul"], properties["objective"]["items"]):
        assert part["title"] == "one of " + ", ".join(part["enum"])


# -- what people write ---------------------------------------------------------------------

SMALL = {
    "depots": [{"x": 0, "y": 0}],
    "clients": [
        {"id": "A-4711", "name": "order A", "x": 3, "y": 4, "delivery": 2},
        {"x": 6, "y": 8, "delivery": 3, "tw": [5, None]},
    ],
    "vehicle_types": [{"id": "van", "capacity": 4}],
}


def changed(pointer: str, value: object) -> str:
    """SMALL as text, with the value at `pointer` set."""
    document = json.loads(json.dumps(SMALL))
    *path, last = pointer.split("/")[1:]
    place = document
    for part in path:
        place = place[int(part)] if isinstance(place, list) else place[part]
    place[int(last) if isinstance(place, list) else last] = value
    return json.dumps(document)


def test_a_small_problem_reads_as_it_looks():
    problem = read_problem_json(json.dumps(SMALL))
    assert problem.node_id == ("1", "A-4711", "2")
    assert problem.label(1) == "client 1 (order A)"
    assert problem.delivery.tolist() == [[0], [2], [3]]
    assert problem.distance_matrix().tolist() == [[0, 5, 10], [5, 0, 5], [10, 5, 0]]
    assert problem.tw_early.tolist() == [[0], [0], [5]]
    assert problem.vehicle_id == ("van",)


def test_the_rule_given_replaces_that_of_the_file():
    text = changed("/clients/0/x", 4)
    assert read_problem_json(text).distance_matrix()[0, 1] == 6  # √32 = 5.66
    assert read_problem_json(text, "floor").distance_matrix()[0, 1] == 5


def test_what_vehicles_do_between_visits_reads_as_it_looks():
    document = SMALL | {
        "decimals": 1,
        "depots": [*SMALL["depots"], {"id": "north", "x": 0, "y": 9}],
        "vehicle_types": [{"id": "van", "capacity": 4, "count": 1}, {"capacity": 4}],
        "reloads": [VAN | {"depots": ["north", 1], "most": 2}, {"vehicle_type": 2, "depots": [1]}],
        "breaks": [
            VAN | {"tw": [[1, 2.5], [4, None]], "duration": 0.5, "max_load": 3, "id": 9},
            VAN,
        ],
        "pins": [VAN | {"visits": [2, "A-4711"]}],
    }
    problem = read_problem_json(json.dumps(document))
    assert problem.reloads == (Reload(0, (1, 0), 2), Reload(1, (0,)))
    assert problem.breaks == (
        Break(0, ((10, 25), (40, UNLIMITED)), 5, (30,), "9"),
        Break(0, ((0, UNLIMITED),), 0),
    )
    assert problem.pins == (Pin(0, (3, 2)),)
    assert_survives(problem)


def test_routes_end_where_they_begin_unless_told():
    document = json.loads(changed("/depots", [{"x": 0, "y": 0}, {"id": "north", "x": 1, "y": 1}]))
    document["vehicle_types"] = [
        {"start_depot": "north"},
        {"start_depot": "north", "end_depot": 1},
        {"start_depot": "north", "end_depot": None},
    ]
    problem = read_problem_json(json.dumps(document))
    assert problem.start_depot.tolist() == [1, 1, 1]
    assert problem.end_depot.tolist() == [1, 0, NOWHERE]


VAN = {"vehicle_type": "van"}


@pytest.mark.parametrize(
    ("place", "value", "message"),
    [
        ("/clients/0/delivery", "ten", ': found "ten", expected a number from 0 on'),
        ("/clients/0/delivery", -1, ": found -1, expected a number from 0 on"),
        ("/clients/0/delivery", True, ": found true, expected a number from 0 on"),
        ("/clients/0/delivery", [1, "x"], '/1: found "x", expected a number from 0 on'),
        ("/clients/0/delivery", 0.5, ": delivery of client 1 (order A) is 0.5, expected a multi"),
        ("/clients/0/delivery", 5, ": delivery of client 1 (order A) is 5, expected at most 4"),
        ("/clients/0/delivry", 5, ": the field is unknown, did you mean delivery?"),
        ("/clients/1/id", "A-4711", ': the id "A-4711" is also that of /clients/0'),
        ("/clients/1/tw", [5, 2], ": the window begins at 5 and ends at 2"),
        ("/clients/1/tw", [[1, 2], [5, 4]], "/1: the window begins at 5 and ends at 4"),
        ("/clients/1/tw", [5], ": found [5], expected a time window"),
        ("/clients/1/tw", [[1, 2], [3, "x"]], ': found [[1, 2], [3, "x"]], expected a time window'),
        ("/clients/1/x", None, ": found null, expected a number"),
        ("/clients/1/x", 1e-12, ": x of client 2 is 1E-12, expected a multiple of 1e-09"),
        ("/clients/1", {"x": 1}, ": found x without y, expected both"),
        ("/clients/1/allowed", ["bus"], '/0: found "bus", expected the id of a vehicle type'),
        ("/clients/1/preference", {"a/b": 3}, '/a~1b: found "a/b", expected the id of a vehicle'),
        ("/clients/1/required", 1, ": found 1, expected true or false"),
        ("/depots", [], ": found [], expected a list of at least one depot"),
        ("/vehicle_types/0/profile", 2, ": found 2, expected 1 to 1"),
        ("/vehicle_types/0/start_depot", "X", ': found "X", expected the id of a depot'),
        ("/vehicle_types/0/end_depot", 2, ": found 2, expected the id of a depot"),
        ("/vehicle_types/0/shift", [3, 1], ": the window begins at 3 and ends at 1"),
        ("/vehicle_types/0/count", 1.5, ": found 1.5, expected a whole number"),
        ("/vehicle_types/0/count", 10**30, ": count of vehicle type 1 (van) is 1"),
        ("/round", "up", ': found "up", expected one of nearest'),
        ("/objective", ["cost", "cost"], ': found ["cost", "cost"], expected a list of diff'),
        ("/pairs", [{"pickup": "A-4711"}], "/0: the field delivery is missing"),
        ("/pairs", [{"pickup": 2, "delivery": 1}], "/0/delivery: found 1, expected the id"),
        ("/groups", [{"clients": ["B"]}], '/0/clients/0: found "B", expected the id of a client'),
        ("/matrices", [{"duration": [[0]]}], "/0: the field distance is missing"),
        ("/reloads", [{"depots": [1]}], "/0: the field vehicle_type is missing"),
        ("/reloads", [{"vehicle_type": "bus", "depots": [1]}], '/0/vehicle_type: found "bus", exp'),
        ("/reloads", [VAN | {"depots": []}], "/0/depots: found [], expected a list of at least"),
        (
            "/reloads",
            [VAN | {"depots": [1, "X"]}],
            '/0/depots/1: found "X", expected the id of a d',
        ),
        ("/reloads", [VAN | {"depots": [1, 1]}], "/0: a reload names a depot twice, expected"),
        ("/reloads", [VAN | {"depots": [1], "most": -1}], "/0/most: found -1, expected a whole"),
        ("/reloads", [VAN | {"depots": [1], "most": 1.5}], "/0/most: found 1.5, expected a whole"),
        ("/reloads", [VAN | {"depots": [1]}] * 2, "/1: vehicle type van has a second entry in"),
        ("/breaks", [{"tw": [1, 2]}], "/0: the field vehicle_type is missing"),
        (
            "/breaks",
            [{"vehicle_type": 7}],
            "/0/vehicle_type: found 7, expected the id of a vehicle",
        ),
        ("/breaks", [VAN | {"tw": [5, 2]}], "/0/tw: the window begins at 5 and ends at 2"),
        ("/breaks", [VAN | {"tw": [[1, 2], [5, 4]]}], "/0/tw/1: the window begins at 5 and ends"),
        ("/breaks", [VAN | {"tw": [[5, 6], [1, 2]]}], "/0: a break has a window from 1 on behind"),
        ("/breaks", [VAN | {"tw": []}], "/0/tw: found [], expected a time window"),
        ("/breaks", [VAN, VAN | {"duration": -3}], "/1/duration: found -3, expected a number from"),
        ("/breaks", [VAN | {"duration": 0.5}], "/0/duration: duration of break 1 is 0.5, expected"),
        ("/breaks", [VAN | {"duration": None}], "/0/duration: found null, expected a number from"),
        ("/breaks", [VAN | {"max_load": [1, 2]}], "/0: max_load of a break has 2 numbers, expe"),
        ("/breaks", [VAN | {"max_load": -1}], "/0/max_load: found -1, expected a number from 0"),
        ("/breaks", [VAN | {"max_laod": 1}], "/0/max_laod: the field is unknown, did you mean"),
        (
            "/pins",
            [VAN | {"visits": [2]}],
            "/0: count of vehicle type van, which has pinned visits",
        ),
        ("/pins", [VAN], "/0: the field visits is missing"),
        ("/pins", [VAN | {"visits": []}], "/0/visits: found [], expected a list of at least one"),
        ("/pins", [VAN | {"visits": [2, 3]}], "/0/visits/1: found 3, expected the id of a client"),
        (
            "/pins",
            [{"vehicle_type": 7, "visits": [2]}],
            "/0/vehicle_type: found 7, expected the id",
        ),
    ],
)
def test_a_wrong_value_is_answered_by_its_pointer(place, value, message):
    with pytest.raises(ReadError) as caught:
        read_problem_json(changed(place, value))
    assert str(caught.value).startswith(f"at {place}{message}")


@pytest.mark.parametrize(
    ("value", "pointer", "message"),
    [
        ([[0, 1, 2], [1, 0, "x"], [1, 2, 0]], "/1/2", 'found "x", expected a number from 0 on'),
        ([[0, 1, 2], [1, 0, -2], [1, 2, 0]], "/1/2", "found -2, expected a number from 0 on"),
        ([[0, 1, 2], [1, 0, 0.5], [1, 2, 0]], "/1/2", "node 1 to node 2 is 0.5, expected"),
        ([[0, 1, 2], [1, 0], [1, 2, 0]], "/1", "found 2 numbers, expected 3"),
        ([[0, 1, 2], [1, 0, 2]], "", "found 2 rows, expected 3"),
        (7, "", "found 7, expected a list of rows"),
    ],
)
def test_a_wrong_matrix_is_answered_by_its_pointer(value, pointer, message):
    with pytest.raises(ReadError) as caught:
        read_problem_json(changed("/matrices", [{"distance": value}]))
    assert caught.value.pointer == "/matrices/0/distance" + pointer
    assert message in caught.value.message


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ('{\n"depots": [\n', 3, "not JSON"),
        ('{"name": "a",\n"name": "b"}', 1, 'the field "name" is given twice'),
        ('{"depots": [{"x": 0,\n"y": NaN}]}', 2, "found NaN"),
        ('{"depots": [{"x": 0,\n"y": 1e999999}]}', 2, "a number is 1e999999"),
        ('{"depots": [{"x": 0,\n"y": ' + "9" * 5000 + "}]}", 2, "has 5000 digits"),
        ("[" * 100_000, None, "nested too deeply"),
    ],
)
def test_what_is_not_json_is_answered_by_its_line(text, line, message):
    with pytest.raises(ReadError) as caught:
        read_problem_json(text)
    assert message in caught.value.message
    assert caught.value.line == line


def test_decimals_beside_scales_are_refused():
    document = SMALL | {"decimals": 1, "scales": {"length": 10}}
    with pytest.raises(ReadError, match="expected no decimals beside scales"):
        read_problem_json(json.dumps(document))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_a_spoilt_problem_reads_or_is_refused(data):
    """Any value in any place: never another kind of error."""
    full = json.loads(problem_to_json(random_problem(np.random.default_rng(1), NAMES)))
    place = full
    while isinstance(place, dict | list) and place and data.draw(st.integers(0, 9)):
        key = data.draw(
            st.sampled_from(sorted(place) if isinstance(place, dict) else range(len(place)))
        )
        parent, place = place, place[key]
    if place is not full:
        parent[key] = data.draw(json_values)
    text = json.dumps(full)
    cut = data.draw(st.integers(0, len(text))) if data.draw(st.booleans()) else None
    try:
        read_problem_json(text[:cut])
    except PolyrouteError as error:
        assert "\n" not in str(error)


NAMES = {item.name for item in ATTRIBUTES}


# -- plans ---------------------------------------------------------------------------------


def test_a_plan_may_be_as_short_as_its_visits():
    problem = read_problem_json(json.dumps(SMALL))
    for text in (
        '{"routes": [[1], [2]]}',
        '{"routes": [{"visits": [1]}, {"visits": [2], "vehicle_type": "van"}], "cost": 3}',
    ):
        assert read_solution_json(text, problem) == Solution.from_visits([[1], [2]])


def trips_and_breaks():
    document = SMALL | {"depots": [*SMALL["depots"], {"id": "north", "x": 0, "y": 9}]}
    document |= {"reloads": [VAN | {"depots": ["north"]}], "breaks": [VAN, VAN]}
    return read_problem_json(json.dumps(document))


def test_trips_and_breaks_of_a_plan_are_read():
    text = """{"routes": [{"visits": [1, 2],
        "trips": [{"depot": 1, "visits": [1]}, {"depot": "north", "visits": []},
                  {"depot": "north", "visits": [2]}],
        "breaks": [{"number": 2, "position": 1}, {"number": 1, "position": 2}]}]}"""
    route = Route((2, 3), 0, reloads=((1, 1), (1, 1)), breaks=((1, 1), (2, 0)))
    assert read_solution_json(text, trips_and_breaks()) == Solution((route,))


@pytest.mark.parametrize(
    ("route", "pointer", "message"),
    [
        ({"trips": [{"depot": "X", "visits": [1, 2]}]}, "/trips/0/depot", 'found "X", expected'),
        ({"trips": [{"visits": [1, 2]}]}, "/trips/0", "the field depot is missing"),
        ({"trips": [{"depot": 1, "visits": [1]}]}, "/trips", "found the visits [1] on all trips"),
        (
            {"trips": [{"depot": 1, "visits": [0]}]},
            "/trips/0/visits/0",
            "a client's number, from 1",
        ),
        ({"breaks": [{"number": 3, "position": 0}]}, "/breaks/0/number", "found break 3, expected"),
        (
            {"breaks": [{"number": 1, "position": 3}]},
            "/breaks/0/position",
            "found 3, expected 0 to",
        ),
        (
            {"breaks": [{"number": 1, "position": 2}, {"number": 2, "position": 1}]},
            "/breaks/1/position",
            "found 1, expected 2 to 2",
        ),
        ({"breaks": [{"number": 1}]}, "/breaks/0", "the field position is missing"),
    ],
)
def test_wrong_trips_and_breaks_are_answered_by_their_pointer(route, pointer, message):
    text = json.dumps({"routes": [{"visits": [1, 2]} | route]})
    with pytest.raises(ReadError) as caught:
        read_solution_json(text, trips_and_breaks())
    assert caught.value.pointer == "/routes/0" + pointer
    assert message in caught.value.message


@pytest.mark.parametrize(
    ("text", "pointer"),
    [
        ("{}", ""),
        ("[]", ""),
        ('{"routes": [[1, 3]]}', "/routes/0/1"),
        ('{"routes": [{"visits": [3]}]}', "/routes/0/visits/0"),
        ('{"routes": [{"visits": [0]}]}', "/routes/0/visits/0"),
        ('{"routes": [{"visits": ["A"]}]}', "/routes/0/visits/0"),
        ('{"routes": [{"visits": [1], "vehicle_type": "bus"}]}', "/routes/0/vehicle_type"),
        ('{"routes": [{"stops": []}]}', "/routes/0"),
    ],
)
def test_a_wrong_plan_is_answered_by_its_pointer(text, pointer):
    problem = read_problem_json(json.dumps(SMALL))
    with pytest.raises(ReadError) as caught:
        read_solution_json(text, problem)
    assert caught.value.pointer == pointer
