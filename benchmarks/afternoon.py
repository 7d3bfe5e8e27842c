#!/usr/bin/env python3
"""What a good programmer writes in an afternoon for the same job, to measure Copydesk against.

feedparser, a requests session per thread, sqlite3, feedgen. Conditional requests, one row per guid, edits kept, ten
sections of a hundred entries as Atom and RSS. No politeness, no repair, no duplicates across sources, no pages.

    python benchmarks/afternoon.py setup|poll|publish|count --urls FILE --state DIR
"""

import argparse
import calendar
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

SECTIONS, ENTRIES, THREADS = 10, 100, 16
TABLES = """
create table if not exists feed (url text primary key, section integer, etag text, modified text);
create table if not exists article (
    feed text, guid text, section integer, title text, link text, author text, summary text, content text,
    published integer, primary key (feed, guid));
create index if not exists newest on article (section, published);
"""
UPSERT = """
insert into article values (?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict (feed, guid) do update set
    title = excluded.title, link = excluded.link, summary = excluded.summary, content = excluded.content
where title <> excluded.title or summary <> excluded.summary or content <> excluded.content
"""


def setup(database, urls, state):
    database.executescript(TABLES)
    rows = [(url, number % SECTIONS) for number, url in enumerate(urls)]
    database.executemany("insert or ignore into feed (url, section) values (?, ?)", rows)


def poll(database, urls, state):
    import feedparser
    import requests

    here = threading.local()

    def fetch(row):
        url, section, etag, modified = row
        if not hasattr(here, "session"):
            here.session = requests.Session()
        headers = {"If-None-Match": etag, "If-Modified-Since": modified}
        try:
            response = here.session.get(url, headers={k: v for k, v in headers.items() if v}, timeout=30)
            response.raise_for_status()
        except requests.RequestException as error:
            return print(f"{url}: {error}")
        if response.status_code == 304:
            return None
        return url, section, response.headers, feedparser.parse(response.content, response_headers=response.headers)

    feeds = database.execute("select url, section, etag, modified from feed").fetchall()
    with ThreadPoolExecutor(THREADS) as pool:
        for fetched in filter(None, pool.map(fetch, feeds)):
            url, section, headers, parsed = fetched
            database.executemany(UPSERT, [row(url, section, entry) for entry in parsed.entries])
            validators = (headers.get("ETag"), headers.get("Last-Modified"), url)
            database.execute("update feed set etag = ?, modified = ? where url = ?", validators)
            database.commit()


def row(url, section, entry):
    content = entry.content[0].value if "content" in entry else entry.get("summary", "")
    date = entry.get("published_parsed") or entry.get("updated_parsed")
    published = calendar.timegm(date) if date else 0
    guid, link = entry.get("id") or entry.get("link", ""), entry.get("link", "")
    words = entry.get("title", ""), link, entry.get("author", ""), entry.get("summary", ""), content
    return url, guid, section, *words, published


def publish(database, urls, state):
    from feedgen.feed import FeedGenerator

    for section in range(SECTIONS):
        feed = FeedGenerator()
        feed.id(f"urn:section:{section}")
        feed.title(f"Section {section}")
        feed.description(f"Section {section}")
        feed.link(href=f"https://bench.example/{section}/")
        query = "select * from article where section = ? order by published desc limit ?"
        for _, guid, _, title, link, author, summary, content, published in database.execute(query, (section, ENTRIES)):
            entry = feed.add_entry(order="append")
            entry.id(guid)
            entry.title(title)
            entry.link(href=link)
            entry.author(name=author or "unknown")
            entry.summary(summary)
            entry.content(content, type="CDATA")
            entry.updated(datetime.fromtimestamp(published, UTC))
            entry.published(datetime.fromtimestamp(published, UTC))
        feed.atom_file(str(state / f"{section}.atom.xml"))
        feed.rss_file(str(state / f"{section}.rss.xml"))


def count(database, urls, state):
    print(database.execute("select count(*) from article").fetchone()[0])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("verb", choices=["setup", "poll", "publish", "count"])
    parser.add_argument("--urls", type=Path, required=True, help="a file with one feed URL a line")
    parser.add_argument("--state", type=Path, required=True, help="a folder of its own")
    parser.add_argument("--plain", action="store_true", help="as it always is: without duplicates")
    options = parser.parse_args()
    options.state.mkdir(parents=True, exist_ok=True)
    database = sqlite3.connect(options.state / "afternoon.db")
    verbs = {"setup": setup, "poll": poll, "publish": publish, "count": count}
    with database:
        verbs[options.verb](database, options.urls.read_text().split(), options.state)


if __name__ == "__main__":
    main()
