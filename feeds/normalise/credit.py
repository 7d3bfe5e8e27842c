"""The credit that a news text ends with: source lines, contributors, sign-offs, an agency's name alone."""

import re
from collections.abc import Sequence
from functools import cache
from html import unescape
from pathlib import Path
from typing import NamedTuple

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

CONTRIBUTORS = "contributors"
_LINES = 6  # credit lines that a text may end with
_LONGEST = 300  # characters of one that stands in brackets
_LINE = 120  # of any other
_LONG = ("(", "*", "[", "<", "©", "Copyright", "COPYRIGHT", "copyright")
_TAIL = 120
_SENTENCE = 25  # characters below which a last line is no sentence with a credit behind it

_THANKS = (
    r"(?:(?:with )?(?:additional |agency |an? )?"
    r"(?:inputs?|reporting|files|material|information|reports?|story)(?: also)? (?:from|by)"
    r"|(?:unter verwendung von |mit )?(?:agentur)?(?:material|informationen)(?: von| der)?"
    r"|(?:con|amb) (?:información|informacion|informaciones|informació|reportes?|material|datos) del?|con fonte"
    r"|con aportes? de|a partir de (?:información|informaciones) de|tomado de:?|con informazioni d[ai]"
    r"|com (?:informaç(?:ões|ão)|dados|material|agências)(?: d[aoe]s?)?"
    r"|avec des informations (?:de|d['’])|d['’]après|met (?:medewerking|informatie|materiaal) van|op basis van"
    r"|med (?:material|materiale|uppgifter|bidrag|opplysninger) (?:från|fra)"
    r"|(?:на (?:основе|основі) )?(?:по |за |с использованием |з використанням )?"
    r"(?:материалам|материалов|материали|матеріалами|матеріалів|данным|даними|сообщению|повідомленням|информации"
    r"|інформацією)(?: на)?:?|(?:со ссылкой|з посиланням) на|паводле|prema|(?:opr\. )?na (?:podst\.|podstawie)"
    r"|s (?:využitím|přispěním|prispením)(?: zpráv| správ)?|cu (?:informații|date)(?: de la)?"
    r"|με πληροφορίες(?: από| του)?(?: το)?|based on reports? (?:from|by)|dengan laporan(?: dari)?|dilansir(?: dari)?"
    r"|dikutip dari|نقلا(?:ً)? عن|بتصرف عن|به نقل از|به گزارش)\s+"
    r"([^\n]{2,90}?)(?: inputs?| इनपुट(?: के साथ)?)?[\W_]*"
)
_WITH = re.compile(rf"[\W_]{{0,3}}{_THANKS}", re.I)  # in so many words; what follows is people and papers, too
_WITH_THEM = re.compile(rf"[\s(,–—-]{_THANKS}$", re.I)  # "The newsroom with information from AFP"
_EASTERN_WITH = re.compile(  # "综合新华社、中新社报道"
    r"[（(]?(?:综合|綜合|据|據|转自|轉自|摘自|转载自|轉載自|编译自|編譯自|文)[：:／/]?\s?([^\n。]{2,40}?)"
    r"(?:综合|綜合)?(?:报道|報導|報道|消息|电|電|外電)?[)）。]*"
)
_EASTERN_DESK = re.compile(  # "新华社记者 李明", "연합뉴스 김하늘 기자", "【翻訳編集】 AFPBB News", "（c）AFP"
    r"(?!.*[摄攝影])[\u3400-\u9fff]{2,8}(?:记者|記者)\s?[:：]?\s?[\u3400-\u9fff]{2,4}(?:[、\s][\u3400-\u9fff]{2,4}){0,3}"
    r"|(?:[가-힣\d]{2,8} )?[가-힣]{2,4} (?:기자|특파원)(?:·[가-힣\d]{2,8})?|/[가-힣]{2,6}=[가-힣\d]{2,8}|【翻訳編集】\s?[\w ]{3,14}"
)
_KOREAN = re.compile(  # "<저작권자(c) 연합뉴스, 무단 전재 및 재배포 금지>", "[ⓒ 뉴시스]"
    r"[<\[(〈]?\s?(?:저작권자\s?)?(?:\(c\)|ⓒ|©)\s?([가-힣A-Za-z0-9]{2,12})(?:[ ,.·][^\n]{0,80})?[>\])〉]?"
    r"|\[([가-힣0-9]{2,8})\]",
    re.I,
)
_BHASHA = re.compile(  # PTI's Hindi desk, and who worked on it
    r"भाषा(?: (?!(?:का|की|के|में|से|और|को|है|पर|ने|एवं|व)(?:\s|$))[^\W\d_]\S*){0,4}(?: [\d ]+)?"
)
_PLAIN_WITH = re.compile(  # what follows must be agencies, and nobody else
    r"[\W_]{0,3}(?:with|mit|avec|con|com|met|med|za:?|z|s|amb|cu|με|dengan|theo|مع|عن|selon|según|secondo|segundo)\s"
    r"([^\n]{2,60}?)(?: inputs?)?[\W_]*",
    re.I,
)
_GENERIC = re.compile(
    r"(?:the |a |las? |les |l['’]|der |die |den |as |le )?"
    r"(?:agences? |agencias? |agências? |agenzi[ae] |(?:nachrichten)?agentur(?:en)? |news agency |агентства? )?",
    re.I,
)
_CONTRIBUTED = re.compile(
    r"[\W_]{0,3}([^\n]{2,140}?) (?:also )?contributed (?:to (?:this|the) (?:report|story|article)|reporting)"
    r"\b[^\n]{0,40}",
    re.I,
)
_ALSO_CONTRIBUTED = re.compile(  # of others than agencies it is a sentence
    r"[\W_]{0,3}([^\n]{2,140}?) (?:(?:also )?contributed|contribuy(?:ó|eron) (?:a|con|en) est[ea] \w+"
    r"|(?:a|ont) contribué à (?:cet article|ce reportage)|contribu(?:iu|íram) para est[ea] \w+)\.?",
    re.I,
)
_REPORT_BY = re.compile(r"This report by ([^\n]{2,60}?) was first published\b[^\n]{0,60}", re.I)  # The Canadian Press
_FIRST_BY = re.compile(
    r"This (?:report|story|article) was (?:(?:first|originally) (?:published|produced|reported)|produced) (?:by|on|in) "
    r"([^\n]{2,60}?)(?:,? and (?:is )?re(?:published|printed|produced)[^\n]{0,60})?\.?",
    re.I,
)
_PAPER_WITH = re.compile(  # "Le Havre Info (avec AFP)", "Le Havre Info avec AFP"
    r"[^()\n]{2,40} \(([^()\n]{2,60})\)|[^\W\d_][^\n.,()]{1,40} ((?:avec|mit) [^\n.]{2,40})"
)
_AUTOMATIC = re.compile(  # "(This story is auto-generated from a PTI feed)"
    r"[(*\[]?(?:this|except for) [^\n]{0,160}?(?:auto-?generated|syndicated|published|taken)[^\n]{0,40}? "
    r"(?:from|by|via) (?:an? |the )?(?:syndicated )?(?:feed (?:of|from) )?"
    r"([^\n]{2,40}?)(?: news)?(?: agency)?(?: syndicated)?(?: feed)?[.)\]*\s]*",
    re.I,
)
_TAKEN_OVER = re.compile(  # "Diese Meldung wurde von der Deutschen Presse-Agentur (dpa) übernommen."
    r"Diese[rs]? (?:Meldung|Text|Artikel|Nachricht|Beitrag) (?:wurde|ist|stammt)[^\n]{0,60}? (?:von|bei) (?:der |die )?"
    r"([^\n]{2,50}?)(?: übernommen| veröffentlicht| bereitgestellt)?\.?"
)
_AGENCIES = re.compile(  # "Avec agences (AFP, Reuters)"
    r"[\W_]{0,3}(?:[^\W\d_]{2,5} )?(?:agenc(?:es|ies|ias)|agências|agències|agenzie|agentur(?:en|material)|agentury)"
    r"[ :]{1,2}\(([^()\n]{2,60})\)\.?",
    re.I,
)
_SIGNED = re.compile(
    r"\((?:additional |weitere )?(?:reporting|writing|editing|compiled|reportage|rédigé|reporte|reportería|bericht|"
    r"geschrieben|reportagem|redazione)\b[^\n]{5,300}\)\.?"
    r"|reporting by [^\n]{3,120}[;,.] ?(?:writing|editing|additional)[^\n]{3,120}",
    re.I,
)
_COPYRIGHT = re.compile(
    r"(?:(?:riproduzione riservata|all rights reserved|tous droits réservés)[.\s]*)?"
    r"(?:©|\(c\)|copyright)(?:\s*(?:©|\(c\)|copyright))?\s*(?:\d{4},?\s+)?(?:by\s+)?"
    r"([^\n]{2,60}?)(?:,?\s+\d{4})?"
    r"(?:[.,;]?\s+(?:all rights|tous droits|alle rechte|todos los derechos|todos os direitos|tutti i|wszelk|všechna"
    r"|všetky|minden jog|toate drepturile|sva prava|vse pravice|все права|усі права|всички права|alla rättigh"
    r"|alle rettigh|kaikki oikeudet|her hakkı|tüm hakları|جميع الحقوق|toute reproduction|reproduction|riproduzione"
    r"|está expresamente|queda prohibid|prohibida|kopiowanie|nachdruck|this material|the content|may not|no part"
    r"|not for|republication|click for)[^\n]{0,250})?\.?",
    re.I,
)
_INITIALLED = re.compile(r"[a-zà-ž]{2,4}(?:[/, ]{1,2}[a-zà-ž]{2,4}){0,4} \(([^()\n]{2,60})\)")  # "ab/cd (AFP, dpa)"
_DPA = re.compile(r"(?:(?:©\s*)?dpa(?:-\w+)?, )?dpa:[\d-]+/\d+")
_OWN_LINE = re.compile(
    r"(?:\+\+\+)?[(\[（/\-–—―\s]*(?:\d{4}\s+)?(?:(?:By|Von|Par|Por|Di|Door|A[fv]|From|Via|Da)\s+|C/)?([^\n()\[\]（）]{2,60}?)"
    r"(?: inputs?| इनपुट(?: के साथ)?| alapján| nyomán)?[)\]）/\s]*(?:\+\+\+)?\.?"
)
_HOME_DESK = re.compile(r"[^\W\d_]+(?:(?: / |[ /-])[^\W\d_]+){1,5},? ?\(([^()\n]{2,20})\)")  # "Jan Nowak (PAP)", "Ayşe YILMAZ / ANKARA, (DHA)"
_BESIDE = re.compile(  # "Jane Doe, PA", "Jane Doe and Ann Lee, PA Political Correspondents"
    r"(?:By )?[A-Z][\w'’-]+(?: (?:and|[A-Z][\w.'’-]*)){1,6}, (PA|AAP)"
    r"(?: Scotland| Ireland| Wales|(?: [A-Z][a-z]+){0,2} (?:Correspondent|Editor|Reporter|Writer|Staff)s?)?"
)
_EDITORS = re.compile(  # "责任编辑：李明", "Editor: Ann Lee", "انتهای پیام"
    r"\W{0,2}(?:(?:editors?|edited by|edição|edición|redaktor|redaktur|penyunting|责任编辑|責任編輯|责编|責編|编辑|編輯|作者|译者|譯者"
    r"|编译|校对|審核|审核|编审|تحریر|تحرير|संपादन)\s?[:：][^\n]{1,60}|انتهای پیام/?|//?انتهى//?)"
)
_AUTHORS = re.compile(r"\s?/?\s?\([^()\n]{0,12}autor: [^()\n]{3,200}\)$")  # "AGERPRES/(AS - autor: …, editor: …)"
_TAILED = re.compile(r"\s+(?:Editor|责任编辑|責任編輯|责编|責編|编辑|編輯|作者)\s?[:：][^\n]{1,40}$")
_OF_PICTURE = ("©", "ⓒ", "(c)", "(C)", "（c）", "Copyright", "COPYRIGHT")
_SLASHED = re.compile(r"(?:Av |Af )?[^\W\d_]+(?:[ -][^\W\d_]+){1,3} ?/ ?([^\n/]{2,20}(?:/[^\n/]{2,20})?)")
_SLASHES = {"sv": "SE", "nb": "NO", "nn": "NO", "no": "NO", "da": "DK", "fi": "FI", "vi": "VN"}
_INITIALS = re.compile(r"[a-zà-ž]{2,4}(?:[/\s,-]+[a-zà-ž]{2,4}){0,6}[/\s.]*")
_DESK = re.compile(r"((?:^|(?<=[\s.!?”\"]))(?:PTI|UNI)(?: [A-Z]{2,4}){1,6}|-{1,2}\s?IANS)\.?$")
_ENDS = ("Enditem", "Enditem.", "(END)", "(끝)", "<끝>")  # of Xinhua, of Yonhap
_SMALL = frozenset({"dpa", "epd", "sda", "ats", "dts", "awp", "inputs"})  # a text may end with these
_STOP = r"[.!?…\"”'’»)。！？」』।؟]"
_CLOSING = re.compile(
    rf"(?:^|(?<={_STOP})|(?<={_STOP}\s)|(?<=[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]\s))"
    r"(?:\(([^()\n]{2,60})\)|\[([^\[\]\n]{2,60})\]|（([^（）\n]{2,60})）|[【［]([^【】［］\n]{2,30})[】］]|/([^/\n]{2,20})/"
    r"|/\s?([^/\n.!?—]{2,30})|[（(][cC][)）]\s?([^\n()（）]{2,30})|[-–—―]{1,2}\s*([^\n.!?—]{2,40}))\.?$"
)
_BARE = re.compile(  # the vowels of India are no letters; "dpa/lno", "Lusa/Fim", "©NTB"
    rf"(?<={_STOP}\s)\s?©?(?:\d{{4}}\s)?((?:[^\W\d_]|[\u0900-\u0963\u0970-\u0dff]){{2,8}}(?:/[a-z]{{2,4}}|/[Ff]im)?)\.?$"
)
_CLOSERS = frozenset(")]）】］/")
_DASHES = frozenset("-–—―/）)")
_THAI = re.compile(r"\s?\.?[-–]\s?(สำนักข่าว[\u0e00-\u0e7f]{2,20})$")
_DATED = re.compile(  # "La Presse canadienne, 2024", "MAP: 18 janvier 2024", "(MAP-04/05/2024)"
    r"(?:,\s*\d[\d.\-/]{3,9}|[\s:,–-]{1,3}\d{1,2}[./ -]{1,2}(?:\d{1,2}|[^\W\d_]{3,12}\.?)[./ -]{1,2}\d{4})\.?$"
)
_MARK = re.compile("[:：=|՝`៖]")
_DATA = Path(__file__).parent / "data"
_OURS = '<p class="copydesk-credit">'
_STORY = '<div class="copydesk-story">'
_MARKED = 50_000  # characters that it may take, with all its links
_FIRST_LINK = re.compile(r"<a [^<>]{1,2000}>([^<>]{1,200})</a>")


_SAID_OF = ("this ", "except for", "dies")


class _Labelled(NamedTuple):
    """A credit with its label: a line of its own, one where no mark parts them ("Source AFP"), behind a sentence."""

    line: re.Pattern[str]
    named: re.Pattern[str]
    inline: re.Pattern[str]


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
    if words.lstrip().startswith(_OF_PICTURE):
        return ()
    if names := only_agencies(words, language) or at_home(words, language, lonely=True):
        return () if _in_doubt(words) else names
    agency = _line(words, language, in_text=False)[1] if len(words) <= _LINE else None
    return (agency.name, *agency.also) if agency else ()


def _in_doubt(words: str) -> bool:
    """Whether "Ansa/Reuters" may be who took a picture and who passes it on: one of the names means other things too."""
    parts = [part.strip(" ()") for part in words.split("/")]
    return len(parts) > 1 and any(agency_named(part, certain=True) and not agency_named(part) for part in parts)


def by_line(words: str, language: str | None = None) -> tuple[str, ...]:
    """The agencies among those who sign: "Jane Doe, Reuters", "Quelle: dpa"."""
    last = words.rpartition("/")[2].strip()
    names = agencies_in(words, language) or at_home(last, language, lonely=last == words)
    return names or (_among_people(words, language) if len(words) <= _LINE and may_name(words) else ())


def _among_people(words: str, language: str | None) -> tuple[str, ...]:
    """The agency of "Jane Doe Associated Press", "The newsroom with information from AFP", "新华社 李明", "Jane Doe, PA"."""
    if _MARK.search(words) and (names := in_field(words, language)):
        return names
    if match := _WITH_THEM.search(words):
        return agencies_in(_GENERIC.sub("", match[1], count=1), language, certain=True)
    if agency := thanked(words, language):
        return (agency.name, *agency.also)
    if not words.isascii() and (names := eastern_in(words)):
        return names
    if (language or "") not in ("", "en-US") and (match := _BESIDE.fullmatch(words)):
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
    return code or bool(_INITIALS.fullmatch(line) or _EDITORS.fullmatch(line))


def _line(
    last: str, language: str | None, place: str | None = None, *, in_text: bool = True
) -> tuple[bool, Agency | None]:
    """Whether a line is there for credit alone, and the agency that it names."""
    if _MARK.search(last) and (match := _labelled().line.fullmatch(_TAILED.sub("", last))):
        return True, _credit_line(agencies_in(match[1], language, certain=True))
    if not may_name(last):
        return bool(_SIGNED.fullmatch(last) or (" contributed " in last and _CONTRIBUTED.fullmatch(last))), None
    if (match := _labelled().named.fullmatch(last)) and (names := only_agencies(match[1], language, certain=True)):
        return True, _credit_line(names)
    if match := _CONTRIBUTED.fullmatch(last):
        return True, _contributors(_among(match[1], language))
    if (match := _ALSO_CONTRIBUTED.fullmatch(last)) and (names := _among(match[1], language)):
        return True, _contributors(names)
    if match := _REPORT_BY.fullmatch(last):
        return True, _credit_line(agencies_in(match[1], language, certain=True))
    if _DPA.fullmatch(last) or _SIGNED.fullmatch(last):
        return True, _credit_line(agencies_in("dpa")) if last.find("dpa:") >= 0 else None
    if names := _at_length(last, language):
        return True, _credit_line(names)
    if agency := _of_the_east(last, language):
        return True, agency
    paper = _PAPER_WITH.fullmatch(last)
    if agency := thanked(paper[paper.lastindex or 0] if paper else last, language):
        return True, agency
    if match := _COPYRIGHT.fullmatch(last):
        names = only_agencies(match[1], language)
        return bool(names), _credit_line(names)
    match = _INITIALLED.fullmatch(last) or _OWN_LINE.fullmatch(last)
    names = _alone(_DATED.sub("", match[1].strip()), language, place) if match else ()
    names = names or (_behind_a_name(last, language) if in_text else ())
    return bool(names), _credit_line(names)


def _at_length(last: str, language: str | None) -> tuple[str, ...]:
    """The agencies of a sentence that says whose text it is, and of "Avec agences (AFP, Reuters)"."""
    match = _AGENCIES.fullmatch(last) if "(" in last else None
    if not match and " " in last and (begin := last[:12].lower().lstrip("(*[")).startswith(_SAID_OF):
        patterns = (_TAKEN_OVER,) if begin.startswith("dies") else (_FIRST_BY, _AUTOMATIC)
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
    country = _SLASHES.get(tongue)
    match = _SLASHED.fullmatch(last) if country and "/" in last else None
    if match is None and last.endswith(")") and tongue not in ("", "en") and (match := _HOME_DESK.fullmatch(last)):
        country = next((one for one in homes(tongue) if len(homes(tongue)) < 4), None)
    names = only_agencies(match[1], language) if match else ()
    return names if names and country and country_of(names[0]) in {country, *homes(tongue)} else ()


def _of_the_east(last: str, language: str | None) -> Agency | None:
    """Who is credited in Chinese, Korean and Hindi: "据新华社报道", "[ⓒ 뉴시스]", "भाषा" and the names of its desk."""
    if last.isascii():
        return None
    if match := _KOREAN.fullmatch(last):
        return _credit_line(only_agencies(match[1] or match[2], language))
    if match := _EASTERN_WITH.fullmatch(last):
        names = only_agencies(match[1], language, certain=True) or eastern_in(match[1])
        return _contributors(names)
    if len(last) < 30 and _EASTERN_DESK.fullmatch(last):
        return _credit_line(eastern_in(last))
    return _credit_line(agencies_in("PTI")) if _BHASHA.fullmatch(last) else None


@cache
def _labelled() -> _Labelled:
    """What `data/labels.txt` says."""
    lines = (_DATA / "labels.txt").read_text("utf-8").splitlines()
    words = sorted({word for line in lines if not line.startswith("#") for word in line.split("; ")}, key=len)[::-1]
    sure = "|".join(re.escape(word) for word in words if word[0] != "?")
    label = "|".join(re.escape(word.lstrip("?")) for word in words)
    return _Labelled(
        re.compile(rf"\W{{0,3}}(?:{sure})\s?[:：=|՝`៖]\s*([^\n:：]{{2,80}}?)[.\s)）]*", re.I),
        re.compile(rf"\W{{0,3}}(?:{label})(?:\s?[-–—:：=|՝`៖]|\s)\s?([^\n:：]{{2,60}}?)[.\s)）]*", re.I),
        re.compile(rf"[.!?\"”'’)»。]\s+((?:{sure})\s?:\s*([^\n:.]{{2,60}}))\.?$", re.I),
    )


def thanked(words: str, language: str | None) -> Agency | None:
    """Who is thanked in "With inputs from PTI", "Mit Material der Nachrichtenagentur Reuters", "Avec AFP"."""
    if match := _PLAIN_WITH.fullmatch(words):
        names = only_agencies(_GENERIC.sub("", match[1], count=1), language, certain=True)
        if names := names or only_agencies(match[1], language, certain=True):
            return _contributors(names)
    if match := _WITH.fullmatch(words):
        bare = _GENERIC.sub("", match[1], count=1)
        # the longer reading: "la Reuters e da AFP" without its article names both
        return _contributors(max((agencies_in(said, language, certain=True) for said in (match[1], bare)), key=len))
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
    if word[:1].islower() and word[-1] not in ")]）】］/" and word.rstrip(".").partition("/")[0] not in _SMALL:
        return None, text  # "on Friday.", "the port.": nearly every text ends so
    tail = text[-_TAIL:]
    cut = len(text) - len(tail)
    if tail.endswith(_ENDS):
        end = next(end for end in _ENDS if tail.endswith(end))
        names = agencies_in("Xinhua") if end.startswith("Enditem") else ()
        return _credit_line(names), text[: -len(end)].rstrip()
    if not may_name(tail[-64:]):
        return _without_authors(text, tail, language, place)
    if "\u0e7f" > tail[-1] > "\u0e00" and (match := _THAI.search(tail)):
        names = only_agencies(match[1], "th")
        return (_credit_line(names), text[: cut + match.start()].rstrip()) if names else (None, text)
    if ":" in tail and (match := _labelled().inline.search(tail)):
        names = agencies_in(match[2], language, certain=True)
        return (_credit_line(names), text[: cut + match.start(1)].rstrip()) if names else (None, text)
    if match := _DESK.search(tail):
        names = agencies_in(match[1].strip("- ").partition(" ")[0], language, certain=True)
        return _credit_line(names), text[: cut + match.start()].rstrip()
    last = text[text.rfind("\n", cut) + 1 :]
    if len(last) < _SENTENCE and last != text:
        return None, text  # "Fot. PAP"
    if (tail.rstrip(".")[-1:] in _CLOSERS or not _DASHES.isdisjoint(tail[-43:])) and (
        match := _CLOSING.search(tail, max(0, len(tail) - 66))
    ):
        agency = _closed(match[match.lastindex or 0], language, place)
        return (agency, text[: cut + match.start()].rstrip()) if agency else (None, text)
    if (match := _BARE.search(tail, max(0, len(tail) - 24))) and (names := only_agencies(match[1], language)):
        return _credit_line(names), text[: cut + match.start()].rstrip()
    return _without_authors(text, tail, language, place)


def _without_authors(text: str, tail: str, language: str | None, place: str | None) -> tuple[Agency | None, str]:
    """The credit before "(AS - autor: …, editor: …)", as Romania's agency ends."""
    match = _AUTHORS.search(text, max(0, len(text) - _LONGEST)) if tail.endswith(")") and "tor: " in tail else None
    agency, rest = _last(text[: match.start()].rstrip(), language, place, 0) if match else (None, text)
    return (agency, rest) if agency else (None, text)


def _closed(words: str, language: str | None, place: str | None) -> Agency | None:
    words = _DATED.sub("", words.strip(" ()[]").lstrip("©"))
    if ":" in words and (match := _labelled().line.fullmatch(words)):
        return _credit_line(agencies_in(match[1], language, certain=True))
    names = only_agencies(words, language) or at_home(words, language)
    if not names and place and words.isupper() and len(words) > 2:
        names = only_agencies(words, language, certain=True, place=place)
    if names:
        return _credit_line(names)
    return thanked(words, language)
