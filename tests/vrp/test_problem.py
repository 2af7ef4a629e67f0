"""The declaration table: what it fills in, what it refuses and in which words."""

from __future__ import annotations

import pickle
import re
from dataclasses import fields, replace

import numpy as np
import pytest

from polyroute.vrp.arcs import ArcRule
from polyroute.vrp.errors import ProblemError
from polyroute.vrp.problem import (
    ATTRIBUTES,
    NOWHERE,
    UNLIMITED,
    Array,
    Attribute,
    Backhaul,
    Objective,
    Problem,
    Quantity,
    Scales,
)
from polyroute.vrp.structure import Break, Group, Pair, Pin, Reload
from tests.cases import CASES, Case, column, line

U = UNLIMITED
ANY_TIME = ((0, U),)

SIZES = {"N": 4, "V": 3, "L": 2, "W": 2, "P": 2}
"""Axis lengths that differ, so that a mix-up of axes shows."""

EACH = pytest.mark.parametrize("item", ATTRIBUTES, ids=lambda item: item.name)
WITH_NEUTRAL = pytest.mark.parametrize(
    "item", [item for item in ATTRIBUTES if item.neutral is not None], ids=lambda item: item.name
)
MATRIX = np.full((2, 4, 4), 5)


def shape_of(item: Attribute) -> tuple[int, ...]:
    return tuple(int(axis) if axis.isdigit() else SIZES[axis] for axis in item.axes)


def neutral_array(item: Attribute) -> Array:
    return np.full(shape_of(item), item.neutral)


def changed(item: Attribute) -> Problem:
    """A problem whose last client or vehicle type has `item` off its neutral value."""
    array = neutral_array(item)
    array[-1] = 1 if item.neutral in (0, UNLIMITED) else 0
    if item.name == "tw_early":
        array[-1] = (1, 1)
    used = {item.name: array, "distance": MATRIX}
    return Problem(num_depots=2, **used)  # type: ignore[arg-type]


# -- the table -----------------------------------------------------------------------------


@EACH
def test_each_attribute_says_what_it_is(item: Attribute) -> None:
    assert item.doc
    assert all(axis in "NVLWP" or axis.isdigit() for axis in item.axes)
    assert (item.quantity is Quantity.INDEX) == (item.of is not None)


@WITH_NEUTRAL
def test_neutral_values_are_filled_in_over_the_right_axes(item: Attribute) -> None:
    problem = Problem(
        distance=MATRIX,
        capacity=np.full((3, 2), UNLIMITED),
        tw_late=np.full((4, 2), UNLIMITED),
    )
    value = getattr(problem, item.name)
    assert value.shape == shape_of(item)
    assert (value == item.neutral).all()
    assert item.name not in problem.active


@EACH
def test_arrays_are_contiguous_typed_and_read_only(item: Attribute) -> None:
    problem = Problem(coords=np.zeros((4, 2)), lonlat=np.zeros((4, 2)), distance=MATRIX)
    problem = problem.replace(duration=MATRIX, arc_cost=MATRIX, setup=MATRIX)
    for value in (getattr(problem, item.name), getattr(roundtrip(problem), item.name)):
        assert value.flags.c_contiguous
        assert value.dtype in (np.int64, np.bool_, np.float64)
        with pytest.raises(ValueError, match="read-only"):
            value[...] = 0


def test_a_problem_keeps_private_copies() -> None:
    places = np.array([(0, 0), (1, 1)])
    problem = Problem(coords=places)
    places[1] = 9
    assert problem.coords[1].tolist() == [1, 1]


@WITH_NEUTRAL
def test_each_attribute_off_neutral_is_active(item: Attribute) -> None:
    assert item.name in changed(item).active


@WITH_NEUTRAL
def test_equality_sees_each_attribute(item: Attribute) -> None:
    problem = changed(item)
    plain = problem.replace(**{item.name: neutral_array(item)})
    assert problem.equals(roundtrip(problem))
    assert not problem.equals(plain)


# -- refusals ------------------------------------------------------------------------------


@EACH
def test_a_wrong_number_of_dimensions_is_refused(item: Attribute) -> None:
    fields_ = {"coords": np.zeros((4, 2)), item.name: np.zeros((2,) * (len(item.axes) + 1))}
    with pytest.raises(ProblemError, match=f"^{item.name} has .* dimensions, expected"):
        Problem(**fields_)  # type: ignore[arg-type]


@EACH
def test_a_length_that_disagrees_is_refused(item: Attribute) -> None:
    shape = [3 if axis == "N" else 2 for axis in item.axes]
    shape[-1] += 3
    given = {
        "coords": np.zeros((3, 2)),
        "delivery": np.zeros((3, 2)),
        "pickup": np.zeros((3, 2)),
        "tw_early": np.zeros((3, 2)),
        "tw_late": np.ones((3, 2)),
        "count": np.ones(2),
        "profile": np.zeros(2),
        "distance": np.zeros((2, 3, 3)),
        item.name: np.zeros(shape),
    }
    with pytest.raises(ProblemError, match=r"has length \d along ., expected \d"):
        Problem(**given)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "item", [i for i in ATTRIBUTES if set(i.axes) & set("VLWP")], ids=lambda item: item.name
)
def test_an_empty_axis_is_refused(item: Attribute) -> None:
    shape = [0 if axis in "VLWP" else 3 for axis in item.axes]
    given = {"coords": np.zeros((3, 2)), item.name: np.zeros(shape)}
    with pytest.raises(ProblemError, match=f"^{item.name} is empty along"):
        Problem(**given)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "item",
    [i for i in ATTRIBUTES if i.quantity not in (Quantity.FLAG, Quantity.DEGREES)],
    ids=lambda item: item.name,
)
@pytest.mark.parametrize("wrong", [-(2**62), 2**62])
def test_a_value_out_of_range_is_refused(item: Attribute, wrong: int) -> None:
    array = np.zeros(shape_of(item), dtype=np.int64)
    array[-1] = wrong
    given = {"distance": MATRIX, item.name: array}
    with pytest.raises(ProblemError, match=rf"^{item.name}\[.*\] is {wrong}, expected"):
        Problem(**given)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "item",
    [i for i in ATTRIBUTES if i.quantity not in (Quantity.FLAG, Quantity.DEGREES)],
    ids=lambda item: item.name,
)
def test_fractions_and_words_are_refused_not_rounded(item: Attribute) -> None:
    for value, message in (
        (np.full(shape_of(item), 0.5), "holds numbers that are no integers"),
        (np.full(shape_of(item), np.nan), "holds numbers that are no integers"),
        (np.full(shape_of(item), "x"), "expected integers"),
    ):
        given = {"distance": MATRIX, item.name: value}
        with pytest.raises(ProblemError, match=f"^{item.name} .*{message}"):
            Problem(**given)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "item",
    [i for i in ATTRIBUTES if i.axes[0] == "N" and i.neutral is not None],
    ids=lambda item: item.name,
)
def test_depots_have_opening_hours_and_nothing_else(item: Attribute) -> None:
    array = neutral_array(item)
    array[0] = 0 if item.neutral else 1
    given = {"distance": MATRIX, item.name: array}
    if item.name in ("tw_early", "tw_late"):
        Problem(**given)  # type: ignore[arg-type]
    else:
        with pytest.raises(ProblemError, match=f"^{item.name} of a depot is"):
            Problem(**given)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"coords": None}, "a problem needs coords or distance, found neither"),
        ({"num_depots": 0}, "num_depots is 0, expected 1 to 3"),
        ({"num_depots": 4}, "num_depots is 4, expected 1 to 3"),
        ({"duration": np.zeros((1, 3, 3))}, "duration is given without distance"),
        ({"setup": np.zeros((1, 3, 3))}, "setup is given without distance"),
        ({"objective": ()}, "objective is empty or repeats a term"),
        ({"objective": (Objective.COST, Objective.COST)}, "objective is empty or repeats a term"),
        ({"node_id": ("a", "b")}, "node_id has 2 entries, expected 3"),
        ({"vehicle_name": ("a", "b")}, "vehicle_name has 2 entries, expected 1"),
        ({"start_depot": [1]}, r"start_depot\[0\] is 1, expected 0 to 0"),
        ({"end_depot": [-2]}, r"end_depot\[0\] is -2, expected -1 to 0"),
        ({"fixed_cost": [UNLIMITED]}, r"fixed_cost\[0\] is \d+, expected 0 to below UNLIMITED"),
        (
            {"tw_early": column(0, 9, 0), "tw_late": column(9, 8, 9)},
            r"time window of client 1 begins at 9 and ends at 8, expected begin <= end",
        ),
        (
            {"tw_early": [[0, 0], [0, 5], [0, 0]], "tw_late": [[9, 9], [5, 8], [9, 9]]},
            "time windows of client 1 meet or overlap at 5, expected a gap",
        ),
        (
            {"tw_early": [[0, 0], [0, 2], [0, 0]], "tw_late": [[9, 9], [9, 4], [9, 9]]},
            "time windows of client 1 meet or overlap at 2, expected a gap",
        ),
        (
            {"tw_early": [[0, 5], [0, 0], [0, 0]], "tw_late": [[3, 9], [9, 9], [9, 9]]},
            "a depot has several time windows, expected one",
        ),
        (
            {"arc_rule": ArcRule.TRUNC1},
            "length scale is 1, expected a multiple of 10 under rule trunc1",
        ),
        (
            {"scales": Scales(time=10), "tw_late": column(9, 9, 9)},
            "travel times are the distances, but the length and time scales differ",
        ),
        (
            {"scales": Scales(length=10, time=10, cost=5)},
            "cost scale is 5, expected a multiple of the length scale 10",
        ),
        (
            {"scales": Scales(time=10), "lateness_cost": [UNLIMITED, 3, UNLIMITED]},
            "cost scale is 1, expected a multiple of the time scale 10",
        ),
        ({"pairs": (Pair(0, 1),)}, r"a pair names node 0, expected a client \(1 to 2\)"),
        ({"pairs": (Pair(1, 1),)}, "a pair has node 1 at both ends, expected two clients"),
        ({"groups": (Group((1, 3)),)}, r"a group names node 3, expected a client \(1 to 2\)"),
        ({"groups": (Group((2, 2)),)}, r"a group holds \[2, 2\], expected different clients"),
        ({"groups": (Group(()),)}, r"a group holds \[\], expected different clients"),
        ({"reloads": (Reload(1, (0,)),)}, "a reload has vehicle type 1, expected 0 to 0"),
        ({"reloads": (Reload(0, (1,)),)}, "a reload has depot 1, expected 0 to 0"),
        ({"reloads": (Reload(0, (0, 0)),)}, "a reload names a depot twice, expected once"),
        ({"reloads": (Reload(0, ()),)}, "a reload names no depot, expected one or more"),
        ({"reloads": (Reload(0, (0,), -1),)}, "a reload has most -1, expected 0 or more"),
        (
            {"reloads": (Reload(0, (0,)), Reload(0, (0,), 1))},
            "vehicle type 1 has a second entry in reloads, expected one",
        ),
        ({"breaks": (Break(1, ANY_TIME, 1),)}, "a break has vehicle type 1, expected 0 to 0"),
        ({"breaks": (Break(0, (), 1),)}, "a break has no window, expected one or more"),
        (
            {"breaks": (Break(0, ((5, 3),), 1),)},
            "the window of a break begins at 5 and ends at 3, expected 0 <= begin <= end",
        ),
        (
            {"breaks": (Break(0, ((-5, 3),), 1),)},
            "the window of a break begins at -5 and ends at 3, expected 0 <= begin <= end",
        ),
        (
            {"breaks": (Break(0, ((0, 3), (3, 5)), 1),)},
            "a break has a window from 3 on behind one that ends at 3, expected the earliest",
        ),
        ({"breaks": (Break(0, ANY_TIME, -1),)}, "the duration of a break is negative, expected 0"),
        ({"breaks": (Break(0, ANY_TIME, U),)}, "the duration of a break is unlimited, expected 0"),
        (
            {"breaks": (Break(0, ANY_TIME, 1, (1, 2)),)},
            "max_load of a break has 2 numbers, expected 1",
        ),
        (
            {"breaks": (Break(0, ANY_TIME, 1, (-1,)),)},
            "max_load of a break has a negative number, expected 0 or more",
        ),
        ({"pins": (Pin(1, (1,)),)}, "a pin has vehicle type 1, expected 0 to 0"),
        ({"pins": (Pin(0, (0,)),)}, r"a pin names node 0, expected a client \(1 to 2\)"),
        ({"pins": (Pin(0, ()),)}, "a pin names no client, expected one or more"),
        ({"pins": (Pin(0, (1, 1)),), "count": [1]}, "a pin names a client twice, expected once"),
        (
            {"pins": (Pin(0, (1,)),)},
            "count of vehicle type 1, which has pinned visits, is not limited, expected 1",
        ),
        (
            {"pins": (Pin(0, (1,)),), "count": [2]},
            "count of vehicle type 1, which has pinned visits, is 2, expected 1",
        ),
        (
            {"pins": (Pin(0, (1,)), Pin(0, (2,))), "count": [1]},
            "vehicle type 1 has a second entry in pins, expected one",
        ),
    ],
)
def test_contradictions_are_refused_in_one_sentence(
    changes: dict[str, object], message: str
) -> None:
    with pytest.raises(ProblemError, match=message) as caught:
        line(*(0, 1, 2)).replace(**changes)
    assert "\n" not in str(caught.value)


def test_a_client_is_pinned_to_one_vehicle() -> None:
    with pytest.raises(ProblemError, match="client 1 is pinned twice, expected once"):
        line(0, 1, 2, count=[1, 1], pins=(Pin(0, (1,)), Pin(1, (2, 1))))


@pytest.mark.parametrize("name", [item.name for item in fields(Scales)])
def test_scales_are_positive(name: str) -> None:
    with pytest.raises(ProblemError, match=f"scale {name} is 0, expected at least 1"):
        replace(Scales(), **{name: 0})


@pytest.mark.parametrize(
    ("what", "changes"),
    [
        ("distance", {"coords": np.array([(0, 0), (2**48, 0), (0, 2**48)])}),
        ("time", {"tw_early": column(0, 2**50 - 9, 0), "service": [0, 0, 1]}),
        ("time", {"tw_early": column(0, 2**48, 0), "tw_late": column(U, U, 9)}),
        ("time", {"service": [0, 2**49, 2**49]}),
        ("cost", {"unit_distance_cost": [2**49]}),
        ("cost", {"prize": [0, 2**49, 2**49], "required": [1, 0, 0]}),
        ("cost", {"lateness_cost": [UNLIMITED, 2**46, 0], "tw_late": column(9, 9, 9)}),
        ("load", {"delivery": column(0, 2**49, 2**49)}),
        ("load", {"pickup": column(0, 2**49, 2**49)}),
        ("load", {"pickup": column(0, 2**49, 0), "delivery": column(0, 0, 2**49)}),
        ("time", {"breaks": (Break(0, ANY_TIME, 2**49),)}),
        ("time", {"breaks": (Break(0, ((0, 9), (2**48, U)), 0),)}),
    ],
)
def test_totals_that_could_reach_2_to_the_50_are_refused(
    what: str, changes: dict[str, object]
) -> None:
    with pytest.raises(ProblemError, match=f"the worst-case total {what} is .*use fewer decimals"):
        line(0, 10, 20).replace(**changes)


def test_totals_that_would_wrap_around_are_refused_too() -> None:
    # 8192 × 2^50 is 2^63, which int64 holds as a negative number
    demand = np.full((8193, 1), 2**50 - 1)
    demand[0] = 0
    with pytest.raises(ProblemError, match="worst-case total load"):
        Problem(coords=np.zeros((8193, 2)), delivery=demand)


# -- what is in use ------------------------------------------------------------------------

LOADS = {"delivery": column(0, 1, 1), "capacity": [[2]]}
WINDOWS = {"tw_early": column(0, 3, 0), "tw_late": column(90, 80, 70)}
BACK = {"pickup": column(0, 1, 0), "backhaul": Backhaul.LINEHAUL_FIRST}
TWO_DEPOTS = {"num_depots": 2, "start_depot": [0, 1], "end_depot": [0, 1]}


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("TSP", {"count": [1]}),
        ("ATSP", {"count": [1], "distance": [[[0, 1, 2], [3, 0, 4], [5, 6, 0]]]}),
        ("VRP", {}),
        ("CVRP", LOADS),
        ("CVRP", {**LOADS, "count": [5]}),
        ("OVRP", {**LOADS, "end_depot": [NOWHERE]}),
        ("VRPTW", {**LOADS, **WINDOWS}),
        ("OVRPTW", {**LOADS, **WINDOWS, "end_depot": [NOWHERE]}),
        ("VRPL", {**LOADS, "max_distance": [99]}),
        ("VRPL", {**LOADS, "max_duration": [99]}),
        ("VRPB", {**LOADS, **BACK}),
        ("VRPMB", {**LOADS, **BACK, "backhaul": Backhaul.MIXED}),
        ("VRPPD", {**LOADS, "pickup": column(0, 1, 0), "pairs": (Pair(1, 2),)}),
        (
            "OVRPBLTW",
            {**LOADS, **WINDOWS, **BACK, "max_distance": [99], "end_depot": [NOWHERE]},
        ),
        ("HFCVRP", {**LOADS, "capacity": [[2], [3]]}),
        ("HFVRP", {"fixed_cost": [2, 3]}),
        ("MTVRP", {**LOADS, "reloads": (Reload(0, (0,)),)}),
        ("MTVRPTW", {**LOADS, **WINDOWS, "reloads": (Reload(0, (0,)),)}),
        ("VRPTWR", {**LOADS, **WINDOWS, "release": [0, 5, 0]}),
        ("PCVRP", {**LOADS, "required": [True, False, True], "prize": [0, 9, 0]}),
        (
            "PCVRPTW",
            {**LOADS, **WINDOWS, "required": [True, False, True], "prize": [0, 9, 0]},
        ),
        (
            "SDCVRP",
            {
                **LOADS,
                "allowed": [[True, True], [True, False], [True, True]],
                "capacity": [[2], [2]],
            },
        ),
    ],
)
def test_the_variant_is_named_in_the_letters_of_the_literature(
    name: str, changes: dict[str, object]
) -> None:
    assert Problem(**{"coords": np.array([(0, 0), (10, 0), (20, 0)]), **changes}).variant == name  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("MDCVRP", {"delivery": column(0, 0, 1, 1), "capacity": [[2], [2]]}),
        ("MDVRPTW", {"tw_late": column(90, 90, 80, 70)}),
        ("MDHFCVRP", {"delivery": column(0, 0, 1, 1), "capacity": [[2], [3]]}),
    ],
)
def test_a_vehicle_type_for_each_depot_is_no_mixed_fleet(
    name: str, changes: dict[str, object]
) -> None:
    assert line(0, 5, 10, 20, **TWO_DEPOTS, **changes).variant == name


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_case_survives_pickling_and_replacing(case: Case) -> None:
    problem = case.problem
    copy = roundtrip(problem)
    assert copy.equals(problem)
    assert copy.active == problem.active
    assert problem.replace(name="other").replace(name=problem.name).equals(problem)


def test_travel_times_matter_only_where_something_asks_for_them() -> None:
    assert not line(0, 1, delivery=column(0, 1), capacity=[[3]]).has_time
    assert line(0, 1, max_duration=[30]).has_time
    assert not line(0, 1, reloads=(Reload(0, (0,)),)).has_time
    assert line(0, 1, breaks=(Break(0, ANY_TIME, 1),)).has_time


# -- arcs ----------------------------------------------------------------------------------


def test_matrices_have_a_zero_diagonal_and_agree_with_single_arcs() -> None:
    rng = np.random.default_rng(0)
    stored = rng.integers(1, 99, (2, 4, 4))
    for problem in (
        Problem(distance=stored, duration=stored + 1, profile=[0, 1]),
        Problem(coords=rng.integers(0, 99, (4, 2))),
    ):
        for profile in range(problem.size("P")):
            for matrix, between in (
                (problem.distance_matrix(profile), problem.distances_between),
                (problem.duration_matrix(profile), problem.durations_between),
            ):
                assert (np.diag(matrix) == 0).all()
                for tail, head in zip(*np.nonzero(~np.eye(4, dtype=bool)), strict=True):
                    assert matrix[tail, head] == between(tail, head, profile)


def test_durations_default_to_distances() -> None:
    problem = Problem(distance=MATRIX[:1])
    assert (problem.duration_matrix() == problem.distance_matrix()).all()


def test_symmetry_looks_at_durations_too() -> None:
    skewed = MATRIX[:1].copy()
    skewed[0, 0, 1] = 9
    assert Problem(distance=MATRIX[:1]).is_symmetric
    assert not Problem(distance=MATRIX[:1], duration=skewed).is_symmetric


# -- names and units -----------------------------------------------------------------------


def test_ids_count_from_one_among_depots_and_among_clients() -> None:
    problem = line(0, 5, 10, 20, num_depots=2)
    assert problem.node_id == ("1", "2", "1", "2")
    assert problem.vehicle_id == ("1",)
    assert problem.label(1) == "depot 2"
    assert problem.label(2) == "client 1"


def test_labels_prefer_names_to_ids() -> None:
    problem = line(0, 5, 10, node_id=("D", "17", "18"), node_name=("", "order A-4711", ""))
    assert problem.label(0) == "depot 1 (D)"
    assert problem.label(1) == "client 1 (order A-4711)"
    assert problem.label(2) == "client 2 (18)"


def test_figures_are_shown_in_the_units_of_the_user() -> None:
    scales = Scales(length=10, time=100, load=5, cost=1000)
    assert scales.show(25, Quantity.LENGTH) == 2.5
    assert scales.show(300, Quantity.TIME) == 3
    assert isinstance(scales.show(300, Quantity.TIME), int)
    assert scales.show(UNLIMITED, Quantity.LOAD) is None
    assert scales.of(Quantity.COST_PER_LENGTH) == 100
    assert scales.of(Quantity.COST_PER_TIME) == 10
    assert scales.of(Quantity.COUNT) == 1


def roundtrip(problem: Problem) -> Problem:
    copy: Problem = pickle.loads(pickle.dumps(problem))
    return copy


def test_messages_quote_the_value_as_the_user_wrote_it() -> None:
    with pytest.raises(ProblemError, match=re.escape("begins at 0.9 and ends at 0.8")):
        line(
            0,
            1,
            scales=Scales(length=10, time=10, cost=10),
            tw_early=column(0, 9),
            tw_late=column(9, 8),
        )
