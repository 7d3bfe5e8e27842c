"""How the sources are: `status`, `status SOURCE`."""

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from feeds.cli.common import check_names, config_option, json_option, load_config, print_json, table, when

if TYPE_CHECKING:
    from feeds.model import Poll
    from feeds.store.shelf import Shelf, SourceRecord

LOOKED_AT = 2000  # of a source's newest articles, for its categories
POLLS_SHOWN = 5


@click.command()
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
        records = shelf.sources()
        check_names(names, [r.state.name for r in records] + [s.name for s in config.sources], "source")
        mask = config.secrets.mask
        if names:
            _details(shelf, [r for r in records if r.state.name in names], as_json, mask)
        else:
            _overview(shelf, records, as_json, mask)


def _overview(shelf: "Shelf", records: "list[SourceRecord]", as_json: bool, mask: Any) -> None:
    polls, counts = shelf.last_polls(), shelf.article_counts()
    sections = shelf.section_counts()
    if as_json:
        sources = [_as_json(r, polls.get(r.state.name), counts.get(r.state.name), mask) for r in records]
        print_json({"sources": sources, "sections": sections, "store": shelf.counts()})
        return
    rows = [_row(r, polls.get(r.state.name), counts.get(r.state.name, (0, 0, 0))) for r in records]
    table(rows, ("source", "articles", "unrouted", "last poll", "next poll", "state"))
    for record in records:
        if record.active and record.state.last_error:
            click.echo(f"\n{record.state.name}: {mask(record.state.last_error)}")
    totals = shelf.counts()
    click.echo(
        f"\n{totals['articles']} articles in {totals['entries']} entries, {totals['listed']} of them in sections: "
        + ", ".join(f"{name} {n}" for name, n in sections.items() if name != "all")
    )


def _row(record: "SourceRecord", last: "Poll | None", counts: tuple[int, int, int]) -> tuple[str, ...]:
    state = record.state
    return (
        state.name,
        str(counts[0]),
        str(counts[1]),
        when(state.last_poll),
        when(state.next_poll) if record.active else "-",
        _state(record, last),
    )


def _state(record: "SourceRecord", last: "Poll | None") -> str:
    if not record.active:
        return "not polled: disabled, or no longer configured"
    if record.state.failures:
        return f"FAILED {record.state.failures} times: {last.outcome if last else 'see below'}"
    if last is None:
        return "not polled yet"
    path = f" ({last.path})" if last.path in ("repaired", "lenient") else ""
    return f"{last.outcome}{path}"


def _as_json(
    record: "SourceRecord", last: "Poll | None", counts: tuple[int, int, int] | None, mask: Any
) -> dict[str, Any]:
    state = record.state
    articles, unrouted, dropped = counts or (0, 0, 0)
    return {
        "name": state.name,
        "active": record.active,
        "title": state.title,
        "articles": articles,
        "unrouted": unrouted,
        "dropped": dropped,
        "last_poll": state.last_poll,
        "last_success": state.last_success,
        "next_poll": state.next_poll,
        "failures": state.failures,
        "error": mask(state.last_error) if state.last_error else None,
        "outcome": last.outcome if last else None,
        "path": last.path if last else None,
    }


def _details(shelf: "Shelf", records: "list[SourceRecord]", as_json: bool, mask: Any) -> None:
    counts = shelf.article_counts()
    found = [_detail(shelf, r, counts.get(r.state.name), mask) for r in records]
    if as_json:
        print_json({"sources": found})
        return
    for one in found:
        _tell(one)


def _detail(shelf: "Shelf", record: "SourceRecord", counts: tuple[int, int, int] | None, mask: Any) -> dict[str, Any]:
    polls = shelf.polls(record.state.name, 200)
    categories: Counter[str] = Counter()
    for article in shelf.newest_articles(record.state.name, LOOKED_AT):
        categories.update(c.label or c.term for c in article.categories)
    return _as_json(record, polls[0] if polls else None, counts, mask) | {
        "categories": dict(sorted(categories.items(), key=lambda c: (-c[1], c[0]))),
        "drop_rules": shelf.drop_counts(record.state.name),
        "read_as": dict(Counter(p.path for p in polls if p.path)),
        "polls": polls[:POLLS_SHOWN],
    }


def _tell(one: dict[str, Any]) -> None:
    click.echo(f"{one['name']}: {one['title'] or 'without a title'}" + ("" if one["active"] else " (not polled)"))
    click.echo(
        f"  last poll {when(one['last_poll'])}, last success {when(one['last_success'])}, "
        f"next poll {when(one['next_poll'])} (UTC)"
    )
    if one["error"]:
        click.echo(f"  failed {one['failures']} times in a row: {one['error']}")
    click.echo(f"  {one['articles']} articles, {one['unrouted']} in no section, {one['dropped']} dropped")
    for rule, n in one["drop_rules"].items():
        click.echo(f"    {n} {rule}")
    if one["read_as"]:
        click.echo("  read: " + ", ".join(f"{path} {n}" for path, n in one["read_as"].items()))
    click.echo("  categories: " + (", ".join(f"{c} ({n})" for c, n in one["categories"].items()) or "it sends none"))
    for poll in one["polls"]:
        skipped = f", {len(poll.skipped)} skipped ({poll.skipped[0].reason})" if poll.skipped else ""
        click.echo(
            f"  {when(poll.at)}  {poll.outcome}: {poll.items} items, {poll.new} new, {poll.changed} changed{skipped}"
        )
    click.echo()
