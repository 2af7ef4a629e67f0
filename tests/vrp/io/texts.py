"""Small files that are right, for tests that read them or spoil them."""

from __future__ import annotations

CVRP = """\
NAME : tiny
COMMENT : "five nodes, the depot is the third"
TYPE : CVRP
DIMENSION : 5
EDGE_WEIGHT_TYPE : EUC_2D
CAPACITY : 10
NODE_COORD_SECTION
1 0 0
2 0 10
3 3 4
4 10 0
5 10 10.5
DEMAND_SECTION
1 4
2 6
3 0
4 3
5 10
DEPOT_SECTION
3
-1
EOF
"""

VRPTW = """\
NAME: windows
TYPE: VRPTW
DIMENSION: 3
VEHICLES: 2
CAPACITY: 5
EDGE_WEIGHT_TYPE: EXPLICIT
EDGE_WEIGHT_FORMAT: FULL_MATRIX
EDGE_WEIGHT_SECTION
0 7 9
8 0 4
6 5 0
DEMAND_SECTION
1 0
2 2
3 3
DEPOT_SECTION
1
-1
SERVICE_TIME_SECTION
1 0
2 20
3 30
TIME_WINDOW_SECTION
1 0 500
2 10 60
3 100 400
EOF
"""

TSP = """\
NAME : square
TYPE : TSP
DIMENSION : 4
EDGE_WEIGHT_TYPE : CEIL_2D
NODE_COORD_SECTION
1 0.0 0.0
2 3.5e+00 0.0
3 3.5 3.5
4 0 3.5
EOF
"""

SOLOMON = """\
R-tiny

VEHICLE
NUMBER     CAPACITY
  3         20

CUSTOMER
CUST NO.  XCOORD.  YCOORD.  DEMAND  READY TIME  DUE DATE  SERVICE TIME

    0      35      35       0        0      230        0
    1      41      49      10      161      171       10
    2      35      17       7       50       60       10
    3      55      45      13      116      126       10
"""

SOL = """\
Route #1: 1 2
Route #2: 4 3
Cost 54
"""

TOUR = """\
NAME : square.tour
TYPE : TOUR
DIMENSION : 4
TOUR_SECTION
2
3
4
1
-1
EOF
"""


def spoilt(text: str, old: str, new: str) -> str:
    """`text` with the one place where `old` stands changed to `new`."""
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times"
    return text.replace(old, new)
