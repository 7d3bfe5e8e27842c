"""Pictures and files that come with an item."""

import html
import re
from collections.abc import Iterator

from feeds.model import Enclosure, Image, Item
from feeds.normalise.links import is_pixel, resolve
from feeds.normalise.markup import line

_MOST = 10
_UNKNOWN_AREA = 60_000  # of a picture that does not say its size: before thumbnails, behind what is large
_LARGEST = 20_000  # pixels; a figure beyond says nothing
_MEDIA_TYPE = re.compile(r"[\w.+-]{1,60}/[\w.+-]{1,100}", re.A)
_UNKNOWN_TYPE = "application/octet-stream"  # says nothing; formats that ask for a type are given it
_PICTURE_NAME = re.compile(r"\.(?:jpe?g|png|webp|gif|avif)$", re.I | re.A)
_IMG = re.compile(r"<img ([^>]*)>")
_ATTRIBUTE = re.compile(r'(src|alt|width|height)="([^"]*)"')


def images(item: Item, base: str, *markup: str) -> tuple[Image, ...]:
    """The pictures of an item, largest first, each once: as said, as enclosures, else the first in clean HTML.

    "Else": when nothing was said, or thumbnails only.
    """
    found: dict[str, Image] = {}
    for image in _said(item):
        if (kept := _kept(image, base)) and kept.url not in found:
            found[kept.url] = kept
    if not found or max(map(_area, found.values())) < _UNKNOWN_AREA:
        inside = next((match for text in markup if "<img" in text and (match := _IMG.search(text))), None)
        if inside and (kept := _kept(_of_tag(inside[1]), base)):
            found.setdefault(kept.url, kept)
    return tuple(sorted(found.values(), key=_area, reverse=True)[:_MOST]) if found else ()


def _said(item: Item) -> Iterator[Image]:
    yield from item.images[: 5 * _MOST]
    for file in item.enclosures[: 5 * _MOST]:
        path = file.url.partition("?")[0]
        if (file.type or "").lower().startswith("image/") or (not file.type and _PICTURE_NAME.search(path[-6:])):
            yield Image(url=file.url, alt=file.title)


def _of_tag(attributes: str) -> Image:
    said = {name: html.unescape(value) for name, value in _ATTRIBUTE.findall(attributes)}
    return Image(
        url=said.get("src", ""),
        alt=said.get("alt"),
        width=_number(said.get("width")),
        height=_number(said.get("height")),
    )


def _number(said: str | None) -> int | None:
    digits = (said or "").removesuffix("px")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 6 else None


def _kept(image: Image, base: str) -> Image | None:
    url = resolve(base, image.url)
    width, height = _size(image.width), _size(image.height)
    if url is None or is_pixel(url) or width in (0, 1) or height in (0, 1):
        return None
    return Image(url=url, width=width, height=height, alt=_short(image.alt), credit=_short(image.credit))


def _size(pixels: int | None) -> int | None:
    return pixels if pixels is not None and 0 <= pixels <= _LARGEST else None


def _short(text: str | None) -> str | None:
    return (line(text)[:500].strip() or None) if text else None


def _area(image: Image) -> int:
    if image.width and image.height:
        return image.width * image.height
    side = image.width or image.height
    return side * side * 9 // 16 if side else _UNKNOWN_AREA


def enclosures(item: Item, base: str) -> tuple[Enclosure, ...]:
    """The files of an item with an http(s) URL, each once."""
    found: dict[str, Enclosure] = {}
    for file in item.enclosures[:100]:
        url = resolve(base, file.url)
        if url is None or url in found:
            continue
        kind = (file.type or "").strip().lower()
        found[url] = Enclosure(
            url=url,
            type=kind if kind != _UNKNOWN_TYPE and _MEDIA_TYPE.fullmatch(kind) else None,
            length=file.length if file.length is not None and 0 < file.length < 2**53 else None,
            title=_short(file.title),
            seconds=file.seconds if file.seconds is not None and 0 < file.seconds < 2**31 else None,
        )
    return tuple(found.values())
