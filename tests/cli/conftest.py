"""Hosts on loopback, and a configuration in a folder, by which commands are called."""

import pytest

from tests.cli.calling import call
from tests.end_to_end.conftest import desk, stand
from tests.end_to_end.stand import item, ok, rss

__all__ = ["desk", "paper", "papers", "stand"]


@pytest.fixture
def paper(stand, desk):
    """A desk with one source, `post`, of three items; `call` asks it with the configuration."""
    host = stand({"/feed": ok(rss("".join(item(n, category="Sea") for n in (3, 2, 1)), "The Post"), 'ETag: "1"')})
    desk.host = host
    desk.configure({"post": {"url": f"{host.base}/feed"}}, deadline="5s")
    desk.call = lambda command, *arguments: call(command, "-c", desk.config_file, *arguments)
    return desk


@pytest.fixture
def papers(paper):
    """Another source beside it, `herald`, which answers 404."""
    urls = {"post": f"{paper.host.base}/feed", "herald": f"{paper.host.base}/none"}
    paper.configure({name: {"url": url} for name, url in urls.items()})
    return paper
