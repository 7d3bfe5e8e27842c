"""How the sources are: `status`, `status SOURCE`."""

from collections import Counter
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from feeds.cli.common import check_names, config_option, count, json_option, load_config, print_json, say, table, when
from feeds.cli.report import left_behind, told

if TYPE_CHECKING:
    from feeds.config import Config
    from feeds.model import Poll, Source
    from feeds.store.shelf import Shelf, SourceRecord

LOOKED_AT = 2000  # of a source's newest articles, for its categories
POLLS_COUNTED, POLLS_SHOWN = 200, 5


@click.command(short_help="How the sources are.")
@click.argument("names", nargs=-1, metavar="[SOURCE]...")
@config_option
@json_option
def status(names: tuple[str, ...], config_file: Path | None, as_json: bool) -> None:
    """Show how every source is, or these in detail: last polls, what they send, what was dropped.

    For a named source: the categories it sends, with counts, and how many of its articles are in no section.
    """
    from feeds.app import opened

    config = load_config(config_file)
    with opened(config, create=False) as app, app.store.reading() as shelf:
        sources = _sources(shelf, config)
        check_names(names, sources, "source")
        if names:
            chosen = [sources[n] | _details(shelf, n, config) for n in sorted(set(names))]
            found: dict[str, Any] = {"sources": chosen}
        else:
            found = {"sources": list(sources.values()), "sections": shelf.section_counts(), "store": shelf.counts()}
            found["left_behind"] = app.left_behind()
    if as_json:
        print_json(found)
    elif names:
        for one in found["sources"]:
            _tell(one)
    else:
        _tell_all(found)
        for name in found["left_behind"]:
            say(left_behind(name, config.output))


# ---------------------------------------------------------------- what is the case


def _sources(shelf: "Shelf", config: "Config") -> dict[str, dict[str, Any]]:
    """By name, all that are configured or ever were."""
    polls, counts = shelf.last_polls(), shelf.article_counts()
    records = {r.state.name: r for r in shelf.sources()}
    configured = {s.name: s for s in config.sources}
    return {
        name: _source(
            name, configured.get(name), records.get(name), polls.get(name), counts.get(name, (0, 0, 0)), config
        )
        for name in sorted(records.keys() | configured.keys())
    }


def _source(
    name: str,
    configured: "Source | None",
    record: "SourceRecord | None",
    last: "Poll | None",
    counts: tuple[int, int, int],
    config: "Config",
) -> dict[str, Any]:
    state = record.state if record else None
    articles, unrouted, dropped = counts
    return {
        "name": name,
        "state": _state(configured, state.failures if state else 0, last),
        "active": bool(configured and not configured.disabled),
        "title": (configured.title if configured else None) or (state.title if state else None),
        "articles": articles,
        "unrouted": unrouted,
        "dropped": dropped,
        "last_poll": state.last_poll if state else None,
        "last_success": state.last_success if state else None,
        "next_poll": state.next_poll if state else None,
        "failures": state.failures if state else 0,
        "error": config.secrets.mask(state.last_error) if state and state.last_error else None,
        "outcome": last.outcome if last else None,
        "pages_waiting": len(state.wanted) if state else 0,
    }


def _state(configured: "Source | None", failures: int, last: "Poll | None") -> str:
    if configured is None:
        return "no longer configured"
    if configured.disabled:
        return "disabled"
    if last is None:
        return "not polled yet"
    if failures:
        return f"FAILED: {last.outcome}" + (f", {failures} times in a row" if failures > 1 else "")
    return f"{last.outcome}{f' ({last.path})' if last.path in ('repaired', 'lenient') else ''}"


def _details(shelf: "Shelf", name: str, config: "Config") -> dict[str, Any]:
    from msgspec.structs import replace

    mask = config.secrets.mask
    polls = shelf.polls(name, POLLS_COUNTED)
    categories: Counter[str] = Counter()
    for article in shelf.newest_articles(name, LOOKED_AT):
        categories.update({c.label or c.term for c in article.categories})
    return {
        "categories": dict(sorted(categories.items(), key=lambda c: (-c[1], c[0]))),
        "drop_rules": shelf.drop_counts(name),
        "read_as": dict(Counter(p.path for p in polls if p.path)),
        "polls": [replace(p, error=mask(p.error)) if p.error else p for p in polls[:POLLS_SHOWN]],
    }


# ---------------------------------------------------------------- in words


def _tell_all(found: dict[str, Any]) -> None:
    head = ("source", "articles", "unrouted", "last poll (UTC)", "next poll", "state")
    table([_row(one) for one in found["sources"]], head)
    _tell_errors(found["sources"])
    store, sections = found["store"], {n: c for n, c in found["sections"].items() if n != "all"}
    say(
        f"\n{count(store['articles'], 'article')} in {count(store['entries'], 'entry', 'entries')}, "
        f"{store['listed']} of them in sections: " + ", ".join(f"{name} {n}" for name, n in sections.items())
    )


def _row(one: dict[str, Any]) -> tuple[str, ...]:
    waiting = when(one["next_poll"]) if one["active"] else "-"
    return (one["name"], str(one["articles"]), str(one["unrouted"]), when(one["last_poll"]), waiting, one["state"])


def _tell_errors(sources: Collection[dict[str, Any]]) -> None:
    failing = [one for one in sources if one["active"] and one["error"]]
    if failing:
        say("")
    for one in failing:
        say(f"{one['name']}: {one['error']}")


def _tell(one: dict[str, Any]) -> None:
    say(f"{one['name']}: {one['title'] or 'without a title'}; {one['state']}")
    say(
        f"  last poll {when(one['last_poll'])}, last success {when(one['last_success'])}, "
        f"next poll {when(one['next_poll']) if one['active'] else '-'} (UTC)"
    )
    if one["error"]:
        what = f"failed {count(one['failures'], 'time')} in a row" if one["failures"] else "in part"
        say(f"  {what}: {one['error']}")
    say(f"  {count(one['articles'], 'article')}, {one['unrouted']} in no section, {one['dropped']} dropped")
    if one["pages_waiting"]:
        say(f"  full text: {count(one['pages_waiting'], 'page')} still to be asked for, ten in each poll")
    for rule, n in one["drop_rules"].items():
        say(f"    {n} {rule}")
    if one["read_as"]:
        say("  read: " + ", ".join(f"{path} {n}" for path, n in one["read_as"].items()))
    say("  categories: " + (", ".join(f"{c} ({n})" for c, n in one["categories"].items()) or "it sends none"))
    if one["polls"]:
        say("  last polls:")
    for poll in one["polls"]:
        say(f"    {when(poll.at)}  {told(poll)}")
    say("")
