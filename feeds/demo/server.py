"""The newsroom on loopback: eight feeds with validators and gzip, and a page behind every link in them."""

import mimetypes
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from urllib.parse import urlsplit

from feeds.demo.pages import pages
from feeds.demo.serving import Resource, listen, serving
from feeds.demo.wires import FOLDER, WIRES, body


@contextmanager
def newsroom(now: datetime, port: int = 0) -> Iterator[str]:
    """Serve the newsroom for as long as the context lasts; gives its address, without a slash at the end.

    All its times count back from `now`: the same moment and the same address give the same bytes. A port that
    is taken, like 0, means any free one.
    """
    server = listen(port)
    base = f"http://127.0.0.1:{server.server_port}"
    feeds = wires(base, now)

    @cache
    def articles() -> dict[str, Resource]:  # only once somebody follows a link
        return pages(feeds, base, now)

    def find(target: str) -> Resource | None:
        path = urlsplit(target).path
        return feeds.get(path) or _picture(path, now) or articles().get(target) or articles().get(path)

    with serving(server, find):
        yield base


def wires(base: str, now: datetime) -> dict[str, Resource]:
    """Path -> feed, for all sources."""
    return {
        f"/{wire.name}/{wire.path}": Resource(
            media_type=f"{wire.media_type}; charset={wire.encoding}", body=body(wire, base, now), modified=now
        )
        for wire in WIRES
    }


def _picture(path: str, now: datetime) -> Resource | None:
    folder, _, name = path.removeprefix("/").partition("/")
    known = {file.name: file for file in (FOLDER / "images").iterdir()} if folder == "images" else {}
    if name not in known:
        return None
    media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return Resource(media_type=media_type, body=known[name].read_bytes(), modified=now)
