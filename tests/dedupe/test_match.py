"""The same text or not: pairs by hand, what must hold for all pairs, and texts that are meant to take for ever."""

from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feeds.dedupe.fingerprint import anchors, encoded, sample
from feeds.dedupe.match import GUARDS, LIMITS, compare, titles_fit, without, words_of
from feeds.dedupe.words import joined
from tests.dedupe.stories import (
    CUT,
    FOOTER,
    INDEPENDENT,
    LEAD,
    MINISTERS_2022,
    MINISTERS_2024,
    OPINION,
    REST,
    SUMMARY,
    WIRE,
    horoscope,
    lottery,
    obituary,
    quake,
)
from tests.values import replace

HEADLINE = "Presidents of Karsa and Orvel open joint council"
OTHER_STORY = "\n".join(
    f"{OPINION} {n} boats lay in the outer basin, and nobody on them would talk to this paper before the tide."
    for n in (1, 2)
)
CHINESE = (
    "港口在星期三清晨重新开放，第一艘渡轮载着四十名乘客、两头牛和一架钢琴离开了码头。市长对记者说，十一天的风暴过去以后，"
    "渔民终于可以出海，市场上的鱼也会便宜一些。学校将在下周开学，灯塔的修理还要等到春天。"
)
FOLLOW_UP = "\n".join((OPINION, *REST[2:]))
ROUND_UP = "\n".join((SUMMARY, OPINION, INDEPENDENT))
COUNCIL = "\n".join(
    (SUMMARY, *(f"{part} The council of the two presidents will speak to reporters again." for part in REST))
)


def told(one, other, titles=(HEADLINE, HEADLINE), limits=LIMITS):
    return compare(words_of(titles[0], one), words_of(titles[1], other), limits)


@pytest.mark.parametrize(
    ("one", "other", "rule"),
    [
        (WIRE, WIRE, "near"),
        (WIRE, WIRE.upper(), "near"),
        (WIRE, WIRE.replace("crowns", "kroner").replace("Wednesday", "Thursday"), "near"),
        (WIRE, f"{WIRE}\n{FOOTER}", "near"),
        (WIRE, f"KARSA TOWN, Jan. 8 (Our Wire) -- {CUT}", "near"),
        (WIRE, SUMMARY, "contained"),
        (WIRE, f"{SUMMARY[:-30]}…", "contained"),
        (WIRE, "\n".join((LEAD, REST[0], *REST[3:])), "near"),
        (WIRE, WIRE.replace("seven papers", "eight papers"), "near"),
        (CHINESE, CHINESE.replace("星期三", "星期四"), "near"),
    ],
    ids=[
        "itself",
        "loud",
        "two words",
        "footer",
        "cut, dateline",
        "summary",
        "broken off",
        "left out",
        "corrected",
        "han",
    ],
)
def test_copies(one, other, rule):
    assert (told(one, other).rule, told(other, one).rule) == (rule, rule)


@pytest.mark.parametrize(
    ("one", "other", "refused"),
    [
        (WIRE, INDEPENDENT, "little shared"),
        (WIRE, "", "little shared"),
        ("", "", "little shared"),
        (MINISTERS_2022, MINISTERS_2024, "other figures"),
        (lottery("3 11 17 29 40", "Monday"), lottery("5 8 21 33 39", "Monday"), "other figures"),
        (quake("5.1", 40, "Karsa", 12, 33), quake("4.6", 95, "Karsa", 51, 10), "other figures"),
        (obituary("Ilda Marn", 84, "Karsa", "Monday"), obituary("Tomas Reck", 77, "Orvel", "Friday"), "other names"),
        (WIRE, FOLLOW_UP, "too much that is not shared"),
        (LEAD + "\n" + REST[0], ROUND_UP, "a round-up"),
        (f"{OTHER_STORY}\n{SUMMARY}", SUMMARY, "shared late"),
    ],
    ids=[
        "own words",
        "no text",
        "nothing",
        "ministers",
        "lottery",
        "quakes",
        "obituaries",
        "follow-up",
        "round-up",
        "teasers",
    ],
)
def test_what_only_looks_like_it(one, other, refused):
    titles = (HEADLINE, "The week on the coast")
    comparison = told(one, other, titles)
    assert (comparison.rule, comparison.refused) == (None, refused)


@pytest.mark.parametrize(
    ("guard", "one", "other"),
    [
        ("other figures", MINISTERS_2022, MINISTERS_2024),
        ("a round-up", SUMMARY, ROUND_UP),
        ("shared late", f"{OTHER_STORY}\n{SUMMARY}", SUMMARY),
        ("other names", obituary("Ilda Marn", 84, "Karsa", "Monday"), obituary("Tomas Reck", 84, "Orvel", "Monday")),
    ],
)
def test_each_guard_alone_keeps_a_pair_apart(guard, one, other):
    titles = (HEADLINE, "The week on the coast")
    rules = [told(one, other, titles, replace(LIMITS, off=off)).rule for off in (frozenset(), frozenset(GUARDS))]
    without_it = told(one, other, titles, replace(LIMITS, off=frozenset({guard}))).rule
    assert (rules[0], rules[1] is not None, without_it is not None) == (None, True, True)


@pytest.mark.parametrize(
    ("title", "other", "long", "refused"),
    [
        ("Brass bands at the harbour", "Neighbours", COUNCIL, None),
        ("Brass bands at the harbour", "Neighbours", ROUND_UP, "a round-up"),
        ("The week on the coast", "Latest: The week on the coast", ROUND_UP, None),
        ("Briefing", "Briefing: bands", ROUND_UP, "a round-up"),
        ("Herring, seals, council", "Neighbours", ROUND_UP, "a round-up"),
        ("Herring, trade, council", "Neighbours", ROUND_UP, None),
        ("Brass bands at the harbour", "Neighbours", f"{FOOTER} {COUNCIL}", "a round-up"),
    ],
    ids=[
        "goes on",
        "goes on about others",
        "one title in the other",
        "a title of one word",
        "one word of a title",
        "two words of a title",
        "in the middle",
    ],
)
def test_a_longer_text_with_a_title_of_its_own(title, other, long, refused):
    assert told(SUMMARY, long, (other, title)).refused == refused


def test_a_text_without_long_words_tells_not_whether_another_goes_on_about_it():
    short = "He said it was all he had, and that he was to go to sea at dawn with a dog, two figs and a bag of nuts."
    assert told(short, f"{short} {OPINION}", ("Off he goes", "Herring")).refused == "a round-up"


@pytest.mark.parametrize(
    ("end", "refused"),
    [("Read more", None), ("It will meet on 3 and 9 May in room 12.", "other figures")],
    ids=["cut off", "other days"],
)
def test_what_stands_at_the_end_in_place_of_figures(end, refused):
    text = f"{LEAD} {REST[1]}"
    whole = f"{text} The council meets on 5 and 7 June in hall 40, and later in the year in Orvel."
    assert told(f"{text} {end}", whole).refused == refused


def test_horoscopes_of_a_day_and_of_the_next():
    today = horoscope("Gannet", "work", "an uncle", "bread")
    days = [today, horoscope("Gannet", "money", "the neighbour", "sleep")]
    signs = [today, horoscope("Heron", "love", "a friend", "the sea")]
    assert [told(*pair, ("Gannet today", "Heron today")).rule for pair in (days, signs)] == [None, None]


def test_what_is_told_of_a_copy():
    comparison = told(WIRE, WIRE.replace("four billion crowns", "five billion crowns"))
    assert (
        comparison.swaps,
        comparison.passages[0].split()[:4],
        [round(share, 2) for share in comparison.shares],
    ) == ((("four", "five"),), ["The", "presidents", "of", "Karsa"], [0.99, 0.99])


class TestCommon:
    def test_a_footer_is_left_out(self):
        stripped = without(words_of("", f"{LEAD} {FOOTER}"), set(anchors(joined(FOOTER))))
        assert set(words_of("", LEAD).folded) <= set(stripped.folded) and len(stripped.folded) < len(LEAD.split()) + 15

    def test_two_texts_of_one_footer_share_nothing_then(self):
        common = set(anchors(joined(FOOTER)))
        one, other = (without(words_of("", f"{text}\n{FOOTER}"), common) for text in (LEAD, OPINION))
        assert compare(one, other).refused == "little shared"

    def test_a_footer_goes_on_to_the_end(self):
        words = words_of("", f"{LEAD} {FOOTER}")
        places, hashes = sample(encoded(words.folded))
        assert without(words, set(hashes[-2:])).folded == words.folded[: places[-2]]

    def test_what_is_common_in_the_middle_does_not(self):
        text = f"{FOOTER} {LEAD}"
        stripped = without(words_of("", text), set(anchors(joined(FOOTER))))
        assert stripped.folded[-20:] == words_of("", LEAD).folded[-20:]

    def test_nothing_common_changes_nothing(self):
        words = words_of(HEADLINE, WIRE)
        assert without(words, {1, 2}) is words


@pytest.mark.parametrize(
    ("titles", "text", "fits"),
    [
        ((HEADLINE, HEADLINE), FOOTER, True),
        ((HEADLINE, f"Update: {HEADLINE}"), WIRE, True),
        (("Watch live: the regatta", "Watch live: the auction"), FOOTER, False),
        (("Episode 1", "Episode 2"), FOOTER, False),
    ],
)
def test_titles_of_one_source(titles, text, fits):
    one, other = (words_of(title, text) for title in titles)
    assert titles_fit(one, other) is titles_fit(other, one) is fits


PHRASES = st.lists(st.sampled_from([*WIRE.split(". "), *OPINION.split(". "), FOOTER, LEAD]), max_size=8).map(". ".join)


@given(PHRASES, PHRASES)
@settings(max_examples=60)
def test_it_does_not_matter_which_came_first(one, other):
    there, back = told(one, other), told(other, one)
    assert (there.rule, there.shared) == (back.rule, back.shared)


@given(PHRASES)
def test_a_text_is_its_own_copy_or_too_short(text):
    comparison = told(text, text)
    assert comparison.rule == ("near" if len(set(words_of("", text).folded)) > 30 else comparison.rule)


@given(st.text(max_size=300), st.text(max_size=300))
def test_any_two_texts_can_be_compared(one, other):
    assert all(0 <= share <= 1 for share in told(one, other).shares)


@pytest.mark.parametrize(
    "text",
    [
        "ha " * 1_000_000,
        "ha ho " * 500_000,
        " ".join(f"{n % 97} {n % 89}" for n in range(300_000)),
        "雨" * 1_000_000,
        "x" * 5_000_000,
        f"{FOOTER} " * 20_000,
    ],
    ids=["one word", "two words", "figures", "rain", "one long word", "boilerplate"],
)
def test_hostile_texts_take_no_longer_than_long_ones(text):
    begun = process_time()
    compare(words_of(text[:1000], text), words_of(text[:1000], f"well {text[: len(text) // 2]}"))
    assert process_time() - begun < 1.5
