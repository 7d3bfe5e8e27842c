"""JSON Feed 1.1: the rules of the specification, read off the rendered bytes."""

import json

import pytest

from feeds.publish import jsonfeed
from tests.publish.samples import article, carrier, edition, rich_view, urn, view


def feed_of(*views, **changes):
    return json.loads(jsonfeed.render(edition(*views, **changes)).data)


def test_the_document_goes_to_the_sections_folder():
    document = jsonfeed.render(edition(view()))
    assert (document.path, document.media_type) == ("world/feed.json", "application/feed+json")


def test_the_same_edition_gives_the_same_bytes():
    assert jsonfeed.render(edition(rich_view(), view())).data == jsonfeed.render(edition(rich_view(), view())).data


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("version", "https://jsonfeed.org/version/1.1"),
        ("title", "Harbour Wire: World"),
        ("home_page_url", "https://wire.example.org/world/"),
        ("feed_url", "https://wire.example.org/world/feed.json"),
        ("language", "en"),
        ("authors", [{"name": "Harbour Wire", "url": "https://wire.example.org/"}]),
    ],
)
def test_the_feed_says(key, expected):
    assert feed_of(view())[key] == expected


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("id", urn("rich")),
        ("url", "https://gazette.example/rich"),
        ("title", "Ferry line rich reopens"),
        ("summary", "The ferry runs again after a winter of repairs."),
        ("image", "https://gazette.example/f.jpg"),
        ("date_published", "2026-01-08T12:00:00+00:00"),
        ("date_modified", "2026-01-08T12:00:00+00:00"),
        (
            "authors",
            [
                {"name": "Jane Doe, The Gazette", "url": "mailto:jane@gazette.example"},
                {"name": "Can Demir, The Gazette", "url": "https://can.example/"},
            ],
        ),
        ("tags", ["Transport", "sea"]),
        ("language", "en"),
        (
            "attachments",
            [
                {
                    "url": "https://gazette.example/a.mp3",
                    "mime_type": "audio/mpeg",
                    "title": "Listen",
                    "size_in_bytes": 1234,
                    "duration_in_seconds": 61,
                },
                {"url": "https://gazette.example/b.pdf", "mime_type": "application/pdf"},
            ],
        ),
    ],
)
def test_an_item_says(key, expected):
    assert feed_of(rich_view())["items"][0][key] == expected


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("agency", "Xinhua"),
        ("dateline", {"place": "Izmir", "country": "TR", "date": "Jan 8"}),
        (
            "source",
            {
                "name": "gazette",
                "title": "The Gazette",
                "home": "https://gazette.example/",
                "url": "https://gazette.example/rich",
            },
        ),
        (
            "also_reported_by",
            [
                {
                    "name": "courier",
                    "title": "The Courier",
                    "home": "https://courier.example/",
                    "url": "https://courier.example/a",
                },
                {"name": "herald", "title": "The Herald", "home": "https://herald.example/"},
            ],
        ),
    ],
)
def test_the_extension_says(key, expected):
    assert feed_of(rich_view())["items"][0]["_copydesk"][key] == expected


def test_the_original_is_external_when_the_link_is_our_page():
    assert feed_of(view(link_policy="page"))["items"][0]["external_url"] == "https://gazette.example/a"


def test_nothing_empty_is_said():
    lead = article(summary="", content="", language=None)
    assert set(feed_of(view(lead, carrier=carrier(url=None)))["items"][0]) == {
        "id", "url", "title", "content_html", "date_published", "date_modified", "authors", "_copydesk",
    }  # fmt: skip
