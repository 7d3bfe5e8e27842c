import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.normalise.mend import decoded_right, readable, references_once, unescaped_once_more

GOOD = [
    "Le café de l’été",
    "“Übergang” – Ärger",
    "Привет, мир",
    "港口今天早上很安静。",
    "ميناء هادئ",
    "ภาษาไทย",
    "100 €",
    "Łódź and İzmir",
    "😀 yes",
]


@pytest.mark.parametrize("text", GOOD)
@pytest.mark.parametrize("encoding", ["latin-1", "cp1252"])
def test_utf8_that_was_read_as_something_else_is_mended(text, encoding):
    try:
        spoilt = text.encode().decode(encoding)
    except UnicodeDecodeError:
        pytest.skip("windows-1252 has no such character")
    assert decoded_right(spoilt) == text


@pytest.mark.parametrize("text", [*GOOD, "SÃO PAULO", "“É…”", "« à »", "Ã", "naïve…", "10 × 20", "Ð is a letter", ""])
def test_good_text_is_left_alone(text):
    assert decoded_right(text) == text


def test_a_part_is_mended_too():
    assert decoded_right("Ã©tÃ© — Привет") == "été — Привет"


@given(st.text(alphabet=st.characters(max_codepoint=0x17F, exclude_categories=("Cc",)), max_size=60))
def test_what_was_mended_stays(text):
    mended = decoded_right(text)
    assert decoded_right(mended) == mended


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ann&#8217;s ships &amp; piers", "Ann’s ships & piers"),
        ("&quot;Ja&quot; &eacute;t&eacute;", '"Ja" été'),
        ("The&nbsp;harbour", "The harbour"),
        ("What &nbsp; and &lt;b&gt; mean", "What &nbsp; and &lt;b&gt; mean"),
        ("A & B; C", "A & B; C"),
        ("e&#769; &#12; &#55296;", "e&#769; &#12; \ufffd"),
    ],
)
def test_references_that_were_escaped_twice(text, expected):
    assert unescaped_once_more(text) == expected


@pytest.mark.parametrize(
    ("cleaned", "expected"),
    [
        ("<p>Ann&amp;#8217;s ships &amp;amp; piers</p>", "<p>Ann’s ships &amp; piers</p>"),
        ("<p>Ships &amp; piers &amp;lt;</p>", "<p>Ships &amp; piers &amp;lt;</p>"),
        ("<p>Write <code>&amp;amp;</code></p>", "<p>Write <code>&amp;amp;</code></p>"),
    ],
)
def test_references_in_clean_html(cleaned, expected):
    assert references_once(cleaned) == expected


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<p>a</p><iframe src='x'><p>b</p>", "<p>a</p><p>b</p>"),
        ("<iframe src='x' /><p>b</p>", "<p>b</p>"),
        ("<object data='x'></object><p>b</p>", "<object data='x'></object><p>b</p>"),
        ("<iframe/>a<iframe>x</iframe>b", "ab"),
        ("<object>a<object>x</object>b", "a<object>x</object>b"),
        ("a<object data='x'><p>b</p>", "a<p>b</p>"),
        ("a<IFRAME src='x'>b", "ab"),
        ("<title>a", "a"),
    ],
)
def test_what_is_embedded_and_never_closed_swallows_nothing(markup, expected):
    assert readable(markup)[0] == expected


def test_many_unclosed_things_are_read_once():
    assert readable("<iframe>" * 100_000 + "b")[0] == "b"
