"""Atom, RSS and JSON Feed side by side: the same entries, also when what is stored is hostile."""

import json
from datetime import datetime
from email.utils import parsedate_to_datetime

import feedparser
import lxml.html
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from feeds.model import Category, Site
from feeds.parse import parse
from feeds.publish import atom, html, jsonfeed, rss
from tests.publish.samples import SECTIONS, SITE, article, carrier, edition, rich_view, view

LIKE_MARKUP = [
    "The <title> element",
    "<b>Bold</b> news",
    "x &gt; y",
    "AT&amp;T",
    "A<B and C>D",
    "<!-- none -->",
    "How to write &lt;br&gt; as &amp;lt;br&amp;gt;",
    "AT&T < you",
]
A = "{http://www.w3.org/2005/Atom}"
HOSTILE = [
    "nul \x00 and bell \x07",
    "]]> and <![CDATA[",
    "lone \ud800 surrogate",
    "non-character \uffff",
    "<b>T</b> & <1> &amp; &nbsp;",
    "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>",
    "</title><script>alert(1)</script>",
    "x" * 20_000,
    "مرحبا \u202e بالعالم",
    "{{ 7 * 7 }} {% raw %}",
]


def from_atom(data):
    return [
        (
            e.findtext(f"{A}id"),
            e.findtext(f"{A}title"),
            e.find(f"{A}link[@rel='alternate']").get("href"),
            datetime.fromisoformat(e.findtext(f"{A}published")),
            datetime.fromisoformat(e.findtext(f"{A}updated")),
        )
        for e in etree.fromstring(data).iter(f"{A}entry")
    ]


def from_rss(data):
    """Titles as they are seen: what keeps readers from taking them for markup shows nothing."""
    return [
        (
            e.findtext("guid"),
            e.findtext("title").replace("\u2060", ""),
            e.findtext("link"),
            parsedate_to_datetime(e.findtext("pubDate")),
            datetime.fromisoformat(e.findtext(f"{A}updated")),
        )
        for e in etree.fromstring(data).iter("item")
    ]


def from_json(data):
    return [
        (
            e["id"],
            e["title"],
            e["url"],
            datetime.fromisoformat(e["date_published"]),
            datetime.fromisoformat(e["date_modified"]),
        )
        for e in json.loads(data)["items"]
    ]


def all_formats(views):
    made = edition(*views)
    return from_atom(atom.render(made).data), from_rss(rss.render(made).data), from_json(jsonfeed.render(made).data)


def hostile_view(text):
    lead = article(
        title=text,
        summary=text,
        categories=(Category(term=text, label=text),),
        rights=text,
        comments=text,
        language=text,
    )
    return view(lead, carrier=carrier(title=text), others=(carrier("courier", title=text),), rights=text)


def test_the_three_list_the_same():
    in_atom, in_rss, in_json = all_formats(
        [rich_view(), view(link_policy="page"), view(article("b", title="AT&T < you"))]
    )
    assert in_atom == in_rss == in_json


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text[:12]))
def test_the_three_list_the_same_of_hostile_text(text):
    in_atom, in_rss, in_json = all_formats([hostile_view(text), view()])
    assert in_atom == in_rss == in_json != []


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text[:12]))
def test_a_page_of_hostile_text_has_no_script_but_its_data(text):
    page = html.entry_page(Site(title=text, base_url=SITE.base_url), hostile_view(text), SECTIONS)
    assert page.data.count(b"<script") == 1


@pytest.mark.parametrize("render", [atom.render, rss.render], ids=["atom", "rss"])
def test_a_hostile_site_title_costs_no_feed(render):
    site = Site(title="\x00<b>\ud800", base_url=SITE.base_url, rights="\x01")
    assert feedparser.parse(render(edition(view(), site=site)).data).bozo is False


def as_text(title, _):
    return title


def as_html(title, _):
    return lxml.html.fragment_fromstring(title, create_parent="p").text_content()


def as_feedparser_says(title, kind):
    return as_html(title, kind) if kind == "text/html" else title


@pytest.mark.parametrize("seen", [as_text, as_html, as_feedparser_says])
@pytest.mark.parametrize("title", LIKE_MARKUP)
def test_a_title_that_looks_like_markup_is_seen_as_it_is(title, seen):
    """RSS does not say whether a title is text or markup: readers take it for the one, the other, or guess."""
    told = feedparser.parse(rss.render(edition(view(article(title=title)))).data).entries[0].title_detail
    assert seen(told.value, told.type).replace("\u2060", "") == title


@pytest.mark.parametrize("title", LIKE_MARKUP)
@pytest.mark.parametrize("render", [atom.render, rss.render, jsonfeed.render], ids=["atom", "rss", "json"])
def test_our_own_parser_reads_such_a_title_back(render, title):
    document = render(edition(view(article(title=title))))
    (item,) = parse(document.data, SITE.base_url + document.path, {"content-type": document.media_type}).items
    assert (item.title.type, item.title.value) == ("text", title)


@given(text=st.text(max_size=60))
@settings(max_examples=60, deadline=None)
def test_any_text_is_printed_alike(text):
    in_atom, in_rss, in_json = all_formats([hostile_view(text)])
    assert [e[0] for e in in_atom] == [e[0] for e in in_rss] == [e[0] for e in in_json]


@pytest.mark.parametrize("render", [atom.render, rss.render], ids=["atom", "rss"])
def test_feedparser_reads_the_body_back(render):
    seen = feedparser.parse(render(edition(view(content_policy="full"))).data, sanitize_html=False)
    assert seen.entries[0].content[0].value.startswith(article().content)


@pytest.mark.parametrize("render", [atom.render, rss.render, jsonfeed.render], ids=["atom", "rss", "json"])
def test_our_own_parser_reads_it_back(render):
    document = render(edition(rich_view(), view(article("b", title="T & <1>"))))
    items = parse(document.data, SITE.base_url + document.path, {"content-type": document.media_type}).items
    assert [(i.guid, i.link, i.title.value, i.via and i.via.title) for i in items] == [
        (article("rich").id, "https://gazette.example/rich", "Ferry line rich reopens", "The Gazette"),
        (article("b").id, "https://gazette.example/b", "T & <1>", "The Gazette"),
    ]
