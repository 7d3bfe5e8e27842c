"""What CSS selectors of the configuration find on a page."""

from collections.abc import Callable
from functools import lru_cache

from lxml import etree
from lxml.cssselect import CSSSelector

from feeds.model import PageSelectors, Person
from feeds.parse.page.body import of_element
from feeds.parse.page.said import Said
from feeds.parse.page.tree import words

_MOST_ITEMS = 1_000


def items(root: etree._Element, selectors: PageSelectors) -> list[Said]:
    """The articles of a list, one for each element that `items` finds."""
    return [_item(element, selectors) for element in _all(root, selectors.items)[:_MOST_ITEMS]]


def article(root: etree._Element, selectors: PageSelectors) -> Said:
    """What the selectors find of the one article of a page."""
    body = _all(root, selectors.body)
    said = Said() if selectors.items else _fields(root, selectors)
    said.content = of_element(body[0]) if body else None
    return said


def _item(element: etree._Element, selectors: PageSelectors) -> Said:
    """One article of a list; title and link are those of its first link where nothing says where they stand."""
    said = _fields(element, selectors)
    links = [link for link in element.iter("a") if link.get("href")]
    own = element if element.tag == "a" else next(element.iterancestors("a"), None)
    headed = [link for link in links if words(link)]
    first = own if own is not None else next(iter(headed or links), None)
    said.link = said.link or (first.get("href") if first is not None else None) or ""
    said.title = said.title or _heading(element) or (words(first) if first is not None else "")
    said.published = said.published or next((time.get("datetime") or words(time) for time in element.iter("time")), "")
    return said


def _fields(root: etree._Element, selectors: PageSelectors) -> Said:
    def first(css: str | None, value: Callable[[etree._Element], str]) -> str:
        return next(filter(None, map(value, _all(root, css))), "")

    names = dict.fromkeys(filter(None, map(words, _all(root, selectors.author)[:20])))
    return Said(
        title=first(selectors.title, _content),
        link=first(selectors.link, _href),
        summary=first(selectors.summary, _content),
        published=first(selectors.date, _moment),
        authors=tuple(Person(name=name) for name in names),
    )


def _heading(element: etree._Element) -> str:
    return next(filter(None, (words(heading) for heading in element.iter("h1", "h2", "h3", "h4", "h5", "h6"))), "")


def _content(element: etree._Element) -> str:
    return (element.get("content") or "").strip() or words(element)


def _href(element: etree._Element) -> str:
    """Where an element leads: its own link, else the first within."""
    inside = next((link.get("href") for link in element.iter("a") if link.get("href")), None)
    return (element.get("href") or inside or "").strip()


def _moment(element: etree._Element) -> str:
    inside = next((time.get("datetime") for time in element.iter("time") if time.get("datetime")), None)
    return (element.get("datetime") or inside or "").strip() or _content(element)


def _all(root: etree._Element, css: str | None) -> list[etree._Element]:
    if not css:
        return []
    found = _compiled(css)(root)
    return [one for one in found if isinstance(one, etree._Element)] if isinstance(found, list) else []


@lru_cache(maxsize=1024)
def _compiled(css: str) -> CSSSelector:
    return CSSSelector(css, translator="html")
