"""Names of sources and sections, made of titles in any script."""

import re
from collections.abc import Collection

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


def unused(name: str, taken: Collection[str]) -> str:
    """The name, or the name with the first number that makes it a new one: "post-2"."""
    if name not in taken:
        return name
    number = 2
    while f"{name}-{number}" in taken:
        number += 1
    return f"{name}-{number}"
