#!/usr/bin/env python3
"""Copydesk on the command line of the benchmarks: the product's own code, with everything due now.

    python benchmarks/driver.py setup|poll|publish|count --urls FILE --state DIR

Ten sections of a hundred entries; loopback is allowed because it is configured; politeness is off (16 requests at a
time, no spacing). `setup` writes configuration and store; `poll` fetches, reads, settles; `publish` writes the files
of what changed: 11 × (Atom, RSS, JSON Feed, pages) and a page for each entry they show.
"""

import argparse
import os
from pathlib import Path

SECTIONS = 10

HEAD = """
[site]
title = "Benchmark"
base_url = "https://benchmark.example.org/"
contact = "desk@benchmark.example.org"
output = "public"

[store]
url = "sqlite:///copydesk.db"

[polling]
workers = 16
per_host = 16
spacing = "0s"
first_items = 500
first_age = "3650d"
"""


def configuration(urls: list[str], *, plain: bool) -> str:
    """The TOML text: source n lists section n modulo ten; `plain` has neither duplicates nor stories."""
    section = '[sections.s{0}]\ntitle = "Section {0}"\nlimit = 100\nwindow = "0s"\n'
    source = '[sources.source-{0}]\nurl = "{1}"\nsections = ["s{2}"]\n'
    if plain:
        section, source = section + 'stories = "off"\n', source + "dedupe = false\n"
    sections = [section.format(number) for number in range(SECTIONS)]
    return "\n".join([HEAD, *sections, *(source.format(n, url, n % SECTIONS) for n, url in enumerate(urls))])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("verb", choices=("setup", "poll", "publish", "count"))
    parser.add_argument("--urls", type=Path, required=True)
    parser.add_argument("--state", type=Path, required=True)
    parser.add_argument("--plain", action="store_true", help="set up without duplicates and stories")
    options = parser.parse_args()
    file = options.state / "copydesk.toml"
    if options.verb == "setup":
        options.state.mkdir(parents=True, exist_ok=True)
        file.write_text(configuration(options.urls.read_text().split(), plain=options.plain))
    run(options.verb, file)


def run(verb: str, file: Path) -> None:
    from feeds.memory import collect_seldom

    collect_seldom()
    from feeds.app import opened
    from feeds.config import load

    with opened(load(file.resolve(), os.environ)) as app:
        if verb == "setup":
            app.register()
        elif verb == "poll":
            make_due(app)
            report(app.poll())
        elif verb == "publish":
            with app.publishing():
                print(f"{len(app.publish().written)} files written")
        else:
            with app.store.reading() as shelf:
                print(shelf.counts()["articles"])


def make_due(app) -> None:
    """Lets no schedule hold a source back: the benchmark polls when it says so."""
    from feeds.store.schema import source

    with app.store.deciding() as ledger:
        ledger.connection.execute(source.update().values(next_poll=0, lease_until=None))


def report(polls) -> None:
    from feeds.pipeline.poll import summary

    print(" ".join(f"{name} {value}" for name, value in summary(polls).items()))


if __name__ == "__main__":
    main()
