"""Sources, articles and reads made by hand; every text is ours."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from feeds.dedupe.keys import draft, guid_key, is_trusted
from feeds.model import Article, Outcome, Poll, Section, Source, SourceState
from feeds.normalise.identity import identity
from feeds.pipeline import editing
from feeds.pipeline.exchange import Answer
from feeds.pipeline.read import Read
from feeds.pipeline.rerouting import bring_sections
from feeds.pipeline.rules import Rulebook
from feeds.pipeline.settle import settle
from feeds.store.codec import hash64, load_title
from feeds.store.schema import article as stored
from feeds.store.schema import entry
from feeds.store.store import host_of
from tests.values import replace

NOON = datetime(2026, 1, 8, 12, 0, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
LONG = (
    "The harbour of Karsa reopened on Thursday after eleven days of storms, and the first ferry left at dawn with "
    "forty passengers, two cows and a piano that nobody had come to claim since the end of the old year."
)
OTHER = (
    "A court in the hill town of Orvel has ruled that the bells may ring again before seven, ending a quarrel between "
    "bakers and hotel keepers that had divided families, emptied taverns and cost the mayor his office."
)
WORLD = Section(name="world", title="World")
SPORT = Section(name="sport", title="Sport")


def source(name="gazette", **changes):
    values = {"name": name, "url": f"https://{name}.example/feed.xml", "sections": ("world",)}
    return Source(**(values | changes))


def rules(*sources, sections=(WORLD, SPORT), first_items=10, spacing=timedelta(0)):
    return Rulebook(
        sources={s.name: s for s in sources},
        sections=sections,
        first_items=first_items,
        first_age=timedelta(hours=48),
        spacing=spacing,
    )


def told(name):
    """A text of that name: no phrase of it stands in another's."""
    return " ".join(word if place % 3 else f"{word}-{name}" for place, word in enumerate(LONG.split()))


def article(name="a", by="gazette", **changes):
    """What `normalise` would make of an item of that name."""
    url = changes.get("url", f"https://{by}.example/{name}")
    text = changes.get("text", told(name))
    values = {
        "source": by,
        "guid": f"tag:{by}.example:{name}",
        "url": url,
        "canonical": url,
        "title": f"Report {name}",
        "summary": text[:80],
        "content": f"<p>{text}</p>",
        "text": text,
        "match_text": text,
        "published": NOON - HOUR,
        "published_from": "published",
        "updated": NOON - HOUR,
        "updated_from": "updated",
        "first_seen": NOON,
        "language": "en",
    } | changes
    values.setdefault("id", identity(by, values["url"] or values["guid"] or values["title"]))
    said = ("guid", "url", "title", "text", "published", "updated", "categories")
    values.setdefault("digest", hash64(repr([by, *(values.get(name) for name in said)])))
    return Article(**values)


def read(claim, of, articles, *, now=NOON, dropped=None, present=None, repeated=(), outcome=Outcome.FRESH):
    """What `pipeline.read` would make of a document with these articles."""
    drafts = tuple(draft(one, dropped) for one in articles)
    guids = {guid_key(one.guid) for one in articles if one.guid and is_trusted(one.guid)}
    state = replace(
        claim.state,
        listed=frozenset(one.digest for one in articles),
        last_success=now,
        last_poll=now,
        next_poll=now + 30 * MINUTE,
    )
    return Read(
        claim=claim,
        source=of,
        poll=Poll(source=of.name, at=now, outcome=outcome, items=len(articles)),
        state=state,
        host=host_of(claim.state.url),
        drafts=drafts,
        present=frozenset(guids | state.listed if present is None else present),
        repeated=frozenset(repeated),
    )


def run(exchange, results, now=NOON):
    """What an exchange comes to that gets these answers, one after the other."""
    next(exchange)
    for result in results:
        try:
            exchange.send(Answer(result, now))
        except StopIteration as end:
            return end.value
    raise AssertionError("it asks for more")


def configure(store, book, now=NOON):
    """Registers sources and sections; gives what of the sources changed."""
    registered = store.register(tuple(book.sources.values()))
    with store.deciding() as ledger:
        bring_sections(ledger, book, now)
    return registered


class Desk:
    """A store with its configuration, polled by hand."""

    def __init__(self, store, *sources, now=NOON, seen=True, **changes):
        self.store, self.book = store, rules(*sources, **changes)
        self.now = now
        self.seen = seen  # whether the sources were polled before: all that comes may enter sections
        configure(store, self.book, now)

    def later(self, by):
        self.now += by
        return self

    def claim(self, *names):
        claims = self.store.claim(self.book.sources, self.now, limit=1000, named=names)
        if self.seen:
            old = self.now - DAY
            return tuple(replace(c, state=replace(c.state, last_success=c.state.last_success or old)) for c in claims)
        return claims

    def settle(self, *reads):
        with self.store.deciding() as ledger:
            return settle(ledger, reads, self.book, self.now)

    def poll(self, name, *articles, **details):
        """One source brings these; gives its poll."""
        (claim,) = self.claim(name)
        now = details.setdefault("now", self.now)
        fresh = [replace(one, first_seen=now) for one in articles]
        return self.settle(read(claim, self.book.sources[name], fresh, **details))[0]

    def number(self, title):
        """The number of the article that has this title."""
        with self.store.reading() as shelf:
            rows = shelf.connection.execute(select(stored.c.id, stored.c.data)).all()
        return next(r.id for r in rows if load_title(r.data)[0] == title)

    def split(self, title, reason=""):
        """A person takes the article of this title out of its entry."""
        with self.store.deciding() as ledger:
            return editing.split(ledger, self.book, self.number(title), self._order(reason), self.now)

    def join(self, one, other, reason=""):
        """A person joins the entries in which the articles of these titles stand."""
        with self.store.deciding() as ledger:
            numbers = (self.number(one), self.number(other))
            return editing.join(ledger, self.book, *numbers, self._order(reason), self.now)

    def _order(self, reason):
        return editing.Order(person="Ada", reason=reason)

    # ------------------------------------------------------------ what came of it

    def entries(self):
        """Every entry with its copies, in the order in which they came."""
        with self.store.reading() as shelf:
            numbers = shelf.connection.execute(select(entry.c.id)).scalars().all()
            return [shown for _, shown in shelf.entries(numbers) if shown.entry.state != "merged"]

    def merged(self):
        """The entries that went into others, each with what it brought."""
        with self.store.reading() as shelf:
            numbers = shelf.connection.execute(select(entry.c.id).where(entry.c.state == "merged")).scalars().all()
            return [shown for _, shown in shelf.entries(numbers)]

    def aliases(self):
        """The same by title."""
        return {shown.lead.title: shown for shown in self.merged()}

    def partition(self):
        """Which articles stand together: by source and title."""
        return {frozenset((c.source, c.title, c.digest) for c in e.copies) for e in self.entries()}

    def titles(self):
        """The titles of each entry's copies, the lead's first."""
        return [(e.lead.title, *(c.title for c in e.copies if c.id != e.lead.id)) for e in self.entries()]

    def listed(self, section="world"):
        with self.store.reading() as shelf:
            numbers = [line.entry for line in shelf.lines(section, 1000)]
            return [shown.lead.title for _, shown in shelf.entries(numbers)]

    def in_order(self, section="world"):
        """The same, as the section has them: what entered it last comes first."""
        with self.store.reading() as shelf:
            numbers = [line.entry for line in shelf.lines(section, 1000)]
            shown = dict(shelf.entries(numbers))
            return [shown[number].lead.title for number in numbers]


def state(name, **changes):
    return SourceState(**({"name": name, "url": f"https://{name}.example/feed.xml"} | changes))
