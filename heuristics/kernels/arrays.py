"""What kernels work on: a handful of arrays in named tuples, and the names of their columns.

`Load`, `Timed` and `Rich` hold the problem and never change during a search; the class of the tuple
chooses the specialisation (see `kernels.cost.segment`). `State` holds the solution under search.
All measures are float64 that hold the problem's integers exactly.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from polyroute.heuristics.jit.by_address import pass_by_address

Array = np.ndarray

DEPOT = 0

# Columns of `node`.
X, Y, DEMAND, EARLY, LATE, SERVICE, RELEASE = range(7)
# Further columns under `Rich`: the change of the load on board (of both dimensions), what comes
# from the depot in the second one, what serving the client saves, what it costs to come to him at
# least, the same to come or to go (on an open route nothing), and whether he gets anything or gives
# anything.
NET, NET_2, DEMAND_2, GAIN, HOME, GATE, BRINGS, PICKS = range(7, 15)
NODE_COLUMNS, RICH_COLUMNS = 7, 15
# Further columns where routes are labelled (`fleet[LABELLED]`, see `cost.labelling`): the price of
# a unit of lateness (UNLIMITED: the window is hard), whether anything is delivered, which kind of
# vehicle he is pinned to (FREE_TO_GO: none) and at which place of its route (BOUND: at none, but
# his partner is), and the most that any vehicle earns with him. Behind them come the beginning and
# the end of each window, goods from the depot and the change of the load in each dimension, and
# what each kind of vehicle earns.
PRICE, DELIVERS, PIN_KIND, PIN_PLACE, MOST_EARNED, FIRST_WINDOW = range(15, 21)
FREE_TO_GO, BOUND = -1.0, -1.0
# Entries of `fleet`. Under `Rich` a vehicle's own limits are in `vehicle`.
# Arcs that cost no more than WITHIN lead from a client to another at the same place; it is below 0
# where clients hardly share any.
CAPACITY, MAX_ROUTES, MAX_DISTANCE, MAX_DURATION, MIRRORED, FORBIDDEN, WITHIN = range(7)
# Further entries under `Rich`: the length that marks forbidden arcs, what serving everybody saves,
# whether there are pairs, groups, clients who may be left out, linehauls that come first, and kinds
# of vehicles of the same form; what a unit of the second load and a stop too many weigh; the least
# that a vehicle pays for a unit of time.
CLOSED_ARC, ALL_GAINS, PAIRED, GROUPED, OPTIONAL, PHASED, MIXED = range(7, 14)
WEIGH_2, WEIGH_STOPS, LEAST_PER_TIME = 14, 15, 16
# Whether routes are labelled, visit by visit, and for that the number of windows of a client and of
# load dimensions, whether linehauls come first, whether no trip may do without one, whether anybody
# is pinned, and how many columns of a label tell of later departures (see `cost.departures`).
# Further whether they need no labels but those of `cost.split`, and whether joined pieces tell the
# least that they cost.
LABELLED, WINDOWS, LOADS, LINEHAULS_FIRST, LINEHAUL_DUE, PINNED, LATER = range(17, 24)
SPLIT, BOUNDED = 24, 25
RICH_ENTRIES = 26
# Columns of `vehicle`, a row a kind of vehicle. Kinds with the same ALIKE go on alike from any
# visit; of those with the same FORM one can take another's route, with the same times and lengths.
(
    START,
    END,
    PROFILE,
    ROOM,
    ROOM_2,
    MOST_STOPS,
    FIXED,
    PER_LENGTH,
    PER_TIME,
    REGULAR,
    OVERTIME,
    LEAVE_EARLY,
    LEAVE_LATE,
    BACK_EARLY,
    BACK_LATE,
    LONGEST,
    LASTING,
    COUNT,
    ALIKE,
    FORM,
) = range(20)
VEHICLE_COLUMNS = 20
# Further columns where routes are labelled: whether it is under way and since when it waits, how
# many visits are pinned to the beginning of its route, how often it may reload, the rows of
# `stopover` with its reload depots and with its breaks (the first, and the one behind the last),
# what passing by a depot can save at most on the way between two nodes, and the same where more
# than rounding lets it save anything; the longest time at the wheel. Behind them come the room,
# what is on board, and what a unit too much weighs, in each load dimension.
(
    UNDER_WAY,
    READY,
    PINS,
    MOST_RELOADS,
    FIRST_DEPOT,
    LAST_DEPOT,
    FIRST_BREAK,
    LAST_BREAK,
    SHORTCUT,
    LEAP,
    MOST_DRIVING,
    FIRST_ROOM,
) = range(20, 32)
# Columns of `stopover`: of a depot its node and when it opens and closes; of a break how long it
# lasts, whether it bounds the load, whether it is taken on the road, and how many windows it has.
# These follow, and then the bounds.
RELOAD_NODE, RELOAD_EARLY, RELOAD_LATE = range(3)
BREAK_LASTS, BREAK_BOUND, BREAK_ON_ROAD, BREAK_WINDOWS, FIRST_BREAK_WINDOW = range(5)
# Columns of `tie`: the other end of a pair (DEPOT: none), whether this is the pickup, and the next
# of the same group of alternatives, around in a circle.
PARTNER, IS_PICKUP, SIBLING = range(3)
# Entries of `rule`: see `vrp.arcs`.
DIGITS, GRID, HALF, FACTOR, MODE = range(5)
ROUND_DOWN, ROUND_UP, ROUND_ATT = 0.0, 1.0, 2.0


class Load(NamedTuple):
    """A problem whose routes are bound by their load alone."""

    node: Array  # (N, 7) float64
    matrix: Array  # (N, N) float64, or (0, 0): compute lengths from coordinates
    times: Array  # (0, 0): unused
    near: Array  # (N, K) int32, nearest clients first
    near_length: Array  # (N, K) float64
    rule: Array  # (5,) float64
    fleet: Array  # (7,) float64


class Timed(NamedTuple):
    """A problem with time windows or release times, or with limits on distance or duration."""

    node: Array
    matrix: Array
    times: Array  # (N, N) float64, or (0, 0): travel times equal distances
    near: Array
    near_length: Array
    rule: Array
    fleet: Array


class Rich(NamedTuple):
    """A problem with any other attribute.

    Node 0 stands for wherever a route begins and ends. Clients are the nodes from 1 to M - 1, and
    the depots themselves follow.
    """

    node: Array  # (N, 15), or more where routes are labelled
    matrix: Array  # (P, N, N) float64, or (0, 0, 0): compute lengths from coordinates
    times: Array  # (P, N, N) float64, or (0, 0, 0): travel times equal distances
    near: Array  # (M, K) int32
    near_length: Array  # (M, K) float64: the least cost of either arc, for any vehicle
    rule: Array
    fleet: Array  # (26,)
    vehicle: Array  # (V, 20) float64, or more where routes are labelled
    allowed: Array  # (M, V) uint8, or (0, 0): everybody may serve everybody
    tie: Array  # (M, 3) int64
    stopover: Array  # (H, C) float64: depots to reload at, and breaks
    mileage: Array  # (P, N, N) float64: distances where lengths are prices; or (0, 0, 0)
    setup: Array  # (P, N, N) float64: time before service for an arc driven; or (0, 0, 0)


# Columns of `link`.
PREV, NEXT, ROUTE, POS = range(4)
# Columns of `cum`: what lies up to and including a node and from it on, and the arcs beside it.
ARC_IN, ARC_OUT, PRE_LOAD, SUF_LOAD = range(4)
LOAD_COLUMNS = 4  # SUF_LOAD is for `Timed` only; with it a row is half a cache line
PRE_DIST, PRE_DUR, PRE_WARP, PRE_EARLY, PRE_LATE = 4, 5, 6, 7, 8
SUF_DIST, SUF_DUR, SUF_WARP, SUF_EARLY, SUF_LATE = 9, 10, 11, 12, 13
PRE_RELEASE, SUF_RELEASE = 14, 15
TIMED_COLUMNS = 16  # two cache lines
# Under `Rich` too, and these: highest load over the first, and what the second dimension takes.
PRE_NET, PRE_HIGH, PRE_LOAD_2, PRE_NET_2, PRE_HIGH_2, PRE_STOPS = range(16, 22)
SUF_NET, SUF_HIGH, SUF_LOAD_2, SUF_NET_2, SUF_HIGH_2, SUF_STOPS = range(22, 28)
PRE_OPEN = 28  # pairs begun and not ended
STATE_COLUMNS = 32  # four cache lines
# Entries of a piece of a route, which `cum` holds as PRE_… and SUF_…: its first and last node and
# its load; under `Timed` all up to the release, under `Rich` all of them.
PIECE_FIRST, PIECE_LAST, PIECE_LOAD = 0, 1, 2
PIECE_DIST, PIECE_DUR, PIECE_WARP, PIECE_EARLY, PIECE_LATE, PIECE_RELEASE = 3, 4, 5, 6, 7, 8
PIECE_NET, PIECE_HIGH, PIECE_LOAD_2, PIECE_NET_2, PIECE_HIGH_2, PIECE_STOPS = range(9, 15)
# Columns of `shape`: of what kind the vehicle is, and as what it was last counted in `used`.
FIRST, LAST, SIZE, KIND, COUNTED = range(5)
UNCOUNTED = -1
# Columns of `figure`, and the first entries of `total`: the cost and the excess over each limit.
# The cost is the length, or under `Rich` whatever a route costs.
COST, OVERLOAD, LATENESS, OVERRUN = range(4)
# Further entries of `total`: prices; the best cost; the cost of those who are not served, now and
# at the last commit.
LOAD_WEIGHT, TIME_WEIGHT, DISTANCE_WEIGHT, BEST, MISSED, MISSED_KEPT = range(4, 10)
# By how much more it is worth to serve somebody in the next recreation, as a share of his gain.
ZEAL = 10
TOTALS = 11
# Columns of `figure` beyond the common ones: what is loaded at the depot, and how much of the
# route's cost a move can save beyond the cost of the arcs that it removes.
ROUTE_LOAD, SPARE = 4, 5
# Entries of `tally`.
NUM_FREE, NUM_SAVED, NUM_LOGGED, NUM_DIRTY, NUM_QUEUED, QUEUE_HEAD, STAMP, NUM_OUT = range(8)
CLOSED = 8  # whether the next recreation must do with the routes in use
MARKED = 9  # the highest number in row MARK
# Who is to be served whatever it costs, if possible first on a vehicle of his own: 0 for nobody.
EAGER, EVERYBODY = 10, -1
TRIED = 11  # whether whoever is inserted next found no gap on any route that is not saved
LABEL_ROUTE = 12  # where the compiled `kernels.cost.labelling.label_route` is
# Where the compiled `price_route` and `measure_route` of `kernels.cost.route_labelled` are.
PRICE_ROUTE, MEASURE_ROUTE = 13, 14
IMPROVE = 15  # where the compiled `kernels.local_search.improve` is
# Whether the next recreation passes nothing over: every vehicle and every gap is looked at.
THOROUGH = 16
PRICING = 17  # how often prices have changed, for `cost.split_proposal`
TALLIES = 18


class State(NamedTuple):
    """A solution under search, with what undoing and improving it needs.

    A node outside of every route has ``link[u, ROUTE] == ABSENT``, or WAITING. The depot's row of
    `cum` holds the empty beginning and the empty end of every route, but not under `Rich`. N counts
    the depot and the clients, under `Rich` too.
    """

    link: Array  # (N, 4) int64
    cum: Array  # (N, LOAD_COLUMNS, TIMED_COLUMNS or STATE_COLUMNS) float64
    shape: Array  # (R, 5) int64
    figure: Array  # (R, 6) float64
    total: Array  # (11,) float64
    tally: Array  # (18,) int64
    used: Array  # (V,) int64: vehicles of each kind
    ints: Array  # (12, max(N, R)) int64: the rows below
    labels: Array  # (X, Y) float64: see `cost.labels`, empty unless routes are labelled
    log: Array  # (N + 3 R,) int64: saved routes, for undoing
    best: Array  # (N, 4) int64: `link` of the best feasible solution
    best_shape: Array  # (R, 5) int64
    best_cost: Array  # (R,) float64
    rng: Array  # (1,) uint64


ABSENT, WAITING = -1, -2
"""The ROUTE of a client on no route: left out, or (under `Rich`) about to be inserted."""


# Rows of `ints`.
FREE, ON_FREE, SAVED_AT, DIRTY, QUEUE, QUEUED, OUT, IS_DIRTY, MARK, PATH, NUM_LABELS = range(11)
PRICED_AT = 11  # the PRICING at which a route was split
NUM_ROWS = 12


for _tuple_class in (Load, Timed, Rich, State):
    pass_by_address(_tuple_class)
