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


LILIM = """\
2\t10\t1
0\t0\t0\t0\t0\t100\t0\t0\t0
1\t3\t4\t6\t0\t50\t2\t0\t3
2\t6\t8\t-5\t10\t90\t2\t4\t0
3\t0\t5\t-6\t0\t90\t2\t1\t0
4\t9\t12\t5\t0\t60\t2\t0\t2
"""

CORDEAU = """\
2 2 3 2
60 10
0 0
1 3 4 1 5 1 2 1 2
2 6 8 1 5 1 2 1 2
3 10 8 1 4 1 2 1 2
4 0 0 0 0 0 0
5 10 0 0 0 0 0
"""

CORDEAU_TIMED = """\
6 2 2 1
0 10
1 3 4 1 5 1 1 1 10 20
2 6 8.5 1 5 1 1 1 0 30
3 0 0 0 0 0 0 0 100
"""

RES = """\
26.00
1 1 13.0 10 0 1 2 0
2 1 16.0 4 0 3 0
"""

FLEET = """\
NAME: fleet
TYPE: MDVRP
DIMENSION: 5
EDGE_WEIGHT_TYPE: EUC_2D
VEHICLES: 3
VEHICLES_MAX_DURATION: 99
NODE_COORD_SECTION
1 0 0
2 3 4
3 6 8
4 9 0
5 9 5
DEMAND_SECTION
1 0
4 0
2 0
3 6
5 2
CAPACITY_SECTION
1 9
2 9
3 5
VEHICLES_UNIT_DISTANCE_COST_SECTION
1 1
2 1
3 1.5
VEHICLES_DEPOT_SECTION
1 1
2 1
3 4
DEPOT_SECTION
1
4
-1
VEHICLES_ALLOWED_CLIENTS_SECTION
1 2 3
2 2 3 5
3 3 5
EOF
"""

VRPB = """\
NAME : back
TYPE : CVRP
DIMENSION : 3
CAPACITY : 9
EDGE_WEIGHT_TYPE : EUC_2D
NODE_COORD_SECTION
1 -1 0 0
2 0 3 4
3 1 6 8
DEMAND_SECTION
1 0
2 4
3 3
DEPOT_SECTION
1
-1
EOF
"""

VRPB_SECTION = """\
NAME: back
TYPE: VRPB
DIMENSION: 3
CAPACITY: 9
EDGE_WEIGHT_TYPE: EUC_2D
NODE_COORD_SECTION
1 0 0
2 3 4
3 6 8
DEMAND_SECTION
1 0
2 4
3 0
BACKHAUL_SECTION
1 0
2 0
3 3
DEPOT_SECTION
1
EOF
"""

DLP = """\
//---- three customers
3 2 999999 0 0 0
2 10 100 0.6
1 20 80 1.6
0   // the depot
0 1000 2000 3000
1000 0 1500 2500
2000 1500 0 500
3000 2500 500 0
// what each customer wants
1 4
2 6
3 9
"""
