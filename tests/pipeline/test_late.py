"""Late merges on both engines: what comes to say another's words is one entry with it, and nobody else is touched."""

import pytest

from feeds.store import decisions
from tests.dedupe.stories import SUMMARY, WIRE
from tests.newsroom import HOUR, MINUTE, Desk, article, source, told
from tests.pipeline.test_editing import copy, entry, ids, of

NAMES = ("gazette", "herald", "courier", "post")


@pytest.fixture
def desk(store):
    return Desk(store, *map(source, NAMES))


def text(name, by, words, **changes):
    return article(name, by=by, title=name, text=words, match_text=words, **changes)


def test_the_second_edited_to_say_what_the_first_says(desk):
    desk.poll("gazette", copy("first", "gazette"))
    desk.poll("herald", copy("second", "herald", "court"))
    before = ids(desk)
    desk.later(HOUR).poll("herald", copy("second", "herald"))
    assert ids(desk) == {of("first", "second"): before[of("first")]}


def test_the_poll_of_the_edit_counts_it(desk):
    desk.poll("gazette", copy("first", "gazette"))
    desk.poll("herald", copy("second", "herald", "court"))
    polls = [desk.later(HOUR).poll("herald", copy("second", "herald")) for _ in range(2)]
    assert [(poll.changed, poll.merged, poll.merged_late) for poll in polls] == [(1, 0, 1), (0, 0, 0)]


def test_its_page_leads_to_the_other(desk):
    desk.poll("gazette", copy("first", "gazette"))
    desk.poll("herald", copy("second", "herald", "court"))
    desk.later(HOUR).poll("herald", copy("second", "herald"))
    assert desk.aliases()["second"].into == desk.number("first")


def test_a_wire_copy(desk):
    desk.poll("gazette", text("first", "gazette", WIRE))
    desk.poll("herald", text("second", "herald", told("court")))
    desk.later(HOUR).poll("herald", text("second", "herald", SUMMARY))
    member = entry(desk, "first").entry.members[1]
    assert (member.rule, len(member.passages) > 0) == ("late: wire copy: contained", True)


def test_neither_date_of_the_other_moves(desk):
    desk.poll("gazette", copy("first", "gazette"))
    desk.poll("herald", copy("second", "herald", "court"))
    before = entry(desk, "first").entry
    desk.later(HOUR).poll("herald", copy("second", "herald"))
    after = entry(desk, "first").entry
    assert (after.published, after.updated) == (before.published, before.updated)


def test_what_was_edited_goes_even_when_it_is_older(desk):
    """Else whoever came first with anything could copy another's text and take its place."""
    desk.poll("gazette", copy("first", "gazette", "court"))
    desk.later(MINUTE).poll("herald", copy("second", "herald"))
    before = ids(desk)
    desk.later(HOUR).poll("gazette", copy("first", "gazette"))
    assert (ids(desk), [e.lead.title for e in desk.entries()]) == (
        {of("first", "second"): before[of("second")]},
        ["second"],
    )


def test_both_edited_at_once_the_older_lives(desk):
    desk.poll("gazette", copy("first", "gazette", "court"))
    desk.poll("herald", copy("second", "herald", "mill"))
    before = ids(desk)
    desk.later(HOUR)
    from tests.newsroom import read

    claims = desk.claim("gazette", "herald")
    told = {"gazette": copy("first", "gazette"), "herald": copy("second", "herald")}
    desk.settle(*(read(c, desk.book.sources[c.state.name], [told[c.state.name]], now=desk.now) for c in claims))
    assert ids(desk) == {of("first", "second"): before[of("first")]}


def test_an_entry_that_another_carries_too_stays_when_only_one_is_edited(desk):
    desk.poll("gazette", copy("first", "gazette"))
    desk.poll("herald", copy("second", "herald", "court"))
    desk.poll("courier", copy("third", "courier", "court"))
    desk.later(HOUR).poll("herald", copy("second", "herald"))
    assert ids(desk).keys() == {of("first"), of("second", "third")}


def test_it_goes_when_all_who_carry_it_were_edited(desk):
    desk.poll("gazette", copy("first", "gazette"))
    desk.poll("herald", copy("second", "herald", "court"))
    desk.poll("courier", copy("third", "courier", "court"))
    desk.later(HOUR).poll("herald", copy("second", "herald"))
    desk.later(HOUR).poll("courier", copy("third", "courier"))
    assert ids(desk).keys() == {of("first", "second", "third")}


def test_what_stands_in_a_section_does_not_go_into_what_stands_in_none(store):
    desk = Desk(store, source("gazette", sections=()), source("herald"))
    desk.poll("gazette", copy("first", "gazette"))
    desk.poll("herald", copy("second", "herald", "court"))
    desk.later(HOUR).poll("herald", copy("second", "herald"))
    assert ids(desk).keys() == {of("first"), of("second")}


def test_two_entries_do_not_become_one_because_a_third_text_has_both(desk):
    desk.poll("gazette", text("first", "gazette", told("court")))
    desk.poll("herald", text("second", "herald", told("mill")))
    desk.poll("courier", text("both", "courier", f"{told('court')} {told('mill')}"))
    assert len(desk.entries()) == 2


def test_a_source_with_dedupe_off_stays_apart(store):
    desk = Desk(store, source("gazette"), source("herald", dedupe=False))
    desk.poll("gazette", copy("first", "gazette"))
    desk.poll("herald", copy("second", "herald", "court"))
    desk.later(HOUR).poll("herald", copy("second", "herald"))
    assert len(desk.entries()) == 2


def test_it_is_kept_as_a_decision_of_the_rules_and_split_undoes_it(desk):
    desk.poll("gazette", copy("first", "gazette"))
    desk.poll("herald", copy("second", "herald", "court"))
    before = ids(desk)
    desk.later(HOUR).poll("herald", copy("second", "herald"))
    with desk.store.reading() as shelf:
        (kept,) = decisions.decisions_about(shelf, {desk.number("first")})
    desk.split("second")
    desk.later(HOUR).poll("herald", copy("second", "herald", "mill"))
    desk.later(HOUR).poll("herald", copy("second", "herald"))
    assert (kept.kind, kept.person, kept.reason, ids(desk)) == ("late merge", None, "same text", before)


def test_an_edit_that_says_nothing_of_others_merges_nothing(desk):
    desk.poll("gazette", text("first", "gazette", WIRE))
    desk.poll("herald", text("second", "herald", told("court")))
    desk.later(HOUR).poll("herald", text("second", "herald", f"{told('court')} {told('mill')}"))
    assert len(desk.entries()) == 2
