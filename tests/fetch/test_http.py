"""The door against a real server: what is sent, what comes back."""

import gzip
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from feeds.errors import FetchError
from feeds.fetch import FEED_TYPES, Fetcher, http, run
from feeds.model import Hop, Outcome, Request, Response

AGENT = "Copydesk/test (+mailto:desk@example.org)"


def _headers(asked: bytes) -> dict[str, str]:
    lines = asked.partition(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")[1:]
    return {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}


def _fetcher(**options):
    return Fetcher(AGENT, **({"spacing": timedelta(0)} | options))


def _requests(urls, **fields):
    given = {"private": True, "deadline": timedelta(seconds=2)} | fields
    return [Request(key=str(n), url=url, **given) for n, url in enumerate(urls)]


# ---------------------------------------------------------------- what is sent


def test_a_plain_request_says_who_we_are_and_what_we_read_and_nothing_else(server, ask, ok):
    server.answers["/feed"] = ok()
    ask(server.url("/feed"))
    assert _headers(server.asked[0]) == {
        "host": f"127.0.0.1:{server.port}",
        "user-agent": AGENT,
        "accept": FEED_TYPES,
        "accept-encoding": "gzip, deflate, br, zstd",
    }


def test_the_request_line_is_a_get_of_path_and_query_without_the_fragment(server, ask, ok):
    server.answers["/feed?a=1&b=%C3%BC"] = ok()
    ask(server.url("/feed?a=1&b=%C3%BC#top"))
    assert server.asked[0].startswith(b"GET /feed?a=1&b=%C3%BC HTTP/1.1\r\n")


@pytest.mark.parametrize("etag", ['"abc"', 'W/"abc"', "abc", '"x-gzip"', '""', 'W/"a,b"', '"\xe9"', "a b"])
def test_an_etag_is_sent_back_as_it_came(server, ask, etag):
    server.answers["/feed"] = b"HTTP/1.1 304 Not Modified\r\n\r\n"
    ask(server.url("/feed"), etag=etag)
    assert _headers(server.asked[0])["if-none-match"] == etag


@pytest.mark.parametrize("date", ["Mon, 05 Jan 2026 10:00:00 GMT", "yesterday", "2026-01-05"])
def test_a_last_modified_is_sent_back_as_it_came(server, ask, date):
    server.answers["/feed"] = b"HTTP/1.1 304 Not Modified\r\n\r\n"
    ask(server.url("/feed"), last_modified=date)
    assert _headers(server.asked[0])["if-modified-since"] == date


def test_a_validator_cannot_smuggle_a_header_in(server, ask, ok):
    server.answers["/feed"] = ok()
    ask(server.url("/feed"), etag='"a"\r\nX-Evil: 1')
    assert b"x-evil" not in server.asked[0].lower()


def test_an_accept_of_the_request_takes_the_place_of_ours(server, ask, ok):
    server.answers["/page"] = ok()
    ask(server.url("/page"), accept="text/html")
    assert _headers(server.asked[0])["accept"] == "text/html"


def test_a_post_sends_its_body(server, ask, ok):
    server.answers["/hub"] = ok(status="202 Accepted")
    ask(server.url("/hub"), method="POST", body=b"hub.mode=subscribe")
    assert server.asked[0].startswith(b"POST /hub ") and server.asked[0].endswith(b"\r\n\r\nhub.mode=subscribe")


def test_userinfo_becomes_an_authorization_header(server, ask, ok):
    server.answers["/feed"] = ok()
    ask(server.url("/feed", host="desk:s%3Acret@127.0.0.1"))
    assert _headers(server.asked[0])["authorization"] == "Basic ZGVzazpzOmNyZXQ="


def test_cookies_are_not_kept(server, ask, ok):
    server.answers["/a"] = ok(b"", "Set-Cookie: id=1; Path=/", "Location: /b", status="302 Found")
    server.answers["/b"] = ok()
    ask(server.url("/a"))
    assert [b"cookie" in asked.lower() for asked in server.asked] == [False, False]


def test_no_referer_is_sent_after_a_redirect(server, ask, ok):
    server.answers["/a"] = ok(b"", "Location: /b", status="302 Found")
    server.answers["/b"] = ok()
    ask(server.url("/a"))
    assert "referer" not in _headers(server.asked[1])


def test_the_environment_has_no_say(server, ask, ok, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9/")
    server.answers["/feed"] = ok()
    assert ask(server.url("/feed")).status == 200


# ---------------------------------------------------------------- what comes back


def test_a_response_is_complete(server, ask, ok):
    server.answers["/feed"] = ok(b"<rss/>", 'ETag: "1"', "X-A: 1", "x-a: 2")
    before = datetime.now(UTC)
    response = ask(server.url("/feed"))
    assert (response.url, response.status, response.body, response.hops, response.wire_bytes) == (
        server.url("/feed"),
        200,
        b"<rss/>",
        (),
        6,
    )
    assert dict(response.headers) == {"content-length": "6", "etag": '"1"', "x-a": "1, 2"}
    assert before <= response.fetched_at <= datetime.now(UTC)
    assert timedelta(0) < response.elapsed < timedelta(seconds=2)


def test_a_304_has_no_body_and_keeps_its_headers(server, ask):
    server.answers["/feed"] = b'HTTP/1.1 304 Not Modified\r\nETag: "2"\r\nContent-Length: 500\r\n\r\n'
    response = ask(server.url("/feed"), etag='"1"')
    assert (response.status, response.body, response.headers["etag"]) == (304, b"", '"2"')


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 429, 500, 503, 599])
def test_an_error_status_is_a_response_with_its_body(server, ask, ok, status):
    server.answers["/feed"] = ok(b"no", "Retry-After: 5", status=f"{status} No")
    response = ask(server.url("/feed"))
    assert (response.status, response.body, response.headers["retry-after"]) == (status, b"no", "5")


def test_the_body_of_an_error_is_kept_short(server, ask, ok):
    server.answers["/feed"] = ok(b"x" * 1_000_000, status="500 Oops")
    assert len(ask(server.url("/feed")).body) == 65536


def test_an_error_whose_body_does_not_come_is_still_that_error(server, ask, ok):
    server.answers["/feed"] = ok(b"x", "Retry-After: 60", status="503 Busy", length=500)
    response = ask(server.url("/feed"), deadline=timedelta(seconds=0.3))
    assert (response.status, response.headers["retry-after"]) == (503, "60")


def test_chunks_are_put_together(server, ask):
    server.answers["/feed"] = (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x=1\r\n<rs\r\n3\r\ns/>\r\n0\r\nTrailer: 1\r\n\r\n"
    )
    assert ask(server.url("/feed")).body == b"<rss/>"


def test_a_body_without_a_length_ends_with_the_connection(server, ask):
    server.answers["/feed"] = b"HTTP/1.0 200 OK\r\nConnection: close\r\n\r\n<rss/>"
    assert ask(server.url("/feed")).body == b"<rss/>"


def test_interim_answers_are_passed_over(server, ask, ok):
    hints = b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"
    server.answers["/feed"] = b"HTTP/1.1 100 Continue\r\n\r\n" + hints + hints + ok()
    assert ask(server.url("/feed")).body == b"<rss/>"


def test_a_connection_is_used_again(server, ok):
    server.answers["/feed"] = ok()
    with _fetcher() as fetcher:
        statuses = [result.status for _, result in fetcher.fetch(_requests([server.url("/feed")] * 5))]
    assert (statuses, server.connections) == ([200] * 5, 1)


# ---------------------------------------------------------------- redirects


def test_redirects_are_followed_and_told(server, ask, ok):
    server.answers["/a"] = ok(b"", "Location: b?x=1#top", status="301 Moved")
    server.answers["/b?x=1"] = ok(b"", f"Location: {server.url('/c')}", status="307 Elsewhere")
    server.answers["/c"] = ok()
    response = ask(server.url("/a"))
    assert (response.url, response.hops) == (
        server.url("/c"),
        (
            Hop(url=server.url("/a"), status=301, target=server.url("/b?x=1")),
            Hop(url=server.url("/b?x=1"), status=307, target=server.url("/c")),
        ),
    )


def test_validators_go_to_the_place_that_gave_them(server, ask, ok):
    server.answers["/a"] = ok(b"", "Location: /b", status="302 Found")
    server.answers["/b"] = b"HTTP/1.1 304 Not Modified\r\n\r\n"
    ask(server.url("/a"), etag='"1"')
    assert _headers(server.asked[1])["if-none-match"] == '"1"'


def test_secrets_go_on_within_the_origin(server, ask, ok):
    server.answers["/a"] = ok(b"", "Location: /b", status="302 Found")
    server.answers["/b"] = ok()
    ask(server.url("/a"), headers=(("X-Key", "s3cret"),))
    assert [_headers(asked).get("x-key") for asked in server.asked] == ["s3cret", "s3cret"]


def test_secrets_do_not_cross_to_another_origin(server, ask, ok, monkeypatch):
    """The name is another origin; that it is the same server lets us look at what would have arrived."""
    monkeypatch.setattr("feeds.fetch.hops.Step.private", True)
    server.answers["/a"] = ok(b"", f"Location: {server.url('/b', host='localhost')}", status="302 Found")
    server.answers["/b"] = ok(b"", f"Location: {server.url('/c')}", status="302 Found")
    server.answers["/c"] = ok()
    ask(server.url("/a", host="desk:pass@127.0.0.1"), headers=(("X-Key", "s3cret"),))
    secrets = [(_headers(asked).get("x-key"), _headers(asked).get("authorization")) for asked in server.asked]
    assert secrets == [("s3cret", "Basic ZGVzazpwYXNz"), (None, None), (None, None)]


def test_a_redirect_to_another_private_server_is_refused_and_not_asked(server, other, ask, ok):
    server.answers["/a"] = ok(b"", f"Location: {other.url('/secret')}", status="302 Found")
    error = ask(server.url("/a"))
    assert (error.kind, other.connections) == (Outcome.FORBIDDEN_ADDRESS, 0)


def test_a_redirect_does_not_reach_a_private_server_over_a_connection_that_is_open(server, other, ok):
    """`other` is a configured private source, asked just before: its connection rests in the pool."""
    other.answers["/secret"] = ok(b"secret")
    server.answers["/a"] = ok(b"", f"Location: {other.url('/secret')}", status="302 Found")
    with _fetcher() as fetcher:
        list(fetcher.fetch(_requests([other.url("/secret")])))
        ((_, error),) = fetcher.fetch(_requests([server.url("/a")]))
    assert (error.kind, len(other.asked)) == (Outcome.FORBIDDEN_ADDRESS, 1)


# ---------------------------------------------------------------- many at once


def test_answers_come_as_they_finish_and_all_come(server, ok):
    server.answers |= {f"/{n}": ok(str(n).encode()) for n in range(200)}
    with _fetcher(per_host=16) as fetcher:
        found = {
            request.key: result.body
            for request, result in fetcher.fetch(_requests(map(server.url, [f"/{n}" for n in range(200)])))
        }
    assert found == {str(n): str(n).encode() for n in range(200)}


def test_a_slow_source_does_not_hold_up_the_others(server, other, ok):
    server.answers["/slow"] = lambda conn: server.ended.wait(1)
    other.answers["/feed"] = ok()
    urls = [server.url("/slow")] + [other.url("/feed")] * 3
    with _fetcher(workers=2) as fetcher:
        order = [request.key for request, _ in fetcher.fetch(_requests(urls, deadline=timedelta(seconds=0.4)))]
    assert order == ["1", "2", "3", "0"]


@pytest.mark.parametrize("per_host", [1, 2])
def test_a_host_gets_no_more_than_per_host_at_a_time(server, ok, per_host):
    now, most = [], []

    def answer(conn):
        now.append(1)
        most.append(len(now))
        time.sleep(0.02)
        now.pop()
        conn.sendall(ok(b"", "Connection: close"))

    server.answers["/feed"] = answer
    with _fetcher(per_host=per_host) as fetcher:
        list(fetcher.fetch(_requests([server.url("/feed")] * 8)))
    assert max(most) == per_host


def test_starts_to_a_host_are_spaced_and_other_hosts_use_the_time(server, other, ok):
    starts = []

    def answer(conn):
        starts.append(time.monotonic())
        conn.sendall(ok(b"", "Connection: close"))

    server.answers["/feed"] = answer
    other.answers["/feed"] = ok()
    urls = [server.url("/feed")] * 3 + [other.url("/feed")]
    with _fetcher(workers=1, spacing=timedelta(seconds=0.15)) as fetcher:
        order = [request.key for request, _ in fetcher.fetch(_requests(urls))]
    gaps = [later - earlier for earlier, later in pairwise(starts)]
    assert order[:2] == ["0", "3"]
    assert min(gaps) >= 0.13


def test_spacing_holds_from_one_fetch_to_the_next(server, ok):
    server.answers["/feed"] = ok()
    with _fetcher(spacing=timedelta(seconds=0.2)) as fetcher:
        began = time.monotonic()
        for _ in range(2):
            list(fetcher.fetch(_requests([server.url("/feed")])))
    assert time.monotonic() - began >= 0.2


def test_a_429_binds_the_host(server, other, ok):
    server.answers["/a"] = ok(b"", "Retry-After: 100", status="429 Slow down")
    server.answers["/b"] = other.answers["/c"] = ok()
    urls = [server.url("/a"), server.url("/b"), server.url("/b"), other.url("/c")]
    with _fetcher() as fetcher:
        found = {r.key: getattr(a, "status", None) or a.kind for r, a in fetcher.fetch(_requests(urls))}
    assert found == {"0": 429, "1": Outcome.RATE_LIMITED, "2": Outcome.RATE_LIMITED, "3": 200}
    assert len(server.asked) == 1


def test_requests_are_taken_only_a_little_ahead(server, ok):
    server.answers["/feed"] = ok()
    taken = []

    def endless():
        while True:
            taken.append(1)
            yield from _requests([server.url("/feed")])

    with _fetcher(workers=2) as fetcher:
        results = fetcher.fetch(endless())
        for _ in range(10):
            next(results)
        results.close()
    assert len(taken) <= 10 + 2 * 8


def test_answers_that_nobody_takes_stop_the_workers(server, ok):
    server.answers["/feed"] = ok()
    with _fetcher(workers=2, per_host=2) as fetcher:
        results = fetcher.fetch(_requests([server.url("/feed")] * 16))
        next(results)
        time.sleep(0.2)
        asked = len(server.asked)
        results.close()
    assert asked <= 1 + 2 + 2


def test_closing_early_drops_what_has_not_begun(server, ok):
    server.answers["/feed"] = ok()
    with _fetcher(spacing=timedelta(seconds=0.1)) as fetcher:
        results = fetcher.fetch(_requests([server.url("/feed")] * 5))
        next(results)
        results.close()
        time.sleep(0.3)
    assert len(server.asked) == 1


def test_stopping_does_not_wait_for_who_is_slow(server, other, ok):
    server.answers["/slow"] = lambda conn: server.ended.wait(5)
    other.answers["/feed"] = ok()
    began = time.monotonic()
    with _fetcher() as fetcher:
        results = fetcher.fetch(_requests([server.url("/slow"), other.url("/feed")]))
        first = next(results)[0].key
        threading.Timer(0.1, fetcher.stop).start()
        assert (first, list(results), time.monotonic() - began < 2) == ("1", [], True)


def test_an_answer_may_make_for_another_request(server, ok):
    server.answers |= {f"/{n}": ok(b"%d" % n) for n in range(4)}
    onward, got = [0], []

    def requests():
        while len(got) < 4:
            yield Request(key="one", url=server.url(f"/{onward.pop()}"), private=True) if onward else None

    with _fetcher() as fetcher:
        for _, result in fetcher.fetch(requests()):
            got.append(result.body)
            onward.append(len(got))
    assert got == [b"0", b"1", b"2", b"3"]


def test_requests_that_never_come_are_not_waited_for():
    with _fetcher() as fetcher:
        assert list(fetcher.fetch(iter([None, None]))) == []


def test_the_pause_that_a_site_asks_for_is_kept(server, ok):
    server.answers["/a"] = ok()
    asked = [Request(key=f"{n}", url=server.url("/a"), private=True, spacing=timedelta(seconds=0.5)) for n in range(3)]
    began = time.monotonic()
    with _fetcher() as fetcher:
        assert len(list(fetcher.fetch(asked))) == 3
    assert time.monotonic() - began >= 1.0


def test_a_packed_file_is_unpacked(server, ask, ok):
    server.answers["/map.xml.gz"] = ok(gzip.compress(b"<urlset/>"), "Content-Type: application/x-gzip")
    assert ask(server.url("/map.xml.gz")).body == b"<urlset/>"


def test_who_waits_may_do_something_else(server, ok, monkeypatch):
    monkeypatch.setattr(run, "QUIET", 0.05)
    called = threading.Event()
    server.answers["/slow"] = lambda conn: (called.wait(5), conn.sendall(ok(b"late")))
    with _fetcher() as fetcher:
        results = fetcher.fetch(_requests([server.url("/slow")], deadline=timedelta(seconds=10)), idle=called.set)
        assert [result.body for _, result in results] == [b"late"]


def test_a_fetch_after_the_stop_is_over_as_it_begins(server, ok):
    server.answers["/feed"] = ok()
    with _fetcher() as fetcher:
        fetcher.stop()
        assert (list(fetcher.fetch(_requests([server.url("/feed")]))), server.asked) == ([], [])


def test_a_fault_of_ours_costs_one_request_and_is_logged(server, ok, monkeypatch, caplog):
    server.answers["/a"] = server.answers["/b"] = ok()
    decode = http.decode
    bodies = iter([lambda *a: 1 / 0, decode])
    monkeypatch.setattr("feeds.fetch.http.decode", lambda *a: next(bodies)(*a))
    with _fetcher(workers=1) as fetcher:
        results = [r for _, r in fetcher.fetch(_requests([server.url("/a"), server.url("/b")]))]
    assert [getattr(r, "kind", None) or r.status for r in results] == [Outcome.CRASHED, 200]
    assert "ZeroDivisionError" in caplog.text


def test_a_failing_source_of_requests_is_not_swallowed(server):
    def broken():
        yield from _requests([server.url("/")])
        raise LookupError("the store is gone")

    with _fetcher() as fetcher, pytest.raises(LookupError):
        list(fetcher.fetch(broken()))


def test_workers_do_not_outlive_their_fetch(server, ok):
    server.answers["/feed"] = ok()
    with _fetcher(per_host=4) as fetcher:
        list(fetcher.fetch(_requests([server.url("/feed")] * 20)))
    time.sleep(0.1)
    assert [thread.name for thread in threading.enumerate() if thread.name == "fetch"] == []


def test_a_fetch_of_nothing_is_nothing():
    with _fetcher() as fetcher:
        assert list(fetcher.fetch([])) == []


def test_the_room_can_be_imported_without_paying_for_requests():
    code = "import sys, feeds.fetch; print('requests' in sys.modules, 'urllib3' in sys.modules)"
    assert subprocess.check_output([sys.executable, "-c", code], text=True).split() == ["False", "False"]


def test_results_are_values(server, ask):
    assert isinstance(ask(server.url("/none")), Response)
    assert isinstance(ask("http://[", private=False), FetchError)
