"""Lists of feeds in, and out."""

import os
import socket
import stat

import pytest

from feeds.config import load
from feeds.parse import opml
from tests.cli.calling import call, finish, start
from tests.end_to_end.stand import item, ok, rss

A, B = "https://a.example/rss", "https://b.example/rss"
LIST = f"""<?xml version="1.0" encoding="utf-8"?>
<opml version="2.0"><head><title>Mine</title></head><body>
<outline text="Welt"><outline text="Zürich"><outline type="rss" text="Züri Post" xmlUrl="{A}"/></outline></outline>
<outline text="News"><outline type="rss" text="Новости" xmlUrl="{B}" htmlUrl="https://b.example/"/></outline>
<outline text="Sport"><outline type="rss" text="again" xmlUrl="http://b.example/rss/"/></outline>
<outline type="rss" text="odd" xmlUrl="javascript:alert(1)"/>
</body></opml>"""


@pytest.fixture
def mine(desk):
    """A desk without sources, and a list."""
    desk.configure({}, deadline="5s")
    desk.list = desk.folder / "mine.opml"
    desk.list.write_text(LIST, "utf-8")
    desk.call = lambda command, *arguments: call(command, "-c", desk.config_file, *arguments)
    desk.sources = lambda: {s.name: s for s in load(desk.config_file, os.environ).sources}
    desk.sections = lambda: {s.name: s.title for s in load(desk.config_file, os.environ).sections}
    return desk


@pytest.fixture
def asked(mine, stand):
    """The same with a list of what a host on the loopback answers."""

    def write(answers):
        mine.host = stand(answers)
        feeds = "".join(f'<outline text="{path[1:]}" xmlUrl="{mine.host.base}{path}"/>' for path in answers)
        mine.list.write_text(f"<opml><body>{feeds}</body></opml>")
        return mine

    return write


@pytest.fixture
def open_loopback(monkeypatch):
    """As if the loopback were the open internet."""
    monkeypatch.setattr("feeds.config.subscribe.is_local", lambda url: False)
    monkeypatch.setattr("feeds.fetch.guard.forbidden", lambda address: False)


# ---------------------------------------------------------------- import


def test_feeds_are_sources_and_categories_sections(mine):
    called = mine.call("import", mine.list)
    assert (called.code, {n: (s.url, s.sections) for n, s in mine.sources().items()}, mine.sections()) == (
        0,
        {"zuri-post": (A, ("welt", "zurich")), "novosti": (B, ("news", "sport"))},
        {"news": "News", "welt": "Welt", "zurich": "Zürich", "sport": "Sport"},
    )


def test_a_word_on_every_feed(mine):
    out = mine.call("import", mine.list).out.splitlines()
    assert out == [
        f"  added          zuri-post  in welt, zurich; {A}",
        f"  added          novosti    in news, sport; {B}",
        "  already there  novosti    in news, sport; http://b.example/rss/",
        "  refused        -          javascript:alert(1); is no http(s) address",
        "4 feeds: 2 added, 1 already there, 1 refused; 3 new sections.",
        f"Written to {mine.config_file}.",
    ]


def test_twice_changes_no_byte(mine):
    mine.call("import", mine.list)
    before, modified = mine.config_file.read_bytes(), mine.config_file.stat().st_mtime_ns
    called = mine.call("import", mine.list)
    assert (called.code, called.out.splitlines()[-1], mine.config_file.read_bytes()) == (
        0,
        "Nothing was written.",
        before,
    )
    assert mine.config_file.stat().st_mtime_ns == modified


def test_a_dry_run_writes_nothing(mine):
    before = mine.config_file.read_bytes()
    called = mine.call("import", mine.list, "--dry-run")
    assert (called.code, "2 added" in called.out, mine.config_file.read_bytes()) == (0, True, before)


def test_as_json(mine):
    told = mine.call("import", mine.list, "--json").json
    assert (told["sections"][0], told["feeds"][2], told["dry_run"]) == (
        {"name": "welt", "title": "Welt"},
        {
            "url": "http://b.example/rss/",
            "verdict": "already there",
            "name": "novosti",
            "title": "again",
            "sections": ["news", "sport"],
            "reason": None,
        },
        False,
    )


def test_comments_and_mode_of_the_file_stay(mine):
    before = "# mine\n" + mine.config_file.read_text()
    mine.config_file.write_text(before)
    mine.config_file.chmod(0o640)
    mine.call("import", mine.list)
    assert (mine.config_file.read_text().startswith(before), stat.S_IMODE(mine.config_file.stat().st_mode)) == (
        True,
        0o640,
    )


def test_of_stdin(mine):
    called = finish(start("import", "-c", mine.config_file, "-", stdin=mine.list.open("rb")))
    assert (called.code, sorted(mine.sources())) == (0, ["novosti", "zuri-post"])


def test_a_password_is_not_shown_and_there_is_a_hint(mine):
    mine.list.write_text('<opml><body><outline text="P" xmlUrl="https://ann:s3cr3t-word@p.example/"/></body></opml>')
    told = [mine.call("import", mine.list, *arguments) for arguments in (["--dry-run"], ["--json"])]
    assert (["s3cr3t" in t.out for t in told], "${NAME}" in told[0].out) == ([False, False], True)


def test_an_address_reads_no_variable_of_ours(mine, monkeypatch):
    monkeypatch.setenv("DESK_KEY", "s3cr3t")
    mine.list.write_text('<opml><body><outline text="P" xmlUrl="https://p.example/?${DESK_KEY}"/></body></opml>')
    mine.call("import", mine.list)
    assert [s.url for s in mine.sources().values()] == ["https://p.example/?%24%7BDESK_KEY}"]


def test_the_own_network_is_refused_unless_it_is_configured(asked):
    desk = asked({"/one": ok(rss(item(1))), "/two": ok(rss(item(2)))})
    desk.configure({"one": {"url": f"{desk.host.base}/one"}})
    called = desk.call("import", desk.list, "--check")
    assert (called.code, list(desk.sources()), desk.host.asked, "your own network" in called.out) == (
        0,
        ["one"],
        [],
        True,
    )


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "empty"),
        (b"<!doctype html><title>Sign in</title>", "an HTML page, not OPML"),
        (b'{"feeds": []}', "JSON, not OPML"),
        (b"<rss/>", "an RSS feed, not OPML"),
        (b"Dear reader", "no OPML"),
    ],
)
def test_what_is_no_list(mine, body, said):
    mine.list.write_bytes(body)
    called = mine.call("import", mine.list)
    assert (called.code, said in called.err, called.err.count("\n")) == (2, True, 1)


@pytest.mark.parametrize("name", ["none.opml", "."])
def test_a_file_that_cannot_be_read(mine, name):
    called = mine.call("import", mine.folder / name)
    assert (called.code, "cannot be read" in called.err) == (2, True)


def test_a_malformed_list_is_read_as_far_as_it_goes(mine):
    mine.list.write_text(f'<opml><body><outline text="A & B" xmlUrl="{A}"/>')
    called = mine.call("import", mine.list)
    assert (called.code, "malformed" in called.err, list(mine.sources())) == (0, True, ["a-b"])


def test_a_list_without_feeds(mine):
    mine.list.write_text('<opml><body><outline text="Buy milk"/></body></opml>')
    called = mine.call("import", mine.list)
    assert (called.code, called.out, mine.sections()) == (
        0,
        f"{mine.list} lists no feeds; nothing was written.\n",
        {"news": "News"},
    )


def test_a_list_of_which_nothing_can_be_used(mine):
    mine.list.write_text('<opml><body><outline text="x" xmlUrl="javascript:x"/></body></opml>')
    assert mine.call("import", mine.list).code == 1


# ---------------------------------------------------------------- import --check


def test_what_each_feed_answers(asked, open_loopback):
    desk = asked(
        {
            "/well": ok(rss(item(1), "Well")),
            "/page": ok(b"<!doctype html><title>Not any more</title>"),
            "/gone": ok(b"", status="410 Gone"),
            "/none": ok(b"", status="404 Not Found"),
            "/busy": ok(b"", status="503 Busy"),
            "/moved": ok(b"", "Location: /well", status="301 Moved"),
        }
    )
    desk.call("import", desk.list, "--check")
    told = desk.call("import", desk.list, "--check", "--json").json["feeds"]
    assert {one["url"].rpartition("/")[2]: (one["verdict"], one["name"]) for one in told} == {
        "well": ("already there", "well"),
        "page": ("not a feed", None),
        "gone": ("already there", "gone"),
        "none": ("already there", "none"),
        "busy": ("already there", "busy"),
        "moved": ("already there", "well"),
    }
    assert {n: (s.disabled, bool(s.note)) for n, s in desk.sources().items()} == {
        "well": (False, False),
        "gone": (True, True),
        "none": (True, True),
        "busy": (False, False),
    }


def test_a_dead_feed_says_why(asked, open_loopback):
    desk = asked({"/none": ok(b"", status="404 Not Found"), "/well": ok(rss(item(1)))})
    out = desk.call("import", desk.list, "--check").out
    assert (f"{desk.host.base}/none; the server answered 404" in out, "404" in desk.sources()["none"].note) == (
        True,
        True,
    )


def test_checked_twice_changes_no_byte(asked, open_loopback):
    desk = asked({"/none": ok(b"", status="404 Not Found"), "/page": ok(b"<html><p>"), "/well": ok(rss(item(1)))})
    desk.call("import", desk.list, "--check")
    before = desk.config_file.read_bytes()
    desk.call("import", desk.list, "--check")
    assert desk.config_file.read_bytes() == before


def test_a_redirect_into_the_own_network_is_refused(asked, stand, monkeypatch):
    monkeypatch.setattr("feeds.config.subscribe.is_local", lambda url: False)  # as a name that resolves to it
    desk = asked({"/inside": ok(rss(item(1)))})
    called = desk.call("import", desk.list, "--check")
    assert (called.code, "refused" in called.out, desk.host.asked, desk.sources()) == (1, True, [], {})


def test_without_a_network_nothing_is_written(mine, open_loopback):
    with socket.create_server(("127.0.0.1", 0)) as gone:
        base = f"http://127.0.0.1:{gone.getsockname()[1]}"
    feeds = "".join(f'<outline text="x" xmlUrl="{base}/{n}"/>' for n in range(3))
    mine.list.write_text(f"<opml><body>{feeds}</body></opml>")
    called = mine.call("import", mine.list, "--check")
    assert (called.code, "no network" in called.err, mine.sources()) == (1, True, {})


# ---------------------------------------------------------------- hostile


def test_a_list_that_would_grow(mine):
    levels = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(9))
    mine.list.write_text(
        f'<!DOCTYPE opml [<!ENTITY l0 "ha">{levels}]><opml><body><outline text="&l9;" xmlUrl="{A}"/></body></opml>'
    )
    assert (mine.call("import", mine.list).code, mine.sources()["l9"].title) == (0, "&l9;")


def test_ten_thousand_feeds(mine):
    feeds = "".join(f'<outline text="Post" xmlUrl="https://a.example/{n}"/>' for n in range(10_000))
    mine.list.write_text(f"<opml><body>{feeds}</body></opml>")
    called = mine.call("import", mine.list)
    assert (called.code, len(mine.sources()), "post-10000" in mine.sources()) == (0, 10_000, True)


def test_a_thousand_categories_inside_each_other(mine):
    mine.list.write_text(
        '<opml><body><outline text="A" xmlUrl="https://a.example/"/>'
        + f'<outline text="c"><outline text="B" xmlUrl="{B}"/>' * 1000
        + "</outline>" * 1000
        + "</body></opml>"
    )
    called = mine.call("import", mine.list)
    assert (called.code, sorted(mine.sources()), "depth" in called.err) == (0, ["a", "b"], True)


def test_titles_cannot_steer_a_terminal(mine):
    mine.list.write_text(f'<opml><body><outline text="&#27;[2J&#x9b;x" xmlUrl="{A}&#27;[2J"/></body></opml>')
    called = mine.call("import", mine.list)
    assert "\x1b" not in called.out and "\x9b" not in called.out


# ---------------------------------------------------------------- export


@pytest.fixture
def full(mine):
    """A desk of four sources: in a section, in none, disabled, and with a secret."""
    mine.configure(
        {
            "post": {"url": A, "title": "The Post & Co", "home": "https://a.example/"},
            "free": {"url": B, "sections": []},
            "old": {"url": "https://old.example/rss", "disabled": True},
            "paid": {"url": "https://ann:s3cr3t-word@paid.example/"},
            "token": {"url": "https://token.example/?token=s3cr3t"},
        }
    )
    head = '[sources.head]\nurl = "https://head.example/"\nheaders = { X-Api-Key = "s3cr3t" }\n'
    mine.config_file.write_text(mine.config_file.read_text() + head)
    return mine


def exported(data):
    return [(one.url, [label.title for c in one.categories for label in c]) for one in opml.read(data).feeds]


def test_sections_are_outlines(full):
    path = full.folder / "out.opml"
    called = full.call("export", path)
    assert (called.code, exported(path.read_bytes())) == (0, [(A, ["News"]), (B, [])])


def test_secrets_are_left_out_with_a_word(full):
    path = full.folder / "out.opml"
    called = full.call("export", path)
    assert (b"s3cr3t" in path.read_bytes(), called.err) == (
        False,
        "copydesk: left out 3 sources with a secret, or private: paid, token, head\n",
    )


def test_disabled_ones_on_request(full):
    path = full.folder / "out.opml"
    full.call("export", path, "--all")
    assert exported(path.read_bytes())[1] == ("https://old.example/rss", ["News"])


def test_to_stdout(full):
    called = finish(start("export", "-c", full.config_file, env={"PYTHONIOENCODING": "utf-8"}))
    assert (called.code, exported(called.out.encode())) == (0, [(A, ["News"]), (B, [])])


def test_export_as_json(full):
    told = full.call("export", "--json").json
    assert (told["sources"], told["left_out"], exported(told["opml"].encode())[0][0]) == (
        ["post", "free"],
        ["paid", "token", "head"],
        A,
    )


def test_an_export_that_cannot_be_written(full):
    called = full.call("export", full.folder / "none" / "out.opml")
    assert (called.code, "cannot be written" in called.err) == (2, True)


def test_what_kind_a_source_is_goes_there_and_back(mine):
    mine.configure({"site": {"url": A, "kind": "page"}, "map": {"url": B, "kind": "sitemap"}})
    path = mine.folder / "out.opml"
    mine.call("export", path)
    mine.configure({})
    mine.call("import", path)
    assert {name: source.kind for name, source in mine.sources().items()} == {"site": "page", "map": "sitemap"}


def test_a_sitemap_is_written_with_its_kind_when_it_was_asked(asked, open_loopback):
    news = "http://www.google.com/schemas/sitemap-news/0.9"
    entry = (
        f'<n:news xmlns:n="{news}"><n:publication_date>2026-01-08</n:publication_date><n:title>One</n:title></n:news>'
    )
    space = "http://www.sitemaps.org/schemas/sitemap/0.9"
    body = f'<urlset xmlns="{space}"><url><loc>https://a.example/one-story</loc>{entry}</url></urlset>'
    desk = asked({"/news.xml": ok(body.encode())})
    desk.call("import", desk.list, "--check")
    assert [source.kind for source in desk.sources().values()] == ["sitemap"]


def test_there_and_back(full):
    path = full.folder / "out.opml"
    full.call("export", path, "--all")
    before = {n: s for n, s in full.sources().items() if n in ("post", "free", "old")}
    full.configure({})
    full.call("import", path)
    assert (full.sources(), full.sections()) == (before, {"news": "News"})
