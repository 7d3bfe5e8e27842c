"""The dateline that a news text opens with, and the agency that it is credited to.

Conservative: no agency is better than a wrong one, and a lead that only looks like a dateline stays in the text.
"""

import re
from functools import cache
from typing import NamedTuple

from feeds.model import Agency, Dateline
from feeds.normalise.agencies import agency_named, eastern_names, first_agency, may_name, mentioned, names_in
from feeds.normalise.credit import closing
from feeds.normalise.dates import fold, is_month, is_weekday
from feeds.normalise.places import country_named, is_region, stands_alone

_HEAD = 160  # characters that a dateline may take
_MENTIONS = 50_000  # characters in which agencies are looked for

_PARTICLES = frozenset(
    "a al am an and ar aan d da das de del den der di do dos du el im in la las le les los of on or san "  # noqa: SIM905
    "sur the u und upon y ved i na nad".split()
)
_SEPARATOR = re.compile(r"[—―\n]|[-–:](?=[\s\"“«])")
_BRACKETED = re.compile(r"\(([^()\n]{2,40})\)|/\s?([^/\n()]{2,30}?)\s?/")
_FIRM = re.compile(r"\s*(?:[.,]?\s*[-–—―]{1,2}|[.,:：]|\n)[\s.\-–—―]*")  # what parts a credit from the text
_FIRMER = re.compile(r"\s*(?:[.,]?\s*[-–—―]{1,2}|[:：]|\n)[\s\-–—―]*")
_SOFT = re.compile(r"[\s.,:：;।\-–—―]*")
_JOINS = re.compile(r"[.,\-–—―/]\s*$")
_WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*\.?")
_TOKEN = re.compile(r"\S+")
_NUMERIC = re.compile(r"\d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d{2})|\d{4}[./-]\d{1,2}[./-]\d{1,2}")
_FIGURE = re.compile(r"(?:\d{1,2}|\d{4})(?:st|nd|rd|th|º|er)?")
_PLACE_GOES_ON = re.compile(rf"(?:{'|'.join(sorted(_PARTICLES))})\s|[^\s]*[\n:—–(]")
_BYLINE = re.compile(r"(?:By|BY|Von|Par|Por|Di|Door|Av|Af) [^\n]{3,80}\n")
_BYLINES = frozenset({"By ", "BY ", "Von", "Par", "Por", "Di ", "Doo", "Av ", "Af "})
_REGION = re.compile(r"(.{2,40}?)\s?\(([^()]{2,40})\)")

_NO_PLACES = frozenset(
    "advisory alert analysis audio book breaking column comment commentary correction editorial eilmeldung "  # noqa: SIM905
    "essay exclusive explainer fact feature flash gallery graphic interview letter live media news obituary "
    "opinion photo photos podcast poll preview profile recap refile report review roundup sport sports strike "
    "table text timeline update updated urgent video watch weather".split()
)
# Beside those of the calendar: months as Hindi, Croatian and the Levant write them, in one word or two.
_MONTHS = frozenset(
    "जनवरी फरवरी फ़रवरी मार्च अप्रैल मई जून जुलाई अगस्त सितंबर सितम्बर अक्टूबर अक्तूबर नवंबर नवम्बर दिसंबर दिसम्बर "  # noqa: SIM905
    "siječnja veljače ožujka travnja svibnja lipnja srpnja kolovoza rujna listopada studenoga prosinca "
    "كانون الثاني الأول تشرين شباط آذار نيسان أيار حزيران تموز آب أيلول".split()
)
_OF_DATES = frozenset("de of di في م هـ г г. года року р. - – le el den".split())  # noqa: SIM905


class Reading(NamedTuple):
    """A text without dateline and credit, and what these said."""

    text: str
    dateline: Dateline | None
    agency: Agency | None


class _Opening(NamedTuple):
    dateline: Dateline | None
    agency: str | None
    end: int  # of what was recognised


class _Place(NamedTuple):
    place: str
    country: str | None
    date: str | None


def read(text: str, language: str | None = None) -> Reading:
    """Take dateline and credit off a plain text whose paragraphs are lines; `language` is the text's, where known."""
    dateline, named, body = _opening(text, language)
    credited, body = closing(body, language)
    agency = Agency(name=named, how="dateline") if named else credited
    if agency:
        others = tuple(name for name in mentioned(body[:_MENTIONS]) if name != agency.name)
        agency = Agency(name=agency.name, how=agency.how, quoted=others)
    return Reading(body, dateline, agency)


# ---------------------------------------------------------------- the opening


def _opening(text: str, language: str | None) -> tuple[Dateline | None, str | None, str]:
    """At most two prefixes: ANSA writes "(ANSA) - ROMA, 8 GEN - ". A by-line before them goes with them."""
    if text[:3] in _BYLINES and (match := _BYLINE.match(text)):
        dateline, agency, rest = _prefixes(text[match.end() :], language)
        return (dateline, agency, rest) if dateline else (None, None, text)
    return _prefixes(text, language)


def _prefixes(text: str, language: str | None) -> tuple[Dateline | None, str | None, str]:
    if text[:1] > "\u2e7f" or text[:1] in ("[", "("):
        if found := _eastern(text[:_HEAD], language):
            return found.dateline, found.agency, text[found.end :]
    dateline: Dateline | None = None
    agency: str | None = None
    for _ in range(2):
        found = _prefix(text[:_HEAD], language)
        if found is None:
            break
        dateline, agency, text = found.dateline, agency or found.agency, text[found.end :]
        if dateline:
            break
    return dateline, agency, text


def _prefix(head: str, language: str | None) -> _Opening | None:
    first, _, rest = head.partition(" ")
    if not first or first[0].islower() or (rest[:1].islower() and first.isalpha() and not _PLACE_GOES_ON.match(rest)):
        return None  # "The port reopened": nearly every text ends here
    if ("(" in head or "/" in head) and (found := _bracketed(head, language)):
        return found
    separator = _SEPARATOR.search(head)
    if (separator or "/" in head[:40] or head[:30].count(".") > 1) and may_name(head[:90]) and (found := _joined(head[:90], language)):
        return found
    return _bare(head, separator) if separator else None


def _bracketed(head: str, language: str | None) -> _Opening | None:
    """"IZMIR, Jan. 8 (Xinhua) -- ", "МОСКВА, 8 января. /ТАСС/. ", "(Reuters) - "."""
    for match in _BRACKETED.finditer(head):
        before = head[: match.start()].strip(" ,-–—")
        where = _place_and_date(before) if before else None
        if before and not (where and _fits(where)):
            continue
        place = where.place.partition(",")[0] if where else None
        if place and first_agency(place):
            return None  # "The Associated Press (AP) - a history"
        name = first_agency((match[1] or match[2]).lstrip("©"), language, certain=bool(where), place=place)
        if name and (end := _end(head, match.end(), where)):
            return _Opening(_dateline(where), name, end)
        if where and not place and match[1] and stands_alone(match[1]) and (after := _FIRMER.match(head, match.end())):
            return _Opening(Dateline(place=match[1], date=where.date), None, after.end())  # "January 8 (Izmir) - "
    return None


def _end(head: str, at: int, where: _Place | None) -> int | None:
    """Where the text begins after a credit in brackets; None where the sentence goes on, and it was no credit."""
    if where is None:
        return match.end() if (match := _FIRMER.match(head, at)) else None
    firm = _FIRM.match(head, at)
    if firm and firm[0].strip() in (":", "：") and not (where.date or _loud(where.place) or not head[0].isupper()):
        return None  # "Jane Doe (AP): "
    match = firm or _SOFT.match(head, at)
    end = match.end() if match else at
    if head[end : end + 1].islower():
        return None
    return end if firm or where.date or (where.place.count(" ") < 3 and _begins(head[end : end + 1])) else None


def _begins(char: str) -> bool:
    return char.isupper() or char in "\"“«„'"


def _joined(head: str, language: str | None) -> _Opening | None:
    """"RIYADH, January 8, 2026, SPA -- ", "МОСКВА, 8 янв — РИА Новости. ", "Tehran, IRNA - "."""
    for start, end in names_in(head):
        before = head[:start]
        where = _place_and_date(before.strip(" ,-–—―/")) if start else None
        if where is None or not _fits(where) or not where.place or not (_JOINS.search(before) or where.date):
            continue
        slash = before.rstrip().endswith("/") or (before.rstrip().endswith(".") and " " not in where.place)
        if not (where.date or slash or not where.place[0].isupper() or _loud(where.place) or stands_alone(where.place)):
            continue  # "Jane Doe, Reuters: "
        after = (_FIRM if where.date or slash or _loud(where.place) else _FIRMER).match(head, end)
        sure = bool(where.date or (where.country and _loud(where.place))) and bool(_JOINS.search(before) or not before[:1].isupper())
        name = agency_named(head[start:end], language, certain=sure, place=where.place.partition(",")[0])
        if name and after and (sure or not where.date):
            return _Opening(_dateline(where), name, after.end())
    return None


def _bare(head: str, separator: re.Match[str]) -> _Opening | None:
    """"ROTTERDAM — ", "Ankara [Turkiye], January 8: ": a place without an agency, beyond doubt."""
    words = head[: separator.start()]
    if separator[0] == "\n":
        name = agency_named(words.strip("() ")) if len(words) < 40 else None
        return _Opening(None, name, separator.end()) if name else None
    long = separator[0] in "—―" or words.endswith("-")  # a long dash, or "--"
    words = words.rstrip(" -")
    if words.count(" ") > 12 or not words[:1].isupper():
        return None
    where = _place_and_date(words)
    if not where.place or not _is_place(where.place) or not _clear(where, dash=separator[0] != ":", long=long):
        return None
    end = _SOFT.match(head, separator.end())
    return _Opening(_dateline(where), None, end.end() if end else separator.end())


def _dateline(where: _Place | None) -> Dateline | None:
    return Dateline(place=where.place or None, country=where.country, date=where.date) if where else None


def _fits(where: _Place) -> bool:
    """Whether words before a credit are a place, a date or both, and nothing else."""
    return _is_place(where.place) if where.place else bool(where.date)


# ---------------------------------------------------------------- place and date


def _place_and_date(words: str) -> _Place:
    """Place, country and date of "SAN JUAN, Puerto Rico, Jan. 8, 2026" or "Ankara [Turkiye], January 8"."""
    before, bracket, rest = words.partition("[")
    inside, closed, after = rest.partition("]") if bracket else ("", "", "")
    rest, date = _dated(f"{before}{after}" if closed else words)
    place = rest.strip(" ,-–—/")
    if place.endswith(".") and not is_region(place.rpartition(" ")[2]):
        place = place.rstrip(".")
    if closed:
        return _Place(place, country_named(inside) or inside.strip() or None, date)
    town, comma, last = place.rpartition(",")
    if not comma and (match := _REGION.fullmatch(place)):
        town, last = match[1], match[2]
    country = country_named(last, town) if town else None
    return _Place(town.strip(), country, date) if country else _Place(place, None, date)


def _dated(words: str) -> tuple[str, str | None]:
    """The words before a date at the end, and the date as printed: "Jan. 8", "8 January 2026", "08 GEN", "Thursday"."""
    if not any(map(str.isdigit, words)) and not is_weekday(words.rpartition(" ")[2].strip(".,")):
        return words, None
    tokens = list(_TOKEN.finditer(words))
    kinds = [_kind(token[0].strip(".,")) for token in tokens[-8:]]
    first = len(kinds)
    while first and kinds[first - 1] and not _repeats(kinds[first - 1], kinds[first:], words):
        first -= 1
    while first < len(kinds) and kinds[first] == "of":
        first += 1
    run = kinds[first:]
    whole = "numeric" in run or "day" in run or ("month" in run and "figure" in run) or _bare_figures(words, run)
    if not whole:
        return words, None
    start = tokens[len(tokens) - len(kinds) + first].start()
    date = words[start:].strip(" ,-–—")
    month = date.endswith(".") and len(date.rpartition(" ")[2]) <= 5 and date[-2:-1].isalpha()
    return words[:start].removesuffix(" في "), date if month else date.rstrip(".")


def _kind(word: str) -> str | None:
    if word[:1].isdigit():
        return "figure" if _FIGURE.fullmatch(word) else "numeric" if _NUMERIC.fullmatch(word) else None
    if word.lower() in _OF_DATES:
        return "of"
    if len(word) > 2 and (is_month(word) or word in _MONTHS or (word.islower() and is_month(word[:3]))):
        return "month"  # declined, too
    return "day" if len(word) > 3 and is_weekday(word) else None


def _repeats(kind: str | None, run: list[str | None], words: str) -> bool:
    """Whether a date has that already: the second month of "RIO DE JANEIRO, Jan. 8"; the Levant's have two words."""
    return kind in ("month", "day") and kind in run and words[:1].isupper()


def _bare_figures(words: str, run: list[str | None]) -> bool:
    """KUNA writes day and month so: "الكويت - 8 - 1"."""
    return run == ["figure", "of", "figure"] and not words[:1].isascii()


def _is_place(place: str) -> bool:
    """One to eight words with capitals, of a script that has them; else up to four."""
    if match := _REGION.fullmatch(place):
        place = f"{match[1]}, {match[2]}"
    words = _WORD.findall(place)
    if not 1 <= len(words) <= 8 or len(place) > 60 or any(map(str.isdigit, place)) or agency_named(place):
        return False
    first = words[0][0]
    if not first.isupper():
        return not first.islower() and len(words) <= 4
    if _WORD.sub("", place).strip(" ,/'’-·") or fold(words[0]) in _NO_PLACES:
        return False
    return all(not word[0].islower() or word.lower() in _PARTICLES for word in words)


def _loud(place: str) -> bool:
    return place.isupper() and len(place) > 3


def _clear(where: _Place, *, dash: bool, long: bool) -> bool:
    """Whether a place without an agency is a dateline beyond doubt.

    Without a date or a country, only a town with its state, or a well-known one in capitals before a long dash or a
    colon: the rest is rubrics as often ("VIDEO - ", "PRIMAVERA – ", "HOROSCOPE — ").
    """
    place, country, date = where
    name, comma, region = place.partition(", ")
    if date:
        return dash or bool(country) or not comma
    if country:
        return dash and (long or name.isupper())
    if comma:
        return dash and long and is_region(region)
    return name.isupper() and (long or not dash) and stands_alone(name)


# ---------------------------------------------------------------- Chinese, Japanese, Korean


def _eastern(head: str, language: str | None) -> _Opening | None:
    """"新华社北京1月8日电", "【ソウル聯合ニュース】", "[東京 8日 ロイター] - ", "(서울=연합뉴스) 홍길동 기자 = "."""
    if match := _korean().match(head):
        name = agency_named(match[2], language, certain=True)
        return _Opening(Dateline(place=match[1].strip()), name, match.end()) if name else None
    if match := _chinese().match(head):
        name = agency_named(match[1], "zh", certain=True)  # None: a paper's own
        place = match[3] or None
        if match[2] and place:  # a reporter's name, of three characters mostly
            place = place[3:] if len(place) > 4 else place[2:]
        return _Opening(Dateline(place=place, date=match[4]), name, match.end())
    match = _japanese().match(head)
    return _in_brackets(match) if match else None


def _in_brackets(match: re.Match[str]) -> _Opening | None:
    words = match[1].replace("\u3000", " ").strip()
    alias = next((a for a in (*eastern_names(), "AFP", "AP", "Reuters") if words.endswith(a)), None)
    name = agency_named(alias, "ja", certain=True) if alias else None
    rest = words[: -len(alias)].strip(" =＝・") if alias else ""
    if name and not rest and len(words) > 2 and words in eastern_names():
        return _Opening(None, name, match.end())
    if name is None or not rest:
        return None
    date = re.search(r"(?:\d{1,2}月)?\d{1,2}日", rest)
    place = (rest[: date.start()] if date else rest).strip(" 、")
    return _Opening(Dateline(place=place or None, date=date[0] if date else None), name, match.end())


@cache
def _chinese() -> re.Pattern[str]:
    names = "|".join(map(re.escape, eastern_names()))
    return re.compile(
        rf"[（(【]?[据據]?({names}|[^\W\d_]{{1,4}}?[网網报報社])(记者|記者)?([^\W\d_]{{2,12}}?)?((?:\d{{1,2}}月)?\d{{1,2}}日)[专專]?(?:综合|綜合)?外?[电電讯訊]"
        r"[)）】]?\s*(?:[（(][^（）()\n]{1,40}[)）])?[\s:：]*"
    )


@cache
def _japanese() -> re.Pattern[str]:
    return re.compile(r"[【［\[（(]([^】］\]）)\n]{2,24})[】］\]）)][\s\-–—]*")


@cache
def _korean() -> re.Pattern[str]:
    return re.compile(
        r"[(\[【（]([^=()\[\]【】\n]{1,24})=\s?((?=[^=\n]{0,15}[가-힣])[^=()\[\]【】\n]{2,16})[)\]】）]\s*"
        r"(?:[^\n=.]{2,40}(?:기자|특파원|통신원)\s*=\s*)?"
    )
