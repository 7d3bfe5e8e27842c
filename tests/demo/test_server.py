import gzip
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from feeds.demo import newsroom
from feeds.demo.wires import WIRES

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def base():
    with newsroom(NOW) as address:
        yield address


def get(url, **headers):
    return urlopen(Request(url, headers={name.replace("_", "-"): value for name, value in headers.items()}), timeout=5)


def test_it_listens_on_loopback_only(base):
    assert base.startswith("http://127.0.0.1:")


@pytest.mark.parametrize("wire", WIRES, ids=lambda wire: wire.name)
def test_a_feed_has_its_type_its_charset_and_validators(base, wire):
    with get(f"{base}/{wire.name}/{wire.path}") as response:
        assert (
            response.headers["Content-Type"],
            bool(response.headers["ETag"]),
            parsedate_to_datetime(response.headers["Last-Modified"]),
        ) == (f"{wire.media_type}; charset={wire.encoding}", True, NOW)


@pytest.mark.parametrize("validator", ["ETag", "Last-Modified"])
def test_the_second_request_gets_a_304(base, validator):
    url = f"{base}/meridian/atom.xml"
    with get(url) as response:
        value = response.headers[validator]
    asked = {"ETag": "If_None_Match", "Last-Modified": "If_Modified_Since"}[validator]
    with pytest.raises(HTTPError, match="304"):
        get(url, **{asked: value})


def test_a_feed_is_gzipped_for_those_who_ask(base):
    with get(f"{base}/meridian/atom.xml", Accept_Encoding="gzip") as response:
        assert gzip.decompress(response.read()).startswith(b"<?xml")


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/harbour-post/turkiye-malaysia-council", "Kuala Lumpur"),
        ("/harbour-post/turkiye-malaysia-council?utm_source=rss&utm_medium=feed", "Kuala Lumpur"),
        ("/touchline/report?id=511&round=9", "coast marathon"),
        ("/touchline/report?id=512&round=9", "orange ball"),
        ("/minato-shimpo/yakyu", "県大会"),
        ("/straits-ledger/pepper-exchange", "by bell"),
        ("/orrery/", "one turn at a time"),
        ("/images/ferry.svg", "harbour at dusk"),
    ],
)
def test_what_the_feeds_link_to_is_there(base, path, words):
    with get(base + path) as response:
        assert words in response.read().decode()


@pytest.mark.parametrize(
    "path", ["/", "/nothing", "/images/", "/images/../copydesk.toml", "/images/%2e%2e/copydesk.toml"]
)
def test_nothing_else_is_there(base, path):
    with pytest.raises(HTTPError, match="404"):
        get(base + path)


def test_the_same_moment_and_address_give_the_same_validators(base):
    url = f"{base}/orrery/index.rdf"
    with get(url) as first, get(url) as second:
        assert first.headers["ETag"] == second.headers["ETag"]
