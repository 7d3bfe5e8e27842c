"""One event as sites print it, from the bytes of their feeds to entries and stories; and sites that have no texts."""

from datetime import timedelta

import pytest

from feeds.fetch.robots import Memory
from feeds.model import Outcome, Response
from feeds.pipeline.read import read
from feeds.pipeline.rules import Manner
from feeds.store.stories import story_of
from tests.databases import postgresql_engine, postgresql_server, store, url
from tests.dedupe.events import EARLIER, FIRST_REPORT, LATER, OTHERS, SECOND_REPORT, SUMMARY, WIRE
from tests.dedupe.stories import horoscope
from tests.end_to_end.stand import item, rss
from tests.newsroom import DAY, MINUTE, Desk, run, source

__all__ = ["postgresql_engine", "postgresql_server", "store", "url"]

TODAY, IN_2022, IN_2024 = (
    "Thu, 08 Jan 2026 10:00:00 GMT",
    "Thu, 10 Mar 2022 09:00:00 GMT",
    "Fri, 07 Jun 2024 09:00:00 GMT",
)
COPIES = {
    "gazette": ("Ministers reopen ferry line", f"KARSA, Jan. 8 (Xinhua) -- {WIRE}"),
    "herald": ("Velmar and Oskia settle herring quarrel", f"Lunde, January 9 (Xinhua) - {WIRE} Enditem"),
    "post": ("Ferries to cross strait in May", f"BRESK -- {WIRE}\n\nSource: Xinhua"),
    "courier": ("Ferry deal signed", SUMMARY),
}
REPORTS = {
    "tribune": ("Ships will cross the Strait of Tell again", FIRST_REPORT),
    "ledger": ("Strand has his ferry", SECOND_REPORT),
}
ALIKE = {
    "pilot": ("Ministers of Velmar and Oskia part without a word", EARLIER, IN_2022),
    "beacon": ("Ministers of Velmar and Oskia sign extradition treaty", LATER, IN_2024),
}
NAMES = (*COPIES, *REPORTS, *ALIKE, "argus")


class Sites(Desk):
    """Sites that are read from the bytes of their feeds."""

    def brings(self, name, *items, home="https://{}.example"):
        (claim,) = self.later(MINUTE).claim(name)
        body = rss("".join(items), name.title()).replace(b"https://stand.example", home.format(name).encode())
        response = Response(
            url=claim.state.url, status=200, headers={}, body=body, fetched_at=self.now, elapsed=timedelta(0)
        )
        one = run(read(claim, self.book.sources[name], Manner(), Memory(), self.now), [response], self.now)
        assert one.poll.outcome is Outcome.FRESH, one.poll.error
        return self.settle(one)[0]

    def stories(self):
        """The titles that lead the entries of each story with several."""
        with self.store.reading() as shelf:
            entries = dict(shelf.entries(range(1, 200)))
            found = {tuple(story_of(shelf, n)[0]) for n in entries}
            return {frozenset(entries[n].lead.title for n in story) for story in found if len(story) > 1}

    def together(self):
        return {frozenset(c.source for c in one.copies) for one in self.entries() if len(one.copies) > 1}


@pytest.fixture
def sites(store):
    return Sites(store, *map(source, NAMES))


def bring(sites, order=1):
    told = [(name, title, words, TODAY) for name, (title, words) in (COPIES | REPORTS).items()]
    told += [(name, *what) for name, what in ALIKE.items()]
    for n, (name, title, words, date) in list(enumerate(told))[::order]:
        sites.brings(name, item(n, title, description=words, pubDate=date))
    others = [item(50 + n, title, description=words, pubDate=TODAY) for n, (title, words) in enumerate(OTHERS)]
    sites.brings("argus", *others)


@pytest.mark.parametrize("order", [1, -1], ids=["the copies first", "the look-alikes first"])
def test_one_merged_entry_one_story_of_three_the_look_alikes_apart(sites, order):
    bring(sites, order)
    leads = {e.lead.title for e in sites.entries() if {c.source for c in e.copies} & {*COPIES, *REPORTS}}
    assert (sites.together(), sites.stories(), len(sites.entries())) == ({frozenset(COPIES)}, {frozenset(leads)}, 9)


def test_the_merged_entry_is_credited_to_its_agency(sites):
    bring(sites)
    (entry,) = [e for e in sites.entries() if len(e.copies) > 1]
    assert (entry.lead.agency.name, entry.lead.dateline.place, [c.source for c in entry.copies]) == (
        "Xinhua News Agency",
        "Karsa",
        list(COPIES),
    )


def test_a_site_whose_items_are_all_watch_live(sites):
    for name in ("gazette", "herald"):
        lives = (item(n, "Watch live", description=words) for n, words in enumerate(("", "Watch live.", "Live now")))
        sites.brings(name, *lives)
    assert (sites.together(), sites.stories(), len(sites.entries())) == (set(), set(), 6)


def test_bodies_that_are_empty(sites):
    for name in ("gazette", "herald"):
        sites.brings(name, *(item(n, "Council meets", description="<p> </p>", pubDate=TODAY) for n in range(4)))
    assert (sites.together(), len(sites.entries())) == (set(), 8)


def test_daily_horoscopes(sites):
    houses = (("work", "an uncle", "bread"), ("money", "the neighbour", "sleep"), ("love", "a friend", "the sea"))
    for day, what in enumerate(houses):
        signs = (item(10 * day + n, s, description=horoscope(s, *what)) for n, s in enumerate(("Gannet", "Heron")))
        sites.later(DAY).brings("gazette", *signs)
    assert (sites.together(), len(sites.entries())) == (set(), 6)


def test_two_section_feeds_of_one_publisher_with_the_same_links(store):
    daily = [source(n, url=f"https://feeds.daily.example/{n}.xml", sections=(n,)) for n in ("world", "sport")]
    sites = Sites(store, *daily)
    links = [(1, OTHERS[0]), (2, OTHERS[2]), (3, ("Watch live", ""))]
    for name in ("world", "sport"):
        items = (item(n, title, description=words, guid=f"{name}-{n}") for n, (title, words) in links)
        sites.brings(name, *items, home="https://www.daily.example")
    there = [(sorted(c.source for c in e.copies), sorted(e.sections)) for e in sites.entries()]
    assert there == [(["sport", "world"], ["sport", "world"])] * 3


def test_nor_do_they_hide_what_only_one_of_them_has(store):
    daily = [source(n, url=f"https://feeds.daily.example/{n}.xml", sections=(n,)) for n in ("world", "sport")]
    sites = Sites(store, *daily)
    sites.brings("world", item(1, *OTHERS[0][:1], description=OTHERS[0][1]), home="https://www.daily.example")
    sites.brings("sport", item(2, *OTHERS[2][:1], description=OTHERS[2][1]), home="https://www.daily.example")
    assert [e.sections for e in sites.entries()] == [("world",), ("sport",)]
