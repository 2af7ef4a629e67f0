from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from polyroute.heuristics.compare.stored import main


def write(path: Path, **more: np.ndarray) -> Path:
    """Two instances of three clients each, on a square with the depot in a corner."""
    corners = np.array([[0, 0], [0, 1], [1, 1], [1, 0]], dtype=np.float32) / 2
    np.savez(
        path,
        locs=np.stack([corners, corners]),
        demand_linehaul=np.full((2, 3), 0.25, dtype=np.float32),
        vehicle_capacity=np.ones((2, 1), dtype=np.float32),
        **more,
    )
    return path


def test_the_mean_of_the_first_instances_stands_beside_the_stored(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = write(tmp_path / "tiny.npz", pyvrp_cost=np.array([2.0, 9.0]))
    assert main([str(file), "--time", "0.1", "--first", "1"]) == 0
    # once around the square: four sides of one half
    assert "| tiny | 2.0000 | 2.0000 | +0.000 | 0 |" in capsys.readouterr().out


def test_a_file_without_costs_is_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = write(tmp_path / "tiny.npz")
    assert main([str(file)]) == 2
    assert "holds no pyvrp_cost, expected costs to compare with" in capsys.readouterr().err
