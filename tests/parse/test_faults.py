"""What is wrong with a document as it came."""

import pytest

from feeds.parse import parse

URL = "https://feed.example/dir/feed"
WHOLE = "<rss version='2.0'><channel><title>T</title><item><title>{}</title></item></channel></rss>"
XML = {"content-type": "application/rss+xml"}


def fault(body: bytes, headers: dict[str, str] | None = None) -> str | None:
    return parse(body, URL, headers or {}).fault


@pytest.mark.parametrize(
    "body",
    [
        WHOLE.format("a").encode(),
        b"\n\n" + WHOLE.format("a").encode(),
        b'<!DOCTYPE rss [<!ENTITY port "harbour">]>' + WHOLE.format("the &port;").encode(),
        b'<!DOCTYPE rss SYSTEM "https://feed.example/rss.dtd">' + WHOLE.format("a&nbsp;b").encode(),
        WHOLE.format("caf&#195;&#169;").encode(),
        b"<rss version='2.0'/>",
    ],
)
def test_well_formed_documents_have_none_however_they_are_read(body: bytes) -> None:
    assert fault(body, XML) is None


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (WHOLE.format("ships & tugs").encode(), "line 1"),
        (b"\n<?xml version='1.0'?>" + WHOLE.format("a").encode(), "declaration"),
        (b"Warning: none<br>" + WHOLE.format("a").encode(), "17 bytes of something else in front of the document"),
        (WHOLE.format("a<dc:date>x</dc:date>").encode(), "Namespace prefix dc on date is not defined"),
        (b"<!DOCTYPE rss>" + WHOLE.format("a & b").encode(), "line 1"),
        (b"<?xml version='1.0' encoding='euc-jp'?>" + WHOLE.format("").encode() + b"\xff", "the encoding that it decl"),
        (WHOLE.format("<b").encode() + b"<" + b"n" * 9000, "line 1"),
    ],
)
def test_malformed_documents_say_where(body: bytes, words: str) -> None:
    assert words in (fault(body, XML) or "none")


@pytest.mark.parametrize(
    ("body", "path"),
    [
        (b"<!DOCTYPE rss>" + WHOLE.format("a").encode(), "strict"),
        (b'<!DOCTYPE rss SYSTEM "https://feed.example/rss.dtd">' + WHOLE.format("a&nbsp;b").encode(), "strict"),
        (b"<!DOCTYPE rss>" + WHOLE.format("a & b").encode(), "repaired"),
        (b"\n\n<?xml version='1.0'?>" + WHOLE.format("a").encode(), "repaired"),
    ],
)
def test_only_what_is_malformed_counts_as_repaired(body: bytes, path: str) -> None:
    assert parse(body, URL, XML).path == path


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("text/xml", None),
        ("application/atom+xml; charset=utf-8", None),
        ("", None),
        ("; charset=utf-8", None),
        ("text/html; charset=utf-8; profile=xml", "the server calls it text/html, which is no XML"),
        ("Text/Plain", "the server calls it text/plain, which is no XML"),
    ],
)
def test_a_feed_that_is_served_as_something_else(kind: str, expected: str | None) -> None:
    assert fault(WHOLE.format("a").encode(), {"content-type": kind}) == expected


@pytest.mark.parametrize(
    ("version", "expected"), [("0.91", "0.91"), ("0.93", "0.93"), ("2.0", None), ("2.0.1", None), ("", None)]
)
@pytest.mark.parametrize("channels", [1, 0], ids=["strict", "lenient"])
def test_the_version_where_the_format_has_several(version: str, expected: str | None, channels: int) -> None:
    body = f"<rss version='{version}'>{'<channel/>' * channels}</rss>"
    assert parse(body.encode(), URL, {}).version == expected
