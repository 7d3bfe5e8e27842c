"""The site's pages; Jinja2 with autoescape. No script, no external request, the same rows the same bytes."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import Markup
from msgspec import Struct

from feeds.model import Article, Carrier, Document, Edition, EntryView, Section, Sibling, Site, Source
from feeds.publish import dates, paths
from feeds.publish.images import without_images
from feeds.publish.items import feed_description, headline, original_url, other_carriers, paragraph, rights
from feeds.publish.secrecy import is_private
from feeds.publish.text import direction, host, language_tag, legible, web_url
from feeds.sections import MAX_ENTRIES

if TYPE_CHECKING:
    from jinja2 import Environment

MEDIA_TYPE = "text/html; charset=utf-8"
PER_PAGE = 30
MOST_PAGES = -(-MAX_ENTRIES // PER_PAGE)  # of a section
FRONT_HEADLINES = 6
MAX_CARRIERS = 100
_HERE = Path(__file__).parent


class Teaser(Struct, frozen=True, gc=False):
    """An entry as the lists of headlines print it; `path` is that of its page."""

    path: str
    title: str
    language: str | None
    direction: str
    day: str
    clock: str
    iso: str
    source: str
    agency: str | None
    place: str | None
    summary: str
    others: int
    inside: tuple[dict[str, Any], ...]  # what else of its story is shown with it
    further: int


def section_pages(edition: Edition) -> tuple[Document, ...]:
    """A section's `index.html` and, 30 entries each, `page-2.html` and on."""
    teasers = _teasers(edition.site, edition.entries)
    slices = [teasers[start : start + PER_PAGE] for start in range(0, len(teasers), PER_PAGE)] or [()]
    return tuple(_section_page(edition, page, number, len(slices)) for number, page in enumerate(slices, 1))


def pages_beyond(section: str, entries: int) -> list[str]:
    """The paths of the pages that a section of so many entries does not have, and may have had when it was longer."""
    first = max(1, -(-entries // PER_PAGE)) + 1
    return [paths.section_path(section, paths.page_file(number)) for number in range(first, MOST_PAGES + 1)]


def _section_page(edition: Edition, teasers: Sequence[Teaser], number: int, last: int) -> Document:
    path = paths.section_path(edition.section.name, paths.page_file(number))
    return _page(
        "section.html",
        path,
        edition.site,
        edition.sections,
        section=edition.section,
        description=feed_description(edition),
        days=_by_day(teasers),
        number=number,
        last=last,
        newer=paths.page_file(number - 1) if number > 1 else None,
        older=paths.page_file(number + 1) if number < last else None,
    )


def front_page(site: Site, editions: Sequence[Edition]) -> Document:
    """The site's `index.html`: each section with its newest headlines."""
    sections = tuple(edition.section for edition in editions)
    blocks = [(e.section, _teasers(site, e.entries[:FRONT_HEADLINES])) for e in editions]
    return _page("front.html", paths.FRONT, site, sections, blocks=blocks)


def sources_page(site: Site, sources: Iterable[Source], sections: Sequence[Section]) -> Document:
    """`sources.html`: who is read here, by title; private ones by name and home page only."""
    listed = sorted((s for s in sources if not s.disabled), key=lambda s: ((s.title or s.name).casefold(), s.name))
    rows = [(s, is_private(s), web_url(s.home)) for s in listed]
    return _page("sources.html", paths.SOURCES, site, tuple(sections), rows=rows)


def entry_page(site: Site, view: EntryView, sections: Sequence[Section]) -> Document:
    """The page of one entry, at its address for ever."""
    path = paths.entry_path(view.entry.id)
    original = original_url(view)
    published, updated = dates.local(site, view.entry.published), dates.local(site, view.entry.updated)
    others = other_carriers(view)
    return _page(
        "article.html",
        path,
        site,
        tuple(sections),
        section=next((s for s in sections if s.name in view.sections), None),
        title=headline(view),
        published=_stamp(site, published),
        updated=_stamp(site, updated) if updated > published else None,
        place=_place(view.lead),
        by_line=", ".join(a.name for a in view.lead.authors if a.name and a.name != view.carrier.title),
        agency=_agency(view),
        language=language_tag(view.lead.language),
        direction=direction(view.lead.language),
        body=_body(view),
        summary=_summary(view),
        source=view.carrier.title,
        home=web_url(view.carrier.home),
        original=original,
        original_host=host(original) if original else None,
        paywall=view.paywall,
        others=_linked(others[:MAX_CARRIERS]),
        more_others=max(0, len(others) - MAX_CARRIERS),
        rights=rights(view),
        more=[_more(site, one) for one in view.more],
        related=[(url, r.title or host(url)) for r in view.related if (url := web_url(r.url))],
        linked_data=_linked_data(site, view, original),
        survivor=_more(site, view.survivor) if view.survivor else None,
        canonical=paths.url(site, _canonical_path(view)),
    )


def _canonical_path(view: EntryView) -> str:
    """Where an entry is to be found: of an alias, the page of the entry that it went into."""
    return paths.entry_path(view.survivor.id if view.survivor else view.entry.id)


def _more(site: Site, one: Sibling) -> dict[str, Any]:
    return {
        "path": paths.entry_path(one.id),
        "title": legible(one.title),
        "language": language_tag(one.language),
        "direction": direction(one.language),
        "source": legible(one.source),
        "published": _stamp(site, dates.local(site, one.published)),
    }


def theme() -> tuple[Document, ...]:
    """The style sheet and the icon that every page names."""
    style = Document(path=paths.STYLE, media_type="text/css", data=(_HERE / "theme" / "copydesk.css").read_bytes())
    icon = Document(path=paths.ICON, media_type="image/svg+xml", data=(_HERE / "theme" / "icon.svg").read_bytes())
    return style, icon


def _page(template: str, path: str, site: Site, sections: tuple[Section, ...], **values: Any) -> Document:
    root, canonical = paths.to_root(path), values.pop("canonical", paths.url(site, path))
    section: Section | None = values.get("section")
    exactly = section is not None and canonical == paths.url(site, paths.section_path(section.name))
    text = (
        _environment()
        .get_template(template)
        .render(
            site=site,
            sections=sections,
            root=root,
            canonical=canonical,
            page_direction=direction(site.language),
            head=_frame("head.html", site, (), root, section, False),
            masthead=_frame("masthead.html", site, sections, root, section, exactly),
            footer=_frame("footer.html", site, sections, root, None, False),
            **values,
        )
    )
    # "replace": a lone surrogate in a stored text must not cost the page.
    return Document(path=path, media_type=MEDIA_TYPE, data=text.encode("utf-8", "replace"))


@lru_cache(maxsize=256)
def _frame(
    template: str, site: Site, sections: tuple[Section, ...], root: str, section: Section | None, exactly: bool
) -> Markup:
    """What pages have in common: rendered once, for it is half of an entry's page."""
    frame = _environment().get_template(template)
    text = frame.render(site=site, sections=sections, root=root, section=section, exactly=exactly)
    return Markup(text.removesuffix("\n"))


@cache
def _environment() -> "Environment":
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        auto_reload=False,
    )
    environment.globals |= {"paths": paths, "marks": _marks}
    return environment


@lru_cache(maxsize=1024)
def _marks(language: str | None, direction: str) -> Markup:
    """What an element says of its text. Kept, where a macro would say the same few things anew for every link."""
    spoken = Markup(' lang="{}"').format(language) if language else Markup()
    return spoken + Markup(' dir="{}"').format(direction)


def _teasers(site: Site, views: Sequence[EntryView]) -> tuple[Teaser, ...]:
    return tuple(_teaser(site, view) for view in views)


def _teaser(site: Site, view: EntryView) -> Teaser:
    lead, when = view.lead, dates.local(site, view.entry.published)
    return Teaser(
        path=paths.entry_path(view.entry.id),
        title=headline(view),
        language=language_tag(lead.language),
        direction=direction(lead.language),
        day=dates.day(when.date(), site.language),
        clock=dates.clock(when.hour, when.minute, site.language),
        iso=when.isoformat(timespec="seconds"),
        source=view.carrier.title,
        agency=_agency(view),
        place=_place(lead),
        summary=_summary(view),
        others=len({c.source for c in view.others} - {view.carrier.source}),
        inside=tuple(_inside(one) for one in view.inside),
        further=view.further,
    )


def _inside(view: EntryView) -> dict[str, Any]:
    return {
        "path": paths.entry_path(view.entry.id),
        "title": headline(view),
        "language": language_tag(view.lead.language),
        "direction": direction(view.lead.language),
        "source": legible(view.carrier.title),
        "agency": _agency(view),
    }


def _by_day(teasers: Sequence[Teaser]) -> list[tuple[str, list[Teaser]]]:
    """Runs of the same day, in the order given: a section is ordered by when we had an entry, not by its date."""
    days: list[tuple[str, list[Teaser]]] = []
    for teaser in teasers:
        if not days or days[-1][0] != teaser.day:
            days.append((teaser.day, []))
        days[-1][1].append(teaser)
    return days


def _stamp(site: Site, when: datetime) -> tuple[str, str]:
    words = f"{dates.long_date(when.date(), site.language)}, {dates.clock(when.hour, when.minute, site.language)}"
    return when.isoformat(timespec="seconds"), words


def _agency(view: EntryView) -> str | None:
    agency = view.lead.agency
    return agency.credit if agency and agency.credit != view.carrier.title else None


def _place(lead: Article) -> str | None:
    """Where the story was written: "Ankara, Türkiye"."""
    line = lead.dateline
    return ", ".join(filter(None, (line.place, line.country))) or None if line else None


def _summary(view: EntryView) -> str:
    return "" if view.content_policy == "headline" else view.lead.summary


def _body(view: EntryView) -> Markup:
    """The body by the content policy; without pictures, as only copied ones may stand on pages."""
    if view.content_policy == "full" and view.lead.content:
        return Markup(without_images(view.lead.content))
    return Markup(paragraph(_summary(view)))


def _linked(carriers: Iterable[Carrier]) -> list[tuple[str, str | None]]:
    return [(c.title, c.url or c.home) for c in carriers]


def _linked_data(site: Site, view: EntryView, original: str | None) -> Markup:
    """schema.org for search engines, as JSON that no text can break out of."""
    import msgspec

    said: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": headline(view),
        "datePublished": view.entry.published.isoformat(timespec="seconds"),
        "dateModified": view.entry.updated.isoformat(timespec="seconds"),
        "mainEntityOfPage": paths.url(site, _canonical_path(view)),
        "author": [{"@type": "Person", "name": legible(a.name)} for a in view.lead.authors if a.name]
        or {"@type": "Organization", "name": legible(view.carrier.title)},
        "publisher": {"@type": "Organization", "name": legible(view.carrier.title)},
    }
    if summary := _summary(view):
        said["description"] = legible(summary)
    if view.paywall:
        said["isAccessibleForFree"] = False
    if original:
        said["isBasedOn"] = original
    if line := view.lead.dateline:
        said["dateline"] = legible(", ".join(filter(None, (line.place, line.country, line.date))))
    if agency := view.lead.agency:
        said["creditText"] = legible(agency.credit)
    return Markup(msgspec.json.encode(said).decode().replace("<", "\\u003c"))
