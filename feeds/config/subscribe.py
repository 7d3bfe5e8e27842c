"""What a list of feeds comes to beside a configuration: new sources, new sections, and a word on every feed. Pure."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from urllib.parse import urlsplit

from feeds.config import checks
from feeds.config.names import slug, unused
from feeds.config.values import Config
from feeds.fetch.guard import is_local
from feeds.model import Section, Source
from feeds.parse.discover import web_address
from feeds.parse.opml import Category, Label, Subscription, Subscriptions

_NOT_TEXT = re.compile("[^ -~\u00a0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]+")


class Verdict(StrEnum):
    """What becomes of a feed of the list."""

    ADDED = "added"
    KNOWN = "already there"
    DEAD = "dead"  # added, and disabled
    NOT_A_FEED = "not a feed"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What a feed answered: its title and where it was found in the end, or what is wrong with it."""

    verdict: Verdict = Verdict.ADDED  # or DEAD, NOT_A_FEED, REFUSED
    reason: str | None = None  # a sentence; also of one that is to be tried again
    title: str | None = None
    places: tuple[str, ...] = ()  # where it redirects to


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A word on one feed."""

    url: str
    verdict: Verdict
    name: str | None = None  # of its source
    title: str | None = None
    sections: tuple[str, ...] = ()
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is to be written, and what is to be said."""

    sections: tuple[Section, ...] = ()
    sources: tuple[Source, ...] = ()
    lines: tuple[Line, ...] = ()


def twin(url: str) -> str:
    """Equal for addresses that surely are one feed's: http or https, with or without a slash at the end."""
    place = checks.same_place(url) or url
    path, mark, query = place.partition("?")
    return (path.rstrip("/") + mark + query) if "/" in path else place


def known(config: Config) -> dict[str, str]:
    """The names of the sources that are configured, by `twin` of their addresses."""
    return {twin(source.url): source.name for source in config.sources}


def addresses(listed: Subscriptions, config: Config) -> tuple[str, ...]:
    """Those of a list that are worth asking: usable and new, each once."""
    there, found = known(config), dict[str, str]()
    for one in listed.feeds:
        url, refused = _address(one)
        if refused is None and twin(url) not in there:
            found.setdefault(twin(url), url)
    return tuple(found.values())


def plan(listed: Subscriptions, config: Config, now: datetime, checked: Mapping[str, Checked] | None = None) -> Plan:
    """What to write for a list; `checked` is what the addresses answered, if they were asked."""
    desk = _Desk(config, now, checked or {}, _Shelves(config, listed))
    for label in listed.sections:
        desk.shelves.name((label,))
    for one in listed.feeds:
        desk.take(one)
    sources = tuple(desk.sources.values())
    lines = (replace(line, sections=desk.sections_of(line)) for line in desk.lines)
    return Plan(sections=tuple(desk.shelves.new.values()), sources=sources, lines=tuple(lines))


def printable(text: str | None) -> str | None:
    """A title as a configuration can hold it: one line of text; None for none."""
    return " ".join(_NOT_TEXT.sub(" ", text or "").split())[:1_000] or None


def page(url: str | None) -> str | None:
    """A home page that may be printed; None for what is no address, or one of the own network."""
    found = web_address("", url or "")
    usable = found and checks.same_place(found) and not is_local(found) and not secrets(found)
    return found if usable else None


def secrets(url: str) -> tuple[str, ...]:
    """What of an address should not stand in a file: a password, or a user who is a token; values of such names."""
    user, password = checks.credentials(url)
    return tuple(filter(None, (password or user, *checks.tokens(url))))


def source_name(title: str | None, url: str, taken: Iterable[str]) -> str:
    """A new name for a source: of its title, else of its host."""
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    return unused(slug(title or "") or slug(host) or "source", set(taken))


def _address(one: Subscription) -> tuple[str, str | None]:
    """The address, and why it cannot be taken."""
    url = web_address("", one.url)
    if url is None or checks.same_place(url) is None:
        return one.url, "is no http(s) address"
    if is_local(url):
        return url, "is an address of your own network; if you mean it, add it by hand: copydesk add URL"
    return url, None


@dataclass(slots=True)
class _Shelves:
    """Sections by category: those that are configured, and those that are new."""

    config: Config
    listed: Subscriptions
    new: dict[str, Section] = field(default_factory=dict)
    _paths: dict[str, set[tuple[str, ...]]] = field(default_factory=dict)
    _names: dict[Category, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for one in self.listed.feeds:
            for category in one.categories:
                for path in _with_outer(category):
                    self._paths.setdefault(_key(path[-1]), set()).add(tuple(map(_key, path)))

    def names(self, categories: Iterable[Category]) -> tuple[str, ...]:
        """The sections of a feed: one for each category, and for those that it lies in."""
        found = (self.name(path) for category in categories for path in _with_outer(category))
        return tuple(dict.fromkeys(found))

    def name(self, path: Category) -> str:
        """The section of one category; a new one when there is none."""
        if path not in self._names:
            self._names[path] = self._find(path)
        return self._names[path]

    def _find(self, path: Category) -> str:
        every = {section.name: section for section in self.config.sections} | self.new
        own = path[-1].section
        if own and _is_name(own):
            return own if own in every else self._add(own, path[-1].title)
        title = self._title(path)
        same = (name for name, section in every.items() if section.title.casefold() == title.casefold())
        made = slug(title) or "section"
        found = next(same, made if made in every else None)
        return found or self._add(unused(made, {*every, *checks.RESERVED}), title)

    def _title(self, path: Category) -> str:
        """What a category is called; with those around it where another one has the same name."""
        alone = len(self._paths.get(_key(path[-1]), ())) < 2
        told = path[-1].title if alone else ": ".join(label.title for label in path)
        return printable(told) or "Section"

    def _add(self, name: str, title: str) -> str:
        self.new[name] = Section(name=name, title=printable(title) or name)
        return name


def _with_outer(category: Category) -> Iterable[Category]:
    return (category[:depth] for depth in range(1, len(category) + 1))


def _key(label: Label) -> str:
    return label.section or label.title.casefold()


def _is_name(name: str) -> bool:
    try:
        checks.section_name(name)
    except ValueError:
        return False
    return True


@dataclass(slots=True)
class _Desk:
    """Takes the feeds of a list one by one."""

    config: Config
    now: datetime
    checked: Mapping[str, Checked]
    shelves: _Shelves
    there: dict[str, str] = field(init=False)  # twin -> name
    sources: dict[str, Source] = field(default_factory=dict)  # new ones
    lines: list[Line] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.there = known(self.config)

    def take(self, one: Subscription) -> None:
        """One feed: a new source, or a word on why not."""
        url, refused = _address(one)
        answer = self.checked.get(url, Checked())
        name = next((self.there[t] for t in map(twin, (url, *answer.places)) if t in self.there), None)
        title = printable(one.title) or printable(answer.title)
        if name is not None:
            self._again(one, url, name, title)
        elif refused is not None:
            self._tell(url, Verdict.REFUSED, title, refused)
        elif answer.verdict in (Verdict.NOT_A_FEED, Verdict.REFUSED):
            self._tell(url, answer.verdict, title, answer.reason)
        else:
            self._add(one, url, title, answer)

    def sections_of(self, line: Line) -> tuple[str, ...]:
        """As they are in the end, for another feed of the list may have been the same."""
        return self.sources[line.name].sections if line.name in self.sources else line.sections

    def _again(self, one: Subscription, url: str, name: str, title: str | None) -> None:
        """A feed that is configured, or was taken from this list: a new source then stands in these sections too."""
        if name in self.sources:
            sections = dict.fromkeys((*self.sources[name].sections, *self.shelves.names(one.categories)))
            self.sources[name] = replace(self.sources[name], sections=tuple(sections))
        self.lines.append(Line(url=url, verdict=Verdict.KNOWN, name=name, title=title))

    def _tell(self, url: str, verdict: Verdict, title: str | None, reason: str | None) -> None:
        self.lines.append(Line(url=url, verdict=verdict, title=title, reason=reason))

    def _add(self, one: Subscription, url: str, title: str | None, answer: Checked) -> None:
        taken = {source.name for source in self.config.sources} | self.sources.keys() | self._former()
        own = one.name if one.name and _is_source_name(one.name) and one.name not in taken else None
        name = own or source_name(title, url, taken)
        dead = answer.verdict is Verdict.DEAD
        note = f"Disabled when it was imported on {self.now:%Y-%m-%d}: {answer.reason}." if dead else None
        self.sources[name] = Source(
            name=name,
            url=url,
            title=title,
            home=page(one.home),
            sections=self.shelves.names(one.categories),
            language=_language(one.language),
            disabled=dead or one.disabled,
            note=note,
        )
        self.there |= {twin(place): name for place in (*answer.places, url)}
        self.lines.append(Line(url=url, verdict=answer.verdict, name=name, title=title, reason=answer.reason))

    def _former(self) -> set[str]:
        """Names whose history belongs to a source of today."""
        return {old for source in self.config.sources for old in source.formerly}


def _is_source_name(name: str) -> bool:
    try:
        checks.name(name)
    except ValueError:
        return False
    return True


def _language(tag: str | None) -> str | None:
    try:
        return checks.language(tag.strip()) if tag else None
    except ValueError:
        return None
