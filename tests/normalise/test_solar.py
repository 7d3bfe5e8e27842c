"""Dates of the Solar Hijri calendar."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.normalise.dates import parse_date
from feeds.normalise.solar import solar_day

NOW = datetime(2026, 7, 10, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1403/01/01", (2024, 3, 20)),
        ("1403/12/30", (2025, 3, 20)),
        ("1404/01/01", (2025, 3, 21)),
        ("1404/10/18", (2026, 1, 8)),
        ("18/10/1404", (2026, 1, 8)),
        ("1399/12/30", (2021, 3, 20)),
        ("1300/01/01", (1921, 3, 21)),
        ("1404/12/30", None),
        ("1404/07/31", None),
        ("1404/13/01", None),
        ("1404/00/10", None),
        ("1447/07/19", None),
        ("2026/01/08", None),
        ("04/10/18", None),
        ("1404/10", None),
        ("", None),
    ],
)
def test_figures(text, expected):
    assert solar_day(text, figures=True) == expected


def test_figures_may_mean_something_else():
    assert solar_day("1404/10/18", figures=False) is None


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("۱۸ دی ۱۴۰۴", None, "2026-01-07T20:30"),
        ("۱۸ دي ۱۴۰۴", "fa", "2026-01-07T20:30"),
        ("پنج‌شنبه ۱۸ دی ۱۴۰۴ ساعت ۱۲:۳۰", "fa", "2026-01-08T09:00"),
        ("پنجشنبه، ۱۸ دی ۱۴۰۴ | ۱۲:۳۰", None, "2026-01-08T09:00"),
        ("تاریخ انتشار: ۱۸ دی ماه ۱۴۰۴ - ۱۲:۳۰", None, "2026-01-08T09:00"),
        ("۱۴۰۴/۱۰/۱۸ ۱۲:۳۰", None, "2026-01-08T09:00"),
        ("1404/10/18 12:30", "fa", "2026-01-08T09:00"),
        ("1404-10-18T12:30:00+03:30", "fa", "2026-01-08T09:00"),
        ("18 Dey 1404 12:30", "en", "2026-01-08T09:00"),
        ("۱۸ جدی ۱۴۰۴ ۱۲:۳۰", "fa-AF", "2026-01-08T08:00"),
        ("1404/10/18", "en", None),
        ("1404-10-18T12:30:00+03:30", "en", None),
        ("18 Dey 2026", "fa", None),
        ("18 Mehr Morgen 1404", None, None),
        ("۲۰۲۶/۰۱/۰۸", "fa", "2026-01-08T00:00"),
        ("۸ ژانویه ۲۰۲۶", "fa", "2026-01-08T00:00"),
    ],
)
def test_dates_in_persian(text, language, expected):
    found = parse_date(text, None, NOW, language)
    assert (found and found.strftime("%Y-%m-%dT%H:%M")) == expected


def test_the_zone_of_the_source_says_what_figures_mean():
    found = parse_date("1404/10/18 12:30", ZoneInfo("Asia/Tehran"), NOW, "en")
    assert found == datetime(2026, 1, 8, 9, tzinfo=UTC)


@given(st.integers(1300, 1429), st.integers(1, 12))
def test_a_month_begins_the_day_after_the_last_of_the_one_before(year, month):
    last = next(day for d in (31, 30, 29) if (day := solar_day(f"{year}/{month}/{d}", figures=True)))
    after = solar_day(f"{year + month // 12}/{month % 12 + 1}/1", figures=True)
    assert date(*last) + timedelta(days=1) == date(*after)


@given(st.text(max_size=60), st.booleans())
def test_total(text, figures):
    found = solar_day(text, figures=figures)
    assert found is None or date(*found).year in range(1921, 2053)
