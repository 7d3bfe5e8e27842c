import http.client
import os
from urllib.request import urlopen

import pytest

from feeds.demo import site
from feeds.demo.serving import Moved, listen
from feeds.demo.static import find, media_type


@pytest.fixture
def folder(tmp_path):
    public = tmp_path / "public"
    (public / "world").mkdir(parents=True)
    (public / "index.html").write_text("front")
    (public / "world" / "index.html").write_text("world")
    (public / "world" / "atom.xml").write_text("<feed/>")
    (public / "empty").mkdir()
    (public / ".hidden").write_text("secret")
    (tmp_path / "copydesk.db").write_text("secret")
    (public / "out").symlink_to(tmp_path)
    return public


@pytest.mark.parametrize(
    ("target", "body"),
    [
        ("/", b"front"),
        ("/index.html", b"front"),
        ("/world/", b"world"),
        ("/world/?page=2", b"world"),
        ("/w%6Frld/atom.xml", b"<feed/>"),
    ],
)
def test_a_file_is_found(folder, target, body):
    assert find(folder, target).body == body


@pytest.mark.parametrize(
    "target",
    [
        "/nothing",
        "/empty/",
        "/.hidden",
        "/../copydesk.db",
        "/world/../../copydesk.db",
        "/%2e%2e/copydesk.db",
        "/..%2fcopydesk.db",
        "/..%5ccopydesk.db",
        "/out/copydesk.db",
        "/index.html%00.txt",
        "/index.html/",
        "/" + "x" * 5000,
        "*",
    ],
)
def test_nothing_else_is_found(folder, target):
    assert find(folder, target) is None


@pytest.mark.parametrize(("target", "path"), [("/world", "/world/"), ("//world", "/world/")])
def test_a_folder_gets_its_slash_on_this_host(folder, target, path):
    assert find(folder, target) == Moved(path=path)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("atom.xml", "application/atom+xml; charset=utf-8"),
        ("rss.xml", "application/rss+xml; charset=utf-8"),
        ("feed.json", "application/feed+json; charset=utf-8"),
        ("index.html", "text/html; charset=utf-8"),
        ("site.css", "text/css; charset=utf-8"),
        ("ferry.png", "image/png"),
        ("unknown", "application/octet-stream"),
    ],
)
def test_media_type(name, expected):
    assert media_type(name) == expected


def test_files_are_served_with_the_headers_that_protect_a_reader(folder):
    with site(folder, 0) as address, urlopen(address + "world/atom.xml", timeout=5) as response:
        assert (
            response.read(),
            response.headers["Content-Type"],
            response.headers["X-Content-Type-Options"],
            response.headers["Content-Security-Policy"].split(";")[0],
        ) == (b"<feed/>", "application/atom+xml; charset=utf-8", "nosniff", "default-src 'none'")


@pytest.mark.parametrize(("method", "target", "status"), [("GET", "/nothing", 404), ("POST", "/", 501)])
def test_errors_are_as_protected(folder, method, target, status):
    with site(folder, 0) as address:
        client = http.client.HTTPConnection(address[7:-1], timeout=5)
        client.request(method, target)
        response = client.getresponse()
        assert (response.status, response.headers["X-Content-Type-Options"]) == (status, "nosniff")
        client.close()


def test_a_file_written_later_is_served(tmp_path):
    with site(tmp_path / "later", 0) as address:
        (tmp_path / "later").mkdir()
        (tmp_path / "later" / "index.html").write_text("here now")
        with urlopen(address, timeout=5) as response:
            assert response.read() == b"here now"


def test_a_taken_port_means_another_one(folder):
    taken = listen(0)
    try:
        with site(folder, taken.server_port) as address:
            assert not address.endswith(f":{taken.server_port}/")
    finally:
        taken.server_close()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_not_found(folder):
    (folder / "index.html").chmod(0)
    assert find(folder, "/index.html") is None
