"""A configuration is tried on what is stored, before it is in force."""

import contextlib
import os
import pty
import re
import sqlite3

import pytest
from lxml import etree

from feeds.app import opened
from feeds.config import load
from feeds.store import open_store
from tests.cli.calling import call, finish, start
from tests.databases import dump
from tests.dedupe.events import FIRST_REPORT, SECOND_REPORT
from tests.dedupe.stories import CUT, WIRE
from tests.end_to_end.stand import ATOM, item, ok, rss
from tests.pipeline.printing import stamps

EXCLUDE = '\n[sections.news.exclude]\nkeywords = ["story 2"]\n'


@pytest.fixture
def polled(paper):
    paper.call("poll")
    return paper


def draft(desk, *changes, more=""):
    """A new configuration beside the one in force: (old, new) pairs of its text, and what is put behind it."""
    text = desk.config_file.read_text()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    new = desk.folder / "new.toml"
    new.write_text(text + more)
    return new


def rows(desk):
    with contextlib.closing(open_store(f"sqlite:///{desk.folder}/copydesk.db", "test")) as store:
        return dump(store)


class TestWhatItSays:
    def test_nothing_would_change(self, polled):
        called = polled.call("rehearse")
        assert (called.code, called.out.splitlines()[1:3]) == (0, ["", "Nothing would change."])
        assert re.match(r"Rehearsed 3 articles that came since .* \(UTC\)\.", called.out)

    def test_what_leaves_and_why(self, polled):
        called = call("rehearse", "-c", draft(polled, more=EXCLUDE), "--against", polled.config_file)
        assert (called.code, called.out.splitlines()[2:]) == (
            1,
            ["news, at once: 0 in, 1 out", '  - post: Story 2: excluded by keyword "story 2"'],
        )

    def test_another_limit(self, polled):
        long_ago(polled)
        new = draft(polled, ("limit = 500", "limit = 1"))
        called = call("rehearse", "-c", new, "--against", polled.config_file)
        told = [line.partition(": ")[2] for line in called.out.splitlines() if line.startswith("  - ")]
        assert (called.code, [rule.partition(": ")[2] for rule in told]) == (
            1,
            ["beyond limit = 1 and window = 0d"] * 2,
        )

    def test_what_would_merge_and_part(self, paper, stand):
        papers = {
            name: {"url": f"{stand({'/feed': ok(rss(item(place, title, description=text)))}).base}/feed"}
            for place, (name, title, text) in enumerate([("one", "Council opens", WIRE), ("two", "Papers signed", CUT)])
        }
        paper.configure(papers)
        for name in papers:
            paper.call("poll", name)
        called = call("rehearse", "-c", draft(paper, ("[sources.two]", "[sources.two]\ndedupe = false")))
        told = called.out.partition("Would part")[2].splitlines()
        assert (called.code, told[:4]) == (
            1,
            [
                ": 1 article",
                "  two: Papers signed",
                "      from one: Council opens",
                "      its source two takes no part (dedupe = false)",
            ],
        )

    def test_what_would_stand_inside_another(self, paper):
        said = ((1, "Council opens", FIRST_REPORT), (2, "Papers signed", SECOND_REPORT))
        for number, title, text in said:
            paper.host.answers["/feed"] = ok(rss(item(number, title, description=text)))
            paper.call("poll", "post")
        new = draft(paper, ('title = "News"', 'title = "News"\nstories = "merge"'))
        called = call("rehearse", "-c", new, "--against", paper.config_file)
        (move,) = call("rehearse", "-c", new, "--against", paper.config_file, "--json").json["sections"]["news"][
            "feed"
        ]["move"]
        assert (called.code, called.out.splitlines()[2:]) == (
            1,
            [
                "news, stories in its feed, as it is now: 1 entry elsewhere",
                "  > post: Papers signed",
                "      inside post: Council opens: stories = merge (was group)",
            ],
        )
        assert (move["title"], move["inside"]["title"], move["was_inside"]) == ("Papers signed", "Council opens", None)

    def test_what_came_while_stories_were_off_is_of_none(self, polled):
        title = 'title = "News"'
        polled.config_file.write_text(polled.config_file.read_text().replace(title, f'{title}\nstories = "off"'))
        new = draft(polled, ('"off"', '"merge"'))
        (note,) = call("rehearse", "-c", new, "--against", polled.config_file, "--json").json["notes"]
        assert note.startswith('news had stories = "off"')

    def test_what_would_be_led_by_another_copy(self, paper, stand):
        papers = {
            name: {"url": f"{stand({'/feed': ok(rss(item(1, name.title(), description=WIRE)))}).base}/feed"}
            for name in ("one", "two")
        }
        paper.configure(papers)
        for name in papers:
            paper.call("poll", name)
        new = draft(paper, ("[sources.one]", "[sources.one]\npaywall = true"))
        told = call("rehearse", "-c", new).out.partition("Would be led")[2].splitlines()
        (lead,) = call("rehearse", "-c", new, "--json").json["lead"]
        assert told[:4] == [
            " by another copy: 1 entry",
            "  one: One",
            "      by two: Two",
            "      one: paywall = true (was false)",
        ]
        assert [lead[way]["source"] for way in ("entry", "from", "to")] == ["one", "one", "two"]

    def test_as_json(self, polled):
        told = call("rehearse", "-c", draft(polled, more=EXCLUDE), "--json").json
        leaving = told["sections"]["news"]["leave"]
        assert (told["articles"], told["differs"], told["merge"], told["part"]) == (3, True, [], [])
        assert [(s["title"], s["rule"], s["at_once"]) for s in leaving] == [
            ("Story 2", 'excluded by keyword "story 2"', True)
        ]

    def test_many_are_cut_short(self, paper):
        paper.host.answers["/feed"] = ok(rss("".join(item(n) for n in range(30))))
        paper.configure({"post": {"url": f"{paper.host.base}/feed"}}, first_items=30)
        paper.call("poll")
        called = call("rehearse", "-c", draft(paper, more='\n[sections.news.exclude]\nkeywords = ["story"]\n'))
        assert ("... and 10 more, which --json names" in called.out, called.out.count("  - ")) == (True, 20)

    def test_a_window_without_articles(self, polled):
        with contextlib.closing(sqlite3.connect(polled.folder / "copydesk.db")) as connection, connection:
            connection.execute("UPDATE article SET first_seen = first_seen - 7200000000")
        called = polled.call("rehearse", "--since", "1h")
        assert (called.code, "The newest came " in called.out) == (0, True)

    def test_sources_that_come_and_go(self, polled):
        new = draft(
            polled, ("[sources.post]", "[sources.herald]"), more="\n[sources.post]\nurl = 'https://b.example/x'\n"
        )
        new.write_text(new.read_text().replace("[sources.herald]", "[sources.herald]\nformerly = []"))
        called = call("rehearse", "-c", new)
        assert "New sources, of which nothing is stored yet: herald" in called.out

    def test_progress_on_a_terminal(self, polled):
        master, slave = pty.openpty()
        process = start("rehearse", "-c", polled.config_file, stderr=slave)
        called = finish(process)
        os.close(slave)
        shown = os.read(master, 10_000).decode()
        os.close(master)
        assert (called.code, "rehearsing" in shown) == (0, True)


class TestThePromise:
    """What `rehearse` says of sections is what they hold once the configuration is in force."""

    CHANGES = (
        ((), EXCLUDE),
        ((), '\n[sections.sea]\ntitle = "Sea"\n[sections.sea.match]\ncategories = ["sea"]\n'),
        ((('sections = ["news"]', "sections = []"),), '\n[sections.news.match]\nkeywords = ["story 3"]\n'),
        ((('title = "News"', 'title = "News"\nlanguages = ["fr"]'),), ""),
        ((("limit = 500", "limit = 2"),), ""),
        ((("limit = 500", "per_source = 1"),), ""),
    )

    @pytest.mark.parametrize(
        ("changes", "more"), CHANGES, ids=["exclude", "new", "match", "languages", "limit", "per source"]
    )
    def test_is_kept(self, paper, changes, more):
        paper.configure({"post": {"url": f"{paper.host.base}/feed", "language": "en"}})
        paper.call("poll")
        long_ago(paper)
        before = standing(paper)
        new = draft(paper, *changes, more=more)
        told = call("rehearse", "-c", new, "--against", paper.config_file, "--json").json["sections"]
        paper.config_file.write_text(new.read_text())
        paper.call("regenerate")
        after = standing(paper)
        assert (promised(told, "enter"), promised(told, "leave")) == (after - before, before - after)
        assert before != after

    def test_is_no_promise_any_more_once_it_is_kept(self, polled):
        new = draft(polled, more=EXCLUDE)
        polled.config_file.write_text(new.read_text())
        codes = [polled.call(command).code for command in ("rehearse", "regenerate", "rehearse")]
        assert codes == [1, 0, 0]


def long_ago(desk):
    """What entered sections did so an hour before: no window of nothing is open for it."""
    with contextlib.closing(sqlite3.connect(desk.folder / "copydesk.db")) as connection, connection:
        connection.execute("UPDATE entry_section SET first = first - 3600000000")
        connection.execute("UPDATE entry SET listed = listed - 3600000000")


def promised(told, way):
    """(section, id) of what enters or leaves a feed at once."""
    found = {(n, s["id"]) for n, section in told.items() for s in section[way] if s["at_once"]}
    return found | {(n, s["id"]) for n, section in told.items() for s in section["feed"][way]}


def standing(desk):
    """(section, id) by the published feeds."""
    feeds = {path.parent.name: etree.parse(path) for path in desk.public.glob("*/atom.xml")}
    entries = {name: feed.getroot().iter(f"{ATOM}entry") for name, feed in feeds.items() if name != "all"}
    return {(name, one.findtext(f"{ATOM}id")) for name, theirs in entries.items() for one in theirs}


class TestTheStore:
    def test_nothing_is_written(self, polled):
        new = draft(polled, ("[sources.post]", "[sources.mail]\nformerly = ['post']"), more=EXCLUDE)
        before = (rows(polled), stamps(polled.public))
        assert call("rehearse", "-c", new).code == 1
        assert (rows(polled), stamps(polled.public)) == before

    def test_beside_a_daemon(self, polled):
        """One that publishes at this moment."""
        with opened(load(polled.config_file, os.environ)) as app, app.publishing():
            assert polled.call("rehearse").code == 0

    def test_that_is_missing(self, paper):
        called = paper.call("rehearse")
        assert (called.code, "no store there yet" in called.err) == (3, True)

    def test_that_is_empty(self, paper):
        paper.call("migrate")
        called = paper.call("rehearse")
        assert (called.code, called.err) == (
            3,
            "copydesk: the store holds no article yet, so there is nothing to rehearse; run `copydesk poll` first\n",
        )


class TestWrongInput:
    @pytest.mark.parametrize("since", ["3", "three days", "0d", "-3d", "99999d", "1w"])
    def test_since(self, polled, since):
        called = polled.call("rehearse", f"--since={since}")
        assert (called.code, called.err.startswith("copydesk: --since: "), called.err.count("\n")) == (2, True, 1)

    def test_no_such_configuration(self, polled):
        called = call("rehearse", "-c", polled.folder / "none.toml")
        assert (called.code, "no configuration there" in called.err) == (2, True)

    def test_a_configuration_with_a_fault(self, polled):
        called = call("rehearse", "-c", draft(polled, ('["news"]', '["nws"]')))
        assert (called.code, "did you mean" in called.err) == (2, True)

    def test_a_configuration_of_another_store(self, polled, tmp_path):
        """As when it was copied elsewhere: paths are relative to it."""
        elsewhere = tmp_path / "elsewhere"
        elsewhere.mkdir(exist_ok=True)
        new = elsewhere / "new.toml"
        new.write_text(polled.config_file.read_text())
        called = call("rehearse", "-c", new, "--against", polled.config_file)
        assert (called.code, "store.url is another store" in called.err, called.err.count("\n")) == (2, True, 1)

    def test_of_which_the_usual_one_is_not(self, polled, tmp_path, monkeypatch):
        monkeypatch.setenv("COPYDESK_CONFIG", str(polled.config_file))
        elsewhere = tmp_path / "elsewhere"
        elsewhere.mkdir(exist_ok=True)
        new = elsewhere / "new.toml"
        new.write_text(polled.config_file.read_text())
        called = call("rehearse", "-c", new)
        assert (called.code, f"keep it in {polled.folder}" in called.err) == (2, True)

    def test_a_store_of_another_configuration(self, polled):
        new = draft(polled, ("[sources.post]", "[sources.pilot]"))
        called = call("rehearse", "-c", new)
        assert (called.code, "none of its sources was ever polled" in called.err) == (2, True)


class TestTheOneInForce:
    def test_is_the_usual_one(self, polled, monkeypatch):
        monkeypatch.chdir(polled.folder)
        long_ago(polled)
        new = draft(polled, ("limit = 500", "limit = 1"))
        told = call("rehearse", "-c", new, "--json").json
        assert (told["against"], len(told["sections"]["news"]["feed"]["leave"])) == (str(polled.config_file), 2)

    def test_is_unknown(self, polled):
        told = call("rehearse", "-c", polled.config_file, "--json").json
        assert (told["against"], "--against FILE" in told["notes"][0]) == (None, True)

    def test_has_a_fault(self, polled, monkeypatch):
        monkeypatch.chdir(polled.folder)
        new = draft(polled)
        polled.config_file.write_text("[site\n")
        told = call("rehearse", "-c", new, "--json").json
        assert (told["against"], "cannot be used" in told["notes"][0]) == (None, True)

    def test_is_of_another_store(self, polled, tmp_path, monkeypatch):
        other = tmp_path / "other.toml"
        other.write_text(polled.config_file.read_text().replace("copydesk.db", "other.db"))
        call("migrate", "-c", other)
        monkeypatch.setenv("COPYDESK_CONFIG", str(other))
        told = call("rehearse", "-c", polled.config_file, "--json").json
        assert (told["differs"], told["notes"][0].endswith("is of another store")) == (False, True)
