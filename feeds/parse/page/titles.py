"""The headline of a page, among the titles that it gives itself in several places."""

import re
from collections.abc import Sequence

from feeds.normalise.dates import fold
from feeds.parse.page.said import Said

_FEW = 5
_LONGEST = 1_000  # characters
_WORD = re.compile(r"\w+")
_BARS = re.compile(r"\s+[|│–—»·•:\-_]+\s+|\s*[|│_»]\s*")


def headline(layers: Sequence[Said], seen: str, title: str, sites: Sequence[str], *, heads: bool = False) -> str:
    """The title said first, or the one that readers see where they are nearly the same, without the site's name.

    `seen` is the headline that readers see, `title` that of the window, `sites` what the site is called, its host last.
    `heads`: the page shows what it says nowhere else, and says nothing of an article in its data.
    """
    title = title[:_LONGEST]
    told = [layer.title[:_LONGEST] for layer in layers if layer.title]
    said = told + ([title] if title else [])
    if not said or (seen and not told and title.count(" ") < min(seen.count(" "), _FEW) and not _alike(seen, title)):
        return seen  # a window that is called as the site is
    for one in dict.fromkeys((said[0], title, *said[1:])):
        if seen and one and _alike(seen, one):
            bare = without_site(one, sites)
            return bare if _within(bare, seen) else seen
    if heads and letters(seen) not in map(letters, sites):
        return seen  # what else there is was written for search engines and networks
    return without_site(said[0], sites)


def _alike(seen: str, said: str) -> bool:
    """Whether the one is the other with something added or cut off, or most of its words."""
    if seen in parts(said):
        return True
    shorter, longer = sorted((letters(seen), letters(said)), key=len)
    if shorter and shorter in longer and 2 * len(shorter) >= len(longer):
        return True
    some, others = (set(_WORD.findall(fold(text))) for text in (seen, said))
    return min(len(some), len(others)) >= 3 and 2 * len(some & others) >= min(len(some), len(others))


def _within(said: str, seen: str) -> bool:
    """Whether the headline seen has something before or behind the title, which was not cut short."""
    one, other = letters(said), letters(seen)
    return one in other and 2 * len(one) >= len(other) and not said.rstrip().endswith(("…", "..."))


def without_site(title: str, sites: Sequence[str]) -> str:
    """The title without the site's name before or behind it."""
    names = [name for name in map(letters, sites) if name]
    for match in reversed([*_BARS.finditer(title)]):
        before, behind = title[: match.start()].strip(), title[match.end() :].strip()
        if before and _is_site(letters(behind), names):
            return without_site(before, sites)
        if behind and _is_site(letters(before), names):
            return behind
    return title


def parts(title: str) -> list[str]:
    """What stands before the bars in a title, and what stands between and behind them."""
    title = title[:_LONGEST]
    before = [title[: bar.start()].strip() for bar in _BARS.finditer(title)]
    return list(filter(None, (*reversed(before), *map(str.strip, _BARS.split(title)[1:]))))


def site_of(title: str, host: str) -> str:
    """What the title of a window that has several parts calls the site: what its host does, else the last of them."""
    several = list(filter(None, map(str.strip, _BARS.split(title))))
    return next((part for part in several if _is_site(letters(part), [letters(host)])), (several or [title])[-1])


def _is_site(part: str, names: Sequence[str]) -> bool:
    """Whether a part of a title is what the site is called; of its host, a part of some length is enough."""
    return part in names or (len(part) >= 4 and any(part in name for name in names[-1:]))


def letters(text: str) -> str:
    """What two spellings of a name have in common."""
    return "".join(filter(str.isalnum, fold(text)))
