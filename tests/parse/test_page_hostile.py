"""Whatever stands on a page: an answer or a ParseError, in bounded time."""

import json
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feeds.errors import ParseError
from feeds.model import ParsedFeed
from feeds.parse import parse

PAGES = Path(__file__).parent / "pages"
SEEDS = [path.read_bytes() for path in sorted(PAGES.iterdir()) if path.suffix != ".json"]
N = 100_000
LD = b'<script type="application/ld+json">'
HEAD = b"<html><title>Some title of a page</title>"


def answer(body: bytes) -> ParsedFeed | None:
    try:
        return parse(body, "https://karsa.example/a/b", {}, "page")
    except ParseError:
        return None


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"<div>" * 1_000_000, id="5 MB of div"),
        pytest.param(HEAD + b"<div>" * N + b"text " * 100, id="deep"),
        pytest.param(HEAD + b"<b><i>" * N + b"text", id="formatting"),
        pytest.param(HEAD + b"<body " + b" ".join(b"a%d=1" % n for n in range(N)) + b">", id="attributes"),
        pytest.param(HEAD + b"<body " + b" ".join(b"a%d='>'" % n for n in range(N)) + b">", id="quoted attributes"),
        pytest.param(HEAD + b'<a b="' * N, id="open quotes"),
        pytest.param(HEAD + b"<script>" * N, id="open scripts"),
        pytest.param(HEAD + b"<!--" * N, id="open comments"),
        pytest.param(HEAD + b"<p>word word word word word word word word word word. " * N, id="paragraphs"),
        pytest.param(HEAD + b"<ul>" + b"<li><a href=/a-%d>A headline of some words</a></li>" * 30_000, id="links"),
        pytest.param(HEAD + b"<table>" + b"<tr><td>a<td>b" * N, id="cells"),
        pytest.param(HEAD + b"some words<br>" * N, id="breaks"),
        pytest.param(HEAD + b"<h2>More news</h2>" * 20_000, id="headings of teasers"),
        pytest.param(HEAD + b"<p>" + b"word " * 500_000, id="one paragraph"),
        pytest.param(HEAD + b"<div itemscope>" * N, id="microdata"),
        pytest.param(HEAD + b"<i itemscope></i><i itemprop=a>x</i>" * 30_000, id="flat microdata"),
        pytest.param(HEAD + LD + b'{"@graph":' * N + b"1", id="deep data"),
        pytest.param(HEAD + LD + b"[" * 900 + b'{"@type":"Article"}' + b"]" * 900 + b"</script>", id="nested lists"),
        pytest.param(HEAD + LD + b'{"@id":"#a","author":{"@id":"#a"},"@type":"Article","headline":"x"}', id="circle"),
        pytest.param(HEAD + (LD + b"{,}</script>") * 20_000, id="broken data"),
        pytest.param(HEAD + LD + json.dumps([{"@type": "Article", "url": "/a"}] * 30_000).encode(), id="much data"),
        pytest.param(HEAD + b"<meta property=og:title content=x>" * N, id="metas"),
        pytest.param(HEAD + b"<div>" + b"<i class=author>M</i>" * 19_000 + b"</div>", id="authors"),
        pytest.param(HEAD + b"<p><a href=/author/m>Mira Sand</a>" * 15_000, id="pages of authors"),
        pytest.param(HEAD + b"<h1>" + b"<b class=kicker>a b</b>" * N + b"some words</h1>", id="kickers"),
        pytest.param(HEAD + b"<p>updated" * 15_000 + b"<p>" + b"word " * 200, id="labels"),
        pytest.param(HEAD + b"<div>" * 200 + b"<i data-timestamp=tomorrow></i>" * 19_000, id="stamps"),
        pytest.param(
            HEAD + b"<p>" + b"word " * 200 + b"<h2><a href=/a>A headline of words</a></h2>" * 9_000, id="ends"
        ),
        pytest.param(
            HEAD + LD + json.dumps({"@type": "Article", "author": [[f"a{n}" for n in range(300)]] * 300}).encode(),
            id="lists of authors",
        ),
        pytest.param(b"a line of text\n" * N, id="lines"),
        pytest.param(b"-" * 2_000_000, id="no space"),
        pytest.param(HEAD + b"<title>" + b" - a" * 100_000 + b"</title><h1>x</h1>" + b"<p>word" * 50, id="title"),
    ],
)
def test_time_is_bounded(body: bytes) -> None:
    start = time.process_time()
    answer(body)
    assert time.process_time() - start < 6


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes(body: bytes) -> None:
    answer(body)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(SEEDS), st.data())
def test_any_mutation_of_a_page(seed: bytes, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(seed)))
    end = data.draw(st.integers(start, min(len(seed), start + 200)))
    put = data.draw(
        st.binary(max_size=12) | st.sampled_from([b"<div>", b"</p>", b"&x;", b"</script>", b'"', b"<!--", b"}", b"<a "])
    )
    answer(seed[:start] + put + seed[end:])


KEYS = st.sampled_from(
    "@type @id @graph @value headline name url author datePublished image keywords articleSection itemListElement "  # noqa: SIM905
    "item mainEntityOfPage articleBody inLanguage publisher isAccessibleForFree description width".split()
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=5),
    max_leaves=20,
)


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(KEYS, VALUES, max_size=8), st.sampled_from(["NewsArticle", "ItemList", ["Article"], "WebPage"]))
def test_any_data(said: dict[str, object], kind: object) -> None:
    answer(HEAD + LD + json.dumps(said | {"@type": kind}).encode() + b"</script><p>" + b"word " * 40)
