"""Addresses and files agree."""

import pytest

from feeds.publish import paths
from tests.publish.samples import SITE


def test_an_entrys_page_is_spread_by_its_first_byte():
    path = paths.entry_path("urn:uuid:e1407479-3136-56c0-9908-bb02fb0339e2")
    assert path == "article/e1/e1407479-3136-56c0-9908-bb02fb0339e2.html"


@pytest.mark.parametrize("odd", ["", "urn:uuid:../../etc", "tag:x", "urn:uuid:E1407479-3136-56c0-9908-bb02fb0339e2"])
def test_what_is_no_id_has_no_page(odd):
    with pytest.raises(ValueError, match="not an entry's id"):
        paths.entry_path(odd)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("index.html", "https://wire.example.org/"),
        ("world/index.html", "https://wire.example.org/world/"),
        ("world/page-2.html", "https://wire.example.org/world/page-2.html"),
        ("sources.html", "https://wire.example.org/sources.html"),
    ],
)
def test_an_index_has_its_folders_address(path, expected):
    assert paths.url(SITE, path) == expected


@pytest.mark.parametrize(("path", "expected"), [("a.html", ""), ("w/a.html", "../"), ("a/b/c.html", "../../")])
def test_the_way_to_the_root(path, expected):
    assert paths.to_root(path) == expected
