"""What we publish, read as somebody's source: agency and dateline are those of the article, our own line is gone."""

from datetime import UTC, datetime

import pytest

from feeds.model import Item, ParsedFeed, Person, Source, Text
from feeds.normalise import normalise
from feeds.parse import parse
from feeds.publish import atom, jsonfeed, rss
from tests.publish.samples import carrier, edition, view

NOW = datetime(2026, 1, 10, 12, tzinfo=UTC)
URL = "https://wire.example/world/feed"
SOURCE = Source(name="wire", url=URL)
FORMATS = [(atom, "application/atom+xml"), (rss, "application/rss+xml"), (jsonfeed, "application/feed+json")]
LEAD = "The port reopened on Thursday, its master said, and two ferries sailed before noon."
SAID = {
    "dateline and credit": Item(
        title=Text(value="Port reopens"),
        content=Text(value=f"<p>IZMIR, Türkiye, Jan. 8 (Xinhua) -- {LEAD}</p><p>It sails again.</p>", type="html"),
    ),
    "credit line": Item(
        title=Text(value="Port reopens"),
        content=Text(value=f"<p>Izmir [Turkiye], January 8: {LEAD}</p><p>Source: Bernama</p>", type="html"),
    ),
    "author": Item(
        title=Text(value="Port reopens"),
        authors=(Person(name="AFP"),),
        content=Text(value=f"<p>{LEAD}</p><p>It sails again.</p>", type="html"),
    ),
    "nobody": Item(
        title=Text(value="Port reopens"), content=Text(value=f"<p>{LEAD}</p><p>It sails again.</p>", type="html")
    ),
}


def first(item, feed=ParsedFeed(language="en")):  # noqa: B008
    return normalise(item, feed, SOURCE, URL, NOW)


def returned(article, form, policy, **changes):
    renderer, media_type = form
    shown = view(article, content_policy=policy, **changes)
    feed = parse(renderer.render(edition(shown)).data, URL, {"content-type": media_type})
    return first(feed.items[0], feed)


@pytest.fixture(params=SAID.values(), ids=SAID)
def article(request):
    return first(request.param)


@pytest.fixture(params=FORMATS, ids=["atom", "rss", "json"])
def form(request):
    return request.param


def test_agency_and_dateline_of_a_full_text_return(article, form):
    again = returned(article, form, "full")
    assert (again.agency and again.agency.name, again.dateline) == (
        article.agency and article.agency.name,
        article.dateline,
    )


def test_so_does_the_text(article, form):
    assert returned(article, form, "full").text == article.text


def test_and_the_text_to_match(article, form):
    assert returned(article, form, "full").match_text == article.match_text


def test_the_agency_returns_from_a_summary(article, form):
    again = returned(article, form, "summary")
    assert (again.agency and again.agency.name) == (article.agency and article.agency.name)


def test_nothing_of_our_line_is_taken_for_a_summary(article, form):
    again = returned(article, form, "headline", others=(carrier("courier"), carrier("herald")))
    assert (again.summary, again.text) == ("", "")


OTHERS = tuple(
    view(first(Item(title=Text(value=title))), carrier=carrier(name, title))
    for name, title in (("courier", "Ferries <sail> & ring"), ("herald", "</div> Who pays?"), ("post", ""))
)


@pytest.mark.parametrize("policy", ["full", "summary", "headline"])
def test_nor_is_what_an_entry_shows_of_its_story(article, form, policy):
    alone = returned(article, form, policy)
    shown = returned(article, form, policy, inside=OTHERS, further=3, more=())
    said = ("title", "summary", "content", "text", "match_text", "url", "agency", "dateline", "authors")
    assert [getattr(shown, name) for name in said] == [getattr(alone, name) for name in said]


def test_an_agency_that_is_the_source_returns(form):
    article = first(SAID["author"])
    source = carrier(title="Agence France-Presse", home="https://afp.example/")
    assert returned(article, form, "full", carrier=source).agency.name == "Agence France-Presse"
