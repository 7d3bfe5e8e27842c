"""What is written, when, and what a crash leaves."""

import contextlib
import json
import shutil
from datetime import timedelta

import pytest
from sqlalchemy import update

from feeds.errors import PublishError, StoreError
from feeds.model import Enclosure, Image
from feeds.pipeline import layout
from feeds.pipeline import publish as publishing
from feeds.publish import html
from feeds.publish.files import Output
from feeds.store import open_store
from feeds.store.schema import section
from tests.databases import sqlite_store
from tests.newsroom import DAY, HOUR, MINUTE, OTHER, SPORT, WORLD, article, configure, source
from tests.pipeline.printing import Printer, snapshot, stamps
from tests.values import replace

__all__ = ["sqlite_store"]

GAZETTE = source()
HERALD = source("herald", sections=("sport",))
ONE = {"limit": 1, "window": timedelta(0)}


@pytest.fixture
def desk(store, tmp_path):
    return Printer(store, tmp_path / "public", GAZETTE, HERALD)


@pytest.fixture
def narrow(store, tmp_path, monkeypatch):
    """Every feed holds but one entry."""
    real = publishing.everything
    monkeypatch.setattr(publishing, "everything", lambda site: replace(real(site), **ONE))
    return Printer(store, tmp_path / "public", GAZETTE, sections=(replace(WORLD, **ONE),))


@pytest.fixture
def printed(desk):
    """One entry in each section, published."""
    desk.poll("gazette", article("a"))
    desk.poll("herald", article("b", "herald", title="Bells may ring early", text=OTHER))
    desk.publish()
    return desk


def ids(desk, section="world"):
    return [item["id"] for item in json.loads((desk.root / section / "feed.json").read_text())["items"]]


def test_a_first_round_writes_everything(desk):
    desk.poll("gazette", article("a"))
    published = desk.publish()
    pages = {str(desk.page(i).relative_to(desk.root)) for i in ids(desk)}
    names = ("atom.xml", "rss.xml", "feed.json", "index.html")
    sections = {f"{section}/{name}" for section in ("world", "sport", "all") for name in names}
    site = {"index.html", "sources.html", "opml.xml", "sources.opml", "sitemap.xml", "robots.txt"}
    theme = {"theme/copydesk.css", "theme/icon.svg"}
    assert (set(published.written), set(desk.files())) == (pages | sections | site | theme,) * 2


def test_a_second_round_does_nothing(printed):
    before = stamps(printed.root)
    assert (printed.later(MINUTE).publish(), stamps(printed.root)) == (publishing.Published(), before)


@pytest.mark.parametrize("steps", [0, 1, 3, 5])
def test_a_round_that_loses_the_right_to_write_ends_and_the_next_one_makes_it_good(desk, tmp_path, steps):
    desk.poll("gazette", article("a"))
    left = iter(range(steps))

    def held():
        if next(left, None) is None:
            raise StoreError("lost")

    with pytest.raises(StoreError, match="lost"):
        desk.publish(held=held)
    begun, elsewhere = len(desk.files()), tmp_path / "elsewhere"
    desk.publish()
    desk.publish(regenerate=True, output=Output(elsewhere), folder=str(elsewhere))
    assert (begun == 0, desk.files()) == (steps == 0, snapshot(elsewhere))


def test_only_sections_that_changed_are_rendered(printed):
    printed.poll(
        "herald", article("c", "herald", title="Oars for sale", text="Nobody bids for the oars of a lost boat.")
    )
    published = printed.publish()
    written = {path.partition("/")[0] for path in published.written}
    assert (published.sections, written) == (
        ("sport", "all"),
        {"sport", "all", "article", "index.html", "sitemap.xml"},
    )


def test_regenerating_touches_no_file_whose_bytes_are_the_same(printed):
    before = stamps(printed.root)
    first, second = printed.later(HOUR).publish(regenerate=True), printed.later(HOUR).publish(regenerate=True)
    assert (first.sections, first.written, second.written, stamps(printed.root)) == (
        ("world", "sport", "all"),
        (),
        (),
        before,
    )


def test_regenerating_into_an_empty_folder_gives_the_same_bytes(printed, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    printed.later(3 * DAY).publish(regenerate=True, output=Output(elsewhere), folder=str(elsewhere))
    assert snapshot(elsewhere) == printed.files()


def test_a_section_that_comes_back_is_written_whatever_became_of_its_files(printed):
    before = printed.files()
    printed.change(sections=(SPORT,))
    printed.publish()
    left = {path for path in printed.files() if path.startswith("world/")}
    shutil.rmtree(printed.root / "world")
    printed.change(sections=(WORLD, SPORT))
    printed.publish()
    assert (len(left), printed.files()) == (4, before)


def test_the_pages_of_a_section_that_is_shorter_now_are_gone(desk, tmp_path):
    desk.poll("gazette", *(article(f"{n}") for n in range(91)))
    desk.publish()
    before = {path.name for path in (desk.root / "world").glob("page-*")}
    desk.change(sections=(replace(WORLD, limit=31, window=timedelta(0)), SPORT))
    desk.publish()
    elsewhere = tmp_path / "elsewhere"
    desk.publish(regenerate=True, output=Output(elsewhere), folder=str(elsewhere))
    after = {path.name for path in (desk.root / "world").glob("page-*")}
    assert (before, after) == ({"page-2.html", "page-3.html", "page-4.html"}, {"page-2.html"})
    assert snapshot(elsewhere) == desk.files()


def test_the_feeds_of_an_empty_section_are_of_when_it_began(desk):
    began = desk.now
    desk.later(HOUR).poll("gazette", article("a"))
    desk.publish()
    feed = json.loads((desk.root / "sport" / "feed.json").read_text())
    assert (feed["items"], feed["_copydesk"]["date_modified"]) == ([], began.isoformat())


def test_a_section_of_an_older_store_that_was_always_empty_is_as_of_its_publishing(desk, store):
    with store.deciding() as ledger:
        ledger.connection.execute(update(section).values(updated=0))
    desk.later(HOUR).publish()
    feed = json.loads((desk.root / "sport" / "feed.json").read_text())
    assert feed["_copydesk"]["date_modified"] == desk.now.isoformat()


def test_regenerating_one_section_writes_it_and_its_pages(printed, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    printed.publish(regenerate=True, named=("sport",), output=Output(elsewhere), folder=str(elsewhere))
    wanted = {p: d for p, d in printed.files().items() if p.startswith("sport/")}
    page = printed.page(ids(printed, "sport")[0])
    assert snapshot(elsewhere) == wanted | {str(page.relative_to(printed.root)): page.read_bytes()}


def test_regenerating_one_section_does_not_hide_that_others_changed(printed):
    printed.poll("gazette", article("c"))
    printed.publish(regenerate=True, named=("sport",))
    assert printed.publish().sections == ("world", "all")


def test_regenerating_writes_the_page_of_what_left_the_feeds(narrow):
    narrow.poll("gazette", article("old"))
    narrow.publish()
    (old,) = ids(narrow)
    narrow.later(HOUR).poll("gazette", article("new", published=narrow.now, updated=narrow.now))
    narrow.publish()
    before = narrow.files()
    narrow.page(old).unlink()
    narrow.publish(regenerate=True)
    assert (old in ids(narrow, "all"), narrow.files()) == (False, before)


def test_an_edit_reaches_the_page_of_what_left_the_feeds(narrow):
    narrow.poll("gazette", article("old"))
    narrow.publish()
    (old,) = ids(narrow)
    narrow.later(HOUR).poll(
        "gazette", article("old"), article("new", text=OTHER, published=narrow.now, updated=narrow.now)
    )
    narrow.publish()
    narrow.later(HOUR).poll("gazette", article("old", title="The harbour was never closed"))
    published = narrow.publish()
    assert (old in ids(narrow, "all"), published.pages, "never closed" in narrow.page(old).read_text()) == (
        False,
        1,
        True,
    )


def test_what_never_stood_in_a_file_has_no_page(narrow):
    narrow.poll("gazette", *(article(name) for name in "abc"))
    narrow.publish()
    assert (len(ids(narrow)), sum(p.startswith("article/") for p in narrow.files())) == (1, 1)


# ---------------------------------------------------------------- the configuration


def test_another_title_of_the_site_is_on_every_file(printed):
    printed.site = replace(printed.site, title="Quay Wire")
    printed.publish()
    old = {path for path, data in printed.files().items() if b"Harbour Wire" in data}
    assert old == set()


def test_another_title_of_a_source_is_on_the_pages_of_its_entries_alone(printed):
    sources = printed.book.sources | {"gazette": replace(GAZETTE, title="The Daily Gazette")}
    printed.change(sources=sources)
    published = printed.publish()
    page = printed.page(ids(printed)[0])
    assert (published.pages, b"The Daily Gazette" in page.read_bytes()) == (1, True)


def test_a_change_that_no_page_shows_renders_no_page(printed):
    printed.change(sources=printed.book.sources | {"gazette": replace(GAZETTE, interval=HOUR, priority=3)})
    assert printed.publish() == publishing.Published()


def test_a_removed_source_keeps_its_articles_and_its_policy(printed):
    book = replace(printed.book, sources={"gazette": replace(GAZETTE, content="headline"), "herald": HERALD})
    printed.book = book
    configure(printed.store, book, printed.now)
    printed.publish()
    headlines = printed.files()
    printed.book = replace(book, sources={"herald": HERALD})
    configure(printed.store, printed.book, printed.now)
    printed.later(MINUTE).publish()
    (item,) = json.loads((printed.root / "all" / "feed.json").read_text())["items"][:1]
    page = str(printed.page(item["id"]).relative_to(printed.root))
    assert ("harbour of Karsa" in item["content_html"], printed.files()[page]) == (False, headlines[page])


# ---------------------------------------------------------------- age


def test_age_alone_empties_a_section_of_what_is_too_old(store, tmp_path):
    desk = Printer(store, tmp_path / "public", GAZETTE, sections=(replace(WORLD, max_age=DAY, limit=1),))
    desk.poll("gazette", article("a", published=desk.now - 20 * HOUR), article("b", published=desk.now))
    desk.publish()
    before = len(ids(desk))
    published = desk.later(5 * HOUR).publish()
    assert (before, len(ids(desk)), published.sections) == (2, 1, ("world",))


def test_age_alone_reaches_every_output(store, tmp_path):
    desk = Printer(store, tmp_path / "public", GAZETTE, sections=(replace(WORLD, max_age=DAY, limit=1),))
    desk.poll("gazette", article("a", published=desk.now - 20 * HOUR), article("b", published=desk.now))
    other = {"output": Output(tmp_path / "other"), "folder": "other"}
    desk.publish()
    desk.publish(**other)
    desk.later(5 * HOUR).publish()
    desk.later(MINUTE).publish(**other)
    assert snapshot(tmp_path / "other") == desk.files()


def test_regenerating_shows_the_last_selection_however_late(store, tmp_path):
    desk = Printer(store, tmp_path / "public", GAZETTE, sections=(replace(WORLD, max_age=DAY, limit=1),))
    desk.poll("gazette", article("a", published=desk.now - 20 * HOUR), article("b", published=desk.now))
    desk.publish()
    assert desk.later(5 * HOUR).publish(regenerate=True).written == ()


def test_a_page_that_another_output_has_is_written_here_too(store, tmp_path):
    """The other output keeps more entries: what it prints has a page everywhere."""
    desk = Printer(store, tmp_path / "public", GAZETTE)
    desk.publish()
    desk.poll("gazette", article("a"))
    desk.publish(output=Output(tmp_path / "other"), folder="other")
    desk.publish()
    assert desk.page(ids(desk)[0]).exists()


def test_what_gets_its_page_late_has_it_in_every_output(narrow, tmp_path, monkeypatch):
    narrow.poll("gazette", article("a", published=narrow.now - HOUR), article("b"))
    other = {"output": Output(tmp_path / "other"), "folder": "other"}
    narrow.publish()
    narrow.publish(**other)
    monkeypatch.undo()
    narrow.change(sections=(WORLD,))
    narrow.publish()
    narrow.publish(**other)
    assert snapshot(tmp_path / "other") == narrow.files()


# ---------------------------------------------------------------- what goes wrong


class Full(Output):
    """A disk that has no room for some folders."""

    def __init__(self, root, *folders):
        super().__init__(root)
        self.folders = folders

    def write_all(self, documents):
        documents = list(documents)
        if self.folders == ("",) or any(document.path.startswith(self.folders) for document in documents):
            raise PublishError("the disk is full")
        return super().write_all(documents)


def test_pages_that_could_not_be_written_are_not_counted(desk):
    desk.poll("gazette", article("a"))
    published = desk.publish(output=Full(desk.root, "article/"))
    assert (published.failed, published.pages) == ((("pages", "the disk is full"),), 0)


def test_pages_are_written_in_parts_that_are_whole_together(desk, tmp_path, monkeypatch):
    monkeypatch.setattr(publishing, "PAGES_AT_ONCE", 2)
    desk.poll("gazette", *map(article, "abcde"))
    at_once = desk.publish(regenerate=True, output=Output(tmp_path / "at-once"), folder="at-once")
    monkeypatch.setattr(publishing, "BYTES_AT_ONCE", 1)
    in_parts = desk.publish(regenerate=True)
    assert (in_parts.pages, desk.files()) == (at_once.pages, snapshot(tmp_path / "at-once"))


def test_where_nothing_can_be_written_each_part_is_told_of_once(desk):
    desk.poll("gazette", article("a"))
    published = desk.publish(output=Full(desk.root, ""))
    assert [name for name, _ in published.failed] == ["pages", "world", "sport", "all", "front page"]


def test_a_section_that_cannot_be_written_leaves_the_others_published(desk):
    desk.poll("gazette", article("a"))
    published = desk.publish(output=Full(desk.root, "world/"))
    assert (published.failed, published.sections, (desk.root / "sport" / "atom.xml").exists()) == (
        (("world", "the disk is full"),),
        ("sport", "all"),
        True,
    )


@pytest.mark.parametrize("folder", ["world/", "article/", "index.html"])
def test_what_could_not_be_written_is_written_as_soon_as_there_is_room(desk, tmp_path, folder):
    desk.poll("gazette", article("a"))
    desk.publish(output=Full(desk.root, folder))
    desk.publish()
    whole = tmp_path / "whole"
    desk.publish(regenerate=True, output=Output(whole), folder=str(whole))
    assert desk.files() == snapshot(whole)


def test_a_fault_of_ours_in_one_section_leaves_the_others_published(desk, monkeypatch, caplog):
    desk.poll("gazette", article("a"))
    real = html.section_pages

    def faulty(edition):
        return real(edition) if edition.section.name != "world" else 1 / 0

    monkeypatch.setattr(html, "section_pages", faulty)
    published = desk.publish()
    assert (published.failed, published.sections, "ZeroDivisionError" in caplog.text) == (
        (("world", publishing.FAULT),),
        ("sport", "all"),
        True,
    )


def test_a_fault_of_ours_in_one_page_leaves_the_others_published(desk, monkeypatch, caplog):
    desk.poll("gazette", article("a"), article("b"))
    real = html.entry_page

    def faulty(site, view, sections):
        return real(site, view, sections) if view.lead.title != "Report a" else 1 / 0

    monkeypatch.setattr(html, "entry_page", faulty)
    published = desk.publish()
    missing = [name for name, _ in published.failed]
    (absent,) = [i for i in ids(desk) if not desk.page(i).exists()]
    assert (missing, published.pages, "ZeroDivisionError" in caplog.text) == ([f"page of {absent}"], 1, True)


def test_a_fault_of_ours_in_who_names_whom_leaves_the_rest_published(desk, monkeypatch, caplog):
    desk.poll("gazette", article("a"))
    desk.change(sections=(replace(WORLD, stories="off"), SPORT))

    def faulty(*_):
        raise ZeroDivisionError

    monkeypatch.setattr(layout, "siblings", faulty)
    published = desk.publish()
    monkeypatch.undo()
    assert (published.failed, published.sections, desk.publish().pages, "ZeroDivisionError" in caplog.text) == (
        (("pages", publishing.FAULT), ("all", publishing.FAULT)),
        ("world", "sport"),
        1,
        True,
    )


def test_a_store_that_fails_is_no_fault_of_a_section(desk, monkeypatch):
    def failing(*_):
        raise StoreError("the store is gone")

    desk.poll("gazette", article("a"))
    monkeypatch.setattr(publishing.Layout, "choose", failing)
    with pytest.raises(StoreError, match="the store is gone"):
        desk.publish()


class Crash(BaseException):
    """The process ends here."""


def test_both_engines_give_the_same_files(url, tmp_path):
    """The engine's own fixture: a first round, an edit, age, another folder."""
    with contextlib.closing(open_store(url, "desk-1")) as opened:
        one = _history(Printer(opened, tmp_path / "one", GAZETTE, HERALD))
    with contextlib.closing(open_store(f"sqlite:///{tmp_path}/two.db", "desk-1")) as opened:
        two = _history(Printer(opened, tmp_path / "two", GAZETTE, HERALD))
    assert one == two


def _history(desk):
    desk.poll("gazette", article("a"), article("b"))
    desk.publish()
    desk.later(HOUR).poll("gazette", article("a", title="The harbour was never closed"), article("b"))
    desk.poll("herald", article("c", "herald"))
    desk.publish()
    desk.later(3 * DAY).publish()
    assert desk.publish(regenerate=True).written == ()
    return desk.files()


@pytest.mark.parametrize("step", ["_mark", "_section", "_site", "_pages", "_note"])
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_crash_anywhere_is_made_good_by_the_next_round(desk, monkeypatch, tmp_path, step, when):
    desk.poll("gazette", article("a"))
    desk.publish()
    desk.later(HOUR).poll("gazette", article("b"), article("c"))
    desk.poll("herald", article("d", "herald"))
    real = getattr(publishing._Round, step)

    def crash(self, *arguments):
        if when == "after":
            real(self, *arguments)
        raise Crash

    with monkeypatch.context() as patched, pytest.raises(Crash):
        patched.setattr(publishing._Round, step, crash)
        desk.publish()
    desk.publish()
    whole = tmp_path / "whole"
    desk.publish(regenerate=True, output=Output(whole), folder=str(whole))
    assert (desk.files(), desk.publish()) == (snapshot(whole), publishing.Published())


def test_a_page_outlives_a_crash_after_which_its_entry_has_left_the_feeds(narrow, monkeypatch):
    narrow.poll("gazette", article("a"))

    def crash(self, *_):
        raise Crash

    with monkeypatch.context() as patched, pytest.raises(Crash):
        patched.setattr(publishing._Round, "_note", crash)
        narrow.publish()
    (old,) = ids(narrow)
    narrow.page(old).unlink()
    narrow.later(HOUR).poll("gazette", article("b", published=narrow.now, updated=narrow.now))
    narrow.publish()
    assert (old in ids(narrow, "all"), narrow.page(old).exists()) == (False, True)


def test_what_comes_while_files_are_written_is_published_next(desk, tmp_path):
    class Busy(Output):
        asked = 0

        def write_all(self, documents):
            self.asked += 1
            if self.asked == 1:
                desk.poll("herald", article("late", "herald"))
            return super().write_all(documents)

    desk.poll("gazette", article("a"))
    desk.publish(output=Busy(desk.root))
    desk.publish()
    whole = tmp_path / "whole"
    desk.publish(regenerate=True, output=Output(whole), folder=str(whole))
    assert (len(ids(desk, "sport")), desk.files()) == (1, snapshot(whole))


def test_pages_that_no_section_links_to_wait_when_publishing_is_to_end(narrow):
    for name in ("old", "new"):
        narrow.later(HOUR).poll("gazette", article(name, published=narrow.now, updated=narrow.now))
        narrow.publish()
    narrow.site = replace(narrow.site, title="Quay Wire")
    first, second = narrow.publish(stopped=lambda: True), narrow.publish()
    assert (first.pages, second.pages, publishing.Published()) == (1, 2, narrow.publish())


# ---------------------------------------------------------------- how much a feed holds


def test_a_feed_is_cut_where_its_texts_grow_too_long(store, tmp_path, monkeypatch):
    monkeypatch.setattr("feeds.pipeline.layout.MOST_BYTES", 13_000)
    desk = Printer(store, tmp_path / "public", replace(GAZETTE, content="full"))
    desk.poll("gazette", *(article(n, content=f"<p>{n * 5000}</p>") for n in "abc"))
    desk.publish()
    assert len(ids(desk)) == 2


def test_a_feed_holds_what_its_bytes_allow_with_addresses_of_files_and_pictures(store, tmp_path, monkeypatch):
    monkeypatch.setattr("feeds.pipeline.layout.MOST_BYTES", 13_000)
    desk = Printer(store, tmp_path / "public", GAZETTE)
    heavy = {
        "enclosures": (Enclosure(url=f"https://gazette.example/{'x' * 2_500}.mp3", type="audio/mpeg"),),
        "images": (Image(url=f"https://gazette.example/{'y' * 2_500}.jpg"),),
    }
    desk.poll("gazette", *(article(n, **heavy) for n in "abc"))
    desk.publish()
    assert len(ids(desk)) == 2


def test_what_a_round_says_of_two_counts_once(printed):
    one = publishing.Published(sections=("world",), pages=1, written=("a", "b"))
    two = publishing.Published(sections=("world", "all"), pages=2, written=("b", "c"), failed=(("x", "y"),))
    assert one.then(two) == publishing.Published(
        sections=("world", "all"), pages=3, written=("a", "b", "c"), failed=(("x", "y"),)
    )


def test_an_unknown_section_of_the_configuration_waits_for_its_registration(printed):
    printed.change(sections=(WORLD, SPORT, replace(SPORT, name="chess", title="Chess")))
    printed.publish()
    assert not (printed.root / "chess").exists()
