"""Rules that are not in force, over what is stored: what would merge and part, enter and leave."""

from datetime import timedelta

import pytest
from sqlalchemy import insert

from feeds.errors import ConfigError, StoreError
from feeds.model import Category, Rules, Section
from feeds.store.schema import meta
from tests.dedupe.stories import CUT, WIRE
from tests.newsroom import DAY, HOUR, LONG, MINUTE, NOON, OTHER, Desk, article, configure, source
from tests.pipeline.rehearsing import changed, rehearsed
from tests.values import replace

NAMES = ("gazette", "herald", "courier")


@pytest.fixture
def desk(store):
    return Desk(store, *map(source, NAMES))


def bring(desk, by, name, text=LONG, **changes):
    """One article an hour after the one before."""
    changes = {"published": desk.now - HOUR, "updated": desk.now - HOUR} | changes
    desk.poll(by, article(name, by=by, text=text, match_text=text, **changes))
    return desk.later(HOUR)


def said(found):
    """The differences in words: (article, where it stood, where it goes, why)."""
    names = {n: one.title.removeprefix("Report ") for n, one in (found.entries | found.items).items()}
    return [(names[d.row], names[d.before], names[d.after], d.why) for d in found.differences]


def called(found, number):
    return found.entries[number].title.removeprefix("Report ")


def steps(found):
    """What enters and leaves, in words: "+world a" at once, "(+world a)" from then on; with the rule."""
    told = {}
    for step in found.steps:
        text = f"{'+' if step.enters else '-'}{step.section} {called(found, step.entry)}"
        told[text if step.at_once else f"({text})"] = step.why
    return told


def moves(found):
    """What feeds show otherwise: "+world a", "-world a", "world a: inside b"; with the rule."""
    told = {}
    for move in found.feeds:
        text = f"{move.section} {called(found, move.entry)}"
        if move.before is None or move.after is None:
            text = f"{'-' if move.after is None else '+'}{text}"
        if move.after not in (None, move.entry):
            text += f": inside {called(found, move.after)}"
        elif move.before not in (None, move.entry) and move.after is not None:
            text += f": not inside {called(found, move.before)}"
        told[text] = move.why
    return told


class TestMerging:
    def test_nothing_differs(self, desk):
        for name in NAMES:
            bring(desk, name, name)
        found = rehearsed(desk)
        assert (found.articles, found.differs) == (3, False)

    def test_a_source_that_takes_no_part_any_more(self, desk):
        bring(desk, "gazette", "a")
        bring(desk, "herald", "b")
        found = rehearsed(desk, sources={"herald": {"dedupe": False}})
        assert said(found) == [("b", "a", "b", "its source herald takes no part (dedupe = false)")]

    def test_the_source_whose_article_others_joined(self, desk):
        """The third finds the second, which now stands by itself."""
        for name, by in zip("abc", NAMES, strict=True):
            bring(desk, by, name)
        found = rehearsed(desk, sources={"gazette": {"dedupe": False}})
        assert said(found) == [
            ("b", "a", "b", "the source gazette, whose article it joined, takes no part (dedupe = false)"),
            ("c", "a", "b", "same text"),
        ]

    def test_a_source_that_takes_part_from_now_on(self, store):
        desk = Desk(store, source("gazette"), source("herald", dedupe=False))
        bring(desk, "gazette", "a", WIRE)
        bring(desk, "herald", "b", CUT)
        (only,) = rehearsed(desk, sources={"herald": {"dedupe": True}}).differences
        assert (only.row, only.after, only.why, bool(only.found.passages)) == (2, 1, "wire copy: near", True)

    def test_one_that_came_first_and_takes_part_from_now_on(self, store):
        desk = Desk(store, source("gazette", dedupe=False), source("herald"))
        bring(desk, "gazette", "a", WIRE)
        bring(desk, "herald", "b", CUT)
        found = rehearsed(desk, sources={"gazette": {"dedupe": True}})
        assert said(found) == [("b", "b", "a", "wire copy: near")]

    @pytest.mark.parametrize("text", [LONG, f"{LONG} More follows."], ids=["same", "near"])
    def test_it_joins_what_is_older_than_the_window(self, store, text):
        desk = Desk(store, source("gazette"), source("herald", dedupe=False))
        bring(desk, "gazette", "a")
        bring(desk.later(5 * DAY), "herald", "b", text)
        found = rehearsed(desk, sources={"herald": {"dedupe": True}}, since=2 * HOUR)
        assert (found.articles, [(d.row, d.after) for d in found.differences]) == (1, [(2, 1)])

    def test_it_parts_from_what_is_older_than_the_window(self, desk):
        bring(desk, "gazette", "a")
        bring(desk.later(DAY), "herald", "b")
        found = rehearsed(desk, sources={"gazette": {"dedupe": False}}, since=2 * HOUR)
        assert [(d.row, d.parts) for d in found.differences] == [(2, True)]

    def test_what_came_before_the_window_is_left_alone(self, desk):
        bring(desk, "gazette", "a")
        bring(desk, "herald", "b")
        found = rehearsed(desk.later(DAY), sources={"herald": {"dedupe": False}}, since=2 * HOUR)
        assert (found.articles, found.differs) == (0, False)

    def test_one_page_of_one_publisher(self, store):
        feeds = [source(n, url=f"https://feeds.daily.example/{n}.xml") for n in ("one", "two")]
        desk = Desk(store, *feeds)
        for name in ("one", "two"):
            bring(desk, name, name, f"Teaser {name}", url="https://www.daily.example/2026/story")
        found = rehearsed(desk, sources={"two": {"url": "https://elsewhere.example/two.xml"}})
        assert said(found) == [("two", "one", "two", "by these rules it is no copy (it joined by: same url)")]

    def test_a_release_that_knows_more(self, desk, monkeypatch):
        """Settled by rules that see through no wire copy."""
        with monkeypatch.context() as patch:
            patch.setattr("feeds.pipeline.settle.like", lambda *_: None)
            bring(desk, "gazette", "a", WIRE)
            bring(desk, "herald", "b", CUT)
        assert said(rehearsed(desk)) == [("b", "b", "a", "wire copy: near")]

    def test_a_release_that_sees_less(self, desk, monkeypatch):
        bring(desk, "gazette", "a", WIRE)
        bring(desk, "herald", "b", CUT)
        monkeypatch.setattr("feeds.pipeline.settle.like", lambda *_: None)
        told = "by these rules it is no copy (it joined by: wire copy: near)"
        assert said(rehearsed(desk)) == [("b", "a", "b", told)]

    @pytest.mark.parametrize("by", ["gazette", "herald"])
    def test_an_edit_that_makes_two_alike_proves_nothing(self, desk, by):
        bring(desk, "gazette", "a", LONG if by == "herald" else OTHER)
        bring(desk, "herald", "b", LONG if by == "gazette" else OTHER)
        name = {"gazette": "a", "herald": "b"}[by]
        bring(desk, by, name, LONG)
        assert rehearsed(desk).differs is False

    def test_an_edit_that_makes_two_different_proves_nothing(self, desk):
        bring(desk, "gazette", "a")
        bring(desk, "herald", "b")
        bring(desk, "gazette", "a", OTHER)
        assert (len(desk.entries()), rehearsed(desk).differs) == (1, False)

    def test_whatever_was_edited_a_source_can_be_left_out(self, desk):
        bring(desk, "gazette", "a")
        bring(desk, "herald", "b")
        bring(desk, "herald", "b", f"{LONG} {OTHER}")
        found = rehearsed(desk, sources={"herald": {"dedupe": False}})
        assert [d.parts for d in found.differences] == [True]

    def test_what_left_its_entry_by_an_edit_stays_where_it_is(self, desk):
        bring(desk, "gazette", "a")
        bring(desk, "herald", "b")
        bring(desk, "herald", "b", OTHER)
        bring(desk, "courier", "c", OTHER)
        assert ([len(e.copies) for e in desk.entries()], rehearsed(desk).differs) == ([1, 2], False)

    def test_a_source_that_leaves_the_configuration_keeps_its_place(self, desk):
        bring(desk, "gazette", "a")
        bring(desk, "herald", "b")
        found = rehearsed(desk, without=("herald",))
        assert (found.gone, found.differences) == (("herald",), ())

    def test_in_batches_it_is_the_same(self, desk, monkeypatch):
        for place in range(5):
            for name in NAMES:
                bring(desk, name, f"{name}{place}", f"{LONG} Number {place}." if place % 2 else OTHER)
        whole = rehearsed(desk, sources={"gazette": {"dedupe": False}}).differences
        monkeypatch.setattr("feeds.pipeline.rehearsing.AT_ONCE", 2)
        assert (len(whole) > 3, rehearsed(desk, sources={"gazette": {"dedupe": False}}).differences) == (True, whole)


class TestDropping:
    FERRY = Rules(keywords=("ferry",))
    TOLD = 'dropped by the site\'s rule keyword "ferry"'

    def test_an_entry_of_dropped_articles_leaves_from_then_on(self, desk):
        bring(desk, "gazette", "a", title="A ferry")
        bring(desk, "herald", "b", OTHER)
        assert steps(rehearsed(desk, drop=self.FERRY)) == {"(-world A ferry)": self.TOLD}

    def test_what_joined_it_parts(self, desk):
        bring(desk, "gazette", "a", title="A ferry")
        bring(desk, "herald", "b", summary="Words.")
        found = rehearsed(desk, drop=Rules(keywords=("a ferry",)))
        told = 'the article that it joined would be dropped by the site\'s rule keyword "a ferry"'
        assert said(found) == [("b", "A ferry", "b", told)]
        assert set(steps(found)) == {"(-world A ferry)", "(+world b)"}

    def test_a_copy_that_is_dropped_parts_and_the_entry_stays(self, desk):
        bring(desk, "gazette", "a", summary="Words.")
        bring(desk, "herald", "b", title="A ferry")
        found = rehearsed(desk, drop=Rules(keywords=("a ferry",)))
        assert (len(found.differences), steps(found)) == (1, {})

    def test_what_was_dropped_comes_back(self, store):
        desk = Desk(store, source("gazette"))
        desk.poll("gazette", article("a"), dropped="dropped by the site's rule x")
        assert steps(rehearsed(desk)) == {"(+world a)": "a source of it lists the section"}


class TestSections:
    @pytest.mark.parametrize(
        ("changes", "expected"),
        [
            ({"exclude": Rules(keywords=("ferry",))}, {"-world a": 'excluded by keyword "ferry"'}),
            (
                {"languages": ("fr",)},
                {"-world a": 'language "en" is none of fr', "-world b": 'language "en" is none of fr'},
            ),
            ({"match": Rules(categories=("sea",))}, {"+world c": 'matched by category "sea"'}),
        ],
        ids=["exclude", "languages", "match"],
    )
    def test_another_rule(self, store, changes, expected):
        desk = Desk(store, source("gazette"), source("herald", sections=()))
        bring(desk, "gazette", "a", summary="The ferry.")
        bring(desk, "gazette", "b", OTHER, summary="The court.")
        bring(desk, "herald", "c", categories=(Category(term="Sea"),), text="Short.")
        assert steps(rehearsed(desk, sections={"world": changes})) == expected

    def test_a_source_that_lists_another_section(self, desk):
        bring(desk, "gazette", "a")
        found = rehearsed(desk, sources={"gazette": {"sections": ("sport",)}})
        assert steps(found) == {
            "+sport a": "a source of it lists the section",
            "-world a": "no source of it lists the section, and no match rule hits",
        }

    def test_a_new_section(self, desk):
        bring(desk, "gazette", "a")
        sea = Section(name="sea", title="Sea", match=Rules(keywords=("report a",)))
        assert steps(rehearsed(desk, more=(sea,))) == {"+sea a": 'matched by keyword "report a"'}

    def test_a_section_that_is_gone(self, desk):
        bring(desk, "gazette", "a")
        found = rehearsed(desk, without=("world",), sources={n: {"sections": ()} for n in NAMES})
        assert steps(found) == {"-world a": "the section is no longer configured"}

    def test_what_is_too_old_to_enter_now(self, desk):
        bring(desk, "gazette", "a")
        found = rehearsed(desk.later(3 * DAY), sources={"gazette": {"sections": ("sport",)}}, since=4 * DAY)
        assert steps(found) == {
            "(+sport a)": "a source of it lists the section; too old to enter by an afterthought",
            "-world a": "no source of it lists the section, and no match rule hits",
        }

    def test_a_copy_that_parts_comes_to_stand_by_itself(self, desk):
        bring(desk, "gazette", "a")
        bring(desk, "herald", "b")
        found = rehearsed(desk, sources={"herald": {"dedupe": False}})
        assert steps(found) == {"(+world b)": "a source of it lists the section"}

    def test_an_entry_that_becomes_part_of_another_leaves(self, store):
        desk = Desk(store, source("gazette"), source("herald", dedupe=False))
        bring(desk, "gazette", "a")
        bring(desk, "herald", "b")
        found = rehearsed(desk, sources={"herald": {"dedupe": True}})
        assert steps(found) == {"(-world b)": "it becomes part of another entry (same text)"}

    def test_the_promise_is_kept(self, desk):
        """What is said to enter and leave at once is what does, of every kind together."""
        for place in range(6):
            bring(desk, "gazette", f"a{place}", f"{LONG} Nine {place}", categories=(Category(term="Sea"),))
            bring(desk, "herald", f"b{place}", f"{OTHER} Ten {place}", language="fr")
        changes = {
            "sources": {"herald": {"sections": ("sport",)}},
            "sections": {
                "world": {"exclude": Rules(keywords=("report a3",))},
                "sport": {"match": Rules(keywords=("a4",))},
            },
            "renamed": {"gazette": "tribune"},
        }
        before = standing(desk)
        found = rehearsed(desk.later(40 * HOUR), **changes)
        promised = {(s.section, found.entries[s.entry].id, s.enters) for s in found.steps if s.at_once}
        configure(desk.store, changed(desk.book, **changes), desk.now)
        after = standing(desk)
        assert len(promised) > 5
        assert promised == {(*p, True) for p in after - before} | {(*p, False) for p in before - after}


def standing(desk):
    return {(name, e.entry.id) for e in desk.entries() for name in e.sections}


class TestFeeds:
    @pytest.fixture
    def full(self, store):
        desk = Desk(
            store, source("gazette"), source("herald"), sections=(Section(name="world", title="World", limit=3),)
        )
        desk.book = replace(desk.book, sections=(replace(desk.book.sections[0], window=timedelta(0)),))
        for place in range(4):
            bring(desk, "gazette" if place else "herald", f"n{place}", f"Teaser {place}.")
        return desk

    @pytest.mark.parametrize(
        ("changes", "expected"),
        [
            ({"limit": 2}, {"-world n1": "beyond limit = 2 and window = 0d"}),
            ({"limit": 4}, {"+world n0": "limit = 4 (was 3)"}),
            ({"window": timedelta(hours=48)}, {"+world n0": "window = 2d (was 0d)"}),
            ({"per_source": 2}, {"+world n0": "per_source = 2 (was unset)", "-world n1": "beyond per_source = 2"}),
            ({"title": "The world"}, {}),
        ],
        ids=["fewer", "more", "window", "per source", "looks"],
    )
    def test_another_shape(self, full, changes, expected):
        found = rehearsed(full, sections={"world": changes})
        assert (steps(found), moves(found)) == ({}, expected)

    def test_what_is_too_old_leaves(self, store):
        sections = (Section(name="world", title="World", limit=20),)
        desk = Desk(store, source("gazette"), sections=sections, first_items=50)
        desk.poll("gazette", *(article(f"n{n}", text=f"Teaser {n}.", published=NOON - n * HOUR) for n in range(12)))
        found = rehearsed(desk, sections={"world": {"max_age": timedelta(hours=2)}})
        assert moves(found) == {f"-world n{n}": "older than max_age = 2h" for n in (10, 11)}

    def test_room_that_others_leave(self, full):
        found = rehearsed(full, sections={"world": {"exclude": Rules(keywords=("report n2",))}})
        assert moves(found) == {"+world n0": "there is room for it"}

    def test_without_the_former_shape_only_what_rules_do(self, full):
        found = rehearsed(full, sections={"world": {"limit": 2}}, against=False)
        assert found.differs is False


class TestTheStore:
    def test_cannot_be_written(self, desk):
        with pytest.raises(StoreError), desk.store.looking() as connection:
            connection.execute(insert(meta).values(key="mine", value="x"))

    def test_can_be_written_afterwards(self, desk):
        bring(desk, "gazette", "a")
        rehearsed(desk)
        bring(desk, "gazette", "b", OTHER)
        assert len(desk.entries()) == 2

    def test_without_articles(self, desk):
        with pytest.raises(StoreError, match="holds no article yet"):
            rehearsed(desk)

    def test_of_another_configuration(self, desk):
        bring(desk, "gazette", "a")
        desk.book = replace(desk.book, sources={"pilot": source("pilot")})
        with pytest.raises(ConfigError, match="none of its sources"):
            rehearsed(desk)

    def test_progress_counts_every_article(self, desk):
        for name in NAMES:
            bring(desk, name, name)
        told = []
        rehearsed(desk, progress=lambda done, at: told.append((done, at)))
        assert (sum(done for done, _ in told), told[-1][1]) == (3, NOON + 2 * HOUR)

    def test_what_is_settled_meanwhile_is_not_seen(self, desk):
        bring(desk, "gazette", "a")
        found = rehearsed(desk, progress=lambda *_: bring(desk, "herald", f"b{desk.now.hour}", OTHER))
        assert (found.articles, found.differs, len(desk.entries())) == (1, False, 2)

    def test_the_window_begins_where_it_says(self, desk):
        for place in range(9):
            bring(desk, "gazette", f"n{place}", f"Teaser {place}.")
        counts = [rehearsed(desk, since=hours * HOUR - 30 * MINUTE).articles for hours in (1, 2, 5, 9, 20)]
        assert counts == [0, 1, 4, 8, 9]
