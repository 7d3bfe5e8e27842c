"""What holds for every stream of documents: read and settled on SQLite."""

import contextlib
from datetime import timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from feeds.dedupe.keys import ENOUGH_WORDS
from feeds.dedupe.match import compare, words_of
from feeds.errors import RefusedError
from feeds.fetch.robots import Memory
from feeds.model import Item, Outcome, ParsedFeed, Response, Text
from feeds.pipeline import documents as looking
from feeds.pipeline import editing
from feeds.pipeline.read import read
from feeds.pipeline.rules import Manner
from feeds.store import open_store
from feeds.store.schema import article
from tests.databases import dump, empty
from tests.dedupe import stories
from tests.newsroom import HOUR, LONG, MINUTE, OTHER, Desk, run, source
from tests.values import replace

FEW = settings.default.max_examples * 4 // 10  # of the profile: a store answers in milliseconds, not microseconds

DAILY = "https://www.daily.example"
SOURCES = (
    source("world", url="https://feeds.daily.example/world.xml"),
    source("sport", url="https://feeds.daily.example/sport.xml", sections=("sport",), content="full"),
    source("herald", priority=1),
)
GUIDS = (None, "1", "2", "tag:daily.example,2026:a", f"{DAILY}/a#0", f"{DAILY}/a#1")
LINKS = (None, f"{DAILY}/", f"{DAILY}/a", f"{DAILY}/a#live", f"{DAILY}/b?utm_source=x", "https://herald.example/a")
TITLES = ("Ferry returns", "Ferry returns at last", "Bells may ring")
TEXTS = ("", "Nothing to report.", LONG, OTHER, f"{LONG} More follows.")
DATES = (None, "2026-01-08T10:00:00Z", "2026-01-08T11:00:00Z", "9999-12-31T23:59:59Z")

items = st.builds(
    lambda guid, link, title, text, date: Item(
        guid=guid, link=link, title=Text(value=title), content=Text(value=text), published=date
    ),
    st.sampled_from(GUIDS),
    st.sampled_from(LINKS),
    st.sampled_from(TITLES),
    st.sampled_from(TEXTS),
    st.sampled_from(DATES),
)
documents = st.lists(items, max_size=5)
streams = st.lists(st.tuples(st.sampled_from([s.name for s in SOURCES]), documents), min_size=1, max_size=5)


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    store = open_store(f"sqlite:///{tmp_path_factory.mktemp('store')}/store.db", "desk-1")
    yield store
    store.close()


class Stream(Desk):
    """A desk that reads documents itself; each comes an hour after the one before."""

    def __init__(self, store):
        empty(store)
        super().__init__(store, *SOURCES)

    def read(self, name, document):
        (claim,) = self.claim(name)
        response = Response(
            url=claim.state.url, status=200, headers={}, body=b"", fetched_at=self.now, elapsed=timedelta(0)
        )
        feed = ParsedFeed(items=tuple(document), format="atom10")
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(looking, "parse", lambda *_: feed)
            patch.setattr(looking, "hash_bytes", lambda _: hash(feed))
            exchange = read(claim, self.book.sources[name], Manner(), Memory(), self.now)
            one = run(exchange, [response], self.now)
        assert one.poll.outcome in (Outcome.FRESH, Outcome.SAME_BYTES), one.poll.error
        return one

    def bring(self, name, document, order=None):
        one = self.read(name, document)
        if order is not None:
            one = replace(one, drafts=tuple(order(one.drafts)))
        polls = self.settle(one)
        self.later(HOUR)
        return polls[0]

    def play(self, stream):
        for name, document in stream:
            self.bring(name, document)
        return self

    def content(self):
        return {n: rows for n, rows in dump(self.store).items() if n not in ("source", "host", "poll")}

    def forget(self):
        """Takes from the sources what they listed: every item is a draft again."""
        with self.store.deciding() as ledger:
            ledger.connection.exec_driver_sql("UPDATE source SET listed = NULL")


@given(stream=streams)
@settings(max_examples=FEW)
def test_the_same_stream_gives_the_same_tables(kept, stream):
    first = dump(Stream(kept).play(stream).store)
    assert dump(Stream(kept).play(stream).store) == first


@given(stream=streams)
@settings(max_examples=FEW)
def test_the_last_document_again_changes_nothing(kept, stream):
    desk = Stream(kept).play(stream)
    before = desk.content()
    desk.forget()
    told = desk.bring(*stream[-1])
    assert desk.content() == before
    assert (told.new, told.changed) == (0, 0)


@given(stream=streams, last=st.lists(items, max_size=8), data=st.data())
@settings(max_examples=FEW)
def test_the_order_of_a_document_decides_no_entry(kept, stream, last, data):
    name = data.draw(st.sampled_from([s.name for s in SOURCES]))
    there = Stream(kept).play(stream)
    there.bring(name, last)
    expected = there.partition()
    again = Stream(kept).play(stream)
    again.bring(name, last, order=lambda drafts: data.draw(st.permutations(drafts)) if drafts else ())
    assert again.partition() == expected


@given(stream=streams)
@settings(max_examples=FEW)
def test_what_stands_stays(kept, stream):
    """No id and no date of publication changes, `updated` never goes back, and no article leaves its entry unchanged.

    What went into another since then is its alias, and its articles stand there.
    """
    desk = Stream(kept)
    before = {}
    for name, document in stream:
        desk.bring(name, document)
        living, aliases = desk.entries(), desk.merged()
        after = {e.entry.id: e for e in (*living, *aliases)}
        where = {c.id: e.entry.id for e in living for c in e.copies}
        now = {c.id: c.digest for e in living for c in e.copies}
        assert before.keys() <= after.keys()
        for uid, old in before.items():
            new = after[uid]
            assert all(c.digest != now[c.id] for c in old.copies if where[c.id] != where[uid])
            assert new.entry.published == old.entry.published
            assert new.entry.updated >= old.entry.updated
        before = after


@given(stream=streams)
@settings(max_examples=FEW)
def test_every_item_is_an_article_once(kept, stream):
    """Ids are unique, entries have their members, and what is listed stands in a section."""
    desk = Stream(kept).play(stream)
    entries = desk.entries()
    uids = [c.id for e in entries for c in e.copies]
    assert len(uids) == len(set(uids))
    assert all(e.entry.id in {c.id for c in e.copies} for e in entries)
    assert all(e.lead in e.copies for e in entries)
    with desk.store.reading() as shelf:
        listed = {line.entry for line in shelf.all_lines(1000)}
        standing = {line.entry for name in ("world", "sport") for line in shelf.lines(name, 1000)}
    assert listed == standing


rewrites = st.lists(
    st.tuples(
        st.sampled_from([s.name for s in SOURCES]),
        st.lists(
            st.builds(
                lambda guid, title, text: Item(guid=guid, title=Text(value=title), content=Text(value=text)),
                st.sampled_from(("tag:daily.example,2026:a", "tag:daily.example,2026:b")),
                st.sampled_from(TITLES),
                st.sampled_from((*TEXTS[1:], stories.WIRE, stories.CUT, stories.INDEPENDENT)),
            ),
            min_size=1,
            max_size=3,
        ),
    ),
    min_size=4,
    max_size=9,
)


@given(stream=rewrites)
@settings(max_examples=FEW)
def test_whatever_is_rewritten_no_other_sources_words_are_hidden(kept, stream):
    """A copy that joined by its words leads, has words of another of its entry, or too few; the first one stays.

    What a source has in an entry that it opened may be hidden by what it makes of the first.
    """
    for shown in Stream(kept).play(stream).entries():
        first = next(c for c in shown.copies if c.id == shown.entry.id)
        for copy, member in zip(shown.copies, shown.entry.members, strict=True):
            others = [c for c in shown.copies if c is not copy]
            by_words = len(copy.match_text.split()) >= ENOUGH_WORDS and member.rule not in ("first", "same url")
            if by_words and copy is not shown.lead and copy.source != first.source:
                assert any(_alike(copy, other) for other in others)


def _alike(one, other):
    both = compare(words_of(one.title, one.match_text), words_of(other.title, other.match_text))
    return one.match_text == other.match_text or max(both.shares) >= 0.5


VICTIM = Item(
    guid="tag:gazette.example,2026:a",
    link="https://gazette.example/a",
    title=Text(value="Ferry returns"),
    content=Text(value=LONG),
    published="2026-01-08T10:00:00Z",
)
claims = st.fixed_dictionaries(
    {},
    optional={
        "guid": st.sampled_from([None, VICTIM.guid, VICTIM.link]),
        "link": st.sampled_from([None, VICTIM.link, f"{VICTIM.link}#x", f"{VICTIM.link}?utm_source=y"]),
        "title": st.sampled_from([VICTIM.title, Text(value="Ferry sinks")]),
        "content": st.sampled_from([Text(value=""), Text(value="Ferry sinks."), Text(value=OTHER * 3)]),
        "published": st.sampled_from([None, VICTIM.published, "1999-01-01T00:00:00Z", "9999-12-31T23:59:59Z"]),
    },
)


@given(
    before=st.lists(st.lists(claims, max_size=3), max_size=2),
    after=st.lists(st.lists(claims, max_size=3), max_size=2),
    borrowed=st.booleans(),
)
@settings(max_examples=FEW)
def test_no_source_hides_renames_or_replaces_anothers_article(kept, before, after, borrowed):
    """Whatever guid, link, title or date it claims, before or after, first with the other's text or not."""
    fake = replace(VICTIM, content=Text(value=OTHER))
    desk = Stream(kept)
    desk.book = replace(
        desk.book, sources=desk.book.sources | {n: source(n, content="full", priority=9) for n in ("evil",)}
    )
    desk.book = replace(desk.book, sources=desk.book.sources | {"gazette": source("gazette")})
    desk.store.register(tuple(desk.book.sources.values()))
    for document in before:
        desk.bring("evil", [replace(fake, **claim) for claim in document])
    desk.bring("gazette", [VICTIM])
    if borrowed:
        desk.later(-50 * MINUTE)
        desk.bring("evil", [replace(VICTIM, guid="borrowed", title=VICTIM.title)])
        desk.later(-50 * MINUTE)
    for document in after:
        desk.bring("evil", [replace(fake, guid="borrowed"), *(replace(fake, **claim) for claim in document)])
    (own,) = [e for e in desk.entries() if any(c.source == "gazette" for c in e.copies)]
    shown = own.lead
    if borrowed and shown.source == "evil" and shown.text == LONG:
        assert shown.title == "Ferry returns"  # the same words, under the operator's own preference
    else:
        assert (shown.source, shown.title, shown.url, shown.text) == ("gazette", "Ferry returns", VICTIM.link, LONG)
    assert "world" in own.sections


edits = st.lists(
    st.tuples(
        st.sampled_from(["evil-1", "evil-2", "evil-3"]),
        st.sampled_from([LONG, f"{LONG} {OTHER}", OTHER, f"{OTHER} {OTHER}", "Ferry sinks."]),
        st.sampled_from([VICTIM.title, Text(value="Ferry sinks")]),
    ),
    max_size=4,
    unique_by=lambda edit: edit[0],
)


@given(before=st.lists(edits, max_size=3), after=st.lists(edits, max_size=4))
@settings(max_examples=FEW)
def test_no_edit_of_another_ends_an_entry(kept, before, after):
    """Whatever others come to say before and after: what had its words first keeps its id, date, lead and place."""
    desk = Stream(kept)
    desk.book = replace(
        desk.book, sources={"gazette": source("gazette"), "evil": source("evil", content="full", priority=9)}
    )
    desk.store.register(tuple(desk.book.sources.values()))
    for document in before:
        desk.bring("evil", [_said(*edit) for edit in document if LONG not in edit[1]])
    desk.bring("gazette", [VICTIM])
    (old,) = [e for e in desk.entries() if any(c.source == "gazette" for c in e.copies)]
    desk.later(2 * HOUR)
    for document in after:
        desk.bring("evil", [_said(*edit) for edit in document])
    (own,) = [e for e in desk.entries() if any(c.source == "gazette" for c in e.copies)]
    assert (own.entry.id, own.entry.published, own.entry.updated, own.lead.title, own.lead.text) == (
        old.entry.id,
        old.entry.published,
        old.entry.updated,
        "Ferry returns",
        LONG,
    )
    assert "world" in own.sections


def _said(guid, text, title):
    return replace(VICTIM, guid=guid, link=f"https://evil.example/{guid}", title=title, content=Text(value=text))


moves = st.lists(
    st.one_of(
        st.tuples(st.just("split"), st.integers(0, 9)),
        st.tuples(st.just("join"), st.integers(0, 9), st.integers(0, 9)),
        st.tuples(st.just("poll"), st.sampled_from([s.name for s in SOURCES]), documents),
    ),
    max_size=8,
)


@given(stream=streams, moves=moves)
@settings(max_examples=FEW)
def test_no_join_and_no_split_loses_an_article_or_changes_an_id_or_a_date(kept, stream, moves):
    desk = Stream(kept).play(stream)
    known, published = {}, {}
    for kind, *rest in moves:
        if kind == "poll":
            desk.bring(*rest)
        else:
            edit(desk, kind, rest)
        living, aliases = desk.entries(), desk.merged()
        found = {c.id: c.first_seen for e in living for c in e.copies}
        dates = {e.entry.id: e.entry.published for e in (*living, *aliases)}
        assert sum(len(e.copies) for e in living) == len(found)
        assert (known.items() <= found.items(), published.items() <= dates.items()) == (True, True)
        assert all(e.entry.id in found and e.lead in e.copies for e in living)
        known, published = found, dates


def edit(desk, kind, places):
    """A person's decision about the articles at these places; one that is refused changes nothing."""
    with desk.store.reading() as shelf:
        rows = shelf.connection.execute(select(article.c.id).order_by(article.c.id)).scalars().all()
    if not rows:
        return
    numbers = [rows[place % len(rows)] for place in places]
    order = editing.Order(person="Ada")
    with contextlib.suppress(RefusedError), desk.store.deciding() as ledger:
        getattr(editing, kind)(ledger, desk.book, *numbers, order, desk.now)


WIRED = replace(VICTIM, content=Text(value=stories.WIRE))
HALF = " ".join(stories.WIRE.split()[:110])
SAID = (
    *(stories.WIRE, stories.CUT, stories.SUMMARY, f"{stories.WIRE} {stories.FOOTER}", f"{HALF} {OTHER * 4}"),
    *(OTHER * 4, stories.OPINION, stories.MINISTERS_2022, "", "Ferry sinks."),
)
posed = st.builds(
    lambda guid, title, text, link: replace(
        WIRED, guid=guid, title=Text(value=title), content=Text(value=text), link=link
    ),
    st.sampled_from(("mine", "other", VICTIM.guid)),
    st.sampled_from(("Ferry returns", "Ferry sinks")),
    st.sampled_from(SAID),
    st.sampled_from((VICTIM.link, "https://evil.example/a", None)),
)
poses = st.lists(st.lists(posed, max_size=2), max_size=3)


def steps(*texts):
    return [[replace(WIRED, guid="mine", content=Text(value=text))] for text in texts]


def drift():
    """From one text to another, a tenth of its words at a time: no change is a material one."""
    one, other = stories.WIRE.split(), (OTHER * 9).split()
    return [" ".join(other[:n] + one[n:]) for n in range(0, len(one) + 20, 20)]


@example(before=[], after=steps(stories.WIRE, SAID[4], SAID[5]), pace=MINUTE, priority=9)
@example(before=steps(stories.WIRE), after=steps(SAID[4], SAID[5], stories.WIRE, SAID[4]), pace=HOUR, priority=0)
@example(before=[], after=steps(*drift()), pace=MINUTE, priority=9)
@given(before=poses, after=poses, pace=st.sampled_from((MINUTE, HOUR)), priority=st.sampled_from((0, 9)))
@settings(max_examples=2 * FEW)
def test_nor_by_copying_its_text_and_changing_it_step_by_step(kept, before, after, pace, priority):
    """By wire copy, in part or whole, first or later: what stands over an article's entry prints its words."""
    desk = Stream(kept)
    sources = {"gazette": source("gazette"), "evil": source("evil", content="full", priority=priority)}
    desk.book = replace(desk.book, sources=desk.book.sources | sources)
    desk.store.register(tuple(desk.book.sources.values()))
    for name, document in (*(("evil", d) for d in before), ("gazette", [WIRED]), *(("evil", d) for d in after)):
        desk.bring(name, document)
        desk.later(pace - HOUR)
    (own,) = [e for e in desk.entries() if any(c.source == "gazette" for c in e.copies)]
    (article,) = [c for c in own.copies if c.source == "gazette"]
    both = compare(*(words_of(one.title, one.match_text) for one in (own.lead, article)))
    assert own.lead.text == article.text or max(both.shares) > 0.4
    assert (article.title, article.url, "world" in own.sections) == ("Ferry returns", VICTIM.link, True)
