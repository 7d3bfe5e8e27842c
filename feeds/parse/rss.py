"""Reads RSS 0.91, 0.92, 0.93, 0.94 and 2.0; the items of RSS 0.90 and 1.0 are read with the same table."""

from collections.abc import Iterable, Mapping

from lxml import etree

from feeds.model import ParsedFeed, Via
from feeds.parse.constructs import keep_content
from feeds.parse.draft import Draft, Handler, fill, keep, keep_html, keep_title, keep_url, resolved
from feeds.parse.extensions import (
    EXTENSIONS,
    FEED_EXTENSIONS,
    keep_enclosure,
    keep_person_line,
    keep_subject,
    keep_subjects,
)
from feeds.parse.feed import finish, gather
from feeds.parse.media import keep_picture
from feeds.parse.xml import XML_LANG, Names, UntrustedError, base_of, split, text_of


def keep_guid(draft: Draft, element: etree._Element, name: str) -> None:
    """Keep the guid, and whether it claims to be the item's URL: it does so by default."""
    guid = text_of(element)
    if not guid or "guid" in draft.said:
        return
    claim = (element.get("isPermaLink") or element.get("ispermalink") or "").strip().lower()
    draft.said["guid"] = guid
    draft.permalink = claim == "true" or (claim != "false" and guid.lower().startswith(("http://", "https://")))


def keep_origin(draft: Draft, element: etree._Element, name: str) -> None:
    """Keep the feed that an item was taken from."""
    url, title = element.get("url"), text_of(element) or None
    if url or title:
        draft.via = draft.via or Via(title=title, url=resolved(draft, element, url) if url else None)


def keep_list(draft: Draft, element: etree._Element, name: str) -> None:
    """Keep the texts of the children, with spaces between them."""
    words = " ".join(filter(None, map(text_of, element)))
    if words:
        draft.said.setdefault(name, words)


_CORE: Mapping[str, Handler] = {
    **dict.fromkeys(("pubdate", "published", "issued", "updated", "modified", "created", "id"), keep),
    **dict.fromkeys(("link", "comments"), keep_url),
    **dict.fromkeys(("description", "summary", "copyright", "rights", "body", "fullitem"), keep_html),
    "title": keep_title,
    "content": keep_content,
    "author": keep_person_line,
    "category": keep_subject,
    "categories": keep_subjects,
    "image": keep_picture,
}
ITEM: Mapping[str, Handler] = {
    **EXTENSIONS,
    **_CORE,
    "guid": keep_guid,
    "enclosure": keep_enclosure,
    "source": keep_origin,
}
CHANNEL: Mapping[str, Handler] = {
    **FEED_EXTENSIONS,
    **_CORE,
    **dict.fromkeys(("lastbuilddate", "generator"), keep),
    **dict.fromkeys(("skiphours", "skipdays"), keep_list),
    **dict.fromkeys(("managingeditor", "webmaster"), keep_person_line),
}


def read_items(draft: Draft, element: etree._Element, names: Names) -> None:
    """Fill one item; RSS 1.0 names it by `rdf:about`."""
    fill(draft, element, names, ITEM)
    for attribute, value in element.attrib.items():
        if split(str(attribute))[1] == "about" and value.strip():
            draft.said["rdf:about"] = about = str(value).strip()
            draft.permalink = draft.permalink or (
                "guid" not in draft.said and about.startswith(("http://", "https://"))
            )


def named(parents: Iterable[etree._Element], names: Names, name: str) -> list[etree._Element]:
    """The children of that short name, in the document's order."""
    return [child for parent in parents for child in parent if names[str(child.tag)] == name]


def read(root: etree._Element, url: str) -> ParsedFeed:
    """The feed that `root` holds. Raises UntrustedError when it is laid out in another way."""
    names = Names(str(root.tag))
    channels = named([root], names, "channel")
    if len(channels) != 1:
        raise UntrustedError(f"{len(channels)} channels")
    channel = channels[0]
    base = base_of(channel, base_of(root, url))
    feed = fill(Draft(base=base, language=channel.get(XML_LANG) or root.get(XML_LANG)), channel, names, CHANNEL)
    items = gather(
        root, named([channel, root], names, "item"), feed, lambda draft, item: read_items(draft, item, names)
    )
    version = (root.get("version") or "").strip()[:4]
    return finish(feed, items, "rss09x", version) if version.startswith("0.9") else finish(feed, items, "rss20")
