"""Every file once more, from the store alone."""

import os
import shutil
import subprocess
import sys

import pytest

from feeds.app import opened
from feeds.config import load
from tests.cli.calling import MAIN, ROOT, call
from tests.end_to_end.stand import item, ok, rss
from tests.pipeline.printing import snapshot, stamps


@pytest.fixture
def printed(paper):
    paper.call("poll")
    paper.host.close()  # from here on there is no network
    return paper


def test_twice_touches_no_file(printed):
    before = stamps(printed.public)
    called = [printed.call("regenerate") for _ in range(2)]
    assert ([(c.code, c.out) for c in called], stamps(printed.public)) == (
        [(0, "Published: nothing changed, 0 files written.\n")] * 2,
        before,
    )


def test_into_an_empty_output_the_same_bytes(printed):
    before = snapshot(printed.public)
    shutil.rmtree(printed.public)
    called = printed.call("regenerate")
    assert (called.code, snapshot(printed.public), f"{len(before)} files written" in called.out) == (0, before, True)


def test_a_file_that_somebody_changed_is_put_right(printed):
    before = snapshot(printed.public)
    (printed.public / "news" / "atom.xml").write_text("mine")
    called = printed.call("regenerate")
    assert (snapshot(printed.public), "1 file written" in called.out) == (before, True)


def test_a_backup_restored_elsewhere_gives_the_same_bytes(printed, tmp_path):
    """Another folder, another name of the configuration, another name of the output."""
    before = snapshot(printed.public)
    copy, there = tmp_path / "copy.db", tmp_path / "there"
    there.mkdir()
    moved = there / "other.toml"
    moved.write_text(printed.config_file.read_text().replace('output = "public"', 'output = "../elsewhere/www"'))
    codes = [
        printed.call("backup", copy).code,
        call("restore", copy, "-c", moved).code,
        call("regenerate", "-c", moved).code,
    ]
    assert (codes, snapshot(tmp_path / "elsewhere" / "www")) == ([0, 0, 0], before)


@pytest.mark.parametrize("seed", ["1", "2"])
def test_the_seed_of_hashing_is_in_no_byte(printed, seed):
    before = snapshot(printed.public)
    shutil.rmtree(printed.public)
    environment = os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)}
    subprocess.run(
        [sys.executable, "-c", MAIN, "regenerate", "-c", printed.config_file],
        env=environment,
        check=True,
        capture_output=True,
    )
    assert snapshot(printed.public) == before


def test_one_section(printed):
    before = snapshot(printed.public)
    shutil.rmtree(printed.public)
    called = printed.call("regenerate", "news")
    here = {path: data for path, data in before.items() if path.startswith(("news/", "article/"))}
    assert (called.code, snapshot(printed.public)) == (0, here)


def test_as_json(printed):
    assert printed.call("regenerate", "--json").json["published"]["sections"] == ["news", "all"]


def test_an_unknown_section(printed):
    called = printed.call("regenerate", "nws")
    assert (called.code, called.err) == (2, "copydesk: no section is named nws; did you mean news?\n")


def test_without_a_store(paper):
    called = paper.call("regenerate")
    assert (called.code, "no store there yet" in called.err, paper.public.exists()) == (3, True, False)


def test_a_restored_store_of_nothing_does_not_empty_what_is_published(printed):
    before = snapshot(printed.public)
    for file in printed.folder.glob("copydesk.db*"):
        file.unlink()
    printed.call("migrate")
    called = printed.call("regenerate")
    assert (called.code, snapshot(printed.public)) == (3, before)


def test_beside_a_daemon(printed):
    with opened(load(printed.config_file, os.environ)) as app, app.publishing():
        called = printed.call("regenerate")
    assert (called.code, "another copydesk publishes there" in called.err, called.err.count("\n")) == (4, True, 1)


def test_another_title_in_the_configuration(printed):
    printed.config_file.write_text(printed.config_file.read_text().replace('"News"', '"Tidings"'))
    called = printed.call("poll")
    assert (called.code, b"Tidings" in (printed.public / "news" / "atom.xml").read_bytes()) == (0, True)


def test_one_section_that_cannot_be_written(printed):
    shutil.rmtree(printed.public / "news")
    (printed.public / "news").write_text("a file")
    called = printed.call("regenerate")
    assert (called.code, "news NOT published" in called.err, called.err.count("\n")) == (1, True, 1)


def test_a_source_that_left_the_configuration_keeps_what_it_brought(paper, stand):
    other = stand({"/feed": ok(rss(item(9), "The Herald"))})
    both = {"post": {"url": f"{paper.host.base}/feed"}, "herald": {"url": f"{other.base}/feed", "content": "headline"}}
    paper.configure(both)
    paper.call("poll")
    before = paper.entries()
    paper.configure({"post": both["post"]})
    paper.call("poll")
    assert (len(other.asked), paper.entries()) == (1, before)


SECRET = "s3cr3t-token"


@pytest.mark.parametrize("kept", [True, False], ids=["configured", "removed"])
def test_no_file_names_the_address_of_a_private_source(desk, stand, monkeypatch, kept):
    """Relative links, an enclosure, a link to itself and a comments page: what a feed with a token says."""
    monkeypatch.setenv("TOKEN", SECRET)
    host = stand()
    address = f"{host.base}/{SECRET}/feed?key={SECRET}"
    links = '&lt;a href="#note"&gt;open&lt;/a&gt; &lt;a href="x"&gt;again&lt;/a&gt; &lt;a href="?y"&gt;today&lt;/a&gt;'
    said = {
        "link": f"{address}#1",
        "comments": f"{address}#2",
        "content:encoded": f"&lt;p&gt;The harbour is {links}.&lt;/p&gt;",
    }
    enclosure = f'<enclosure url="{address}" length="1" type="audio/mpeg"/>'
    one = item(1, **said).replace("</item>", f"{enclosure}</item>")
    host.answers["*"] = ok(rss(one, "Private post").replace(b"https://stand.example/<", f"{address}<".encode()))
    desk.configure({"post": {"url": f"{host.base}/${{TOKEN}}/feed?key=${{TOKEN}}", "content": "full"}})
    call("poll", "-c", desk.config_file)
    if not kept:
        desk.configure({})
        call("poll", "-c", desk.config_file)
        call("regenerate", "-c", desk.config_file)
    telling = sorted(path for path, data in snapshot(desk.public).items() if SECRET.encode() in data)
    assert (desk.titles(), telling) == ({"Story 1"}, [])
