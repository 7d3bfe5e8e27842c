"""A section with `stories = "merge"` in print: one entry for a story, under its first entry's id."""

import json

import pytest

from feeds.model import Rules
from feeds.publish.files import Output
from tests.databases import sqlite_store
from tests.newsroom import HOUR, SPORT, WORLD
from tests.pipeline.printing import Printer, snapshot, stamps
from tests.pipeline.test_grouping import EVENT, SOURCES, tell, told
from tests.values import replace

__all__ = ["sqlite_store"]

MERGED = replace(WORLD, stories="merge")
FIRST, SECOND, THIRD = (
    "Ministers reopen ferry line",
    "Ships will cross the Strait of Tell again",
    "Strand has his ferry",
)


@pytest.fixture
def desk(store, tmp_path):
    return Printer(store, tmp_path / "public", *SOURCES, sections=(MERGED, SPORT))


def items(desk, section="world"):
    return {one["title"]: one for one in json.loads((desk.root / section / "feed.json").read_text())["items"]}


def inside(item):
    return [one["title"] for one in item["_copydesk"].get("story", ())]


def test_one_entry_for_the_story_and_the_others_inside_newest_first(desk):
    tell(desk).publish()
    shown = items(desk)
    assert (inside(shown[FIRST]), {SECOND, THIRD} & shown.keys(), len(shown)) == ([THIRD, SECOND], set(), 7)


def test_it_keeps_its_id_its_address_and_its_dates_when_others_come(desk):
    desk.poll("tribune", told(*EVENT[4]))
    desk.publish()
    (before,) = items(desk).values()
    desk.later(HOUR).poll("ledger", told(*EVENT[5]))
    desk.publish()
    (after,) = items(desk).values()
    kept = ("id", "url", "title", "summary", "date_published", "date_modified")
    assert ([after[k] for k in kept], inside(after)) == ([before[k] for k in kept], [THIRD])


def test_headline_source_link_and_credit_of_the_others(desk):
    for place in (4, 0, 1):
        desk.later(HOUR).poll(EVENT[place][0], told(*EVENT[place]))
    desk.publish()
    (item,) = items(desk).values()
    _, _, told_of = item["content_html"].partition('<div class="copydesk-story">')
    assert [
        FIRST in told_of,
        'href="https://gazette.example/ministers-reopen-ferry-line"' in told_of,
        "gazette" in told_of,
        "Also reported by" in told_of.partition("</div>")[0],
    ] == [True] * 4


def test_atom_and_rss_lead_to_them(desk):
    tell(desk).publish()
    links = [(desk.root / "world" / name).read_text().count(f'title="{THIRD}"') for name in ("atom.xml", "rss.xml")]
    assert links == [1, 1]


def test_what_is_inside_has_a_page_that_names_the_others(desk):
    tell(desk).publish()
    page = desk.page(items(desk)[FIRST]["_copydesk"]["story"][0]["id"]).read_text()
    assert (THIRD in page, FIRST in page, SECOND in page) == (True, True, True)


def test_the_page_of_the_section_lists_them_below_their_first(desk):
    tell(desk).publish()
    page = (desk.root / "world" / "index.html").read_text()
    _, _, after = page.partition(FIRST)
    listed = after.partition("</article>")[0]
    assert (page.count("<h3>"), THIRD in listed, SECOND in listed) == (7, True, True)


@pytest.mark.parametrize(("one", "other", "left"), [(FIRST, THIRD, [SECOND]), (SECOND, THIRD, [SECOND])])
def test_what_a_person_joins_stands_inside_no_more_and_comes_back_when_split(desk, one, other, left):
    tell(desk).publish()
    before = items(desk)
    desk.later(HOUR).join(one, other)
    desk.publish()
    joined = items(desk)[FIRST]
    desk.later(HOUR).split(other)
    desk.publish()
    assert (joined["id"], inside(joined), items(desk).keys(), inside(items(desk)[FIRST])) == (
        before[FIRST]["id"],
        left,
        before.keys(),
        inside(before[FIRST]),
    )


def test_other_sections_show_each_alone(store, tmp_path):
    sport = replace(SPORT, match=Rules(keywords=("ferry", "ships")))
    desk = tell(Printer(store, tmp_path / "public", *SOURCES, sections=(MERGED, sport)))
    desk.publish()
    assert ({FIRST, SECOND, THIRD} <= items(desk, "sport").keys(), inside(items(desk, "sport")[FIRST])) == (True, [])


def test_where_the_first_does_not_stand_the_next_one_shows_it(store, tmp_path):
    elsewhere = [replace(s, sections=("sport",)) if s.name not in ("tribune", "ledger") else s for s in SOURCES]
    desk = tell(Printer(store, tmp_path / "public", *elsewhere, sections=(MERGED, SPORT)))
    desk.publish()
    item = items(desk)[SECOND]
    more = [one["title"] for one in item["_copydesk"]["more_news"]]
    assert (inside(item), more, inside(items(desk, "sport")[FIRST])) == ([THIRD], [FIRST], [])


def test_limit_counts_a_story_once(store, tmp_path):
    desk = tell(Printer(store, tmp_path / "public", *SOURCES, sections=(replace(MERGED, limit=5, window=0 * HOUR),)))
    desk.publish()
    assert (len(items(desk)), inside(items(desk)[FIRST])) == (5, [THIRD, SECOND])


def test_what_comes_when_the_story_left_the_feed_stands_for_itself(store, tmp_path):
    desk = Printer(store, tmp_path / "public", *SOURCES, sections=(replace(MERGED, limit=1, window=HOUR),))
    desk.poll("tribune", told(*EVENT[4]))
    desk.publish()
    desk.later(2 * HOUR).poll("gazette", told("gazette", "Bells may ring early", "A court in Orvel let bells ring."))
    desk.publish()
    desk.later(HOUR / 2).poll("ledger", told(*EVENT[5]))
    desk.publish()
    assert sorted(items(desk)) == ["Bells may ring early", THIRD]


def test_a_section_that_comes_to_merge_takes_nothing_back(desk):
    desk.change(sections=(WORLD, SPORT))
    tell(desk).publish()
    before = items(desk)
    desk.change(sections=(MERGED, SPORT))
    desk.publish()
    after = items(desk)
    stay = {title: [one[key] for key in ("id", "date_published", "date_modified")] for title, one in after.items()}
    assert (before.keys() - after.keys(), stay) == (
        {SECOND, THIRD},
        {t: [before[t][key] for key in ("id", "date_published", "date_modified")] for t in after},
    )


def test_and_leaves_their_pages_as_they_are(desk):
    desk.change(sections=(WORLD, SPORT))
    tell(desk).publish()
    pages = {t: desk.page(items(desk)[t]["id"]) for t in (SECOND, THIRD)}
    before = {title: page.read_bytes() for title, page in pages.items()}
    desk.change(sections=(MERGED, SPORT))
    desk.publish()
    assert {title: page.read_bytes() for title, page in pages.items()} == before


def test_and_back_again_gives_the_same_files(desk):
    desk.change(sections=(WORLD, SPORT))
    tell(desk).publish()
    before = desk.files()
    desk.change(sections=(MERGED, SPORT))
    desk.publish()
    desk.change(sections=(WORLD, SPORT))
    desk.publish()
    assert desk.files() == before


def test_another_headline_of_what_is_inside_follows_and_moves_nothing(desk):
    tell(desk).publish()
    before = items(desk)[FIRST]
    desk.later(HOUR).poll("ledger", replace(told(*EVENT[5]), title="Strand and his ferry", digest=99))
    desk.publish()
    after = items(desk)[FIRST]
    assert (inside(after), after["date_modified"]) == (["Strand and his ferry", SECOND], before["date_modified"])


def test_rendered_again_nothing_changes(desk):
    tell(desk).publish()
    desk.later(HOUR).poll("ledger", told("ledger", "Who pays for the piers", EVENT[5][2][:-90]))
    desk.publish()
    before = stamps(desk.root)
    desk.publish(regenerate=True)
    desk.publish(regenerate=True)
    assert stamps(desk.root) == before


def test_another_output_shows_the_same(desk, tmp_path):
    for name, title, text in EVENT:
        desk.later(HOUR).poll(name, told(name, title, text))
        desk.publish()
    desk.publish(output=Output(tmp_path / "other"), folder="other")
    assert snapshot(tmp_path / "other") == desk.files()


def test_a_section_published_alone_has_the_pages_it_leads_to(desk):
    tell(desk).publish(named=("world",))
    assert all(desk.page(one["id"]).exists() for one in items(desk)[FIRST]["_copydesk"]["story"])


def test_a_private_source_is_named_without_its_address(store, tmp_path):
    secret = replace(SOURCES[5], url="https://user:key@hidden.example/feed", private=True)
    desk = tell(Printer(store, tmp_path / "public", *SOURCES[:5], secret, sections=(MERGED, SPORT)))
    desk.publish()
    found = next(one for one in items(desk)[FIRST]["_copydesk"]["story"] if one["title"] == THIRD)
    assert (found["url"], [p for p, data in desk.files().items() if b"ledger.example" in data]) == (found["page"], [])
