"""Values to columns and back."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from feeds.store.codec import FAR, dump_article, load_article, micros, moment, pack, unpack
from tests.newsroom import article

texts = st.text(st.characters(exclude_categories=("Cs",)))
EDGES = st.sampled_from(['","match_text":"', '\\"match_text\\":', '"', "\\", ""])


@given(text=texts | EDGES, match_text=texts | EDGES, title=texts | EDGES)
def test_an_article_comes_back(text, match_text, title):
    for one in (article(text=text, match_text=match_text, title=title), article(text=text, title=title)):
        assert load_article(dump_article(one), one.source) == one


def test_a_text_is_kept_once():
    assert dump_article(article(text="Ferry news", content="", summary="")).count("Ferry news") == 1


def test_an_article_goes_by_its_sources_present_name():
    assert load_article(dump_article(article(by="gazette")), "courier").source == "courier"


@given(st.datetimes(timezones=st.just(UTC)))
def test_moments(value):
    assert moment(micros(value)) == value


def test_the_last_moment():
    assert moment(FAR) == datetime.max.replace(tzinfo=UTC)


@given(st.frozensets(st.integers(-(2**63), 2**63 - 1)))
def test_digests(values):
    assert unpack(pack(values)) == values


def test_nothing_listed():
    assert unpack(None) == frozenset()
