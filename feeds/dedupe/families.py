"""Families: entries that became one after they were there, and how they part again. Pure.

An entry that went into another is its alias; its articles stand with the other's, and leave with it. Numbers are the
store's own; an entry's is that of its first article, which is why that one never leaves its entry.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping

from msgspec import Struct


class Family(Struct, frozen=True, kw_only=True, gc=False):
    """An entry with every entry that went into it."""

    root: int  # the entry that lives
    homes: Mapping[int, int]  # article -> the entry that it came with
    into: Mapping[int, int]  # alias -> the entry that it went into

    @property
    def entries(self) -> frozenset[int]:
        """The entry that lives, and its aliases."""
        return frozenset((self.root, *self.into))

    def branch(self, entry: int) -> frozenset[int]:
        """An entry and all that went into it."""
        return frozenset(other for other in self.entries if entry in self._way(other))

    def _way(self, entry: int) -> Iterator[int]:
        yield entry
        while entry in self.into:
            entry = self.into[entry]
            yield entry


class Parting(Struct, frozen=True, kw_only=True, gc=False):
    """What comes out of a family: an entry of its own, new or an alias that lives again."""

    stays: Family
    leaves: Family


def part(family: Family, member: int) -> Parting | None:
    """Takes a member out; None: it is all there is.

    A member that once was an entry takes with it what it brought. The first article of the entry that lives gives
    that its id: so it stays, and the others leave.
    """
    if len(family.homes) < 2:
        return None
    if member == family.root:
        return _first_stays(family)
    if member in family.into:
        return _cut(family, member, family.branch(member))
    stays = Family(root=family.root, homes=_without(family.homes, {member}), into=family.into)
    return Parting(stays=stays, leaves=Family(root=member, homes={member: member}, into={}))


def _cut(family: Family, root: int, branch: Collection[int]) -> Parting:
    theirs = {article for article, home in family.homes.items() if home in branch}
    return Parting(
        stays=Family(root=family.root, homes=_without(family.homes, theirs), into=_without(family.into, branch)),
        leaves=Family(
            root=root,
            homes={a: h for a, h in family.homes.items() if a in theirs},
            into={a: i for a, i in family.into.items() if a in branch and a != root},
        ),
    )


def _first_stays(family: Family) -> Parting:
    """The others are led by the oldest entry that there once was among them, else begin a new one."""
    root = family.root
    others = _without(family.homes, {root})
    new = min((alias for alias, into in family.into.items() if into == root), default=min(others))
    into = {alias: new if above == root else above for alias, above in family.into.items() if alias != new}
    leaves = Family(root=new, homes={a: new if h == root else h for a, h in others.items()}, into=into)
    return Parting(stays=Family(root=root, homes={root: root}, into={}), leaves=leaves)


def _without(numbers: Mapping[int, int], these: Collection[int]) -> dict[int, int]:
    return {number: value for number, value in numbers.items() if number not in these}


def unite(survivor: Family, other: Family) -> Family:
    """The other entry goes into the survivor, with its aliases."""
    return Family(
        root=survivor.root,
        homes={**survivor.homes, **other.homes},
        into={**survivor.into, **other.into, other.root: survivor.root},
    )


def apart(one: Family, other: Family) -> Iterator[tuple[int, int]]:
    """The pairs of entries that may not become one, where these two may not: (lower, higher)."""
    for a in sorted(one.entries):
        for b in sorted(other.entries):
            yield min(a, b), max(a, b)


def survivor(one: int, other: int, listed: Collection[int]) -> int:
    """Which of two entries lives: the one that stands in sections, of two such the older."""
    return min((one, other), key=lambda number: (number not in listed, number))


def barred(one: Iterable[int], other: Collection[int], pairs: Collection[tuple[int, int]]) -> bool:
    """Whether any entry of the one must stay apart from any of the other."""
    return any((min(a, b), max(a, b)) in pairs for a in one for b in other)
