"""Which sections an entry belongs to, and which entries a section's feeds hold.

Membership is decided once and stored with the `fingerprint` of the rules that decided it (`route`); age, caps
and limits apply at each selection (`select`).
"""

import fnmatch
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import cached_property, lru_cache
from hashlib import blake2b
from json import dumps
from operator import attrgetter
from typing import Any

from msgspec import Struct

from feeds.model import Article, Rules, Section, Source

ALL = "all"  # the name of the section of everything that is in any section
MAX_ENTRIES = 500  # of one feed
KEPT_AT_ANY_AGE = 10
MAX_PATTERN = 500  # characters of a rule
MAX_TEXT = 20_000  # characters of an article that keywords look through
MAX_URL = 2_000
RULES_VERSION = 1  # part of every fingerprint: raise it when the same rules come to mean something else


# ---------------------------------------------------------------- folding

_MARKS = re.compile("[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]")
_LETTERS = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ħ": "h", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th", "ı": "i"}
    | dict.fromkeys("‘’ʼ", "'")
    | dict.fromkeys("‐‑–—", "-")
)
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)


def fold(text: str) -> str:
    """The text without case and accents, white space as single spaces.

    Latin, Greek, Cyrillic, Hebrew and Arabic lose their marks; in other scripts marks are letters and stay.
    """
    if not text.isascii():
        plain = unicodedata.normalize("NFKD", text).casefold()
        text = _MARKS.sub("", unicodedata.normalize("NFKD", plain)).translate(_LETTERS)
    return " ".join(text.lower().split())


def _inside_word(char: str) -> bool:
    return char.isalnum() or char == "_" or unicodedata.category(char)[0] == "M"


def _holds_word(text: str, word: str) -> bool:
    """Whether folded text holds the folded word as a whole word (anywhere in scripts that put no spaces)."""
    start = text.find(word)
    while start >= 0:
        end = start + len(word)
        opens = start == 0 or not _inside_word(text[start - 1]) or bool(_UNSPACED.match(word[0]))
        if opens and (end == len(text) or not _inside_word(text[end]) or bool(_UNSPACED.match(word[-1]))):
            return True
        start = text.find(word, start + 1)
    return False


class _Subject:
    """An article as rules see it, each view made at most once."""

    def __init__(self, article: Article) -> None:
        self.article = article
        self.language = (article.language or "").lower().replace("_", "-")
        self.url = (article.url or "")[:MAX_URL]

    @cached_property
    def parts(self) -> tuple[str, ...]:
        """What keywords look through: title, summary, categories."""
        return tuple(part[:MAX_TEXT] for part in (self.article.title, self.article.summary, *self._labels()))

    @cached_property
    def printed(self) -> str:
        return "\n".join(self.parts)[:MAX_TEXT]

    @cached_property
    def folded(self) -> str:
        return "\n".join(map(fold, self.parts))[:MAX_TEXT]

    @cached_property
    def categories(self) -> frozenset[str]:
        return frozenset(map(fold, self._labels()))

    def _labels(self) -> Iterator[str]:
        for category in self.article.categories[:100]:
            yield category.term[:MAX_PATTERN]
            if category.label and category.label != category.term:
                yield category.label[:MAX_PATTERN]


_latest: list[_Subject] = []


def _subject(article: Article) -> _Subject:
    """The views of an article; one article meets many sections in a row, and folding is what costs."""
    if _latest and (known := _latest[0]).article is article:
        return known
    _latest[:] = [fresh := _Subject(article)]
    return fresh


# ---------------------------------------------------------------- rules

_Test = Callable[[_Subject], bool]


def _is_regex(pattern: str) -> bool:
    return len(pattern) > 2 and pattern[0] == "/" == pattern[-1]


def _regex(pattern: str) -> Any:
    """The compiled expression between the slashes, case ignored; raises ValueError.

    RE2 and not `re`: the texts come from strangers, and `re` needs exponential time on some (`(a+)+$`).
    """
    import re2  # type: ignore[import-untyped]  # lazily: most configurations hold no expression

    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    options.max_mem = 1 << 21
    try:
        return re2.compile(pattern[1:-1], options)
    except re2.error as error:
        reason = error.args[0] if error.args else ""
        raise ValueError(reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)) from error


def _keyword(pattern: str) -> _Test:
    if _is_regex(pattern):
        found = _regex(pattern)
        return lambda subject: found.search(subject.printed) is not None
    word = fold(pattern)
    return lambda subject: _holds_word(subject.folded, word)


def _category(pattern: str) -> _Test:
    name = fold(pattern)
    return lambda subject: name in subject.categories


def _url(pattern: str) -> _Test:
    if _is_regex(pattern):
        found = _regex(pattern)
        return lambda subject: bool(subject.url) and found.search(subject.url) is not None
    try:
        glob = re.compile(fnmatch.translate(pattern), re.IGNORECASE)
    except re.error as error:
        raise ValueError(str(error)) from error
    return lambda subject: bool(subject.url) and glob.match(subject.url) is not None


def _speaks(language: str, wanted: str) -> bool:
    """Whether a lower-case tag falls under a basic language range; RFC 4647, section 3.3.1."""
    wanted = wanted.lower()
    return language == wanted or language.startswith(wanted + "-")


def _language(pattern: str) -> _Test:
    return lambda subject: _speaks(subject.language, pattern)


_KINDS: dict[str, tuple[str, Callable[[str], _Test]]] = {
    "categories": ("category", _category),
    "keywords": ("keyword", _keyword),
    "urls": ("url", _url),
    "languages": ("language", _language),
}


def check_pattern(kind: str, pattern: str) -> str | None:
    """What is wrong with one pattern of `Rules` (kind: one of its fields), or None."""
    if len(pattern) > MAX_PATTERN:
        return f"is longer than {MAX_PATTERN} characters"
    if not fold(pattern):
        return "is empty and would match everything"
    try:
        _KINDS[kind][1](pattern)
    except ValueError as error:
        return f"is not a regular expression that can be used ({error})"
    return None


class Predicate:
    """Compiled `Rules`."""

    def __init__(self, rules: Rules) -> None:
        """Compile; raises ValueError for a regular expression that `check_pattern` refuses."""
        self._tests = [
            (f'{word} "{pattern}"', compiled(pattern))
            for kind, (word, compiled) in _KINDS.items()
            for pattern in getattr(rules, kind)
        ]

    def matches(self, article: Article) -> str | None:
        """The first rule that hits, as `keyword "horoscope"`, or None.

        Keywords look through title, summary and categories. A category is equal, folded, to a term or a label.
        A "/…/" expression sees the text as printed, a glob the URL as said; both ignore case.
        """
        if not self._tests:
            return None
        subject = _subject(article)
        return next((rule for rule, test in self._tests if test(subject)), None)


@lru_cache(maxsize=4096)
def compile_rules(rules: Rules) -> Predicate:
    """The rules made ready; the same rules give the same object."""
    return Predicate(rules)


def dropped(article: Article, source_rules: Rules, site_rules: Rules) -> str | None:
    """Which `drop` rule keeps the article out, with whose rule it is, or None."""
    for owner, rules in (("source", source_rules), ("site", site_rules)):
        if rules and (rule := compile_rules(rules).matches(article)):
            return f"dropped by the {owner}'s rule {rule}"
    return None


# ---------------------------------------------------------------- membership


def route(section: Section, lead: Article, listed: bool) -> tuple[bool, str]:
    """Whether an entry belongs to the section, and why; `listed`: the source of one of its members lists it.

    Excludes and languages are asked of the lead alone. A lead of unknown language is in any language's section.
    """
    rule = None if listed or not section.match else compile_rules(section.match).matches(lead)
    if not listed and rule is None:
        return False, "no source of it lists the section, and no match rule hits"
    if section.languages and lead.language:
        language = lead.language.lower().replace("_", "-")
        if not any(_speaks(language, wanted) for wanted in section.languages):
            return False, f'language "{lead.language}" is none of {", ".join(section.languages)}'
    if section.exclude and (hit := compile_rules(section.exclude).matches(lead)):
        return False, f"excluded by {hit}"
    return True, f"matched by {rule}" if rule else "a source of it lists the section"


def _as_sets(rules: Rules) -> list[list[str]]:
    return [sorted(set(getattr(rules, kind))) for kind in _KINDS]


def fingerprint(section: Section, sources: Iterable[Source]) -> int:
    """A signed 64-bit hash that changes exactly when a rule of membership does.

    That is: match, exclude, languages, and which sources list the section; never their order, nor its looks.
    """
    decides = [
        RULES_VERSION,
        _as_sets(section.match),
        _as_sets(section.exclude),
        sorted(set(section.languages)),
        sorted({source.name for source in sources if section.name in source.sections}),
    ]
    hashed = blake2b(dumps(decides).encode(), digest_size=8)
    return int.from_bytes(hashed.digest(), "big", signed=True)


def first_poll(
    articles: Sequence[Article], now: datetime, items: int = 10, age: timedelta = timedelta(hours=48)
) -> frozenset[str]:
    """The ids of what a source's first poll may bring into sections: the newest `items`, none older than `age`."""
    young = [article for article in articles if article.published > now - age]
    young.sort(key=attrgetter("published"), reverse=True)  # stable: the document's order among equals
    return frozenset(article.id for article in young[: max(items, 0)])


# ---------------------------------------------------------------- selection

_LAST = datetime.max.replace(tzinfo=UTC)


class Listed(Struct, frozen=True, kw_only=True):
    """A member of a section as selection sees it."""

    entry: str
    source: str  # of the lead
    first: datetime  # first published by us
    published: datetime  # as shown


class Selection(Struct, frozen=True, kw_only=True):
    """What a section's feeds hold, in the order of print; until `next_change` age alone changes nothing.

    None: it never does.
    """

    entries: tuple[str, ...]
    next_change: datetime | None


def select(section: Section, rows: Collection[Listed], now: datetime) -> Selection:
    """The newest `limit` by first publication and all within `window`, at most 500; printed newest first.

    Before that: an entry older than `max_age` (by its shown date) is left out, except that the newest ones stay
    as long as fewer than ten (or `limit`) entries would be left, so that age alone empties no feed; and of
    one source the newest `per_source` count.
    """
    kept = _within_age_and_caps(section, newest_first(rows), now)
    chosen = [row for place, row in enumerate(kept) if place < section.limit or row.first > now - section.window]
    chosen = chosen[:MAX_ENTRIES]
    printed = tuple(row.entry for row in _newest(chosen, "published"))
    return Selection(entries=printed, next_change=min(_changes(section, chosen, now), default=None))


def newest_first(rows: Iterable[Listed]) -> list[Listed]:
    """By first publication; what came in one poll by its own date."""
    return _newest(rows, "first")


def _newest(rows: Iterable[Listed], when: str) -> list[Listed]:
    by_date = sorted(sorted(rows, key=attrgetter("entry")), key=attrgetter("published"), reverse=True)
    return sorted(by_date, key=attrgetter(when), reverse=True)


def _within_age_and_caps(section: Section, newest: list[Listed], now: datetime) -> list[Listed]:
    """Those that may be chosen, newest first."""
    young, old = newest, list[Listed]()
    if section.max_age is not None:
        young = [row for row in newest if row.published > now - section.max_age]
        old = [row for row in newest if row.published <= now - section.max_age]
    counts: Counter[str] = Counter()
    kept = _capped(young, section.per_source, counts)
    missing = min(section.limit, KEPT_AT_ANY_AGE) - len(kept)
    if old and missing > 0:
        kept = _newest(kept + _capped(old, section.per_source, counts)[:missing], "first")
    return kept


def _capped(rows: list[Listed], per_source: int | None, counts: Counter[str]) -> list[Listed]:
    if per_source is None:
        return list(rows)
    kept = []
    for row in rows:
        if counts[row.source] < per_source:
            counts[row.source] += 1
            kept.append(row)
    return kept


def _changes(section: Section, chosen: list[Listed], now: datetime) -> Iterator[datetime]:
    """When something of the chosen (newest first) goes by age: it leaves the window, or grows too old."""
    for place, row in enumerate(chosen):
        if place >= section.limit:
            yield row.first + section.window
        if section.max_age is not None and row.published > now - section.max_age:
            yield min(row.published, _LAST - section.max_age) + section.max_age
