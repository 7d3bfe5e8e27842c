"""Splitting and joining on both engines: no id changes, nothing is lost, and what was decided stays."""

import pytest
from sqlalchemy import select

from feeds.errors import RefusedError
from feeds.store import decisions
from feeds.store.schema import anchor, no_join
from tests.dedupe.stories import CUT, WIRE
from tests.newsroom import DAY, HOUR, MINUTE, Desk, article, source, told
from tests.values import replace

NAMES = ("gazette", "herald", "courier", "post")


@pytest.fixture
def desk(store):
    return Desk(store, *map(source, NAMES))


def copy(name, by, text="harbour", **changes):
    """One of several prints of a text."""
    words = told(text)
    return article(name, by=by, title=name, text=words, match_text=words, **changes)


@pytest.fixture
def copies(desk):
    """One entry of three copies, the second and third a minute later each."""
    for by in NAMES[:3]:
        desk.later(MINUTE).poll(by, copy(by, by))
    return desk.later(MINUTE)


@pytest.fixture
def apart(desk):
    """Two entries, the second of two copies."""
    desk.poll("gazette", copy("first", "gazette"))
    desk.later(MINUTE).poll("herald", copy("second", "herald", "court"))
    desk.later(MINUTE).poll("courier", copy("third", "courier", "court"))
    return desk.later(MINUTE)


def ids(desk):
    """The id of each living entry by the titles of its copies."""
    return {frozenset(c.title for c in e.copies): e.entry.id for e in desk.entries()}


def of(*titles):
    return frozenset(titles)


def entry(desk, title):
    return next(e for e in desk.entries() if title in {c.title for c in e.copies})


def count(desk, table):
    with desk.store.reading() as shelf:
        return len(shelf.connection.execute(select(table)).all())


class TestSplit:
    def test_a_copy_gets_an_entry_of_its_own(self, copies):
        copies.split("courier")
        assert ids(copies).keys() == {of("gazette", "herald"), of("courier")}

    def test_the_entry_keeps_its_id_and_the_copy_has_its_own(self, copies):
        before = entry(copies, "gazette").entry.id
        copies.split("courier")
        courier = entry(copies, "courier")
        assert (entry(copies, "gazette").entry.id, courier.entry.id) == (before, courier.copies[0].id)

    def test_the_first_article_keeps_the_id_that_is_its_own_and_the_others_leave(self, copies):
        before = ids(copies)[of(*NAMES[:3])]
        copies.split("gazette")
        assert ids(copies) == {of("gazette"): before, of("herald", "courier"): entry(copies, "herald").copies[0].id}

    def test_the_lead_is_another_when_it_left(self, store):
        desk = Desk(store, source("gazette"), source("herald", content="full"))
        desk.poll("gazette", copy("gazette", "gazette"))
        desk.poll("herald", copy("herald", "herald"))
        assert [e.lead.title for e in desk.entries()] == ["herald"]
        desk.later(DAY).split("herald")
        assert sorted(e.lead.title for e in desk.entries()) == ["gazette", "herald"]

    def test_neither_date_moves(self, copies):
        before = entry(copies, "gazette").entry
        copies.later(HOUR).split("courier")
        after = entry(copies, "gazette").entry
        assert (after.published, after.updated) == (before.published, before.updated)

    def test_the_new_entry_was_published_when_its_article_was(self, copies):
        copies.later(HOUR).split("courier")
        courier = entry(copies, "courier")
        assert courier.entry.published == courier.copies[0].published

    def test_it_enters_the_sections_of_its_source_and_is_shown_as_new(self, copies):
        copies.poll("post", article("z", by="post", title="later"))
        copies.later(HOUR).split("courier")
        assert copies.in_order() == ["courier", "later", "gazette"]

    def test_an_old_one_enters_where_it_would_stand(self, copies):
        copies.later(HOUR).poll("post", article("z", by="post", title="later"))
        copies.later(3 * DAY).split("courier")
        assert copies.in_order() == ["later", "courier", "gazette"]

    def test_an_entry_leaves_a_section_that_only_the_copy_brought(self, store):
        desk = Desk(store, source("gazette"), source("herald", sections=("sport",)))
        desk.poll("gazette", copy("gazette", "gazette"))
        desk.poll("herald", copy("herald", "herald"))
        assert (desk.listed("world"), desk.listed("sport")) == (["gazette"], ["gazette"])
        desk.split("herald")
        assert (desk.listed("world"), desk.listed("sport")) == (["gazette"], ["herald"])

    def test_a_copy_of_a_source_that_is_gone_stands_where_it_stood(self, copies):
        copies.book = replace(copies.book, sources={n: s for n, s in copies.book.sources.items() if n != "courier"})
        copies.split("courier")
        assert sorted(copies.listed()) == ["courier", "gazette"]

    def test_the_only_article_is_refused(self, desk):
        desk.poll("gazette", article(title="alone"))
        with pytest.raises(RefusedError, match="only article of its entry"):
            desk.split("alone")

    def test_it_is_kept_who_did_it_when_why_and_what_was_before(self, copies):
        done = copies.split("courier", "another ferry")
        with copies.store.reading() as shelf:
            (kept,) = decisions.decisions_about(shelf, {done.stays})
        (before,) = kept.before
        assert (kept.kind, kept.person, kept.reason, kept.at) == ("split", "Ada", "another ferry", copies.now)
        assert (kept.left, before.rule) == ((entry(copies, "courier").entry.id,), "same text")


class TestItStaysSplit:
    def test_when_both_are_polled_again(self, copies):
        copies.split("courier")
        before = ids(copies)
        for by in NAMES[:3]:
            copies.later(HOUR).poll(by, copy(by, by), present=())
        assert ids(copies) == before

    def test_when_its_text_is_edited_to_be_the_same_again(self, copies):
        copies.split("courier")
        before = ids(copies)
        copies.later(HOUR).poll("courier", copy("courier", "courier", "court"))
        copies.later(HOUR).poll("courier", copy("courier", "courier"))
        assert ids(copies) == before

    def test_when_its_source_brings_it_again_as_another_item(self, copies):
        copies.split("courier")
        again = copy("courier", "courier", guid="tag:again", url=None, canonical=None)
        copies.later(HOUR).poll("courier", again)
        assert sorted(len(e.copies) for e in copies.entries()) == [2, 2]
        assert {c.source for c in entry(copies, "courier").copies} == {"courier"}

    def test_when_the_entry_has_gone_into_another(self, copies):
        copies.poll("post", article("z", by="post", title="other"))
        copies.split("courier")
        copies.join("other", "gazette")
        copies.later(HOUR).poll("courier", copy("courier", "courier", "court"))
        copies.later(HOUR).poll("courier", copy("courier", "courier"))
        assert of("courier") in ids(copies)

    def test_a_wire_copy_brought_again_goes_to_what_its_source_has(self, store):
        """Though it is nearer to the text that its source's own was split from."""
        desk = Desk(store, *map(source, NAMES))
        first, second, third = WIRE.split()[:3]
        texts = (("gazette", first, WIRE), ("herald", second, CUT), ("herald", third, f"{WIRE} More follows."))
        for by, name, text in texts:
            desk.later(MINUTE).poll(by, article(name, by=by, title=name, text=text, match_text=text))
            if name == second:
                desk.split(second)
        assert ids(desk).keys() == {of(first), of(second, third)}

    def test_others_that_print_the_text_join_one_of_them(self, copies):
        copies.split("courier")
        copies.later(HOUR).poll("post", copy("post", "post"))
        assert sorted(len(e.copies) for e in copies.entries()) == [1, 3]

    def test_a_later_copy_finds_what_was_split(self, copies):
        copies.split("courier")
        copies.later(HOUR).poll("courier", copy("courier", "courier", "court"))
        copies.later(HOUR).poll("post", copy("post", "post", "court"))
        assert of("courier", "post") in ids(copies)


class TestJoin:
    def test_the_older_lives(self, apart):
        before = ids(apart)
        apart.join("third", "first")
        assert ids(apart) == {of("first", "second", "third"): before[of("first")]}

    def test_the_younger_is_an_alias_with_what_it_brought(self, apart):
        before = ids(apart)[of("second", "third")]
        apart.join("first", "second")
        (alias,) = apart.aliases().values()
        assert (alias.entry.id, {c.title for c in alias.copies}) == (before, {"second", "third"})

    def test_dates_and_lead_of_the_older_stay(self, apart):
        before = entry(apart, "first")
        apart.later(3 * HOUR).join("first", "second")
        after = entry(apart, "first")
        assert (after.entry.published, after.entry.updated, after.lead) == (
            before.entry.published,
            before.entry.updated,
            before.lead,
        )

    def test_the_younger_leaves_the_section(self, apart):
        apart.join("first", "second")
        assert apart.listed() == ["first"]

    def test_the_older_takes_its_place_where_it_did_not_stand(self, store):
        desk = Desk(
            store, source("gazette"), source("herald", sections=("sport",)), source("post", sections=("sport",))
        )
        desk.poll("gazette", copy("first", "gazette"))
        desk.later(MINUTE).poll("herald", copy("second", "herald", "court"))
        desk.later(MINUTE).poll("post", copy("third", "post", "mill"))
        desk.later(HOUR).join("first", "second")
        assert desk.in_order("sport") == ["third", "first"]

    def test_what_stands_in_a_section_lives(self, store):
        desk = Desk(store, source("gazette", sections=()), source("herald"))
        desk.poll("gazette", copy("first", "gazette"))
        desk.later(MINUTE).poll("herald", copy("second", "herald", "court"))
        before = entry(desk, "second").entry.id
        desk.join("first", "second")
        assert (ids(desk), desk.listed()) == ({of("first", "second"): before}, ["second"])

    def test_split_undoes_it(self, apart):
        before, shown = ids(apart), [e.entry for e in apart.entries()]
        apart.join("first", "second")
        apart.later(HOUR).split("second")
        assert (ids(apart), [e.entry for e in apart.entries()], sorted(apart.listed())) == (
            before,
            shown,
            ["first", "second"],
        )

    def test_split_of_the_older_one_gives_the_younger_its_id_back(self, apart):
        before = ids(apart)
        apart.join("first", "second")
        apart.split("first")
        assert ids(apart) == before

    def test_an_alias_of_an_alias(self, apart):
        apart.poll("post", copy("fourth", "post", "mill"))
        before = ids(apart)
        apart.join("second", "fourth")
        apart.join("first", "fourth")
        assert len(apart.entries()) == 1
        apart.split("second")
        assert ids(apart).keys() == {of("first"), of("second", "third", "fourth")}
        apart.split("fourth")
        assert ids(apart) == before

    def test_one_copy_of_an_alias_leaves_alone(self, apart):
        apart.join("first", "second")
        apart.split("third")
        assert ids(apart).keys() == {of("first", "second"), of("third")}
        apart.split("second")
        assert ids(apart).keys() == {of("first"), of("second"), of("third")}

    def test_it_lifts_what_kept_them_apart(self, copies):
        copies.split("courier")
        assert count(copies, no_join) == 1
        copies.join("gazette", "courier")
        assert (count(copies, no_join), len(copies.entries())) == (0, 1)

    def test_one_entry_with_itself_is_refused(self, apart):
        with pytest.raises(RefusedError, match="one entry already"):
            apart.join("second", "third")

    def test_later_copies_of_either_text_come_to_it(self, apart):
        apart.join("first", "second")
        apart.later(HOUR).poll("post", copy("fourth", "post", "court"))
        assert ids(apart).keys() == {of("first", "second", "third", "fourth")}

    def test_a_wire_copy_of_the_youngers_text_comes_to_it(self, apart):
        apart.join("first", "second")
        longer = f"{told('court')} More follows from the clerk tonight."
        apart.later(HOUR).poll("post", article("x", by="post", title="fourth", text=longer, match_text=longer))
        assert len(apart.entries()) == 1

    def test_the_alias_is_found_by_no_text(self, apart):
        apart.join("first", "second")
        with apart.store.reading() as shelf:
            found = set(shelf.connection.execute(select(anchor.c.entry_id)).scalars())
        assert found == {apart.number("first")}

    def test_why_a_late_member_stands_there_is_told(self, apart):
        apart.join("first", "second")
        members = {m.article: m for m in entry(apart, "first").entry.members}
        second = members[apart.aliases()["second"].entry.id]
        assert (second.rule, second.counterpart) == ("by hand", entry(apart, "first").lead.id)


class TestTheRulesChangeMeanwhile:
    def test_an_alias_is_routed_to_no_section(self, apart):
        apart.join("first", "second")
        world = replace(apart.book.sections[0], title="The world", languages=("en",))
        apart.book = replace(apart.book, sections=(world, *apart.book.sections[1:]))
        from tests.newsroom import configure

        configure(apart.store, apart.book, apart.now)
        assert apart.listed() == ["first"]
