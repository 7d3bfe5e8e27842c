"""Publishing: what changed is selected, rendered and written; files change only when their bytes do.

The same rows give the same bytes. A crash at any point is made good by the next round: which entries have a page
is noted before anything links to it, and what the files show is noted after they are written.
"""

import logging
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Protocol

from msgspec import Struct

from feeds.errors import PublishError, StoreError
from feeds.model import Document, Section, Site
from feeds.pipeline.layout import Choice, Layout
from feeds.pipeline.views import Press
from feeds.publish import html
from feeds.sections import ALL
from feeds.store import Store
from feeds.store.codec import maybe_micros, micros
from feeds.store.kin import kin_of
from feeds.store.ledger import Ledger
from feeds.store.pages import newest_pages, printed_with
from feeds.store.schema import PAGES, entry, section
from feeds.store.shelf import SectionState, Shelf

logger = logging.getLogger(__name__)

PAGES_AT_ONCE = 100  # read; each may hold megabytes
KIN_AT_ONCE = 10 * PAGES_AT_ONCE  # pages whose siblings are looked up together: a few numbers and titles for each
BYTES_AT_ONCE = 8_000_000  # of pages that are written together: each time the disk is waited for
SITEMAP_PAGES = 1000
FAULT = "a fault of Copydesk's own; the log has its trace, please report it"
NOTHING = (-1, 0)  # the (version, look) that no file has
FRONT = "front page"  # how the files of the whole site are called in messages


class Writes(Protocol):
    """The output door."""

    def write_all(self, documents: Iterable[Document]) -> tuple[str, ...]:
        """The paths whose bytes changed."""

    def remove(self, files: Iterable[str]) -> tuple[str, ...]:
        """Those of these files that were there, and are gone."""


class Published(Struct, frozen=True, kw_only=True):
    """What a round of publishing came to; paths in the order in which they were written."""

    sections: tuple[str, ...] = ()  # rendered
    pages: int = 0  # entry pages rendered
    written: tuple[str, ...] = ()
    failed: tuple[tuple[str, str], ...] = ()  # (section, or what else it was; sentence)

    def then(self, later: "Published") -> "Published":
        """Both as one."""
        return Published(
            sections=tuple(dict.fromkeys(self.sections + later.sections)),
            pages=self.pages + later.pages,
            written=tuple(dict.fromkeys(self.written + later.written)),
            failed=later.failed,
        )


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
    stopped: Callable[[], bool] = lambda: False,
    held: Callable[[], object] = lambda: None,
) -> Published:
    """Writes what changed since this folder was last published; `regenerate` writes all, as of the last selection.

    `named` sections are written alone, with the pages that they link to. Each section fails alone. `held` raises
    StoreError when the right to write was lost; it is asked before anything is written or noted.
    """
    with store.reading() as shelf:
        todo = _todo(shelf, folder, press, now, named, regenerate)
        if not todo.due:
            return Published()
        return _Round(store, output, todo, Layout(shelf, press, todo.states), now, progress, stopped, held).run()


def stale(store: Store, folder: str) -> bool:
    """Whether something was settled that this folder does not show yet."""
    with store.reading() as shelf:
        return shelf.shown(folder).get(PAGES, NOTHING)[0] != shelf.version()


# ---------------------------------------------------------------- what is to be done


class _Todo(Struct, frozen=True, kw_only=True):
    """What the store says, and what of it this folder does not show yet."""

    folder: str
    press: Press
    version: int  # of the store's content
    states: dict[str, SectionState]
    shown: dict[str, tuple[int, int]]
    sections: list[Section]
    aged: frozenset[str]  # sections that age alone has changed
    sources: list[str]  # whose print is another
    only: bool  # these sections alone
    regenerate: bool

    @property
    def due(self) -> bool:
        """Whether anything is to be done."""
        pages = (self.version, self.press.page_look)
        return bool(self.sections or self.sources or self.shown.get(PAGES) != pages)


def _todo(shelf: Shelf, folder: str, press: Press, now: datetime, named: Collection[str], regenerate: bool) -> _Todo:
    states, shown = shelf.sections(), shelf.shown(folder)
    aged = {n for n, s in states.items() if s.next_change is not None and s.next_change <= now and not regenerate}
    known = [
        s for s in (*press.sections, everything(press.site)) if s.name in states and (not named or s.name in named)
    ]
    changed = [s for s in known if s.name in aged or shown.get(s.name) != (states[s.name].version, press.look)]
    return _Todo(
        folder=folder,
        press=press,
        version=shelf.version(),
        states=states,
        shown=shown,
        sections=known if regenerate else changed,
        aged=frozenset(aged),
        sources=[n for n, look in press.source_looks.items() if shown.get(_row(n)) != (look, 0)],
        only=bool(named),
        regenerate=regenerate,
    )


def sections_gone(shown: Iterable[str], sections: Iterable[Section]) -> list[str]:
    """Those of the rows of `output` that stand for a section which is none any more."""
    kept = {PAGES, ALL, *(s.name for s in sections)}
    return sorted(name for name in shown if name not in kept and not name.startswith(_row("")))


def everything(site: Site) -> Section:
    """The section of all that stands in any."""
    return Section(name=ALL, title="All news", description=f"Everything that {site.title} lists")


def _row(source: str) -> str:
    """The row of `output` that stands for what pages show of a source; no section has such a name."""
    return f"source/{source}"


# ---------------------------------------------------------------- doing it


@dataclass(slots=True)
class _Round:
    """One round over one output."""

    store: Store
    output: Writes
    todo: _Todo
    layout: Layout
    now: datetime
    progress: Callable[[str], object]
    stopped: Callable[[], bool]
    held: Callable[[], object]
    choices: dict[str, Choice] = field(default_factory=dict)
    shows: dict[str, int] = field(default_factory=dict)  # section -> the content version that its files will show
    written: list[str] = field(default_factory=list)
    failed: list[tuple[str, str]] = field(default_factory=list)
    rendered: int = 0  # pages
    kin: set[int] = field(default_factory=set)  # entries whose pages name one that gets a page in this round
    drawn: set[str] = field(default_factory=set)  # the sections where these stand
    whole: bool = True  # front page and pages are all written

    def run(self) -> Published:
        """Pages first that sections link to, then sections, front page, and the other pages."""
        chosen = [s for s in self.todo.sections if self._attempt(s.name, partial(self._choose, s))]
        version = self._mark()
        chosen += [s for s in self._drawn_in() if self._attempt(s.name, partial(self._choose_again, s))]
        stale = self._stale_pages()
        linked = stale & self._linked()
        self._pages(sorted(linked))
        done = [s for s in chosen if self._attempt(s.name, partial(self._section, s))]
        if not self.todo.only:
            self.whole &= self._attempt(FRONT, self._site)
        self._pages(sorted(stale - linked), self.stopped)
        self._note(done, version)
        return Published(
            sections=tuple(s.name for s in done),
            pages=self.rendered,
            written=tuple(self.written),
            failed=tuple(self.failed),
        )

    def _attempt(self, name: str, step: Callable[[], object]) -> bool:
        """Whether a step went well; it fails alone, be it by the world or by a fault of ours."""
        try:
            step()
        except StoreError:
            raise
        except PublishError as error:
            self.failed.append((name, str(error)))
        except Exception:
            logger.exception("%s: a fault of Copydesk's own; please report it", name)
            self.failed.append((name, FAULT))
        else:
            return True
        return False

    # ------------------------------------------------------------ what is shown

    def _choose(self, which: Section) -> None:
        state = self.todo.states[which.name]
        as_of = state.as_of if self.todo.regenerate and state.as_of else self.now
        self.choices[which.name] = self.layout.choose(which, as_of)
        self.shows[which.name] = state.version

    def _mark(self) -> int:
        """Notes which entries have a page from now on, and what was chosen; gives the content version shown then.

        Whatever changes that way gets a new content version, so that every other output follows.
        """
        states, fresh = self.todo.states, self._fresh()
        moved = {n: c for n, c in self.choices.items() if _times(c) != _times(states[n])}
        aged = self.todo.aged & self.choices.keys()
        if not (fresh or moved or aged):
            return self.todo.version
        with self.store.deciding() as ledger:
            rows = ledger.section_rows()
            version = ledger.next_version() if fresh or aged else self.todo.version
            ledger.change(section, [{"id": rows[n].id} | _columns(c) for n, c in moved.items()])
            ledger.change_all(entry, fresh, printed=True, version=version)
            self._draw_in(ledger, fresh, version)
            turned = [n for n in sorted(aged | self.drawn) if rows[n].version == states[n].version]
            ledger.change(section, [{"id": rows[n].id, "version": version} for n in turned])
        self.layout.fresh = frozenset(fresh)
        self.shows |= dict.fromkeys(turned, version)
        alone = version == self.todo.version + 1  # else others have settled meanwhile: their pages are still to come
        return version if alone else self.todo.version

    def _draw_in(self, ledger: Ledger, fresh: Collection[int], version: int) -> None:
        """Whatever names an entry that gets a page now is rendered again."""
        self.kin = kin_of(ledger, fresh) if fresh else set()
        ledger.change_all(entry, self.kin, version=version)
        rows = {r.id: name for name, r in ledger.section_rows().items()} if self.kin else {}
        names = {rows[s] for inside in ledger.sections_of(self.kin).values() for s in inside}
        self.drawn = {n for n in names | ({ALL} if names else set()) if n in self.todo.states}

    def _drawn_in(self) -> list[Section]:
        """The sections that were not going to be rendered, and now are."""
        known = (*self.todo.press.sections, everything(self.todo.press.site)) if not self.todo.only else ()
        return [s for s in known if s.name in self.drawn and s.name not in self.choices]

    def _choose_again(self, which: Section) -> None:
        """As it was selected last: who stands there has not changed."""
        state = self.todo.states[which.name]
        self.choices[which.name] = self.layout.choose(which, state.as_of or self.now)
        self.shows.setdefault(which.name, state.version)

    def _fresh(self) -> set[int]:
        return {n for c in self.choices.values() for n in c.unprinted}

    def _linked(self) -> set[int]:
        return {n for c in self.choices.values() for n in c.all()}

    def _stale_pages(self) -> set[int]:
        todo, shelf = self.todo, self.layout.shelf
        if todo.only:
            return self._linked()
        version, look = todo.shown.get(PAGES, NOTHING)
        if todo.regenerate or look != todo.press.page_look:
            return self._fresh().union(shelf.printed_since(-1))
        others = printed_with(shelf, todo.sources)
        return self._fresh().union(self.kin, shelf.printed_since(version), others, kin_of(shelf, others))

    # ------------------------------------------------------------ files

    def _section(self, which: Section) -> None:
        self.progress(which.name)
        choice = self.choices[which.name]
        self._write(self.layout.section_documents(which, choice))
        self.output.remove(html.pages_beyond(which.name, len(choice.entries)))

    def _site(self) -> None:
        self.progress(FRONT)
        with self.store.reading() as shelf:  # a new one: it sees the pages that `_mark` has noted
            pages = newest_pages(shelf, SITEMAP_PAGES)
        self._write(self.layout.site_documents(self.choices, pages, self.now))

    def _pages(self, numbers: Sequence[int], stopped: Callable[[], bool] = lambda: False) -> None:
        drawn: list[Document] = []
        for start in range(0, len(numbers), PAGES_AT_ONCE):
            batch = numbers[start : start + PAGES_AT_ONCE]
            self.progress(f"pages {start + 1} to {start + len(batch)} of {len(numbers)}")
            if stopped():
                self.whole = False
                break
            told = numbers[start : start + KIN_AT_ONCE] if start % KIN_AT_ONCE == 0 else ()
            if not self._attempt("pages", partial(self._draw, batch, told, drawn)):
                self.whole = False
                return
        if drawn:
            self.whole &= self._attempt("pages", partial(self._print, drawn))

    def _draw(self, numbers: Sequence[int], told: Sequence[int], drawn: list[Document]) -> None:
        if told:
            self.layout.tell_kin(told)
        drawn += self._rendered(numbers)
        if sum(len(page.data) for page in drawn) > BYTES_AT_ONCE:
            self._print(drawn)

    def _print(self, drawn: list[Document]) -> None:
        self._write(drawn)
        self.rendered += len(drawn)
        drawn.clear()

    def _rendered(self, numbers: Sequence[int]) -> Iterator[Document]:
        """Entry pages; one that trips over a fault of ours is left as it was, and told of."""
        press = self.todo.press
        for _, view in self.layout.pages(numbers):
            try:
                yield html.entry_page(press.site, view, press.sections)
            except Exception:
                logger.exception("%s: a fault of Copydesk's own; please report it", view.entry.id)
                self.failed.append((f"page of {view.entry.id}", FAULT))

    def _write(self, documents: Iterable[Document]) -> None:
        ready = tuple(documents)  # rendering takes its time
        self.held()
        self.written += self.output.write_all(ready)

    # ------------------------------------------------------------ what the files show

    def _note(self, done: Sequence[Section], version: int) -> None:
        press, todo = self.todo.press, self.todo
        rows: dict[str, tuple[int, int]] = {s.name: (self.shows[s.name], press.look) for s in done}
        if self.whole and not todo.only:
            rows[PAGES] = (version, press.page_look)
            rows |= {_row(n): (press.source_looks[n], 0) for n in todo.sources}
            # Whatever becomes of its files, a section that comes back is rendered.
            rows |= dict.fromkeys(sections_gone(todo.shown, press.sections), NOTHING)
        changed = {n: r for n, r in rows.items() if todo.shown.get(n) != r}
        if changed:
            self.held()
            with self.store.deciding() as ledger:
                note(ledger, todo.folder, changed)


def note(ledger: Ledger, folder: str, rows: Mapping[str, tuple[int, int]]) -> None:
    """What the files in a folder show: row -> (version, look)."""
    for look in {look for _, look in rows.values()}:
        ledger.published(folder, {name: v for name, (v, its) in rows.items() if its == look}, look)


def _times(of: Choice | SectionState) -> tuple[datetime | None, datetime | None]:
    return of.as_of, of.next_change


def _columns(of: Choice) -> dict[str, int | None]:
    return {"as_of": micros(of.as_of), "next_change": maybe_micros(of.next_change)}
