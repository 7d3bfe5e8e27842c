"""What stands before, in and behind the text of a page and is none of it."""

from typing import Any

import pytest

from feeds.parse import parse
from feeds.parse.page.edges import Lines, first_and_end
from feeds.parse.page.rows import Row
from feeds.parse.page.said import Said

URL = "https://ponant.example/bells"
TITLE = "Bells ring again over the town"
FIRST, SECOND, THIRD = (
    "The harbour was quiet for years, until on Monday the bells of the old town rang again, as they did once.",
    "Nobody had thought that they could be mended, said the woman who keeps them, and least of all she herself.",
    "They will ring every evening from now on, the council says, but never for longer than five minutes at a time.",
)


def lines(before: str = "", inside: str = "", behind: str = "", times: int = 1) -> list[str]:
    """The text of a page of three paragraphs with what stands around them."""
    text = "".join(f"<p>{line}</p>" for line in (FIRST, SECOND) * times)
    body = f"<article>{before}{text}{inside}<p>{THIRD}</p>{behind}</article>"
    feed = parse(f"<!doctype html><html><title>{TITLE}</title>{body}".encode(), URL, {}, "page")
    content = feed.items[0].content
    assert content is not None
    return content.value.replace("</p>", "</p>\n").replace("<li>", "\n<li>").splitlines()


def text_of(**around: Any) -> str:
    return "\n".join(lines(**around))


KEPT = [FIRST, SECOND, THIRD]


@pytest.mark.parametrize(
    "before",
    [
        f"<h1>{TITLE}</h1>",
        f"<div>News desk: {TITLE}</div>",
        f"<ul><li>Home ›</li><li>Town ›</li><li>More ›</li></ul><h1>{TITLE}</h1>",
        f"<h1>{TITLE}</h1><p>Published</p><p>5 January 2026</p>",
        f"<h1>{TITLE}</h1><p>By Mira Sand on 5 January 2026</p>",
        "<p><a href='/town'>All of the town's news</a></p>",
    ],
    ids=["headline", "kicker", "way to it", "date", "byline", "link"],
)
def test_the_text_begins_behind_its_headline_and_what_stands_there(before: str) -> None:
    assert [line for line in lines(before=before) if "<p>" in line] == [f"<p>{line}</p>" for line in KEPT]


@pytest.mark.parametrize(
    "behind",
    [
        "<h2>What the town says</h2>",
        "<p><a href='/share'>Send it to a friend</a></p>",
        "<p>Photo credits: Ida Cork</p>",
        "<p>Titelbild: Ida Cork</p>",
        "<p>See <a href='https://facebook.com/p'>Facebook</a> and <a href='https://instagram.com/p'>Instagram</a>, "
        "or read our <a href='/newsletter'>newsletter</a>.</p>",
        "<p>Keywords</p><ul><li><a href='/t/bells'>bells</a></li><li><a href='/t/town'>town</a></li></ul>",
        "<p>You find everything about it here:</p>",
    ],
    ids=["heading", "link", "picture", "title picture", "networks", "keywords", "leads on"],
)
def test_what_stands_behind_the_last_paragraph_is_no_text(behind: str) -> None:
    assert [line for line in lines(behind=behind) if "<p>" in line or "<h" in line] == [f"<p>{one}</p>" for one in KEPT]


@pytest.mark.parametrize(
    "last",
    [
        "Source: Xinhua News Agency",
        "(Reuters)",
        "Mira Sand",
        "Nobody complained.",
        "She said so on Facebook and on Instagram, and nobody answered her there.",
        "https://ponant.example/the-whole-list-of-bells",
    ],
)
def test_a_last_line_that_may_be_text_stays(last: str) -> None:
    links = "<div><a href='/t/bells'>bells</a></div><div><a href='/t/town'>town</a></div>"
    assert last in text_of(behind=f"<p>{last}</p>{links}")


def test_a_list_of_links_that_ends_a_text_stays() -> None:
    names = ["The bell of the harbour", "The bell of the market", "The bell of the hill", "The bell that is lost"]
    assert names[-1] in text_of(behind="".join(f"<p><a href='/{name[-4:]}'>{name}</a></p>" for name in names))


def test_a_first_line_that_is_a_link_of_many_words_stays() -> None:
    paper = "How the bells of small towns fell silent in a hundred years of wars"
    assert paper in text_of(before=f"<p><a href='/paper'>{paper}</a></p>")


def test_lines_of_a_page_that_is_marked_as_beside_itself_stay() -> None:
    rows = [Row("The first of the evenings", aside=True), *(Row(line, aside=True) for line in KEPT)]
    found = first_and_end([row.text for row in rows], Said(title=TITLE), Lines(rows, "ponant.example"))
    assert found == (0, 4)


def test_lines_beside_the_text_are_none_of_it() -> None:
    rows = [Row("The first of the evenings", aside=True), *map(Row, KEPT), Row("Our bells at a glance", aside=True)]
    found = first_and_end([row.text for row in rows], Said(title=TITLE), Lines(rows, "ponant.example"))
    assert found == (1, 4)


def test_a_last_paragraph_that_links_to_one_network_stays() -> None:
    assert "complained" in text_of(
        behind="<p>Some <a href='https://facebook.com/p/1'>complained</a> about the noise.</p>"
    )


@pytest.mark.parametrize(
    ("address", "level", "end"),
    [
        ("/pier", 2, 9),
        ("https://www.ponant.example/pier", 3, 9),
        ("https://other.example/pier", 2, 13),
        ("/pier", 0, 13),
    ],
    ids=["path", "address", "of another site", "no heading"],
)
def test_headings_at_the_end_that_lead_to_pages_of_the_site_are_other_articles(
    address: str, level: int, end: int
) -> None:
    others = [Row("A third pier for the ferries", level=level, href=address), Row(THIRD)] * 2
    rows = [*(Row(line) for line in KEPT * 3), *others]
    texts = [row.text for row in rows]
    assert first_and_end(texts, Said(title=TITLE), Lines(rows, "ponant.example")) == (0, end)


def test_a_heading_that_leads_elsewhere_inside_the_text_cuts_nothing_off() -> None:
    assert f"<p>{THIRD}</p>" in text_of(inside="<h2><a href='/pier'>A third pier for the ferries</a></h2>", times=3)


@pytest.mark.parametrize(
    "note",
    [
        "An dieser Stelle finden Sie einen externen Inhalt, der den Artikel ergänzt.",
        "To view this content, please accept the cookies of the maker.",
        "Pour afficher ce contenu, il faut accepter les cookies.",
        "Externer Inhalt",
    ],
)
def test_asking_for_leave_to_show_something_is_no_text(note: str) -> None:
    assert note not in text_of(inside=f"<p>{note}</p>")


def test_a_paragraph_about_consent_stays() -> None:
    about = (
        "The council wants every site to ask for consent before it shows content of others, and to take a no for a no."
    )
    assert about in text_of(inside=f"<p>{about}</p>")


def test_a_caption_is_no_text() -> None:
    caption = "The bells on the day when they were brought back to the tower on the hill, seen from the market place."
    assert caption not in text_of(before=f"<div><figcaption><p>{caption}</p></figcaption></div>")
