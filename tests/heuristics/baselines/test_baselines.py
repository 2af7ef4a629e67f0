from __future__ import annotations

import json
import os
import signal
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from polyroute.heuristics.baselines import lkh
from polyroute.vrp.api import SOLVERS, load_solver, read, solve
from polyroute.vrp.arcs import ArcRule
from polyroute.vrp.budget import Improvement
from polyroute.vrp.check import evaluate
from polyroute.vrp.errors import MissingPackageError, PolyrouteError, UnsupportedError
from polyroute.vrp.io.vroom import read_vroom
from polyroute.vrp.io.vroom_plan import read_vroom_plan
from polyroute.vrp.problem import NOWHERE, Problem, Scales
from polyroute.vrp.solution import Solution
from polyroute.vrp.structure import Break, Pair, Pin
from tests.benchmarks import benchmark
from tests.cases import CASES, Case, column, line
from tests.effort import in_full
from tests.naive import best_solution
from tests.oracle import optimum
from tests.random_attributes import random_problem

BASELINES = {
    "pyvrp": "pyvrp",
    "hgs": "hygese",
    "ortools": "ortools",
    "vroom": "vroom",
    "lkh": "elkai",
}
"""Every baseline and the module of its package."""
TIMED = ("pyvrp", "ortools", "vroom")


@pytest.fixture(params=BASELINES)
def baseline(request: pytest.FixtureRequest) -> str:
    pytest.importorskip(BASELINES[request.param])
    return str(request.param)


def random_cvrp(num_clients: int = 20, seed: int = 3, **fields: object) -> Problem:
    rng = np.random.default_rng(seed)
    delivery = rng.integers(1, 10, num_clients + 1)
    delivery[0] = 0
    given = {"delivery": delivery[:, None], "capacity": [[30]], **fields}
    return Problem(coords=rng.integers(0, 1000, (num_clients + 1, 2)), **given)  # type: ignore[arg-type]


def random_vrptw() -> Problem:
    rng = np.random.default_rng(5)
    early = rng.integers(0, 2000, 21)
    early[0] = 0
    late = early + 800
    late[0] = 6000
    service = np.full(21, 50)
    service[0] = 0
    windows = {"tw_early": early[:, None], "tw_late": late[:, None], "service": service}
    return random_cvrp(count=[20], **windows)


def small_cases() -> list[Case]:
    """One case a problem: the plans do not matter here."""
    return list({id(case.problem): case for case in CASES}.values())


def test_every_registered_baseline_is_tested() -> None:
    assert set(BASELINES) == set(SOLVERS) - {"search"}


@pytest.mark.filterwarnings(r"ignore:\s*A penalty parameter")  # PyVRP on infeasible cases
def test_a_baseline_finds_the_optimum_of_each_case_that_it_supports(baseline: str) -> None:
    supports = load_solver(baseline).SUPPORTS
    if baseline == "vroom":
        supports -= {"breaks"}  # which it takes on the road as well
    served = [case for case in small_cases() if case.problem.active <= supports]
    solved = 0
    for case in served:
        try:
            result = solve(case.problem, solver=baseline, time=0.05)
        except UnsupportedError:  # a combination that it has no words for
            continue
        solved += 1
        best = best_solution(case.problem)
        assert result.feasible == (best is not None), case.name
        if best is not None:
            assert result.evaluation.cost == best[1].cost, case.name
    assert solved >= 4


@pytest.mark.filterwarnings(r"ignore:\s*A penalty parameter")
def test_a_baseline_never_beats_the_optimum_of_what_it_supports(baseline: str) -> None:
    supports = load_solver(baseline).SUPPORTS
    rng = np.random.default_rng(5)
    solved = optimal = 0
    while solved < in_full(25, 8):
        problem = random_problem(rng, supports)
        found = optimum(problem)
        try:
            result = solve(problem, solver=baseline, time=0.05)
        except PolyrouteError:  # a combination that it has no words for
            continue
        if found is None:
            assert not result.feasible
            continue
        solved += 1
        if result.feasible:
            assert result.trace[-1].cost == result.evaluation.cost
            assert result.evaluation.objective >= found[1]
            optimal += result.evaluation.objective == found[1]
    assert optimal >= in_full(20, 7)


def test_nobody_to_serve_or_nothing_to_serve_with_is_no_work_for_a_baseline(
    baseline: str,
) -> None:
    assert solve(line(0), solver=baseline, time=0.1).feasible
    result = solve(line(0, 10, count=[0]), solver=baseline, time=0.1)
    assert not result.feasible
    assert result.notes == ("no client or no vehicle: the solver was not asked",)


@pytest.mark.parametrize("solver", ["pyvrp", "ortools", "vroom"])
def test_vehicles_whose_shift_ends_before_it_begins_stay_at_home(solver: str) -> None:
    pytest.importorskip(BASELINES[solver])
    problem = line(0, 10, 20, shift_early=[50, 0], shift_late=[40, 100])
    result = solve(problem, solver=solver, time=0.1)
    assert {route.vehicle_type for route in result.solution.routes} == {1}


@pytest.mark.parametrize("solver", ["pyvrp", "ortools", "vroom"])
def test_a_depot_that_no_vehicle_uses_is_not_visited(solver: str) -> None:
    pytest.importorskip(BASELINES[solver])
    result = solve(line(0, 5, 10, 20, num_depots=2), solver=solver, time=0.1)
    assert result.evaluation.cost == 40


def day_of_vroom() -> dict[str, object]:
    """An input of VROOM that asks for most of what it knows, in seconds since 1970."""
    begin = 1_750_000_000
    rng = np.random.default_rng(4)
    durations = rng.integers(100, 2000, (31, 31))
    jobs = [
        {"id": k, "location_index": k, "service": 300, "priority": k % 3, "delivery": [1]}
        | ({"time_windows": [[begin, begin + 9000]]} if k % 2 else {})
        for k in range(1, 27)
    ]
    shipment = {
        "amount": [2],
        "pickup": {"id": 40, "location_index": 27, "setup": 60},
        "delivery": {"id": 41, "location_index": 28},
        "priority": 2,
    }
    vehicle = {
        "start_index": 0,
        "end_index": 29,
        "capacity": [9],
        "time_window": [begin, begin + 14_400],
        "breaks": [{"id": 5, "service": 600, "time_windows": [[begin + 3000, begin + 9000]]}],
        "speed_factor": 1.1,
        "max_tasks": 9,
    }
    jobs[4]["skills"] = [1]
    return {
        "vehicles": [
            vehicle | {"id": 1, "costs": {"fixed": 1000, "per_hour": 2500, "per_km": 7}},
            vehicle | {"id": 2, "skills": [1]},
        ],
        "jobs": jobs,
        "shipments": [shipment],
        "matrices": {
            "car": {"durations": durations.tolist(), "distances": (11 * durations).tolist()}
        },
    }


def test_vroom_solves_its_own_files_as_by_itself(tmp_path: Path) -> None:
    vroom = pytest.importorskip("vroom")
    text = json.dumps(day_of_vroom())
    (tmp_path / "input.json").write_text(text)
    problem = read_vroom(text)
    result = solve(problem, solver="vroom", time=10)
    model = vroom.Input.from_json(tmp_path / "input.json", geometry=False)
    plan = read_vroom_plan(json.dumps(model.solve(5, 1).to_dict()), problem)
    assert result.evaluation.terms == evaluate(problem, plan).terms
    assert result.trace[-1].cost == result.evaluation.cost


@pytest.mark.parametrize("windows", [True, False])
@pytest.mark.parametrize("solver", ["ortools", "vroom"])
def test_many_clients_are_served_where_all_vehicles_take_breaks(solver: str, windows: bool) -> None:
    pytest.importorskip(BASELINES[solver])
    rng = np.random.default_rng(2)
    places = rng.integers(0, 2000, (151, 2))
    steps = np.hypot(*(places[:, None] - places[None]).transpose(2, 0, 1)).astype(int)
    pause = {"id": 1, "service": 1800, "time_windows": [[14_400, 21_600]]}
    vehicle = {"start_index": 0, "end_index": 0, "capacity": [30], "time_window": [0, 36_000]}
    jobs = [{"id": k, "location_index": k, "service": 300, "delivery": [2]} for k in range(1, 151)]
    for job, early in zip(jobs, rng.integers(0, 20_000, 150).tolist(), strict=True):
        job |= {"time_windows": [[early, early + 9000]]} if windows else {}
    document = {
        "vehicles": [vehicle | {"id": k, "breaks": [pause]} for k in range(15)],
        "jobs": jobs,
        "matrices": {"car": {"durations": steps.tolist()}},
    }
    result = solve(read_vroom(json.dumps(document)), solver=solver, time=4)
    assert result.feasible
    assert result.trace[-1].cost == result.evaluation.cost
    assert len(result.evaluation.unserved) < 15


@pytest.mark.parametrize(
    ("prize", "required", "served"),
    [([50] * 3, [0] * 3, 3), ([500] * 3, [0, 1, 0], 3), ([500, 500, 500], [0, 0, 0], 3)],
)
def test_vroom_serves_whom_it_always_pays_to_serve(
    prize: list[int], required: list[int], served: int
) -> None:
    pytest.importorskip("vroom")
    optional = {"required": np.array([1, *required], dtype=bool), "prize": np.array([0, *prize])}
    optional["prize"][1:][np.array(required, dtype=bool)] = 0
    problem = line(0, 10, 20, 30, count=[1], **optional)
    if prize[0] < 100:
        with pytest.raises(UnsupportedError, match="prizes that are no priorities"):
            solve(problem, solver="vroom", time=0.5)
        return
    result = solve(problem, solver="vroom", time=0.5)
    assert len(result.evaluation.unserved) == 3 - served


def test_vroom_may_find_no_route_at_all() -> None:
    pytest.importorskip("vroom")
    assert solve(line(0, 10, max_distance=[5]), solver="vroom", time=0.1).solution.routes == ()


@pytest.mark.parametrize("solver", ["pyvrp", "ortools", "vroom"])
def test_a_client_in_two_pairs_is_refused_in_words(solver: str) -> None:
    pytest.importorskip(BASELINES[solver])
    problem = line(0, 10, 20, 30, pairs=(Pair(1, 2), Pair(2, 3)))
    with pytest.raises(UnsupportedError, match="clients in several pairs"):
        solve(problem, solver=solver, time=0.1)


@pytest.mark.parametrize("make", [random_cvrp, random_vrptw])
def test_a_baseline_claims_the_cost_that_the_checker_finds(baseline: str, make: object) -> None:
    problem = make()  # type: ignore[operator]
    if not problem.active <= load_solver(baseline).SUPPORTS:
        pytest.skip(f"{baseline} has no time windows")
    result = solve(problem, solver=baseline, time=0.3)
    assert result.feasible, result.evaluation.violations
    assert result.trace[-1].cost == result.evaluation.cost
    assert result.trace[-1].num_routes == len(result.solution.routes)
    assert 0 <= result.seconds < 1.5


def test_a_tour_of_one_vehicle_is_closed_and_complete(baseline: str) -> None:
    tsp = random_cvrp(delivery=None, capacity=None, count=[1])
    result = solve(tsp, solver=baseline, time=0.2)
    assert result.feasible
    assert result.evaluation.num_routes == 1


def test_large_numbers_are_scaled_not_refused_by_hgs() -> None:
    pytest.importorskip("hygese")
    problem = random_cvrp(scales=Scales(length=1000, cost=1000))
    result = solve(problem, solver="hgs", time=0.2)
    assert problem.distance_matrix().max() > 100_000
    assert result.trace[-1].cost == result.evaluation.cost


def test_every_seed_of_hgs_is_another_run() -> None:
    pytest.importorskip("hygese")
    problem = random_cvrp(120, seed=3)
    params = {"nbIter": "1", "mu": "2", "lambda_": "1", "nbElite": "1"}
    found = [solve(problem, solver="hgs", time=5, seed=i, params=params) for i in range(3)]
    assert len({result.evaluation.cost for result in found}) == 3


def test_numbers_beyond_32_bits_are_coarsened_for_vroom_on_the_safe_side() -> None:
    pytest.importorskip("vroom")
    scales = Scales(length=10**7, time=10**7, cost=10**7)
    problem = random_cvrp(scales=scales, max_distance=[3000 * 10**7], arc_rule=ArcRule.NONE)
    result = solve(problem, solver="vroom", time=0.3)
    assert result.feasible
    assert result.trace[-1].cost == pytest.approx(result.evaluation.cost, rel=1e-4)
    assert "on the safe side" in result.notes[1]


def test_numbers_that_vroom_holds_to_be_too_high_are_coarsened_again() -> None:
    pytest.importorskip("vroom")
    problem = read(benchmark("hfvrp/X162-FSMD.vrp"), round="none")
    result = solve(problem, solver="vroom", time=0.5, params={"exploration": "0"})
    assert result.feasible
    assert result.trace[-1].cost == pytest.approx(result.evaluation.cost, rel=1e-3)


@pytest.mark.parametrize("decimals", [0, 7])
def test_fine_lengths_do_not_outgrow_the_penalties_of_pyvrp(decimals: int) -> None:
    # At seven decimals overload was cheaper than a second route, at any price that PyVRP allows.
    problem = random_cvrp(scales=Scales(length=10**decimals, time=10**decimals, cost=10**decimals))
    rule = ArcRule.NONE if decimals else ArcRule.NEAREST
    assert solve(problem.replace(arc_rule=rule), solver="pyvrp", iterations=200).feasible


def test_large_numbers_are_coarsened_not_refused_by_lkh() -> None:
    pytest.importorskip("elkai")
    fine = random_cvrp(
        delivery=None, capacity=None, count=[1], scales=Scales(length=10**6, cost=10**6)
    )
    result = solve(fine, solver="lkh", time=0.5)
    assert result.trace[-1].cost == pytest.approx(result.evaluation.cost, rel=1e-4)
    assert any("rounded to 1000 steps" in note for note in result.notes)


def test_lkh_goes_on_from_a_tour_and_takes_no_other_start() -> None:
    pytest.importorskip("elkai")
    tsp = random_cvrp(60, delivery=None, capacity=None, count=[1])
    start = Solution.from_visits([list(tsp.clients)])
    result = solve(tsp, solver="lkh", time=1, start=start, params={"runs": "1"})
    assert result.evaluation.cost < evaluate(tsp, start).cost
    halves = Solution.from_visits([list(tsp.clients)[:30], list(tsp.clients)[30:]])
    with pytest.raises(PolyrouteError, match="takes a start of one route with everyone only"):
        solve(tsp, solver="lkh", time=1, start=halves)


@pytest.mark.parametrize(
    ("ending", "outcome"),
    [("signal.raise_signal(signal.SIGINT)", "interrupted"), ("sys.exit('out of paper')", "failed")],
)
def test_an_end_of_lkh_before_its_time_is_told(
    ending: str, outcome: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("elkai")
    tsp = random_cvrp(10, delivery=None, capacity=None, count=[1])
    monkeypatch.setattr(lkh, "CHILD", lkh.CHILD.replace("print(", f"{ending}\nprint("))
    if outcome == "failed":
        with pytest.raises(PolyrouteError, match="solver 'lkh' failed: out of paper"):
            solve(tsp, solver="lkh", time=1)
        return
    result = solve(tsp, solver="lkh", time=1)
    assert result.interrupted
    assert not result.solution.routes


def test_lkh_without_a_tour_in_time_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("elkai")
    monkeypatch.setattr(lkh, "CHILD", lkh.CHILD.replace("print(", "print([]); sys.exit(); print("))
    tsp = random_cvrp(10, delivery=None, capacity=None, count=[1])
    result = solve(tsp, solver="lkh", time=1)
    assert not result.solution.routes
    assert "found nothing yet" in result.notes


def test_lkh_drives_open_and_between_depots() -> None:
    pytest.importorskip("elkai")
    problem = random_cvrp(
        6, delivery=None, capacity=None, count=[1], num_depots=2, start_depot=[0], end_depot=[1]
    )
    for end in (1, NOWHERE):
        ended = problem.replace(end_depot=np.array([end]))
        result = solve(ended, solver="lkh", time=1)
        best = best_solution(ended)
        assert best is not None
        assert result.trace[-1].cost == result.evaluation.cost == best[1].cost


def test_the_seed_of_lkh_decides_its_runs() -> None:
    pytest.importorskip("elkai")
    tsp = random_cvrp(40, delivery=None, capacity=None, count=[1])
    one, same = (solve(tsp, solver="lkh", time=5, seed=3, params={"runs": "1"}) for _ in "ab")
    assert one.solution == same.solution
    with pytest.raises(PolyrouteError, match=r"parameter runs .* is 0, expected 1 or more"):
        solve(tsp, solver="lkh", time=1, params={"runs": "0"})


@pytest.mark.parametrize(
    ("name", "value"), [("first_solution", "savings"), ("metaheuristic", "Tabu_Search")]
)
def test_ortools_strategies_are_chosen_by_name(name: str, value: str) -> None:
    pytest.importorskip("ortools")
    assert solve(random_cvrp(8), solver="ortools", time=0.1, params={name: value}).feasible
    with pytest.raises(PolyrouteError, match=rf"parameter {name} .* is 'magic', expected one of"):
        solve(random_cvrp(8), solver="ortools", time=0.1, params={name: "magic"})


def test_a_pin_of_a_vehicle_that_cannot_leave_is_refused_in_words() -> None:
    pytest.importorskip("ortools")
    pins = (Pin(0, (1,)),)
    problem = line(0, 10, 20, pins=pins, count=[1, 1], shift_early=[50, 0], shift_late=[40, 100])
    with pytest.raises(UnsupportedError, match="pins of a vehicle that cannot leave"):
        solve(problem, solver="ortools", time=0.1)


def test_ortools_serves_clients_of_whom_none_is_worth_a_route_alone() -> None:
    pytest.importorskip("ortools")
    # 40 there and back, and a prize of 30 for each of three clients who live next door
    required, prize = np.array([True] + [False] * 3), np.array([0] + [30] * 3)
    windows = {"tw_late": column(500, 400, 400, 400)}
    problem = line(0, 19, 20, 20, required=required, prize=prize, **windows)
    result = solve(problem, solver="ortools", time=0.2)
    assert result.evaluation.cost == result.trace[-1].cost == 40


@pytest.mark.parametrize(
    ("latest", "road", "feasible"),
    [(40, False, True), (39, False, False), (35, True, True), (34, True, False)],
)
def test_ortools_pauses_on_the_road_only_where_breaks_are(
    latest: int, road: bool, feasible: bool
) -> None:
    pytest.importorskip("ortools")
    # The first client is left at 12 at the latest, and the break begins at 15 at the earliest: it
    # is waited for, and the second client is reached at 40. Paused on the road, it would be 35.
    pause = Break(0, ((15, 18),), 5, on_the_road=road)
    problem = line(0, 10, 30, breaks=(pause,), count=[1], tw_late=column(100, 12, latest))
    result = solve(problem, solver="ortools", time=0.2)
    assert result.feasible == feasible
    if feasible:
        assert result.solution.routes[0].breaks == ((1, 0),)


def test_ortools_counts_time_on_the_road_as_the_checker_does() -> None:
    pytest.importorskip("ortools")
    # Waiting is paid, and overtime dear: the second client's window costs a second vehicle.
    problem = line(
        0,
        10,
        20,
        tw_early=column(0, 0, 100),
        unit_duration_cost=[1],
        regular_duration=[60],
        overtime_cost=[3],
        fixed_cost=[10],
    )
    result = solve(problem, solver="ortools", time=0.2)
    best = best_solution(problem)
    assert best is not None
    assert result.evaluation.cost == best[1].cost == result.trace[-1].cost


def test_ortools_waits_for_the_window_that_makes_a_route_shortest() -> None:
    pytest.importorskip("ortools")
    # Client 1 in his first window means to wait 83 for client 2; in his second, nothing.
    windows = {
        "tw_early": [[0, 0], [0, 100], [105, 105]],
        "tw_late": [[300] * 2, [20, 103], [106] * 2],
    }
    problem = line(0, 10, 12, count=[1], max_duration=[60], unit_duration_cost=[1], **windows)
    result = solve(problem, solver="ortools", time=0.2)
    assert result.evaluation.cost == result.trace[-1].cost == 48


def test_hgs_answers_for_a_single_client() -> None:
    pytest.importorskip("hygese")
    assert solve(line(0, 10), solver="hgs", time=0.1).evaluation.cost == 20


@pytest.mark.parametrize("solver", ["hgs", "vroom"])
def test_a_plan_that_breaks_rules_is_handed_back_and_judged(solver: str) -> None:
    pytest.importorskip(BASELINES[solver])
    # the last client lies 30 away, and no route may be longer than that
    problem = line(0, 10, 20, 30, delivery=column(0, 2, 2, 2), max_distance=[30])
    result = solve(problem, solver=solver, time=0.1)
    assert not result.feasible
    assert "missing" in {violation.rule for violation in result.evaluation.violations}


def test_what_a_baseline_lacks_is_refused_by_name() -> None:
    problem = random_vrptw()
    with pytest.raises(UnsupportedError, match=r"solver 'hgs' does not support .*tw_late"):
        solve(problem, solver="hgs", time=0.1)


@pytest.mark.parametrize("solver", ["hgs", "vroom", "ortools"])
def test_a_solver_without_iterations_says_so(solver: str) -> None:
    pytest.importorskip(BASELINES[solver])
    with pytest.raises(PolyrouteError, match=f"solver '{solver}' counts no iterations"):
        solve(random_cvrp(5), solver=solver, iterations=10)


def test_an_unknown_parameter_is_refused_with_the_known_ones() -> None:
    pytest.importorskip("hygese")
    with pytest.raises(PolyrouteError, match="no parameter 'granular', expected nbGranular"):
        solve(random_cvrp(5), solver="hgs", time=0.1, params={"granular": "3"})
    with pytest.raises(PolyrouteError, match="'x', expected an integer"):
        solve(random_cvrp(5), solver="hgs", time=0.1, params={"nbGranular": "x"})


def test_only_an_absent_package_is_called_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "hygese", None)
    with pytest.raises(MissingPackageError, match=r"'hygese' is not installed; .*baselines"):
        solve(random_cvrp(5), solver="hgs", time=0.1)


def test_pyvrp_repeats_itself_under_iterations() -> None:
    pytest.importorskip("pyvrp")
    first, second = (solve(random_cvrp(), solver="pyvrp", iterations=50, seed=7) for _ in "ab")
    assert first.solution == second.solution
    assert first.iterations == 50


@pytest.mark.parametrize("solver", ["pyvrp", "ortools", "vroom"])
def test_a_warm_start_is_improved_upon(solver: str) -> None:
    pytest.importorskip(BASELINES[solver])
    problem = random_cvrp()
    start = Solution.from_visits([[node] for node in problem.clients])
    if solver != "pyvrp":  # the fleet is cut to what is ever needed
        start = solve(problem, solver=solver, time=0.1).solution
    result = solve(problem, solver=solver, time=0.2, start=start)
    assert result.feasible
    assert result.evaluation.cost <= evaluate(problem, start).cost


def test_a_solver_without_warm_starts_says_so() -> None:
    pytest.importorskip("hygese")
    with pytest.raises(PolyrouteError, match="takes no warm start"):
        solve(random_cvrp(5), solver="hgs", time=0.1, start=Solution(()))


def test_vroom_begins_from_a_plan_with_pairs() -> None:
    pytest.importorskip("vroom")
    goods = column(0, 3, 0), column(0, 0, 3)
    problem = line(0, 10, 20, pickup=goods[0], delivery=goods[1], pairs=(Pair(1, 2),))
    start = Solution.from_visits([[1, 2]])
    assert solve(problem, solver="vroom", time=0.2, start=start).solution == start


def test_vroom_refuses_a_start_that_breaks_rules_in_words() -> None:
    pytest.importorskip("vroom")
    problem = random_cvrp(count=[20])
    everyone = Solution.from_visits([list(problem.clients)])
    with pytest.raises(PolyrouteError, match=r"refuses the start: .*over capacity"):
        solve(problem, solver="vroom", time=0.2, start=everyone)


@pytest.mark.parametrize("solver", ["pyvrp", "ortools"])
def test_a_callback_stops_the_run(solver: str) -> None:
    pytest.importorskip(BASELINES[solver])
    seen: list[Improvement] = []

    def enough(improvement: Improvement) -> bool:
        seen.append(improvement)
        return improvement.feasible

    began = time.perf_counter()
    result = solve(random_cvrp(), solver=solver, time=20, callback=enough)
    assert time.perf_counter() - began < 10
    assert result.feasible
    assert result.interrupted
    assert len(seen) >= 1


@pytest.mark.parametrize("solver", ["pyvrp", "ortools"])
def test_patience_and_target_end_a_run(solver: str) -> None:
    pytest.importorskip(BASELINES[solver])
    problem = random_cvrp(8)
    patient = solve(problem, solver=solver, time=20, patience=0.2)
    assert patient.seconds < 10
    aimed = solve(problem, solver=solver, time=20, target=patient.evaluation.cost)
    assert aimed.seconds < 10
    assert aimed.evaluation.cost <= patient.evaluation.cost


def test_an_interrupt_keeps_the_best_solution() -> None:
    pytest.importorskip("pyvrp")
    heard: list[Improvement] = []

    def interrupt(found: Improvement) -> bool:
        # while it runs, however long it took to begin, and only once
        if not heard:
            os.kill(os.getpid(), signal.SIGINT)
        heard.append(found)
        return False

    result = solve(random_cvrp(), solver="pyvrp", time=20, callback=interrupt)
    assert result.interrupted
    assert result.feasible
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_single_threaded_solvers_say_so() -> None:
    pytest.importorskip("hygese")
    result = solve(random_cvrp(5), solver="hgs", time=0.1, threads=2)
    assert result.notes == ("runs on one thread, not on 2",)
