"""The newsroom's own pages, made of its feeds as Copydesk reads them: one per article, one per source."""

from collections.abc import Mapping
from datetime import datetime
from html import escape
from urllib.parse import urljoin, urlsplit

from feeds.demo.serving import Resource
from feeds.model import Item, ParsedFeed, Text
from feeds.parse import parse


def pages(feeds: Mapping[str, Resource], base: str, now: datetime) -> dict[str, Resource]:
    """Path with query -> page, for every link in the feeds; the path alone leads there as well."""
    found: dict[str, Resource] = {}
    for path, feed in feeds.items():
        said = parse(feed.body, base + path, {"content-type": feed.media_type})
        found[urljoin(path, ".")] = _page(_plain(said.title), _listing(said, path), now)
        for item in said.items:
            link = urlsplit(item.link or "")
            page = _page(_plain(item.title), _article(item, said), now)
            found.setdefault(link.path, page)
            found[f"{link.path}?{link.query}"] = page
    return found


def _listing(feed: ParsedFeed, path: str) -> str:
    links = "".join(f'<li><a href="{escape(item.link or "")}">{_html(item.title)}</a></li>' for item in feed.items)
    return f'<p>{_html(feed.description)}</p><ul>{links}</ul><p><a href="{escape(path)}">Feed</a></p>'


def _article(item: Item, feed: ParsedFeed) -> str:
    names = ", ".join(person.name for person in item.authors if person.name)
    by = f"<p><small>{escape(names)} · {escape(item.published or item.updated or '')}</small></p>"
    return (
        f'{by}{_html(item.content or item.summary)}<p><a href="{escape(feed.link or "/")}">{_html(feed.title)}</a></p>'
    )


def _page(title: str, main: str, now: datetime) -> Resource:
    text = (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{escape(title)}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1"></head>'
        f"<body><main><h1>{escape(title)}</h1>{main}</main></body></html>\n"
    )
    return Resource(media_type="text/html; charset=utf-8", body=text.encode(), modified=now)


def _html(text: Text | None) -> str:
    """As HTML. The texts are our own, so markup passes as it is."""
    if text is None:
        return ""
    return escape(text.value) if text.type == "text" else text.value


def _plain(text: Text | None) -> str:
    """A title for the window: markup, where there is any, shows as it was typed."""
    return text.value if text else ""
