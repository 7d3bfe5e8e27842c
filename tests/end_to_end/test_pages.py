"""Pages over HTTP, through the whole pipeline: as sources, and asked for the text of what a feed only teases."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from feeds.model import Outcome
from tests.end_to_end.stand import item, ok, rss

PAGES = Path(__file__).parent.parent / "parse" / "pages"
TEXT = [
    "The ferry left at eleven with its band on deck, and the whole town had come down to the quay to see it go.",
    "Nobody knew the tune that they played, but most of those who stood there hummed it on the way home that night.",
]
PAID = (
    '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Ferry sails", '
    '"isAccessibleForFree": false}</script>'
)
CLOSED = ok(b"User-agent: *\nDisallow: /closed\n")


def story(*paragraphs: str, head: str = "") -> bytes:
    body = "".join(f"<p>{one}</p>" for one in paragraphs)
    return (
        f"<!doctype html><html lang='en'><head><title>Ferry sails</title>{head}</head>"
        f"<body><article><h1>Ferry sails</h1>{body}</article></body></html>"
    ).encode()


@pytest.fixture
def site(stand):
    return stand()


# ---------------------------------------------------------------- as sources


def test_a_page_is_a_source(site, desk):
    site.answers = {"/world": ok((PAGES / "wire_semantic.html").read_bytes())}
    desk.configure({"wire": {"url": f"{site.base}/world", "kind": "page"}}, first_age="3650d")
    poll = desk.poll("wire")["wire"]
    assert (poll.outcome, poll.format, poll.new) == (Outcome.FRESH, "page", 2)
    assert desk.titles() == {
        "Türkiye and Indonesia agree to build ferries together",
        "Senators press for answers on the closed icebreaker yard",
    }


def test_the_published_page_of_a_story_lists_its_teasers(site, desk):
    site.answers = {"/world": ok((PAGES / "wire_semantic.html").read_bytes())}
    desk.configure({"wire": {"url": f"{site.base}/world", "kind": "page"}}, first_age="3650d")
    desk.poll("wire")
    printed = [path.read_text("utf-8") for path in desk.public.glob("article/*/*.html")]
    assert [f'href="{site.base}/world/icebreaker-81790"' in one for one in printed if "More news" in one] == [True]


def test_a_list_is_a_source_and_its_articles_are_not_asked(site, desk):
    site.answers = {"/news/": ok((PAGES / "list_bare.html").read_bytes())}
    desk.configure({"wire": {"url": f"{site.base}/news/", "kind": "page"}}, first_age="3650d")
    poll = desk.poll("wire")["wire"]
    assert (poll.format, poll.new, site.asked) == ("list", 4, ["/robots.txt", "/news/"])


def test_the_same_page_again_is_nothing_new(site, desk):
    site.answers = {"/news/": ok((PAGES / "list_bare.html").read_bytes())}
    desk.configure({"wire": {"url": f"{site.base}/news/", "kind": "page"}})
    desk.poll("wire")
    assert desk.poll("wire")["wire"].outcome is Outcome.SAME_BYTES


def test_other_selectors_read_a_page_anew(site, desk):
    cards = "".join(f"<p class=c><u>Short {n}</u> <a href='/{n}'>more</a></p>" for n in range(3))
    site.answers = {"/news/": ok(f"<!doctype html><title>News</title>{cards}".encode())}
    page = {"url": f"{site.base}/news/", "kind": "page"}
    desk.configure({"wire": page}, first_items=9)
    desk.poll("wire")
    text = desk.config_file.read_text("utf-8")
    desk.config_file.write_text(text + 'page = { items = ".c", title = "u" }\n', "utf-8")
    assert (desk.poll("wire")["wire"].format, desk.titles()) == ("list", {"Short 0", "Short 1", "Short 2"})


def test_a_page_without_anything_says_what_to_do(site, desk):
    site.answers = {"/": ok(b"<!doctype html><title>x</title><div id=app></div>")}
    desk.configure({"wire": {"url": f"{site.base}/", "kind": "page"}})
    poll = desk.poll("wire")["wire"]
    assert (poll.outcome, "each a CSS selector" in (poll.error or "")) == (Outcome.NOT_A_FEED, True)


# ---------------------------------------------------------------- full text


@pytest.fixture
def teased(site, desk):
    """A feed of a few lines whose articles lie on the same host; `poll` gives its poll."""

    now = datetime.now(UTC)

    def feed(*numbers: int, **more: str) -> bytes:
        items = (
            item(
                n,
                link=f"{site.base}/story/{n}",
                pubDate=(now - timedelta(hours=24 - n)).strftime("%a, %d %b %Y %H:%M:%S GMT"),
                **more,
            )
            for n in numbers
        )
        return ok(rss("".join(items)))

    def configure(**more: object) -> None:
        desk.configure({"wire": {"url": f"{site.base}/feed", "full_text": True, "content": "full"} | more})

    site.feed, site.configure = feed, configure
    site.poll = lambda: desk.poll("wire")["wire"]
    site.answers = {"/feed": feed(1), "/story/1": ok(story(*TEXT))}
    configure()
    return site


def test_the_text_is_that_of_the_articles_page(teased, desk):
    assert (teased.poll().new, teased.asked) == (1, ["/feed", "/robots.txt", "/story/1"])
    (entry,) = desk.entries()
    assert [one in entry["text"] for one in TEXT] == [True, True]


def test_title_and_address_stay_those_of_the_feed(teased, desk):
    teased.poll()
    (entry,) = desk.entries()
    assert entry["title"] == "Story 1"


def test_without_the_wish_no_page_is_asked(teased):
    teased.configure(full_text=False)
    teased.poll()
    assert teased.asked == ["/feed"]


def test_a_policy_of_summaries_publishes_no_more_than_that(teased, desk):
    teased.configure(content="summary")
    teased.poll()
    (entry,) = desk.entries()
    assert ("told in short" in entry["text"], TEXT[1] in entry["text"]) == (True, False)


def test_a_page_that_robots_txt_closes_is_not_asked(teased, desk):
    teased.answers["/robots.txt"] = ok(b"User-agent: *\nDisallow: /story\n")
    poll = teased.poll()
    assert (poll.outcome, poll.new, teased.asked) == (Outcome.FRESH, 1, ["/feed", "/robots.txt"])
    assert "1 of 1 articles' pages not read" in poll.error and "does not allow /story/1" in poll.error


@pytest.mark.parametrize(
    "answer",
    [
        ok(b"", status="404 Not Found"),
        ok(b"<!doctype html><title>x</title>"),
        ok(b"\x89PNG\r\n\x1a\n\0\0"),
        ok(story(*TEXT), length=90_000),
        lambda conn: None,
    ],
    ids=["404", "empty page", "a picture", "cut off", "hung up"],
)
def test_a_page_that_cannot_be_had_costs_nothing(teased, desk, answer):
    teased.answers["/story/1"] = answer
    poll = teased.poll()
    assert (poll.outcome, poll.new, desk.titles()) == (Outcome.FRESH, 1, {"Story 1"})
    assert f"{teased.base}/story/1: " in poll.error


def test_behind_a_paywall_there_is_no_full_text(teased, desk):
    teased.answers["/story/1"] = ok(story(*TEXT, head=PAID))
    poll = teased.poll()
    (entry,) = desk.entries()
    assert (TEXT[0] in entry["text"], "readers must pay for it" in poll.error) == (False, True)


@pytest.mark.parametrize("name", ["atom.xml", "rss.xml", "feed.json", "article"])
def test_that_readers_must_pay_stands_in_the_credit_line_of_every_output(teased, desk, name):
    teased.answers["/story/1"] = ok(story(*TEXT, head=PAID))
    teased.poll()
    (path,) = desk.public.glob("article/*/*.html") if name == "article" else [desk.public / "news" / name]
    assert "(subscription)" in path.read_text("utf-8")


def test_a_page_as_a_source_says_so_too_and_gives_only_what_is_seen(site, desk):
    data = {"@type": "NewsArticle", "headline": "Ferry sails", "isAccessibleForFree": False, "articleBody": told(1) * 9}
    head = f'<script type="application/ld+json">{json.dumps(data)}</script>'
    site.answers = {"/story": ok(story(*TEXT, head=head))}
    desk.configure({"wire": {"url": f"{site.base}/story", "kind": "page", "content": "full"}})
    desk.poll("wire")
    (entry,) = desk.entries()
    assert ("(subscription)" in entry["text"], TEXT[0] in entry["text"], told(1) in entry["text"]) == (
        True,
        True,
        False,
    )


def test_of_a_source_behind_a_paywall_no_page_is_asked(teased):
    teased.configure(paywall=True)
    teased.poll()
    assert teased.asked == ["/feed"]


def test_only_the_ten_newest_are_asked(teased):
    teased.answers = {"/feed": teased.feed(*range(1, 14)), "*": ok(story(*TEXT))}
    poll = teased.poll()
    asked = sorted((path for path in teased.asked if "story" in path), key=lambda path: int(path.rpartition("/")[2]))
    assert (poll.items, asked) == (13, [f"/story/{n}" for n in range(4, 14)])


@pytest.fixture
def many(teased, desk):
    """Thirteen new stories, each with a page of its own; ten of the pages are asked in the first poll."""
    pages = {f"/story/{n}": ok(story(told(n))) for n in range(1, 14)}
    teased.answers = {"/feed": teased.feed(*range(1, 14))} | pages
    desk.configure(
        {"wire": {"url": f"{teased.base}/feed", "full_text": True, "content": "full"}},
        first_items=50,
        first_age="3650d",
    )
    teased.poll()
    teased.asked.clear()
    return teased


def told(number: int) -> str:
    return " ".join(f"{word}{number}" for word in TEXT[0].split())


def stories(site) -> list[int]:
    return [int(path.rpartition("/")[2]) for path in site.asked if "story" in path]


def full(desk) -> set[str]:
    return {one["title"] for one in desk.entries() if told(int(one["title"].split()[1])) in one["text"]}


def test_the_others_are_asked_by_the_next_poll_though_nothing_is_new(many, desk):
    assert many.poll().outcome is Outcome.SAME_BYTES
    assert stories(many) == [3, 2, 1]
    assert full(desk) == {f"Story {n}" for n in range(1, 14)}


def test_what_is_completed_later_is_no_change(many, desk):
    before = {one["title"]: (one["id"], one["published"], one["updated"]) for one in desk.entries()}
    many.poll()
    assert {one["title"]: (one["id"], one["published"], one["updated"]) for one in desk.entries()} == before


def test_once_all_are_asked_no_more_is(many):
    many.poll()
    many.asked.clear()
    many.poll()
    assert many.asked == ["/feed"]


def test_new_articles_come_before_those_that_wait(many, desk):
    many.answers |= {"/feed": many.feed(*range(4, 25))} | {f"/story/{n}": ok(story(told(n))) for n in range(14, 25)}
    many.poll()
    assert stories(many) == [*range(24, 14, -1)]
    many.poll()
    assert (stories(many)[10:], len(full(desk))) == ([14, 3, 2, 1], 24)


def test_a_failed_poll_forgets_none_of_them(many, desk):
    feed = many.answers.pop("/feed")
    many.poll()
    many.answers["/feed"] = feed
    desk.forget_failures()
    many.poll()
    assert len(full(desk)) == 13


def test_a_page_that_fails_for_the_moment_is_asked_three_times(many):
    many.answers["/story/1"] = ok(b"", status="503 Service Unavailable")
    for _ in range(4):
        many.poll()
    assert many.asked.count("/story/1") == 3


def test_a_page_that_is_not_there_is_asked_once(many):
    many.answers["/story/1"] = ok(b"", status="404 Not Found")
    many.poll()
    many.poll()
    assert many.asked.count("/story/1") == 1


def test_behind_a_paywall_an_article_is_not_completed_later_either(many, desk):
    many.answers["/story/1"] = ok(story(told(1), head=PAID))
    many.poll()
    (entry,) = [one for one in desk.entries() if one["title"] == "Story 1"]
    assert (told(1) in entry["text"], "(subscription)" in entry["text"]) == (False, True)


def test_without_the_wish_those_that_wait_are_forgotten(many):
    many.configure(full_text=False)
    many.poll()
    many.configure()
    many.poll()
    assert many.asked == ["/feed", "/feed"]


def test_what_the_feed_has_changed_meanwhile_is_not_overwritten(many, desk):
    many.answers["/feed"] = many.feed(1, description="word " * 400)
    many.poll()
    (entry,) = [one for one in desk.entries() if one["title"] == "Story 1"]
    assert ("word word" in entry["text"], told(1) in entry["text"]) == (True, False)


def test_a_page_is_asked_once(teased):
    teased.poll()
    teased.answers["/feed"] = teased.feed(1, 2)
    teased.answers["/story/2"] = ok(story("Another story altogether, and a short one it is.", *TEXT))
    teased.poll()
    assert [path for path in teased.asked if "story" in path] == ["/story/1", "/story/2"]


def test_a_host_that_asks_for_less_is_asked_no_further(teased):
    teased.answers |= {"/feed": teased.feed(1, 2, 3)}
    teased.answers["/story/3"] = ok(b"", "Retry-After: 600", status="429 Too Many Requests")
    poll = teased.poll()
    assert (poll.outcome, poll.new, teased.asked[-1]) == (Outcome.FRESH, 3, "/story/3")


def test_an_item_that_is_whole_is_not_asked_for(teased):
    teased.answers["/feed"] = teased.feed(1, description="word " * 400)
    teased.poll()
    assert teased.asked == ["/feed"]


def test_the_body_may_be_chosen(teased, desk):
    text = desk.config_file.read_text("utf-8")
    desk.config_file.write_text(text + 'page = { body = "div.b" }\n', "utf-8")
    body = "<div class=b>Only what stands in here, and it is longer than what the feed says of it by far.</div>"
    teased.answers["/story/1"] = ok(story(*TEXT).replace(b"</article>", body.encode() + b"</article>"))
    teased.poll()
    (entry,) = desk.entries()
    assert ("Only what stands in here" in entry["text"], TEXT[0] in entry["text"]) == (True, False)


def test_where_a_page_redirects_to_a_closed_one_it_is_not_read(teased, desk):
    teased.answers |= {
        "/robots.txt": CLOSED,
        "/story/1": ok(b"", "Location: /closed/1", status="302 Found"),
        "/closed/1": ok(story(*TEXT)),
    }
    assert "does not allow /closed/1" in teased.poll().error
    assert TEXT[0] not in desk.entries()[0]["text"]


def test_a_date_that_the_feed_lacks_is_that_of_the_page(teased, desk):
    teased.answers["/feed"] = ok(rss(item(1, link=f"{teased.base}/story/1")))
    date = (datetime.now(UTC) - timedelta(hours=3)).replace(microsecond=0).isoformat()
    head = f'<meta property="article:published_time" content="{date}">'
    teased.answers["/story/1"] = ok(story(*TEXT, head=head))
    teased.poll()
    assert datetime.fromisoformat(desk.entries()[0]["published"]) == datetime.fromisoformat(date)
