"""What a text is about: its terms, weighted by where they stand, and how rare each is in its language."""

import re
import sys
import unicodedata
from array import array
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import groupby, repeat
from math import log, log1p, sqrt
from zlib import crc32

from msgspec import Struct

from feeds.dedupe.words import joined
from feeds.model import Article

TITLE, LEAD, REST = 20, 13, 8  # what a term counts in the title, in the lead, and after it, in tenths
LEAD_WORDS, REST_WORDS = 80, 70
LETTERS = 1200  # of a text, for so many words
NAME = 2.0  # what a name counts more: a word that is capitalised inside a sentence
STEM = 6  # letters: endings differ where an event is the same
FEWEST = 4
MOST_TERMS = 50  # of a text or a story
BUCKETS = 1 << 16
ALL_COUNT = 4000  # so many articles of a language are all counted; then one in eight
SAMPLE = 8
HALVED_AT = 20_000  # counts are halved then: what was common a year ago may be news
PRIOR = 50  # articles that the first guess of how common a term is counts for
GUESSES = (0.5, 0.5, 0.5, 0.25, 0.1, 0.04, 0.02, 0.01)  # it, by letters: small words are common in most languages
OF_NAMES, OF_PAIRS = 7, 5  # which of them is that for names, and for pairs of signs
YOUNG = 200  # articles, before which nobody knows what is common in a language
DOUBT = 0.05  # what a story asks more of a text at the very first

Vector = dict[int, float]  # term -> weight; of length 1

_UNSPACED = "\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"  # Thai, kana, han
_WORD = re.compile(r"[^\W_]{2,}|\d")
_RUN = re.compile(f"[{_UNSPACED}]+|[^\\W_{_UNSPACED}]{{2,}}|\\d")
_SIGN = re.compile(f"[{_UNSPACED}]")
_ABJAD = re.compile(r"[\u0590-\u07ff]")
_PROCLITIC = re.compile(r"(?:[وفبلك]?ال|لل|[وفبك](?=\w{4}))")  # and, the, in, for: written as one with the word


def _in_ranges(signs: Iterable[str]) -> str:
    """Signs in order, as a class of a regular expression has them."""
    runs = [[sign for _, sign in run] for _, run in groupby(enumerate(signs), lambda pair: ord(pair[1]) - pair[0])]
    return "".join(f"{run[0]}-{run[-1]}" for run in runs)


@cache
def _name() -> re.Pattern[str]:
    """A capitalised word that follows another one: what opens a sentence or a quotation is capitalised anyway.

    7 ms to make, which whoever only publishes need not wait for.
    """
    capitals = _in_ranges(sign for sign in map(chr, range(0x2000)) if unicodedata.category(sign) in ("Lu", "Lt"))
    return re.compile(rf'[{capitals}](?<=[^.!?:;"“”„«»\s] .)[^\W_]+')


class Terms(Struct, frozen=True, kw_only=True, gc=False):
    """The terms of a text: hashes, what each counts, and the first guess of how common it is."""

    language: str  # "" when nobody says
    script: str  # spaced, abjad or unspaced
    words: tuple[str, ...]
    hashes: tuple[int, ...]
    weights: tuple[float, ...]
    guesses: tuple[int, ...]  # places in GUESSES
    short: bool  # little more than a headline

    @property
    def tells(self) -> bool:
        """Whether there is enough to tell an event by; "Watch live" is not."""
        return len(self.hashes) >= FEWEST

    @property
    def buckets(self) -> "array[int]":
        """Where a lexicon counts each: by the lower half of its hash."""
        return array("H", array("I", self.hashes).tobytes())[sys.byteorder == "big" :: 2]


class _Rarity(dict[int, float]):
    """How much a term tells by the count of texts that have it; each is worked out once."""

    def __init__(self, total: int, guess: float) -> None:
        self.total, self.guess = total + PRIOR + 1, PRIOR * guess + 0.5

    def __missing__(self, count: int) -> float:
        found = self[count] = log1p(self.total / (count + self.guess))
        return found


@dataclass(slots=True)
class Lexicon:
    """In how many articles of a language each term stood: counts in buckets of the terms' hashes."""

    articles: int
    counts: "array[int]"  # unsigned, 16 bits
    _rarities: list[_Rarity] = field(default_factory=list, repr=False, compare=False)  # by guess, of this state

    @classmethod
    def empty(cls) -> "Lexicon":
        """Of a language that nothing was read in yet."""
        return cls(0, array("H", bytes(2 * BUCKETS)))

    @property
    def doubt(self) -> float:
        """What a match has to score more, as long as common words and rare ones are told apart by guesses."""
        return DOUBT * max(0.0, 1 - self.articles / YOUNG)

    def learn(self, terms: Terms) -> bool:
        """Counts a text; gives whether it did, as beyond the first thousands one in eight is enough."""
        if self.articles >= ALL_COUNT and sum(terms.hashes[:3]) % SAMPLE:
            return False
        if self.articles >= HALVED_AT:
            self.articles //= 2
            self.counts = array("H", [count >> 1 for count in self.counts])
        self.articles += 1
        self._rarities = []
        counts = self.counts
        for place in set(terms.buckets):
            counts[place] += 1
        return True

    def vector(self, terms: Terms) -> Vector:
        """The heaviest terms of a text, the rarer the heavier."""
        if not self._rarities:
            self._rarities = [_Rarity(self.articles, guess) for guess in GUESSES]
        rarities = map(self._rarities.__getitem__, terms.guesses)
        counts = map(self.counts.__getitem__, terms.buckets)
        told = zip(terms.weights, rarities, counts, terms.hashes, strict=True)
        weighed = [(weight * rarity[count], term) for weight, rarity, count, term in told]
        return unit(weighed)


def unit(weighed: Iterable[tuple[float, int]]) -> Vector:
    """The heaviest of these terms, in order, as a vector of length 1."""
    heaviest = sorted(weighed, reverse=True)[:MOST_TERMS]
    length = sqrt(sum([weight * weight for weight, _ in heaviest])) or 1.0
    return {term: weight / length for weight, term in heaviest}


def terms_of(article: Article) -> Terms:
    """What an article is about: its title, its lead, and some of what follows."""
    title, text = article.title[:300], article.match_text[:LETTERS]
    script = _script(title + text[:200])
    many = 2 if script == "unspaced" else 1  # pairs of signs are about half a word each
    head, body = _split(title, script), _split(text, script, (LEAD_WORDS + REST_WORDS) * many)
    total: dict[str, int] = {}
    for zone, count in ((head, TITLE), (body[: LEAD_WORDS * many], LEAD), (body[LEAD_WORDS * many :], REST)):
        for word in zone:
            total[word] = total.get(word, 0) + count
    return _terms(
        total,
        _names(text, len(body)) if script == "spaced" else frozenset(),
        language=(article.language or "").partition("-")[0],
        script=script,
        short=len(body) < len(head) + LEAD_WORDS // 4,
    )


def _terms(total: Mapping[str, int], names: Set[str], *, language: str, script: str, short: bool) -> Terms:
    weights = list(map(_weight, total.values()))
    guesses = list(map(len, total)) if script == "spaced" else [OF_PAIRS] * len(total)
    for place, word in enumerate(total) if names else ():
        if word in names:
            weights[place] *= NAME
            guesses[place] = OF_NAMES
    return Terms(
        language=language,
        script=script,
        words=tuple(total),
        hashes=tuple(_hashes(total, crc32(language.encode()))),
        weights=tuple(weights),
        guesses=tuple(guesses),
        short=short,
    )


def _hashes(words: Iterable[str], seed: int) -> Iterable[int]:
    together = " ".join(words).encode("utf-8", "surrogatepass")
    return map(crc32, together.split(b" "), repeat(seed)) if together else ()


@lru_cache(maxsize=4096)
def _weight(tenths: int) -> float:
    return 1 + log(tenths / 10) if tenths > 10 else tenths / 10


def _script(text: str) -> str:
    if text.isascii():
        return "spaced"
    if 2 * len(_SIGN.findall(text)) > len(text):
        return "unspaced"
    return "abjad" if 2 * len(_ABJAD.findall(text)) > len(text) else "spaced"


def _split(text: str, script: str, most: int | None = None) -> list[str]:
    """The first terms of a text, in order: stems, or pairs of signs where words are not spaced."""
    if script == "spaced":
        words = joined(text).decode("utf-8", "surrogatepass").split(" ")
        return [word[:STEM] for word in words if len(word) > 1 or word.isdecimal()][:most]
    folded = text.casefold()
    if script == "unspaced":
        return [pair for run in _RUN.findall(folded) for pair in _pairs(run)][:most]
    return [(_PROCLITIC.sub("", word, count=1) or word)[: STEM - 1] for word in _WORD.findall(folded)[:most]]


def _pairs(run: str) -> list[str]:
    if len(run) < 2 or not _SIGN.match(run):
        return [run[:STEM]]
    return [run[place : place + 2] for place in range(len(run) - 1)]


def _names(text: str, words: int) -> Set[str]:
    """The stems of words that are capitalised inside a sentence; none where most words are."""
    found = _name().findall(text)
    if not found or 5 * len(found) > 3 * words:
        return frozenset()
    return {word[:STEM] for word in " ".join(found).casefold().split(" ")}
