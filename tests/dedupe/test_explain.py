"""Why two articles are, or are not, the same: what each rule says of them."""

from datetime import timedelta

import pytest

from feeds.dedupe.decide import WINDOW
from feeds.dedupe.explain import weigh
from feeds.dedupe.terms import Lexicon
from tests.dedupe.sources import PAGE, SOURCES
from tests.dedupe.stories import CUT, MINISTERS_2022, MINISTERS_2024, SUMMARY, WIRE, lottery
from tests.newsroom import LONG, OTHER, article


def told(one, other, **details):
    return weigh(_made("gazette", one), _made("herald", other), SOURCES, Lexicon.empty(), **details)


def _made(by, one):
    by, changes = (one.pop("by", by), one) if isinstance(one, dict) else (by, {"text": one})
    return article(by, by=by, **(changes | {"match_text": changes.get("text", LONG)}))


@pytest.mark.parametrize(
    ("one", "other", "rule"),
    [
        (LONG, LONG, "same text"),
        ({"title": "Presidents of Karsa and Orvel meet", "text": WIRE}, SUMMARY, "wire copy: contained"),
        (CUT, WIRE, "wire copy: near"),
        (LONG, OTHER, None),
        (MINISTERS_2022, MINISTERS_2024, None),
        ({"by": "world", "url": PAGE, "text": LONG}, {"by": "sport", "url": PAGE, "text": OTHER}, "same url"),
        ({"url": PAGE, "text": LONG}, {"url": PAGE, "text": OTHER}, None),
    ],
)
def test_the_rule_that_makes_them_one(one, other, rule):
    assert told(one, other).rule == rule


@pytest.mark.parametrize(
    ("one", "other", "reason"),
    [
        (LONG, OTHER, "the texts share 0 anchors"),
        ("Nothing to report.", LONG, "a text of less than 25 words joins none"),
        ({"url": PAGE, "text": LONG}, {"url": PAGE, "text": OTHER}, "the URL is the same, which alone"),
        ({"by": "alone", "text": LONG}, LONG, "alone takes no part: dedupe = false"),
    ],
)
def test_the_reason_why_they_are_not(one, other, reason):
    assert told(one, other).reasons[0].startswith(reason)


def test_what_was_dropped_joins_nothing():
    (reason,) = told(LONG, LONG, dropped={_made("herald", LONG).id}).reasons
    assert reason == "an article of herald was dropped"


def test_what_came_too_far_apart():
    early = _made("gazette", LONG)
    late = article("b", by="herald", text=LONG, first_seen=early.first_seen + WINDOW + timedelta(1))
    assert weigh(early, late, SOURCES, Lexicon.empty()).reasons == ("they came more than 30 days apart",)


def test_the_guards_that_speak_against_it_and_the_words_that_differ():
    found = told(lottery("3 11 17 29 40", "Monday"), lottery("5 8 21 33 39", "Monday"))
    assert ("other figures" in found.text.guards, len(found.text.comparison.swaps) > 0) == (True, True)


def test_scores_are_told_from_the_first_ones_side():
    here, there = told(WIRE, SUMMARY).text.comparison, told(SUMMARY, WIRE).text.comparison
    assert here.shares == (there.shares[1], there.shares[0])


def test_which_keys_agree():
    found = told({"text": LONG, "title": "Ferry"}, {"text": LONG, "title": "Harbour", "guid": None})
    assert found.keys == {"guid": None, "url": False, "title": False, "text": True}


def test_what_is_common_to_many_texts_does_not_count():
    found = told(LONG, LONG.replace("piano", "harp"), common_of=lambda anchors: set(anchors))
    assert (found.rule, found.anchors["shared"]) == (None, 0)


def test_reports_of_one_event_are_near():
    assert told(WIRE, SUMMARY).event.score > told(WIRE, OTHER).event.score
