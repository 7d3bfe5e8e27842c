"""Reads Atom 1.0 (RFC 4287) and 0.3."""

from collections.abc import Mapping

from lxml import etree

from feeds.model import ParsedFeed
from feeds.parse.constructs import CORE, keep_link
from feeds.parse.draft import Draft, Handler, fill
from feeds.parse.extensions import EXTENSIONS, FEED_EXTENSIONS
from feeds.parse.feed import finish, gather
from feeds.parse.media import keep_media, keep_picture
from feeds.parse.xml import XML_LANG, Names, base_of


def keep_entry_link(draft: Draft, element: etree._Element, name: str) -> None:
    """Keep a link, and the pictures of the page that stand inside it, as the BBC's Chinese service gives them."""
    keep_link(draft, element, name)
    if len(element) and element.get("rel", "alternate") == "alternate":
        fill(draft, element, Names(""), {"media:content": keep_media, "media:thumbnail": keep_picture})


_ENTRY: Mapping[str, Handler] = {**EXTENSIONS, **CORE, "link": keep_entry_link}
_FEED: Mapping[str, Handler] = {**FEED_EXTENSIONS, **CORE}


def read(root: etree._Element, url: str) -> ParsedFeed:
    """The feed that `root` holds. Raises UntrustedError when it is laid out in another way."""
    names = Names(str(root.tag))
    feed = fill(Draft(base=base_of(root, url), language=root.get(XML_LANG)), root, names, _FEED)
    entries = [child for child in root if names[str(child.tag)] == "entry"]
    version = "atom03" if "purl.org/atom" in str(root.tag) or root.get("version") == "0.3" else "atom10"
    items = gather(root, entries, feed, lambda draft, entry: fill(draft, entry, names, _ENTRY))
    return finish(feed, items, version)
