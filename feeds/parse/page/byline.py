"""The author that readers of a page see: what is marked as one, in the article's own part of the page."""

import re
from collections.abc import Iterator, Sequence

from lxml import etree
from msgspec.structs import replace

from feeds.model import Person
from feeds.normalise.dates import parse_date
from feeds.parse.page.rows import is_aside
from feeds.parse.page.titles import letters
from feeds.parse.page.tree import is_hidden, words

_MOST_ELEMENTS = 20_000
_LONGEST = 90
_LINE = 160
_WORDS = 9
_BETWEEN = re.compile(r"\s*(?:[,;|/&]|\b(?:and|und|et|y|e|en|og|och|with|mit|avec)\b)\s*", re.I)
_SHORTEST = 4  # letters; fewer are somebody's sign
_PARTICLE = 3  # letters; "and", "van der"
_MARKED = re.compile(
    r"(?:^|[\s_-])(?:by-?lines?|authors?|autor(?:en|in|es|a)?|auteurs?|writers?|verfasser|redakteur|contributors?|credits?"
    r"|posted-?by|written-?by|authored-?by)(?:[\s_-]?(?:names?|link|title|text|by|info|meta|box))?(?:$|[\s_-])|(?:^|\s)p-author",
    re.I,
)
_SURELY = re.compile(r"(?:^|[\s_-])author[\s_-]?(?:name|link)|by-?line[\s_-]?(?:name|author)|fn(?:$|\s)", re.I)
_OTHERS = re.compile(r"comment|related|teaser|recommend|side-?bar|widget|promo|more-from", re.I)
_PICTURES = re.compile(r"avatar|image|photo|gallery", re.I)
_PLAINLY = 2  # a rank; such a mark counts in an <aside> too
_BY = re.compile(
    r"^(?:(?:written|posted|published|reported|verfasst|geschrieben|veröffentlicht|publié|publicado|escrito|scritto)\s+)?"
    r"(?:by|von|par|por|di|door|av|af|autor(?:in)?|author|auteur|text|redaktion)\b\s*:?\s*",
    re.I,
)
_SIGNED = re.compile(
    r"(?:(?:written|posted|reported|published|words|story|erstellt|verfasst|geschrieben|écrit|escrito|scritto|geschreven"
    r"|skrevet|skriven)\s+)?(?:by|von|par|por|di|door|av|af|przez|oleh)\s*:?\s+(?=\S)"
    r"|(?:authors?|autor(?:in|en|a|e|es)?|auteurs?|texte?|texto|testo|tekst|words|yazan|yazar|автор|текст|penulis|作者|文"
    r"|記者|记者)\s?[:：/]\s*(?=\S)",
    re.I,
)
_NAMES = re.compile(r"[^\W\d_]+(?:[ '’.\-,&]{1,3}[^\W\d_]+){0,14}\.?")
_HANGING = re.compile(r"\s(?:on|at|am|um|le|el|em|il|op)$", re.I)  # its date is in the next line
_CUT = re.compile(
    r"\s*(?:[|•·–—]|\d{1,2}[./:]|\b(?:updated|published|publié|publicado|pubblicato|veröffentlicht|(?:on|am|le|el)\s+(?:\w{1,12}[.,]?\s+){0,2}\d)\b|\d{4}).*$",
    re.I,
)
_NAME = re.compile(r"[^\W\d_][^\d@/\\<>{}\[\]=→»›]{1,80}")
_PAGE = re.compile(
    r"/(?:authors?|autor(?:en|in|es|a)?|auteurs?|autore|forfatter|redaktion|journalist(?:e|en)?s?|editors?|reporters?"
    r"|writers?|contributors?|verfasser|yazar(?:lar)?)/[^/?#]{2,100}/?(?:[?#]|$)|[?&]author=",
    re.I,
)
_LINKED = 5  # a rank
_MORE = 3  # words
_NEAR = 200  # characters; what is no longer holds the authors of one article


def authors(root: etree._Element) -> tuple[Person, ...]:
    """The authors that the page marks most plainly; empty when it marks none."""
    best, linked = 9, set[str]()
    found: tuple[Person, ...] = ()
    for place, element in enumerate(root.iter(etree.Element)):
        if place > _MOST_ELEMENTS:
            break
        rank = _rank(element)
        if rank > best or rank == 9 or _of_others(element, rank):
            continue
        if rank == _LINKED:
            linked.add(element.get("href") or "")
        if rank < best and any(_names(element)):
            best, found = rank, _beside(element, rank)
    return found if best < _LINKED or len(linked) <= len(found) + 1 else ()  # else they are those of a list


def _beside(element: etree._Element, rank: int) -> tuple[Person, ...]:
    """The names in an element, and in those beside it that are marked as it is."""
    parent = element.getparent()
    several = [element]
    if parent is not None and len(words(parent)) <= _NEAR:
        several = [one for one in parent.iter(etree.Element) if one is not parent and _rank(one) == rank]
    return tuple(dict.fromkeys(person for one in several for person in _names(one)))


def signed(text: str) -> tuple[Person, ...]:
    """Whom a line names that says nothing but by whom a text is: "By Mira Sand and Ida Cork, Bergen"."""
    match = _SIGNED.match(text) if len(text) <= _LINE else None
    said = _HANGING.sub("", _CUT.sub("", text[match.end() :]).strip(" ,.:-")) if match else ""
    if not _NAMES.fullmatch(said) or said[0].islower():
        return ()
    several = re.split(r",\s*", said)
    while len(several) > 1 and " " not in several[-1]:  # where they are
        several.pop()
    labelled = text[: match.end() if match else 0].rstrip().endswith((":", "：", "/"))
    if (len(several) > 1 and " " not in several[0]) or not (labelled or _calls(several[0])):
        return ()
    return (Person(name=", ".join(several)),)


def _calls(said: str) -> bool:
    """Whether more of its words are names than are not: "By Thursday evening all was quiet" is signed by nobody."""
    words = said.split()
    return 2 * sum(1 for word in words if word.islower() and len(word) > _PARTICLE) < len(words)


def are_others(shown: Sequence[Person], told: Sequence[Person]) -> bool:
    """Whether a line under the headline names others than the head does, where the site's maker stands as often."""
    names, known = ("".join(letters(person.name or "") for person in people) for people in (shown, told))
    return bool(known) and len(names) >= _SHORTEST and known not in names and names not in known


def fuller(people: Sequence[Person], others: Sequence[Person]) -> tuple[Person, ...]:
    """The people by the names that readers see: "Mira Sand" for "mirasand" and "Mira"; each once, and no sentences."""
    named = [person for person in people if person.name and not _tells(person.name)]
    kept: dict[str, Person] = {}
    for person in named:
        name = _whole(person, others)
        kept.setdefault(name, replace(person, name=name))
    return tuple(person for name, person in kept.items() if not any(_adds_to(name, other) for other in kept))


def _whole(person: Person, others: Sequence[Person]) -> str:
    name = person.name or ""
    seen = (other.name or "" for other in others if " " not in name or "," in name)
    return next((one for one in seen if " " in one and one != name and _are_one(name, one)), name)


def _are_one(name: str, seen: str) -> bool:
    """Whether a name is a log-in, a first name, or a name written the other way round."""
    said, shown = name.replace(",", " ").split(), seen.split()
    return sorted(said) == sorted(shown) or said == shown[:1] or letters(name) == letters(seen)


def _tells(name: str) -> bool:
    """Whether it is a sentence about somebody rather than names."""
    return any(part.count(" ") >= _WORDS for part in _BETWEEN.split(name))


def _adds_to(name: str, other: str) -> bool:
    """Whether a name is another's, with what else stands there."""
    return name.startswith(other) and name.count(" ") > other.count(" ") + _MORE


def _rank(element: etree._Element) -> int:
    """How plainly an element is marked as the author's: 0 most, 9 not at all."""
    if element.tag in ("meta", "link", "img", "body", "html", "script", "input"):
        return 9
    if "author" in (element.get("rel") or "").lower().split():
        return 0
    if (element.get("itemprop") or "") in ("author", "creator"):
        return 1
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    if len(names) < 3 or not _MARKED.search(names[:200]):
        return _LINKED if element.tag == "a" and _PAGE.search((element.get("href") or "")[-200:]) else 9
    return (
        2 if _SURELY.search(names[:200]) else 3 if element.tag in ("a", "span", "address", "cite", "strong", "b") else 4
    )


def _of_others(element: etree._Element, rank: int) -> bool:
    """Whether it stands where other articles, or readers, are told of, or beside a picture."""
    for distance, near in enumerate((element, *element.iterancestors())):
        if near.tag in ("article", "main", "body"):
            return False
        if is_hidden(near) or near.tag in ("nav", "footer"):
            return True
        if is_aside(near) and not (near.tag == "aside" and rank <= _PLAINLY):
            return True
        names = f"{near.get('class') or ''} {near.get('id') or ''}"[:200]
        if _OTHERS.search(names) or (distance < 3 and _PICTURES.search(names)):
            return True
    return False


def _names(element: etree._Element) -> Iterator[Person]:
    """The names in an element: of its links where it has some, else of its text."""
    text = words(element)
    if not text or len(text) > 4 * _LONGEST:
        return
    linked: list[str | None] = [name for link in element.iter("a") if (name := _name(words(link)))]
    found = linked or [_name(text)]
    for name in dict.fromkeys(found):
        if name:
            yield Person(name=name)


def _name(text: str) -> str | None:
    text = _CUT.sub("", _BY.sub("", text.strip(" :,"), count=1)).strip(" :,.-")
    if len(text) > _LONGEST or text.count(" ") > 9 or not _NAME.fullmatch(text) or parse_date(text):
        return None
    return text if _is_a_name(text) else None


_NO_NAMES = frozenset(
    "about all author authors by byline comments contact email facebook follow home more posts print read see share "  # noqa: SIM905
    "subscribe twitter view website".split()
)


def _is_a_name(text: str) -> bool:
    return text.split()[0].lower() not in _NO_NAMES
