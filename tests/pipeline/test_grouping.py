"""Stories: entries about the same event, in the store and in print."""

import contextlib
import json
from datetime import timedelta

import pytest

from feeds.model import Rules
from feeds.pipeline.settle import settle
from feeds.publish.files import Output
from feeds.store import open_store
from feeds.store.kin import FOLLOWED, SHOWN, kin_of, siblings
from feeds.store.stories import counts, story_of
from tests.databases import dump
from tests.dedupe.events import EARLIER, FIRST_REPORT, LATER, OTHERS, SECOND_REPORT, SUMMARY, WIRE
from tests.newsroom import DAY, HOUR, MINUTE, NOON, SPORT, WORLD, Desk, article, read, source
from tests.pipeline.printing import Printer, snapshot, stamps
from tests.values import replace

NAMES = ("gazette", "herald", "post", "courier", "tribune", "ledger")
SOURCES = tuple(source(name) for name in NAMES)
EVENT = (
    ("gazette", "Ministers reopen ferry line", f"KARSA, Jan. 8 (Orbis) -- {WIRE}"),
    ("herald", "Velmar and Oskia settle herring quarrel", WIRE),
    ("post", "Ferries to cross strait in May", f"KARSA (Orbis) - {WIRE}"),
    ("courier", "Ferry deal signed", SUMMARY),
    ("tribune", "Ships will cross the Strait of Tell again", FIRST_REPORT),
    ("ledger", "Strand has his ferry", SECOND_REPORT),
)
ALIKE = (
    ("tribune", "Ministers part without a word", EARLIER, NOON - 1400 * DAY),
    ("ledger", "Ministers sign extradition treaty", LATER, NOON - 600 * DAY),
)


def told(name, title, text, published=NOON - HOUR):
    match_text = text.partition("(Orbis) ")[2].lstrip("- ") or text
    url = f"https://{name}.example/{title.replace(' ', '-').lower()}"
    dates = {"published": published, "updated": published}
    return article(title, name, url=url, title=title, text=text, match_text=match_text, **dates)


def tell(desk):
    """All of it, one desk after the other."""
    for name, title, text, *published in (*ALIKE, *EVENT):
        desk.later(MINUTE).poll(name, told(name, title, text, *published))
    for title, text in OTHERS:
        desk.later(MINUTE).poll("gazette", told("gazette", title, text))
    return desk


def grouped(store):
    """The entries of each story with several, by the title of their lead."""
    with store.reading() as shelf:
        numbers = {shown.entry.id: n for n, shown in shelf.entries(range(1, 1000))}
        names = {n: shown.lead.title for n, shown in shelf.entries(numbers.values())}
        found = {tuple(story_of(shelf, n)[0]) for n in numbers.values()}
    return {frozenset(names[n] for n in story) for story in found if len(story) > 1}


class TestInTheStore:
    @pytest.fixture
    def desk(self, store):
        return Desk(store, *SOURCES)

    def test_one_merged_entry_and_one_story_of_three(self, desk):
        tell(desk)
        leads = {"Ministers reopen ferry line", "Ships will cross the Strait of Tell again", "Strand has his ferry"}
        assert grouped(desk.store) == {frozenset(leads)}

    def test_the_evidence_names_score_bound_and_terms(self, desk):
        tell(desk)
        with desk.store.reading() as shelf:
            number = next(n for n, s in shelf.entries(range(1, 50)) if s.lead.title == "Strand has his ferry")
            _, why = story_of(shelf, number)
        assert (why.score >= why.bound, {"strand", "doran"} <= set(why.words)) == (True, True)

    def test_how_polls_are_settled_together_decides_nothing(self, desk, tmp_path):
        """One transaction, or one for each poll: the same tables."""
        texts = [(name, told(name, title, text)) for name, title, text in EVENT]
        with contextlib.closing(open_store(f"sqlite:///{tmp_path}/a.db", "a")) as one:
            alone = Desk(one, *SOURCES)
            for name, said in texts:
                alone.poll(name, said)
            with contextlib.closing(open_store(f"sqlite:///{tmp_path}/b.db", "b")) as other:
                together = Desk(other, *SOURCES)
                claims = {c.state.name: c for c in together.claim(*NAMES)}
                together.settle(*(read(claims[n], together.book.sources[n], [said]) for n, said in texts))
                tables = ("story", "story_term", "story_entry", "lexicon")
                assert {t: dump(one)[t] for t in tables} == {t: dump(other)[t] for t in tables}

    def test_a_transaction_that_fails_leaves_no_trace(self, desk):
        (claim,) = desk.claim("tribune")
        before = dump(desk.store)
        with pytest.raises(ZeroDivisionError), desk.store.deciding() as ledger:
            settle(ledger, [read(claim, SOURCES[4], [told(*EVENT[4])])], desk.book, desk.now)
            raise ZeroDivisionError
        tables = ("story", "story_term", "story_entry", "lexicon")
        assert {t: dump(desk.store)[t] for t in tables} == {t: before[t] for t in tables}

    def test_what_no_longer_grows_leaves_the_search_and_stays_together(self, desk):
        tell(desk)
        before = grouped(desk.store)
        desk.later(timedelta(days=5)).poll(
            "gazette",
            told("gazette", "Snow on the pass", "Snow closed the pass of Ulm to lorries on Monday.", NOON + 5 * DAY),
        )
        with desk.store.reading() as shelf:
            assert (counts(shelf)["open"], grouped(desk.store)) == (1, before)

    def test_pages_without_words_tell_no_event(self, desk):
        for name in NAMES[:3]:
            lives = (article(f"live {n}", name, title="Watch live", text="", match_text="") for n in range(3))
            desk.poll(name, *lives)
        assert grouped(desk.store) == set()

    def test_what_was_dropped_tells_nothing(self, desk):
        desk.poll("tribune", told(*EVENT[4]), dropped="drop rule: keywords")
        desk.poll("ledger", told(*EVENT[5]))
        assert grouped(desk.store) == set()

    def test_a_page_follows_its_story_for_so_many_entries(self, desk):
        plain = " ".join(f"Pier{n}" for n in range(40))
        for n in range(FOLLOWED + 6):
            desk.later(MINUTE).poll(
                "gazette", told("gazette", f"Strait of Tell ferry Karsa {n}", _other_words(n, plain))
            )
        with desk.store.deciding() as ledger:
            ledger.connection.exec_driver_sql("UPDATE entry SET printed = true")
        with desk.store.reading() as shelf:
            (story,) = {tuple(story_of(shelf, n)[0]) for n in range(1, FOLLOWED + 7)}
            shown = siblings(shelf, story)
            last = story[-1]
            assert (
                shown[story[0]],
                shown[last],
                kin_of(shelf, [last]),
            ) == (
                list(reversed(story[: FOLLOWED + 1]))[:SHOWN],
                list(reversed(story[:-1]))[:SHOWN],
                set(story[-1 - FOLLOWED : -1]),
            )


def _other_words(n, plain):
    """Another text each time, about the same."""
    return f"Ferry {n} of the Strait of Tell was seen off Karsa. {plain[n : n + 60]} Doran{n} waved, Strand{n} did not."


class TestInPrint:
    @pytest.fixture
    def store(self, tmp_path):
        with contextlib.closing(open_store(f"sqlite:///{tmp_path}/store.db", "desk-1")) as opened:
            yield opened

    @pytest.fixture
    def desk(self, store, tmp_path):
        return Printer(store, tmp_path / "public", *SOURCES)

    def items(self, desk, section="world"):
        return json.loads((desk.root / section / "feed.json").read_text())["items"]

    def by_title(self, desk, section="world"):
        return {item["title"]: item for item in self.items(desk, section)}

    def test_pages_name_one_another_newest_first(self, desk):
        tell(desk).publish()
        item = self.by_title(desk)["Ministers reopen ferry line"]
        more = [(one["title"], one["source"]) for one in item["_copydesk"]["more_news"]]
        page = desk.page(item["id"]).read_text()
        assert (set(more), page.count('<ul class="siblings">'), "Strand has his ferry" in page) == (
            {("Strand has his ferry", "ledger"), ("Ships will cross the Strait of Tell again", "tribune")},
            1,
            True,
        )

    def test_atom_names_them_as_related(self, desk):
        tell(desk).publish()
        atom = (desk.root / "world" / "atom.xml").read_text()
        assert atom.count('title="Strand has his ferry"') == 2

    def test_every_link_leads_to_a_page(self, desk):
        tell(desk).publish()
        for item in self.items(desk):
            for one in item["_copydesk"].get("more_news", ()):
                assert desk.page(one["id"]).exists()

    def test_a_story_that_grows_renders_the_others_and_moves_no_date(self, desk):
        desk.poll("tribune", told(*EVENT[4]))
        desk.publish()
        (before,) = self.items(desk)
        desk.later(HOUR).poll("ledger", told(*EVENT[5]))
        published = desk.publish()
        after = self.by_title(desk)[before["title"]]
        assert (
            after["_copydesk"]["more_news"][0]["title"],
            after["date_modified"],
            "Strand has his ferry" in desk.page(before["id"]).read_text(),
            published.pages,
        ) == ("Strand has his ferry", before["date_modified"], True, 2)

    def test_sections_of_the_others_follow(self, store, tmp_path):
        there = replace(SOURCES[5], sections=("sport",))
        desk = Printer(store, tmp_path / "public", *SOURCES[:5], there)
        desk.poll("tribune", told(*EVENT[4]))
        desk.publish()
        desk.later(HOUR).poll("ledger", told(*EVENT[5]))
        desk.publish()
        (item,) = self.items(desk)
        assert [one["title"] for one in item["_copydesk"]["more_news"]] == ["Strand has his ferry"]

    def test_another_title_is_named_by_the_others(self, desk):
        tell(desk).publish()
        changed = replace(told(*EVENT[5]), title="Strand and his ferry", digest=99)
        desk.later(HOUR).poll("ledger", changed)
        desk.publish()
        item = self.by_title(desk)["Ministers reopen ferry line"]
        assert "Strand and his ferry" in {one["title"] for one in item["_copydesk"]["more_news"]}

    def test_rendered_again_nothing_changes(self, desk):
        tell(desk).publish()
        desk.later(HOUR).poll("ledger", told("ledger", "Who pays for the piers", SECOND_REPORT[:-90]))
        desk.publish()
        before = stamps(desk.root)
        desk.publish(regenerate=True)
        desk.publish(regenerate=True)
        assert stamps(desk.root) == before

    def test_another_output_shows_the_same(self, desk, tmp_path):
        for name, title, text in EVENT:
            desk.later(MINUTE).poll(name, told(name, title, text))
            desk.publish()
        desk.publish(output=Output(tmp_path / "other"), folder="other")
        assert snapshot(tmp_path / "other") == desk.files()

    def test_a_section_may_have_none(self, store, tmp_path):
        desk = tell(Printer(store, tmp_path / "public", *SOURCES, sections=(replace(WORLD, stories="off"), SPORT)))
        desk.publish()
        files = desk.files()
        assert not [p for p, data in files.items() if b"more_news" in data or b"More news" in data]

    def test_one_section_of_two_may_have_none(self, store, tmp_path):
        sections = (replace(WORLD, stories="off"), replace(SPORT, match=Rules(keywords=("ferry", "ships"))))
        desk = tell(Printer(store, tmp_path / "public", *SOURCES, sections=sections))
        desk.publish()
        of = {name: (desk.root / name / "feed.json").read_text().count('"more_news"') for name in ("world", "sport")}
        assert of == {"world": 0, "sport": 3}

    def test_a_private_source_is_named_without_its_address(self, store, tmp_path):
        secret = replace(SOURCES[5], url="https://user:key@hidden.example/feed", private=True)
        desk = tell(Printer(store, tmp_path / "public", *SOURCES[:5], secret))
        desk.publish()
        item = self.by_title(desk)["Ministers reopen ferry line"]
        assert "Strand has his ferry" in {one["title"] for one in item["_copydesk"]["more_news"]}
        assert not [p for p, data in desk.files().items() if b"hidden.example" in data or b"ledger.example" in data]

    def test_another_name_of_a_source_reaches_the_others_pages(self, desk):
        tell(desk).publish()
        book = desk.book
        renamed = replace(book.sources["ledger"], title="The Ledger of Karsa")
        desk.change(sources=book.sources | {"ledger": renamed})
        desk.publish()
        page = desk.page(self.by_title(desk)["Ministers reopen ferry line"]["id"]).read_text()
        assert "The Ledger of Karsa" in page
