"""A person out of one line of text, as RSS and Dublin Core give them."""

import re

from feeds.model import Person

_ADDRESS = re.compile(r"[^\s@<>()\[\],;:\"]{1,64}@[^\s@<>()\[\],;:\"]{1,255}")
_MAX = 1000


def person(text: str) -> Person | None:
    """A name with an address before, behind or in brackets around it, a name alone, or an address alone."""
    text = " ".join(text[:_MAX].split())
    found = _ADDRESS.search(text)
    if not found:
        return Person(name=text) if text else None
    email = found.group().removesuffix(".")
    before = text[: found.start()].removesuffix("mailto:")
    uri = f"mailto:{email}" if len(before) < found.start() else None
    around = f"{before} {text[found.end() :]}"
    around = re.sub(r"[<(\[]\s*[>)\]]", " ", around).strip(" \t,;:-\"'")
    if around.startswith("(") and around.endswith(")") and "(" not in around[1:-1]:
        around = around[1:-1]
    return Person(name=" ".join(around.split()) or None, email=email, uri=uri)
