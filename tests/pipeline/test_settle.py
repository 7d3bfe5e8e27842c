"""Settling on both engines: what a document comes to, beside what is known."""

from datetime import timedelta

import pytest

from feeds.dedupe.keys import guid_key, key
from feeds.model import Category, Outcome, Rules, Section
from feeds.store.codec import hash64
from tests.databases import dump
from tests.newsroom import (
    DAY,
    HOUR,
    LONG,
    MINUTE,
    NOON,
    OTHER,
    SPORT,
    WORLD,
    Desk,
    article,
    configure,
    read,
    rules,
    source,
)
from tests.values import replace

SHORT = "Nothing to report from the harbour."
GAZETTE, HERALD, COURIER = source("gazette"), source("herald"), source("courier")


def said(one, text):
    return {"text": text, "summary": text[:80], "content": f"<p>{text}</p>", "match_text": text}


@pytest.fixture
def desk(store):
    return Desk(store, GAZETTE, HERALD, COURIER)


class TestSameItem:
    def test_the_same_document_again_changes_nothing(self, desk):
        desk.poll("gazette", article("a"), article("b", guid=None), article("c", guid=None, url=None))
        before = {name: rows for name, rows in dump(desk.store).items() if name not in ("source", "poll", "host")}
        told = desk.later(HOUR).poll(
            "gazette", article("a"), article("b", guid=None), article("c", guid=None, url=None)
        )
        after = {name: rows for name, rows in dump(desk.store).items() if name not in ("source", "poll", "host")}
        assert after == before
        assert (told.new, told.changed, told.unchanged) == (0, 0, 3)

    def test_a_changed_text_is_kept_under_its_id(self, desk):
        desk.poll("gazette", article("a"))
        uid = desk.entries()[0].entry.id
        told = desk.later(HOUR).poll("gazette", article("a", text=OTHER))
        (entry,) = desk.entries()
        assert (entry.entry.id, entry.lead.id, entry.lead.text, entry.lead.revision) == (uid, uid, OTHER, 1)
        assert (told.new, told.changed, told.unchanged) == (0, 1, 0)

    def test_same_guid_on_all_items(self, desk):
        items = [article(n, guid="one", text=f"{LONG} {n}") for n in "abcde"]
        desk.poll("gazette", *items)
        assert len(desk.entries()) == 5
        changed = [replace(one, title=f"{one.title} again", digest=n) for n, one in enumerate(items)]
        told = desk.later(HOUR).poll("gazette", *changed)
        assert (told.new, told.changed, len(desk.entries())) == (0, 5, 5)

    def test_same_guid_even_when_one_comes_alone(self, desk):
        desk.poll("gazette", article("a", guid="one"), article("b", guid="one"))
        told = desk.later(HOUR).poll("gazette", article("c", guid="one", title="A third thing"))
        assert told.new == 1

    @pytest.mark.parametrize("home", ["https://gazette.example/", "https://gazette.example/news/"])
    def test_all_items_link_the_home_page(self, desk, home):
        items = [article(n, guid=None, url=home, text=f"{LONG} {n}") for n in "abcde"]
        links = {k for n in ("url", "canonical") for k in [key(n, home)]}
        desk.poll("gazette", *items, repeated=links)
        assert len(desk.entries()) == len({e.entry.id for e in desk.entries()}) == 5
        told = desk.later(HOUR).poll("gazette", *items, repeated=links)
        assert (told.new, told.changed) == (0, 0)

    def test_an_item_that_comes_back(self, desk):
        desk.poll("gazette", article("a"))
        desk.later(HOUR).poll("gazette", article("b"))
        told = desk.later(HOUR).poll("gazette", article("a"), article("b"))
        assert (told.new, told.changed, len(desk.entries())) == (0, 0, 2)

    def test_a_guid_that_grows_while_the_link_stays(self, desk):
        url = "https://gazette.example/story"
        desk.poll("gazette", article("a", url=url, guid=f"{url}#0"))
        for n in range(1, 4):
            told = desk.later(HOUR).poll("gazette", article("a", url=url, guid=f"{url}#{n}"))
            assert (told.new, told.changed) == (0, 1)
        assert len(desk.entries()) == 1

    def test_a_guid_that_grows_beside_the_old_one_is_another_item(self, desk):
        url = "https://gazette.example/story"
        first = article("a", url=url, guid=f"{url}#0")
        desk.poll("gazette", first)
        second = article("b", url=url, guid=f"{url}#1", title=first.title)
        present = {guid_key(first.guid), guid_key(second.guid)}
        desk.later(HOUR).poll("gazette", second, present=present)
        assert len(desk.entries()) == 2

    def test_a_link_that_moves_while_the_guid_stays(self, desk):
        desk.poll("gazette", article("a"))
        moved = article("a", url="https://gazette.example/2026/a", guid="tag:gazette.example:a")
        desk.later(HOUR).poll("gazette", moved)
        (entry,) = desk.entries()
        assert entry.lead.url == "https://gazette.example/2026/a"

    def test_a_headline_changes_under_a_link_without_guids(self, desk):
        desk.poll("gazette", article("a", guid=None, title="Storm nears"))
        desk.later(HOUR).poll("gazette", article("a", guid=None, title="Storm passes"))
        assert [e.lead.title for e in desk.entries()] == ["Storm passes"]

    def test_fragments_of_one_page_are_items_of_their_own(self, desk):
        page = "https://gazette.example/live"
        first = article("a", guid=None, url=f"{page}#a", canonical=page)
        desk.poll("gazette", first)
        second = article("b", guid=None, url=f"{page}#b", canonical=page)
        desk.later(HOUR).poll("gazette", second, present={first.digest, second.digest})
        assert [e.lead.title for e in desk.entries()] == ["Report a", "Report b"]

    def test_guids_that_count_positions(self, desk):
        desk.poll("gazette", article("a", guid="1"), article("b", guid="2"))
        told = desk.later(HOUR).poll("gazette", article("c", guid="1"), article("a", guid="2"))
        assert told.new == 1
        assert [e.lead.title for e in desk.entries()] == ["Report a", "Report b", "Report c"]

    def test_equal_guid_and_text_twice_in_a_document_is_one_item(self, desk):
        told = desk.poll("gazette", article("a"), article("a", categories=(Category(term="x"),)))
        assert (told.new, len(desk.entries())) == (1, 1)

    def test_ids_differ_though_the_links_do_not(self, desk):
        url = "https://gazette.example/page"
        desk.poll("gazette", *(article(n, url=url, text=f"{LONG} {n}") for n in "abc"))
        assert len({e.entry.id for e in desk.entries()}) == 3

    def test_an_undated_item_keeps_its_first_date(self, desk):
        undated = {"published_from": "first seen"}
        desk.poll("gazette", article("a", published=NOON, **undated))
        desk.later(HOUR).poll("gazette", article("a", text=OTHER, published=NOON + HOUR, **undated))
        assert desk.entries()[0].lead.published == NOON


class TestJoining:
    def test_exact_text_by_three_sources_under_other_headlines(self, desk):
        for name in ("gazette", "herald", "courier"):
            desk.later(MINUTE).poll(name, article(name, by=name, text=LONG))
        assert desk.titles() == [("Report gazette", "Report herald", "Report courier")]

    def test_all_in_one_transaction(self, desk):
        claims = {c.state.name: c for c in desk.claim()}
        reads = [read(claims[n], desk.book.sources[n], [article(n, by=n, text=LONG)]) for n in sorted(claims)]
        assert [poll.merged for poll in desk.settle(*reads)] == [0, 1, 1]
        assert len(desk.entries()) == 1

    def test_why_is_kept(self, desk):
        desk.poll("gazette", article("a", text=LONG))
        desk.later(HOUR).poll("herald", article("b", by="herald", text=LONG))
        first, second = desk.entries()[0].entry.members
        assert (first.rule, second.rule, second.counterpart) == ("first", "same text", first.article)
        assert second.joined == NOON + HOUR

    def test_short_texts_never_join(self, desk):
        desk.poll("gazette", article("a", text=SHORT, title="Same"))
        desk.poll("herald", article("b", by="herald", text=SHORT, title="Same"))
        assert len(desk.entries()) == 2

    def test_a_title_alone_never_joins(self, desk):
        desk.poll("gazette", article("a", title="Today in history", text=LONG))
        desk.poll("herald", article("b", by="herald", title="Today in history", text=OTHER))
        assert len(desk.entries()) == 2

    def test_one_source_repeats_a_text_under_other_titles(self, desk):
        desk.poll("gazette", *(article(n, text=LONG) for n in "abc"))
        assert len(desk.entries()) == 3

    def test_one_source_repeats_text_and_title(self, desk):
        desk.poll("gazette", *(article(n, text=LONG, title="Same") for n in "abc"))
        assert desk.titles() == [("Same", "Same", "Same")]

    def test_the_same_title_counts_first(self, desk):
        desk.poll("gazette", article("a", text=LONG, title="One"), article("b", text=LONG, title="Two"))
        desk.poll("herald", article("c", by="herald", text=LONG, title="Two"))
        assert desk.titles() == [("One",), ("Two", "Two")]

    def test_after_the_window_a_text_is_new(self, desk):
        desk.poll("gazette", article("a", text=LONG))
        desk.later(31 * DAY).poll("herald", article("b", by="herald", text=LONG, published=NOON + 31 * DAY))
        assert len(desk.entries()) == 2

    def test_a_source_without_dedupe_stands_alone(self, store):
        desk = Desk(store, GAZETTE, source("herald", dedupe=False))
        desk.poll("gazette", article("a", text=LONG))
        desk.poll("herald", article("b", by="herald", text=LONG))
        assert len(desk.entries()) == 2

    def test_two_section_feeds_of_one_publisher(self, store):
        feeds = [source(n, url=f"https://feeds.daily.example/{n}.xml", sections=(n,)) for n in ("world", "sport")]
        desk = Desk(store, *feeds)
        url = "https://www.daily.example/2026/story"
        desk.poll("world", article("a", by="world", url=url, text=SHORT))
        desk.poll("sport", article("b", by="sport", url=url, text="Another teaser."))
        assert desk.titles() == [("Report a", "Report b")]
        assert desk.listed("sport") == desk.listed("world") == ["Report a"]

    def test_their_live_page_joins_nothing(self, store):
        feeds = [source(n, url=f"https://feeds.daily.example/{n}.xml") for n in ("world", "sport")]
        desk = Desk(store, *feeds)
        url = "https://www.daily.example/live/"
        for name in ("world", "sport"):
            desk.poll(name, *(article(f"{name}{n}", by=name, url=url) for n in range(4)))
        assert len(desk.entries()) == 8

    def test_a_foreign_link_does_not_join(self, desk):
        url = "https://herald.example/story"
        desk.poll("herald", article("a", by="herald", url=url, text=LONG))
        desk.poll("gazette", article("b", url=url, text=OTHER))
        assert len(desk.entries()) == 2

    def test_a_foreign_link_with_text_and_title_joins(self, desk):
        url = "https://herald.example/story"
        desk.poll("herald", article("a", by="herald", url=url, text=SHORT, title="Same"))
        desk.poll("gazette", article("b", url=url, text=SHORT, title="Same"))
        assert [e.entry.members[1].rule for e in desk.entries()] == ["same url"]

    def test_what_was_dropped_joins_nothing_and_nothing_joins_it(self, desk):
        desk.poll("gazette", article("a", text=LONG), dropped="dropped by the site's rule")
        desk.poll("herald", article("b", by="herald", text=LONG))
        desk.poll("courier", article("c", by="courier", text=LONG), dropped="dropped by the site's rule")
        assert len(desk.entries()) == 3


class TestLead:
    @pytest.mark.parametrize(
        ("first", "second", "leads"),
        [
            ({}, {}, "first"),
            ({"content": "headline"}, {"content": "full"}, "second"),
            ({"priority": 1}, {"priority": 2}, "second"),
            ({"priority": 2}, {"content": "full"}, "second"),
            ({"paywall": True}, {"content": "headline"}, "second"),
            ({"content": "full"}, {"priority": 9}, "first"),
        ],
    )
    def test_within_two_hours(self, store, first, second, leads):
        desk = Desk(store, source("first", **first), source("second", **second))
        desk.poll("first", article("a", by="first", text=LONG))
        desk.later(HOUR).poll("second", article("b", by="second", text=LONG))
        assert [e.lead.source for e in desk.entries()] == [leads]

    def test_after_two_hours_it_stays(self, store):
        desk = Desk(store, source("first"), source("second", content="full"))
        desk.poll("first", article("a", by="first", text=LONG))
        desk.later(2 * HOUR + MINUTE).poll("second", article("b", by="second", text=LONG))
        assert [e.lead.source for e in desk.entries()] == ["first"]

    def test_a_change_moves_neither_id_nor_dates(self, store):
        desk = Desk(store, source("first"), source("second", content="full"))
        desk.poll("first", article("a", by="first", text=LONG))
        before = desk.entries()[0].entry
        desk.later(HOUR).poll("second", article("b", by="second", text=LONG, published=NOON, updated=NOON))
        after = desk.entries()[0].entry
        assert after.lead != before.lead
        assert (after.id, after.published, after.updated, after.first_seen) == (
            before.id,
            before.published,
            before.updated,
            before.first_seen,
        )

    def test_who_joined_with_borrowed_words_does_not_lead_with_others(self, desk):
        desk.poll("gazette", article("a", text=LONG))
        desk.later(MINUTE).poll("herald", article("b", by="herald", text=LONG))
        desk.later(MINUTE).poll("herald", article("b", by="herald", text=f"{OTHER} {OTHER} {OTHER}"))
        desk.later(MINUTE).poll("courier", article("c", by="courier", text=LONG))
        assert desk.titles() == [("Report a", "Report c"), ("Report b",)]

    @pytest.mark.parametrize("wait", [MINUTE, DAY])
    def test_who_came_first_with_borrowed_words_does_not_put_others_over_them(self, desk, wait):
        desk.poll("herald", article("b", by="herald", text=LONG))
        desk.later(MINUTE).poll("gazette", article("a", text=LONG))
        desk.later(wait).poll("herald", article("b", by="herald", title="Cheap watches", text=f"{OTHER} {OTHER}"))
        desk.later(MINUTE).poll("courier", article("c", by="courier", text=LONG))
        assert [(e.lead.title, e.lead.text) for e in desk.entries()] == [("Report a", LONG)]

    def test_a_lead_that_grows_stays(self, desk):
        desk.poll("gazette", article("a", text=LONG))
        desk.later(MINUTE).poll("herald", article("b", by="herald", text=LONG))
        desk.later(MINUTE).poll("gazette", article("a", text=f"{LONG} {OTHER} {OTHER}"))
        assert [e.lead.source for e in desk.entries()] == ["gazette"]

    def test_a_lead_that_is_dropped_makes_room(self, desk):
        desk.poll("gazette", article("a", text=LONG))
        desk.later(MINUTE).poll("herald", article("b", by="herald", text=LONG))
        desk.later(DAY).poll("gazette", article("a", text=LONG), dropped="dropped by the source's rule")
        assert [e.lead.source for e in desk.entries()] == ["herald"]


class TestUpdated:
    def updates(self, desk, *minutes):
        """`updated` after the headline changed at each of these minutes."""
        desk.poll("gazette", article("a"))
        moves = []
        for n, at in enumerate(minutes):
            desk.now = NOON + at * MINUTE
            desk.poll("gazette", article("a", title=f"Headline {n}"))
            moves.append((desk.entries()[0].entry.updated - NOON) // MINUTE)
        return moves

    def test_a_new_headline_moves_it(self, desk):
        assert self.updates(desk, 10) == [10]

    def test_at_most_once_in_thirty_minutes(self, desk):
        assert self.updates(desk, 10, 20, 39, 40, 60, 75) == [10, 10, 10, 40, 40, 75]

    def test_at_most_24_times(self, desk):
        assert self.updates(desk, *range(60, 1860, 60))[22:26] == [1380, 1440, 1440, 1440]

    def test_a_minor_change_does_not(self, desk):
        desk.poll("gazette", article("a", text=LONG))
        desk.later(HOUR).poll("gazette", article("a", text=LONG.replace("dawn", "sunrise")))
        (entry,) = desk.entries()
        assert (entry.entry.updated, "sunrise" in entry.lead.text) == (NOON - HOUR, True)

    def test_only_the_lead_moves_it(self, desk):
        desk.poll("gazette", article("a", text=LONG))
        desk.poll("herald", article("b", by="herald", text=LONG))
        desk.later(HOUR).poll("herald", article("b", by="herald", text=OTHER))
        assert desk.entries()[0].entry.updated == NOON - HOUR

    def test_nothing_is_dated_ahead(self, desk):
        ahead = NOON.replace(year=9999)
        desk.poll("gazette", article("a", published=ahead, updated=ahead))
        entry = desk.entries()[0].entry
        assert (entry.published, entry.updated) == (NOON, NOON)


class TestSections:
    def test_a_first_poll_brings_ten(self, store):
        desk = Desk(store, GAZETTE, seen=False)
        items = [article(f"a{n:02}", published=NOON - n * HOUR, text=f"{LONG} {n}") for n in range(30)]
        told = desk.poll("gazette", *reversed(items))
        assert desk.listed() == [f"Report a{n:02}" for n in reversed(range(10))]
        assert (told.new, told.unrouted, len(desk.entries())) == (30, 20, 30)

    def test_a_first_poll_brings_the_top_of_an_undated_document(self, store):
        desk = Desk(store, GAZETTE, seen=False)
        items = [article(f"a{n:02}", published=NOON, text=f"{LONG} {n}") for n in range(30)]
        desk.poll("gazette", *reversed(items))  # as `read` hands them over
        assert sorted(desk.listed()) == [f"Report a{n:02}" for n in range(10)]

    def test_a_first_poll_brings_none_older_than_48_hours(self, store):
        desk = Desk(store, GAZETTE, seen=False)
        desk.poll("gazette", article("old", published=NOON - 49 * HOUR), article("new", published=NOON - 47 * HOUR))
        assert desk.listed() == ["Report new"]

    def test_copies_in_a_first_poll_do_not_pass_the_ten(self, store):
        desk = Desk(store, GAZETTE, source("sport", sections=("sport",)))
        items = [article(f"a{n}", text=f"{LONG} {n}") for n in range(30)]
        desk.poll("gazette", *items)
        desk.seen = False
        desk.poll("sport", *(article(f"b{n}", by="sport", text=f"{LONG} {n}") for n in range(30)))
        assert len(desk.listed("sport")) == 10

    def test_a_second_poll_brings_all(self, store):
        desk = Desk(store, GAZETTE, seen=False)
        desk.poll("gazette", article("a"))
        desk.later(HOUR).poll("gazette", *(article(f"b{n}", text=f"{LONG} {n}") for n in range(20)))
        assert len(desk.listed()) == 21

    def test_a_copy_brings_its_sources_sections(self, store):
        desk = Desk(store, GAZETTE, source("sport", sections=("sport",)))
        desk.poll("gazette", article("a", text=LONG))
        desk.poll("sport", article("b", by="sport", text=LONG))
        assert desk.listed("sport") == ["Report a"]

    def test_dropped_is_stored_and_not_listed(self, desk):
        told = desk.poll("gazette", article("a"), dropped='dropped by the site\'s rule keyword "horoscope"')
        assert (told.dropped, desk.listed(), len(desk.entries())) == (1, [], 1)

    def test_a_change_of_text_routes_again(self, store):
        floods = Section(name="floods", title="Floods", match=Rules(keywords=("flood",)))
        desk = Desk(store, source("gazette", sections=()), sections=(floods,))
        desk.poll("gazette", article("a", title="Rain in Karsa"))
        desk.later(HOUR).poll("gazette", article("a", title="Flood in Karsa"))
        assert desk.listed("floods") == ["Flood in Karsa"]
        desk.later(HOUR).poll("gazette", article("a", title="Sunshine in Karsa"))
        assert desk.listed("floods") == []
        with desk.store.reading() as shelf:
            assert shelf.all_lines(9) == []

    def test_new_rules_route_the_last_48_hours_again(self, store):
        desk = Desk(store, source("gazette", sections=()))
        desk.poll("gazette", article("old", published=NOON - 40 * HOUR), article("new"))
        desk.later(10 * HOUR)
        book = rules(
            source("gazette", sections=()), sections=(replace(WORLD, match=Rules(keywords=("report",))), SPORT)
        )
        configure(store, book, desk.now)
        assert desk.listed() == ["Report new"]

    def test_a_new_section_begins_with_what_came_lately(self, store):
        desk = Desk(store, source("gazette", sections=()), sections=(WORLD,))
        desk.poll("gazette", article("a"))
        configure(store, rules(source("gazette", sections=("sport",))), NOON + HOUR)
        assert desk.listed("sport") == ["Report a"]

    def test_new_rules_take_out_what_no_longer_belongs(self, desk):
        desk.poll("gazette", article("a"), article("b", title="Horoscope for Friday"))
        strict = replace(WORLD, exclude=Rules(keywords=("horoscope",)))
        configure(desk.store, rules(GAZETTE, HERALD, COURIER, sections=(strict, SPORT)), NOON + HOUR)
        assert desk.listed() == ["Report a"]

    def test_the_same_rules_change_nothing(self, desk):
        desk.poll("gazette", article("a"))
        before = dump(desk.store)
        configure(desk.store, desk.book, NOON + HOUR)
        assert dump(desk.store) == before


class TestPolls:
    def test_a_lost_lease_writes_nothing(self, desk):
        (claim,) = desk.claim("gazette")
        desk.later(HOUR).claim("gazette")
        before = dump(desk.store)
        assert desk.settle(read(claim, GAZETTE, [article("a")])) == []
        assert dump(desk.store) == before

    def test_a_read_is_settled_once(self, desk):
        (claim,) = desk.claim("gazette")
        one = read(claim, GAZETTE, [article("a")])
        assert len(desk.settle(one)) == 1
        assert desk.settle(one) == []

    def test_validators_and_articles_together(self, desk):
        (claim,) = desk.claim("gazette")
        one = read(claim, GAZETTE, [article("a")])
        desk.settle(replace(one, state=replace(one.state, etag='W/"7"', body_hash=-5)))
        (claim,) = desk.later(HOUR).claim("gazette")
        assert (claim.state.etag, claim.state.body_hash, claim.state.listed) == ('W/"7"', -5, {article("a").digest})

    def test_an_unchanged_source_keeps_what_it_listed(self, desk):
        desk.poll("gazette", article("a"))
        (claim,) = desk.later(HOUR).claim("gazette")
        one = read(claim, GAZETTE, [], outcome=Outcome.NOT_MODIFIED)
        desk.settle(replace(one, state=replace(claim.state, next_poll=desk.now + HOUR)))
        (claim,) = desk.later(HOUR).claim("gazette")
        assert claim.state.listed == {article("a").digest}

    def test_an_unchanged_source_leaves_the_version(self, desk):
        desk.poll("gazette", article("a"))
        version = desk.store.setting("version")
        desk.later(HOUR).poll("gazette", article("a"))
        assert desk.store.setting("version") == version

    def test_absence_is_never_deletion(self, desk):
        desk.poll("gazette", article("a"))
        desk.later(HOUR).poll("gazette")
        assert desk.listed() == ["Report a"]

    def test_thousands_of_items_that_share_a_link(self, desk):
        url = "https://gazette.example/page"
        items = [article(f"a{n}", url=url, guid=None, text=SHORT, digest=hash64(f"{n}")) for n in range(3_000)]
        repeated = {key("url", url), key("canonical", url)}
        told = desk.poll("gazette", *items, repeated=repeated)
        assert told.new == 3_000

    def test_thousands_of_items_with_one_text_in_two_sources(self, desk):
        items = [article(f"a{n}", text=LONG, title=f"Title {n}") for n in range(1_500)]
        desk.poll("gazette", *items)
        told = desk.poll("herald", *(replace(one, source="herald", id=one.id + "h") for one in items))
        assert (told.new, told.merged) == (1_500, 1_500)


def test_moments_are_kept_to_the_microsecond(desk):
    at = NOON - timedelta(microseconds=123_457)
    desk.poll("gazette", article("a", published=at, updated=at))
    assert desk.entries()[0].entry.published == at


def test_an_article_that_must_be_paid_for_leaves_the_lead_to_an_open_copy(store):
    desk = Desk(store, source("gazette"), source("herald"))
    desk.poll("gazette", article("a", text=LONG, paywall=True))
    desk.poll("herald", article("b", "herald", text=LONG))
    assert [e.lead.source for e in desk.entries()] == ["herald"]
