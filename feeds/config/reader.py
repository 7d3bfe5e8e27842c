"""Reads the file, checks it as a whole, and makes the values that travel."""

import os
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import tomli  # what tomllib is, compiled: a third of its time, and nobody waits for `status` of a thousand sources
from pydantic import ValidationError

from feeds.config.checks import did_you_mean, same_place, seconds, shown
from feeds.config.problems import Problem, from_pydantic, sentences
from feeds.config.secrets import Expansion, expand
from feeds.config.tables import File, PollingTable, RulesTable, SectionTable, SiteTable, SourceTable
from feeds.config.values import Config, Polling, Secrets
from feeds.errors import ConfigError
from feeds.model import PageSelectors, Rules, Section, Site, Source

MAX_BYTES = 64 * 1024 * 1024


def load(path: Path, environ: Mapping[str, str], content: bytes | None = None) -> Config:
    """See `feeds.config.load`; `content` is looked at in the place of what the file holds."""
    try:
        return _load(path, environ, content)
    except RecursionError as error:
        raise ConfigError((f"{path}: nests lists or tables too deeply; flatten it",)) from error


def _load(path: Path, environ: Mapping[str, str], content: bytes | None) -> Config:
    data = _toml(path, content)
    here = Path(os.path.normpath(path.absolute()))  # not resolved: paths are relative to the file as it was named
    expansion = expand(data, environ, here.parent)
    secrets = Secrets(expansion.secrets)
    problems = [*expansion.problems, *_relations(expansion.data, here.parent)]
    file, cause = None, None
    try:
        file = File.model_validate(expansion.data)
    except ValidationError as error:
        cause = error
        problems += map(expansion.guarded, from_pydantic(error.errors(include_url=False), File))
    if file is None or problems:
        raise ConfigError(tuple(map(secrets.mask, sentences(path, data, problems)))) from cause
    return _config(file, here, expansion, secrets)


def _toml(path: Path, content: bytes | None) -> dict[str, Any]:
    try:
        text = content if content is not None else _bytes(path)
        if len(text) > MAX_BYTES:
            raise ConfigError((f"{path}: is larger than {MAX_BYTES // 2**20} MiB; name a configuration",))
        return tomli.loads(text.decode("utf-8-sig"))
    except FileNotFoundError as error:
        raise ConfigError((f"{path}: does not exist; write one with `copydesk init`, or name another",)) from error
    except OSError as error:
        raise ConfigError((f"{path}: cannot be read ({error.strerror}); name a file that can",)) from error
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise ConfigError((f"{path}: is not UTF-8 text (at line {line}); save it as UTF-8",)) from error
    except ValueError as error:  # tomli.TOMLDecodeError, and plain ones of numbers and dates out of range
        raise ConfigError((f"{path}: is not valid TOML: {error}; correct it there",)) from error


def _bytes(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(MAX_BYTES + 1)


# ---------------------------------------------------------------- what must fit together


def _relations(data: Mapping[str, Any], folder: Path) -> Iterator[Problem]:
    """What is wrong between keys; looks at data of any shape, so that all problems are told at once."""
    sources = _tables(data.get("sources"))
    sections = list(_tables(data.get("sections")))
    for name, table in sources.items():
        for place, section in enumerate(_list(table.get("sections"))):
            if isinstance(section, str) and section not in sections:
                known = did_you_mean(section, sections) or f"; write [sections.{section}] or remove it"
                yield Problem(("sources", name, "sections", place), f"{shown(section)} is no section{known}")
        if table.get("page") and table.get("kind") != "page" and not table.get("full_text"):
            told = 'counts only with kind = "page" or full_text = true; add one of them or remove this'
            yield Problem(("sources", name, "page"), told)
    yield from _same_urls(sources)
    yield from _former_names(sources)
    yield from _exposed(data, folder)


def _same_urls(sources: Mapping[str, Mapping[str, Any]]) -> Iterator[Problem]:
    first: dict[str, str] = {}
    for name, table in sources.items():
        url = table.get("url")
        place = same_place(url) if isinstance(url, str) else None
        if place is not None and (other := first.setdefault(place, name)) != name:
            yield Problem(("sources", name, "url"), f"is the url of source {shown(other)} as well; remove one of them")


def _former_names(sources: Mapping[str, Mapping[str, Any]]) -> Iterator[Problem]:
    heirs: dict[str, str] = {}
    for name, table in sources.items():
        for place, old in enumerate(_list(table.get("formerly"))):
            loc = ("sources", name, "formerly", place)
            if not isinstance(old, str):
                continue
            if old in sources:
                yield Problem(loc, f"{shown(old)} is a source of today; rename that one or remove this")
            elif (heir := heirs.setdefault(old, name)) != name:
                yield Problem(loc, f"{shown(old)} is claimed by source {shown(heir)} as well; keep it at one of them")


def _exposed(data: Mapping[str, Any], folder: Path) -> Iterator[Problem]:
    """A configuration or a store inside the published folder could be downloaded."""
    site, store = _tables(data).get("site", {}), _tables(data).get("store", {})
    output, url = site.get("output", "public"), store.get("url", "sqlite:///copydesk.db")
    if not isinstance(output, str):
        return
    published = _path(folder, output)
    if published in (folder, *folder.parents):
        yield Problem(("site", "output"), "is published, and this file lies in it; name a folder of its own")
    if not isinstance(url, str) or not url.startswith("sqlite:///"):
        return
    if published in _path(folder, _sqlite_file(url)).parents:
        yield Problem(("store", "url"), "lies in the folder that is published, site.output; keep it elsewhere")


def _tables(value: object) -> dict[str, dict[str, Any]]:
    """The tables in what should be one of tables."""
    return {k: v for k, v in value.items() if isinstance(v, dict)} if isinstance(value, dict) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


# ---------------------------------------------------------------- the values


def _config(file: File, path: Path, expansion: Expansion, secrets: Secrets) -> Config:
    return Config(
        path=path,
        site=_site(file.site),
        output=_path(path.parent, file.site.output),
        store_url=_store_url(file.store.url, path.parent),
        keep=seconds(file.store.keep),
        polling=_polling(file.polling),
        drop=_rules(file.drop),
        sections=tuple(_section(name, table) for name, table in file.sections.items()),
        sources=tuple(
            _source(name, table, name in expansion.private, file.site.summary_words)
            for name, table in file.sources.items()
        ),
        secrets=secrets,
    )


def _site(table: SiteTable) -> Site:
    return Site(**table.model_dump(exclude={"output"}))


def _polling(table: PollingTable) -> Polling:
    return Polling(
        interval=seconds(table.interval),
        workers=table.workers,
        per_host=table.per_host,
        spacing=seconds(table.spacing),
        deadline=seconds(table.deadline),
        first_items=table.first_items,
        first_age=seconds(table.first_age),
        wire_bytes=table.wire_bytes,
        decoded_bytes=table.decoded_bytes,
    )


def _section(name: str, table: SectionTable) -> Section:
    return Section(
        name=name,
        title=table.title,
        description=table.description,
        language=table.language,
        languages=tuple(table.languages),
        match=_rules(table.match),
        exclude=_rules(table.exclude),
        limit=table.limit,
        window=seconds(table.window),
        max_age=_maybe(table.max_age),
        per_source=table.per_source,
        stories=table.stories,
    )


def _source(name: str, table: SourceTable, secret: bool, summary_words: int) -> Source:
    made = {"formerly", "interval", "sections", "headers", "private", "drop", "page", "summary_words"}
    plain = {key: value for key, value in table if key not in made}
    return Source(
        name=name,
        formerly=tuple(dict.fromkeys(table.formerly)),
        interval=_maybe(table.interval),
        sections=tuple(dict.fromkeys(table.sections)),
        headers=tuple(table.headers.items()),
        private=table.private or secret,
        summary_words=table.summary_words or summary_words,
        drop=_rules(table.drop),
        page=PageSelectors(**dict(table.page)),
        **plain,
    )


def _rules(table: RulesTable) -> Rules:
    return Rules(**{kind: tuple(dict.fromkeys(patterns)) for kind, patterns in table})


def _maybe(duration: str | None) -> timedelta | None:
    return None if duration is None else seconds(duration)


def _path(folder: Path, said: str) -> Path:
    return Path(os.path.normpath(folder / said))


def _sqlite_file(url: str) -> str:
    return url.removeprefix("sqlite:///").partition("?")[0]


def _store_url(url: str, folder: Path) -> str:
    """The URL with an absolute file, or with the driver that we bring."""
    if not url.startswith("sqlite:"):
        return url.replace("postgresql://", "postgresql+psycopg://", 1)
    file = _sqlite_file(url)
    return f"sqlite:///{_path(folder, file)}{url.removeprefix('sqlite:///' + file)}"
