"""The rules on time of OR-Tools' model: windows, shifts, durations, releases and breaks."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations, pairwise
from typing import TYPE_CHECKING

from polyroute.heuristics.baselines.magnitudes import horizon, without_forbidden
from polyroute.heuristics.baselines.ortools.routing import Routing
from polyroute.vrp.problem import NOWHERE, UNLIMITED
from polyroute.vrp.structure import Break

if TYPE_CHECKING:
    from ortools.constraint_solver import pywrapcp


class TimeDimension:
    """A dimension whose value at a node is when its service begins; waiting is its slack.

    Breaks are kept off the road where `strict`: by a constraint for each vehicle at each node, of
    which thousands leave no time for searching.
    """

    def __init__(self, routing: Routing, strict: bool) -> None:
        self.routing, self.problem = routing, routing.problem
        self.end = horizon(self.problem)
        self._pauses: dict[int, list[tuple[int, pywrapcp.IntervalVar]]] = {}  # by vehicle
        problem, model = self.problem, routing.model
        profiles = range(problem.size("P"))
        travel = [without_forbidden(problem.duration_matrix(p)) for p in profiles]
        transit = [routing.register(matrix + problem.service[:, None]) for matrix in travel]
        model.AddDimensionWithVehicleTransits(
            [transit[int(problem.profile[v])] for v in routing.types],
            self.end,
            self.end,
            False,
            "time",
        )
        self.time = model.GetDimensionOrDie("time")
        self._add_windows()
        for vehicle, v in enumerate(routing.types):
            self._add_shift(vehicle, v)
            self._add_duration(vehicle, v)
        if "release" in problem.active:
            self._add_releases()
        if problem.breaks:
            self._add_breaks(strict)

    def _add_windows(self) -> None:
        """Windows of the clients; beyond the end of a soft one, lateness costs."""
        problem = self.problem
        for node in problem.clients:
            pairs = zip(problem.tw_early[node], problem.tw_late[node], strict=True)
            windows = sorted({(int(early), min(int(late), self.end)) for early, late in pairs})
            price, index = int(problem.lateness_cost[node]), self.routing.index(node)
            latest = windows[-1][1]
            begin = self.time.CumulVar(index)
            begin.SetRange(windows[0][0], latest if price >= UNLIMITED else self.end)
            if price < UNLIMITED:
                self.time.SetCumulVarSoftUpperBound(index, latest, price)
            for (_, late), (early, _) in pairwise(windows):
                begin.RemoveInterval(late + 1, early - 1)

    def _add_shift(self, vehicle: int, v: int) -> None:
        """When a vehicle leaves and is back; one under way goes on when it is ready."""
        problem, model = self.problem, self.routing.model
        shift = int(problem.shift_late[v])
        begin = self.time.CumulVar(model.Start(vehicle))
        if problem.under_way[v]:
            begin.SetValue(int(problem.ready_time[v]))
        else:
            early, late = self._opening(int(problem.start_depot[v]))
            begin.SetRange(max(early, int(problem.shift_early[v])), min(late, shift, self.end))
        early, late = self._opening(int(problem.end_depot[v]))
        self.time.CumulVar(model.End(vehicle)).SetRange(early, min(late, shift, self.end))

    def _opening(self, depot: int) -> tuple[int, int]:
        if depot == NOWHERE:
            return 0, UNLIMITED
        return int(self.problem.tw_early[depot, 0]), int(self.problem.tw_late[depot, 0])

    def _add_duration(self, vehicle: int, v: int) -> None:
        """What a vehicle's time on the road may be, and what it costs."""
        problem, pywrapcp = self.problem, self.routing.cp
        most = int(problem.max_duration[v])
        regular, overtime = int(problem.regular_duration[v]), int(problem.overtime_cost[v])
        if most < UNLIMITED:
            self.time.SetSpanUpperBoundForVehicle(most, vehicle)
        if problem.unit_duration_cost[v]:
            self.time.SetSpanCostCoefficientForVehicle(int(problem.unit_duration_cost[v]), vehicle)
        if overtime and regular < UNLIMITED:
            bound = pywrapcp.BoundCost(regular, overtime)
            self.time.SetSoftSpanUpperBoundForVehicle(bound, vehicle)

    def _add_releases(self) -> None:
        """Nobody leaves before the goods of all whom he visits are ready; who has left, may."""
        problem, model = self.problem, self.routing.model
        solver = model.solver()
        anywhen = solver.IntConst(self.end)
        begins = [anywhen]  # of who stays away, whose vehicle is -1
        for vehicle, v in enumerate(self.routing.types):
            begin = self.time.CumulVar(model.Start(vehicle))
            begins.append(anywhen if problem.under_way[v] else begin)
        for node in problem.clients:
            if problem.release[node]:
                by = model.VehicleVar(self.routing.index(node)) + 1
                solver.Add(solver.Element(begins, by.Var()) >= int(problem.release[node]))

    # -- breaks ----------------------------------------------------------------------------

    def _add_breaks(self, strict: bool) -> None:
        """Each used vehicle of a type pauses between two services, before the drive if `strict`.

        Vehicles that stay at home pause whenever they like.
        """
        problem, model = self.problem, self.routing.model
        nodes = [self.routing.manager.IndexToNode(index) for index in range(model.Size())]
        service = problem.service.tolist() + [0] * (self.routing.num_nodes - problem.num_nodes)
        stays = [service[node] for node in nodes]
        for vehicle, v in enumerate(self.routing.types):
            mine = [
                (index, self._pause(vehicle, index, pause))
                for index, pause in enumerate(problem.breaks)
                if pause.vehicle_type == v
            ]
            if mine:
                self._pauses[vehicle] = mine
                intervals = [interval for _, interval in mine]
                self.time.SetBreakIntervalsOfVehicle(intervals, vehicle, stays)
                for one, other in combinations(intervals, 2):
                    self._keep_apart(vehicle, one, other)
                for index, interval in mine if strict else ():
                    if not problem.breaks[index].on_the_road:
                        self._keep_off_the_road(vehicle, interval, stays)

    def _pause(self, vehicle: int, index: int, pause: Break) -> pywrapcp.IntervalVar:
        """A break of a vehicle, on its way if it is used."""
        model, solver = self.routing.model, self.routing.model.solver()
        windows = [(early, min(late, self.end)) for early, late in pause.windows]
        made = solver.FixedDurationIntervalVar(
            windows[0][0], windows[-1][1], pause.duration, False, f"{vehicle} {index}"
        )
        for (_, late), (early, _) in pairwise(windows):
            made.StartExpr().Var().RemoveInterval(late + 1, early - 1)
        idle = (1 - model.ActiveVehicleVar(vehicle)) * (2 * self.end)
        solver.Add(made.StartExpr() + idle >= self.time.CumulVar(model.Start(vehicle)))
        solver.Add(made.EndExpr() <= self.time.CumulVar(model.End(vehicle)) + idle)
        return made

    def _keep_apart(
        self, vehicle: int, one: pywrapcp.IntervalVar, other: pywrapcp.IntervalVar
    ) -> None:
        """Two breaks of a vehicle do not overlap; OR-Tools would let them, behind the last stop."""
        model, solver = self.routing.model, self.routing.model.solver()
        first = one.EndExpr() <= other.StartExpr()
        second = other.EndExpr() <= one.StartExpr()
        solver.Add(first + second + (1 - model.ActiveVehicleVar(vehicle)) >= 1)

    def _keep_off_the_road(
        self, vehicle: int, pause: pywrapcp.IntervalVar, stays: list[int]
    ) -> None:
        """A break that begins between two stops ends before the drive from one to the other.

        OR-Tools would let it fall into the drive. It is taken in the slack, so that comes first.
        """
        model, solver = self.routing.model, self.routing.model.solver()
        start, end = pause.StartExpr(), pause.EndExpr()
        starts = {model.Start(k) for k in range(len(self.routing.types))} - {model.Start(vehicle)}
        for index, stay in enumerate(stays):
            if index in starts:
                continue
            here = self.time.CumulVar(index)
            onward = here + self.time.TransitVar(index)
            in_time = end <= here + stay + self.time.SlackVar(index)
            elsewhere = model.VehicleVar(index) != vehicle
            solver.Add((start < here + stay) + (start >= onward) + in_time + elsewhere >= 1)

    def breaks(
        self,
        vehicle: int,
        visits: list[int],
        begin: Callable[[pywrapcp.IntVar], int],
        start: Callable[[pywrapcp.IntervalVar], int],
    ) -> tuple[tuple[int, int], ...]:
        """Where a vehicle pauses: after so many visits, which break, as `Route.breaks` has it.

        `begin` tells when a visit begins, `start` when a break does.
        """
        leaves = [
            begin(self.time.CumulVar(self.routing.index(node))) + int(self.problem.service[node])
            for node in visits
        ]
        paused = sorted((start(pause), index) for index, pause in self._pauses.get(vehicle, ()))
        return tuple((sum(leave <= at for leave in leaves), index) for at, index in paused)
