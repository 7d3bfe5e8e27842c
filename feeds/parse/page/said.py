"""What one layer of a page says of an article, and how layers are laid over each other."""

from collections.abc import Sequence
from dataclasses import dataclass, fields

from feeds.model import Category, Image, Person, Text


@dataclass(slots=True, kw_only=True)
class Said:
    """An article, as far as one way of writing things down tells of it; empty: not said."""

    title: str = ""
    link: str = ""
    summary: str = ""
    content: Text | None = None
    published: str = ""
    updated: str = ""
    authors: tuple[Person, ...] = ()
    sections: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    images: tuple[Image, ...] = ()
    language: str = ""
    rights: str = ""
    credit: str = ""
    site: str = ""  # what the whole site is called
    paywall: bool = False

    def categories(self) -> tuple[Category, ...]:
        """Sections first, then keywords, each once."""
        return tuple(Category(term=word) for word in dict.fromkeys((*self.sections, *self.keywords)))


def laid_over(layers: Sequence[Said]) -> Said:
    """Of each field what the first layer says that says something."""
    merged = Said()
    for field in fields(Said):
        said = (getattr(layer, field.name) for layer in layers)
        found = next((one for one in said if one and not _is_unfilled(one)), getattr(merged, field.name))
        setattr(merged, field.name, found)
    return merged


def _is_unfilled(said: object) -> bool:
    """Whether a site's template was not filled in: "{{ entry.teaser }}"."""
    return isinstance(said, str) and said.startswith("{{") and said.endswith("}}")
