"""By what an item is known again: the hash of what was said, and the id that its article gets."""

from hashlib import blake2b, sha1
from uuid import UUID

from feeds.model import Item, Text

_NAMESPACE = UUID("6f0d3f0e-5a3c-5b0a-9d0e-0c0b7a1f2e64")  # ours, for ever: another one would change every id


def identity(source: str, words: str) -> str:
    """The id of an article: a source's name and the item's URL as said, else its guid.

    A UUID of version 5 (RFC 9562, section 5.5), made here because `uuid.uuid5` takes five times as long.
    """
    name = f"{source}\n{words}".encode("utf-8", "replace")
    said = sha1(_NAMESPACE.bytes + name, usedforsecurity=False).hexdigest()
    variant = "89ab"[int(said[16], 16) & 3]
    return f"urn:uuid:{said[:8]}-{said[8:12]}-5{said[13:16]}-{variant}{said[17:20]}-{said[20:32]}"


def digest(item: Item) -> int:
    """A signed 64-bit hash of all that was said, `base` left out: what a document's address says of itself;
    and `related`: the teasers beside an article come and go.

    A field that `Item` gets later must come last, and only when it is said: else every stored digest changes.
    """
    words = [
        *(item.guid or "", "1" if item.permalink else "", item.link or "", item.published or "", item.updated or ""),
        *(item.language or "", item.rights or "", item.comments or "", item.credit or ""),
        *(_typed(item.title), _typed(item.summary), _typed(item.content)),
    ]
    for person in item.authors:
        words += ("author", person.name or "", person.email or "", person.uri or "")
    for category in item.categories:
        words += ("category", category.term, category.scheme or "", category.label or "")
    for file in item.enclosures:
        words += ("enclosure", file.url, file.type or "", f"{file.length} {file.seconds}", file.title or "")
    for image in item.images:
        words += ("image", image.url, f"{image.width} {image.height}", image.alt or "", image.credit or "")
    if item.geo:
        words += ("geo", f"{item.geo.latitude} {item.geo.longitude}", item.geo.name or "")
    if item.via:
        words += ("via", item.via.title or "", item.via.url or "")
    if item.paywall:
        words.append("paywall")
    said = "\0".join(words)
    if "\0" in "".join(words):  # only JSON can bring one in
        said = f"{[len(word) for word in words]}{said}"
    hashed = blake2b(said.encode("utf-8", "surrogatepass"), digest_size=8)
    return int.from_bytes(hashed.digest(), "big", signed=True)


def _typed(text: Text | None) -> str:
    return f"{text.type} {text.value}" if text else ""
