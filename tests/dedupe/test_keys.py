"""Words, text keys, and the keys of one item."""

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.dedupe.keys import draft, guid_key, is_trusted, key, text_key, url_key
from feeds.dedupe.words import tokens
from tests.newsroom import LONG, article


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", []),
        ("  \n\t ", []),
        ("— … !", []),
        ("The Ferry, again!", ["the", "ferry", "again"]),
        ("snake_case and kebab-case", ["snake", "case", "and", "kebab", "case"]),
        ("It's", ["it", "s"]),
        ("It’s", ["it", "s"]),
        ("1,234.5 km²", ["1", "234", "5", "km2"]),
        ("STRASSE Straße", ["strasse", "strasse"]),
        ("ﬁne Ｆｕｌｌ", ["fine", "full"]),
        ("Cafe\u0301 Café", ["café", "café"]),
        ("नमस्ते दुनिया।", ["नमस्ते", "दुनिया"]),
        ("Привет, мир", ["привет", "мир"]),
        ("☀\ufe0f Sun", ["sun"]),
        ("東京で雨。大阪も", ["東京で雨", "大阪も"]),
    ],
)
def test_tokens(text, words):
    assert tokens(text) == words


@given(st.text())
def test_tokens_are_words(text):
    for word in tokens(text):
        assert word
        assert not any(char.isspace() for char in word)


@given(st.text())
def test_case_and_spacing_do_not_count(text):
    folded = unicodedata.normalize("NFC", text)
    assert tokens(f"  {folded}\n") == tokens(folded)


@given(st.text(alphabet=st.characters(max_codepoint=127)))
def test_ascii_and_its_upper_case_are_the_same_words(text):
    assert tokens(text.upper()) == tokens(text)


def test_many_kinds_of_signs_take_no_longer():
    text = "".join(map(chr, range(0x2190, 0x2BFF))) * 100
    start = time.process_time()
    assert tokens(text)
    assert time.process_time() - start < 1


@pytest.mark.parametrize(
    ("text", "weight"),
    [
        ("", 0),
        ("word " * 25, 25),
        ("雨" * 50, 25),
        ("雨" * 49, 24),
        ("雨 rain " * 30, 60),
        ("ฝนตก" * 20, 40),
    ],
)
def test_weight_in_words(text, weight):
    assert text_key(text)[1] == weight


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (LONG, LONG.upper(), True),
        (LONG, LONG.replace(" ", "\n"), True),
        (LONG, LONG.replace(",", " —"), True),
        (LONG, LONG.replace("eleven", "twelve"), False),
        (LONG, LONG + " More.", False),
        ("a b c", "ab c", False),
    ],
)
def test_text_key(one, other, same):
    assert (text_key(one)[0] == text_key(other)[0]) is same


def test_a_text_without_words_has_no_key():
    assert text_key("— …") == (None, 0)


def test_keys_are_the_same_for_ever():
    """Stored in every database: another value would forget what is known."""
    assert key("guid", "tag:example.org,2026:1") == -6951918142652093760
    assert text_key("The ferry returns")[0] == 5288202733331346829


@given(st.text(), st.text())
def test_kinds_do_not_mix(kind, value):
    assert key(kind, value) != key(kind + "x", value)


@pytest.mark.parametrize(
    ("url", "names_an_item"),
    [
        (None, False),
        ("", False),
        ("https://gazette.example", False),
        ("https://gazette.example/", False),
        ("https://gazette.example//", False),
        ("https://gazette.example/?p=1", True),
        ("https://gazette.example/a", True),
    ],
)
def test_a_home_page_names_no_item(url, names_an_item):
    assert (url_key(url) is not None) is names_an_item


@pytest.mark.parametrize(
    ("guid", "trusted"), [(None, False), ("", False), ("1", False), ("999", False), (" 12 ", False), ("1000", True)]
)
def test_short_guids_are_not_trusted(guid, trusted):
    assert is_trusted(guid) is trusted


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"guid": "tag:x:1"}, {"guid": "tag:x:1", "url": "https://gazette.example/moved"}),
        ({"guid": "https://g.example/a#0", "url": None}, {"guid": "https://g.example/a#1", "url": None}),
        ({"guid": None}, {"guid": None, "title": "Another headline"}),
        (
            {"guid": None, "canonical": "https://g.example/c"},
            {"guid": None, "url": "https://g.example/x", "canonical": "https://g.example/c"},
        ),
    ],
)
def test_what_the_same_item_shares(one, other):
    assert set(draft(article("a", **one)).keys) & set(draft(article("a", **other)).keys)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"guid": None, "url": None}, {"guid": None, "url": None}),
        ({"guid": "tag:x:1", "url": None}, {"guid": "tag:x:2", "url": None}),
        ({"guid": None, "url": "https://gazette.example/"}, {"guid": None, "url": "https://gazette.example/"}),
    ],
)
def test_what_others_do_not_share(one, other):
    assert not set(draft(article("a", **one)).keys) & set(draft(article("a", **other)).keys)


def test_a_draft_carries_what_matching_needs():
    one = draft(article("a", match_text=LONG), "dropped by the site's rule")
    assert (one.guid_key, one.words, one.dropped) == (
        guid_key("tag:gazette.example:a"),
        len(LONG.split()),
        "dropped by the site's rule",
    )
