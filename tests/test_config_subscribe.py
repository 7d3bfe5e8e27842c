"""What a list of feeds comes to beside a configuration."""

import os
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.config import load
from feeds.config.edit import appended, tables
from feeds.config.subscribe import Checked, Verdict, addresses, page, plan, secrets, twin
from feeds.model import Site
from feeds.parse import opml as reading
from feeds.publish import opml as writing
from tests.values import replace

NOW = datetime(2026, 1, 8, 12, 0, tzinfo=UTC)
HEAD = '[site]\ntitle = "Desk"\nbase_url = "https://desk.example/"\n'
A, B, C = (f"https://{name}.example/rss" for name in "abc")


def configured(text=""):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "copydesk.toml"
        path.write_text(HEAD + text, "utf-8")
        return load(path, os.environ)


def listed(outlines):
    return reading.read(f"<opml><body>{outlines}</body></opml>".encode())


def feed(url, title="Post", more=""):
    return f'<outline text="{title}" xmlUrl="{url}" {more}/>'


def under(category, *outlines):
    return f'<outline text="{category}">{"".join(outlines)}</outline>'


def planned(outlines, text="", checked=None):
    return plan(listed(outlines), configured(text), NOW, checked)


def verdicts(found):
    return [(str(line.verdict), line.name) for line in found.lines]


def shelves(found):
    return {section.name: section.title for section in found.sections}


# ---------------------------------------------------------------- sources


def test_a_new_feed_is_a_source():
    found = planned(feed(A, "The Post", 'htmlUrl="https://a.example/" language="tr"'))
    (one,) = found.sources
    assert (one.name, one.url, one.title, one.home, one.language, one.sections) == (
        "the-post",
        A,
        "The Post",
        "https://a.example/",
        "tr",
        (),
    )


@pytest.mark.parametrize(
    ("title", "name"), [("Порт", "port"), ("新闻", "xinwen"), ("", "a-example"), ("???", "a-example"), ("all", "all")]
)
def test_names_of_titles(title, name):
    assert [one.name for one in planned(feed(A, title)).sources] == [name]


def test_collisions_are_numbered_also_with_former_names():
    text = f'[sources.post]\nurl = "{C}"\nformerly = ["post-2"]\n'
    assert [one.name for one in planned(feed(A) + feed(B), text).sources] == ["post-3", "post-4"]


@pytest.mark.parametrize(
    "said",
    [A, A.replace("https", "http"), f"{A}/", A.replace("a.e", "A.E"), "feed://a.example/rss", f"{A}#x", f" {A} "],
)
def test_what_is_configured_is_already_there(said):
    found = planned(feed(said), f'[sources.mine]\nurl = "{A}"\n')
    assert (verdicts(found), found.sources) == ([("already there", "mine")], ())


@pytest.mark.parametrize("said", [f"{A}?x=1", f"{A}2", "https://www.a.example/rss", "https://a.example:8080/rss"])
def test_what_may_be_another_feed_is_added(said):
    assert verdicts(planned(feed(said), f'[sources.mine]\nurl = "{A}"\n')) == [("added", "post")]


def test_twins_in_one_list_are_one_source_of_all_their_sections():
    found = planned(under("World", feed(A)) + under("Sport", feed("http://a.example/rss/")))
    assert (verdicts(found), [one.sections for one in found.sources], found.lines[0].sections) == (
        [("added", "post"), ("already there", "post")],
        [("world", "sport")],
        ("world", "sport"),
    )


@pytest.mark.parametrize(
    "said",
    [
        "javascript:alert(1)",
        "file:///srv/x",
        "x",
        "https://",
        "http://127.0.0.1/x",
        "http://[::1]/x",
        "http://2130706433/x",
        "http://0x7f.1/x",
        "http://169.254.169.254/latest/meta-data/",
        "http://192.168.1.1:8080/x",
        "http://localhost/x",
        "http://nas.local/x",
        "http://intranet/x",
    ],
)
def test_what_is_refused(said):
    found = planned(feed(said))
    assert ([line.verdict for line in found.lines], bool(found.lines[0].reason), found.sources) == (
        [Verdict.REFUSED],
        True,
        (),
    )


def test_a_local_one_that_is_configured_is_already_there():
    found = planned(feed("http://127.0.0.1:81/x"), '[sources.mine]\nurl = "http://127.0.0.1:81/x"\n')
    assert verdicts(found) == [("already there", "mine")]


def test_an_address_of_a_list_names_no_variable_of_ours():
    (one,) = planned(feed("https://a.example/${HOME}")).sources
    assert one.url == "https://a.example/%24%7BHOME}"


@pytest.mark.parametrize("home", ["javascript:x", "http://10.0.0.1/", "https://user:word@a.example/", "x", None])
def test_what_is_no_home_page(home):
    assert page(home) is None


@pytest.mark.parametrize("language", ["unknown", "en_US", "x" * 50])
def test_what_is_no_language(language):
    assert planned(feed(A, more=f'language="{language}"')).sources[0].language is None


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("https://user:word@a.example/", ("word",)),
        ("https://t0ken@a.example/", ("t0ken",)),
        ("https://a.example/?access_token=abc&x=1", ("abc",)),
        ("https://a.example/?key=abc", ()),
        ("https://a.example/?api_key=abc&sig=d", ("abc", "d")),
        (A, ()),
    ],
)
def test_secrets_in_an_address(url, found):
    assert secrets(url) == found


# ---------------------------------------------------------------- sections


def test_categories_are_sections():
    found = planned(under("World", under("Europe", feed(A)), feed(B)))
    assert (shelves(found), [one.sections for one in found.sources]) == (
        {"world": "World", "europe": "Europe"},
        [("world", "europe"), ("world",)],
    )


def test_the_same_word_in_two_places_is_two_sections():
    found = planned(under("Sport", under("Germany", feed(A))) + under("World", under("Germany", feed(B))))
    assert shelves(found) == {
        "sport": "Sport",
        "sport-germany": "Sport: Germany",
        "world": "World",
        "world-germany": "World: Germany",
    }


@pytest.mark.parametrize("category", ["World", "WORLD", "world", "Wörld"])
def test_a_section_that_is_configured_is_used(category):
    found = planned(under(category, feed(A)), '[sections.world]\ntitle = "World"\n')
    assert (found.sections, found.sources[0].sections) == ((), ("world",))


def test_a_section_is_known_by_its_title():
    found = planned(under("Ships &amp; trains", feed(A)), '[sections.transport]\ntitle = "Ships & Trains"\n')
    assert (found.sections, found.sources[0].sections) == ((), ("transport",))


def test_names_of_sections_that_collide_are_numbered():
    assert shelves(planned(under("C", feed(A)) + under("C++", feed(B)) + under("All", feed(C)))) == {
        "c": "C",
        "c-2": "C++",
        "all-2": "All",
    }


def test_a_category_of_which_nothing_is_left():
    assert shelves(planned(under("!!!", feed(A)))) == {"section": "!!!"}


# ---------------------------------------------------------------- checked


def test_a_dead_feed_is_disabled_with_the_reason():
    found = planned(feed(A), checked={A: Checked(verdict=Verdict.DEAD, reason="the server answered 404")})
    (one,) = found.sources
    assert (verdicts(found), one.disabled, one.note) == (
        [("dead", "post")],
        True,
        "Disabled when it was imported on 2026-01-08: the server answered 404.",
    )


@pytest.mark.parametrize("verdict", [Verdict.NOT_A_FEED, Verdict.REFUSED])
def test_what_is_no_feed_is_not_written(verdict):
    found = planned(under("World", feed(A)), checked={A: Checked(verdict=verdict, reason="an HTML page")})
    assert (verdicts(found), found.sources, found.sections) == ([(str(verdict), None)], (), ())


def test_a_redirect_to_what_is_configured_is_already_there():
    found = planned(feed(A), f'[sources.mine]\nurl = "{B}"\n', {A: Checked(places=(A, B))})
    assert verdicts(found) == [("already there", "mine")]


def test_a_redirect_to_another_of_the_list_is_the_same_source():
    found = planned(under("World", feed(A)) + under("Sport", feed(B)), checked={A: Checked(places=(A, B))})
    assert (verdicts(found), found.sources[0].sections) == (
        [("added", "post"), ("already there", "post")],
        ("world", "sport"),
    )


def test_the_title_of_a_feed_where_the_list_has_none():
    assert [one.name for one in planned(feed(A, ""), checked={A: Checked(title="The Gazette")}).sources] == [
        "the-gazette"
    ]


def test_what_is_worth_asking():
    outlines = feed(A) + feed("http://a.example/rss/") + feed(B) + feed("http://10.0.0.1/") + feed("javascript:x")
    assert addresses(listed(outlines), configured(f'[sources.mine]\nurl = "{B}"\n')) == {A: "auto"}


# ---------------------------------------------------------------- twice, and there and back

words = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=8)
titles = st.lists(words, min_size=1, max_size=3).map(" ".join)
names = st.from_regex(r"[a-z0-9][a-z0-9-]{0,12}", fullmatch=True).filter(
    lambda name: name not in ("all", "archive", "article", "theme")
)


@st.composite
def configurations(draw):
    """The text of sections and sources, as somebody may have written them."""
    shelves_ = draw(st.dictionaries(names, titles, max_size=4))
    feeds = draw(st.lists(names, max_size=6, unique=True))
    text = [f"[sections.{name}]\ntitle = {_toml(title)}" for name, title in shelves_.items()]
    for number, name in enumerate(feeds):
        mine = draw(st.lists(st.sampled_from(sorted(shelves_)), unique=True)) if shelves_ else []
        title = draw(st.none() | titles)
        text += [f'[sources.{name}]\nurl = "https://host-{number}.example/Ünï?q={number}&x"\nsections = {mine!r}']
        text += [f"title = {_toml(title)}"] if title else []
        text += ['home = "https://home.example/"'] if draw(st.booleans()) else []
        text += ['language = "pt-BR"'] if draw(st.booleans()) else []
        text += ["disabled = true"] if draw(st.booleans()) else []
    return "\n".join(text) + "\n"


def _toml(text):
    import tomlkit

    return tomlkit.string(text).as_string()


def comparable(config):
    sources = {one.name: replace(one, sections=tuple(sorted(one.sections))) for one in config.sources}
    return sources, {one.name: one.title for one in config.sections}


@given(configurations())
def test_what_is_exported_comes_back(text):
    config = configured(text)
    data = writing.export(config.site, config.sections, config.sources)
    back = plan(reading.read(data), configured(), NOW)
    assert comparable(configured(tables(back.sections, back.sources))) == comparable(config)


outlines = st.recursive(
    st.builds(
        feed, st.sampled_from([A, B, C, "http://a.example/rss/", "x:y"]), st.sampled_from(["Post", "C++", "", "新"])
    ),
    lambda inner: st.builds(
        lambda title, inside: under(title, *inside),
        st.sampled_from(["World", "C", "C++", "all", "!", ""]),
        st.lists(inner, max_size=3),
    ),
    max_leaves=8,
)


@given(
    st.lists(outlines, max_size=4),
    st.sampled_from(["", '[sections.c]\ntitle = "Cities"\n', f'[sources.m]\nurl = "{B}"\n']),
)
def test_twice_adds_nothing(parts, text):
    once = planned("".join(parts), text)
    written = appended(text.encode(), tables(once.sections, once.sources)).decode()
    again = planned("".join(parts), written)
    assert ((again.sections, again.sources), [line.name for line in again.lines]) == (
        ((), ()),
        [line.name for line in once.lines],
    )


@given(st.text("a/?&=%é", max_size=60))
def test_whatever_the_path_http_and_https_are_twins(path):
    assert twin(f"http://a.example/{path}") == twin(f"https://A.example:443/{path}")


def test_ten_thousand_feeds_of_one_title_under_as_many_categories():
    found = planned("".join(under(f"c{n}", feed(f"https://a.example/{n}")) for n in range(10_000)))
    assert (len(found.sources), found.sources[-1].name, len(found.sections)) == (10_000, "post-10000", 10_000)


def test_the_site_of_an_export_is_told():
    data = writing.export(Site(title="Desk", base_url="https://desk.example/"), (), ())
    assert b"<title>Sources of Desk</title>" in data
