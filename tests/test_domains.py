"""Registrable domains."""

import pytest

from feeds.domains import domain


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://www.daily.co.uk/a", "daily.co.uk"),
        ("https://feeds.daily.co.uk:8080/a", "daily.co.uk"),
        ("https://USER:pw@Www.Daily.Com/a", "daily.com"),
        ("https://someone.github.io/a", "someone.github.io"),
        ("https://co.uk/", None),
        ("https://localhost/a", None),
        ("https://127.0.0.1/a", None),
        ("https://[::1]/a", None),
        ("https://[broken/a", None),
        ("", None),
        ("mailto:desk@daily.com", None),
    ],
)
def test_domain(url, expected):
    assert domain(url) == expected
