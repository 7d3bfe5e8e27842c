from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.errors import ParseError
from feeds.parse import Reason, parse
from feeds.parse.sitemap import LEADS, MAX_LOC, NEWEST

URL = "https://karsa.example/sitemap.xml"
HEAD = (
    '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
    'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9" '
    'xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">'
)


def urlset(*urls: str) -> bytes:
    return f"{HEAD}{''.join(f'<url>{one}</url>' for one in urls)}</urlset>".encode()


def news(name: str, date: str = "2026-01-08", title: str = "") -> str:
    said = f"<news:publication_date>{date}</news:publication_date><news:title>{title or name}</news:title>"
    return f"<loc>https://karsa.example/{name}</loc><news:news>{said}</news:news>"


def page(path: str, lastmod: str = "", more: str = "") -> str:
    return f"<loc>https://karsa.example/{path}</loc>" + (f"<lastmod>{lastmod}</lastmod>" if lastmod else "") + more


def index(*sitemaps: tuple[str, str]) -> bytes:
    entries = (f"<sitemap><loc>{loc}</loc><lastmod>{date}</lastmod></sitemap>" for loc, date in sitemaps)
    return f"<sitemapindex>{''.join(entries)}</sitemapindex>".encode()


def links(body: bytes, kind: str = "auto") -> list[str | None]:
    return [item.link for item in parse(body, URL, {}, kind).items]  # type: ignore[arg-type]


def test_a_news_sitemap_without_a_single_address_is_a_quiet_night() -> None:
    feed = parse(urlset(), URL, {})
    assert (feed.format, feed.items) == ("sitemap-news", ())


def test_of_a_large_one_the_newest_are_read_in_the_documents_order() -> None:
    old = [news(f"old{n}", "2026-01-01T00:00:00Z") for n in range(NEWEST)]
    new = [news(f"new{n}", f"2026-01-08T00:00:{59 - n}+01:00") for n in range(10)]
    feed = parse(urlset(*old, *new), URL, {})
    expected = [f"https://karsa.example/old{n}" for n in range(NEWEST - 10)]
    expected += [f"https://karsa.example/new{n}" for n in range(10)]
    assert [item.link for item in feed.items] == expected
    assert [(p.reason, p.detail) for p in feed.problems] == [(Reason.TOO_MANY, "1010 addresses in the document")]


def test_pages_without_news_are_refused_with_what_to_do() -> None:
    with pytest.raises(ParseError, match=r'without news, .*set kind = "sitemap"') as caught:
        parse(urlset(page("a-b-c", "2026-01-08")), URL, {})
    assert caught.value.kind == "not a feed"


def test_pages_are_read_where_the_source_says_so_the_recent_ones_only() -> None:
    body = urlset(
        page("harbour-reopens-today", "2026-01-08T12:00:00Z"),
        page("about"),
        page("bells-may-ring", "2026-01-06T12:00:00Z"),
        page("old-and-far-away", "2026-01-06T11:00:00Z"),
    )
    expected = ["https://karsa.example/harbour-reopens-today", "https://karsa.example/bells-may-ring"]
    assert links(body, "sitemap") == expected


@pytest.mark.parametrize(
    ("path", "more", "expected"),
    [
        ("news/harbour-reopens-after-storm.html", "", "Harbour reopens after storm"),
        ("news/harbour-reopens-after-storm-1.7242580", "", "Harbour reopens after storm"),
        ("news/harbour-reopens-after-storm/", "", "Harbour reopens after storm"),
        ("harbour-reopens-after-storm/78af01", "", "Harbour reopens after storm"),
        ("world-cup-2026-final", "", "World cup 2026 final"),
        ("%C3%A7an-sesi-geri-d%C3%B6nd%C3%BC", "", "Çan sesi geri döndü"),
        ("about-us", "", None),
        ("x", "<image:image><image:title>The first ferry</image:title></image:image>", "The first ferry"),
        ("x", "<image:image><image:title>IMG_2034</image:title></image:image>", None),
    ],
)
def test_the_title_of_a_page_is_made_of_its_address(path: str, more: str, expected: str | None) -> None:
    (item,) = parse(urlset(page(path, "2026-01-08", more)), URL, {}, "sitemap").items
    assert (item.title and item.title.value) == expected


def test_what_no_repair_can_mend_is_read_as_far_as_it_goes() -> None:
    body = urlset(news("a"), "<loc>https://karsa.example/b</wrong>", news("c"))
    feed = parse(body, URL, {})
    assert (feed.path, feed.items[0].link) == ("lenient", "https://karsa.example/a")


@pytest.mark.parametrize("body", [b"<urlset>" + b"<url>" * 1000, b"<sitemapindex>" + b"<sitemap>" * 1000])
def test_a_deep_one_is_refused(body: bytes) -> None:
    with pytest.raises(ParseError, match="malformed"):
        parse(body, URL, {})


def test_a_sitemap_behind_a_scripts_warning_is_found() -> None:
    assert links(b"Warning: cache<br />\n" + urlset(news("a"))) == ["https://karsa.example/a"]


def test_entities_are_not_expanded() -> None:
    bomb = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10 if n else "x"}">' for n in range(9))
    body = f"<!DOCTYPE urlset [{bomb}]>".encode() + urlset(news("a", title="&a8;"))
    assert len(parse(body, URL, {}).items[0].title.value) < 100  # type: ignore[union-attr]


def test_of_an_index_a_bounded_number_is_followed_the_latest_first() -> None:
    body = index(*((f"/posts-{n}.xml", f"2026-01-{8 - n % 3:02}T00:00:{n % 60:02}Z") for n in range(500)))
    follow = parse(body, URL, {}).follow
    assert (len(follow), follow[0]) == (LEADS, "https://karsa.example/posts-57.xml")


def test_an_index_of_other_words_for_dates_leads_on() -> None:
    assert parse(index(("/a.xml", "yesterday"), ("/b.xml", "")), URL, {}).follow == (
        "https://karsa.example/a.xml",
        "https://karsa.example/b.xml",
    )


def test_an_index_without_dates_goes_by_the_months_in_its_addresses() -> None:
    body = index(*((f"/posts-{year}-{month:02}.xml", "") for year in (2025, 2026) for month in range(1, 13)))
    assert parse(body, URL, {}).follow == tuple(f"https://karsa.example/posts-2026-{month}.xml" for month in (12, 11))


def test_dates_that_are_said_go_before_those_in_addresses() -> None:
    body = index(("/posts-2026-12.xml", ""), ("/posts.xml", "2026-01-08"))
    feed = parse(body, URL, {})
    assert dict(zip(feed.follow, feed.followed, strict=True)) == {
        "https://karsa.example/posts.xml": datetime(2026, 1, 8, tzinfo=UTC),
        "https://karsa.example/posts-2026-12.xml": None,
    }


# ---------------------------------------------------------------- without markup


def addresses(*paths: str) -> bytes:
    return "\r\n".join(f"https://karsa.example/{path}" for path in paths).encode()


def test_a_list_of_addresses_gives_the_latest_by_their_days() -> None:
    body = addresses("about-all-of-us", "2026/01/08/bells-ring-again", "2026/01/07/ferry-a", "2026/01/05/old-ferry-b")
    feed = parse(b"\xef\xbb\xbf" + body, URL, {"content-type": "text/plain"}, "sitemap")
    assert (feed.format, feed.fault, [(item.link, item.title and item.title.value) for item in feed.items]) == (
        "sitemap-pages",
        None,
        [
            ("https://karsa.example/2026/01/08/bells-ring-again", "Bells ring again"),
            ("https://karsa.example/2026/01/07/ferry-a", None),
        ],
    )


def test_one_without_days_gives_what_names_a_story() -> None:
    body = addresses("about-us", "bells-ring-again", "bells-ring-again", "", "ferry-sails-at-last")
    assert links(body, "sitemap") == [
        "https://karsa.example/bells-ring-again",
        "https://karsa.example/ferry-sails-at-last",
    ]


def test_of_a_long_one_without_days_both_ends_are_read() -> None:
    found = links(addresses(*(f"bells-ring-{'x' * (n % 7)}y-{n}z" for n in range(NEWEST + 500))), "sitemap")
    assert (len(found), found[0], found[-1]) == (
        NEWEST,
        "https://karsa.example/bells-ring-y-0z",
        f"https://karsa.example/bells-ring-{'x' * ((NEWEST + 499) % 7)}y-{NEWEST + 499}z",
    )


@pytest.mark.parametrize("kind", ["auto", "feed", "page"])
def test_a_list_of_addresses_is_read_only_where_the_source_says_so(kind: str) -> None:
    with pytest.raises(ParseError, match='set kind = "sitemap"') as caught:
        links(addresses("bells-ring-again"), kind)
    assert caught.value.kind == "not a feed"


@pytest.mark.parametrize("body", [addresses("a b"), b"https", b"http://karsa.example/a\nand more", b"httpd: no"])
def test_other_text_is_no_list_of_addresses(body: bytes) -> None:
    with pytest.raises(ParseError, match="neither XML nor JSON"):
        links(body, "sitemap")


texts = st.text(max_size=30)


@given(
    st.lists(st.tuples(texts, texts, texts), max_size=8),
    st.sampled_from(["urlset", "sitemapindex"]),
    st.binary(max_size=20),
)
def test_any_text_is_read_or_refused(said: list[tuple[str, str, str]], root: str, rest: bytes) -> None:
    entry = "url" if root == "urlset" else "sitemap"
    body = "".join(
        f"<{entry}><loc>{a}</loc><lastmod>{b}</lastmod><news:news><news:title>{c}</news:title></news:news></{entry}>"
        for a, b, c in said
    )
    document = f"<{root}>{body}".encode("utf-8", "surrogatepass") + rest + f"</{root}>".encode()
    try:
        feed = parse(document, URL, {}, "sitemap")
    except ParseError:
        return
    assert all(item.link for item in feed.items)


@pytest.mark.parametrize(
    "body",
    [
        b'<s:urlset xmlns:s="http://www.sitemaps.org/schemas/sitemap/0.9" '
        b'xmlns="https://www.google.com/schemas/sitemap-news/0.9/"><s:url><s:loc>https://karsa.example/a</s:loc>'
        b"<news><title>x</title></news></s:url></s:urlset>",
        b'<urlset xmlns="http://www.google.com/schemas/sitemap/0.84" '
        b'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"><url><loc>https://karsa.example/a</loc>'
        b"<news:news><news:title><![CDATA[x]]></news:title></news:news></url></urlset>",
    ],
    ids=["other prefixes", "old namespace"],
)
def test_namespaces_count_not_prefixes(body: bytes) -> None:
    feed = parse(body, URL, {})
    assert [(item.link, item.title and item.title.value) for item in feed.items] == [("https://karsa.example/a", "x")]


def test_an_index_leads_to_no_endless_address() -> None:
    body = (
        f"<sitemapindex><sitemap><loc>/{'x' * MAX_LOC}</loc></sitemap><sitemap><loc>/a</loc></sitemap></sitemapindex>"
    )
    assert parse(body.encode(), URL, {}).follow == ("https://karsa.example/a",)
