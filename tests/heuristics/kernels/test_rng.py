from __future__ import annotations

import numpy as np
import pytest

from polyroute.heuristics.kernels.rng import below, bits, seeded

pytestmark = pytest.mark.plain


def twin(word: int) -> tuple[int, float]:
    """The next state of xorshift64* and its output, in Python's integers."""
    word ^= word >> 12
    word ^= (word << 25) % 2**64
    word ^= word >> 27
    return word, (word * 0x2545F4914F6CDD1D % 2**64 >> 11) / 2**53


@pytest.mark.parametrize("seed", [0, 1, 2**63])
def test_random_bits_are_those_of_xorshift64star(seed: int) -> None:
    rng = seeded(seed)
    word = int(rng[0])
    for _ in range(100):
        word, expected = twin(word)
        assert bits(rng) == expected
        assert rng[0] == word


def test_random_integers_reach_every_value_below_the_limit() -> None:
    rng = seeded(3)
    assert {int(below(rng, 6)) for _ in range(200)} == set(range(6))
    assert below(rng, 1) == 0


def test_seeds_and_streams_begin_apart_and_never_at_zero() -> None:
    words = {int(seeded(seed, stream)[0]) for seed in range(50) for stream in range(4)}
    assert len(words) == 200
    assert 0 not in words


def test_a_seed_gives_the_same_word_everywhere() -> None:
    assert seeded(0).dtype == np.uint64
    assert int(seeded(0)[0]) == 15793235383387715774
