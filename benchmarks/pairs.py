#!/usr/bin/env python3
"""Pairs of articles that people scored, against what the rules of stories say of them.

    python benchmarks/pairs.py semeval_pairs.jsonl.gz

A line is a JSON object: id, lang1, lang2, text1, text2, overall (1: the same, 4: nothing in common). Only pairs in one
language count; the same event is a score of 2 or less. How common terms are is learnt from all of these texts first,
as a store has read much before; both are of one moment. A text that has no first line of its own begins with its
headline: the first twelve words count as title, or what stands in its place in scripts without spaces.
"""

import argparse
import gzip
import json
from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from feeds.dedupe import stories
from feeds.dedupe.terms import Lexicon, Terms, terms_of
from feeds.model import Article

SAME = 2.0
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pairs", type=Path)
    options = parser.parse_args()
    with gzip.open(options.pairs, "rt", encoding="utf-8") as lines:
        pairs = [said for line in lines if (said := json.loads(line))["lang1"] == said["lang2"]]
    read = [(terms(said["text1"], said["lang1"]), terms(said["text2"], said["lang1"])) for said in pairs]
    lexicons: dict[str, Lexicon] = defaultdict(Lexicon.empty)
    for pair in read:
        for one in pair:
            lexicons[one.language].learn(one)
    found = [(said, joins(lexicons[one.language], one, other)) for said, (one, other) in zip(pairs, read, strict=True)]
    tell("all", found)
    for half in (0, 1):
        tell(f"half {half + 1}", [(s, j) for n, (s, j) in enumerate(found) if n % 2 == half])
    for language in sorted(lexicons):
        tell(language, [(s, j) for s, j in found if s["lang1"] == language])


def terms(text: str, language: str) -> Terms:
    line, _, rest = text.strip().partition("\n")
    if len(line) > 200:
        cut = text[:70] if language == "zh" else " ".join(text.split()[:12])
        line, rest = cut[:70] if language == "zh" else cut, text.strip()
    return terms_of(article(line, rest, language))


def article(title: str, text: str, language: str) -> Article:
    return Article(
        id="", source="", guid=None, url=None, canonical=None, title=title, summary="", content="", text=text,
        match_text=text, digest=0, published=NOW, published_from="published", updated=NOW, updated_from="published",
        first_seen=NOW, language=language,
    )  # fmt: skip


def joins(lexicon: Lexicon, one: Terms, other: Terms) -> bool:
    """Whether the one joins the story that the other began."""
    story = stories.begin(1, other, lexicon.vector(other), NOW)
    match = stories.nearest(one, lexicon.vector(one), NOW, [story])
    return match is not None and match.joins


def tell(name: str, found: Iterable[tuple[dict[str, Any], bool]]) -> None:
    counts = {True: [0, 0], False: [0, 0]}
    for said, joined in found:
        counts[float(said["overall"]) <= SAME][joined] += 1
    (missed, right), (_, wrong) = counts[True], counts[False]
    precision, recall = right / max(right + wrong, 1), right / max(right + missed, 1)
    score = 2 * precision * recall / max(precision + recall, 1e-9)
    print(f"{name:8} {right + missed:5} of {sum(map(sum, counts.values())):5} the same   ", end="")
    print(f"precision {precision:.3f}   recall {recall:.3f}   F1 {score:.4f}")


if __name__ == "__main__":
    main()
