"""Turns drafts into the values that leave the room: the same for every format of XML."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import NamedTuple

from lxml import etree

from feeds.model import Item, ParsedFeed, Problem
from feeds.parse.draft import Draft, duration, number
from feeds.parse.reasons import MAX_ITEMS, Reason, too_many
from feeds.parse.xml import XML_LANG, Names, UntrustedError, absolute, base_of

_ITEM_TAGS = ("{*}item", "{*}entry")
_ITEM_NAMES = frozenset({"item", "entry", "atom:item", "atom:entry"})
_PERIODS = {
    "hourly": timedelta(hours=1),
    "daily": timedelta(days=1),
    "weekly": timedelta(weeks=1),
    "monthly": timedelta(days=30),
    "yearly": timedelta(days=365),
}
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class Gathered(NamedTuple):
    """The items of a document, and those skipped."""

    items: tuple[Item, ...]
    problems: tuple[Problem, ...]


def gather(
    root: etree._Element,
    elements: Sequence[etree._Element],
    feed: Draft,
    fill: Callable[[Draft, etree._Element], object],
) -> Gathered:
    """Read every item. Raises UntrustedError when items stand where the reader did not look."""
    names = Names("")
    if sum(names[str(found.tag)] in _ITEM_NAMES for found in root.iter(*_ITEM_TAGS)) > len(elements):
        raise UntrustedError("items inside items, or outside their place")
    items: list[Item] = []
    problems: list[Problem] = []
    for position, element in enumerate(elements[:MAX_ITEMS]):
        draft = Draft(base=base_of(element, feed.base), language=element.get(XML_LANG))
        fill(draft, element)
        item = draft.item()
        if item is None:
            problems.append(Problem(reason=Reason.EMPTY, position=position))
        else:
            items.append(item)
    return Gathered(tuple(items), (*problems, *too_many(len(elements))))


def finish(feed: Draft, gathered: Gathered, form: str, version: str | None = None) -> ParsedFeed:
    """The feed's own fields, and its items; `form` is a word of ParsedFeed.format."""
    image = feed.said.get("logo") or next(iter(feed.images), None) or feed.first("icon", "atom:logo", "atom:icon")
    return ParsedFeed(
        items=gathered.items,
        problems=gathered.problems,
        format=form,
        version=version,
        id=feed.first("id", "atom:id", "rdf:about"),
        title=feed.title(),
        description=feed.text("tagline") or feed.text("subtitle") or feed.description() or feed.text("info"),
        link=_absolute(feed, feed.link()),
        self_link=_absolute(feed, feed.links.get("self")),
        hub=_absolute(feed, feed.links.get("hub")),
        language=(feed.first("language", "dc:language") or feed.language or "").replace("_", "-") or None,
        rights=feed.rights(),
        updated=feed.updated(),
        published=feed.published(),
        image=_absolute(feed, image),
        authors=feed.authors(),
        creators=() if form.startswith("atom") else feed.creators(),
        categories=tuple((feed.categories or feed.keywords).values()),
        ttl=duration(feed.said.get("ttl")),
        skip_hours=_hours(feed.said.get("skiphours")),
        skip_days=tuple(day for day in _DAYS if day.lower() in feed.said.get("skipdays", "").lower()),
        update_period=_period(feed.said.get("sy:updateperiod"), feed.said.get("sy:updatefrequency")),
    )


def _absolute(feed: Draft, said: str | None) -> str | None:
    return absolute(feed.base, said) if said else None


def _hours(text: str | None) -> tuple[int, ...]:
    hours = {number(word) for word in (text or "").split()}
    # RSS 0.91 counts from 1 to 24, RSS 2.0 from 0 to 23: 24 is midnight in both.
    return tuple(sorted({hour % 24 for hour in hours if hour is not None and hour <= 24}))


def _period(period: str | None, frequency: str | None) -> timedelta | None:
    """sy:updatePeriod and sy:updateFrequency; http://purl.org/rss/1.0/modules/syndication/."""
    if period is None and frequency is None:
        return None
    length = _PERIODS.get((period or "daily").lower())
    times = number(frequency) if frequency is not None else 1
    return length / times if length and times and times <= 10_000 else None
