"""Are two texts the same? Their words are laid beside each other; guards look at where they differ. Pure, linear."""

from bisect import bisect
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import compress, islice, pairwise
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from feeds.dedupe.fingerprint import LONGEST, WIDTH, encoded, sample
from feeds.dedupe.words import as_written, units

OWN_TITLES = "one source, other titles"
SHOWN, PASSAGE = 3, 40  # passages and differences that are kept as evidence, and units to each


class Limits(Struct, frozen=True, kw_only=True, gc=False):
    """The thresholds, each measured (docs/figures.md); `off` names guards to leave out, which is for measuring too."""

    shared: int = 24  # units that both have
    near: float = 0.6  # of the text that shares the smaller part of itself
    contained: float = 0.75  # of the shorter text
    short: float = 0.45  # a shorter text is a part of the longer one
    early: float = 1 / 3  # where what is shared has begun, in either text
    title: float = 0.3  # of the words of the longer one's title
    telling: int = 4  # letters; shorter words of a title tell little
    alike: float = 0.75  # likewise, in the title of the shorter one
    again: float = 0.25  # of the long words of what is shared
    follows: int = 100  # units of the longer text behind what is shared, where they come again
    own_title: float = 0.5  # likewise, of each title where both texts are one source's
    differing: float = 0.34  # of figures, or of names
    brief: int = 120  # units; below, two figures are many
    gap: int = 4  # units that stand in a gap of a form, at most
    gaps: int = 3
    between: int = 15  # units from gap to gap, at most
    swapped: int = 40  # longer, what stands in place of other words is an insertion
    edge: int = 15  # so much before what is shared is looked at, too
    off: frozenset[str] = frozenset()


LIMITS = Limits()


class Words(Struct, frozen=True, kw_only=True, gc=False):
    """A text ready to be compared: its units as they are compared, and as written."""

    title: tuple[str, ...]
    folded: tuple[str, ...]
    written: tuple[str, ...]


class Block(NamedTuple):
    """Units that stand in both texts in the same order: where in the one, where in the other, how many."""

    one: int
    other: int
    length: int


class Comparison(Struct, frozen=True, kw_only=True, gc=False):
    """What two texts share, and what that means.

    `rule` is near or contained; None: not the same, and `refused` says why not. `shares` are the parts of the one and
    of the other text that stand in both. `passages` are the longest of these, `swaps` what differs between them.
    """

    rule: str | None
    refused: str | None
    shares: tuple[float, float]
    shared: int
    passages: tuple[str, ...] = ()
    swaps: tuple[tuple[str, str], ...] = ()


def words_of(title: str, text: str) -> Words:
    """A text's units; of a long one only as many as are sampled for anchors."""
    written = as_written(text[: 16 * LONGEST])[:LONGEST]
    return Words(
        title=tuple(units([word.casefold() for word in as_written(title)])),
        folded=tuple(units([word.casefold() for word in written])[:LONGEST]),
        written=tuple(units(written, 1)[:LONGEST]),
    )


def without(words: Words, common: Collection[int]) -> Words:
    """The text without what stands in many others: each run of anchors that are common, with all between them.

    One that is a text's last is a footer: it goes on to the end.
    """
    if not common:
        return words
    places, hashes = sample(encoded(words.folded))
    known = list(map(common.__contains__, hashes))
    if True not in known:
        return words
    kept = [True] * len(words.folded)
    before: int | None = None
    for place, is_common in zip(places, known, strict=True):
        if is_common:
            start = place if before is None else before
            kept[start : place + WIDTH] = [False] * (place + WIDTH - start)
        before = place if is_common else None
    if before is not None:
        del kept[before:]
    return Words(
        title=words.title, folded=tuple(compress(words.folded, kept)), written=tuple(compress(words.written, kept))
    )


def compare(one: Words, other: Words, limits: Limits = LIMITS) -> Comparison:
    """Whether one text is the other: it does not matter which is which, but for the order of what is told."""
    if (len(one.folded), one.folded) > (len(other.folded), other.folded):
        return _turned(_compared(other, one, limits))
    return _compared(one, other, limits)


def _turned(found: Comparison) -> Comparison:
    shares, swaps = (found.shares[1], found.shares[0]), tuple((there, here) for here, there in found.swaps)
    return replace(found, shares=shares, swaps=swaps)


def _compared(one: Words, other: Words, limits: Limits) -> Comparison:
    found = _Laid(one, other, _blocks(one.folded, other.folded), limits)
    rule, refused = _judged(found)
    return Comparison(
        rule=rule,
        refused=refused,
        shares=(found.shares[0], found.shares[1]),
        shared=found.shared,
        passages=_passages(found) if rule else (),
        swaps=_swapped_words(found, rule) if rule else (),
    )


class Account(Struct, frozen=True, kw_only=True, gc=False):
    """A comparison with all that was looked at, also of texts that are not the same; `guards` that speak against it."""

    comparison: Comparison
    guards: tuple[str, ...]


def account(one: Words, other: Words, limits: Limits = LIMITS) -> Account:
    """Why two texts are, or are not, the same; told from the one's side."""
    short_first = (len(one.folded), one.folded) <= (len(other.folded), other.folded)
    a, b = (one, other) if short_first else (other, one)
    laid = _Laid(a, b, _blocks(a.folded, b.folded), limits)
    judged = _compared(a, b, limits)
    rule = "near" if min(laid.shares) >= limits.near else "contained"
    if laid.blocks:
        judged = replace(judged, passages=_passages(laid), swaps=_swapped_words(laid, rule))
    guards = tuple(name for name, guard in GUARDS.items() if laid.blocks and guard(laid, rule))
    return Account(comparison=judged if short_first else _turned(judged), guards=guards)


def titles_fit(one: Words, other: Words, limits: Limits = LIMITS) -> bool:
    """Whether two texts of one source may be one: the titles agree, or both speak of what stands in both.

    A site that prints one description under all of its broadcasts has many titles for it.
    """
    if one.title == other.title or OWN_TITLES in limits.off:
        return True
    both = set(one.folded).intersection(other.folded)
    titles = (set(one.title), set(other.title))
    return all(len(both & title) >= limits.own_title * len(title) for title in titles)


# ---------------------------------------------------------------- what is shared


def _blocks(one: Sequence[str], other: Sequence[str]) -> list[Block]:
    """The shared passages, in the order of the one text."""
    theirs = _shingles(other)
    where = {shingle: place for place, shingle in reversed(list(enumerate(theirs)))}
    found: list[Block] = []
    start, at = -1, -1
    for place, shingle in enumerate([*_shingles(one), None]):
        if start >= 0 and at + 1 < len(theirs) and theirs[at + 1] == shingle:
            at += 1
            continue
        if start >= 0:
            length = place - start
            found.append(Block(start, at - length + 1, length + WIDTH - 1))
        at = -1 if shingle is None else where.get(shingle, -1)
        start = place if at >= 0 else -1
    return _in_order(found)


def _in_order(blocks: list[Block]) -> list[Block]:
    """Those that come in the same order in both texts; where two cross, the longer one."""
    kept: list[Block] = []
    for block in sorted(blocks, key=lambda b: (-b.length, b.one, b.other)):
        place = bisect(kept, block)
        before = place == 0 or kept[place - 1].other + kept[place - 1].length <= block.other + WIDTH - 1
        after = place == len(kept) or block.other + block.length <= kept[place].other + WIDTH - 1
        if before and after:
            kept.insert(place, block)
    return kept


def _shingles(words: Sequence[str]) -> list[tuple[str, ...]]:
    return list(zip(*(words[n:] for n in range(WIDTH)), strict=False))


class Swap(NamedTuple):
    """Units that stand in place of each other, as written."""

    one: Sequence[str]
    other: Sequence[str]


@dataclass(slots=True)
class _Laid:
    """Two texts laid beside each other."""

    one: Words
    other: Words
    blocks: list[Block]
    limits: Limits
    shares: list[float] = field(default_factory=list)
    starts: list[float] = field(default_factory=list)  # where what is shared begins, as a part of each text
    shared: int = 0
    swapped: dict[str, list[Swap]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        spans = (
            (self.one, [(b.one, b.length) for b in self.blocks]),
            (self.other, [(b.other, b.length) for b in self.blocks]),
        )
        counts = [sum(_flags(parts, len(words.folded))) for words, parts in spans]
        self.shared = min(counts)
        for (words, parts), count in zip(spans, counts, strict=True):
            self.shares.append(count / max(len(words.folded), 1))
            self.starts.append(min((start for start, _ in parts), default=0) / max(len(words.folded), 1))

    def swaps(self, rule: str) -> list[Swap]:
        """What differs, found once for all guards."""
        if rule not in self.swapped:
            self.swapped[rule] = list(self._swaps(rule))
        return self.swapped[rule]

    def _swaps(self, rule: str) -> Iterator[Swap]:
        """What stands between two passages in both texts, and shortly before the first; of near ones also after all."""
        first, last = self.blocks[0], self.blocks[-1]
        edge, most = self.limits.edge, self.limits.swapped
        pairs = [(range(max(first.one - edge, 0), first.one), range(max(first.other - edge, 0), first.other))]
        pairs += (
            (range(a.one + a.length, b.one), range(a.other + a.length, b.other)) for a, b in pairwise(self.blocks)
        )
        if rule == "near":
            ours = range(last.one + last.length, len(self.one.written))
            theirs = range(last.other + last.length, len(self.other.written))
            both = min(len(ours), len(theirs))  # where one was cut off, the other's words stand in place of nothing
            pairs += [(ours[:both], theirs[:both])] if max(len(ours), len(theirs)) <= most else []
        for ours, theirs in pairs:
            if 0 < len(ours) <= most and 0 < len(theirs) <= most:
                yield Swap(self.one.written[ours.start : ours.stop], self.other.written[theirs.start : theirs.stop])


def _flags(parts: Iterable[tuple[int, int]], size: int) -> bytearray:
    flags = bytearray(size)
    for start, length in parts:
        flags[start : start + length] = b"\x01" * length
    return flags


# ---------------------------------------------------------------- the rules


def _judged(found: _Laid) -> tuple[str | None, str | None]:
    limits = found.limits
    if found.shared < limits.shared:
        return None, "little shared"
    if min(found.shares) >= limits.near:
        rule = "near"
    elif max(found.shares) >= limits.contained:
        rule = "contained"
    else:
        return None, "too much that is not shared"
    for name, guard in GUARDS.items():
        if name not in limits.off and guard(found, rule):
            return None, name
    return rule, None


def _is_late(found: _Laid, _rule: str) -> bool:
    """What is shared is the background of another story, or a list of teasers at its end."""
    return max(found.starts) > found.limits.early


def _is_in_a_round_up(found: _Laid, rule: str) -> bool:
    """The longer text goes on about other things: neither its title nor what follows speaks of the shorter one."""
    short, long, limits = found.one, found.other, found.limits
    if rule == "near" or len(short.folded) >= limits.short * len(long.folded) or short.title == long.title:
        return False
    title = {word for word in long.title if len(word) >= limits.telling} or set(long.title)
    if len(title.intersection(short.folded)) >= max(limits.title * len(title), min(2, len(title))):
        return False
    if found.blocks[0].other > limits.edge:
        return True  # what is shared is not how it begins
    alike = len(title.intersection(short.title)) >= max(limits.alike * len(title), 2)
    return not alike and not _goes_on(found)


def _goes_on(found: _Laid) -> bool:
    """Whether long words of what is shared come again behind it; no unit of a script without spaces is long."""
    limits, begins = found.limits, found.blocks[0].other
    flags = _flags(((b.other, b.length) for b in found.blocks), len(found.other.folded))
    told = {unit for unit in compress(found.other.folded, flags) if len(unit) > limits.telling}
    rest = compress(found.other.folded[begins:], (not flag for flag in flags[begins:]))
    return len(told.intersection(islice(rest, limits.follows))) >= max(limits.again * len(told), 4)


def _figures_differ(found: _Laid, rule: str) -> bool:
    """Results, rates, quakes, lotteries: the words are last time's, the figures are not."""
    differing = _differing(found, rule, _is_figure, max)
    if differing < 2:
        return False  # a correction
    brief = min(len(found.one.folded), len(found.other.folded)) < found.limits.brief
    return brief or differing > found.limits.differing * _all(found, rule, _is_figure)


def _is_filled_in(found: _Laid, rule: str) -> bool:
    """A short form with other words in its gaps."""
    if min(len(found.one.folded), len(found.other.folded)) >= found.limits.brief:
        return False
    gaps = sum(1 for swap in found.swaps(rule) if max(len(swap.one), len(swap.other)) <= found.limits.gap)
    return gaps >= found.limits.gaps and gaps * found.limits.between > found.shared


def _names_differ(found: _Laid, rule: str) -> bool:
    """The same words about somebody else."""
    differing = _differing(found, rule, _is_capitalised, min)
    return differing >= 2 and differing > found.limits.differing * _all(found, rule, _is_capitalised)


GUARDS: dict[str, Callable[[_Laid, str], bool]] = {
    "shared late": _is_late,
    "a round-up": _is_in_a_round_up,
    "other figures": _figures_differ,
    "other names": _names_differ,
    "a form filled in": _is_filled_in,
}


def _differing(found: _Laid, rule: str, counts: Callable[[str], bool], of_two: Callable[[int, int], int]) -> int:
    """How many such units stand in place of others."""
    differing = 0
    for swap in found.swaps(rule):
        ours, theirs = (Counter(filter(counts, units)) for units in swap)
        differing += of_two((ours - theirs).total(), (theirs - ours).total())
    return differing


def _all(found: _Laid, rule: str, counts: Callable[[str], bool]) -> int:
    """How many such units there are where the texts run beside each other."""
    shared = sum(counts(unit) for b in found.blocks for unit in found.one.written[b.one : b.one + b.length])
    return shared + sum(max(sum(map(counts, units)) for units in swap) for swap in found.swaps(rule))


def _is_figure(unit: str) -> bool:
    return any(char.isdigit() for char in unit)


def _is_capitalised(unit: str) -> bool:
    return unit[0].isupper()


# ---------------------------------------------------------------- the evidence


def _passages(found: _Laid) -> tuple[str, ...]:
    longest = sorted(found.blocks, key=lambda b: (-b.length, b.one))[:SHOWN]
    return tuple(_phrase(found.one.written[b.one : b.one + b.length]) for b in sorted(longest))


def _swapped_words(found: _Laid, rule: str) -> tuple[tuple[str, str], ...]:
    kept = [swap for swap in found.swaps(rule) if swap.one != swap.other][:SHOWN]
    return tuple((_phrase(swap.one), _phrase(swap.other)) for swap in kept)


def _phrase(written: Sequence[str]) -> str:
    """Units as a person reads them, shortened."""
    text = ""
    for unit in written[:PASSAGE]:
        glued = len(unit) == 1 and text and not unit.isascii() and not text[-1].isascii()
        text += unit if glued or not text else f" {unit}"
    return text + ("…" if len(written) > PASSAGE else "")
