"""Stores of earlier releases: opened by this one, polled again, published again. Nothing moves, nothing comes twice."""

import gzip
import json
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from tests.data.make_store import NOW, desk, publish, served, shown

STORES = sorted((Path(__file__).parents[1] / "data").glob("store-*"))
# What a release may have learnt to read differently; the sources say what they said.
MEMORIES = {
    "as it is": "SELECT 1",
    "lists forgotten": "UPDATE source SET listed = NULL",
    "other digests": "UPDATE source SET listed = NULL; UPDATE article SET digest = digest / 2 WHERE source_id NOT IN "
    "(SELECT id FROM source WHERE name = 'keyless')",  # these have nothing else to be known by
}


@pytest.fixture(params=STORES, ids=lambda path: path.name)
def old(request, tmp_path):
    """A folder with a copy of the store, and what it held when it was made."""
    (tmp_path / "copydesk.db").write_bytes(gzip.decompress((request.param / "store.sqlite.gz").read_bytes()))
    return request.param, tmp_path, json.loads((request.param / "shown.json").read_text("utf-8"))


def test_there_is_one():
    assert STORES != []


def test_it_is_small(old):
    assert (old[0] / "store.sqlite.gz").stat().st_size <= 200_000


def test_it_opens_and_prints_the_same(old):
    folder, state, before = old
    with desk(folder, state, "http://127.0.0.1:9999", NOW + timedelta(hours=1)) as app:
        publish(app)
        assert shown(app) == before


@pytest.mark.parametrize("memory", MEMORIES)
def test_polled_again_nothing_moves(old, memory):
    folder, state, before = old
    with served(folder / "feeds") as base, desk(folder, state, base, NOW + timedelta(hours=1)) as app:
        with closing(sqlite3.connect(state / "copydesk.db")) as connection:
            connection.executescript(MEMORIES[memory])
        polls = list(app.poll([source.name for source in app.config.sources]))
        publish(app)
        assert ({p.source: p.new for p in polls if p.new or p.outcome.failed}, shown(app)) == ({}, before)


def test_a_day_later_nothing_moves_either(old):
    folder, state, before = old
    with served(folder / "feeds") as base, desk(folder, state, base, NOW + timedelta(days=1)) as app:
        list(app.poll([source.name for source in app.config.sources]))
        publish(app)
        assert shown(app) == before
