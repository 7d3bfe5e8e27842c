"""Why an entry is, or is not, where it is."""

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from feeds.cli.common import config_option, json_option, load_config, print_json, say, when

if TYPE_CHECKING:
    from collections.abc import Iterator

    from feeds.config import Config
    from feeds.store.shelf import Shelf, Shown

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)


@click.command(short_help="Why an entry is, or is not, where it is.")
@click.argument("what", metavar="URL|ID")
@config_option
@json_option
def explain(what: str, config_file: Path | None, as_json: bool) -> None:
    """Say which items became an entry, by which rule, and why it is in its sections or not.

    The entry is named by its id, by the address of its published page, or by the URL of any article in it.
    """
    from feeds.app import opened

    config = load_config(config_file)
    with opened(config, create=False) as app, app.store.reading() as shelf:
        found = [_explained(shown, config) | {"story": _story(shelf, number)} for number, shown in _find(shelf, what)]
    if as_json:
        print_json({"entries": found})
    for one in found if not as_json else ():
        _tell(one)
    if not found:
        raise click.UsageError(
            f"{what}: no article with that id or URL is in the store; `copydesk status` shows what is polled"
        )


def _find(shelf: "Shelf", what: str) -> "list[tuple[int, Shown]]":
    from feeds.dedupe.keys import key
    from feeds.normalise.links import canonical

    uid = UUID.search(what)
    number = shelf.entry_of(f"urn:uuid:{uid.group().lower()}") if uid else None
    if number is not None:
        return list(shelf.entries([number]))
    url = canonical(what)
    return list(shelf.entries(shelf.entries_at([key("canonical", url)]))) if url else []


def _story(shelf: "Shelf", number: int) -> dict[str, Any]:
    """The entries of its story, and why it is, or is not, with others."""
    from feeds.store.stories import named, story_of

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
        "agency": shown.lead.agency,
        "dateline": shown.lead.dateline,
        "dates_from": {"published": shown.lead.published_from, "updated": shown.lead.updated_from},
        "members": [
            {
                "article": m.article,
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
        lead = ", leads" if member["source"] == one["lead"] else ""
        say(f"    {member['source']}{lead}: {member['title']}")
        say(f"      {member['url'] or 'no URL'}")
        say(f"      {_why(member, sources)}")
        for line in _words(member):
            say(f"        {line}")
    _tell_story(one)
    say("  sections:")
    for where in one["sections"]:
        say(f"    {'in ' if where['in'] else 'not in '}{where['section']}: {_place(where)}")


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
    other = sources.get(member["counterpart"], member["counterpart"])
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
