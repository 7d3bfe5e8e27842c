"""Several versions of one item in one document."""

from datetime import UTC, datetime

import pytest

from feeds.dedupe.versions import superseded
from feeds.model import Item

PAGE = "https://gazette.example/page"
FILLER = [Item(guid=f"tag:filler:{n}", link=f"https://gazette.example/{n}", published="2026-01-01") for n in range(3)]


def dated(item):
    return datetime.fromisoformat(item.published).replace(tzinfo=UTC) if item.published else None


def version(day, **changes):
    said = {"guid": PAGE, "link": PAGE, "published": f"2026-01-0{day}" if day else None}
    return Item(**(said | changes))


@pytest.mark.parametrize(
    ("versions", "expected"),
    [
        ([version(1), version(2)], {0}),
        ([version(2), version(1)], {1}),
        ([version(1), version(3), version(2)], {0, 2}),
        ([version(1), version(1)], {1}),  # of equal date the first
        ([version(1), version(None)], set()),
        ([version(1), version(2, link=f"{PAGE}#2")], set()),
        ([version(1, guid="1"), version(2, guid="1")], set()),  # too short to be a name
        ([version(1, link="https://gazette.example/"), version(2, link="https://gazette.example/")], set()),
        ([version(1, link=None), version(2, link=None)], set()),
        ([version(1)], set()),
    ],
)
def test_a_later_version_replaces_the_others(versions, expected):
    assert superseded([*versions, *FILLER], dated) == expected


def test_a_guid_that_stands_on_most_items_names_none():
    assert superseded([version(1), version(2), *FILLER[:1]], dated) == frozenset()
