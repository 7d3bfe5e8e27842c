"""What a rehearsal asks of the store: as it is, without a word written; and as it was, article by article."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import Connection, Table, func, literal, or_, select

from feeds.dedupe.fingerprint import anchors
from feeds.dedupe.keys import ENOUGH_WORDS, Head
from feeds.dedupe.words import joined
from feeds.model import Article, Source
from feeds.store import codec
from feeds.store.bulk import among
from feeds.store.codec import micros
from feeds.store.ledger import HEAD, EntryRow, Ledger
from feeds.store.schema import article, decision, entry, section, source
from feeds.store.shelf import Line, Shelf

REMEMBERED = 5000  # old entries whose anchors are kept at hand
KNOWN_RULES = ("same url", "same text", "wire copy")  # what is decided when an article comes; the rest is given


class Known(Struct, frozen=True, kw_only=True, gc=False):
    """A source as it was last configured; `url_hash` is all that is kept of its URL."""

    number: int
    configured: Source
    url_hash: int
    active: bool


class Stored(Struct, frozen=True, kw_only=True, gc=False):
    """An article of the window with what was decided of it."""

    row: int
    entry: int
    article: Article
    dropped: str | None
    rule: str | None  # None: the first of its entry
    counterpart: str | None  # an article's id
    changed: bool  # its source says something else of it than when it came

    @property
    def given(self) -> bool:
        """Whether it is where it is by a decision that came later, a person's or one of other entries."""
        return self.rule is not None and not self.rule.startswith(KNOWN_RULES)


@dataclass(slots=True)
class Places:
    """Where a rehearsal differs from the store: numbers are the store's own."""

    moved: dict[int, int] = field(default_factory=dict)  # article -> the entry that it stands in
    guests: dict[int, list[int]] = field(default_factory=dict)  # entry -> articles that came into it
    left: set[int] = field(default_factory=set)  # entries that an article was taken from
    dropped: dict[int, str | None] = field(default_factory=dict)  # article -> the rule that drops it now; None: none
    shaken: set[int] = field(default_factory=set)  # entries that have other members, or others that are dropped

    def move(self, row: int, old: int, new: int) -> None:
        """Puts an article into another entry."""
        self.moved[row] = new
        self.guests.setdefault(new, []).append(row)
        self.left.add(old)
        self.shaken |= {old, new}

    def drop(self, row: int, entry: int, rule: str | None) -> None:
        """Drops an article, or (None) takes it in again."""
        self.dropped[row] = rule
        self.shaken.add(entry)

    def put(self, head: Head) -> Head:
        """The head of an article where it stands now."""
        entry_now = self.moved.get(head.row, head.entry)
        dropped = self.dropped[head.row] is not None if head.row in self.dropped else head.dropped
        return (
            head
            if (entry_now, dropped) == (head.entry, head.dropped)
            else replace(head, entry=entry_now, dropped=dropped)
        )


class _Renaming(Ledger):
    """A ledger by the names that sources will have: old -> new."""

    def __init__(self, connection: Connection, names: Mapping[str, str]) -> None:
        super().__init__(connection)
        self.names = names

    def members(self, entries: Collection[int]) -> dict[int, list[Head]]:
        """See `Ledger`."""
        return {number: list(map(self.called, heads)) for number, heads in super().members(entries).items()}

    def articles(self, rows: Collection[int]) -> dict[int, Article]:
        """See `Ledger`."""
        return {row: self._named(one) for row, one in super().articles(rows).items()}

    def called(self, head: Head) -> Head:
        """The head by the name that its source will have."""
        return replace(head, source=self.names[head.source]) if head.source in self.names else head

    def _named(self, one: Article) -> Article:
        return replace(one, source=self.names[one.source]) if one.source in self.names else one


class DryLedger(_Renaming):
    """A ledger that notes what of sections would be written, and writes nothing."""

    def __init__(self, connection: Connection, names: Mapping[str, str]) -> None:
        super().__init__(connection, names)
        self.entered: dict[tuple[int, int], int] = {}  # (section, entry) -> when; new sections have negative numbers
        self.left: set[tuple[int, int]] = set()
        self._new: dict[str, Any] = {}

    def section_rows(self) -> dict[str, Any]:
        """See `Ledger`; with those that would be added."""
        return super().section_rows() | self._new

    def add(self, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
        """Notes new sections, and what enters one."""
        for row in rows:
            if table is section:
                self._new[row["name"]] = SimpleNamespace(**{"id": -1 - len(self._new), "updated": None} | dict(row))
            elif "section_id" in row:
                self.entered[row["section_id"], row["entry_id"]] = row["first"]

    def change(self, table: Table, rows: Sequence[Mapping[str, Any]], key: str = "id") -> None:
        """Changes nothing."""

    def change_all(self, table: Table, numbers: Collection[int], **values: Any) -> None:
        """Changes nothing."""

    def set_version(self, version: int) -> None:
        """Sets nothing."""

    def drop_from_section(self, section_id: int, entries: Collection[int]) -> None:
        """Notes what leaves a section."""
        self.left |= {(section_id, number) for number in entries}


class Past(_Renaming):
    """The store as it was before the article numbered `upto` came, but where `places` puts things otherwise.

    Of anchors it knows those from before the window as they are stored, and those of the window from `scratch`.
    """

    def __init__(self, connection: Connection, names: Mapping[str, str], first: int, places: Places) -> None:
        super().__init__(connection, names)
        self.first = first  # article of the window
        self.upto = first
        self.places = places
        self.scratch = Ledger(connection)
        self._own: dict[int, frozenset[int]] = {}
        self._grown: dict[int, bool] = {}

    # ------------------------------------------------------------ what `open_desk` and likeness ask

    def postings(self, anchors: Collection[int], since: int) -> dict[int, list[int]]:
        """The entries that had each of these anchors."""
        stored = {h: [n for n in found if n < self.first] for h, found in super().postings(anchors, since).items()}
        self._learn({n for found in stored.values() for n in found})
        past = {h: [n for n in found if h in self._own.get(n, (h,))] for h, found in stored.items()}
        later = self.scratch.postings(anchors, since)
        return {h: sorted({*past.get(h, ()), *later.get(h, ())}) for h in past.keys() | later.keys()}

    def _learn(self, entries: Collection[int]) -> None:
        """An old entry has anchors by articles that joined it in the window: they come with these."""
        asked = [n for n in entries if n not in self._grown]
        if len(self._grown) + len(asked) > 20 * REMEMBERED:
            self._grown.clear()
            self._own.clear()
            asked = list(entries)
        theirs = self._in(
            select(article.c.entry_id).where(article.c.id >= self.first).distinct(), article.c.entry_id, asked
        )
        grown = {r.entry_id for r in theirs}
        self._grown |= {n: n in grown for n in asked}
        found: dict[int, set[int]] = {n: set() for n in grown}
        query = select(article.c.entry_id, article.c.data).where(article.c.id < self.first)
        for row in self._in(query, article.c.entry_id, grown):
            found[row.entry_id].update(anchors(joined(codec.load_wording(row.data)[1])))
        self._own |= {n: frozenset(theirs) for n, theirs in found.items()}

    def wordings(self, entries: Collection[int], most: int) -> Iterator[tuple[Head, str, str]]:
        """See `Ledger`."""
        chosen: dict[int, Head] = {}
        for heads in self.standing(entries, self.upto).values():
            fit = [h for h in heads if not h.dropped and h.words >= ENOUGH_WORDS]
            chosen |= {h.row: h for h in fit[:most]}
        rows = self._in(select(article.c.id, article.c.data).order_by(article.c.id), article.c.id, chosen)
        for row in rows:
            yield chosen[row.id], *codec.load_wording(row.data)

    def shortest(self, entries: Collection[int]) -> dict[int, int]:
        """See `Ledger`."""
        found: dict[int, int] = {}
        for number, heads in self.standing(entries, self.upto).items():
            words = [h.words for h in heads if not h.dropped and h.words >= ENOUGH_WORDS]
            found |= {number: min(words)} if words else {}
        return found

    def same_texts(self, keys: Collection[int], titles: Collection[int]) -> list[Head]:
        """See `Ledger`."""
        if not keys:
            return []
        shown: Any = article.c.dropped.is_(None)
        flipped = self.places.dropped
        if flipped:
            near = {r.id for r in self._in(select(article.c.id), article.c.text_key, keys) if r.id in flipped}
            taken = {n for n in near if flipped[n] is None}
            shown = or_(shown & ~self._among(article.c.id, near - taken), self._among(article.c.id, taken))
        newest = select(func.max(article.c.id)).where(shown, article.c.id < self.upto)
        newest = newest.where(self._among(article.c.text_key, keys))
        groups = (article.c.text_key, article.c.source_id)
        titled = newest.where(self._among(article.c.title_key + 0, titles)).group_by(*groups, article.c.title_key)
        rows = set(self.connection.execute(newest.group_by(*groups)).scalars())
        return list(self._heads(rows | set(self.connection.execute(titled).scalars()) if rows else rows))

    def same_pages(self, keys: Collection[int]) -> list[tuple[Head, bool]]:
        """See `Ledger`."""
        groups = (article.c.url_key, article.c.source_id)
        counts: Any = select(func.max(article.c.id).label("id"), func.count().label("n")).group_by(*groups)
        only = {r.id: r.n == 1 for r in self._in(counts.where(article.c.id < self.upto), article.c.url_key, keys)}
        return [(h, only[h.row]) for h in self._heads(only)]

    def _heads(self, rows: Collection[int]) -> Iterator[Head]:
        return (self.places.put(self.called(head)) for head in super()._heads(rows))

    def keyed(self, keys: Collection[int], sources: Collection[int]) -> Iterator[tuple[int, int, Head | None]]:
        """Those keys that are ambiguous: which item is which article was decided by documents that are gone."""
        return ((key, number, None) for key, number, head in super().keyed(keys, sources) if head is None)

    def said(self, digests: Collection[int], sources: Collection[int]) -> Iterator[tuple[int, Head]]:
        """None: likewise."""
        return iter(())

    def taken(self, uids: Collection[str]) -> set[str]:
        """None: ids are given."""
        return set()

    def entries(self, ids: Collection[int]) -> dict[int, EntryRow]:
        """None: nothing is made of them."""
        return {}

    # ------------------------------------------------------------ what a rehearsal asks

    def standing(self, entries: Collection[int], upto: int) -> dict[int, list[Head]]:
        """The members that entries have by the rehearsal, of articles numbered below, in order."""
        query = select(*HEAD).join_from(article, source, source.c.id == article.c.source_id)
        guests = {row for n in entries for row in self.places.guests.get(n, ())}
        found: dict[int, dict[int, Head]] = {n: {} for n in entries}
        for column, values in ((article.c.entry_id, entries), (article.c.id, guests)):
            for row in self._in(query.where(article.c.id < upto), column, values):
                head = self.places.put(self.called(codec.head(row)))
                if head.entry in found:
                    found[head.entry][head.row] = head
        return {n: [heads[row] for row in sorted(heads)] for n, heads in found.items()}

    def window(self, most: int) -> Iterator[list[Stored]]:
        """The articles of the window in the order in which they came, so many at once."""
        query = select(article, source.c.name).join_from(article, source, source.c.id == article.c.source_id)
        start = self.first
        while True:
            rows = self.connection.execute(query.where(article.c.id >= start).order_by(article.c.id).limit(most)).all()
            if not rows:
                return
            yield [self._stored(row) for row in rows]
            start = rows[-1].id + 1

    def _stored(self, row: Any) -> Stored:
        member = codec.load_member(row)
        trace = codec.load_trace(row.data)
        return Stored(
            row=row.id,
            entry=row.entry_id,
            article=self._named(codec.load_article(row.data, row.name)),
            dropped=row.dropped,
            rule=None if row.evidence is None else member.rule,
            counterpart=member.counterpart,
            changed=bool(trace.changed or trace.revision),
        )

    def ever_with(self, anchors: Collection[int]) -> set[int]:
        """The entries that have one of these anchors, or once had it."""
        return {n for found in super().postings(set(anchors), 0).values() for n in found} if anchors else set()

    def rows_of(self, uids: Collection[str]) -> dict[str, int]:
        """Articles' numbers by their ids."""
        return {r.uid: r.id for r in self._in(select(article.c.uid, article.c.id), article.c.uid, uids)}

    def changed_since(self, entries: Collection[int], since: datetime) -> bool:
        """Whether an article of these entries came to say something else, then or later."""
        for row in self._in(select(article.c.data), article.c.entry_id, entries):
            trace = codec.load_trace(row.data)
            if trace.changed >= micros(since) if trace.changed else trace.revision:
                return True
        return False


def first_row_since(connection: Connection, since: datetime) -> int:
    """The number of the first article that came then or later: numbers grow with time; beyond the last if none did."""
    low = 0
    high = int(connection.execute(select(func.coalesce(func.max(article.c.id), 0))).scalar_one()) + 1
    after = select(article.c.id, article.c.first_seen).order_by(article.c.id).limit(1)
    while low < high:
        middle = (low + high) // 2
        row = connection.execute(after.where(article.c.id >= middle)).one_or_none()
        if row is None or row.first_seen >= micros(since):
            high = middle
        else:
            low = int(row.id) + 1
    return low


def entries_of(connection: Connection, first: int, sources: Collection[int]) -> set[int]:
    """The entries in which articles of these sources stand, from that article on."""
    query = select(article.c.entry_id).where(article.c.id >= first, among(connection, article.c.source_id, sources))
    return set(connection.execute(query.distinct()).scalars())


def extent(connection: Connection, first: int) -> tuple[int, int | None]:
    """(how many articles there are from that one on, when the last of all came)."""
    count = select(func.count()).select_from(article).where(article.c.id >= first)
    last = select(article.c.first_seen).order_by(article.c.id.desc()).limit(1)
    return int(connection.execute(count).scalar_one()), connection.execute(last).scalar()


def told_of(
    connection: Connection, numbers: Collection[int], *, entries: bool
) -> Iterator[tuple[int, str, str, str, datetime]]:
    """(number, id, title, source, when it came) of articles; of `entries`, title and source are those of the lead."""
    leading = article.alias("leading") if entries else article
    query = select(article.c.id, article.c.uid, article.c.first_seen, source.c.name, leading.c.data)
    query = query.select_from(article)
    if entries:
        query = query.join(entry, entry.c.id == article.c.id, isouter=True)
        query = query.join(leading, leading.c.id == func.coalesce(entry.c.lead_id, article.c.id))
    query = query.join(source, source.c.id == leading.c.source_id)
    for r in connection.execute(query.where(among(connection, article.c.id, numbers))):
        yield r.id, r.uid, codec.load_title(r.data)[0], r.name, codec.moment(r.first_seen)


def decided_entries(connection: Connection) -> frozenset[int]:
    """The entries of which a person decided who stands in them, and those that became one late."""
    rows = connection.execute(select(decision.c.entry_id, decision.c.other_id))
    return frozenset(number for row in rows for number in row)


def known_sources(connection: Connection) -> dict[str, Known]:
    """Every source that is or was configured, by name."""
    rows = connection.execute(select(source))
    return {
        r.name: Known(number=r.id, configured=codec.load_source(r.config), url_hash=r.configured, active=r.active)
        for r in rows
    }


def entries_between(connection: Connection, first: int, until: datetime, most: int) -> Iterator[list[tuple[int, int]]]:
    """(number, when it came) of the entries from a number on that came before then, so many at once."""
    query = select(entry.c.id, entry.c.first_seen).where(entry.c.first_seen < micros(until)).order_by(entry.c.id)
    while True:
        rows = [(r.id, r.first_seen) for r in connection.execute(query.where(entry.c.id >= first).limit(most))]
        if not rows:
            return
        yield rows
        first = rows[-1][0] + 1


class Then(Shelf):
    """What publishing would read once some entries have entered sections, and some have left: section -> numbers."""

    def __init__(
        self,
        connection: Connection,
        now: datetime,
        entered: Mapping[str, Collection[int]],
        left: Mapping[str, Collection[int]],
    ) -> None:
        super().__init__(connection)
        self.now, self.entered, self.left = now, entered, left

    def lines(self, name: str, limit: int) -> list[Line]:
        """See `Shelf`."""
        left = self.left.get(name, ())
        stay = [line for line in super().lines(name, limit + len(left)) if line.entry not in left]
        wanted = among(self.connection, entry.c.id, self.entered.get(name, ()))
        query = self._line(literal(micros(self.now)).label("first")).select_from(entry).where(wanted)
        new = self._lines(query.order_by(entry.c.id.desc()), limit)
        return sorted([*new, *stay], key=lambda line: (line.first, line.entry), reverse=True)[:limit]
