"""Publishing: dirty sections are selected, rendered and written; files change only when their bytes do."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol

from feeds import sections
from feeds.errors import PublishError
from feeds.model import Document, Edition, EntryView, Section
from feeds.pipeline.views import Press, view
from feeds.pipeline.writing import ALL
from feeds.publish import atom, html, items, jsonfeed, opml, rss, sitemap
from feeds.store import Store
from feeds.store.codec import maybe_micros, micros
from feeds.store.schema import PAGES, entry, section
from feeds.store.shelf import Line, SectionState, Shelf

CANDIDATES = 600  # of a section, for 500 that a feed may hold
CANDIDATES_CAPPED = 5000  # where one source may take so many places that others come far behind
MOST_BYTES = 2_000_000  # of one feed's texts
PAGES_AT_ONCE = 500
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


class Writes(Protocol):
    """The output door."""

    def write_all(self, documents: Iterable[Document]) -> tuple[str, ...]:
        """The paths whose bytes changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What a round of publishing came to; paths in the order in which they were written."""

    sections: tuple[str, ...] = ()  # rendered
    pages: int = 0  # entry pages rendered
    written: tuple[str, ...] = ()
    failed: tuple[tuple[str, str], ...] = ()  # (section, sentence)


@dataclass(slots=True)
class _Round:
    """One round over one output: what is chosen, and the views that sections share."""

    shelf: Shelf
    press: Press
    now: datetime
    regenerate: bool
    states: dict[str, SectionState]
    dirty: set[str] = field(default_factory=set)
    views: dict[int, EntryView] = field(default_factory=dict)
    as_of: dict[str, datetime] = field(default_factory=dict)
    next_change: dict[str, datetime | None] = field(default_factory=dict)
    chosen: dict[str, list[int]] = field(default_factory=dict)
    unprinted: set[int] = field(default_factory=set)


def publish(
    store: Store,
    output: Writes,
    folder: str,
    press: Press,
    now: datetime,
    *,
    named: Collection[str] = (),
    regenerate: bool = False,
    progress: Callable[[str], object] = lambda _: None,
) -> Published:
    """Writes what changed since this folder was last published; `regenerate` writes all, as of the last selection.

    The same rows give the same bytes. A crash at any point is made good by the next round: what the files show
    is noted only after they are written.
    """
    look = press.look
    with store.reading() as shelf:
        shown = shelf.shown(folder)
        version = shelf.version()
        one = _Round(shelf, press, now, regenerate, shelf.sections())
        dirty = [s for s in _wanted(press, named) if regenerate or _dirty(one.states.get(s.name), shown, look, now)]
        one.dirty = {s.name for s in dirty}
        if not dirty and shown.get(PAGES) == (version, look):
            return Published()
        written: list[str] = []
        failed: list[tuple[str, str]] = []
        done: list[Section] = []
        for which in dirty:
            progress(which.name)
            try:
                written += output.write_all(_section_documents(_edition(one, which)))
                done.append(which)
            except PublishError as error:
                failed.append((which.name, str(error)))
        since = -1 if regenerate or shown.get(PAGES, (0, 0))[1] != look else shown[PAGES][0]
        numbers = sorted(one.unprinted | set(shelf.printed_since(since)))
        for start in range(0, len(numbers), PAGES_AT_ONCE):
            progress(f"pages {start + 1} to {min(start + PAGES_AT_ONCE, len(numbers))} of {len(numbers)}")
            written += output.write_all(_pages(one, numbers[start : start + PAGES_AT_ONCE]))
        written += output.write_all(_site_documents(one))
    _note(store, one, folder, done, version, look, complete=not failed and not named)
    return Published(
        sections=tuple(s.name for s in done), pages=len(numbers), written=tuple(written), failed=tuple(failed)
    )


def _wanted(press: Press, named: Collection[str]) -> Iterator[Section]:
    everything = Section(name=ALL, title="All news", description=f"Everything that {press.site.title} lists")
    return (s for s in (*press.sections, everything) if not named or s.name in named)


def _dirty(state: SectionState | None, shown: dict[str, tuple[int, int]], look: int, now: datetime) -> bool:
    if state is None:
        return False
    aged = state.next_change is not None and state.next_change <= now
    return aged or shown.get(state.name) != (state.version, look)


def _edition(one: _Round, which: Section) -> Edition:
    """A section as it is selected now, or for `regenerate` as it was selected last."""
    state = one.states[which.name]
    as_of = state.as_of if state.as_of and (one.regenerate or which.name not in one.dirty) else one.now
    lines = _lines(one.shelf, which)
    selection = sections.select(which, [_listed(line) for line in lines], as_of)
    numbers = [int(number) for number in selection.entries]
    one.as_of[which.name], one.next_change[which.name] = as_of, selection.next_change
    _load(one, numbers)
    views = _within_bytes([(n, one.views[n]) for n in numbers if n in one.views])
    one.unprinted |= {line.entry for line in lines if not line.printed} & {n for n, _ in views}
    one.chosen[which.name] = [n for n, _ in views]
    return _as_edition(one, which, [v for _, v in views], state.updated or as_of)


def _as_edition(one: _Round, which: Section, views: Sequence[EntryView], updated: datetime) -> Edition:
    return Edition(
        site=one.press.site, section=which, entries=tuple(views), updated=updated, sections=one.press.sections
    )


def _lines(shelf: Shelf, which: Section) -> list[Line]:
    most = CANDIDATES if which.per_source is None else CANDIDATES_CAPPED
    return shelf.all_lines(most) if which.name == ALL else shelf.lines(which.name, most)


def _listed(line: Line) -> sections.Listed:
    return sections.Listed(entry=f"{line.entry:020d}", source=line.source, first=line.first, published=line.published)


def _load(one: _Round, numbers: Collection[int]) -> None:
    missing = [n for n in numbers if n not in one.views]
    one.views |= {n: view(shown, one.press) for n, shown in one.shelf.entries(missing)}


def _within_bytes(views: list[tuple[int, EntryView]]) -> list[tuple[int, EntryView]]:
    """The first of them, as many as a feed's bytes allow; at least one."""
    total = 0
    kept: list[tuple[int, EntryView]] = []
    for number, one in views:
        total += 1000 + len(one.lead.summary) + (len(one.lead.content) if one.content_policy == "full" else 0)
        if total > MOST_BYTES and kept:
            break
        kept.append((number, one))
    return kept


def _section_documents(edition: Edition) -> list[Document]:
    prepared = items.feed_items(edition)
    feeds = [render(edition, prepared) for render in (atom.render, rss.render, jsonfeed.render)]
    return [*feeds, *html.section_pages(edition)]


def _pages(one: _Round, numbers: Sequence[int]) -> Iterator[Document]:
    """Entry pages; views of those that no section shows are not kept."""
    known = {n: one.views[n] for n in numbers if n in one.views}
    others = {n: view(s, one.press) for n, s in one.shelf.entries([n for n in numbers if n not in known])}
    for _, shown in sorted((known | others).items()):
        yield html.entry_page(one.press.site, shown, one.press.sections)


def _site_documents(one: _Round) -> list[Document]:
    """Front page, sources, OPML, robots and the style; the front page shows the newest of every section."""
    editions = []
    for which in one.press.sections:
        if which.name not in one.states:
            continue
        if which.name not in one.chosen:
            _edition(one, which)
        newest = one.chosen[which.name][: html.FRONT_HEADLINES]
        views = [one.views[n] for n in newest]
        editions.append(_as_edition(one, which, views, one.states[which.name].updated or BEGINNING))
    site = one.press.site
    current = [s for name, s in sorted(one.press.sources.items()) if name in one.press.configured]
    return [
        html.front_page(site, editions),
        html.sources_page(site, current, one.press.sections),
        opml.sections(site, one.press.sections),
        opml.sources(site, current),
        sitemap.robots(site),
        *html.theme(),
    ]


def _note(
    store: Store, one: _Round, folder: str, done: Sequence[Section], version: int, look: int, *, complete: bool
) -> None:
    """After the files: what they show, when that changes by age, and which entries have a page for ever."""
    shows = {s.name: one.states[s.name].version for s in done} | ({PAGES: version} if complete else {})
    with store.deciding() as ledger:
        rows = ledger.section_rows()
        ledger.change(
            section,
            [
                {
                    "id": rows[s.name].id,
                    "as_of": micros(one.as_of[s.name]),
                    "next_change": maybe_micros(one.next_change[s.name]),
                }
                for s in done
            ],
        )
        ledger.change(entry, [{"id": n, "printed": True} for n in sorted(one.unprinted)])
        ledger.published(folder, shows, look)
