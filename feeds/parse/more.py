"""What a feed's item carries along of other articles, under "More news" at the end of its text: split off as items.

Conservative, for no article may lose its end: a heading of the table alone on its line, behind the text, and then to
the end nothing but teasers, each of a headline and one paragraph, with a link or a dateline.
"""

import html
import re
from collections.abc import Sequence
from functools import cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from feeds.model import Category, Item, Related, Text
from feeds.normalise.dateline import read
from feeds.normalise.dates import fold
from feeds.normalise.markup import to_text
from feeds.normalise.tails import is_boilerplate

if TYPE_CHECKING:
    from feeds.parse.page.rows import Row
    from feeds.parse.page.teasers import Teaser

_TAIL = 6_000  # characters in which teasers are looked for
_HEADING = 60  # characters of the longest
_OWN = 40  # words that the text itself has at least
_MOST = 10
_HEADINGS = 5  # that are tried
_OPENED = 20  # tags that may stand open before one
_PROSE = 12  # words; as in `teasers`
_NODE = re.compile(r"<[^<>]{0,2000}>|([^<>\n]+)")


@cache
def headings() -> frozenset[str]:
    """What stands over teasers of other articles, folded."""
    lines = (Path(__file__).parent / "page" / "data" / "related.txt").read_text("utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


def heads_teasers(line: str) -> bool:
    """Whether a line stands over teasers of other articles."""
    return len(line) <= _HEADING and fold(line.strip(" :：…»›>|-–—•▸►")).strip() in headings()


def may_have_more(text: str) -> bool:
    """Whether the plain text of an article has such a line near its end; nearly none has."""
    return any(len(line) <= _HEADING and heads_teasers(line) for line in text[-_TAIL:].split("\n")[1:])


def parted(item: Item, base: str) -> tuple[Item, ...]:
    """The item without the teasers that end its text, related to them, and these as items; (item,) where none do."""
    said = item.content or item.summary
    found = _cut(said, item.language) if said else None
    if said is None or found is None:
        return (item,)
    from feeds.parse.page import teased

    before, teasers = found
    others = tuple(replace(teased(one, base), language=item.language) for one in teasers)
    related = (Related(url=one.link, title=one.title.value if one.title else None) for one in others)
    own = replace(item, related=(*item.related, *related))
    text = Text(value=before, type=said.type)
    own = replace(own, content=text) if item.content else replace(own, summary=text)
    return (_without_front(own, text), *others)


def _cut(said: Text, language: str | None) -> "tuple[str, list[Teaser]] | None":
    """What stands before the first heading behind which there is nothing but teasers, and these."""
    from feeds.parse.page.rows import Row
    from feeds.parse.page.teasers import of_rows

    start = max(0, len(said.value) - _TAIL)
    nodes = (node for node in _NODE.finditer(said.value, start) if node[1] and len(node[1]) <= 2 * _HEADING)
    found = (node for node in nodes if heads_teasers(html.unescape(node[1]).strip()))
    for node in islice(found, _HEADINGS):
        rows = _rows(said, node.end())
        teasers = of_rows(rows)
        before = _closed(said.value[: node.start()])
        if _are_all(rows, teasers, language) and Row(to_text(Text(value=before, type=said.type))).size >= _OWN:
            return before, teasers
    return None


def _rows(said: Text, start: int) -> "list[Row]":
    """The lines of a text from there on, without boilerplate."""
    from feeds.parse.page.rows import of_text, of_tree
    from feeds.parse.page.tree import plant

    tail = said.value[start:]
    if said.type == "text" or "<" not in tail:
        rows = of_text(tail if said.type == "text" else html.unescape(tail))
    else:
        page = plant(f"<div>{tail}</div>".encode("utf-8", "replace"), "https://unknown.invalid/", {})
        rows = of_tree(page.root) if page else []
    return [row for row in rows if not is_boilerplate(row.text)]


def _are_all(rows: "Sequence[Row]", teasers: "Sequence[Teaser]", language: str | None) -> bool:
    """Whether these lines are these teasers, whole ones, and nothing besides but dates."""
    if not 1 <= len(teasers) <= _MOST or not all(one.summary for one in teasers):
        return False
    told = {one.title for one in teasers} | {one.summary for one in teasers}
    rest = [row for row in rows if row.text not in told and row.size >= 4 and row.date() is None]
    return not rest and all(one.href or read(one.summary, language)[1] for one in teasers)


def _closed(markup: str) -> str:
    """Markup without the tags that were opened last, with nothing behind them."""
    end = len(markup.rstrip())
    for _ in range(_OPENED):
        start = markup.rfind("<", max(0, end - 1_000), end)
        if start < 0 or markup[end - 1] != ">" or markup[start + 1] == "/":
            break
        end = len(markup[:start].rstrip())
    return markup[:end]


def _without_front(item: Item, said: Text) -> Item:
    """An item without section, headline and date in front of its text, as a page has them: they have their fields."""
    title = fold(" ".join(to_text(item.title).split())) if item.title else ""
    nodes = [node for node in _NODE.finditer(said.value[:2_000]) if (node[1] or "").strip()][:4]
    words = [" ".join(html.unescape(node[1]).split()) for node in nodes]
    at = next((n for n, line in enumerate(words[:2]) if title and fold(line) == title), None)
    if at is None or (at == 1 and len(words[0].split()) > 3):
        return item
    from feeds.parse.page.rows import date_of

    date = date_of(words[at + 1]) if at + 1 < len(words) and len(words[at + 1]) <= _HEADING else None
    text = Text(value=said.value[nodes[at + bool(date)].end() :], type=said.type)
    return replace(
        item,
        content=text if item.content else None,
        summary=item.summary if item.content else text,
        published=item.published or date,
        categories=item.categories or tuple(Category(term=word) for word in words[:at]),
    )
