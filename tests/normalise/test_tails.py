import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.normalise.tails import boilerplate, is_boilerplate, text_without_tails, without_home, without_tails

A = '<a href="https://news.example/a">'


@pytest.mark.parametrize(
    ("cleaned", "expected"),
    [
        (f"<p>It rained.</p><p>The post {A}It rained</a> appeared first on {A}Harbour</a>.</p>", "<p>It rained.</p>"),
        (f"<div><p>It rained.</p>\n<p>{A}Read more</a></p></div>", "<div><p>It rained.</p></div>"),
        (f"<p>It rained and […] {A}Continue reading <span>→</span></a></p>", "<p>It rained and…</p>"),
        (f"<p>Es regnete. {A}Weiterlesen »</a></p>", "<p>Es regnete.</p>"),
        (f"Il pleut.<br><br>{A}Lire la suite</a>", "Il pleut."),
        (f"<p>昨日は雨。</p><p>{A}続きを読む</a></p>", "<p>昨日は雨。</p>"),
        ("<p>It rained.</p><p></p><div> </div>", "<p>It rained.</p>"),
        ("<p>It rained.</p><p>Comments</p><p>Share this</p>", "<p>It rained.</p>"),
        (f"<div>One.</div>It rained … {A}Read more</a>", "<div>One.</div>It rained…"),
        (f"<p>It rained.</p><div>{A}★</a></div>", "<p>It rained.</p>"),
        ("<p>Read more</p>", ""),
        (f"<p>Es regnete. Es […]</p><p>{A}Weiterlesen... from Es regnete</a></p>", "<p>Es regnete. Es…</p>"),
        (f"<p>Piove.</p><p>L'articolo {A}Piove</a> sembra essere il primo su {A}Il Porto</a>.</p>", "<p>Piove.</p>"),
        (
            f"<p>It rained.</p><hr><p>{A}Rain</a> was originally published in {A}Ships</a> on Medium, where people are "
            "continuing the conversation by highlighting and responding to this story.</p>",
            "<p>It rained.</p>",
        ),
        (f"<p>It rained.</p><p>{A}Continue reading...</a></p>", "<p>It rained.</p>"),
        (
            f"<p>Es regnete.</p><p>{A}Weiterlesen... from Es regnete.</a></p>"
            f"<p>The post {A}Es regnete.</a> appeared first on {A}Hafen</a>.</p>",
            "<p>Es regnete.</p>",
        ),
        ("<p>It rained.</p><p>Read more.</p><p>Share this</p>", "<p>It rained.</p>"),
        (f"<br><br>{A}Click here</a> for the full article.", ""),
        ("<p>It rained. (…)</p>", "<p>It rained.</p>"),
        # what stays
        (f"<p>It rained. See {A}the map</a></p>", f"<p>It rained. See {A}the map</a></p>"),
        ("<ul><li>One</li><li>More</li></ul>", "<ul><li>One</li><li>More</li></ul>"),
        ("<p>He had to read on</p>", "<p>He had to read on</p>"),
        (
            '<p>It rained.</p><p><img src="https://e.example/a.jpg"></p>',
            '<p>It rained.</p><p><img src="https://e.example/a.jpg"></p>',
        ),
        ("<p>The post was filled by Ann</p>", "<p>The post was filled by Ann</p>"),
        (f'<p>{A}<img src="https://e.example/a.jpg"></a></p>', f'<p>{A}<img src="https://e.example/a.jpg"></a></p>'),
        ("<p>Asked for the full article.</p>", "<p>Asked for the full article.</p>"),
        ("", ""),
    ],
)
def test_the_end_of_clean_html(cleaned, expected):
    assert without_tails(cleaned) == expected


HOME = '<a href="http://www.news.example">The Harbour News</a>'


@pytest.mark.parametrize(
    ("cleaned", "expected"),
    [
        (f"<p>It rained.</p><p>{HOME}</p>", "<p>It rained.</p><p></p>"),
        (f"<p>It rained.&nbsp; {HOME}</p>", "<p>It rained.&nbsp; </p>"),
        (f"<p>It rained, says {HOME}</p>", f"<p>It rained, says {HOME}</p>"),
        (f"<p>{HOME}</p>", f"<p>{HOME}</p>"),
        ('<p>It rained.</p><p><a href="https://other.example/">Other</a></p>',) * 2,
        (f"<p>It rained.</p><p>{A}Another page</a></p>",) * 2,
    ],
)
def test_the_front_page_behind_a_text(cleaned, expected):
    assert without_home(cleaned, "https://news.example/a") == expected


def test_many_breaks_are_looked_at_once():
    assert without_tails("It rained." + "<br>" * 200_000 + "Read more") == "It rained."


def test_share_buttons_go_wherever_they_stand():
    flare = '<a href="http://feeds.feedburner.com/~ff/x?a=b" rel="noopener">Tweet</a>'
    assert without_tails(f"<p>One. {flare}</p><p>Two.</p>") == "<p>One. </p><p>Two.</p>"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It rained. Read more…", "It rained."),
        ("It rained and [...]", "It rained and…"),
        ("It rained and […] Continue reading", "It rained and…"),
        ("One.\nRead more\nShare", "One."),
        ("It rained. The post Rain. More rain appeared first on Harbour.", "It rained."),
        ("Het regende. Lees verder", "Het regende."),
        ("He said (aside).", "He said (aside)."),
        ("It rained. More was to come.", "It rained. More was to come."),
    ],
)
def test_the_end_of_plain_text(text, expected):
    assert text_without_tails(text) == expected


def test_every_phrase_is_boilerplate_in_its_usual_dress():
    assert [phrase for phrase in boilerplate().phrases if not is_boilerplate(f"[{phrase.capitalize()} …] →")] == []


pieces = st.sampled_from(
    [
        *"ab .…[]",
        "<p>",
        "</p>",
        "<br>",
        "<div>",
        "</div>",
        A,
        "</a>",
        "Read more",
        "Share",
        "The post ",
        " appeared first on ",
    ]
)


@given(st.lists(pieces, max_size=30).map("".join))
def test_taken_off_once_is_taken_off(cleaned):
    once = without_tails(cleaned)
    assert without_tails(once) == once


@given(st.lists(pieces, max_size=30).map("".join))
def test_no_text_is_made(cleaned):
    assert len(without_tails(cleaned)) <= len(cleaned)
