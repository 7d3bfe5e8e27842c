"""What may be printed of a string."""

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
