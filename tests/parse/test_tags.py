import pytest

from feeds.parse import parse
from feeds.parse.tags import matched


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("<rss><a>x</aa></rss>", "<rss><a>x</a></rss>"),
        ("<rss><a><b>x</a></b></rss>", "<rss><a><b>x</b></a></rss>"),
        ("<rss><a/><![CDATA[</b>]]><!-- </c> --></rss>", "<rss><a/><![CDATA[</b>]]><!-- </c> --></rss>"),
        ("<rss><item>x</entry></rss>", "<rss><item>x</entry></rss>"),
        ("<rss><item><a>x</b></a></item></rss>", "<rss><item><a>x</b></a></item></rss>"),  # one end too many
        ("<rss><a>x</b></rss><c>", "<rss><a>x</b></rss><c>"),
        ("</a></b>", "</a></b>"),
    ],
)
def test_matched(said, expected):
    assert matched(said) == expected


def test_what_fits_is_handed_back_as_it_is():
    text = "<rss><a>x</a></rss>"
    assert matched(text) is text


def test_a_slip_in_an_end_tag_costs_no_field():
    body = b"<rss><channel><language>en</langauge><item><title>x</titel></item></channel></rss>"
    feed = parse(body, "https://feed.example/", {})
    assert (feed.path, feed.language, feed.items[0].title.value) == ("repaired", "en", "x")
