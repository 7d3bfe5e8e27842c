from urllib.parse import urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from publicsuffixlist import PublicSuffixList

from feeds.normalise.links import canonical, clean, is_pixel, resolve, unwrapped

BASE = "https://news.example/world/feed.xml"
HOSTS = ["example.com", "www.example.com", "m.example.co.uk", "www.gov.uk", "amp.www.example.org", "www.m.com", "m.com"]
hosts = st.sampled_from(HOSTS) | st.from_regex(
    r"(www\.|m\.|amp\.)?[a-z0-9-]{1,8}\.(com|co\.uk|example|de)", fullmatch=True
)
paths = st.text("abcAZ019/._~%-é北 &;=?#!+@:'\"<>\\|{}^`amp", max_size=40)
urls = st.builds(
    "{}://{}{}/{}".format,
    st.sampled_from(["http", "https", "HTTP"]),
    hosts,
    st.sampled_from(["", ":80", ":8080"]),
    paths,
)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("https://other.example/a?b=1#c", "https://other.example/a?b=1#c"),
        ("/a", "https://news.example/a"),
        ("a b.html", "https://news.example/world/a%20b.html"),
        ("?page=2", "https://news.example/world/feed.xml?page=2"),
        ("//other.example/a", "https://other.example/a"),
        ("www.other.example/a", "http://www.other.example/a"),
        ("https:/other.example/a", "https://other.example/a"),
        ("http:\\\\other.example\\a", "http://other.example/a"),
        (" \n https://other.example/a\tb \n", "https://other.example/ab"),
        ("https://other.example/50%", "https://other.example/50%25"),
        ("https://bücher.example/ä?ö=ü#ß", "https://xn--bcher-kva.example/%C3%A4?%C3%B6=%C3%BC#%C3%9F"),
        ("https://other.example:65000/", "https://other.example:65000/"),
        ("https://other.example:99999/", None),
        ("http://", None),
        ("http://[::1", None),
        ("http://a b/", None),
        ("javascript:alert(1)", None),
        ("java\nscript:alert(1)", None),
        ("data:text/html,x", None),
        ("mailto:desk@news.example", None),
        ("", None),
        ("https://other.example/" + "a" * 5000, None),
    ],
)
def test_links_become_absolute_or_nothing(said, expected):
    assert resolve(BASE, said) == expected


@pytest.mark.parametrize("base", [None, "", "nowhere", "file:///etc/", "urn:uuid:1"])
def test_nothing_is_relative_to_a_bogus_base(base):
    assert resolve(base, "a.html") is None


@given(st.none() | st.text(max_size=30) | st.just(BASE), st.text(max_size=80) | urls)
@example(BASE, "http://[x]/")
@example(BASE, "http://\udc80.example/")
def test_whatever_is_said_gives_an_ascii_http_url_or_nothing(base, said):
    url = resolve(base, said)
    assert url is None or (
        url.startswith(("http://", "https://")) and url.isascii() and url.isprintable() and " " not in url
    )


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://e.example/a?id=7&utm_source=rss&utm_medium=feed", "https://e.example/a?id=7"),
        ("https://e.example/a?utm_source=rss#part", "https://e.example/a#part"),
        ("https://e.example/a?rss", "https://e.example/a"),
        ("https://e.example/a?rss=7", "https://e.example/a?rss=7"),
        ("https://e.example/a?UTM_Source=rss&fbclid=x&at_medium=RSS", "https://e.example/a"),
        ("https://e.example/a#xtor=RSS-3208", "https://e.example/a"),
        ("https://e.example/a?ref=rss", "https://e.example/a"),
        ("https://e.example/a?ref=chapter-2", "https://e.example/a?ref=chapter-2"),
        ("https://e.example/a?b=2&&a=1&", "https://e.example/a?b=2&&a=1&"),
        ("https://e.example/img.jpg?crop/640x480/format", "https://e.example/img.jpg?crop/640x480/format"),
        ("https://e.example/?q=utm_source", "https://e.example/?q=utm_source"),
        ("https://e.example/#!/utm_source", "https://e.example/#!/utm_source"),
    ],
)
def test_tracking_goes_and_nothing_else(url, expected):
    assert clean(url) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://www.example.com/a/", "https://example.com/a"),
        ("https://m.example.com/a", "https://mobile.example.com/a"),
        ("https://example.com/a/amp/", "https://amp.example.com/a"),
        ("https://example.com/a.amp.html", "https://example.com/a.html"),
        ("https://example.com/a?amp=1", "https://example.com/a"),
        ("https://example.com:443/a/index.html", "http://EXAMPLE.com:80/a"),
        ("https://example.com/%7Eann/%e4", "https://example.com/~ann/%E4"),
        ("https://example.com/ä", "https://example.com/%C3%A4"),
        ("https://bücher.example/", "https://xn--bcher-kva.example"),
        ("https://example.com/a?b=2&a=1&utm_id=3#top", "https://example.com/a?a=1&b=2"),
        ("https://example.com/a/../b/./c", "https://example.com/b/c"),
        ("https://ann:secret@example.com/a", "https://example.com/a"),
    ],
)
def test_twins_have_one_key(one, other):
    assert canonical(one) == canonical(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://example.com/a", "https://example.com/A"),
        ("https://example.com/?id=1", "https://example.com/?id=2"),
        ("https://example.com/a%2Fb", "https://example.com/a/b"),
        ("https://example.com:8080/a", "https://example.com/a"),
        ("https://example.com/#!/a", "https://example.com/#!/b"),
        ("https://www.gov.uk/a", "https://gov.uk/a"),
        ("https://m.com/a", "https://com/a"),
        ("https://example.com/amp", "https://example.com/"),
    ],
)
def test_different_pages_have_different_keys(one, other):
    assert canonical(one) != canonical(other)


@pytest.mark.parametrize(
    "url", ["", "nonsense", "ftp://example.com/a", "mailto:a@example.com", "https://", "https:///a"]
)
def test_only_web_pages_have_a_key(url):
    assert canonical(url) is None


@given(urls)
def test_the_key_of_a_key_is_itself(url):
    key = canonical(url)
    assert key is None or canonical(key) == key


SUFFIXES = PublicSuffixList()


@given(hosts, paths)
def test_the_key_keeps_the_registrable_domain(host, path):
    key = urlsplit(canonical(f"https://{host}/{path}"))
    assert SUFFIXES.privatesuffix(key.hostname) == SUFFIXES.privatesuffix(host)


@given(urls)
def test_a_key_is_of_the_web(url):
    key = canonical(url)
    assert key is None or key.startswith("https://")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://www.google.com/url?rct=j&url=https://news.example/a%3Fb%3D1&ct=ga", "https://news.example/a?b=1"),
        ("http://www.bing.com/news/apiclick.aspx?ref=x&url=https%3a%2f%2fnews.example%2fa", "https://news.example/a"),
        ("https://www.google.com/amp/s/news.example/a/amp", "https://news.example/a/amp"),
        ("https://news-example.cdn.ampproject.org/c/s/news.example/a", "https://news.example/a"),
        ("https://www.google.com/url?url=javascript:alert(1)", "https://www.google.com/url?url=javascript:alert(1)"),
        ("https://www.google.com/url", "https://www.google.com/url"),
        ("https://news.example/url?url=https://other.example/", "https://news.example/url?url=https://other.example/"),
        ("https://news.example/amp/s/a.example/b", "https://news.example/amp/s/a.example/b"),
    ],
)
def test_a_known_redirector_says_where_it_leads(url, expected):
    assert unwrapped(url) == expected


@given(urls | paths.map("https://www.google.com/amp/{}".format) | paths.map("https://www.google.com/url?url={}".format))
def test_what_a_redirector_leads_to_is_of_the_web(url):
    found = unwrapped(url)
    assert found == url or found.startswith(("http://", "https://"))


@given(urls)
def test_cleaning_twice_is_cleaning_once(url):
    assert clean(clean(url)) == clean(url)


@pytest.mark.parametrize(
    "url",
    [
        "https://pixel.wp.com/b.gif?host=news.example",
        "https://media.news.example/tracking/news-rss-pixel.png?story=1",
        "https://news.example/1x1.gif",
        "https://0.gravatar.com/avatar/61f1?s=96",
        "http://rss.news.example/Harbour/news?g=1955",
    ],
)
def test_known_counters_are_pixels(url):
    assert is_pixel(url)


def test_pictures_are_no_pixels():
    assert not is_pixel("https://news.example/pixel.wp.com/b.gif")
