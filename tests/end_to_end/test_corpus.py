"""Every feed of a folder, polled, published and published again; `benchmarks/corpus.py` does it with real ones."""

from pathlib import Path

import pytest

from benchmarks import corpus
from feeds.parse import REASONS

DATA = Path(__file__).parent / "data"


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    return corpus.run(corpus.feed_files(DATA / "feeds"), tmp_path_factory.mktemp("corpus"))


def test_what_is_no_feed_is_left_out(result):
    assert {line.name.partition("/")[0] for line in result.lines} == {"atom", "json", "rdf", "rss"}


def test_nothing_is_short(result):
    assert {line.name: line.short for line in result.lines if line.short} == {}


def test_the_sum_of_items(result):
    assert (sum(line.expected for line in result.lines), result.articles) == (14, 14)


def test_the_malformed_is_repaired(result):
    assert {line.name: line.path for line in result.lines if line.path not in ("strict", "json")} == {
        "rss/ampersands.xml": "repaired"
    }


def test_the_second_poll_is_all_304(result):
    assert result.again == {"not modified": len(result.lines)}


def test_without_validators_the_bytes_are_known(result):
    assert result.unvalidated == {"same bytes": len(result.lines)}


def test_every_entry_stands_in_its_section(result):
    assert result.shown == result.entries


def test_the_published_files_are_well_formed(result):
    assert result.ill == []


def test_rendering_again_changes_no_file(result):
    assert result.rewritten == ()


def test_nothing_else_is_wrong(result):
    assert result.troubles == []


@pytest.fixture(scope="module")
def short(tmp_path_factory):
    return corpus.run(corpus.feed_files(DATA / "short"), tmp_path_factory.mktemp("short"))


def test_an_item_that_is_short_is_listed_with_its_reason(short):
    (line,) = short.lines
    assert (line.short, line.unexplained, set(line.reasons) <= REASONS) == (1, 0, True)


def test_too_many_short_are_a_failure(short):
    assert short.troubles == ["1 of 3 items are short"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.xml", "<a>"),
        ("a.xml", '<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>1</id><title>t</title></entry></feed>'),
        ("a.json", '{"a": NaN}'),
        ("a.html", "<p>no doctype"),
    ],
)
def test_an_ill_file_is_seen(tmp_path, name, text):
    (tmp_path / name).write_text(text)
    assert corpus.look_at(tmp_path / name, name) != []
