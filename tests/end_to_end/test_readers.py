"""Other people's readers subscribe to what the demo has published, over HTTP."""

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

import pytest

from feeds.demo import site

ROOT = Path(__file__).parents[2]
SECTIONS = ("world", "business", "science", "sport", "all")


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """The folder of the demo and the address that its pages are served at."""
    folder = tmp_path_factory.mktemp("demo")
    command = [sys.executable, "-c", "from feeds.cli import main; main()", "demo", str(folder), "--no-serve"]
    subprocess.run(command, env=os.environ | {"PYTHONPATH": str(ROOT)}, check=True, timeout=60, capture_output=True)
    with site(folder / "public", 0) as address:
        yield folder / "public", address


@pytest.fixture(params=SECTIONS)
def section(request):
    return request.param


@pytest.fixture(params=["atom.xml", "rss.xml"])
def address(request, demo, section):
    return f"{demo[1]}{section}/{request.param}"


@pytest.fixture
def said(demo, section):
    """(title, link, id) of every entry, as the section's JSON Feed has them."""
    items = json.loads((demo[0] / section / "feed.json").read_bytes())["items"]
    return sorted((one["title"], one["url"], one["id"]) for one in items)


def test_there_is_something_to_read(said):
    assert len(said) >= 3


@pytest.mark.system("newsboat")
def test_newsboat_subscribes(address, said, tmp_path):
    (tmp_path / "urls").write_text(f"{address}\n")
    (tmp_path / "config").write_text("")
    subprocess.run(
        ["newsboat", "-q", "-u", "urls", "-c", "cache.db", "-C", "config", "-x", "reload"],
        cwd=tmp_path, env={"HOME": str(tmp_path), "LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"},
        check=True, timeout=30, capture_output=True,
    )  # fmt: skip
    with sqlite3.connect(tmp_path / "cache.db") as cache:
        seen = cache.execute("SELECT title, url, guid FROM rss_item").fetchall()
    assert sorted(seen) == said


@pytest.mark.system("sfeed")
def test_sfeed_subscribes(address, said):
    with urlopen(address, timeout=10) as answer:
        lines = subprocess.run(["sfeed"], input=answer.read(), capture_output=True, check=True, timeout=20).stdout
    fields = [line.split("\t") for line in lines.decode().splitlines()]
    assert sorted((title, link, id_) for _, title, link, _, _, id_, *_ in fields) == said
