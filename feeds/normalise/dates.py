"""Dates as feeds write them, made into aware UTC datetimes; what is not a whole date is refused.

Own code beside `email.utils`, `dateutil` and `dateparser`, because all three guess: `dateutil` fills what is missing
from today's date, reads "22013" as a year and turns the sign of "GMT+3"; `dateparser` takes "me" for a weekday and a
day alone for a date; `email.utils` takes any word for the zone +0000.

Figures only, "3/4/2026": what the value, a weekday or the future excludes is out. Of what is left a language whose
readers put the month or the year first decides (`en-US`; Chinese, Hungarian), in English without a region also AM, PM
and an American zone; everybody else puts the day first.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from feeds.normalise.calendar import (
    fold,
    is_american,
    is_filler,
    is_month,
    is_weekday,
    month,
    month_comes_first,
    named_zone,
    weekday,
)
from feeds.normalise.scripts import ascii_date
from feeds.normalise.solar import solar_day

__all__ = ["fold", "is_month", "is_weekday", "parse_date"]

_LONGEST = 100
_MONTHS = {
    name: number
    for number, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)  # noqa: SIM905
}
_SOLAR_YEARS = range(1200, 1500)
_PERSIAN = {"fa": "Asia/Tehran", "fa-AF": "Asia/Kabul", "prs": "Asia/Kabul", "ps": "Asia/Kabul"}
_YEAR_FIRST = frozenset({"hu", "ja", "ko", "lt", "mn", "zh"})

_RFC822 = re.compile(
    r"(?:[A-Za-z]{3},? )?(\d\d?) ([A-Za-z]{3}) ([12]\d{3}) ([01]\d|2[0-3]):(\d\d):(\d\d) "
    r"(?:GMT|UTC|UT|Z|([+-])(\d\d):?(\d\d))",
    re.A,
)
_ISO = re.compile(r"(\d{4})-0?(\d{1,2})(?:-(\d{1,2}))?", re.A)
_ORDINAL = re.compile(r"(?:(\d{4})-?|(\d\d)-)(\d{3})", re.A)  # ISO 8601: year and day of the year
_SHORT = re.compile(r"-(\d\d)-?(\d\d)|(\d\d)(\d\d)(\d\d)", re.A)  # ISO 8601 of 1988: -YYMM; YYMMDD
_COMPACT = re.compile(r"\d{8}[T ]\d\d:?\d\d(?::?\d\d)?(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?|\d{4}-?W\d\d(?:-?\d)?", re.A)
_CLOCK = re.compile(
    r"(?<![\d.,])(\d{1,2})(?::|\s?[hu]\s?)(\d\d|\d(?=:\d))(?::(\d\d?)(?:[.,:]\d{1,9})?)?(?!\d)(?:\s*([ap])\.?\s?m\b\.?)?",
    re.A | re.I,
)
_LOOSE_CLOCK = re.compile(  # "kl. 10.15", "10.15 Uhr", "10 pm", "14h"; tried where there is no other
    r"(?<![\d.,:/-])(?:(?<=\s)(\d{1,2})\.(\d\d)(?:\.(\d\d))?(?=\s*(?:uhr\b|hrs?\b|wi[bt]\b|wita\b|$))"
    r"|(?<=\bkl )(\d{1,2})\.(\d\d)|(?<=\bkl. )(\d{1,2})\.(\d\d)|(?<=\bklo )(\d{1,2})\.(\d\d)"
    r"|(\d{1,2})(?:\s?(?:h|hs|hrs|uhr)\b|\s?([ap])\.?\s?m\b\.?))",
    re.A | re.I,
)
_BETWEEN = re.compile(r"(?<=\d)T(?=\d)")
_ZONE = re.compile(  # right after the clock: an offset, a short name, or a name of the tz database
    r"[\s,]*(?:(?:GMT|UTC|Z)?\s?([+-])(\d{1,2}):?(\d\d)?(?:\s*Z)?|([A-Za-z]{1,5}|[A-Za-z_]+(?:/[\w+-]+){1,2})\.?)(?![\w/])",
    re.A,
)
_SECOND_NAME = re.compile(r"\s+(?:UTC|GMT|[A-Z]{3,4}T?)\b(?:\s+m=[+-][\d.]+$)?|\[[A-Za-z_/+-]{3,40}\]$", re.A)
_DATE_CALL = re.compile(r"/?Date\((\d{12,14})(?:[+-]\d{4})?\)/?", re.A)
_PERSIAN_FIGURE = re.compile("[۰-۹]")
_HANGUL = re.compile("[가-힣]")
_COMMENT = re.compile(r"\([^()]*\)")
_LONE_ZONE = re.compile(r"\s+(?:GMT|UTC|Z|([+-])(0\d|1[0-4])([0-5]\d))$", re.A)
# The vowel signs of the scripts of India and South-east Asia belong to words, though they are no letters.
_SIGNS = "\u0300-\u036f\u064b-\u065f\u0670"
_SIGNS += "\u0900-\u0963\u0971-\u0dff\u0e31-\u0e3a\u0e40-\u0e4e\u0eb1-\u0ecd\u102b-\u103e\u17b4-\u17d3\u200c"
_TOKEN = re.compile(rf"(\d+)|[\s,./\-年月日년월일'’`ºª:|।]+|((?:[^\W\d_年月日년월일]|[{_SIGNS}])+)")


def parse_date(
    text: str, zone: tzinfo | None = None, now: datetime | None = None, language: str | None = None
) -> datetime | None:
    """The moment that `text` names, in UTC, or None when it does not name a whole date.

    `zone` is for dates without one (None: UTC). `now` and `language` only decide 3/4 against 4/3, and what "CST" is.
    """
    text = text.strip()
    if not text or len(text) > _LONGEST:
        return None
    try:
        return _rfc822(text) or _rfc3339(text, zone) or _other(text, zone, now, language)
    except (ValueError, OverflowError):
        return None


def _rfc822(text: str) -> datetime | None:
    """RFC 822 section 5 with the four-digit year of RFC 1123, in the one spelling that nearly all feeds use."""
    match = _RFC822.fullmatch(text)
    number = _MONTHS.get(match[2].lower()) if match else None
    if not match or not number or match[3] >= "2400":
        return None
    day, _, year, hour, minute, second, sign, hours, minutes = match.groups()
    moment = datetime(int(year), number, int(day), int(hour), int(minute), min(int(second), 59), tzinfo=UTC)
    return moment - _shift(sign, hours, minutes) if sign else moment


def _rfc3339(text: str, zone: tzinfo | None) -> datetime | None:
    """RFC 3339 and the W3C profile of ISO 8601, as far as the standard library knows them."""
    if (
        len(text) < 10
        or text[4] != "-"
        or text[7] != "-"
        or text[10:11] not in ("", "T", "t", " ")
        or not "15" < text < "24"
    ):
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return _utc(moment, zone)


def _other(said: str, zone: tzinfo | None, now: datetime | None, language: str | None) -> datetime | None:
    text = ascii_date(said)
    if zone is None and not said.isascii() and _HANGUL.search(said):
        zone = timezone(timedelta(hours=9))  # Korean is written in one zone
    if language is None and not said.isascii() and _PERSIAN_FIGURE.search(said):
        language = "fa"
    found = _rfc3339(text.upper(), zone) if text.isascii() else None
    return found or _epoch(text, now) or _short(text, zone, now) or _any(text, zone, now, language)


def _epoch(text: str, now: datetime | None) -> datetime | None:
    """Seconds, milli- or microseconds since 1970, for the years from 1990 on; also YYYYMMDD and YYYYMMDDhhmmss."""
    call = _DATE_CALL.fullmatch(text)
    digits = (call[1] if call else text).partition(".")[0]
    if not digits.isascii() or not digits.isdigit():
        return None
    if len(digits) in (8, 14) and digits[:2] in ("19", "20"):
        return datetime.strptime(digits, "%Y%m%d%H%M%S" if len(digits) == 14 else "%Y%m%d").replace(tzinfo=UTC)
    shorter = {9: 9, 10: 10, 12: 9, 13: 10, 16: 10, 19: 10}.get(len(digits), 0)
    seconds = int(digits[:shorter] or 0)
    latest = now.timestamp() + 366 * 86400 if now else 4_102_444_800
    return datetime.fromtimestamp(seconds, UTC) if 631_152_000 <= seconds <= latest else None


def _short(text: str, zone: tzinfo | None, now: datetime | None) -> datetime | None:
    """The short forms of ISO 8601, and a year alone as the W3C's profile has it: the first day of what is named."""
    if text.isdigit() and len(text) == 4 and text[:2] in ("19", "20"):
        return _utc(datetime(int(text), 1, 1), zone)
    if _COMPACT.fullmatch(text):
        return _utc(datetime.fromisoformat(text), zone)
    if match := _ORDINAL.fullmatch(text):
        first = datetime(int(match[1]) if match[1] else _year(match[2]), 1, 1)
        moment = first + timedelta(days=int(match[3]) - 1)
        return _utc(moment, zone) if moment.year == first.year and moment >= first else None
    match = _SHORT.fullmatch(text)
    if match is None:
        return None
    if match[1]:
        return _utc(datetime(_year(match[1]), int(match[2]), 1), zone)
    found = [day for day in _readings([match[3], match[4], match[5]], "ymd dmy", now) if day]
    return _utc(datetime(*found[0]), zone) if len(found) == 1 else None  # 081225 may be two days


def _any(text: str, zone: tzinfo | None, now: datetime | None, language: str | None) -> datetime | None:
    """Any order and language: zone and clock are taken out, what remains must be a date and nothing else."""
    text = _BETWEEN.sub(" ", _COMMENT.sub(" ", text)).strip()
    clock, american = None, False
    if match := _CLOCK.search(text) or _LOOSE_CLOCK.search(text):
        clock, american = _clock(match)
        tail, zone, name = _take_zone(text[match.end() :], zone, language)
        american = american or is_american(name)
        text = f"{text[: match.start()]} {tail}"
    elif match := _LONE_ZONE.search(text):
        text, zone = text[: match.start()], timezone(_shift(match[1], match[2], match[3])) if match[1] else UTC
    day = _day(text, american=american, now=now, language=language)
    if day is None or day[0] in _SOLAR_YEARS:
        home = _PERSIAN.get(language or "") or _PERSIAN.get((language or "").partition("-")[0])
        day = solar_day(text, figures=home is not None or getattr(zone, "key", None) in _PERSIAN.values())
        zone = zone or ZoneInfo(home or "Asia/Tehran")
    if day is None:
        return None
    return _utc(datetime(*day, tzinfo=None) + (clock or timedelta(0)), zone)


def _clock(match: re.Match[str]) -> tuple[timedelta, bool]:
    """The time of day, and whether it was said with AM or PM."""
    said = [group for group in match.groups() if group]
    half = said.pop().lower() if said[-1].isalpha() else ""
    hour, minute, second = (*map(int, said), 0, 0)[:3]
    if half and hour <= 12:  # "17:05 PM" is seen, and clear
        hour = hour % 12 + (12 if half == "p" else 0)
    if hour > 24 or minute > 59 or second > 60 or (hour == 24 and minute + second):
        raise ValueError("no such time of day")
    return timedelta(hours=hour, minutes=minute, seconds=min(second, 59)), bool(half)


def _take_zone(text: str, zone: tzinfo | None, language: str | None) -> tuple[str, tzinfo | None, str]:
    """What follows the clock, without its zone; that zone; the name by which it was said, or ""."""
    match = _ZONE.match(text)
    if match is None:
        return text, zone, ""
    sign, hours, minutes, word = match.groups()
    found: tzinfo | None = None
    if word and zone and zone.tzname(datetime(2026, 1, 1)) == word:
        found = zone  # "CST" in a source whose zone is Asia/Shanghai
    found = found or (named_zone(word, language) if word else timezone(_shift(sign, hours, minutes)))
    if found is None:
        return text, zone, ""
    tail = text[match.end() :]
    return (tail if word else _SECOND_NAME.sub("", tail, count=1)), found, word or ""


def _day(text: str, *, american: bool, now: datetime | None, language: str | None) -> tuple[int, int, int] | None:
    """Year, month and day of a text that holds nothing else."""
    if (match := _ISO.fullmatch(text.strip())) and match[1] < "2400":
        return int(match[1]), int(match[2]), int(match[3] or 1)
    months: list[int] = []
    numbers: list[str] = []
    days: list[int] = []
    for digits, word in _TOKEN.findall(text):
        number = month(word, language) if word else None
        if digits:
            numbers.append(digits)
        elif number and not (is_weekday(word) and not months and not numbers and _other_month(text, word)):
            months.append(number)
        elif word and is_weekday(word):
            days += [found] if (found := weekday(word)) is not None else []
        elif word and not is_filler(word, after_number=bool(numbers)):
            return None
    if _TOKEN.sub("", text) or len(months) > 1:
        return None
    if months:
        return _with_month(months[0], numbers, thai="\u0e00" < max(text) < "\u0e80")
    return _numeric(numbers, _order(language, american=american), days, now)


def _other_month(text: str, word: str) -> bool:
    """Whether the text names a month besides a word that could be one: "mar. 3 mars 2020"."""
    words = [found for _, found in _TOKEN.findall(text) if found]
    return any(month(other) for other in words[words.index(word) + 1 :])


def _with_month(number: int, numbers: list[str], *, thai: bool) -> tuple[int, int, int] | None:
    if len(numbers) == 1 and len(numbers[0]) == 4:
        return _year(numbers[0]), number, 1  # as "2026-01" is
    if len(numbers) != 2:
        return None
    day, year = numbers if len(numbers[0]) <= 2 else reversed(numbers)
    if len(day) > 2 or len(year) not in (2, 4):
        return None
    return (_year(f"25{year}" if thai and len(year) == 2 else year), number, int(day))


def _order(language: str | None, *, american: bool) -> str:
    """Which readings of three figures are tried, in which order."""
    primary, _, region = (language or "").partition("-")
    if primary in _YEAR_FIRST:
        return "ymd dmy mdy"
    if month_comes_first(language or "") or (american and primary in ("", "en") and not region):
        return "mdy dmy ymd"
    return "dmy mdy ymd"


def _numeric(numbers: list[str], order: str, days: list[int], now: datetime | None) -> tuple[int, int, int] | None:
    """The first reading that the weekday, where one is said, agrees with; else the first."""
    if len(numbers) != 3 or len(numbers[1]) > 2:
        return None
    if len(numbers[0]) == 4 and len(numbers[2]) <= 2:
        return _year(numbers[0]), int(numbers[1]), int(numbers[2])
    found = [day for day in _readings(numbers, order, now) if day]
    on_the_day = [day for day in found if datetime(*day).weekday() in days]
    return next(iter(on_the_day or found), None)


def _readings(numbers: list[str], order: str, now: datetime | None) -> Iterator[tuple[int, int, int] | None]:
    """The days that three figures can name, in the order given; none that lies in the future."""
    for letters in order.split():
        said = dict(zip(letters, numbers, strict=True))
        if len(said["y"]) not in (2, 4) or len(said["m"]) > 2 or len(said["d"]) > 2:
            continue
        if letters[0] == "y" != order[0] and [*map(len, numbers)] != [2, 2, 2]:
            continue  # 25-12-31, but not 25/1/8
        day = (_year(said["y"]), int(said["m"]), int(said["d"]))
        try:
            moment = datetime(*day, tzinfo=UTC)
        except ValueError:
            continue
        if now is None or moment <= now + timedelta(days=1):
            yield day


def _year(digits: str) -> int:
    """RFC 2822 section 4.3; years of the Buddhist calendar, 543 ahead, can be nothing else."""
    year = int(digits)
    if 2500 <= year <= 2643:
        return year - 543
    return year if len(digits) == 4 else year + (2000 if year < 50 else 1900)


def _shift(sign: str, hours: str, minutes: str | None) -> timedelta:
    offset = timedelta(hours=int(hours), minutes=int(minutes or 0))
    if offset > timedelta(hours=18) or int(minutes or 0) > 59:
        raise ValueError("no such zone")
    return -offset if sign == "-" else offset


def _utc(moment: datetime, zone: tzinfo | None) -> datetime:
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone or UTC)).astimezone(UTC)
