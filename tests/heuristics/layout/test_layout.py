from __future__ import annotations

import numpy as np
import pytest

from polyroute.heuristics.jit.options import kernel
from polyroute.heuristics.kernels.arrays import (
    DEPOT,
    FORBIDDEN,
    HOME,
    IS_PICKUP,
    PARTNER,
    SIBLING,
    Load,
    Rich,
    Timed,
)
from polyroute.heuristics.kernels.cost.arcs import cost_by, length_by
from polyroute.heuristics.layout import lengths
from polyroute.heuristics.layout.layout import Layout
from polyroute.vrp.errors import ProblemError
from tests.heuristics.checked import arc_cost
from tests.heuristics.compiled import cases
from tests.heuristics.in_arrays import arrays, can_compute, everybody, kinds_of, node_of
from tests.heuristics.random_problems.plain import FAMILIES, cvrp
from tests.heuristics.random_problems.rich import EVERY, RICH, skills, two_depots

CLIENTS = 8


@kernel
def tabulate_costs(p, kind, out):
    """Fill `out` (M, M) with what vehicles of one kind pay for arcs between clients."""
    for u in range(1, len(out)):
        for v in range(1, len(out)):
            out[u, v] = cost_by(p, kind, u, v)


@kernel
def tabulate_lengths(p, kind, out):
    """Fill `out` (N, N) with lengths for one kind of vehicle."""
    for u in range(1, len(out)):
        for v in range(1, len(out)):
            out[u, v] = length_by(p, kind, u, v)


@pytest.mark.parametrize("family", EVERY)
def test_a_class_of_arrays_is_chosen_by_what_the_problem_uses(family: str) -> None:
    problem = EVERY[family](np.random.default_rng(1), CLIENTS)
    layout = Layout.of(problem)
    p = layout.to_arrays(20)
    assert type(p) is layout.facts.arrays
    if family in FAMILIES:
        assert isinstance(p, (Load, Timed))
    elif family != "anything":
        assert isinstance(p, Rich)


@pytest.mark.plain
@pytest.mark.parametrize("family", RICH)
def test_arcs_cost_each_kind_what_the_problem_says(family: str) -> None:
    rng = np.random.default_rng(3)
    for case in cases(8):
        problem = RICH[family](rng, CLIENTS)
        p = arrays(problem, computed=case % 2 == 1 and can_compute(problem))
        if not isinstance(p, Rich):
            continue
        clients = everybody(problem)
        least = np.full((CLIENTS + 1, CLIENTS + 1), np.inf)
        for kind in range(len(p.vehicle)):
            costs = np.zeros((CLIENTS + 1, CLIENTS + 1))
            tabulate_costs(p, kind, costs)
            for u in clients:
                for v in clients:
                    wall = costs[u, v] == p.fleet[FORBIDDEN]
                    assert wall or u == v or costs[u, v] == arc_cost(problem, kind, u, v)
                    assert wall or u == v or arc_cost(problem, kind, u, v) is not None
            least = np.minimum(least, np.minimum(costs, costs.T))
        for u in clients:
            assert p.near_length[u].tolist() == [least[u, v] for v in p.near[u]]


@pytest.mark.plain
@pytest.mark.parametrize("family", ["two depots", "two depots, open"])
def test_depots_lie_behind_the_clients(family: str) -> None:
    problem = RICH[family](np.random.default_rng(4), CLIENTS)
    p = arrays(problem)
    assert isinstance(p, Rich)
    lengths = np.zeros((len(p.node), len(p.node)))
    tabulate_lengths(p, 0, lengths)
    order = [*problem.clients, 0, 1]
    assert lengths[1:, 1:].tolist() == problem.distance_matrix()[order][:, order].tolist()
    for u in everybody(problem):
        starts = [arc_cost(problem, kind, DEPOT, u) for kind in range(len(p.vehicle))]
        assert p.node[u, HOME] == min(starts)  # type: ignore[type-var]


def test_who_may_serve_whom_is_told_by_kinds() -> None:
    problem = skills(np.random.default_rng(5), CLIENTS)
    p = arrays(problem)
    assert isinstance(p, Rich)
    for u in everybody(problem):
        types = [types[0] for types in kinds_of(problem).types]
        assert p.allowed[u].tolist() == problem.allowed[node_of(problem, u)][types].tolist()


def test_partners_and_alternatives_are_told_in_the_kernels_numbers() -> None:
    rng = np.random.default_rng(6)
    for family in ("pairs", "alternatives"):
        problem = RICH[family](rng, CLIENTS)
        p = arrays(problem)
        assert isinstance(p, Rich)
        pairs = {pair.pickup: pair.delivery for pair in problem.pairs}
        pairs |= {pair.delivery: pair.pickup for pair in problem.pairs}
        for u in everybody(problem):
            partner = pairs.get(node_of(problem, u))
            expected = DEPOT if partner is None else partner - problem.num_depots + 1
            assert p.tie[u, PARTNER] == expected
            firsts = {pair.pickup for pair in problem.pairs}
            assert p.tie[u, IS_PICKUP] == (node_of(problem, u) in firsts)
        for group in problem.groups:
            first = group.clients[0] - problem.num_depots + 1
            circle, v = [first], int(p.tie[first, SIBLING])
            while v != first:
                circle.append(v)
                v = int(p.tie[v, SIBLING])
            assert [node_of(problem, u) for u in circle] == list(group.clients)


def test_a_table_that_would_be_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lengths, "LARGEST_TABLE", 5)
    problem = RICH["linehaul always"](np.random.default_rng(7), CLIENTS)
    with pytest.raises(ProblemError, match="9 nodes need a table of lengths, expected at most 5"):
        arrays(problem)
    arrays(cvrp(np.random.default_rng(7), CLIENTS, fixed_cost=[3]))
    arrays(two_depots(np.random.default_rng(7), CLIENTS))
