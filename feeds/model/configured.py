"""What is configured: sources, sections, the site."""

from datetime import timedelta
from typing import Literal

from msgspec import Struct

SourceKind = Literal["auto", "feed", "sitemap", "page"]
ContentPolicy = Literal["full", "summary", "headline"]
LinkPolicy = Literal["original", "page"]
ImagePolicy = Literal["none", "link", "copy"]
StoryPolicy = Literal["group", "merge", "off"]


class Rules(Struct, frozen=True, kw_only=True, gc=False):
    """Patterns over articles; any one that hits is a hit. Keywords are whole words, case and accents folded.

    A keyword or URL pattern written "/…/" is a regular expression; a URL pattern without slashes at both ends
    is a shell-style glob over the whole URL.
    """

    categories: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.categories or self.keywords or self.urls or self.languages)


class PageSelectors(Struct, frozen=True, kw_only=True, gc=False):
    """CSS selectors that say where things stand on a page; with `items`, the others are looked for in each of them."""

    items: str | None = None
    title: str | None = None
    link: str | None = None
    summary: str | None = None
    date: str | None = None
    author: str | None = None
    body: str | None = None  # always of an article's own page

    def __bool__(self) -> bool:
        return self != PageSelectors()


class Source(Struct, frozen=True, kw_only=True, gc=False):
    """One configured source; its name is its identity everywhere."""

    name: str
    url: str
    kind: SourceKind = "auto"  # auto: a feed or a sitemap, whatever the content says
    page: PageSelectors = PageSelectors()
    title: str | None = None  # None: what the feed calls itself
    home: str | None = None
    formerly: tuple[str, ...] = ()
    disabled: bool = False
    interval: timedelta | None = None  # the operator's fixed interval
    priority: int = 0  # higher leads
    sections: tuple[str, ...] = ()
    language: str | None = None
    timezone: str | None = None  # for dates without a zone
    headers: tuple[tuple[str, str], ...] = ()
    content: ContentPolicy = "summary"
    full_text: bool = False  # the articles' own pages are asked for the text
    link: LinkPolicy | None = None  # None: page for full, original otherwise
    images: ImagePolicy = "link"
    rights: str | None = None
    note: str | None = None
    private: bool = False
    paywall: bool = False
    summary_words: int = 60  # at most
    dedupe: bool = True
    drop: Rules = Rules()


class Section(Struct, frozen=True, kw_only=True, gc=False):
    """One configured section: its rules and the shape of its feeds."""

    name: str
    title: str
    description: str | None = None
    language: str | None = None
    languages: tuple[str, ...] = ()  # empty: all
    match: Rules = Rules()
    exclude: Rules = Rules()
    limit: int = 100
    window: timedelta = timedelta(hours=48)
    max_age: timedelta | None = None
    per_source: int | None = None  # at most so many entries of one source
    stories: StoryPolicy = "group"  # entries about the same event lead to one another, or are printed as one


class Site(Struct, frozen=True, kw_only=True, gc=False):
    """The site as its readers see it."""

    title: str
    base_url: str  # ends with a slash
    contact: str | None = None
    description: str | None = None
    language: str = "en"
    timezone: str = "UTC"
    rights: str | None = None
    summary_words: int = 60  # of a source that says nothing else
