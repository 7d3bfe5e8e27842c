"""`add`: from an address to an entry of the configuration."""

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit, urlunsplit

import click

from feeds.cli.common import (
    EXIT_CONFIG,
    check_names,
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
    when,
)

if TYPE_CHECKING:
    from feeds.config import Config
    from feeds.model import Source
    from feeds.pipeline.discovery import Found, Offer

_HOW = {
    "typed": "the address itself",
    "header": "declared by the page",
    "link": "declared by the page",
    "anchor": "linked on the page",
    "known": "at a usual address",
    "robots": "named in robots.txt",
    "page": "the page itself",
}


@click.command(short_help="Find the feeds of an address, and configure one.")
@click.argument("url")
@click.option(
    "-s", "--section", "sections", multiple=True, help="A section that all of it belongs to; may be repeated."
)
@click.option("-n", "--name", help="The source's name; else one is made of its title.")
@click.option("--pick", multiple=True, type=click.IntRange(min=1), help="Of several feeds this one; may be repeated.")
@click.option("--all", "every", is_flag=True, help="All of them, but comments and other formats of the same.")
@click.option("--dry-run", is_flag=True, help="Show the entry; write nothing.")
@config_option
@json_option
def add(
    url: str,
    sections: tuple[str, ...],
    name: str | None,
    pick: tuple[int, ...],
    every: bool,
    dry_run: bool,
    config_file: Path | None,
    as_json: bool,
) -> None:
    """Find the feeds of a site, a page or a feed at URL, show what each would give, and write the entry.

    Of several feeds a terminal asks which; elsewhere they are listed, and --pick or --all says. A password or a token
    in URL is best typed as ${NAME}, in single quotes: it is then taken from the environment, here and later.
    """
    from feeds.config.edit import extend

    config = load_config(config_file)
    set_up_logging(config.secrets.mask)
    check_names(sections, [s.name for s in config.sections], "section")
    _check_name(name, pick, every, config)
    wanted, found = _find(_Typed.of(url), config)
    choices = _choices(found, config)
    if not as_json:
        _tell(wanted, found, choices)
    chosen = _chosen(choices, pick, every, ask=sys.stdin.isatty() and not as_json)
    new = [one for one in chosen or () if one.configured is None]
    if name and len(new) > 1:
        raise click.UsageError("--name is for one feed; leave it out, or --pick one")
    written = _sources(new, wanted, sections, name, config)
    if written and not dry_run:
        extend(config, (), written, os.environ)
    if as_json:
        print_json(_json(wanted, found, choices, written, config, dry_run))
    if chosen is None:
        _leave(wanted, as_json)
    elif not as_json:
        _tell_written(wanted, written, chosen, config, dry_run)


@dataclass(frozen=True, slots=True)
class _Typed:
    """An address as it was typed, and as it is asked."""

    said: str
    url: str
    guessed: bool = False  # https, for no scheme was typed

    @classmethod
    def of(cls, said: str) -> "_Typed":
        """Checks what was typed; a missing scheme is https, or http in the own network."""
        from feeds.config.checks import http_url, shown
        from feeds.config.secrets import replaced
        from feeds.fetch.guard import is_local

        said = said.strip().removeprefix("feed:")
        bare = "://" not in said
        if bare:
            said = said.removeprefix("//")
            said = ("http://" if is_local(f"http://{said}") else "https://") + said
        try:
            url = replaced(said, os.environ)
        except ValueError as error:
            raise click.UsageError(f"URL {error}") from error
        try:
            return cls(said, http_url(url), bare and url.startswith("https:"))
        except ValueError as error:
            told = "URL" if "@" in said else shown(said)  # a password may stand in front of it
            raise click.UsageError(f"{told} is no address of a site, a page or a feed") from error

    def plain(self) -> "_Typed":
        """The same over http."""
        return _Typed(self.said.replace("https:", "http:", 1), self.url.replace("https:", "http:", 1))

    @property
    def shown(self) -> str:
        """The address without its secrets."""
        return self.mask(self.said)

    def mask(self, text: str) -> str:
        """A text without them."""
        from feeds.config import Secrets
        from feeds.config.subscribe import secrets

        return Secrets(frozenset(secrets(self.url))).mask(text)

    def written(self, url: str) -> str:
        """An address that was found, with ${NAME} where it was typed so."""
        if url == self.url:
            return self.said
        parts, typed, said = urlsplit(url), urlsplit(self.url), urlsplit(self.said)
        user = typed.netloc.rpartition("@")[0]
        if user and parts.netloc.rpartition("@")[0] == user:
            netloc = f"{said.netloc.rpartition('@')[0]}@{parts.netloc.rpartition('@')[2]}"
            return urlunsplit(parts._replace(netloc=netloc))
        return url


@dataclass(frozen=True, slots=True)
class _Choice:
    """A feed to choose, by its number; `configured` is the source that it is already."""

    number: int
    offer: "Offer"
    configured: str | None


def _check_name(name: str | None, pick: Sequence[int], every: bool, config: "Config") -> None:
    from feeds.config import checks

    if pick and every:
        raise click.UsageError("--pick and --all exclude each other; leave one out")
    if name is None:
        return
    try:
        checks.name(name)
    except ValueError as error:
        raise click.UsageError(f"--name: {error}") from error
    if name in {n for s in config.sources for n in (s.name, *s.formerly)}:
        raise click.UsageError(f"--name: a source is named {name} already; choose another")


def _find(typed: _Typed, config: "Config") -> "tuple[_Typed, Found]":
    """What is at the address, and the address that it was; an error names it."""
    from feeds.app import clock, open_fetcher
    from feeds.errors import SourceError
    from feeds.pipeline.discovery import Search

    with open_fetcher(config) as fetcher, progress(0, "asking") as step:
        search = Search(fetcher.fetch, clock(), config.polling.deadline, step)
        try:
            found = search.find(typed.url)
        except SourceError as error:
            if typed.guessed and error.kind in ("unreachable", "timeout", "bad response"):
                return _find(typed.plain(), config)
            why = typed.mask(str(error)).rstrip(".")
            raise type(error)(error.kind, f"{typed.shown}: {why}; is the address right?") from error
    if not found.offers:
        raise _nothing(typed, found)
    return typed, found


def _nothing(typed: _Typed, found: "Found") -> Exception:
    """An error that says what was tried."""
    from feeds.errors import ParseError
    from feeds.model import Outcome

    usual = count(sum(f.candidate.how == "known" for f in found.failures), "usual address", "usual addresses")
    declared = [f for f in found.failures if f.candidate.how in ("header", "link")]
    told = "".join(f"; it declares {typed.mask(f.url)}, but: {f.reason}" for f in declared[:3])
    closed = next((f.reason for f in found.failures if f.candidate.how == "page"), None)
    itself = (
        f"it lists articles itself, but {closed}"
        if closed
        else 'if the page itself lists articles, configure it by hand with kind = "page", and say where'
    )
    return ParseError(
        Outcome.NOT_A_FEED,
        f"{typed.shown}: no feed was found, neither declared or linked by the page nor at {usual}{told}; {itself}",
    )


def _choices(found: "Found", config: "Config") -> list[_Choice]:
    """The feeds by number; what is configured in another format is configured."""
    from feeds.config.subscribe import known, twin

    there = known(config)
    first = [place if one.same_as is None else one.same_as for place, one in enumerate(found.offers)]
    names: dict[int, str] = {}
    for place, one in zip(first, found.offers, strict=True):
        for name in (there[t] for t in map(twin, (one.url, *one.places)) if t in there):
            names.setdefault(place, name)
    return [_Choice(n, o, names.get(p)) for n, (o, p) in enumerate(zip(found.offers, first, strict=True), 1)]


def _chosen(choices: Sequence[_Choice], pick: Sequence[int], every: bool, *, ask: bool) -> "list[_Choice] | None":
    """Those that were meant: as was said, the only one there is, or as somebody answers; None: there is no telling."""
    main = [one for one in choices if one.offer.main] or list(choices)
    if pick:
        wrong = [n for n in pick if n > len(choices)]
        if wrong:
            raise click.UsageError(
                f"--pick {wrong[0]}: there {'are' if len(choices) > 1 else 'is'} only {len(choices)}"
            )
        return [choices[n - 1] for n in dict.fromkeys(pick)]
    if every or len(main) == 1 or all(one.configured for one in main):
        return main
    return _asked(choices, main) if ask else None


def _asked(choices: Sequence[_Choice], main: Sequence[_Choice]) -> list[_Choice]:
    """What somebody at the terminal answers."""
    first = next(one.number for one in main if one.configured is None)
    while True:
        said = click.prompt("Which? Numbers, all or none", default=str(first), err=True).replace(",", " ").split()
        if said == ["none"]:
            raise click.exceptions.Exit(0)
        if said == ["all"]:
            return list(main)
        if said and all(word.isdecimal() and 1 <= int(word) <= len(choices) for word in said):
            return [choices[int(word) - 1] for word in dict.fromkeys(said)]
        say(f"Type numbers from 1 to {len(choices)}, as 1 or 1,2; or all, or none.", err=True)


def _sources(
    chosen: Sequence[_Choice], typed: _Typed, sections: tuple[str, ...], name: str | None, config: "Config"
) -> "list[Source]":
    """The entries to write."""
    from feeds.config.subscribe import names, page, printable, source_name
    from feeds.model import Source

    taken = names(config)
    sources = []
    for one in chosen:
        title = printable(one.offer.title) or printable(one.offer.candidate.title)
        own = name or taken.take(source_name(title, one.offer.url))
        url = typed.written(one.offer.url)
        sources.append(
            Source(
                name=own,
                url=url,
                kind=one.offer.kind,
                title=title,
                home=page(one.offer.home),
                sections=tuple(dict.fromkeys(sections)),
            )
        )
    return sources


# ---------------------------------------------------------------- in words


def _tell(typed: _Typed, found: "Found", choices: Sequence[_Choice]) -> None:
    pages = any(one.offer.kind == "page" for one in choices)
    what = "No feed, but a page that lists articles" if pages else count(len(choices), "feed")
    say(f"{what} at {typed.shown}:")
    for one in choices:
        offer = one.offer
        language = offer.language or "language not said"
        newest = f"newest {when(offer.newest)}" if offer.newest else "without dates"
        what = f"{kind(offer.format, offer.path)}, {count(offer.items, 'item')}, {newest}, {language}"
        say(f"  {one.number}  {offer.title or offer.candidate.title or 'without a title'}: {what}")
        say(f"     {typed.mask(offer.url)} ({_HOW[offer.candidate.how]}{_remark(one)})")
        for title in offer.titles:
            say(f"       {title[:100]}")
    for failure in found.failures:
        if failure.candidate.how in ("header", "link"):
            say(f"  -  {typed.mask(failure.url)} is declared, but: {failure.reason}")
    if found.untried:
        say(f"  {count(found.untried, 'link')} more may be feeds and were not asked; add one by its own address")


def _remark(one: _Choice) -> str:
    if one.configured:
        return f"; already configured as {one.configured}"
    if one.offer.same_as is not None:
        return f"; the same items as {one.offer.same_as + 1}"
    return "; comments of readers" if one.offer.candidate.comments else ""


def _leave(typed: _Typed, as_json: bool) -> None:
    """Ends without a choice, saying how to make one."""
    if as_json:
        raise click.exceptions.Exit(EXIT_CONFIG)
    again = f"{command()} add '{typed.shown}'"
    raise click.UsageError(f"several feeds, nothing was written; choose: {again} --pick N, or --all")


def _tell_written(
    typed: _Typed, written: "Sequence[Source]", choices: Sequence[_Choice], config: "Config", dry_run: bool
) -> None:
    from feeds.config.edit import tables

    if not written:
        names = sorted({one.configured for one in choices if one.configured})
        say(f"Already configured as {', '.join(names)}; nothing was written.")
        return
    say(f"\n{'Would be' if dry_run else 'Was'} written to {config.path}:\n\n{typed.mask(tables((), written)).rstrip()}")
    if any(_is_told(typed, source.url) for source in written):
        say("\nThe address holds a secret. Better write it as ${NAME}, and set that variable where Copydesk runs.")
    if not dry_run:
        say(f"\nNext: {command()} poll {' '.join(source.name for source in written)}")


def _is_told(typed: _Typed, url: str) -> bool:
    """Whether a secret stands in the file as it is."""
    from feeds.config.subscribe import secrets

    return any("${" not in secret for secret in secrets(url))


def _json(
    typed: _Typed,
    found: "Found",
    choices: Sequence[_Choice],
    written: "Sequence[Source]",
    config: "Config",
    dry_run: bool,
) -> dict[str, Any]:
    return {
        "asked": typed.shown,
        "page": typed.mask(found.page) if found.page else None,
        "feeds": [_feed(typed, one) for one in choices],
        "failed": [{"url": typed.mask(f.url), "reason": f.reason} for f in found.failures],
        "untried": found.untried,
        "configuration": str(config.path),
        "dry_run": dry_run,
        "added": [{"name": s.name, "url": typed.mask(s.url), "title": s.title} for s in written],
    }


def _feed(typed: _Typed, one: _Choice) -> dict[str, Any]:
    offer = one.offer
    return {
        "number": one.number,
        "url": typed.mask(offer.url),
        "title": offer.title or offer.candidate.title,
        "format": offer.format,
        "kind": offer.kind,
        "read": offer.path,
        "items": offer.items,
        "newest": offer.newest,
        "language": offer.language,
        "titles": offer.titles,
        "found": offer.candidate.how,
        "comments": offer.candidate.comments,
        "same_as": None if offer.same_as is None else offer.same_as + 1,
        "configured": one.configured,
    }
