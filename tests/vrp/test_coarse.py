"""Coordinates too close together for whole distances are noticed, and others are not."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from polyroute.commands.check import main
from polyroute.vrp.api import Builder, read
from polyroute.vrp.arcs import ArcRule
from polyroute.vrp.cli.command import BAD_INPUT, DONE
from polyroute.vrp.coarse import coarse_distances
from polyroute.vrp.errors import ProblemError, ReadError
from polyroute.vrp.problem import Problem, Scales
from polyroute.vrp.remarks import Remark

CITIES = np.array([[5085, 435], [5122, 440], [5063, 557], [5105, 372], [5047, 487]])
"""In hundredths of degrees: Brussels, Antwerp, Liège, Ghent, Namur."""

FILE = """\
TYPE : CVRP
DIMENSION : 5
EDGE_WEIGHT_TYPE : EUC_2D
CAPACITY : 2
NODE_COORD_SECTION
1 50.85 4.35
2 51.22 4.40
3 50.63 5.57
4 51.05 3.72
5 50.47 4.87
DEMAND_SECTION
1 0
2 1
3 1
4 1
5 1
DEPOT_SECTION
1
-1
EOF
"""


@pytest.mark.parametrize(("rule", "lost"), [(ArcRule.NEAREST, 9), (ArcRule.FLOOR, 10)])
def test_degrees_are_noticed_under_a_rule_that_rounds(rule: ArcRule, lost: int) -> None:
    cities = Problem(coords=CITIES, scales=Scales(grid=100), arc_rule=rule)
    # Liège and Ghent are 1.9 apart, every other pair less than 1.5
    assert coarse_distances(cities) == f"{lost} of 10 distances are rounded to 0 or 1"


def test_what_keeps_its_distances_is_left_alone() -> None:
    fine = Problem(coords=CITIES, scales=Scales(100, 1000, 1000, 1, 1000), arc_rule=ArcRule.MILLI)
    metres = Problem(coords=CITIES * 1000)
    streets = Problem(coords=np.array([[0, 0], [1, 0], [2, 0], [1, 1]]))  # blocks: lengths of 1
    one_place = Problem(coords=np.zeros((5, 2), dtype=np.int64))
    for problem in (fine, metres, streets, one_place):
        assert coarse_distances(problem) is None


def test_a_file_whose_format_rounds_gets_a_remark_with_both_ways_out(tmp_path: Path) -> None:
    path = tmp_path / "cities.vrp"
    path.write_text(FILE)
    with pytest.warns(Remark, match=r"9 of 10 distances .* --round none .* smaller unit"):
        read(path)
    read(path, round="none")
    path.write_text(FILE.replace("EUC_2D", "EXACT_2D"))
    read(path)


def test_a_builder_refuses_them_unless_the_rule_is_asked_for(tmp_path: Path) -> None:
    def built(**options: object) -> Problem:
        builder = Builder(**options)  # type: ignore[arg-type]
        builder.add_depot(50.85, 4.35)
        for x, y in ((51.22, 4.40), (50.63, 5.57), (51.05, 3.72), (50.47, 4.87)):
            builder.add_client(x, y)
        return builder.build()

    with pytest.raises(ProblemError, match="9 of 10 distances are rounded to 0 or 1, expected"):
        built()
    assert built(decimals=3).distance_matrix().max() == 1897
    assert built(round="nearest").distance_matrix().max() == 2
    nodes = [{"x": x / 100, "y": y / 100} for x, y in CITIES.tolist()]
    path = tmp_path / "cities.json"
    text = str({"depots": nodes[:1], "clients": nodes[1:]}).replace("'", '"')
    path.write_text(text)
    with pytest.raises(ReadError, match="9 of 10 distances are rounded to 0 or 1, expected"):
        read(path)
    path.write_text(text.replace("{", '{"decimals": 3, ', 1))
    assert read(path).distance_matrix().max() == 1897


def test_the_command_line_says_it_once_and_refuses_it_where_strict(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "cities.vrp").write_text(FILE)
    (tmp_path / "plan.sol").write_text("Route #1: 1 2\nRoute #2: 3 4\n")
    words = [str(tmp_path / "cities.vrp"), str(tmp_path / "plan.sol")]
    assert main(words) == DONE
    told = capsys.readouterr()
    assert told.err.count("polyroute check: remark: ") == told.err.count("\n") == 1
    assert main([*words, "--strict"]) == BAD_INPUT
    told = capsys.readouterr()
    assert told.err.startswith("polyroute check: error: ")
    assert told.out == ""
