"""Reads HTML pages, and plain text that is laid out like one: an article with what is told beside it, or a list.

Of each field counts what is said first: by the configuration's selectors, by JSON-LD, microdata and the head's `meta`
elements, then by what a reader sees. trafilatura finds the main text.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple
from urllib.parse import urlsplit

from msgspec.structs import replace

from feeds.errors import ParseError
from feeds.model import Item, Outcome, PageSelectors, ParsedFeed, Person, Related, Text
from feeds.normalise.dates import fold, parse_date
from feeds.parse.page import byline, chosen, jsonld, meta, microdata, plain
from feeds.parse.page.body import dated, main, of_rows
from feeds.parse.page.rows import Row, of_text, of_tree
from feeds.parse.page.said import Said, laid_over
from feeds.parse.page.teasers import Parted, Teaser, listed, part
from feeds.parse.page.titles import headline, letters, site_of
from feeds.parse.page.tree import Page, decode, host, plant
from feeds.parse.reasons import MAX_ITEMS
from feeds.parse.xml import absolute

__all__ = ["read", "teased"]

_HEAD = 65536
_WEB = ("http://", "https://")
_MARKUP = re.compile(
    rb"<(?:!doctype|html|head|body|title|meta|div|p|br|a|h[1-6]|article|main|table|ul|span|b|i)[\s/>]", re.I
)
_MOST_RELATED = 50
_A_TEXT = 15  # words; a page that does not say that it is an article needs so many to be one
_OLDEST = 1990  # year; "0001-01-01" is said where nothing is known
_FEW_WORDS = 80  # of its own, and a page is more than a list
_MANY_WORDS = 200
_SLUG = re.compile(r"[^/]+-[^/]+-[^/]+-[^/]+/?$|\d{5,}[^/]*/?$|\.s?html?$")  # how addresses of articles end
_INDEX = re.compile(r"(?<=/)index\.s?html?$")  # what a server gives where the address ends before it


def read(data: bytes, url: str, headers: Mapping[str, str], selectors: PageSelectors | None = None) -> ParsedFeed:
    """The articles of a page: its own first and then the teasers beside it (format "page"), or its list ("list").

    A text without markup is read as the page that it was saved from. Raises ParseError when there is neither.
    """
    if not _MARKUP.search(data[:_HEAD]):
        return _read_text(data, url, headers)
    page = plant(data, url, headers)
    if page is None:
        raise ParseError(Outcome.EMPTY, "an HTML page with nothing in it")
    facts = _facts(page, selectors or PageSelectors())
    items = _list(facts)
    form = "list" if items else "page"
    items = items or _article(facts)
    if not items:
        raise ParseError(
            Outcome.NOT_A_FEED,
            "an HTML page in which neither an article nor a list of articles was found; "
            'say where they are: page = { items = "…", title = "…", link = "…" }, each a CSS selector',
        )
    site = facts.site()
    if any(letters(item.title.value).endswith(letters(site)) for item in items if item.title):
        site = ""  # a window that is called as the article is, or as a part of it
    return ParsedFeed(
        items=tuple(items[:MAX_ITEMS]),
        format=form,
        path="page",
        encoding=page.encoding,
        title=Text(value=site) if site else None,
        link=url if url.startswith(_WEB) else None,
        language=facts.head.said.language.replace("_", "-") or None,
    )


def _read_text(data: bytes, url: str, headers: Mapping[str, str]) -> ParsedFeed:
    """The same of a plain text whose paragraphs are lines, such as a page that was saved as text."""
    text, encoding = decode(data, headers)
    parted = part(of_text(text))
    found = plain.read(parted.rows, ())
    if not (found.said.title and found.body) or b"\0" in data:
        raise ParseError(Outcome.NOT_A_FEED, "neither XML, JSON nor HTML, and no text with a headline either")
    found.said.content = Text(value=of_rows(found.body).text)
    others = [teased(teaser, url) for teaser in parted.teasers]
    own = _item(found.said, url, url, others)
    return ParsedFeed(items=(own, *others), format="page", path="page", encoding=encoding, link=None)


# ---------------------------------------------------------------- what there is


class _Facts(NamedTuple):
    """All that was found on a page, before it is decided what it is."""

    page: Page
    selectors: PageSelectors
    head: meta.Head
    nodes: list[jsonld.Node]
    reader: jsonld.Reader
    rows: list[Row]
    parted: Parted

    def site(self) -> str:
        """What the site is called, as far as that is said."""
        data = (self.reader.article(node.said).site for node in self.nodes if jsonld.is_article(node.said))
        return self.head.said.site or next(filter(None, data), "") or site_of(self.head.title, host(self.page.url))


def _facts(page: Page, selectors: PageSelectors) -> _Facts:
    values = [*jsonld.blocks(page.root), *microdata.objects(page.root)]
    nodes = jsonld.nodes(values)
    rows = of_tree(page.root)
    head = meta.head(page.root)
    if not page.base.startswith(_WEB) and head.canonical.startswith(_WEB):  # a file: it was saved from there
        page = page._replace(url=head.canonical, base=head.canonical)
    return _Facts(page, selectors, head, nodes, jsonld.Reader(nodes), rows, part(rows))


def _own(facts: _Facts) -> Said | None:
    """What the data says of the page's own article, if it says which one that is."""
    articles = [node.said for node in facts.nodes if node.inside is None and jsonld.is_article(node.said)]
    if len(articles) > 1:
        addresses = {_path(facts.page.url), _path(absolute(facts.page.base, facts.head.canonical))}
        named = [one for one in articles if _path(absolute(facts.page.base, facts.reader.link(one))) in addresses]
        titles = {fold(facts.head.said.title), fold(facts.head.title)}
        articles = (
            named
            or [one for one in articles if fold(facts.reader.article(one).title) in titles]
            or (articles[:1] if len({facts.reader.link(one) for one in articles}) == 1 else [])
        )
    return laid_over([facts.reader.article(one) for one in articles]) if articles else None


def _path(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    return f"{(parts.hostname or '').removeprefix('www.')}{parts.path.rstrip('/')}?{parts.query}"


# ---------------------------------------------------------------- a list


def _list(facts: _Facts) -> list[Item]:
    """The items of a list; empty when the page is an article."""
    if facts.selectors.items:
        return _items(facts, chosen.items(facts.page.root, facts.selectors))
    if _own(facts) is not None:
        return []
    seen = [_of_teaser(teaser) for teaser in listed(facts.rows, facts.page.base)]
    told = _told(facts)
    return _items(facts, _joined(facts, told, seen)) if _lists(facts, told, seen) else []


def _lists(facts: _Facts, told: Sequence[Said], seen: Sequence[Said]) -> bool:
    """Whether a page without data on an article of its own is a list: as more speaks for that than against it."""
    head, path = facts.head, _INDEX.sub("", urlsplit(facts.page.url).path)
    summaries = {one.summary for one in seen}
    prose = sum(row.size for row in facts.parted.rows if plain.is_prose(row) and row.text not in summaries)
    against = 2 * (head.kind in ("article", "video")) + 2 * bool(head.said.published) + (prose >= _FEW_WORDS)
    against += 2 * (prose >= _MANY_WORDS and prose > sum(len(summary.split()) for summary in summaries))
    against += _SLUG.search(path) is not None
    return 2 * bool(told) + (len(seen) >= 3) + 2 * (path in ("", "/")) > against


def _told(facts: _Facts) -> list[Said]:
    """The list that the data tells of; of one or two it is none."""
    lists = [list(facts.reader.listed(node.said)) for node in facts.nodes if jsonld.is_list(node.said)]
    longest = max(lists, key=len, default=[])
    articles = [facts.reader.article(node.said) for node in facts.nodes if jsonld.is_article(node.said)]
    told = [one for one in (longest if len(longest) >= len(articles) else articles) if one.link]
    return told if len({one.link for one in told}) >= 3 else []


def _joined(facts: _Facts, told: Sequence[Said], seen: Sequence[Said]) -> list[Said]:
    """What the data tells, with what is seen of the same page; without the former, what is seen."""
    base = facts.page.base
    shown = {_path(absolute(base, one.link)): one for one in seen}
    joined = [laid_over([one, shown.get(_path(absolute(base, one.link)), Said())]) for one in told]
    return [one for one in joined if one.title] or list(seen)


def _items(facts: _Facts, found: Iterable[Said]) -> list[Item]:
    items = (_item(one, facts.page.base, "") for one in found if one.title and one.link)
    return list({item.link: item for item in items}.values())


# ---------------------------------------------------------------- an article


def _article(facts: _Facts) -> list[Item]:
    """The page's own article, and the others that it tells of."""
    page, head = facts.page, facts.head
    own = _own(facts)
    pages = [facts.reader.article(node.said) for node in facts.nodes if not node.inside and jsonld.is_page(node.said)]
    found = plain.read(facts.parted.rows, tuple(filter(None, (own.title if own else "", head.said.title, head.title))))
    picked = chosen.article(page.root, facts.selectors)
    data = [own] if own else []
    layers = [picked, *data, head.said, found.said, *(_weak(one) for one in pages)]
    said = laid_over(layers)
    said.title = picked.title or headline(
        layers[1 : -1 - len(pages)],
        found.said.title,
        head.title,
        (head.said.site, host(page.url)),
        heads=found.heads and not (own and own.title),
    )
    signed = [found.said] if byline.are_others(found.said.authors, head.said.authors) else []
    said.authors = picked.authors or _authors([*data, *signed, *layers], byline.authors(page.root), facts)
    said.content = picked.content or main(page, found.body, facts.parted, said)
    said.published = _readable([one.published for one in layers], lambda: dated(page))
    said.updated = _readable([one.updated for one in layers])
    if own is None and head.kind != "article" and (said.content is None or _words(said.content) < _A_TEXT):
        return []
    if not (said.title or said.content):
        return []
    others = _others(facts)
    return [_item(said, page.base, _address(facts, own), others), *others]


def _authors(layers: Sequence[Said], seen: tuple[Person, ...], facts: _Facts) -> tuple[Person, ...]:
    """The first that are people; the site itself, which signs where nothing else is said, when there are none."""
    address = host(facts.page.url)
    names = (facts.site(), address, *address.split(".")[:-1], *(layer.site for layer in layers))
    site = {letters(name) for name in names if name}
    rights = letters(facts.head.said.rights)
    said = [layer.authors for layer in layers] + [seen]
    keys = ([(person, letters(person.name or "")) for person in group] for group in said)
    people = (tuple(person for person, key in group if key not in site and key not in rights) for group in keys)
    found = next(filter(None, people), ()) or next(filter(None, said), ())
    return byline.fuller(found, [person for group in said for person in group])


def _others(facts: _Facts) -> list[Item]:
    """The articles that are told of beside the page's own: those that readers see, then those of lists in the data."""
    base = facts.page.base
    items = [teased(teaser, base) for teaser in facts.parted.teasers]
    for node in facts.nodes:
        if "itemlist" in jsonld.types(node.said):
            items += [_item(one, base, "") for one in facts.reader.listed(node.said, articles=True) if one.title]
    return list({letters(item.title.value): item for item in reversed(items) if item.title}.values())[::-1][
        :_MOST_RELATED
    ]


def _words(text: Text) -> int:
    return max(len(text.value.split()), len(text.value.encode()) // 12)


def _weak(said: Said) -> Said:
    """Of a page's own node only its dates and authors: titles and texts there are those of the site as often."""
    return Said(published=said.published, updated=said.updated, authors=said.authors, language=said.language)


def _readable(said: Sequence[str], otherwise: Callable[[], str] = str) -> str:
    """The first that is a date somebody can mean, else what is found otherwise, else the first."""
    dates = ((one, parse_date(one)) for one in said if one)
    found = next((one for one, date in dates if date and date.year >= _OLDEST), "")
    return found or otherwise() or next(filter(None, said), "")


def _address(facts: _Facts, own: Said | None) -> str:
    """The address that the page gives itself, unless that leads to the front page or to another site."""
    url = facts.page.url
    told = facts.head.canonical or (own.link if own else "")
    said = absolute(facts.page.base, told) if told else url
    try:
        here, there = urlsplit(url), urlsplit(said)
    except ValueError:
        return url
    if there.scheme not in ("http", "https") or (there.path in ("", "/") and here.path not in ("", "/")):
        return url
    near = (there.hostname or "").removeprefix("www.").split(".")[-2:] == (here.hostname or "").split(".")[-2:]
    return said if near or here.scheme not in ("http", "https") else url


def _of_teaser(teaser: Teaser) -> Said:
    return Said(title=teaser.title, link=teaser.href or "", summary=teaser.summary, published=teaser.moment or "")


def teased(teaser: Teaser, base: str) -> Item:
    """The item that a teaser tells of."""
    return _item(_of_teaser(teaser), base, "")


def _item(said: Said, base: str, link: str, others: Sequence[Item] = ()) -> Item:
    link = link or (absolute(base, said.link) if said.link else "")
    return Item(
        link=link or None,
        title=Text(value=said.title) if said.title else None,
        summary=Text(value=said.summary) if said.summary else None,
        content=said.content,
        authors=said.authors,
        categories=said.categories(),
        images=tuple(replace(image, url=absolute(base, image.url)) for image in said.images),
        published=said.published or None,
        updated=said.updated or None,
        language=said.language.replace("_", "-") or None,
        rights=said.rights or None,
        credit=said.credit or None,
        base=base,
        paywall=said.paywall,
        related=tuple(Related(url=o.link, title=o.title.value if o.title else None) for o in others),
    )
