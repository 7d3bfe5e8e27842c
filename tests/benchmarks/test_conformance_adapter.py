"""What a conformance table is told: what a document says, in neutral keys."""

from typing import Any

import pytest

from benchmarks.conformance_adapter import adapter

URL = "https://karsa.example/feeds/news.xml"


def told(body: str, url: str = URL) -> dict[str, Any]:
    return adapter(body.encode(), url, {"Content-Type": "application/xml"})


def rss(items: str, head: str = "<title>The Karsa Times</title>") -> str:
    return f"<rss version='2.0'><channel>{head}{items}</channel></rss>"


def atom(inside: str) -> str:
    return f"<feed xmlns='http://www.w3.org/2005/Atom'>{inside}</feed>"


def test_a_title_is_told_with_the_publishers_name_behind_it() -> None:
    (entry,) = told(rss("<item><title>Ferry sails - The Karsa Times</title></item>"))["entries"]
    assert entry["title"] == "Ferry sails - The Karsa Times"


@pytest.mark.parametrize(
    ("item", "title"),
    [
        ("<description>Ferry sails. Bells ring.</description><link>/a</link>", "Ferry sails."),
        ("<link>/a/</link>", "https://karsa.example/a/"),
        ("<author>Jane Doe</author>", ""),
    ],
)
def test_a_title_that_is_missing_is_the_first_sentence_else_the_link(item: str, title: str) -> None:
    (entry,) = told(rss(f"<item>{item}</item>"))["entries"]
    assert entry["title"] == title


@pytest.mark.parametrize(
    ("said", "expected"),
    [("/a", "https://karsa.example/a"), ("tag:karsa.example,2026:a", "tag:karsa.example,2026:a"), ("a", "a")],
)
def test_an_id_of_atom_is_an_address_where_it_is_a_path(said: str, expected: str) -> None:
    found = told(atom(f"<id>{said}</id><entry><id>{said}</id><title>x</title></entry>"))
    assert (found["feed"]["id"], found["entries"][0]["id"]) == (expected, expected)


def test_a_guid_of_rss_is_told_as_said() -> None:
    assert told(rss("<item><guid>/a</guid></item>"))["entries"][0]["id"] == "/a"


@pytest.mark.parametrize(
    ("said", "line"),
    [
        ("Jane Doe (jane@karsa.example)", "Jane Doe (jane@karsa.example)"),
        ("Jane Doe (mailto:jane@karsa.example)", "Jane Doe (mailto:jane@karsa.example)"),
    ],
)
def test_who_signs_for_a_channel_is_told_as_said_for_its_items(said: str, line: str) -> None:
    head = f"<dc:creator xmlns:dc='http://purl.org/dc/elements/1.1/'>{said}</dc:creator>"
    (entry,) = told(rss("<item><title>x</title></item>", head))["entries"]
    assert (entry["author"], entry["author_name"], entry["author_email"]) == (line, "Jane Doe", "jane@karsa.example")


@pytest.mark.parametrize(
    ("body", "meta"),
    [
        (rss("<item><title>x</title></item>"), {"entry_count": 1, "bozo": False}),
        (rss("<item><title>a & b</title></item>"), {"entry_count": 1, "bozo": True}),
        ("<!-- nothing -->", {"entry_count": 0, "bozo": True}),
    ],
    ids=["well-formed", "malformed", "refused"],
)
def test_whether_it_is_well_formed(body: str, meta: dict[str, object]) -> None:
    assert told(body)["meta"] == meta
