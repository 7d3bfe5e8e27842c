"""What once came stays, under its own name, whatever sources say later of themselves or of others."""

import itertools

import pytest
from lxml import etree

from tests.end_to_end.stand import item, ok, rss

VICTIM = {"title": "Council votes for the harbour", "link": "https://victim.example/vote", "guid": "victim-1"}
TRUE = "The council voted for the new harbour on Monday after a debate of six hours, the clerk of the town said."
FALSE = "The council was bought, says a text that nobody but its forger has seen, and the harbour will never be."


@pytest.fixture
def stands(stand):
    """A source, and another that copies its guid, link and title over a text of its own."""
    said = {"thief": (FALSE, "Thief"), "victim": (TRUE, "Victim")}
    return {name: stand({"/feed": ok(rss(item(1, **VICTIM, description=t), by))}) for name, (t, by) in said.items()}


@pytest.fixture
def pair(stands, desk):
    desk.configure({name: {"url": f"{one.base}/feed"} for name, one in stands.items()})
    return desk


@pytest.mark.parametrize("order", [["victim", "thief"], ["thief", "victim"]], ids=" then ".join)
def test_nobody_takes_the_place_of_another(pair, order):
    for name in order:
        pair.poll(name)
    shown = [(entry["author"], TRUE in entry["text"], FALSE in entry["text"]) for entry in pair.entries()]
    assert sorted(shown) == [("Thief", False, True), ("Victim", True, False)]


@pytest.mark.parametrize("order", [["victim", "thief"], ["thief", "victim"]], ids=" then ".join)
def test_the_id_of_the_first_does_not_move(pair, order):
    pair.poll(order[0])
    before = {entry["id"] for entry in pair.entries()}
    pair.poll(order[1])
    assert before < {entry["id"] for entry in pair.entries()}


def test_both_at_once_are_shown(pair):
    pair.poll()
    assert sorted(entry["author"] for entry in pair.entries()) == ["Thief", "Victim"]


def test_what_the_thief_says_later_changes_nothing_of_the_victim(pair, stands):
    pair.poll()
    before = [entry for entry in pair.entries() if entry["author"] == "Victim"]
    stands["thief"].answers["/feed"] = ok(rss(item(1, **VICTIM, description=FALSE * 2), "Thief"))
    poll = pair.poll("thief")["thief"]
    assert (poll.changed, [entry for entry in pair.entries() if entry["author"] == "Victim"]) == (1, before)


def _numbers(first: int, last: int) -> bytes:
    return ok(rss("".join(item(n) for n in range(last, first - 1, -1))))


def test_absence_is_never_deletion(stand, desk):
    host = stand({"/feed": _numbers(1, 5)})
    desk.configure({"one": {"url": f"{host.base}/feed"}})
    desk.poll()
    host.answers["/feed"] = _numbers(4, 8)
    desk.poll("one")
    assert (desk.articles(), desk.titles()) == (8, {f"Story {n}" for n in range(1, 9)})


def test_an_empty_feed_deletes_nothing(stand, desk):
    host = stand({"/feed": _numbers(1, 5)})
    desk.configure({"one": {"url": f"{host.base}/feed"}})
    desk.poll()
    host.answers["/feed"] = ok(rss(""))
    desk.poll("one")
    assert desk.titles() == {f"Story {n}" for n in range(1, 6)}


def test_what_comes_back_is_no_news(stand, desk):
    host = stand({"/feed": _numbers(1, 5)})
    desk.configure({"one": {"url": f"{host.base}/feed"}})
    desk.poll()
    before = desk.entries()
    for answer in (_numbers(6, 7), _numbers(1, 5)):
        host.answers["/feed"] = answer
        poll = desk.poll("one")["one"]
    assert (poll.new, poll.changed, [e for e in desk.entries() if e in before]) == (0, 0, before)


def test_a_renamed_source_keeps_its_history(stand, desk):
    host = stand({"/feed": _numbers(1, 5)})
    desk.configure({"old-name": {"url": f"{host.base}/feed"}})
    desk.poll()
    before = desk.entries()
    desk.configure({"new-name": {"url": f"{host.base}/feed", "formerly": ["old-name"]}})
    host.answers["/feed"] = _numbers(1, 6)
    poll = desk.poll("new-name")["new-name"]
    old = [e for e in desk.entries() if e["title"] != "Story 6"]
    assert (poll.new, sorted(old, key=str)) == (1, sorted(before, key=str))


def feeds(desk):
    return [(desk.public / "news" / name).read_bytes() for name in ("atom.xml", "rss.xml")]


def test_a_rename_changes_no_byte_of_what_subscribers_have(stand, desk):
    host = stand({"/feed": _numbers(1, 5)})
    names = ("first-name", "second-name", "third-name", "first-name")
    desk.configure({names[0]: {"url": f"{host.base}/feed"}})
    desk.poll()
    before, after = feeds(desk), []
    for old, new in itertools.pairwise(names):
        desk.configure({new: {"url": f"{host.base}/feed", "formerly": [old]}})
        desk.poll(new)
        after.append(feeds(desk))
    assert after == [before] * 3


def test_a_new_source_under_an_old_name_is_another_one(stand, desk):
    host = stand({"/feed": _numbers(1, 5), "/other": _numbers(6, 7)})
    moved = {"url": f"{host.base}/feed"}
    desk.configure({"old-name": moved})
    desk.poll()
    desk.configure({"new-name": moved | {"formerly": ["old-name"]}})
    desk.poll()
    (before,) = set(sources(desk))
    desk.configure({"new-name": moved, "old-name": {"url": f"{host.base}/other"}})
    desk.poll()
    assert (before in set(sources(desk)), len(set(sources(desk)))) == (True, 2)


def sources(desk):
    """What the section's Atom feed calls the source of each entry."""
    return etree.parse(desk.public / "news" / "atom.xml").xpath(
        "//a:source/a:id/text()", namespaces={"a": "http://www.w3.org/2005/Atom"}
    )


def test_a_source_that_was_removed_is_not_asked_and_its_articles_stay(stand, desk):
    gone, kept = stand({"/feed": _numbers(1, 5)}), stand({"/feed": _numbers(6, 7)})
    desk.configure({"gone": {"url": f"{gone.base}/feed"}, "kept": {"url": f"{kept.base}/feed"}})
    desk.poll()
    desk.configure({"kept": {"url": f"{kept.base}/feed"}})
    kept.answers["/feed"] = _numbers(6, 8)
    desk.poll("kept")
    desk.poll()
    assert (gone.asked, desk.titles()) == (["/feed"], {f"Story {n}" for n in range(1, 9)})


def test_a_source_that_comes_back_brings_nothing_twice(stand, desk):
    host, other = stand({"/feed": _numbers(1, 5)}), stand({"/feed": ok(rss(""))})
    both = {"one": {"url": f"{host.base}/feed"}, "other": {"url": f"{other.base}/feed"}}
    desk.configure(both)
    desk.poll()
    desk.configure({"other": both["other"]})
    desk.poll("other")
    desk.configure(both)
    poll = desk.poll("one")["one"]
    assert (poll.new, desk.articles()) == (0, 5)
