"""From what the store shows to what is printed: entries under the policies of the source that leads them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import msgspec

from feeds.model import Article, Carrier, ContentPolicy, EntryView, LinkPolicy, Section, Site, Source
from feeds.store.codec import hash64
from feeds.store.shelf import Shown, SourceRecord

PRINT = 1  # of renderers and templates together: raise it when their bytes change


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """What decides the print: the site, its sections, and every source that is or was configured."""

    site: Site
    sections: tuple[Section, ...]
    sources: Mapping[str, Source]  # also those no longer configured, under their last policies
    configured: frozenset[str] = frozenset()

    @property
    def look(self) -> int:
        """A fingerprint of all that: another one means that everything is rendered again."""
        known = [msgspec.to_builtins(replace(s, headers=())) for _, s in sorted(self.sources.items())]
        value = (PRINT, self.site, self.sections, known, sorted(self.configured))
        return hash64(msgspec.json.encode(value, order="sorted").decode())


def press(site: Site, sections: Iterable[Section], sources: Iterable[Source], records: Iterable[SourceRecord]) -> Press:
    """The press of a configuration; a source without a title or home goes by what its feed says."""
    known = {r.state.name: r for r in records}
    stopped = {name: replace(r.configured, name=name, disabled=True) for name, r in known.items()}
    current = {s.name: s for s in sources}
    return Press(
        site=site,
        sections=tuple(sections),
        sources={name: _named(s, known.get(name)) for name, s in (stopped | current).items()},
        configured=frozenset(current),
    )


def _named(source: Source, record: SourceRecord | None) -> Source:
    state = record.state if record else None
    title = source.title or (state.title if state else None) or source.name
    return replace(source, title=title, home=source.home or (state.home if state else None))


def view(shown: Shown, press: Press) -> EntryView:
    """An entry ready for print: the lead's copy, and who else carried it, each source once."""
    source = press.sources.get(shown.lead.source, Source(name=shown.lead.source, url=""))
    carriers: dict[str, Carrier] = {}
    for copy in shown.copies:
        if copy.source != shown.lead.source and copy.id not in shown.dropped:
            carriers.setdefault(copy.source, _carrier(copy, press))
    policy: ContentPolicy = source.content
    link: LinkPolicy = source.link or ("page" if policy == "full" else "original")
    return EntryView(
        entry=shown.entry,
        lead=shown.lead,
        carrier=_carrier(shown.lead, press),
        others=tuple(carriers.values()),
        sections=tuple(s.name for s in press.sections if s.name in shown.sections),
        content_policy=policy,
        link_policy=link,
        image_policy=source.images,
        paywall=source.paywall,
        rights=source.rights,
        related=shown.lead.related,
    )


def _carrier(copy: Article, press: Press) -> Carrier:
    source = press.sources.get(copy.source)
    return Carrier(
        source=copy.source,
        title=(source.title if source else None) or copy.source,
        home=source.home if source else None,
        url=copy.url,
        published=copy.published,
    )
