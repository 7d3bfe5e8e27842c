"""Layout: which entries a section shows, as of when, and the editions and pages made of them."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain

from msgspec import Struct
from msgspec.structs import replace

from feeds.model import Article, ContentPolicy, Document, Edition, EntryView, Section, Sibling
from feeds.pipeline.choosing import chosen
from feeds.pipeline.views import Press, more, survivor, view
from feeds.publish import atom, html, items, jsonfeed, opml, paths, rss, sitemap
from feeds.store.kin import Named, named, siblings
from feeds.store.shelf import SectionState, Shelf

MOST_INSIDE = 20  # of a story, in the entry that shows it
MOST_BYTES = 2_000_000  # of one feed's texts
MOST_CONTENT = 100_000  # characters of one of them: a few giants would leave no room for what others say
AT_ONCE = 100  # entries read; each may hold megabytes
ENTRY_BYTES = 1000  # of what an entry has beside its texts


class Choice(Struct, frozen=True, kw_only=True):
    """What a section shows; numbers are the store's own, in the order of print."""

    as_of: datetime
    next_change: datetime | None  # when age alone shows something else
    entries: tuple[int, ...]
    inside: Mapping[int, tuple[int, ...]]  # what they show of their stories where these are merged, newest first
    unprinted: frozenset[int]  # those of all these that never stood in a published file

    def all(self) -> set[int]:
        """All that its files name: each has a page."""
        return {*self.entries, *chain.from_iterable(self.inside.values())}


@dataclass(slots=True)
class Layout:
    """One reading of the store, and the views that sections share."""

    shelf: Shelf
    press: Press
    states: Mapping[str, SectionState]
    fresh: frozenset[int] = frozenset()  # entries that get their first page in this round
    _views: dict[int, EntryView] = field(default_factory=dict)
    _cut: set[int] = field(default_factory=set)  # those of them that are not whole
    _named: dict[int, Named] = field(default_factory=dict)
    _kin: dict[int, list[int]] = field(default_factory=dict)  # whom the pages drawn next name
    _more: dict[int, tuple[Sibling, ...]] = field(default_factory=dict)  # of the entries in `_views`

    def choose(self, which: Section, as_of: datetime) -> Choice:
        """A section's selection as of then, cut to what a feed may weigh."""
        found = chosen(self.shelf, which, as_of)
        shown = self._within_bytes(found.entries, found.inside)
        theirs = {n: found.inside[n] for n in shown if n in found.inside}
        printed = {*shown, *chain.from_iterable(theirs.values())}
        return Choice(
            as_of=as_of,
            next_change=found.next_change,
            entries=tuple(shown),
            inside=theirs,
            unprinted=frozenset(line.entry for line in found.lines if not line.printed and line.entry in printed),
        )

    def section_documents(self, which: Section, choice: Choice) -> list[Document]:
        """A section's feeds and pages."""
        views = {n: self._views[n] for n in choice.entries}
        if which.stories != "off":
            views = self._with_more(views)
        views |= {n: self._merged(views[n], inside) for n, inside in choice.inside.items()}
        edition = self._edition(which, views.values(), choice.as_of)
        prepared = items.feed_items(edition)
        feeds = [render(edition, prepared) for render in (atom.render, rss.render, jsonfeed.render)]
        return [*feeds, *html.section_pages(edition)]

    def site_documents(
        self, choices: Mapping[str, Choice], pages: Sequence[tuple[str, datetime]], now: datetime
    ) -> list[Document]:
        """Front page, sources, OPML, sitemap, robots and the style; the front page has the newest of every section.

        `pages` are (id, updated) of the entry pages that the sitemap lists.
        """
        editions = [self._front(s, choices.get(s.name), now) for s in self.press.sections if s.name in self.states]
        site, current = self.press.site, self.press.current()
        return [
            html.front_page(site, editions),
            html.sources_page(site, current, self.press.sections),
            opml.sections(site, self.press.sections),
            opml.sources(site, current),
            sitemap.render(site, self._addresses(pages)),
            sitemap.robots(site),
            *html.theme(),
        ]

    def pages(self, numbers: Sequence[int]) -> Iterator[tuple[int, EntryView]]:
        """The whole views of entries; those that no section shows, or not whole, are not kept."""
        known = {n: self._views[n] for n in numbers if n in self._views and n not in self._cut}
        others = dict(self.shelf.entries([n for n in numbers if n not in known]))
        views = known | {n: view(shown, self.press) for n, shown in others.items()}
        into = {n: shown.into for n, shown in others.items() if shown.into is not None}
        alive = self._with_more({n: one for n, one in views.items() if n not in into})
        yield from sorted((alive | self._leading_on(views, into)).items())

    def _front(self, which: Section, choice: Choice | None, now: datetime) -> Edition:
        """The newest of a section as it was selected last."""
        as_of = self.states[which.name].as_of or now
        numbers = choice.entries if choice else chosen(self.shelf, which, as_of).entries
        newest = numbers[: html.FRONT_HEADLINES]
        self._load(newest)
        return self._edition(which, [self._views[n] for n in newest], as_of)

    def _merged(self, one: EntryView, inside: Sequence[int]) -> EntryView:
        """An entry with the others of its story that it shows."""
        self._load(inside[:MOST_INSIDE])
        others = tuple(self._views[n] for n in inside[:MOST_INSIDE])
        return replace(one, inside=others, further=len(inside) - len(others))

    def _addresses(self, pages: Sequence[tuple[str, datetime]]) -> Iterator[tuple[str, datetime | None]]:
        yield paths.FRONT, None
        yield paths.SOURCES, None
        for which in self.press.sections:
            if which.name in self.states:
                yield paths.section_path(which.name), self.states[which.name].updated
        for entry_id, updated in pages:
            yield paths.entry_path(entry_id), updated

    def _with_more(self, views: dict[int, EntryView]) -> dict[int, EntryView]:
        """The same, each with the others of its story."""
        theirs = self._others({n: one for n, one in views.items() if n not in self._more})
        self._more |= {n: others for n, others in theirs.items() if n in self._views}  # pages come first, feeds later
        theirs |= {n: self._more[n] for n in views.keys() & self._more.keys()}
        return {n: replace(one, more=theirs[n]) if theirs[n] else one for n, one in views.items()}

    def tell_kin(self, numbers: Collection[int]) -> None:
        """Looks up whom the pages of these entries name, and forgets whom others did.

        Asked for a thousand at once, and not ten times for a hundred, it takes six tenths of the time.
        """
        self._kin = self._siblings(numbers)

    def _siblings(self, numbers: Collection[int]) -> dict[int, list[int]]:
        found = siblings(self.shelf, numbers, self.fresh) if numbers else {}
        missing = {n for theirs in found.values() for n in theirs} - self._named.keys()
        self._named |= named(self.shelf, missing) if missing else {}
        return {n: found.get(n, []) for n in numbers}

    def _others(self, views: Mapping[int, EntryView]) -> dict[int, tuple[Sibling, ...]]:
        kin = self._kin | self._siblings(views.keys() - self._kin.keys())
        named_by = {n: [self._named[o] for o in kin[n]] for n in views}
        return {n: more(one, named_by[n], self.press) if named_by[n] else () for n, one in views.items()}

    def _leading_on(self, views: Mapping[int, EntryView], into: Mapping[int, int]) -> dict[int, EntryView]:
        """The views of aliases, each with the entry that it went into."""
        alive = named(self.shelf, set(into.values())) if into else {}
        return {n: replace(views[n], survivor=survivor(alive[root], self.press)) for n, root in into.items()}

    def _edition(self, which: Section, views: Iterable[EntryView], as_of: datetime) -> Edition:
        return Edition(
            site=self.press.site,
            section=which,
            entries=tuple(views),
            updated=self.states[which.name].updated or as_of,
            sections=self.press.sections,
        )

    def _load(self, numbers: Collection[int]) -> None:
        missing = [n for n in numbers if n not in self._views]
        for start in range(0, len(missing), AT_ONCE):
            for number, shown in self.shelf.entries(missing[start : start + AT_ONCE]):
                self._views[number] = _in_feeds(view(shown, self.press))
                if len(shown.lead.content) > MOST_CONTENT:
                    self._cut.add(number)

    def _within_bytes(self, numbers: Sequence[int], inside: Mapping[int, Sequence[int]]) -> Sequence[int]:
        """The first of them, as many as a feed's bytes allow; at least one."""
        total = 0
        for place, number in enumerate(numbers):
            if place % AT_ONCE == 0:
                self._load(numbers[place : place + AT_ONCE])
            total += ENTRY_BYTES * (1 + len(inside.get(number, ())[:MOST_INSIDE])) + _weight(self._views[number])
            if total > MOST_BYTES and place:
                return numbers[:place]
        return numbers


def _in_feeds(one: EntryView) -> EntryView:
    """The same; a text that is too long for a feed stands there as its summary, and whole on its page."""
    if len(one.lead.content) <= MOST_CONTENT:
        return one
    policy: ContentPolicy = "summary" if one.content_policy == "full" else one.content_policy
    return replace(one, content_policy=policy, lead=replace(one.lead, content="", text="", match_text=""))


def _weight(one: EntryView) -> int:
    lead = one.lead
    match one.content_policy:
        case "full":
            return len(lead.summary.encode()) + len(lead.content.encode()) + _weight_of_files(lead)
        case "summary":
            return 2 * len(lead.summary.encode()) + _weight_of_files(lead)  # as text and as HTML
        case "headline":
            return 0


def _weight_of_files(lead: Article) -> int:
    files = sum(len(file.url) + len(file.title or "") for file in lead.enclosures)
    return files + sum(len(image.url) + len(image.alt or "") for image in lead.images[: items.MAX_IMAGES])
