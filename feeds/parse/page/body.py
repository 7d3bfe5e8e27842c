"""The main text of a page: of what says that it is, of trafilatura, or of the bare lines."""

import html
import logging
import re
from collections.abc import Sequence
from copy import deepcopy
from functools import cache
from typing import NamedTuple

from lxml import etree
from lxml import html as lxml_html

from feeds.model import Text
from feeds.normalise.dates import parse_date
from feeds.parse.own import story
from feeds.parse.page.edges import Lines, first_and_end, is_foreign
from feeds.parse.page.rows import Row, is_aside, of_tree
from feeds.parse.page.said import Said
from feeds.parse.page.teasers import Parted
from feeds.parse.page.titles import letters
from feeds.parse.page.tree import Page, host, words

_MOST_ELEMENTS = 20_000  # trafilatura's time is a second for so many
_ENOUGH = 40  # words
_MARK = "data-teaser-of-another"

_STAMPS = (
    "data-timestamp",
    "data-datetime",
    "data-published",
    "data-publish-date",
    "data-pubdate",
    "data-date",
    "datetime",
)
_STAMPED = f"//*[not(self::time)][{' or '.join(f'@{name}' for name in _STAMPS)}]"
_MOST_STAMPS = 100
_NEW_YEAR = (
    r"\bYEAR[-/.]?0?1[-/.]?0?1(?!\d)|(?<!\d)0?1[-/. ]{1,2}0?1[-/. ]{1,2}YEAR\b"
    r"|(?<!\d)0?1(?:st|er|º|\.)? (?:de )?[^\W\d_]{3,10}\.?,? (?:de )?YEAR\b|[^\W\d_]{3,10}\.? 0?1(?:st)?,? YEAR\b"
)

_BETWEEN = re.compile(r">\s*\n\s*<")
_FRAME = re.compile(r"</?(?:html|body)[^>]*>")


class Main(NamedTuple):
    """Clean enough HTML, and its text a paragraph a line."""

    markup: str
    text: str

    @property
    def size(self) -> int:
        """Words, roughly in any script."""
        return max(self.text.count(" ") + 1, len(self.text.encode()) // 12) if self.text else 0


def main(page: Page, plain: Sequence[Row], parted: Parted, said: Said) -> Text | None:
    """The text of the article; `plain` are the lines taken for it, `said` what the page's data says it is.

    Teasers are taken out of the tree first; where these stand in one element with the text, the lines are better.
    """
    if (own := story(page.root)) is not None:  # it may print no text, or too little to tell it from what is around it
        text = own.find("div[@class='body']")
        return None if text is None else of_element(text)
    lines = of_rows(plain)
    inseparable = not _mark(parted)
    found = extracted(page, seen=said.paywall)
    seen = Lines(parted.rows, host(page.url))
    best = lines if lines.size and (inseparable or _misses(found, lines)) else _trimmed(found, said, seen)
    best = _without_foreign(_with_credit(best, plain), seen)
    told = said.content
    if said.paywall:  # only what is seen without paying
        told = None
    if told is not None and len(told.value.split()) > 1.3 * best.size + 10:
        return told
    return Text(value=best.markup, type="html") if best.size else told


def _misses(found: Main, lines: Main) -> bool:
    return lines.size > (1.5 if found.size < _ENOUGH else 2) * found.size


def _trimmed(main: Main, said: Said, page: Lines) -> Main:
    """The text without what stands before and behind it."""
    lines = main.text.split("\n")
    first, end = first_and_end(lines, said, page)
    return main if end - first == len(lines) else _part(main, lines, first, end)


def _without_foreign(main: Main, page: Lines) -> Main:
    """The text without the lines inside it that are none of it."""
    lines = main.text.split("\n")
    kept = [line for line in lines if not is_foreign(line, page)]
    if len(kept) == len(lines) or not kept:
        return main
    tree = lxml_html.fragment_fromstring(main.markup, create_parent="div")
    gone = set(map(letters, lines)) - set(map(letters, kept))
    for element in list(tree.iter("p", "li", "h2", "h3", "h4", "blockquote")):
        if letters(words(element)) in gone and element.getparent() is not None:
            element.drop_tree()
    if [row.text for row in of_tree(tree)] != kept:
        return of_rows([Row(line) for line in kept])
    return Main(_inside(tree), "\n".join(kept))


def _part(main: Main, lines: Sequence[str], first: int, last: int) -> Main:
    """Some of the lines, and the elements that hold these."""
    tree = lxml_html.fragment_fromstring(main.markup, create_parent="div")
    for cut, children in ((lines[:first], list(tree)), (lines[last:], reversed(tree))):
        gone = set(map(letters, cut))
        for child in children:
            if letters(words(child)) not in gone:
                break
            child.drop_tree()
    kept = lines[first:last]
    if [row.text for row in of_tree(tree)] != kept:  # lines that are no elements of their own cannot be taken out
        return Main("".join(f"<p>{html.escape(line, quote=False)}</p>" for line in kept), "\n".join(kept))
    return Main(_inside(tree), "\n".join(kept))


def _mark(parted: Parted) -> bool:
    """Mark the elements that hold nothing but teasers; says whether that takes all of these lines."""
    around: set[etree._Element] = set()
    for row in parted.rows:
        element = row.element
        while element is not None and element not in around:
            around.add(element)
            element = element.getparent()
    for row in parted.taken:
        element = row.element
        if element is None or element in around:
            return False
        while (parent := element.getparent()) is not None and parent not in around:
            element = parent
        element.set(_MARK, "")
    return True


def extracted(page: Page, *, seen: bool = False) -> Main:
    """What trafilatura takes for the main text; `seen`: not of scripts, where it looks when little is seen."""
    if _is_huge(page):
        return Main("", "")
    from trafilatura import extract  # 0.2 s to import

    _quieten()
    root = deepcopy(page.root)
    for element in root.xpath(f"//*[@{_MARK}]{' | //script' if seen else ''}"):
        element.drop_tree()
    try:
        markup = extract(
            etree.tostring(root, method="html", encoding="unicode"),
            url=page.url,
            output_format="html",
            include_comments=False,
            include_formatting=False,
            include_links=False,
        )
    except Exception:  # it is not total: lxml's and its own errors on odd trees
        markup = None
    if not markup:
        return Main("", "")
    tree = etree.fromstring(markup, etree.HTMLParser())
    return Main(_BETWEEN.sub("><", _FRAME.sub("", markup)).strip(), "\n".join(row.text for row in of_tree(tree)))


def dated(page: Page) -> str:
    """The date of publication that htmldate finds anywhere on the page, its address included; "" for none."""
    if stamp := _stamped(page.root):
        return stamp
    if _is_huge(page):
        return ""
    from htmldate import find_date

    _quieten()
    try:
        found = find_date(deepcopy(page.root), url=page.url, original_date=True, extensive_search=True) or ""
    except Exception:  # as above
        return ""
    return "" if found.endswith("-01-01") and not _writes(page, found[:4]) else found


def _stamped(root: etree._Element) -> str:
    """What the first element in the page's own matter has in an attribute for scripts that show a date."""
    found = root.xpath(_STAMPED)
    elements = [one for one in found if isinstance(one, etree._Element)] if isinstance(found, list) else []
    for element in elements[:_MOST_STAMPS]:
        said = next((value for name in _STAMPS if (value := element.get(name))), "")
        if len(said) >= 8 and parse_date(said) and not any(map(is_aside, (element, *element.iterancestors()))):
            return said
    return ""


def _writes(page: Page, year: str) -> bool:
    """Whether New Year's Day is written somewhere; else htmldate makes it of a year, such as that of the copyright."""
    day = _NEW_YEAR.replace("YEAR", f"(?:{year}|{year[2:]})")
    text = f"{page.url} {etree.tostring(page.root, encoding='unicode', method='text')}"
    values = (value for element in page.root.iter("meta", "time", "a") for value in element.attrib.values())
    return any(re.search(day, said, re.I) for said in (text, *values))


@cache
def _quieten() -> None:
    """Both log at length what they do not find; that is no news to the one who runs this."""
    for name in ("trafilatura", "htmldate"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)


def _is_huge(page: Page) -> bool:
    return sum(1 for _ in zip(page.root.iter(), range(_MOST_ELEMENTS + 1), strict=False)) > _MOST_ELEMENTS


def of_rows(rows: Sequence[Row]) -> Main:
    """Paragraphs out of lines."""
    texts = [row.text for row in rows]
    return Main("".join(f"<p>{html.escape(text, quote=False)}</p>" for text in texts), "\n".join(texts))


def _with_credit(best: Main, plain: Sequence[Row]) -> Main:
    """The text with the credit line that ends the lines: it is short, and taken for clutter."""
    last = plain[-1].text if plain and plain[-1].size <= 12 else ""
    if not last or last in best.text or not best.size or (len(plain) > 1 and plain[-2].text[-40:] not in best.text):
        return best
    return Main(f"{best.markup}<p>{html.escape(last, quote=False)}</p>", f"{best.text}\n{last}")


def of_element(element: etree._Element) -> Text | None:
    """The inside of a chosen element, as HTML."""
    if not words(element):
        return None
    return Text(value=_inside(element), type="html")


def _inside(element: etree._Element) -> str:
    """What stands between the tags of an element."""
    inside = html.escape(element.text or "", quote=False)
    return inside + "".join(etree.tostring(child, encoding="unicode", method="html") for child in element)
