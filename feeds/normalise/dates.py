"""Dates as feeds write them, made into aware UTC datetimes; what is not a whole date is refused.

Own code beside `email.utils` and `dateutil`, because both guess: `dateutil` fills what is missing from today's
date, reads "22013" as a year and turns the sign of "GMT+3"; `email.utils` takes any word for the zone +0000.
"""

import re
import unicodedata
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import cache, lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

_LONGEST = 100
_MONTHS = {
    name: number
    for number, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)  # noqa: SIM905
}
# RFC 822 section 5.1 and the zones that newsrooms print; hours east of Greenwich.
_HOURS = """
    -10 hst | -9 akst | -8 pst akdt | -7 pdt mst | -6 cst mdt | -5 est cdt | -4 edt ast | -3.5 nst | -3 brt art adt
    | -2.5 ndt | 0 z ut utc gmt wet | 1 bst west cet met wat | 2 cest mest eet sast cat | 3 eest msk eat trt | 5 pkt
    | 5.5 ist | 5.75 npt | 7 wib ict | 8 hkt sgt myt pht awst | 9 jst kst | 9.5 acst | 10 aest | 10.5 acdt | 11 aedt
    | 12 nzst | 13 nzdt"""
_OFFSETS = {name: float(hours) for hours, *names in map(str.split, _HOURS.split("|")) for name in names}
_PLACES = {"et": "America/New_York", "ct": "America/Chicago", "mt": "America/Denver", "pt": "America/Los_Angeles"}
_FILLERS = frozenset(
    "a at d de del dem den der el em kl klo klock la le ngay o of om on thang the uhr um".split()  # noqa: SIM905
)

_RFC822 = re.compile(
    r"(?:[A-Za-z]{3},? )?(\d\d?) ([A-Za-z]{3}) (\d{4}) ([01]\d|2[0-3]):(\d\d):(\d\d) "
    r"(?:GMT|UTC|UT|Z|([+-])(\d\d):?(\d\d))",
    re.A,
)
_ISO = re.compile(r"(\d{4})-0?(\d{1,2})(?:-(\d{1,2}))?", re.A)
_CLOCK = re.compile(
    r"(?<![\d.,])(\d{1,2})[:h](\d\d)(?::(\d\d)(?:[.,]\d{1,9})?)?(?!\d)(?:\s*([ap])\.?\s?m\b\.?)?", re.A | re.I
)
_BETWEEN = re.compile(r"(?<=\d)T(?=\d)")
_ZONE = re.compile(  # right after the clock: an offset, a short name, or a name of the tz database
    r"[\s,]*(?:(?:GMT|UTC|Z)?\s?([+-])(\d{1,2}):?(\d\d)?(?:\s*Z)?|([A-Za-z]{1,5}|[A-Za-z_]+(?:/[\w+-]+){1,2})\.?)(?![\w/])",
    re.A,
)
_COMMENT = re.compile(r"\([^()]*\)")
_GREENWICH = re.compile(r"\s+(?:GMT|UTC|Z)$", re.A)
_TOKEN = re.compile(r"(\d+)|[\s,./\-年月日년월일'’ºª]+|([^\W\d_年月日년월일]+)")


def parse_date(text: str, zone: tzinfo | None = None, now: datetime | None = None) -> datetime | None:
    """The moment that `text` names, in UTC, or None when it does not name a whole date.

    `zone` is for dates without one (None: UTC). `now` only decides 3/4 against 4/3: the future is the wrong one.
    """
    text = text.strip()
    if not text or len(text) > _LONGEST:
        return None
    try:
        return _rfc822(text) or _rfc3339(text, zone) or _epoch(text, now) or _any(text, zone, now)
    except (ValueError, OverflowError):
        return None


def _rfc822(text: str) -> datetime | None:
    """RFC 822 section 5 with the four-digit year of RFC 1123, in the one spelling that nearly all feeds use."""
    match = _RFC822.fullmatch(text)
    month = _MONTHS.get(match[2].lower()) if match else None
    if not match or not month:
        return None
    day, _, year, hour, minute, second, sign, hours, minutes = match.groups()
    moment = datetime(int(year), month, int(day), int(hour), int(minute), min(int(second), 59), tzinfo=UTC)
    return moment - _shift(sign, hours, minutes) if sign else moment


def _rfc3339(text: str, zone: tzinfo | None) -> datetime | None:
    """RFC 3339 and the W3C profile of ISO 8601, as far as the standard library knows them."""
    if len(text) < 10 or text[4] != "-" or text[7] != "-" or text[10:11] not in ("", "T", "t", " "):
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return _utc(moment, zone)


def _epoch(text: str, now: datetime | None) -> datetime | None:
    """Seconds or milliseconds since 1970, for the years from 1990 on; also YYYYMMDD and YYYYMMDDhhmmss."""
    digits = text.partition(".")[0]
    if not digits.isascii() or not digits.isdigit():
        return None
    if len(digits) in (8, 14) and digits[:2] in ("19", "20"):
        return datetime.strptime(digits, "%Y%m%d%H%M%S" if len(digits) == 14 else "%Y%m%d").replace(tzinfo=UTC)
    seconds = int(digits[:-3]) if len(digits) == 13 else int(digits) if len(digits) in (9, 10) else 0
    latest = now.timestamp() + 366 * 86400 if now else 4_102_444_800
    return datetime.fromtimestamp(seconds, UTC) if 631_152_000 <= seconds <= latest else None


def _any(text: str, zone: tzinfo | None, now: datetime | None) -> datetime | None:
    """Any order and language: zone and clock are taken out, what remains must be a date and nothing else."""
    text = _BETWEEN.sub(" ", _COMMENT.sub(" ", text)).strip()
    clock, american = None, False
    if match := _CLOCK.search(text):
        clock, american = _clock(match), bool(match[4])
        tail, zone = _take_zone(text[match.end() :], zone)
        text = f"{text[: match.start()]} {tail}"
    elif _GREENWICH.search(text):
        text, zone = _GREENWICH.sub("", text), UTC
    day = _day(text, american=american, now=now)
    if day is None:
        return None
    if "년" in text and zone is None:
        zone = timezone(timedelta(hours=9))  # Korean is written in one zone
    return _utc(datetime(*day, tzinfo=None) + (clock or timedelta(0)), zone)


def _clock(match: re.Match[str]) -> timedelta:
    hour, minute, second, half = int(match[1]), int(match[2]), int(match[3] or 0), (match[4] or "").lower()
    if half and hour <= 12:  # "17:05 PM" is seen, and clear
        hour = hour % 12 + (12 if half == "p" else 0)
    if hour > 24 or minute > 59 or second > 60 or (hour == 24 and minute + second):
        raise ValueError("no such time of day")
    return timedelta(hours=hour, minutes=minute, seconds=min(second, 59))


def _take_zone(text: str, zone: tzinfo | None) -> tuple[str, tzinfo | None]:
    """What follows the clock, without its zone, and that zone."""
    match = _ZONE.match(text)
    if match is None:
        return text, zone
    sign, hours, minutes, word = match.groups()
    found = _named_zone(word) if word else timezone(_shift(sign, hours, minutes))
    return (text[match.end() :], found) if found else (text, zone)


@lru_cache(maxsize=256)
def _named_zone(word: str) -> tzinfo | None:
    name = word.lower()
    if name in _OFFSETS:
        return timezone(timedelta(hours=_OFFSETS[name]))
    if name in _PLACES or "/" in word:
        try:
            return ZoneInfo(_PLACES.get(name, word))
        except (OSError, ValueError, LookupError):  # no such zone, or a path that the database does not like
            return None
    # RFC 2822 section 4.3: an unknown name stands for +0000
    return UTC if len(word) > 1 and word.isupper() and _month(word) is None and not is_weekday(word) else None


def _day(text: str, *, american: bool, now: datetime | None) -> tuple[int, int, int] | None:
    """Year, month and day of a text that holds nothing else."""
    if match := _ISO.fullmatch(text.strip()):
        return int(match[1]), int(match[2]), int(match[3] or 1)
    months: list[int] = []
    numbers: list[str] = []
    for digits, word in _TOKEN.findall(text):
        month = _month(word) if word else None
        if digits:
            numbers.append(digits)
        elif month and not (is_weekday(word) and not months and not numbers and _other_month(text, word)):
            months.append(month)
        elif word and not is_weekday(word) and not _is_filler(word, bool(numbers)):
            return None
    if _TOKEN.sub("", text) or len(months) > 1:
        return None
    return _with_month(months[0], numbers) if months else _numeric(numbers, american=american, now=now)


def _other_month(text: str, word: str) -> bool:
    """Whether the text names a month besides a word that could be one: "mar. 3 mars 2020"."""
    words = [found for _, found in _TOKEN.findall(text) if found]
    return any(_month(other) for other in words[words.index(word) + 1 :])


def _with_month(month: int, numbers: list[str]) -> tuple[int, int, int] | None:
    if len(numbers) != 2:
        return None
    day, year = numbers if len(numbers[0]) <= 2 else reversed(numbers)
    return (_year(year), month, int(day)) if len(day) <= 2 and len(year) in (2, 4) else None


def _numeric(numbers: list[str], *, american: bool, now: datetime | None) -> tuple[int, int, int] | None:
    """Day first, unless that is impossible, in the future, or the clock said AM or PM."""
    if len(numbers) != 3 or any(len(n) > 2 for n in numbers[1:2]):
        return None
    if len(numbers[0]) == 4:
        return int(numbers[0]), int(numbers[1]), int(numbers[2])
    if len(numbers[0]) > 2 or len(numbers[2]) not in (2, 4):
        return None
    first, second, year = int(numbers[0]), int(numbers[1]), _year(numbers[2])
    if second > 12 or (american and first <= 12):
        return year, first, second
    future = now is not None and first <= 12 and datetime(year, second, first, tzinfo=UTC) > now + timedelta(days=1)
    return (year, first, second) if future else (year, second, first)


def _year(digits: str) -> int:
    """RFC 2822 section 4.3."""
    year = int(digits)
    return year if len(digits) == 4 else year + (2000 if year < 50 else 1900)


def _shift(sign: str, hours: str, minutes: str | None) -> timedelta:
    offset = timedelta(hours=int(hours), minutes=int(minutes or 0))
    if offset > timedelta(hours=18) or int(minutes or 0) > 59:
        raise ValueError("no such zone")
    return -offset if sign == "-" else offset


def _utc(moment: datetime, zone: tzinfo | None) -> datetime:
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone or UTC)).astimezone(UTC)


# ---------------------------------------------------------------- words


@cache
def _calendar() -> tuple[dict[str, int], frozenset[str]]:
    months: dict[str, int] = {}
    days: frozenset[str] = frozenset()
    for line in (Path(__file__).parent / "data" / "calendar.tsv").read_text("utf-8").splitlines():
        key, _, words = line.partition("\t")
        if key.isdigit():
            months.update(dict.fromkeys(words.split(), int(key)))
        elif key == "day":
            days = frozenset(words.split())
    return months, days


def fold(word: str) -> str:
    """Lower case, without accents."""
    if word.isascii():
        return word.lower()
    decomposed = unicodedata.normalize("NFKD", word.casefold().replace("ı", "i"))
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def _month(word: str) -> int | None:
    return _calendar()[0].get(fold(word))


def is_month(word: str) -> bool:
    """Whether the word is a month's name in some language, or its short form."""
    return _month(word) is not None


def is_weekday(word: str) -> bool:
    """Whether the word is a weekday's name in some language, or its short form."""
    return fold(word) in _calendar()[1]


def _is_filler(word: str, after_number: bool) -> bool:
    return fold(word) in _FILLERS or (after_number and word.lower() in ("st", "nd", "rd", "th", "er"))
