"""Writing a problem as a VRPLIB file, from which `read_vrplib` makes the same problem.

The dialect is PyVRP's, shipments are LKH-3's, and names stand behind coordinates as OptaPlanner has
them. What such a file cannot say is refused by name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from polyroute.vrp.io.exact import plain
from polyroute.vrp.io.text import NUMBER
from polyroute.vrp.io.vrplib.fleet_writer import fleet_lines, refuse
from polyroute.vrp.io.vrplib.places import COORDINATE_RULES
from polyroute.vrp.problem import UNLIMITED, Array, Backhaul, Problem, Quantity

SUPPORTS = frozenset(
    "delivery pickup capacity several_loads tw_early tw_late service release required prize "
    "allowed count start_depot end_depot open_routes several_depots several_vehicle_types "
    "fixed_cost unit_distance_cost max_distance max_duration asymmetric backhaul pairs groups "
    "reloads".split()
)
MEASURES = {rule: measure for measure, rule in COORDINATE_RULES.items()}


def problem_to_vrplib(problem: Problem, comment: str = "") -> str:
    """The problem as the text of a ``.vrp`` file.

    Nodes keep their numbers and names; names of vehicles, and positions that are for drawing
    alone, are left out. Raises UnsupportedError, which names what a VRPLIB file cannot say.
    """
    beyond = problem.active - SUPPORTS
    if beyond:
        refuse(*beyond)
    return "\n".join(_Writer(problem).lines(comment)) + "\n"


class _Writer:
    """A problem on its way to a file: its nodes in the file's order, and their numbers there."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.scales = problem.scales
        self.number = _numbers(problem)
        self.order = sorted(range(problem.num_nodes), key=self.number.__getitem__)
        if not _is_consecutive(self.number):
            self.order = list(range(problem.num_nodes))
        self.loading = _loading(problem)

    def lines(self, comment: str) -> Iterator[str]:
        """All of the file."""
        problem = self.problem
        yield f"NAME : {' '.join(problem.name.split())}"
        if comment:
            yield f"COMMENT : {comment}"
        yield f"TYPE : {problem.variant}"
        yield f"DIMENSION : {problem.num_nodes}"
        explicit = self._explicit()
        yield f"EDGE_WEIGHT_TYPE : {'EXPLICIT' if explicit else MEASURES[problem.arc_rule]}"
        if explicit:
            yield "EDGE_WEIGHT_FORMAT : FULL_MATRIX"
        headers, sections = fleet_lines(problem, self.number)
        yield from headers
        yield from self._places(explicit)
        yield from self._demands()
        yield from self._times()
        yield from self._choice()
        yield from sections
        yield "DEPOT_SECTION"
        yield from (str(self.number[depot]) for depot in range(problem.num_depots))
        yield from ("-1", "EOF")

    def _explicit(self) -> bool:
        """Whether distances are written; those that a loading time has tabulated need not be."""
        problem = self.problem
        if problem.arc_rule not in MEASURES or problem.coords is None:
            return True
        if problem.distance is None:
            return False
        bare = problem.replace(distance=None, duration=None)
        return not np.array_equal(bare.distance_matrix(), problem.distance_matrix())

    def _rows(self, section: str, *columns: Iterable[str]) -> Iterator[str]:
        """A section with a row a node; `columns` are in the problem's order."""
        yield section
        listed = [list(column) for column in columns]
        for node in self.order:
            yield " ".join((str(self.number[node]), *(column[node] for column in listed)))

    def _shown(self, values: Array, quantity: Quantity) -> list[str]:
        scale = self.scales.of(quantity)
        return [plain(int(value), scale) for value in values]

    def _places(self, explicit: bool) -> Iterator[str]:
        problem = self.problem
        if problem.coords is not None:
            columns = [self._shown(problem.coords[:, axis], Quantity.GRID) for axis in (0, 1)]
            yield from self._rows("NODE_COORD_SECTION", *columns, *self._names())
        elif any(problem.node_name):
            refuse("node_name")
        if explicit:
            yield "EDGE_WEIGHT_SECTION"
            for row in problem.distance_matrix()[np.ix_(self.order, self.order)]:
                yield " ".join(self._shown(row, Quantity.LENGTH))

    def _names(self) -> Iterator[list[str]]:
        """The column of names, if there are any; one word among them must be no number."""
        names = [" ".join(name.split()) for name in self.problem.node_name]
        if any(names):
            if tuple(names) != self.problem.node_name or all(
                NUMBER.fullmatch(word) for name in names for word in name.split()
            ):
                refuse("node_name")
            yield names

    def _demands(self) -> Iterator[str]:
        problem = self.problem
        if problem.pairs:
            yield from self._shipments()
            return
        if problem.delivery.any() or problem.size("L") > 1:
            yield from self._rows("DEMAND_SECTION", *self._loads(problem.delivery))
        if not problem.pickup.any():
            if problem.backhaul is not Backhaul.NONE:
                refuse("backhaul")
            return
        ordered = problem.backhaul is Backhaul.LINEHAUL_FIRST
        if problem.backhaul is not Backhaul.NONE and problem.backhaul_only_routes == ordered:
            refuse("backhaul")
        yield from self._rows("BACKHAUL_SECTION", *self._loads(problem.pickup))

    def _loads(self, loads: Array) -> list[list[str]]:
        return [self._shown(loads[:, dim], Quantity.LOAD) for dim in range(loads.shape[1])]

    def _shipments(self) -> Iterator[str]:
        """LKH-3's rows, which hold pairs alone."""
        problem = self.problem
        other = {"pickup": ["0"] * problem.num_nodes, "delivery": ["0"] * problem.num_nodes}
        demand = problem.pickup[:, 0] - problem.delivery[:, 0]
        ends = [node for pair in problem.pairs for node in (pair.pickup, pair.delivery)]
        mixed = (problem.pickup.any(axis=1) & problem.delivery.any(axis=1)).any()
        if mixed or problem.size("L") > 1 or sorted(ends) != list(problem.clients):
            refuse("pairs beside other clients")
        for pair in problem.pairs:
            if demand[pair.pickup] < 0 or demand[pair.delivery] != -demand[pair.pickup]:
                refuse("pairs whose ends differ")
            other["delivery"][pair.pickup] = str(self.number[pair.delivery])
            other["pickup"][pair.delivery] = str(self.number[pair.pickup])
        signed = [
            f"-{shown}" if amount < 0 else shown
            for shown, amount in zip(
                self._shown(np.abs(demand), Quantity.LOAD), demand, strict=True
            )
        ]
        early, late = self._windows() or (["0"] * problem.num_nodes,) * 2
        service = self._shown(self._service(), Quantity.TIME)
        yield from self._rows(
            "PICKUP_AND_DELIVERY_SECTION", signed, early, late, service, *other.values()
        )

    def _windows(self) -> tuple[list[str], list[str]] | None:
        """Both bounds of the windows; None where there are none."""
        problem = self.problem
        if not problem.active & {"tw_early", "tw_late"}:
            return None
        if (problem.tw_late >= UNLIMITED).any():
            refuse("windows without an end")
        early, late = (bound[:, 0] for bound in (problem.tw_early, problem.tw_late))
        return self._shown(early, Quantity.TIME), self._shown(late, Quantity.TIME)

    def _service(self) -> Array:
        service = self.problem.service.copy()
        service[: self.problem.num_depots] = self.loading
        return service

    def _times(self) -> Iterator[str]:
        problem = self.problem
        windows = self._windows()
        if windows and not problem.pairs:
            yield from self._rows("TIME_WINDOW_SECTION", *windows)
        service = self._service()
        if service.any() and not problem.pairs:
            yield from self._rows("SERVICE_TIME_SECTION", self._shown(service, Quantity.TIME))
        if problem.release.any():
            released = self._shown(problem.release, Quantity.TIME)
            yield from self._rows("RELEASE_TIME_SECTION", released)

    def _choice(self) -> Iterator[str]:
        problem = self.problem
        grouped = {node for group in problem.groups for node in group.clients}
        for node in problem.clients:
            prized = bool(problem.prize[node])
            if problem.required[node] == prized and (prized or node not in grouped):
                refuse("optional clients without a prize, or required ones with one")
        if problem.prize.any():
            yield from self._rows("PRIZE_SECTION", self._shown(problem.prize, Quantity.COST))
        if not problem.groups:
            return
        yield "MUTUALLY_EXCLUSIVE_GROUP_SECTION"
        for index, group in enumerate(problem.groups, start=1):
            if not group.required or len(group.clients) < 2:
                refuse("groups of which nobody need be served, or of one")
            yield f"{index} {' '.join(str(self.number[node]) for node in group.clients)}"


def _numbers(problem: Problem) -> dict[int, int]:
    """Each node's number in the file: its own where all have one that fits, else from 1 on.

    A reader puts depots first and clients behind them in the order of their numbers, or of the
    rows where numbers leave gaps. The 0 of a client would say "none" in a pair.
    """
    usual = {node: node + 1 for node in range(problem.num_nodes)}
    if not all(name.isascii() and name.isdigit() and len(name) < 15 for name in problem.node_id):
        return usual
    own = {node: int(name) for node, name in enumerate(problem.node_id)}
    clients = [own[node] for node in problem.clients]
    if len(set(own.values())) != len(own) or (problem.pairs and 0 in clients):
        return usual
    if [str(number) for number in own.values()] != list(problem.node_id):
        return usual
    return own if not _is_consecutive(own) or clients == sorted(clients) else usual


def _is_consecutive(number: dict[int, int]) -> bool:
    """Whether the numbers are those from 0 or 1 on."""
    first = min(number.values())
    return first < 2 and set(number.values()) == set(range(first, first + len(number)))


def _loading(problem: Problem) -> Array:
    """How much longer than its length every way out of each depot takes, (num_depots,)."""
    loading = np.zeros(problem.num_depots, dtype=np.int64)
    if problem.duration is None:
        return loading
    distance, duration = problem.distance_matrix(), problem.duration_matrix()
    arcs = ~np.eye(problem.num_nodes, dtype=bool) & (distance < UNLIMITED)
    more = np.where(arcs, duration - distance, 0)
    if problem.num_nodes > 1:
        loading = more[: problem.num_depots].max(axis=1)
    expected = np.zeros_like(more)
    expected[: problem.num_depots] = loading[:, None]
    closed = (duration >= UNLIMITED) != (distance >= UNLIMITED)
    if (more != np.where(arcs, expected, 0)).any() or loading.min() < 0 or closed.any():
        refuse("duration")
    return loading
