import gzip
from datetime import UTC, datetime, timedelta
from http import HTTPStatus

import pytest

from feeds.demo.serving import Moved, Resource, answer

MODIFIED = datetime(2026, 3, 4, 5, 6, 7, 890, tzinfo=UTC)
PAGE = Resource(media_type="text/html", body=b"word " * 200, modified=MODIFIED)


@pytest.mark.parametrize(
    "asked",
    [
        {"if-none-match": PAGE.etag},
        {"if-none-match": PAGE.etag.removeprefix("W/")},
        {"if-none-match": f'"other", {PAGE.etag}'},
        {"if-none-match": "*"},
        {"if-modified-since": "Wed, 04 Mar 2026 05:06:07 GMT"},
        {"if-modified-since": "Thu, 05 Mar 2026 00:00:00 GMT"},
        {"if-none-match": PAGE.etag, "if-modified-since": "Sun, 04 Mar 2001 05:06:07 GMT"},
    ],
)
def test_what_the_client_has_is_not_sent_again(asked):
    reply = answer(PAGE, asked)
    assert (reply.status, reply.body, reply.headers["ETag"]) == (HTTPStatus.NOT_MODIFIED, b"", PAGE.etag)


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"if-none-match": '"other"'},
        {"if-none-match": PAGE.etag[:-2]},
        {"if-none-match": '"other"', "if-modified-since": "Wed, 04 Mar 2026 05:06:07 GMT"},
        {"if-modified-since": "Wed, 04 Mar 2026 05:06:06 GMT"},
        {"if-modified-since": "yesterday"},
        {"if-modified-since": "Wed, 04 Mar 2026 05:06:07 -0000"},
        {"if-modified-since": "Wed, 99 Mar 9999 05:06:07 GMT"},
    ],
)
def test_what_it_does_not_have_is_sent(asked):
    reply = answer(PAGE, asked)
    assert (reply.status, reply.body) == (HTTPStatus.OK, PAGE.body)


def test_gzip_is_sent_to_those_who_take_it():
    reply = answer(PAGE, {"accept-encoding": "gzip, br"})
    assert (reply.headers["Content-Encoding"], gzip.decompress(reply.body)) == ("gzip", PAGE.body)


def test_another_body_has_another_etag():
    later = Resource(media_type="text/html", body=b"other", modified=MODIFIED + timedelta(days=1))
    assert later.etag != PAGE.etag


@pytest.mark.parametrize(("found", "status"), [(None, 404), (Moved(path="/a/"), 302), (PAGE, 200)])
def test_every_answer_protects_the_reader(found, status):
    reply = answer(found, {})
    assert (reply.status, reply.headers["X-Content-Type-Options"]) == (status, "nosniff")
