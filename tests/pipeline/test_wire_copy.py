"""Wire copy on both engines: one entry for all who print it, the look-alikes apart, and the evidence for it."""

from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from feeds.pipeline.likeness import RECENT, carry, forget
from feeds.store import open_store
from feeds.store.schema import anchor, kept_anchor
from tests.databases import dump
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
    quake,
)
from tests.newsroom import DAY, HOUR, MINUTE, Desk, article, read, source
from tests.values import replace

NAMES = ("gazette", "herald", "courier", "post", "pilot", "beacon")
COUNCIL = [
    ("gazette", "Karsa and Orvel pledge to work together", WIRE),
    ("herald", "Presidents open joint council", f"{WIRE}\n{FOOTER}"),
    ("courier", "Seven papers signed in the customs house", CUT),
    ("post", "Karsa, Orvel presidents meet", SUMMARY),
    ("pilot", "Brass bands for a guest", INDEPENDENT),
    ("beacon", "And the herring?", OPINION),
    ("gazette", "Ministers meet on western banks", MINISTERS_2022),
    ("herald", "Ministers meet on western banks", MINISTERS_2024),
]
ONE_ENTRY = {title for _, title, text in COUNCIL[:4]}


@pytest.fixture
def desk(store):
    return Desk(store, *map(source, NAMES))


def item(place, by, title, text, **changes):
    return article(f"{by}{place}", by=by, title=title, text=text, match_text=text, **changes)


def poll(desk, stories):
    for place, (by, title, text) in enumerate(stories):
        desk.later(MINUTE).poll(by, item(place, by, title, text))


def together(desk):
    return {frozenset(c.title for c in e.copies) for e in desk.entries() if len(e.copies) > 1}


class TestTheCouncil:
    @pytest.mark.parametrize("order", [1, -1])
    def test_one_entry_of_four_the_others_apart(self, desk, order):
        poll(desk, COUNCIL[::order])
        assert (together(desk), len(desk.entries())) == ({frozenset(ONE_ENTRY)}, 5)

    def test_all_in_one_transaction(self, desk):
        stories = COUNCIL[:6]
        claims = desk.claim(*NAMES)
        told = {by: item(place, by, title, text) for place, (by, title, text) in enumerate(stories)}
        desk.settle(*(read(c, desk.book.sources[c.state.name], [told[c.state.name]]) for c in claims))
        assert together(desk) == {frozenset(ONE_ENTRY)}

    def test_its_evidence(self, desk):
        poll(desk, [COUNCIL[0], COUNCIL[3]])
        (entry,) = desk.entries()
        first, second = entry.entry.members
        assert (second.rule, second.counterpart, second.scores["of this"]) == (
            "wire copy: contained",
            first.article,
            1.0,
        )
        assert second.scores["of the other"] < 0.4 and second.passages[0].startswith("The presidents of Karsa")

    def test_who_opened_the_entry_speaks_for_it(self, desk):
        parts = [("herald", "Presidents meet", SUMMARY), ("post", "Trade grows", f"{SUMMARY} More follows.")]
        poll(desk, [COUNCIL[0], *parts, ("courier", "Nine years of growth", "\n".join(REST))])
        assert len(desk.entries()) == 1

    def test_others_speak_for_it_only_together(self, desk):
        begun = ("gazette", "Presidents meet", SUMMARY)
        parts = [("herald", "Trade grows", f"{SUMMARY} More follows."), COUNCIL[1]]
        poll(desk, [begun, *parts, ("courier", "Nine years of growth", "\n".join(REST))])
        assert sorted(len(entry.copies) for entry in desk.entries()) == [1, 3]

    def test_who_opened_it_does_not_where_another_goes_on_from_there(self, desk):
        begun = ("gazette", "Presidents meet", SUMMARY)
        poll(desk, [begun, COUNCIL[0], COUNCIL[1], ("courier", "Karsa, Orvel presidents meet", f"{SUMMARY} {OPINION}")])
        assert sorted(len(entry.copies) for entry in desk.entries()) == [1, 3]

    def test_the_fuller_text_leads(self, desk):
        poll(desk, [COUNCIL[3], COUNCIL[0]])
        assert [e.lead.title for e in desk.entries()] == [COUNCIL[0][1]]

    def test_the_more_generous_policy_leads(self, store):
        desk = Desk(store, source("post", content="full"), source("gazette", content="summary"))
        poll(desk, [COUNCIL[3], COUNCIL[0]])
        assert [e.lead.title for e in desk.entries()] == [COUNCIL[3][1]]

    def test_after_two_hours_the_lead_stays(self, desk):
        poll(desk, [COUNCIL[3]])
        desk.later(3 * HOUR)
        poll(desk, [COUNCIL[0]])
        assert [e.lead.title for e in desk.entries()] == [COUNCIL[3][1]]

    def test_a_copy_that_came_to_say_something_else_does_not_lead(self, desk):
        poll(desk, [COUNCIL[3], COUNCIL[2]])
        desk.poll("beacon", item(9, "beacon", "Joined", SUMMARY))
        desk.later(MINUTE).poll("beacon", item(9, "beacon", "Turned", f"{OPINION} {INDEPENDENT} {OPINION}"))
        desk.later(MINUTE).poll("pilot", item(8, "pilot", "Late", SUMMARY))
        assert [e.lead.title for e in desk.entries()] == [COUNCIL[2][1], "Turned"]


class TestApart:
    @pytest.mark.parametrize(
        "texts",
        [
            [lottery("3 11 17 29 40", "Monday"), lottery("5 8 21 33 39", "Monday"), lottery("1 2 19 30 44", "Friday")],
            [quake("5.1", 40, "Karsa", 12, 33), quake("4.6", 95, "Karsa", 51, 10), quake("4.9", 70, "Orvel", 33, 25)],
            [
                horoscope("Gannet", "work", "an uncle", "bread"),
                horoscope("Gannet", "money", "the neighbour", "sleep"),
                horoscope("Heron", "love", "a friend", "the sea"),
            ],
            ["", "", ""],
            ["Watch live.", "Watch live.", "Watch live."],
            [f"{LEAD} {FOOTER}", f"{REST[3]} {FOOTER}", f"{REST[4]} {FOOTER}"],
        ],
        ids=["lottery", "quakes", "horoscopes", "no text", "few words", "footer"],
    )
    @pytest.mark.parametrize(
        "by", [("gazette", "gazette", "gazette"), ("gazette", "herald", "post")], ids=["one", "three"]
    )
    def test_each_is_an_entry_of_its_own(self, desk, texts, by):
        poll(desk, [(name, f"Report {n}", text) for n, (name, text) in enumerate(zip(by, texts, strict=True))])
        assert len(desk.entries()) == len(texts)

    def test_a_site_whose_items_have_one_description(self, desk):
        poll(desk, [("gazette", f"Watch live: {what}", FOOTER) for what in ("regatta", "auction", "court", "parade")])
        assert len(desk.entries()) == 4

    def test_a_footer_that_many_have_is_no_text(self, desk):
        poll(desk, [("gazette", f"Story {n}", f"{text} {FOOTER}") for n, text in enumerate([LEAD, *REST])])
        poll(desk, [("herald", "Short", f"A seal lay in the market. {FOOTER}")])
        assert len(desk.entries()) == 7

    def test_a_source_that_takes_no_part(self, store):
        desk = Desk(store, source("gazette"), source("herald", dedupe=False), source("courier"))
        poll(desk, COUNCIL[:3])
        assert together(desk) == {frozenset({COUNCIL[0][1], COUNCIL[2][1]})}

    @pytest.mark.parametrize(("days", "entries"), [(29, 1), (31, 2)])
    def test_the_window(self, desk, days, entries):
        poll(desk, COUNCIL[:1])
        desk.later(days * DAY)
        poll(desk, COUNCIL[3:4])
        assert len(desk.entries()) == entries

    def test_what_was_dropped_is_not_joined(self, desk):
        desk.poll("gazette", item(0, *COUNCIL[0]), dropped="dropped by the site's rule")
        poll(desk, COUNCIL[3:4])
        assert len(desk.entries()) == 2


def test_a_text_that_grew_is_found_by_what_it_says_now(desk):
    desk.poll("gazette", item(0, "gazette", "Council opens", f"{LEAD} More follows."))
    desk.later(MINUTE).poll("gazette", item(0, "gazette", "Council opens", WIRE))
    poll(desk, [("post", "What the presidents said", "\n".join(REST))])
    assert len(desk.entries()) == 1


def test_forgotten_after_the_window(desk, store):
    def count():
        with store.reading() as shelf:
            return shelf.connection.execute(select(func.count()).select_from(anchor)).scalar_one()

    poll(desk, COUNCIL[:1])
    first = count()
    desk.later(20 * DAY)
    poll(desk, COUNCIL[4:5])
    both = count()
    forget(store, desk.now - 10 * DAY)
    last = count()
    forget(store, desk.now + DAY)
    assert (first > 20, last, count()) == (True, both - first, 0)


def test_anchors_carried_over_are_found_and_forgotten_like_others(desk, store):
    def counts():
        with store.reading() as shelf:
            query = (select(func.count()).select_from(table) for table in (anchor, kept_anchor))
            return [shelf.connection.execute(one).scalar_one() for one in query]

    poll(desk, COUNCIL[:1])
    (before, none) = counts()
    with store.deciding() as ledger:
        carry(ledger, RECENT, 2 * RECENT)
    carried = counts()
    poll(desk, COUNCIL[1:2])
    entries = len(desk.entries())
    forget(store, desk.now + DAY)
    assert (none, carried, entries, counts()) == (0, [0, before], 1, [0, 0])


@given(st.lists(st.integers(RECENT, 2 * RECENT), max_size=9))
@settings(deadline=None)
def test_every_anchor_is_carried_over_once_in_each_round_of_articles(numbers):
    class Carried(list):
        def carry_anchors(self, start, end):
            self.append((start, end))

    carried = Carried()
    for before, after in pairwise((RECENT, *sorted(numbers), 2 * RECENT)):
        carry(carried, before, after)
    starts, ends = zip(*sorted(carried), strict=True)
    assert (starts[0], ends[-1], list(starts[1:])) == (-(1 << 63), (1 << 63) - 1, [end + 1 for end in ends[:-1]])


@given(st.permutations(range(len(COUNCIL))), st.lists(st.booleans(), min_size=8, max_size=8))
@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_the_same_sequence_gives_the_same_tables_however_often_it_is_interrupted(tmp_path_factory, order, dies):
    """A transaction that dies leaves nothing, and is tried again."""
    tables = []
    for interrupted in (False, True):
        path = tmp_path_factory.mktemp("wire") / "store.db"
        store = open_store(f"sqlite:///{path}", "desk-1")
        desk = Desk(store, *map(source, NAMES))
        for place, dead in zip(order, dies, strict=True):
            by, title, text = COUNCIL[place]
            (claim,) = desk.later(MINUTE).claim(by)
            one = read(claim, desk.book.sources[by], [replace(item(place, by, title, text), first_seen=desk.now)])
            if interrupted and dead:
                with pytest.raises(ZeroDivisionError), store.deciding() as ledger:
                    _settle_and_die(desk, ledger, one)
            desk.settle(one)
        tables.append({name: rows for name, rows in dump(store).items() if name in ("article", "entry", "anchor")})
        store.close()
    assert tables[0] == tables[1]


def _settle_and_die(desk, ledger, one):
    from feeds.pipeline.settle import settle

    settle(ledger, [one], desk.book, desk.now)
    raise ZeroDivisionError


@pytest.mark.parametrize("text", ["ha " * 300_000, FOOTER], ids=["one word", "boilerplate"])
def test_hostile_texts_stay_bounded(desk, store, text):
    """Sixty items of the same endless text: few anchors, few comparisons."""
    items = [item(n, "gazette", f"Item {n} of {n * n}", f"{text} {n}") for n in range(60)]
    desk.poll("gazette", *items)
    with store.reading() as shelf:
        rows = shelf.connection.execute(select(func.count()).select_from(anchor)).scalar_one()
    assert rows <= 5 * 40


def test_times_do_not_decide(desk):
    """Nobody gains by a date from the past."""
    poll(desk, COUNCIL[:1])
    old = item(3, *COUNCIL[3], published=desk.now - timedelta(days=300))
    desk.poll("post", old)
    (entry,) = desk.entries()
    assert [m.source for m in entry.entry.members] == ["gazette", "post"]
