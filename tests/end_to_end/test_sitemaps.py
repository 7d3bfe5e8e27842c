"""Sitemaps over HTTP, through the whole pipeline: what leads on, what fails on the way, what is asked again."""

import gzip
import time
from datetime import UTC, datetime, timedelta

import pytest

from feeds.model import Outcome
from tests.end_to_end.stand import item, ok, rss

HOUR = timedelta(hours=1)
NOT_MODIFIED = b"HTTP/1.1 304 Not Modified\r\nConnection: close\r\n\r\n"
BROKEN = ok(b"", status="500 Internal Server Error")


def news(*names: str, hours: float = 1) -> bytes:
    """A news sitemap; every article has the same age."""
    date = (datetime.now(UTC) - hours * HOUR).isoformat(timespec="seconds")
    entries = "".join(
        f"<url><loc>https://karsa.example/{name}</loc><news:news>"
        f"<news:publication><news:name>The Karsa Times</news:name><news:language>en</news:language></news:publication>"
        f"<news:publication_date>{date}</news:publication_date>"
        f"<news:title>{name}</news:title></news:news></url>"
        for name in names
    )
    return (
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
        f'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">{entries}</urlset>'
    ).encode()


def index(*locations: str) -> bytes:
    entries = "".join(f"<sitemap><loc>{one}</loc></sitemap>" for one in locations)
    return f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</sitemapindex>'.encode()


@pytest.fixture
def site(stand, desk):
    """A host whose sitemap index is the only source; `poll` gives its poll."""
    made = stand()
    desk.configure({"times": {"url": f"{made.base}/index.xml"}}, first_items=500, deadline="2s")
    made.poll = lambda: desk.poll("times")["times"]
    return made


def test_a_news_sitemap_is_a_source(site, desk):
    site.answers = {"/index.xml": ok(news("Ferry sails", "Bells ring"))}
    poll = site.poll()
    assert (poll.outcome, poll.format, poll.items, poll.new) == (Outcome.FRESH, "sitemap-news", 2, 2)
    assert desk.titles() == {"Ferry sails", "Bells ring"}
    assert {entry["author"] for entry in desk.entries()} == {"The Karsa Times"}


def test_an_index_leads_to_its_sitemaps(site, desk):
    site.answers = {
        "/index.xml": ok(index("/news-1.xml", "/news-2.xml")),
        "/news-1.xml": ok(news("Ferry sails")),
        "/news-2.xml": ok(news("Bells ring")),
    }
    poll = site.poll()
    assert (poll.outcome, poll.items, poll.new, poll.error) == (Outcome.FRESH, 2, 2, None)
    assert desk.titles() == {"Ferry sails", "Bells ring"}
    assert site.asked == ["/index.xml", "/news-1.xml", "/news-2.xml"]


def test_a_packed_sitemap_is_unpacked(site, desk):
    site.answers = {
        "/index.xml": ok(gzip.compress(index("/news.xml.gz")), "Content-Type: application/gzip"),
        "/news.xml.gz": ok(gzip.compress(news("Ferry sails")), "Content-Type: application/octet-stream"),
    }
    assert (site.poll().new, desk.titles()) == (1, {"Ferry sails"})


def test_a_packed_bomb_costs_itself_only(site, desk):
    site.answers = {
        "/index.xml": ok(index("/bomb-news.xml.gz", "/news.xml")),
        "/bomb-news.xml.gz": ok(gzip.compress(b"<urlset>" + b" " * 40_000_000)),
        "/news.xml": ok(news("Ferry sails")),
    }
    poll = site.poll()
    assert (poll.outcome, poll.new) == (Outcome.FRESH, 1)
    assert "1 of 2 sitemaps not read" in poll.error and "16 MiB when decoded" in poll.error


def test_the_second_poll_asks_each_on_its_own_conditions(site, desk):
    site.answers = {
        "/index.xml": ok(index("/news-1.xml", "/news-2.xml"), 'ETag: "index"'),
        "/news-1.xml": ok(news("Ferry sails"), 'ETag: "one"'),
        "/news-2.xml": ok(news("Bells ring"), "Last-Modified: Thu, 08 Jan 2026 10:00:00 GMT"),
    }
    site.poll()
    site.answers |= dict.fromkeys(("/index.xml", "/news-1.xml"), NOT_MODIFIED)
    site.answers["/news-2.xml"] = ok(news("Bells ring", "Court rules"))
    poll = site.poll()
    assert (poll.outcome, poll.items, poll.new) == (Outcome.FRESH, 3, 1)
    assert 'if-none-match: "index"' in site.heads["/index.xml"]
    assert 'if-none-match: "one"' in site.heads["/news-1.xml"]
    assert "if-modified-since: thu, 08 jan 2026 10:00:00 gmt" in site.heads["/news-2.xml"]
    site.answers["/news-2.xml"] = NOT_MODIFIED
    assert (site.poll().outcome, desk.articles()) == (Outcome.NOT_MODIFIED, 3)


def test_an_index_that_did_not_change_vouches_for_no_sitemap(site, desk):
    site.answers = {"/index.xml": ok(index("/news.xml"), 'ETag: "same"'), "/news.xml": ok(news("Ferry sails"))}
    site.poll()
    site.answers = {"/index.xml": NOT_MODIFIED, "/news.xml": ok(news("Bells ring"))}
    assert (site.poll().new, desk.titles()) == (1, {"Ferry sails", "Bells ring"})


def test_the_same_again_is_nothing_new(site, desk):
    site.answers = {"/index.xml": ok(index("/news.xml")), "/news.xml": ok(news("Ferry sails"))}
    site.poll()
    poll = site.poll()
    assert (poll.outcome, poll.items, poll.new, poll.changed) == (Outcome.SAME_BYTES, 1, 0, 0)


def test_the_same_article_in_two_sitemaps_is_one(site, desk):
    body = ok(news("Ferry sails"))
    site.answers = {"/index.xml": ok(index("/a.xml", "/b.xml")), "/a.xml": body, "/b.xml": body}
    poll = site.poll()
    assert (poll.items, poll.new, desk.articles()) == (1, 1, 1)


def test_a_sitemap_that_fails_is_said_and_made_good_later(site, desk):
    site.answers = {
        "/index.xml": ok(index("/news-1.xml", "/news-2.xml"), 'ETag: "index"'),
        "/news-1.xml": ok(news("Ferry sails"), 'ETag: "one"'),
        "/news-2.xml": BROKEN,
    }
    poll = site.poll()
    assert (poll.outcome, poll.new) == (Outcome.FRESH, 1)
    assert poll.error == f"1 of 2 sitemaps not read; {site.base}/news-2.xml: the server answered 500"
    site.answers = {"/index.xml": NOT_MODIFIED, "/news-1.xml": NOT_MODIFIED, "/news-2.xml": ok(news("Bells ring"))}
    poll = site.poll()
    assert (poll.outcome, poll.new, poll.error) == (Outcome.FRESH, 1, None)
    assert desk.titles() == {"Ferry sails", "Bells ring"}


@pytest.mark.parametrize(
    "answer",
    [ok(news("Bells ring"), length=5000), lambda conn: None, lambda conn: time.sleep(4)],
    ids=["cut off", "hung up", "silent"],
)
def test_a_sitemap_that_dies_on_the_way_costs_itself_only(site, desk, answer):
    site.answers = {
        "/index.xml": ok(index("/news-1.xml", "/news-2.xml")),
        "/news-1.xml": answer,
        "/news-2.xml": ok(news("Ferry sails")),
    }
    poll = site.poll()
    assert (poll.outcome, poll.new) == (Outcome.FRESH, 1)
    assert f"{site.base}/news-1.xml" in poll.error


def test_what_a_failed_sitemap_listed_is_not_taken_for_new_again(site, desk):
    site.answers = {
        "/index.xml": ok(index("/news-1.xml", "/news-2.xml")),
        "/news-1.xml": ok(news("Ferry sails")),
        "/news-2.xml": ok(news("Bells ring")),
    }
    site.poll()
    whole = site.answers["/news-2.xml"]
    site.answers |= {"/news-1.xml": ok(news("Court rules")), "/news-2.xml": BROKEN}
    assert site.poll().items == 2
    site.answers["/news-2.xml"] = whole
    poll = site.poll()
    assert (poll.new, poll.changed, desk.articles()) == (0, 0, 3)


def test_when_every_sitemap_fails_so_does_the_poll(site):
    site.answers = {"/index.xml": ok(index("/news-1.xml", "/news-2.xml")), "*": BROKEN}
    poll = site.poll()
    assert (poll.outcome, poll.error) == (
        Outcome.HTTP_ERROR,
        f"{site.base}/news-1.xml: the server answered 500",
    )


def test_a_sitemap_that_is_gone_does_not_end_the_source(site):
    site.answers = {"/index.xml": ok(index("/news.xml")), "/news.xml": ok(b"", status="410 Gone")}
    poll = site.poll()
    assert (poll.outcome, poll.error) == (Outcome.HTTP_ERROR, f"{site.base}/news.xml: the server answered 410")


def test_an_index_of_indexes_is_followed_two_deep_and_no_deeper(site, desk):
    site.answers = {
        "/index.xml": ok(index("/a.xml")),
        "/a.xml": ok(index("/b.xml", "/news.xml")),
        "/b.xml": ok(index("/c.xml")),
        "/c.xml": ok(news("Too deep")),
        "/news.xml": ok(news("Ferry sails")),
    }
    site.poll()
    assert (desk.titles(), "/c.xml" in site.asked) == ({"Ferry sails"}, False)


def test_an_index_that_names_itself_ends(site):
    site.answers = {"/index.xml": ok(index("/index.xml", "/other.xml")), "/other.xml": ok(index("/index.xml"))}
    poll = site.poll()
    assert (poll.outcome, poll.items, site.asked) == (Outcome.FRESH, 0, ["/index.xml", "/other.xml"])


def test_indexes_without_end_are_asked_a_bounded_number(site):
    site.answers = {"*": ok(index(*(f"/{n}.xml" for n in range(40))))}
    site.poll()
    assert len(site.asked) == 6


def test_an_index_cannot_send_us_elsewhere(site, stand, desk):
    other = stand({"*": ok(news("Not theirs"))})
    site.answers = {
        "/index.xml": ok(index(f"{other.base}/news.xml", "/mine.xml")),
        "/mine.xml": ok(news("Ferry sails")),
    }
    poll = site.poll()
    assert ([p.reason for p in poll.skipped], desk.titles(), other.asked) == (["another site"], {"Ferry sails"}, [])


def test_an_index_that_only_leads_elsewhere_is_said_to(site, stand):
    other = stand()
    site.answers = {"/index.xml": ok(index(f"{other.base}/news.xml"))}
    poll = site.poll()
    assert (poll.outcome, poll.error) == (
        Outcome.NOT_A_FEED,
        "a sitemap index that names only sitemaps of other sites",
    )


def test_pages_beside_news_are_no_failure(site, desk):
    pages = b"<urlset><url><loc>https://karsa.example/about-us-all</loc></url></urlset>"
    site.answers = {
        "/index.xml": ok(index("/pages.xml", "/news.xml")),
        "/pages.xml": ok(pages, 'ETag: "pages"'),
        "/news.xml": ok(news("Ferry sails")),
    }
    assert (site.poll().error, desk.titles()) == (None, {"Ferry sails"})
    site.answers["/pages.xml"] = NOT_MODIFIED
    assert site.poll().error is None
    assert 'if-none-match: "pages"' in site.heads["/pages.xml"]


def test_an_index_of_pages_alone_says_what_to_do(site):
    pages = b"<urlset><url><loc>https://karsa.example/a-b-c</loc><lastmod>2026-01-08</lastmod></url></urlset>"
    site.answers = {"/index.xml": ok(index("/pages.xml")), "/pages.xml": ok(pages)}
    poll = site.poll()
    assert poll.outcome is Outcome.NOT_A_FEED
    assert 'set kind = "sitemap"' in poll.error


def test_another_kind_reads_anew_what_was_read_before(site, desk):
    date = datetime.now(UTC).isoformat(timespec="seconds")
    pages = f"<urlset><url><loc>https://karsa.example/court-rules-again</loc><lastmod>{date}</lastmod></url></urlset>"
    site.answers = {
        "/index.xml": ok(index("/news.xml", "/pages.xml"), 'ETag: "index"'),
        "/pages.xml": ok(pages.encode()),
        "/news.xml": ok(news("Ferry sails")),
    }
    site.poll()
    desk.configure({"times": {"url": f"{site.base}/index.xml", "kind": "sitemap"}}, first_items=500)
    site.poll()
    assert desk.titles() == {"Ferry sails", "Court rules again"}


def test_a_host_that_asks_for_less_is_asked_no_further(site, desk):
    site.answers = {
        "/index.xml": ok(index("/news-1.xml", "/news-2.xml", "/news-3.xml")),
        "/news-1.xml": ok(news("Ferry sails")),
        "/news-2.xml": ok(b"", "Retry-After: 600", status="429 Too Many Requests"),
    }
    poll = site.poll()
    assert (poll.outcome, poll.new, site.asked[-1]) == (Outcome.FRESH, 1, "/news-2.xml")
    assert "429" in poll.error
    assert desk.poll("times") == {}  # not before the host's time


def test_fifty_thousand_addresses_are_read_in_bounds(site, desk):
    old = (f"Old {n}" for n in range(49_990))
    body = news(*old, hours=30).replace(b"</urlset>", b"") + news(*(f"New {n}" for n in range(10))).partition(b">")[2]
    site.answers = {"/index.xml": ok(gzip.compress(body))}
    began = time.process_time()
    poll = site.poll()
    assert (poll.outcome, poll.items, poll.new) == (Outcome.FRESH, 1000, 1000)
    assert {f"New {n}" for n in range(10)} <= desk.titles()
    assert time.process_time() - began < 30


def test_a_sources_own_headers_go_to_its_own_sitemaps(site, desk):
    desk.configure({"times": {"url": f"{site.base}/index.xml", "headers.X-Key": "open sesame"}})
    site.answers = {"/index.xml": ok(index("/news.xml")), "/news.xml": ok(news("Ferry sails"))}
    site.poll()
    assert "x-key: open sesame" in site.heads["/news.xml"]


def test_a_feed_where_a_sitemap_was_configured_is_said(site, desk):
    desk.configure({"times": {"url": f"{site.base}/index.xml", "kind": "sitemap"}})
    site.answers = {"/index.xml": ok(rss(item(1)))}
    poll = site.poll()
    assert (poll.outcome, poll.error) == (Outcome.NOT_A_FEED, "a feed, not a sitemap; leave kind out")


# ---------------------------------------------------------------- robots.txt, for pages


@pytest.fixture
def page(stand, desk):
    made = stand({"/world": ok(b"<!doctype html><title>World</title>"), "/robots.txt": ok(b"User-agent: *\nAllow: /")})
    desk.configure({"times": {"url": f"{made.base}/world", "kind": "page"}})
    made.poll = lambda: desk.poll("times")["times"]
    return made


def test_a_page_is_read_where_robots_txt_allows_it(page):
    assert page.poll().outcome is not Outcome.DISALLOWED
    assert page.asked[:2] == ["/robots.txt", "/world"]


def test_a_page_is_not_asked_where_robots_txt_refuses_it(page):
    page.answers["/robots.txt"] = ok(b"User-agent: copydesk\nDisallow: /w\n")
    poll = page.poll()
    host = page.base.removeprefix("http://")
    assert (poll.outcome, page.asked) == (Outcome.DISALLOWED, ["/robots.txt"])
    assert poll.error == (
        f"robots.txt of {host} does not allow /world for Copydesk; ask its owner, or remove the source"
    )


def test_a_page_is_not_asked_while_robots_txt_cannot_be_read(page):
    page.answers["/robots.txt"] = BROKEN
    poll = page.poll()
    assert (poll.outcome, page.asked) == (Outcome.DISALLOWED, ["/robots.txt"])
    assert "cannot be read (the server answered 500)" in poll.error


def test_a_page_that_redirects_to_a_closed_one_is_not_read(page):
    page.answers |= {
        "/world": ok(b"", "Location: /closed", status="302 Found"),
        "/closed": ok(b"<!doctype html><title>World</title>"),
        "/robots.txt": ok(b"User-agent: *\nDisallow: /closed\n"),
    }
    poll = page.poll()
    assert (poll.outcome, "does not allow /closed" in poll.error) == (Outcome.DISALLOWED, True)


def test_feeds_and_sitemaps_do_not_ask_robots_txt(site):
    site.answers = {"/index.xml": ok(news("Ferry sails"))}
    site.poll()
    assert "/robots.txt" not in site.asked


# ---------------------------------------------------------------- more sitemaps than a poll asks for


def test_an_index_of_many_is_read_to_the_end_over_several_polls(site, desk):
    site.answers = {"/index.xml": ok(index(*(f"/{n}.xml" for n in range(14))), 'ETag: "index"')}
    site.answers |= {f"/{n}.xml": ok(news(f"Story {n}")) for n in range(14)}
    first = site.poll()
    site.answers["/index.xml"] = NOT_MODIFIED
    polls = [site.poll() for _ in range(3)]
    assert (first.new, [poll.new for poll in polls], desk.articles()) == (5, [3, 3, 3], 14)
    assert (polls[-1].items, polls[-1].error) == (14, None)


def test_what_waits_for_its_turn_is_not_taken_for_new_when_it_comes(site, desk):
    site.answers = {"/index.xml": ok(index(*(f"/{n}.xml" for n in range(8))))}
    site.answers |= {f"/{n}.xml": ok(news(f"Story {n}")) for n in range(8)}
    assert [site.poll().new for _ in range(5)] == [5, 3, 0, 0, 0]


def test_a_list_of_addresses_is_a_sitemap(site, desk):
    desk.configure({"times": {"url": f"{site.base}/index.xml", "kind": "sitemap"}}, first_items=500)
    today = datetime.now(UTC).strftime("%Y/%m/%d")
    site.answers = {
        "/index.xml": ok(index("/pages.txt")),
        "/pages.txt": ok(f"https://karsa.example/{today}/bells-ring-again\n".encode(), "Content-Type: text/plain"),
    }
    assert (site.poll().new, desk.titles()) == (1, {"Bells ring again"})
