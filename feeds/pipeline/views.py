"""From what the store shows to what is printed: entries under the policies of the source that leads them."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from feeds.model import Article, Carrier, EntryView, Section, Sibling, Site, Source
from feeds.publish.secrecy import is_private
from feeds.store.codec import hash64
from feeds.store.kin import Named
from feeds.store.shelf import Shown, SourceRecord

_ANCHOR = re.compile(r"<a\b[^>]*>")  # in sanitised HTML no attribute holds a ">"
PRINT = 8  # of renderers and templates together: raise it when their bytes change


class Press(Struct, frozen=True, kw_only=True):
    """What decides the print. The looks are fingerprints: another one means that files are rendered again."""

    site: Site
    sections: tuple[Section, ...]
    sources: Mapping[str, Source]  # also those no longer configured, under their last policies
    configured: frozenset[str]
    origins: Mapping[str, str]  # of sources whose printed id is made of another name than theirs
    look: int  # of everything: sections' feeds and pages, front page, lists of sources
    page_look: int  # of what every entry's page shows, whoever carried the entry
    source_looks: Mapping[str, int]  # of what an entry's page shows of each source

    def current(self) -> list[Source]:
        """The sources that are configured, by name."""
        return [self.sources[name] for name in sorted(self.configured)]


def press(site: Site, sections: Iterable[Section], sources: Iterable[Source], records: Iterable[SourceRecord]) -> Press:
    """The press of a configuration; a source without a title or home goes by what its feed says."""
    known = {r.state.name: r for r in records}
    current = {s.name: s for s in sources}
    gone = {name: r.configured for name, r in known.items() if name not in current}
    stopped = {name: replace(source, name=name, disabled=True) for name, source in gone.items()}
    everyone = {name: _named(s, known.get(name)) for name, s in sorted((stopped | current).items())}
    shown = tuple(sections)
    origins = {name: r.state.origin for name, r in known.items() if r.state.origin}
    source_looks = {name: _look(_printed(s, origins.get(name))) for name, s in everyone.items()}
    page_look = _look((PRINT, site, [(s.name, s.title, s.stories) for s in shown]))
    lists = [(s.name, s.url, s.disabled) for name, s in everyone.items() if name in current]
    return Press(
        site=site,
        sections=shown,
        sources=everyone,
        configured=frozenset(current),
        origins=origins,
        look=_look((page_look, shown, source_looks, lists)),
        page_look=page_look,
        source_looks=source_looks,
    )


def _named(source: Source, record: SourceRecord | None) -> Source:
    """A private feed's own words for itself are not told: they may name whose it is, or hold its address."""
    said = record.state if record and not is_private(source) else None
    title = source.title or (said.title if said else None) or source.name
    return replace(source, title=title, home=source.home or (said.home if said else None))


def _printed(source: Source, origin: str | None) -> tuple[Any, ...]:
    policies = (source.content, source.link, source.images, source.paywall, source.rights)
    return (source.title, source.home, is_private(source), *policies, *filter(None, [origin]))


def _look(value: Any) -> int:
    return hash64(msgspec.json.encode(value, order="sorted").decode())


def view(shown: Shown, press: Press) -> EntryView:
    """An entry ready for print: the lead's copy, and who else carried it, each source once."""
    source = press.sources.get(shown.lead.source) or Source(name=shown.lead.source, url="")
    carriers: dict[str, Carrier] = {}
    for copy in shown.copies:
        if copy.source != shown.lead.source and copy.id not in shown.dropped:
            carriers.setdefault(copy.source, _carrier(copy, press))
    private = is_private(source)
    first = next((c for c in shown.copies if c.id == shown.entry.id and c.id not in shown.dropped), shown.lead)
    firsts = press.sources.get(first.source) or Source(name=first.source, url="")
    lead = _guarded(shown.lead) if private else shown.lead
    return EntryView(
        entry=shown.entry,
        lead=lead,
        carrier=_carrier(lead, press),
        others=tuple(carriers.values()),
        sections=tuple(s.name for s in press.sections if s.name in shown.sections),
        content_policy=source.content,
        link_policy=firsts.link or ("page" if firsts.content == "full" else "original"),
        first=None if first is shown.lead else _carrier(first, press),
        image_policy="none" if private else source.images,
        paywall=source.paywall or lead.paywall,
        rights=source.rights,
        related=lead.related,
    )


def more(view: EntryView, named: Iterable[Named], press: Press) -> tuple[Sibling, ...]:
    """Those of an entry's story that it names, newest first; none where all its sections, or theirs, say so."""
    if not _grouped(view.sections, press):
        return ()
    theirs = [_sibling(one, press) for one in named if _grouped(one.sections, press)]
    return tuple(sorted(theirs, key=lambda one: (one.published, one.id), reverse=True))


def survivor(named: Named, press: Press) -> Sibling:
    """The entry that an alias names."""
    return _sibling(named, press)


def _grouped(names: Iterable[str], press: Press) -> bool:
    policies = [s.stories for s in press.sections if s.name in names]
    return not policies or any(policy != "off" for policy in policies)


def _sibling(one: Named, press: Press) -> Sibling:
    source = press.sources.get(one.source)
    title = (source.title if source else None) or one.source
    return Sibling(id=one.id, title=one.title or title, language=one.language, source=title, published=one.published)


def _guarded(lead: Article) -> Article:
    """A private source's article without any address: what is behind one may be for our eyes only.

    A link of an item is resolved against the item's own or the feed's, and so may hold what opens the feed.
    """
    return replace(
        lead,
        content=_ANCHOR.sub("<a>", lead.content),
        authors=tuple(replace(a, uri=None) for a in lead.authors),
        categories=tuple(replace(c, scheme=None) for c in lead.categories),
        comments=None,
        enclosures=(),
        images=(),
        related=(),
        via=None,
    )


def _carrier(copy: Article, press: Press) -> Carrier:
    source = press.sources.get(copy.source)
    return Carrier(
        source=copy.source,
        title=(source.title if source else None) or copy.source,
        home=source.home if source else None,
        url=None if source and is_private(source) else copy.url,
        published=copy.published,
        origin=press.origins.get(copy.source),
    )
