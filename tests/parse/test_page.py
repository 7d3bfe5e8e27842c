"""HTML pages as sources: an article with the teasers beside it, and lists."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from feeds.errors import ParseError
from feeds.model import Article, Item, PageSelectors, ParsedFeed, Related, Source
from feeds.normalise import normalise
from feeds.parse import parse
from tests.parse.reading import reading

PAGES = Path(__file__).parent / "pages"
DOCUMENTS = sorted(path for path in PAGES.iterdir() if path.suffix != ".json")
NOW = datetime(2026, 1, 10, tzinfo=UTC)
URLS = {
    "wire": "https://messenger.example/world/ferries-81724",
    "list": "https://karsa.example/news/",
    "article": "https://ponant.example/2026/01/06/x?utm=1",
}
PROSE = "<p>" + "The harbour was quiet, and the bells were not. " * 6 + "</p>"


def page(body: str | bytes, url: str = URLS["article"], selectors: PageSelectors | None = None) -> ParsedFeed:
    return parse(body.encode() if isinstance(body, str) else body, url, {}, "page", selectors)


def first(body: str, url: str = URLS["article"], selectors: PageSelectors | None = None) -> Item:
    return page(f"<!doctype html>{body}", url, selectors).items[0]


def title(item: Item) -> str | None:
    return item.title.value if item.title else None


def data(value: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(value)}</script>'


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_page_reads_as_expected(path: Path) -> None:
    expected = json.loads(path.with_name(f"{path.name}.json").read_text("utf-8"))
    assert reading(page(path.read_bytes(), URLS[path.stem.partition("_")[0]])) == expected


# ---------------------------------------------------------------- the page that it all began with


def articles(name: str) -> list[Article]:
    feed = page((PAGES / name).read_bytes(), URLS["wire"])
    return [normalise(item, feed, Source(name="messenger", url=URLS["wire"]), URLS["wire"], NOW) for item in feed.items]


@pytest.fixture(params=["wire.txt", "wire_jsonld.html", "wire_semantic.html", "wire_soup.html"])
def wire(request: pytest.FixtureRequest) -> list[Article]:
    return articles(request.param)


def test_the_wire_story_has_its_headline_section_and_date(wire: list[Article]) -> None:
    story = wire[0]
    found = (story.title, [c.term for c in story.categories], story.published.date().isoformat(), story.published_from)
    assert found == ("Türkiye and Indonesia agree to build ferries together", ["World"], "2026-01-08", "published")


def test_the_wire_story_is_read_in_paragraphs_without_dateline_and_credit(wire: list[Article]) -> None:
    lines = (PAGES / "wire.txt").read_text("utf-8").split("\n")
    paragraphs = [lines[6].removeprefix("Ankara [Turkiye], January 8: "), *lines[7:12]]
    assert wire[0].match_text.split("\n") == paragraphs


def test_the_wire_story_has_its_dateline(wire: list[Article]) -> None:
    dateline = wire[0].dateline
    assert dateline and (dateline.place, dateline.country, dateline.date) == ("Ankara", "Türkiye", "January 8")


def test_the_wire_story_is_the_agencys_and_quotes_another(wire: list[Article]) -> None:
    agency = wire[0].agency
    assert agency and (agency.name, agency.quoted) == ("Xinhua News Agency", ("Bernama",))


def test_the_teaser_is_an_article_of_its_own(wire: list[Article]) -> None:
    _, teaser = wire
    dateline = teaser.dateline
    assert dateline and (teaser.title, teaser.published.date().isoformat(), dateline.place, dateline.country) == (
        "Senators press for answers on the closed icebreaker yard",
        "2026-01-09",
        "Washington, DC",
        "US",
    )
    assert teaser.match_text.startswith("Nobody in the committee room could say")


def test_the_story_is_related_to_the_teaser(wire: list[Article]) -> None:
    story, teaser = wire
    assert story.related == (Related(url=teaser.url, title=teaser.title),)


def test_the_same_text_in_a_feed_is_read_the_same() -> None:
    lines = (PAGES / "wire.txt").read_text("utf-8").split("\n")
    text = "".join(f"&lt;p&gt;{line}&lt;/p&gt;" for line in lines[6:13])
    feed = parse(
        f"<rss version='2.0'><channel><title>T</title><item><title>{lines[2]}</title><category>World</category>"
        f"<link>{URLS['wire']}</link><pubDate>Thu, 08 Jan 2026 06:30:00 GMT</pubDate><description>{text}</description>"
        "</item></channel></rss>".encode(),
        "https://messenger.example/rss",
        {},
    )
    told = normalise(feed.items[0], feed, Source(name="messenger", url=URLS["wire"]), URLS["wire"], NOW)
    seen = articles("wire_jsonld.html")[0]
    names = ("id", "url", "title", "published", "match_text", "agency", "dateline", "categories")
    assert [getattr(told, name) for name in names] == [getattr(seen, name) for name in names]


# ---------------------------------------------------------------- what counts first


STORY = {"@type": "NewsArticle", "headline": "By data", "datePublished": "2026-01-05", "author": {"name": "Ida Data"}}
MICRO = (
    '<div itemscope itemtype="https://schema.org/NewsArticle"><meta itemprop="headline" content="By microdata">'
    '<meta itemprop="datePublished" content="2026-01-04"><meta itemprop="author" content="Mia Micro"></div>'
)
META = (
    '<meta property="og:title" content="By meta"><meta property="article:published_time" content="2026-01-03">'
    '<meta name="author" content="Mo Meta">'
)


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ((data(STORY), MICRO, META), ("By data", "2026-01-05", "Ida Data")),
        ((MICRO, META), ("By microdata", "2026-01-04", "Mia Micro")),
        ((META,), ("By meta", "2026-01-03", "Mo Meta")),
    ],
    ids=["data", "microdata", "meta"],
)
def test_the_order_of_trust(parts: tuple[str, ...], expected: tuple[str, str, str]) -> None:
    item = first(f"{''.join(parts)}<p>By Vera Visible</p>{PROSE}")
    assert (title(item), item.published, item.authors[0].name) == expected


def test_a_graph_is_read_and_its_references_are_followed() -> None:
    graph = [
        {"@type": "WebPage", "@id": "#page", "datePublished": "2020-01-01", "name": "Not this"},
        {"@type": ["Article", "NewsArticle"], "headline": "In a graph", "author": {"@id": "#ida"}},
        {"@type": "Person", "@id": "#ida", "name": "Ida Data"},
    ]
    item = first(data({"@context": "https://schema.org", "@graph": graph}) + PROSE)
    assert (title(item), [person.name for person in item.authors]) == ("In a graph", ["Ida Data"])


def test_of_several_articles_in_the_data_the_pages_own_is_read() -> None:
    others = [
        {"@type": "NewsArticle", "headline": f"Another {n}", "url": f"https://ponant.example/{n}"} for n in range(4)
    ]
    own = {"@type": "NewsArticle", "headline": "This one", "url": URLS["article"]}
    assert title(first(data([*others, own]) + PROSE)) == "This one"


@pytest.mark.parametrize(
    "broken",
    [
        '{"@type": "NewsArticle", "headline": "Mended",}',
        '{"@type": "NewsArticle", "headline": "Mended"}}',
        '<!-- {"@type": "NewsArticle", "headline": "Mended"} -->',
        '//<![CDATA[\n{"@type": "NewsArticle", "headline": "Mended"}\n//]]>',
        '{"@type": "NewsArticle", "headline": "Mended", "description": "two\nlines\tand a tab"}',
        '{"@type": "NewsArticle", "headline": "Mended"};',
    ],
)
def test_data_that_is_not_quite_json_is_read(broken: str) -> None:
    assert title(first(f'<script type="application/ld+json">{broken}</script>{PROSE}')) == "Mended"


def test_data_that_cannot_be_read_costs_itself_only() -> None:
    item = first(f'<script type="application/ld+json">{{"headline": </script>{data(STORY)}{PROSE}')
    assert title(item) == "By data"


def test_a_text_that_only_the_data_has_is_taken_from_there() -> None:
    told = STORY | {"articleBody": "The ferry left at eleven.\nNobody knew the tune."}
    item = first(data(told) + "<div id=app></div>")
    assert item.content and item.content.value == told["articleBody"]


@pytest.mark.parametrize("said", [False, "False", "https://schema.org/False"])
def test_what_must_be_paid_for_says_so(said: object) -> None:
    assert first(data(STORY | {"isAccessibleForFree": said}) + PROSE).paywall


def test_what_a_template_left_unfilled_is_not_said() -> None:
    head = data(STORY | {"description": "{{ entry.teaser }}"}) + '<meta name="description" content="Bells, again">'
    summary = first(head + PROSE).summary
    assert summary and summary.value == "Bells, again"


@pytest.mark.parametrize("said", [True, "true", None, "", 0, []])
def test_what_is_free_says_nothing(said: object) -> None:
    assert not first(data(STORY | {"isAccessibleForFree": said}) + PROSE).paywall


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("<title>Bells ring again - Harbour Wire</title><h1>Bells ring again</h1>", "Bells ring again"),
        (
            '<meta property="og:site_name" content="Harbour Wire"><title>Harbour Wire: Bells | Harbour Wire</title>',
            "Harbour Wire: Bells",
        ),
        ("<title>Bells ring aga…</title><h1>Bells ring again over us</h1>", "Bells ring again over us"),
        ("<title>Bells ring again over us</title><h1>Town: Bells ring again over us</h1>", "Bells ring again over us"),
        ("<title>Bells ring again over the town</title><h1>Read this next</h1>", "Bells ring again over the town"),
    ],
)
def test_the_headline_has_neither_site_nor_cut(head: str, expected: str) -> None:
    assert title(first(f"<html>{head}{PROSE}")) == expected


def test_what_stands_over_a_headline_inside_its_heading_is_no_part_of_it() -> None:
    heading = "<h1><span class='head__kicker'>Harbour</span> <span>Bells ring again over us</span></h1>"
    item = first(f"<html><title>Bells and more</title>{heading}{PROSE}")
    assert (title(item), [one.term for one in item.categories]) == ("Bells ring again over us", ["Harbour"])


def test_a_heading_that_is_called_a_kicker_is_the_headline_all_the_same() -> None:
    heading = "<h1><span class='kicker'>Bells ring again over us</span></h1>"
    assert title(first(f"<html><title>Bells and more</title>{heading}{PROSE}")) == "Bells ring again over us"


SHOWN = "Why do the old bells ring at night?"


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (f"<title>Night bells » All facts</title><h1>{SHOWN}</h1>", SHOWN),
        (f'<meta property="og:title" content="Night bells: 7 facts"><h1>{SHOWN}</h1>', SHOWN),
        (f'<meta property="og:title" content="Night bells: 7 facts"><h1>{SHOWN}</h1><h2>Night bells: 7 facts</h2>',
         "Night bells: 7 facts"),
        (data(STORY) + f"<h1>{SHOWN}</h1>", STORY["headline"]),
        ("<title>Night bells</title><h1><a href='/'>The Harbour of the North</a></h1>", "Night bells"),
        ("<title>Night bells</title><h1><a href='/night#top'>Night bells</a></h1>", "Night bells"),
        ("<title>Night bells of old - The Northern Harbour</title><h1><a href='https://ponant.example'>The Northern "
         "Harbour</a></h1><div>Night bells of old</div>", "Night bells of old"),
        ("<title>Ponant.example » Archive » Night bells of old</title><h2>Night bells of old</h2>",
         "Night bells of old"),
        (f"<title>Night bells</title><h1>News desk {SHOWN}</h1><meta property='og:title' content='{SHOWN}'>", SHOWN),
    ],
    ids=["of the window", "of networks", "repeated", "of the data", "a sign", "a permalink", "site behind", "in front",
         "with a kicker"],
)  # fmt: skip
def test_the_headline_over_the_text_is_the_title_where_only_the_head_says_another(head: str, expected: str) -> None:
    assert title(first(f"<html>{head}{PROSE}")) == expected


@pytest.mark.parametrize(
    ("window", "site"),
    [
        ("Night bells of old | Harbour Wire", "Harbour Wire"),
        ("Ponant » Archive » Night bells of old", "Ponant"),
        ("The shelf: Night bells of old - A year's book", None),
    ],
)
def test_the_site_is_called_as_its_window_says_but_not_as_a_part_of_the_title(window: str, site: str | None) -> None:
    shown = "Night bells of old" if site else "Night bells of old - A year's book"
    feed = page(f"<html><title>{window}</title><h2>{shown}</h2>{PROSE}")
    assert (title(feed.items[0]), feed.title.value if feed.title else None) == (shown, site)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("/a/b", "https://ponant.example/a/b"),
        ("https://www.ponant.example/a/b", "https://www.ponant.example/a/b"),
        ("https://ponant.example/", URLS["article"]),
        ("https://other.example/a", URLS["article"]),
        ("javascript:void(0)", URLS["article"]),
    ],
)
def test_the_canonical_address_counts_where_it_is_this_pages(said: str, expected: str) -> None:
    assert first(f'<link rel="canonical" href="{said}"><title>Bells</title>{PROSE}').link == expected


@pytest.mark.parametrize(
    "mark",
    [
        "<a rel='author' href='/mira'>Mira Sand</a>",
        "<span class='byline'>By Mira Sand</span>",
        "<div class='story-meta has-social-tools'><p class='story__authors'>By Mira Sand</p></div>",
        "<div class='grid-no-main-image'><div><div><div><p class='byline'>By Mira Sand</p></div></div></div></div>",
        "<aside class='meta'><p>Von: <a class='author-name'>Mira Sand</a></p></aside>",
        "<div class='article-footer'><div class='field-author'>von <a href='/desk/mira'>Mira Sand</a></div></div>",
        "<p>By Mira Sand</p>",
        "<div class='article-author'>Von <a href='/mira'>Mira Sand</a> | 8.1.2026</div>",
    ],
)
def test_the_author_that_readers_see(mark: str) -> None:
    item = first(f"<title>Bells ring</title><h1>Bells ring</h1>{mark}{PROSE}")
    assert [person.name for person in item.authors] == ["Mira Sand"]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("Loïc Le Clerc", "Loïc Le Clerc"),
        ("Loïc Morand le 8 janvier", "Loïc Morand"),
        ("Ann Onby on May 5", "Ann Onby"),
    ],
)
def test_a_byline_ends_before_its_date(said: str, expected: str) -> None:
    item = first(f"<h1>Bells ring</h1><p class='byline'>{said}</p>{PROSE}")
    assert [person.name for person in item.authors] == [expected]


@pytest.mark.parametrize(
    "mark",
    [
        "<aside><p class='byline'>By Ida Cork</p></aside>",
        "<figure class='photo'><span class='byline'>Ida Cork</span></figure>",
    ],
)
def test_who_signs_what_is_beside_an_article_is_not_its_author(mark: str) -> None:
    assert first(f"<h1>Bells ring</h1>{mark}{PROSE}").authors == ()


def test_a_line_that_leads_to_another_article_is_not_text() -> None:
    item = first(f"<h1>Bells ring</h1><article>{PROSE}<p>Read also: A third pier for the ferries</p>{PROSE}</article>")
    assert item.content is not None
    assert ("Read also" in item.content.value, item.content.value.count("the bells were not")) == (False, 12)


@pytest.mark.parametrize(
    "head",
    [
        '<meta property="og:site_name" content="Harbour Wire"><meta name="author" content="Harbour Wire">',
        '<meta name="author" content="Ponant">',
        '<meta name="author" content="Harbour Holding"><meta name="copyright" content="(c) Harbour Holding 2026">',
        '<meta name="author" content="Web Works www.works.example">',
    ],
    ids=["site", "host", "holder of the rights", "maker of the site"],
)
def test_the_site_itself_is_no_author_where_there_is_another(head: str) -> None:
    item = first(f"{head}<h1>Bells ring</h1><span class='author'>Mira Sand</span>{PROSE}")
    assert [person.name for person in item.authors] == ["Mira Sand"]


def signers(body: str) -> list[str]:
    feed = page(f"<!doctype html><h1>Bells ring</h1>{body}{PROSE}")
    return [
        person.name for person in normalise(feed.items[0], feed, Source(name="x", url=URLS["list"]), "", NOW).authors
    ]


TWO = [{"@type": "Person", "@id": "#m", "name": "Mira Sand"}, {"@type": "Person", "@id": "#i", "name": "Ida Cork"}]


@pytest.mark.parametrize(
    "body",
    [
        "<p>By Mira Sand and Ida Cork</p>",
        "<p>Von Mira Sand und Ida Cork, Bergen</p>",
        "<p>Par Mira Sand et Ida Cork, publié le 8 janvier 2026</p>",
        "<p>Text: Mira Sand und Ida Cork | 8.1.2026</p>",
        "<p>By</p><p>Mira Sand and Ida Cork</p>",
        "<p>Von Mira Sand und Ida Cork am <time>8. Januar</time></p>",
        "<p class=byline>By <a rel=author href=/m>Mira Sand</a> and <a rel=author href=/i>Ida Cork</a></p>",
        "<ul><li class=author>Mira Sand</li><li class=author>Ida Cork</li></ul>",
        "<p><span itemprop=author>Mira Sand</span>, <span itemprop=author>Ida Cork</span></p>",
        "<p><a href='/author/mira-sand/'>Mira Sand</a> &amp; <a href='/author/ida-cork/'>Ida Cork</a></p>",
        '<meta property="article:author" content="https://networks.example/ponant">'
        '<meta property="article:author" content="Mira Sand"><meta property="article:author" content="Ida Cork">',
        '<meta name="byl" content="By Mira Sand and Ida Cork">',
        '<meta name="author" value="Mira Sand, Ida Cork">',
        '<meta name="citation_author" content="Sand, Mira"><meta name="citation_author" content="Cork, Ida">',
        data({"@graph": [*TWO, STORY | {"author": [{"@id": "#m"}, {"@id": "#i"}]}]}),
        data(STORY | {"author": {"@list": TWO}}),
        data(STORY | {"author": [["Mira Sand", "Ida Cork"]]}),
        data(STORY | {"author": [{"givenName": "Mira", "familyName": "Sand"}, {"name": "Ida Cork"}]}),
    ],
)
def test_several_authors_however_they_are_written(body: str) -> None:
    assert signers(body) == ["Mira Sand", "Ida Cork"]


@pytest.mark.parametrize("line", ["By Friday, Everything Was Over", "By then all was over", "Text mining: a year"])
def test_a_line_that_begins_like_a_byline_is_none(line: str) -> None:
    assert signers(f"<p>{line}</p>") == []


@pytest.mark.parametrize(
    ("told", "shown"),
    [("mirasand", "Mira Sand"), ("Mira", "Mira Sand"), ("Sand, Mira", "Mira Sand"), ("Ida Cork", "Mira Sand")],
)
def test_an_author_is_called_as_readers_see_it_where_both_are_one(told: str, shown: str) -> None:
    expected = "Ida Cork" if told == "Ida Cork" else "Mira Sand"
    assert signers(data(STORY | {"author": told}) + f"<p class=byline>{shown}</p>") == [expected]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Written by Mira Sand on 5 January 2026", "Mira Sand"),
        ("By MS", "Ida Cork"),
        ("By Ida CorkIda Cork", "Ida Cork"),
        ("By Mira van der Sand, staff writer", "Mira van der Sand"),
        ("Text: Mira Sand with agencies", "Mira Sand with agencies"),
        ("By Thursday evening the harbour was quiet", "Ida Cork"),
        ("Di Sand vince le elezioni", "Ida Cork"),
    ],
)
def test_who_signs_under_the_headline_goes_before_who_stands_in_the_head(line: str, expected: str) -> None:
    assert signers(f'<meta name="author" content="Ida Cork"><p>{line}</p>') == [expected]


def test_a_name_with_all_that_stands_beside_it_is_no_second_author() -> None:
    told = ["Mira Sand", "Mira Sand Reporter at the Wire Follow See all of her texts"]
    assert signers(data(STORY | {"author": told})) == ["Mira Sand"]


def test_a_sentence_is_no_author() -> None:
    told = "Mira Sand has written about the bells of the town for more than ten years"
    assert signers(data(STORY | {"author": [told, "Ida Cork"]})) == ["Ida Cork"]


def test_links_to_the_pages_of_many_authors_are_a_list_of_others() -> None:
    links = "".join(f"<p><a href='/author/{name}'>{name} Onby</a></p>" for name in ("Ann", "Bea", "Cem", "Dan"))
    assert signers(links) == []


def days(body: str) -> tuple[str | None, str | None]:
    item = first(f"<title>Bells ring</title><h1>Bells ring</h1>{body}", "https://ponant.example/bells")
    return item.published, item.updated


@pytest.mark.parametrize(
    "shown",
    [
        "<p>Updated: 6 Jan 2026</p><p>Published: 5 Jan 2026</p>",
        "<p>5 Jan 2026</p><p>Aktualisiert am 6 Jan 2026</p>",
        "<time class=updated datetime='6 Jan 2026'>Then</time><time class=published datetime='5 Jan 2026'>5 Jan</time>",
        "<time itemprop=dateModified datetime='6 Jan 2026'>6 Jan</time><time datetime='5 Jan 2026'>5 Jan</time>",
    ],
)
def test_a_date_of_a_change_is_not_when_a_page_was_published(shown: str) -> None:
    assert days(shown + PROSE) == ("5 Jan 2026", "6 Jan 2026")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (f"<p>Last updated: 6 Jan 2026</p>{PROSE}", "6 Jan 2026"),
        (f"<time datetime='20260105x77'>5 January 2026</time>{PROSE}", "5 January 2026"),
        (f"{PROSE}<p>5 January 2026</p>{PROSE}", "5 January 2026"),
        (f"<p>05.01.2026 – {PROSE[3:]}", "05.01.2026"),
        (f"<p>Bergen, (5 January 2026). {PROSE[3:]}", "5 January 2026"),
        (f"{PROSE}<p>BERGEN, January 5, 2026 - {PROSE[3:]}", "January 5, 2026"),
        (f"<span data-timestamp=1767607200>yesterday</span>{PROSE}", "1767607200"),
        (f"<relative-time datetime='2026-01-05T10:00Z'>yesterday</relative-time>{PROSE}", "2026-01-05T10:00Z"),
        (f"<aside data-timestamp=1767607200></aside>{PROSE}", None),
        (f"{PROSE}<p>© 2024 The Harbour</p>", None),
        (f"{PROSE}<p>By Mira Sand, January 1, 2024</p>", "2024-01-01"),
    ],
    ids=["only a change", "broken datetime", "below a standfirst", "leads the text", "in a dateline",
         "second paragraph", "for scripts", "relative-time", "for scripts of others", "only a year", "New Year's Day"],
)  # fmt: skip
def test_the_date_that_readers_see(body: str, expected: str | None) -> None:
    assert days(body)[0] == expected


@pytest.mark.parametrize("said", ["0001-01-01T00:00:00Z", "soon", ""])
def test_what_nobody_can_mean_gives_way_to_a_date_that_readers_see(said: str) -> None:
    assert days(data(STORY | {"datePublished": said}) + "<p>5 Jan 2026</p>" + PROSE)[0] == "5 Jan 2026"


def test_a_meta_element_counts_whose_writer_took_value_for_content() -> None:
    assert days(f'<meta name="pubdate" value="2026-01-05">{PROSE}')[0] == "2026-01-05"


# ---------------------------------------------------------------- beside the article


def test_teasers_inside_the_text_are_taken_out_of_it() -> None:
    body = (
        f"<h1>Bells ring</h1>{PROSE}<p>Read also</p><p><a href='/x'>Ferries sail for the last time</a></p>{PROSE * 2}"
    )
    feed = page(f"<html><title>Bells ring</title>{body}")
    content = feed.items[0].content
    assert content and "Ferries" not in content.value
    assert [title(item) for item in feed.items] == ["Bells ring", "Ferries sail for the last time"]


LINES = (PAGES / "wire.txt").read_text("utf-8").split("\n")
BODY, CREDIT, MORE = LINES[6:12], LINES[12], LINES[16:21:2]
PARAGRAPHS = "".join(f"<p>{line}</p>" for line in BODY)
TEASER = "<h2>More news</h2><article><h3>{}</h3><p>{}</p><time>{}</time></article>".format(*MORE)
TOLD = {
    "@type": "ItemList",
    "itemListElement": [{"item": STORY | {"headline": MORE[0], "url": "/b", "description": MORE[1]}}],
}


@pytest.mark.parametrize(
    "body",
    [
        f"<article><h1>{LINES[2]}</h1>{PARAGRAPHS}<footer>{CREDIT}</footer></article><aside>{TEASER}</aside>",
        f"<div><div>World</div><div>{LINES[2]}</div><div>8 Jan 2026</div><div>{'<br><br>'.join([*BODY, CREDIT])}</div>"
        f"</div><div>{'<br>'.join(['More news', *MORE])}</div>",
        f"<div>{'<br><br>'.join(['World', LINES[2], '8 Jan 2026', *BODY, CREDIT, 'More news', *MORE])}</div>",
        f"<p>World</p><h1>{LINES[2]}</h1><p>8 Jan 2026</p>{'<p>'.join(['', *BODY, CREDIT])}{TEASER}",
        f"<h1>{LINES[2]}</h1>{'<p>'.join(['', *BODY, CREDIT])}{data(TOLD)}",
    ],
    ids=["credit in a footer", "blocks", "one block", "headings", "teasers in data"],
)
def test_text_credit_and_teasers_however_they_are_marked_up(body: str) -> None:
    feed = page(f"<!doctype html><title>{LINES[2]}</title>{body}")
    first, *others = [normalise(item, feed, Source(name="x", url="https://x.example/"), "", NOW) for item in feed.items]
    text = "\n".join([*BODY, CREDIT]).removeprefix("Ankara [Turkiye], January 8: ").removesuffix(f"\n{CREDIT}")
    assert (first.match_text, first.agency and first.agency.name, [one.title for one in others]) == (
        text,
        "Xinhua News Agency",
        [MORE[0]],
    )


def test_links_of_navigation_and_footer_are_no_teasers() -> None:
    links = "".join(f"<a href='/{n}'>A long title of another page {n}</a>" for n in range(5))
    assert len(page(f"<nav>{links}</nav><h1>Bells ring</h1>{PROSE}<footer>{links}</footer>").items) == 1


@pytest.mark.parametrize(
    ("card", "date"),
    [
        ("<i>{n} Jan 2026</i><h3><a href='/c/{n}'>A headline of words {n}</a></h3>", "{n} Jan 2026"),
        ("<h3><a href='/c/{n}'>A headline of words {n}</a></h3><i>{n} Jan 2026</i>", "{n} Jan 2026"),
        (
            "<h3><a href='/c/{n}'>A headline of words {n}</a> <time datetime=2026-01-0{n}>now</time></h3>",
            "2026-01-0{n}",
        ),
        (
            "<a href='/c/{n}'><h3>A headline of words {n}</h3><p>Some words.</p><i>Published: {n}.1.2026</i></a>",
            "{n}.1.2026",
        ),
        (
            "<a href='/c/{n}'><img alt=x></a><h3><a href='/c/{n}'>A headline of words {n}</a></h3>| {n} Jan 2026 |",
            "{n} Jan 2026",
        ),
    ],
)
def test_cards_of_a_list(card: str, date: str) -> None:
    cards = "".join(f"<li>{card.replace('{n}', str(n))}</li>" for n in range(1, 5))
    items = page(f"<title>News</title><ul>{cards}</ul>", URLS["list"]).items
    assert [(title(i), i.link, i.published) for i in items] == [
        (f"A headline of words {n}", f"https://karsa.example/c/{n}", date.replace("{n}", str(n))) for n in range(1, 5)
    ]


@pytest.mark.parametrize("name", ["", "index.html", "index.htm"])
def test_a_list_may_have_the_name_that_servers_give_it(name: str) -> None:
    cards = "".join(f"<li><h3><a href='/c/{n}'>A headline of words {n}</a></h3>{n} Jan 2026" for n in range(1, 5))
    assert page(f"<title>News</title><ul>{cards}</ul>", URLS["list"] + name).format == "list"


def test_links_of_a_page_that_was_saved_lead_on_from_where_it_was() -> None:
    cards = "".join(f"<li><h3><a href='c/{n}'>A headline of words {n}</a></h3>{n} Jan 2026" for n in range(1, 5))
    head = f"<title>News</title><link rel=canonical href='{URLS['list']}'>"
    items = page(f"{head}<ul>{cards}</ul>", "file:///saved/news.html").items
    assert [item.link for item in items] == [f"{URLS['list']}c/{n}" for n in range(1, 5)]


# ---------------------------------------------------------------- selectors


CARDS = "".join(
    f"<div class='c'><i>{n} Jan 2026</i><span>Card number {n}</span><a href='/c/{n}'>more</a><b>Ann Lee</b></div>"
    for n in range(1, 4)
)


def test_selectors_of_a_list() -> None:
    feed = page(CARDS, selectors=PageSelectors(items=".c", title="span", date="i", author="b"))
    assert (feed.format, [(title(i), i.link, i.published) for i in feed.items]) == (
        "list",
        [(f"Card number {n}", f"https://ponant.example/c/{n}", f"{n} Jan 2026") for n in range(1, 4)],
    )


def test_selectors_win_over_data() -> None:
    chosen = PageSelectors(title=".t", body=".b", date=".d", author=".a", summary=".s")
    parts = "".join(f"<div class='{name}'>{name} chosen</div>" for name in "tsa")
    body = f"{data(STORY)}{parts}<div class='d'>9 Jan 2026</div><div class='b'>b <b>chosen</b></div>{PROSE}"
    item = first(body, selectors=chosen)
    assert item.summary and item.content
    assert (title(item), item.summary.value, item.content.value, item.published, item.authors[0].name) == (
        "t chosen",
        "s chosen",
        "b <b>chosen</b>",
        "9 Jan 2026",
        "a chosen",
    )


def test_selectors_that_find_nothing_leave_the_rest_as_it_is() -> None:
    item = first(data(STORY) + PROSE, selectors=PageSelectors(title=".none", body=".none"))
    assert (title(item), item.content is not None) == ("By data", True)


# ---------------------------------------------------------------- what is none


@pytest.mark.parametrize(
    ("body", "kind", "words"),
    [
        (b"<!doctype html><title>x</title>", "not a feed", "neither an article nor a list .* a CSS selector"),
        (b"<html><body><div id=app></div><noscript>Please enable JavaScript</noscript>", "not a feed", "neither an"),
        (b"<!-- nothing --><html>", "not a feed", "neither an article"),
        (b"just one line", "not a feed", "no text with a headline"),
        (b"\x89PNG\r\n\x1a\n\0\0\0", "not a feed", "neither XML, JSON nor HTML"),
    ],
)
def test_a_page_without_anything_is_refused(body: bytes, kind: str, words: str) -> None:
    with pytest.raises(ParseError, match=words) as caught:
        page(body)
    assert caught.value.kind == kind


def test_a_feed_that_became_a_page_is_still_an_error() -> None:
    with pytest.raises(ParseError, match="an HTML page, not a feed"):
        parse((PAGES / "wire_semantic.html").read_bytes(), URLS["wire"], {})


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        ("<meta charset=windows-1251><h1>Звонят колокола</h1>".encode("cp1251"), {}),
        ("<h1>Звонят колокола</h1>".encode("koi8-r"), {"content-type": "text/html; charset=koi8-r"}),
        ("<meta charset=iso-8859-1><h1>Звонят колокола</h1>".encode(), {}),
        ("<h1>Звонят колокола</h1>".encode("utf-8-sig"), {}),
    ],
    ids=["meta", "header", "false meta", "mark"],
)
def test_encodings(body: bytes, headers: dict[str, str]) -> None:
    feed = parse(b"<!doctype html>" + body + PROSE.encode(), URLS["article"], headers, "page")
    assert title(feed.items[0]) == "Звонят колокола"


def test_nothing_is_logged_of_a_page_that_gives_nothing(caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(ParseError):
        page("<!doctype html><title>x</title>")
    assert caplog.records == []
