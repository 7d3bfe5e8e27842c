"""From an address to an entry of the configuration."""

import os
import pty
import socket

import pytest

from feeds.config import load
from tests.cli.calling import call, finish, start
from tests.end_to_end.stand import item, ok, rss


def page(*paths, base=""):
    links = "".join(f'<link rel="alternate" type="application/rss+xml" href="{base}{path}">' for path in paths)
    return ok(f"<!doctype html><html><head><title>Post</title>{links}</head><body>".encode())


@pytest.fixture
def site(stand, desk):
    """A site of two feeds and one of comments, and a desk that knows none of them."""
    desk.host = stand(
        {
            "/": page("/world", "/sport", "/comments/feed/"),
            "/one": page("/world", "/comments/feed/"),
            "/world": ok(rss(item(2) + item(1), "The Post: World")),
            "/sport": ok(rss(item(3), "The Post: Sport")),
            "/comments/feed/": ok(rss(item(4), "Comments")),
        }
    )
    desk.configure({}, deadline="5s")
    desk.config_file.write_text("# mine\n" + desk.config_file.read_text() + "# the end")
    desk.call = lambda *arguments: call("add", "-c", desk.config_file, *arguments)
    desk.sources = lambda: {s.name: s for s in load(desk.config_file, os.environ).sources}
    return desk


# ---------------------------------------------------------------- one feed


def test_a_feed_is_written(site):
    called = site.call(f"{site.host.base}/world", "--section", "news")
    (source,) = site.sources().values()
    assert (called.code, called.err, source.name, source.title, source.sections, source.url) == (
        0,
        "",
        "the-post-world",
        "The Post: World",
        ("news",),
        f"{site.host.base}/world",
    )


def test_what_it_would_give_and_what_was_written_are_shown(site):
    lines = site.call(f"{site.host.base}/world").out.splitlines()
    assert (lines[1], lines[3].strip(), "[sources.the-post-world]" in lines, lines[-1].endswith("the-post-world")) == (
        "  1  The Post: World: RSS 2.0, well-formed, 2 items, without dates, en",
        "Story 2",
        True,
        True,
    )


def test_what_was_written_can_be_polled(site):
    site.call(f"{site.host.base}/world", "-s", "news")
    assert (call("poll", "-c", site.config_file).code, site.titles()) == (0, {"Story 1", "Story 2"})


def test_comments_in_the_file_stay(site):
    before = site.config_file.read_text()
    site.call(f"{site.host.base}/world")
    assert site.config_file.read_text().startswith(before + "\n\n[sources.the-post-world]\n")


def test_the_only_feed_of_a_page_but_its_comments_is_taken(site):
    called = site.call(f"{site.host.base}/one")
    assert (called.code, list(site.sources())) == (0, ["the-post-world"])


def test_the_name_may_be_given(site):
    site.call(f"{site.host.base}/world", "--name", "post")
    assert list(site.sources()) == ["post"]


def test_a_dry_run_writes_nothing(site):
    before = site.config_file.read_bytes()
    called = site.call(f"{site.host.base}/world", "--dry-run")
    assert (called.code, "[sources.the-post-world]" in called.out, site.config_file.read_bytes()) == (0, True, before)


def test_without_a_scheme(site):
    assert (site.call(site.host.base.removeprefix("http://") + "/world").code, len(site.sources())) == (0, 1)


def test_without_a_scheme_it_is_https_and_then_http(site, monkeypatch):
    monkeypatch.setattr("feeds.fetch.guard.is_local", lambda url: False)
    called = site.call(site.host.base.removeprefix("http://") + "/world")
    assert (called.code, [s.url for s in site.sources().values()]) == (0, [f"{site.host.base}/world"])


@pytest.mark.parametrize("path", ["/world", "/world/", "/old"], ids=["itself", "twin", "redirect"])
def test_what_is_there_is_not_written_again(site, path):
    site.call(f"{site.host.base}/world")
    before = site.config_file.read_bytes()
    site.host.answers["/world/"] = site.host.answers["/world"]
    site.host.answers["/old"] = ok(b"", "Location: /world", status="302 Found")
    called = site.call(f"{site.host.base}{path}")
    assert (called.code, called.out.splitlines()[-1], site.config_file.read_bytes()) == (
        0,
        "Already configured as the-post-world; nothing was written.",
        before,
    )


# ---------------------------------------------------------------- several


def test_several_are_listed_and_nothing_is_written(site):
    called = site.call(site.host.base)
    assert (called.code, site.sources(), called.out.count("Story"), "--pick N, or --all" in called.err) == (
        2,
        {},
        4,
        True,
    )


def test_one_of_several_is_picked(site):
    assert (site.call(site.host.base, "--pick", 2).code, list(site.sources())) == (0, ["the-post-sport"])


def test_all_are_taken_but_comments(site):
    assert (site.call(site.host.base, "--all").code, list(site.sources())) == (0, ["the-post-world", "the-post-sport"])


def test_comments_may_be_picked(site):
    assert (site.call(site.host.base, "--pick", 3).code, list(site.sources())) == (0, ["comments"])


def test_when_all_are_there_nothing_has_to_be_chosen(site):
    site.call(site.host.base, "--all")
    called = site.call(site.host.base)
    assert (called.code, "already configured as the-post-sport" in called.out) == (0, True)


def test_what_is_configured_in_another_format_is_there(site):
    site.call(f"{site.host.base}/world")
    site.host.answers |= {"/": page("/other", "/world"), "/other": ok(rss(item(1) + item(2), "Another title"))}
    called = site.call(site.host.base)
    assert (called.code, list(site.sources())) == (0, ["the-post-world"])


@pytest.mark.parametrize(
    ("answer", "code", "names"),
    [
        ("2", 0, ["the-post-sport"]),
        ("1, 2", 0, ["the-post-world", "the-post-sport"]),
        ("all", 0, ["the-post-world", "the-post-sport"]),
        ("", 0, ["the-post-world"]),
        ("none", 0, []),
        ("9\n2", 0, ["the-post-sport"]),
    ],
)
def test_a_terminal_is_asked(site, answer, code, names):
    controller, terminal = pty.openpty()
    os.write(controller, f"{answer}\n".encode())
    called = finish(start("add", "-c", site.config_file, site.host.base, stdin=terminal))
    os.close(terminal)
    os.close(controller)
    assert (called.code, list(site.sources()), "Which?" in called.err) == (code, names, True)


# ---------------------------------------------------------------- as JSON


def test_as_json(site):
    told = site.call(f"{site.host.base}/world", "--json").json
    assert (told["feeds"][0] | {"url": ""}, told["added"], told["page"]) == (
        {
            "number": 1,
            "url": "",
            "title": "The Post: World",
            "format": "rss20",
            "kind": "auto",
            "read": "strict",
            "items": 2,
            "newest": None,
            "language": "en",
            "titles": ["Story 2", "Story 1"],
            "found": "typed",
            "comments": False,
            "same_as": None,
            "configured": None,
        },
        [{"name": "the-post-world", "url": f"{site.host.base}/world", "title": "The Post: World"}],
        None,
    )


def test_several_as_json(site):
    called = site.call(site.host.base, "--json")
    assert (called.code, [one["comments"] for one in called.json["feeds"]], called.json["added"]) == (
        2,
        [False, False, True],
        [],
    )


# ---------------------------------------------------------------- wrong input


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--section", "nwes"], "no section is named nwes; did you mean news?"),
        (["--name", "No Name"], "is no name"),
        (["--name", "taken"], "a source is named taken already"),
        (["--pick", "7"], "--pick 7: there are only 3"),
        (["--pick", "1", "--all"], "exclude each other"),
        (["--all", "--name", "x"], "--name is for one feed"),
    ],
)
def test_wrong_options_write_nothing(site, arguments, said):
    site.config_file.write_text(site.config_file.read_text() + '\n[sources.taken]\nurl = "https://t.example/"\n')
    called = site.call(site.host.base, *arguments)
    assert (called.code, said in called.err, list(site.sources())) == (2, True, ["taken"])


@pytest.mark.parametrize(
    "url", ["ftp://post.example/", "https://", "", "http://post.example:x/", "https://po st.example", "["]
)
def test_what_is_no_address(site, url):
    called = site.call(url)
    assert (called.code, called.err.count("\n"), site.host.asked) == (2, 1, [])


def test_without_a_configuration(tmp_path):
    called = call("add", "-c", tmp_path / "none.toml", "https://post.example/")
    assert (called.code, "copydesk init" in called.err) == (2, True)


def test_a_page_without_feeds(site):
    site.host.answers["/"] = page("/none")
    called = site.call(site.host.base)
    declared = f"it declares {site.host.base}/none, but: the server answered 404" in called.err
    assert (called.code, called.out, declared, 'kind = "page"' in called.err) == (1, "", True, True)


def test_a_server_that_is_not_there(site):
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    called = site.call(f"http://127.0.0.1:{port}/")
    assert (called.code, called.err.count("\n"), f"127.0.0.1:{port}" in called.err) == (1, 1, True)


def test_a_configuration_that_cannot_take_it(site):
    site.config_file.write_text("sources = {}\n" + site.config_file.read_text())
    called = site.call(f"{site.host.base}/world")
    assert (called.code, "[sources.NAME]" in called.err) == (2, True)


# ---------------------------------------------------------------- whom it asks


def test_another_place_of_the_own_network_is_not_asked(site, stand):
    inside = stand({"/feed": ok(rss(item(9)))})
    site.host.answers["/"] = page(f"{inside.base}/feed", "/moved")
    site.host.answers["/moved"] = ok(b"", f"Location: {inside.base}/feed", status="301 Moved")
    called = site.call(site.host.base)
    assert (called.code, inside.asked, called.err.count("no public address")) == (1, [], 2)


def test_a_page_reads_no_variable_of_ours(site, monkeypatch):
    monkeypatch.setenv("DESK_KEY", "s3cr3t")
    site.host.answers |= {"/": page("/world?${DESK_KEY}"), "*": ok(rss(item(1)))}
    site.call(site.host.base)
    assert [("s3cr3t" in s.url, "%24%7BDESK_KEY}" in s.url) for s in site.sources().values()] == [(False, True)]


# ---------------------------------------------------------------- secrets


def test_a_password_is_written_as_typed_shown_masked_and_there_is_a_hint(site):
    url = site.host.base.replace("//", "//ann:s3cr3t-word@") + "/world"
    called = site.call(url)
    assert (called.code, "s3cr3t" in called.out, "${NAME}" in called.out, [s.url for s in site.sources().values()]) == (
        0,
        False,
        True,
        [url],
    )


def test_a_secret_of_the_environment_stays_there(site, monkeypatch):
    monkeypatch.setenv("DESK_WORD", "s3cr3t-word")
    called = site.call(site.host.base.replace("//", "//ann:${DESK_WORD}@"), "--pick", 1)
    text = site.config_file.read_text()
    assert (called.code, "s3cr3t" in called.out + text, "ann:${DESK_WORD}@" in text, "Better" in called.out) == (
        0,
        False,
        True,
        False,
    )


def test_a_password_in_what_is_no_address_is_not_shown(site):
    called = site.call("https://ann:s3cr3t-word@post example/")
    assert (called.code, "s3cr3t" in called.err) == (2, False)


def test_a_variable_that_is_not_set(site):
    called = site.call("https://ann:${NOT_SET_HERE}@post.example/")
    assert (called.code, "NOT_SET_HERE, which is not set" in called.err) == (2, True)


# ---------------------------------------------------------------- pages and sitemaps


LISTING = "".join(
    f"<li class=story><h3><a href='/2026/{n}-ferry-{word}-sails'>The {word} ferry sails for the islands</a></h3>"
    f"<p>It left at eleven, and the whole town had come down to the {word} quay to see it go.</p></li>"
    for n, word in enumerate(("first", "second", "third", "fourth"))
)
NEWS = "http://www.google.com/schemas/sitemap-news/0.9"


def urlset(count, news=True):
    def entry(n):
        told = (
            f"<n:news><n:publication><n:name>The Post</n:name><n:language>en</n:language></n:publication>"
            f"<n:publication_date>2026-01-08</n:publication_date><n:title>Story {n}</n:title></n:news>"
        )
        told = told if news else "<lastmod>2026-01-08</lastmod>" if news is False else ""
        return f"<url><loc>https://post.example/story-number-{n}</loc>{told}</url>"

    space = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    return ok(f'<urlset {space} xmlns:n="{NEWS}">{"".join(map(entry, range(count)))}</urlset>'.encode())


@pytest.fixture
def bare(site, stand):
    """A site without any feed, whose page lists articles."""
    site.host = stand({"/": ok(f"<!doctype html><title>The Post</title><ul>{LISTING}</ul>".encode())})
    return site


def written(site, *arguments):
    """The kind that was written, and the articles that the first poll of it brings."""
    assert site.call(*arguments, "-s", "news").code == 0
    (source,) = site.sources().values()
    site.configure({source.name: {"url": source.url, "kind": source.kind}}, first_age="3650d")
    assert call("poll", "-c", site.config_file).code == 0
    return source.kind, site.titles()


def test_a_page_that_lists_articles_is_a_source_where_there_is_no_feed(bare):
    kind, titles = written(bare, f"{bare.host.base}/")
    assert (kind, len(titles), "The first ferry sails for the islands" in titles) == ("page", 4, True)


def test_it_is_said_that_it_is_no_feed(bare):
    lines = bare.call(f"{bare.host.base}/").out.splitlines()
    assert lines[0] == f"No feed, but a page that lists articles at {bare.host.base}/:"


def test_a_page_that_robots_txt_closes_is_none(bare):
    bare.host.answers["/robots.txt"] = ok(b"User-agent: *\nDisallow: /\n")
    called = bare.call(f"{bare.host.base}/")
    assert (called.code == 0, "it lists articles itself, but robots.txt" in called.err) == (False, True)


def test_one_article_is_no_source(bare):
    text = "The ferry left at eleven with its band on deck, and the whole town had come down to the quay. " * 3
    bare.host.answers["/"] = ok(f"<!doctype html><title>Ferry sails</title><h1>Ferry sails</h1><p>{text}".encode())
    called = bare.call(f"{bare.host.base}/")
    assert (called.code == 0, 'configure it by hand with kind = "page"' in called.err) == (False, True)


def test_a_news_sitemap(bare):
    bare.host.answers["/news.xml"] = urlset(3)
    assert written(bare, f"{bare.host.base}/news.xml") == ("sitemap", {"Story 0", "Story 1", "Story 2"})


def test_a_sitemap_of_pages_where_somebody_asks_for_it(bare):
    bare.host.answers["/pages.xml"] = urlset(2, news=False)
    kind, titles = written(bare, f"{bare.host.base}/pages.xml")
    assert (kind, len(titles)) == ("sitemap", 2)


def test_a_sitemap_of_pages_without_dates_is_none(bare):
    bare.host.answers["/pages.xml"] = urlset(2, news=None)
    called = bare.call(f"{bare.host.base}/pages.xml")
    assert (called.code == 0, "does not say which are its latest" in called.err) == (False, True)


def test_an_index_of_sitemaps_of_pages(bare):
    base = bare.host.base
    bare.host.answers["/pages.xml"] = urlset(2, news=False)
    bare.host.answers["/index.xml"] = ok(
        '<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
        f"<sitemap><loc>{base}/pages.xml</loc></sitemap></sitemapindex>".encode()
    )
    kind, titles = written(bare, f"{base}/index.xml")
    assert (kind, len(titles)) == ("sitemap", 2)


def test_a_news_sitemap_that_robots_txt_names(bare):
    bare.host.answers["/robots.txt"] = ok(f"Sitemap: {bare.host.base}/news.xml\n".encode())
    bare.host.answers["/news.xml"] = urlset(3)
    assert written(bare, f"{bare.host.base}/") == ("sitemap", {"Story 0", "Story 1", "Story 2"})
