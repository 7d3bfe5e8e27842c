"""Dates of the Solar Hijri calendar, by which Iran and Afghanistan count: "۱۸ دی ۱۴۰۴", "1404/10/18"."""

import re
from datetime import date, timedelta

from feeds.normalise.calendar import fold, is_weekday

_MONTHS = (
    "فروردین farvardin حمل",
    "اردیبهشت ordibehesht ثور",
    "خرداد khordad جوزا",
    "تیر tir سرطان",
    "مرداد امرداد mordad اسد",
    "شهریور shahrivar سنبله",
    "مهر mehr میزان",
    "آبان aban عقرب",
    "آذر azar قوس",
    "دی dey جدی",
    "بهمن bahman دلو",
    "اسفند esfand حوت",
)
_NUMBERS = {fold(name): number for number, names in enumerate(_MONTHS, 1) for name in names.split()}
_FILLERS = frozenset(
    map(fold, "ساعت مورخ تاریخ انتشار ماه سال روز و در یک دو سه چهار پنج شنبه hijri shamsi".split())  # noqa: SIM905
)
_WORDS = re.compile(r"(\d+)|([^\W\d_]+)")
_FIRST = date(1921, 3, 21)  # the first day of 1300
_YEARS = range(1300, 1431)  # beyond, years of the lunar calendar are meant


def solar_day(text: str, *, figures: bool) -> tuple[int, int, int] | None:
    """Year, month and day of our calendar of a text that holds a Solar Hijri date and nothing else.

    `figures`: without the name of a month too.
    """
    months: list[int] = []
    numbers: list[str] = []
    for digits, word in _WORDS.findall(text.replace("ي", "ی").replace("ك", "ک")):
        if digits:
            numbers.append(digits)
        elif number := _NUMBERS.get(fold(word)):
            months.append(number)
        elif fold(word) not in _FILLERS and not is_weekday(word):
            return None
    if len(months) == 1 and len(numbers) == 2:
        numbers.insert(1, str(months[0]))
    elif months or not figures:
        return None
    return _day(numbers) if len(numbers) == 3 else None


def _day(numbers: list[str]) -> tuple[int, int, int] | None:
    said = [int(digits) for digits in (numbers if len(numbers[0]) == 4 else reversed(numbers)) if len(digits) <= 4]
    if len(said) != 3 or said[0] not in _YEARS or not (1 <= said[1] <= 12 and 1 <= said[2] <= 31):
        return None
    year, month, day = said
    if day > (31 if month <= 6 else 30) or (month == 12 and day > 29 + _is_leap(year)):
        return None
    days = _before(year) + 31 * (month - 1) - max(month - 7, 0) + day - 1
    found = _FIRST + timedelta(days=days)
    return found.year, found.month, found.day


def _before(year: int) -> int:
    """Days from the first of 1300 to the first of a year."""
    return 365 * (year - 1300) + sum(map(_is_leap, range(1300, year)))


def _is_leap(year: int) -> bool:
    """The cycle of 33 years, unbroken from 1210 to 1634.

    K. M. Borkowski, "The Persian calendar for 3000 years", Earth, Moon, and Planets 74 (1996).
    """
    return year % 33 in (1, 5, 9, 13, 17, 22, 26, 30)
