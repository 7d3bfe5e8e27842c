"""One poll of some sixty bad sources beside three good ones: each fails, or is read, alone."""

import json
import os
import re
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from lxml import etree, html

from tests.end_to_end.hostile import SECRET, Case, answering
from tests.end_to_end.stand import Desk, Stand, item, ok, rss

HEALTHY = {name: {f"{name} {n}" for n in range(1, 6)} for name in ("able", "baker", "charlie")}
MOST_MEGABYTES, MOST_SECONDS = 300, 60
CONFIGURED = {"deadline": "3s", "wire_bytes": 2**22, "decoded_bytes": 2**23, "per_host": 2, "first_items": 40}
ROOT = Path(__file__).parents[2]


@dataclass
class Outcome:
    """What a poll of all of them left behind."""

    desk: Desk
    cases: dict[str, Case]
    trap: Stand
    polled: dict[str, Any]  # what `poll --json` said
    status: dict[str, Any]  # what `status --json` says of each source
    log: str
    megabytes: float
    seconds: float


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    desk = Desk(tmp_path_factory.mktemp("hostile"))
    secret = desk.folder / "secret.txt"
    secret.write_text(SECRET)
    trap = Stand({"*": ok(rss(item(1, title=SECRET)))})
    cases = answering(trap.base, str(secret))
    stands = {name: Stand({"/feed": case.answer}) for name, case in cases.items()}
    stands |= {name: Stand({"/feed": ok(_healthy(name))}) for name in HEALTHY}
    sources = {name: {"url": f"{one.base}/feed"} for name, one in stands.items()} | {"unreachable": {"url": _closed()}}
    for name in ("giants", "links", "deep-html", "xss-rss", "xss-atom", "xss-json"):
        sources[name]["content"] = "full"
    desk.configure(sources, **CONFIGURED)
    yield _polled(desk, cases, trap)
    for one in (trap, *stands.values()):
        one.close()


def _healthy(name: str) -> bytes:
    return rss("".join(item(n, title=f"{name} {n}", link=f"https://{name}.example/{n}", guid="") for n in range(1, 6)))


def _closed() -> str:
    with socket.create_server(("127.0.0.1", 0)) as one:
        return f"http://127.0.0.1:{one.getsockname()[1]}/"


def _polled(desk: Desk, cases: dict[str, Case], trap: Stand) -> Outcome:
    began = time.monotonic()
    out, log, megabytes = _run("poll", desk)
    seconds = time.monotonic() - began
    sources = {one["name"]: one for one in json.loads(_run("status", desk)[0])["sources"]}
    return Outcome(desk, cases, trap, json.loads(out), sources, log, megabytes, seconds)


# A child's ru_maxrss begins with the size of the parent that forked it; the peak of its own memory is VmHWM.
CHILD = """
from feeds.cli import main
try:
    main()
finally:
    from pathlib import Path
    Path("peak").write_text(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0])
"""


def _run(command: str, desk: Desk) -> tuple[str, str, float]:
    """(stdout, stderr, peak of memory in MB) of a command in a process of its own."""
    words = [sys.executable, "-c", CHILD, command, "--json", "-c", str(desk.config_file)]
    where = {"cwd": desk.folder, "env": os.environ | {"PYTHONPATH": str(ROOT)}}
    done = subprocess.run(words, capture_output=True, text=True, timeout=2 * MOST_SECONDS, **where)
    return done.stdout, done.stderr, int((desk.folder / "peak").read_text()) / 1024


CASES = answering("http://trap.example", "/secret")


@pytest.mark.parametrize("name", CASES)
def test_each_comes_to_its_own_word(result, name):
    case = result.cases[name]
    status = result.status[name]
    assert (status["outcome"], status["articles"], status["error"]) == (case.outcome, case.items, status["error"])


@pytest.mark.parametrize("name", [*(name for name, case in CASES.items() if case.outcome.failed), "unreachable"])
def test_each_failure_has_its_sentence(result, name):
    error = result.status[name]["error"] or ""
    assert len(error.split()) > 3 and len(error) < 300 and error.isprintable(), error


def test_nobody_listening_is_told(result):
    assert result.status["unreachable"]["outcome"] == "unreachable"


def test_no_fault_of_ours(result):
    skipped = {p["source"]: [s for s in p["skipped"] if s["reason"] == "crashed"] for p in result.polled["polls"]}
    assert (result.log, {name: s for name, s in skipped.items() if s}) == ("", {})


def test_every_source_was_polled_once(result):
    assert sorted(p["source"] for p in result.polled["polls"]) == sorted([*result.cases, *HEALTHY, "unreachable"])


def test_every_section_was_published(result):
    assert result.polled["published"]["failed"] == []


@pytest.mark.parametrize("name", HEALTHY)
def test_the_healthy_ones_are_published(result, name):
    assert HEALTHY[name] - result.desk.titles() == set()


def test_memory_stays_bounded(result):
    assert result.megabytes <= MOST_MEGABYTES


def test_it_ends_in_time(result):
    assert result.seconds <= MOST_SECONDS


def test_what_asked_us_to_wait_is_waited_for(result):
    waits = {}
    for name in ("rate-limited", "unavailable"):
        status = result.status[name]
        waits[name] = datetime.fromisoformat(status["next_poll"]) - datetime.fromisoformat(status["last_poll"])
    assert {name: round(wait.total_seconds()) // 7200 for name, wait in waits.items()} == dict.fromkeys(waits, 1)


# ---------------------------------------------------------------- what nobody may reach


def test_the_trap_was_not_asked(result):
    assert result.trap.asked == []


def test_the_secret_is_nowhere(result):
    files = [path for path in result.desk.folder.rglob("*") if path.is_file() and path.name != "secret.txt"]
    assert [path.name for path in files if SECRET.encode() in path.read_bytes()] == []


# ---------------------------------------------------------------- what is published

NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
BAD_TAGS = {"script", "iframe", "frame", "object", "embed", "applet", "form", "input", "button", "style", "svg", "math",
            "base", "meta", "link", "template", "noscript", "video", "audio"}  # fmt: skip
LINKS = ("href", "src", "action", "formaction", "poster", "srcset", "cite", "background", "data")


def _published(result: Outcome, suffix: str) -> list[Path]:
    return sorted(result.desk.public.rglob(f"*{suffix}"))


def _evil(tree: Any, *, page: bool = False) -> list[str]:
    """What of a tree could run, load or move something; a page's own head may hold links, metas and data."""
    found = []
    for element in tree.iter(etree.Element):
        if page and element.getparent() is not None and element.getparent().tag == "head" and _ours(element):
            continue
        if element.tag in BAD_TAGS:
            found.append(f"<{element.tag}>")
        for name, value in element.attrib.items():
            scheme, colon, _ = re.sub(r"[\x00-\x20]", "", value.lower()).partition(":")
            leads_away = name in LINKS and colon and scheme not in ("http", "https", "mailto")
            if name.lower().startswith("on") or name in ("style", "http-equiv") or leads_away:
                found.append(f"{name}={value}")
    return found


def _ours(element: Any) -> bool:
    match element.tag:
        case "script":
            return element.get("type") == "application/ld+json" and "<" not in (element.text or "")
        case "meta":
            return element.get("http-equiv") in (None, "Content-Security-Policy")
        case "link":
            return _web(element.get("href")) or ":" not in element.get("href")
    return False


def _evil_html(text: str) -> list[str]:
    return _evil(html.fragment_fromstring(text, create_parent=True)) if text.strip() else []


def test_every_file_holds_only_what_xml_may(result):
    files = [path for path in result.desk.public.rglob("*") if path.is_file()]
    assert {
        path.name: NOT_XML.findall(path.read_text("utf-8"))[:3]
        for path in files
        if NOT_XML.search(path.read_text("utf-8"))
    } == {}


def test_no_page_runs_anything(result):
    evil = {path.name: _evil(html.parse(path).getroot(), page=True) for path in _published(result, ".html")}
    assert {name: found for name, found in evil.items() if found} == {}


def test_there_are_pages_of_every_payload(result):
    pages = [path.read_text("utf-8") for path in _published(result, ".html")]
    assert sum("alert(1)" in page for page in pages) >= 30


def test_nothing_runs_out_of_the_atom_feeds(result):
    found = []
    for path in _published(result, "atom.xml"):
        for element in etree.parse(path).getroot().iter(etree.Element):
            if element.get("type") == "html":
                found += _evil_html(element.text or "")
            elif element.get("type") == "xhtml":
                found += _evil(element)
            found += [f"{k}={v}" for k, v in element.attrib.items() if k in ("href", "src") and not _web(v)]
    assert found == []


def test_nothing_runs_out_of_the_rss_feeds(result):
    found = []
    for path in _published(result, "rss.xml"):
        for element in etree.parse(path).getroot().iter(etree.Element):
            name = etree.QName(element).localname
            if name in ("description", "encoded"):
                found += _evil_html(element.text or "")
            if name in ("link", "comments") and element.text and not _web(element.text):
                found.append(element.text)
            found += [f"{k}={v}" for k, v in element.attrib.items() if k in ("url", "href") and not _web(v)]
    assert found == []


def test_nothing_runs_out_of_the_json_feeds(result):
    found = []
    for path in _published(result, "feed.json"):
        for entry in json.loads(path.read_bytes(), parse_constant=lambda word: pytest.fail(word))["items"]:
            found += _evil_html(entry.get("content_html", ""))
            links = [entry.get(key) for key in ("url", "external_url", "image", "banner_image")]
            links += [one["url"] for one in entry.get("attachments", [])]
            found += [link for link in links if link and not _web(link)]
    assert found == []


def _web(url: str) -> bool:
    return re.match(r"(https?|mailto):[^\x00-\x20<>\"]*$", url) is not None


def test_no_date_lies_ahead(result):
    now = datetime.now(UTC)
    dates = [datetime.fromisoformat(e[key]) for e in result.desk.entries() for key in ("published", "updated")]
    assert [date for date in dates if date > now or date.year < 1000] == []


def test_no_two_entries_have_one_id(result):
    ids = [entry["id"] for entry in result.desk.entries()]
    assert len(ids) == len(set(ids)) > 150


def test_a_wrong_encoding_is_seen_through(result):
    assert "Caf\u00e9 d\u00e9j\u00e0 vu" in result.desk.titles()


def test_no_title_is_endless(result):
    assert max(map(len, result.desk.titles())) <= 2000
