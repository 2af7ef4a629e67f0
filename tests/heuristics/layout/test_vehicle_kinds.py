from __future__ import annotations

import numpy as np
import pytest

from polyroute.heuristics.layout.vehicle_kinds import VehicleKinds
from polyroute.vrp.problem import UNLIMITED, Problem


def fleet(**fields: object) -> Problem:
    """Four clients on a line, and a fleet."""
    return Problem(coords=[[x, 0] for x in range(5)], **fields)  # type: ignore[arg-type]


def test_vehicle_types_that_differ_in_name_and_number_only_are_one_kind() -> None:
    problem = fleet(
        fixed_cost=[5, 7, 5, 5], count=[1, 2, 1, 0], vehicle_name=("red", "blue", "green", "grey")
    )
    assert VehicleKinds.of(problem) == VehicleKinds(((0, 2), (1,)), (2, 2), (1, 2, 1, 0))


@pytest.mark.parametrize(
    "fields",
    [
        {"fixed_cost": [1, 2]},
        {"capacity": [[3], [4]]},
        {"allowed": np.array([[1, 1], [1, 0], [1, 1], [1, 1], [1, 1]])},
        {"shift_late": [90, 80]},
        {"max_stops": [1, 2]},
        {"overtime_cost": [1, 2]},
    ],
    ids=lambda fields: next(iter(fields)),
)
def test_vehicle_types_that_differ_otherwise_are_two_kinds(fields: dict[str, object]) -> None:
    assert VehicleKinds.of(fleet(count=[1, 1], **fields)).types == ((0,), (1,))


def test_there_are_no_more_vehicles_of_a_kind_than_clients() -> None:
    assert VehicleKinds.of(fleet(count=[UNLIMITED, UNLIMITED])) == VehicleKinds(
        ((0, 1),), (4,), (4, 4)
    )
