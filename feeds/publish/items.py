"""What an entry says to a reader of feeds: the one answer that Atom, RSS and JSON Feed print alike."""

from datetime import datetime
from functools import lru_cache
from html import escape as _escape
from uuid import NAMESPACE_URL, uuid5

from msgspec import Struct
from msgspec.structs import replace

from feeds.model import Carrier, Category, Edition, Enclosure, EntryView, Geo, Image, Person, Sibling, Site
from feeds.publish import paths
from feeds.publish.images import without_images
from feeds.publish.text import email, language_tag, legible, media_type, web_url
from feeds.publish.text import host as host_of

FOREIGN = 'rel="noopener noreferrer nofollow ugc"'
MAX_CARRIERS = 12  # a text may be printed by hundreds of sites
MAX_IMAGES = 10


class MoreNews(Struct, frozen=True, kw_only=True, gc=False):
    """Another entry about the same event, by its page."""

    id: str
    url: str
    title: str
    language: str | None
    source: str
    published: datetime


class Inside(Struct, frozen=True, kw_only=True, gc=False):
    """Another entry of its story, as the entry that shows it prints it; `link` is what a click on it opens."""

    id: str
    title: str
    link: str
    page: str
    language: str | None
    agency: str | None
    source: Carrier
    others: tuple[Carrier, ...]
    paywall: bool
    published: datetime


class FeedItem(Struct, frozen=True, kw_only=True, gc=False):
    """An entry as the feeds print it. `link` is what a click opens; `original` is None when it may not be named."""

    id: str
    title: str
    link: str
    page: str
    original: str | None
    related: tuple[str, ...]  # the other carriers and, unless it is the link, our page
    more: tuple[MoreNews, ...]  # pages of ours about the same event
    inside: tuple[Inside, ...]  # what it shows of its story besides
    published: datetime
    updated: datetime
    authors: tuple[Person, ...]  # "By-line, Source", else "Source"
    summary: str  # plain text; "" under the policy "headline"
    html: str  # by the content policy; ends with the marked line
    categories: tuple[Category, ...]
    images: tuple[Image, ...]
    enclosures: tuple[Enclosure, ...]
    geo: Geo | None
    comments: str | None
    rights: str | None
    language: str | None
    agency: str | None
    source: Carrier
    source_id: str
    others: tuple[Carrier, ...]
    view: EntryView


def feed_title(edition: Edition) -> str:
    """The title of a section's feeds."""
    return legible(f"{edition.site.title}: {edition.section.title}")


def feed_description(edition: Edition) -> str:
    """The subtitle of a section's feeds; RSS asks for one."""
    return legible(edition.section.description or f"{edition.section.title} from {edition.site.title}")


def feed_language(edition: Edition) -> str:
    """The language of a section's feeds."""
    return edition.section.language or edition.site.language


def feed_items(edition: Edition) -> tuple[FeedItem, ...]:
    """The entries of an edition, in its order."""
    return tuple(feed_item(edition.site, view) for view in edition.entries)


def feed_item(site: Site, view: EntryView) -> FeedItem:
    """One entry, made ready for all formats."""
    lead, open_ = view.lead, view.content_policy != "headline"
    page = paths.url(site, paths.entry_path(view.entry.id))
    original = original_url(view)
    first = web_url(view.first.url) if view.first else original  # a change of lead moves no link
    link = first if first and view.link_policy == "original" else page
    others = other_carriers(view)
    images = feed_images(view) if open_ else ()
    inside = tuple(_inside(site, one) for one in view.inside)
    within = {one.id for one in inside}
    return FeedItem(
        id=view.entry.id,
        title=headline(view),
        link=link,
        page=page,
        original=original,
        related=_related(others, page, link, original),
        more=tuple(_more(site, one) for one in view.more if one.id not in within),
        inside=inside,
        published=view.entry.published.replace(microsecond=0),
        updated=view.entry.updated.replace(microsecond=0),
        authors=by_lines(view),
        summary=legible(lead.summary) if open_ else "",
        html=legible(body_html(view, images) + story_html(inside, view.further) + credit_html(view, original, others)),
        categories=tuple(_category(c) for c in lead.categories if c.term.strip()),
        images=images,
        enclosures=tuple(e for e in map(_enclosure, lead.enclosures) if e) if open_ else (),
        geo=_geo(lead.geo) if lead.geo else None,
        comments=web_url(lead.comments),
        rights=rights(view),
        language=language_tag(lead.language),
        agency=legible(lead.agency.credit) if lead.agency else None,
        source=_carrier(view.carrier),
        source_id=source_id(site.base_url, view.carrier.origin or view.carrier.source),
        others=others,
        view=view,
    )


@lru_cache(maxsize=4096)
def source_id(base_url: str, origin: str) -> str:
    """A stable id for a source's feed; its own may be secret, or missing."""
    return uuid5(NAMESPACE_URL, f"{base_url}{paths.SOURCES}#{origin}").urn


def headline(view: EntryView) -> str:
    """The title; never empty, as Atom asks for one."""
    lead = view.lead
    return legible(lead.title or lead.summary[:100] or view.carrier.title or view.carrier.source)


def original_url(view: EntryView) -> str | None:
    """Where the lead can be read; a private source's address is never printed, so only the carrier is asked."""
    return web_url(view.carrier.url)


def rights(view: EntryView) -> str | None:
    """The source's configured notice, else what the article says."""
    said = view.rights or view.lead.rights
    return legible(said) if said else None


def other_carriers(view: EntryView) -> tuple[Carrier, ...]:
    """Who else carried it, each source once."""
    seen = {c.source: c for c in reversed(view.others) if c.source != view.carrier.source}
    return tuple(_carrier(c) for c in reversed(seen.values()))


def by_lines(view: EntryView) -> tuple[Person, ...]:
    """One person per author, named with the source; the source alone when nobody signed."""
    source = legible(view.carrier.title)
    signed = tuple(
        Person(name=legible(f"{a.name}, {source}"), email=email(a.email), uri=web_url(a.uri))
        for a in view.lead.authors
        if a.name and a.name != view.carrier.title
    )
    return signed or (Person(name=source, uri=_home(view.carrier.home)),)


def feed_images(view: EntryView) -> tuple[Image, ...]:
    """The pictures that feeds may show: by their address at the source, as nothing is copied yet."""
    if view.image_policy == "none":
        return ()
    found = ((image, web_url(image.url)) for image in view.lead.images[:MAX_IMAGES])
    return tuple(image if image.url == url else replace(image, url=url) for image, url in found if url)


def body_html(view: EntryView, images: tuple[Image, ...]) -> str:
    """The body by the content policy, with one picture where the policy gives any; "" for a headline."""
    lead = view.lead
    if view.content_policy == "headline":
        return ""
    if view.content_policy == "full" and lead.content:
        body = lead.content if view.image_policy != "none" else without_images(lead.content)
        return body if "<img" in body else _figure(images) + body
    return _figure(images) + paragraph(lead.summary)


def paragraph(text: str) -> str:
    """Plain text as HTML."""
    return f"<p>{_escape(text)}</p>" if text else ""


def _figure(images: tuple[Image, ...]) -> str:
    if not images:
        return ""
    first = images[0]
    size = "".join(f' {k}="{v}"' for k, v in (("width", first.width), ("height", first.height)) if v)
    return f'<p class="copydesk-image"><img src="{_escape(first.url)}" alt="{_escape(first.alt or "")}"{size}></p>'


def credit_html(view: EntryView, original: str | None, others: tuple[Carrier, ...]) -> str:
    """The marked line that ends every entry: agency, source, "also reported by", where to read it.

    Our own parser knows it by its class and takes it off again.
    """
    parts = _credited(_agency(view), view.carrier, others)
    if original:
        parts.append(_link(f"Read at {host_of(original)}", original) + (" (subscription)" if view.paywall else ""))
    return f'<p class="copydesk-credit">{" ".join(parts)}</p>'


def story_html(inside: tuple[Inside, ...], further: int) -> str:
    """The marked list of what else an entry shows of its story; our own parser takes it off again."""
    if not inside:
        return ""
    lines = [f"<li>{_link(one.title, one.link)}<br>{' '.join(_told(one))}</li>" for one in inside]
    rest = f"<p>And {further} more.</p>" if further else ""
    return f'<div class="copydesk-story"><p>Also in this story:</p><ul>{"".join(lines)}</ul>{rest}</div>'


def _told(one: Inside) -> list[str]:
    agency = f"{_escape(one.agency)} · " if one.agency and one.agency != one.source.title else ""
    return [*_credited(agency, one.source, one.others), *(["(subscription)"] if one.paywall else [])]


def _credited(agency: str, carrier: Carrier, others: tuple[Carrier, ...]) -> list[str]:
    """Whose it is, and who else carried it."""
    parts = [f"{agency}{_link(carrier.title, _home(carrier.home))}."]
    if others:
        more = len(others) - MAX_CARRIERS
        names = [_link(c.title, c.url or c.home) for c in others[:MAX_CARRIERS]]
        parts.append(f"Also reported by {', '.join(names)}{f' and {more} more' if more > 0 else ''}.")
    return parts


def _agency(view: EntryView) -> str:
    agency = view.lead.agency
    return f"{_escape(agency.credit)} · " if agency and agency.credit != view.carrier.title else ""


def _link(text: str, url: str | None) -> str:
    return f'<a href="{_escape(url)}" {FOREIGN}>{_escape(text)}</a>' if url else _escape(text)


def _related(others: tuple[Carrier, ...], page: str, link: str, original: str | None) -> tuple[str, ...]:
    urls = [c.url for c in others[:MAX_CARRIERS] if c.url] + [page]
    return tuple(dict.fromkeys(u for u in urls if u not in (link, original)))


def _more(site: Site, one: Sibling) -> MoreNews:
    return MoreNews(
        id=one.id,
        url=paths.url(site, paths.entry_path(one.id)),
        title=legible(one.title),
        language=language_tag(one.language),
        source=legible(one.source),
        published=one.published.replace(microsecond=0),
    )


def _inside(site: Site, view: EntryView) -> Inside:
    page = paths.url(site, paths.entry_path(view.entry.id))
    original = original_url(view)
    return Inside(
        id=view.entry.id,
        title=headline(view),
        link=original if original and view.link_policy == "original" else page,
        page=page,
        language=language_tag(view.lead.language),
        agency=legible(view.lead.agency.name) if view.lead.agency else None,
        source=_carrier(view.carrier),
        others=other_carriers(view),
        paywall=view.paywall,
        published=view.entry.published.replace(microsecond=0),
    )


def _carrier(carrier: Carrier) -> Carrier:
    title, home, url = legible(carrier.title), _home(carrier.home), web_url(carrier.url)
    if title == carrier.title and home == carrier.home and url == carrier.url:
        return carrier  # the usual case, and a copy is not cheap
    return replace(carrier, title=title, home=home, url=url)


_home = lru_cache(maxsize=4096)(web_url)  # few homes, many entries


def _category(category: Category) -> Category:
    return Category(
        term=legible(category.term),
        scheme=legible(category.scheme) if category.scheme else None,
        label=legible(category.label) if category.label else None,
    )


def _geo(geo: Geo) -> Geo:
    return replace(geo, name=legible(geo.name)) if geo.name else geo


def _enclosure(enclosure: Enclosure) -> Enclosure | None:
    url = web_url(enclosure.url)
    if not url:
        return None
    title = legible(enclosure.title) if enclosure.title else None
    return replace(enclosure, url=url, type=media_type(enclosure.type, url), title=title)
