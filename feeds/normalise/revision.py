"""How much an article changed: material, minor, none; and what its page adds to it."""

import re
from collections import Counter
from typing import Literal

from msgspec.structs import replace

from feeds.model import Article

Change = Literal["material", "minor", "none"]
MATERIAL_SHARE = 0.2  # of the text's words
FIGURE = re.compile(r"\d[\d.,]*")
WORD = re.compile(r"[^\W_]+")


def change(old: Article, new: Article) -> Change:
    """What a subscriber should hear of: another headline, other figures, or a fifth of the article's own words.

    Never material by itself: images, categories, links, dates, our own rules.
    """
    if _words(old.title) != _words(new.title):
        return "material"
    if old.match_text == new.match_text:
        return "minor" if (old.content, old.summary, old.images) != (new.content, new.summary, new.images) else "none"
    if _figures(old.match_text) != _figures(new.match_text):
        return "material"
    return "material" if _share(_words(old.match_text), _words(new.match_text)) >= MATERIAL_SHARE else "minor"


def filled(article: Article, page: Article) -> Article:
    """An article with the text of its page, where that is the longer one; its identity, title and dates stay.

    Of a page that must be paid for nothing is taken but that.
    """
    if page.paywall:
        return replace(article, paywall=True)
    article = replace(
        article,
        authors=article.authors or page.authors,
        categories=article.categories or page.categories,
        images=article.images or page.images,
        language=article.language or page.language,
    )
    if len(page.text) <= len(article.text):
        return article
    return replace(
        article,
        content=page.content,
        text=page.text,
        match_text=page.match_text,
        sanitiser=page.sanitiser,
        summary=article.summary or page.summary,
        agency=page.agency or article.agency,
        dateline=page.dateline or article.dateline,
    )


def is_another_text(old: Article, new: Article) -> bool:
    """Whether less than half of the old words are left: no version of that text any more, however much is new."""
    before = Counter(_words(old.match_text))
    return 2 * (before & Counter(_words(new.match_text))).total() < before.total()


def _words(text: str) -> list[str]:
    return WORD.findall(text.casefold())


def _figures(text: str) -> list[str]:
    return [figure.rstrip(".,") for figure in FIGURE.findall(text)]


def _share(old: list[str], new: list[str]) -> float:
    """The share of the words of both that the other has not, wherever they stand; 0 to 1."""
    other = (Counter(old) - Counter(new)).total() + (Counter(new) - Counter(old)).total()
    return other / max(1, len(old) + len(new))
