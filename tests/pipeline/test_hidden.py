"""No copy of a text keeps another's from being shown, on both engines: by where, when or under what it stood before."""

import pytest

from feeds.model import Rules
from feeds.store import decisions
from tests.newsroom import DAY, HOUR, LONG, MINUTE, OTHER, SPORT, WORLD, Desk, article, read, source
from tests.pipeline.rehearsing import rehearsed
from tests.values import replace

NO_PODCASTS = replace(WORLD, exclude=Rules(keywords=("podcast",)))


def copy(by, title="Ferry returns", **changes):
    return article(title, by=by, title=title, text=LONG, match_text=LONG, **changes)


def old(desk, days=5):
    return {"published": desk.now - days * DAY, "updated": desk.now - days * DAY}


class TestOfAnEntryThatNobodyWasShown:
    @pytest.fixture
    def desk(self, store):
        return Desk(store, source("archive", sections=()), source("gazette"), source("herald"))

    def test_news_of_the_same_words_is_shown(self, desk):
        desk.poll("archive", copy("archive", **old(desk)))
        desk.later(HOUR).poll("gazette", copy("gazette"))
        (only,) = desk.entries()
        assert (len(only.copies), desk.listed()) == (2, ["Ferry returns"])

    def test_what_is_old_by_itself_is_not(self, desk):
        desk.poll("archive", copy("archive", **old(desk)))
        desk.later(HOUR).poll("gazette", copy("gazette", **old(desk, 3)))
        assert desk.listed() == []

    def test_nor_what_a_first_poll_holds_back(self, store):
        desk = Desk(store, source("archive", sections=()), source("gazette"), seen=False, first_items=0)
        desk.poll("archive", copy("archive", **old(desk)))
        desk.later(HOUR).poll("gazette", copy("gazette"))
        assert desk.listed() == []

    def test_a_dropped_copy_brings_nothing(self, desk):
        desk.poll("archive", copy("archive", **old(desk)))
        desk.later(HOUR).poll("gazette", copy("gazette"), dropped="dropped by the site's rule x")
        assert desk.listed() == []


class TestOfALeadThatIsExcluded:
    @pytest.fixture
    def desk(self, store):
        names = ("gazette", "herald")
        return Desk(store, source("pilot", priority=9), *map(source, names), sections=(NO_PODCASTS, SPORT))

    def test_another_copy_leads(self, desk):
        desk.poll("pilot", copy("pilot", "Podcast: the ferry"))
        desk.later(HOUR).poll("gazette", copy("gazette"))
        (only,) = desk.entries()
        assert (only.lead.source, len(only.copies), desk.listed()) == ("gazette", 2, ["Ferry returns"])

    def test_so_it_is_when_its_headline_comes_to_be(self, desk):
        """Else whoever leads could take another's article out of a section by a word."""
        desk.poll("gazette", copy("gazette"))
        desk.later(HOUR).poll("pilot", copy("pilot", "Ferry is back"))
        before = desk.listed()
        desk.later(3 * HOUR).poll("pilot", copy("pilot", "Podcast: the ferry", guid="tag:pilot.example:Ferry is back"))
        assert (before, desk.listed(), len(desk.entries())) == (["Ferry is back"], ["Ferry returns"], 1)

    def test_and_it_keeps_its_place_id_and_dates(self, desk):
        desk.poll("gazette", copy("gazette"))
        desk.later(HOUR).poll("pilot", copy("pilot", "Ferry is back"))
        (before,) = desk.entries()
        desk.poll("herald", article("other", by="herald"))
        desk.later(3 * HOUR).poll("pilot", copy("pilot", "Podcast: the ferry", guid="tag:pilot.example:Ferry is back"))
        after = desk.entries()[0].entry
        assert (desk.in_order(), after.id, after.published) == (
            ["Report other", "Ferry returns"],
            before.entry.id,
            before.entry.published,
        )

    def test_where_every_copy_is_excluded_none_is_shown(self, desk):
        desk.poll("pilot", copy("pilot", "Podcast: the ferry"))
        desk.later(HOUR).poll("gazette", copy("gazette", "Our podcast"))
        assert (len(desk.entries()), desk.listed()) == (1, [])


class TestOfAnEntryThatItJoined:
    """A copy that is rewritten is a report of its own: the usual way of a desk that begins with wire copy."""

    OWN = article("own").text

    @pytest.fixture
    def desk(self, store):
        desk = Desk(store, source("gazette"), source("herald"), source("courier"))
        for name in ("gazette", "herald"):
            desk.poll(name, copy(name))
            desk.later(HOUR)
        return desk

    def rewritten(self, desk, *more, text=OWN, by="herald"):
        desk.poll(by, copy(by) if text is None else article("Ferry returns", by=by, title="Inside", text=text), *more)
        return desk.later(HOUR)

    def test_it_is_shown_by_itself_under_its_own_id(self, desk):
        (before,) = desk.entries()
        self.rewritten(desk)
        first, left = desk.entries()
        assert (first.entry.id, left.entry.id, desk.in_order()) == (
            before.entry.id,
            next(c.id for c in before.copies if c.source == "herald"),
            ["Inside", "Ferry returns"],
        )

    def test_what_it_left_stays_as_it_is(self, desk):
        (before,) = desk.entries()
        self.rewritten(desk)
        after = desk.entries()[0]
        assert (after.lead, after.entry.published, after.entry.updated) == (
            before.lead,
            before.entry.published,
            before.entry.updated,
        )

    @pytest.mark.parametrize("text", [f"{LONG} {OWN}", LONG[:-40], "Too short to be known by."])
    def test_what_grew_was_cut_or_is_short_stays(self, desk, text):
        assert len(self.rewritten(desk, text=text).entries()) == 1

    @pytest.mark.parametrize(("title", "entries"), [("Ferry returns", 1), ("Inside", 2)])
    def test_what_is_cut_to_a_standfirst_of_other_words_stays_under_its_title(self, store, title, entries):
        """A feed that goes over from whole texts to standfirsts would show everything again."""
        whole = " ".join([LONG, OTHER, article("more").text])
        desk = Desk(store, source("gazette"), source("herald"))
        for name in ("gazette", "herald"):
            told = article("Ferry returns", by=name, title="Ferry returns", text=whole, match_text=whole)
            desk.later(HOUR).poll(name, told)
        desk.later(HOUR).poll("herald", article("Ferry returns", by="herald", title=title, text=self.OWN))
        assert len(desk.entries()) == entries

    def test_the_first_one_stays_for_the_entry_bears_its_id(self, desk):
        assert [e.lead.source for e in self.rewritten(desk, by="gazette").entries()] == ["herald"]

    def test_back_and_forth_it_is_one_entry_in_one_place(self, desk):
        """No source brings the same news again by rewriting it."""
        self.rewritten(desk)
        before = desk.entries()[1].entry
        desk.poll("courier", article("else", by="courier"))
        self.rewritten(desk.later(HOUR), text=None)
        alone = [e.entry.id for e in desk.merged()]
        self.rewritten(desk)
        assert (alone, [e.entry.id for e in desk.entries()][1], desk.in_order()[:2]) == (
            [before.id],
            before.id,
            ["Report else", "Inside"],
        )

    def test_what_the_same_document_brings_joins_it_there(self, desk):
        self.rewritten(desk, article("again", by="herald", title="Inside", text=self.OWN))
        assert [len(e.copies) for e in desk.entries()] == [1, 2]

    def test_so_does_what_is_settled_with_it(self, desk):
        told = {
            "herald": article("Ferry returns", by="herald", title="Inside", text=self.OWN),
            "courier": article("copy", by="courier", title="Copied", text=self.OWN, first_seen=desk.now),
        }
        claims = sorted(desk.claim(*told), key=lambda c: c.state.name, reverse=True)
        reads = ((c, desk.book.sources[c.state.name], [told[c.state.name]]) for c in claims)
        polls = desk.settle(*(read(*one, now=desk.now) for one in reads))
        assert [len(e.copies) for e in desk.entries()] == [1, 2]
        assert [(p.source, p.new, p.changed, p.merged) for p in polls] == [("herald", 0, 1, 0), ("courier", 1, 0, 1)]

    def test_what_a_person_joined_stays(self, desk):
        desk.poll("courier", article("c", by="courier"))
        desk.join("Ferry returns", "Report c")
        desk.later(HOUR).poll("courier", article("c", by="courier", title="Inside", text=self.OWN))
        assert len(desk.entries()) == 1

    def test_a_text_that_waits_for_its_page_stays(self, store):
        desk = Desk(store, source("gazette"), source("herald", full_text=True))
        for name in ("gazette", "herald"):
            desk.poll(name, copy(name))
        short = " ".join(self.OWN.split()[:20])
        assert len(self.rewritten(desk, text=short).entries()) == 1

    def test_it_is_kept_as_a_decision_of_the_rules(self, desk):
        self.rewritten(desk)
        with desk.store.reading() as shelf:
            (kept,) = decisions.decisions_about(shelf, {desk.number("Inside")})
        assert (kept.kind, kept.person) == ("late split", None)

    def test_a_rehearsal_of_the_same_rules_differs_in_nothing(self, desk):
        assert rehearsed(self.rewritten(desk)).differs is False

    def test_edited_at_each_poll_it_fills_no_store(self, desk):
        for turn in range(2 * decisions.KEPT):
            self.rewritten(desk, text=self.OWN if turn % 2 == 0 else None)
        before = self.kept(desk)
        for text in (self.OWN, None):
            self.rewritten(desk, text=text)
        assert (self.kept(desk), len(before)) == (before, 2 * decisions.KEPT)

    def kept(self, desk):
        with desk.store.reading() as shelf:
            return sorted(one.kind for one in decisions.decisions_about(shelf, {desk.number("Ferry returns")}))


def words(name, count):
    return " ".join(f"{name}{place}" for place in range(count))


def test_a_site_that_prints_more_of_its_own_than_of_a_text_stays_where_it_joined(store):
    """What stands in many entries was left out when it was compared first: with it, each correction would part them."""
    desk = Desk(store, source("gazette"), source("herald"))
    bodies = [*(words(f"story-{n}-", 60) for n in range(6)), f"{LONG} {words('tide', 150)}"]
    for body in bodies:
        for by in ("gazette", "herald"):
            title = f"Ferry {body[:8]}"
            text = f"{body}{by if body != bodies[-1] else ''} {words(by, 250)}"
            desk.later(MINUTE).poll(by, article(title, by=by, title=title, text=text, match_text=text))
    before = len(desk.entries()[-1].copies)
    corrected = f"{bodies[-1]} Corrected. {words('herald', 250)}"
    desk.later(HOUR).poll("herald", article(title, by="herald", title=title, text=corrected, match_text=corrected))
    assert (before, len(desk.entries()[-1].copies)) == (2, 2)


def test_what_leaves_an_entry_that_a_person_split_stays_apart_as_it_was(store):
    """Else it could be led back by an edit to what it was taken from."""
    desk = Desk(store, source("gazette"), source("herald"), source("courier"))
    for by in ("gazette", "herald", "courier"):
        desk.later(MINUTE).poll(by, copy(by, by))
    desk.split("gazette")
    own = article("own").text
    desk.later(HOUR).poll("courier", article("courier", by="courier", title="courier", text=own, match_text=own))
    desk.later(HOUR).poll("courier", copy("courier", "courier"))
    assert desk.titles() == [("gazette",), ("herald", "courier")]
