"""A problem that `Load` or `Timed` can hold, in the layout of kernels."""

from __future__ import annotations

import numpy as np

from polyroute.heuristics.kernels.arrays import (
    DEMAND,
    EARLY,
    LATE,
    NODE_COLUMNS,
    RELEASE,
    SERVICE,
    Load,
    Timed,
    X,
)
from polyroute.heuristics.kernels.tables import tabulate
from polyroute.heuristics.layout.facts import Facts
from polyroute.heuristics.layout.lengths import MATRIX_NODES, plain_tables, rule_row
from polyroute.heuristics.layout.neighbours import nearest
from polyroute.heuristics.layout.places import longest_within, shared_places
from polyroute.vrp.problem import Problem

Array = np.ndarray


def to_plain(problem: Problem, facts: Facts, neighbours: int) -> Load | Timed:
    """The problem in the layout of kernels, with so many near clients of each."""
    num_nodes = problem.num_nodes
    node = np.zeros((num_nodes, NODE_COLUMNS))
    if problem.coords is not None:
        node[:, X:DEMAND] = problem.coords
    node[:, DEMAND] = problem.delivery[:, 0]
    node[:, EARLY] = problem.tw_early[:, 0]
    node[:, LATE] = problem.tw_late[:, 0]
    node[:, SERVICE] = problem.service
    node[:, RELEASE] = problem.release
    node[: problem.num_depots, SERVICE] = 0.0
    matrix, times, forbidden = plain_tables(problem, facts)
    place = shared_places(problem)
    near = nearest(problem, facts, neighbours, place)
    nodes = np.arange(num_nodes)[:, None]
    near_length = matrix[nodes, near] if len(matrix) else problem.distances_between(nodes, near)
    fleet = np.array(
        [
            problem.capacity[0, 0],
            min(int(problem.count[0]), problem.num_clients),
            problem.max_distance[0],
            problem.max_duration[0],
            problem.is_symmetric,
            forbidden,
            longest_within(problem, place, near, near_length[problem.num_depots :]),
        ],
        dtype=np.float64,
    )
    cls = Timed if facts.timed else Load
    p = cls(node, matrix, times, near, near_length.astype(np.float64), rule_row(problem), fleet)
    if not len(matrix) and num_nodes <= MATRIX_NODES:
        matrix = np.empty((num_nodes, num_nodes))
        tabulate(p, matrix)
        p = p._replace(matrix=matrix)
    return p
