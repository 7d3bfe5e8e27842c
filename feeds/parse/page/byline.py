"""The author that readers of a page see: what is marked as one, in the article's own part of the page."""

import re
from collections.abc import Iterator

from lxml import etree

from feeds.model import Person
from feeds.normalise.dates import parse_date
from feeds.parse.page.rows import is_aside
from feeds.parse.page.tree import is_hidden, words

_MOST_ELEMENTS = 20_000
_LONGEST = 90
_MARKED = re.compile(
    r"(?:^|[\s_-])(?:by-?lines?|authors?|autor(?:en|in|es|a)?|auteurs?|writers?|verfasser|redakteur|contributors?|credits?"
    r"|posted-?by|written-?by|authored-?by)(?:[\s_-]?(?:names?|link|title|text|by|info|meta|box))?(?:$|[\s_-])|(?:^|\s)p-author",
    re.I,
)
_SURELY = re.compile(r"(?:^|[\s_-])author[\s_-]?(?:name|link)|by-?line[\s_-]?(?:name|author)|fn(?:$|\s)", re.I)
_OTHERS = re.compile(r"comment|related|teaser|recommend|side-?bar|widget|promo|more-from", re.I)
_PICTURES = re.compile(r"avatar|image|photo|gallery", re.I)
_PLAINLY = 2  # a rank; such a mark counts in an <aside> too
_BY = re.compile(
    r"^(?:(?:written|posted|published|reported|verfasst|geschrieben|veröffentlicht|publié|publicado|escrito|scritto)\s+)?"
    r"(?:by|von|par|por|di|door|av|af|autor(?:in)?|author|auteur|text|redaktion)\b\s*:?\s*",
    re.I,
)
_CUT = re.compile(
    r"\s*(?:[|•·–—]|\d{1,2}[./:]|\b(?:updated|published|(?:on|am|le|el)\s+(?:\w{1,12}[.,]?\s+){0,2}\d)\b|\d{4}).*$",
    re.I,
)
_NAME = re.compile(r"[^\W\d_][^\d@/\\<>{}\[\]=]{1,80}")


def authors(root: etree._Element) -> tuple[Person, ...]:
    """The authors that the page marks most plainly; empty when it marks none."""
    best: tuple[int, tuple[Person, ...]] = (9, ())
    for place, element in enumerate(root.iter(etree.Element)):
        if place > _MOST_ELEMENTS:
            break
        rank = _rank(element)
        if rank < best[0] and not _of_others(element, rank) and (names := tuple(_names(element))):
            best = rank, names
    return best[1]


def _rank(element: etree._Element) -> int:
    """How plainly an element is marked as the author's: 0 most, 9 not at all."""
    if element.tag in ("meta", "link", "img", "body", "html", "script", "input"):
        return 9
    if "author" in (element.get("rel") or "").lower().split():
        return 0
    if (element.get("itemprop") or "") in ("author", "creator"):
        return 1
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    if len(names) < 3 or not _MARKED.search(names[:200]):
        return 9
    return (
        2 if _SURELY.search(names[:200]) else 3 if element.tag in ("a", "span", "address", "cite", "strong", "b") else 4
    )


def _of_others(element: etree._Element, rank: int) -> bool:
    """Whether it stands where other articles, or readers, are told of, or beside a picture."""
    for distance, near in enumerate((element, *element.iterancestors())):
        if near.tag in ("article", "main", "body"):
            return False
        if is_hidden(near) or near.tag in ("nav", "footer"):
            return True
        if is_aside(near) and not (near.tag == "aside" and rank <= _PLAINLY):
            return True
        names = f"{near.get('class') or ''} {near.get('id') or ''}"[:200]
        if _OTHERS.search(names) or (distance < 3 and _PICTURES.search(names)):
            return True
    return False


def _names(element: etree._Element) -> Iterator[Person]:
    """The names in an element: of its links where it has some, else of its text."""
    text = words(element)
    if not text or len(text) > 4 * _LONGEST:
        return
    linked: list[str | None] = [name for link in element.iter("a") if (name := _name(words(link)))]
    found = linked or [_name(text)]
    for name in dict.fromkeys(found):
        if name:
            yield Person(name=name)


def _name(text: str) -> str | None:
    text = _CUT.sub("", _BY.sub("", text.strip(" :,"), count=1)).strip(" :,.-")
    if len(text) > _LONGEST or text.count(" ") > 9 or not _NAME.fullmatch(text) or parse_date(text):
        return None
    return text if _is_a_name(text) else None


_NO_NAMES = frozenset(
    "about all author authors by byline comments contact email facebook follow home more posts print read see share "  # noqa: SIM905
    "subscribe twitter view website".split()
)


def _is_a_name(text: str) -> bool:
    return text.split()[0].lower() not in _NO_NAMES
