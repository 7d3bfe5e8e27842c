"""Reads sitemaps (https://www.sitemaps.org/protocol.html) with the extensions for news, videos and images.

They are XML, or plain text with an address in each line.

A sitemap of news is a source like a feed. One of plain pages only says where they stand and when they changed: its
latest become items with a title made of the address, for who asks for that. An index has no items, it leads on.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from lxml import etree

from feeds.model import Category, Enclosure, Image, Item, ParsedFeed, Problem, Text
from feeds.normalise.dates import parse_date
from feeds.normalise.moments import day_in
from feeds.parse.draft import number, title_text
from feeds.parse.reasons import Reason
from feeds.parse.xml import Names, absolute, text_of

NEWS = "sitemap-news"  # words of ParsedFeed.format
PAGES = "sitemap-pages"
INDEX = "sitemap-index"

MAX_URLS = 50_000  # to a document: what the protocol allows
MAX_LOC = 4096  # characters of an address: twice of what the protocol allows
NEWEST = 1_000  # to a document: what news sitemaps may hold
RECENT = timedelta(days=2)  # before the latest of a document: pages that are news; what news sitemaps cover
LEADS = 50
STALE = timedelta(days=7)  # before the latest sitemap of an index: those that are not asked
MONTH = timedelta(days=31)  # of an index that names its sitemaps by months: the last one is asked as well
_MAX_PARTS = 100  # images, videos, keywords of a page
_NEVER = datetime.min.replace(tzinfo=UTC)
_SCHEME = "http://www.google.com/schemas/sitemap-news/0.9#"

_WORDS = re.compile(r"[-_+\s]+")
_SIDE = re.compile(r"categor|[-_/]tags?\b|author|image|video|[-_/]pages?\b|static|archive", re.I)
_MONTH = re.compile(r"(?<!\d)((?:19|20)\d\d)[-_/]?(0[1-9]|1[0-2])(?!\d)")
_SUFFIX = re.compile(r"\.[A-Za-z]{2,5}$")
_HEX = frozenset("0123456789abcdef.")
_LONGEST = 500


class _Page(NamedTuple):
    """One `url` element: what is needed to choose among thousands."""

    position: int
    element: etree._Element
    date: str | None
    is_news: bool


def read(root: etree._Element, url: str) -> ParsedFeed:
    """The items of a sitemap, newest first where there are more than a thousand."""
    names = Names(str(root.tag))
    elements = [child for child in root if names[str(child.tag)] == "url"]
    pages = [_page(position, element, names) for position, element in enumerate(elements[:MAX_URLS])]
    news = [page for page in pages if page.is_news]
    chosen = _newest(news) if news or not pages else _recent(_newest(pages))
    items, problems = _items(chosen, names, url)
    if news and (others := len(pages) - len(news)):
        problems.append(Problem(reason=Reason.NO_NEWS, detail=f"{others} addresses of pages, beside {len(news)}"))
    if len(news) > NEWEST or len(elements) > MAX_URLS:
        problems.append(Problem(reason=Reason.TOO_MANY, detail=f"{len(elements)} addresses in the document"))
    return ParsedFeed(
        items=tuple(items),
        problems=tuple(problems),
        format=NEWS if news or not pages else PAGES,
        title=_publication(chosen, names),
    )


def read_text(text: str, url: str) -> ParsedFeed:
    """The pages that a sitemap without markup lists: the latest by the days in their addresses.

    Where no address has a day, those at both ends that name a story: nobody knows at which end the new ones stand.
    """
    links = list(dict.fromkeys(text.split()[:MAX_URLS]))
    days = {link: day for link in links if (day := day_in(link))}
    latest = max(days.values(), default=_NEVER)
    chosen = [link for link, day in days.items() if latest - day <= RECENT] if days else _ends(links)
    items = (Item(link=absolute(url, link), title=_named(link), base=url) for link in chosen[:NEWEST])
    return ParsedFeed(items=tuple(items), format=PAGES, encoding="utf-8")


def _ends(links: Sequence[str]) -> list[str]:
    stories = [link for link in links if _headline(link)]
    return stories if len(stories) <= NEWEST else stories[: NEWEST // 2] + stories[-NEWEST // 2 :]


def _named(link: str) -> Text | None:
    title = _headline(link)
    return title_text(title) if title else None


def read_index(root: etree._Element, url: str) -> ParsedFeed:
    """What a sitemap index leads to: sitemaps of news first, then the latest; none much older than the latest.

    Where it says no date at all, the days and months in addresses do: "posts-2026-01.xml".
    """
    names = Names(str(root.tag))
    found: dict[str, datetime | None] = {}
    for element in (child for child in root if names[str(child.tag)] == "sitemap"):
        said = _texts(element, names)
        if 0 < len(said.get("loc", "")) <= MAX_LOC and len(found) < MAX_URLS:
            found.setdefault(absolute(url, said["loc"]), _moment(said.get("lastmod")))
    stale = STALE
    if not any(found.values()):
        found = {lead: _month_in(lead) for lead in found}
        stale += MONTH
    latest = max((date for date in found.values() if date), default=_NEVER)
    current = {lead: date or _NEVER for lead, date in found.items() if not date or latest - date <= stale}
    order = sorted(current, key=lambda lead: (_rank(lead), latest - current[lead]))
    follow = tuple(order[:LEADS])
    return ParsedFeed(format=INDEX, follow=follow, followed=tuple(found[lead] for lead in follow))


def _month_in(lead: str) -> datetime | None:
    """The last day that an address can mean: "2026-01" lists what came until the end of January."""
    if day := day_in(lead):
        return day
    month = _MONTH.search(_path(lead))
    if month is None:
        return None
    year, number = int(month[1]), int(month[2])
    return datetime(year + number // 12, number % 12 + 1, 1, tzinfo=UTC) - timedelta(days=1)


def _rank(lead: str) -> int:
    """A guess by the address: news, anything, what holds no articles."""
    path = _path(lead)
    return 0 if "news" in path.lower() else 2 if _SIDE.search(path) else 1


def _path(url: str) -> str:
    try:
        return urlsplit(url).path
    except ValueError:
        return ""


# ---------------------------------------------------------------- which pages


def _page(position: int, element: etree._Element, names: Names) -> _Page:
    date, changed, is_news = None, None, False
    for child in element:
        name = names[str(child.tag)]
        if name == "lastmod":
            changed = text_of(child)
        elif name in ("news:news", "video:video"):
            is_news = is_news or name == "news:news"
            date = date or next(
                (text_of(one) for one in child if names[str(one.tag)].endswith(":publication_date")), None
            )
    return _Page(position, element, date or changed, is_news)


def _newest(pages: Sequence[_Page]) -> list[_Page]:
    """The thousand newest, in the order of the document."""
    if len(pages) <= NEWEST:
        return list(pages)
    newest = sorted(pages, key=lambda page: _moment(page.date) or _NEVER, reverse=True)[:NEWEST]
    return sorted(newest)


def _recent(pages: Sequence[_Page]) -> list[_Page]:
    """Pages that changed at most two days before the last of them; one without a date is not known to be news."""
    dated = [(moment, page) for page in pages if (moment := _moment(page.date))]
    latest = max((moment for moment, _ in dated), default=_NEVER)
    return [page for moment, page in dated if latest - moment <= RECENT]


def _moment(said: str | None) -> datetime | None:
    return parse_date(said) if said else None


# ---------------------------------------------------------------- their items


def _items(pages: Sequence[_Page], names: Names, url: str) -> tuple[list[Item], list[Problem]]:
    items, problems = [], []
    for page in pages:
        item = _item(page.element, names, url)
        if item is None:
            problems.append(Problem(reason=Reason.EMPTY, position=page.position))
        else:
            items.append(item)
    return items, problems


def _item(element: etree._Element, names: Names, url: str) -> Item | None:
    """The item of a page; None without its address."""
    said = _texts(element, names)
    link = said.get("loc")
    if not link:
        return None
    news: dict[str, str] = {}
    for part in _parts(element, names, "news:news"):
        news |= _texts(part, names, inside="news:publication")
    videos = [_texts(part, names) for part in _parts(element, names, "video:video")]
    pictures = [_texts(part, names) for part in _parts(element, names, "image:image")]
    video = videos[0] if videos else {}
    title = news.get("news:title") or video.get("video:title") or _caption(pictures) or _headline(link)
    summary = video.get("video:description")
    return Item(
        link=absolute(url, link),
        title=title_text(title) if title else None,
        summary=title_text(summary) if summary else None,
        categories=tuple(_categories(news)),
        enclosures=tuple(_films(videos)),
        images=tuple(_pictures(pictures, videos)),
        published=news.get("news:publication_date") or video.get("video:publication_date"),
        updated=said.get("lastmod"),
        language=news.get("news:language"),
        paywall=news.get("news:access", "").lower() == "subscription"
        or video.get("video:requires_subscription", "").lower() == "yes",
        base=url,
    )


def _texts(element: etree._Element, names: Names, inside: str = "") -> dict[str, str]:
    """The texts of the children by short name, and of their children in the one named `inside`; the first counts."""
    found: dict[str, str] = {}
    for child in element:
        name = names[str(child.tag)]
        if name and name == inside:
            found = _texts(child, names) | found
        elif name and not len(child) and (text := text_of(child)):
            found.setdefault(name, text)
    return found


def _parts(element: etree._Element, names: Names, name: str) -> Iterator[etree._Element]:
    found = (child for child in element if names[str(child.tag)] == name)
    return (child for _, child in zip(range(_MAX_PARTS), found, strict=False))


def _categories(news: dict[str, str]) -> Iterator[Category]:
    """Keywords; genres and stock tickers with a scheme that says so."""
    for name, scheme in (
        ("keywords", None),
        ("genres", f"{_SCHEME}genres"),
        ("stock_tickers", f"{_SCHEME}stock_tickers"),
    ):
        words = (word.strip() for word in news.get(f"news:{name}", "").split(","))
        for term in list(dict.fromkeys(filter(None, words)))[:_MAX_PARTS]:
            yield Category(term=term, scheme=scheme)


def _films(videos: Sequence[dict[str, str]]) -> Iterator[Enclosure]:
    """The files of videos; a player is no file."""
    for said in videos:
        if location := said.get("video:content_loc"):
            yield Enclosure(url=location, title=said.get("video:title"), seconds=number(said.get("video:duration")))


def _pictures(pictures: Sequence[dict[str, str]], videos: Sequence[dict[str, str]]) -> Iterator[Image]:
    for said in pictures:
        if location := said.get("image:loc"):
            yield Image(url=location, alt=said.get("image:caption") or said.get("image:title"))
    for said in videos:
        if location := said.get("video:thumbnail_loc"):
            yield Image(url=location)


def _caption(pictures: Sequence[dict[str, str]]) -> str | None:
    """The title of the only picture, if it reads like one."""
    title = pictures[0].get("image:title", "") if len(pictures) == 1 else ""
    return title if len(title.split()) >= 3 else None


def _headline(link: str) -> str | None:
    """A title made of the last words of an address: "/2026/harbour-reopens-today.html" says three."""
    for segment in reversed(unquote(_path(link)).strip("/").split("/")[-3:]):
        words = [word for word in _WORDS.split(_SUFFIX.sub("", segment[:_LONGEST])) if word]
        while words and _is_number(words[-1]):
            words.pop()
        if len(words) >= 3:
            headline = " ".join(words)
            return headline[0].upper() + headline[1:]
    return None


def _is_number(word: str) -> bool:
    """A number of the publisher's, perhaps hexadecimal."""
    return any(map(str.isdigit, word)) and set(word.lower()) <= _HEX


def _publication(pages: Sequence[_Page], names: Names) -> Text | None:
    """The name of the first publication, as the feed's own title."""
    for page in pages[:1]:
        for part in _parts(page.element, names, "news:news"):
            if name := _texts(part, names, inside="news:publication").get("news:name"):
                return title_text(name)
    return None
