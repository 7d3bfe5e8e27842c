"""What a list of feeds comes to beside a configuration: new sources, new sections, and a word on every feed. Pure."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from urllib.parse import urlsplit

from msgspec import Struct
from msgspec.structs import replace

from feeds.config import checks
from feeds.config.names import Names, slug
from feeds.config.values import Config
from feeds.fetch.guard import is_local
from feeds.model import Section, Source, SourceKind
from feeds.parse.discover import web_address
from feeds.parse.opml import Category, Label, Subscription, Subscriptions

_WORDS = re.compile(r"[\w\s-]+")
_NOT_TEXT = re.compile("[^ -~\u00a0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]+")


class Verdict(StrEnum):
    """What becomes of a feed of the list."""

    ADDED = "added"
    KNOWN = "already there"
    DEAD = "dead"  # added, and disabled
    NOT_A_FEED = "not a feed"
    REFUSED = "refused"


class Checked(Struct, frozen=True, kw_only=True):
    """What a feed answered: its title and where it was found in the end, or what is wrong with it."""

    verdict: Verdict = Verdict.ADDED  # or DEAD, NOT_A_FEED, REFUSED
    reason: str | None = None  # a sentence; also of one that is to be tried again
    title: str | None = None
    places: tuple[str, ...] = ()  # where it redirects to
    kind: SourceKind = "auto"


class Line(Struct, frozen=True, kw_only=True):
    """A word on one feed."""

    url: str
    verdict: Verdict
    name: str | None = None  # of its source
    title: str | None = None
    sections: tuple[str, ...] = ()
    reason: str | None = None


class Plan(Struct, frozen=True, kw_only=True):
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


def addresses(listed: Subscriptions, config: Config) -> dict[str, SourceKind]:
    """Those of a list that are worth asking, and as what: usable and new, each once."""
    there, found = known(config), dict[str, tuple[str, SourceKind]]()
    for one in listed.feeds:
        url, refused = _address(one)
        if refused is None and twin(url) not in there:
            found.setdefault(twin(url), (url, one.kind))
    return dict(found.values())


def plan(listed: Subscriptions, config: Config, now: datetime, checked: Mapping[str, Checked] | None = None) -> Plan:
    """What to write for a list; `checked` is what the addresses answered, if they were asked."""
    desk = _Desk(config, now, checked or {}, _Shelves.of(config, listed))
    for label in listed.sections:
        desk.shelves.one((label,))
    for one in listed.feeds:
        desk.take(one)
    stand = {source.name: source.sections for source in (*config.sources, *desk.sources.values())}
    lines = (replace(line, sections=stand.get(line.name or "", ())) for line in desk.lines)
    return Plan(sections=tuple(desk.shelves.new.values()), sources=tuple(desk.sources.values()), lines=tuple(lines))


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


def names(config: Config) -> Names:
    """The names of sources, with those whose history belongs to one of today."""
    return Names(name for source in config.sources for name in (source.name, *source.formerly))


def source_name(title: str | None, url: str) -> str:
    """What a source may be called: of its title, else of its host."""
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    return slug(title or "") or slug(host) or "source"


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

    names: Names
    titles: dict[str, str]  # of sections, casefolded, with their names
    paths: dict[str, set[tuple[str, ...]]]  # where in the list a category of that name stands
    new: dict[str, Section] = field(default_factory=dict)
    _found: dict[Category, str] = field(default_factory=dict)

    @classmethod
    def of(cls, config: Config, listed: Subscriptions) -> "_Shelves":
        """Those of a configuration, for a list."""
        paths: dict[str, set[tuple[str, ...]]] = {}
        for category in (category for one in listed.feeds for category in one.categories):
            for path in _with_outer(category):
                paths.setdefault(_key(path[-1]), set()).add(tuple(map(_key, path)))
        titles = {section.title.casefold(): section.name for section in reversed(config.sections)}
        taken = (*(section.name for section in config.sections), *checks.RESERVED)
        return cls(Names(taken), titles, paths)

    def all_of(self, categories: Iterable[Category]) -> tuple[str, ...]:
        """The sections of a feed: one for each category, and for those that it lies in."""
        found = (self.one(path) for category in categories for path in _with_outer(category))
        return tuple(dict.fromkeys(found))

    def one(self, path: Category) -> str:
        """The section of one category; a new one when there is none."""
        if path not in self._found:
            self._found[path] = self._find(path)
        return self._found[path]

    def _find(self, path: Category) -> str:
        title, own = self._title(path), path[-1].section
        if own and _is_name(own):
            return own if own in self.names else self._add(own, title)
        made = slug(title) or "section"
        usable = made in self.names and made not in checks.RESERVED
        named = made if usable and _WORDS.fullmatch(title) else None  # "C++" is not the section that is named "c"
        return self.titles.get(title.casefold()) or named or self._add(made, title)

    def _title(self, path: Category) -> str:
        """What a category is called; with those around it where another one has the same name."""
        alone = len(self.paths.get(_key(path[-1]), ())) < 2
        told = path[-1].title if alone else ": ".join(label.title for label in path)
        return printable(told) or "Section"

    def _add(self, name: str, title: str) -> str:
        name = self.names.take(name)
        self.new[name] = Section(name=name, title=title)
        self.titles.setdefault(title.casefold(), name)
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
    names: Names = field(init=False)
    there: dict[str, str] = field(init=False)  # twin -> name
    sources: dict[str, Source] = field(default_factory=dict)  # new ones
    lines: list[Line] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.names, self.there = names(self.config), known(self.config)

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

    def _again(self, one: Subscription, url: str, name: str, title: str | None) -> None:
        """A feed that is configured, or was taken from this list: a new source then stands in these sections too."""
        if name in self.sources:
            sections = dict.fromkeys((*self.sources[name].sections, *self.shelves.all_of(one.categories)))
            self.sources[name] = replace(self.sources[name], sections=tuple(sections))
        self.lines.append(Line(url=url, verdict=Verdict.KNOWN, name=name, title=title))

    def _tell(self, url: str, verdict: Verdict, title: str | None, reason: str | None) -> None:
        self.lines.append(Line(url=url, verdict=verdict, title=title, reason=reason))

    def _add(self, one: Subscription, url: str, title: str | None, answer: Checked) -> None:
        own = one.name if one.name and _is_source_name(one.name) else None
        name = self.names.take(own or source_name(title, url))
        dead = answer.verdict is Verdict.DEAD
        note = f"Disabled when it was imported on {self.now:%Y-%m-%d}: {answer.reason}." if dead else None
        self.sources[name] = Source(
            name=name,
            url=url,
            kind=answer.kind if one.kind == "auto" else one.kind,
            title=title,
            home=page(one.home),
            sections=self.shelves.all_of(one.categories),
            language=_language(one.language),
            disabled=dead or one.disabled,
            note=note,
        )
        self.there |= {twin(place): name for place in (*answer.places, url)}
        self.lines.append(Line(url=url, verdict=answer.verdict, name=name, title=title, reason=answer.reason))


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
