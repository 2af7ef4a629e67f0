"""RouteFinder's arrays: what they become, the plans published with them, and what is refused."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from polyroute.vrp.check import evaluate
from polyroute.vrp.errors import PolyrouteError, ReadError
from polyroute.vrp.io import (
    count_instances,
    detect_format,
    read_problem,
    read_problems,
    read_solution,
)
from polyroute.vrp.io.routefinder import GRID, LENGTH, read_routefinder, read_tour
from polyroute.vrp.problem import NOWHERE, UNLIMITED, Backhaul, Problem, Quantity
from polyroute.vrp.solution import Route, Solution
from tests.benchmarks import benchmark, best_known
from tests.effort import in_full

INF = np.inf
LOCS = [[0.5, 0.5], [0.5, 0.9], [0.1, 0.5], [0.25, 0.125]]  # one depot, three clients
PLAIN: dict[str, object] = {
    "locs": [LOCS],
    "demand_linehaul": [[0.1, 0.3, 0.075]],
    "vehicle_capacity": [[1.0]],
    "speed": [[1.0]],
    "num_depots": [[1]],
}
BACKHAULS = PLAIN | {"demand_linehaul": [[0.1, 0.0, 0.6]], "demand_backhaul": [[0.0, 0.5, 0.0]]}


def npz(content: dict[str, object]) -> bytes:
    """The bytes of a file with these arrays, floats in single precision."""
    arrays = {}
    for name, value in content.items():
        array = np.asarray(value)
        arrays[name] = array.astype(np.float32) if array.dtype == np.float64 else array
    data = io.BytesIO()
    np.savez(data, **arrays)  # type: ignore[arg-type]
    return data.getvalue()


def one(**changes: object) -> Problem:
    """The problem of the plain instance with some keys changed."""
    return read_routefinder(npz(PLAIN | changes))


# -- what is read --------------------------------------------------------------------------


def test_a_plain_instance_is_a_cvrp() -> None:
    problem = one()
    assert problem.variant == "CVRP"
    assert problem.coords[2].tolist() == [round(float(np.float32(0.1)) * GRID), GRID // 2]
    assert problem.distance_matrix()[0, 1] == round((float(np.float32(0.9)) - 0.5) * LENGTH)
    assert problem.count.tolist() == [UNLIMITED]


def test_demands_are_integers_of_the_largest_unit_that_fits() -> None:
    problem = one()
    assert problem.delivery[:, 0].tolist() == [0, 4, 12, 3]
    assert problem.capacity.tolist() == [[40]]
    whole = one(demand_linehaul=[[4, 12, 3]], vehicle_capacity=[[40]])
    assert whole.delivery.tolist() == problem.delivery.tolist()
    assert whole.capacity.tolist() == [[40]]
    told = one(demand_linehaul=[[0.2, 0.2, 0.4]], capacity_original=[[30.0]])
    assert told.delivery[:, 0].tolist() == [0, 6, 6, 12]
    assert told.capacity.tolist() == [[30]]


def test_values_that_change_nothing_are_features_that_are_not_there() -> None:
    bare = {key: PLAIN[key] for key in ("locs", "demand_linehaul")}
    neutral = PLAIN | {
        "demand_backhaul": [[0.0, 0.0, 0.0]],
        "backhaul_class": [[1.0]],
        "open_route": [[False]],
        "distance_limit": [[INF]],
        "time_windows": [[[0.0, INF]] * 4],
        "service_time": [[0.0] * 4],
    }
    for content in (bare, neutral):
        problem = read_routefinder(npz(content))
        assert problem.equals(one())
        assert problem.backhaul is Backhaul.NONE


def test_numbers_of_an_instance_may_stand_in_a_row_or_a_column() -> None:
    flat = {"vehicle_capacity": [1.0], "num_depots": [1], "speed": [1.0]}
    assert one(**flat).equals(one())


def test_every_feature_is_kept() -> None:
    windows = [[0.0, 4.5], [0.5, 0.75], [0.1, 1.0], [0.0, INF]]
    problem = one(
        open_route=[[True]],
        time_windows=[windows],
        service_time=[[0.0, 0.25, 0.15, 0.125]],
        distance_limit=[[2.5]],
        demand_backhaul=[[0.0, 0.5, 0.0]],
        demand_linehaul=[[0.1, 0.0, 0.6]],
        backhaul_class=[[2.0]],
    )
    assert problem.variant == "OVRPMBLTW"
    assert problem.end_depot.tolist() == [NOWHERE]
    assert problem.max_distance.tolist() == [25_000_000]
    assert problem.tw_early[:, 0].tolist() == [0, 5_000_000, 1_000_000, 0]
    assert problem.tw_late[:, 0].tolist() == [45_000_000, 7_500_000, 10_000_000, UNLIMITED]
    assert problem.service.tolist() == [0, 2_500_000, 1_500_000, 1_250_000]
    assert problem.pickup[:, 0].tolist() == [0, 0, 5, 0]


def test_a_limit_is_loosened_by_half_a_step_at_most() -> None:
    limits = np.linspace(0.7, 2.8, 1000, dtype=np.float32)
    steps = [int(one(distance_limit=[[limit]]).max_distance[0]) for limit in limits[:50]]
    assert np.abs(np.array(steps) - limits[:50].astype(np.float64) * LENGTH).max() <= 0.5


def test_each_depot_sends_its_own_vehicles() -> None:
    problem = one(num_depots=[[2]], demand_linehaul=[[0.3, 0.1]])
    assert problem.num_clients == 2
    assert problem.start_depot.tolist() == problem.end_depot.tolist() == [0, 1]
    assert problem.count.tolist() == [UNLIMITED, UNLIMITED]
    assert problem.variant == "MDCVRP"


@pytest.mark.parametrize(
    ("number", "mode"), [(1.0, Backhaul.LINEHAUL_FIRST), (2.0, Backhaul.MIXED)]
)
def test_backhauls_may_have_a_route_alone_under_both_classes(number: float, mode: Backhaul) -> None:
    problem = read_routefinder(npz(BACKHAULS | {"backhaul_class": [[number]]}))
    assert problem.backhaul is mode
    assert problem.backhaul_only_routes
    assert evaluate(problem, Solution((Route((1, 3)), Route((2,))))).feasible


def test_without_a_class_linehauls_come_first() -> None:
    problem = read_routefinder(npz(BACKHAULS))
    assert problem.backhaul is Backhaul.LINEHAUL_FIRST
    assert evaluate(problem, Solution((Route((1, 3, 2)),))).feasible
    broken = evaluate(problem, Solution((Route((1, 2, 3)),))).violations
    assert [violation.rule for violation in broken] == ["capacity", "backhaul_order"]


def test_goods_picked_up_share_the_vehicle_with_those_still_to_be_delivered() -> None:
    problem = read_routefinder(npz(BACKHAULS | {"backhaul_class": [[2.0]]}))
    (broken,) = evaluate(problem, Solution((Route((2, 1, 3)),))).violations
    assert (broken.rule, broken.amount) == ("capacity", 2)  # 0.5 + 0.7 of 1, in tenths


def test_at_another_speed_travel_times_are_not_the_distances() -> None:
    problem = one(speed=[[0.5]], time_windows=[[[0.0, 4.0]] * 4])
    assert (problem.duration == 2 * problem.distance).all()
    assert np.array_equal(problem.distance_matrix(), one().distance_matrix())


def test_another_rule_may_round_the_lengths() -> None:
    problem = read_routefinder(npz(PLAIN), "milli")
    assert problem.distance_matrix()[0, 1] == 4_000_000


# -- which instance ------------------------------------------------------------------------


@pytest.fixture
def three(tmp_path: Path) -> Path:
    """A file of three instances, whose depots differ."""
    content = {key: np.repeat(value, 3, axis=0) for key, value in PLAIN.items()}
    content["locs"] = np.array(content["locs"])
    content["locs"][:, 0, 0] = [0.0, 0.25, 0.75]
    path = tmp_path / "three.npz"
    path.write_bytes(npz(content))
    return path


def test_an_instance_is_addressed_by_its_number(three: Path) -> None:
    problem = read_problem(f"{three}:2")
    assert problem.coords[0, 0] == GRID * 3 // 4
    assert problem.name == "three:2"
    assert detect_format(f"{three}:2") == "routefinder"
    assert count_instances(f"{three}:2") == 1


def test_a_file_is_read_whole_or_in_part(three: Path) -> None:
    problems = read_problems(three)
    assert [problem.name for problem in problems] == ["three:0", "three:1", "three:2"]
    assert problems[2].equals(read_problem(f"{three}:2"))
    assert [problem.name for problem in read_problems(three, rows=slice(1, None))] == [
        "three:1",
        "three:2",
    ]
    assert count_instances(three) == 3


def test_a_file_of_one_needs_no_number(tmp_path: Path) -> None:
    path = tmp_path / "single.npz"
    path.write_bytes(npz(PLAIN))
    assert read_problem(path).name == "single"
    assert read_problem(f"{path}:0").name == "single:0"
    assert [problem.name for problem in read_problems(path)] == ["single"]


def test_a_file_of_several_without_a_number_is_refused(three: Path) -> None:
    with pytest.raises(ReadError, match=r"three\.npz: the file holds 3 instances, expected one; "):
        read_problem(three)


def test_an_instance_that_there_is_not_is_refused(three: Path, tmp_path: Path) -> None:
    with pytest.raises(ReadError, match=r"three\.npz:3: instance 3 is asked for, expected 0 to 2"):
        read_problem(f"{three}:3")
    with pytest.raises(ReadError, match=r"none\.npz:0: cannot be read: No such file"):
        read_problem(tmp_path / "none.npz:0")


def test_a_text_file_has_no_numbers(tmp_path: Path) -> None:
    from tests.vrp.io.texts import CVRP

    path = tmp_path / "a.vrp"
    path.write_text(CVRP)
    with pytest.raises(ReadError, match="a file of format vrplib holds one instance, expected no"):
        read_problem(f"{path}:0")
    assert len(read_problems(path)) == 1
    odd = tmp_path / "b:7"
    odd.write_text(CVRP)
    assert read_problem(odd).num_clients == 4


# -- what is refused -----------------------------------------------------------------------

DEFECTS: list[tuple[dict[str, object], str]] = [
    ({"locs": None}, "the key 'locs' is missing"),
    ({"demand_linehaul": None}, "the key 'demand_linehaul' is missing"),
    ({"appear_times": [[0.0]]}, "the key 'appear_times' is unknown, expected locs, demand_line"),
    ({"locs": LOCS}, "locs has shape 4 × 2, expected instances × nodes × 2"),
    ({"locs": np.zeros((0, 4, 2))}, "locs has shape 0 × 4 × 2, expected instances"),
    ({"demand_linehaul": [[0.0, 0.1, 0.3, 0.075]]}, "demand_linehaul has shape 1 × 4, expected 1 "),
    ({"time_windows": [[[0.0, 1.0]] * 3]}, "time_windows has shape 1 × 3 × 2, expected 1 × 4 × 2"),
    ({"distance_limit": [[1.0], [2.0]]}, "distance_limit has shape 2 × 1, expected 1"),
    ({"speed": 1.0}, "speed has shape of one number, expected 1"),
    ({"locs": [[[np.nan, 0.5], *LOCS[1:]]]}, "locs of instance 0 holds nan, expected numbers from"),
    ({"locs": [[[INF, 0.5], *LOCS[1:]]]}, "locs of instance 0 holds inf, expected numbers from"),
    ({"demand_linehaul": [[np.nan, 0.3, 0.1]]}, "demand_linehaul of instance 0 holds nan, expec"),
    ({"demand_linehaul": [[-0.1, 0.3, 0.1]]}, "demand_linehaul of instance 0 holds -0.1, expecte"),
    ({"demand_linehaul": [[0.1, 0.3, 0.0700001]]}, "demands of instance 0, such as 0.1, share no "),
    ({"capacity_original": [[37.0]]}, "demands of instance 0, such as 0.075, share no unit with "),
    ({"distance_limit": [[np.nan]]}, "distance_limit of instance 0 holds nan, expected numbers"),
    ({"distance_limit": [[1e30]]}, "found 1e+30, expected times and lengths below 10^8"),
    ({"time_windows": [[[1.0, 0.5]] * 4]}, "time window of depot 1 begins at 1 and ends at 0.5"),
    ({"time_windows": [[[INF, INF]] * 4]}, "tw_early[0, 0] is 1125899906842624, expected 0 to "),
    ({"service_time": [[1.0] * 4]}, "service of a depot is 10000000, expected 0"),
    ({"service_time": [[0.0, INF, 0.0, 0.0]]}, "service_time of instance 0 holds inf, expected"),
    ({"open_route": [[0.5]]}, "open_route of instance 0 is 0.5, expected 0 or 1"),
    ({"speed": [[0.0]]}, "speed of instance 0 is 0, expected more than 0"),
    ({"speed": [[1e-9]]}, "speed is 1e-09, too slow for times below 2^50"),
    ({"num_depots": [[5]]}, "num_depots is 5, expected the same in all, 1 to 4"),
    ({"num_depots": [[0]]}, "num_depots is 0, expected the same in all, 1 to 4"),
    ({"num_depots": [[1.5]]}, "num_depots is 1.5, expected the same in all, 1 to 4"),
    ({"locs": np.array([["a"]])}, "locs has type <U1, expected numbers"),
    ({"locs": np.array([[None]])}, "locs: not an array of numbers: object arrays cannot be loaded"),
    (
        {"demand_backhaul": [[0.1, 0.0, 0.0]], "backhaul_class": [[3.0]]},
        "backhaul_class of instance 0 is 3, expected 1 or 2",
    ),
    ({"demand_backhaul": [[0.1, 0.0, 0.0]]}, "client 1 has a linehaul and a backhaul, expected"),
]


@pytest.mark.parametrize(("changes", "message"), DEFECTS, ids=lambda value: str(value)[:40])
def test_a_defect_is_answered_by_its_key(
    changes: dict[str, object], message: str, tmp_path: Path
) -> None:
    content = {key: value for key, value in (PLAIN | changes).items() if value is not None}
    path = tmp_path / "file.npz"
    path.write_bytes(npz(content))
    with pytest.raises(ReadError) as caught:
        read_problem(path)
    assert str(caught.value).startswith(f"{path}: {message}")
    assert "\n" not in str(caught.value)


def test_what_is_no_archive_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "file.npz"
    path.write_text("locs")
    with pytest.raises(ReadError, match=r"not NumPy's \.npz: file is not a zip file"):
        read_problem(path, format="routefinder")
    path.write_bytes(npz(PLAIN)[:-30])
    with pytest.raises(ReadError, match=r"not NumPy's \.npz: file is not a zip file"):
        read_problem(path)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("locs", b"")
        archive.writestr("demand_linehaul", b"")
    with pytest.raises(ReadError, match="the member 'locs' does not end in"):
        read_problem(path)
    with pytest.raises(ReadError, match=r"file\.npz:1: .*, expected text"):
        read_problem(path, format="vrplib")


def test_a_key_given_twice_is_refused() -> None:
    data = io.BytesIO(npz(PLAIN))
    with zipfile.ZipFile(data, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr("speed.npy", b"")
    with pytest.raises(ReadError, match="the key 'speed' is there twice"):
        read_routefinder(data.getvalue())


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_a_spoilt_file_reads_or_is_refused(data: st.DataObject) -> None:
    """Bytes changed anywhere, in the members too, whose checksums are then right."""
    whole = npz(PLAIN | {"time_windows": [[[0.0, 4.0]] * 4]})
    if data.draw(st.booleans()):
        spoilt = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(whole)) as old, zipfile.ZipFile(spoilt, "w") as new:
            for name in old.namelist():
                member = bytearray(old.read(name))
                for at in data.draw(st.lists(st.integers(0, len(member) - 1), max_size=2)):
                    member[at] = data.draw(st.integers(0, 255))
                new.writestr(name, bytes(member))
        content = spoilt.getvalue()
    else:
        changed = bytearray(whole)
        for at in data.draw(st.lists(st.integers(0, len(whole) - 1), min_size=1, max_size=3)):
            changed[at] = data.draw(st.integers(0, 255))
        content = bytes(changed[: data.draw(st.integers(1, len(whole)))])
    try:
        problem = read_routefinder(content)
    except (PolyrouteError, ValueError) as error:
        assert isinstance(error, PolyrouteError)
        assert "\n" not in str(error)
        return
    evaluate(problem, Solution((Route(tuple(problem.clients)),)))


# -- plans ---------------------------------------------------------------------------------


def test_a_depot_begins_a_route() -> None:
    problem = one(num_depots=[[2]], demand_linehaul=[[0.3, 0.1]])
    plan = Solution((Route((3,), 1), Route((2,), 0)))
    for tour in ([1, 3, 0, 2, 0, 0], [1, 1, 3, 1, 0, 2]):
        assert read_tour(np.array(tour), problem) == plan
    assert read_tour(np.array([2, 3]), problem) == Solution((Route((2, 3), 0),))
    with pytest.raises(ReadError, match="the tour visits node 4, expected 0 to 3"):
        read_tour(np.array([0, 4]), problem)


def test_a_file_of_arrays_is_no_plan(three: Path) -> None:
    with pytest.raises(ReadError, match=r"three\.npz:1: "):
        read_solution(three, one())


LATE = {
    "mdovrpbltw_n100": (1, 0.00024),
    "mdovrpbtw_n100": (1, 0.00024),
    "mdovrpltw_n100": (1, 0.00034),
    "mdovrpmbltw_n100": (2, 0.00107),
    "mdovrpmbtw_n100": (2, 0.00107),
    "mdovrptw_n100": (1, 0.00034),
    "mdvrpbltw_n100": (2, 0.00173),
    "mdvrpbltw_n50": (1, 0.00009),
    "mdvrpbtw_n100": (2, 0.00173),
    "mdvrpbtw_n50": (1, 0.00009),
    "mdvrpltw_n100": (2, 0.00056),
    "mdvrpmbltw_n100": (1, 0.00024),
    "mdvrpmbltw_n50": (1, 0.00009),
    "mdvrpmbtw_n100": (1, 0.00024),
    "mdvrpmbtw_n50": (1, 0.00009),
    "mdvrptw_n100": (2, 0.00056),
    "ovrpltw_n100": (2, 0.00079),
    "ovrpmbltw_n100": (1, 0.00006),
    "ovrpmbtw_n100": (1, 0.00006),
    "ovrptw_n100": (2, 0.00079),
    "vrpl_n100": (3, 0.0011),
    "vrpltw_n100": (7, 0.00088),
    "vrpmbl_n100": (1, 0.00046),
    "vrpmbl_n50": (2, 0.0004),
    "vrpmbltw_n100": (2, 0.00039),
    "vrpmbltw_n50": (1, 0.00114),
    "vrpmbtw_n100": (2, 0.00039),
    "vrptw_n100": (4, 0.00079),
    "vrptw_n50": (1, 0.00095),
}
"""Of the first 20 plans of a file by PyVRP: how many break a window or a limit, by at most what.

PyVRP was run on arcs truncated to thousandths, so they are late, or long, in double precision.
"""

NAMES = sorted(
    {name.removeprefix("routefinder/") for name in best_known() if "routefinder" in name}
)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("baseline", ["pyvrp", "ortools"])
def test_published_plans_have_their_published_costs(name: str, baseline: str) -> None:
    path = benchmark(f"routefinder/{name}.npz")
    few = baseline == "ortools" or name not in LATE
    number = in_full(20 if baseline == "pyvrp" else 5, 4 if few else 20)
    problems = read_problems(path, rows=slice(number))
    late = []
    with np.load(path, allow_pickle=False) as arrays:
        tours, costs = arrays[f"{baseline}_actions"], arrays[f"{baseline}_cost"]
    for row, problem in enumerate(problems):
        found = evaluate(problem, read_tour(tours[row], problem))
        assert problem.scales.show(found.cost, Quantity.COST) == pytest.approx(costs[row], rel=1e-6)
        assert {violation.rule for violation in found.violations} <= {"time_window", "max_distance"}
        if found.violations:
            late.append(max(violation.amount for violation in found.violations) / LENGTH)
    plans, amount = LATE.get(name, (0, 0.0)) if baseline == "pyvrp" else (0, 0.0)
    assert len(late) == plans
    assert max(late, default=0.0) <= amount


def test_all_variants_are_known_by_their_names() -> None:
    benchmark("routefinder")
    assert len(NAMES) == 96
    for name in NAMES:
        problem = read_problem(f"{benchmark(f'routefinder/{name}.npz')}:0")
        assert problem.variant.lower() == name.partition("_")[0]
