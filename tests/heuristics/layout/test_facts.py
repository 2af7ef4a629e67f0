from __future__ import annotations

import numpy as np
import pytest

from polyroute.heuristics.kernels.arrays import Load, Rich, Timed
from polyroute.heuristics.layout.facts import BEYOND_PIECES, Facts
from polyroute.heuristics.search.supported import SUPPORTS
from polyroute.vrp.arcs import ArcRule
from polyroute.vrp.errors import ProblemError
from polyroute.vrp.problem import Objective, Problem
from tests.heuristics.random_problems.plain import cvrp, vrptw
from tests.heuristics.random_problems.rich import EVERY, linehaul_first
from tests.random_attributes import random_problem


def test_load_alone_needs_no_times_and_times_no_more() -> None:
    rng = np.random.default_rng(1)
    assert Facts.of(cvrp(rng, 5)).arrays is Load
    assert Facts.of(vrptw(rng, 5)).arrays is Timed
    assert Facts.of(vrptw(rng, 5, fixed_cost=[1])).arrays is Rich


@pytest.mark.parametrize("family", EVERY)
def test_only_in_rich_arrays_are_routes_labelled_or_phased(family: str) -> None:
    facts = Facts.of(EVERY[family](np.random.default_rng(2), 6))
    assert facts.rich or not (facts.labelled or facts.phased)
    assert not (facts.labelled and facts.phased)


@pytest.mark.parametrize("name", sorted(BEYOND_PIECES))
def test_what_pieces_cannot_tell_is_labelled(name: str) -> None:
    rng = np.random.default_rng(3)
    problems = [random_problem(rng, SUPPORTS, clients=5, chance=0.4) for _ in range(40)]
    having = [problem for problem in problems if name in problem.active]
    assert having
    assert all(Facts.of(problem).labelled for problem in having)


def test_linehauls_come_first_by_forbidden_arcs() -> None:
    assert Facts.of(linehaul_first(np.random.default_rng(4), 6)).phased


def test_vehicles_are_few_if_clients_are_more_or_they_come_first() -> None:
    problem = cvrp(np.random.default_rng(5), 5, count=[5])
    fewest = problem.replace(objective=(Objective.VEHICLES, Objective.COST))
    assert not Facts.of(problem).few_vehicles
    assert Facts.of(problem.replace(count=[4])).few_vehicles
    assert Facts.of(fewest).few_vehicles
    assert Facts.of(fewest).fewest_first


def test_too_many_places_on_the_globe_are_refused() -> None:
    large, largest = (
        Problem(coords=np.zeros((nodes, 2), dtype=np.int64), arc_rule=ArcRule.GEO)
        for nodes in (20_001, 20_000)
    )
    with pytest.raises(ProblemError, match="20001 nodes under rule geo, expected at most 20000"):
        Facts.of(large)
    assert Facts.of(largest).lengths_given
