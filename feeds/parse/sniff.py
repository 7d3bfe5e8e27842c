"""What a body is, by its content: the media type that the server gives is not asked."""

import re
from enum import StrEnum


class Kind(StrEnum):
    """A sort of document."""

    RSS = "rss"
    RDF = "rdf"
    ATOM = "atom"
    JSON = "json"
    OPML = "an OPML file"
    SITEMAP = "a sitemap"
    ADDRESSES = "a list of addresses"
    HTML = "an HTML page"
    XML = "XML of another kind"
    OTHER = "no XML and no JSON"


_WINDOW = 65536
_SPACE = rb"[\s\x00\xef\xbb\xbf]"
# What may stand before the root element. Possessive: never taken back, so the time is linear.
_PROLOG = re.compile(
    _SPACE + rb"*+(?:(?:<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^\[>]*+(?:\[.*?\]\s*+)?>)" + _SPACE + rb"*+)*+", re.S | re.I
)
_DOCTYPE = re.compile(rb"<!DOCTYPE\s+([\w:.-]+)", re.I)
_ROOT = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)")
# A feed behind something that should not be there, such as the warnings of a script.
_BURIED = re.compile(rb"<(?:\?xml\s|(?:rdf:)?(?:rss|feed|urlset|sitemapindex|RDF)[\s>])")
_ADDRESS = re.compile(rb"https?://.", re.I)
_ITEMS = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?(?:channel|item|entry)[\s>]", re.I)

_ROOTS = {
    b"rss": Kind.RSS,
    b"rdf": Kind.RDF,
    b"feed": Kind.ATOM,
    b"opml": Kind.OPML,
    b"urlset": Kind.SITEMAP,
    b"sitemapindex": Kind.SITEMAP,
}
_HTML = frozenset({b"html", b"head", b"body", b"title", b"meta", b"script", b"link", b"style"})


def sniff(body: bytes) -> tuple[Kind, int]:
    """The kind of an ASCII-compatible body, and where its first markup stands (0 when nothing is in front of it)."""
    head = body[:_WINDOW]
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n\x00")
    if text[:1] in (b"{", b"["):
        return Kind.JSON, 0
    if text[:4].lower() == b"http" and _is_list(text, cut_off=len(body) > _WINDOW):
        return Kind.ADDRESSES, 0
    kind = _kind_at(head, body)
    if kind in (Kind.XML, Kind.OTHER, Kind.HTML) and (buried := _buried(head, kind)):
        return _kind_at(body[buried : buried + _WINDOW], body[buried:]), buried
    return kind, 0


def _is_list(text: bytes, *, cut_off: bool) -> bool:
    """Whether every word is a web address."""
    return all(_ADDRESS.match(word) for word in text.split()[: -1 if cut_off else None])


def _kind_at(head: bytes, body: bytes) -> Kind:
    prolog = _PROLOG.match(head)
    end = prolog.end() if prolog else 0
    doctype = _DOCTYPE.search(head, 0, end)
    root = _ROOT.match(head, end)
    if (doctype and doctype.group(1).lower() == b"html") or (root and root.group(1).lower() in _HTML):
        return Kind.HTML
    if root is None:
        return Kind.OTHER
    known = _ROOTS.get(root.group(1).lower())
    return known or Kind.XML


def _buried(head: bytes, kind: Kind) -> int:
    found = _BURIED.search(head, 1)
    if found is None or (kind is Kind.HTML and not found.group().startswith(b"<?xml")):
        return 0
    return found.start()


def lists_items(body: bytes) -> bool:
    """Whether XML of an unknown kind holds anything that is called a channel, an item or an entry."""
    return _ITEMS.search(body) is not None
