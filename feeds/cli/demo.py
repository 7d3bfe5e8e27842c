"""The demo: a newsroom on loopback, polled twice, published, served."""

import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from feeds.cli.common import command, json_option, print_json, say, set_up_logging
from feeds.cli.report import exit_code, tell_polls, tell_published
from feeds.cli.run import run_polls, run_publish
from feeds.errors import PublishError, StoreError

if TYPE_CHECKING:
    from feeds.app import App
    from feeds.model import Poll
    from feeds.pipeline.publish import Published

NEWSROOM = "newsroom.json"  # in the folder: since when its newsroom is there, and where


@click.command(short_help="The whole job in one folder, without internet.")
@click.argument("folder", default="demo-site", metavar="[DIR]", type=click.Path(path_type=Path, file_okay=False))
@click.option("--serve/--no-serve", default=True, help="Serve the pages afterwards, until Ctrl-C (the default).")
@click.option(
    "--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="Where; a free one when it is busy."
)
@json_option
def demo(folder: Path, serve: bool, port: int, as_json: bool) -> None:
    """Show the whole job without internet, in DIR (default demo-site/).

    A small newsroom on loopback is polled over HTTP, its articles are merged and published; a second round shows
    that unchanged sources cost nothing and unchanged files are not touched. Nothing outside DIR is touched.
    """
    from feeds.demo import site

    again = _prepare(folder)
    set_up_logging(lambda text: text)
    place = site(folder / "public", port) if serve else nullcontext(None)
    with _newsroom(folder) as base, place as address:
        config_file = _configure(folder, base, _port(address) or port)
        show = _Show(folder, config_file, again, as_json)
        show.begin(base)
        code = max(show.round(1), show.round(2))
        _end(show, address, port)
    raise click.exceptions.Exit(code)


# ---------------------------------------------------------------- the folder


def _prepare(folder: Path) -> bool:
    """Makes the folder; whether it is that of an earlier demo. Files of others are not mixed with ours."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        again = (folder / NEWSROOM).is_file()
        if not again and any(folder.iterdir()):
            raise click.UsageError(f"{folder}: holds other files; name a new or empty folder for the demo")
        (folder / "public").mkdir(exist_ok=True)
    except OSError as error:
        raise PublishError(f"{error.filename}: cannot be made ({error.strerror}); name another folder") from error
    return again


@dataclass(frozen=True, slots=True)
class _Began:
    """When the newsroom's day was, and its port: with the same the same feeds, so that no article comes twice."""

    at: str
    port: int


@contextmanager
def _newsroom(folder: Path) -> Iterator[str]:
    from feeds.demo import newsroom

    known = _read(folder / NEWSROOM)
    moment = datetime.fromisoformat(known.at) if known else datetime.now(UTC).replace(microsecond=0)
    with newsroom(moment, known.port if known else 0) as base:
        port = _port(base) or 0
        if known and known.port != port:
            raise StoreError(
                f"{folder}: its newsroom stands on port {known.port}, which is taken; is another demo running there? "
                "End that one, or name another folder"
            )
        (folder / NEWSROOM).write_text(json.dumps(asdict(_Began(moment.isoformat(), port))), "utf-8")
        yield base


def _read(file: Path) -> _Began | None:
    """What an earlier demo has noted; None without its store: then the news are as fresh as ever."""
    if not (file.is_file() and (file.parent / "copydesk.db").is_file()):
        return None
    try:
        return _Began(**json.loads(file.read_text("utf-8")))
    except (ValueError, TypeError) as error:
        raise StoreError(f"{file}: cannot be read; remove {file.parent} and begin anew") from error


def _configure(folder: Path, base: str, port: int) -> Path:
    from feeds.demo import configuration

    file = folder / "copydesk.toml"
    file.write_text(configuration(base, folder, port), "utf-8")
    return file


def _port(address: str | None) -> int | None:
    return int(address.rstrip("/").rpartition(":")[2]) if address else None


def _end(show: "_Show", address: str | None, port: int) -> None:
    """Says where everything is, and serves it until Ctrl-C, which may follow the words at once."""
    try:
        show.end(address, port)
        while address:
            time.sleep(3600)
    except KeyboardInterrupt:
        if not show.as_json:
            say("\nEnded.")


# ---------------------------------------------------------------- what is shown


@dataclass(slots=True)
class _Show:
    """Runs the rounds and tells of them; as JSON, all at the end."""

    folder: Path
    config_file: Path
    again: bool
    as_json: bool
    told: list[dict[str, Any]] = field(default_factory=list)

    def begin(self, base: str) -> None:
        self._say(f"A newsroom with eight sources, on {base}. Everything is kept in {self.folder}.")

    def round(self, number: int) -> int:
        """Polls every source and publishes; gives the exit code."""
        from feeds.app import opened
        from feeds.config import load

        config = load(self.config_file, os.environ)
        with opened(config) as app:
            app.register()
            polls = run_polls(app, [s.name for s in config.sources])
            published = run_publish(app)
            self._tell(number, polls, published, app)
        return exit_code(polls, published, strict=True)

    def end(self, address: str | None, wanted: int) -> None:
        if self.as_json:
            print_json({"folder": str(self.folder), "address": address, "rounds": self.told})
            return
        call = command()
        self._say(
            f"\nPages: {self.folder / 'public' / 'index.html'}\n"
            f"Feeds: {self.folder / 'public' / 'world' / 'atom.xml'}, and rss.xml and feed.json beside it\n"
            f"Ask:   {call} status -c {self.config_file}\n"
            f"Next:  {call} init, for a site of your own"
        )
        if address:
            taken = "" if _port(address) == wanted or not wanted else f" (port {wanted} is taken)"
            self._say(f"\nServed at {address}{taken} until Ctrl-C.")

    def _tell(self, number: int, polls: "list[Poll]", published: "Published | None", app: "App") -> None:
        self.told.append({"polls": polls, "published": published})
        if self.as_json:
            return
        new = "the articles are those of the last demo here" if self.again else "everything is new"
        self._say(f"\nRound {number}: {new if number == 1 else 'nothing has changed since'}")
        tell_polls(polls)
        if number == 1:
            self._tell_merged(app)
        tell_published(published, app.config.output)

    def _tell_merged(self, app: "App") -> None:
        """The texts that several sources carry."""
        with app.store.reading() as shelf:
            shown = [s for _, s in shelf.entries([line.entry for line in shelf.all_lines(100)])]
        for one in shown:
            sources = dict.fromkeys(copy.source for copy in one.copies)
            if len(sources) > 1:
                self._say(f"One entry of {len(sources)} copies ({', '.join(sources)}): {one.lead.title}")
                self._say(f"  why: {command()} explain {one.entry.id} -c {self.config_file}")

    def _say(self, text: str) -> None:
        if not self.as_json:
            say(text)
