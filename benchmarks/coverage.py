"""For each field the share of articles that have it, over a folder of real feeds, beside two other readers.

    python benchmarks/coverage.py FOLDER [--sample N] [--seed S]

Every document below FOLDER that Copydesk reads is read by feedparser and, where it is installed, by fastfeedparser as
well. A reader is credited with an article's field when it gives anything at all there: having more is no proof of being
right, so read a sample too. `--sample N` prints N articles beside what their source said, for that.
"""

import argparse
import random
import textwrap
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import feedparser

from feeds.errors import ParseError
from feeds.model import Article, Item, Source
from feeds.normalise import normalise
from feeds.parse import parse

NOW = datetime(2030, 1, 1, tzinfo=UTC)
URL = "https://feed.example/dir/feed.xml"
SOURCE = Source(name="coverage", url=URL)
KINDS = (".xml", ".rss", ".atom", ".rdf", ".json")
SAID = ("published", "updated")

OURS: dict[str, Callable[[Article], object]] = {
    "guid": lambda one: one.guid,
    "url": lambda one: one.url,
    "title": lambda one: one.title != "Untitled",
    "summary": lambda one: one.summary,
    "content": lambda one: one.content,
    "text": lambda one: one.text,
    "published, as said": lambda one: one.published_from in SAID,
    "updated, as said": lambda one: one.updated_from == "updated",
    "a date, not ours": lambda one: one.published_from not in ("first seen", "future"),
    "authors": lambda one: one.authors,
    "agency": lambda one: one.agency,
    "dateline": lambda one: one.dateline,
    "language": lambda one: one.language,
    "... declared": lambda one: one.language_from not in (None, "detected"),
    "categories": lambda one: one.categories,
    "images": lambda one: one.images,
    "... with a size": lambda one: one.images and one.images[0].width,
    "... with a credit": lambda one: any(image.credit for image in one.images),
    "enclosures": lambda one: one.enclosures,
    "geo": lambda one: one.geo,
    "comments": lambda one: one.comments,
    "rights": lambda one: one.rights,
    "via": lambda one: one.via,
}
THEIRS: dict[str, tuple[str, ...]] = {  # the keys of both; an entry's, or its feed's where both are asked
    "guid": ("id",),
    "url": ("link",),
    "title": ("title",),
    "summary": ("summary", "description"),
    "content": ("content",),
    "text": ("content", "summary", "description"),
    "published, as said": ("published_parsed", "updated_parsed", "published"),
    "updated, as said": ("updated_parsed", "updated"),
    "a date, not ours": ("published_parsed", "updated_parsed", "published"),
    "authors": ("author", "authors"),
    "language": ("language",),
    "... declared": ("language",),
    "categories": ("tags",),
    "images": ("media_content", "media_thumbnail", "image"),
    "... with a size": (),
    "enclosures": ("enclosures",),
    "geo": ("where", "geo_lat"),
    "comments": ("comments",),
    "rights": ("rights",),
    "via": ("source",),
}
OF_THE_FEED = frozenset({"language", "... declared", "rights"})


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("--sample", type=int, default=0)
    arguments.add_argument("--seed", type=int, default=1)
    options = arguments.parse_args()
    bodies = list(documents(options.folder))
    pairs = [pair for body in bodies for pair in articles(body)]
    if options.sample:
        for item, article in random.Random(options.seed).sample(pairs, min(options.sample, len(pairs))):
            side_by_side(item, article)
        return
    columns = {"Copydesk": ours(pairs), "feedparser": theirs(bodies, feedparser.parse)}
    if (fast := fast_parser()) is not None:
        columns["fastfeedparser"] = theirs(bodies, fast)
    print(f"{len(bodies)} documents, {len(pairs)} articles\n")
    print(f"| field | {' | '.join(columns)} |\n|---|{'---|' * len(columns)}")
    for field in OURS:
        shares = (share(counts, field) for counts in columns.values())
        print(f"| {field} | {' | '.join(shares)} |")
    print(f"| articles | {' | '.join(str(counts['articles']) for counts in columns.values())} |")


def documents(folder: Path) -> Iterator[bytes]:
    """The documents that are feeds; news sitemaps are left out, which neither of the others reads."""
    for path in sorted(folder.rglob("*")):
        if path.suffix in KINDS:
            body = path.read_bytes()
            try:
                read = parse(body, URL, {})
            except ParseError:
                continue
            if not read.format.startswith("sitemap"):
                yield body


def articles(body: bytes) -> Iterator[tuple[Item, Article]]:
    feed = parse(body, URL, {})
    for item in feed.items:
        yield item, normalise(item, feed, SOURCE, URL, NOW)


def ours(pairs: list[tuple[Item, Article]]) -> Counter[str]:
    counts = Counter(field for _, article in pairs for field, has in OURS.items() if has(article))
    counts["articles"] = len(pairs)
    return counts


def theirs(bodies: list[bytes], read: Callable[[bytes], Any]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for body in bodies:
        try:
            found = read(body)
        except Exception:  # counted as it is: a document that this reader gives nothing of
            continue
        for entry in found["entries"]:
            counts["articles"] += 1
            for field, keys in THEIRS.items():
                places = (entry, found["feed"]) if field in OF_THE_FEED else (entry,)
                counts[field] += any(place.get(key) for place in places for key in keys)
    return counts


def fast_parser() -> Callable[[bytes], Any] | None:
    try:
        import fastfeedparser
    except ImportError:
        return None
    return lambda body: fastfeedparser.parse(body)


def share(counts: Counter[str], field: str) -> str:
    """Of the articles that the reader with most of them gives; "–" where a reader has no such field."""
    return f"{100 * counts[field] / max(1, counts['articles']):.1f} %" if counts[field] else "–"


def side_by_side(item: Item, article: Article) -> None:
    print("=" * 120)
    for name in ("guid", "link", "title", "published", "updated", "authors", "categories", "credit", "language"):
        said = getattr(item, name)
        print(f"  {name:10} {short(getattr(said, 'value', said))}")
    print(f"  summary    {short(item.summary and item.summary.value)}")
    print(f"  content    {short(item.content and item.content.value)}  …  {tail(item.content and item.content.value)}")
    print("-" * 60)
    for name in ("url", "title", "summary", "authors", "agency", "dateline", "language", "categories", "images"):
        print(f"> {name:10} {short(getattr(article, name), 420)}")
    print(f"> dates      {article.published:%Y-%m-%d %H:%M} {article.published_from}, {article.updated_from}")
    print(f"> content    {short(article.content)}  …  {tail(article.content)}")


def short(said: object, most: int = 260) -> str:
    return textwrap.shorten(str(said), most, placeholder=" …") if said not in (None, (), "") else "-"


def tail(said: str | None) -> str:
    return " ".join((said or "")[-220:].split()) if said and len(said) > 300 else ""


if __name__ == "__main__":
    main()
