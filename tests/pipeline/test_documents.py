"""What a poll asks for, step by step, and what it makes of the answers; nothing is fetched."""

from datetime import timedelta

import pytest

from feeds.errors import FetchError
from feeds.fetch.robots import Memory
from feeds.model import Claim, Outcome, Response, SourceState
from feeds.pipeline.documents import MOST, same_site
from feeds.pipeline.exchange import Answer
from feeds.pipeline.read import read
from feeds.pipeline.rules import Manner
from tests.newsroom import MINUTE, NOON, run, source

SITE = "https://karsa.example"
OF = source("times", url=f"{SITE}/index.xml")


def response(body: str, url: str = f"{SITE}/index.xml", status: int = 200, **headers: str) -> Response:
    return Response(
        url=url, status=status, headers=headers, body=body.encode(), fetched_at=NOON, elapsed=timedelta(seconds=1)
    )


def index(*locations: str) -> Response:
    entries = "".join(f"<sitemap><loc>{one}</loc></sitemap>" for one in locations)
    return response(f"<sitemapindex>{entries}</sitemapindex>")


def news(name: str) -> Response:
    said = f"<news:news><news:title>{name}</news:title></news:news>"
    return response(f"<urlset><url><loc>{SITE}/{name}</loc>{said}</url></urlset>", f"{SITE}/{name}.xml")


@pytest.fixture
def exchange():
    """A poll that begins at noon; its lease ends ten minutes later."""
    claim = Claim(state=SourceState(name="times", url=OF.url), token=1, until=NOON + 10 * MINUTE)
    return read(claim, OF, Manner(), Memory(), NOON)


def test_a_poll_of_one_document_asks_once(exchange):
    done = run(exchange, [news("a")])
    assert (done.poll.outcome, len(done.drafts), done.state.documents) == (Outcome.FRESH, 1, ())


def test_sitemaps_are_asked_for_what_they_are(exchange):
    next(exchange)
    asked = exchange.send(Answer(index(f"{SITE}/news.xml"), NOON))
    assert (asked.key, asked.url, asked.accept.split(",")[0]) == ("times", f"{SITE}/news.xml", "application/xml")


def test_no_more_is_asked_when_the_lease_is_about_to_end(exchange):
    next(exchange)
    exchange.send(Answer(index("/a.xml", "/b.xml"), NOON))
    with pytest.raises(StopIteration) as end:
        exchange.send(Answer(news("a"), NOON + 9 * MINUTE))
    poll = end.value.value.poll
    assert (poll.outcome, poll.items) == (Outcome.FRESH, 1)
    assert poll.error == f"1 of 2 sitemaps not read; {SITE}/b.xml: was not asked, for the others took too long"


def test_the_deadline_of_a_sitemap_ends_before_the_lease(exchange):
    next(exchange)
    asked = exchange.send(Answer(index("/a.xml"), NOON + 7.5 * MINUTE))
    assert asked.deadline == timedelta(seconds=30)


def test_a_sitemap_that_was_not_asked_keeps_its_turn():
    claim = Claim(state=SourceState(name="times", url=OF.url), token=1, until=NOON + 10 * MINUTE)
    before = run(read(claim, OF, Manner(), Memory(), NOON), [index("/a.xml", "/b.xml"), news("a"), news("b")])
    again = read(Claim(state=before.state, token=2, until=NOON + 10 * MINUTE), OF, Manner(), Memory(), NOON)
    next(again)
    again.send(Answer(index("/a.xml", "/b.xml"), NOON))
    with pytest.raises(StopIteration) as end:
        again.send(Answer(news("c"), NOON + 9 * MINUTE))
    after = end.value.value.state
    assert [one.url for one in after.documents] == [f"{SITE}/a.xml", f"{SITE}/b.xml"]
    assert len(after.listed) == 2


def test_an_item_lost_to_a_fault_of_ours_has_every_document_read_again(exchange, monkeypatch, caplog):
    from feeds.pipeline import teased

    def faulty(*_):
        raise ZeroDivisionError

    monkeypatch.setattr(teased, "normalise", faulty)
    monkeypatch.setattr(teased, "normalise_all", faulty)
    state = run(exchange, [index("/a.xml"), news("a")]).state
    assert (state.body_hash, state.follow, state.documents, state.listed) == (None, (), (), frozenset())


def test_a_fault_of_ours_between_two_answers_is_a_crash(exchange, monkeypatch, caplog):
    from feeds.pipeline import documents

    next(exchange)
    exchange.send(Answer(index("/a.xml"), NOON))
    monkeypatch.setattr(documents, "look", lambda *_, **__: 1 / 0)
    with pytest.raises(StopIteration) as end:
        exchange.send(Answer(news("a"), NOON))
    assert end.value.value.poll.outcome is Outcome.CRASHED
    assert "ZeroDivisionError" in caplog.text


def test_a_failed_first_document_asks_no_further(exchange):
    done = run(exchange, [FetchError("timeout", "karsa.example took too long")])
    assert (done.poll.outcome, done.state.last_error) == (Outcome.TIMEOUT, "karsa.example took too long")


def test_a_bounded_number_is_asked(exchange):
    answers = [index(*(f"/{n}.xml" for n in range(MOST + 5))), *(news(f"n{n}") for n in range(MOST))]
    assert len(run(exchange, answers).drafts) == MOST


def test_sitemaps_that_all_fail_keep_no_others_from_being_asked(exchange):
    many = index(*(f"/{n}.xml" for n in range(10)))
    failed = run(exchange, [many, *(response("", status=500) for _ in range(MOST))])
    again = read(Claim(state=failed.state, token=2, until=NOON + 10 * MINUTE), OF, Manner(), Memory(), NOON)
    asked = [next(again)]
    asked += [again.send(Answer(answer, NOON)) for answer in (many, *(news(f"n{n}") for n in range(MOST - 1)))]
    assert failed.poll.outcome is Outcome.HTTP_ERROR
    assert [one.url for one in asked[1:]] == [f"{SITE}/{n}.xml" for n in range(5, 10)]


def test_sitemaps_of_no_use_do_not_fail_a_poll_that_had_no_turn_for_the_others(exchange):
    pages = response("<urlset><url><loc>https://karsa.example/a-b-c</loc></url></urlset>")
    first = run(exchange, [index("/news.xml"), news("a")])
    again = read(Claim(state=first.state, token=2, until=NOON + 10 * MINUTE), OF, Manner(), Memory(), NOON)
    many = index(*(f"/news-{n}.xml" for n in range(10)), "/news.xml")
    done = run(again, [many, *(pages for _ in range(MOST))])
    assert (done.poll.outcome, done.poll.items, done.state.listed) == (Outcome.FRESH, 1, first.state.listed)


@pytest.mark.parametrize(
    ("url", "other", "expected"),
    [
        ("https://karsa.example/a", "https://karsa.example/b", True),
        ("http://karsa.example/a", "https://karsa.example/b", True),
        ("https://maps.karsa.example/a", "https://www.karsa.example/b", True),
        ("https://karsa.co.uk/a", "https://orvel.co.uk/a", False),
        ("https://karsa.example:8080/a", "https://karsa.example/a", False),
        ("https://karsa.example:8080/a", "http://karsa.example:8080/a", True),
        ("https://karsa.example.orvel.example/", "https://karsa.example/", False),
        ("http://10.0.0.1/a", "http://11.0.0.1/a", False),
        ("http://[::1]/a", "http://[::2]/a", False),
        ("file:///etc/passwd", "https://karsa.example/", False),
        ("http://[broken", "http://[broken", False),
    ],
)
def test_same_site(url, other, expected):
    assert same_site(url, other) is expected


# ---------------------------------------------------------------- the own network

FEED = """<rss version="2.0"><channel><title>T</title><item><title>A</title><link>/a</link></item></channel></rss>"""
OWN_NETWORK = pytest.mark.parametrize(
    ("site", "says_so", "expected"),
    [
        ("http://127.0.0.1:81", False, True),
        ("http://intranet", False, True),
        ("https://wiki.post.example", False, False),  # such a name may come to mean another host at any time
        ("https://wiki.post.example", True, True),
    ],
)


def begun(of):
    claim = Claim(state=SourceState(name=of.name, url=of.url), token=1, until=NOON + 10 * MINUTE)
    exchange = read(claim, of, Manner(), Memory(), NOON)
    next(exchange)
    return exchange


@OWN_NETWORK
def test_what_an_index_leads_to_is_of_the_own_network_only_where_the_index_may_be(site, says_so, expected):
    exchange = begun(source("post", url=f"{site}/index.xml", private=says_so))
    one = response(f"<sitemapindex><sitemap><loc>{site}/a.xml</loc></sitemap></sitemapindex>", f"{site}/index.xml")
    assert exchange.send(Answer(one, NOON)).private == expected


@OWN_NETWORK
def test_an_articles_page_is_of_the_own_network_only_where_its_feed_may_be(site, says_so, expected):
    exchange = begun(source("post", url=f"{site}/feed.xml", private=says_so, full_text=True))
    robots = exchange.send(Answer(response(FEED, f"{site}/feed.xml"), NOON))
    page = exchange.send(Answer(response("", f"{site}/robots.txt", status=404), NOON))
    assert (robots.url, robots.private, page.url, page.private) == (
        f"{site}/robots.txt",
        expected,
        f"{site}/a",
        expected,
    )
