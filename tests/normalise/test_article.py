from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.model import (
    Agency,
    Category,
    Dateline,
    Enclosure,
    Geo,
    Image,
    Item,
    ParsedFeed,
    Person,
    Related,
    Source,
    Text,
    Via,
)
from feeds.normalise import digest, normalise, normalise_all
from feeds.normalise.links import canonical
from feeds.normalise.markup import SANITISER, clean_html
from tests.values import names, replace

NOW = datetime(2026, 1, 10, 12, tzinfo=UTC)
URL = "https://news.example/feed.xml"
SOURCE = Source(name="harbour", url=URL)
FEED = ParsedFeed(format="rss20", language="en_gb", rights="© Harbour News", authors=(Person(name="Feed Editor"),))
SENTENCE = "The harbour was quiet this morning and no ship came in. "
HTML = f"<p>{SENTENCE}</p><p>{SENTENCE * 7}</p>"


def article(item=None, feed=FEED, source=SOURCE, **said):
    return normalise(item or Item(**said), feed, source, URL, NOW)


def html(value):
    return Text(value=value, type="html")


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"title": Text(value="Ships & <b>piers</b>")}, "Ships & <b>piers</b>"),
        ({"title": html("Ships &amp; <b>piers</b>\n again")}, "Ships & piers again"),
        ({"title": html("  "), "summary": Text(value="It rained. Then not.")}, "It rained."),
        ({"content": html("<p>It rained. Then not.</p>")}, "It rained."),
        ({"link": "https://news.example/a/b?utm_source=rss"}, "news.example/a/b"),
        ({"summary": Text(value="Rain at last https://news.example/rain")}, "Rain at last"),
        ({"summary": Text(value="https://news.example/rain")}, "https://news.example/rain"),
        ({}, "Untitled"),
        ({"title": Text(value="x" * 5000)}, "x" * 999 + "…"),
    ],
)
def test_title(said, expected):
    assert article(**said).title == expected


@pytest.mark.parametrize(
    ("said", "summary", "content"),
    [
        ({"summary": Text(value="Short."), "content": html("<p>Long.</p>")}, "Short.", "<p>Long.</p>"),
        ({"content": html("<p>Only this.</p>")}, "Only this.", "<p>Only this.</p>"),
        ({"content": Text(value="One & two.\nThree.")}, "One & two. Three.", "<p>One &amp; two.</p><p>Three.</p>"),
        ({"summary": html("<b>Short</b> &amp; plain.")}, "Short & plain.", ""),
        ({"summary": html("<p>Short.</p>")}, "Short.", ""),
        ({"summary": html("<p>One.</p><p>Two.</p>")}, "One. Two.", "<p>One.</p><p>Two.</p>"),
        ({"summary": html("a<ul><li>b</li></ul>")}, "a b", "a<ul><li>b</li></ul>"),
        ({"summary": html(SENTENCE * 8)}, (SENTENCE * 5).strip(), f"<p>{(SENTENCE * 8).strip()}</p>"),
        ({"summary": html("Short."), "content": html("<iframe src='x'></iframe>")}, "Short.", ""),
        ({"summary": html("  "), "content": html("<script>x</script>")}, "", ""),
        ({}, "", ""),
    ],
)
def test_summary_and_content(said, summary, content):
    made = article(**said)
    assert (made.summary, made.content) == (summary, content)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"title": Text(value="Ships come in"), "summary": Text(value="Ships come in.")}, ""),
        (
            {"title": Text(value="Ships"), "summary": Text(value="The harbour was quiet"), "content": html(HTML)},
            (SENTENCE * 5).strip(),
        ),
        (
            {"title": Text(value="Ships come in"), "content": html("<h1>Ships come in</h1><p>Two of them.</p>")},
            "Two of them.",
        ),
        ({"summary": html("It rained. <a href='/a'>Read more</a>")}, "It rained."),
        ({"summary": html("IZMIR, Jan. 8 (Xinhua) -- It rained.")}, "It rained."),
    ],
)
def test_a_summary_says_more_than_the_title_and_is_not_the_cut_text(said, expected):
    assert article(**said).summary == expected


FILM = "A day in the harbour.\n#ships\n\nSee them all here:\nhttps://films.example/list\nOr write to us."


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"summary": Text(value=FILM)}, "A day in the harbour. #ships"),
        ({"summary": Text(value="Look: https://films.example/a\nGood?")}, "Look: https://films.example/a Good?"),
        ({"summary": html("January 8, 2026 5:00 AM<br><br>It rained.")}, "It rained."),
        ({"summary": html("2026 in ships<br><br>It rained.")}, "2026 in ships It rained."),
        ({"summary": Text(value="...")}, ""),
        ({"summary": html("<p>[…]</p>")}, ""),
        ({"summary": Text(value="🎉")}, "🎉"),
        ({"summary": Text(value="It rained. ...")}, "It rained."),
    ],
)
def test_a_summary_tells_and_does_not_point(said, expected):
    assert article(**said).summary == expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("One <b>ship\n\ncame</b> in.", "<p>One <b>ship</b></p><p><b>came</b> in.</p>"),
        ("<p>One ship</p>\n\n<p>came in.</p>", "<p>One ship</p>\n\n<p>came in.</p>"),
        ("One <b>ship</b>\ncame in.", "One <b>ship</b>\ncame in."),
        ("One <b>ship</b>.\n\nTwo.<br>Three.", "<p>One <b>ship</b>.</p><p>Two.<br>Three.</p>"),
        ("One.<br>\n\nTwo.", "One.<br>\n\nTwo."),
    ],
)
def test_blank_lines_part_paragraphs_where_nothing_else_does(said, expected):
    assert article(content=html(said)).content == expected


def test_a_publishers_name_behind_a_text_is_no_part_of_it():
    home = '<p><a href="https://www.news.example/">The Harbour News - All the ships</a></p>'
    made = article(content=html(f"<p>It rained.</p>{home}"), link="https://news.example/a")
    assert (made.content, made.text) == ("<p>It rained.</p>", "It rained.")


def test_a_source_has_its_own_length_of_summaries():
    assert article(source=replace(SOURCE, summary_words=11), content=html(HTML)).summary == SENTENCE.strip()


def test_text_that_was_decoded_wrongly_is_mended():
    made = article(title=Text(value="CafÃ©"), content=html("<p>Le cafÃ© dâ€™Ã©tÃ©</p>"))
    assert (made.title, made.content) == ("Café", "<p>Le café d’été</p>")


def test_a_feed_is_not_taken_from_itself():
    feed = replace(FEED, self_link="https://coast.example/feed")
    assert article(feed=feed, via=Via(title="Coast & Sea", url="https://coast.example/feed")).via is None


def test_whether_readers_must_pay_is_kept_as_said():
    assert [article(paywall=said).paywall for said in (True, False)] == [True, False]


def test_the_version_of_the_sanitiser_is_kept_with_what_it_cleaned():
    assert (article(content=html("<p>x</p>")).sanitiser, article().sanitiser) == (SANITISER, 0)


def test_text_is_that_of_the_content():
    assert article(content=html(HTML), summary=Text(value="x")).text.count("\n") == 1


def test_text_is_that_of_the_whole_summary_when_there_is_no_content():
    assert article(summary=Text(value=SENTENCE)).text == SENTENCE.strip()


STORY = "Two ports agreed to share a pilot service.\nThe service starts in May, the harbour master said."
CARRIED = {
    "as sent": html("<p>IZMIR, Jan. 8 (Xinhua) -- " + STORY.replace("\n", "</p><p>") + "</p>"),
    "with a credit line": html(
        f"<p>Izmir [Turkiye], January 8: {STORY.replace(chr(10), '<br>')}<br>Source: Xinhua News Agency</p>"
    ),
    "as plain text": Text(value=f"{STORY} (Xinhua)"),
    "bare": html("<div>" + STORY.replace("\n", "<br><br>") + "</div>"),
}


@pytest.mark.parametrize("content", CARRIED.values(), ids=CARRIED)
def test_copies_of_one_text_have_one_match_text(content):
    assert article(content=content).match_text == STORY


def test_dateline_and_agency_of_a_story_like_the_seed():
    made = article(content=CARRIED["with a credit line"])
    expected = (
        Dateline(place="Izmir", country="Türkiye", date="January 8"),
        Agency(name="Xinhua News Agency", how="credit line"),
    )
    assert (made.dateline, made.agency) == expected


def test_the_author_of_an_atom_feed_signs_its_entries():
    feed = ParsedFeed(format="atom10", authors=(Person(name="AFP"),))
    assert article(feed=feed).agency == Agency(name="Agence France-Presse", how="author")


def test_an_agency_that_the_story_quotes_stands_beside_its_credit():
    made = article(
        content=html(
            "<p>Izmir [Turkiye], January 8: Two ports agreed, according to a report by the national agency Bernama.</p>"
            "<p>Source: Xinhua News Agency</p>"
        )
    )
    assert made.agency == Agency(name="Xinhua News Agency", how="credit line", quoted=("Bernama",))


def test_a_summary_made_of_the_text_starts_behind_the_dateline():
    assert article(content=CARRIED["as sent"]).summary == STORY.replace("\n", " ")


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"authors": (Person(name="AFP"),)}, Agency(name="Agence France-Presse", how="author")),
        ({"credit": "Reuters"}, Agency(name="Reuters", how="credit")),
        ({"credit": "Reuters", "images": (Image(url="/a.jpg"),)}, None),
        ({"authors": (Person(name="Ann Lee"),), "credit": "Bob Roe"}, None),
        ({"credit": "Ann Lee/Reuters"}, None),
        ({"authors": (Person(name="Ann Lee, Reuters"),)}, Agency(name="Reuters", how="author")),
        ({"authors": (Person(name="APA"),), "language": "de-AT"}, Agency(name="Austria Presse Agentur", how="author")),
        ({"authors": (Person(name="APA"),)}, None),
        (
            {"authors": (Person(name="AFP"), Person(name="Reuters"))},
            Agency(name="Agence France-Presse", how="author", also=("Reuters",)),
        ),
        (
            {"authors": (Person(name="Reuters"),), "content": html(f"<p>{STORY}</p><p>With inputs from AFP</p>")},
            Agency(name="Reuters", how="author", also=("Agence France-Presse",)),
        ),
        ({"credit": "Reuters", "enclosures": (Enclosure(url="/a.mp4", type="video/mp4"),)}, None),
        ({"credit": "Reuters", "content": html(f'<p>{STORY}</p><img src="/a.jpg">')}, None),
        ({"credit": "Reuters", "images": (Image(url="/a.jpg", credit="Reuters"),)}, None),
        (
            {"credit": "Reuters", "images": (Image(url="/a.jpg", credit="Ann Lens"),)},
            Agency(name="Reuters", how="credit"),
        ),
    ],
)
def test_agency_of_who_signs(said, expected):
    assert article(**said).agency == expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({}, ["Ann Lens/Reuters"]),
        ({"images": (Image(url="/a.jpg", credit="Bo Lens"),)}, ["Bo Lens"]),
        ({"images": (Image(url="/a.jpg"), Image(url="/b.jpg"))}, [None, None]),
        ({"authors": (Person(name="Ann Lens/Reuters"),)}, [None]),
        ({"summary": html('<p>It rained.</p><p class="copydesk-credit">Reuters · The Gazette.</p>')}, [None]),
    ],
)
def test_the_credit_beside_an_only_picture_is_that_pictures(said, expected):
    made = article(**{"credit": "Ann Lens/Reuters", "images": (Image(url="/a.jpg"),), **said})
    assert [image.credit for image in made.images] == expected


@pytest.mark.parametrize("form", ["page", "json11"])
def test_pages_and_json_feeds_say_whose_the_text_is_beside_a_picture(form):
    made = article(feed=ParsedFeed(format=form), credit="Reuters, Bernama", images=(Image(url="/a.jpg"),))
    assert made.agency == Agency(name="Reuters", how="credit", also=("Bernama",))


def test_links_in_content_are_relative_to_what_the_item_says():
    made = article(content=html('<a href="b">x</a>'), base="https://cdn.example/a/", link="https://news.example/c/")
    assert 'href="https://cdn.example/a/b"' in made.content


def test_a_document_without_a_base_of_its_own_names_none():
    made = article(content=html('<a href="#note">1</a>'), base=URL, link="https://news.example/c/")
    assert 'href="https://news.example/c/#note"' in made.content


def test_else_to_its_link():
    made = article(content=html('<a href="b">x</a>'), link="https://news.example/c/")
    assert 'href="https://news.example/c/b"' in made.content


def test_else_to_the_feed():
    assert 'href="https://news.example/b"' in article(content=html('<a href="b">x</a>'), base="bogus").content


@pytest.mark.parametrize(
    ("said", "url"),
    [
        ({"link": "/a?id=1&utm_source=x"}, "https://news.example/a?id=1"),
        ({"guid": "https://news.example/g", "permalink": True}, "https://news.example/g"),
        ({"guid": "https://news.example/g"}, None),
        ({"link": "javascript:alert(1)"}, None),
        ({"guid": "g", "permalink": True}, None),
    ],
)
def test_url(said, url):
    made = article(**said)
    assert (made.url, made.canonical) == (url, canonical(url) if url else None)


def test_the_id_is_of_source_and_url():
    one, same = article(link="/a", guid="1"), article(link="/a", guid="2", title=Text(value="t"))
    assert one.id == same.id


@pytest.mark.parametrize("other", [{"link": "/b"}, {"guid": "1"}, {"title": Text(value="t")}, {}])
def test_other_urls_have_other_ids(other):
    assert article(**other).id != article(link="/a").id


def test_the_same_url_from_another_source_has_another_id():
    assert article(link="/a").id != article(link="/a", source=replace(SOURCE, name="coast")).id


@pytest.mark.parametrize(
    ("item", "feed", "source", "expected"),
    [
        ("fr_FR", "en", "de", "fr-FR"),
        ("nonsense words", "en", "de", "en"),
        (None, None, "de", "de"),
        (None, None, None, None),
    ],
)
def test_language(item, feed, source, expected):
    made = article(Item(language=item), replace(FEED, language=feed), replace(SOURCE, language=source))
    assert made.language == expected


def test_authors_of_an_atom_feed_are_those_of_its_entries():
    assert article(feed=replace(FEED, format="atom10")).authors == (Person(name="Feed Editor"),)


def test_the_author_of_a_channel_signs_its_unsigned_items():
    feed = replace(FEED, creators=(Person(name="Ada Waves"),))
    assert article(feed=feed).authors == (Person(name="Ada Waves"),)


def test_editors_of_an_rss_feed_are_not_the_authors_of_its_items():
    assert article().authors == ()


def test_categories_are_trimmed_and_come_once():
    said = (Category(term=" World "), Category(term="world"), Category(term=""), Category(term="", label="Sea"))
    assert article(categories=said).categories == (Category(term="World"), Category(term="Sea", label="Sea"))


def test_fifty_categories_are_enough():
    assert len(article(categories=tuple(Category(term=f"c{i}") for i in range(99))).categories) == 50


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (Geo(latitude=38.4, longitude=27.1, name=" Izmir "), Geo(latitude=38.4, longitude=27.1, name="Izmir")),
        (Geo(latitude=91.0, longitude=0.0), None),
        (Geo(latitude=0.0, longitude=0.0), None),
        (Geo(latitude=0.0, longitude=6.7), Geo(latitude=0.0, longitude=6.7)),
        (Geo(latitude=float("nan"), longitude=0.0, name="Izmir"), Geo(name="Izmir")),
        (Geo(latitude=1.0), None),
    ],
)
def test_geo(said, expected):
    assert article(geo=said).geo == expected


def test_the_rest():
    made = article(
        comments="/a?utm_source=rss#comments",
        via=Via(title="Coast &amp; Sea", url="https://coast.example/feed"),
        enclosures=(Enclosure(url="a.mp3", type="audio/mpeg"),),
        images=(Image(url="a.jpg"),),
        rights="© <b>Ann</b>",
    )
    assert (made.comments, made.via, made.enclosures, made.images, made.rights) == (
        "https://news.example/a#comments",
        Via(title="Coast & Sea", url="https://coast.example/feed"),
        (Enclosure(url="https://news.example/a.mp3", type="audio/mpeg"),),
        (Image(url="https://news.example/a.jpg"),),
        "© Ann",
    )


def test_rights_of_the_feed_are_those_of_its_items():
    assert article().rights == "© Harbour News"


def test_digest_and_first_seen():
    item = Item(guid="1", title=Text(value="t"))
    assert (article(item).digest, article(item).first_seen) == (digest(item), NOW)


# ---------------------------------------------------------------- for every item

anything = st.text(st.characters(codec=None), max_size=30) | st.text("<p>&lt;b/a ='\"hre\n\u0338:", max_size=40)
numbers = st.none() | st.integers(-(10**30), 10**30)
maybe = st.none() | anything
texts = st.none() | st.builds(Text, value=anything, type=st.sampled_from(["text", "html", "xhtml"]))
links = maybe | st.sampled_from(
    ["http://[::1", "//", "https://e.example/a", "/a", "http://\udc80/", "https://xn--a.example/"]
)


def some(strategy):
    return st.lists(strategy, max_size=3).map(tuple)


items = st.builds(
    Item,
    guid=maybe,
    permalink=st.booleans(),
    link=links,
    title=texts,
    summary=texts,
    content=texts,
    authors=some(st.builds(Person, name=maybe, email=maybe, uri=links)),
    categories=some(st.builds(Category, term=anything, scheme=maybe, label=maybe)),
    enclosures=some(st.builds(Enclosure, url=anything, type=maybe, length=numbers, title=maybe, seconds=numbers)),
    images=some(st.builds(Image, url=anything, width=numbers, height=numbers, alt=maybe, credit=maybe)),
    published=maybe,
    updated=maybe,
    language=maybe,
    rights=maybe,
    comments=links,
    geo=st.none() | st.builds(Geo, latitude=st.none() | st.floats(), longitude=st.none() | st.floats(), name=maybe),
    credit=maybe,
    via=st.none() | st.builds(Via, title=maybe, url=links),
    paywall=st.booleans(),
    base=links,
)
PIECES = """a|b|.| |It rained. |Ships - Harbour| - Harbour News|Read more|[…]|…|&amp;#8217;|&amp;amp;|<p>|</p>|<br>
<iframe>|<a href="https://x.com/share?u">|<a href='/a'>|</a>|CafÃ©|Ð¿Ñ€|港。|IZMIR (Reuters) - |The post
 appeared first on |<img data-src='/a.jpg'>|&lt;p&gt;|e&amp;#769;|<code>|&amp;quot;"""
said_twice = st.lists(st.sampled_from([*PIECES.replace("\n", "|").split("|"), "\n"]), max_size=25).map("".join)


def strings(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from strings(part)
    else:
        for name in names(value):
            yield from strings(getattr(value, name))


def is_xml(text):
    return all(
        char in "\t\n\r" or " " <= char <= "\ud7ff" or "\ue000" <= char <= "\ufffd" or char > "\uffff" for char in text
    )


@given(items, links)
def test_every_item_becomes_an_article_of_xml_characters(item, url):
    made = normalise(item, FEED, SOURCE, url or "", NOW)
    assert [text for text in strings(made) if not is_xml(text)] == []


@given(st.lists(items, max_size=4))
def test_items_that_are_read_together_are_what_each_is_alone(some):
    feed = replace(FEED, items=tuple(some))
    together = normalise_all(some, feed, SOURCE, URL, NOW, [digest(item) for item in some])
    assert together == [normalise(item, feed, SOURCE, URL, NOW) for item in some]


def test_long_texts_are_read_in_smaller_parts(monkeypatch):
    from feeds.normalise import article as room

    parts, together = [], room._together
    monkeypatch.setattr(room, "_together", lambda items, *rest: parts.append(len(items)) or together(items, *rest))
    long, short = html("<p>" + "x" * 300_000), html("<p>short")
    many = [Item(content=long), Item(content=long), *[Item(content=short)] * 70]
    assert len(normalise_all(many, FEED, SOURCE, URL, NOW, range(72))) == 72
    assert parts == [1, 64, 7]


def test_a_feed_is_heard_once_for_all_of_its_items(monkeypatch):
    from feeds.normalise import language

    many = [Item(guid=f"{number}", title=Text(value=f"Ship {number}")) for number in range(100)]
    heard = []
    monkeypatch.setattr(language, "_heard", lambda items: heard.append(items) or language.Heard("de"))
    read = normalise_all(many, ParsedFeed(items=tuple(many)), SOURCE, URL, NOW, range(100))
    assert ({one.language for one in read}, heard) == ({"de"}, [tuple(many)])


def test_a_long_document_is_read_in_parts_and_comes_in_its_order():
    many = [Item(guid=f"{number}", title=Text(value=f"Ship {number}")) for number in range(100)]
    read = normalise_all(many, FEED, SOURCE, URL, NOW, range(100))
    assert [(one.guid, one.digest) for one in read] == [(f"{number}", number) for number in range(100)]


def test_links_of_items_that_are_read_together_are_relative_to_each_ones_own_page():
    some = [Item(link=f"https://news.example/{name}/", content=html("<p><a href='map'>Map</a></p>")) for name in "ab"]
    read = normalise_all(some, FEED, SOURCE, URL, NOW, range(2))
    assert [f'"https://news.example/{name}/map"' in one.content for name, one in zip("ab", read, strict=True)] == [
        True,
        True,
    ]


@given(items)
def test_what_an_article_promises(item):
    made = article(item)
    promises = {
        "title": 0 < len(made.title) <= 1000 and "\n" not in made.title,
        "summary": len(made.summary) <= 1000 and len(made.summary.split()) <= 60,
        "content": clean_html(made.content) == made.content,
        "match_text": made.match_text in made.text,
        "times": made.published <= made.updated <= NOW + timedelta(minutes=1),
        "same again": article(item) == made,
    }
    assert [name for name, kept in promises.items() if not kept] == []


@given(items)
def test_what_was_made_is_not_changed_by_being_read_again(item):
    made = article(item)
    again = article(
        replace(item, title=Text(value=made.title), summary=Text(value=made.summary), content=html(made.content))
    )
    if made.content:
        assert (again.title, again.content) == (made.title, made.content)


@given(said_twice, said_twice, said_twice)
def test_texts_are_the_same_when_they_are_read_again(title, summary, content):
    feed = replace(FEED, title=Text(value="Harbour News - Ships"))
    made = article(feed=feed, title=html(title), summary=html(summary), content=html(content))
    said = {"summary": Text(value=made.summary), "content": html(made.content)}
    again = article(feed=feed, title=Text(value=made.title), **said)
    if made.content:
        assert (again.title, again.content, again.text) == (made.title, made.content, made.text)


def test_a_long_item_costs_what_its_length_says(benchmark_seconds):
    costs = [
        benchmark_seconds(lambda n=n: article(content=html(HTML * n), title=html("<b>x</b>" * n))) for n in (200, 800)
    ]
    assert costs[1] < 20 * max(costs[0], 0.001)


def test_teasers_are_resolved_bounded_and_on_one_line():
    said = (
        Related(url="/b?utm_source=x", title="Ships\n again"),
        Related(url="javascript:x", title="No link"),
        Related(url=None, title=None),
        *(Related(url=f"/{n}") for n in range(30)),
    )
    made = article(related=said).related
    assert (made[:2], len(made)) == (
        (Related(url="https://news.example/b", title="Ships again"), Related(url=None, title="No link")),
        19,
    )


@pytest.mark.parametrize("paywall", [True, False])
def test_a_paywall_is_passed_on(paywall):
    assert article(paywall=paywall).paywall is paywall
