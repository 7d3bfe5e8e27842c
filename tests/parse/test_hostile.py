"""Whatever the bytes: an answer or a ParseError, in bounded time, and nothing outside is touched."""

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feeds.errors import ParseError
from feeds.model import ParsedFeed
from feeds.parse import parse

DATA = Path(__file__).parent / "data"
SEEDS = [path.read_bytes() for path in sorted(DATA.iterdir()) if path.suffix != ".json"]
N = 60_000
OPEN_ITEM = b"<rss><channel><item>"
CLOSE = b"</item></channel></rss>"
OPEN = b"<rss><channel><item><title>x</b></title><description>"


def answer(body: bytes) -> ParsedFeed | None:
    try:
        return parse(body, "https://feed.example/", {})
    except ParseError:
        return None


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"<rss><channel>" + b"<a>" * N + b"</a>" * N + b"</channel></rss>", id="deep"),
        pytest.param(b"<rss><channel " + b" ".join(b'a%d="1"' % i for i in range(N)) + b"/></rss>", id="attributes"),
        pytest.param(b"<rss " + b" ".join(b'xmlns:a%d="u%d"' % (i, i) for i in range(N)) + b"/>", id="namespaces"),
        pytest.param(b"<rss>" + b"".join(b"<p%d:a/>" % i for i in range(N // 2)) + b"</rss>", id="prefixes"),
        pytest.param(b"<rss><channel>" + b"<![CDATA[" * N, id="open CDATA"),
        pytest.param(b"<rss><channel>" + b"<!--" * N, id="open comments"),
        pytest.param(b"<!DOCTYPE [" * N + b"<rss>", id="doctypes"),
        pytest.param(b"<rss>" + b"<" * N, id="brackets"),
        pytest.param(b"<rss>" + b'<x a="' * N, id="quotes"),
        pytest.param(b"<rss><title>" + b"&" * N * 5, id="ampersands"),
        pytest.param(b" " * N * 50 + b"<rss>", id="blanks"),
        pytest.param(b"<rss " + b"xmlns:a=" * N, id="xmlns"),
        pytest.param(OPEN + b"<x " + b"a " * N * 5 + b">", id="soup of attributes"),
        pytest.param(OPEN + b"<!DOCTYPE " * N, id="soup of doctypes"),
        pytest.param(OPEN + b"<a<" * N, id="soup of brackets"),
        pytest.param(OPEN_ITEM + b"<author>%d</author>" * N % tuple(range(N)) + CLOSE, id="authors"),
        pytest.param(OPEN_ITEM + b"<title>" + b"\xc3\x83\xc2\xa9" * N + b"</title>" + CLOSE, id="twice"),
        pytest.param(b"[" * N, id="JSON depth"),
        pytest.param(b'{"items":[{"id":' + b"9" * N + b"}]}", id="JSON number"),
        pytest.param(b"\xff" * N * 10, id="no characters"),
    ],
)  # fmt: skip
def test_time_is_bounded(body: bytes) -> None:
    start = time.process_time()
    answer(body)
    assert time.process_time() - start < 3


@pytest.mark.parametrize("reference", ["&xxe;", "%xxe;"])
def test_external_entities_are_not_read(reference: str, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("the secret words")
    entity = "% xxe" if reference[0] == "%" else "xxe"
    used = reference if entity[0] == "%" else ""
    head = f'<!DOCTYPE rss [<!ENTITY {entity} SYSTEM "{(tmp_path / "secret").as_uri()}"> {used}]>'
    feed = answer(f"{head}<rss><channel><item><title>a{reference}</title></item></channel></rss>".encode())
    assert feed is not None and "secret words" not in repr(feed)


def test_nested_entities_are_not_expanded() -> None:
    nested = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 12))
    feed = answer(
        f'<!DOCTYPE rss [<!ENTITY l0 "lol">{nested}]><rss><channel><title>&l11;</title></channel></rss>'.encode()
    )
    assert feed is not None and len(repr(feed)) < 2000


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes(body: bytes) -> None:
    answer(body)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(SEEDS), st.data())
def test_any_mutation_of_a_feed(seed: bytes, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(seed)))
    end = data.draw(st.integers(start, min(len(seed), start + 40)))
    put = data.draw(
        st.binary(max_size=12) | st.sampled_from([b"<item>", b"]]>", b"&x;", b"<![CDATA[", b'"', b"<!--", b"</"])
    )
    answer(seed[:start] + put + seed[end:])


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(SEEDS), st.data())
def test_a_feed_that_is_cut_off_gives_no_item_that_the_whole_one_has_not(seed: bytes, data: st.DataObject) -> None:
    whole, part = answer(seed), answer(seed[: data.draw(st.integers(0, len(seed)))])
    assert len(part.items if part else ()) <= len(whole.items if whole else ())
