"""What the strict readers share: a parser that cannot be tricked, short names of tags, texts and markup."""

import re
from copy import deepcopy
from html import escape
from urllib.parse import urljoin

from lxml import etree

XML_BASE = "{http://www.w3.org/XML/1998/namespace}base"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"

# Namespace (lower case, http, no slash or hash at the end) to the prefix by which the readers know it.
_PREFIXES = {
    "": "",
    "http://backend.userland.com/rss": "",
    "http://backend.userland.com/rss2": "",
    "http://backend.userland.com/rss091": "",
    "http://backend.userland.com/rss092": "",
    "http://blogs.law.harvard.edu/tech/rss": "",
    "http://cyber.law.harvard.edu/rss/rss.html": "",
    "http://purl.org/rss/1.0": "",
    "http://purl.org/rss/1.0/modules/rss091": "",
    "http://my.netscape.com/rdf/simple/0.9": "",
    "http://channel.netscape.com/rdf/simple/0.9": "",
    "http://www.w3.org/2005/atom": "atom:",
    "http://purl.org/atom/ns": "atom:",
    "http://purl.org/rss/1.0/modules/content": "content:",
    "http://purl.org/dc/elements/1.1": "dc:",
    "http://purl.org/dc/elements/1.0": "dc:",
    "http://purl.org/dc/terms": "dcterms:",
    "http://search.yahoo.com/mrss": "media:",
    "http://www.rssboard.org/media-rss": "media:",
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes:",
    "http://example.com/dtds/podcast-1.0.dtd": "itunes:",
    "http://www.google.com/schemas/play-podcasts/1.0": "itunes:",
    "http://www.georss.org/georss": "georss:",
    "http://www.w3.org/2003/01/geo/wgs84_pos": "geo:",
    "http://www.opengis.net/gml": "gml:",
    "http://purl.org/rss/1.0/modules/syndication": "sy:",
    "http://purl.org/rss/modules/syndication": "sy:",
    "http://podcastindex.org/namespace/1.0": "podcast:",
    "http://github.com/podcastindex-org/podcast-namespace/blob/main/docs/1.0.md": "podcast:",
    "http://purl.org/syndication/thread/1.0": "thr:",
    "http://rssnamespace.org/feedburner/ext/1.0": "feedburner:",
    "http://www.w3.org/1999/xhtml": "xhtml:",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns": "rdf:",
    "http://purl.org/rss/1.0/modules/link": "l:",
    "http://www.sitemaps.org/schemas/sitemap/0.9": "",
    "https://www.sitemaps.org/schemas/sitemap/0.9": "",
    "http://www.google.com/schemas/sitemap/0.84": "",
    "http://www.google.com/schemas/sitemap-news/0.9": "news:",
    "https://www.google.com/schemas/sitemap-news/0.9": "news:",
    "http://www.google.com/schemas/sitemap-image/1.1": "image:",
    "https://www.google.com/schemas/sitemap-image/1.1": "image:",
    "http://www.google.com/schemas/sitemap-video/1.1": "video:",
    "https://www.google.com/schemas/sitemap-video/1.1": "video:",
}


class MalformedError(Exception):
    """Not well-formed XML; `hopeless` when no repair may try again."""

    def __init__(self, message: str, *, hopeless: bool = False) -> None:
        super().__init__(message)
        self.hopeless = hopeless


class UntrustedError(Exception):
    """Well-formed, but not laid out as the strict readers know it."""


def parse_tree(data: bytes, *, recover: bool = False) -> etree._Element:
    """The root element of a document in UTF-8, whatever its declaration says. Raises MalformedError.

    `recover` makes what it can of one that is malformed.

    No entity is expanded, no DTD loaded, nothing fetched; libxml2 bounds depth (256) and text (10 MB).
    """
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        remove_comments=True,
        remove_pis=True,
        recover=recover,
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise MalformedError(error.msg or "no XML", hopeless="Excessive depth" in str(error)) from error
    except (LookupError, ValueError) as error:
        raise MalformedError(str(error)) from error
    if root is None:  # nothing to recover
        raise MalformedError("no element in it")
    return root


def split(tag: str) -> tuple[str, str]:
    """Namespace ("" for none) and local name of a tag in Clark notation."""
    if not tag.startswith("{"):
        return "", tag
    namespace, _, local = tag[1:].partition("}")
    return namespace, local


class Names(dict[str, str]):
    """Maps a tag to its short name, "dc:creator", lower case; "" for what no reader knows. One per document.

    What is in the root's own namespace, or in that of a feed format without prefix, has no prefix.
    """

    def __init__(self, root: str) -> None:
        super().__init__()
        self._own = split(root)[0] if split(root)[0] != RDF else ""
        self._bare = _PREFIXES.get(self._key(self._own), "") if self._own else ""

    @staticmethod
    def _key(namespace: str) -> str:
        return namespace.strip().rstrip("/#").lower().replace("https://", "http://", 1)

    def __missing__(self, tag: str) -> str:
        namespace, local = split(tag)
        prefix = _PREFIXES.get(self._key(namespace))
        if namespace == self._own or prefix == self._bare:
            prefix = ""
        name = self[tag] = "" if prefix is None else prefix + local.lower()
        return name


def text_of(element: etree._Element) -> str:
    """All character data of an element, stripped."""
    if len(element):
        return "".join(map(str, element.itertext())).strip()
    return (element.text or "").strip()


def html_of(element: etree._Element) -> str:
    """What an element holds as HTML: its text is escaped markup, its children are inline markup."""
    return inner(element) if len(element) else (element.text or "").strip()


def inner(element: etree._Element) -> str:
    """The children of an element as HTML, without prefixes and namespace declarations."""
    holder = deepcopy(element)
    holder.attrib.clear()
    for node in holder.iter(etree.Element):
        node.tag = split(str(node.tag))[1]
        for name in [name for name in node.attrib if str(name).startswith("{")]:
            del node.attrib[name]
    holder.tag = "x"
    holder.tail = None
    etree.cleanup_namespaces(holder)
    # As HTML, because `<p/>` and `<a name="x"/>` mean something else to every reader of HTML.
    return etree.tostring(holder, method="html", encoding="unicode")[len("<x>") : -len("</x>")].strip()


def xhtml_of(element: etree._Element) -> str:
    """The inner markup of an XHTML text construct, without its wrapping div; RFC 4287, section 3.1.1.3."""
    around = (element.text or "").strip() or (len(element) and (element[0].tail or "").strip())
    if len(element) == 1 and not around and split(str(element[0].tag))[1].lower() == "div":
        element = element[0]
    return inner(element) if len(element) else escape(element.text or "", quote=False).strip()


def base_of(element: etree._Element, base: str) -> str:
    """The base URL inside an element, given the one around it; one that no reader could follow is none."""
    said = element.get(XML_BASE)
    if not said:
        return base
    found = absolute(base, said)
    return base if _is_bogus(found) and not _is_bogus(base) else found


def _is_bogus(base: str) -> bool:
    """Whether a base is no web address, or the machine that a feed was tried out on."""
    scheme, _, rest = base.partition("://")
    host = re.split("[/?#:]", rest, maxsplit=1)[0].lower()
    return scheme.lower() not in ("http", "https") or not host or host in ("localhost", "127.0.0.1")


def absolute(base: str, url: str) -> str:
    """An absolute URL where `base` allows one; what is no URL stays as it is."""
    try:
        return urljoin(base, url.strip())
    except ValueError:
        return url
