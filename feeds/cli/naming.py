"""How entries and articles are named on the command line: by id, page, URL, or the number that `explain` prints."""

import re
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from feeds.model import Article
    from feeds.store.shelf import Shelf, Shown

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)
NUMBER = re.compile(r"#?([0-9]{1,18})")
TOLD = 8  # members that a sentence names


def articles_named(shelf: "Shelf", what: str) -> list[int]:
    """The articles that are meant, by the store's own numbers; an entry's id is that of its first article."""
    from feeds.store.decisions import article_of, articles_at, entries_with

    if number := NUMBER.fullmatch(what):
        return list(entries_with(shelf, {int(number[1])}))
    uid = UUID.search(what)
    found = article_of(shelf, f"urn:uuid:{uid.group().lower()}") if uid else None
    if found is not None:
        return [found]
    wanted = url_key_of(what)
    return articles_at(shelf, wanted) if wanted is not None else []


def url_key_of(what: str) -> int | None:
    """The key of a URL as articles have it; None: it is none."""
    from feeds.dedupe.keys import key
    from feeds.normalise.links import canonical

    url = canonical(what)
    return key("canonical", url) if url else None


def entry_named(shelf: "Shelf", what: str) -> "tuple[int, Shown]":
    """The one entry that is meant, with its number; a usage error when there is none, or more than one."""
    from feeds.store.decisions import entries_with

    entries = sorted(set(entries_with(shelf, articles_named(shelf, what)).values()))
    if not entries:
        raise nothing_named(what)
    found = list(shelf.entries(entries))
    if len(found) > 1:
        ids = "; ".join(f"{shown.entry.id} ({shown.lead.source}: {shown.lead.title})" for _, shown in found[:TOLD])
        raise click.UsageError(f"{what}: several entries have an article there; name one by its id: {ids}")
    return found[0]


def nothing_named(what: str) -> click.UsageError:
    """Said when nothing has that name."""
    return click.UsageError(
        f"{what}: no article with that id or URL is in the store; `copydesk status` shows what is polled"
    )


def member_named(shown: "Shown", what: str) -> int:
    """The number of the one member of an entry that is meant; a usage error otherwise."""
    found = [copy for copy in shown.copies if _is_meant(shown, copy, what)]
    if len(found) == 1:
        return shown.numbers[found[0].id]
    named = _listed(shown, found or shown.copies)
    if found:
        raise click.UsageError(f"{what}: several members are called so; name one by its number: {named}")
    raise click.UsageError(f"{what}: not a member of {shown.entry.id}; its members are: {named}")


def _is_meant(shown: "Shown", copy: "Article", what: str) -> bool:
    if number := NUMBER.fullmatch(what):
        return shown.numbers[copy.id] == int(number[1]) or copy.guid == what
    if uid := UUID.search(what):
        return copy.id == f"urn:uuid:{uid.group().lower()}" or copy.guid == what
    if what in (copy.source, copy.guid, copy.url):
        return True
    wanted = url_key_of(what)
    return wanted is not None and copy.canonical is not None and url_key_of(copy.canonical) == wanted


def _listed(shown: "Shown", copies: "tuple[Article, ...] | list[Article]") -> str:
    named = [f"#{shown.numbers[c.id]} ({c.source}: {c.title or 'no title'})" for c in copies[:TOLD]]
    return ", ".join(named) + (f" and {len(copies) - TOLD} more" if len(copies) > TOLD else "")
