"""Filling articles with the text of their pages, on both engines."""

import pytest

from feeds.normalise.revision import filled
from tests.newsroom import HOUR, LONG, MINUTE, OTHER, Desk, article, read, source
from tests.pipeline.rehearsing import rehearsed
from tests.values import replace

GAZETTE, HERALD = source("gazette"), source("herald")
TEASER = article("a", text="The ferry sails.", match_text="The ferry sails.", summary="The ferry sails.")
PAGE = article("page", text=LONG, match_text=LONG, summary=LONG[:80], content=f"<p>{LONG}</p>")


@pytest.fixture
def desk(store):
    desk = Desk(store, GAZETTE, HERALD)
    desk.poll("gazette", TEASER)
    return desk.later(HOUR)


def fill(desk, *articles, page=PAGE, digest=TEASER.digest, token=0):
    (claim,) = desk.claim("gazette")
    one = replace(read(replace(claim, token=claim.token + token), GAZETTE, articles), late=((digest, page),))
    return desk.settle(one)


def test_the_text_is_the_pages_and_nothing_else_moves(desk):
    (before,) = desk.entries()
    fill(desk)
    (after,) = desk.entries()
    assert after.lead == replace(before.lead, text=LONG, match_text=LONG, content=PAGE.content)
    assert after.entry == before.entry


def test_it_is_rendered_again(desk):
    with desk.store.reading() as shelf:
        before = shelf.version()
    fill(desk)
    with desk.store.reading() as shelf:
        assert shelf.version() == before + 1


def test_a_copy_that_comes_later_joins_by_the_text(desk):
    fill(desk)
    desk.later(HOUR).poll("herald", article("copy", by="herald", title="Another headline", text=LONG, match_text=LONG))
    assert [len(entry.copies) for entry in desk.entries()] == [2]


def test_a_rehearsal_of_the_same_rules_takes_what_was_decided_before_as_given(desk):
    desk.poll("herald", article("copy", by="herald", title="Another headline", text=LONG, match_text=LONG))
    desk.later(HOUR).poll("gazette", article("b", text="The tide is late.", match_text="The tide is late.", digest=5))
    fill(desk.later(HOUR), digest=5)
    assert rehearsed(desk).differences == ()


@pytest.mark.parametrize(
    "how",
    [{"digest": 1}, {"token": 1}, {"page": replace(PAGE, text="Short.")}],
    ids=["another item", "lost lease", "shorter"],
)
def test_left_alone(desk, how):
    (before,) = desk.entries()
    fill(desk, **how)
    assert desk.entries() == [before]


def test_what_the_source_changes_in_the_same_poll_counts(desk):
    fill(desk, replace(TEASER, text=OTHER, match_text=OTHER, digest=2))
    assert [entry.lead.text for entry in desk.entries()] == [OTHER]


def test_of_a_page_that_must_be_paid_for_only_that_is_taken():
    assert filled(TEASER, replace(PAGE, paywall=True)) == replace(TEASER, paywall=True)


class TestAPageWithAnothersText:
    """Filled, an article is what it would have been with its text at once: what had the words first lives on."""

    @pytest.fixture
    def copied(self, desk):
        desk.poll("herald", article("copy", by="herald", title="Another headline", text=LONG, match_text=LONG))
        return desk.later(HOUR)

    def test_its_entry_goes_into_that_of_the_other(self, copied):
        mine, other = (entry.entry for entry in copied.entries())
        fill(copied)
        (after,) = copied.entries()
        assert (after.entry.id, after.lead.source, {c.source for c in after.copies}, after.entry.updated) == (
            other.id,
            "herald",
            {"gazette", "herald"},
            other.updated,
        )
        assert [(one.entry.id, one.into) for one in copied.merged()] == [(mine.id, copied.number("Another headline"))]

    def test_it_stands_where_the_other_stands_and_no_more_beside_it(self, copied):
        assert sorted(copied.listed()) == ["Another headline", "Report a"]
        fill(copied)
        assert copied.listed() == ["Another headline"]

    def test_its_poll_counts_it(self, copied):
        assert [(poll.source, poll.merged_late, poll.changed) for poll in fill(copied)] == [("gazette", 1, 0)]

    def test_split_brings_it_back_for_good(self, copied):
        before = [entry.entry.id for entry in copied.entries()]
        fill(copied)
        copied.later(HOUR).split("Report a")
        fill(copied.later(HOUR))
        assert [entry.entry.id for entry in copied.entries()] == before

    def test_one_that_others_carry_too_stays(self, copied):
        copied.poll("gazette", article("b", text=OTHER, match_text=OTHER, digest=5))
        copied.later(HOUR).poll("herald", article("c", by="herald", title="Bells", text=OTHER, match_text=OTHER))
        long = f"{LONG} {OTHER}"
        fill(copied.later(HOUR), digest=5, page=replace(PAGE, text=long, match_text=long))
        assert sorted(len(entry.copies) for entry in copied.entries()) == [1, 1, 2]

    def test_a_source_that_takes_no_part_stays_apart(self, store):
        desk = Desk(store, replace(GAZETTE, dedupe=False), HERALD)
        desk.poll("gazette", TEASER)
        desk.later(HOUR).poll("herald", article("copy", by="herald", title="Bells", text=LONG, match_text=LONG))
        fill(desk.later(HOUR))
        assert [len(entry.copies) for entry in desk.entries()] == [1, 1]

    def test_a_rehearsal_of_the_same_rules_differs_in_nothing(self, copied):
        fill(copied)
        assert rehearsed(copied).differs is False

    def test_a_copy_that_is_settled_with_it_joins_it_as_it_would_later(self, desk):
        """The documents of a transaction count in their order, as if each had one of its own."""
        (mine,) = desk.entries()
        (claim,), (its,) = desk.claim("gazette"), desk.claim("herald")
        copy = article("copy", by="herald", title="Another headline", text=LONG, match_text=LONG)
        filling = replace(read(claim, GAZETTE, ()), late=((TEASER.digest, PAGE),))
        desk.settle(filling, read(its, HERALD, [replace(copy, first_seen=desk.now)]))
        assert [(one.entry.id, len(one.copies)) for one in desk.entries()] == [(mine.entry.id, 2)]


def test_a_lead_whose_page_says_something_else_stands_by_itself(store):
    """Else a source that prints another's teaser could put its own page over the other's article."""
    desk = Desk(store, GAZETTE, replace(HERALD, priority=9))
    both = {"text": LONG, "match_text": LONG}
    desk.poll("gazette", article("a", **both))
    desk.later(MINUTE).poll("herald", article("b", by="herald", digest=7, **both))
    (before,) = desk.entries()
    long = f"{OTHER} {OTHER}"
    (claim,) = desk.claim("herald")
    page = article("page", by="herald", text=long, match_text=long)
    desk.later(MINUTE).settle(replace(read(claim, desk.book.sources["herald"], ()), late=((7, page),)))
    after, left = desk.entries()
    assert (before.lead.source, after.lead.source, left.lead.text) == ("herald", "gazette", long)
