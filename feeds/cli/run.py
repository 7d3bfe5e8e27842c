"""Commands that do the job: demo, poll, daemon, regenerate."""

import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import click

from feeds.cli.common import EXIT_PARTIAL, check_names, config_option, json_option, load_config, print_json, progress
from feeds.errors import LockedError

if TYPE_CHECKING:
    from feeds.app import App
    from feeds.model import Poll
    from feeds.pipeline.publish import Published


@click.command()
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
    check_names(names, [s.name for s in config.sources], "source")
    with opened(config) as app:
        app.register()
        polls = run_polls(app, names)
        published, left = run_publish(app)
    if as_json:
        print_json({"polls": polls, "published": published, "publishing_left_to": left})
    else:
        tell_polls(polls, names)
        tell_published(published, left)
    sys.exit(exit_code(polls, published, strict))


@click.command()
@config_option
@click.option("-v", "--verbose", is_flag=True, help="Log every detail.")
def daemon(config_file: Path | None, verbose: bool) -> None:
    """Poll and publish for ever, each source at its own pace. Ends in good order on SIGTERM or Ctrl-C.

    A changed configuration is taken without a restart; a wrong one is told of and the old one stays in force.
    """
    import os

    from feeds.app import opened
    from feeds.cli.common import set_up_logging
    from feeds.daemon import Daemon

    set_up_logging(verbose)
    config = load_config(config_file)
    with opened(config) as app, app.publishing():
        app.register()
        app.output.tidy()
        click.echo(f"copydesk: {len(config.sources)} sources, publishing to {config.output}", err=True)
        Daemon(app, dict(os.environ)).run()


@click.command()
@click.argument("sections", nargs=-1, metavar="[SECTION]...")
@config_option
@json_option
def regenerate(sections: tuple[str, ...], config_file: Path | None, as_json: bool) -> None:
    """Write every file again from the store, without the network. Files whose bytes are the same are not touched."""
    from feeds.app import opened
    from feeds.pipeline.writing import ALL

    config = load_config(config_file)
    check_names(sections, [s.name for s in config.sections] + [ALL], "section")
    with opened(config, create=False) as app, app.publishing():
        app.output.tidy()
        app.register()
        with progress(0, "rendering") as step:
            published = app.publish(sections, regenerate=True, progress=step)
    if as_json:
        print_json({"published": published})
    else:
        tell_published(published, None)
    sys.exit(EXIT_PARTIAL if published.failed else 0)


@click.command()
@click.argument("folder", default="demo-site", metavar="[DIR]", type=click.Path(path_type=Path, file_okay=False))
@click.option("--serve/--no-serve", default=True, help="Serve the pages afterwards, until Ctrl-C (the default).")
@click.option("--port", default=8000, show_default=True, help="Where to serve; the next free one when it is busy.")
def demo(folder: Path, serve: bool, port: int) -> None:
    """Show the whole job without internet, in DIR (default demo-site/).

    A small newsroom on loopback is polled over HTTP, its articles are merged and published; a second round shows
    that unchanged sources cost nothing and unchanged files are not touched.
    """
    from feeds.cli.demo import run_demo

    run_demo(folder, serve=serve, port=port)


# ---------------------------------------------------------------- shared with the demo


def run_polls(app: "App", names: tuple[str, ...] = ()) -> "list[Poll]":
    """Polls, with progress on a terminal."""
    from feeds.app import clock

    with app.store.reading() as shelf:
        total = len(names) or shelf.due(clock())
    polls = []
    with progress(total, "polling") as step:
        for one in app.poll(names):
            step(one.source)
            polls.append(one)
    return polls


def run_publish(app: "App") -> "tuple[Published | None, str | None]":
    """What was published; else who was left to do it."""
    with ExitStack() as stack:
        try:
            stack.enter_context(app.publishing())
        except LockedError:
            return None, "the daemon"
        with progress(0, "publishing") as step:
            return app.publish(progress=step), None


def exit_code(polls: "list[Poll]", published: "Published | None", strict: bool) -> int:
    """0, or 1 when every source failed (`strict`: any), or a section was not published."""
    failed = [p for p in polls if p.outcome.failed]
    if published is not None and published.failed:
        return EXIT_PARTIAL
    return EXIT_PARTIAL if failed and (strict or len(failed) == len(polls)) else 0


def tell_polls(polls: "list[Poll]", names: tuple[str, ...] = ()) -> None:
    """What each source brought or why it failed, and the sum."""
    from feeds.model import Outcome
    from feeds.pipeline.poll import summary

    if polls and all(p.outcome is Outcome.UNREACHABLE for p in polls):
        click.echo(
            f"None of {len(polls)} sources could be reached: is there a network? "
            "`make demo` (or `copydesk demo`) shows the whole job without one."
        )
        return
    for one in sorted(polls, key=lambda p: (p.outcome.failed, p.source)):
        click.echo(f"  {one.source:24} {told(one)}")
    for name in sorted(set(names) - {p.source for p in polls}):
        click.echo(f"  {name:24} not asked: its server asked us to wait; see `copydesk status {name}`")
    total = summary(polls)
    click.echo(
        f"Polled {total['polled']} sources: {total['fresh']} fresh, {total['unchanged']} unchanged, "
        f"{total['failed']} failed. {total['new']} new articles, {total['merged']} of them copies that were merged; "
        f"{total['changed']} changed, {total['dropped']} dropped."
        if polls
        else "No source is due."
    )


def told(one: "Poll") -> str:
    """A poll in a few words."""
    if one.outcome.failed:
        return f"FAILED ({one.outcome}): {one.error}"
    if one.outcome.value != "fresh":
        return str(one.outcome)
    words = [f"{one.items} items: {one.new} new"]
    words += [
        f"{n} {what}" for n, what in ((one.merged, "merged"), (one.changed, "changed"), (one.dropped, "dropped")) if n
    ]
    if one.path in ("repaired", "lenient"):
        words.append("malformed, repaired" if one.path == "repaired" else "malformed, read leniently")
    if one.skipped:
        words.append(f"{len(one.skipped)} skipped ({one.skipped[0].reason})")
    return ", ".join(words)


def tell_published(published: "Published | None", left: str | None) -> None:
    """What was written."""
    if published is None:
        click.echo(f"Publishing is left to {left}, which holds the lock.")
        return
    for name, sentence in published.failed:
        click.echo(f"NOT published: {name}: {sentence}", err=True)
    rendered = f"Rendered {', '.join(published.sections)} and {published.pages} pages; " if published.sections else ""
    click.echo(
        f"{rendered}{len(published.written)} files written" + ("." if published.written else ": nothing changed.")
    )
