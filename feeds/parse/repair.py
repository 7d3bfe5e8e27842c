"""Mends what real feeds get wrong, so that the strict parser can try once more. Every step is linear in the text."""

import re
from html.entities import html5

from feeds.parse.xml import RDF

_NOT_CHAR = re.compile("[^\t\n\r\x20-\ud7ff\ue000-�\U00010000-\U0010ffff]")
_ENCODED_TWICE = re.compile(rb"\xc3[\x82\x83]\xc2")
_TWICE = re.compile("[ÂÃ]|[\x80-\x9f]|ï¿½")  # what a text encoded twice shows
_BETWEEN_TAGS = re.compile(r"[^<>]+")
_DECLARATION = re.compile(r"<\?xml\s[^>]{0,400}\?>")
_DOCTYPE = re.compile(r"<!DOCTYPE[^\[>]*+(?:\[(?P<subset>.*?)\]\s*+)?>", re.S | re.I)
# Only entities of plain text: no reference, no parameter, no markup, so that expanding one cannot grow.
_ENTITY = re.compile(r"<!ENTITY\s+([A-Za-z_][\w.-]{0,50})\s+(?:\"([^\"&%<]{0,200})\"|'([^'&%<]{0,200})')\s*>")
_MAX_EXPANSIONS = 10_000
_TAIL = 20_000  # characters, in which the end of the root element is looked for

# A CDATA section or a comment stays; a reference and a bare "&" or "<" are looked at.
_MARKUP = re.compile(
    r"(?P<keep><!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z))"
    r"|&(?!(?:amp|lt|gt|quot|apos);)(?:#(?P<decimal>\d{1,8});|#[xX](?P<hex>[0-9a-fA-F]{1,6});|(?P<name>[A-Za-z][A-Za-z0-9]{0,31});)?"
    r"|<(?![A-Za-z_/!?])",
    re.S,
)
_TAG = re.compile(r"<(?P<end>/?)(?P<name>[A-Za-z_][\w:.-]*)(?P<rest>(?:[^<>\"']|\"[^\"]*\"|'[^']*')*+)>")
_PREFIXED = re.compile(r"</?([A-Za-z_][\w.-]*):|[\s\"']([A-Za-z_][\w.-]*):[\w.-]+\s*=")
_NAMESPACE = re.compile(r"\b(xmlns(?::([\w.-]{1,100}))?\s*=\s*)([\"'])([^\"'<>]{0,500})\3")
_DECLARED = re.compile(r"xmlns:([\w.-]+)")
_ITEM_END = re.compile(r"</(?:[A-Za-z_][\w.-]*:)?(?:item|entry)\s*>", re.I)
_ITEM_START = re.compile(r"<(?:[A-Za-z_][\w.-]*:)?(?:item|entry)(?=[\s>/])", re.I)
_CLOSED = re.compile(r"</(?:rss|feed|urlset|sitemapindex|(?:[A-Za-z_][\w.-]*:)?RDF)\s*>", re.I)
_PAGE_END = re.compile(r"</(?:url|sitemap)\s*>", re.I)
_PAGE_START = re.compile(r"<(?:url|sitemap)(?=[\s>/])", re.I)

# What a prefix means when a document forgets to say so.
_USUAL = {
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "media": "http://search.yahoo.com/mrss/",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "atom": "http://www.w3.org/2005/Atom",
    "atom10": "http://www.w3.org/2005/Atom",
    "sy": "http://purl.org/rss/1.0/modules/syndication/",
    "slash": "http://purl.org/rss/1.0/modules/slash/",
    "georss": "http://www.georss.org/georss",
    "geo": "http://www.w3.org/2003/01/geo/wgs84_pos#",
    "gml": "http://www.opengis.net/gml",
    "rdf": RDF,
    "thr": "http://purl.org/syndication/thread/1.0",
    "wfw": "http://wellformedweb.org/CommentAPI/",
    "news": "http://www.google.com/schemas/sitemap-news/0.9",
    "image": "http://www.google.com/schemas/sitemap-image/1.1",
    "video": "http://www.google.com/schemas/sitemap-video/1.1",
    "feedburner": "http://rssnamespace.org/feedburner/ext/1.0",
}


def repair(text: str) -> str:
    """The text without junk before and after, control characters, DOCTYPE, unknown entities, undeclared prefixes."""
    text = _NOT_CHAR.sub("", text)
    if _TWICE.search(text):
        text = _BETWEEN_TAGS.sub(_decode_twice, text)
    text, entities = _without_doctype(text)
    text = _without_junk(text)
    text = _mend_references(text, entities)
    return _declare_prefixes(_NAMESPACE.sub(_mend_namespace, text))


def cut_back(text: str, *, sitemap: bool = False) -> tuple[str, int]:
    """A document that ends too early, closed behind its last whole item; and how many items that costs.

    `text` itself when it is not cut off, or has no items.
    """
    starts, ends = (_PAGE_START, _PAGE_END) if sitemap else (_ITEM_START, _ITEM_END)
    first = starts.search(text)
    if first is None or _CLOSED.search(text, max(0, len(text) - _TAIL)):
        return text, 0
    end = max((found.end() for found in ends.finditer(text)), default=first.start())
    lost = len(starts.findall(text, max(end, first.start())))
    return text[: max(end, first.start())] + _closing(text[: first.start()]), lost


def encoded_twice(data: bytes) -> bool:
    """Whether UTF-8 seems to hold what was UTF-8 before and was taken for ISO 8859-1: "Ã©" for "é"."""
    return b"\xc2" in data and _ENCODED_TWICE.search(data) is not None


def _decode_twice(found: re.Match[str]) -> str:
    """The text as it was before it was encoded twice; unchanged unless all of it can be taken back."""
    text = found.group()
    if not _TWICE.search(text):
        return text
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text


def _without_junk(text: str) -> str:
    """From the root element to its end: no declaration, which may be wrong, no script behind it."""
    text = _DECLARATION.sub("", text, count=1)
    start = max(text.find("<"), 0)
    end = max((found.end() for found in _CLOSED.finditer(text, max(0, len(text) - _TAIL))), default=len(text))
    return text[start:end]


def _without_doctype(text: str) -> tuple[str, dict[str, str]]:
    start = text[:65536].upper().find("<!DOCTYPE")
    found = _DOCTYPE.match(text, start) if start >= 0 else None
    if found is None:
        return text, {}
    entities = {name: first or second for name, first, second in _ENTITY.findall(found.group("subset") or "")}
    return text[:start] + text[found.end() :], entities


def _mend_references(text: str, entities: dict[str, str]) -> str:
    left = _MAX_EXPANSIONS

    def mend(found: re.Match[str]) -> str:
        nonlocal left
        whole = found.group()
        if found["keep"]:
            return whole
        if whole == "<":
            return "&lt;"
        if found["decimal"] or found["hex"]:
            return _character(int(found["decimal"] or found["hex"], 10 if found["decimal"] else 16))
        name = found["name"]
        if name in entities and left > 0:
            left -= 1
            return _escaped(entities[name])
        known = html5.get(f"{name};") if name else None
        return _escaped(known) if known else f"&amp;{whole[1:]}"

    return _MARKUP.sub(mend, text)


def _character(code: int) -> str:
    """A numeric reference; those of Windows-1252 mean what HTML takes them for, those of no character vanish."""
    if 0x80 <= code <= 0x9F:
        return bytes((code,)).decode("cp1252", "ignore")
    if code > 0x10FFFF or _NOT_CHAR.match(chr(code)):
        return ""
    return f"&#{code};"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


def _declare_prefixes(text: str) -> str:
    root = _TAG.search(text)
    if root is None:
        return text
    used = {first or second for first, second in _PREFIXED.findall(text)} - {"xmlns", "xml"}
    missing = sorted(used - set(_DECLARED.findall(text)))[:100]
    if not missing:
        return text
    declared = "".join(f' xmlns:{prefix}="{_known(prefix)}"' for prefix in missing)
    at = root.end("name")
    return text[:at] + declared + text[at:]


def _mend_namespace(found: re.Match[str]) -> str:
    """A declaration whose URI has no blanks, and is not empty where it may not be."""
    before, prefix, mark, uri = found.groups()
    uri = "".join(uri.split()) or (_known(prefix) if prefix else "")
    return f"{before}{mark}{uri}{mark}"


def _known(prefix: str) -> str:
    return _USUAL.get(prefix, f"urn:undeclared:{prefix}")


def _closing(before: str) -> str:
    """The end tags of what is open at the end of `before`."""
    opened: list[str] = []
    for tag in _TAG.finditer(before):
        if tag["end"]:
            while opened and opened.pop() != tag["name"]:
                pass
        elif not tag["rest"].endswith("/"):
            opened.append(tag["name"])
    return "".join(f"</{name}>" for name in reversed(opened))
