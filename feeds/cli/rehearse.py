"""What a configuration would change of what is stored: `rehearse`."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from feeds.cli.common import (
    EXIT_PARTIAL,
    config_option,
    count,
    find_config,
    json_option,
    load_config,
    print_json,
    progress,
    say,
    set_up_logging,
    when,
)

if TYPE_CHECKING:
    from feeds.app import App
    from feeds.config import Config
    from feeds.pipeline.rehearsal import Named, Rehearsal
    from feeds.pipeline.rehearsing import Difference
    from feeds.pipeline.releading import Led
    from feeds.pipeline.shaping import Move
    from feeds.pipeline.standing import Step

LONGEST = "3650d"
SHOWN = 20  # of one kind, in words


@click.command(short_help="What another configuration would change, before it is in force.")
@config_option
@click.option("--since", default="3d", show_default=True, help="How far back articles are decided again: 90m, 12h, 3d.")
@click.option(
    "--against",
    type=click.Path(path_type=Path),
    help="The configuration in force, with whose limits and windows the feeds are compared; else the one that other "
    "commands would take here.",
)
@json_option
@click.pass_context
def rehearse(context: click.Context, config_file: Path | None, since: str, against: Path | None, as_json: bool) -> None:
    """Run the rules of a configuration over what is stored, and print what would be otherwise than it is.

    As in `copydesk rehearse --config config/new.toml --since 3d`. Every article that came since then is decided
    again: which would merge, which would part, and which entries another copy would lead. For each section: which
    entries would enter and leave it, and by which rule; at once, when the configuration comes into force (`poll`,
    `daemon` and `regenerate` do that), or only with what comes from then on: what was merged, parted or dropped stays
    so. Feeds are told of apart: what limits and windows take in or leave out, and what stands inside another entry
    where stories are merged.

    Writes nothing, and may run beside a daemon. Keep the new file beside the one in force: paths in it are relative to
    its folder, and both have to name one store.

    Exit codes: 0 nothing would change; 1 something would; 2 wrong command line or configuration; 3 the store cannot be
    used, or holds nothing.
    """
    from feeds.app import clock, opened

    length = _duration(since)
    config = load_config(config_file)
    named = context.get_parameter_source("config_file") is ParameterSource.COMMANDLINE
    other = _in_force(config, against, named=named)
    set_up_logging(config.secrets.mask)
    with opened(config, create=False) as app:
        now = clock().replace(microsecond=0)  # as publishing takes it
        found = _played(app, now - length, now, other.config)
    told = _told(found, config, other, now - length)
    if as_json:
        print_json(told)
    else:
        _tell(told, found.articles)
    raise click.exceptions.Exit(EXIT_PARTIAL if found.differs else 0)


def _played(app: "App", since: datetime, now: datetime, against: "Config | None") -> "Rehearsal":
    from feeds.pipeline.rehearsal import articles_since

    with progress(articles_since(app.store, since), "rehearsing") as step:
        return app.rehearse(since, now, against, lambda done, at: step(when(at), done))


def _duration(text: str) -> timedelta:
    from feeds.config.checks import duration, seconds

    try:
        return seconds(duration("1m", LONGEST)(text))
    except ValueError as error:
        raise click.UsageError(f"--since: {error}") from error


# ---------------------------------------------------------------- beside which configuration


@dataclass(frozen=True, slots=True)
class _Against:
    """The configuration in force, or why none is compared with."""

    config: "Config | None"
    note: str | None = None


def _in_force(config: "Config", against: Path | None, *, named: bool) -> _Against:
    """The configuration that `config` is rehearsed beside; a usage error where the two name different stores."""
    from feeds.errors import ConfigError

    unknown = "how feeds were shaped before (limit, window, max_age, per_source, stories) is not stored"
    if against is not None:
        other = load_config(against)
        if other.store_url != config.store_url:
            raise click.UsageError(_two_stores(config, other))
        return _Against(other)
    path = _usual() if named else None
    alone = _Against(None, f"{unknown}; --against FILE compares it with that of another configuration")
    if path is None or path.absolute() == config.path.absolute():
        return alone
    try:
        other = load_config(path)
    except ConfigError:
        return _Against(None, f"{unknown}, and {path} cannot be used: `copydesk check -c {path}` says why")
    if other.store_url == config.store_url:
        return _Against(other)
    if not _is_there(other):
        return alone
    if not _is_there(config):
        raise click.UsageError(_two_stores(config, other))
    return _Against(None, f"{unknown}, and {path} is of another store")


def _usual() -> Path | None:
    """The configuration that other commands take here."""
    import os

    named = os.environ.get("COPYDESK_CONFIG")
    path = Path(named) if named else find_config()
    return path if path is not None and path.is_file() else None


def _is_there(config: "Config") -> bool:
    from feeds.app import lacks_store

    return not lacks_store(config)


def _two_stores(config: "Config", other: "Config") -> str:
    from feeds.app import store_file

    ours, theirs = (store_file(one.store_url) or "another database" for one in (config, other))
    return (
        f"{config.path}: store.url is another store ({ours}) than that of {other.path} ({theirs}), and a rehearsal "
        f"goes over what is stored; paths are relative to the file that names them: keep it in {other.path.parent}, or "
        "name the store by its full path"
    )


# ---------------------------------------------------------------- what came of it


def _told(found: "Rehearsal", config: "Config", other: _Against, since: datetime) -> dict[str, Any]:
    """The rehearsal as values: what `--json` prints, and what is said in words."""
    differences = [_difference(one, found) for one in found.differences]
    return {
        "config": str(config.path),
        "against": str(other.config.path) if other.config else None,
        "since": since,
        "articles": found.articles,
        "newest": found.last,
        "sources": {"renamed": dict(found.renamed), "added": found.added, "gone": found.gone},
        "merge": [one for one, d in zip(differences, found.differences, strict=True) if not d.parts],
        "part": [one for one, d in zip(differences, found.differences, strict=True) if d.parts],
        "lead": [_lead(one, found) for one in found.leads],
        "sections": _sections(found),
        "notes": [*([other.note] if other.note else []), *_begun(config, other.config)],
        "differs": found.differs,
    }


def _begun(config: "Config", other: "Config | None") -> Iterator[str]:
    """The sections that come to name stories: nobody looked for those of what stands there."""
    off = {one.name for one in other.sections if one.stories == "off"} if other else set()
    for one in config.sections:
        if one.name in off and one.stories != "off":
            yield f'{one.name} had stories = "off": what came to it alone is of no story, what comes later may be'


def _difference(one: "Difference", found: "Rehearsal") -> dict[str, Any]:
    by = one.found
    return {
        "article": _name(found.items[one.row]),
        "from": _name(found.entries[one.before]) if one.before != one.row else None,
        "into": _name(found.entries[one.after]) if one.after != one.row else None,
        "counterpart": _name(found.items[one.counterpart]) if one.counterpart else None,
        "why": one.why,
        "scores": dict(by.scores) if by else {},
        "passages": list(by.passages) if by else [],
        "swaps": [list(pair) for pair in by.swaps] if by else [],
    }


def _lead(one: "Led", found: "Rehearsal") -> dict[str, Any]:
    ways = {"from": _name(found.items[one.before]), "to": _name(found.items[one.after])}
    return {"entry": _name(found.entries[one.entry])} | ways | {"why": one.why}


def _name(one: "Named") -> dict[str, Any]:
    return {"id": one.id, "title": one.title, "source": one.source, "first_seen": one.first_seen}


def _sections(found: "Rehearsal") -> dict[str, Any]:
    """By section: what enters and leaves it, and, beyond that, what its feed shows, no longer shows, or elsewhere."""
    names = sorted({s.section for s in found.steps} | {m.section for m in found.feeds})
    sections: dict[str, Any] = {
        name: {"enter": [], "leave": [], "feed": {"enter": [], "leave": [], "move": []}} for name in names
    }
    for step in sorted(found.steps, key=lambda s: -s.entry):
        sections[step.section]["enter" if step.enters else "leave"].append(_step(step, found))
    for move in sorted(found.feeds, key=lambda m: -m.entry):
        way = "enter" if move.before is None else "leave" if move.after is None else "move"
        sections[move.section]["feed"][way].append(_move(move, found))
    return sections


def _step(step: "Step", found: "Rehearsal") -> dict[str, Any]:
    return _name(found.entries[step.entry]) | {"rule": step.why, "at_once": step.at_once}


def _move(move: "Move", found: "Rehearsal") -> dict[str, Any]:
    """`inside` and `was_inside`: the entry that shows it, where that is another."""
    heads = {"inside": move.after, "was_inside": move.before}
    named = {k: _name(found.entries[n]) if n not in (None, move.entry) else None for k, n in heads.items()}
    return _name(found.entries[move.entry]) | named | {"rule": move.why}


# ---------------------------------------------------------------- in words


def _tell(told: dict[str, Any], articles: int) -> None:
    say(f"Rehearsed {count(articles, 'article')} that came since {when(told['since'])} (UTC).")
    if not articles:
        say(f"The newest came {when(told['newest'])}: a longer --since takes in more.")
    for line in _sources(told["sources"]):
        say(line)
    for what, ways in (("merge", _merges), ("part", _parts)):
        if told[what]:
            say(f"\nWould {what}: {count(len(told[what]), 'article')}")
            _list(ways(one) for one in told[what])
    if told["lead"]:
        say(f"\nWould be led by another copy: {count(len(told['lead']), 'entry', 'entries')}")
        _list(map(_leads, told["lead"]))
    if told["merge"] or told["part"] or told["lead"]:
        say("\nThat is how new articles would be decided; those that are stored stay as they are.")
    for name, section in told["sections"].items():
        _tell_section(name, section)
    if not told["differs"]:
        say("\nNothing would change.")
    for note in told["notes"]:
        say(f"Note: {note}.")


def _sources(sources: dict[str, Any]) -> Iterator[str]:
    if sources["renamed"]:
        yield "Sources renamed: " + ", ".join(f"{old} to {new}" for old, new in sources["renamed"].items())
    if sources["added"]:
        yield "New sources, of which nothing is stored yet: " + ", ".join(sources["added"])
    if sources["gone"]:
        yield "Sources no longer configured, whose articles stay: " + ", ".join(sources["gone"])


def _merges(one: dict[str, Any]) -> Sequence[str]:
    return (_line(one["article"]), f"into {_line(one['into'])}", _how(one))


def _parts(one: dict[str, Any]) -> Sequence[str]:
    return (_line(one["article"]), f"from {_line(one['from'])}", _how(one))


def _leads(one: dict[str, Any]) -> Sequence[str]:
    return (_line(one["from"]), f"by {_line(one['to'])}", one["why"])


def _how(one: dict[str, Any]) -> str:
    scores = ", ".join(f"{value:.0%} {name}" for name, value in one["scores"].items())
    with_whom = one["counterpart"]["source"] if one["counterpart"] else ""
    known: dict[str, str] = {"same text": f"the same words as {with_whom}", "same url": f"the same page as {with_whom}"}
    why: str = one["why"]
    return known.get(why, why) + (f", of {with_whom} ({scores})" if scores else "")


def _line(named: dict[str, Any]) -> str:
    return f"{named['source']}: {named['title']}"


def _list(told: Iterable[Sequence[str]]) -> None:
    """The first of them, each a line and further ones below it."""
    every = list(told)
    for first, *rest in every[:SHOWN]:
        say(f"  {first}")
        for line in rest:
            say(f"      {line}")
    if len(every) > SHOWN:
        say(f"  ... and {len(every) - SHOWN:,} more, which --json names")


def _tell_section(name: str, section: dict[str, Any]) -> None:
    groups = (
        ("at once", [s for s in section["enter"] if s["at_once"]], [s for s in section["leave"] if s["at_once"]]),
        (
            "with what comes from then on (what stands stays)",
            [s for s in section["enter"] if not s["at_once"]],
            [s for s in section["leave"] if not s["at_once"]],
        ),
        ("in its feed, as it is now", section["feed"]["enter"], section["feed"]["leave"]),
    )
    moves = section["feed"]["move"]
    say("")
    for how, enter, leave in groups:
        if enter or leave:
            say(f"{name}, {how}: {len(enter)} in, {len(leave)} out")
            _list((f"+ {_line(one)}{_inside(one)}: {one['rule']}",) for one in enter)
            _list((f"- {_line(one)}: {one['rule']}",) for one in leave)
    if moves:
        say(f"{name}, stories in its feed, as it is now: {count(len(moves), 'entry', 'entries')} elsewhere")
        _list((f"> {_line(one)}", f"{_whither(one)}: {one['rule']}") for one in moves)


def _inside(one: dict[str, Any]) -> str:
    return f", inside {_line(one['inside'])}" if one.get("inside") else ""


def _whither(one: dict[str, Any]) -> str:
    if not one["inside"]:
        return f"by itself, no longer inside {_line(one['was_inside'])}"
    return f"inside {_line(one['inside'])}" + (f", not {_line(one['was_inside'])}" if one["was_inside"] else "")
