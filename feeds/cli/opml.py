"""Lists of feeds: `import`, `export`."""

import os
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from feeds.cli.common import (
    EXIT_PARTIAL,
    command,
    config_option,
    count,
    json_option,
    load_config,
    print_json,
    progress,
    say,
    set_up_logging,
)

if TYPE_CHECKING:
    from datetime import datetime

    from feeds.config import Config
    from feeds.config.subscribe import Checked, Line, Plan
    from feeds.model import Source
    from feeds.parse.opml import Subscriptions
    from feeds.pipeline.discovery import Failure, Offer


@click.command("import", short_help="Configure the feeds of an OPML file.")
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
@click.option("--check", is_flag=True, help="Ask every new feed first: dead ones are written with disabled = true.")
@click.option("--dry-run", is_flag=True, help="Say what would be done; write nothing.")
@config_option
@json_option
def import_(file: Path, check: bool, dry_run: bool, config_file: Path | None, as_json: bool) -> None:
    """Configure the feeds of an OPML FILE ("-": of stdin) as sources, its categories as sections.

    What is configured already, also at the http or https twin of its address, stays as it is: a second import changes
    nothing. A feed under several categories is one source of several sections; a category inside another is a section
    as well, and its feeds are in both. With --check each new feed is asked: one that redirects to a known one is not
    added, a page is no feed, and one that is gone is disabled with the reason as its note.
    """
    from feeds.config.edit import extend
    from feeds.config.subscribe import plan

    config = load_config(config_file)
    set_up_logging(config.secrets.mask)
    listed = _read(file)
    checked = _check(listed, config) if check else {}
    planned = plan(listed, config, _now(), checked)
    if (planned.sources or planned.sections) and not dry_run:
        extend(config, planned.sections, planned.sources, os.environ)
    if as_json:
        print_json(_json(listed, planned, config, dry_run))
    else:
        _tell(file, listed, planned, config, dry_run)
    if planned.lines and not any(line.name for line in planned.lines):
        raise click.exceptions.Exit(EXIT_PARTIAL)


@click.command(short_help="Write the sources as OPML.")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, allow_dash=True), default="-")
@click.option("--all", "every", is_flag=True, help="Also the sources that are disabled.")
@config_option
@json_option
def export(file: Path, every: bool, config_file: Path | None, as_json: bool) -> None:
    """Write the sources as an OPML 2.0 list to FILE (stdout), section by section.

    `copydesk import` reads it back with the same names, titles and sections; rules and other keys are not in it. What
    is private, or has a secret in its address or headers, is left out.
    """
    from feeds.publish import opml

    config = load_config(config_file)
    enabled = [s for s in config.sources if every or not s.disabled]
    told = [s for s in enabled if _may_be_told(s)]
    left_out = [s.name for s in enabled if s not in told]
    data = opml.export(config.site, config.sections, told)
    if as_json:
        names = [s.name for s in told]
        print_json({"sources": names, "left_out": left_out, "opml": data.decode() if str(file) == "-" else str(file)})
    if str(file) != "-":
        _save(file, data)
    elif not as_json:
        click.echo(data, nl=False)
    if left_out:
        what = count(len(left_out), "source")
        say(f"copydesk: left out {what} with a secret, or private: {', '.join(left_out)}", err=True)


def _may_be_told(source: "Source") -> bool:
    from feeds.config.subscribe import secrets
    from feeds.publish.secrecy import is_private

    return not (is_private(source) or secrets(source.url))


def _save(file: Path, data: bytes) -> None:
    try:
        file.write_bytes(data)
    except OSError as error:
        raise click.UsageError(f"{file}: cannot be written ({error.strerror}); name another file") from error


# ---------------------------------------------------------------- import


def _read(file: Path) -> "Subscriptions":
    """What the file lists; what is no list is a usage error that says why."""
    from feeds.errors import ParseError
    from feeds.parse import opml

    try:
        if str(file) == "-":
            body = sys.stdin.buffer.read(opml.MAX_BYTES + 1)
        else:
            with file.open("rb") as opened:
                body = opened.read(opml.MAX_BYTES + 1)
        return opml.read(body)
    except OSError as error:
        raise click.UsageError(f"{file}: cannot be read ({error.strerror}); name an OPML file") from error
    except ParseError as error:
        raise click.UsageError(f"{file}: {error}") from error


def _check(listed: "Subscriptions", config: "Config") -> "dict[str, Checked]":
    """What every new feed answers; an error when not one of several can be reached."""
    from feeds.app import open_fetcher
    from feeds.config.subscribe import addresses
    from feeds.errors import FetchError
    from feeds.model import Outcome
    from feeds.pipeline.discovery import Failure, Search

    urls = addresses(listed, config)
    with open_fetcher(config) as fetcher, progress(len(urls), "asking") as step:
        answers = dict(Search(fetcher.fetch, _now(), config.polling.deadline, step).check(urls))
    failures = [one for one in answers.values() if isinstance(one, Failure)]
    if len(answers) > 1 and sum(one.kind is Outcome.UNREACHABLE for one in failures) == len(answers):
        raise FetchError(
            Outcome.UNREACHABLE,
            f"none of {len(answers)} feeds could be reached: there seems to be no network, and nothing was written; "
            "leave --check out to import them unasked",
        )
    return {url: _checked(answer) for url, answer in answers.items()}


def _checked(answer: "Offer | Failure") -> "Checked":
    """A feed's answer as the import takes it: what may be better tomorrow is added, with a word on it."""
    from feeds.config.subscribe import Checked, Verdict
    from feeds.model import Outcome
    from feeds.pipeline.discovery import Offer

    if isinstance(answer, Offer):
        return Checked(title=answer.title, places=answer.places, kind=answer.kind)
    dead = (Outcome.GONE, Outcome.UNREACHABLE, Outcome.REDIRECT, Outcome.EMPTY, Outcome.UNPARSEABLE)
    if answer.kind is Outcome.NOT_A_FEED:
        return Checked(verdict=Verdict.NOT_A_FEED, reason=f"{answer.reason}; try {command()} add {answer.url}")
    if answer.kind is Outcome.FORBIDDEN_ADDRESS:
        return Checked(verdict=Verdict.REFUSED, reason=answer.reason)
    if answer.kind in dead or answer.status == 404:
        return Checked(verdict=Verdict.DEAD, reason=answer.reason)
    return Checked(reason=f"{answer.reason}; it will be asked again")


def _now() -> "datetime":
    from feeds.app import clock

    return clock()


def _tell(file: Path, listed: "Subscriptions", planned: "Plan", config: "Config", dry_run: bool) -> None:
    from feeds.config.subscribe import Verdict

    for problem in listed.problems:
        say(f"{file}: {problem}", err=True)
    width = max((len(line.name or "-") for line in planned.lines), default=0)
    for line in planned.lines:
        say(f"  {line.verdict:13}  {line.name or '-':{width}}  {_told(line)}")
    if not planned.lines:
        say(f"{file} lists no feeds; nothing was written.")
        return
    counted = Counter(line.verdict for line in planned.lines)
    sums = ", ".join(f"{counted[v]:,} {v}" for v in Verdict if counted[v])
    shelves = f"; {count(len(planned.sections), 'new section')}" if planned.sections else ""
    say(f"{count(len(planned.lines), 'feed')}: {sums}{shelves}.")
    if not planned.sources and not planned.sections:
        say("Nothing was written.")
    else:
        say(f"{'Nothing was written, for it was a dry run' if dry_run else f'Written to {config.path}'}.")


def _told(line: "Line") -> str:
    """A feed in a few words, without its secrets."""
    words = [f"in {', '.join(line.sections)}"] if line.sections else []
    words += [_masked(line.url), *([_masked(line.reason, line.url)] if line.reason else [])]
    if line.sections or line.name:
        words += ["its address holds a secret: better write it as ${NAME}"] if _holds_secret(line) else []
    return "; ".join(words)


def _masked(text: str, url: str | None = None) -> str:
    from feeds.config import Secrets
    from feeds.config.subscribe import secrets

    return Secrets(frozenset(secrets(url or text))).mask(text)


def _holds_secret(line: "Line") -> bool:
    from feeds.config.subscribe import Verdict, secrets

    return line.verdict in (Verdict.ADDED, Verdict.DEAD) and bool(secrets(line.url))


def _json(listed: "Subscriptions", planned: "Plan", config: "Config", dry_run: bool) -> dict[str, object]:
    return {
        "configuration": str(config.path),
        "dry_run": dry_run,
        "problems": listed.problems,
        "sections": [{"name": s.name, "title": s.title} for s in planned.sections],
        "feeds": [_line(line) for line in planned.lines],
    }


def _line(line: "Line") -> dict[str, object]:
    return {
        "url": _masked(line.url),
        "verdict": str(line.verdict),
        "name": line.name,
        "title": line.title,
        "sections": line.sections,
        "reason": _masked(line.reason, line.url) if line.reason else None,
    }
