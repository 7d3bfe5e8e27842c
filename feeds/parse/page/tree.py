"""The tree of a page, whatever its bytes: bounded in size, in elements, in attributes and in depth."""

import re
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import urlsplit

from lxml import etree, html
from w3lib.encoding import html_to_unicode

from feeds.normalise.markup import chars
from feeds.parse.encoding import guess
from feeds.parse.xml import absolute

MAX_BYTES = 4 * 1024 * 1024  # what is beyond is not read
MAX_TAGS = 60_000
_MAX_ATTRIBUTES = 100  # lxml looks an attribute up among all before it

# As HTML's tokeniser goes: what is no markup is passed over whole, and nothing is looked at twice.
_TOKEN = re.compile(
    r"<!--(?:.*?-->|.*)|<(script|style|textarea|title|xmp|iframe)\b[^<>]{0,2000}+>(?:.*?</\1|.*)"
    r"|<([A-Za-z][^\s<>/]{0,40})((?:[^=>]++|=\s*+(?:\"[^\"]*+\"|'[^']*+'|))*+)",
    re.S | re.I,
)
_LONG = 2_000  # characters; a shorter tag holds no attributes that matter
_NOT_SEEN = re.compile("[\0\u00ad\u200b]|&shy;|&#173;")
_ATTRIBUTE = re.compile(r"[^\s\"'=>/]{1,200}+(?:=(?:\"[^\"]*+\"|'[^']*+'|[^\s\"'>]*+))?")
_SKIPPED = frozenset(
    "audio button canvas datalist dialog embed iframe input math meter nav noscript object option "  # noqa: SIM905
    "progress script select style svg template textarea title video".split()
)
_BLOCKS = frozenset(
    "address article aside blockquote body br caption center dd details div dl dt fieldset figcaption figure footer "  # noqa: SIM905
    "form h1 h2 h3 h4 h5 h6 header hgroup hr li main nav ol p pre section summary table tbody td tfoot th thead tr "
    "ul".split()
)
_HIDDEN = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.I)


class Page(NamedTuple):
    """A page as a tree; `base` is what its links are relative to."""

    root: html.HtmlElement
    url: str
    base: str
    encoding: str


def plant(data: bytes, url: str, headers: Mapping[str, str]) -> Page | None:
    """The tree of a page; None when there is nothing in it. lxml cuts a page off that nests 256 elements deep."""
    text, encoding = decode(data, headers)
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        root = html.document_fromstring(_bounded(text).encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, AssertionError):  # nothing but comments, or not even these
        return None
    said = root.find(".//base[@href]")
    base = absolute(url, str(said.get("href"))) if said is not None else url
    return Page(root, url, base if base.startswith(("http://", "https://")) else url, encoding)


def decode(data: bytes, headers: Mapping[str, str]) -> tuple[str, str]:
    """The characters of a page, and its encoding: UTF-8 where it can be read so, else as header or `meta` say."""
    data = data[:MAX_BYTES]
    try:
        return data.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError as error:
        if error.reason == "unexpected end of data" and error.start > len(data) - 4:
            return data[: error.start].decode("utf-8-sig"), "utf-8"
    encoding, text = html_to_unicode(headers.get("content-type"), data, auto_detect_fun=_detected)
    return text, encoding.lower()


def _detected(data: bytes) -> str:
    return guess(data, "utf-8", sure=False)[1]


def _bounded(text: str) -> str:
    """The text without NULs and places to hyphenate; no tag has hundreds of attributes, nor are there too many."""
    text = _NOT_SEEN.sub("", text)
    text = _TOKEN.sub(_fewer_attributes, text)
    if text.count("<") > MAX_TAGS:
        text = "<".join(text.split("<", MAX_TAGS + 1)[:-1])
    return text


def _fewer_attributes(tag: re.Match[str]) -> str:
    if tag.end() - tag.start() < _LONG or not tag[2]:
        return tag[0]
    found = _ATTRIBUTE.findall(tag[3])
    return tag[0] if len(found) <= _MAX_ATTRIBUTES else f"<{tag[2]} {' '.join(found[:_MAX_ATTRIBUTES])}"


def host(url: str) -> str:
    """Whose page it is, without "www."; "" for none."""
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def is_hidden(element: etree._Element) -> bool:
    """Whether a reader of the page does not see it."""
    style = element.get("style")
    return element.get("hidden") is not None or (style is not None and _HIDDEN.search(style) is not None)


def is_skipped(element: etree._Element) -> bool:
    """Whether its text is no text of the page."""
    return element.tag in _SKIPPED or is_hidden(element)


def is_block(element: etree._Element) -> bool:
    """Whether a new line begins with it."""
    return element.tag in _BLOCKS


def words(element: etree._Element | None) -> str:
    """The text of an element on one line."""
    if element is None:
        return ""
    return " ".join(chars(" ".join(_pieces(element))).split())


def _pieces(element: etree._Element) -> list[str]:
    """Its texts; blocks are apart from each other, phrases are not."""
    pieces = [""]
    walk = etree.iterwalk(element, events=("start", "end"))
    for event, node in walk:
        if is_block(node):
            pieces.append("")
        if event == "end":
            pieces[-1] += (node.tail or "") if node is not element else ""
        elif node is not element and is_skipped(node):
            walk.skip_subtree()
        else:
            pieces[-1] += node.text or ""
    return pieces
