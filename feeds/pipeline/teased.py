"""What items come to: each to its article, and those of the teasers that its text ends with."""

import logging
from collections.abc import Iterator, Sequence
from datetime import datetime

from feeds.model import Article, Item, ParsedFeed, Source
from feeds.normalise import normalise, normalise_all
from feeds.parse.more import may_have_more, parted

logger = logging.getLogger(__name__)


def own_articles(
    items: Sequence[Item], feed: ParsedFeed, source: Source, url: str, now: datetime, said: Sequence[int]
) -> Sequence[Article | None]:
    """The articles of several items at once, whose digests are `said`; None of any, where a fault of ours is met."""
    try:
        return normalise_all(items, feed, source, url, now, said)
    except Exception:
        logger.exception("%s: a fault of Copydesk's own; its items are read one by one", source.name)
        return [None] * len(items)


def articles(
    item: Item,
    feed: ParsedFeed,
    source: Source,
    url: str,
    now: datetime,
    said: int | None = None,
    own: Article | None = None,
) -> Iterator[Article]:
    """The item's own article first, unless it is known already. Pages have been parted when they were read."""
    article = own or normalise(item, feed, source, url, now, said)
    more = feed.format not in ("page", "list") and may_have_more(article.text)
    rest, *others = parted(item, url) if more else (item,)
    if rest is not item:
        article = normalise(rest, feed, source, url, now, article.digest)
    yield article
    listed = {one.link for one in feed.items if one.link} if others else set()
    for other in others:
        if other.link not in listed:  # the feed tells of it itself
            yield normalise(other, feed, source, url, now)
