"""What an item carries along of other articles, at the end of its text."""

from html import escape
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.model import Item, Related, Text
from feeds.parse.more import may_have_more, parted

BASE = "https://messenger.example/feed.xml"
WIRE = [line for line in (Path(__file__).parent / "pages" / "wire.txt").read_text("utf-8").split("\n") if line.strip()]
AT = WIRE.index("More news")
TITLE, BODY, TEASER = WIRE[1], WIRE[3:AT], WIRE[AT + 1 : AT + 3]
OWN = "".join(f"<p>{escape(line)}</p>" for line in BODY)
LINKED = '<h4><a href="/icebreaker">{}</a></h4><p>{}</p>'.format(*map(escape, TEASER))
UNDATED = "Nobody had asked what it would cost, and so nobody was told before the vote was over on that long evening."


def item(value, kind="html", **more):
    return Item(title=Text(value=TITLE), content=Text(value=value, type=kind), **more)


def told(one):
    return (one.title.value if one.title else None, one.summary.value if one.summary else None, one.link)


FORMS = {
    "plain text": ("\n".join(WIRE), "text"),
    "plain text as HTML": ("\n\n".join(WIRE), "html"),
    "paragraphs": ("".join(f"<p>{escape(line)}</p>" for line in WIRE), "html"),
    "breaks": ("<div>" + "<br><br>".join(map(escape, WIRE)) + "</div>", "html"),
    "headings": (f"{OWN}<h3>More news:</h3><h4>{escape(TEASER[0])}</h4><p>{escape(TEASER[1])}</p>", "html"),
    "bold": (f"{OWN}<p><b>More news</b></p><p><b>{escape(TEASER[0])}</b><br>{escape(TEASER[1])}</p>", "html"),
}


@pytest.mark.parametrize("form", FORMS)
def test_the_teaser_is_an_item_of_its_own(form):
    own, other = parted(item(*FORMS[form]), BASE)
    assert told(other) == (TEASER[0], TEASER[1], None)
    assert (own.title.value, own.related) == (TITLE, (Related(url=None, title=TEASER[0]),))


@pytest.mark.parametrize("form", FORMS)
def test_the_text_ends_where_the_heading_stood(form):
    own, _ = parted(item(*FORMS[form]), BASE)
    assert (BODY[-1] in own.content.value, "More news" in own.content.value) == (True, False)


@pytest.mark.parametrize("form", ["plain text", "plain text as HTML", "paragraphs", "breaks"])
def test_section_headline_and_date_in_front_have_their_fields(form):
    own, _ = parted(item(*FORMS[form]), BASE)
    assert ([c.term for c in own.categories], own.published) == (["World"], WIRE[2])
    assert TITLE not in own.content.value


def test_what_the_feed_says_counts_before_what_stands_in_front():
    own, _ = parted(item(*FORMS["paragraphs"], published="2026-01-07"), BASE)
    assert own.published == "2026-01-07"


@pytest.mark.parametrize(
    "heading", ["More news", "Mehr zum Thema", "À lire aussi :", "Noticias relacionadas", "İlgili haberler", "相关新闻"]
)
def test_a_link_will_do_for_a_dateline_in_any_language_of_the_table(heading):
    own, other = parted(item(f"{OWN}<p>{heading}</p>{LINKED}"), BASE)
    assert (told(other)[2], own.related[0].url) == ("https://messenger.example/icebreaker",) * 2


def test_a_summary_that_serves_as_content_is_parted_too():
    own, _ = parted(Item(summary=Text(value="\n".join(WIRE))), BASE)
    assert (own.content, own.summary.value.endswith(BODY[-1])) == (None, True)


@pytest.mark.parametrize(
    "tail",
    [
        "",
        "<h3>More news</h3>",
        "<h3>More news</h3><ul><li><a href='/1'>The yard opens again</a></li></ul>",
        f"<h3>More news</h3><h4>{TEASER[0]}</h4><p>{UNDATED}</p>",
        f"<h3>More news</h3>{LINKED}<p>{UNDATED}</p>",
        f"<h3>More news</h3><p>{UNDATED}</p><p>{UNDATED} Again.</p>",
        f"<h3>How it began</h3>{LINKED}",
        f"<p>There was more news</p>{LINKED}",
    ],
    ids=["nothing", "heading alone", "links alone", "neither", "goes on", "own text", "own heading", "sentence"],
)
def test_no_article_loses_its_end(tail):
    one = item(OWN + tail)
    assert parted(one, BASE) == (one,)


def test_a_text_of_teasers_alone_is_left_alone():
    one = item(f"<h3>More news</h3>{LINKED}")
    assert parted(one, BASE) == (one,)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("It rained.\nMore news\nIt snows.", True), ("More news", False), ("It rained. More news", False), ("", False)],
)
def test_only_a_line_below_the_first_makes_it_look_closer(text, expected):
    assert may_have_more(text) is expected


PIECES = st.sampled_from([*WIRE, "<p>", "</p>", "<br>", "<h3>", "<a href='/x'>", "</a>", "\n", "<", "&amp;", "Related"])


@given(st.lists(PIECES, max_size=30).map("".join), st.sampled_from(["text", "html"]))
def test_nothing_is_lost_whatever_it_holds(value, kind):
    own, *others = parted(item(value, kind), BASE)
    assert value.startswith(own.content.value) or own.content.value in value
    assert all(one.title and one.summary for one in others)
