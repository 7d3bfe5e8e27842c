"""The published pages on loopback: files of one folder, with the media types that feed readers expect."""

import mimetypes
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from urllib.parse import quote, unquote

from feeds.demo.serving import Moved, Resource, listen, serving

_BY_NAME = {
    "atom.xml": "application/atom+xml; charset=utf-8",
    "rss.xml": "application/rss+xml; charset=utf-8",
    "feed.json": "application/feed+json; charset=utf-8",
    "opml.xml": "text/x-opml; charset=utf-8",
    "sources.opml": "text/x-opml; charset=utf-8",
}


@contextmanager
def site(folder: Path, port: int = 8000) -> Iterator[str]:
    """Serve the folder for as long as the context lasts; gives its address, which ends with a slash.

    The folder may still be empty or missing. A port that is taken means any free one.
    """
    server = listen(port)
    with serving(server, partial(find, folder)):
        yield f"http://127.0.0.1:{server.server_port}/"


def find(folder: Path, target: str) -> Resource | Moved | None:
    """The file at a request target; a folder's `index.html`; None for anything else or outside."""
    asked = unquote(target.partition("?")[0])  # not urlsplit, to which "//a/b" is the host a
    parts = asked.strip("/").split("/")
    if not asked.startswith("/") or any(part.startswith(".") or "\\" in part or "\0" in part for part in parts):
        return None
    try:
        path = folder.joinpath(*parts).resolve(strict=True)
        if not path.is_relative_to(folder.resolve()):
            return None
        if not path.is_dir():
            return None if asked.endswith("/") else _file(path)
        return _file(path / "index.html") if asked.endswith("/") else Moved(path=f"/{quote('/'.join(parts))}/")
    except OSError:  # no such file, a name that is too long, not ours to read
        return None


def _file(path: Path) -> Resource:
    modified = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    return Resource(media_type=media_type(path.name), body=path.read_bytes(), modified=modified)


def media_type(name: str) -> str:
    """The media type of a published file, with its charset where it has one."""
    if name in _BY_NAME:
        return _BY_NAME[name]
    guess = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return f"{guess}; charset=utf-8" if guess.startswith("text/") or guess.endswith(("xml", "json")) else guess
