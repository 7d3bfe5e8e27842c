"""Names of sources and sections, made of titles in any script."""

import re
from collections.abc import Iterable

LONGEST = 40  # characters of a name that we make; 64 are allowed

_QUOTES = re.compile("['`ʼ’]")
_OTHER = re.compile("[^a-z0-9]+")


def slug(title: str) -> str:
    """A title as a name, transliterated: "Zürich — Wetter" is "zurich-wetter"; "" when nothing of it is left."""
    from anyascii import anyascii

    plain = _OTHER.sub("-", _QUOTES.sub("", anyascii(title[:200])).lower()).strip("-")
    if len(plain) <= LONGEST:
        return plain
    whole = plain[: LONGEST + 1].rpartition("-")[0]
    return whole if len(whole) >= LONGEST // 2 else plain[:LONGEST]


class Names:
    """Names that are taken, and new ones beside them."""

    def __init__(self, taken: Iterable[str]) -> None:
        self._taken = set(taken)
        self._numbers: dict[str, int] = {}

    def __contains__(self, name: str) -> bool:
        return name in self._taken

    def take(self, name: str) -> str:
        """The name, or the name with the first number that makes it a new one: "post-2"; taken from now on."""
        new, number = name, self._numbers.get(name, 1)
        while new in self._taken:
            number += 1
            new = f"{name}-{number}"
        self._numbers[name] = number
        self._taken.add(new)
        return new
