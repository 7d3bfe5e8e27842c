"""A desk whose rules are changed in rehearsal, or in earnest."""

from feeds.model import Site
from feeds.pipeline.rehearsal import Play, rehearse
from feeds.pipeline.rules import NO_RULES
from feeds.pipeline.shaping import Presses
from feeds.pipeline.views import press
from tests.newsroom import DAY
from tests.values import replace

SITE = Site(title="Desk", base_url="https://desk.example/")


def changed(book, *, sources=(), sections=(), renamed=(), without=()):
    """The rulebook with other fields of sources and sections, by name."""
    named = dict(renamed)
    fresh = [replace(s, **dict(sources).get(s.name, {})) for s in book.sources.values() if s.name not in without]
    fresh = [replace(s, name=named[s.name], formerly=(s.name,)) if s.name in named else s for s in fresh]
    shaped = tuple(replace(s, **dict(sections).get(s.name, {})) for s in book.sections if s.name not in without)
    return replace(book, sources={s.name: s for s in fresh}, sections=shaped)


def rehearsed(desk, *, since=3 * DAY, drop=NO_RULES, against=True, more=(), progress=lambda *_: None, **changes):
    """What the desk's store would come to by other rules; `more` are further sections."""
    book = changed(desk.book, **changes)
    book = replace(book, sections=(*book.sections, *more))
    with desk.store.reading() as shelf:
        records = shelf.sources()
    prints = [press(SITE, one.sections, one.sources.values(), records) for one in (book, desk.book)]
    presses = Presses(new=prints[0], old=prints[1] if against else None)
    play = Play(rules=book, drop=drop, presses=presses, since=desk.now - since, now=desk.now)
    return rehearse(desk.store, play, progress)
