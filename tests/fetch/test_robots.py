"""robots.txt by RFC 9309, and what goes beyond it."""

import time
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.errors import FetchError
from feeds.fetch import robots
from feeds.fetch.robots import Memory, Robots
from feeds.model import Response

NOON = datetime(2026, 1, 8, 12, 0, tzinfo=UTC)
PAGE = "https://karsa.example/world/"


def answer(body: bytes = b"", status: int = 200) -> Response:
    return Response(
        url="https://karsa.example/robots.txt",
        status=status,
        headers={},
        body=body,
        fetched_at=NOON,
        elapsed=timedelta(0),
    )


def read(text: str, url: str = PAGE) -> Robots:
    return robots.read(url, answer(text.encode()), NOON)


def allows(text: str, path: str) -> bool:
    return read(text).refusal(f"https://karsa.example{path}") is None


@pytest.mark.parametrize(
    ("text", "path", "expected"),
    [
        ("", "/a", True),
        ("User-agent: *\nDisallow:\n", "/a", True),
        ("User-agent: *\nDisallow: /\n", "/a", False),
        ("User-agent: *\nDisallow: /\n", "/robots.txt", True),
        ("User-agent: *\nDisallow: /a\nAllow: /a/b\n", "/a/b/c", True),  # the longest rule counts
        ("User-agent: *\nAllow: /a\nDisallow: /a/b\n", "/a/b/c", False),
        ("User-agent: *\nDisallow: /a\nAllow: /a\n", "/a", True),  # of equal ones the kinder
        ("User-agent: *\nDisallow: /*.php$\n", "/x/a.php", False),
        ("User-agent: *\nDisallow: /*.php$\n", "/x/a.php?b", True),
        ("User-agent: *\nDisallow: /caf%C3%A9\n", "/café", False),
        ("User-agent: Copydesk\nDisallow: /\n\nUser-agent: *\nAllow: /\n", "/a", False),
        ("User-agent: *\nDisallow: /\n\nUser-agent: copydesk\nAllow: /\n", "/a", True),
        ("User-agent: COPYDESK/1.0 # us\nDisallow: /\n", "/a", False),
        ("User-agent: other\nUser-agent: copydesk\nDisallow: /\n", "/a", False),  # one group for both
        ("User-agent: other\nUser-agent: third\nDisallow: /\n", "/a", True),
        ("User-agent: copy\nDisallow: /\n", "/a", True),  # a part of our name is not our name
        ("User-agent: copydesk-images\nDisallow: /\n", "/a", True),
        ("\ufeffUser-agent: *\r\nDisallow: /\r\n", "/a", False),
        ("User-agent:\u00a0*\u2028Disallow: /", "/a", False),
        ("user agent *\nDisallow /\n", "/a", False),  # as people write it
        ("User-agents: *\nDisallow: /\n", "/a", True),
        ("User-agent: other\nDisallow: /\nUser-agent:\nDisallow: /a\n", "/a", True),
        ("<!doctype html><p>Disallow: /</p>", "/a", True),
        ("Disallow: /\n", "/a", True),  # of no group
    ],
)
def test_rules(text: str, path: str, expected: bool) -> None:
    assert allows(text, path) is expected


def test_a_refusal_says_who_what_and_what_to_do() -> None:
    assert read("User-agent: *\nDisallow: /w").refusal(PAGE) == (
        "robots.txt of karsa.example does not allow /world/ for Copydesk; ask its owner, or remove the source"
    )


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        (answer(status=404), None),
        (answer(status=401), None),
        (answer(status=403), None),
        (answer(status=503), "cannot be read (the server answered 503)"),
        (answer(status=429), "cannot be read (the server answered 429)"),
        (FetchError("redirect", "karsa.example redirects in a circle."), None),
        (FetchError("timeout", "karsa.example does not answer."), "cannot be read (karsa.example does not answer)"),
        (FetchError("too large", "karsa.example sent more than 8 MiB."), "cannot be read"),
    ],
)
def test_what_is_not_to_be_had(result: Response | FetchError, expected: str | None) -> None:
    refusal = robots.read(PAGE, result, NOON).refusal(PAGE)
    assert (refusal is None) if expected is None else (refusal is not None and expected in refusal)


def test_beyond_500_kib_nothing_is_read() -> None:
    padding = "# " + "x" * (robots.MOST - 40) + "\n"
    assert allows(f"{padding}User-agent: *\nDisallow: /here\nDisallow: /{'y' * 100}\n", "/yy")


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("User-agent: *\nCrawl-delay: 7\n", 7),
        ("User-agent: *\nCrawl-delay: 0.5\n", 0.5),
        ("User-agent: *\nCrawl-delay: 86400\n", 60),
        ("User-agent: *\nCrawl-delay: 1e300\n", 60),
        ("User-agent: *\nCrawl-delay: soon\n", 0),
        ("User-agent: *\nCrawl-delay: -1\n", 0),
        ("User-agent: other\nCrawl-delay: 9\n", 0),
        ("", 0),
    ],
)
def test_the_delay_that_is_asked_for(text: str, seconds: float) -> None:
    assert read(text).delay == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://karsa.example/a?b#c", "https://karsa.example/robots.txt"),
        ("http://karsa.example:8080", "http://karsa.example:8080/robots.txt"),
        ("https://user:word@karsa.example/a", "https://karsa.example/robots.txt"),
    ],
)
def test_where_it_lies(url: str, expected: str) -> None:
    assert robots.address(url) == expected


def test_what_is_known_is_known_for_a_day_and_for_one_origin() -> None:
    memory = Memory()
    known = read("User-agent: *\nDisallow: /")
    memory.keep(PAGE, known)
    later = NOON + timedelta(hours=23)
    assert memory.known("https://karsa.example/other", later) is known
    assert memory.known(PAGE, later + timedelta(hours=1)) is None
    assert memory.known("http://karsa.example/", later) is None


def test_what_could_not_be_had_is_soon_tried_again() -> None:
    memory = Memory()
    memory.keep(PAGE, robots.read(PAGE, answer(status=500), NOON))
    assert memory.known(PAGE, NOON + timedelta(minutes=15)) is None


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(robots, "REMEMBERED", 2)
    memory = Memory()
    for n in range(3):
        memory.keep(f"https://n{n}.example/", read(""))
    assert [memory.known(f"https://n{n}.example/", NOON) is None for n in range(3)] == [True, False, False]


AGENTS = ("User-agent: r{n}\n", "\u00a0useragent r{n}\n", "x\x0bUser\tagent r{n}\x0b", "user-agent\u2003:r{n}\u2028")
HOSTILE = {
    **{
        f"robots and rules {nth}": "".join(line.format(n=n) for n in range(12_000))
        + "".join(f"Disallow: /{n}\n" for n in range(12_000))
        for nth, line in enumerate(AGENTS)
    },
    "stars": "User-agent: *\nDisallow: /" + "*a" * 200_000 + "\n",
    "many stars": "User-agent: *\n" + f"Disallow: /{'*a' * 20}b\n" * 9_000,
    "one line": "User-agent:" + " " * 500_000,
    "a long name": "user" + " " * 500_000,
    "lines": "\n" * 500_000,
    "names": "User-agent: Copydesk" + "/" * 480_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_one_costs_little(text: str) -> None:
    began = time.process_time()
    read(text).refusal("https://karsa.example/" + "a" * 4_000)
    assert time.process_time() - began < 5


@given(st.text(), st.text())
def test_any_text_and_any_path_get_an_answer(text: str, path: str) -> None:
    refusal = read(f"User-agent: *\nDisallow: {text}\n{text}").refusal(f"https://karsa.example/{path}")
    assert refusal is None or "robots.txt" in refusal
