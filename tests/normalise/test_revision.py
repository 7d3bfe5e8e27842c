"""What a subscriber should hear of."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.model import Category, Image
from feeds.normalise.revision import change, is_another_text
from tests.newsroom import HOUR, LONG, NOON, OTHER, article

MORE = " Three men and a dog are still being looked for tonight, the coast guard of Karsa has said, and boats went out."


def changed(**changes):
    return change(
        article("a", text=LONG, title="Ferry returns"),
        article("a", **({"text": LONG, "title": "Ferry returns"} | changes)),
    )


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "none"),
        ({"published": NOON, "updated": NOON + HOUR}, "none"),
        ({"categories": (Category(term="sea"),)}, "none"),
        ({"url": "https://gazette.example/moved"}, "none"),
        ({"images": (Image(url="https://gazette.example/ferry.jpg"),)}, "minor"),
        ({"content": f"<div>{LONG}</div>"}, "minor"),
        ({"summary": "Ferries."}, "minor"),
        ({"title": "Ferry sinks"}, "material"),
        ({"title": "FERRY  returns!"}, "none"),
        ({"text": OTHER}, "material"),
        ({"text": ""}, "material"),
        ({"text": LONG.replace("dawn", "sunrise")}, "minor"),
        ({"text": LONG.replace("dawn", "dawn,")}, "minor"),
        ({"text": LONG.replace("forty", "40")}, "material"),
        ({"text": f"{LONG} Three men and a dog are still being looked for tonight."}, "minor"),
        (
            {"text": LONG + MORE},
            "material",
        ),
    ],
)
def test_change(changes, expected):
    assert changed(**changes) == expected


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("It cost 1,200 crowns.", "It cost 1,300 crowns.", "material"),
        ("It cost 1,200 crowns.", "It cost 1,200, crowns.", "minor"),
        ("", "Something at last.", "material"),
        ("Nothing much", "Nothing much.", "minor"),
    ],
)
def test_short_texts(old, new, expected):
    assert change(article("a", text=old), article("a", text=new)) == expected


@given(st.text(), st.text(), st.text(), st.text())
def test_of_any_two_articles(title, text, other_title, other_text):
    one, other = article("a", title=title, text=text), article("a", title=other_title, text=other_text)
    assert change(one, one) == "none"
    assert change(one, other) == change(other, one)


@pytest.mark.parametrize(
    ("new", "expected"),
    [(LONG, False), (f"{LONG} {OTHER}", False), (LONG[: len(LONG) * 2 // 3], False), (OTHER, True), ("", True)],
)
def test_another_text(new, expected):
    assert is_another_text(article("a", text=LONG), article("a", text=new)) is expected


def test_long_texts_take_no_longer():
    one, other = article("a", text="word " * 200_000), article("a", text="other word " * 100_000)
    start = time.process_time()
    assert change(one, other) == "material"
    assert time.process_time() - start < 1
