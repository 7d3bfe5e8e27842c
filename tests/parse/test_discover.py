"""Where a page says that its feeds are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.parse.discover import Candidate, discover, sitemaps, web_address, well_known

URL = "https://post.example/world/"


def urls(html, headers=None, url=URL):
    return [one.url for one in discover(html.encode(), url, headers or {})]


def link(href, media="application/rss+xml", more=""):
    return f'<link rel="alternate" type="{media}" href="{href}" {more}>'


def test_a_declared_feed_with_all_that_is_said_of_it():
    html = link("/rss", more='title=" The  Post " hreflang="tr"')
    assert discover(html.encode(), URL, {}) == (
        Candidate(
            url="https://post.example/rss", how="link", title="The Post", type="application/rss+xml", language="tr"
        ),
    )


@pytest.mark.parametrize(
    "media",
    [
        "application/rss+xml",
        "application/atom+xml",
        "application/rdf+xml",
        "application/feed+json",
        "Application/RSS+XML; charset=utf-8",
        "application/x.atom+xml",
        "text/rss+xml",
        "text/rss",
    ],
)
def test_types_of_feeds(media):
    assert urls(link("/a", media)) == ["https://post.example/a"]


@pytest.mark.parametrize(
    "html",
    [
        link("/wp-json/wp/v2/pages/7", "application/json"),
        link("/oembed?url=x", "application/json+oembed"),
        link("/oembed?format=xml", "text/xml+oembed"),
        link("/tr/", "text/html", 'hreflang="tr"'),
        '<link rel="stylesheet" type="text/css" href="/feed.css">',
        '<link rel="alternate stylesheet" type="application/rss+xml" href="/a">',
        link("", "application/rss+xml"),
        link("javascript:feed()", "application/rss+xml"),
        link("http://[::1/feed", "application/rss+xml"),
        link("https://post.example:99999/feed", "application/rss+xml"),
        "",
        "<p>nothing",
        "\x00\xff",
    ],
)
def test_what_declares_no_feed(html):
    assert urls(html) == []


@pytest.mark.parametrize("media", ["application/json", "text/xml", "application/xml"])
def test_a_plain_type_counts_where_the_words_speak_of_feeds(media):
    assert urls(link("/feed.json", media) + link("/b", media, 'title="News feed"') + link("/c", media)) == [
        "https://post.example/feed.json",
        "https://post.example/b",
    ]


def test_rel_feed_needs_no_type():
    assert urls('<link rel="feed" href="/a">') == ["https://post.example/a"]


def test_a_link_header():
    header = (
        '<https://post.example/style.css>; rel="preload", '
        '</f,1.xml>; rel="alternate"; type="application/atom+xml"; title="A, b"'
    )
    assert discover(b"", URL, {"link": header}) == (
        Candidate(url="https://post.example/f,1.xml", how="header", title="A, b", type="application/atom+xml"),
    )


def test_the_base_of_a_page():
    assert urls('<base href="https://cdn.example/x/">' + link("feed")) == ["https://cdn.example/x/feed"]


@pytest.mark.parametrize(
    "anchor",
    [
        '<a href="/sport.rss">Sport</a>',
        '<a href="/feed/">Follow</a>',
        '<a href="/?feed=rss2">Follow</a>',
        '<a href="/en/rss.xml">x</a>',
        '<a href="/feed.json">x</a>',
        '<a href="feed://post.example/x">x</a>',
        '<a href="https://feeds.cdn.example/post">x</a>',
        '<a href="/service/17"><img> RSS </a>',
        '<a href="/service/17" title="RSS"><img></a>',
    ],
)
def test_links_that_look_like_feeds(anchor):
    found = discover(anchor.encode(), URL, {})
    assert [one.how for one in found] == ["anchor"]


@pytest.mark.parametrize(
    "anchor",
    [
        '<a href="/feedback">Feedback</a>',
        '<a href="/news/">News</a>',
        '<a href="/sitemap.xml">Map</a>',
        '<a href="https://reader.example/subscribe/feed/https://post.example/rss">Read</a>',
        '<a href="https://reader.example/add?url=https%3A%2F%2Fpost.example%2Frss.xml">RSS</a>',
        '<a href="mailto:rss@post.example">RSS</a>',
        '<a href="/storm">The storm took every roof in the street</a>',
    ],
)
def test_links_that_do_not(anchor):
    assert urls(anchor) == []


def test_the_most_trusted_first_and_comments_last():
    html = (
        '<a href="/a.rss">x</a>'
        + link("/c", more='title="Post » Comments Feed"')
        + link("/comments/feed/")
        + link("/b")
        + link("/b", more='title="again"')
    )
    header = '</h>; rel=alternate; type="application/rss+xml"'
    assert urls(html, {"link": header}) == [
        f"https://post.example{path}" for path in ("/h", "/b", "/a.rss", "/c", "/comments/feed/")
    ]


@pytest.mark.parametrize(
    "title",
    ["Kommentar-Feed", "Flux des commentaires", "Comentarios de Feria", "Лента комментариев", "コメントフィード"],
)
def test_comments_in_other_languages(title):
    assert Candidate(url=URL, how="link", title=title).comments


@pytest.mark.parametrize("title", ["Comment", "Commentary", "Kommentare", "World"])
def test_sections_that_are_no_comments(title):
    assert not Candidate(url="https://post.example/commentary/rss", how="link", title=title).comments


def test_the_encoding_that_a_page_declares():
    html = '<meta charset="iso-8859-9"><link rel=alternate type=application/rss+xml href=/a title="Dünya şehirleri">'
    (found,) = discover(html.encode("iso-8859-9"), URL, {})
    assert found.title == "Dünya şehirleri"


def test_usual_addresses_of_a_site():
    assert [one.url for one in well_known("https://post.example:81/a/b.html?c")][:2] == [
        "https://post.example:81/feed",
        "https://post.example:81/rss",
    ]


def test_usual_addresses_of_a_section_begin_below_it():
    assert [one.url for one in well_known("https://post.example/world/")][:2] == [
        "https://post.example/world/feed",
        "https://post.example/feed",
    ]


@pytest.mark.parametrize(
    ("said", "address"),
    [
        ("feed://post.example/a", "http://post.example/a"),
        ("feed:https://post.example/a", "https://post.example/a"),
        (" /a ", "https://post.example/a"),
        ("//cdn.example/a", "https://cdn.example/a"),
        ("javascript:alert(1)", None),
        ("data:text/xml,x", None),
        ("/a b", None),
        ("/" + "a" * 3000, None),
        ("https://post.example:0/", None),
    ],
)
def test_addresses(said, address):
    assert web_address(URL, said) == address


def test_an_address_names_no_variable_of_ours():
    assert web_address(URL, "https://evil.example/?${HOME}") == "https://evil.example/?%24%7BHOME}"


def test_sitemaps_of_a_robots_txt_those_of_news_first():
    robots = (
        b"User-agent: *\nDisallow: /x\nSitemap: https://post.example/map.xml\nsitemap:/news.xml # new\nSitemap: x:y\n"
    )
    assert sitemaps(robots, "https://post.example/robots.txt") == (
        "https://post.example/news.xml",
        "https://post.example/map.xml",
    )


@given(st.binary(max_size=300), st.text(max_size=100), st.text(max_size=60))
def test_it_is_total(body, header, url):
    found = discover(body, url, {"link": header, "content-type": header})
    assert all(one.url.startswith(("http://", "https://")) for one in found)


@given(
    st.lists(
        st.sampled_from(
            [
                "<link rel=alternate",
                " type=application/rss+xml",
                " href=/a",
                ">",
                "<a href='/feed",
                "'",
                "<",
                "RSS",
                "</a>",
                "<base href=//x>",
            ]
        )
    )
)
def test_markup_in_any_order(parts):
    assert all(one.url.startswith("https://") for one in discover("".join(parts).encode(), URL, {}))


@pytest.mark.parametrize(
    "body", [b"<a href=/feed>" * 60_000, b"<" * 500_000, b"<div>" * 100_000, b"<a href='/rss" * 50_000, b"&" * 500_000]
)
def test_hostile_pages_are_bounded(body):
    assert len(discover(body, URL, {})) <= 200


@pytest.mark.parametrize("header", ["<" * 100_000, "<a>;" * 50_000, '<a>; x="' * 30_000, "<a>" + "; a=b" * 50_000])
def test_hostile_headers_are_bounded(header):
    assert discover(b"", URL, {"link": header}) == ()
