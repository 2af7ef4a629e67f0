"""Each rule against integer arithmetic, and TSPLIB's own check values."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal, localcontext
from math import isqrt

import numpy as np
import pytest

from polyroute.vrp.arcs import ArcRule, arc_lengths, geo_lengths
from polyroute.vrp.errors import ProblemError
from tests.benchmarks import benchmark

# -- slow twins: k is dx² + dy² in grid steps, g the grid scale, s the length scale --------------
# floor(√k · c / g) = isqrt(k c²) // g, and x rounded with halves up = floor(2x + 1) // 2.


def halves_up(k: int, g: int, digits: int) -> int:
    return (isqrt(4 * k * digits * digits) // g + 1) // 2


def ceil_of_root(k: int, g: int) -> int:
    """The least m with m · g ≥ √k."""
    root = isqrt(k)
    root += root * root < k
    return -(-root // g)


def ceil_of_root_of_tenth(k: int, g: int) -> int:
    """ATT: the least m with m² g² ≥ k / 10."""
    m = isqrt(k // 10) // g
    while 10 * (m * g) ** 2 < k:
        m += 1
    return m


TWINS: dict[ArcRule, Callable[[int, int, int], int]] = {
    ArcRule.NEAREST: lambda k, g, s: halves_up(k, g, 1) * s,
    ArcRule.FLOOR: lambda k, g, s: isqrt(k) // g * s,
    ArcRule.CEIL: lambda k, g, s: ceil_of_root(k, g) * s,
    ArcRule.TRUNC1: lambda k, g, s: isqrt(100 * k) // g * (s // 10),
    ArcRule.MILLI: lambda k, g, s: halves_up(k, g, 1000) * (s // 1000),
    ArcRule.NONE: lambda k, g, s: halves_up(k, g, s),
    ArcRule.ATT: lambda k, g, s: ceil_of_root_of_tenth(k, g) * s,
}
PLANAR = pytest.mark.parametrize("rule", TWINS, ids=lambda rule: rule.label)


def check_against_twin(rule: ArcRule, dx: int, dy: int, grid: int, scale: int) -> None:
    scale *= rule.least_scale
    length = arc_lengths(np.array([dx, 3]), np.array([0, 3 + dy]), rule, grid, scale)
    expected = TWINS[rule](dx * dx + dy * dy, grid, scale)
    assert int(length) == expected, (dx, dy, grid, scale)


@PLANAR
@pytest.mark.parametrize("grid", [1, 2, 10, 1000])
def test_planar_rules_equal_integer_arithmetic(rule: ArcRule, grid: int) -> None:
    rng = np.random.default_rng(grid)
    for reach in (5, 100, 10_000, 1_000_000):
        for dx, dy in rng.integers(-reach, reach + 1, (150, 2)):
            check_against_twin(rule, int(dx), int(dy), grid, 1)


@PLANAR
def test_whole_lengths_and_halves_land_on_the_right_side(rule: ArcRule) -> None:
    # 3-4-5 triangles: at grid scale 2 every odd multiple has a length that ends in a half
    for factor in range(1, 200):
        for grid in (1, 2, 10, 20):
            check_against_twin(rule, 3 * factor, 4 * factor, grid, 1)


@PLANAR
def test_a_finer_length_scale_changes_the_steps_and_not_the_rule(rule: ArcRule) -> None:
    rng = np.random.default_rng(1)
    for dx, dy in rng.integers(-500, 500, (100, 2)):
        check_against_twin(rule, int(dx), int(dy), 1, 100)


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (ArcRule.NEAREST, 3),  # 2.5 goes up
        (ArcRule.FLOOR, 2),
        (ArcRule.CEIL, 3),
        (ArcRule.TRUNC1, 25),
        (ArcRule.MILLI, 2500),
        (ArcRule.NONE, 3),  # at length scale 1
        (ArcRule.ATT, 1),  # √0.625 = 0.79
    ],
)
def test_a_length_of_two_and_a_half(rule: ArcRule, expected: int) -> None:
    tail, head = np.array([0, 0]), np.array([3, 4])
    assert arc_lengths(tail, head, rule, 2, rule.least_scale) == expected


def test_every_rule_has_a_twin_or_check_values() -> None:
    assert set(ArcRule) == set(TWINS) | {ArcRule.GEO}


def test_lengths_are_symmetric_and_broadcast() -> None:
    rng = np.random.default_rng(2)
    places = rng.integers(-9000, 9000, (20, 2))
    for rule in ArcRule:
        scale = rule.least_scale
        lengths = arc_lengths(places[:, None], places[None, :], rule, 100, scale)
        assert lengths.shape == (20, 20)
        assert lengths.dtype == np.int64
        assert (lengths == lengths.T).all()


# -- GEO -----------------------------------------------------------------------------------


def radians(value: int) -> Decimal:
    """DDD.MM in hundredths of a degree's writing; minutes are the last two digits."""
    degrees, minutes = divmod(abs(value), 100)
    angle = Decimal("3.141592") * (degrees + Decimal(5) * minutes / 300) / 180
    return angle if value >= 0 else -angle


def cosine(angle: Decimal) -> Decimal:
    """The Taylor series, to the precision of the context."""
    term = total = Decimal(1)
    step = 0
    while abs(term) > Decimal("1e-40"):
        step += 2
        term *= -angle * angle / (step * (step - 1))
        total += term
    return total


def reaches(tail: tuple[int, int], head: tuple[int, int], kilometres: int) -> bool:
    """Whether the great circle is at least `kilometres` long, by comparing cosines."""
    (lat_t, lon_t), (lat_h, lon_h) = ((radians(x), radians(y)) for x, y in (tail, head))
    q1, q2, q3 = cosine(lon_t - lon_h), cosine(lat_t - lat_h), cosine(lat_t + lat_h)
    return ((1 + q1) * q2 - (1 - q1) * q3) / 2 <= cosine(Decimal(kilometres) / Decimal("6378.388"))


def test_geo_equals_decimal_arithmetic() -> None:
    rng = np.random.default_rng(5)
    with localcontext() as context:
        context.prec = 50
        for _ in range(60):
            lat_t, lat_h = (int(v) * 100 for v in rng.integers(-89, 90, 2))
            lon_t, lon_h = (int(v) * 100 for v in rng.integers(-179, 180, 2))
            minutes = rng.integers(0, 60, 4)
            tail = (lat_t + int(minutes[0]), lon_t + int(minutes[1]))
            head = (lat_h + int(minutes[2]), lon_h + int(minutes[3]))
            length = int(geo_lengths(np.array(tail), np.array(head), 100))
            assert reaches(tail, head, length - 1)
            assert length > 20_000 or not reaches(tail, head, length)


def test_geo_is_one_kilometre_between_equal_points() -> None:
    assert geo_lengths(np.array([4530, 830]), np.array([4530, 830]), 100) == 1


# -- check values that TSPLIB95 publishes for the tour 1, 2, …, n -------------------------------


@pytest.mark.parametrize(
    ("name", "rule", "grid", "expected"),
    [("pcb442", ArcRule.NEAREST, 1, 221_440), ("gr666", ArcRule.GEO, 100, 423_710)],
)
def test_canonical_tours_have_their_published_lengths(
    name: str, rule: ArcRule, grid: int, expected: int
) -> None:
    text = benchmark(f"tsp/{name}.tsp").read_text().split("NODE_COORD_SECTION")[1]
    rows = [line.split() for line in text.splitlines() if len(line.split()) == 3]
    places = np.array([[round(float(x) * grid), round(float(y) * grid)] for _, x, y in rows])
    lengths = arc_lengths(places, np.roll(places, -1, axis=0), rule, grid, 1)
    assert len(places) == int(name[-3:])
    assert lengths.sum() == expected


# -- names ---------------------------------------------------------------------------------


def test_labels_name_the_rules() -> None:
    assert [ArcRule.from_label(rule.label) for rule in ArcRule] == list(ArcRule)
    with pytest.raises(ProblemError, match="rounding rule 'up' is unknown, expected one of near"):
        ArcRule.from_label("up")
