"""Teasers: what a page tells of other articles, in a list or under "More news"."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import urlsplit

from lxml import etree

from feeds.normalise.dates import fold
from feeds.parse.more import heads_teasers
from feeds.parse.page.rows import BOLD, Row, date_of
from feeds.parse.xml import absolute

_LEAST = 3  # of one sort make a list
_PROSE = 12  # words; a line of fewer is no summary
_LONGEST_TITLE = 300
_LONGEST_DATE = 80
_MORE = re.compile(
    r"(?:more|latest|mehr|weitere|plus|mas|altre|mais) (?:from|in|on|stories|news|aus|von|de|en|su|em) .{2,40}"
)
_NO_PAGE = re.compile(r"^\s*(?:#|javascript:|mailto:|tel:|data:|whatsapp:)|\.(?:jpe?g|png|gif|pdf|mp3|mp4|zip)$", re.I)


@dataclass(slots=True)
class Teaser:
    """What is told of another article."""

    title: str
    href: str | None = None
    summary: str = ""
    moment: str | None = None
    element: etree._Element | None = None
    level: int = 0


class Parted(NamedTuple):
    """The rows of the page's own matter, and the teasers that stand behind or in it."""

    rows: list[Row]
    teasers: list[Teaser]
    taken: list[Row]  # the lines of these blocks


# ---------------------------------------------------------------- "More news"


def is_related_heading(row: Row) -> bool:
    """Whether a line stands over teasers of other articles."""
    if len(row.text) > 60:
        return False
    words = fold(row.text.strip(" :：…»›>|-–—•▸►")).strip()
    return heads_teasers(row.text) or (row.level >= 1 and _MORE.fullmatch(words) is not None)


def leads_elsewhere(line: str) -> bool:
    """Whether a line names another article behind such words, "Read also: …"."""
    heading, colon, rest = line.partition(":")
    return bool(colon and rest.strip()) and len(line) < _LONGEST_TITLE and heads_teasers(heading)


def part(rows: Sequence[Row]) -> Parted:
    """Take the blocks of teasers out of a page."""
    kept: list[Row] = []
    teasers: list[Teaser] = []
    taken: list[Row] = []
    place = 0
    while place < len(rows):
        if is_related_heading(rows[place]):
            end = _end(rows, place)
            first = next((n for n in range(place + 1, end) if rows[n].href or rows[n].size < _PROSE), end)
            kept += rows[place + 1 : first]  # a paragraph right under the heading is no teaser
            teasers += of_rows(rows[first:end])
            taken += (rows[place], *rows[first:end])
            place = end
        else:
            kept.append(rows[place])
            place += 1
    return Parted(kept, teasers, taken)


def _end(rows: Sequence[Row], start: int) -> int:
    """Where the block under a heading ends: at the next heading of the page, or where its matter goes on.

    A teaser has one paragraph at most: of several that follow each other none is a teaser's.
    """
    head = rows[start]
    linked = False
    headlines = start
    for place in range(start + 1, len(rows)):
        row = rows[place]
        heading = 0 < row.level < BOLD and not row.href
        if row.aside is not head.aside or (heading and (linked or (0 < head.level < BOLD and row.level <= head.level))):
            return place
        linked = linked or row.href is not None
        if row.size < 2 * _PROSE or row.href:
            headlines = place
        elif place - headlines > 1:
            return headlines + 1
    return len(rows)


# ---------------------------------------------------------------- teasers out of rows


def of_rows(rows: Sequence[Row]) -> list[Teaser]:
    """The teasers that these lines make up: a headline, and what follows it up to the next one."""
    marked = any(row.href or row.level for row in rows)
    teasers: list[Teaser] = []
    early: str | None = None
    for place, row in enumerate(rows):
        last = teasers[-1] if teasers else None
        again = last is not None and row.href is not None and row.href == last.href
        if not again and _is_headline(row, marked, rows[place + 1 : place + 2]):
            moment = early or row.moment
            teasers.append(Teaser(row.text, row.href, moment=moment, element=row.element, level=row.level))
            early = None
            continue
        date = row.date()
        if date is not None and last is not None:
            early = date if last.moment else None  # a second one stands over the next headline
            last.moment = last.moment or date
        elif date is not None:
            early = date
        if last is not None and not last.summary and row.size >= _PROSE:
            last.summary = row.text
    return _merged(teasers)


def _is_headline(row: Row, marked: bool, following: Sequence[Row]) -> bool:
    if len(row.text) > _LONGEST_TITLE or (len(row.text) <= _LONGEST_DATE and date_of(row.text) is not None):
        return False
    if marked:
        linked = row.href is not None and not _NO_PAGE.search(row.href)
        return (linked and (row.size >= 4 or row.level > 0)) or (row.level > 0 and row.size >= 3)
    return 3 <= row.size <= 25 and row.text[-1] not in ".。:" and bool(following) and following[0].size >= _PROSE


def _merged(teasers: Iterable[Teaser]) -> list[Teaser]:
    """Teasers that lead to the same page as one; the first headline counts."""
    found: dict[str, Teaser] = {}
    for teaser in teasers:
        key = teaser.href or teaser.title
        old = found.setdefault(key, teaser)
        if old is not teaser:
            old.summary = (
                old.summary or teaser.summary or (teaser.title if len(teaser.title) > len(old.title) + 40 else "")
            )
            old.moment = old.moment or teaser.moment
    return list(found.values())


# ---------------------------------------------------------------- a list


def listed(rows: Sequence[Row], base: str) -> list[Teaser]:
    """The teasers that make the list of a page, in its order; links of navigation and footer are none."""
    matter = [row for row in rows if not row.aside]
    found = [teaser for teaser in of_rows(matter) if teaser.href and _leads_on(base, teaser.href)]
    sorts = Counter(_sort(teaser) for teaser in found)
    words = Counter[str]()
    for teaser in found:
        words[_sort(teaser)] += len(teaser.title) + (60 if teaser.summary else 0) + (30 if teaser.moment else 0)
    good = {sort for sort, count in sorts.items() if words[sort] >= 25 * count}
    best = max((words[sort] for sort in good if sorts[sort] >= _LEAST), default=0)
    if not best:
        return []
    lists = {sort for sort in good if sorts[sort] >= _LEAST and 8 * words[sort] >= best}
    return [teaser for teaser in found if _sort(teaser) in lists or (teaser.level in range(1, BOLD) and teaser.summary)]


def _sort(teaser: Teaser) -> str:
    """How a headline is marked up: tags, and classes without figures, of what it stands in."""
    names: list[str] = []
    element = teaser.element
    while element is not None and len(names) < 5:
        css = " ".join(
            sorted(name for name in (element.get("class") or "").split()[:6] if not any(map(str.isdigit, name)))
        )
        names.append(f"{element.tag}.{css if len(names) < 3 else ''}")
        element = element.getparent()
    return "<".join(names)


def _leads_on(base: str, href: str) -> bool:
    """Whether a link leads to another page than this one and its site's front page."""
    if _NO_PAGE.search(href):
        return False
    try:
        here, there = urlsplit(base), urlsplit(absolute(base, href))
    except ValueError:
        return False
    if there.scheme not in ("http", "https") or (there.path in ("", "/") and not there.query):
        return False
    return (here.netloc, here.path, here.query) != (there.netloc, there.path, there.query)
