"""A section as a JSON Feed, version 1.1."""

from typing import Any

import msgspec

from feeds.model import Carrier, Document, Edition, Enclosure, Image, Person
from feeds.publish import paths
from feeds.publish.items import FeedItem, Inside, MoreNews, feed_description, feed_items, feed_language, feed_title
from feeds.publish.text import legible

MEDIA_TYPE = "application/feed+json"
VERSION = "https://jsonfeed.org/version/1.1"


def render(edition: Edition, items: tuple[FeedItem, ...] | None = None) -> Document:
    """The section's `feed.json`; `items` are those of the edition, where the caller has them already."""
    site, name = edition.site, edition.section.name
    feed = {
        "version": VERSION,
        "title": feed_title(edition),
        "home_page_url": paths.url(site, paths.section_path(name)),
        "feed_url": paths.url(site, paths.section_path(name, paths.JSON)),
        "description": feed_description(edition),
        "language": feed_language(edition),
        "authors": [{"name": legible(site.title), "url": site.base_url}],
        "_copydesk": {"date_modified": edition.updated.replace(microsecond=0).isoformat()},
        "items": [_item(item) for item in (feed_items(edition) if items is None else items)],
    }
    data = msgspec.json.format(msgspec.json.encode(feed), indent=1)
    return Document(path=paths.section_path(name, paths.JSON), media_type=MEDIA_TYPE, data=data + b"\n")


def _item(item: FeedItem) -> dict[str, Any]:
    said: dict[str, Any] = {
        "id": item.id,
        "url": item.link,
        "external_url": item.original if item.original != item.link else None,
        "title": item.title,
        "content_html": item.html,
        "summary": item.summary,
        "image": item.images[0].url if item.images else None,
        "date_published": item.published.isoformat(),
        "date_modified": item.updated.isoformat(),
        "authors": [_author(person) for person in item.authors],
        "tags": list(dict.fromkeys(c.label or c.term for c in item.categories)),
        "language": item.language,
        "attachments": [_attachment(file) for file in item.enclosures],
        "_copydesk": _extension(item),
    }
    return _kept(said)


def _kept(said: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in said.items() if value not in (None, "", [], {})}


def _author(person: Person) -> dict[str, Any]:
    return _kept({"name": person.name, "url": person.uri or (person.email and f"mailto:{person.email}")})


def _attachment(file: Enclosure) -> dict[str, Any]:
    return _kept(
        {
            "url": file.url,
            "mime_type": file.type,
            "title": file.title,
            "size_in_bytes": file.length,
            "duration_in_seconds": file.seconds,
        }
    )


def _extension(item: FeedItem) -> dict[str, Any]:
    """What JSON Feed has no word for; the key begins with an underscore, as 1.1 asks of extensions."""
    line, geo = item.view.lead.dateline, item.geo
    return _kept(
        {
            "page": item.page,
            "agency": item.agency,
            "dateline": line and _kept({"place": line.place, "country": line.country, "date": line.date}),
            "source": _source(item.source),
            "also_reported_by": [_source(carrier) for carrier in item.others],
            "story": [_inside(one) for one in item.inside],
            "further": item.view.further or None,
            "more_news": [_more(one) for one in item.more],
            "sections": list(item.view.sections),
            "rights": item.rights,
            "comments": item.comments,
            "categories": _categories(item),
            "images": [_image(image) for image in item.images],
            "geo": geo and _kept({"latitude": geo.latitude, "longitude": geo.longitude, "name": geo.name}),
        }
    )


def _categories(item: FeedItem) -> list[dict[str, Any]]:
    """The categories, where tags do not say it all."""
    if not any(category.scheme or category.label for category in item.categories):
        return []
    return [_kept({"term": c.term, "scheme": c.scheme, "label": c.label}) for c in item.categories]


def _image(image: Image) -> dict[str, Any]:
    size = {"width": image.width, "height": image.height}
    return _kept({"url": image.url, **size, "alt": image.alt, "credit": image.credit})


def _inside(one: Inside) -> dict[str, Any]:
    said = {"id": one.id, "url": one.link, "page": one.page, "title": one.title, "language": one.language}
    carriers = {"source": _source(one.source), "also_reported_by": [_source(carrier) for carrier in one.others]}
    return _kept(said | {"agency": one.agency} | carriers | {"date_published": one.published.isoformat()})


def _more(one: MoreNews) -> dict[str, Any]:
    said = {"id": one.id, "url": one.url, "title": one.title, "language": one.language, "source": one.source}
    return _kept(said | {"date_published": one.published.isoformat()})


def _source(carrier: Carrier) -> dict[str, Any]:
    return _kept({"name": carrier.source, "title": carrier.title, "home": carrier.home, "url": carrier.url})
