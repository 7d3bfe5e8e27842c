"""What may be printed of a string."""

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from feeds.publish import text


@given(st.text(st.characters()))
def test_legible_text_is_xml(value):
    element = etree.Element("a")
    element.text = text.legible(value)
    assert etree.tostring(element)


@given(st.text(st.characters(exclude_categories=["C"])))
def test_printable_text_is_kept(value):
    assert text.legible(value) == value


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://a.example/x?y=1&z=%20#f", "https://a.example/x?y=1&z=%20#f"),
        ("HTTP://a.example/", "HTTP://a.example/"),
        ("https://a.example/ü x", "https://a.example/%C3%BC%20x"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
        ("https://a.example/\x00\ud800", "https://a.example/"),
        ("ftp://a.example/", None),
        ("javascript:alert(1)", None),
        ("https://", None),
        ("", None),
        (None, None),
    ],
)
def test_a_web_url(url, expected):
    assert text.web_url(url) == expected


@given(st.text())
def test_a_web_url_has_only_its_characters_or_is_none(value):
    url = text.web_url("https://" + value)
    assert url is None or (url.isascii() and not set(url) & set(' <>"{}|\\^`\n\t\r'))


@pytest.mark.parametrize(
    ("url", "expected"),
    [("https://www.a.example/x", "a.example"), ("https://u:p@A.example:80/", "a.example:80")],
)
def test_the_host_that_a_reader_knows(url, expected):
    assert text.host(url) == expected


@pytest.mark.parametrize(
    ("said", "url", "expected"),
    [
        ("audio/mpeg", "https://a.example/x", "audio/mpeg"),
        ("nonsense", "https://a.example/x.mp3?y", "audio/mpeg"),
        (None, "https://a.example/x", "application/octet-stream"),
    ],
)
def test_a_media_type(said, url, expected):
    assert text.media_type(said, url) == expected


@pytest.mark.parametrize(
    "title",
    [
        "AT&T < you",
        "Q&A: R&D at M&S, H&M & B&Q",
        "I <3 N.Y.",
        "5 < 6 & 7 > 6",
        "& so on; &; &#; <",
        "Under-<16s",
        "Bells may ring early",
        "",
    ],
)
def test_a_title_that_nobody_takes_for_markup_stays_as_it_is(title):
    assert text.unmistakable(title) == title


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("The <title> element", "The <\u2060title> element"),
        ("<b>Bold</b>", "<\u2060b>Bold<\u2060/b>"),
        ("<!-- c --> <?php", "<\u2060!-- c --> <\u2060?php"),
        ("x &gt; y &#8217; &#x3C;", "x &\u2060gt; y &\u2060#8217; &\u2060#x3C;"),
        ("&amp;amp; &copy2026", "&\u2060amp;amp; &\u2060copy2026"),
    ],
)
def test_what_could_be_markup_gets_an_invisible_character_inside(title, expected):
    assert text.unmistakable(title) == expected


@given(st.text("<>&;/!?#abglmptx1 \u2060", max_size=40) | st.text(max_size=40))
def test_read_as_html_a_title_says_what_it_says_as_text(title):
    printed = text.unmistakable(title)
    assert unescape(printed) == printed
    assert re.search(r"<[A-Za-z/!?]", printed) is None
    assert printed.replace("\u2060", "") == title.replace("\u2060", "")
