"""Why an entry is, or is not, where it is."""

import pytest

from tests.cli.test_rehearse import long_ago
from tests.end_to_end.stand import item, ok, rss

TEXT = (
    "The harbour of Karsa reopened on Thursday after eleven days of storms, and the first ferry left at dawn with "
    "forty passengers, two cows and a piano that nobody had come to claim since the end of the old year."
)


@pytest.fixture
def two(paper, stand):
    """A text that two sources carry, and one that only the second has, which no section takes."""
    other = stand({"/feed": ok(rss(item(7, "Harbour open", description=TEXT) + item(8, "A lone whale"), "The Herald"))})
    paper.host.answers["/feed"] = ok(rss(item(1, "Ferry leaves", description=TEXT), "The Post"))
    paper.configure(
        {"post": {"url": f"{paper.host.base}/feed"}, "herald": {"url": f"{other.base}/feed", "sections": []}}
    )
    for name in ("post", "herald"):
        paper.call("poll", name)
    return paper


def entry_id(desk):
    return next(e["id"] for e in desk.entries())


@pytest.mark.parametrize(
    "asked",
    [
        lambda desk: entry_id(desk),
        lambda desk: entry_id(desk).removeprefix("urn:uuid:").upper(),
        lambda desk: "https://desk.example/article/{0:.2}/{0}.html".format(entry_id(desk).removeprefix("urn:uuid:")),
        lambda desk: "https://stand.example/1",
        lambda desk: "https://stand.example/7?utm_source=mail",
    ],
    ids=["id", "bare id", "page", "article", "tracked"],
)
def test_it_is_found_by_id_page_or_url_of_any_copy(two, asked):
    (told,) = two.call("explain", asked(two), "--json").json["entries"]
    assert [(m["source"], m["rule"]) for m in told["members"]] == [("post", "first"), ("herald", "same text")]


def test_in_words(two):
    called = two.call("explain", "https://stand.example/1")
    lines = [line.strip() for line in called.out.splitlines()]
    assert (
        called.code,
        any(line.endswith("post, leads: Ferry leaves") for line in lines),
        "in news: a source of it lists the section" in lines,
    ) == (
        0,
        True,
        True,
    )
    assert any(line.startswith("the same words (") and line.endswith(") as post") for line in lines)


def test_what_no_section_takes_says_why(two):
    called = two.call("explain", "https://stand.example/8")
    assert "not in news: no source of it lists the section, and no match rule hits" in called.out


def test_what_was_dropped_says_by_which_rule(two):
    two.config_file.write_text(two.config_file.read_text() + '\n[drop]\nkeywords = ["gull"]\n')
    two.host.answers["/feed"] = ok(rss(item(3, "A gull in the court")))
    two.call("poll", "post")
    called = two.call("explain", "https://stand.example/3")
    assert 'dropped by the site\'s rule keyword "gull"' in called.out


@pytest.mark.parametrize("asked", ["https://stand.example/99", "urn:uuid:00000000-0000-5000-8000-000000000000", "x"])
def test_what_is_not_there(two, asked):
    called = two.call("explain", asked)
    assert (called.code, called.out, called.err) == (
        2,
        "",
        f"copydesk: {asked}: no article with that id or URL is in the store; `copydesk status` shows what is polled\n",
    )


def test_what_is_not_there_as_json(two):
    called = two.call("explain", "x", "--json")
    assert (called.code, called.json) == (2, {"entries": []})


COPY = (
    "The harbour of Karsa reopened on Thursday after eleven days of storms, and the first ferry left at sunrise with "
    "forty passengers, two cows and a piano that nobody had come to claim since the end of the old year. Read more."
)


@pytest.fixture
def copied(paper, stand):
    """A text, and what another site made of it."""
    other = stand({"/feed": ok(rss(item(7, "Harbour open", description=COPY), "The Herald"))})
    paper.host.answers["/feed"] = ok(rss(item(1, "Ferry leaves", description=TEXT), "The Post"))
    paper.configure({"post": {"url": f"{paper.host.base}/feed"}, "herald": {"url": f"{other.base}/feed"}})
    for name in ("post", "herald"):
        paper.call("poll", name)
    return paper


def test_a_wire_copy_says_by_which_words(copied):
    lines = [line.strip() for line in copied.call("explain", entry_id(copied)).out.splitlines()]
    (why,) = [line for line in lines if line.startswith("wire copy")]
    assert (
        why.startswith("wire copy, nearly the text of post: 9"),
        [line for line in lines if line.startswith(("both", "here"))],
    ) == (
        True,
        [
            "both: “The harbour of Karsa reopened on Thursday after eleven days of storms and the first ferry left at”",
            "both: “with forty passengers two cows and a piano that nobody had come to claim since the end of the old "
            "year”",
            "here “sunrise”, there “dawn”",
        ],
    )


def test_a_wire_copys_evidence_as_json(copied):
    (told,) = copied.call("explain", entry_id(copied), "--json").json["entries"]
    member = told["members"][1]
    assert (member["rule"], member["swaps"], len(member["passages"])) == ("wire copy: near", [["sunrise", "dawn"]], 2)


@pytest.fixture
def event(paper):
    """Two independent reports of one event, and one of another."""
    from tests.dedupe.events import FIRST_REPORT, OTHERS, SECOND_REPORT

    first = item(1, "Ships will cross the Strait of Tell again", description=FIRST_REPORT)
    second = item(2, "Strand has his ferry", description=SECOND_REPORT)
    paper.host.answers["/feed"] = ok(rss(first + second + item(3, OTHERS[0][0], description=OTHERS[0][1]), "The Post"))
    paper.configure({"post": {"url": f"{paper.host.base}/feed"}})
    paper.call("poll")
    return paper


def test_the_story_of_an_entry_with_what_decided(event):
    (told,) = event.call("explain", "https://stand.example/2", "--json").json["entries"]
    (alone,) = event.call("explain", "https://stand.example/3", "--json").json["entries"]
    titles = {entry["title"] for entry in told["story"]["entries"]}
    assert (titles, len(alone["story"]["entries"])) == (
        {"Ships will cross the Strait of Tell again", "Strand has his ferry"},
        1,
    )


def test_a_story_in_words(event):
    out = "".join(event.call("explain", f"https://stand.example/{n}").out for n in (1, 2, 3))
    said = (
        "  story: joined ",
        "(scores 0.",
        "karsa",
        "  story: the first of it",
        "  story: of its own; nothing comes near",
    )
    assert [words for words in said if words not in out] == []


class TestWhereStoriesAreOneEntry:
    @pytest.fixture
    def merged(self, event):
        return shaped(event, 'stories = "merge"')

    @pytest.fixture
    def pair(self, merged):
        """(the one that shows the other, the other)."""
        (shown,) = (e for e in merged.entries() if e["title"] in ("Strand has his ferry", FERRY))
        found = [merged.call("explain", f"https://stand.example/{n}", "--json").json["entries"][0] for n in (1, 2)]
        return sorted(found, key=lambda one: one["id"] != shown["id"])

    def test_what_stands_inside_another_says_in_which_and_where(self, merged, pair):
        head, inside = pair
        told = f"  shown inside {head['id']} ({head['title']}) in section news"
        assert told in merged.call("explain", inside["id"]).out.splitlines()

    def test_what_shows_others_names_them(self, merged, pair):
        head, inside = pair
        lines = merged.call("explain", head["id"]).out.splitlines()
        place = lines.index("  shows 1 other of its story in section news:")
        assert lines[place + 1] == f"    {inside['id']} ({inside['title']})"

    def test_both_as_json(self, pair):
        head, inside = ({"id": one["id"], "title": one["title"]} for one in pair)
        assert [one["stands"] for one in pair] == [
            [{"section": "news", "by": None, "shows": [inside], "in_feed": True}],
            [{"section": "news", "by": head, "shows": [], "in_feed": True}],
        ]

    def test_what_shows_it_may_have_left_the_feeds(self, merged, pair):
        more = "".join(item(n, f"Of number {n}", description=f"Told in short, {n}.") for n in range(20, 32))
        shaped(merged, "limit = 2", "limit = 500")
        merged.host.answers["/feed"] = ok(rss(more, "The Post"))
        merged.call("poll", "post")
        long_ago(merged)
        (told,) = (s for s in merged.call("explain", pair[1]["id"]).out.splitlines() if "inside" in s)
        assert (told[:15], told.partition(" in section ")[2]) == ("  stood inside ", "news, until that left its feeds")

    def test_without_a_story_nothing_is_said(self, merged):
        called = merged.call("explain", "https://stand.example/3", "--json")
        assert called.json["entries"][0]["stands"] == []

    def test_nor_where_stories_are_groups(self, event):
        called = event.call("explain", "https://stand.example/2", "--json")
        assert called.json["entries"][0]["stands"] == []


FERRY = "Ships will cross the Strait of Tell again"


def shaped(desk, line, old="[sections.news]"):
    """The same under a section of another shape, published."""
    text = desk.config_file.read_text()
    desk.config_file.write_text(text.replace(old, line if "=" in old else f"{old}\n{line}"))
    desk.call("regenerate")
    return desk
