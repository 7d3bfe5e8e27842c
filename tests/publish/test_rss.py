"""RSS 2.0: what feedgen alone would lose or take from the process."""

import locale

import feedparser
import pytest
from lxml import etree

from feeds.publish import rss
from tests.publish.samples import article, carrier, edition, rich_view, urn, view

ATOM = "{http://www.w3.org/2005/Atom}"
DC = "{http://purl.org/dc/elements/1.1/}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"


def channel_of(*views, **changes):
    return etree.fromstring(rss.render(edition(*views, **changes)).data)[0]


def test_the_document_goes_to_the_sections_folder():
    document = rss.render(edition(view()))
    assert (document.path, document.media_type) == ("world/rss.xml", "application/rss+xml")


def test_the_same_edition_gives_the_same_bytes():
    assert rss.render(edition(rich_view(), view())).data == rss.render(edition(rich_view(), view())).data


def test_the_locale_of_the_process_is_left_alone(monkeypatch):
    def refuse(*_):
        raise AssertionError("setlocale was called")

    monkeypatch.setattr(locale, "setlocale", refuse)
    assert channel_of(view()).findtext("lastBuildDate") == "Thu, 08 Jan 2026 12:00:00 +0000"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("title", "Harbour Wire: World"),
        ("link", "https://wire.example.org/world/"),
        ("description", "World from Harbour Wire"),
        ("language", "en"),
        ("ttl", "15"),
        ("copyright", "© Harbour Wire"),
    ],
)
def test_the_channel_says(name, expected):
    assert channel_of(view()).findtext(name) == expected


def test_the_channel_names_itself():
    link = channel_of(view()).find("{http://www.w3.org/2005/Atom}link[@rel='self']")
    assert link.get("href") == "https://wire.example.org/world/rss.xml"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("title", "Ferry line rich reopens"),
        ("link", "https://gazette.example/rich"),
        ("description", "The ferry runs again after a winter of repairs."),
        ("guid", urn("rich")),
        ("pubDate", "Thu, 08 Jan 2026 12:00:00 +0000"),
        ("{http://www.w3.org/2005/Atom}updated", "2026-01-08T12:00:00+00:00"),
        ("source", "The Gazette"),
        ("comments", "https://gazette.example/rich#comments"),
        (f"{DC}rights", "© The Gazette"),
    ],
)
def test_an_item_says(name, expected):
    assert channel_of(rich_view()).find("item").findtext(name) == expected


def test_the_guid_is_no_permalink():
    assert channel_of(view()).find("item/guid").get("isPermaLink") == "false"


def test_creators_need_no_address():
    creators = [e.text for e in channel_of(rich_view()).findall(f"item/{DC}creator")]
    assert creators == ["Jane Doe, The Gazette", "Can Demir, The Gazette"]


def test_a_plain_summary_is_escaped_once_more_as_descriptions_are_html():
    item = channel_of(view(article(summary="Profit < loss & more"))).find("item")
    assert item.findtext("description") == "Profit &lt; loss &amp; more"


def test_a_headline_consists_of_the_marked_line():
    item = channel_of(view(content_policy="headline")).find("item")
    assert (item.findtext("description")[:28], item.find(CONTENT)) == ('<p class="copydesk-credit"><', None)


def test_one_enclosure_and_the_rest_as_media():
    item = channel_of(rich_view()).find("item")
    media = [e.get("url") for e in item.findall("{http://search.yahoo.com/mrss/}content")]
    assert (len(item.findall("enclosure")), media[-1]) == (1, "https://gazette.example/b.pdf")


def test_a_category_says_its_label_and_media_rss_its_term():
    item = channel_of(rich_view()).find("item")
    media = item.find("{http://search.yahoo.com/mrss/}category")
    assert (item.findtext("category"), media.text, media.get("label")) == ("Transport", "transport", "Transport")


def test_a_source_without_an_address_is_named_as_in_atom():
    item = channel_of(view(carrier=carrier(home=None))).find("item")
    assert (item.find("source"), item.findtext(f"{ATOM}source/{ATOM}title")) == (None, "The Gazette")


def test_prefixes_are_clean():
    assert b"ns0" not in rss.render(edition(rich_view())).data


def test_feedparser_finds_it_well_formed():
    assert feedparser.parse(rss.render(edition(rich_view(), view())).data).bozo is False
