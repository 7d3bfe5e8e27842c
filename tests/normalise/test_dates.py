from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.normalise.dates import parse_date

NOW = datetime(2026, 7, 10, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # RFC 822 and its relatives
        ("Thu, 08 Jan 2026 10:15:30 GMT", "2026-01-08T10:15:30"),
        ("Thu, 08 Jan 2026 10:15:30 +0300", "2026-01-08T07:15:30"),
        ("8 Jan 2026 10:15:30 EST", "2026-01-08T15:15:30"),
        ("8 Jul 2026 10:15 BST", "2026-07-08T09:15:00"),
        ("Thursday, 08-Jan-26 10:15:30 CET", "2026-01-08T09:15:30"),
        ("08 Jan 99 10:15:30 UT", "1999-01-08T10:15:30"),
        ("Thu, 08 Jan 2026 24:00:00 GMT", "2026-01-09T00:00:00"),
        ("Thu, 08 Jan 2026 23:59:60 GMT", "2026-01-08T23:59:59"),
        ("Thu, 8 Jan 2026 10:15:30 XYZ", "2026-01-08T10:15:30"),
        ("Thu, 8 Jan 2026 10:15:30 GMT+3", "2026-01-08T07:15:30"),
        ("Thu Jan  8 10:15:30 CET 2026", "2026-01-08T09:15:30"),
        ("Thu Jan 08 2026 10:15:30 GMT+0100 (Central European Standard Time)", "2026-01-08T09:15:30"),
        ("Thu, 8 Jan 2026 10:15:30 Europe/Istanbul", "2026-01-08T07:15:30"),
        ("8 Jul 2026 10:15:30 ET", "2026-07-08T14:15:30"),
        # RFC 3339 and ISO 8601
        ("2026-01-08T10:15:30Z", "2026-01-08T10:15:30"),
        ("2026-01-08T10:15:30.123+02:00", "2026-01-08T08:15:30.123"),
        ("2026-01-08T10:15+02:00", "2026-01-08T08:15:00"),
        ("2026-01-08T10:15:30+02:00Z", "2026-01-08T08:15:30"),
        ("2026-01-08 10:15:30 -00:20", "2026-01-08T10:35:30"),
        ("2026-01-08T24:00:00Z", "2026-01-09T00:00:00"),
        ("2026-01-08", "2026-01-08T00:00:00"),
        ("2026-01", "2026-01-01T00:00:00"),
        ("20260108", "2026-01-08T00:00:00"),
        ("20260108101530", "2026-01-08T10:15:30"),
        # seconds and milliseconds
        ("1767867330", "2026-01-08T10:15:30"),
        ("1767867330000", "2026-01-08T10:15:30"),
        # as people write
        ("January 8, 2026", "2026-01-08T00:00:00"),
        ("Jan. 8, 2026, 10:15 p.m.", "2026-01-08T22:15:00"),
        ("8th of January, 2026", "2026-01-08T00:00:00"),
        ("08 Jan 2026 GMT", "2026-01-08T00:00:00"),
        ("12:30 AM, 8 January 2026", "2026-01-08T00:30:00"),
        # other languages
        ("jeu., 08 janv. 2026 10:15:30 +0100", "2026-01-08T09:15:30"),
        ("mar., 03 mars 2026 10:15:30 +0100", "2026-03-03T09:15:30"),
        ("Do, 8 Mai 2025 10:15:30 +0200", "2025-05-08T08:15:30"),
        ("8 de enero de 2026 10:15", "2026-01-08T10:15:00"),
        ("Gio, 8 Gen 2026 10:15:30 +0100", "2026-01-08T09:15:30"),
        ("08 Ocak 2026 Perşembe 10:15", "2026-01-08T10:15:00"),
        ("8 января 2026 10:15", "2026-01-08T10:15:00"),
        ("Πέμ, 08 Ιαν 2026 10:15:30 +0200", "2026-01-08T08:15:30"),
        ("8 stycznia 2026", "2026-01-08T00:00:00"),
        ("2026年1月8日 10:15", "2026-01-08T10:15:00"),
        ("2026년 1월 8일 10:15", "2026-01-08T01:15:00"),
        # numbers only: the day first, unless it cannot be
        ("08/01/2026", "2026-01-08T00:00:00"),
        ("08.01.2026, 10:15 Uhr", "2026-01-08T10:15:00"),
        ("01/28/2026", "2026-01-28T00:00:00"),
        ("01/08/2026 10:15 AM", "2026-01-08T10:15:00"),
        ("06/12/2026", "2026-06-12T00:00:00"),  # 6 December would be in the future
        ("2026/01/08 10:15:30", "2026-01-08T10:15:30"),
    ],
)
def test_dates_as_feeds_write_them(text, expected):
    assert parse_date(text, None, NOW) == datetime.fromisoformat(expected).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "yesterday",
        "3 days ago",
        "2026",
        "Jan 8",
        "10:15",
        "1/2",
        "12345",
        "99999999999999999999",
        "Thu, 31 Feb 2026 10:15:30 GMT",
        "Thu, 8 Foo 2026 10:15:30 GMT",
        "Thu, 8 Jan 2026 25:15:30 GMT",
        "Thu, 8 Jan 2026 10:15:30 +qq:00",
        "Thu, 8 Jan 2026 10:15:30 +99:00",
        "Thu, 8 Jan 2026 10:15:30 ../../etc/localtime",
        "2026-01-08-01",
        "2026-13-08",
        "9999-12-31T23:59:59-23:59",
        "8 Jan 2026 and something else",
        "8 Jan 2026 9 Jan 2026",
        "Vol. 3, 2026",
        "0000-00-00T00:00:00Z",
        "-62135596800",
    ],
)
def test_what_is_no_date_is_refused(text):
    assert parse_date(text, None, NOW) is None


def test_a_date_without_zone_is_in_the_zone_of_its_source():
    assert parse_date("2026-01-08 10:15", ZoneInfo("Europe/Istanbul")) == datetime(2026, 1, 8, 7, 15, tzinfo=UTC)


def test_a_zone_that_is_said_beats_that_of_the_source():
    assert parse_date("8 Jan 2026 10:15 GMT", ZoneInfo("Europe/Istanbul")) == datetime(2026, 1, 8, 10, 15, tzinfo=UTC)


@given(st.text(max_size=120) | st.text("0123456789 -/:.,+TZGMTJanfebPM年月日", max_size=60))
def test_any_text_gives_an_aware_utc_time_or_nothing(text):
    moment = parse_date(text, None, NOW)
    assert moment is None or moment.utcoffset() == timedelta(0)


@given(st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)))
def test_rfc_822_and_rfc_3339_say_the_same(moment):
    moment = moment.replace(microsecond=0)
    assert parse_date(moment.strftime("%a, %d %b %Y %H:%M:%S +0000")) == parse_date(moment.isoformat()) == moment
