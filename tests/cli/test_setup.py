"""Before the first poll: a configuration, and whether it is right."""

import json
import shutil

import jsonschema
import pytest

from tests.cli.calling import call
from tests.end_to_end.stand import ok


def test_init_writes_a_configuration_that_is_right(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("COPYDESK_CONFIG", raising=False)
    codes = call("init").code, call("check").code
    assert (codes, (tmp_path / "config" / "copydesk.toml").exists()) == ((0, 0), True)


def test_init_says_what_to_do_next(tmp_path):
    file = tmp_path / "mine.toml"
    out = call("init", file).out
    assert (f"check -c {file}" in out, f"poll -c {file}" in out) == (True, True)


def test_init_as_json(tmp_path):
    assert call("init", tmp_path / "mine.toml", "--json").json == {"written": str(tmp_path / "mine.toml")}


def test_init_overwrites_nothing(tmp_path):
    file = tmp_path / "mine.toml"
    file.write_text("mine")
    called = call("init", file)
    assert (called.code, file.read_text(), called.err.count("\n")) == (2, "mine", 1)


def test_init_where_nothing_can_be_written(tmp_path):
    (tmp_path / "file").write_text("")
    called = call("init", tmp_path / "file" / "copydesk.toml")
    assert (called.code, "cannot be written" in called.err) == (2, True)


def test_check_says_that_all_is_right(paper):
    called = paper.call("check")
    assert (called.code, called.out) == (0, f"{paper.config_file} is right: 1 source, 1 section.\n")


def test_check_as_json(paper):
    assert paper.call("check", "--json").json == {
        "configuration": str(paper.config_file),
        "sources": 1,
        "sections": 1,
        "notes": [],
        "online": [],
    }


def test_check_says_what_is_right_and_does_nothing_yet(paper):
    text = paper.config_file.read_text().replace("[store]", '[store]\nkeep = "90d"')
    paper.config_file.write_text(text.replace("[sources.post]", '[sources.post]\nimages = "copy"'))
    notes = paper.call("check", "--json").json["notes"]
    assert notes == [
        'images = "copy" is as "link" so far, nothing is copied: post',
        "store.keep: nothing is removed yet, however short it is",
    ]
    assert all(note in paper.call("check").out for note in notes)


def test_check_tells_of_the_files_of_a_section_that_is_gone(paper):
    """They stay until somebody removes them, and are written again when the section comes back."""
    before = paper.config_file.read_text()
    paper.call("poll")
    quiet = paper.call("check", "--json").json["notes"]
    paper.config_file.write_text(before.replace("sections.news", "sections.sea").replace('["news"]', '["sea"]'))
    paper.call("poll")
    notes = paper.call("check", "--json").json["notes"]
    status = paper.call("status").out
    there = (paper.public / "news" / "atom.xml").exists()
    shutil.rmtree(paper.public / "news")
    after = paper.call("check", "--json").json["notes"]
    paper.config_file.write_text(before)
    paper.call("poll")
    told = f"sections.news is gone from the configuration, its files stay in {paper.public / 'news'} as they are"
    assert (quiet, [note.partition(":")[0] for note in notes], told in status, there, after) == (
        [],
        [told],
        True,
        True,
        [],
    )
    assert len(paper.entries()) == 3


def test_check_and_poll_tell_of_a_former_name_that_came_too_late(paper):
    paper.call("poll")
    urls = {"url": f"{paper.host.base}/feed"}
    paper.configure({"herald": urls})
    paper.call("poll")
    paper.configure({"herald": urls | {"formerly": ["post"]}})
    checked, polled = paper.call("check"), paper.call("poll")
    told = 'sources.herald.formerly: "post" came too late'
    assert (checked.code, told in checked.out, polled.code, polled.err.count(told)) == (0, True, 0, 1)


def test_check_says_nothing_of_a_former_name_in_time(paper):
    paper.call("poll")
    paper.configure({"herald": {"url": f"{paper.host.base}/feed", "formerly": ["post"]}})
    before = paper.call("check", "--json").json["notes"]
    paper.call("poll")
    assert (before, paper.call("check", "--json").json["notes"]) == ([], [])


def test_check_without_a_store_makes_none(paper):
    told = paper.call("check", "--json").json
    assert (told["notes"], list(paper.folder.glob("copydesk.db*"))) == ([], [])


def test_check_says_that_an_output_is_filled_from_another_store(paper):
    paper.call("poll")
    (paper.public / ".copydesk").write_text("another")
    (note,) = paper.call("check", "--json").json["notes"]
    assert note.startswith(f"site.output: {paper.public} is filled from another store")


def test_check_says_that_the_store_of_an_output_is_lost(paper):
    paper.call("poll")
    for file in paper.folder.glob("copydesk.db*"):
        file.unlink()
    (note,) = paper.call("check", "--json").json["notes"]
    assert note.startswith(f"site.output: {paper.public} is filled, but the store that it came from is missing")


def test_check_of_a_store_that_cannot_be_read_says_so_and_is_right(paper):
    (paper.folder / "copydesk.db").write_bytes(b"not a store" * 100)
    called = paper.call("check")
    assert (called.code, "what is stored was not looked at" in called.out) == (0, True)


def test_check_of_a_store_that_may_not_be_looked_at_says_so_and_is_right(paper):
    """Root may look everywhere, but nobody at a name that is too long."""
    text = paper.config_file.read_text().replace("copydesk.db", "a" * 300)
    paper.config_file.write_text(text)
    called = paper.call("check")
    assert (called.code, "what is stored was not looked at" in called.out) == (0, True)


def test_check_tells_every_problem_at_once(paper):
    text = paper.config_file.read_text().replace("base_url", "base_ulr").replace("[polling]", "[poling]")
    paper.config_file.write_text(text)
    called = paper.call("check")
    assert (called.code, "base_url" in called.err, "polling" in called.err, called.out) == (2, True, True, "")


def test_check_online_asks_every_source_and_stores_nothing(papers):
    called = papers.call("check", "--online")
    assert (called.code, called.out.splitlines()[1:], (papers.folder / "copydesk.db").exists()) == (
        1,
        [
            "  post    3 items, RSS 2.0, well-formed",
            "  herald  FAILED, http error: the server answered 404; check the source's url",
        ],
        False,
    )


def test_check_online_as_json(papers):
    asked = papers.call("check", "--online", "--json").json["online"]
    assert [(one["source"], one["ok"]) for one in asked] == [("post", True), ("herald", False)]


@pytest.mark.parametrize(
    ("tail", "said"), [(b"", "well-formed"), (b"<item><title>A & B</title>", "malformed, repaired")]
)
def test_check_online_says_how_it_had_to_be_read(paper, tail, said):
    body = b'<?xml version="1.0"?><rss version="2.0"><channel><title>P</title><item><title>A</title></item>' + tail
    paper.host.answers["/feed"] = ok(body + (b"</channel></rss>" if not tail else b""))
    assert said in paper.call("check", "--online").out


def test_the_schema_takes_what_the_demo_is_made_of(paper):
    import tomllib

    schema = json.loads(call("check", "--schema").out)
    jsonschema.validate(tomllib.loads(paper.config_file.read_text()), schema)
