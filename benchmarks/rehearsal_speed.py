#!/usr/bin/env python3
"""Articles per CPU second of a rehearsal, and its peak memory, on a generated store.

    python benchmarks/rehearsal_speed.py --articles 50000

The articles are those of `dedupe_speed.py`, settled as there. Processes of their own then rehearse the last tenth of
them, and all; by unchanged rules, and by rules under which five of the hundred sources take no part and one section is
new, which takes in whatever has a certain word.
"""

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

from dedupe_speed import PACE, SOURCES, START, run
from msgspec.structs import replace

from feeds.model import Rules, Section, Site, Source
from feeds.pipeline.rehearsal import Play, rehearse
from feeds.pipeline.rules import NO_RULES, Rulebook
from feeds.pipeline.shaping import Presses
from feeds.pipeline.views import press
from feeds.store import open_store

SITE = Site(title="Speed", base_url="https://speed.example/")
NEW = Section(name="new", title="New", match=Rules(keywords=("kari", "melven")))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=50_000)
    parser.add_argument("--store", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--part", type=float, default=1.0, help=argparse.SUPPRESS)
    parser.add_argument("--changed", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.store:
        measure(options.store, options.articles, options.part, changed=options.changed)
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "store.db")
        with closing(open_store(f"sqlite:///{path}", "speed")) as store:
            list(run(store, path, [options.articles], options.articles))
        print(
            f"{'rehearsed':>10} {'rules':>10} {'articles/CPU s':>15} {'CPU s':>7} {'differ':>7} {'steps':>7} "
            f"{'peak MB':>8}"
        )
        for part in (0.1, 1.0):
            for changed in ((), ("--changed",)):
                given = ["--store", path, "--articles", str(options.articles), "--part", str(part), *changed]
                subprocess.run([sys.executable, __file__, *map(str, given)], check=True)


def rulebook(*, changed: bool) -> Rulebook:
    sources = {f"s{n}": Source(name=f"s{n}", url=f"https://s{n}.example/feed") for n in range(SOURCES)}
    if changed:
        sources |= {name: replace(sources[name], dedupe=False) for name in list(sources)[:5]}
    return Rulebook(
        sources=sources,
        sections=(NEW,) if changed else (),
        first_items=10,
        first_age=START - START,
        spacing=START - START,
    )


def measure(path: Path, articles: int, part: float, *, changed: bool) -> None:
    rules = rulebook(changed=changed)
    now = START + PACE * articles
    with closing(open_store(f"sqlite:///{path}", "speed")) as store:
        presses = Presses(new=press(SITE, rules.sections, rules.sources.values(), ()), old=None)
        since = now - PACE * articles * part
        begun = time.process_time()
        found = rehearse(
            store, Play(rules=rules, drop=NO_RULES, presses=presses, since=since, now=now), lambda *_: None
        )
        spent = time.process_time() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    told = (
        f"{found.articles:>10} {'others' if changed else 'the same':>10} {found.articles / spent:>15.0f} {spent:>7.1f}"
    )
    print(f"{told} {len(found.differences):>7} {len(found.steps):>7} {peak:>8.0f}", flush=True)


if __name__ == "__main__":
    main()
