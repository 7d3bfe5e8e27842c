"""Pictures and files that come with an item."""

import html
import re
from collections.abc import Iterator
from functools import lru_cache

from msgspec.structs import replace

from feeds.model import Enclosure, Image, Item
from feeds.normalise.links import is_pixel, resolve
from feeds.normalise.markup import line

_MOST = 10
_UNKNOWN_AREA = 60_000  # of a picture that does not say its size: before thumbnails, behind what is large
_LARGEST = 20_000  # pixels; a figure beyond says nothing
_ICON = 49  # pixels: avatars and symbols, which show nothing of what is told
_MEDIA_TYPE = re.compile(r"[\w.+-]{1,60}/[\w.+-]{1,100}", re.A)
_UNKNOWN_TYPE = "application/octet-stream"  # says nothing; formats that ask for a type are given it
_PICTURE_NAME = re.compile(r"\.(?:jpe?g|png|webp|gif|avif)$", re.I | re.A)
_SIZES = frozenset({"w", "h", "width", "height", "size", "resize", "fit", "quality", "q", "dpr", "s", "crop", "auto"})
_SIZED_NAME = re.compile(r"(?:-\d{2,4}x\d{2,4}|_\d{1,2}x\d{1,2}_\d{2,4})(?=\.[a-z]{3,4}(?:$|\?))", re.A | re.I)
_SIZE_SAID = re.compile(r"-(\d{2,4})x(\d{2,4})\.[a-z]{3,4}(?:$|\?)|[?&](?:w|width)=(\d{2,4})(?!\d)", re.A | re.I)
_IMG = re.compile(r"<img ([^>]*)>")
_ATTRIBUTE = re.compile(r'(src|alt|width|height)="([^"]*)"')


def images(item: Item, base: str, *markup: str, credit: str | None = None) -> tuple[Image, ...]:
    """The pictures of an item, largest first, each once: as said, as enclosures, else the first in clean HTML.

    "Else": when nothing was said, or thumbnails only. `credit` is that of the only picture, if it says none itself.
    """
    found: dict[str, Image] = {}
    for image in _said(item):
        if credit and not image.credit and len(item.images) == 1:
            image = replace(image, credit=credit)
        if kept := _kept(image, base):
            picture = _picture(kept.url)
            found[picture] = _better(found[picture], kept) if picture in found else kept
    if not found or max(map(_area, found.values())) < _UNKNOWN_AREA:
        inside = next((match for text in markup if "<img" in text and (match := _IMG.search(text))), None)
        if inside and (kept := _kept(_of_tag(inside[1]), base)):
            if not found:
                return (kept,)
            found.setdefault(_picture(kept.url), kept)
    return tuple(sorted(found.values(), key=_area, reverse=True)[:_MOST]) if found else ()


@lru_cache(maxsize=1024)
def _picture(url: str) -> str:
    """What the addresses of one picture in several sizes have in common."""
    rest, mark, query = url.partition("?")
    if mark and not _SIZES.isdisjoint(part.partition("=")[0].lower() for part in query.split("&")):
        kept = [part for part in query.split("&") if part.partition("=")[0].lower() not in _SIZES]
        url = f"{rest}?{'&'.join(kept)}"
    return _SIZED_NAME.sub("", url)


def _better(one: Image, other: Image) -> Image:
    """The larger of two sizes of a picture; of two that do not say, the first; of one address what says more."""
    larger = other.width is not None if one.url == other.url else _area(other) > _area(one)
    best, rest = (other, one) if larger else (one, other)
    if (best.alt or not rest.alt) and (best.credit or not rest.credit):
        return best
    return replace(best, alt=best.alt or rest.alt, credit=best.credit or rest.credit)


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
    if width and height and max(width, height) <= _ICON:
        return None
    return Image(url=url, width=width, height=height, alt=_short(image.alt), credit=_short(image.credit))


def _size(pixels: int | None) -> int | None:
    return pixels if pixels is not None and 0 <= pixels <= _LARGEST else None


def _short(text: str | None) -> str | None:
    return (line(text[:2000])[:500].strip() or None) if text else None


def _area(image: Image) -> int:
    if image.width and image.height:
        return image.width * image.height
    side = image.width or image.height
    if not side and (match := _SIZE_SAID.search(image.url)):
        if match[1]:
            return int(match[1]) * int(match[2])
        side = int(match[3])
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
