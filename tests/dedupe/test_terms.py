"""What a text is about."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.dedupe.terms import ALL_COUNT, BUCKETS, HALVED_AT, MOST_TERMS, SAMPLE, Lexicon, terms_of
from tests.newsroom import article
from tests.values import replace


def about(title="", text="", language="en"):
    return terms_of(article(title=title, text=text, language=language))


def weights(one):
    return dict(zip(one.words, one.weights, strict=True))


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Ferries sail to Karsa", "en", ("ferrie", "sail", "to", "karsa")),
        ("مجلس الوزراء والوزراء", "ar", ("مجلس", "وزراء")),
        ("東京港が再開", "ja", ("東京", "京港", "港が", "が再", "再開")),
        ("東京 1964", "ja", ("東京", "1964")),
        ("", "en", ()),
    ],
    ids=["stems", "without proclitics", "pairs of signs", "figures among signs", "nothing"],
)
def test_terms_of(text, language, expected):
    assert about(text=text, language=language).words == expected


def test_a_word_of_the_title_counts_more_than_one_of_the_lead():
    one = weights(about("tide", "ebb"))
    assert one["tide"] > one["ebb"]


def test_a_name_counts_more_than_a_word():
    one = weights(about(text="They say that Doran wept in a small boat on the way"))
    assert one["doran"] == 2 * one["wept"]


def test_the_first_word_of_a_sentence_is_no_name():
    one = weights(about(text="He slept on the quay all day. Ferries came and went without him"))
    assert one["ferrie"] == one["slept"]


def test_capitals_throughout_name_nothing():
    assert len(set(about(text="DORAN WEPT IN A SMALL BOAT").weights)) == 1


@pytest.mark.parametrize(("title", "expected"), [("Watch live", False), ("Doran and Strand meet in Karsa", True)])
def test_a_headline_tells_an_event_when_it_has_enough_words(title, expected):
    assert about(title, "").tells is expected


def test_the_same_word_is_another_term_in_another_language():
    assert set(about("gift").hashes).isdisjoint(about("gift", language="de").hashes)


def test_small_words_weigh_little_before_anything_is_learnt():
    one = about(text="the piers of the quay")
    vector = Lexicon.empty().vector(one)
    by_word = dict(zip(one.words, one.hashes, strict=True))
    assert vector[by_word["piers"]] > vector[by_word["the"]]


def test_what_is_common_weighs_less():
    lexicon, one = Lexicon.empty(), about(text="ferries lantern")
    common, rare = one.hashes
    before = lexicon.vector(one)
    for _ in range(100):
        lexicon.learn(about(text="ferries"))
    after = lexicon.vector(one)
    assert (before[common] == before[rare], after[common] < after[rare]) == (True, True)


def test_a_full_lexicon_counts_one_in_eight():
    lexicon = replace(Lexicon.empty(), articles=ALL_COUNT)
    counted = [lexicon.learn(about(text=f"w{number} and others")) for number in range(400)]
    assert 20 < sum(counted) < 90


def test_counts_are_halved_in_time():
    one = next(t for t in (about(text=f"w{n} and others") for n in range(99)) if sum(t.hashes[:3]) % SAMPLE == 0)
    lexicon = Lexicon.empty()
    lexicon.articles = HALVED_AT
    for place in range(BUCKETS):
        lexicon.counts[place] = HALVED_AT
    lexicon.learn(one)
    assert (lexicon.articles, min(lexicon.counts)) == (HALVED_AT // 2 + 1, HALVED_AT // 2)


@given(st.text(max_size=300), st.text(max_size=3000), st.sampled_from([None, "en", "zh-Hant", "ar"]))
def test_any_text_has_terms_within_bounds(title, text, language):
    one = about(title, text, language)
    vector = Lexicon.empty().vector(one)
    sizes = {len(one.words), len(one.hashes), len(one.weights), len(one.guesses)}
    assert (len(sizes), len(vector) <= MOST_TERMS, sum(w * w for w in vector.values()) <= 1.0001) == (1, True, True)
