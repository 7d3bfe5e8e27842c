"""Rewording: an article comes to say something else, by an edit of its source or by its page; its identity stays."""

from feeds.dedupe.keys import ENOUGH_WORDS, Draft, Head
from feeds.model import Article
from feeds.pipeline.desk import Desk, columns, restate
from feeds.pipeline.late import meets
from feeds.pipeline.leading import take_up
from feeds.pipeline.likeness import note
from feeds.pipeline.straying import is_apart, strays
from feeds.store import decisions

BY_WORDS = ("same text", "wire copy")


def reword(desk: Desk, one: Draft, head: Head, old: Article, settled: Article) -> None:
    """Puts what an article says now in place of what it said; copies find it by that, and it may be another's."""
    take_up(desk, head.entry, edits=True)
    desk.pending.changed.append(columns(one, settled, desk.now) | {"id": head.row})
    restate(desk, one, head)
    if desk.rules.sources[head.source].dedupe:
        note(desk.likeness, one, head, new=False)
        if _says_another(one, head):
            _leave(desk, one, head, settled)
    row = desk.entries[head.entry]
    if row.lead_id == head.row:
        _lead(desk, one, head, old, settled)


def _leave(desk: Desk, one: Draft, head: Head, settled: Article) -> None:
    """What has words of its own may leave the entry that it joined, what has another's go to that."""
    if head.row != head.entry and _joined_by_words(desk, head) and is_apart(desk, one, head, settled):
        desk.parted.append(head)
    if meets(desk, one, head.entry):
        desk.reworded.append((head, one))


def _joined_by_words(desk: Desk, head: Head) -> bool:
    """Whether it joined by what it said; not by its page, or by a person."""
    (member,) = (member for _, member in decisions.evidence_of(desk.ledger, {head.row}))
    return member.rule.removeprefix("late: ").startswith(BY_WORDS)


def _lead(desk: Desk, one: Draft, head: Head, old: Article, settled: Article) -> None:
    """What leads an entry says something else: where it is named, and whether it may lead on."""
    if (old.title, old.language) != (settled.title, settled.language):
        desk.renamed.add(head.entry)
    if (old.title, old.match_text) != (settled.title, settled.match_text) and strays(desk, one, head, old, settled):
        desk.astray.add(head.entry)
        desk.rerouted.setdefault(head.entry, False)


def _says_another(one: Draft, head: Head) -> bool:
    """Whether an article's words changed, and are enough to be known by."""
    enough = one.words >= ENOUGH_WORDS and one.dropped is None
    return enough and (one.text_key, one.title_key) != (head.text_key, head.title_key)
