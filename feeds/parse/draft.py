"""What a reader has gathered of one item or of the feed itself, and the order in which elements say the same thing."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from lxml import etree

from feeds.model import Category, Enclosure, Image, Item, Person, Text, Via
from feeds.normalise.markup import to_text
from feeds.parse.own import JOINER, as_it_was, without_marks
from feeds.parse.places import place
from feeds.parse.xml import Names, absolute, base_of, html_of, text_of

_TITLES = ("title", "atom:title", "dc:title", "dcterms:title", "media:title", "itunes:title")
_SUMMARIES = ("description", "summary", "atom:summary", "atom:subtitle", "dc:description", "dcterms:abstract")
_TEASERS = ("itunes:summary", "itunes:subtitle", "media:description")
_CONTENTS = ("content:encoded", "content", "atom:content", "xhtml:body", "body", "fullitem", "xhtml:div")
_AUTHORS = ("author", "dc:creator", "dc:author", "dcterms:creator", "atom:author", "itunes:author", "podcast:person")
_STAFF = ("managingeditor", "itunes:owner", "source", "dc:publisher", "webmaster")
_PUBLISHED = ("pubdate", "published", "issued", "atom:published", "atom:issued", "dcterms:issued")
_CREATED = ("created", "atom:created", "dcterms:created", "dc:date")
_UPDATED = ("lastbuilddate", "updated", "modified", "atom:updated", "atom:modified", "dcterms:modified", "dc:date")
_RIGHTS = ("rights", "copyright", "atom:rights", "atom:copyright", "dc:rights", "dcterms:rights", "media:copyright")

_MOST_PEOPLE = 100
ADULT = Category(term="adult", scheme="urn:simple")  # https://www.rssboard.org/media-rss, `media:rating`
_HREF = re.compile(r"""\shref=["'](https?://[^"'<>\s]{1,500})["']""")

# An element of HTML or a character reference: then a title of RSS is escaped markup, else it is plain text.
_MARKUP = re.compile(
    r"</?(?:a|abbr|acronym|b|big|br|cite|code|del|div|em|font|h[1-6]|i|img|ins|kbd|mark|math|nobr|p|q|s|small|span|strike"
    r"|strong|sub|sup|tt|u|wbr)(?:\s[^<>]*)?/?>|&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});"
)


def says_something(item: Item) -> bool:
    """Whether an item says more than where it stands and in which language."""
    if item.guid or item.link or item.title:
        return True
    return item != Item(permalink=item.permalink, language=item.language, base=item.base)


def title_text(value: str) -> Text:
    """The title of an RSS item; the format does not say whether titles are text or markup.

    Text, unless it holds a character reference or a tag of HTML's phrase elements: "T & <1>" stays as it is.
    """
    if _MARKUP.search(value):
        return Text(value=value, type="html")
    return Text(value=as_it_was(value) if JOINER in value else value, type="text")


@dataclass(slots=True)
class Draft:
    """One item, or the feed itself, while it is read. The first thing said counts, unless it is empty."""

    base: str
    language: str | None = None
    said: dict[str, str] = field(default_factory=dict)  # by short name
    texts: dict[str, Text] = field(default_factory=dict)  # by short name
    people: dict[str, list[Person]] = field(default_factory=dict)  # by short name
    links: dict[str, str] = field(default_factory=dict)  # by relation
    categories: dict[tuple[str, str | None], Category] = field(default_factory=dict)
    keywords: dict[tuple[str, str | None], Category] = field(default_factory=dict)
    enclosures: dict[str, Enclosure] = field(default_factory=dict)  # by URL
    images: dict[str, Image] = field(default_factory=dict)  # by URL
    permalink: bool = False
    via: Via | None = None
    transcript: Enclosure | None = None
    content_base: str | None = None

    def name(self, said: Person, element: str) -> None:
        """Note a person once, by the short name of the element; nobody reads more than a hundred."""
        people = self.people.setdefault(element, [])
        if len(people) < _MOST_PEOPLE and said not in people:
            people.append(said)

    def first(self, *names: str) -> str | None:
        """What the first of these elements says that says something."""
        for name in names:
            if name in self.said:
                return self.said[name]
        return None

    def text(self, *names: str) -> Text | None:
        """The same for text constructs."""
        for name in names:
            if name in self.texts:
                return self.texts[name]
        return None

    def authors(self) -> tuple[Person, ...]:
        """The people of the first element that names somebody, else that gives an address."""
        return self._people(_AUTHORS + _STAFF)

    def creators(self) -> tuple[Person, ...]:
        """The same without editors, owners and the like: of a channel, those who wrote its items."""
        return self._people(_AUTHORS)

    def _people(self, names: tuple[str, ...]) -> tuple[Person, ...]:
        groups = [self.people[name] for name in names if name in self.people]
        named = [group for group in groups if any(person.name for person in group)]
        best = (named or groups or [[]])[0]
        return tuple(best)

    def published(self) -> str | None:
        """The date of publication, as said."""
        return self.first(*_PUBLISHED) or self.first(*_CREATED)

    def updated(self) -> str | None:
        """The date of the last change, as said."""
        return self.first(*_UPDATED)

    def rights(self) -> str | None:
        """The notice of rights, as plain text; of a mere badge where it leads, else the licence linked to."""
        text = self.text(*_RIGHTS)
        if text and (plain := to_text(text)):
            return plain
        badge = _HREF.search(text.value) if text else None
        return badge[1] if badge else self.links.get("license")

    def title(self) -> Text | None:
        """The title."""
        return self.text(*_TITLES)

    def description(self) -> Text | None:
        """The summary of an item, the subtitle of a feed."""
        return self.text(*_SUMMARIES) or self.text(*_TEASERS)

    def link(self) -> str | None:
        """The page that this is about."""
        said = self.first("feedburner:origlink", "link")  # FeedBurner's own links die with FeedBurner
        return said or self.links.get("page") or self.links.get("alternate") or self.said.get("l:link")

    def item(self) -> Item | None:
        """The finished item; None when it says nothing at all."""
        item = Item(
            guid=self.first("guid", "id", "atom:id", "rdf:about"),
            permalink=self.permalink,
            link=self.link(),
            title=self.title(),
            summary=without_marks(self.description()),
            content=without_marks(self.text(*_CONTENTS)),
            authors=self.authors(),
            categories=self._categories(),
            enclosures=self._enclosures(),
            images=tuple(self.images.values()),
            published=self.published(),
            updated=self.updated(),
            language=self.said.get("dc:language") or self.language,
            rights=self.rights(),
            comments=self.said.get("comments") or self.links.get("replies"),
            geo=place(self.said),
            credit=self.said.get("media:credit"),
            via=self.via,
            base=self.content_base or self.base,
        )
        return item if says_something(item) else None

    def _categories(self) -> tuple[Category, ...]:
        said = tuple((self.categories or self.keywords).values())
        return (*said, ADULT) if "media:rating" in self.said else said

    def _enclosures(self) -> tuple[Enclosure, ...]:
        """The files; of an only one also what is said outside of it: its length in time, where FeedBurner found it."""
        more = (self.transcript,) if self.transcript is not None else ()
        if len(self.enclosures) != 1:
            return (*self.enclosures.values(), *more)
        (only,) = self.enclosures.values()
        seconds = _seconds(self.said.get("itunes:duration")) if only.seconds is None else only.seconds
        url = self.said.get("feedburner:origenclosurelink") or only.url
        return (Enclosure(url=url, type=only.type, length=only.length, title=only.title, seconds=seconds), *more)

    def enclose(self, new: Enclosure) -> None:
        """Note an enclosure once; what is said of it in several places is put together."""
        old = self.enclosures.get(new.url, new)
        self.enclosures[new.url] = Enclosure(
            url=new.url,
            type=old.type or new.type,
            length=new.length if old.length is None else old.length,
            title=old.title or new.title,
            seconds=new.seconds if old.seconds is None else old.seconds,
        )


Handler = Callable[[Draft, etree._Element, str], None]


def fill(draft: Draft, element: etree._Element, names: Names, table: Mapping[str, Handler]) -> Draft:
    """Hand each child to the handler of its name; what nobody knows is passed over."""
    for child in element:
        name = names[str(child.tag)]
        handler = table.get(name)
        if handler is not None:
            handler(draft, child, name)
    return draft


def keep(draft: Draft, element: etree._Element, name: str) -> None:
    """Keep the plain text."""
    text = text_of(element)
    if text:
        draft.said.setdefault(name, text)


def keep_url(draft: Draft, element: etree._Element, name: str) -> None:
    """Keep a URL that stands in the text or in `href`, absolute when the element has its own base; the last counts."""
    url = text_of(element) or (element.get("href") or "").strip()
    if url:
        draft.said[name] = resolved(draft, element, url.replace("&amp;", "&"))  # escaped once too often


def keep_html(draft: Draft, element: etree._Element, name: str) -> None:
    """Keep escaped or inline HTML, and the base of its links."""
    value = html_of(element)
    if value and name not in draft.texts:
        draft.texts[name] = Text(value=value, type="html")
        rebase(draft, element, name)


def keep_title(draft: Draft, element: etree._Element, name: str) -> None:
    """Keep a title, text or markup."""
    if len(element):
        keep_html(draft, element, name)
    elif (value := text_of(element)) and name not in draft.texts:
        draft.texts[name] = title_text(value)


def rebase(draft: Draft, element: etree._Element, name: str) -> None:
    """Links in the content are relative to the content's own base; a summary's counts when no content comes."""
    base = base_of(element, draft.base)
    if base != draft.base and (name in _CONTENTS or draft.content_base is None):
        draft.content_base = base


def resolved(draft: Draft, element: etree._Element, url: str) -> str:
    """A URL as said; absolute when the element has a base of its own."""
    base = base_of(element, draft.base)
    return url if base == draft.base else absolute(base, url)


def duration(text: str | None) -> timedelta | None:
    """A number of minutes, as `ttl` has it; None when it is none or out of reach."""
    minutes = number(text)
    return timedelta(minutes=minutes) if minutes is not None and 0 < minutes <= 525_600 else None


def number(text: str | None) -> int | None:
    """A non-negative whole number, of at most 15 digits."""
    digits = (text or "").strip().replace(",", "")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= 15 else None


def _seconds(text: str | None) -> int | None:
    """`itunes:duration`: seconds, MM:SS or HH:MM:SS."""
    parts = [number(part) for part in (text or "").split(":")]
    if len(parts) > 3 or None in parts:
        return None
    total = 0
    for part in parts:
        total = total * 60 + (part or 0)
    return total
