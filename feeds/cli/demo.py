"""The demo: a newsroom on loopback, polled twice, published, served."""

import time
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path

import click

from feeds.cli.run import run_polls, run_publish, tell_polls, tell_published


def run_demo(folder: Path, *, serve: bool, port: int) -> None:
    """Runs it in a folder, which gets configuration, store and pages; nothing else is touched."""
    from feeds.demo import configuration, newsroom, site

    folder = folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "public").mkdir(exist_ok=True)
    place = site(folder / "public", port) if serve else nullcontext(None)
    with newsroom(datetime.now(UTC)) as newsroom_url, place as address:
        config_file = folder / "copydesk.toml"
        config_file.write_text(configuration(newsroom_url, folder, _port(address) or port), "utf-8")
        click.echo(f"A newsroom with its own feeds, on {newsroom_url}; configuration in {config_file}\n")
        for number, title in ((1, "First round: everything is new"), (2, "Second round: nothing has changed")):
            click.echo(title)
            _round(config_file, first=number == 1)
            click.echo()
        _point(folder, address)
        if address:
            _wait()


def _port(address: str | None) -> int | None:
    return int(address.rstrip("/").rpartition(":")[2]) if address else None


def _round(config_file: Path, *, first: bool) -> None:
    import os

    from feeds.app import opened
    from feeds.config import load

    config = load(config_file, os.environ)
    with opened(config) as app:
        app.register()
        polls = run_polls(app, () if first else tuple(s.name for s in config.sources))
        tell_polls(polls)
        tell_published(*run_publish(app))


def _point(folder: Path, address: str | None) -> None:
    public = folder / "public"
    click.echo(f"Pages and feeds are in {public}; look at {public / 'world' / 'atom.xml'}, rss.xml, feed.json.")
    click.echo(f"Ask: copydesk -h; copydesk status -c {folder / 'copydesk.toml'}")
    if address:
        click.echo(f"\nServed at {address} until Ctrl-C.")


def _wait() -> None:
    try:
        while True:
            time.sleep(3600)
    except KeyboardInterrupt:
        click.echo("\nEnded.")
