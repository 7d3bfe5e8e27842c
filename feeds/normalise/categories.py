"""Categories: what an article is about, as its source puts it."""

import re

from feeds.model import Category
from feeds.normalise.markup import line
from feeds.normalise.mend import unescaped_once_more

_LONGEST = 200
_NAME = 100  # a longer term is a heap of keywords
_MOST = 50
_ACCESS = "accessclassname"  # the scheme of the Wall Street Journal's "PAID" and "FREE"
_BETWEEN = re.compile(r"\s*[,;|]\s*")
_NONE = frozenset(
    {"uncategorized", "uncategorised", "non classé", "sin categoría", "senza categoria", "sem categoria"}
    | {"geen categorie", "unkategorisiert", "без рубрики", "未分类", "未分類", "kategorisiz", "bez kategorii"}
)


def categories(said: tuple[Category, ...]) -> tuple[Category, ...]:
    """Each once; none that is a mere number, or what publishing software says for "none"."""
    if len(said) == 1:
        said = _listed(said[0])
    found: dict[tuple[str, str | None], Category] = {}
    for category in said[: 4 * _MOST]:
        label = (_words(category.label) or None) if category.label else None
        scheme = (line(category.scheme[: 4 * _LONGEST])[:_LONGEST] or None) if category.scheme else None
        term = _words(category.term) or label
        if term and (label or not _says_nothing(term)) and (scheme or "").lower() != _ACCESS:
            found.setdefault((term.casefold(), scheme), Category(term=term, scheme=scheme, label=label))
    return tuple(found.values())[:_MOST]


def access(said: tuple[Category, ...]) -> bool:
    """Whether a category says that readers must pay."""
    return any((one.scheme or "").lower() == _ACCESS and one.term.upper() == "PAID" for one in said[:_MOST])


def _words(text: str) -> str:
    text = line(text[: 4 * _LONGEST])[:_LONGEST].strip()
    return unescaped_once_more(text) if "&" in text else text


def _says_nothing(term: str) -> bool:
    return term.isdigit() or len(term) > _NAME or term.casefold() in _NONE or not any(map(str.isalnum, term))


def _listed(one: Category) -> tuple[Category, ...]:
    """What a single category lists: a term a line, or short ones with commas between them."""
    if "\n" in one.term and not one.label:
        return tuple(Category(term=part, scheme=one.scheme) for part in one.term.splitlines() if part.strip())
    return _apart(one) if one.term.count(",") + one.term.count(";") + one.term.count("|") > 1 else (one,)


def _apart(one: Category) -> tuple[Category, ...]:
    """Three short ones or more are a list, as "Sea, Ports, Trade" is; "Washington, D.C." may be one name."""
    parts = [part for part in _BETWEEN.split(line(one.term)) if part]
    if one.label or len(parts) < 3 or any(part.count(" ") > 2 or part.lower().startswith("and ") for part in parts):
        return (one,)
    return tuple(Category(term=part, scheme=one.scheme) for part in parts)
