"""No copy of a text keeps another's from being shown, on both engines: by where, when or under what it stood before."""

import pytest

from feeds.model import Rules
from tests.newsroom import DAY, HOUR, LONG, SPORT, WORLD, Desk, article, source
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
