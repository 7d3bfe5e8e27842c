"""Families of entries: whatever is united and parted, no article is lost and every one stands in one family."""

from hypothesis import given
from hypothesis import strategies as st

from feeds.dedupe.families import Family, apart, barred, part, survivor, unite

ARTICLES = range(1, 9)


def single(number):
    return Family(root=number, homes={number: number}, into={})


def of(families, number):
    return next(f for f in families if number in f.homes)


def play(families, steps):
    """United and parted as the steps say: (two articles) or (one article)."""
    for step in steps:
        one = of(families, step[0])
        if len(step) == 1:
            parting = part(one, step[0])
            fresh = [parting.stays, parting.leaves] if parting else [one]
            families = [f for f in families if f is not one] + fresh
            continue
        other = of(families, step[1])
        if one is not other:
            lives, goes = sorted((one, other), key=lambda f: f.root)
            families = [f for f in families if f not in (one, other)] + [unite(lives, goes)]
    return families


COPIES = Family(root=1, homes={1: 1, 2: 1, 3: 1, 4: 1}, into={})
steps = st.lists(
    st.one_of(st.tuples(st.sampled_from(ARTICLES)), st.tuples(st.sampled_from(ARTICLES), st.sampled_from(ARTICLES))),
    max_size=20,
)


@given(steps=steps)
def test_no_article_is_lost_and_none_stands_twice(steps):
    families = play([COPIES, *map(single, range(5, 9))], steps)
    assert sorted(a for f in families for a in f.homes) == list(ARTICLES)


@given(steps=steps)
def test_an_entry_is_where_its_first_article_is(steps):
    families = play([COPIES, *map(single, range(5, 9))], steps)
    assert [f.homes[e] for f in families for e in sorted(f.entries)] == [e for f in families for e in sorted(f.entries)]


@given(steps=steps)
def test_every_alias_leads_to_the_one_that_lives(steps):
    for family in play([COPIES, *map(single, range(5, 9))], steps):
        assert family.branch(family.root) == family.entries


@given(steps=steps)
def test_every_article_came_with_an_entry_of_its_family(steps):
    for family in play([COPIES, *map(single, range(5, 9))], steps):
        assert set(family.homes.values()) <= family.entries


@given(steps=steps, number=st.sampled_from(ARTICLES), other=st.sampled_from(ARTICLES))
def test_parting_undoes_uniting(steps, number, other):
    families = play([COPIES, *map(single, range(5, 9))], steps)
    one, two = sorted((of(families, number), of(families, other)), key=lambda f: f.root)
    if one is not two:
        parting = part(unite(one, two), two.root)
        assert (parting.stays, parting.leaves) == (one, two)


def test_the_only_article_stays():
    assert part(single(5), 5) is None


def test_the_first_article_keeps_the_entry():
    parting = part(COPIES, 1)
    assert (parting.stays.root, parting.leaves.root, set(parting.leaves.homes)) == (1, 2, {2, 3, 4})


def test_which_are_kept_apart():
    both = unite(single(1), single(7))
    assert set(apart(single(5), both)) == {(1, 5), (5, 7)}


def test_an_alias_is_kept_apart_as_well():
    assert barred({5}, {1, 7}, {(5, 7)})


def test_of_two_that_stand_in_sections_the_older_lives():
    assert [survivor(3, 2, {2, 3}), survivor(3, 2, {3}), survivor(3, 2, ())] == [2, 3, 2]
