"""What an item comes to: its article, and those of the teasers that its text ends with."""

from collections.abc import Iterator
from datetime import datetime

from feeds.model import Article, Item, ParsedFeed, Source
from feeds.normalise import normalise
from feeds.parse.more import may_have_more, parted


def articles(
    item: Item, feed: ParsedFeed, source: Source, url: str, now: datetime, said: int | None = None
) -> Iterator[Article]:
    """The item's own article first. Pages have been parted when they were read."""
    article = normalise(item, feed, source, url, now, said)
    more = feed.format not in ("page", "list") and may_have_more(article.text)
    own, *others = parted(item, url) if more else (item,)
    if own is not item:
        article = normalise(own, feed, source, url, now, article.digest)
    yield article
    listed = {one.link for one in feed.items if one.link} if others else set()
    for other in others:
        if other.link not in listed:  # the feed tells of it itself
            yield normalise(other, feed, source, url, now)
