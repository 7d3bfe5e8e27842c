"""How the sources are, in words and as JSON."""

import pytest

from tests.cli.calling import call
from tests.end_to_end.stand import item, ok, rss


def test_every_source_has_a_line_and_what_failed_a_sentence(papers):
    papers.call("poll")
    called = papers.call("status")
    rows = {line.split()[0]: line.split() for line in called.out.splitlines() if line}
    assert (called.code, rows["post"][1], "FAILED: http error" in called.out) == (0, "3", True)
    assert "herald: the server answered 404; check the source's url" in called.out


def test_it_says_how_often_in_a_row(papers):
    papers.call("poll")
    with_sql(papers, "UPDATE source SET next_poll = 0, state = json_set(state, '$.failures', 3) WHERE name = 'herald'")
    assert "FAILED: http error, 3 times in a row" in papers.call("status").out


def test_it_says_how_many_pages_wait(papers):
    papers.call("poll")
    wanted = '[{"url": "https://a.example/1", "digest": 1}, {"url": "https://a.example/2", "digest": 2}]'
    with_sql(papers, f"UPDATE source SET state = json_set(state, '$.wanted', json('{wanted}')) WHERE name = 'post'")
    told = papers.call("status", "--json").json
    assert {one["name"]: one["pages_waiting"] for one in told["sources"]} == {"herald": 0, "post": 2}
    assert "full text: 2 pages still to be asked for" in papers.call("status", "post").out


def with_sql(desk, statement):
    import contextlib
    import sqlite3

    with contextlib.closing(sqlite3.connect(desk.folder / "copydesk.db")) as connection:
        connection.execute(statement)
        connection.commit()


def test_as_json(papers):
    papers.call("poll")
    told = papers.call("status", "--json").json
    states = {one["name"]: (one["articles"], one["outcome"], one["failures"]) for one in told["sources"]}
    assert (states, told["sections"]["news"], told["store"]["articles"]) == (
        {"herald": (0, "http error", 1), "post": (3, "fresh", 0)},
        3,
        3,
    )


def test_a_source_in_detail(paper):
    mixed = [item(1, category="Sea"), item(2, category="Sea"), item(3, category="Offers", title="Buy a buoy")]
    paper.host.answers["/feed"] = ok(rss("".join(mixed), "The Post"))
    paper.configure({"post": {"url": f"{paper.host.base}/feed", "sections": []}})
    paper.config_file.write_text(paper.config_file.read_text() + '\n[drop]\ncategories = ["Offers"]\n')
    paper.call("poll")
    called = paper.call("status", "post")
    lines = [line.strip() for line in called.out.splitlines()]
    assert (lines[0], lines[2:5]) == (
        "post: The Post; fresh",
        ["3 articles, 3 in no section, 1 dropped", '1 dropped by the site\'s rule category "Offers"', "read: strict 1"],
    )
    assert "categories: Sea (2), Offers (1)" in lines


def test_in_detail_as_json(paper):
    paper.call("poll")
    (told,) = paper.call("status", "post", "--json").json["sources"]
    assert (told["categories"], told["read_as"], told["polls"][0]["new"]) == ({"Sea": 3}, {"strict": 1}, 3)


@pytest.mark.parametrize(
    ("sources", "state"),
    [
        ({"post": {"url": "http://127.0.0.1:9/", "disabled": True}}, "disabled"),
        ({}, "no longer configured"),
    ],
)
def test_a_source_that_is_not_polled_any_more(paper, sources, state):
    paper.call("poll")
    paper.configure(sources)
    assert paper.call("status", "post").out.splitlines()[0] == f"post: The Post; {state}"


def test_a_source_that_was_not_polled_yet(paper):
    paper.call("poll")
    paper.configure({"post": {"url": f"{paper.host.base}/feed"}, "new": {"url": f"{paper.host.base}/new"}})
    assert paper.call("status", "new").out.splitlines()[0] == "new: without a title; not polled yet"


def test_a_source_cannot_steer_the_terminal(paper):
    paper.host.answers["/feed"] = ok(rss(item(1, category="&#x9b;31mRed"), "The &#x9b;2JPost"))
    paper.call("poll")
    called = paper.call("status", "post")
    assert (called.code, "\x1b" in called.out, "\x9b" in called.out) == (0, False, False)


def test_an_unknown_source(paper):
    paper.call("poll")
    called = paper.call("status", "pst")
    assert (called.code, called.err) == (2, "copydesk: no source is named pst; did you mean post?\n")


def test_without_a_store(paper):
    called = paper.call("status")
    assert (called.code, called.err.count("\n"), "run `copydesk poll` first" in called.err) == (3, 1, True)


def test_a_folder_where_the_configuration_should_be(tmp_path):
    assert call("status", "-c", tmp_path).code == 2


NEWS = b'<urlset xmlns:n="http://www.google.com/schemas/sitemap-news/0.9"><url><loc>https://karsa.example/a</loc><n:news/></url></urlset>'


def test_what_could_be_read_only_in_part(paper):
    base = paper.host.base
    index = "".join(f"<sitemap><loc>{base}/{n}.xml</loc></sitemap>" for n in ("news", "gone"))
    paper.host.answers |= {"/feed": ok(f"<sitemapindex>{index}</sitemapindex>".encode()), "/news.xml": ok(NEWS)}
    said = f"1 of 2 sitemaps not read; {base}/gone.xml: the server answered 404"
    polled = paper.call("poll").out.splitlines()[0]
    assert (polled, f"  in part: {said}" in paper.call("status", "post").out) == (
        f"  post  1 item: 1 new; {said}",
        True,
    )
    assert f"post: {said}" in paper.call("status").out.splitlines()
    assert f"1 item, news sitemap, well-formed; {said}" in paper.call("check", "--online").out
