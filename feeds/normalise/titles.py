"""Titles: one line, without the publisher's name behind it."""

import re
from functools import lru_cache

from feeds.model import Item, ParsedFeed, Source, Text
from feeds.normalise.markup import to_text
from feeds.normalise.mend import decoded_right, unescaped_once_more

LONGEST = 1000  # characters
_SEPARATORS = (" | ", " - ", " – ", " — ", " · ", " :: ", " » ", " • ", "｜", " ‹ ", " « ")
_IN_ASCII = tuple(filter(str.isascii, _SEPARATORS))
_SPLIT = re.compile(r"\s[|\-–—·»•‹«]\s|\s::\s|｜|:\s|,\s")
_NO_LETTER = re.compile(r"[\W_]+")
_MOST = 5  # "Headline | Africa | World | The Harbour"


def said_title(item: Item, feed: ParsedFeed, source: Source, link: str | None) -> str:
    """The title as said, on one line; "" when there is none."""
    if item.title is None or not item.title.value:
        return ""
    said = item.title
    value = decoded_right(said.value)
    text = to_text(said if value is said.value else Text(value=value, type=said.type)).replace("\n", " ")
    if "&" in text:
        text = unescaped_once_more(text)
    if not any(separator in text for separator in (_IN_ASCII if text.isascii() else _SEPARATORS)):
        return text
    names = publishers(feed.title.value[:300] if feed.title else "", source.title or "", _host(link))
    return without_publisher(text, names | {_key(item.via.title)} if item.via and item.via.title else names)


def without_publisher(title: str, names: frozenset[str]) -> str:
    """A title without the names behind it that are, letter for letter, those of its publisher."""
    for _ in range(_MOST):
        at, separator = max((title.rfind(separator), separator) for separator in _SEPARATORS)
        head = title[: max(at, 0)].rstrip()
        if " " not in head or _key(title[at + len(separator) :]) not in names:
            break
        title = head
    return title


@lru_cache(maxsize=1024)
def publishers(feed_title: str, source_title: str, host: str) -> frozenset[str]:
    """By what names a publisher is known: its feed's title and the parts of that, its own, its host."""
    labels = host.removeprefix("www.").split(".")
    said = [feed_title, source_title, *_SPLIT.split(feed_title), *_SPLIT.split(source_title), ".".join(labels)]
    keys = {_key(name) for name in (*said, labels[0] if len(labels) < 4 else "")}
    return frozenset(key for key in keys if len(key) > 1)


def _key(name: str) -> str:
    return _NO_LETTER.sub("", name).casefold()


def _host(link: str | None) -> str:
    return link.split("/", 3)[2].lower() if link and link.count("/") > 1 else ""
