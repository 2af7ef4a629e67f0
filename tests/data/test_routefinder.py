from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from polyroute.data.routefinder import HORIZON, LONGEST, VARIANTS, capacity, draw, main, npz
from polyroute.vrp.io import count_instances, read_problem
from polyroute.vrp.io.routefinder import read_routefinder
from polyroute.vrp.problem import NOWHERE, UNLIMITED, Backhaul


def test_there_are_48_variants_under_the_names_of_the_paper() -> None:
    assert len(VARIANTS) == 48
    named = {"cvrp", "ovrp", "vrpb", "vrpmbl", "ovrpbltw", "mdcvrp", "mdovrpmbltw", "mdvrptw"}
    assert named <= VARIANTS.keys()


@pytest.mark.parametrize("name", VARIANTS)
def test_a_drawn_instance_is_read_as_its_variant(name: str) -> None:
    problem = read_routefinder(npz(draw(VARIANTS[name], 20, 1, np.random.default_rng(7))))
    asked = VARIANTS[name]
    assert problem.num_clients == 20
    assert problem.num_depots == (3 if asked.several_depots else 1)
    assert problem.variant.lower() == name
    assert (problem.end_depot == NOWHERE).all() == asked.open_routes
    kinds = (Backhaul.NONE, Backhaul.LINEHAUL_FIRST, Backhaul.MIXED)
    assert problem.backhaul is kinds[asked.backhaul]
    assert (problem.tw_late < UNLIMITED).all() == asked.windows
    assert (problem.max_distance < UNLIMITED).all() == asked.length_limit
    assert problem.capacity.tolist() == [[30]] * problem.num_vehicle_types


def test_every_client_can_be_served_from_every_depot() -> None:
    arrays = draw(VARIANTS["mdvrpltw"], 30, 50, np.random.default_rng(2))
    locs, windows = arrays["locs"].astype(float), arrays["time_windows"].astype(float)
    away = np.linalg.norm(locs[:, :3, None] - locs[:, None, 3:], axis=3).max(axis=1)
    early, late = windows[:, 3:, 0], windows[:, 3:, 1]
    assert (early >= away - 1e-6).all()
    assert (late + arrays["service_time"][:, 3:] + away <= HORIZON + 1e-6).all()
    assert (arrays["distance_limit"] >= 2 * away.max(axis=1, keepdims=True) - 1e-6).all()


def test_the_distributions_are_those_of_the_paper() -> None:
    arrays = draw(VARIANTS["vrpmbltw"], 100, 200, np.random.default_rng(3))
    assert capacity(100) == 50
    assert [capacity(size) for size in (20, 50, 2000)] == [30, 40, 260]
    line, back = arrays["demand_linehaul"] * 50, arrays["demand_backhaul"] * 50
    assert (back > 0).mean() == pytest.approx(0.2, abs=0.01)
    assert not ((line > 0) & (back > 0)).any()
    assert np.unique(line.round(3)).tolist() == list(range(10))
    assert line[line > 0].mean() == pytest.approx(5.0, abs=0.05)
    assert arrays["distance_limit"].max() <= LONGEST + 0.03
    assert 0.15 <= arrays["service_time"][:, 1:].min() <= arrays["service_time"].max() <= 0.18
    width = np.diff(arrays["time_windows"][:, 1:], axis=2)
    assert 0.18 - 1e-6 <= width.min() <= width.max() <= 0.2 + 1e-6


def test_the_command_line_writes_files_that_are_read_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["--size", "12", "--number", "3", "--seed", "5", "--out", str(tmp_path)]
    assert main(["--variant", "ovrpbtw", "--variant", "mdcvrp", *words]) == 0
    paths = [Path(line) for line in capsys.readouterr().out.splitlines()]
    assert [path.name for path in paths] == ["ovrpbtw-n12-s5.npz", "mdcvrp-n12-s5.npz"]
    assert count_instances(paths[0]) == 3
    assert read_problem(f"{paths[0]}:2").variant == "OVRPBTW"
    before = read_problem(f"{paths[0]}:1")
    assert main(["--variant", "ovrpbtw", *words]) == 0
    assert read_problem(f"{paths[0]}:1").equals(before)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--variant", "tsp"], "invalid choice: 'tsp'"),
        (["--size", "0"], "0 is not above 0"),
        (["--seed", "-1"], "seed is -1, expected at least 0"),
    ],
)
def test_what_makes_no_sense_is_refused(
    words: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 2
    assert message in capsys.readouterr().err


def test_a_folder_that_cannot_be_made_is_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    assert main(["--out", str(tmp_path / "file" / "below")]) == 2
    assert "cannot be written" in capsys.readouterr().err
