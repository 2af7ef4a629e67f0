"""The builder takes every declared attribute and loses no digit."""

import inspect

import numpy as np
import pytest

from polyroute.vrp.builder import Builder
from polyroute.vrp.errors import ProblemError
from polyroute.vrp.problem import ATTRIBUTES, NOWHERE, UNLIMITED, Problem, Scales
from polyroute.vrp.rows import ARGUMENTS
from polyroute.vrp.structure import Break, Pin, Reload


def two_clients(**options) -> Builder:
    builder = Builder(**options)
    builder.add_depot(x=0, y=0)
    builder.add_client(x=3, y=4, delivery=1)
    builder.add_client(x=6, y=8, delivery=1)
    return builder


@pytest.mark.parametrize("item", ATTRIBUTES, ids=lambda item: item.name)
def test_every_attribute_can_be_given(item):
    method = {"N": Builder.add_client, "V": Builder.add_vehicle_type, "P": Builder.add_matrices}
    names = {"coords": {"x", "y"}}.get(item.name, {ARGUMENTS.get(item.name, item.name)})
    assert names <= set(inspect.signature(method[item.axes[0]]).parameters)


def test_values_arrive_under_their_names_and_scaled():
    builder = Builder(decimals=1)
    builder.add_depot(x=0, y=0, tw=(0, 100))
    builder.add_client(
        x=1,
        y=1,
        delivery=2.5,
        tw=[(1, 2), (3.5, None)],
        required=False,
        prize=7,
        lateness_cost=0.25,
        allowed=[1],
        preference={1: 1.5},
    )
    builder.add_vehicle_type(capacity=5)
    builder.add_vehicle_type(
        end_depot=None, under_way=True, ready_time=4, on_board=2.5, shift=(1, 90)
    )
    problem = builder.build()
    assert problem.scales == Scales(grid=1, length=10, time=10, load=10, cost=1000)
    assert problem.delivery.tolist() == [[0], [25]]
    assert problem.tw_early.tolist() == [[0, 0], [10, 35]]
    assert problem.tw_late.tolist() == [[1000, 1000], [20, UNLIMITED]]
    assert problem.prize.tolist() == [0, 7000]
    assert problem.lateness_cost.tolist() == [UNLIMITED, 25]  # 0.25 · 1000 / 10
    assert problem.allowed.tolist() == [[True, True], [False, True]]
    assert problem.preference.tolist() == [[0, 0], [0, 1500]]
    assert problem.end_depot.tolist() == [0, NOWHERE]
    assert problem.under_way.tolist() == [False, True]
    assert problem.ready_time.tolist() == [0, 40]
    assert problem.on_board.tolist() == [[0], [25]]
    assert problem.shift_late.tolist() == [UNLIMITED, 900]


def test_what_vehicles_do_between_visits_arrives_scaled():
    builder = two_clients(decimals=1)
    builder.add_depot(x=1, y=1)
    van = builder.add_vehicle_type(count=1, capacity=5)
    other = builder.add_vehicle_type(capacity=5)
    builder.add_reload(van, (1, 0), most=2)
    builder.add_reload(other)
    assert builder.add_break(van, tw=(1, 2.5), duration=0.5, max_load=3) == 0
    assert builder.add_break(other, tw=[(0, 1), (2, None)], max_load=[None]) == 1
    assert builder.add_break(other, on_the_road=True) == 2
    builder.add_pin(van, (1, 0))
    problem = builder.build()
    assert problem.reloads == (Reload(0, (1, 0), 2), Reload(1, (0,), UNLIMITED))
    assert problem.breaks == (
        Break(0, ((10, 25),), 5, (30,)),
        Break(1, ((0, 10), (20, UNLIMITED)), 0, (UNLIMITED,)),
        Break(1, ((0, UNLIMITED),), 0, on_the_road=True),
    )
    assert problem.pins == (Pin(0, (3, 2)),)


@pytest.mark.parametrize(
    ("arguments", "pointer", "words"),
    [
        ({"tw": (0, 1.5)}, "/breaks/0/tw", "tw of break 1 is 1.5, expected a multiple of 1"),
        ({"duration": 0.5}, "/breaks/0/duration", "duration of break 1 is 0.5"),
        ({"max_load": [0.5]}, "/breaks/0/max_load", "max_load of break 1 is 0.5"),
        ({"tw": (3, 1)}, "/breaks/0", "the window of a break begins at 3 and ends at 1"),
        ({"tw": ()}, "/breaks/0", "a break has no window"),
        ({"duration": -1}, "/breaks/0", "the duration of a break is negative"),
    ],
)
def test_a_wrong_break_is_told_by_its_pointer(arguments, pointer, words):
    builder = two_clients()
    builder.add_vehicle_type()
    builder.add_break(0, **arguments)
    with pytest.raises(ProblemError) as caught:
        builder.build()
    assert words in str(caught.value)
    assert caught.value.pointer == pointer


def test_scales_can_be_chosen():
    builder = two_clients(scales=Scales(length=100, time=100, cost=100), round="none")
    assert builder.build().distance_matrix()[0, 1] == 500


def test_an_unused_attribute_stays_neutral():
    assert two_clients().build().active == {"delivery"}


def test_distance_costs_one_a_unit_without_vehicle_types_too():
    builder = two_clients()
    builder.add_client(x=1, y=1, lateness_cost=0.25)
    assert builder.build().unit_distance_cost.tolist() == [100]  # the cost scale is 100


def test_one_load_dimension_is_known_from_any_load():
    builder = two_clients()
    builder._clients = []
    builder.add_client(x=1, y=1)
    builder.add_vehicle_type(under_way=True, on_board=[1, 2])
    assert builder.build().size("L") == 2


@pytest.mark.parametrize(
    ("arguments", "pointer", "words"),
    [
        ({"delivery": 0.5}, "/clients/2/delivery", "delivery of client 3 (A-4711) is 0.5"),
        ({"tw": (0, 1.25)}, "/clients/2/tw", "tw_late of client 3 (A-4711) is 1.25"),
        ({"service": float("nan")}, "/clients/2/service", "expected a number below"),
        ({"prize": 1e300}, "/clients/2/prize", "expected a number below"),
        ({"x": None}, "/clients/2/x", "missing"),
        ({"lonlat": (1, 2)}, "/depots/0/lonlat", "missing"),
        ({"allowed": [1]}, "/clients/2/allowed", "names vehicle type 1, expected 0 to 0"),
        ({"delivery": [1, 2]}, "/clients/0/delivery", "is 1, expected 2 numbers"),
    ],
)
def test_a_wrong_value_is_told_by_place_name_and_pointer(arguments, pointer, words):
    builder = two_clients()
    builder.add_client(**({"x": 1, "y": 2, "id": "A-4711"} | arguments))
    with pytest.raises(ProblemError) as caught:
        builder.build()
    assert words in str(caught.value)
    assert caught.value.pointer == pointer


@pytest.mark.parametrize("wrong", [2.5, 1234567890.4, float("nan"), -float("inf"), 1e30])
def test_a_matrix_entry_is_never_rounded(wrong):
    builder = Builder()
    builder.add_depot()
    builder.add_client()
    builder.add_matrices([[0, wrong], [1, 0]])
    with pytest.raises(ProblemError) as caught:
        builder.build()
    assert caught.value.pointer == "/matrices/0/distance/0/1"


def test_an_infinite_matrix_entry_is_a_forbidden_arc():
    builder = Builder(decimals=2)
    builder.add_depot()
    builder.add_client()
    builder.add_matrices([[0, 0.29], [np.inf, 0]])
    problem = builder.build()
    assert isinstance(problem, Problem)
    assert problem.distance.tolist() == [[[0, 29], [UNLIMITED, 0]]]
