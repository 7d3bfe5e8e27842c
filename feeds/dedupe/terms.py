"""What a text is about: its terms, weighted by where they stand, and how rare each is in its language."""

import re
from array import array
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache
from math import log, log1p, sqrt
from zlib import crc32

from feeds.model import Article

TITLE, LEAD, REST = 2.0, 1.3, 0.8  # what a term counts in the title, in the lead, and after it
LEAD_WORDS, REST_WORDS = 80, 170
LETTERS = 2400  # of a text, for so many words
NAME = 2.0  # what a name counts more: a word that is capitalised inside a sentence
STEM = 6  # letters: endings differ where an event is the same
FEWEST = 4
MOST_TERMS = 50  # of a text or a story
BUCKETS = 1 << 16
ALL_COUNT = 4000  # so many articles of a language are all counted; then one in eight
SAMPLE = 8
HALVED_AT = 20_000  # counts are halved then: what was common a year ago may be news
PRIOR = 50  # articles that the first guess of how common a term is counts for
SMALL = (0.5, 0.5, 0.5, 0.25, 0.1, 0.04, 0.02)  # that guess by letters: small words are common in most languages
RARE = 0.01  # the guess for names
YOUNG = 200  # articles, before which nobody knows what is common in a language
DOUBT = 0.05  # what a story asks more of a text at the very first

Vector = dict[int, float]  # term -> weight; of length 1

_UNSPACED = "\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"  # Thai, kana, han
_WORD = re.compile(r"[^\W_]{2,}|\d")
_RUN = re.compile(f"[{_UNSPACED}]+|[^\\W_{_UNSPACED}]{{2,}}|\\d")
_SIGN = re.compile(f"[{_UNSPACED}]")
_OPENER = re.compile(r'(?:\A|[.!?:;\n"“”„«»])\W{0,9}([^\W_]{2,40})')
_ABJAD = re.compile(r"[\u0590-\u07ff]")
_PROCLITIC = re.compile(r"(?:[وفبلك]?ال|لل|[وفبك](?=\w{4}))")  # and, the, in, for: written as one with the word


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """The terms of a text: hashes, what each counts, and the first guess of how common it is."""

    language: str  # "" when nobody says
    script: str  # spaced, abjad or unspaced
    words: tuple[str, ...]
    hashes: tuple[int, ...]
    weights: tuple[float, ...]
    guesses: tuple[float, ...]
    short: bool  # little more than a headline

    @property
    def tells(self) -> bool:
        """Whether there is enough to tell an event by; "Watch live" is not."""
        return len(self.hashes) >= FEWEST


@dataclass(slots=True)
class Lexicon:
    """In how many articles of a language each term stood: counts in buckets of the terms' hashes."""

    articles: int
    counts: "array[int]"  # unsigned, 16 bits

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
        for place in {h % BUCKETS for h in terms.hashes}:
            self.counts[place] += 1
        return True

    def vector(self, terms: Terms) -> Vector:
        """The heaviest terms of a text, the rarer the heavier."""
        counts, total = self.counts, self.articles + PRIOR + 1
        weighed = [
            (w * log1p(total / (counts[h % BUCKETS] + PRIOR * guess + 0.5)), h)
            for h, w, guess in zip(terms.hashes, terms.weights, terms.guesses, strict=True)
        ]
        weighed.sort(reverse=True)
        return unit((h, w) for w, h in weighed[:MOST_TERMS])


def unit(weighed: Iterable[tuple[int, float]]) -> Vector:
    """The same terms in the same order, as a vector of length 1."""
    vector = dict(weighed)
    length = sqrt(sum([w * w for w in vector.values()])) or 1.0
    return {term: weight / length for term, weight in vector.items()}


def terms_of(article: Article) -> Terms:
    """What an article is about: its title, its lead, and some of what follows."""
    title, text = article.title[:300], article.match_text[:LETTERS]
    script = _script(title + text[:200])
    words = _WORD.findall(text) if script == "spaced" else []
    head, body = _split(title, script), _stems(words) if words else _split(text, script)
    many = 2 if script == "unspaced" else 1  # pairs of signs are about half a word each
    lead, rest = body[: LEAD_WORDS * many], body[LEAD_WORDS * many : (LEAD_WORDS + REST_WORDS) * many]
    total: dict[str, float] = {}
    for zone, factor in ((head, TITLE), (lead, LEAD), (rest, REST)):
        for word in zone:
            total[word] = total.get(word, 0.0) + factor
    return _terms(
        total,
        _names(text, words, body),
        language=(article.language or "").partition("-")[0],
        script=script,
        short=len(body) < len(head) + LEAD_WORDS // 4,
    )


def _terms(total: Mapping[str, float], names: Set[str], *, language: str, script: str, short: bool) -> Terms:
    seed = crc32(language.encode())
    guess = SMALL if script == "spaced" else (SMALL[-2],) * len(SMALL)
    weights, guesses = [_weight(n) for n in total.values()], [guess[len(word)] for word in total]
    for place, word in enumerate(total) if names else ():
        if word in names:
            weights[place] *= NAME
            guesses[place] = RARE
    return Terms(
        language=language,
        script=script,
        words=tuple(total),
        hashes=tuple([crc32(word.encode("utf-8", "surrogatepass"), seed) for word in total]),
        weights=tuple(weights),
        guesses=tuple(guesses),
        short=short,
    )


@lru_cache(maxsize=4096)
def _weight(count: float) -> float:
    return 1 + log(count) if count > 1 else count


def _script(text: str) -> str:
    if text.isascii():
        return "spaced"
    if 2 * len(_SIGN.findall(text)) > len(text):
        return "unspaced"
    return "abjad" if 2 * len(_ABJAD.findall(text)) > len(text) else "spaced"


def _split(text: str, script: str) -> list[str]:
    """The terms of a text, in order: stems, or pairs of signs where words are not spaced."""
    if script == "spaced":
        return _stems(_WORD.findall(text))
    folded = text.casefold()
    if script == "unspaced":
        return [pair for run in _RUN.findall(folded) for pair in _pairs(run)]
    return [(_PROCLITIC.sub("", word, count=1) or word)[: STEM - 1] for word in _WORD.findall(folded)]


def _stems(words: Sequence[str]) -> list[str]:
    return [word[:STEM] for word in " ".join(words).casefold().split(" ")] if words else []


def _pairs(run: str) -> list[str]:
    if len(run) < 2 or not _SIGN.match(run):
        return [run[:STEM]]
    return [run[place : place + 2] for place in range(len(run) - 1)]


def _names(text: str, words: Sequence[str], stems: Sequence[str]) -> Set[str]:
    """The stems of words that are capitalised oftener than they open a sentence; none where most words are."""
    capital = [stem for word, stem in zip(words, stems, strict=False) if word[0].isupper()]
    if 5 * len(capital) > 3 * len(words):
        return frozenset()
    openers = Counter(_stems(_OPENER.findall(text)))
    inside = Counter(capital)
    return {stem for stem, count in inside.items() if count > openers[stem]}
