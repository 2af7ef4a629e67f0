"""Random numbers inside kernels: xorshift64*, one state word a thread (Vigna 2016, TOMACS 42:4).

Numba's own generators are seeded a thread and cannot be resumed; a word of our own can.
"""

from __future__ import annotations

from math import log

import numpy as np

from polyroute.heuristics.jit.options import inline, specialise

Array = np.ndarray

BLINK = 0.01
"""Chance of passing over a gap unseen (Christiaens & Vanden Berghe 2020, §5.2)."""

GAPS_SEEN = 1.0 / log(1.0 - BLINK)
"""Times the logarithm of a random number: the gaps before the next one that is passed over."""

SCRAMBLE = 0x2545F4914F6CDD1D


def seeded(seed: int, stream: int = 0) -> Array:
    """A generator's state, uint64 (1,): never zero, far apart for neighbouring seeds."""
    word = np.random.SeedSequence([seed, stream]).generate_state(1, np.uint64)
    return np.maximum(word, np.uint64(1))


def scrambled(word):
    """`word` times SCRAMBLE modulo 2^64: what wraps when compiled is an overflow to numpy."""
    return np.uint64(int(word) * SCRAMBLE % 2**64)


@specialise(scrambled)
def _choose_scrambled(word):
    return lambda word: word * np.uint64(SCRAMBLE)


@inline
def bits(rng):
    """53 random bits as a float in [0, 1); advances `rng`."""
    word = rng[0]
    word ^= word >> np.uint64(12)
    word ^= word << np.uint64(25)
    word ^= word >> np.uint64(27)
    rng[0] = word
    return np.float64(scrambled(word) >> np.uint64(11)) * (1.0 / 2**53)


@inline
def below(rng, limit):
    """A random integer in [0, limit); advances `rng`."""
    return int(bits(rng) * limit)


@inline
def next_blink(rng):
    """How many gaps on the next one is passed over; advances `rng`."""
    return 1 + int(log(max(bits(rng), 1e-300)) * GAPS_SEEN)
