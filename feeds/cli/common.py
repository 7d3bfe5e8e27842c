"""What commands share: options, output for people and for machines, progress."""

import logging
import os
import sys
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from feeds.config import Config

EXIT_PARTIAL, EXIT_CONFIG, EXIT_UNABLE, EXIT_LOCKED, EXIT_INTERRUPTED = 1, 2, 3, 4, 130
PLACES = ("config/copydesk.toml", "copydesk.toml")  # where a configuration is looked for

FORMATS = {  # the words of ParsedFeed.format, for people
    "rss20": "RSS 2.0",
    "rss10": "RSS 1.0",
    "rss09x": "RSS 0.9",
    "atom10": "Atom",
    "atom03": "Atom 0.3",
    "json11": "JSON Feed 1.1",
    "json1": "JSON Feed 1",
    "sitemap-news": "news sitemap",
    "sitemap-pages": "sitemap of pages",
    "sitemap-index": "sitemap index",
    "page": "an article page",
    "list": "a page that lists articles",
}
READ = {  # and of its path
    "strict": "well-formed",
    "json": "well-formed",
    "repaired": "malformed, repaired",
    "lenient": "malformed, read leniently",
    "page": "read as it stands",
}

F = TypeVar("F", bound=Callable[..., Any])


def config_option(command: F) -> F:
    """Adds --config: the file, else $COPYDESK_CONFIG, else config/copydesk.toml or copydesk.toml here."""
    return click.option(
        "-c",
        "--config",
        "config_file",
        type=click.Path(path_type=Path),
        envvar="COPYDESK_CONFIG",
        help=f"The configuration; else $COPYDESK_CONFIG, else {' or '.join(PLACES)}.",
    )(command)


def json_option(command: F) -> F:
    """Adds --json."""
    return click.option("--json", "as_json", is_flag=True, help="Print one JSON document instead of text.")(command)


def load_config(path: Path | None) -> "Config":
    """The configuration; a missing file is a usage error that says what to do."""
    from feeds.config import load

    found = path or find_config()
    if found is None or not found.is_file():
        where = str(found) if found else " or ".join(PLACES)
        raise click.UsageError(f"{where}: no configuration there; `copydesk init` writes a first one")
    return load(found, os.environ)


def find_config() -> Path | None:
    """The configuration that stands where one is looked for."""
    return next((Path(p) for p in PLACES if Path(p).exists()), None)


def check_names(names: Sequence[str], known: Iterable[str], what: str) -> None:
    """Ends with a usage error when a name is not among the known ones."""
    from difflib import get_close_matches

    known = list(known)
    for name in names:
        if name not in known:
            close = get_close_matches(name, known, 1)
            raise click.UsageError(f"no {what} is named {name}" + (f"; did you mean {close[0]}?" if close else ""))


def plain(value: Any) -> Any:
    """A value as JSON knows it: times in ISO 8601, durations in seconds."""
    import msgspec

    return msgspec.to_builtins(value, enc_hook=_unknown)


def _unknown(value: Any) -> Any:
    return str(value)


def say(text: str, *, err: bool = False) -> None:
    """Text for people; what a source says cannot steer their terminal."""
    click.echo("".join(c for c in text if c == "\n" or unicodedata.category(c) != "Cc"), err=err)


def print_json(value: Any) -> None:
    """One JSON document on stdout."""
    import json

    click.echo(json.dumps(plain(value), ensure_ascii=False, indent=2))


def count(number: int, what: str, plural: str | None = None) -> str:
    """A number of things: "1 source", "8 sources"."""
    return f"{number:,} {what if number == 1 else plural or what + 's'}"


def kind(form: str | None, path: str | None, version: str | None = None) -> str:
    """What a feed is, and how it had to be read: "RSS 2.0, well-formed"; `version` is what it says of itself."""
    name = f"RSS {version}" if form == "rss09x" and version else FORMATS.get(form or "", form)
    return f"{name}, {READ.get(path or '', path)}"


def command() -> str:
    """How the command is called here, to be copied: "copydesk", else the way to it."""
    from shutil import which

    return "copydesk" if which("copydesk") else os.path.relpath(sys.argv[0])


def table(rows: Sequence[Sequence[str]], head: Sequence[str]) -> None:
    """Columns on stdout; the last one as wide as it is."""
    widths = [max(len(row[i]) for row in (head, *rows)) for i in range(len(head) - 1)]
    for row in (head, *rows):
        say("  ".join([*(cell.ljust(w) for cell, w in zip(row, widths, strict=False)), row[-1]]).rstrip())


def when(moment: datetime | None) -> str:
    """A moment for people: UTC, to the minute."""
    if moment is None:
        return "-"
    return "never" if moment.year == 9999 else moment.strftime("%Y-%m-%d %H:%M")


class _Masked(logging.Formatter):
    """One line for a record; traces too show no secret."""

    def __init__(self, mask: Callable[[str], str]) -> None:
        super().__init__("%(asctime)s %(levelname)s %(message)s", "%Y-%m-%dT%H:%M:%S%z")
        self._mask = mask

    def format(self, record: logging.LogRecord) -> str:
        return self._mask(super().format(record))


def set_up_logging(mask: Callable[[str], str], *, level: int = logging.WARNING) -> None:
    """Logs to stderr."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Masked(mask))
    logging.basicConfig(handlers=[handler], level=level, force=True)
    for noisy in ("urllib3", "apscheduler", "charset_normalizer"):
        logging.getLogger(noisy).setLevel(logging.ERROR)


@contextmanager
def progress(total: int, what: str) -> Iterator[Callable[..., None]]:
    """Gives a function to call at each step, with a name and how far it leads (1); draws a bar on a terminal only."""
    if not sys.stderr.isatty():
        yield lambda *_: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=total or None)

        def step(name: str, by: int = 1) -> None:
            bar.update(task, advance=by, description=f"{what} {name[:40]}")

        yield step
