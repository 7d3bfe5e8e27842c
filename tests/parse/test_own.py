import pytest

from feeds.model import Text
from feeds.parse.own import without_marks

IMAGE = '<p class="copydesk-image"><img src="https://x.example/a.jpg" alt=""></p>'


@pytest.mark.parametrize(
    ("said", "expected"),
    [(f"{IMAGE}<p>a</p>", "<p>a</p>"), (f"<p>a</p>{IMAGE}", f"<p>a</p>{IMAGE}"), ("<p>a</p>", "<p>a</p>")],
)
def test_the_picture_in_front_is_taken_off(said, expected):
    assert without_marks(Text(value=said, type="html")) == Text(value=expected, type="html")


@pytest.mark.parametrize("said", [None, Text(value=IMAGE, type="html")])
def test_nothing_else_is_nothing(said):
    assert without_marks(said) is None
