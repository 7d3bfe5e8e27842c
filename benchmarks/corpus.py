#!/usr/bin/env python3
"""Every feed file of a folder or archive, served on loopback, polled, published: is anything lost on the way?

    python benchmarks/corpus.py [FOLDER | ARCHIVE.tar.xz] [--state DIR]

Each file is a source. The items that were parsed, before any are merged, are counted against feedparser's (JSON Feed:
against the list in the file), and every item short is listed with its reason. A second poll must bring 304s, a third
without validators must see the same bytes; the published files must be well-formed, and rendering them again must
change none. Ends with 1 when more than 0.5 % of the items are short or anything else is not as it must be.
"""

import argparse
import json
import os
import sys
import tarfile
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path, PurePosixPath
from time import process_time

DEFAULT = Path(__file__).parents[2] / "shared" / "corpus" / "feeds.tar.xz"
TYPES = {
    "atom": "application/atom+xml",
    "json": "application/feed+json",
    "rdf": "application/rdf+xml",
    "rss": "application/rss+xml",
    "xml": "text/xml",
}
LEFT_OUT = {"opml", "sitemap"}  # folders of what is no feed
MOST_SHORT = 0.005
READ_AGAIN = "cut off, nothing new"
PER_SECTION = 5  # sources: so that a section's feeds show most of what they sent
ATOM = "{http://www.w3.org/2005/Atom}"
HEAD = """
[site]
title = "Corpus"
base_url = "https://corpus.example.org/"
output = "public"

[store]
url = "sqlite:///copydesk.db"

[polling]
workers = 16
per_host = 16
spacing = "0s"
first_items = 500
"""


# ---------------------------------------------------------------- files


def feed_files(place: Path) -> dict[str, bytes]:
    """Path -> bytes of every feed file, in the order of their names."""
    return {name: data for name, data in sorted(_files(place)) if _is_feed(PurePosixPath(name))}


def _files(place: Path) -> Iterator[tuple[str, bytes]]:
    if place.is_dir():
        yield from ((str(p.relative_to(place).as_posix()), p.read_bytes()) for p in place.rglob("*") if p.is_file())
        return
    with tarfile.open(place) as archive:
        for member in archive:
            file = archive.extractfile(member)
            if file is not None:
                yield member.name.removeprefix("./"), file.read()


def _is_feed(path: PurePosixPath) -> bool:
    return path.suffix[1:] in TYPES and not LEFT_OUT & set(path.parts)


def media_type(name: str) -> str:
    return TYPES[name.rpartition(".")[2]]


# ---------------------------------------------------------------- serving


class Server(ThreadingHTTPServer):
    """Serves file n at /n."""

    daemon_threads = True
    request_queue_size = 128
    validators = True

    def __init__(self, files: Mapping[str, bytes]) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.files = list(files.items())

    @property
    def urls(self) -> list[str]:
        return [f"http://127.0.0.1:{self.server_port}/{number}" for number in range(len(self.files))]


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        name, body = self.server.files[int(self.path[1:])]
        etag = f'"{sha256(body).hexdigest()[:16]}"'
        known = self.server.validators and self.headers.get("If-None-Match") == etag
        self.send_response(304 if known else 200)
        if self.server.validators:
            self.send_header("ETag", etag)
        if not known:
            self.send_header("Content-Type", media_type(name))
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(b"" if known else body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def serving(files: Mapping[str, bytes]) -> Iterator[Server]:
    server = Server(files)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


# ---------------------------------------------------------------- what is there


def expected_items(name: str, body: bytes) -> int:
    """How many items feedparser finds; in JSON Feed, which it cannot read, how many the file lists."""
    if name.endswith(".json"):
        try:
            listed = json.loads(body).get("items")
        except (ValueError, AttributeError):
            return 0
        return len(listed) if isinstance(listed, list) else 0
    import feedparser

    return len(feedparser.parse(body, response_headers={"content-type": media_type(name)}).entries)


# ---------------------------------------------------------------- the run


@dataclass(frozen=True, slots=True)
class Line:
    """One file: items that are expected, items that were parsed, and why others were not."""

    name: str
    expected: int
    parsed: int
    outcome: str
    path: str | None
    error: str | None
    reasons: Mapping[str, int]

    @property
    def short(self) -> int:
        return max(0, self.expected - self.parsed)

    @property
    def unexplained(self) -> int:
        """Items short without a reason of the closed list."""
        return max(0, self.short - sum(self.reasons.values()))


@dataclass(slots=True)
class Result:
    """What the whole run came to."""

    lines: list[Line]
    articles: int = 0
    entries: int = 0
    again: Counter[str] = field(default_factory=Counter)  # outcomes of the second poll
    unvalidated: Counter[str] = field(default_factory=Counter)  # of the third, without validators
    files: int = 0
    shown: int = 0  # entries in the Atom feeds of all sections
    ill: list[str] = field(default_factory=list)  # what is wrong with published files
    rewritten: tuple[str, ...] = ()
    seconds: dict[str, float] = field(default_factory=dict)  # of CPU, by step

    @property
    def troubles(self) -> list[str]:
        """Why the run fails; empty when it passes."""
        short, expected = sum(line.short for line in self.lines), sum(line.expected for line in self.lines)
        return [
            *([f"{short} of {expected} items are short"] if short > MOST_SHORT * expected else []),
            *(f"{line.name}: a fault of ours" for line in self.lines if line.outcome == "crashed"),
            *(f"the second poll: {n} {w}" for w, n in self.again.items() if w not in ("not modified", READ_AGAIN)),
            *(f"the third poll: {n} {w}" for w, n in self.unvalidated.items() if w not in ("same bytes", READ_AGAIN)),
            *self.ill,
            *(f"{path}: rendered again, it changed" for path in self.rewritten),
        ]


def configuration(urls: Sequence[str]) -> str:
    """The TOML text: whole articles of every source, a few sources to a section."""
    lines = [HEAD]
    for number in range(0, len(urls), PER_SECTION):
        section = f"s{number // PER_SECTION}"
        lines.append(f'[sections.{section}]\ntitle = "Section {section}"\nlimit = 500\nwindow = "0s"\n')
        for place, url in enumerate(urls[number : number + PER_SECTION], number):
            lines.append(f'[sources.f{place}]\nurl = "{url}"\nsections = ["{section}"]\ncontent = "full"\n')
    return "\n".join(lines)


def run(files: Mapping[str, bytes], state: Path) -> Result:
    """Serves, polls three times, publishes, looks at the files, renders them again."""
    from feeds.app import opened
    from feeds.config import load

    with serving(files) as server:
        (state / "copydesk.toml").write_text(configuration(server.urls), "utf-8")
        config = load((state / "copydesk.toml").resolve(), os.environ)
        polling = replace(config.polling, first_age=timedelta(days=36500))  # old news too, which nobody may configure
        with opened(replace(config, polling=polling)) as app:
            app.register()
            result = _first(app, files)
            result.again = _again(app, result.lines)
            server.validators = False
            result.unvalidated = _again(app, result.lines)
            _publish(app, result)
            with app.store.reading() as shelf:
                counts = shelf.counts()
    result.articles, result.entries = counts["articles"], counts["entries"]
    return result


def _first(app, files: Mapping[str, bytes]) -> Result:
    began = process_time()
    polls = {poll.source: poll for poll in app.poll()}
    seconds = process_time() - began
    lines = []
    for place, (name, body) in enumerate(files.items()):
        poll = polls[f"f{place}"]
        reasons = Counter(str(problem.reason) for problem in poll.skipped)
        said = expected_items(name, body)
        lines.append(Line(name, said, poll.items, str(poll.outcome), poll.path, poll.error, reasons))
    return Result(lines, seconds={"first poll": seconds})


def _again(app, lines: Sequence[Line]) -> Counter[str]:
    """The outcomes of a poll of all that could be read."""
    known = {f"f{place}": line for place, line in enumerate(lines) if line.outcome == "fresh"}
    return Counter(_word(poll, known[poll.source]) for poll in app.poll(list(known)))


def _word(poll, line: Line) -> str:
    """The outcome of a second poll; nothing vouches for a body that was cut off, so that it is read again."""
    nothing_new = poll.outcome == "fresh" and not poll.new and not poll.changed
    return READ_AGAIN if nothing_new and "cut off" in line.reasons else str(poll.outcome)


def _publish(app, result: Result) -> None:
    public = app.config.output
    with app.publishing():
        began = process_time()
        published = app.publish()
        result.seconds["publish"] = process_time() - began
        result.ill = [f"{name}: {sentence}" for name, sentence in published.failed]
        before = _stamps(public)
        result.files = len(before)
        for path in sorted(before):
            result.ill += look_at(path, path.relative_to(public).as_posix())
        result.shown = sum(_entries(path) for path in before if path.name == "atom.xml" and path.parent.name != "all")
        result.ill += [f"{name}: {sentence}" for name, sentence in app.publish(regenerate=True).failed]
    after = _stamps(public)
    changed = [path for path in before | after if before.get(path) != after.get(path)]
    result.rewritten = tuple(path.relative_to(public).as_posix() for path in sorted(changed))


def _stamps(folder: Path) -> dict[Path, tuple[int, bytes]]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {path: (path.stat().st_mtime_ns, sha256(path.read_bytes()).digest()) for path in files}


# ---------------------------------------------------------------- published files


def look_at(path: Path, name: str) -> list[str]:
    """What is wrong with a published file."""
    from lxml import etree

    try:
        match path.suffix:
            case ".xml" | ".opml":
                root = etree.fromstring(path.read_bytes(), etree.XMLParser(resolve_entities=False))
                return [f"{name}: {sentence}" for sentence in _atom_troubles(root)]
            case ".json":
                json.loads(path.read_bytes(), parse_constant=_no_constant)
            case ".html":
                return [f"{name}: {sentence}" for sentence in _html_troubles(path.read_bytes().decode("utf-8"))]
    except (ValueError, etree.XMLSyntaxError) as error:
        return [f"{name}: not well-formed: {error}"]
    return []


def _no_constant(word: str) -> None:
    raise ValueError(f"{word} is not JSON")


def _atom_troubles(root) -> Iterator[str]:
    if root.tag != f"{ATOM}feed":
        return
    ids = Counter(root.xpath("//a:entry/a:id/text()", namespaces={"a": ATOM[1:-1]}))
    yield from (f"{n} entries with the id {id_}" for id_, n in ids.items() if n > 1)
    for place, entry in enumerate(root.iter(f"{ATOM}entry")):
        for element in ("id", "title", "updated"):
            if len(entry.findall(f"{ATOM}{element}")) != 1 or not (entry.findtext(f"{ATOM}{element}") or "").strip():
                yield f"entry {place} has not one <{element}>"
        if not (entry.findtext(f"{ATOM}author/{ATOM}name") or "").strip():
            yield f"entry {place} has no author"


def _html_troubles(text: str) -> Iterator[str]:
    if not text.lower().startswith("<!doctype html>"):
        yield "no doctype"
    if any(ord(char) < 32 and char not in "\t\n\r" for char in text):
        yield "control characters"


def _entries(path: Path) -> int:
    from lxml import etree

    return sum(1 for _ in etree.parse(path).getroot().iter(f"{ATOM}entry"))


# ---------------------------------------------------------------- the report


def report(result: Result) -> str:
    """The files with items short or a failure, and the sums."""
    lines = result.lines
    rows = [_row(line) for line in lines if line.short or line.outcome != "fresh"]
    expected, parsed = sum(line.expected for line in lines), sum(line.parsed for line in lines)
    short = sum(line.short for line in lines)
    reasons = sum((Counter(line.reasons) for line in lines if line.short), Counter[str]())
    reasons["without a reason"] = sum(line.unexplained for line in lines)
    return "\n".join(
        [
            *([f"{'expected':>8} {'parsed':>7} {'short':>6}  file"] if rows else []),
            *rows,
            f"{len(lines)} files: {_sums(Counter(line.outcome for line in lines))}",
            f"read: {_sums(Counter(line.path or 'not' for line in lines))}",
            f"items: {expected} expected, {parsed} parsed, {short} short ({short / max(expected, 1):.2%}): "
            f"{_sums(reasons) or 'none'}",
            f"store: {result.articles} articles in {result.entries} entries",
            f"second poll: {_sums(result.again)}; third, without validators: {_sums(result.unvalidated)}",
            f"published: {result.files} files, {result.shown} entries in the sections' Atom feeds; "
            f"{len(result.ill)} ill; rendered again: {len(result.rewritten)} changed",
            "CPU seconds, the server's included: " + ", ".join(f"{k} {v:.1f}" for k, v in result.seconds.items()),
            *(f"FAILED: {trouble}" for trouble in result.troubles[:50]),
        ]
    )


def _row(line: Line) -> str:
    why = [f"{reason} {n}" for reason, n in line.reasons.items()]
    if line.outcome != "fresh":
        why.append(f"{line.outcome}: {line.error}")
    if line.unexplained and line.outcome == "fresh":
        why.append(f"without a reason {line.unexplained}")
    return f"{line.expected:8} {line.parsed:7} {line.short:6}  {line.name}\n{'':25}{'; '.join(why)}"


def _sums(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{word} {n}" for word, n in counts.items() if n)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("place", type=Path, nargs="?", default=DEFAULT, help="a folder of feed files, or a .tar.xz")
    parser.add_argument("--state", type=Path, help="where configuration, store and pages are left to be looked at")
    options = parser.parse_args()
    if not options.place.exists():
        parser.error(f"{options.place} is not there; name a folder of feed files")
    files = feed_files(options.place)
    with tempfile.TemporaryDirectory() as scratch:
        state = options.state or Path(scratch)
        state.mkdir(parents=True, exist_ok=True)
        result = run(files, state)
    print(report(result))
    sys.exit(1 if result.troubles else 0)


if __name__ == "__main__":
    main()
