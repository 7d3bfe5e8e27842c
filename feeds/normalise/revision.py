"""How much an article changed: material, minor, none."""

import re
from difflib import SequenceMatcher
from typing import Literal

from feeds.model import Article

Change = Literal["material", "minor", "none"]
MATERIAL_SHARE = 0.2  # of the text's words
FIGURE = re.compile(r"\d[\d.,]*")
WORDS_COMPARED = 2000  # keeps the comparison bounded


def change(old: Article, new: Article) -> Change:
    """What a subscriber should hear of: another headline, other figures, or a fifth of the article's own words.

    Never material by itself: images, categories, links, dates, our own rules.
    """
    if _headline(old.title) != _headline(new.title):
        return "material"
    if old.match_text == new.match_text:
        return "minor" if (old.content, old.summary, old.images) != (new.content, new.summary, new.images) else "none"
    if _figures(old.match_text) != _figures(new.match_text):
        return "material"
    return "material" if _share(old.match_text, new.match_text) >= MATERIAL_SHARE else "minor"


def _headline(title: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", title.casefold()))


def _figures(text: str) -> list[str]:
    return [figure.rstrip(".,") for figure in FIGURE.findall(text)]


def _share(old: str, new: str) -> float:
    """The share of the words of both that are not common to both, in order; 0 to 1."""
    left, right = old.casefold().split()[:WORDS_COMPARED], new.casefold().split()[:WORDS_COMPARED]
    matcher = SequenceMatcher(None, left, right, autojunk=True)
    return 1.0 - matcher.quick_ratio() if len(left) + len(right) > WORDS_COMPARED else 1.0 - matcher.ratio()
