"""Mutates feeds and reads them: nothing but ParseError may come out, nothing may take long.

    python benchmarks/fuzz.py [FOLDER ...] [--cases 20000] [--seed 1] [--keep FOLDER]

Every case takes a feed of the folders (or of the project's own test data), changes it in one to four ways (bytes
flipped, cut off, chunks doubled or moved, tags and attributes broken, entities, other encodings, odd characters), and
sends it through parse and normalise. A fault, or a case over a second, is printed and kept. Exit code 1 when there
is one.
"""

import argparse
import random
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from feeds.errors import ParseError
from feeds.model import Source
from feeds.normalise import normalise
from feeds.parse import parse

OWN = Path(__file__).parents[1] / "tests" / "parse" / "data"
NOW = datetime(2026, 1, 10, 12, tzinfo=UTC)
URL = "https://fuzz.example/feed"
SOURCE = Source(name="fuzz", url=URL)
SUFFIXES = (".xml", ".rss", ".atom", ".rdf", ".json", ".feed")
LARGEST = 300_000  # bytes of a file that is taken
SLOW = 1.0  # seconds of CPU
CODINGS = ("utf-16", "utf-16-le", "utf-32-be", "cp1252", "koi8-r", "shift_jis", "gb18030", "utf-7", "latin-1")
TRICKS = (
    *(b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\x1b$B", b"\xc3\x83\xc2\xa9"),
    *(
        b"&#0;",
        b"&#x110000;",
        b"&#xD800;",
        b"&nbsp;",
        b"&x;",
        b"&;",
        b"&",
        b"&amp;amp;",
        b"&lt;!--",
        b"]]>",
        b"<![CDATA[",
    ),
    *(
        b"<",
        b">",
        b"</",
        b"/>",
        b"<!--",
        b"-->",
        b"<?",
        b"?>",
        b"<!DOCTYPE x [<!ENTITY e 'y'>]>",
        b"</item>",
        b"<item>",
    ),
    *(b'"', b"'", b"=", b" xmlns=''", b" xmlns:a=''", b" xml:base='http://['", b" xml:lang=''", b" type='xhtml'"),
    *(b"<channel>", b"</channel>", b"<entry/>", b"<title/>", b"<a:b/>", b"<link href='//['/>", b"<guid> </guid>"),
    *(b"9999-99-99", b"-1", b"1e999", b"nan", b"null", b"{", b"}", b"[", b"]", b"\\ud800", b"\\", b"\r", b"\x85"),
    *(
        "\u0338\ufffe\uffff\u202e".encode(),
        b"http://[::1",
        b"http://\xff",
        b"x" * 5000,
        b"<b>" * 300,
        b"&lt;p&gt;" * 50,
    ),
)

Mutation = Callable[[bytes, random.Random], bytes]


def _flip(data: bytes, dice: random.Random) -> bytes:
    out = bytearray(data)
    for _ in range(dice.randint(1, 12)):
        out[dice.randrange(len(out))] = dice.randrange(256)
    return bytes(out)


def _cut(data: bytes, dice: random.Random) -> bytes:
    at = dice.randrange(len(data))
    return data[:at] if dice.random() < 0.8 else data[at:]


def _chunk(data: bytes, dice: random.Random) -> tuple[int, int]:
    start = dice.randrange(len(data))
    return start, min(len(data), start + dice.randint(1, 2000))


def _double(data: bytes, dice: random.Random) -> bytes:
    start, end = _chunk(data, dice)
    return data[:end] + data[start:end] * dice.choice((1, 1, 2, 20)) + data[end:]


def _drop(data: bytes, dice: random.Random) -> bytes:
    start, end = _chunk(data, dice)
    return data[:start] + data[end:]


def _move(data: bytes, dice: random.Random) -> bytes:
    start, end = _chunk(data, dice)
    rest, at = data[:start] + data[end:], dice.randrange(len(data))
    return rest[:at] + data[start:end] + rest[at:]


def _trick(data: bytes, dice: random.Random) -> bytes:
    for _ in range(dice.randint(1, 4)):
        at = dice.randrange(len(data) + 1)
        if dice.random() < 0.7:  # where markup stands
            at = max(data.find(dice.choice((b"<", b">", b'"', b"&", b":")), at), 0)
        data = data[:at] + dice.choice(TRICKS) + data[at:]
    return data


def _recode(data: bytes, dice: random.Random) -> bytes:
    return data.decode("utf-8", "replace").encode(dice.choice(CODINGS), "replace")


MUTATIONS: tuple[Mutation, ...] = (_flip, _cut, _double, _drop, _move, _trick, _trick, _recode)


def mutated(data: bytes, dice: random.Random) -> bytes:
    """The bytes after one to four mutations."""
    for _ in range(dice.choice((1, 1, 2, 3, 4))):
        if data:
            data = dice.choice(MUTATIONS)(data, dice)
    return data


def read(data: bytes) -> str:
    """Parses and normalises; how it went."""
    try:
        feed = parse(data, URL, {})
    except ParseError as error:
        return str(error.kind)
    for item in feed.items:
        normalise(item, feed, SOURCE, URL, NOW)
    return feed.path


def collected(folders: list[Path]) -> list[bytes]:
    paths = sorted(path for folder in folders for path in folder.rglob("*") if path.suffix in SUFFIXES)
    return [data for path in paths if 0 < len(data := path.read_bytes()) <= LARGEST]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="*", default=[OWN])
    parser.add_argument("--cases", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="where cases that fail are left")
    options = parser.parse_args()
    seeds, told, faults = collected(options.folders), Counter[str](), Counter[str]()
    for number in range(options.cases):
        dice = random.Random(f"{options.seed} {number}")
        data, start = mutated(dice.choice(seeds), dice), time.process_time()
        try:
            how = read(data)
        except Exception as error:  # whatever it is, it is a finding
            how = f"{type(error).__name__} at {traceback.extract_tb(error.__traceback__)[-1].name}"
            faults[how] += 1
        if (took := time.process_time() - start) > SLOW:
            how = f"slow: {took:.1f} s"
            faults[how] += 1
        told[how] += 1
        if how in faults:
            print(f"case {number}: {how}", flush=True)
            if options.keep:
                (options.keep / f"{options.seed}-{number}").write_bytes(data)
    print(f"{options.cases} cases of {len(seeds)} feeds: " + ", ".join(f"{w} {n}" for w, n in told.most_common()))
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
