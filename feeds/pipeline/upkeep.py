"""Upkeep: what nothing asks for any more is forgotten, a little at a time."""

from datetime import datetime, timedelta

from feeds.dedupe.decide import WINDOW
from feeds.dedupe.stories import STORY_WINDOW
from feeds.pipeline.likeness import forget
from feeds.store import Store
from feeds.store.codec import micros, moment
from feeds.store.stories import forget_stories

LOG_KEPT = timedelta(days=14)  # of polls
RARELY = timedelta(days=1)  # enough where every run is a process of its own
DONE = "upkeep"  # in `meta`: when it was last begun


def keep_up(store: Store, now: datetime, every: timedelta = timedelta(0)) -> int | None:
    """Forgets polls of long ago, stories that have ended, and by what texts of long ago would be found.

    Gives how many polls; None where less than `every` has passed since it was last begun, by whomever. What no
    upkeep was ever begun for is new, and has nothing to forget yet.
    """
    last = store.setting(DONE)
    if last is not None and timedelta(0) <= now - moment(int(last)) < every:
        return None
    with store.deciding() as ledger:
        ledger.note(DONE, str(micros(now)))
        if every and last is None:
            return None
        forgotten = ledger.prune_polls(now - LOG_KEPT)
        forget_stories(ledger, now - STORY_WINDOW)
    forget(store, now - WINDOW)
    return forgotten
