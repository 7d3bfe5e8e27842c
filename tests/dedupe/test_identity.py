"""The same item again, within one source."""

from itertools import permutations

import pytest

from feeds.dedupe.identity import another_id, identify
from feeds.dedupe.keys import Head, draft
from tests.newsroom import LONG, NOON, OTHER, article


def head(one, row=1):
    """What is stored of a draft."""
    return Head(
        row=row,
        id=one.article.id,
        source="gazette",
        entry=row,
        digest=one.article.digest,
        guid_key=one.guid_key,
        title_key=one.title_key,
        text_key=one.text_key,
        url_key=one.url_key,
        words=one.words,
        first_seen=NOON,
    )


def known(*heads_of):
    """The index of keys that these drafts left, in the order in which they came."""
    found = {}
    for row, one in enumerate(heads_of, 1):
        for k in one.keys:
            found.setdefault(k, head(one, row))
    return found


def rows(identity):
    return [h and h.row for h in identity.heads]


PAGE = "https://gazette.example/page"
A = {"guid": "tag:gazette.example:a", "url": PAGE, "title": "Ferry returns"}


@pytest.mark.parametrize(
    ("old", "new", "same"),
    [
        ({}, {"text": OTHER, "title": "Anew", "url": "https://gazette.example/x"}, True),  # by guid
        ({}, {"guid": "tag:gazette.example:b"}, True),  # by link, the titles agree
        ({}, {"guid": "tag:gazette.example:b", "title": "Anew"}, False),
        ({}, {"guid": None}, True),
        ({}, {"guid": None, "title": "Anew"}, False),
        ({"guid": None}, {"guid": None, "title": "Anew"}, True),
        ({"guid": None}, {"guid": None, "url": f"{PAGE}?x", "canonical": PAGE, "title": "Anew"}, True),
        ({"guid": "7"}, {"guid": "7", "text": OTHER}, True),
        ({"guid": "7"}, {"guid": "7", "title": "Anew"}, True),  # the link agrees
        ({"guid": "7"}, {"guid": "7", "title": "Anew", "url": "https://gazette.example/x"}, False),
        ({"guid": f"{PAGE}#0", "url": None}, {"guid": f"{PAGE}#1", "url": None}, True),
        ({"guid": None, "url": None}, {"guid": None, "url": None, "text": OTHER}, False),
    ],
)
def test_one_item_against_one_article(old, new, same):
    before = draft(article("a", **(A | old)))
    found = identify([draft(article("a", **(A | new)))], known(before), {})
    assert rows(found) == [1 if same else None]


def test_what_says_just_the_same_is_the_same_without_any_key():
    one = draft(article("a", guid=None, url=None))
    assert rows(identify([one], {}, {one.article.digest: head(one, 4)})) == [4]


def test_an_ambiguous_key_counts_no_more():
    one = draft(article("a", **A))
    assert rows(identify([one], {one.guid_key: None}, {})) == [None]


def test_a_key_on_two_items_is_ambiguous():
    one, other = draft(article("a", guid="same")), draft(article("b", guid="same"))
    found = identify([one, other], known(one), {})
    assert found.ambiguous == {one.guid_key}


def test_a_key_that_the_document_repeats_elsewhere_is_ambiguous():
    one = draft(article("a", **A))
    found = identify([one], known(one), {}, repeated=frozenset(one.keys))
    assert (rows(found), found.ambiguous) == ([None], frozenset(one.keys))


def test_a_weaker_key_names_nothing_that_stands_beside_it():
    old = draft(article("a", **A))
    new = draft(article("a", **(A | {"guid": "tag:gazette.example:b"})))
    assert rows(identify([new], known(old), {}, present=frozenset([old.guid_key]))) == [None]
    assert rows(identify([new], known(old), {}, present=frozenset([old.article.digest]))) == [None]


def test_one_article_is_given_once():
    old = draft(article("a", **A))
    new = [draft(article("a", **(A | {"guid": None, "text": t, "url": u}))) for t, u in ((LONG, PAGE), (OTHER, None))]
    index = known(old) | {k: head(old) for one in new for k in one.keys}
    assert sorted(rows(identify(new, index, {})), key=str) == [1, None]


def test_equal_guid_and_text_is_one_item():
    one, other = draft(article("a", **A)), draft(article("a", **(A | {"updated": NOON})))
    found = identify([one, other], {}, {})
    assert found.drafts == (other,)
    assert not found.ambiguous


def test_equal_text_without_guids_is_two_items():
    one, other = (draft(article("a", guid=None, url=u)) for u in (PAGE, f"{PAGE}/2"))
    assert len(identify([one, other], {}, {}).drafts) == 2


def test_the_order_of_the_drafts_decides_nothing():
    stored = [draft(article(n, **(A | {"guid": None, "url": f"{PAGE}/{n}", "text": n}))) for n in "abc"]
    new = [
        draft(article("x", guid=None, url=f"{PAGE}/a", title="Ferry returns", text="1")),
        draft(article("x", guid=None, url=f"{PAGE}/b", canonical=f"{PAGE}/a", title="Ferry returns", text="2")),
        draft(article("x", guid=None, url=f"{PAGE}/x", canonical=f"{PAGE}/c", title="Ferry returns", text="3")),
        draft(article("x", guid=None, url=f"{PAGE}/c", canonical=f"{PAGE}/x", title="Ferry returns", text="4")),
    ]
    outcomes = set()
    for order in permutations(new):
        found = identify(order, known(*stored), {})
        outcomes.add(frozenset((d.article.text, h and h.row) for d, h in zip(found.drafts, found.heads, strict=True)))
    assert len(outcomes) == 1


def test_another_id_is_an_id_and_always_the_same():
    proposed = article("a").id
    first = another_id(proposed, 5)
    assert first == another_id(proposed, 5)
    assert len({proposed, first, another_id(proposed, 6), another_id(proposed, 5, 1)}) == 4
    assert first.startswith("urn:uuid:")
