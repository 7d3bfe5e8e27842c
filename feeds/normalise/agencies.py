"""The table of news agencies, and what a name means where: in a credit, a by-line, the middle of a text."""

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import NamedTuple

from feeds.normalise.dates import fold

_SHORT = 4  # letters up to which a name is read in its very spelling
_LONGEST = 80
_RUN_ON = 12  # characters of names that nothing parts
_MARKS = "~?+="
_SERVED = {"NZ": "AU"}  # has no agency of its own
_COMMON = frozenset(
    "a agence agency agencia agenzia agência and arab central center china city east federal government india "  # noqa: SIM905
    "information international la middle national new news newswire of press public "
    "service square states the united".split()
)
_WORD = re.compile(r"\w+")
_SEVERAL = re.compile(
    r"^(?:by|von|par|por|di|door|od|av|af|da|do|dari|theo|redacci[oó]n|redazione|redação|rédaction|redaktion|redakcja"
    r"|redactie|agenci?as?|staff|редакция|(?:op)?r(?:ed|ac)\.|autor|корр?\.|ИА|piše|haber):?\s+"
    r"(?:(?:avec|con|com|mit|with)\s+)?|^(?:avec|con|com|mit|with|met|med)\s+(?:the\s+|der\s+|l['’])?"
    r"|\s*[/／,;&+|·•،、，]\s*(?:(?:and|avec|con|com|mit|with|met|d[aeo]s?)\s+(?:(?:the|der|la)\s+)?)?|\s+[-–—]\s+|--|[=＝]"
    r"|[()（）\"«»“”„](?:\s?(?:avec|con|com|mit|with|met|theo)\s+)?|\s+(?:alapján|nyomán|inf\.)$"
    r"|\s?(?:记者|記者)[:：]?\s?"
    r"|\s+(?:and|und|et|y|e|en|og|och|ja|ve|və|i|a|és|și|şi|in|ir|un|dhe|dan|và|и|та|й|και|و|اور|और|व|এবং|ও|และ|with|mit|avec|con|com|met|via|à|for|für|pour|para)\s+"
    r"(?:(?:the|la|der|d[aeo]s?)\s+)?",
    re.I,
)
_HYPHEN = re.compile("[-–]")
_SURNAME_FIRST = re.compile(r"(?!R[ée]da)[^\W\d_a-z][a-zà-ž]+, [^\W\d_a-z][a-zà-ž]+")  # "Bloomberg, Michael"
_EAST = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0eff]")  # scripts that run words together
_EASTERN_PARTS = re.compile(r"[\s()（）\[\]【】<>=＝／/・·:：,，、|]+|(?:记者|記者|翻訳編集)")
_CODE = re.compile(r"[a-zà-ž]{2,4}|[Rr]ed\.?|[Ff]im")  # who wrote or edited it: "dpa/lno", "APA/Red.", "Lusa/Fim"
_BEFORE = re.compile(  # "abc/dpa", "red, APA", "Agencies/AFP"
    r"[a-zà-ž]{2,4}|[Rr]ed\.?|[Aa]g\.|[Aa]gen[ct](?:ies|es|ias|uren|ury)|[Aa]gências|وكالات|एजेंसी"
)


class _Agency(NamedTuple):
    name: str
    country: str
    languages: tuple[str, ...]
    towns: frozenset[str]
    sure: bool  # the alias means nothing else
    known: bool  # the alias is a mention wherever it stands
    alone: bool  # the alias is the agency where nothing else stands in an English field or line


def agency_named(
    words: str | None, language: str | None = None, *, certain: bool = False, place: str | None = None
) -> str | None:
    """The name of the agency that is called `words`; None for anything else.

    Names that mean other things too count where the words can only be a credit (`certain`), or in a text in the
    agency's own language. Agencies that share a name are told apart by the place of the dateline and by the language.
    """
    if not words or len(words) > _LONGEST:
        return None
    words = words.strip(" .\n")
    found = _agencies().get(words) or (_agencies().get(_small(words)) if len(words) > _SHORT else None)
    return _which(found, language, certain, place) if found else None


def agencies_in(
    words: str | None, language: str | None = None, *, certain: bool = False, place: str | None = None
) -> tuple[str, ...]:
    """The agencies among several names, people and papers included: "AFP/dpa", "Jane Doe, Reuters"."""
    if not words or len(words) > 2 * _LONGEST:
        return ()
    if whole := agency_named(words, language, certain=certain, place=place):
        return (whole,)
    if not may_name(words):
        return ()
    if both := _hyphened(words, language, certain=certain) or _run_on(words):
        return both
    if _SURNAME_FIRST.fullmatch(words):
        return only_agencies(words, language, certain=certain)
    names = _each(agency_named(part, language, certain=certain, place=place) for part in _SEVERAL.split(words))
    if names or " of " not in words:
        return names
    return _each([agency_named(words.partition(" of ")[2].removeprefix("the "), language)])  # "Jane Doe of the AP"


def only_agencies(
    words: str, language: str | None = None, *, certain: bool = False, place: str | None = None
) -> tuple[str, ...]:
    """Several agencies, when there is nobody else: "AFP/Reuters", "dpa/lno", but no "Jane Doe/AFP"."""
    if whole := agency_named(words, language, certain=certain, place=place):
        return (whole,)
    if len(words) > _LONGEST:
        return ()
    if both := _hyphened(words, language, certain=certain) or _run_on(words):
        return both
    parts = [part for part in _SEVERAL.split(words) if part]
    if len(parts) < 2:
        return ()
    certain = certain or any(agency_named(part, language) for part in parts)  # one that is sure vouches for the rest
    names = [agency_named(part, language, certain=certain, place=place) for part in parts]
    first = next((at for at, name in enumerate(names) if name), 0)
    led = all(map(_BEFORE.fullmatch, parts[:first])) and (first < 2 or "/" in words)
    rest = zip(names[first:], parts[first:], strict=True)
    return _each(names) if led and all(name or _CODE.fullmatch(part) for name, part in rest) else ()


def at_home(words: str, language: str | None, *, lonely: bool = False) -> tuple[str, ...]:
    """The agency that a whole field or line names in short in the English of its country: "AAP" in Australia's.

    Where nothing says of which country it is, only what hardly anybody else is called, and stands `lonely`.
    """
    tongue, _, region = (language or "").partition("-")
    if tongue != "en" or len(words) < 3 or not words.isupper():
        return ()
    region = _SERVED.get(region.upper(), region.upper())
    found = [
        one.name for one in _agencies().get(words, ()) if (one.country == region if region else lonely and one.alone)
    ]
    return tuple(found) if len(found) == 1 else ()


def _run_on(words: str) -> tuple[str, ...]:
    """The agencies of which a Japanese text says nothing but the names: "AFP時事", "AFP＝時事"."""
    if not 4 <= len(words) <= _RUN_ON or words.isascii() or not _EAST.search(words):
        return ()
    names, rest = last_names(words)
    return names if names and not rest else ()


def last_names(words: str) -> tuple[tuple[str, ...], str]:
    """The agencies that Japanese words end with, in their order, and the words before: "パリAFP時事"."""
    names: list[str] = []
    for _ in range(2):
        alias = next((one for one in (*_eastern(), "AFP", "AP", "Reuters", "UPI") if words.endswith(one)), None)
        name = agency_named(alias, "ja", certain=True) if alias else None
        if not alias or not name:
            break
        names.insert(0, name)
        words = words[: -len(alias)].rstrip(" =＝・")
    return tuple(dict.fromkeys(names)), words


def eastern_in(words: str) -> tuple[str, ...]:
    """The agencies among several names in Chinese, Japanese and Korean characters: "新华社 李明", "(서울=연합뉴스)"."""
    if len(words) > _LONGEST or not _EAST.search(words):
        return ()
    parts = [part for part in _EASTERN_PARTS.split(words.strip("据據电電讯訊")) if part]
    return _each(agency_named(part) for part in parts if len(part) > 2) if len(parts) < 8 else ()


def _hyphened(words: str, language: str | None, *, certain: bool) -> tuple[str, ...]:
    """The agencies of "NTB-Reuters", when there is nobody else."""
    parts = _HYPHEN.split(words) if "-" in words or "–" in words else []
    if len(parts) < 2 or " " in words:
        return ()
    certain = certain or any(agency_named(part, language) for part in parts)
    names = [agency_named(part, language, certain=certain) for part in parts]
    return _each(names) if all(names) else ()


def _each(names: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, names)))


def may_name(text: str) -> bool:
    """Whether a short text could name an agency: a cheap test before a dear one."""
    return not _telling_words().isdisjoint(_WORD.findall(_small(text))) or bool(
        not text.isascii() and _EAST.search(text)
    )


def _small(text: str) -> str:
    """In small letters, of which Turkish has one that would come apart."""
    return (text.replace("İ", "i") if "İ" in text else text).casefold()


def names_in(text: str) -> list[tuple[int, int]]:
    """Where a short text has the words of an agency's name, from where to where; the longest name at each place."""
    found: dict[int, int] = {}
    table = _by_telling_word()
    for word in _WORD.finditer(text):
        for alias, before in table.get(_small(word[0]), ()):
            start = max(0, word.start() - before)
            end = start + len(alias)
            said = text[start:end]
            goes_on = text[end : end + 1].isalnum() or (
                text[end : end + 1] == "-" and text[end + 1 : end + 2].isalnum()
            )
            same = said == alias or (len(alias) > _SHORT and said.casefold() == alias)
            if same and not goes_on and not text[start - 1 : start].isalnum():
                found[start] = max(end, found.get(start, 0))
    return sorted(found.items())


def mentioned(text: str) -> tuple[str, ...]:
    """The agencies that a text names, in its order."""
    found: dict[str, int] = {}
    spaced = text.isascii() or not _EAST.search(text)
    for word in set(_WORD.findall(text)) & _mentions().keys():
        for alias in _mentions()[word]:
            if (at := _place_of(alias, text)) >= 0:
                name = _agencies()[alias][0].name
                found[name] = min(at, found.get(name, at))
    for alias in () if spaced else _run_together():
        if (at := text.find(alias)) >= 0:
            found.setdefault(_agencies()[alias][0].name, at)
    return tuple(sorted(found, key=lambda name: found[name]))


def country_of(name: str) -> str:
    """The country (ISO 3166) of an agency of the table, by the name that we show."""
    return next((one.country for one in _agencies().get(name, ()) if one.name == name), "")


@cache
def homes(tongue: str) -> frozenset[str]:
    """The countries (ISO 3166) whose agencies write in a language before others; of English none: it is everybody's."""
    every = (one for found in _agencies().values() for one in found)
    return frozenset(one.country for one in every if one.languages[0] == tongue != "en")


def in_own_words(words: str, language: str | None) -> tuple[str, ...]:
    """The agency that is called so in short, in capitals, in a text in its first language: "AGI" in Italian.

    Of its own country where many write in that: "MAP" is a word or another's name in most French texts.
    """
    tongue, _, region = (language or "").partition("-")
    if not 3 <= len(words) <= _SHORT + 1 or not words.isupper() or tongue == "en":
        return ()
    found = [one for one in _agencies().get(words, ()) if one.languages[0] == tongue]
    return (found[0].name,) if len(found) == 1 and (len(homes(tongue)) < 4 or found[0].country == region) else ()


def eastern_names() -> tuple[str, ...]:
    """The names in Chinese, Japanese and Korean characters, the longest first."""
    return _eastern()


# ---------------------------------------------------------------- the table


def _which(found: tuple[_Agency, ...], language: str | None, certain: bool, place: str | None) -> str | None:
    tongue = language.partition("-")[0].lower() if language else None
    at_home = [one for one in found if place and fold(place) in one.towns]
    sure = [one for one in found if one.sure]
    own = [one for one in found if tongue != "en" and tongue in one.languages[:3]]
    for some in (at_home if certain else [], sure, own, list(found) if certain else []):
        if len(some) == 1:
            return some[0].name
        if some:
            return None
    return None


@cache
def _agencies() -> dict[str, tuple[_Agency, ...]]:
    """Every name and alias, and the long ones without case, with the agencies that are called so."""
    table: dict[str, tuple[_Agency, ...]] = {}
    for row in (Path(__file__).parent / "data" / "agencies.tsv").read_text("utf-8").splitlines():
        if row.startswith("#"):
            continue
        name, aliases, country, languages, _, *towns = row.split("\t")
        said = {alias.lstrip(_MARKS): alias[:1] for alias in aliases.split(";") if alias}
        for alias, mark in {name: "", **said}.items():
            one = _Agency(
                name=name,
                country=country,
                languages=tuple(languages.split(";")),
                towns=frozenset(map(fold, towns[0].split(";"))) if towns else frozenset(),
                sure=mark not in ("~", "="),
                known=mark == "+" or (len(alias) > _SHORT and mark not in ("~", "?", "=")),
                alone=mark == "=",
            )
            table[alias] = (*table.get(alias, ()), one)
            if len(alias) > _SHORT and _small(alias) != alias:
                table.setdefault(_small(alias), (one,))
    return table


@cache
def _by_telling_word() -> dict[str, tuple[tuple[str, int], ...]]:
    """The names, and where in them the word begins, by the word that tells most: "associated" of the AP."""
    table: dict[str, list[tuple[str, int]]] = {}
    for alias in _agencies():
        words = [word for word in _WORD.finditer(alias) if len(word[0]) > 1] or list(_WORD.finditer(alias))
        if words:
            best = max(words, key=lambda word: (word[0].casefold() not in _COMMON, len(word[0])))
            table.setdefault(_small(best[0]), []).append((alias, best.start()))
    return {word: tuple(found) for word, found in table.items()}


@cache
def _telling_words() -> frozenset[str]:
    return frozenset(_by_telling_word())


@cache
def _mentions() -> dict[str, tuple[str, ...]]:
    """The names that are mentions, by their first word, in the spellings of the table."""
    table: dict[str, list[str]] = {}
    for alias, found in _agencies().items():
        if found[0].known and not alias.islower() and not _EAST.match(alias) and (word := _WORD.search(alias)):
            table.setdefault(word[0], []).append(alias)
    return {word: tuple(aliases) for word, aliases in table.items()}


@cache
def _run_together() -> tuple[str, ...]:
    return tuple(alias for alias in _eastern() if _agencies()[alias][0].known)


@cache
def _eastern() -> tuple[str, ...]:
    return tuple(
        sorted((alias for alias in _agencies() if _EAST.search(alias)), key=lambda alias: (-len(alias), alias))
    )


def _place_of(alias: str, text: str) -> int:
    """Where the alias stands as words of its own; -1: nowhere. Looks at the first few places only."""
    at = text.find(alias)
    for _ in range(20):
        if at < 0 or not (text[at - 1 : at].isalnum() or text[at + len(alias) : at + len(alias) + 1].isalnum()):
            return at
        at = text.find(alias, at + 1)
    return -1
