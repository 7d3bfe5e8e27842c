"""Anchors: the same words are chosen anywhere; few, fixed, and bounded."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.dedupe.fingerprint import LEAD, LONGEST, SPARSE, WIDTH, anchors, sample
from feeds.dedupe.words import joined, units
from tests.dedupe.stories import CUT, SUMMARY, WIRE

GOLDEN = (4318658389674710854, 4612574909294224320, 3271920799811877696, 5708054220207061060, 2630723200716193603)
WORDS = st.lists(st.sampled_from("karitomelvensorbalindupek"), max_size=300)


def of(text):
    return set(anchors(joined(text)))


def test_they_are_the_same_in_every_process_and_release():
    """The store is full of them."""
    assert anchors(b"the first ferry left at dawn with forty passengers two cows and a piano") == GOLDEN


def test_a_text_of_a_shingle_less_has_none():
    assert anchors(b"one two three four") == ()


@pytest.mark.parametrize("part", [SUMMARY, CUT, WIRE.upper(), WIRE.replace(", ", " – ")])
def test_a_copy_has_those_of_what_it_copies(part):
    assert of(part) <= of(WIRE) | of(SUMMARY) and len(of(part) & of(WIRE)) >= 10


@given(WORDS, WORDS)
def test_words_in_front_change_none_of_the_sparse_ones(front, words):
    def sparse(some):
        return {h for h in sample([w.encode() for w in some]).hashes if (h >> 3) % SPARSE == 0}

    assert sparse(words) <= sparse([*front, *words])


@given(WORDS)
def test_places_are_those_of_the_shingles(words):
    encoded = [w.encode() for w in words]
    places, hashes = sample(encoded)
    assert [sample(encoded[p : p + WIDTH]).hashes for p in places if p < LEAD] == [
        [h] for p, h in zip(places, hashes, strict=True) if p < LEAD
    ]


@given(st.text(max_size=400))
def test_any_text_has_them_in_64_bits(text):
    assert all(-(1 << 63) <= h < 1 << 63 for h in anchors(joined(text)))


@pytest.mark.parametrize(
    ("text", "most"),
    [("ha " * 1_000_000, 1), (" ".join(map(str, range(300_000))), LEAD + LONGEST // 8), ("雨" * 1_000_000, 4)],
)
def test_endless_texts_have_few(text, most):
    assert len(of(text)) <= most


def test_a_script_without_spaces_counts_characters_beside_words():
    assert units(["港が開く", "ferry", "船"]) == ["港が開く", "が開く", "開く", "く", "ferry", "船"]


def test_a_footer_in_another_script_changes_nothing_before_it():
    body = "港町の役所は水曜日に新しい船の航路を発表した。船は毎朝夜明けに出て夕方に戻る。"
    assert of(body) <= of(f"{body} {SUMMARY}") and len(of(body)) >= 4
