import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.normalise.language import language_tag


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("en", "en"),
        ("en_US ", "en-US"),
        ("EN-gb", "en-GB"),
        ("zh-hans-cn", "zh-Hans-CN"),
        ("es-419", "es-419"),
        ("de_DE.UTF-8", "de-DE"),
        ("sr@latin", "sr"),
        ("english", None),
        ("und", None),
        ("x-default", None),
        ("", None),
        (None, None),
        ("en us", None),
        ("<b>en</b>", None),
    ],
)
def test_language_tags(said, expected):
    assert language_tag(said) == expected


@given(st.text(max_size=50))
def test_a_tag_is_the_tag_of_itself(said):
    tag = language_tag(said)
    assert language_tag(tag) == tag
