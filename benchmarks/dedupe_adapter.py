#!/usr/bin/env python3
"""Copydesk as a de-duplicator on standard input and output: the product's own code and a store on disk.

    python dedup_eval.py wire.jsonl.gz --cmd "python benchmarks/dedupe_adapter.py"

Reads articles, one JSON object a line (id, ts, feed, url, guid, lang, title, body or summary), in order of time. For
each it writes {"id", "dup_of", "cluster"}: the article whose entry it joined, and that entry's story. Every article
comes as an item of its feed's document; it is normalised, keyed and settled as a poll's are, `ts` being the moment.
What has come while the last answers were written is settled together, one article of each feed.
"""

import argparse
import json
import queue
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from msgspec.structs import replace
from sqlalchemy import func, select

from feeds.dedupe.keys import Draft, draft
from feeds.model import Claim, Item, Outcome, ParsedFeed, Poll, Section, Source, SourceState, Text
from feeds.normalise import normalise
from feeds.pipeline.read import Read
from feeds.pipeline.rerouting import bring_sections
from feeds.pipeline.rules import Rulebook
from feeds.pipeline.settle import settle
from feeds.store import Store, open_store
from feeds.store.schema import article, story_entry

AHEAD = 200  # lines that are read while others are settled
DAY = timedelta(days=1)
DESK = Section(name="desk", title="Desk")  # takes everything: only what stands in a section is grouped into stories


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--store", type=Path, help="the SQLite file to make and keep (default: a temporary one)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = options.store or Path(folder, "store.db")
        with closing(open_store(f"sqlite:///{path}", "adapter")) as store:
            desk = Desk(store)
            for batch in batches():
                for answer in desk.take(batch):
                    sys.stdout.write(json.dumps(answer) + "\n")
                sys.stdout.flush()


def batches() -> Iterator[list[dict[str, Any]]]:
    """What has come, without waiting for more than the first."""
    lines: queue.Queue[str | None] = queue.Queue(AHEAD)

    def read() -> None:
        for line in sys.stdin:
            lines.put(line)
        lines.put(None)

    threading.Thread(target=read, daemon=True).start()
    while (line := lines.get()) is not None:
        batch, feeds = [], set()
        while True:
            one = json.loads(line)
            if one["feed"] in feeds:
                yield batch
                batch, feeds = [], set()
            batch.append(one)
            feeds.add(one["feed"])
            if lines.empty() or (line := lines.get()) is None:
                break
        yield batch
        if line is None:
            return


class Desk:
    """A store whose sources are the feeds of the articles that came."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.sources: dict[str, Source] = {}
        self.names: dict[str, str] = {}  # our id of an article -> theirs
        with store.deciding() as ledger:
            bring_sections(ledger, self._rules(), datetime.now(UTC))

    def take(self, batch: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Settles articles in one transaction, each as a poll of its own."""
        self._meet({one["feed"] for one in batch})
        reads = [self._read(one) for one in batch]
        now = moment(batch[-1])
        with self.store.deciding() as ledger:
            rows = ledger.sources({r.source.name for r in reads})
            reads = [replace(r, claim=replace(r.claim, token=rows[r.source.name].token)) for r in reads]
            ledger.connection.exec_driver_sql("UPDATE source SET lease_until = 1")
            settle(ledger, reads, self._rules(), now)
            found = self._found([r.drafts[0] for r in reads], ledger.connection)
        return [
            self._answer(one, *found[r.drafts[0].article.digest, r.source.name])
            for one, r in zip(batch, reads, strict=True)
        ]

    def _meet(self, feeds: set[str]) -> None:
        fresh = sorted(feed for feed in feeds if name_of(feed) not in self.sources)
        for feed in fresh:
            name = name_of(feed)
            self.sources[name] = Source(name=name, url=f"https://{feed}/feed", sections=(DESK.name,))
        if fresh:
            self.store.register(tuple(self.sources.values()))

    def _rules(self) -> Rulebook:
        return Rulebook(sources=self.sources, sections=(DESK,), first_items=10, first_age=2 * DAY, spacing=0 * DAY)

    def _read(self, said: dict[str, Any]) -> Read:
        source = self.sources[name_of(said["feed"])]
        now = moment(said)
        one = drafted(said, source, now)
        state = SourceState(name=source.name, url=source.url, last_success=now - DAY)
        return Read(
            claim=Claim(state=state, token=0, until=now + DAY),
            source=source,
            poll=Poll(source=source.name, at=now, outcome=Outcome.FRESH, items=1),
            state=replace(state, next_poll=now),
            host=said["feed"],
            drafts=(one,),
        )

    def _found(self, drafts: list[Draft], connection: Any) -> dict[tuple[int, str], tuple[str, str, str | None]]:
        """(digest, source) -> article, the first of its story, counterpart."""
        first = article.alias()
        said = (article.c.digest, article.c.uid, article.c.evidence, article.c.data, first.c.uid.label("story"))
        of_story = func.coalesce(story_entry.c.story_id, article.c.entry_id)
        query = select(*said).outerjoin_from(article, story_entry, story_entry.c.entry_id == article.c.entry_id)
        query = query.join(first, first.c.id == of_story)
        query = query.where(article.c.digest.in_([d.article.digest for d in drafts]))
        found = {}
        for row in connection.execute(query):
            source = json.loads(row.data)["source"]
            counterpart = json.loads(row.evidence)["counterpart"] if row.evidence else None
            found[row.digest, source] = (row.uid, row.story, counterpart)
        return found

    def _answer(self, said: dict[str, Any], uid: str, story: str, counterpart: str | None) -> dict[str, Any]:
        known = self.names.setdefault(uid, said["id"])  # the same item again: a copy of itself
        other = self.names[counterpart] if counterpart else known
        return {"id": said["id"], "dup_of": None if other == said["id"] else other, "cluster": self.names[story]}


def drafted(said: dict[str, Any], source: Source, now: datetime) -> Draft:
    """The article as an item of its feed's document."""
    body = said.get("body") or said.get("summary") or ""
    item = Item(
        guid=said.get("guid"),
        link=said.get("url"),
        title=Text(value=said.get("title") or "", type="html"),
        content=Text(value=body, type="html"),
        published=said.get("ts"),
        language=said.get("lang"),
    )
    return draft(normalise(item, ParsedFeed(items=(item,), format="rss20"), source, source.url, now))


def name_of(feed: str) -> str:
    return "".join(c if c.isalnum() else "-" for c in feed.lower()).strip("-") or "feed"


def moment(said: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(said["ts"]).replace(tzinfo=UTC)


if __name__ == "__main__":
    main()
