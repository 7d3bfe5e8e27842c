"""Keys: 64-bit hashes by which an item is known again, and an article's text is recognised."""

from collections.abc import Iterator
from datetime import datetime
from hashlib import blake2b

from msgspec import Struct

from feeds.dedupe.fingerprint import anchors
from feeds.dedupe.words import ASCII, UNSPACED, joined
from feeds.model import Article

ENOUGH_WORDS = 25
ENOUGH_CHARACTERS = 50  # of scripts without spaces
TRUSTED_GUID = 4  # a shorter one ("1", "2", ...) tends to be a position in the feed


class Head(Struct, frozen=True, kw_only=True, gc=False):
    """What matching needs to know of an article that is stored (or was decided a moment ago).

    `row` and `entry` are the store's own numbers; `words` counts tokens of the match text (characters where
    words are not spaced, halved, so that one bound serves both).
    """

    row: int
    id: str
    source: str
    entry: int
    digest: int
    guid_key: int | None
    title_key: int
    text_key: int | None
    url_key: int | None
    words: int
    first_seen: datetime
    dropped: bool = False
    joined_with: int | None = None  # of a wire copy: the text that was compared; known where members are asked for
    paywall: bool = False  # its page says that readers must pay; known likewise


class Draft(Struct, frozen=True, kw_only=True, gc=False):
    """An article that is new or changed, with its keys; strongest first in `weak`."""

    article: Article
    guid_key: int | None
    weak: tuple[int, ...]  # URL as said, guid without fragment, canonical URL
    title_key: int
    text_key: int | None  # None: no text
    url_key: int | None  # canonical URL, across sources
    words: int
    anchors: tuple[int, ...] = ()  # sampled shingles, by which copies are found; none of a short text
    dropped: str | None = None  # the drop rule that hit
    teaser: bool = False  # told by another article: nothing that is known changes by it

    @property
    def keys(self) -> tuple[int, ...]:
        """All keys of the same item, strongest first."""
        return self.weak if self.guid_key is None else (self.guid_key, *self.weak)


def key(kind: str, value: str) -> int:
    """A signed 64-bit hash of a value of one kind, the same in every process."""
    return _hash(kind, value.encode("utf-8", "surrogatepass"))


def _hash(kind: str, value: bytes) -> int:
    hashed = blake2b(kind.encode() + b"\0" + value, digest_size=8)
    return int.from_bytes(hashed.digest(), "big", signed=True)


def text_key(text: str) -> tuple[int | None, int]:
    """The hash of a text's tokens and their weight in words; (None, 0) for a text without any."""
    return _text_key(joined(text))


def _text_key(words: bytes) -> tuple[int | None, int]:
    if not words:
        return None, 0
    weight = words.count(b" ") + 1
    if len(words.translate(None, ASCII)) * 2 > len(words):
        text = words.decode("utf-8", "surrogatepass")
        unspaced = len(UNSPACED.findall(text))
        weight = unspaced * ENOUGH_WORDS // ENOUGH_CHARACTERS if unspaced * 2 > len(text) else weight
    return _hash("text", words), weight


def guid_key(guid: str) -> int:
    """The key of a guid."""
    return key("guid", guid.strip())


def is_trusted(guid: str | None) -> bool:
    """Whether a guid may name one item for good."""
    return guid is not None and len(guid.strip()) >= TRUSTED_GUID


def names_an_item(url: str) -> bool:
    """Whether a URL can name one item: a home page cannot."""
    return bool(url.partition("://")[2].partition("/")[2].strip("/")) or "?" in url


def url_key(canonical: str | None) -> int | None:
    """The key of a canonical URL; None for one that cannot name an item."""
    return key("canonical", canonical) if canonical and names_an_item(canonical) else None


def _weak(article: Article, canonical: int | None) -> Iterator[int]:
    if article.url and names_an_item(article.url):
        yield key("url", article.url)
    if article.guid and "#" in article.guid[1:]:
        yield key("bare", article.guid.partition("#")[0])
    if article.guid and article.guid.startswith(("http://", "https://")) and article.guid != article.url:
        yield key("bare", article.guid)
    if canonical is not None:
        yield canonical


def _title_key(title: str) -> int:
    words = joined(title)
    return _hash("title", words) if words else key("title", title)


def draft(article: Article, dropped: str | None = None, *, joins: bool = True, teaser: bool = False) -> Draft:
    """An article with all its keys; by what copies are found only where it may join them."""
    folded = joined(article.match_text)
    text, words = _text_key(folded)
    canonical = url_key(article.canonical)
    return Draft(
        article=article,
        guid_key=guid_key(article.guid) if article.guid else None,
        weak=tuple(dict.fromkeys(_weak(article, canonical))),
        title_key=_title_key(article.title),
        text_key=text,
        url_key=canonical,
        words=words,
        anchors=anchors(folded) if joins and words >= ENOUGH_WORDS and dropped is None else (),
        dropped=dropped,
        teaser=teaser,
    )
