"""Whose turn it is among the documents that an index names."""

from datetime import datetime, timedelta

import pytest

from feeds.model import DocumentState
from feeds.pipeline.sitemaps import KEPT, MOST, REMEMBERED, Lead, chosen, leads, remembered, replaced
from tests.newsroom import MINUTE, NOON

INDEX = "https://karsa.example/index.xml"


def lead(url: str, changed: datetime | None = None) -> Lead:
    return Lead(url, 1, INDEX, changed)


def known(url: str, asked: datetime | None = NOON, listed: int = 1, follow: tuple[str, ...] = ()) -> DocumentState:
    return DocumentState(url=url, asked=asked, listed=frozenset(range(listed)), follow=follow)


def polled(names: list[str], states: dict[str, DocumentState], now: datetime, changed: dict[str, datetime]) -> set[str]:
    """One poll of an index: what it asks, noted in `states`."""
    waiting = [lead(name, changed.get(name)) for name in names]
    asked = set()
    for turn in range(MOST):
        one = chosen(turn, waiting, states)
        waiting.remove(one)
        asked.add(one.url)
        states[one.url] = known(one.url, now)
    return asked


@pytest.mark.parametrize("dates", ["none", "all move", "the first ten move", "all in the future"])
def test_over_some_polls_every_sitemap_of_fifty_has_its_turn(dates: str) -> None:
    names = [f"/{n}.xml" for n in range(50)]
    states: dict[str, DocumentState] = {}
    reached: set[str] = set()
    for poll in range(50):
        now = NOON + poll * 30 * MINUTE
        moving = {"none": [], "the first ten move": names[:10]}.get(dates, names)
        date = NOON + timedelta(days=400) if dates == "all in the future" else now - MINUTE
        asked = polled(names, states, now, dict.fromkeys(moving, date))
        assert {"/0.xml", "/1.xml"} <= asked
        reached |= asked
    assert reached == set(names)


def test_what_changed_does_not_wait_long() -> None:
    names = [f"/{n}.xml" for n in range(50)]
    states = {name: known(name, NOON - n * MINUTE) for n, name in enumerate(names)}
    assert {"/7.xml", "/9.xml"} <= polled(names, states, NOON + MINUTE, {"/7.xml": NOON, "/9.xml": NOON})


def test_what_had_nothing_for_us_gives_its_place_away() -> None:
    states = {
        "/pages.xml": known("/pages.xml", listed=0),
        "/more.xml": known("/more.xml", listed=0, follow=("/x.xml",)),
    }
    waiting = [lead(name) for name in ("/pages.xml", "/more.xml", "/news.xml")]
    assert chosen(0, waiting, states).url == "/more.xml"


def test_of_few_all_are_asked_in_their_order() -> None:
    states: dict[str, DocumentState] = {}
    waiting, order = [lead("/a.xml"), lead("/b.xml"), lead("/c.xml")], []
    for turn in range(3):
        order.append(chosen(turn, waiting, states))
        waiting.remove(order[-1])
    assert [one.url for one in order] == ["/a.xml", "/b.xml", "/c.xml"]


def test_what_an_index_below_named_last_time_has_its_turn_without_it() -> None:
    states = {"/sub.xml": known("/sub.xml", follow=("/x.xml",)), "/x.xml": known("/x.xml", follow=("/deep.xml",))}
    named = list(leads(["/a.xml", "/sub.xml"], {"/a.xml": NOON}, INDEX, 1, states))
    assert named == [
        Lead("/a.xml", 1, INDEX, NOON),
        Lead("/sub.xml", 1, INDEX, None),
        Lead("/x.xml", 2, "/sub.xml", None),
    ]


def test_what_it_names_now_takes_the_place_of_that() -> None:
    sub = Lead("/sub.xml", 1, INDEX, None)
    named = [lead("/a.xml"), sub, Lead("/old.xml", 2, "/sub.xml", None), lead("/b.xml")]
    new = [Lead("/new.xml", 2, "/sub.xml", None)]
    assert list(replaced(named, sub, new)) == [lead("/a.xml"), sub, *new, lead("/b.xml")]


def test_what_is_no_longer_named_is_forgotten() -> None:
    assert remembered({"/a.xml": known("/a.xml"), "/b.xml": known("/b.xml")}, [lead("/b.xml")]) == [known("/b.xml")]


def test_the_memory_is_bounded_in_documents_and_digests() -> None:
    each = REMEMBERED // 8
    states = {f"/{n}.xml": known(f"/{n}.xml", NOON + n * MINUTE, each) for n in range(KEPT + 10)}
    kept = remembered(states, map(lead, states))
    assert (len(kept), kept[0].url, sum(len(one.listed) for one in kept)) == (KEPT, "/10.xml", 8 * each)
    assert [one.asked for one in kept] == [NOON + n * MINUTE for n in range(10, KEPT + 10)]
