"""Inputs of VROOM: the search takes what VROOM takes, and its plans are never dearer."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from polyroute.vrp.api import solve
from polyroute.vrp.check import evaluate
from polyroute.vrp.io.vroom import read_vroom
from polyroute.vrp.io.vroom_plan import read_vroom_plan
from tests.effort import in_full
from tests.vrp.io.vroom_inputs import FEATURES, random_input

vroom = pytest.importorskip("vroom")


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(in_full(300, 40)))
def test_no_plan_is_dearer_than_that_of_vroom(seed: int, tmp_path: Path) -> None:
    rng = np.random.default_rng([seed, 7])
    chosen = [name for name in FEATURES if rng.random() < 0.4]
    text = json.dumps(random_input(seed, " ".join(chosen)))
    (tmp_path / "input.json").write_text(text)
    model = vroom.Input.from_json(tmp_path / "input.json", geometry=False)
    problem = read_vroom(text)
    try:
        theirs = model.solve(exploration_level=5, nb_threads=1).to_dict()
    except vroom._vroom.VroomInputException as error:  # a vehicle that cannot take all its breaks
        assert "Inconsistent breaks" in str(error), chosen
        return
    found = evaluate(problem, read_vroom_plan(json.dumps(theirs), problem))
    assert found.feasible or "breaks" in chosen, (chosen, found.violations)
    ours = solve(problem, iterations=2000, seed=1)
    assert ours.feasible
    assert not found.feasible or ours.evaluation.cost <= found.cost, chosen
