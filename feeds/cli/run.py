"""Commands that do the job: poll, daemon."""

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from feeds.cli.common import (
    check_names,
    config_option,
    count,
    json_option,
    load_config,
    print_json,
    progress,
    say,
    set_up_logging,
    when,
)
from feeds.cli.report import exit_code, no_network, tell_polls, tell_published
from feeds.errors import LockedError

if TYPE_CHECKING:
    from feeds.app import App
    from feeds.config import Config
    from feeds.model import Poll
    from feeds.pipeline.publish import Published

MOST_ROUNDS = 5  # of publishing, while others bring more


@click.command(short_help="Poll once what is due, publish what changed; for cron.")
@click.argument("names", nargs=-1, metavar="[SOURCE]...")
@click.option("--strict", is_flag=True, help="Exit with 1 when any source failed, not only when all did.")
@config_option
@json_option
def poll(names: tuple[str, ...], strict: bool, config_file: Path | None, as_json: bool) -> None:
    """Poll once what is due, or the sources named, then publish what changed. For cron.

    A named source is asked even when it is not due, unless its server asked us to wait. Beside a running daemon
    it polls and leaves publishing to the daemon.
    """
    from feeds.app import opened

    config = load_config(config_file)
    check_pollable(config, names)
    set_up_logging(config.secrets.mask)
    with opened(config) as app:
        app.check_output()
        app.register()
        polls = run_polls(app, names)
        published = run_publish(app)
        if as_json:
            left = None if published else "another copydesk"
            print_json({"polls": polls, "published": published, "publishing_left_to": left})
        else:
            tell_polls(polls, names)
            if not polls and not names:
                _tell_idle(app)
            if not no_network(polls):
                tell_published(published, config.output)
        app.keep_up()
    raise click.exceptions.Exit(exit_code(polls, published, strict=strict))


@click.command(short_help="The same for ever, each source at its own pace.")
@config_option
@click.option("-v", "--verbose", is_flag=True, help="Log every detail.")
def daemon(config_file: Path | None, verbose: bool) -> None:
    """Poll and publish for ever, each source at its own pace. Ends in good order on SIGTERM or Ctrl-C.

    A changed configuration is taken without a restart; a wrong one is told of and the old one stays in force.
    While another copydesk publishes to the same output it polls, and publishes when that has ended.
    """
    import os

    from feeds.app import opened
    from feeds.daemon import Daemon

    config = load_config(config_file)
    level = logging.DEBUG if verbose else logging.INFO
    set_up_logging(config.secrets.mask, level=level)
    with opened(config) as app:
        # A configuration taken later may bring secrets of its own; those of the first may still be on their way.
        set_up_logging(lambda text: config.secrets.mask(app.config.secrets.mask(text)), level=level)
        app.check_output()
        app.register()
        logging.getLogger(__name__).info("%d sources, publishing to %s", len(config.sources), config.output)
        Daemon(app, dict(os.environ)).run()


def check_pollable(config: "Config", names: Sequence[str]) -> None:
    """Ends with a usage error when a named source is not there, or is disabled."""
    check_names(names, [s.name for s in config.sources], "source")
    for one in config.sources:
        if one.name in names and one.disabled:
            raise click.UsageError(f"{one.name} is disabled in {config.path}; remove `disabled` there to poll it")


def run_polls(app: "App", names: Sequence[str] = ()) -> "list[Poll]":
    """Polls, with progress on a terminal."""
    from msgspec.structs import replace

    from feeds.app import clock

    mask = app.config.secrets.mask
    with app.store.reading() as shelf:
        total = len(names) or shelf.due(clock())
    polls = []
    with progress(total, "polling") as step:
        for one in app.poll(names):
            step(one.source)
            polls.append(replace(one, error=mask(one.error)) if one.error else one)
    return polls


def run_publish(app: "App") -> "Published | None":
    """What was published; None when another process does it.

    Looks once more after the lock is given back: who found it held has left the publishing to us.
    """
    from feeds.pipeline.publish import Published

    published = Published()
    for _ in range(MOST_ROUNDS):
        try:
            with app.publishing(), progress(0, "publishing") as step:
                published = published.then(app.publish(progress=step))
        except LockedError:
            return published if published.written else None
        if published.failed or not app.stale():
            break
    return published


def _tell_idle(app: "App") -> None:
    """Why there was nothing to poll."""
    from feeds.app import clock
    from feeds.schedule import NEVER

    with app.store.reading() as shelf:
        due, waiting = shelf.next_due(), shelf.due(clock())
    if due is None:
        say("No source is polled: none is configured, or all are disabled.")
    elif waiting:
        say(
            f"{count(waiting, 'source')} due, but not asked now: another copydesk is asking there, or was killed less "
            "than ten minutes ago where this one cannot see it, or the server asked us to wait."
        )
    elif due == NEVER:
        say("No source is polled: all are gone for good (410); remove them, or set their new URLs.")
    else:
        say(f"No source is due; the next one is at {when(due)} UTC. Name one to poll it now.")
