"""How right pages are read, beside trafilatura alone: `python benchmarks/pages.py FOLDER [--half 0|1]`.

FOLDER holds HTML files and `expected.jsonl`, a line for each: `file`, `url` and `expect` with some of `title`, `author`
(a name or a list), `published` (ISO 8601), `text` (the whole text), `with` and `without` (pieces that the text must
have, and must not have).

- Title: the same letters and figures, case and accents ignored. Author: the same set of names, likewise.
- Date: the same day; where the expectation has a clock, the day of that moment in any time zone will do.
- Text, F1: harmonic mean of precision and recall over the bag of words (characters of scripts without spaces); the mean
  over all pages, and the share of pages with 0.9 or more.
- Pieces: share of the wanted ones that are there, of the unwanted ones that are not.

Ours is what comes out at the end: read, normalised, the text as plain text of the content. Where a page is read as a
list, its first article is taken. trafilatura is asked with its defaults, and once more to favour precision.

`--half` takes one half of the pages, by the hash of their names. Look at half 0 alone, and mend what it shows: what the
rules are worth for pages that they were not made for, half 1 tells better.
"""

import argparse
import json
import re
import sys
import time
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import trafilatura

from feeds.errors import ParseError
from feeds.model import Source
from feeds.normalise import normalise
from feeds.parse import parse

NOW = datetime.now(UTC)
WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|\w+")


def main(folder: Path, half: int | None) -> None:
    cases = [json.loads(line) for line in (folder / "expected.jsonl").open(encoding="utf-8")]
    cases = [case for case in cases if half is None or half_of(case["file"]) == half]
    tables = {}
    readers = (("Copydesk", ours), ("trafilatura", theirs), ("... favouring precision", precisely))
    for name, reader in readers:
        began = time.process_time()
        read = [reader((folder / case["file"]).read_bytes(), case["url"]) for case in cases]
        seconds = time.process_time() - began
        tables[name] = marks([case["expect"] for case in cases], read)
        print(f"{name}: {1000 * seconds / len(cases):.0f} ms CPU a page", file=sys.stderr)
    print("| field | n | " + " | ".join(tables) + " |")
    print("|---" * (len(tables) + 2) + "|")
    for field in tables["Copydesk"]:
        figures = [table[field] for table in tables.values()]
        shares = " | ".join(f"{100 * sum(found) / len(found):.1f} %" for found in figures)
        print(f"| {field} | {len(figures[0])} | {shares} |")


def ours(data: bytes, url: str) -> dict[str, Any]:
    try:
        feed = parse(data, url, {}, "page")
    except ParseError:
        return {}
    item = feed.items[0]
    article = normalise(item, feed, Source(name="page", url=url), url, NOW)
    said = item.published or ""
    day = said[:10] if re.match(r"\d{4}-\d\d-\d\d", said) else f"{article.published:%Y-%m-%d}"  # in its own zone
    return {
        "title": article.title,
        "author": [person.name for person in article.authors],
        "date": "" if article.published_from == "first seen" else day,
        "text": article.text,
    }


def half_of(name: str) -> int:
    """0 or 1, for ever the same."""
    return sha256(name.encode()).digest()[-1] % 2


def precisely(data: bytes, url: str) -> dict[str, Any]:
    return theirs(data, url, favor_precision=True)


def theirs(data: bytes, url: str, **options: Any) -> dict[str, Any]:
    found = trafilatura.bare_extraction(data, url=url, with_metadata=True, **options)
    if found is None:
        return {}
    read = found if isinstance(found, dict) else found.as_dict()
    return {
        "title": read["title"],
        "author": (read["author"] or "").split("; "),
        "date": read["date"],
        "text": read["text"],
    }


def marks(expected: Iterable[dict[str, Any]], read: Iterable[dict[str, Any]]) -> dict[str, list[float]]:
    found: dict[str, list[float]] = defaultdict(list)
    for wanted, got in zip(expected, read, strict=True):
        if "title" in wanted:
            found["title"].append(folded(got.get("title")) == folded(wanted["title"]))
        if "author" in wanted:
            found["author"].append(names(got.get("author") or ()) == names(wanted["author"]))
        if "published" in wanted:
            found["date"].append((got.get("date") or "")[:10] in days(wanted["published"]))
        if "text" in wanted:
            share = f1(got.get("text") or "", wanted["text"])
            found["text, mean F1"].append(share)
            found["text, F1 of 0.9 or more"].append(share >= 0.9)
        text = folded(got.get("text"))
        found["wanted pieces"] += [folded(piece) in text for piece in wanted.get("with", ())]
        found["unwanted pieces left out"] += [folded(piece) not in text for piece in wanted.get("without", ())]
    return found


def folded(text: str | None) -> str:
    decomposed = unicodedata.normalize("NFKD", (text or "").replace("\xad", "").casefold())
    plain = "".join(char for char in decomposed if not unicodedata.combining(char))
    return " ".join(re.findall(r"\w+", plain))


def names(said: str | list[str]) -> frozenset[str]:
    listed = re.split(r";|,| and | & |\n", said) if isinstance(said, str) else said
    return frozenset(filter(None, map(folded, listed)))


def days(said: str) -> set[str]:
    if len(said) <= 10:
        return {said}
    moment = datetime.fromisoformat(said.replace("Z", "+00:00"))
    return {said[:10], *(f"{moment + timedelta(hours=hours):%Y-%m-%d}" for hours in (-12, 14))}


def f1(got: str, wanted: str) -> float:
    ones, others = (Counter(WORD.findall(folded(text))) for text in (got, wanted))
    total = ones.total() + others.total()
    return 2 * (ones & others).total() / total if total else 1.0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--half", type=int, choices=(0, 1))
    options = parser.parse_args()
    main(options.folder, options.half)
