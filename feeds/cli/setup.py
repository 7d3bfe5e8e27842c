"""Before the first poll: `init`, `check`."""

import json
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from feeds.cli.common import (
    EXIT_PARTIAL,
    PLACES,
    command,
    config_option,
    count,
    json_option,
    kind,
    load_config,
    print_json,
    progress,
    say,
    set_up_logging,
)

if TYPE_CHECKING:
    from feeds.app import App
    from feeds.config import Config
    from feeds.model import Poll

KEEP = timedelta(days=365)  # what `store.keep` is where nothing is said


@click.command(short_help="Write a first configuration.")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False), default=PLACES[0])
@json_option
def init(file: Path, as_json: bool) -> None:
    """Write a first configuration to FILE (config/copydesk.toml), with every key explained."""
    from feeds.config import template

    if file.exists() or file.is_symlink():
        raise click.UsageError(f"{file}: exists already, nothing was written; edit it, or name another file")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(template(), "utf-8")
    except OSError as error:
        raise click.UsageError(f"{file}: cannot be written: {error.strerror}; name another file") from error
    if as_json:
        print_json({"written": str(file)})
        return
    place = "" if str(file) in PLACES else f" -c {file}"
    call = command()
    say(f"Wrote {file}. Put your sources in, then: {call} check{place}, {call} poll{place}")


@click.command(short_help="Is the configuration right?")
@click.option("--online", is_flag=True, help="Also ask every source once, and say what it answers. Stores nothing.")
@click.option("--schema", is_flag=True, help="Print the JSON Schema of the configuration, for your editor.")
@config_option
@json_option
def check(online: bool, schema: bool, config_file: Path | None, as_json: bool) -> None:
    """Say whether the configuration is right; every problem at once, with file, key and what to do."""
    if schema:
        from feeds.config import schema as config_schema

        say(json.dumps(config_schema(), indent=2, ensure_ascii=False))
        return
    config = load_config(config_file)
    set_up_logging(config.secrets.mask)
    asked = _ask(config) if online else []
    notes = [*_notes(config), *_stored(config)]
    if as_json:
        counts = {"sources": len(config.sources), "sections": len(config.sections)}
        print_json({"configuration": str(config.path), **counts, "notes": notes, "online": asked})
    else:
        sizes = f"{count(len(config.sources), 'source')}, {count(len(config.sections), 'section')}"
        say(f"{config.path} is right: {sizes}.")
        for note in notes:
            say(f"  {note}")
        width = max((len(one["source"]) for one in asked), default=0)
        for one in asked:
            say(f"  {one['source']:{width}}  {one['answer']}")
    if any(not one["ok"] for one in asked):
        raise click.exceptions.Exit(EXIT_PARTIAL)


def _notes(config: "Config") -> list[str]:
    """What is right, and does not do yet what it says."""
    copied = [s.name for s in config.sources if s.images == "copy"]
    names = ", ".join(copied[:5]) + (f" and {len(copied) - 5} more" if len(copied) > 5 else "")
    notes = [f'images = "copy" is as "link" so far, nothing is copied: {names}'] if copied else []
    if config.keep != KEEP:
        notes.append("store.keep: nothing is removed yet, however short it is")
    return notes


def _stored(config: "Config") -> list[str]:
    """What a right configuration does not do to what is stored, or leaves behind; the store is only looked at."""
    from feeds.app import lacks_store, lost_store, opened
    from feeds.cli.report import left_behind
    from feeds.errors import CopydeskError
    from feeds.publish.files import Output

    if lacks_store(config):
        return [f"site.output: {lost_store(config)}"] if Output(config.output).is_filled() else []
    try:
        with opened(config, create=False) as app:
            gone = (left_behind(name, config.output) for name in app.left_behind())
            return [*_refused(app), *app.named_late(), *gone]
    except CopydeskError as error:
        return [f"store.url: what is stored was not looked at: {' '.join(str(error).split())}"]


def _refused(app: "App") -> list[str]:
    """Why nothing will be published."""
    from feeds.errors import StoreError

    try:
        app.check_output()
    except StoreError as error:
        return [f"site.output: {error}"]
    return []


def _ask(config: "Config") -> list[dict[str, Any]]:
    """What every enabled source answers now, in the order of the configuration."""
    from feeds.app import clock, open_fetcher
    from feeds.fetch.robots import Memory
    from feeds.model import Claim, SourceState
    from feeds.pipeline.exchange import Answer, Exchanges
    from feeds.pipeline.read import Read, read
    from feeds.pipeline.rules import Manner
    from feeds.store.store import LEASE

    enabled = {s.name: s for s in config.sources if not s.disabled}
    manner = Manner(drop=config.drop, interval=config.polling.interval, deadline=config.polling.deadline)
    exchanges: Exchanges[Read] = Exchanges()
    robots = Memory()
    begun = (
        (
            n,
            read(
                Claim(state=SourceState(name=n, url=s.url), token=0, until=clock() + LEASE), s, manner, robots, clock()
            ),
        )
        for n, s in enabled.items()
    )
    found = {}
    with open_fetcher(config) as fetcher, progress(len(enabled), "asking") as step:
        for asked, result in fetcher.fetch(exchanges.requests(begun)):
            exchanges.answered(asked.key, Answer(result, clock()))
            for one in exchanges.ended:
                step(one.source.name)
                found[one.source.name] = _answer(config, one.poll)
            exchanges.ended.clear()
    return [found[n] for n in enabled if n in found]


def _answer(config: "Config", poll: "Poll") -> dict[str, Any]:
    from feeds.cli.report import told

    came = f"{count(poll.items, 'item')}, {kind(poll.format, poll.path)}"
    words = told(poll) if poll.outcome.failed else f"{came}; {poll.error}" if poll.error else came
    return {"source": poll.source, "ok": not poll.outcome.failed, "answer": config.secrets.mask(words)}
