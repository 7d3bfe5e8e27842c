"""What would be made of a feed; nothing is stored."""

import gzip
from pathlib import Path

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


def test_a_malformed_file_with_its_fault(here):
    (here / "feed.xml").write_text("<rss version='0.92'><channel><title>Sea &port;</title></channel></rss>")
    first, second, *_ = call("inspect", "feed.xml").out.splitlines()
    assert (first, second.startswith("  its fault: ")) == (
        "Sea &port;: RSS 0.92, malformed, repaired, 0 items, language not said",
        True,
    )


def test_an_encoding_that_is_not_the_usual_one(here):
    (here / "feed.xml").write_bytes("<?xml version='1.0' encoding='koi8-r'?><rss><channel/></rss>".encode("koi8-r"))
    assert "  encoding: koi8-r" in call("inspect", "feed.xml").out.splitlines()


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


NEWS = (
    b'<urlset xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"><url><loc>https://karsa.example/a</loc>'
    b"<news:news><news:title>Ferry sails</news:title></news:news></url></urlset>"
)
PAGES = b"<urlset><url><loc>https://karsa.example/court-rules-again</loc><lastmod>2026-01-08</lastmod></url></urlset>"


def test_a_packed_sitemap_in_a_file(here):
    (here / "news.xml.gz").write_bytes(gzip.compress(NEWS))
    out = call("inspect", "news.xml.gz").out
    assert out.startswith("without a title: news sitemap, well-formed, 1 item") and "Ferry sails" in out


def test_a_sitemap_of_pages_is_shown_as_what_it_can_be(here):
    (here / "map.xml").write_bytes(PAGES)
    assert "Court rules again" in call("inspect", "map.xml").out


def test_a_file_of_another_kind_than_was_asked_for(here):
    (here / "map.xml").write_bytes(NEWS)
    called = call("inspect", "map.xml", "--kind", "feed")
    assert (called.code, 'set kind = "sitemap"' in called.err) == (1, True)


def test_an_index_is_followed(stand, here):
    host = stand()
    index = "".join(f"<sitemap><loc>{host.base}/{n}.xml</loc></sitemap>" for n in ("news", "gone"))
    host.answers = {"/index.xml": ok(f"<sitemapindex>{index}</sitemapindex>".encode()), "/news.xml": ok(NEWS)}
    told = call("inspect", f"{host.base}/index.xml", "--json").json
    assert told["documents"] == [
        {"url": f"{host.base}/news.xml", "answer": "1 item, news sitemap, well-formed"},
        {"url": f"{host.base}/gone.xml", "answer": "not read: the server answered 404"},
    ]
    assert [one["title"] for one in told["articles"]] == ["Ferry sails"]


def test_an_index_in_a_file_is_not_followed(here):
    (here / "index.xml").write_bytes(
        b"<sitemapindex><sitemap><loc>https://karsa.example/a.xml</loc></sitemap></sitemapindex>"
    )
    assert "https://karsa.example/a.xml: not asked: the document is a file" in call("inspect", "index.xml").out


def test_a_page_that_robots_txt_closes(stand, here):
    host = stand({"/": ok(b"<!doctype html><title>x</title>"), "/robots.txt": ok(b"User-agent: *\nDisallow: /\n")})
    called = call("inspect", f"{host.base}/")
    assert (called.code, "does not allow / for Copydesk" in called.err) == (1, True)


def test_a_packed_file_that_is_broken(here):
    (here / "news.xml.gz").write_bytes(gzip.compress(NEWS)[:-20])
    called = call("inspect", "news.xml.gz")
    assert (called.code, called.err.count("\n"), "ends too early" in called.err) == (1, 1, True)


WIRE = Path(__file__).parent.parent / "parse" / "pages"


@pytest.mark.parametrize("name", ["wire.txt", "wire_jsonld.html", "wire_semantic.html", "wire_soup.html"])
def test_a_page_in_a_file(here, name):
    told = call("inspect", WIRE / name, "--json").json
    story, teaser = told["articles"]
    assert (told["feed"]["format"], [c["term"] for c in story["categories"]], story["published"][:10]) == (
        "page",
        ["World"],
        "2026-01-08",
    )
    assert (story["dateline"]["place"], story["agency"]["name"], story["agency"]["quoted"]) == (
        "Ankara",
        "Xinhua News Agency",
        ["Bernama"],
    )
    assert [one["title"] for one in story["related"]] == [teaser["title"]]


def test_a_page_at_a_url(stand, here):
    host = stand({"/world": ok((WIRE / "wire_semantic.html").read_bytes())})
    called = call("inspect", f"{host.base}/world")
    assert (called.code, called.out.splitlines()[0], host.asked) == (
        0,
        "The Straits Messenger: an article page, read as it stands, 2 items, language en",
        ["/world", "/robots.txt"],
    )
