"""Language tags as BCP 47 writes them."""

import re
from functools import lru_cache

_TAG = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{2,8}){0,4}", re.A)
_NOTHING = frozenset({"und", "mul", "zxx", "mis"})


@lru_cache(maxsize=512)
def language_tag(said: str | None) -> str | None:
    """The tag in the case of RFC 5646, section 2.1.1 ("en_us " is "en-US"), or None for what is no tag."""
    if not said or len(said) > 40:
        return None
    tag = re.split("[.@,;]", said.strip().lower(), maxsplit=1)[0].strip().replace("_", "-")
    if not _TAG.fullmatch(tag):
        return None
    primary, *rest = tag.split("-")
    return None if primary in _NOTHING else "-".join((primary, *map(_subtag, rest)))


def _subtag(part: str) -> str:
    """Region in capitals, script with one, the rest small."""
    if len(part) == 4 and part.isalpha():
        return part.capitalize()
    return part.upper() if len(part) == 2 else part
