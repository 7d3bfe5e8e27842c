"""The credit that a news text ends with: source lines, contributors, sign-offs, an agency's name alone."""

import re
from collections.abc import Sequence
from html import unescape

from msgspec.structs import replace

from feeds.model import Agency, Text
from feeds.normalise.agencies import (
    agencies_in,
    agency_named,
    at_home,
    country_of,
    eastern_in,
    homes,
    may_name,
    mentioned,
    names_in,
    only_agencies,
)
from feeds.normalise.wordings import (
    AGENCIES,
    ALSO_CONTRIBUTED,
    AUTHORS,
    AUTOMATIC,
    BARE,
    BESIDE,
    BHASHA,
    CLOSERS,
    CLOSING,
    CONTRIBUTED,
    COPYRIGHT,
    DASHES,
    DATED,
    DESK,
    DPA,
    EASTERN_DESK,
    EASTERN_WITH,
    EDITORS,
    ENDS,
    FIRST_BY,
    GENERIC,
    HOME_DESK,
    INITIALLED,
    INITIALS,
    KOREAN,
    MARK,
    OF_PICTURE,
    OWN_LINE,
    PAPER_WITH,
    PLAIN_WITH,
    REPORT_BY,
    SAID_OF,
    SIGNED,
    SLASHED,
    SLASHES,
    SMALL,
    TAILED,
    TAKEN_OVER,
    THAI,
    WITH,
    WITH_THEM,
    labelled,
)

CONTRIBUTORS = "contributors"
_LINES = 6  # credit lines that a text may end with
_LONGEST = 300  # characters of one that stands in brackets
_LINE = 120  # of any other
_LONG = ("(", "*", "[", "<", "©", "Copyright", "COPYRIGHT", "copyright")
_TAIL = 120
_SENTENCE = 25  # characters below which a last line is no sentence with a credit behind it

_OURS = '<p class="copydesk-credit">'
_STORY = '<div class="copydesk-story">'
_MARKED = 50_000  # characters that it may take, with all its links
_FIRST_LINK = re.compile(r"<a [^<>]{1,2000}>([^<>]{1,200})</a>")


def unmarked(said: Text | None) -> tuple[Text | None, Agency | None]:
    """A text without the marked line that ends every entry of ours (`publish`), and the agency which that names.

    Without the marked list of what else it shows of its story, too, which stands before that line.
    """
    if said is None or not said.value[-40:].rstrip().endswith("</p>"):
        return said, None
    at = said.value.rfind("<p", max(0, len(said.value) - _MARKED))
    if not said.value.startswith(_OURS, max(at, 0)):
        return said, None
    words, closed, after = said.value[at + len(_OURS) :].partition("</p>")
    if not closed or after.strip():
        return said, None
    agency, dot, _ = words.partition(" · ")
    link = _FIRST_LINK.match(words)
    name = agency if dot else link[1] if link else words.partition(". ")[0].rstrip(".")
    body = _without_story(said.value[:at])
    return replace(said, value=body), _credit_line(_printed(unescape(name)))


def _without_story(body: str) -> str:
    at = body.rfind(_STORY) if body.endswith("</div>") else -1
    return body[:at] if at >= 0 and body.find("</div>", at) == len(body) - len("</div>") else body


def _printed(names: str) -> tuple[str, ...]:
    """The agencies of a line that we printed; () where it names anybody else."""
    found = [agency_named(name, certain=True) for name in names.split(", ")]
    return tuple(filter(None, found)) if all(found) else ()


def in_field(words: str, language: str | None = None) -> tuple[str, ...]:
    """The agencies of a field that is for credit, with its label or without: "dpa", "Quelle: dpa", "Avec AFP"."""
    if words.lstrip().startswith(OF_PICTURE):
        return ()
    if names := only_agencies(words, language) or at_home(words, language, lonely=True):
        return () if _in_doubt(words) else names
    agency = _line(words, language, in_text=False)[1] if len(words) <= _LINE else None
    return (agency.name, *agency.also) if agency else ()


def _in_doubt(words: str) -> bool:
    """Whether "Ansa/Reuters" may be who took a picture and who passes it on: one name means other things too."""
    parts = [part.strip(" ()") for part in words.split("/")]
    return len(parts) > 1 and any(agency_named(part, certain=True) and not agency_named(part) for part in parts)


def by_line(words: str, language: str | None = None) -> tuple[str, ...]:
    """The agencies among those who sign: "Jane Doe, Reuters", "Quelle: dpa"."""
    last = words.rpartition("/")[2].strip()
    names = agencies_in(words, language) or at_home(last, language, lonely=last == words)
    return names or (_among_people(words, language) if len(words) <= _LINE and may_name(words) else ())


def _among_people(words: str, language: str | None) -> tuple[str, ...]:
    """The agency of "Jane Doe Associated Press", "The desk with files from AFP", "新华社 李明", "Jane Doe, PA"."""
    if MARK.search(words) and (names := in_field(words, language)):
        return names
    if match := WITH_THEM.search(words):
        return agencies_in(GENERIC.sub("", match[1], count=1), language, certain=True)
    if agency := thanked(words, language, certain=False):
        return (agency.name, *agency.also)
    if not words.isascii() and (names := eastern_in(words)):
        return names
    if (language or "") not in ("", "en-US") and (match := BESIDE.fullmatch(words)):
        return agencies_in(match[1], "en", certain=True) if language and language.startswith("en") else ()
    start, end = next(reversed(names_in(words)), (0, 0))
    name = words[start:end]
    return agencies_in(name) if start and end == len(words) and " " in name and mentioned(name) else ()


def closing(text: str, language: str | None = None, place: str | None = None) -> tuple[Agency | None, str]:
    """The agencies that a text's last lines credit, and the text without these lines; never all of it.

    Who is said to have contributed stands behind who signs. `place` is the dateline's, where there is one: a name in
    brackets at the end of such a text is a credit, even one that means other things too.
    """
    agency: Agency | None = None
    for _ in range(_LINES):
        found, rest = _last(text, language, place)
        if rest == text or not rest:
            break
        text = rest
        agency = together(agency, found)
    return agency, text


def together(one: Agency | None, other: Agency | None) -> Agency | None:
    """What two lines credit, who contributed last."""
    if one is None or other is None:
        return one or other
    first, then = (other, one) if one.how == CONTRIBUTORS != other.how else (one, other)
    names = tuple(dict.fromkeys((first.name, *first.also, then.name, *then.also)))
    quoted = tuple(name for name in (*first.quoted, *then.quoted) if name not in names)
    return replace(first, also=names[1:], quoted=quoted)


def _last(text: str, language: str | None, place: str | None, initials: int = _LINES) -> tuple[Agency | None, str]:
    """The credit at a text's end, and the text without it; so many lines of initials may stand behind."""
    start = text.rfind("\n") + 1
    last = text[start:] if start and len(text) - start <= _LONGEST else ""
    if last and (len(last) <= _LINE or last.startswith(_LONG)):
        recognised, agency = _line(last, language, place)
        if recognised:
            return agency, text[: start - 1].rstrip()
        if initials and (last[0].islower() or last[0] > "\u0600" or ":" in last) and _is_of_desk(last):
            body = text[: start - 1].rstrip()
            agency, rest = _last(body, language, place, initials - 1)
            return (agency, rest) if agency else (None, text)
    return _inline(text, language, place)


# ---------------------------------------------------------------- a line of its own


def _is_of_desk(line: str) -> bool:
    """Whether a line is who wrote and who edited it: "abc/def", "एबीसी/डीईएफ", "责任编辑：李明"."""
    code = line.count("/") == 1 and len(line) < 20 and " " not in line
    return code or bool(INITIALS.fullmatch(line) or EDITORS.fullmatch(line))


def _line(
    last: str, language: str | None, place: str | None = None, *, in_text: bool = True
) -> tuple[bool, Agency | None]:
    """Whether a line is there for credit alone, and the agency that it names."""
    if MARK.search(last) and (match := labelled().line.fullmatch(TAILED.sub("", last))):
        return True, _credit_line(agencies_in(match[1], language, certain=True))
    if not may_name(last):
        return bool(SIGNED.fullmatch(last) or (" contributed " in last and CONTRIBUTED.fullmatch(last))), None
    if (match := labelled().named.fullmatch(last)) and (names := only_agencies(match[1], language, certain=True)):
        return True, _credit_line(names)
    if match := CONTRIBUTED.fullmatch(last):
        return True, _contributors(_among(match[1], language))
    if (match := ALSO_CONTRIBUTED.fullmatch(last)) and (names := _among(match[1], language)):
        return True, _contributors(names)
    if match := REPORT_BY.fullmatch(last):
        return True, _credit_line(agencies_in(match[1], language, certain=True))
    if DPA.fullmatch(last) or SIGNED.fullmatch(last):
        return True, _credit_line(agencies_in("dpa")) if last.find("dpa:") >= 0 else None
    if names := _at_length(last, language):
        return True, _credit_line(names)
    if agency := _of_the_east(last, language):
        return True, agency
    paper = PAPER_WITH.fullmatch(last)
    if agency := thanked(paper[paper.lastindex or 0] if paper else last, language):
        return True, agency
    if match := COPYRIGHT.fullmatch(last):
        names = only_agencies(match[1], language)
        return bool(names), _credit_line(names)
    match = INITIALLED.fullmatch(last) or OWN_LINE.fullmatch(last)
    names = _alone(DATED.sub("", match[1].strip()), language, place) if match else ()
    names = names or (_behind_a_name(last, language) if in_text else ())
    return bool(names), _credit_line(names)


def _at_length(last: str, language: str | None) -> tuple[str, ...]:
    """The agencies of a sentence that says whose text it is, and of "Avec agences (AFP, Reuters)"."""
    match = AGENCIES.fullmatch(last) if "(" in last else None
    if not match and " " in last and (begin := last[:12].lower().lstrip("(*[")).startswith(SAID_OF):
        patterns = (TAKEN_OVER,) if begin.startswith("dies") else (FIRST_BY, AUTOMATIC)
        match = next(filter(None, (one.fullmatch(last) for one in patterns)), None)
    return only_agencies(match[1], language, certain=True) if match else ()


def _alone(words: str, language: str | None, place: str | None) -> tuple[str, ...]:
    """The agencies of a line in which nothing else stands; behind a dateline of names that mean other things, too."""
    names = only_agencies(words, language) or at_home(words, language, lonely=True)
    if not names and place and words.isupper() and len(words) > 2:
        names = only_agencies(words, language, certain=True, place=place)
    return names


def _behind_a_name(last: str, language: str | None) -> tuple[str, ...]:
    """The agency that a journalist at home signs for: "Jan Nowak (PAP)", in the North and in Vietnam "Sara Lindvik/TT".

    Elsewhere photographers sign so.
    """
    tongue = (language or "").partition("-")[0]
    country = SLASHES.get(tongue)
    match = SLASHED.fullmatch(last) if country and "/" in last else None
    if match is None and last.endswith(")") and tongue not in ("", "en") and (match := HOME_DESK.fullmatch(last)):
        country = next((one for one in homes(tongue) if len(homes(tongue)) < 4), None)
    names = only_agencies(match[1], language) if match else ()
    return names if names and country and country_of(names[0]) in {country, *homes(tongue)} else ()


def _of_the_east(last: str, language: str | None) -> Agency | None:
    """Who is credited in Chinese, Korean and Hindi: "据新华社报道", "[ⓒ 뉴시스]", "भाषा" and the names of its desk."""
    if last.isascii():
        return None
    if match := KOREAN.fullmatch(last):
        return _credit_line(only_agencies(match[1] or match[2], language))
    if match := EASTERN_WITH.fullmatch(last):
        names = only_agencies(match[1], language, certain=True) or eastern_in(match[1])
        return _contributors(names)
    if len(last) < 30 and EASTERN_DESK.fullmatch(last):
        return _credit_line(eastern_in(last))
    return _credit_line(agencies_in("PTI")) if BHASHA.fullmatch(last) else None


def thanked(words: str, language: str | None, *, certain: bool = True) -> Agency | None:
    """Who is thanked in "With inputs from PTI", "Mit Material der Nachrichtenagentur Reuters", "Avec AFP".

    `certain`: where a name that means other things too ("Petra", "Antara") can hardly be anything else.
    """
    if match := PLAIN_WITH.fullmatch(words):
        names = only_agencies(GENERIC.sub("", match[1], count=1), language, certain=certain)
        if names := names or only_agencies(match[1], language, certain=certain):
            return _contributors(names)
    if match := WITH.fullmatch(words):
        bare = GENERIC.sub("", match[1], count=1)
        # the longer reading: "la Reuters e da AFP" without its article names both
        return _contributors(max((agencies_in(said, language, certain=certain) for said in (match[1], bare)), key=len))
    return None


def _among(words: str, language: str | None) -> tuple[str, ...]:
    """The agencies among contributors: "Reuters and AFP", "Associated Press writer Jane Doe in Hull"."""
    if names := agencies_in(words, language, certain=True):
        return names
    start, end = next(iter(names_in(words)), (0, 0))
    return agencies_in(words[start:end], language)


def _credit_line(names: Sequence[str]) -> Agency | None:
    return credited(names, "credit line")


def _contributors(names: Sequence[str]) -> Agency | None:
    return credited(names, CONTRIBUTORS)


def credited(names: Sequence[str], how: str) -> Agency | None:
    """The credit to these agencies, the first before all; None where there is none."""
    return Agency(name=names[0], how=how, also=tuple(names[1:])) if names else None


# ---------------------------------------------------------------- behind the last sentence


def _inline(text: str, language: str | None, place: str | None) -> tuple[Agency | None, str]:
    word = text[-60:].rpartition(" ")[2]
    if word[:1].islower() and word[-1] not in ")]）】］/" and word.rstrip(".").partition("/")[0] not in SMALL:
        return None, text  # "on Friday.", "the port.": nearly every text ends so
    tail = text[-_TAIL:]
    cut = len(text) - len(tail)
    if tail.endswith(ENDS):
        end = next(end for end in ENDS if tail.endswith(end))
        names = agencies_in("Xinhua") if end.startswith("Enditem") else ()
        return _credit_line(names), text[: -len(end)].rstrip()
    if not may_name(tail[-64:]):
        return _without_authors(text, tail, language, place)
    if "\u0e7f" > tail[-1] > "\u0e00" and (match := THAI.search(tail)):
        names = only_agencies(match[1], "th")
        return (_credit_line(names), text[: cut + match.start()].rstrip()) if names else (None, text)
    if ":" in tail and (match := labelled().inline.search(tail)):
        names = agencies_in(match[2], language, certain=True)
        return (_credit_line(names), text[: cut + match.start(1)].rstrip()) if names else (None, text)
    if match := DESK.search(tail):
        names = agencies_in(match[1].strip("- ").partition(" ")[0], language, certain=True)
        return _credit_line(names), text[: cut + match.start()].rstrip()
    last = text[text.rfind("\n", cut) + 1 :]
    if len(last) < _SENTENCE and last != text:
        return None, text  # "Fot. PAP"
    if (tail.rstrip(".")[-1:] in CLOSERS or not DASHES.isdisjoint(tail[-43:])) and (
        match := CLOSING.search(tail, max(0, len(tail) - 66))
    ):
        agency = _closed(match[match.lastindex or 0], language, place)
        return (agency, text[: cut + match.start()].rstrip()) if agency else (None, text)
    if (match := BARE.search(tail, max(0, len(tail) - 24))) and (names := only_agencies(match[1], language)):
        return _credit_line(names), text[: cut + match.start()].rstrip()
    return _without_authors(text, tail, language, place)


def _without_authors(text: str, tail: str, language: str | None, place: str | None) -> tuple[Agency | None, str]:
    """The credit before "(AS - autor: …, editor: …)", as Romania's agency ends."""
    match = AUTHORS.search(text, max(0, len(text) - _LONGEST)) if tail.endswith(")") and "tor: " in tail else None
    agency, rest = _last(text[: match.start()].rstrip(), language, place, 0) if match else (None, text)
    return (agency, rest) if agency else (None, text)


def _closed(words: str, language: str | None, place: str | None) -> Agency | None:
    words = DATED.sub("", words.strip(" ()[]").lstrip("©"))
    if ":" in words and (match := labelled().line.fullmatch(words)):
        return _credit_line(agencies_in(match[1], language, certain=True))
    names = only_agencies(words, language) or at_home(words, language)
    if not names and place and words.isupper() and len(words) > 2:
        names = only_agencies(words, language, certain=True, place=place)
    if names:
        return _credit_line(names)
    return thanked(words, language)
