"""schema.org's vocabulary as microdata: https://html.spec.whatwg.org/multipage/microdata.html.

Gives the objects that the same page would have as JSON-LD. `itemref` is not followed; one walk, so the time is linear.
"""

from typing import Any

from lxml import etree

from feeds.parse.page.tree import words

_MOST = 2_000  # objects
_URLS = {"a": "href", "area": "href", "link": "href", "audio": "src", "embed": "src", "iframe": "src", "img": "src"} | {
    "source": "src", "video": "src", "object": "data"
}  # fmt: skip
_WORDS = frozenset({"author", "creator", "headline", "name", "articleSection", "keywords", "publisher"})
_LONG = frozenset({"articleBody", "text", "reviewBody", "commentText"})  # read as main text, from the tree


def objects(root: etree._Element) -> list[dict[str, Any]]:
    """The objects at the top, those within them as their values."""
    top: list[dict[str, Any]] = []
    open_: list[tuple[etree._Element, dict[str, Any]]] = []
    made = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if event == "end":
            if open_ and open_[-1][0] is element:
                open_.pop()
            continue
        names = (element.get("itemprop") or "").split()[:10]
        value: Any = None
        if element.get("itemscope") is not None and made < _MOST:
            made += 1
            value = {"@type": (element.get("itemtype") or "").split()[:5]}
            if name := element.get("itemid"):
                value["@id"] = name
            if not (names and open_):
                top.append(value)
        owner = open_[-1][1] if open_ else None
        if isinstance(value, dict):
            open_.append((element, value))
        if owner is not None:
            for name in names:
                if name not in _LONG:
                    owner.setdefault(name, []).append(_value(element, name) if value is None else value)
    return top


def _value(element: etree._Element, name: str) -> str:
    """The value of a property; a `content` counts on every element, as people use it."""
    said = element.get("content")
    if said is None and element.tag in _URLS and not (element.tag == "a" and name in _WORDS):
        said = element.get(_URLS[str(element.tag)])
    if said is None:
        said = element.get("datetime") or (element.get("value") if element.tag in ("data", "meter", "meta") else None)
    return words(element) if said is None else said.strip()
