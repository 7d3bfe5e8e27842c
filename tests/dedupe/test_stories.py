"""The same event, or only the same words."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.dedupe import stories
from feeds.dedupe.stories import LONG_LIST, MOST_ENTRIES, MOST_INDEXED, begin, candidates, grow, nearest, pack, unpack
from feeds.dedupe.terms import DOUBT, MOST_TERMS, YOUNG, Lexicon, terms_of
from tests.dedupe.events import EARLIER, FIRST_REPORT, OTHERS, SECOND_REPORT, WIRE
from tests.newsroom import DAY, HOUR, NOON, article

vectors = st.dictionaries(st.integers(0, 2**32 - 1), st.floats(0.001, 1), max_size=MOST_TERMS)


def about(text, title="Ministers reopen ferry line", language="en"):
    return terms_of(article(title=title, text=text, language=language))


def lexicon(*texts):
    learnt = Lexicon.empty()
    for text in texts:
        learnt.learn(about(text))
    return learnt


LEARNT = lexicon(WIRE, FIRST_REPORT, SECOND_REPORT, EARLIER, *(text for _, text in OTHERS))


def match(text, title="Ferries to sail again", published=NOON, among=(WIRE, "Ministers reopen ferry line")):
    one = about(among[0], among[1])
    story = begin(7, one, LEARNT.vector(one), NOON)
    other = about(text, title)
    return nearest(other, LEARNT.vector(other), published, [story])


@pytest.mark.parametrize("text", [FIRST_REPORT, SECOND_REPORT])
def test_independent_reports_of_one_event_join(text):
    assert match(text).joins


@pytest.mark.parametrize(("title", "text"), OTHERS)
def test_another_event_does_not_come_near(title, text):
    assert match(text, title) is None


def test_it_says_by_which_terms():
    assert {"karsa", "velmar"} <= set(match(FIRST_REPORT).words)


@pytest.mark.parametrize(("apart", "expected"), [(timedelta(0), True), (4 * DAY, False), (-5 * DAY, False)])
def test_time_between_two_counts_against_them(apart, expected):
    found = match(SECOND_REPORT, published=NOON + apart)
    assert (found is not None and found.joins) is expected


def test_beyond_the_window_even_the_same_words_are_another_event():
    assert match(WIRE, "Ministers reopen ferry line", NOON + 4 * DAY + HOUR) is None


def test_a_story_that_lasts_is_harder_to_join():
    one = about(WIRE)
    young = begin(1, one, LEARNT.vector(one), NOON + 3 * DAY)
    old = begin(1, one, LEARNT.vector(one), NOON)
    old.last = NOON + 3 * DAY
    scores = [nearest(one, LEARNT.vector(one), NOON + 3 * DAY, [s]).score for s in (young, old)]
    assert scores[0] - scores[1] == pytest.approx(0.1, abs=0.001)


def test_where_little_was_read_a_story_is_harder_to_join():
    """The same words then say less: nobody knows which of them are common."""
    one, other = about(WIRE, "Ministers reopen ferry line"), about(SECOND_REPORT)
    story, vector = begin(1, one, LEARNT.vector(one), NOON), LEARNT.vector(other)
    score = nearest(other, vector, NOON, [story]).score
    enough = score - stories.JOIN["spaced"]
    asked = (0.0, enough + 0.01)
    assert [nearest(other, vector, NOON, [story], doubt).joins for doubt in asked] == [True, False]


@pytest.mark.parametrize(("articles", "expected"), [(0, DOUBT), (YOUNG // 2, DOUBT / 2), (YOUNG, 0), (5 * YOUNG, 0)])
def test_doubt_goes_with_what_is_read(articles, expected):
    assert Lexicon(articles, Lexicon.empty().counts).doubt == pytest.approx(expected)


def test_another_language_is_another_story():
    story = begin(1, about(WIRE, language="de"), LEARNT.vector(about(WIRE)), NOON)
    assert nearest(about(WIRE), LEARNT.vector(about(WIRE)), NOON, [story]) is None


def test_a_full_story_takes_no_more():
    one = about(WIRE)
    story = begin(1, one, LEARNT.vector(one), NOON)
    story.entries = MOST_ENTRIES
    assert nearest(one, LEARNT.vector(one), NOON, [story]) is None


def test_the_older_of_two_that_share_as_much_comes_first():
    vector = LEARNT.vector(about(WIRE))
    term = next(iter(vector))
    assert candidates(vector, {term: [9, 3, 5]}) == [3, 5, 9]


def test_a_term_of_too_many_stories_finds_none():
    vector = LEARNT.vector(about(WIRE))
    assert candidates(vector, {term: list(range(LONG_LIST + 1)) for term in vector}) == []


def test_a_story_that_grows_is_found_by_more_terms():
    story = begin(1, about(WIRE), LEARNT.vector(about(WIRE)), NOON)
    before = story.indexed
    added = grow(story, LEARNT.vector(about(SECOND_REPORT)), NOON + HOUR)
    assert (story.entries, story.last, story.indexed) == (2, NOON + HOUR, before | added)


@given(vectors)
def test_a_vector_is_stored_whole(vector):
    assert list(unpack(pack(vector)).items()) == list(vector.items())


@given(st.lists(vectors.filter(bool), min_size=1, max_size=30))
def test_a_story_never_outgrows_its_bounds(several):
    story = begin(1, about(WIRE), several[0], NOON)
    for vector in several:
        grow(story, vector, NOON)
    assert (len(story.vector) <= MOST_TERMS, len(story.indexed) <= MOST_INDEXED) == (True, True)


def test_a_headline_alone_needs_more():
    one = about("", "Ministers reopen ferry line across strait")
    story = begin(1, one, LEARNT.vector(one), NOON)
    assert nearest(one, LEARNT.vector(one), NOON, [story]).bound == stories.JOIN_SHORT
