"""Reads RSS 1.0 and 0.90, whose items stand beside the channel."""

from lxml import etree

from feeds.model import ParsedFeed
from feeds.parse.draft import Draft, fill
from feeds.parse.feed import finish, gather
from feeds.parse.rss import CHANNEL, named, read_items
from feeds.parse.xml import RDF, XML_LANG, Names, UntrustedError, base_of

_OLD = ("my.netscape.com", "channel.netscape.com")


def read(root: etree._Element, url: str) -> ParsedFeed:
    """The feed that `root` holds. Raises UntrustedError when it is laid out in another way."""
    names = Names(str(root.tag))
    channels = named([root], names, "channel")
    if len(channels) != 1:
        raise UntrustedError(f"{len(channels)} channels")
    channel = channels[0]
    feed = Draft(base=base_of(channel, base_of(root, url)), language=root.get(XML_LANG))
    fill(feed, channel, names, CHANNEL)
    feed.images.clear()  # the channel only refers to its picture
    for image in named([root], names, "image"):
        CHANNEL["image"](feed, image, "image")
    if about := channel.get(f"{{{RDF}}}about"):
        feed.said.setdefault("rdf:about", about)
    items = gather(
        root, named([root, channel], names, "item"), feed, lambda draft, item: read_items(draft, item, names)
    )
    old = any(site in str(channel.tag) for site in _OLD)
    return finish(feed, items, "rss09x" if old else "rss10")
