"""Editors' decisions about what is the same: split, join."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from feeds.cli.common import config_option, count, json_option, load_config, print_json, say, set_up_logging
from feeds.cli.naming import entry_named, member_named

if TYPE_CHECKING:
    from collections.abc import Callable

    from feeds.app import App
    from feeds.pipeline.editing import Edited, Order
    from feeds.pipeline.publish import Published
    from feeds.store.shelf import Shown


def decided(command: "Callable[..., Any]") -> "Callable[..., Any]":
    """Adds who decides, and why."""
    for option in (
        click.option("--by", "person", metavar="NAME", help="Who decides; else the name you are logged in by."),
        click.option("--reason", default="", metavar="TEXT", help="Why: kept, and shown by `copydesk explain`."),
    ):
        command = option(command)
    return command


@click.command(short_help="Take a copy out of its entry, for good.")
@click.argument("entry", metavar="ID")
@click.argument("member", metavar="MEMBER")
@decided
@config_option
@json_option
def split(entry: str, member: str, person: str | None, reason: str, config_file: Path | None, as_json: bool) -> None:
    """Take a copy out of its entry, into one of its own, for good: no rule joins the two again.

    ID is the entry's id, the address of its published page, or the URL of any article in it. MEMBER is an
    article's URL, guid or number (`copydesk explain ID` prints it), or the name of a source that has one article
    there. What once was an entry comes back under its old id, with the copies it brought. An entry bears the id of
    its first article: split that one, and the others leave.

    Works beside a running daemon, which then publishes it. `copydesk join` undoes it.
    """
    from feeds.app import clock, rulebook
    from feeds.pipeline import editing

    def edit(app: "App", order: "Order") -> "Edited":
        with app.store.reading() as shelf:
            _, shown = entry_named(shelf, entry)
            number = member_named(shown, member)
        with app.store.deciding() as ledger:
            return editing.split(ledger, rulebook(app.config), number, order, clock())

    _run(edit, person, reason, config_file, as_json=as_json)


@click.command(short_help="Make one entry of two.")
@click.argument("one", metavar="A")
@click.argument("other", metavar="B")
@decided
@config_option
@json_option
def join(one: str, other: str, person: str | None, reason: str, config_file: Path | None, as_json: bool) -> None:
    """Make one entry of two that tell the same; the older one lives.

    A and B are ids, addresses of published pages, or URLs of articles. The younger entry leaves the feeds; its page
    stays at its address and names the other, its id stays an alias. Of two entries of which only one stands in a
    section, that one lives.

    Works beside a running daemon, which then publishes it. `copydesk split A B` undoes it.
    """
    from feeds.app import clock, rulebook
    from feeds.pipeline import editing

    def edit(app: "App", order: "Order") -> "Edited":
        with app.store.reading() as shelf:
            numbers = entry_named(shelf, one)[0], entry_named(shelf, other)[0]
        with app.store.deciding() as ledger:
            return editing.join(ledger, rulebook(app.config), *numbers, order, clock())

    _run(edit, person, reason, config_file, as_json=as_json)


def _run(
    edit: "Callable[[App, Order], Edited]", person: str | None, reason: str, config_file: Path | None, *, as_json: bool
) -> None:
    """Does it, publishes it unless another process does, and tells of it."""
    from feeds.app import opened
    from feeds.cli.report import exit_code
    from feeds.cli.run import run_publish
    from feeds.pipeline.editing import Order

    config = load_config(config_file)
    set_up_logging(config.secrets.mask)
    with opened(config, create=False) as app:
        app.register()
        done = edit(app, Order(person=person or _login(), reason=reason))
        published = run_publish(app)
        with app.store.reading() as shelf:
            entries = dict(shelf.entries({done.stays, done.other}))
        _tell(done, entries, published, config.output, as_json=as_json)
    raise click.exceptions.Exit(exit_code([], published))


def _login() -> str:
    from getpass import getuser

    try:
        return getuser()
    except (KeyError, OSError):  # an account without a name, as in a container
        return "unknown"


def _tell(
    done: "Edited", entries: "dict[int, Shown]", published: "Published | None", output: Path, *, as_json: bool
) -> None:
    from feeds.cli.report import tell_published

    stays, other = entries[done.stays], entries[done.other]
    if as_json:
        left = None if published else "another copydesk"
        told = [_brief(stays), _brief(other)]
        print_json({"decision": done.decision, "entries": told, "published": published, "publishing_left_to": left})
        return
    if done.decision.kind == "join":
        say(f"Joined: {other.lead.title} ({other.entry.id})\n  into  {_entry(stays)}")
        say(f"  {count(len(stays.copies), 'copy', 'copies')} in all; `copydesk split` undoes it.")
    else:
        say(f"Split: {_entry(other)}\n  from  {_entry(stays)}")
        say("  They stay apart; `copydesk join` undoes it.")
    tell_published(published, output)


def _entry(shown: "Shown") -> str:
    carriers = sorted({c.source for c in shown.copies})
    return f"{shown.lead.title} ({', '.join(carriers)}; {shown.entry.id})"


def _brief(shown: "Shown") -> dict[str, Any]:
    return {
        "id": shown.entry.id,
        "title": shown.lead.title,
        "state": shown.entry.state,
        "published": shown.entry.published,
        "updated": shown.entry.updated,
        "articles": [c.id for c in shown.copies],
        "sections": shown.sections,
    }
