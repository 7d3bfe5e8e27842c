"""Authors: the names of people, out of what feeds put where a name should be."""

import html
import re
from collections.abc import Iterator
from functools import lru_cache

from feeds.model import Person
from feeds.normalise.links import resolve
from feeds.normalise.markup import line

_MOST = 20
_LONGEST = 120
_KEPT = 1000  # characters of names that are remembered: who signs a feed signs often
_PLAIN = re.compile(r"[^\W\d_]+(?:[ '’.-]{1,2}[^\W\d_]+){0,4}")
_TAG = re.compile(r"<[^<>]*>")
_ADDRESS = re.compile(r"(?:mailto:)?[^\s@()<>,;]{1,64}@[^\s@()<>,;]{1,255}|https?://[^\s<>]+", re.I)
_BY = re.compile(
    r"(?:(?:written|reported|reporting|posted|published|words|story|text) )?by\b[:\s]\s*(?=\S)"
    r"|(?:autor|autora|author|authors|auteur|autore|author\(s\)|text|texto|texte|testo|yazar|yazan|автор|автори|авторы"
    r"|текст|penulis|oleh|tác giả|بقلم|كتب|كتبت|نویسنده|作者|文|記者|记者)\s?[:：/]\s*(?=\S)"
    r"|(?:作者|記者|记者|بقلم|oleh)\s+(?=\S)",
    re.I,
)
_BY_OR_NAME = re.compile(r"(?:von|par|por|di|door|av|af|od|przez|de la)\b(?:\s*:\s*(?=\S)|\s+(?=\S+\s+\S))", re.I)
_REPORTER = re.compile(r"(?<=\w)\s?(?:기자|記者|记者)$")
_BRACKETS = re.compile(r"[<>()\[\]]")
_ASIDE = re.compile(r"(?<=\w)\s*[(\[][^()\[\]]{1,80}[)\]]")
_JUNCTION = re.compile(
    r"\s+(?:and|und|et|y|e|en|og|och|ja|with|&|\+|/)\s+|\s+\|\s+|\s*;\s*|\n|\s*、\s*|\s+[•·]\s+", re.I
)
_VIA = re.compile(r"^[\w-]{1,60}(?:\.[\w-]{1,60}){1,4} via (?=\S)", re.A)  # "news.example via ann": who posted it
_PLACE = re.compile(r"\s+in\s+[^\W\d_a-z][\w .'-]{1,40}$")
_ROLE = re.compile(
    r"\b(?:correspondents?|reporters?|editors?|writers?|journalists?|columnists?|producers?|contributors?|analysts?"
    r"|photographers?|bureau|staff|chief|redakteur\w*|korrespondent\w*|reporterin|journaliste|rédact\w+"
    r"|correspondante?|envoyée?|redactora?|corresponsal|periodista|inviat[oa]|corrispondente|giornalista"
    r"|correspondente|repórter|jornalista|redacteur|verslaggever|muhabiri?|корреспондент|журналист|редактор)\b",
    re.I,
)
_NO_NAMES = frozenset(
    "afp ani ap bbc cbc cbs cnn dpa efe media nbc news newspaper npr online press pti radio reuters staff team "  # noqa: SIM905
    "the times tv upi web wire agency desk group inc llc ltd".split()
)
_FIRM = re.compile(
    r"\b(?:GmbH|Inc|Ltd|LLC|Corp|AG|KG|SE|PLC|plc|AB|A/S|AS|Oy|S\.?A\.?S?|S\.?r\.?l|B\.?V|N\.?V|Co)\b\.?$"
)
_VOWEL = re.compile("[AEIOUYÀ-ÖØ-Ý]")
_NOBODY = (
    frozenset(
        "admin administrator administrador anonymous author autor contributor editor editors n/a newsroom nobody none "  # noqa: SIM905
        "noreply no-reply null redactie redacción redaccion redactor redakcja redaktion redazione redação root "
        "rédaction staff system undefined unknown user webmaster wordpress редакция редактор 編集部".split()
    )
    | {"web desk", "news desk", "staff reporter", "staff writer", "editorial team", "editorial staff", "guest author"}
    | {"la redacción", "la redazione", "la rédaction", "die redaktion", "da redação", "super user", "our correspondent"}
)


def authors(people: tuple[Person, ...]) -> tuple[Person, ...]:
    """One person per name, at most twenty, each once; mail addresses are nobody's business and are dropped."""
    said = sum(len(one.name or "") + len(one.email or "") + len(one.uri or "") for one in people)
    return _authors(people) if said <= _KEPT else _authors.__wrapped__(people)


@lru_cache(maxsize=4096)
def _authors(people: tuple[Person, ...]) -> tuple[Person, ...]:
    found: dict[str, Person] = {}
    for person in people:
        names = list(_names(person.name or person.email or ""))
        uri = resolve(None, person.uri) if len(names) == 1 else None
        for name in names:
            found.setdefault(name.casefold(), Person(name=name, uri=uri))
        if len(found) >= _MOST:
            break
    return tuple(found.values())[:_MOST]


def _names(said: str) -> Iterator[str]:
    said = said[:1000]
    if 1 < len(said) <= _LONGEST and _PLAIN.fullmatch(said) and not _needs_care(said):
        if not _is_nobody(said.lower()):
            yield said
        return
    text = line(html.unescape(said) if "&" in said else said).replace("،", ",")
    if "@" in text and (match := re.search(r"\(([^()@]{2,})\)", text)):
        text = match[1]  # RSS 2.0: "mail@example.org (Jane Doe)"
    text = _TAG.sub(" ", _ADDRESS.sub(" ", text)).strip()
    text = _BY_OR_NAME.sub("", _BY.sub("", text, count=1) if _BY.match(text) else text, count=1) if text else text
    for part in _split(_ASIDE.sub("", _VIA.sub("", text))):
        name = _REPORTER.sub("", _PLACE.sub("", _BRACKETS.sub(" ", part)))
        name = " ".join(name.split()).strip(" ,;:|-–—\"“”'@")
        if 1 < len(name) <= _LONGEST and not _is_nobody(name.lower()) and any(map(str.isalpha, name)):
            yield _in_small_letters(name) if name.isupper() else name


def _is_nobody(name: str) -> bool:
    return name in _NOBODY or f"{name} ".startswith(("no reply ", "noreply ", "no-reply ", "do not reply "))


def _needs_care(name: str) -> bool:
    if name.isupper() or " in " in name or " via " in name or _JUNCTION.search(name):
        return True
    return bool(_BY.match(name) or _BY_OR_NAME.match(name) or _REPORTER.search(name))


def _in_small_letters(name: str) -> str:
    """A person's name that is all in capitals; those of organisations stay."""
    words = name.split()
    if len(words) < 2 or any(word.lower() in _NO_NAMES or not _VOWEL.search(word) for word in words):
        return name
    return name.title()


def _split(text: str) -> list[str]:
    """At "and" and commas, if that leaves names of two words: "Ortega y Gasset" and "Doe, Jane" are one.

    What only says what somebody does is left out.
    """
    if "," not in text and ";" not in text and _FIRM.search(text):
        return [text]
    parts = [part for part in _JUNCTION.split(text) if part]
    last = parts[1:]
    if "," in text:
        parts = [piece for part in parts for piece in part.split(",") if piece.strip()]
    named = [part for part in parts if not (_ROLE.search(part) and part is not parts[0])]
    if len(named) < len(parts):
        return named
    if "," in text:
        several = all(len(part.replace(".", " ").split()) > 1 or part in last for part in parts)  # "A.Doe" is two
    else:
        several = _all_long(parts)
    return parts if several and len(parts) > 1 else [text]


def _all_long(parts: list[str]) -> bool:
    return all(len(part.split()) > 1 or not part.strip()[:1].isascii() for part in parts)
