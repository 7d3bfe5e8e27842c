"""The adapter by which duplicates and stories are measured: one answer a line, of the product's own code."""

import json
import subprocess
import sys
from pathlib import Path

from tests.dedupe.events import OTHERS, SECOND_REPORT, WIRE

ROOT = Path(__file__).resolve().parents[2]
SAID = (
    ("wire", "post.example", "Ministers reopen ferry line", WIRE),
    ("copy", "times.example", "Ferries to sail the strait again", WIRE),
    ("report", "echo.example", "Ministers reopen ferry line", SECOND_REPORT),
    ("other", "bell.example", *OTHERS[1]),
)


def lines():
    for minute, (name, feed, title, body) in enumerate(SAID):
        where = f"https://{feed}/{name}"
        said = {"id": name, "feed": feed, "url": where, "guid": where, "lang": "en", "title": title, "body": body}
        yield json.dumps(said | {"ts": f"2026-01-08T10:{minute:02}:00"})


def test_copies_and_stories_are_told():
    command = [sys.executable, "benchmarks/dedupe_adapter.py"]
    done = subprocess.run(command, input="\n".join(lines()), cwd=ROOT, capture_output=True, text=True, check=True)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(a["id"], a["dup_of"], a["cluster"]) for a in answers] == [
        ("wire", None, "wire"),
        ("copy", "wire", "wire"),
        ("report", None, "wire"),
        ("other", None, "other"),
    ]
