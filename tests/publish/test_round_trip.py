"""What is published and read again, by ourselves, is the article that it was."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.model import Article, Category, Enclosure, Geo, Image, Item, ParsedFeed, Person, Source, Text
from feeds.normalise import normalise
from feeds.parse import parse
from feeds.publish import atom, html, jsonfeed, rss
from tests.publish.samples import RICH, SECTIONS, SITE, carrier, edition, view
from tests.values import replace

NOW = datetime(2026, 2, 1, tzinfo=UTC)
SOURCE = Source(name="gazette", url="https://gazette.example/feed")
RENDERERS = {"atom": atom.render, "rss": rss.render, "json": jsonfeed.render}
FIELDS = (
    *("title", "summary", "content", "text", "authors", "language", "published", "updated", "categories"),
    *("images", "enclosures", "geo", "comments", "rights", "url"),
)

words = st.text(st.characters(categories=("L", "N", "P", "S", "Zs"), max_codepoint=0x3FF), max_size=30)
names = st.sampled_from(("Jane Doe", "Can Demir", "Ana Ruiz Gil", "李 雷", "Ortega y Gasset"))
addresses = st.integers(0, 9).map(lambda n: f"https://gazette.example/{n}?a=b&c={n}")
moments = st.integers(946684800, 1767225600).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
categories = st.builds(
    Category,
    term=words,
    scheme=st.sampled_from((None, "https://cv.example/topics", "urn:cv:topics")),
    label=st.none() | words,
)
pictures = st.builds(
    Image,
    url=addresses.map(lambda url: f"{url}.jpg"),
    width=st.none() | st.integers(2, 3000),
    height=st.none() | st.integers(2, 3000),
    alt=st.none() | words,
    credit=st.none() | words,
)
files = st.builds(
    Enclosure,
    url=addresses.map(lambda url: f"{url}.mp3"),
    type=st.sampled_from(("audio/mpeg", "video/mp4", "application/pdf")),
    length=st.none() | st.integers(1, 10**9),
    title=st.none() | words,
    seconds=st.none() | st.integers(1, 10**5),
)
places = st.builds(
    Geo,
    latitude=st.floats(-90, 90),
    longitude=st.floats(-180, 180),
    name=st.none() | st.just("Izmir & bay"),
)
items = st.builds(
    Item,
    guid=st.just("g-1"),
    link=addresses,
    title=st.builds(Text, value=words.filter(str.strip)),
    summary=st.builds(Text, value=words),
    content=st.builds(lambda a, b: Text(value=f"<p>{a}</p><ul><li>{b}</li></ul>", type="html"), words, words),
    authors=st.lists(st.builds(Person, name=names), max_size=3, unique=True).map(tuple),
    categories=st.lists(categories, max_size=4, unique_by=lambda one: one.label or one.term).map(tuple),
    images=st.lists(pictures, max_size=3).map(tuple),
    enclosures=st.lists(files, max_size=3).map(tuple),
    published=moments.map(datetime.isoformat),
    updated=st.none() | moments.map(datetime.isoformat),
    language=st.sampled_from((None, "en", "tr", "zh-Hans")),
    rights=st.none() | st.just("© 2026 A & B"),
    comments=st.none() | addresses,
    geo=st.none() | places,
)


def published(item: Item) -> Article:
    return normalise(item, ParsedFeed(language="en"), SOURCE, SOURCE.url, NOW)


def read_again(article: Article, render, **carried: object) -> Article:
    shown = view(article, content_policy="full", carrier=carrier(**({"url": article.url} | carried)))
    document = render(edition(shown, site=replace(SITE, rights=None)))  # else its notice is that of all entries
    feed = parse(document.data, SITE.base_url + document.path, {"content-type": document.media_type})
    (item,) = feed.items
    return normalise(item, feed, SOURCE, SITE.base_url + document.path, NOW)


def said(article: Article) -> dict[str, object]:
    return {name: getattr(article, name) for name in FIELDS}


@pytest.mark.parametrize("render", RENDERERS.values(), ids=RENDERERS)
@given(item=items)
def test_every_field_comes_back(render, item):
    article = published(replace(item, authors=item.authors or (Person(name="Jane Doe"),)))
    assert said(read_again(article, render)) == said(article)


@pytest.mark.parametrize("render", RENDERERS.values(), ids=RENDERERS)
def test_the_id_is_the_guid(render):
    article = published(Item(guid="g-1", title=Text(value="T")))
    assert read_again(article, render).guid == article.id


@pytest.mark.parametrize("name", ["atom", "json"])
def test_nobody_signs_what_nobody_signed(name):
    article = published(Item(guid="g-1", title=Text(value="T"), content=Text(value="<p>x</p>", type="html")))
    assert read_again(article, RENDERERS[name]).authors == ()


@pytest.mark.parametrize("render", RENDERERS.values(), ids=RENDERERS)
def test_authors_come_back_when_the_source_has_no_address(render):
    article = published(Item(guid="g-1", title=Text(value="T"), authors=(Person(name="Jane Doe"),)))
    assert read_again(article, render, home=None).authors == (Person(name="Jane Doe"),)


@pytest.mark.parametrize("render", RENDERERS.values(), ids=RENDERERS)
def test_a_second_generation_is_like_the_first(render):
    markup = "<p>Rain &amp; wind.</p><figure><img src='https://gazette.example/a.jpg' alt=''></figure>"
    article = published(Item(guid="g-1", title=Text(value="T"), content=Text(value=markup, type="html")))
    once = read_again(article, render)
    assert said(read_again(replace(once, first_seen=NOW + timedelta(1)), render)) == said(once)


# ---------------------------------------------------------------- pages


def read_page(article: Article, **shown: object) -> Article:
    page = html.entry_page(SITE, view(article, **shown), SECTIONS)
    feed = parse(page.data, SITE.base_url + page.path, {"content-type": page.media_type}, "page")
    return normalise(feed.items[0], feed, SOURCE, SITE.base_url + page.path, NOW)


@pytest.mark.parametrize("policy", ["full", "summary"])
@pytest.mark.parametrize("summary", ["The ferry runs again after a winter of repairs.", "It sails."])
def test_a_page_comes_back_however_short_its_text_is(policy, summary):
    """Without the headline, the names and the links that are printed around it."""
    article = replace(RICH, summary=summary)
    again = read_page(article, content_policy=policy)
    texts = {
        "full": "IZMIR, Jan 8: The ferry runs again after a winter of repairs.\nIt sails twice a day.",
        "summary": summary,
    }
    assert (again.title, again.text, again.published, [person.name for person in again.authors]) == (
        RICH.title,
        texts[policy],
        RICH.published,
        ["Jane Doe", "Can Demir"],
    )


def test_the_agency_and_the_dateline_of_a_page_come_back():
    again = read_page(RICH, content_policy="full")
    assert (again.agency and again.agency.name, again.dateline and again.dateline.place) == (
        "Xinhua News Agency",
        "Izmir",
    )


@pytest.mark.parametrize("paywall", [True, False])
def test_a_page_without_a_text_comes_back_without_one(paywall):
    again = read_page(
        replace(published(Item(guid="g-1", title=Text(value="T"))), paywall=paywall), content_policy="headline"
    )
    assert (again.title, again.text, again.summary) == ("T", "", "")
