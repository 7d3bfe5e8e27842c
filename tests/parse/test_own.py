import pytest

from feeds.model import Text
from feeds.parse.own import without_marks

CREDIT = '<p class="copydesk-credit"><a href="https://x.example/">X</a>.</p>'
IMAGE = '<p class="copydesk-image"><img src="https://x.example/a.jpg" alt=""></p>'


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (f"<p>a</p>{CREDIT}", "<p>a</p>"),
        (f"{IMAGE}<p>a</p>{CREDIT}\n", "<p>a</p>"),
        (f"<p>a</p>{CREDIT}<p>quoted</p>", f"<p>a</p>{CREDIT}<p>quoted</p>"),
        ("<p>a</p>", "<p>a</p>"),
    ],
)
def test_what_we_add_is_taken_off(said, expected):
    assert without_marks(Text(value=said, type="html")) == Text(value=expected, type="html")


@pytest.mark.parametrize("said", [None, Text(value=CREDIT, type="html"), Text(value=IMAGE + CREDIT, type="html")])
def test_nothing_else_is_nothing(said):
    assert without_marks(said) is None
