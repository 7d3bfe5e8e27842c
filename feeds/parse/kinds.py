"""What a source is configured to be, and what its document is: whether they agree, and a sentence where not."""

from collections.abc import Mapping

from feeds.model import SourceKind
from feeds.parse.sniff import Kind

_FEEDS = frozenset({Kind.RSS, Kind.RDF, Kind.ATOM, Kind.JSON})
_NEVER = {
    Kind.OPML: "an OPML file: a list of feeds, not a feed; import it instead",
    Kind.XML: "XML, but neither RSS, RDF, Atom nor a sitemap, and without items",
    Kind.OTHER: "neither XML nor JSON",
}
_PAGE = (
    "an HTML page, not a feed; the feed may have moved, or the site asks for a browser "
    '(`copydesk add` finds the feeds of a page, kind = "page" reads the page itself)'
)
PAGES_ONLY = (
    "a sitemap of pages without news, not of articles; look for the site's news sitemap (its robots.txt may name it), "
    'or set kind = "sitemap" to take the addresses of its latest pages as articles'
)
_SENTENCES: Mapping[SourceKind, Mapping[Kind, str]] = {
    "auto": {Kind.HTML: _PAGE, Kind.ADDRESSES: PAGES_ONLY},
    "feed": {
        Kind.HTML: _PAGE,
        Kind.ADDRESSES: 'a sitemap of bare addresses, not a feed; set kind = "sitemap"',
        Kind.SITEMAP: 'a sitemap, not a feed; set kind = "sitemap", or leave kind out',
    },
    "sitemap": {
        **dict.fromkeys(_FEEDS, "a feed, not a sitemap; leave kind out"),
        Kind.HTML: "an HTML page, not a sitemap; the sitemap may have moved: robots.txt of the site may name it",
    },
    "page": {
        **dict.fromkeys(_FEEDS, "a feed, not an HTML page; leave kind out"),
        Kind.SITEMAP: "a sitemap, not an HTML page; leave kind out",
        Kind.ADDRESSES: 'a sitemap of bare addresses, not an HTML page; set kind = "sitemap"',
    },
}


def disagreement(wanted: SourceKind, found: Kind) -> str | None:
    """Why a document of this kind is not read from a source of that; None: it is. Only pages may be anything else."""
    if sentence := _SENTENCES[wanted].get(found):
        return sentence
    return _NEVER.get(found) if wanted != "page" or found is Kind.OPML else None
