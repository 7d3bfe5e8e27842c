"""Articles that a feed carries along under "More news", through the whole pipeline."""

import pytest

from tests.cli.calling import call
from tests.end_to_end.stand import item, ok, rss

TEXT = "The ferry left at eleven with its band on deck, and the whole town had come down to the quay to see it go. " * 3
OTHER = "the yard that built icebreakers for a century opens again, and its old crews were asked to come back at once."
HEADLINE = "Yard opens again for the winter"


def carrying(text=TEXT, link=None):
    headline = f'<a href="{link}">{HEADLINE}</a>' if link else HEADLINE
    body = f"<p>{text}</p><h3>More news</h3><h4>{headline}</h4><p>Oslo [Norway], January 9: {OTHER.capitalize()}</p>"
    return item(1, **{"content:encoded": f"<![CDATA[{body}]]>"})


@pytest.fixture
def feed(stand, desk):
    desk.host = stand({"/feed": ok(rss(carrying()))})
    desk.configure({"wire": {"url": f"{desk.host.base}/feed", "content": "full"}}, first_items=9)
    desk.poll("wire")
    return desk


def test_they_are_entries_of_their_own(feed):
    entries = {one["title"]: one["text"] for one in feed.entries()}
    assert set(entries) == {"Story 1", HEADLINE}
    assert ("icebreakers" in entries["Story 1"], "icebreakers" in entries[HEADLINE]) == (False, True)


def test_a_change_of_the_article_that_carries_them_brings_them_no_second_time(feed):
    feed.host.answers["/feed"] = ok(rss(carrying(TEXT + "It came back at night.")))
    poll = feed.poll("wire")["wire"]
    assert (poll.new, poll.changed, feed.articles()) == (0, 1, 2)


def test_an_item_of_the_feed_itself_is_no_teaser(stand, desk):
    own = item(2, title=HEADLINE, **{"content:encoded": f"<![CDATA[<p>{TEXT}</p>]]>"})
    host = stand({"/feed": ok(rss(carrying(link="https://stand.example/2") + own))})
    desk.configure({"wire": {"url": f"{host.base}/feed", "content": "full"}}, first_items=9)
    desk.poll("wire")
    assert {one["title"]: "band on deck" in one["text"] for one in desk.entries()} == {"Story 1": True, HEADLINE: True}


def test_an_article_that_is_known_is_not_cut_down_to_a_teaser(stand, desk):
    own = item(2, title=HEADLINE, **{"content:encoded": f"<![CDATA[<p>{TEXT}</p>]]>"})
    host = stand({"/feed": ok(rss(own))})
    desk.configure({"wire": {"url": f"{host.base}/feed", "content": "full"}}, first_items=9)
    desk.poll("wire")
    host.answers["/feed"] = ok(rss(carrying(link="https://stand.example/2")))
    desk.poll("wire")
    assert {one["title"]: "band on deck" in one["text"] for one in desk.entries()} == {"Story 1": True, HEADLINE: True}


def test_inspect_shows_them(tmp_path):
    path = tmp_path / "feed.xml"
    path.write_bytes(rss(carrying()))
    first, second = call("inspect", path, "--json").json["articles"]
    assert (second["title"], second["dateline"]) == (
        HEADLINE,
        {"place": "Oslo", "country": "Norway", "date": "January 9"},
    )
    assert first["related"] == [{"url": None, "title": HEADLINE}]
