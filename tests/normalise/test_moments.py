from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.model import Item
from feeds.normalise.moments import moments

NOW = datetime(2026, 1, 10, 12, tzinfo=UTC)
EIGHTH, NINTH = "2026-01-08T10:00:00Z", "2026-01-09T10:00:00Z"


@pytest.mark.parametrize(
    ("published", "updated", "url", "expected"),
    [
        (EIGHTH, NINTH, None, ("2026-01-08T10:00", "published", "2026-01-09T10:00", "updated")),
        (EIGHTH, None, None, ("2026-01-08T10:00", "published", "2026-01-08T10:00", "published")),
        (None, EIGHTH, None, ("2026-01-08T10:00", "updated", "2026-01-08T10:00", "updated")),
        ("soon", EIGHTH, None, ("2026-01-08T10:00", "updated", "2026-01-08T10:00", "updated")),
        (NINTH, EIGHTH, None, ("2026-01-09T10:00", "published", "2026-01-09T10:00", "published")),
        (None, None, "https://e.example/2026/01/08/a", ("2026-01-08T00:00", "url", "2026-01-08T00:00", "url")),
        (None, None, "https://e.example/20260108/a", ("2026-01-08T00:00", "url", "2026-01-08T00:00", "url")),
        (None, None, "https://e.example/2026-1-8-a", ("2026-01-08T00:00", "url", "2026-01-08T00:00", "url")),
        (
            None,
            None,
            "https://e.example/2026/02/08/a",
            ("2026-01-10T12:00", "first seen", "2026-01-10T12:00", "first seen"),
        ),
        (
            None,
            None,
            "https://e.example/2026/13/41/a",
            ("2026-01-10T12:00", "first seen", "2026-01-10T12:00", "first seen"),
        ),
        (None, None, None, ("2026-01-10T12:00", "first seen", "2026-01-10T12:00", "first seen")),
        ("2026-01-11T00:00:00Z", None, None, ("2026-01-10T12:00", "future", "2026-01-10T12:00", "future")),
        ("2026-01-10T12:00:30Z", None, None, ("2026-01-10T12:00:30", "published", "2026-01-10T12:00:30", "published")),
        (EIGHTH, "2027-01-01T00:00:00Z", None, ("2026-01-08T10:00", "published", "2026-01-10T12:00", "future")),
        ("9999-12-31T00:00:00Z", None, None, ("2026-01-10T12:00", "first seen", "2026-01-10T12:00", "first seen")),
        ("1970-01-01T00:00:00Z", EIGHTH, None, ("2026-01-08T10:00", "updated", "2026-01-08T10:00", "updated")),
    ],
)
def test_the_ladder(published, updated, url, expected):
    when = moments(Item(published=published, updated=updated), url, None, NOW)
    first, first_from, last, last_from = expected
    first, last = (datetime.fromisoformat(text).replace(tzinfo=UTC) for text in (first, last))
    assert when == (first, first_from, last, last_from)


def test_a_date_without_zone_is_in_that_of_the_source():
    when = moments(Item(published="2026-01-08 10:00"), None, "Europe/Istanbul", NOW)
    assert when.published == datetime(2026, 1, 8, 7, tzinfo=UTC)


def test_a_zone_that_does_not_exist_is_utc():
    when = moments(Item(published="2026-01-08 10:00"), None, "Atlantis/Capital", NOW)
    assert when.published == datetime(2026, 1, 8, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/world/2026/jan/08/a", "2026-01-08"),
        ("/world/a-story-20260108.html", "2026-01-08"),
        ("/world/a-story-2026-01-08/", "2026-01-08"),
        ("/world/20260108-a-story", "2026-01-08"),
        ("/world/a-story-20261308", None),
        ("/world/2026/xyz/08/a", None),
        ("/world/a-20260108000", None),
        ("/world/a?day=2026-01-08", None),
    ],
)
def test_the_day_in_a_url(path, expected):
    when = moments(Item(), f"https://e.example{path}", None, NOW)
    assert (f"{when.published:%Y-%m-%d}" if when.published_from == "url" else None) == expected


def test_a_language_decides_which_figure_is_the_month():
    said = Item(published="04/01/2025")
    assert [moments(said, None, None, NOW, tag).published.month for tag in ("en-US", "en-GB")] == [4, 1]


said = st.none() | st.text(max_size=40) | st.datetimes().map(lambda moment: f"{moment.isoformat()}Z")


@given(said, said)
def test_dates_are_believable_and_in_order(published, updated):
    when = moments(Item(published=published, updated=updated), None, None, NOW)
    assert datetime(1990, 1, 1, tzinfo=UTC) <= when.published <= when.updated <= NOW + timedelta(minutes=1)
