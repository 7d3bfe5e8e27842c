"""The dateline that a news text opens with, and the agency that it is credited to.

Conservative: no agency is better than a wrong one, and a lead that only looks like a dateline stays in the text.
"""

import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

from feeds.model import Agency, Dateline
from feeds.normalise.dates import fold, is_month, is_weekday

_ORDINARY = frozenset({"Bloomberg", "Sputnik"})  # people and things are called so too
_LONG_ENOUGH = frozenset({"AFP", "EFE", "TASS"})  # short names that mean nothing else

_HEAD = 160  # characters that a dateline may take
_TAIL = 300

_SEPARATOR = re.compile(r"[—―\n]|[-–:](?=[\s\"“«])")
_CHINESE = re.compile(r"(新华社|中新社|中新网)(\w{2,8}?)(\d{1,2}月\d{1,2}日)电\s*(?:[（(][^（）()]{1,40}[)）])?\s*")
_WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*\.?")
_PARTICLES = frozenset(
    "a al am an and d da das de del der di do dos du el im in la las le les los of on or san "  # noqa: SIM905
    "sur the und y".split()
)
_NO_PLACES = frozenset(
    "advisory alert analysis audio book breaking column comment commentary correction editorial eilmeldung "  # noqa: SIM905
    "essay exclusive explainer fact feature flash gallery graphic interview letter live media news obituary "
    "opinion photo photos podcast poll preview profile recap refile report review roundup sport sports strike "
    "table text timeline update updated urgent video watch weather".split()
)
_SOURCE_LINE = re.compile(
    r"(?:Source|Sources|Credit|Quelle|Fuente|Fonte|Kaynak|Источник|来源)\s?[:：]\s*([^\n:]{2,80}?)[.\s]*", re.I
)
_INLINE_SOURCE = re.compile(r"[.!?\"”'’)]\s+((?:Source|Quelle|Fuente|Fonte)\s?:\s*([^\n:.]{2,60}))\.?$")
_CLOSING = re.compile(
    r"(?:\(([^()]{2,60})\)|\[([^\[\]]{2,60})\]|（([^（）]{2,60})）|\s[-–—―]{1,2}\s*([^\n.!?—]{2,40}))\.?$"
)
_OWN_LINE = re.compile(r"(?:©\s*)?(?:\d{4}\s+)?(?:By\s+)?([^\n]{2,60}?)(?:\s+\d{4})?\.?", re.I)
_SEVERAL = re.compile(r"\s*(?:[/,;&+]|\band\b|\bund\b|\bet\b|\by\b)\s*")


class Reading(NamedTuple):
    """A text without dateline and credit, and what these said."""

    text: str
    dateline: Dateline | None
    agency: Agency | None


def read(text: str) -> Reading:
    """Take dateline and credit off a plain text whose paragraphs are lines."""
    dateline, agency, text = _opening(text)
    credited, text = _credit(text)
    agency = agency or credited
    if agency:
        agency = Agency(name=agency.name, how=agency.how, quoted=_quoted(text, agency.name))
    return Reading(text, dateline, agency)


def agency_named(words: str | None) -> str | None:
    """The name of the agency that is called `words`, or of the first in "AFP/dpa"; None for anything else."""
    if not words or len(words) > 80:
        return None
    names = _agencies()
    words = words.strip(" .\n")
    for name in (words, *_SEVERAL.split(words)):
        if found := names.get(name) or (names.get(name.casefold()) if len(name) > 4 else None):
            return found
    return None


# ---------------------------------------------------------------- the opening


def _opening(text: str) -> tuple[Dateline | None, Agency | None, str]:
    """At most two prefixes: ANSA writes "(ANSA) - ROMA, 8 GEN - "."""
    if match := _CHINESE.match(text):
        credit = Agency(name=_agencies()[match[1]], how="dateline")
        return Dateline(place=match[2], date=match[3]), credit, text[match.end() :]
    dateline: Dateline | None = None
    agency: Agency | None = None
    for _ in range(2):
        match = _SEPARATOR.search(text, 0, _HEAD)
        found = _prefix(text[: match.start()], match[0]) if match else None
        if match is None or found is None:
            break
        dateline, agency = found[0], agency or found[1]
        text = text[match.end() :].lstrip()
        if dateline:
            break
    return dateline, agency, text


def _prefix(words: str, separator: str) -> tuple[Dateline | None, Agency | None] | None:
    """What stands before the first dash, colon or line end, when it is a dateline, a credit or both."""
    long = separator in "—―" or words.endswith("-")  # a long dash, or "--"
    words = words.rstrip(" .-")
    if not words or not (words[0].isupper() or words[0] == "(") or words.count(" ") > 16:
        return None
    words, _, credit = words.partition("(")
    name = agency_named(credit.removesuffix(")")) if credit.endswith(")") else None
    if (credit or separator == "\n") and not name:
        return None
    place, country, date = _place_and_date(words)
    agency = Agency(name=name, how="dateline") if name else None
    if not place:
        return (None, agency) if agency and not date and not country else None
    if not _is_place(place) or not (agency or _clear(place, country, date, dash=separator != ":", long=long)):
        return None
    return Dateline(place=place, country=country, date=date), agency


def _place_and_date(words: str) -> tuple[str, str | None, str | None]:
    """Place, country and date of "SAN JUAN, Puerto Rico, Jan. 8, 2026" or "Ankara [Turkiye], January 8"."""
    before, bracket, rest = words.partition("[")
    country, _, after = rest.partition("]") if bracket else ("", "", "")
    parts = [part.strip() for part in f"{before},{after}".split(",")]
    parts = [part for part in parts if part]
    first = len(parts)
    while first and _is_date(parts[first - 1], last=first == len(parts)):
        first -= 1
    if first == len(parts) - 1 and parts[first].isdigit():
        first += 1  # "Canada, 1946: A small house" has no date
    return ", ".join(parts[:first]), country.strip() or None, ", ".join(parts[first:]) or None


def _is_date(part: str, *, last: bool) -> bool:
    """Whether a part is like "Jan. 8", "8 January 2026", "08 GEN", "Thursday"; or "2026", as the last part."""
    words = [word.strip(".") for word in part.split()]
    if last and len(words) == 1 and len(words[0]) == 4 and words[0].isdigit():
        return True
    if len(words) > 4:
        return False
    months = sum(len(word) > 2 and is_month(word) for word in words)
    days = sum(len(word) > 3 and is_weekday(word) for word in words)
    figures = sum(word.isdigit() and len(word) in (1, 2, 4) for word in words)
    return len(words) == months + days + figures and (days == 1 or (months == 1 and figures >= 1))


def _is_place(place: str) -> bool:
    """One to eight words with capitals."""
    words = _WORD.findall(place)
    if not 1 <= len(words) <= 8 or len(place) > 60 or any(word.isdigit() for word in words):
        return False
    if _WORD.sub("", place).strip(" ,/'’-") or fold(words[0]) in _NO_PLACES:
        return False
    return all(not word[0].islower() or word.lower() in _PARTICLES for word in words) and not words[0][0].islower()


def _clear(place: str, country: str | None, date: str | None, *, dash: bool, long: bool) -> bool:
    """Whether a place without an agency is a dateline beyond doubt.

    In capitals before a long dash it is; before a short one it is a rubric as often ("VIDEO - ", "PRIMAVERA – ").
    """
    name = place.partition(",")[0]
    if date or country:
        return dash or (bool(date) and (bool(country) or name == place))
    loud = name.isupper() and sum(map(str.isalpha, name)) >= 4 and name.count(" ") < 3
    return dash and long and loud and " AND " not in name


# ---------------------------------------------------------------- the credit


def _credit(text: str) -> tuple[Agency | None, str]:
    """The credit that a text ends with, and the text without it."""
    body, _, last = text.rpartition("\n")
    if len(last) <= 90 and (match := _SOURCE_LINE.fullmatch(last)):
        name = agency_named(match[1])
        return (Agency(name=name, how="credit line") if name else None), body.rstrip()
    if body and len(last) <= 70 and (match := _OWN_LINE.fullmatch(last)) and (name := agency_named(match[1])):
        return Agency(name=name, how="credit line"), body.rstrip()
    tail = text[-_TAIL:]
    match = _INLINE_SOURCE.search(tail) if ":" in tail else None
    if match is None and (tail[-1:] in ")]）" or tail[-2:-1] in ")]）" or _dash_near_end(tail)):
        match = _CLOSING.search(tail)
    inline = match is not None and match.re is _INLINE_SOURCE
    name = agency_named(match[2 if inline else match.lastindex or 0]) if match else None
    if not match or not name:
        return None, text
    start = match.start(1) if inline else match.start()
    return Agency(name=name, how="credit line"), text[: len(text) - len(tail) + start].rstrip()


def _dash_near_end(tail: str) -> bool:
    return any(dash in tail[-46:] for dash in (" -", " –", " —", " ―"))


def _quoted(text: str, credited: str) -> tuple[str, ...]:
    """The agencies that a text names without being theirs."""
    found = dict.fromkeys(_agencies()[match[0]] for match in _mentions().finditer(text[:50_000]))
    return tuple(name for name in found if name != credited)


# ---------------------------------------------------------------- the table


@cache
def _agencies() -> dict[str, str]:
    """Every name and alias, and the long ones without case, with the agency's name."""
    table: dict[str, str] = {}
    for row in (Path(__file__).parent / "data" / "agencies.tsv").read_text("utf-8").splitlines():
        if row.startswith("#"):
            continue
        name, aliases, *_ = row.split("\t")
        for alias in (name, *filter(None, aliases.split(";"))):
            table.setdefault(alias, name)
            if len(alias) > 4:
                table.setdefault(alias.casefold(), name)
    return table


@cache
def _mentions() -> re.Pattern[str]:
    names = {name for name in _agencies() if not name.islower() and (len(name) > 4 or name in _LONG_ENOUGH)}
    longest_first = sorted(names - _ORDINARY, key=lambda name: (-len(name), name))
    return re.compile(r"\b(?:" + "|".join(map(re.escape, longest_first)) + r")\b")
