"""Splitting and joining from the command line, and what wrong inputs are told."""

import json

import pytest

from tests.end_to_end.stand import item, ok, rss
from tests.newsroom import LONG, OTHER


@pytest.fixture
def wire(paper, stand):
    """A text that the Post and the Herald carry, and another one of the Herald's."""
    herald = stand({"/feed": ok(rss(item(7, "Harbour open", description=LONG) + item(8, "Bells", description=OTHER)))})
    paper.host.answers["/feed"] = ok(rss(item(1, "Ferry leaves", description=LONG), "The Post"))
    paper.configure({"post": {"url": f"{paper.host.base}/feed"}, "herald": {"url": f"{herald.base}/feed"}})
    for name in ("post", "herald"):
        paper.call("poll", name)
    paper.ferry, paper.bells = (
        next(e["id"] for e in paper.entries() if e["title"] == t) for t in ("Ferry leaves", "Bells")
    )
    return paper


def explained(desk, what):
    (one,) = desk.call("explain", what, "--json").json["entries"]
    return one


def page_of(entry_id):
    name = entry_id.removeprefix("urn:uuid:")
    return f"https://desk.example/article/{name:.2}/{name}.html"


def number(desk, source):
    return next(m["number"] for m in explained(desk, desk.ferry)["members"] if m["source"] == source)


@pytest.mark.parametrize("named", [lambda d: d.ferry, lambda d: page_of(d.ferry), lambda d: "https://stand.example/1"])
@pytest.mark.parametrize(
    "member",
    [
        lambda d: "herald",
        lambda d: "https://stand.example/7",
        lambda d: "https://stand.example/7?utm_medium=feed",
        lambda d: f"#{number(d, 'herald')}",
        lambda d: str(number(d, "herald")),
    ],
    ids=["source", "url", "tracked", "number", "bare number"],
)
def test_split_takes_it_out_however_it_is_named_and_publishes(wire, named, member):
    called = wire.call("split", named(wire), member(wire))
    assert (called.code, wire.titles()) == (0, {"Ferry leaves", "Harbour open", "Bells"})


def test_split_tells_what_it_did(wire):
    called = wire.call("split", wire.ferry, "herald")
    assert called.out.startswith("Split: Harbour open (herald; urn:uuid:")
    assert f"from  Ferry leaves (post; {wire.ferry})" in called.out


def test_split_as_json(wire):
    told = wire.call("split", wire.ferry, "herald", "--by", "Ada", "--reason", "two ferries", "--json").json
    decision = told["decision"]
    assert (decision["kind"], decision["person"], decision["reason"]) == ("split", "Ada", "two ferries")
    assert [(e["title"], e["state"], len(e["articles"])) for e in told["entries"]] == [
        ("Ferry leaves", "live", 1),
        ("Harbour open", "live", 1),
    ]


def test_whoever_is_logged_in_is_asked_for_nothing(wire, monkeypatch):
    monkeypatch.setenv("LOGNAME", "grace")
    assert wire.call("split", wire.ferry, "herald", "--json").json["decision"]["person"] == "grace"


def test_join_puts_two_together(wire):
    called = wire.call("join", wire.bells, wire.ferry)
    assert (called.code, wire.titles()) == (0, {"Ferry leaves"})
    assert called.out.startswith(f"Joined: Bells ({wire.bells})\n  into  Ferry leaves (herald, post; {wire.ferry})")


def test_split_undoes_a_join_under_the_old_id(wire):
    wire.call("join", wire.bells, wire.ferry)
    wire.call("split", wire.ferry, wire.bells)
    assert {(e["id"], e["title"]) for e in wire.entries()} == {(wire.ferry, "Ferry leaves"), (wire.bells, "Bells")}


def test_an_alias_names_its_entry(wire):
    wire.call("join", wire.bells, wire.ferry)
    one = explained(wire, page_of(wire.bells))
    assert (one["id"], one["aliases"], [d["kind"] for d in one["decisions"]]) == (wire.ferry, [wire.bells], ["join"])


def test_explain_shows_who_decided_and_why(wire):
    wire.call("split", wire.ferry, "herald", "--by", "Ada", "--reason", "two ferries")
    assert "Ada split " in (out := wire.call("explain", wire.ferry).out) and ": two ferries" in out


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("split", "https://stand.example/99", "herald"), "https://stand.example/99: no article with that id or URL"),
        (("split", "{ferry}", "gazette"), "gazette: not a member of {ferry}; its members are: #"),
        (("split", "{ferry}", "https://stand.example/8"), "https://stand.example/8: not a member of {ferry}"),
        (("split", "{bells}", "herald"), "it is the only article of its entry; there is nothing to split"),
        (("join", "{bells}", "https://stand.example/8"), "they are one entry already; name two entries"),
        (("join", "{bells}", "urn:uuid:00000000-0000-5000-8000-000000000000"), "urn:uuid:00000000-0000-5000-8000-0"),
    ],
    ids=["no entry", "no member", "another's member", "the last", "one twice", "no other"],
)
def test_wrong_inputs(wire, arguments, sentence):
    filled = [a.format(ferry=wire.ferry, bells=wire.bells) for a in arguments]
    called = wire.call(*filled)
    assert (called.code, called.out) == (2, "")
    assert called.err.startswith(f"copydesk: {sentence.format(ferry=wire.ferry, bells=wire.bells)}")


def test_a_source_with_several_articles_there_is_asked_which(wire):
    wire.call("join", wire.bells, wire.ferry)
    called = wire.call("split", wire.ferry, "herald")
    assert called.code == 2
    assert "herald: several members are called so; name one by its number: #" in called.err


class TestTwo:
    def test_members_of_one_entry(self, wire):
        told = wire.call("explain", "https://stand.example/1", "https://stand.example/7", "--json").json
        (pair,) = told["compared_with"]
        assert (told["same_entry"], pair["rule"], pair["keys"]["text"], pair["keys"]["title"]) == (
            True,
            "same text",
            True,
            False,
        )

    def test_two_entries_that_are_not_the_same(self, wire):
        called = wire.call("explain", wire.ferry, wire.bells)
        assert called.code == 0
        assert "so: not the same: the texts share 0 anchors, 2 are needed" in called.out
        assert called.out.endswith("They are two entries: no rule makes them one.\n")

    def test_two_that_a_person_split(self, wire):
        wire.call("split", wire.ferry, "herald", "--by", "Ada")
        called = wire.call("explain", "https://stand.example/1", "https://stand.example/7")
        assert called.out.endswith(
            "They are two entries because they were split; `copydesk join` puts them together.\n"
        )

    def test_scores_and_words_of_two_that_nearly_agree(self, wire):
        changed = LONG.replace("two cows", "nine goats").replace("eleven", "twelve")
        wire.host.answers["/feed"] = ok(rss(item(5, "Ferry again", description=changed)))
        wire.call("poll", "post")
        told = wire.call("explain", "https://stand.example/5", "https://stand.example/7", "--json").json
        text = told["compared_with"][0]["text"]
        assert (text["of_this"] > 0.5, ["nine goats", "two cows"] in text["swaps"]) == (True, True)

    @pytest.mark.parametrize("other", ["https://stand.example/1", "https://stand.example/99"])
    def test_wrong_inputs(self, wire, other):
        assert wire.call("explain", "https://stand.example/1", other).code == 2

    def test_json_is_one_document(self, wire):
        assert json.loads(wire.call("explain", wire.ferry, wire.bells, "--json").out)["same_entry"] is False
