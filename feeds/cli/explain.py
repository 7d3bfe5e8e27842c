"""Why an entry is, or is not, where it is."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from feeds.cli.common import config_option, count, json_option, load_config, print_json, say, when
from feeds.cli.compare import decision_told, explain_two
from feeds.cli.naming import articles_named, nothing_named

if TYPE_CHECKING:
    from collections.abc import Iterator

    from feeds.config import Config
    from feeds.store.shelf import Shelf, Shown


LATE = "late: "


@click.command(short_help="Why an entry is where it is, or why two are not one.")
@click.argument("what", metavar="URL|ID")
@click.argument("other", metavar="[URL|ID]", required=False)
@config_option
@json_option
def explain(what: str, other: str | None, config_file: Path | None, as_json: bool) -> None:
    """Say which items became an entry, by which rule, and why it is in its sections or not.

    The entry is named by its id, by the address of its published page, by the URL of any article in it, or by the
    number of one, as it is printed here. With two names: why they are, or are not, the same: the keys compared, what
    both print, the words that differ, the guards, and how near they are as reports of one event.
    """
    from feeds.app import opened

    if other is not None:
        explain_two(what, other, config_file, as_json=as_json)
        return
    config = load_config(config_file)
    with opened(config, create=False) as app, app.store.reading() as shelf:
        found = [
            _explained(shown, config) | _more(shelf, number, shown) | {"stands": _stands(shelf, number, shown, config)}
            for number, shown in _find(shelf, what)
        ]
    if as_json:
        print_json({"entries": found})
    for one in found if not as_json else ():
        _tell(one)
    if not found:
        raise nothing_named(what)


def _find(shelf: "Shelf", what: str) -> "list[tuple[int, Shown]]":
    from feeds.store.decisions import entries_with

    return list(shelf.entries(set(entries_with(shelf, articles_named(shelf, what)).values())))


def _more(shelf: "Shelf", number: int, shown: "Shown") -> dict[str, Any]:
    """Its story, what went into it, and what was decided of it."""
    from feeds.store.decisions import aliases_of, decisions_about

    aliases = aliases_of(shelf.connection, {number})
    uids = {n: uid for uid, n in shown.numbers.items()}
    return {
        "story": _story(shelf, number),
        "aliases": [uids[n] for n in sorted(aliases)],
        "decisions": decisions_about(shelf, {number, *aliases, *shown.numbers.values()}),
    }


def _story(shelf: "Shelf", number: int) -> dict[str, Any]:
    """The entries of its story, and why it is, or is not, with others."""
    from feeds.store.kin import named
    from feeds.store.stories import story_of

    numbers, why = story_of(shelf, number)
    known = named(shelf, {*numbers, why.nearest} if why else numbers)
    return {
        "entries": [
            {"id": known[n].id, "title": known[n].title, "source": known[n].source, "published": known[n].published}
            for n in numbers
            if n in known
        ],
        "joined": why is not None and why.score >= why.bound,
        "score": why.score if why else None,
        "bound": why.bound if why else None,
        "days": why.days if why else None,
        "terms": list(why.words) if why else [],
        "nearest": known[why.nearest].id if why and why.nearest in known else None,
        "nearest_title": known[why.nearest].title if why and why.nearest in known else None,
    }


def _stands(shelf: "Shelf", number: int, shown: "Shown", config: "Config") -> list[dict[str, Any]]:
    """Of each section that makes one entry of a story: which entry shows this one there, and which ones it shows."""
    from feeds.app import clock
    from feeds.pipeline.choosing import chosen
    from feeds.store.kin import named

    now = clock().replace(microsecond=0)  # as publishing takes it
    found = []
    for which in (s for s in config.sections if s.stories == "merge" and s.name in shown.sections):
        choice = chosen(shelf, which, now)
        head, others = choice.head(number), choice.inside.get(number, ())
        if head != number or others:
            names = {n: {"id": one.id, "title": one.title} for n, one in named(shelf, {head, *others}).items()}
            by = names[head] if head != number else None
            in_feed = head in choice.entries
            found.append({"section": which.name, "by": by, "shows": [names[n] for n in others], "in_feed": in_feed})
    return found


def _explained(shown: "Shown", config: "Config") -> dict[str, Any]:
    from feeds import sections

    listed = {n for s in config.sources if s.name in {c.source for c in shown.copies} for n in s.sections}
    copies = {c.id: c for c in shown.copies}
    routes = {s.name: sections.route(s, shown.lead, s.name in listed) for s in config.sections}
    return {
        "id": shown.entry.id,
        "title": shown.lead.title,
        "published": shown.entry.published,
        "updated": shown.entry.updated,
        "first_seen": shown.entry.first_seen,
        "state": shown.entry.state,
        "lead": shown.lead.source,
        "lead_article": shown.lead.id,
        "agency": shown.lead.agency,
        "dateline": shown.lead.dateline,
        "dates_from": {"published": shown.lead.published_from, "updated": shown.lead.updated_from},
        "members": [
            {
                "article": m.article,
                "number": shown.numbers[m.article],
                "source": m.source,
                "title": copies[m.article].title,
                "url": copies[m.article].url,
                "rule": m.rule,
                "counterpart": m.counterpart,
                "scores": m.scores,
                "joined": m.joined,
                "passages": m.passages,
                "swaps": m.swaps,
                "dropped": shown.dropped.get(m.article),
            }
            for m in shown.entry.members
        ],
        "sections": [
            {"section": name, "in": name in shown.sections, "belongs": belongs, "why": why}
            for name, (belongs, why) in routes.items()
        ],
    }


def _tell(one: dict[str, Any]) -> None:
    say(f"{one['title']}\n  {one['id']}, {one['state']}")
    say(
        f"  published {when(one['published'])} (from: {one['dates_from']['published']}), "
        f"updated {when(one['updated'])}, first seen {when(one['first_seen'])} (UTC)"
    )
    if one["agency"]:
        say(f"  agency: {one['agency'].credit} (found by: {one['agency'].how})")
    say("  made of:")
    sources = {m["article"]: m["source"] for m in one["members"]}
    for member in one["members"]:
        lead = ", leads" if member["article"] == one["lead_article"] else ""
        say(f"    #{member['number']} {member['source']}{lead}: {member['title']}")
        say(f"      {member['url'] or 'no URL'}")
        say(f"      {_why(member, sources)}")
        for line in _words(member):
            say(f"        {line}")
    if one["aliases"]:
        say(f"  went into it: {', '.join(one['aliases'])}")
    if one["decisions"]:
        say("  decided:")
    for decision in one["decisions"]:
        say(f"  {decision_told(decision)}")
    _tell_story(one)
    say("  sections:")
    for where in one["sections"]:
        say(f"    {'in ' if where['in'] else 'not in '}{where['section']}: {_place(where)}")
    for stands in one["stands"]:
        _tell_stand(stands)


def _tell_stand(stands: dict[str, Any]) -> None:
    """Who shows it in a section that makes one entry of a story; or whom it shows."""
    section, here = f"section {stands['section']}", stands["in_feed"]
    if stands["by"]:
        by = f"{stands['by']['id']} ({stands['by']['title']})"
        say(
            f"  shown inside {by} in {section}"
            if here
            else f"  stood inside {by} in {section}, until that left its feeds"
        )
        return
    others = f"{count(len(stands['shows']), 'other')} of its story in {section}"
    say(f"  shows {others}:" if here else f"  showed {others}, until it left its feeds:")
    for other in stands["shows"]:
        say(f"    {other['id']} ({other['title']})")


def _tell_story(one: dict[str, Any]) -> None:
    story = one["story"]
    others = [e for e in story["entries"] if e["id"] != one["id"]]
    measured = f"scores {story['score']}, needs {story['bound']}; by: {', '.join(story['terms'])}"
    if not others and story["score"] is None:
        say("  story: of its own; nothing comes near")
    elif not others or (story["nearest"] and not story["joined"]):
        say(f"  story: of its own; nearest: {story['nearest_title'] or 'a story that is gone'} ({measured})")
    elif story["joined"]:
        say(f"  story: joined {story['entries'][0]['title']} ({measured})")
    else:
        say("  story: the first of it")
    for entry in others:
        say(f"    {when(entry['published'])} {entry['source']}: {entry['title']}")


def _why(member: dict[str, Any], sources: dict[str, str]) -> str:
    if member["dropped"]:
        return str(member["dropped"])
    if member["rule"] == "first":
        return "the first of the entry"
    if member["rule"].startswith(LATE):
        return f"late, once it said so: {_why(member | {'rule': member['rule'].removeprefix(LATE)}, sources)}"
    other = sources.get(member["counterpart"], member["counterpart"])
    if member["rule"] == "by hand":
        return f"a person joined it with {other}"
    words = f" ({member['scores']['words']:.0f} words)" if "words" in member["scores"] else ""
    if member["rule"] == "same text":
        return f"the same words{words} as {other}"
    if member["rule"].startswith("wire copy"):
        ours, theirs = (f"{member['scores'].get(name, 0):.0%}" for name in ("of this", "of the other"))
        how = "nearly the text" if member["rule"].endswith("near") else "a part of the text"
        return f"wire copy, {how} of {other}: {ours} of this one{words} and {theirs} of the other stand in both"
    return f"the same page as {other}" if member["rule"] == "same url" else str(member["rule"])


def _words(member: dict[str, Any]) -> "Iterator[str]":
    """The words that a wire copy was told by."""
    for passage in member["passages"]:
        yield f"both: “{passage}”"
    for here, there in member["swaps"]:
        yield f"here “{here}”, there “{there}”"


def _place(where: dict[str, Any]) -> str:
    if where["in"] == where["belongs"]:
        return str(where["why"])
    if where["belongs"]:
        return f"{where['why']}, but it came with the first poll of its source, or was too old when it came"
    return f"it stands there since before the rules changed ({where['why']})"
