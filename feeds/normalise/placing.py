"""Where and when a text was written, out of the words that stand before its first dash."""

import re
from typing import NamedTuple

from feeds.normalise.agencies import agency_named
from feeds.normalise.dates import fold, is_month, is_weekday
from feeds.normalise.places import country_named, is_city, is_mexican, is_region

PARTICLES = frozenset(  # the small words of a name
    "a al am an and ar aan d da das de del den der di do dos du el es im in la las le les los of on or san "  # noqa: SIM905
    "sur the u und upon y ved i na nad".split()
)
_WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*\.?")
_TOKEN = re.compile(r"\S+")
_NUMERIC = re.compile(r"\d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d{2})|\d{4}[./-]\d{1,2}[./-]\d{1,2}|\d{1,2}/\d{4}")
_FIGURE = re.compile(r"\d{1,2}(?:st|nd|rd|th|º|er|-[^\W\d_]{1,3})?|(\d{4})")  # Mongolian "5-р"
_DATE_FIRST = re.compile(r"(\d{1,2}\.? [^\W\d_]{3,12}(?: \d{4})?(?: г\.?)?),? (?=[^\W\d_])")
_DAY = re.compile(r"(?:0?[1-9]|[12]\d|3[01])([/.-](?:0?[1-9]|1[0-2])\.?)?")
_REGION = re.compile(r"(.{2,40}?)\s?\(([^()]{2,40})\)")
_NO_PLACES = frozenset(
    "advisory alert analysis audio book breaking column comment commentary correction editorial eilmeldung "  # noqa: SIM905
    "essay exclusive explainer fact feature flash gallery graphic interview letter live media news obituary "
    "opinion photo photos podcast poll preview profile recap refile report review roundup sport sports strike "
    "table text timeline update updated urgent video watch weather".split()
)
# Beside those of the calendar: months of Hindi, Croatian, Hebrew ("in May"), Iran, the Levant, Nepal, Bengal, Mongolia,
# Ethiopia and the Hijra.
_MONTHS = frozenset(
    "जनवरी फरवरी फ़रवरी मार्च अप्रैल मई जून जुलाई अगस्त सितंबर सितम्बर अक्टूबर अक्तूबर नवंबर नवम्बर दिसंबर दिसम्बर "  # noqa: SIM905
    "siječnja veljače ožujka travnja svibnja lipnja srpnja kolovoza rujna listopada studenoga prosinca "
    "בינואר בפברואר במרץ במרס באפריל במאי ביוני ביולי באוגוסט בספטמבר באוקטובר בנובמבר בדצמבר "
    "فروردین اردیبهشت خرداد تیر مرداد شهریور مهر آبان آذر دی بهمن اسفند "
    "كانون الثاني الأول تشرين شباط آذار نيسان أيار حزيران تموز آب أيلول "
    "बैशाख वैशाख जेठ असार साउन श्रावण भदौ असोज आश्विन कात्तिक कार्तिक मंसिर मङ्सिर पुस पौष माघ फागुन फाल्गुन चैत चैत्र "
    "বৈশাখ জ্যৈষ্ঠ আষাঢ় শ্রাবণ ভাদ্র আশ্বিন কার্তিক অগ্রহায়ণ পৌষ মাঘ ফাল্গুন চৈত্র нэгдүгээр хоёрдугаар гуравдугаар "
    "дөрөвдүгээр тавдугаар зургадугаар долдугаар наймдугаар есдүгээр аравдугаар дугаар дүгээр "
    "መስከረም ጥቅምት ኅዳር ህዳር ታኅሣሥ ታህሳስ ጥር የካቲት መጋቢት ሚያዝያ ግንቦት ሰኔ ሐምሌ ነሐሴ ጳጉሜን "
    "محرم صفر ربيع الآخر الثاني جمادى الأولى الآخرة الثانية رجب شعبان رمضان شوال ذو ذي القعدة الحجة".split()
)
_OF_DATES = frozenset(
    "de of di d m gada في م هـ ه الموافق г г. года року р. оны сарын өдөр ቀን ngày दि ता তা তারিখ તા - – le el den".split()  # noqa: SIM905
)
_NEWSROOMS = frozenset("redaccion redaction redazione redacao redaktion newsroom".split())  # noqa: SIM905
_CLOCK = re.compile(r" \d{1,2}:\d\d$")
_GLUED = re.compile(r"(?<=\d)(?=[^\W\d_])")
_REPORTER = re.compile(r"[^\W\d_]+(?: [^\W\d_]+)* ([^\W\d_]{2,})/(.+)")  # "Ayşe YILMAZ/ANKARA"
_DAYS = frozenset("एक दो तीन चार पांच पाँच छह छः सात आठ नौ दस".split())  # noqa: SIM905  (Bhasha's first days)
_ON = re.compile(r" (?:في|(?:दि|ता|তা|તા)\.?) $")  # "on" before a date
_MOST = 12  # words of a date


class Placing(NamedTuple):
    """Place and country, and the date as printed; an empty place where there is only a date."""

    place: str
    country: str | None
    date: str | None


def placing(words: str) -> Placing:
    """Place, country and date of "SAN JUAN, Puerto Rico, Jan. 8, 2026" or "Ankara [Turkiye], January 8"."""
    if words[-3:-2] == ":" and (match := _CLOCK.search(words)):
        words = words[: match.start()]
    if "۔" in words:  # Urdu "اسلام آباد۔4مئی"
        words = _GLUED.sub(" ", words.replace("۔", ", "))
    before, bracket, rest = words.partition("[")
    inside, closed, after = rest.partition("]") if bracket else ("", "", "")
    rest, date = _dated(f"{before}{after}" if closed else words)
    place = rest.strip(" ,،፣၊-–—ـ•/\u200c\u200d")
    if fold(place.partition(" ")[0]) in _NEWSROOMS:
        return Placing("", None, date)  # "Redacción, 3 mar (EFE).-"
    if (match := _REPORTER.fullmatch(place)) and match[1].isupper() and match[2].isupper() and not place.isupper():
        place = match[2]
    if place.endswith(".") and not is_region(place.rpartition(" ")[2]):
        place = place.rstrip(".")
    if closed:
        return Placing(place, country_named(inside) or inside.strip() or None, date)
    town, comma, last = place.rpartition(",")
    if town and is_mexican(town, last):
        return Placing(town, "Mexico", date)
    if not comma and (match := _REGION.fullmatch(place)):
        town, last = match[1], match[2]
    country = country_named(last, town) if town else None
    return Placing(town.strip(), country, date) if country else Placing(place, None, date)


def _dated(words: str) -> tuple[str, str | None]:
    """The words before a date at the end, and the date as printed: "Jan. 8", "8 January 2026", "08 GEN", "Thursday"."""
    if (match := _DATE_FIRST.match(words)) and _dated(f"- {match[1]}")[1]:
        return words[match.end() :], match[1]  # "5 марта, Минск"
    if (
        not any(map(str.isdigit, words))
        and _DAYS.isdisjoint(words.split())
        and not is_weekday(words.rpartition(" ")[2].strip(".,"))
    ):
        return words, None
    tokens = list(_TOKEN.finditer(words))
    kinds = [_kind(token[0].strip(".,")) for token in tokens[-_MOST:]]
    first = len(kinds)
    while first and kinds[first - 1] and not _repeats(kinds[first - 1], kinds[first:], words):
        first -= 1
    while first < len(kinds) and kinds[first] == "of":
        first += 1
    run = kinds[first:]
    if (
        run[:1] == ["day"]
        and (len(run) > 1 or words[:1].isupper())
        and _ends_so(words, tokens[len(tokens) - len(kinds) + first])
    ):
        first, run = first + 1, run[1:]  # "SANTO DOMINGO, 4 may"
    whole = "numeric" in run or "day" in run or ("month" in run and "figure" in run) or _bare_figures(words, run)
    if not whole:
        return words, None
    if not run:
        return words, None
    start = tokens[len(tokens) - len(kinds) + first].start()
    date = words[start:].strip(" ,-–—")
    month = date.endswith(".") and len(date.rpartition(" ")[2]) <= 5 and date[-2:-1].isalpha()
    return _ON.sub("", words[:start]), date if month else date.rstrip(".")


def _ends_so(words: str, day: re.Match[str]) -> bool:
    """Whether what looks like a weekday is how a town ends: "Santo Domingo"."""
    return is_city(words[: day.end()].strip(" ,.-–—"))


def _kind(word: str) -> str | None:
    if word[:1].isdigit():
        word = word.removesuffix("م")
        if "-" in word and is_month(word.partition("-")[2]):
            return "numeric"  # Kyrgyz "3-март"
        if match := _FIGURE.fullmatch(word):
            return "year" if match[1] else "figure"
        return "numeric" if _NUMERIC.fullmatch(word) else None
    if word in _DAYS:
        return "figure"
    if word.lower() in _OF_DATES:
        return "of"
    if "." in word and not word.isascii():
        return "month" if is_month(word.replace(".", "")) else None  # Thai "มี.ค."
    if word in _MONTHS or is_month(word if len(word) > 2 or word > "\u0900" else ""):
        return "month"  # "মে" has two letters
    if len(word) > 2 and (word.islower() and is_month(word[:3])):
        return "month"  # declined, too
    return "day" if len(word) > 3 and is_weekday(word) else None


def _repeats(kind: str | None, run: list[str | None], words: str) -> bool:
    """Whether a date has that already: the second month of "RIO DE JANEIRO, Jan. 8"; the Levant's have two words."""
    return kind in ("month", "day") and kind in run and words[:1].isupper()


def _bare_figures(words: str, run: list[str | None]) -> bool:
    """KUNA writes day and month so: "الكويت - 8 - 1"; in Mongolian the month is a figure, too: "5-р сарын 12"."""
    figures = [kind for kind in run if kind not in ("of", "year")]
    return figures == ["figure", "figure"] and "of" in run and not words[:1].isascii()


def without_day(where: Placing) -> Placing:
    """A place without the mere day that an agency's name follows: "MADRID, 27 (SERVIMEDIA)", "Hà Nội, 3/3 (TTXVN)"."""
    town, _, day = where.place.rpartition(" ")
    if where.date or not (match := _DAY.fullmatch(day)):
        return where
    town = _ON.sub("", f"{town} ").rstrip(" ,")
    return where._replace(place=town, date=day if match[1] else None)


def is_small(char: str) -> bool:
    """Whether a letter is a small one of a script whose sentences begin with capitals; Georgian's do not."""
    return char.islower() and not "\u10d0" <= char <= "\u10ff"


def is_place(place: str) -> bool:
    """One to eight words with capitals, of a script that has them; else up to four."""
    if match := _REGION.fullmatch(place):
        place = f"{match[1]}, {match[2]}"
    words = _WORD.findall(place.removeprefix("'s-").removeprefix("’s-"))
    if not words or len(place) > 60 or any(map(str.isdigit, place)) or agency_named(place):
        return False
    first = words[0][0]
    if not first.isupper():  # the vowels of India are no letters
        return not is_small(first) and place.replace("/", " ").count(" ") < 4
    if len(words) > 8:
        return False
    if any(word[-1] == "." and len(word) > 4 for word in words[:-1]):
        return False  # two sentences
    if _WORD.sub("", place).strip(" ,/'’-·") or fold(words[0]) in _NO_PLACES:
        return False
    return all(not word[0].islower() or word.lower() in PARTICLES for word in words)


def is_loud(place: str) -> bool:
    """Whether a place stands in capitals, and is no abbreviation."""
    return place.isupper() and len(place) > 3
