"""What would be made of a feed; nothing is stored."""

import pytest

from tests.cli.calling import call
from tests.end_to_end.stand import item, ok, rss
from tests.pipeline.printing import snapshot


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def file(here):
    path = here / "feed.xml"
    path.write_bytes(rss(item(1, "Ferry &amp; leaves", category="Sea") + item(2), "The &lt;i&gt;Post&lt;/i&gt;"))
    return path


def test_a_file(file):
    called = call("inspect", file)
    assert (called.code, called.out.splitlines()[0]) == (
        0,
        "The Post: RSS 2.0, well-formed, 2 items, language not said",
    )
    assert "Ferry & leaves" in called.out


def test_a_url(stand, here):
    host = stand({"/feed": ok(rss(item(1)))})
    called = call("inspect", f"{host.base}/feed")
    assert (called.code, "https://stand.example/1" in called.out, snapshot(here)) == (0, True, {})


def test_as_json(file):
    told = call("inspect", file, "--json").json
    assert (told["feed"]["items"], [a["title"] for a in told["articles"]]) == (2, ["Ferry & leaves", "Story 2"])


def test_only_so_many(file):
    out = call("inspect", "--limit", 1, file).out
    assert ("Story 2" in out, "and 1 more" in out) == (False, True)


def test_relative_links_of_a_file(here):
    (here / "feed.xml").write_bytes(rss(item(1, link="/a")))
    out = call("inspect", "feed.xml", "--url", "https://post.example/feed").out
    assert "https://post.example/a" in out


@pytest.mark.parametrize("body", [b"<!doctype html><title>Not found</title><p>Nothing here", b"", b" \n"])
def test_a_file_that_is_no_feed(here, body):
    (here / "feed.xml").write_bytes(body)
    called = call("inspect", "feed.xml")
    assert (called.code, called.out, called.err.count("\n")) == (1, "", 1)


def test_a_url_that_answers_with_an_error(stand):
    host = stand()
    called = call("inspect", f"{host.base}/feed")
    assert (called.code, called.err) == (
        1,
        f"copydesk: {host.base}/feed: the server answered 404; is the address right?\n",
    )


def test_neither_file_nor_url(here):
    called = call("inspect", "nothing.xml")
    assert (called.code, called.err) == (
        2,
        "copydesk: nothing.xml: neither a file nor a URL beginning with http:// or https://\n",
    )
