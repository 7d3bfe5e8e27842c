"""Hosts on loopback that answer as a test wants, and a desk that polls them and publishes."""

import json
import os
import socket
import sqlite3
import threading
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lxml import etree

from feeds.app import opened
from feeds.config import load
from feeds.model import Poll

Answer = bytes | Callable[[socket.socket], None]
ATOM = "{http://www.w3.org/2005/Atom}"


def ok(body: bytes, *headers: str, status: str = "200 OK", length: int | None = None) -> bytes:
    """A whole response; `length` lies about the body's."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body) if length is None else length}", *headers]
    return "\r\n".join([*lines, "Connection: close"]).encode("latin-1") + b"\r\n\r\n" + body


class Stand:
    """One host. Answers a path with bytes, or with a function of the socket; "*" stands for all other paths."""

    def __init__(self, answers: Mapping[str, Answer]) -> None:
        self.answers = dict(answers)
        self.asked: list[str] = []  # paths
        self.heads: dict[str, str] = {}  # the last request for a path, with its headers
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=50)
        self.base = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)  # wakes `accept`, which close alone does not
        self._socket.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                conn, _ = self._socket.accept()
                threading.Thread(target=self._serve, args=(conn,), daemon=True).start()

    def _serve(self, conn: socket.socket) -> None:
        conn.settimeout(10)
        with suppress(OSError), conn:
            asked = b""
            while b"\r\n\r\n" not in asked:
                more = conn.recv(65536)
                if not more:
                    return
                asked += more
            path = asked.split(b" ", 2)[1].decode()
            self.asked.append(path)
            self.heads[path] = asked.decode("latin-1").lower()
            answer = self.answers.get(path) or self.answers.get("*") or ok(b"", status="404 Not Found")
            if callable(answer):
                answer(conn)
            else:
                conn.sendall(answer)


@dataclass
class Desk:
    """A configuration in a folder, with one section that takes all there is."""

    folder: Path
    store_url: str = "sqlite:///copydesk.db"

    @property
    def config_file(self) -> Path:
        return self.folder / "copydesk.toml"

    @property
    def public(self) -> Path:
        return self.folder / "public"

    def configure(self, sources: Mapping[str, Mapping[str, Any]], **polling: str | int) -> None:
        """Writes the configuration; every source lists the section "news"."""
        lines = [
            '[site]\ntitle = "Desk"\nbase_url = "https://desk.example/"\noutput = "public"',
            f"[store]\nurl = {json.dumps(self.store_url)}",
            "[polling]",
            *(f"{key} = {json.dumps(value)}" for key, value in ({"spacing": "0s"} | polling).items()),
            '[sections.news]\ntitle = "News"\nlimit = 500\nwindow = "0s"',
        ]
        for name, table in sources.items():
            lines.append(f"[sources.{name}]")
            lines += [f"{key} = {json.dumps(value)}" for key, value in ({"sections": ["news"]} | table).items()]
        self.config_file.write_text("\n".join(lines) + "\n", "utf-8")

    def poll(self, *names: str) -> dict[str, Poll]:
        """Polls what is named, or what is due, and publishes."""
        with opened(load(self.config_file, os.environ)) as app:
            app.register()
            polls = {poll.source: poll for poll in app.poll(names)}
            with app.publishing():
                app.publish()
        return polls

    def forget_failures(self) -> None:
        """Lets a source that failed be asked again at once."""
        with closing(sqlite3.connect(self.folder / "copydesk.db")) as connection, connection:
            connection.execute("UPDATE source SET next_poll = 0")

    def entries(self) -> list[dict[str, str]]:
        """What the section's Atom feed holds, in its order."""
        feed = etree.parse(self.public / "news" / "atom.xml").getroot()
        return [_entry(one) for one in feed.iter(f"{ATOM}entry")]

    def titles(self) -> set[str]:
        return {entry["title"] for entry in self.entries()}

    def articles(self) -> int:
        """How many the store holds."""
        with opened(load(self.config_file, os.environ)) as app, app.store.reading() as shelf:
            return shelf.counts()["articles"]


def _entry(element: etree._Element) -> dict[str, str]:
    found = {name: element.findtext(f"{ATOM}{name}") or "" for name in ("id", "title", "published", "updated")}
    author = element.findtext(f"{ATOM}author/{ATOM}name") or ""
    return found | {"author": author, "text": element.findtext(f"{ATOM}content") or ""}


def rss(items: str, title: str = "Stand") -> bytes:
    """An RSS document around items."""
    return (
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:media="http://search.yahoo.com/mrss/">'
        f"<channel><title>{title}</title><link>https://stand.example/</link><description>d</description>"
        f"{items}</channel></rss>"
    ).encode()


def item(number: int, title: str = "", **more: str) -> str:
    """One item; `more` are further elements, or others in place of its own."""
    fields = {
        "title": title or f"Story {number}",
        "link": f"https://stand.example/{number}",
        "guid": f"https://stand.example/{number}",
        "description": f"What happened in story {number}, told in short.",
    } | more
    return "<item>" + "".join(f"<{key}>{value}</{key}>" for key, value in fields.items() if value) + "</item>"
