"""Finding the feeds of an address: what is asked, in which order, and what each would give."""

from datetime import UTC, datetime, timedelta

import pytest

from feeds.errors import FetchError, ParseError
from feeds.model import Hop, Outcome, Response
from feeds.pipeline.discovery import MOST, Failure, Found, Offer, Search
from tests.end_to_end.stand import item, rss
from tests.newsroom import NOON
from tests.values import replace

SITE = "https://post.example"
GONE = "the server answered 404"


class Web:
    """Answers by URL, and what was asked."""

    def __init__(self, answers):
        self.answers, self.requests = answers, []

    @property
    def asked(self):
        return [request.url.removeprefix(SITE) for request in self.requests]

    def ask(self, requests):
        for request in requests:
            self.requests.append(request)
            yield request, self._answer(request.url)

    def _answer(self, url, hops=()):
        said = self.answers.get(url.removeprefix(SITE), 404)
        if isinstance(said, FetchError):
            return said
        if isinstance(said, tuple):  # a redirect
            status, target = said
            return self._answer(target, (*hops, Hop(url=url, status=status, target=target)))
        status, body = (said, b"") if isinstance(said, int) else (200, said)
        return Response(url=url, status=status, headers={}, body=body, fetched_at=NOON, elapsed=timedelta(0), hops=hops)


def page(*feeds, body=""):
    links = "".join(f'<link rel="alternate" type="application/rss+xml" href="{path}">' for path in feeds)
    return f"<!doctype html><html><head>{links}</head><body>{body}".encode()


def feed(*numbers, title="The Post"):
    return rss("".join(item(n, pubDate=f"Thu, 0{n} Jan 2026 09:00:00 GMT") for n in numbers), title)


def search(answers, typed=f"{SITE}/"):
    web = Web(answers)
    return web, Search(web.ask, NOON, timedelta(seconds=5)).find(typed)


def found(answers, typed=f"{SITE}/"):
    web, result = search(answers, typed)
    return web.asked, [offer.url.removeprefix(SITE) for offer in result.offers]


def test_what_a_feed_would_give():
    _, result = search({"/rss": feed(2, 1)}, f"{SITE}/rss")
    (offer,) = result.offers
    assert (offer.title, offer.format, offer.items, offer.newest, offer.titles, offer.home, result.page) == (
        "The Post",
        "rss20",
        2,
        datetime(2026, 1, 2, 9, tzinfo=UTC),
        ("Story 2", "Story 1"),
        "https://stand.example/",
        None,
    )


def test_dates_that_are_only_ours_are_no_dates():
    _, result = search({"/rss": rss(item(1))}, f"{SITE}/rss")
    assert result.offers[0].newest is None


def test_a_feed_is_asked_for_once():
    assert found({"/rss": feed(1)}, f"{SITE}/rss") == (["/rss"], ["/rss"])


def test_a_page_says_where_its_feeds_are():
    assert found({"/": page("/a", "/b"), "/a": feed(1), "/b": feed(2)}) == (["/", "/a", "/b"], ["/a", "/b"])


def test_a_declared_feed_that_fails_is_told_of():
    _, result = search({"/": page("/a", "/b"), "/a": feed(1)})
    assert [(one.url, one.reason) for one in result.failures] == [(f"{SITE}/b", GONE)]


def test_links_are_asked_beside_what_is_declared():
    answers = {"/": page("/a", body='<a href="/b.rss">b</a>'), "/a": feed(1), "/b.rss": feed(2)}
    assert found(answers) == (["/", "/a", "/b.rss"], ["/a", "/b.rss"])


def test_a_link_to_a_list_of_feeds_is_followed_once():
    answers = {"/": page(body='<a href="/feeds/">RSS</a>'), "/feeds/": page(body='<a href="/b.rss">b</a>')}
    assert found(answers | {"/b.rss": feed(2)}) == (["/", "/feeds/", "/b.rss"], ["/b.rss"])


def test_the_usual_addresses_are_tried_only_when_nothing_was_found_and_until_one_is_a_feed():
    assert found({"/": page(), "/rss.xml": feed(1)}) == (["/", "/feed", "/rss", "/rss.xml"], ["/rss.xml"])


def test_the_front_page_is_looked_at_before_them():
    answers = {"/a/b.html": page(), "/": page("/x"), "/x": feed(1)}
    assert found(answers, f"{SITE}/a/b.html") == (["/a/b.html", "/", "/x"], ["/x"])


def test_where_nothing_is_it_asked_a_few_places():
    asked, offers = found({"/": page()})
    assert (len(asked), asked[-1], offers) == (9, "/robots.txt", [])


def test_sitemaps_that_robots_txt_names_come_last():
    robots = b"".join(b"Sitemap: https://post.example/%d.xml\n" % n for n in range(9))
    asked, offers = found({"/": page(), "/robots.txt": robots, "/1.xml": feed(1)})
    assert (asked[-3:], offers) == (["/0.xml", "/1.xml", "/2.xml"], ["/1.xml"])


def led(answers, leads):
    """A look at an index with these leads; it is a feed without items, for no reader gives any yet."""
    web = Web({"/index.xml": feed(), **answers})
    look = Search(web.ask, NOON, timedelta(seconds=5))
    (index,) = look.find(f"{SITE}/index.xml").offers
    index = replace(index, leads=tuple(f"{SITE}{lead}" for lead in leads))
    return [(one.url, one.items) for one in look._led(Found(offers=(index,)), SITE).offers]


def test_an_index_shows_what_its_first_leads_give():
    assert led({"/a": page(), "/b": feed(2, 1)}, ["/a", "/b", "/c"]) == [(f"{SITE}/index.xml", 2)]


def test_an_index_that_leads_nowhere_is_no_feed():
    assert led({"/a": page(), "/c": feed(1)}, ["/a", "/b", "/c"]) == []


def test_no_more_than_so_many_links_are_asked():
    links = "".join(f'<a href="/{n}.rss">x</a>' for n in range(50))
    web, result = search({"/": page(body=links), "/0.rss": feed(1)})
    assert (len(web.asked), result.untried) == (MOST, 50 - MOST + 1)


def test_the_same_items_in_another_format_are_marked():
    _, result = search({"/": page("/a", "/b", "/c"), "/a": feed(2, 1), "/b": feed(1, 2, title="B"), "/c": feed(3)})
    assert [(one.same_as, one.main) for one in result.offers] == [(None, True), (0, False), (None, True)]


def test_feeds_without_items_are_not_the_same():
    _, result = search({"/": page("/a", "/b"), "/a": feed(), "/b": feed()})
    assert [one.same_as for one in result.offers] == [None, None]


def test_comments_are_no_main_feed():
    _, result = search({"/": page("/comments/feed", "/a"), "/a": feed(1), "/comments/feed": feed(2)})
    assert [(one.url, one.main) for one in result.offers] == [(f"{SITE}/a", True), (f"{SITE}/comments/feed", False)]


# ---------------------------------------------------------------- where it moved


@pytest.mark.parametrize(("status", "url"), [(301, "/b"), (308, "/b"), (302, "/a"), (307, "/a")])
def test_a_feed_that_moved_for_good_is_taken_where_it_is(status, url):
    _, result = search({"/a": (status, f"{SITE}/b"), "/b": feed(1)}, f"{SITE}/a")
    assert (result.offers[0].url, result.offers[0].places) == (f"{SITE}{url}", (f"{SITE}/a", f"{SITE}/b"))


def test_where_a_feed_moved_to_names_no_variable_of_ours():
    target = "https://cdn.example/?${HOME}"
    _, result = search({"/a": (301, target), target: feed(1)}, f"{SITE}/a")
    assert result.offers[0].url == "https://cdn.example/?%24%7BHOME}"


def test_links_are_relative_to_where_the_page_was_found():
    answers = {"/": (302, "https://www.post.example/tr/"), "https://www.post.example/tr/": page("rss")}
    answers["https://www.post.example/tr/rss"] = feed(1)
    assert found(answers)[1] == ["https://www.post.example/tr/rss"]


def test_the_user_who_was_typed_goes_to_the_same_origin_only():
    answers = {"https://ann:word@post.example/": page("/a", "https://cdn.example/b")}
    answers |= {"https://ann:word@post.example/a": feed(1), "https://cdn.example/b": feed(2)}
    typed = "https://ann:word@post.example/"
    # The door takes the user out of the address of the answer.
    answers[typed] = answers[typed].replace(b'href="/a"', b'href="https://post.example/a"')
    _, result = search(answers, typed)
    assert [one.url for one in result.offers] == ["https://ann:word@post.example/a", "https://cdn.example/b"]


# ---------------------------------------------------------------- who may be private


def test_only_the_host_and_port_that_was_typed_may_be_private():
    typed = "http://127.0.0.1:81/"
    web, _ = search({typed: page("/a", "http://127.0.0.1:82/b", "http://10.0.0.1/c")}, typed)
    assert {request.url: request.private for request in web.requests[:4]} == {
        typed: True,
        "http://127.0.0.1:81/a": True,
        "http://127.0.0.1:82/b": False,
        "http://10.0.0.1/c": False,
    }


def test_none_of_many_may_be_private():
    web = Web({"/a": feed(1)})
    dict(Search(web.ask, NOON, timedelta(seconds=5)).check({f"{SITE}/a": "auto"}))
    assert [request.private for request in web.requests] == [False]


def test_an_address_that_a_page_gives_names_no_variable_of_ours():
    web, _ = search({"/": page("/?${HOME}")})
    assert web.asked[1] == "/?%24%7BHOME}"


# ---------------------------------------------------------------- what fails


@pytest.mark.parametrize(
    ("answer", "error", "kind"),
    [
        (404, FetchError, "http error"),
        (410, FetchError, "gone"),
        (FetchError(Outcome.TIMEOUT, "late"), FetchError, "timeout"),
        (b"", ParseError, "empty"),
        (b"<opml><body/></opml>", ParseError, "not a feed"),
    ],
)
def test_an_address_that_gives_nothing(answer, error, kind):
    with pytest.raises(error) as caught:
        search({"/": answer})
    assert caught.value.kind == kind


def test_of_many_that_are_pages_none_is_kept():
    web = Web({f"/{n}": page() for n in range(5)})
    look = Search(web.ask, NOON, timedelta(seconds=5))
    dict(look.check({f"{SITE}/{n}": "auto" for n in range(5)}))
    assert look._pages == []


def test_many_are_checked():
    web = Web({"/a": feed(1), "/b": page("/c"), "/d": FetchError(Outcome.UNREACHABLE, "nobody")})
    urls = [f"{SITE}/{path}" for path in "abd"]
    answers = dict(Search(web.ask, NOON, timedelta(seconds=5)).check(dict.fromkeys(urls, "auto")))
    assert [(type(answers[url]), answers[url].kind) for url in urls] == [
        (Offer, "auto"),
        (Failure, "not a feed"),
        (Failure, "unreachable"),
    ]
