import pytest

from feeds.model import Person
from feeds.parse.people import person


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Ann Pilot", Person(name="Ann Pilot")),
        ("ann@x.example", Person(email="ann@x.example")),
        ("ann@x.example (Ann Pilot)", Person(name="Ann Pilot", email="ann@x.example")),
        ("Ann Pilot <ann@x.example>", Person(name="Ann Pilot", email="ann@x.example")),
        (
            "Ann Pilot (mailto:ann@x.example)",
            Person(name="Ann Pilot", email="ann@x.example", uri="mailto:ann@x.example"),
        ),
        ("Ann (Desk) Pilot, ann@x.example", Person(name="Ann (Desk) Pilot", email="ann@x.example")),
        ("  two\n words ", Person(name="two words")),
        ("", None),
    ],
)
def test_person(line: str, expected: Person | None) -> None:
    assert person(line) == expected
