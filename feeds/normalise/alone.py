"""A place that a text opens with and no agency beside it: only what can hardly be anything else.

Rubrics, teams and titles look just so ("VIDEO - ", "LIVERPOOL – ", "Berlin: City of Stones"). Without a date or a
country the place must be a known town, and what follows a sentence.
"""

import re
from itertools import takewhile

from feeds.model import Dateline
from feeds.normalise.agencies import eastern_in, homes, in_own_words, may_name, mentioned, only_agencies
from feeds.normalise.credit import thanked
from feeds.normalise.eastern import Opening
from feeds.normalise.places import country_named, is_city, is_region, stands_alone, without_region
from feeds.normalise.placing import Placing, is_loud, is_place, is_small, placing

_SENTENCE = 30  # characters that must follow
_AFTER = re.compile(r"[\s.,:：;।∙|៖ـ\-–—―]*")
_STOPPED = re.compile(r"((?:St\. )?(?:[^.।\n]|\.(?=\s\d)){2,40}[^.।\s]) ?[.।]\s+(?=[^\s\d])")  # "Lima, mar. 3. "
_NAME = re.compile(r"\w+")
_SCORE = re.compile(r"\d\s?[-–:]\s?\d")
SITE = re.compile(r"[\w-]{2,20}(?:\.[a-z]{2,4}){1,2}", re.I | re.A)  # "KOMPAS.com"
# Where papers set the place in small letters before a colon.
_COLON = frozenset("IN PK BD NP LK AE SA KW QA BH OM".split())  # noqa: SIM905
_STOP_AFTER_AGENCY = ("ru", "uk", "be", "kk", "ky")
_NORTHERN = ("sv", "nb", "nn", "no", "da", "fi")
_STOP_AFTER_TOWN = ("de", "sw")  # "Hamburg. Der", "Dodoma. Serikali"
_STOP_AT_HOME = frozenset("pl es it uk hr sr bs sl bg mk".split())  # noqa: SIM905  (only towns of their own countries)
_DASH_AT_HOME = frozenset("de cs sk hu hr sr sl pl ro is id ms nl pt es sw tr vi".split())  # noqa: SIM905  ("Stuttgart - Der Rat …")
_OF_SWAHILI = frozenset({"TZ", "KE", "UG"})  # its agency writes in English first
_OF_EUROPE = frozenset({"FR", "BE", "CH", "CA", "HT"})
_DASH = re.compile(r"\s[-–]\s")  # no "Münster-\"Tatort\""
_TITLE = re.compile(  # "Hamburg - Land und Leute ", "Köln – Das ist keine Stadt, sondern ein Gefühl"
    r"[^\W\d_]+ (?:&|und|a|és|i|in|og|dan|e|y|na) "
    r"|(?:Das (?:ist|war|sind|bleibt)|Dies|Hier|Wo|Was|Wie|So|Wer|Warum|Mehr|Non|No es|Nie|Não|Nije|Ni"
    r"|Esto|Eso|Aquí|Así|Isto|Aqui|Assim|To je|Tady|Ovo|Ini|Itu)\b"
)
# "القاهرة: مدينة لا تنام", "दिल्ली: एक शहर, कई कहानियां": no sentence of news begins so.
_ESSAY = re.compile(
    r"(?:مدينة|حكاي(?:ة|ات)|قص(?:ة|ص)|رحلة|كيف|لماذا|ماذا|هل|عاصمة|شهری?|چرا|چگونه|روایت|ایک شہر|एक शहर|कैसे|क्यों|जहा[ंँ]"
    r"|এক শহর|עיר|\S+ (?:का|की|चे) शहर|\S+র শহর|\S+ کا شہر)(?![^\W\d_])|เมือง|ទីក្រុង|မြို့"
)
_FROM = re.compile(r"D[ao] |Por |Par |Von |Door |A[fv] ")
_NO_SPACES = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
_PAPER = re.compile(r"\s?[«\"“][^«»\"”\n]{2,25}[»\"”]\s?:\s*")  # "لندن ـ «القدس العربي»: "
_INDONESIAN = ("id", "ms")


def alone(head: str, separator: re.Match[str] | None, language: str | None) -> Opening | None:
    """What opens as "ROTTERDAM — ", "Ankara [Turkiye], January 8: ", "Hamburg. ", "लखनऊ। "."""
    if (language or "").startswith(_INDONESIAN) and (found := _of_a_site(head)):
        return found
    stopped = _STOPPED.match(head) if ". " in head[:44] or "।" in head[:44] else None
    if stopped and (found := _before_a_stop(head, stopped, language)):
        return found
    if separator is None:
        return None
    words = head[: separator.start()]
    if separator[0] == "\n":
        return _line_of_its_own(head, words, separator.end(), language)
    if words.count(" ") > 12:
        return None
    if not words[:1].isupper():
        return _agency_alone(head, separator, language) or _without_capitals(head, separator)
    return _agency_alone(head, separator, language) or _before_a_mark(head, separator, language)


def vouched(head: str, separator: re.Pattern[str], language: str | None) -> Opening | None:
    """The town and the dash that a text opens with which ends in an agency's credit: "Fès – Un colloque"."""
    mark = separator.search(head)
    if mark is None or mark[0] in ":\n" or not head[:1].isupper() or not head[: mark.start()].endswith(" "):
        return None
    where, rest = placing(head[: mark.start()].strip()), head[mark.end() :].lstrip()
    plain = rest[:1].isupper() and _is_long(rest) and not _TITLE.match(rest) and goes_on(rest)
    return _opening(where, head, mark.end()) if plain and is_place(where.place) and is_city(where.place) else None


def _of_a_site(head: str) -> Opening | None:
    """As "Liputan6.com, Jakarta Badan air …": nothing parts the town from the text."""
    site, comma, rest = head.partition(", ")
    if not comma or not SITE.fullmatch(site):
        return None
    words = rest.split(" ", 3)
    for count in (2, 1):
        town, after = " ".join(words[:count]), " ".join(words[count:])
        if len(words) == 4 and is_city(town) and after[:1].isupper() and goes_on(after):
            return _opening(Placing(town, None, None), head, len(site) + 2 + len(town))
    return None


def _line_of_its_own(head: str, words: str, end: int, language: str | None) -> Opening | None:
    """An agency, or a town in capitals as Anadolu's English texts begin."""
    names = only_agencies(words.strip("() ")) if len(words) < 40 else ()
    if not names and 4 < len(words) < 40 and may_name(words):
        names = eastern_in(words) if words[0] > "\u2e7f" else _thanked_first(words, language)
    if names:
        return Opening(None, names, end)
    town = is_loud(words) and is_city(words) and goes_on(head[end:])
    return _opening(Placing(words, None, None), head, end) if town else None


def _thanked_first(words: str, language: str | None) -> tuple[str, ...]:
    """The agencies of a first line such as "Com Lusa", "Da Agência Brasil"."""
    if _FROM.match(words):
        return only_agencies(words.partition(" ")[2], language)
    agency = thanked(words, language, certain=False)
    return (agency.name, *agency.also) if agency else ()


def _opening(where: Placing, head: str, end: int) -> Opening:
    after = _AFTER.match(head, end)
    line = Dateline(place=where.place, country=where.country, date=where.date)
    return Opening(line, (), after.end() if after else end)


def _before_a_mark(head: str, separator: re.Match[str], language: str | None) -> Opening | None:
    words = head[: separator.start()]
    long = separator[0] in "—―" or words.endswith("-")  # a long dash, or "--"
    words = words.rstrip(" -")
    if separator[0] == "|" and words.rpartition(" ")[2].islower():
        words = words.rpartition(" ")[0]  # "BERLIN taz | "
    spanish = words.endswith(".") and separator[0] in "-–"  # "Ciudad de México.- "
    where = placing(words)
    if separator[0] != ":":
        where = _without_paper(where, language)
    if not where.place or not is_place(where.place):
        return None
    dash = separator[0] != ":"
    if where.date and not (words[len(where.place) :].lstrip()[:1] in (",", "[") or is_loud(where.place)):
        return _opening(where, head, separator.end()) if is_city(where.place) else None  # no "Music Monday: "
    known = (
        (spanish and (stands_alone(where.place) or bool(where.country)))
        or (spanish and is_city(where.place) and goes_on(head[separator.end() :]))
        or _is_clear(where, dash=dash, long=long, small=is_small(head[separator.end() :].lstrip()[:1]))
        or (_is_known(where, dash=dash) and goes_on(head[separator.end() :]))
        or (
            _DASH.match(head, separator.start() - 1)
            and _is_of_a_paper(where.place, head[separator.end() + 1 :], language)
        )
    )
    return _opening(where, head, separator.end()) if known else None


def _is_of_a_paper(place: str, rest: str, language: str | None) -> bool:
    """Whether newspapers open so, in small letters: "Stuttgart - Der Gemeinderat hat mit knapper Mehrheit …"."""
    first = rest.partition(" ")[0]
    if first.endswith(",") or not (_at_home(place, language, _DASH_AT_HOME) or _is_of_the_maghreb(place, language)):
        return False  # "Sevilla - Betis, el partido"
    return goes_on(rest) and _is_long(rest) and not _TITLE.match(rest)


def _is_of_the_maghreb(place: str, language: str | None) -> bool:
    """Whether a text in French begins with a town of those countries of Africa whose agencies write so: "Rabat – "."""
    return (language or "").startswith("fr") and is_city(place, homes("fr") - _OF_EUROPE)


def _without_paper(where: Placing, language: str | None) -> Placing:
    """Indonesian sites name themselves: "SURABAYA, KOMPAS.com - ", "TEMPO.CO, Jakarta - ", "Jakarta, Kabar Nusa - "."""
    first, comma, second = where.place.partition(", ")
    if not comma or where.country:
        return where
    if SITE.fullmatch(first) and is_city(second):
        return where._replace(place=second.upper())  # as good as in capitals
    paper = SITE.fullmatch(second) or (language or "").startswith(_INDONESIAN)
    return where._replace(place=first.upper()) if paper and is_city(first) and second.count(" ") < 3 else where


def _is_clear(where: Placing, *, dash: bool, long: bool, small: bool) -> bool:
    """Whether a place is a dateline beyond doubt, whatever follows it but a `small` letter."""
    place, country, date = where
    name, comma, region = place.partition(", ")
    if date:
        return dash or bool(country) or not comma
    if country:
        return dash and (long or name.isupper())
    if comma:
        return dash and long and is_region(region) and (name.isupper() or not small)
    return name.isupper() and (long or not dash) and stands_alone(name)


def _is_known(where: Placing, *, dash: bool) -> bool:
    """A town in capitals; in small letters before a colon only where papers write so."""
    town, comma, region = where.place.partition(", ")
    if comma and dash and is_loud(town):
        return is_region(region) or without_region(where.place, None) == town  # "WASHINGTON, D.C. - "
    if is_loud(where.place):
        return is_city(where.place)
    return not dash and is_city(where.place, _COLON)


def goes_on(text: str) -> bool:
    """Whether a text goes on as a sentence does: no title, no second team, no score."""
    text = text.lstrip(" .,:;-–—\"“«„'‘¿¡")
    if len(text) < _SENTENCE or is_small(text[0]) or _SCORE.search(text[:_SENTENCE]):
        return False
    first, *words = text.split(None, 6)[:6]
    first = first.strip(".,:;")
    if (first.isupper() and len(first) > 6) or is_city(first):
        return False
    return any(map(str.islower, words)) or not (text[0].isupper() or text[0].isdigit())


def _before_a_stop(head: str, stopped: re.Match[str], language: str | None) -> Opening | None:
    """As "Hamburg. Der Hafen ist …", "MILANO. Il porto …", "BAKU, Azerbaijan, January 12. The …"."""
    where = _of_two(placing(stopped[1]))
    rest = head[stopped.end() :]
    if (language or "").startswith(_STOP_AFTER_AGENCY) and (found := _agency_before_a_stop(stopped, rest, language)):
        return found
    if not is_place(where.place) or not _is_long(rest) or not goes_on(rest):
        return None
    loud = is_loud(where.place) or not where.place[0].isupper()
    if where.date or where.country:
        known = bool(where.date) and (is_city(where.place) or (loud and bool(where.country)))
    else:
        plain = (language or "").startswith(_STOP_AFTER_TOWN) or _at_home(where.place, language, _STOP_AT_HOME)
        known = (is_city(where.place) or (loud and _is_northern(where.place, language))) and (
            loud or (plain and not _TITLE.match(rest))
        )
    return _opening(where, head, stopped.end()) if known else None


def _agency_before_a_stop(stopped: re.Match[str], rest: str, language: str | None) -> Opening | None:
    """As "ТАСС. ", "РИА Новости. ", "ТАСС, 4 мая. "."""
    said, _, date = stopped[1].partition(", ")
    names = only_agencies(said, language) if may_name(said) and mentioned(said) else ()
    when = placing(stopped[1]).date if date else None
    if not names or (date and not when) or not _is_long(rest) or not goes_on(rest):
        return None
    return Opening(Dateline(date=when) if when else None, names, stopped.end())


def _is_northern(place: str, language: str | None) -> bool:
    """Whether it is "GÖTEBORG. ", which is a club elsewhere."""
    return (language or "").startswith(_NORTHERN) and stands_alone(place)


def _at_home(place: str, language: str | None, languages: frozenset[str]) -> bool:
    """Whether a place is a town where one of these languages is written, and the text is in that."""
    tongue = (language or "").partition("-")[0].lower()
    return tongue in languages and is_city(place, homes(tongue) or _OF_SWAHILI)


def _is_long(rest: str) -> bool:
    """Whether the next sentence has five words or more: no "Berlin. Eine Stadt. Ein Leben"."""
    return len(list(takewhile(lambda word: word[-1] not in ".!?।۔؟", rest.split(None, 6)[:5]))) == 5


def _without_capitals(head: str, separator: re.Match[str]) -> Opening | None:
    """A town in a script without capitals, with a date or not: "പാലാ: ", "กรุงเทพฯ 5 มี.ค. - "."""
    where = _of_two(placing(head[: separator.start()].strip()))
    if not where.place or is_small(where.place[0]) or where.country:
        return None
    if separator[0] == ":" and country_named(where.place):
        return None  # Tunis and Tunisia are one word
    paper = _PAPER.match(head, separator.end())
    end = paper.end() if paper else separator.end()
    if not is_city(where.place) or not goes_on(head[end:]):
        return None
    rest = head[end:].lstrip(" .:-–—")
    told = where.date or paper or not (_ESSAY.match(rest) or not (_NO_SPACES.match(rest) or _is_long(rest)))
    return _opening(where, head, end) if told else None


def _of_two(where: Placing) -> Placing:
    """Without who wrote it, in a script without capitals: "लखनऊ, संवाददाता", "নিজস্ব প্রতিবেদক, ঢাকা"."""
    first, comma, second = where.place.partition(", ")
    if not comma or where.country or first[:1].isupper() or is_city(second) == is_city(first):
        return where
    return where._replace(place=second if is_city(second) else first)


def _agency_alone(head: str, separator: re.Match[str], language: str | None) -> Opening | None:
    """An agency, a dash and a sentence: "EFE.- El puerto", "Reuters - The port", "AGI - Il porto" in Italian."""
    said = head[: separator.start()].rstrip(" .-")
    spanish = head[: separator.start()].endswith(".") and separator[0] == "-"  # "AP.- "
    own = in_own_words(said, language)
    if len(said) > 40 or separator[0] == ":" or not (spanish or own or mentioned(said)):
        return None
    names = own or only_agencies(said)
    rest = head[separator.end() :]
    if not names or (own and said in _NAME.findall(rest)) or not goes_on(rest) or mentioned(rest[:40]):
        return None
    after = _AFTER.match(head, separator.end())
    return Opening(None, names, after.end() if after else separator.end())
