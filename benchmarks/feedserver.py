#!/usr/bin/env python3
"""Many feeds on loopback, the same for the same --seed and --now: something to poll for the benchmarks.

    python benchmarks/feedserver.py --feeds 1000 --entries 30

The address is printed once it listens; the server ends with its standard input. Two feeds in three are RSS 2.0, the
others Atom; an entry has about 3 kB of HTML. Every connection is closed after one response, as between strangers.

    /feed/N                           feed N, from 0
    /control/urls                     the address of every feed, one a line
    /control/round?share=0.05&new=3   that share of the feeds gets so many new entries; as many leave at the other end
    /control/validators?on=0          from now on no ETag and no Last-Modified, and no 304
    /control/stats                    what was answered since the last time, as JSON
"""

import argparse
import asyncio
import json
import random
import sys
import time
from collections import Counter, deque
from dataclasses import dataclass, field
from email.utils import formatdate
from html import escape
from itertools import islice
from urllib.parse import parse_qs, urlsplit

HALF_HOUR = 1800
SENTENCES = 5000
DESKS = ("world", "politics", "business", "science", "health", "sport", "culture", "climate", "travel", "opinion")
SYLLABLES = "ba bel cor da del en fa gar hol in jo kel la mar nor o pen qua ri sol ta ul ver wen xi yor zan".split()
SMALL_WORDS = "the of and to in a that for on with as by at from is was has are were will not but its their".split()
ACCENTED = "café naïve Ålesund São Łódź Türkiye Curaçao Malmö".split()


class Prose:
    """Sentences of made-up words, some common and most rare, as in a newspaper."""

    def __init__(self, dice: random.Random) -> None:
        rare = ["".join(dice.choices(SYLLABLES, k=dice.randint(2, 4))) for _ in range(4000)]
        weights = [8] * len(SMALL_WORDS) + [0.04] * len(rare) + [0.2] * len(ACCENTED)
        words = dice.choices(SMALL_WORDS + rare + ACCENTED, weights, k=120_000)
        taken = iter(words)
        self.sentences = [" ".join(islice(taken, dice.randint(9, 22))).capitalize() + "." for _ in range(SENTENCES)]

    def paragraph(self, dice: random.Random) -> str:
        return " ".join(dice.choices(self.sentences, k=dice.randint(2, 6)))


@dataclass(slots=True)
class Feed:
    number: int
    atom: bool
    entries: deque = field(default_factory=deque)  # rendered, newest first
    serial: int = 0  # of the next entry
    version: int = 0
    body: bytes = b""


class Newsroom:
    """All feeds, rendered."""

    def __init__(self, base: str, feeds: int, entries: int, seed: int, now: int) -> None:
        self.base, self.size, self.seed, self.now = base, entries, seed, now
        self.prose = Prose(random.Random(seed))
        self.round = 0
        self.feeds = [Feed(number, atom=number % 3 == 2) for number in range(feeds)]
        for feed in self.feeds:
            self.publish(feed, entries)

    def publish(self, feed: Feed, count: int) -> None:
        """Put `count` new entries at the head of the feed."""
        for _ in range(count):
            feed.entries.appendleft(self.entry(feed, feed.serial))
            feed.serial += 1
        while len(feed.entries) > self.size:
            feed.entries.pop()
        feed.version += 1
        feed.body = self.document(feed).encode()

    def next_round(self, share: float, new: int) -> int:
        """How many feeds changed."""
        self.round += 1
        dice = random.Random(f"{self.seed} round {self.round}")
        changed = dice.sample(self.feeds, round(share * len(self.feeds)))
        for feed in changed:
            self.publish(feed, new)
        return len(changed)

    def html(self, dice: random.Random, place: str) -> str:
        parts = [
            f'<figure><img src="{self.base}/picture/{place}.jpg" alt="A picture" width="800" height="450"></figure>'
        ]
        for _ in range(dice.randint(6, 9)):
            text = self.prose.paragraph(dice)
            link = f'<a href="{self.base}/topic/{dice.randrange(500)}?utm_source=rss&amp;utm_medium=feed">more</a>'
            parts.append(dice.choice((f"<p>{text}</p>", f"<p><em>{text[:40]}</em>{text[40:]} {link}</p>")))
        return "\n".join(parts)

    def entry(self, feed: Feed, serial: int) -> str:
        place = f"{feed.number}/{serial}"
        dice = random.Random(f"{self.seed} {place}")
        when = self.now + (serial - self.size) * HALF_HOUR + feed.number % HALF_HOUR
        title = self.prose.sentences[dice.randrange(SENTENCES)][:70].strip(" .") + dice.choice(
            ("", "", "", " &amp; more")
        )
        desks, html, link = dice.sample(DESKS, 2), self.html(dice, place), f"{self.base}/article/{place}"
        summary, author = self.prose.sentences[dice.randrange(SENTENCES)], f"Reporter {dice.randrange(400)}"
        if feed.atom:
            stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(when))
            terms = "".join(f'<category term="{desk}"/>' for desk in desks)
            return (
                f"<entry><id>tag:bench.example,2026:{place}</id><title>{title}</title>"
                f'<link rel="alternate" href="{link}"/><published>{stamp}</published><updated>{stamp}</updated>'
                f"<author><name>{author}</name></author>{terms}<summary>{summary}</summary>"
                f'<content type="html">{escape(html)}</content></entry>\n'
            )
        terms = "".join(f"<category>{desk}</category>" for desk in desks)
        return (
            f"<item><title>{title}</title><link>{link}</link>"
            f'<guid isPermaLink="false">bench-{place}</guid><pubDate>{formatdate(when, usegmt=True)}</pubDate>'
            f"<dc:creator>{author}</dc:creator>{terms}<description>{summary}</description>"
            f"<content:encoded><![CDATA[{html}]]></content:encoded></item>\n"
        )

    def document(self, feed: Feed) -> str:
        title, home = f"Bench {feed.number}", f"{self.base}/home/{feed.number}"
        if feed.atom:
            stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(self.now + feed.version))
            return (
                '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">'
                f"<id>tag:bench.example,2026:{feed.number}</id><title>{title}</title>"
                f'<link href="{home}"/><link rel="self" href="{self.base}/feed/{feed.number}"/>'
                f"<updated>{stamp}</updated>\n{''.join(feed.entries)}</feed>\n"
            )
        return (
            '<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0" '
            'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/">'
            f"<channel><title>{title}</title><link>{home}</link><description>{title}</description>"
            f"<lastBuildDate>{formatdate(self.now + feed.version, usegmt=True)}</lastBuildDate>\n"
            f"{''.join(feed.entries)}</channel></rss>\n"
        )


class Desk:
    """Answers requests: feeds, and the benchmark's own wishes under /control/."""

    def __init__(self) -> None:
        self.newsroom: Newsroom  # set once the port is known
        self.validators = True
        self.counts: Counter = Counter()

    def answer(self, request: bytes) -> bytes:
        target = urlsplit(request.split(b" ", 2)[1].decode("latin-1"))
        kind, _, rest = target.path.strip("/").partition("/")
        if kind == "control":
            return response("200 OK", self.control(rest, parse_qs(target.query)).encode())
        if kind == "feed" and rest.isdigit() and int(rest) < len(self.newsroom.feeds):
            return self.feed(self.newsroom.feeds[int(rest)], request)
        self.counts["404"] += 1
        return response("404 Not Found", b"")

    def feed(self, feed: Feed, request: bytes) -> bytes:
        etag = f'"{feed.number}-{feed.version}"'
        modified = formatdate(self.newsroom.now + feed.version, usegmt=True)
        headers = {"ETag": etag, "Last-Modified": modified} if self.validators else {}
        if self.validators and unchanged(request, etag, modified):
            self.counts["304"] += 1
            return response("304 Not Modified", None, headers)
        self.counts["200"] += 1
        media_type = "application/atom+xml" if feed.atom else "application/rss+xml"
        return response("200 OK", feed.body, {"Content-Type": f"{media_type}; charset=utf-8", **headers})

    def control(self, verb: str, options: dict[str, list[str]]) -> str:
        match verb:
            case "urls":
                return "".join(f"{self.newsroom.base}/feed/{feed.number}\n" for feed in self.newsroom.feeds)
            case "round":
                return json.dumps(self.newsroom.next_round(float(options["share"][0]), int(options["new"][0])))
            case "validators":
                self.validators = options["on"] == ["1"]
                return json.dumps(self.validators)
            case "stats":
                counts, self.counts = self.counts, Counter()
                return json.dumps(counts)
        return "null"


def unchanged(request: bytes, etag: str, modified: str) -> bool:
    """If-None-Match goes before If-Modified-Since; RFC 9110, section 13.2.2."""
    lines = (line.partition(b":") for line in request.split(b"\r\n")[1:])
    asked = {name.strip().lower(): value.strip() for name, _, value in lines}
    if (tags := asked.get(b"if-none-match")) is not None:
        return etag.encode() in tags
    return asked.get(b"if-modified-since") == modified.encode()


def response(status: str, body: bytes | None, headers: dict[str, str] | None = None) -> bytes:
    fields = {**(headers or {}), "Connection": "close"} | ({} if body is None else {"Content-Length": str(len(body))})
    head = f"HTTP/1.1 {status}\r\n" + "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return head.encode() + b"\r\n" + (body or b"")


class Connection(asyncio.Protocol):
    """One request, one response."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.received = desk, b""

    def connection_made(self, transport) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.received += data
        if b"\r\n\r\n" in self.received and not self.transport.is_closing():
            self.transport.write(self.desk.answer(self.received))
            self.transport.close()


async def serve(options: argparse.Namespace) -> None:
    desk = Desk()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(desk), "127.0.0.1", options.port, backlog=512)
    base = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    desk.newsroom = Newsroom(base, options.feeds, options.entries, options.seed, options.now)
    print(base, flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--feeds", type=int, default=1000)
    parser.add_argument("--entries", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--port", type=int, default=0, help="0: any free one")
    parser.add_argument("--now", type=int, default=int(time.time()), help="seconds; the newest entry is a little older")
    asyncio.run(serve(parser.parse_args()))


if __name__ == "__main__":
    main()
