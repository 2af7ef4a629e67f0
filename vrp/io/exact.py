"""Decimal numbers into a Problem's integers: finds the scales at which nothing is lost.

A number read from text is the float64 nearest to some k / 10^d. While k stays below 2^50, that
float determines k and d, so going through floats loses no digit.
"""

from __future__ import annotations

from decimal import Decimal

import numpy as np

from polyroute.vrp.arcs import ArcRule
from polyroute.vrp.errors import ProblemError
from polyroute.vrp.problem import ATTRIBUTES, UNLIMITED, Problem, Quantity, Scales
from polyroute.vrp.structure import Pair

Array = np.ndarray

LARGEST = float(UNLIMITED)
MOST_DECIMALS = 15
LARGEST_TABLE = 20_000  # nodes up to which durations are tabulated: 3.2 GB
FINEST = 7  # decimals of an unrounded length, room permitting: a total of 1,000 keeps four


def decimals(values: Array) -> int:
    """The least d such that each value is an integer over 10^d.

    Raises ProblemError for numbers that are not finite, or whose digits do not fit together
    below 2^50.
    """
    largest = np.max(np.abs(values), initial=0.0)
    for digits in range(MOST_DECIMALS + 1):
        power = 10.0**digits
        if not largest * power < LARGEST:
            break
        if (np.rint(values * power) / power == values).all():
            return digits
    raise ProblemError(
        f"numbers as large as {largest:g} do not keep all these decimals, expected at most "
        f"{MOST_DECIMALS} digits together"
    )


def is_exact(value: float) -> bool:
    """Whether some k / 10^d with k < 2^50 is the number that was read."""
    powers = (10.0**digits for digits in range(MOST_DECIMALS + 1))
    return any(
        abs(value) * power < LARGEST and round(value * power) / power == value for power in powers
    )


def plain(value: int, scale: int) -> str:
    """`value` over `scale` in plain decimal writing, as few digits as it takes."""
    text = format(Decimal(value) / scale, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def to_integers(values: Array, scale: int) -> Array:
    """`values` times `scale`, int64: exact where `scale` keeps their decimals below 2^50."""
    return np.rint(values * scale).astype(np.int64)


def exact_problem(
    raw: dict[str, Array],
    rule: ArcRule,
    *,
    name: str = "",
    node_id: tuple[str, ...] = (),
    num_depots: int = 1,
    pairs: tuple[Pair, ...] = (),
    loading: Array | None = None,
) -> Problem:
    """A Problem from dense attributes in the file's own units, by name; infinity is no limit.

    Durations are the distances, so lengths, times and costs share one scale, but for the decimals
    of costs: as many decimals as the arc rule and the file's numbers need. `loading` is how long a
    vehicle loads at each of the depots before it drives off: (num_depots,); every arc that leaves
    a depot takes so much longer, so that durations are tabulated.

    Raises ProblemError if the numbers do not fit below 2^50.
    """
    raw = dict(raw)
    kinds = {item.name: item.quantity for item in ATTRIBUTES}
    digits = dict.fromkeys(Quantity, 0)
    finite = {field: np.where(np.isinf(values), 0.0, values) for field, values in raw.items()}
    for field, values in finite.items():
        digits[kinds[field]] = max(digits[kinds[field]], _decimals_of(field, values))
    if loading is not None:
        digits[Quantity.TIME] = max(digits[Quantity.TIME], _decimals_of("service", loading))
    fine = max(digits[Quantity.LENGTH], digits[Quantity.TIME], len(str(rule.least_scale)) - 1)
    if rule is ArcRule.NONE and "distance" not in raw:
        fine = max(fine, _room(finite, 0.0 if loading is None else float(loading.max())))
    scales = Scales(
        grid=10 ** digits[Quantity.GRID],
        length=10**fine,
        time=10**fine,
        load=10 ** digits[Quantity.LOAD],
        cost=10 ** max(fine + digits[Quantity.COST_PER_LENGTH], digits[Quantity.COST]),
    )
    if scales.cost != scales.length and "unit_distance_cost" not in raw:
        finite["unit_distance_cost"] = raw["unit_distance_cost"] = np.ones(_num_types(raw))
    for field, values in finite.items():
        largest = np.max(np.abs(values), initial=0.0)
        scale = scales.of(kinds[field])
        if largest * scale >= LARGEST:
            raise ProblemError(
                f"{field} is as large as {largest:g}, too large for the decimals of the other "
                f"numbers, expected less than 2^50 / {scale}"
            )
    arrays = {
        field: np.where(
            np.isinf(raw[field]), UNLIMITED, to_integers(values, scales.of(kinds[field]))
        )
        for field, values in finite.items()
    }
    problem = Problem(
        num_depots=num_depots,
        name=name,
        scales=scales,
        arc_rule=rule,
        node_id=node_id,
        pairs=pairs,
        **arrays,  # type: ignore[arg-type]
    )
    return problem if loading is None else _loaded_first(problem, to_integers(loading, scales.time))


def _loaded_first(problem: Problem, loading: Array) -> Problem:
    """The problem with so much more time, an integer a depot, on every arc that leaves one."""
    if problem.num_nodes > LARGEST_TABLE:
        raise ProblemError(
            f"{problem.num_nodes} nodes and a depot with a service time, which takes a table of "
            f"durations, expected at most {LARGEST_TABLE}"
        )
    distance, duration = problem.distance_matrix(), problem.duration_matrix()
    leaving = duration[: problem.num_depots]
    duration[: problem.num_depots] = np.where(
        leaving < UNLIMITED, leaving + loading[:, None], UNLIMITED
    )
    np.fill_diagonal(duration, 0)
    return problem.replace(distance=distance[None], duration=duration[None])


def _num_types(raw: dict[str, Array]) -> int:
    """How many vehicle types the attributes speak of."""
    axes = {item.name: item.axes for item in ATTRIBUTES}
    return next((len(raw[field]) for field in raw if axes[field][0] == "V"), 1)


def _decimals_of(field: str, values: Array) -> int:
    try:
        return decimals(values)
    except ProblemError as error:
        raise ProblemError(f"{field}: {error}") from None


def _room(raw: dict[str, Array], loading: float) -> int:
    """Decimals that worst-case totals leave to a length, FINEST at most."""
    span = np.ptp(raw["coords"], axis=0)
    longest = float(np.hypot(*span)) + 1.0 + loading
    for field in ("tw_late", "service"):
        longest += float(np.max(raw.get(field, 0.0), initial=0.0))
    total = (2.0 * len(raw["coords"]) - 1.0) * longest
    rates = raw.get("unit_distance_cost", np.ones(1))
    total *= max(float(np.max(rates)) * 10.0 ** decimals(rates), 1.0)
    total += len(raw["coords"]) * float(np.max(raw.get("fixed_cost", 0.0), initial=0.0))
    total += float(np.sum(raw.get("prize", 0.0)))
    return max(min(FINEST, int(np.floor(np.log10(LARGEST / total)))), 0)
