import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import html as lxml_html

from feeds.model import Text
from feeds.normalise.markup import _is_plain, chars, clean_html, line, paragraphs, text_of, to_text

BASE = "https://news.example/world/story.html"
REL = 'rel="noopener noreferrer nofollow ugc"'
FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("<p>A <b>pier</b></p>", "<p>A <b>pier</b></p>"),
        ("<p>open", "<p>open</p>"),
        ('<a href="/a" onclick="x()" class="y">z</a>', f'<a href="https://news.example/a" {REL}>z</a>'),
        ('<a href="b.html#c">z</a>', f'<a href="https://news.example/world/b.html#c" {REL}>z</a>'),
        ('<a href="mailto:desk@news.example">z</a>', f'<a href="mailto:desk@news.example" {REL}>z</a>'),
        ('<a href="http:odd">z</a>', f"<a {REL}>z</a>"),
        (
            '<img src="p.jpg" alt="a > b" width="8" style="x">',
            '<img src="https://news.example/world/p.jpg" alt="a &gt; b" width="8">',
        ),
        ('<p>x<img src="https://count.example/a.gif" width="1" height="1">y</p>', "<p>xy</p>"),
        ('<img src="https://pixel.wp.com/b.gif?v=1">', ""),
        ('<img src="data:image/gif;base64,R0lGOD" alt="x">', ""),
        ('<noscript><img src="p.jpg"></noscript>', '<img src="https://news.example/world/p.jpg">'),
        ("<script>x()</script><style>p{}</style>y", "y"),
        ("<form><input name=a>z<button>go</button></form>", ""),
        ("<svg><path d='M0'/><title>x</title></svg>y", "y"),
        ("<math><mi>x</mi><mo>+</mo><annotation>x+</annotation></math>y", "x+y"),
        ("<!' is <i>text</i>", "&lt;!' is <i>text</i>"),
        ("<!-- hidden -->y", "y"),
        ("x<!-- never closed ><p>y</p>", "x<p>y</p>"),
        ("<!-- one --><p>x</p><!-- two <b>", "<p>x</p>"),
        ("x<!--[if gte mso 9]><xml>Normal 0", "x"),
        ("<!--->x", "x"),
        ("<p>x</p><iframe src='a'/><p>y</p>", "<p>x</p><p>y</p>"),
        ("<iframe title='a > b' src=a>no frames</iframe>x", "x"),
        ("<iframe src=a><p>x</p></iframe>", "<p>x</p>"),
        ("<object data='a.swf'><param name=b><p>instead</p></object>x", "<p>instead</p>x"),
        ("<![CDATA[<p>twice wrapped</p>]]>", "<p>twice wrapped</p>"),
        ("&lt;p&gt;Twice &amp;amp; escaped&lt;/p&gt;", "<p>Twice &amp; escaped</p>"),
        (
            '&lt;p&gt;A &amp;amp; B&lt;/p&gt;<img src="https://a.example/c.gif" width="1" height="1"/>',
            "<p>A &amp; B</p>",
        ),
        ("&lt;p&gt;Escaped&lt;/p&gt; <b>in part</b>", "&lt;p&gt;Escaped&lt;/p&gt; <b>in part</b>"),
        (
            "&lt;p&gt;A&lt;/p&gt;<img alt='x &amp;quot; y' src='/p.png'>",
            '<p>A</p><img alt="x &amp;quot; y" src="https://news.example/p.png">',
        ),
        ("1 &lt; 2 and 3 > 2", "1 &lt; 2 and 3 &gt; 2"),
        ("<pre>\n\nx</pre>", "<pre>\n\nx</pre>"),
        ("<p>\u0338x</p>", "<p>x</p>"),
        ("cafe\u0301 &#1; \x00 &#xFFFF;", "café   "),
        ('<p lang="tr" dir="ltr" id="x">y</p>', '<p lang="tr" dir="ltr">y</p>'),
        ("<font size=7>big</font><blink>z</blink>", "bigz"),
        ("", ""),
    ],
)
def test_clean_html(said, expected):
    assert clean_html(said, BASE) == expected.strip()


def test_without_a_base_relative_links_go():
    assert clean_html('<a href="/a">z</a>') == f"<a {REL}>z</a>"


def test_a_base_that_is_none_takes_relative_links_away():
    assert clean_html('<a href="/a">z</a>', "https://[bogus") == f"<a {REL}>z</a>"


PAYLOADS = [
    "<script>{0}</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<scr<script>ipt>{0}</scr</script>ipt>",
    "<img src=x onerror={0}>",
    "<img src='x' onerror  =  '{0}'>",
    '<img src="x` `<script>{0}</script>"` `>',
    "<svg onload={0}>",
    "<svg><script>{0}</script></svg>",
    "<svg><a xlink:href='javascript:{0}'><text>x</text></a></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror={0}>",
    "<math href='javascript:{0}'>x</math>",
    "<a href='javascript:{0}'>x</a>",
    "<a href='JaVaScRiPt:{0}'>x</a>",
    "<a href=' &#14; javascript:{0}'>x</a>",
    "<a href='java\tscript:{0}'>x</a>",
    "<a href='java&#10;script:{0}'>x</a>",
    "<a href='&#106;avascript:{0}'>x</a>",
    "<a href='vbscript:{0}'>x</a>",
    "<a href='data:text/html,<script>{0}</script>'>x</a>",
    "<a href='x' onmouseover='{0}' style='background:url(javascript:{0})'>x</a>",
    "<iframe src='javascript:{0}'></iframe>",
    "<iframe srcdoc='<script>{0}</script>'></iframe>",
    "<object data='javascript:{0}'></object><embed src='javascript:{0}'>",
    "<form action='javascript:{0}'><button formaction='javascript:{0}'>x</button></form>",
    "<base href='javascript:{0}//'>",
    "<meta http-equiv=refresh content='0;url=javascript:{0}'>",
    "<link rel=stylesheet href='javascript:{0}'>",
    "<style>@import 'javascript:{0}';</style>",
    "<div style='width:expression({0})'>x</div>",
    "<video poster='javascript:{0}'><source onerror='{0}'></video>",
    "<details open ontoggle={0}>x</details>",
    "<body onload={0}>x</body>",
    "<input autofocus onfocus={0}>",
    "<noscript><p title='</noscript><img src=x onerror={0}>'></noscript>",
    "<textarea><script>{0}</script></textarea>",
    "<title><img src=x onerror={0}></title>",
    "<xmp><img src=x onerror={0}></xmp>",
    "<template><script>{0}</script></template>",
    "<select><style></select><img src=x onerror={0}></style>",
    "<!--><img src=x onerror={0}>-->",
    "<![CDATA[<img src=x onerror={0}>]]>",
    "<?php <img src=x onerror={0}> ?>",
    "<p>&lt;script&gt;{0}&lt;/script&gt;</p>",
    "&lt;p&gt;&lt;img src=x onerror={0}&gt;&lt;/p&gt;",
    "&lt;p&gt;&lt;img src=x onerror={0}&gt;&lt;/p&gt;<img src=y onerror={0}>",
    "<p title='\"><script>{0}</script>'>x</p>",
    "<img alt='\"><script>{0}</script>' src=x>",
    "<table><td><script>{0}</script>",
    "<a href='http://x' target=_blank ping='javascript:{0}'>x</a>",
    "<img srcset='x 1x, javascript:{0} 2x' src=x>",
    "<marquee onstart={0}>x</marquee>",
]


def is_harmless(cleaned):
    """Whether a second parser, lxml, sees nothing but text and plain links and pictures."""
    tree = lxml_html.fragment_fromstring(cleaned, create_parent="div")
    names = {node.tag for node in tree.iter()} & {
        "script",
        "style",
        "iframe",
        "object",
        "embed",
        "form",
        "svg",
        "math",
        "base",
    }
    attributes = {name for node in tree.iter() for name in node.attrib}
    urls = [node.get(name) for node in tree.iter() for name in ("href", "src") if node.get(name)]
    return (
        not names
        and not any(name.startswith("on") or name in ("style", "srcdoc", "srcset", "formaction") for name in attributes)
        and all(url.lower().startswith(("http://", "https://", "mailto:")) for url in urls)
    )


@pytest.mark.parametrize("payload", PAYLOADS)
def test_nothing_that_runs_gets_through(payload):
    assert is_harmless(clean_html(payload.format("alert(1)"), BASE))


fragments = st.sampled_from(
    (
        *("<p>", "</p>", "<b>", "</b>", "<a>", "<div>", "</div>", "<table>", "<td>", "<li>", "<ul>", "<pre>", "\n"),
        *(
            "<figure>",
            "</figure>",
            "<h2>",
            "<br>",
            "<img>",
            "&amp;",
            "&lt;",
            "<",
            ">",
            '"',
            "'",
            "=",
            "x",
            "é",
            "\u0338",
        ),
    )
)
payloads = st.sampled_from([payload.format("alert(1)") for payload in PAYLOADS])
mixtures = st.lists(fragments | payloads | st.text(max_size=8), max_size=12).map("".join)
articles = st.lists(fragments | st.text(max_size=8), max_size=12).map("".join)


@given(mixtures)
def test_no_mixture_gets_through(markup):
    assert is_harmless(clean_html(markup, BASE))


@given(articles)
@example("<pre>\n\n\nx</pre>")
@example("<script>x</script>&lt;p&gt;x&lt;/p&gt;")
@example("&lt;x&gt;&amp;lt;/p&amp;gt;&lt;/a&gt;<img src='https://a.example/p.png'>")
def test_cleaning_again_changes_nothing(markup):
    cleaned = clean_html(markup, BASE)
    assert clean_html(cleaned, BASE) == cleaned


@given(mixtures)
@example("<h2><unknown><h2>x")
def test_cleaning_again_keeps_the_text_whatever_was_dropped(markup):
    cleaned = clean_html(markup, BASE)
    assert text_of(clean_html(cleaned, BASE)) == text_of(cleaned)


@given(st.text(st.characters(codec=None), max_size=60) | mixtures)
def test_clean_html_holds_xml_characters_in_nfc(markup):
    cleaned = clean_html(markup, BASE)
    assert FORBIDDEN.search(cleaned) is None and unicodedata.is_normalized("NFC", cleaned)


@given(mixtures | st.text("<>&;\"'= pbaltgimgtitlehref/\u0338", max_size=60))
@example("<a title='x > y < z' href='http://a.example/?a>b<c'>t</a> 3 &gt; 2 < 5 > 4")
def test_the_signs_of_tags_stand_in_turns_in_clean_html(markup):
    signs = re.sub("[^<>]", "", clean_html(markup, BASE))
    assert signs == "<>" * (len(signs) // 2)  # `text_of` takes what is between them


HOSTILE = {
    "formatting never closed": "".join(f"<b a={i}>" for i in range(30_000)) + "<p>" * 30_000,
    "formatting in cells": "".join(f"<b a={i}>" for i in range(19)) + "<table>" * 10 + "x<p>" * 50_000,
    "deep blocks": "<div>" * 100_000,
    "deep blocks and tags": "<div>" * 240 + "<p></p>" * 50_000,
    "deep tables": "<table><td>" * 50_000,
    "attributes": "<b " + " ".join(f"a{i}" for i in range(100_000)) + ">x",
    "brackets": "<" * 500_000,
    "pictures beside what was escaped": "&lt;p&gt;" + "<img " * 100_000 + "&lt;/p&gt;",
    "ampersands": "&" * 500_000,
    "half references": "&a" * 500_000,
    "false references": "&notit;" * 100_000,
    "no-break spaces": "\xa0" * 500_000,
    "open references": "&#x" * 300_000,
    "comments": "<!--" * 100_000,
    "noscript": "<noscript" * 100_000,
    "figures": "<figure>" * 100_000,
    "escaped": "&lt;img " * 100_000,
    "quotes": "<p x='" * 100_000,
    "pictures": '<img src="x"' * 80_000,
    "data": '<img src="data:' + "A" * 2_000_000 + '">x',
    "spaces": " " * 1_000_000 + "x",
    "lines": "x\n" * 400_000,
}


@pytest.mark.parametrize("markup", HOSTILE.values(), ids=HOSTILE)
def test_hostile_markup_is_cleaned_in_linear_time(markup, benchmark_seconds):
    assert benchmark_seconds(lambda: text_of(clean_html(markup, BASE))) < 1.5


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<p>a</p><iframe src='x'><p>b</p>", "<p>a</p><p>b</p>"),
        ("<p>a</p><object data='x'><p>b</p>", "<p>a</p><p>b</p>"),
        ('<img data-src="/a.jpg">', '<img src="https://e.example/a.jpg">'),
        ('<img src="data:image/gif;base64,R0" data-lazy-src="/a.jpg"/>', '<img src="https://e.example/a.jpg">'),
        ('<img src="/blank.gif" data-original="/a.jpg" alt="x">', '<img alt="x" src="https://e.example/a.jpg">'),
        ('<img srcset="/a.jpg 300w, /b.jpg 900w">', '<img src="https://e.example/b.jpg">'),
        ('<img src="/a.jpg" data-src="/b.jpg">', '<img src="https://e.example/a.jpg">'),
    ],
)
def test_what_a_script_was_to_do_and_what_was_never_closed(markup, expected):
    assert clean_html(markup, "https://e.example/") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (Text(value="T & <1>"), "T & <1>"),
        (Text(value="T &amp; &lt;1&gt;", type="html"), "T & <1>"),
        (Text(value="T &amp;amp; 1", type="html"), "T &amp; 1"),
        (Text(value="a\n\n b\t c \n"), "a\nb c"),
        (Text(value="a\nb <i>c</i>", type="html"), "a b c"),
        (Text(value="<p>a</p><p>b<br>c</p>", type="html"), "a\nb\nc"),
        (Text(value="a<ul><li>b</li><li>c</li></ul>d", type="html"), "a\nb\nc\nd"),
        (Text(value="a &nbsp; b", type="html"), "a b"),
        (Text(value="<figure><img src='x'><figcaption>c</figcaption></figure><p>a</p>", type="html"), "a"),
        (Text(value="<figure><figcaption>c</figcaption></figure>", type="html"), "c"),
        (Text(value="<script>x</script>a<style>y</style>", type="html"), "a"),
        (Text(value="5 < 6 & 7 > 3", type="html"), "5 < 6 & 7 > 3"),
        (Text(value="&lt;p&gt;a&lt;/p&gt;&lt;p&gt;b&lt;/p&gt;", type="html"), "a\nb"),
        (Text(value="<div xmlns='http://www.w3.org/1999/xhtml'><p>a</p></div>", type="xhtml"), "a"),
        (Text(value=""), ""),
    ],
)
def test_plain_text(text, expected):
    assert to_text(text) == expected


@given(mixtures | st.text(st.characters(codec=None), max_size=60), st.sampled_from(["text", "html", "xhtml"]))
def test_plain_text_has_no_empty_lines_and_only_xml_characters(value, kind):
    text = to_text(Text(value=value, type=kind))
    lines = text.split("\n") if text else []
    assert all(part and part == part.strip() and "  " not in part for part in lines) and not FORBIDDEN.search(text)


@given(st.text(max_size=60))
def test_plain_text_survives_html(value):
    text = to_text(Text(value=value)).replace("\u0338", "")
    assert text_of(clean_html(paragraphs(text))) == to_text(Text(value=text))


@given(st.text(st.characters(codec=None), max_size=40))
def test_characters_are_those_of_xml(value):
    assert chars(value) == unicodedata.normalize("NFC", FORBIDDEN.sub("", value))


@given(st.text(st.characters(codec=None), max_size=40))
def test_a_line_is_one_line(value):
    assert line(value) == " ".join(chars(value).split())


# ---------------------------------------------------------------- characters

BMP = [chr(code) for code in range(0x10000) if not 0xD800 <= code < 0xE000]
PAIRS = [pair for sign in BMP if len(pair := unicodedata.decomposition(sign).split()) == 2 and pair[0][0] != "<"]
OF_PAIRS = {chr(int(second, 16)) for _, second in PAIRS}


def test_no_sign_is_plain_that_is_forbidden_or_changes_in_nfc():
    odd = [sign for sign in BMP if _is_plain(sign) and re.fullmatch("[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", sign)]
    odd += [s for s in BMP if _is_plain(s) and (unicodedata.combining(s) or unicodedata.normalize("NFC", s) != s)]
    assert odd == []


def test_no_sign_is_plain_that_joins_the_one_before_it():
    jamo = {chr(code) for code in (*range(0x1161, 0x1176), *range(0x11A8, 0x11C3))}
    assert [sign for sign in sorted(jamo | OF_PAIRS) if _is_plain(sign)] == []


@pytest.mark.parametrize("text", ["Ships – “late”, café", "Корабли пришли", "港口关闭"])
def test_what_news_is_written_in_is_plain(text):
    assert _is_plain(text)


@given(st.text(max_size=40) | st.text("aé\u0301\u0338<\u2126\u2019\0\ufffe가\u11a8", max_size=12))
def test_text_is_in_nfc_and_of_characters_that_xml_knows(text):
    allowed = re.sub("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "", text)
    assert chars(text) == unicodedata.normalize("NFC", allowed)
