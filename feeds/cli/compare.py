"""Why two articles are, or are not, the same: `explain A B`."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from feeds.cli.common import print_json, say, when
from feeds.cli.naming import articles_named, nothing_named

if TYPE_CHECKING:
    from feeds.config import Config
    from feeds.dedupe.explain import Weighed
    from feeds.model import Article
    from feeds.store.shelf import Shelf, Shown

MOST = 5  # members of the other entry that an article is compared with
KEYS = {"guid": "guid", "url": "canonical URL", "title": "title", "text": "text"}


def explain_two(one: str, other: str, config_file: Path | None, *, as_json: bool) -> None:
    """Compares what both names mean, and prints it."""
    from feeds.app import opened
    from feeds.cli.common import load_config

    config = load_config(config_file)
    with opened(config, create=False) as app, app.store.reading() as shelf:
        told = _compared(shelf, config, _named(shelf, one), _named(shelf, other))
    if as_json:
        print_json(told)
    else:
        _tell(told)


def _named(shelf: "Shelf", what: str) -> int:
    """The one article that is meant."""
    found = articles_named(shelf, what)
    if not found:
        raise nothing_named(what)
    if len(found) > 1:
        numbers = ", ".join(f"#{n}" for n in found)
        raise click.UsageError(f"{what}: several articles are there; name one by its number: {numbers}")
    return found[0]


def _compared(shelf: "Shelf", config: "Config", one: int, other: int) -> dict[str, Any]:
    from feeds.store.decisions import decisions_about, entries_with

    if one == other:
        raise click.UsageError("both names mean the same article; name two")
    entries = entries_with(shelf, {one, other})
    shown = dict(shelf.entries(set(entries.values())))
    here, there = shown[entries[one]], shown[entries[other]]
    ours, first = _copy(here, one), _copy(there, other)
    same = here is there
    others = [first, *(c for c in there.copies if c.id != first.id)][:MOST] if not same else [first]
    return {
        "article": _brief(ours, here),
        "same_entry": same,
        "entry_has": len(there.copies),
        "compared_with": [_pair(shelf, config, (ours, here), (copy, there)) for copy in others],
        "joined": [m for m in here.entry.members if same and m.article in (ours.id, first.id) and m.counterpart],
        "decisions": [
            d
            for d in decisions_about(shelf, set(here.numbers.values()) | set(there.numbers.values()))
            if _is_about(d, here, there)
        ],
    }


def _is_about(decision: Any, here: "Shown", there: "Shown") -> bool:
    """Whether a decision was of articles of both, or of one with the other's entry."""
    sides = [{shown.entry.id, *(c.id for c in shown.copies)} for shown in (here, there)]
    named = {decision.entry, decision.other, *decision.left}
    return all(named & side for side in sides)


def _copy(shown: "Shown", number: int) -> "Article":
    return next(c for c in shown.copies if shown.numbers[c.id] == number)


def _pair(
    shelf: "Shelf", config: "Config", one: "tuple[Article, Shown]", other: "tuple[Article, Shown]"
) -> dict[str, Any]:
    found = _weighed(shelf, config, one, other)
    compared, shares = found.text.comparison, found.text.comparison.shares
    return {
        "article": _brief(*other),
        "rule": found.rule,
        "reasons": found.reasons,
        "keys": found.keys,
        "words": found.words,
        "anchors": found.anchors,
        "text": {
            "of_this": round(shares[0], 3),
            "of_the_other": round(shares[1], 3),
            "shared": compared.shared,
            "refused": compared.refused,
            "guards": found.text.guards,
            "passages": compared.passages,
            "swaps": compared.swaps,
        },
        "event": found.event,
    }


def _weighed(
    shelf: "Shelf", config: "Config", one: "tuple[Article, Shown]", other: "tuple[Article, Shown]"
) -> "Weighed":
    from feeds.dedupe.explain import weigh
    from feeds.dedupe.terms import terms_of
    from feeds.dedupe.wire import candidates
    from feeds.store.ledger import Ledger
    from feeds.store.stories import lexicons

    ledger = Ledger(shelf.connection)  # to read what the decider reads
    language = terms_of(one[0]).language
    return weigh(
        one[0],
        other[0],
        {s.name: s for s in config.sources},
        lexicons(ledger, {language})[language],
        lambda anchors: candidates(anchors, ledger.postings(set(anchors), 0)).common,
        {*one[1].dropped, *other[1].dropped},
    )


def _brief(copy: "Article", shown: "Shown") -> dict[str, Any]:
    return {
        "id": copy.id,
        "number": shown.numbers[copy.id],
        "entry": shown.entry.id,
        "source": copy.source,
        "title": copy.title,
        "url": copy.url,
        "first_seen": copy.first_seen,
    }


# ---------------------------------------------------------------- for people


def _tell(told: dict[str, Any]) -> None:
    _tell_article(told["article"])
    for pair in told["compared_with"]:
        _tell_article(pair["article"])
        _tell_pair(pair)
    for one in told["decisions"]:
        say(decision_told(one))
    say(_verdict(told))


def _tell_article(one: dict[str, Any]) -> None:
    say(f"#{one['number']} {one['source']}: {one['title'] or 'no title'}\n  {one['url'] or 'no URL'}")
    say(f"  of the entry {one['entry']}, came {when(one['first_seen'])}")


def _tell_pair(pair: dict[str, Any]) -> None:
    agree = {True: "the same", False: "other", None: "missing"}
    say("  keys: " + ", ".join(f"{KEYS[kind]} {agree[value]}" for kind, value in pair["keys"].items()))
    text, anchors, event = pair["text"], pair["anchors"], pair["event"]
    say(
        f"  text: {pair['words'][0]} and {pair['words'][1]} words, {text['shared']} of them in both: "
        f"{text['of_this']:.0%} of the first and {text['of_the_other']:.0%} of the second"
    )
    say(f"  anchors: {anchors['shared']} shared, {anchors['needed']} needed, {anchors['common']} common to many texts")
    if text["guards"]:
        say(f"  guards that say no: {', '.join(text['guards'])}")
    for passage in text["passages"]:
        say(f"    both: “{passage}”")
    for here, there in text["swaps"]:
        say(f"    first “{here}”, second “{there}”")
    terms = f"; both have: {', '.join(event.terms)}" if event.terms else ""
    say(f"  event: scores {event.score}, needs {event.bound}, {event.days} days apart{terms}")
    say(f"  so: {'the same, by the rule ' + pair['rule'] if pair['rule'] else 'not the same: ' + told_reasons(pair)}")


def told_reasons(pair: dict[str, Any]) -> str:
    """Why no rule makes them the same."""
    return "; ".join(pair["reasons"]) or "no rule hits"


def decision_told(one: Any) -> str:
    """A decision in a line: who, when, what, why."""
    who = one.person or "the rules"
    words = {
        "split": f"{who} split {one.other} from {one.entry}",
        "join": f"{who} joined {one.other} into {one.entry}",
        "late merge": f"{one.other} came to say what {one.entry} says, and went into it",
        "late split": f"{one.other} came to say something else than {one.entry}, and stands by itself",
    }
    return f"  {when(one.at)}: {words.get(one.kind, one.kind)}" + (f": {one.reason}" if one.reason else "")


def _verdict(told: dict[str, Any]) -> str:
    agreeing = sum(1 for pair in told["compared_with"] if pair["rule"])
    if told["same_entry"]:
        joined = "; ".join(f"{m.source} by the rule {m.rule}" for m in told["joined"])
        return f"They are members of one entry{': ' + joined if joined else ''}."
    compared = len(told["compared_with"])
    if told["decisions"] and told["decisions"][-1].kind == "split":
        return "They are two entries because they were split; `copydesk join` puts them together."
    if not agreeing:
        return "They are two entries: no rule makes them one."
    if 2 * agreeing < compared:
        return f"They are two entries: only {agreeing} of {compared} members of the other agree, half have to."
    return (
        "They are two entries, though the rules would join a new article: they were apart before they said the same, "
        "or the rules have changed; `copydesk join` puts them together."
    )
