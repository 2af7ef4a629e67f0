"""What labelling (`kernels.cost.labelling`) needs of a problem, behind the other columns."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from polyroute.heuristics.kernels.arrays import (
    BOUND,
    DELIVERS,
    EARLY,
    FIRST_BREAK,
    FIRST_DEPOT,
    FIRST_ROOM,
    FIRST_WINDOW,
    FREE_TO_GO,
    LABELLED,
    LAST_BREAK,
    LAST_DEPOT,
    LATE,
    LATER,
    LINEHAUL_DUE,
    LINEHAULS_FIRST,
    LOADS,
    MOST_DRIVING,
    MOST_EARNED,
    MOST_RELOADS,
    PIN_KIND,
    PIN_PLACE,
    PINNED,
    PINS,
    PRICE,
    READY,
    ROOM,
    ROOM_2,
    UNDER_WAY,
    WINDOWS,
)
from polyroute.heuristics.kernels.cost.departures import later_columns
from polyroute.heuristics.layout.pins import fixed_visits, followers
from polyroute.heuristics.layout.stopovers import breaks_of
from polyroute.vrp.problem import UNLIMITED, Backhaul, Problem

Array = np.ndarray


def labelled_nodes(problem: Problem, order: Array, chosen: Sequence[int], node: Array) -> Array:
    """The rows of `node` with the columns for labelling, in the order of the kernels."""
    windows, loads = problem.size("W"), problem.size("L")
    columns = FIRST_WINDOW + 2 * (windows + loads) + len(chosen)
    wide = np.zeros((len(node), columns))
    wide[:, : node.shape[1]] = node
    wide[:, PRICE] = problem.lateness_cost[order]
    wide[:, DELIVERS] = problem.delivery[order].any(axis=1)
    wide[:, PIN_KIND], wide[:, PIN_PLACE] = FREE_TO_GO, BOUND
    sorting = np.argsort(problem.tw_early, axis=1, kind="stable")
    for column, bounds in enumerate((problem.tw_early, problem.tw_late)):
        sorted_bounds = np.take_along_axis(bounds, sorting, axis=1)[order]
        wide[:, FIRST_WINDOW + column : FIRST_WINDOW + 2 * windows : 2] = sorted_bounds
    # Pieces know one window, a hard one: to tell the least it is all from the first to the last.
    soft = problem.lateness_cost[order] < UNLIMITED
    wide[:, EARLY] = problem.tw_early.min(axis=1)[order]
    wide[:, LATE] = np.where(soft, UNLIMITED, problem.tw_late.max(axis=1)[order])
    first, end = FIRST_WINDOW + 2 * windows, columns - len(chosen)
    goods = problem.delivery.copy()
    goods[[pair.delivery for pair in problem.pairs]] = 0
    wide[:, first:end:2] = goods[order]
    wide[:, first + 1 : end : 2] = (problem.pickup - problem.delivery)[order]
    wide[:, end:] = problem.preference[order][:, chosen]
    wide[:, MOST_EARNED] = wide[:, end:].max(axis=1)
    shift = 1 - problem.num_depots
    for pin in problem.pins:
        wide[np.array(pin.visits) + shift, PIN_PLACE] = UNLIMITED
    for vehicle_type, clients in fixed_visits(problem).items():
        bound = np.array(clients + followers(problem, clients), dtype=np.int64) + shift
        wide[bound, PIN_KIND] = list(chosen).index(vehicle_type)
        wide[bound[: len(clients)], PIN_PLACE] = np.arange(len(clients))
    wide[0] = 0.0
    return wide


def labelled_vehicles(
    problem: Problem, chosen: Sequence[int], vehicle: Array
) -> tuple[Array, Array]:
    """The rows of `vehicle` with the columns for labelling, and the rows of `stopover`."""
    wide = np.zeros((len(vehicle), FIRST_ROOM + 3 * problem.size("L")))
    wide[:, : vehicle.shape[1]] = vehicle
    wide[:, UNDER_WAY] = problem.under_way[list(chosen)]
    wide[:, READY] = problem.ready_time[list(chosen)]
    wide[:, MOST_DRIVING] = problem.max_driving[list(chosen)]
    wide[:, FIRST_ROOM::3] = problem.capacity[list(chosen)]
    wide[:, FIRST_ROOM + 1 :: 3] = problem.on_board[list(chosen)]
    rows: list[list[float]] = []
    for row, vehicle_type in zip(wide, chosen, strict=True):
        row[FIRST_DEPOT] = len(rows)
        row[MOST_RELOADS], depots = _reload_depots(problem, vehicle_type)
        rows += depots
        row[LAST_DEPOT] = row[FIRST_BREAK] = len(rows)
        rows += _breaks(problem, vehicle_type)
        row[LAST_BREAK] = len(rows)
        row[PINS] = sum(len(pin.visits) for pin in problem.pins if pin.vehicle_type == vehicle_type)
        row[ROOM_2] = UNLIMITED  # what a unit too much weighs is known to labels alone
        if row[MOST_RELOADS] > 0 or row[UNDER_WAY] != 0:
            row[ROOM] = UNLIMITED  # what it carries in all may be more than is ever on board
    stopover = np.zeros((len(rows), max(map(len, rows), default=0)))
    for i, values in enumerate(rows):
        stopover[i, : len(values)] = values
    return wide, stopover


def _reload_depots(problem: Problem, vehicle_type: int) -> tuple[int, list[list[float]]]:
    """How often a vehicle reloads at most, and where it may: node, opening and closing."""
    most, rows, shift = 0, [], 1 + problem.num_clients
    for item in problem.reloads:
        if item.vehicle_type == vehicle_type and item.most > 0:
            most = item.most
            rows += [
                [depot + shift, problem.tw_early[depot, 0], problem.tw_late[depot, 0]]
                for depot in sorted(item.depots)
            ]
    return most, rows


def _breaks(problem: Problem, vehicle_type: int) -> list[list[float]]:
    """The breaks of a vehicle: the columns of `stopover`, windows, the most on board."""
    rows: list[list[float]] = []
    for index in breaks_of(problem, vehicle_type):
        pause = problem.breaks[index]
        bounds = [bound for window in pause.windows for bound in window]
        head = [pause.duration, bool(pause.max_load), pause.on_the_road, len(pause.windows)]
        rows.append([*head, *bounds, *pause.max_load])
    return rows


def note_labelling(problem: Problem, fleet: Array) -> None:
    """Fill the entries of `fleet` for labelling."""
    fleet[LABELLED] = 1.0
    fleet[WINDOWS], fleet[LOADS] = problem.size("W"), problem.size("L")
    fleet[LINEHAULS_FIRST] = problem.backhaul is Backhaul.LINEHAUL_FIRST
    ruled = problem.backhaul is not Backhaul.NONE
    fleet[LINEHAUL_DUE] = ruled and not problem.backhaul_only_routes
    fleet[PINNED] = bool(problem.pins)
    windows = max([problem.size("W"), *(len(pause.windows) for pause in problem.breaks)])
    counts = (problem.unit_duration_cost > 0) | (problem.overtime_cost > 0)
    soft = "lateness_cost" in problem.active
    if (windows > 1 or soft) and (counts | (problem.max_duration < UNLIMITED)).any():
        fleet[LATER] = later_columns(windows)
