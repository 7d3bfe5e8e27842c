"""The whole job, in one folder and without internet."""

import json
import re
import signal
import socket
from urllib.request import urlopen

import pytest

from feeds.demo.wires import WIRES
from tests.cli.calling import call, finish, start
from tests.pipeline.printing import snapshot, stamps

CARRIERS = {"The Harbour Post", "Meridian", "Straits Ledger"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("demo") / "site"


@pytest.fixture(scope="module")
def first(folder):
    return call("demo", folder, "--no-serve")


@pytest.fixture(scope="module")
def second(first, folder):
    before = stamps(folder / "public"), feed(folder, "all")
    return before, call("demo", folder, "--no-serve")


def feed(folder, section):
    return json.loads((folder / "public" / section / "feed.json").read_text())["items"]


def test_it_goes_well(first):
    assert (first.code, first.err) == (0, "")


def test_the_story_of_three_sources_is_one_entry_that_names_them_all(first, folder):
    told = [item for item in feed(folder, "world") if sum(name in item["content_html"] for name in CARRIERS) > 1]
    assert [CARRIERS - {n for n in CARRIERS if n in item["content_html"]} for item in told] == [set()]


@pytest.mark.parametrize("section", ["world", "business", "science", "sport"])
def test_every_section_has_news(first, folder, section):
    assert len(feed(folder, section)) >= 2


def test_the_second_round_is_all_304_and_touches_no_file(first):
    again = first.out.partition("Round 2")[2]
    assert (again.count("not modified (304)"), "nothing changed, 0 files written" in again) == (len(WIRES), True)


def test_it_says_what_merged(first):
    assert "One entry of 3 copies" in first.out


def test_what_it_says_to_ask_can_be_asked(first, folder):
    asked = re.findall(r"copydesk (?:explain|status) .*", first.out) or re.findall(
        r"\S+ (?:explain|status) .*", first.out
    )
    codes = [call(*line.split()[1:]).code for line in asked]
    assert codes == [0, 0]


def test_a_second_demo_in_the_folder_doubles_and_changes_nothing(second, folder):
    (files, items), again = second
    assert (again.code, stamps(folder / "public"), feed(folder, "all")) == (0, files, items)


def test_a_second_demo_does_not_say_that_all_is_new(second):
    assert "everything is new" not in second[1].out


def test_it_touches_nothing_beside_its_folder(tmp_path, monkeypatch):
    home, here = tmp_path / "home", tmp_path / "here"
    for place in (home, here):
        place.mkdir()
    monkeypatch.chdir(here)
    monkeypatch.setenv("HOME", str(home))
    finish(start("demo", "--no-serve"))
    beside = [p for p in tmp_path.rglob("*") if p.is_file() and here / "demo-site" not in p.parents]
    assert ((here / "demo-site" / "public" / "index.html").exists(), beside) == (True, [])


def test_a_folder_with_other_files_is_left_alone(tmp_path):
    (tmp_path / "copydesk.toml").write_text("mine")
    called = call("demo", tmp_path)
    assert (called.code, snapshot(tmp_path), called.err.count("\n")) == (2, {"copydesk.toml": b"mine"}, 1)


def test_a_folder_that_cannot_be_made_is_told_of(tmp_path):
    (tmp_path / "file").write_text("")
    called = call("demo", tmp_path / "file" / "site")
    assert (called.code, "cannot be made" in called.err, called.err.count("\n")) == (3, True, 1)


def test_two_demos_in_one_folder_do_not_mix(folder, first):
    port = json.loads((folder / "newsroom.json").read_text())["port"]
    with socket.create_server(("127.0.0.1", port)):
        called = call("demo", folder, "--no-serve")
    assert (called.code, str(port) in called.err, called.err.count("\n")) == (3, True, 1)


def test_as_json(tmp_path):
    called = call("demo", tmp_path / "site", "--no-serve", "--json").json
    counted = [[p["outcome"] for p in one["polls"]].count("not modified") for one in called["rounds"]]
    written = [len(one["published"]["written"]) > 0 for one in called["rounds"]]
    assert (counted, written) == ([0, len(WIRES)], [True, False])


def test_it_serves_on_a_free_port_when_its_own_is_taken_and_ends_quietly(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        process = start("demo", tmp_path / "site", "--port", port)
        lines = []
        while not lines or "Served at" not in lines[-1]:
            lines.append(process.stdout.readline())
        address = lines[-1].split()[2]
        with urlopen(f"{address}world/atom.xml", timeout=5) as answer:
            served = answer.headers["Content-Type"], address.encode() in answer.read()
        process.send_signal(signal.SIGINT)
        called = finish(process)
    assert (served, str(port) in address, called.code, called.err) == (
        ("application/atom+xml; charset=utf-8", True),
        False,
        0,
        "",
    )
