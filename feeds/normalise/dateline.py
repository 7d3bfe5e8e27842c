"""The dateline that a news text opens with, and the agency that it is credited to.

Conservative: no agency is better than a wrong one, and a lead that only looks like a dateline stays in the text.
"""

import re
from typing import NamedTuple

from msgspec.structs import replace

from feeds.model import Agency, Dateline
from feeds.normalise.agencies import agencies_in, country_of, may_name, mentioned, names_in, only_agencies
from feeds.normalise.alone import SITE, alone, goes_on, vouched
from feeds.normalise.capitals import capitalised
from feeds.normalise.credit import by_line, closing, credited, together
from feeds.normalise.eastern import Opening, eastern_opening
from feeds.normalise.places import country_named, is_city, is_region, stands_alone, without_region
from feeds.normalise.placing import PARTICLES, Placing, is_loud, is_place, is_small, placing, without_day

_HEAD = 160  # characters that a dateline may take
_MENTIONS = 50_000  # characters in which agencies are looked for

_SEPARATOR = re.compile(r"[—―\n៖፦]|[-–:∙|ـ\u0903](?:(?=[\s\"“«])|(?=[\u0e00-\u0e7f])(?<=\.-))")  # "वैशाखः ", "พ.ค.-"
_BRACKETED = re.compile(r"\(([^()\n]{2,40})\)|/\s?([^/\n()]{2,30}?)\s?/")
_FIRM = re.compile(r"\s*(?:[.,]?\s*[-–—―|ـ]{1,2}|[.,:：։।፦]|\n)[\s.\-–—―]*")  # what parts a credit from the text
_FIRMER = re.compile(r"\s*(?:[.,]?\s*[-–—―|ـ]{1,2}|[:：։।፦]|\n)[\s\-–—―]*")
_STOP = re.compile(r"\s?[-–—―]{1,2}\s|[.\s][-–—―](?=[^\W\d_])|[.:।]\s|\n")
_SOFT = re.compile(r"[\s.,:：;।\-–—―]*")
_JOINTS = (".", ",", "-", "–", "—", "―", "/", "|", "•", "·", "ـ")
_CORRESPONDENT = re.compile(r"(?:спец)?(?:корр?|кар|corr?|kor|мухб|muxb)\.\s+", re.I)  # "/Кар. БЕЛТА/"
_REPORTER = re.compile(r"[^\W\d_]{2,20} [^\W\d_]{2,25}\.\s+(?=\S)")  # "РИА Новости, Имя Фамилия. "
_LOUD_REPORTER = re.compile(r"[^\W\d_]{2,20}(?:[ /][^\W\d_]{2,20}){1,4} [-–] (?=\S)")  # "(AA) - AYŞE YILMAZ - "
_LED = re.compile(r"\s?[,/|–—-]?\s?(?=\w)")
_PLACE_GOES_ON = re.compile(rf"(?:{'|'.join(sorted(PARTICLES))})\s|[^\s]*[\n:—–(]|[^\s]{{2,12}} \|")
_BYLINE = re.compile(r"(?:By|BY|Von|Par|Por|Di|Door|Av|Af) [^\n]{3,80}\n")
_PERSIAN = ("به گزارش ", "به نقل از ")  # "as is reported by"
_SAID_BY = re.compile(r"به (?:گزارش|نقل از) ([^\n،:؛,]{2,60})[،:؛,]\s*")
_FROM = re.compile(r" از [^\n]{2,20}$")
_SMALL_AGENCIES = frozenset("afp apa ats awp dapd ddp dpa dts epd kna rtr sda sid".split())  # noqa: SIM905
_ON_THE_DAY = re.compile(r" (\d{1,2}/\d{1,2})(?:/\d{4})?$")  # "(TTXVN 4/5)"
_SQUARE = re.compile(r"\[([^\[\]\n]{2,30})\]\s*[-–—:]{0,2}\s*")
_FROM_THERE = ("Z ", "Ze ")
_BYLINES = frozenset({"By ", "BY ", "Von", "Par", "Por", "Di ", "Doo", "Av ", "Af "})


class Reading(NamedTuple):
    """A text without dateline and credit, and what these said."""

    text: str
    dateline: Dateline | None
    agency: Agency | None


def read(text: str, language: str | None = None) -> Reading:
    """Take dateline and credit off a plain text whose paragraphs are lines; `language` is the text's, where known."""
    dateline, named, body = _opening(text, language)
    dateline = _normal(dateline, language)
    signed, body = closing(body, language, dateline.place if dateline else None)
    if signed and not dateline and not named and (found := vouched(body[:_HEAD], _SEPARATOR, language)):
        dateline, body = _normal(found.dateline, language), body[found.end :]
    agency = together(credited(named, "dateline"), signed)
    if agency:
        ours = (agency.name, *agency.also)
        agency = replace(agency, quoted=tuple(name for name in mentioned(body[:_MENTIONS]) if name not in ours))
    return Reading(body, dateline, agency)


def _normal(line: Dateline | None, language: str | None) -> Dateline | None:
    """A dateline whose place is capitalised as places are, without its region."""
    if line is None or not line.place:
        return line
    return replace(line, place=capitalised(without_region(line.place, line.country), language))


# ---------------------------------------------------------------- the opening


def _opening(text: str, language: str | None) -> tuple[Dateline | None, tuple[str, ...], str]:
    """At most two prefixes: ANSA writes "(ANSA) - ROMA, 8 GEN - ". A by-line before them goes with them."""
    if text[:3] in _BYLINES and (match := _BYLINE.match(text)):
        dateline, agencies, rest = _prefixes(text[match.end() :], language)
        if not dateline and (signed := by_line(match[0].strip()[:_HEAD], language)):
            return None, signed, text[match.end() :]
        return (dateline, agencies, rest) if dateline else (None, (), text)
    return _prefixes(text, language)


def _prefixes(text: str, language: str | None) -> tuple[Dateline | None, tuple[str, ...], str]:
    if text.startswith(_PERSIAN) and (said := _SAID_BY.match(text)):
        names = _last_words(_FROM.sub("", said[1]))
        return None, names, text[said.end() :] if names else text
    eastern = text[:1] > "\u2e7f" or text[:1] in ("[", "(")
    if eastern and (found := eastern_opening(text[:_HEAD], language)):
        return found.dateline, found.agencies, text[found.end :]
    dateline: Dateline | None = None
    agencies: tuple[str, ...] = ()
    for _ in range(2):
        found = _prefix(text[:_HEAD], language)
        if found is None:
            break
        dateline, agencies, text = found.dateline, agencies or found.agencies, text[found.end :]
        if dateline:
            break
    return dateline, agencies, text


def _last_words(said: str) -> tuple[str, ...]:
    """The agency that Persian words end with, whoever of it reports: "the economic desk of Mehr"."""
    words = said.split()
    found = (agencies_in(" ".join(words[at:]), "fa", certain=True) for at in range(len(words)))
    return next(filter(None, found), ())


def _prefix(head: str, language: str | None) -> Opening | None:
    first, _, rest = head.partition(" ")
    if (
        not first
        or (first[0].islower() and is_small(first[0]) and first.rstrip(".") not in _SMALL_AGENCIES)
        or (rest[:1].islower() and first.isalpha() and not _PLACE_GOES_ON.match(rest))
    ):
        return None  # "The port reopened": nearly every text ends here
    if ("(" in head or "/" in head) and (found := _bracketed(head, language)):
        return found
    if first[0] == "[" and (square := _SQUARE.match(head)) and _begins(head[square.end() : square.end() + 1]):
        names = only_agencies(square[1], language)
        return Opening(None, names, square.end()) if names else None
    separator = _SEPARATOR.search(head)
    if (
        (
            separator
            or "/" in head[:40]
            or ".-" in head[:40]
            or " -" in head[:40]
            or ("-" in first and not first.isascii())
            or head[:30].count(".") > 1
            or any(map(str.isdigit, head[:24]))
            or first[0].islower()
            or first[-1] == "."
        )
        and may_name(head[:90])
        and (found := _joined(head[:90], language))
    ):
        return found
    return alone(head, separator, language)


def _bracketed(head: str, language: str | None) -> Opening | None:
    """A credit in brackets: "IZMIR, Jan. 8 (Xinhua) -- ", "МОСКВА, 8 января. /ТАСС/. ", "(Reuters) - "."""
    for match in _BRACKETED.finditer(head):
        before = head[: match.start()].strip(" ,-–—")
        where = without_day(placing(before)) if before else None
        if before and not (where and _fits(where)):
            continue
        if match[2] and where and not where.date and _is_glued(head, match.start(), where.place):
            continue  # "Jane Doe/AFP/File", but "بغداد/نينا/ "
        place = where.place.partition(",")[0] if where else None
        if place and agencies_in(place):
            return None  # "The Associated Press (AP) - a history"
        said = _CORRESPONDENT.sub("", (match[1] or match[2]).lstrip("©"))
        if said[-1:].isdigit() and where and not where.date and (day := _ON_THE_DAY.search(said)):
            said, where = said[: day.start()], where._replace(date=day[1])
        if place and said == _initials(place):
            return None  # "Aam Aadmi Party (AAP) - "
        if where:
            names = agencies_in(said, language, certain=True, place=place) or _of_a_correspondent(said, match)
        else:
            names = only_agencies(said, language)  # no "(Photo by Jane Doe / AFP) The port"
            if not names and not match.start() and match[1] and (found := _all_in_brackets(head, match, language)):
                return found
        if names and (end := _end(head, match.end(), where, language)):
            if place and place.startswith(_FROM_THERE) and language == "pl":
                return Opening(None, names, end)  # "Z Brukseli Jan Nowak (PAP)"
            signed = _LOUD_REPORTER.match(head, end)
            return Opening(_dateline(where), names, signed.end() if signed and signed[0].isupper() else end)
        if where and not place and match[1] and stands_alone(match[1]) and (after := _FIRMER.match(head, match.end())):
            return Opening(Dateline(place=match[1], date=where.date), (), after.end())  # "January 8 (Izmir) - "
        if where and place and not names and (end := _of_a_paper(head, match, where, language)):
            return Opening(_dateline(where), (), end)
    return None


def _is_glued(head: str, at: int, place: str) -> bool:
    """Whether no space parts a slash from what stands before it, and that is no town in a script without capitals."""
    return not head[at - 1].isspace() and (head[0].isupper() or not is_city(place))


def _of_a_correspondent(said: str, match: re.Match[str]) -> tuple[str, ...]:
    """The agency of "/Корр. ТАСС Иван Петров/"."""
    if not match[2] or len(said) == len(match[2]):
        return ()
    start, end = next(iter(names_in(said)), (0, 0))
    return agencies_in(said[:end]) if end and not start else ()


def _all_in_brackets(head: str, match: re.Match[str], language: str | None) -> Opening | None:
    """As "(Lima, AFP) Le port …", and in French, as the papers of Quebec have it, "(Montréal) Le port …"."""
    town, comma, said = match[1].partition(", ")
    if not stands_alone(town) or not (comma or (language or "").startswith("fr")):
        return None
    names = only_agencies(said, language) if comma else ()
    after = _SOFT.match(head, match.end())
    end = after.end() if after else match.end()
    told = bool(names) if comma else goes_on(head[end:])
    begins = _begins(head[end : end + 1]) or (comma and head[end : end + 1].isdigit())
    return Opening(Dateline(place=town), names, end) if told and begins else None


def _of_a_paper(head: str, match: re.Match[str], where: Placing, language: str | None) -> int | None:
    """Where the text begins after a credit to a paper: "ABUJA (Harbour Post) - ", "Colombo, May 3 (Island Mail) - "."""
    paper = match[1] or ""
    if paper in ("ots", "OTS"):  # what firms and police write themselves
        after = _FIRMER.match(head, match.end())
        return after.end() if after else None
    if paper and not head[0].isupper() and is_city(where.place):
        after = _SOFT.match(head, match.end())
        return after.end() if after and goes_on(head[after.end() :]) else None
    if SITE.fullmatch(paper) and is_city(where.place) and (after := _FIRMER.match(head, match.end())):
        return after.end()
    if paper[:1].isupper() and (language or "").startswith(("id", "ms")) and is_city(where.place):
        after = _FIRMER.match(head, match.end())
        return after.end() if after and goes_on(head[after.end() :]) else None
    beyond_doubt = where.date or (is_loud(where.place) and stands_alone(where.place))
    if not (beyond_doubt and paper[:1].isupper()) or is_region(paper) or country_named(paper):
        return None
    after = _FIRMER.match(head, match.end())
    return after.end() if after and _begins(head[after.end() : after.end() + 1]) else None


def _end(head: str, at: int, where: Placing | None, language: str | None) -> int | None:
    """Where the text begins after a credit in brackets; None where the sentence goes on, and it was no credit."""
    if where is None:
        if head[at - 1 : at + 2] == "/. ":  # "/ТАСС/. "
            return at + 2
        match = _FIRMER.match(head, at)
        if match or head[at : at + 1] != " ":
            return match.end() if match else None
        return at + 1 if goes_on(head[at:]) or is_city(head[at + 1 :].partition(",")[0]) else None
    firm = _FIRM.match(head, at)
    known = (
        where.date
        or is_loud(where.place)
        or not head[0].isupper()
        or stands_alone(where.place)
        or is_city(where.place)
        or (" " not in where.place and not (language or "en").startswith("en"))
    )
    if firm and firm[0].strip() in (":", "：") and not known:
        return None  # "Jane Doe (AP): "
    match = firm or _SOFT.match(head, at)
    end = match.end() if match else at
    if is_small(head[end : end + 1]) and not (firm and (where.date or is_loud(where.place))):
        return None  # but "IZMIR (AP) - eBay said"
    if firm or where.date:
        return end
    if head[0].isupper() or is_small(head[0]):
        return end if where.place.count(" ") < 3 and _begins(head[end : end + 1]) else None
    return end if is_city(where.place) else None


def _initials(place: str) -> str:
    return "".join(word[0] for word in place.replace("-", " ").split() if word[0].isupper())


def _begins(char: str) -> bool:
    return char.isupper() or char in "\"“«„'"


def _joined(head: str, language: str | None) -> Opening | None:
    """A credit between dashes: "RIYADH, January 8, SPA -- ", "МОСКВА, 8 янв — РИА Новости. ", "Tehran, IRNA - "."""
    for start, end in names_in(head):
        if found := _between(head, start, end, language) if start else _led(head, end, language):
            return found
    return None


def _between(head: str, start: int, end: int, language: str | None) -> Opening | None:
    before = head[:start].rstrip(" «“")
    end += head[end : end + 1] in ("»", "”") and head[start - 1] in "«“"
    joined = before[-1:] in _JOINTS or head[end : end + 2] == " |"
    where = _without_reporter(placing(before.strip(" ,-–—―/|•·")))
    joined = joined or (is_loud(where.place) and is_city(where.place) and head[end : end + 3] in (" - ", " – ", " — "))
    if not where.place or not is_place(where.place) or not (joined or where.date):
        return None
    parted = before[-1] == "/" or (before[-1] == "." and " " not in where.place)  # "Kiel/dpa. ", "Сочи. Интерфакс – "
    plain = bool(where.date) or parted or is_loud(where.place)
    cased = where.place[0].isupper()
    if not plain and cased and not where.country and not stands_alone(where.place):
        return None  # "Jane Doe, Reuters: "
    certain = bool(where.date or (where.country and is_loud(where.place))) and (joined or not cased)
    town = where.place.partition(",")[0]
    names = agencies_in(head[start:end], language, certain=certain, place=town)
    if not names and joined:  # "BAGHDAD / INA - "
        names = agencies_in(head[start:end], language, certain=True, place=town)
        dashed = head[end : end + 2] in (" -", " –", " —")  # "WELLINGTON, AAP — "
        loud = dashed and is_loud(town) and is_city(town) and not is_region(head[start:end])
        names = names if loud or all(is_city(town, frozenset({country_of(name)})) for name in names) else ()
    after = (_FIRM if plain else _FIRMER).match(head, end) or _soft(head, start, end, where, joined=joined)
    if not names or not after or (where.date and not certain):
        return None
    signed = _REPORTER.match(head, after.end()) if after[0].startswith(",") else None
    return Opening(_dateline(where), names, (signed or after).end())


def _soft(head: str, start: int, end: int, where: Placing, *, joined: bool) -> re.Match[str] | None:
    """Where the text begins behind an agency that nothing parts from it: "Bakı, 5 mart, AZƏRTAC Paytaxtda"."""
    said, after = head[start:end], head[end + 1 : end + 2]
    cased = said.upper() != said.lower()
    if head[end : end + 1] != " " or not (joined or not cased) or is_small(after):
        return None
    loud = len(said) > 4 and said.isupper() and joined and is_loud(where.place)  # "АСТАНА. КАЗИНФОРМ "
    if not where.date and ((cased and not loud) or not joined or not is_city(where.place) or not goes_on(head[end:])):
        return None  # but "دمشق-سانا أنهت"
    return _SOFT.match(head, end) if not cased or said.isupper() or is_loud(where.place) else None


def _of_a_site(head: str, end: int) -> Opening | None:
    """As "ایسنا/اصفهان ", "شفق نيوز/ ": an agency's own pages, in a script without capitals."""
    names, rest = only_agencies(head[:end]), head[end + 1 :]
    if not names or not mentioned(head[:end]):
        return None
    words = rest.split(" ", 3)
    for count in (2, 1) if rest[:1] != " " else ():
        town = " ".join(words[:count])
        if len(words) == 4 and is_city(town) and goes_on(" ".join(words[count:])):
            return Opening(Dateline(place=town), names, end + 1 + len(town) + 1)
    return Opening(None, names, end + 2) if rest[:1] == " " and goes_on(rest) else None


def _without_reporter(where: Placing) -> Placing:
    """A place without who reports, in a script without capitals: "إسطنبول/ أحمد علي/ الأناضول"."""
    town, slash, rest = where.place.partition("/")
    if not slash or town[:1].isupper() or not is_city(town.strip()) or is_city(rest.strip()):
        return where
    return where._replace(place=town.strip())


def _led(head: str, end: int, language: str | None) -> Opening | None:
    """An agency before the place: "ANTARA, Jakarta - ", "dpa BERLIN. ", "EFE | Madrid"."""
    if head[0].islower() and head[end : end + 2] == ". " and goes_on(head[end:]):
        names = only_agencies(head[:end], language)
        return Opening(None, names, end + 2) if names else None  # "sda. "
    if not head[0].isupper() and head[end : end + 1] == "/" and (found := _of_a_site(head, end)):
        return found
    joint = _LED.match(head, end)
    stop = _STOP.search(head, joint.end()) if joint else None
    if not joint or not stop:
        return None
    where = placing(head[joint.end() : stop.start()].strip(" -–—"))
    names = only_agencies(head[:end], language, certain=bool(where.date))
    if (
        not names
        or not where.place
        or not is_place(where.place)
        or not (stands_alone(where.place) or is_city(where.place))
    ):
        return None
    after = _FIRM.match(head, stop.start()) if goes_on(head[stop.end() :]) else None
    return Opening(_dateline(where), names, after.end()) if after else None


def _dateline(where: Placing | None) -> Dateline | None:
    return Dateline(place=where.place or None, country=where.country, date=where.date) if where else None


def _fits(where: Placing) -> bool:
    """Whether words before a credit are a place, a date or both, and nothing else."""
    return is_place(where.place) if where.place else bool(where.date)
