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
_PLAIN = re.compile(r"[^\W\d_]+(?:[ '’.-]{1,2}[^\W\d_]+){0,4}")
_TAG = re.compile(r"<[^<>]*>")
_ADDRESS = re.compile(r"(?:mailto:)?[^\s@()<>,;]{1,64}@[^\s@()<>,;]{1,255}|https?://[^\s<>]+", re.I)
_BY = re.compile(r"(?:written |reported )?(?:by|von|par|por|di|door|av)\b[:\s]\s*(?=\S)", re.I)
_BRACKETS = re.compile(r"[<>()\[\]]")
_JUNCTION = re.compile(r"\s+(?:and|und|et|y|e|en|og|och|ja|&|\+)\s+|\s+\|\s+|\s*;\s*|\n", re.I)
_NOBODY = frozenset(
    "admin administrator anonymous author editor editors n/a nobody none noreply no-reply null root staff system "  # noqa: SIM905
    "undefined unknown user webmaster".split()
)


@lru_cache(maxsize=4096)
def authors(people: tuple[Person, ...]) -> tuple[Person, ...]:
    """One person per name, at most twenty, each once; mail addresses are nobody's business and are dropped."""
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
    if 1 < len(said) <= _LONGEST and _PLAIN.fullmatch(said) and not (_JUNCTION.search(said) or _BY.match(said)):
        if said.lower() not in _NOBODY:
            yield said
        return
    text = line(html.unescape(said) if "&" in said else said)
    if "@" in text and (match := re.search(r"\(([^()@]{2,})\)", text)):
        text = match[1]  # RSS 2.0: "mail@example.org (Jane Doe)"
    text = _TAG.sub(" ", _ADDRESS.sub(" ", text))
    text = _BY.sub("", text.strip(), count=1) if _BY.match(text.strip()) else text
    for part in _split(text):
        name = " ".join(_BRACKETS.sub(" ", part).split()).strip(" ,;:|-–—\"“”'")
        if len(name) > 1 and len(name) <= _LONGEST and name.lower() not in _NOBODY and any(map(str.isalpha, name)):
            yield name


def _split(text: str) -> list[str]:
    """At "and" and commas, if that leaves names of two words: "Ortega y Gasset" and "Doe, Jane" are one."""
    parts = _JUNCTION.split(text)
    last = parts[1:]
    if "," in text:
        parts = [piece for part in parts for piece in part.split(",") if piece.strip()]
    several = all(len(part.split()) > 1 or part in last for part in parts) if "," in text else _all_long(parts)
    return parts if several and len(parts) > 1 else [text]


def _all_long(parts: list[str]) -> bool:
    return all(len(part.split()) > 1 for part in parts)
