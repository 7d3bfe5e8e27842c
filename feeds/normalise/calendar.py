"""The words of dates: months, weekdays and time zones, in the languages of news."""

import re
import unicodedata
from datetime import UTC, timedelta, timezone, tzinfo
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

# RFC 822 section 5.1 and the zones that newsrooms print; hours east of Greenwich.
_HOURS = """
    -10 hst | -9 akst | -8 pst akdt | -7 pdt mst | -6 cst mdt | -5 est cdt pet cot | -4 edt ast clt vet | -3.5 nst
    | -3 brt art adt clst uyt | -2.5 ndt | 0 z ut utc gmt wet | 1 bst west cet met mez wat
    | 2 cest mest mesz eet sast cat | 3 eest msk eat trt | 3.5 irst | 4 gst azt | 5 pkt uzt | 5.5 ist | 5.75 npt
    | 6.5 mmt | 7 wib ict | 8 hkt sgt myt pht awst wita | 9 jst kst wit | 9.5 acst | 10 aest | 10.5 acdt | 11 aedt
    | 12 nzst | 13 nzdt"""
_OFFSETS = {name: float(hours) for hours, *names in map(str.split, _HOURS.split("|")) for name in names}
_PLACES = {"et": "America/New_York", "ct": "America/Chicago", "mt": "America/Denver", "pt": "America/Los_Angeles"}
_AMERICAN = frozenset("est edt cst cdt mst mdt pst pdt akst akdt hst et ct mt pt".split())  # noqa: SIM905
# Names that mean another zone to those who write a language (RFC 822 gives "CST" to America): language to zone.
_LOCAL = {("cst", "zh"): 8.0, ("ist", "ga"): 1.0, ("ist", "en-IE"): 1.0, ("ist", "he"): 2.0, ("ist", "en-IL"): 2.0}
_MONTH_FIRST = frozenset({"en-US", "en-PH", "en-PR", "en-GU", "fil", "fil-PH", "es-US"})
_FILLERS = frozenset(
    "a ad alle as at created d date datum de del dem den der di dia e el em fecha g gada god godz gg hari "  # noqa: SIM905
    "in kel kl klo klock kuni la las le les m modified ngay o of om on ora ore posted published pukul r "
    "rok roku saat te thang the thg to tanggal um updated uur uhr в г год года на р час ωρα στισ".split()
)


class Calendar(NamedTuple):
    """What `data/calendar.tsv` says; weekdays count from Monday, 0."""

    months: dict[str, int]
    months_in: dict[tuple[str, str], int]  # by language and word, where the language differs
    weekdays: dict[str, int | None]


@cache
def calendar() -> Calendar:
    """The words, folded."""
    found = Calendar({}, {}, {})
    for line in (Path(__file__).parent / "data" / "calendar.tsv").read_text("utf-8").splitlines():
        key, _, words = line.partition("\t")
        number, _, language = key.partition(" ")
        if language:
            found.months_in.update({(language, word): int(number) for word in words.split()})
        elif number.isdigit():
            found.months.update(dict.fromkeys(words.split(), int(number)))
        elif key.startswith("d"):
            day = int(key[1:]) if key[1:].isdigit() else None
            found.weekdays.update({word: day for word in words.split() if word not in found.weekdays})
    return found


def fold(word: str) -> str:
    """Lower case, without accents."""
    if word.isascii():
        return word.lower()
    decomposed = unicodedata.normalize("NFKD", word.casefold().replace("ı", "i"))
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def month(word: str, language: str | None = None) -> int | None:
    """The month that a word names, if it names one."""
    known, name = calendar(), fold(word)
    primary = (language or "").partition("-")[0]
    return known.months_in.get((primary, name)) or known.months.get(name)


def is_month(word: str) -> bool:
    """Whether the word is a month's name in some language, or its short form."""
    return month(word) is not None


def weekday(word: str) -> int | None:
    """The weekday, 0 for Monday; None when it is no weekday, or not sure which."""
    return calendar().weekdays.get(fold(word))


def is_weekday(word: str) -> bool:
    """Whether the word is a weekday's name in some language, or its short form."""
    return fold(word) in calendar().weekdays


def is_filler(word: str, *, after_number: bool) -> bool:
    """Whether the word only holds a date together: "de", "published", and the "th" of "8th"."""
    return fold(word) in _FILLERS or (after_number and word.lower() in ("st", "nd", "rd", "th", "er"))


def is_american(zone: str) -> bool:
    """Whether a short name of a zone is one of the United States, where the month comes first."""
    return zone.lower() in _AMERICAN


def month_comes_first(language: str) -> bool:
    """Whether those who write the language put the month before the day in figures."""
    return language in _MONTH_FIRST


@lru_cache(maxsize=256)
def named_zone(word: str, language: str | None = None) -> tzinfo | None:
    """The zone of a short name or of a name of the tz database; None for what is neither."""
    name = word.lower()
    primary = (language or "").partition("-")[0]
    hours = _LOCAL.get((name, language or "")) or _LOCAL.get((name, primary)) or _OFFSETS.get(name)
    if hours is not None:
        return timezone(timedelta(hours=hours))
    if name in _PLACES or "/" in word:
        try:
            return ZoneInfo(_PLACES.get(name, word))
        except (OSError, ValueError, LookupError):  # no such zone, or a path that the database does not like
            return None
    # RFC 2822 section 4.3: an unknown name stands for +0000
    unknown = len(word) > 1 and re.fullmatch("[A-Z]{2,5}", word) and not is_month(word) and not is_weekday(word)
    return UTC if unknown else None
