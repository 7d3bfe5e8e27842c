"""Anchors: a sample of a text's shingles, the same wherever the words stand, by which copies are found."""

import sys
from array import array
from collections.abc import Sequence
from itertools import compress
from typing import NamedTuple
from zlib import crc32

from feeds.dedupe.words import units

WIDTH = 5  # units to a shingle: five words, eight characters of scripts without spaces
LEAD, DENSE, SPARSE = 96, 4, 16  # of the first shingles one in four, of the others one in sixteen
LONGEST = 2000  # units that are sampled: what two texts share stands near the beginning

# Odd and of 29 bits: five of them times the 32 bits of a word's CRC fill 64 bits and no more.
WEIGHTS = (0x1A2B6C75, 0x13C6EF37, 0x1E3779B9, 0x0F1BBCDD, 0x1CA62C1D)
OF_SPACED = bytes(c for c in range(256) if c not in (0xE0, *range(0xE3, 0xEA), 0xEF))  # no kana, han or Thai begins so
ONE_IN_DENSE = bytes((c >> 3) % DENSE == 0 for c in range(256))
ONE_IN_SPARSE = bytes((c >> 3) % SPARSE == 0 for c in range(256))


class Sample(NamedTuple):
    """The chosen shingles of a text: where each begins, and its signed 64-bit hash."""

    places: list[int]
    hashes: list[int]


def anchors(joined: bytes) -> tuple[int, ...]:
    """The distinct anchors of a text's words as `words.joined` gives them."""
    words = joined.split(b" ", LONGEST)[:LONGEST]
    if not joined.isascii() and joined.translate(None, OF_SPACED):
        words = encoded(units(b" ".join(words).decode("utf-8", "surrogatepass").split(" ")))
    return tuple(dict.fromkeys(sample(words).hashes))


def expected(words: int) -> float:
    """How many anchors a text of so many words has, give or take."""
    return min(words, LEAD) / DENSE + max(min(words, LONGEST) - LEAD, 0) / SPARSE


def encoded(words: Sequence[str]) -> list[bytes]:
    """Units as `sample` takes them."""
    return [word.encode("utf-8", "surrogatepass") for word in words]


def sample(words: Sequence[bytes]) -> Sample:
    """The anchors among the first units of a text.

    Whether a shingle is one depends on nothing but itself. All hashes are made at once: the units' CRCs are one long
    number, 64 bits for each, and the weighted sum of it and of itself shifted holds the hash of every shingle.
    """
    words = words[:LONGEST]
    count = len(words) - WIDTH + 1
    if count < 1:
        return Sample([], [])
    number = int.from_bytes(_little(array("Q", map(crc32, words))), "little")
    sums = sum((number >> 64 * n) * WEIGHTS[n] for n in range(WIDTH)).to_bytes(8 * len(words) + 8, "little")
    chosen = sums[0 : 8 * min(LEAD, count) : 8].translate(ONE_IN_DENSE)
    chosen += sums[8 * LEAD : 8 * count : 8].translate(ONE_IN_SPARSE)
    hashes = array("q", sums)
    if sys.byteorder == "big":
        hashes.byteswap()
    return Sample(list(compress(range(count), chosen)), list(compress(hashes, chosen)))


def _little(values: "array[int]") -> bytes:
    if sys.byteorder == "big":
        values.byteswap()
    return values.tobytes()
