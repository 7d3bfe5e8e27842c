"""Keys: 64-bit hashes by which an item is known again, and an article's text is recognised."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b

from feeds.model import Article

ENOUGH_WORDS = 25
ENOUGH_CHARACTERS = 50  # of scripts without spaces
MANY_SIGNS = 200  # more kinds of them are no text that a person wrote
TRUSTED_GUID = 4  # a shorter one ("1", "2", ...) tends to be a position in the feed

UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\u0e00-\u0e7f]")  # kana, han, Thai
ASCII = bytes(range(128))
ASCII_WORDS = bytes(c if c > 127 else ord(chr(c).lower()) if chr(c).isalnum() else 32 for c in range(256))


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An article that is new or changed, with its keys; strongest first in `weak`."""

    article: Article
    guid_key: int | None
    weak: tuple[int, ...]  # URL as said, guid without fragment, canonical URL
    title_key: int
    text_key: int | None  # None: no text
    url_key: int | None  # canonical URL, across sources
    words: int
    dropped: str | None = None  # the drop rule that hit

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


def tokens(text: str) -> list[str]:
    """The words of a text, NFKC and casefolded; figures and letters only."""
    return _joined(text).decode("utf-8", "surrogatepass").split()


def _joined(text: str) -> bytes:
    """The words of a text in UTF-8, a space between two."""
    if not text.isascii():
        text = _folded(text)
    words = text.encode("utf-8", "surrogatepass").translate(ASCII_WORDS)
    while b"  " in words:  # half the time of splitting and joining
        words = words.replace(b"  ", b" ")
    return words.strip(b" ")


def _folded(text: str) -> str:
    """The text with every sign beyond ASCII folded, or made a space where it is no part of a word.

    Most texts hold a few such signs many times: each is replaced at memory speed, a tenth of the time of folding all.
    """
    signs = set(text.encode("utf-8", "surrogatepass").translate(None, ASCII).decode("utf-8", "surrogatepass"))
    if len(signs) > MANY_SIGNS or any(unicodedata.combining(sign) for sign in signs):
        text = unicodedata.normalize("NFKC", text).casefold()
        signs = {sign for sign in set(text) if sign > "\x7f"}
        return text.translate({ord(sign): " " for sign in signs if not _in_a_word(sign)})
    for sign in signs:
        folded = unicodedata.normalize("NFKC", sign).casefold()
        folded = "".join(char if _in_a_word(char) else " " for char in folded)
        if folded != sign:
            text = text.replace(sign, folded)
    return text


def _in_a_word(char: str) -> bool:
    """Letters, figures, and the marks that Indic and Semitic scripts write inside words (not an emoji's)."""
    return char.isalnum() or (char < "\u2000" and unicodedata.category(char)[0] == "M")


def text_key(text: str) -> tuple[int | None, int]:
    """The hash of a text's tokens and their weight in words; (None, 0) for a text without any."""
    joined = _joined(text)
    if not joined:
        return None, 0
    weight = joined.count(b" ") + 1
    if len(joined.translate(None, ASCII)) * 2 > len(joined):
        words = joined.decode("utf-8", "surrogatepass")
        unspaced = len(UNSPACED.findall(words))
        weight = unspaced * ENOUGH_WORDS // ENOUGH_CHARACTERS if unspaced * 2 > len(words) else weight
    return _hash("text", joined), weight


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
    joined = _joined(title)
    return _hash("title", joined) if joined else key("title", title)


def draft(article: Article, dropped: str | None = None) -> Draft:
    """An article with all its keys."""
    text, words = text_key(article.match_text)
    canonical = url_key(article.canonical)
    return Draft(
        article=article,
        guid_key=guid_key(article.guid) if article.guid else None,
        weak=tuple(dict.fromkeys(_weak(article, canonical))),
        title_key=_title_key(article.title),
        text_key=text,
        url_key=canonical,
        words=words,
        dropped=dropped,
    )
