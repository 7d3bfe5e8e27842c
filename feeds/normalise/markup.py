"""Clean HTML and plain text, out of whatever a source calls HTML."""

import html
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from functools import cache

import nh3

from feeds.model import Text
from feeds.normalise.links import LONGEST as LONGEST_URL
from feeds.normalise.links import is_pixel, resolve
from feeds.normalise.mend import readable

SANITISER = 2  # the version of the rules below; content cleaned by an older one is cleaned again when rendered
LONGEST = 1_000_000  # characters of one article's markup; what is beyond is cut off
_MANY = 20_000  # "&" and no-break spaces

_TAGS = frozenset(
    "a abbr b bdi bdo blockquote br caption cite code col colgroup dd del dfn div dl dt em figcaption figure h1 h2 h3 "  # noqa: SIM905
    "h4 h5 h6 hr i img ins kbd li mark ol p pre q rp rt ruby s samp small span strong sub sup table tbody td tfoot th "
    "thead time tr u ul var wbr".split()
)
_ATTRIBUTES = {
    "*": {"dir", "lang"},
    "a": {"href", "hreflang", "title"},
    "abbr": {"title"},
    "col": {"span"},
    "colgroup": {"span"},
    "del": {"datetime"},
    "img": {"alt", "height", "src", "width"},
    "ins": {"datetime"},
    "ol": {"reversed", "start"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "time": {"datetime"},
}
_DROPPED_WITH_CONTENT = frozenset(
    "annotation annotation-xml applet audio button canvas datalist embed form frameset head iframe map math "  # noqa: SIM905
    "noembed noframes option script select style svg template textarea title video xmp".split()
)
_FORMATTING = frozenset("a b big code em font i nobr s small strike strong tt u".split())  # noqa: SIM905
_VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())  # noqa: SIM905
_SELF_CLOSING = frozenset("p li dt dd tr td th tbody thead tfoot option".split())  # noqa: SIM905

_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_FORBIDDEN_BYTES = bytes([*range(9), 11, 12, *range(14, 32)])
# In UTF-8, the first bytes of all that NFC may change, or join with what stands before it; of those with 0xE2 none
# from U+2002 to U+203F, which are dashes, quotes and the like.
_COMPOSING = b"\xcc\xcd\xce\xd2\xd6\xd7\xd8\xd9\xdb\xdc\xdd\xdf\xe0\xe1\xe3\xea\xef\xf0"
_NOT_PLAIN = _FORBIDDEN_BYTES + _COMPOSING
_OTHER_E2 = re.compile(rb"\xe2(?!\x80[\x82-\xbf])")
_DATA_URI = re.compile(r"""=\s*["']?data:[^"'<>\s]*""", re.I)
_ODD_SPACE = re.compile(r"\xa0|&(?!(?:lt|gt|quot|apos|#39);)")
_ANY_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)[^<>]*>?")
_DOUBLE = re.compile(
    r"&lt;/(?:p|a|b|i|em|strong|div|span|ul|li|h[1-6]|blockquote)&gt;|&lt;(?:br|p)\s?/?&gt;|&lt;img ", re.I
)
_IMG = re.compile(r"<img\b[^>]*>")
_PICTURE = re.compile(r"(<img\b[^<>]*>)", re.I)
_ABSOLUTE = ("https://", "http://", "mailto:")
_ATTRIBUTE = re.compile(r'(\w+)="([^"]*)"')
_LINKED = re.compile(r"<(?:a|img)\b[^>]*>")
_BAD_LINK = re.compile(r' (href|src)="(?!https?://|mailto:)([^"]*)"', re.I)
_SCHEMED = re.compile(r"\s*https?:", re.I)  # and not "://": nobody can follow it
_FIGURE = re.compile(r"<figure\b.*?</figure>")
_BLOCKS = frozenset(
    "p div br li ul ol h1 h2 h3 h4 h5 h6 blockquote table tbody thead tfoot tr td th pre dl dd dt hr figure caption "  # noqa: SIM905
    "figcaption".split()
)
_BREAKS = _BLOCKS | {f"/{name}" for name in _BLOCKS}


# ---------------------------------------------------------------- characters


def chars(text: str) -> str:
    """The text in NFC, with no character but those of XML 1.0 `Char` (section 2.2)."""
    return text if _is_plain(text) else _composed(_allowed(text))


def _is_plain(text: str) -> bool:
    """Whether a text is surely as `chars` would leave it: half the time of finding out."""
    try:
        data = text.encode()
    except UnicodeEncodeError:
        return False
    return len(data.translate(None, _NOT_PLAIN)) == len(data) and not _OTHER_E2.search(data)


def _composed(text: str) -> str:
    return text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)


def _allowed(text: str) -> str:
    try:
        data = text.encode()
    except UnicodeEncodeError:  # half of a surrogate pair
        return _FORBIDDEN.sub("", text)
    clean = len(data.translate(None, _FORBIDDEN_BYTES)) == len(data) and "\ufffe" not in text and "\uffff" not in text
    return text if clean else _FORBIDDEN.sub("", text)


def line(text: str) -> str:
    """The text on one line: white space squeezed, `chars` only."""
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()
    return " ".join(chars(text).split())


# ---------------------------------------------------------------- clean HTML


def clean_html(markup: str, base: str | None = None) -> str:
    """The part of `markup` that may be published, by an allow-list on an HTML5 tree; every link absolute.

    No forms, frames, scripts, style, svg, math; no tracking pixels; links are http, https or mailto, relative to
    `base` (None: relative ones are dropped). Well-formed enough for a later reader: in what this gives, "<" and ">"
    are tags only. Cleaning it again changes nothing, unless an unknown element stood between two that cannot be nested:
    then the second reading sees them side by side.
    """
    return clean_all((markup,), (base,))[0]


def clean_all(markups: Iterable[str], bases: Iterable[str | None]) -> list[str]:
    """The same for several at once, a step for all of them after the other: see `texts.cleaned`."""
    found = [readable(_decoded_once(markup)) for markup in markups]
    bounded = [_bounded(markup) for markup, _ in found]
    trees = [_tree(markup) for markup in bounded]
    return [_finished(tree, names, base) for tree, (_, names), base in zip(trees, found, bases, strict=True)]


def _finished(cleaned: str, names: set[str], base: str | None) -> str:
    """What the tree was written as, with what the sanitiser leaves to us; `names` are those of its elements."""
    if not _all_absolute(cleaned):
        cleaned = _with_absolute(cleaned, base)
    if not _is_plain(cleaned):  # U+0338 is the one mark that NFC joins with "<", ">" and "=", our tags
        cleaned = _composed(_allowed(cleaned).replace("\u0338", ""))
    if "img" in names:
        cleaned = _IMG.sub(_without_pixel, cleaned)
    if "pre" in names:  # the first line end in pre is not content; nh3 0.3 forgets to write it again
        cleaned = re.sub(r"(<pre[^>]*>)\n", r"\1\n\n", cleaned)
    cleaned = cleaned.strip()
    return f"<p>{cleaned}</p>" if _is_escaped(cleaned) else cleaned  # or the next reader would decode it once more


def _tree(markup: str) -> str:
    try:
        return _cleaner().clean(markup)
    except UnicodeEncodeError:
        return _cleaner().clean(_allowed(markup))


@cache
def _cleaner() -> nh3.Cleaner:
    """The one cleaner: building one takes as long as cleaning, so relative links are left to `_with_absolute`."""
    return nh3.Cleaner(
        tags=_TAGS,
        clean_content_tags=_DROPPED_WITH_CONTENT,
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer nofollow ugc",
        url_relative="pass_through",
    )


def _decoded_once(markup: str) -> str:
    """Markup that was escaped twice, escaped once."""
    if not _is_escaped(markup):
        return markup
    return "".join(part if part[:1] == "<" else html.unescape(part) for part in _PICTURE.split(markup))


def _is_escaped(markup: str) -> bool:
    """Whether markup was escaped twice: there are no tags beside it, but pictures such as feed services append."""
    if "<" not in markup:
        return "&lt;" in markup and _DOUBLE.search(markup) is not None
    return markup.startswith("&lt;") and "<" not in _PICTURE.sub("", markup) and _DOUBLE.search(markup) is not None


def _bounded(markup: str) -> str:
    """Markup that an HTML5 parser reads in linear time.

    The parser opens every unclosed formatting element again in each new block (HTML, section 13.2.4.3), and looks
    through all open elements at each tag: quadratic on markup that never closes what it opens. So is its way of
    writing "&" and no-break spaces in one stretch of text: beyond what anybody means they become spaces.
    """
    if len(markup) > LONGEST:
        markup = _DATA_URI.sub("=", markup)[:LONGEST]
    if len(markup) > _MANY and markup.count("&") + markup.count("\xa0") > _MANY:
        markup = _ODD_SPACE.sub(" ", markup)
    if markup.count("<") < 300 and len(markup) < 100_000:
        return markup
    return markup if _closes(markup) else html.escape(_ANY_TAG.sub(" ", markup), quote=False)


def _closes(markup: str) -> bool:
    """Whether elements are closed, attributes few, within what people write."""
    balance: Counter[str] = Counter()
    for match in _ANY_TAG.finditer(markup):
        closing, name = match[1], match[2].lower()
        if name in _VOID or name in _SELF_CLOSING:
            continue
        balance[name] += -1 if closing and balance[name] else not closing
        if match.end() - match.start() > 20_000 or len(balance) > 500:
            return False
    formatting = sum(count for name, count in balance.items() if name in _FORMATTING)
    return formatting <= 20 and balance.total() <= 250


def _without_pixel(match: re.Match[str]) -> str:
    attributes = dict(_ATTRIBUTE.findall(match[0]))
    tiny = attributes.get("width") in ("0", "1") or attributes.get("height") in ("0", "1")
    source = attributes.get("src", "")[:LONGEST_URL]
    return "" if tiny or not source or is_pixel(source) else match[0]


def _all_absolute(cleaned: str) -> bool:
    """Whether no link is relative, nor as odd as "http:x" and "HTTP:/x", which nh3 leaves as said; never wrongly so."""
    links = [*cleaned.split('href="')[1:], *cleaned.split('src="')[1:]]
    return all(link.startswith(_ABSOLUTE) for link in links)


def _with_absolute(cleaned: str, base: str | None) -> str:
    """Clean HTML whose links are absolute, or none."""

    def resolved(match: re.Match[str]) -> str:
        said = html.unescape(match[2])
        url = None if _SCHEMED.match(said) else resolve(base, said)
        return f' {match[1]}="{html.escape(url)}"' if url else ""

    return _LINKED.sub(lambda match: _BAD_LINK.sub(resolved, match[0]), cleaned)


def paragraphs(text: str) -> str:
    """HTML of a plain text, a paragraph a line."""
    text = text.replace("\u0338", "")  # see clean_html
    return "".join(f"<p>{html.escape(part, quote=False)}</p>" for part in text.split("\n") if part)


# ---------------------------------------------------------------- plain text


def to_text(text: Text) -> str:
    """The plain text, a paragraph a line; figures and their captions left out when there is other text."""
    plain = plain_text(text)
    return text_of(clean_html(text.value)) if plain is None else plain


def plain_text(text: Text) -> str | None:
    """The plain text of what holds no markup at all; None when there is a tree to read."""
    value = text.value[:LONGEST]
    if text.type != "text":
        if "<" in value or ("&lt;" in value and _DOUBLE.search(value)):
            return None
        value = html.unescape(value) if "&" in value else value
    return _squeezed(chars(value))


def text_of(cleaned: str) -> str:
    """The plain text of what `clean_html` gave."""
    flat = cleaned.replace("\n", " ")
    if "<figure" in flat and (text := _stripped(_FIGURE.sub("\n", flat))):
        return text
    return _stripped(flat)


def _stripped(markup: str) -> str:
    parts = markup.replace("<", ">").split(">")  # text and tags in turns, as both signs are those of tags only
    parts[1::2] = [
        "\n" if tag in _BREAKS or (" " in tag and tag.partition(" ")[0] in _BREAKS) else "" for tag in parts[1::2]
    ]
    text = "".join(parts)
    if "&" in text:
        text = text.replace("&nbsp;", " ").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    return _squeezed(text)


def _squeezed(text: str) -> str:
    """No empty line, no white space but single spaces inside a line."""
    text = text.replace("\xa0", " ").replace("\t", " ").replace("\r", "\n")
    if "  " in text:
        text = "\n".join([" ".join(part.split()) for part in text.split("\n")])
    return "\n".join([kept for part in text.split("\n") if (kept := part.strip())])
