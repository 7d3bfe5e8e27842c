"""Puts sections and sources into a configuration file: behind what stands there, of which no byte changes.

Not by editing the document with tomlkit: there a comment belongs to the table above it, so that a new section would
come between the next table and the words that explain it. tomlkit writes the values.
"""

import os
import stat
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from feeds.config.values import Config
from feeds.errors import ConfigError
from feeds.model import Section, Source

_KEYS = ("url", "kind", "title", "home", "sections", "language", "disabled", "note")  # in the order of the template


def tables(sections: Iterable[Section], sources: Iterable[Source]) -> str:
    """New sections and sources in TOML: title, and of a source what else is said of it."""
    shelves = {f"sections.{section.name}": {"title": section.title} for section in sections}
    entries = {f"sources.{source.name}": {key: getattr(source, key) for key in _KEYS} for source in sources}
    return "\n".join(_table(name, values) for name, values in (shelves | entries).items())


def _table(name: str, values: Mapping[str, object]) -> str:
    """One table; names of ours need no quotes, and what is empty, false or the default is left out."""
    from tomlkit import item

    said = {key: value for key, value in values.items() if value and (key, value) != ("kind", "auto")}
    told = ((key, list(value) if isinstance(value, tuple) else value) for key, value in said.items())
    return f"[{name}]\n" + "".join(f"{key} = {item(value).as_string()}\n" for key, value in told)


def appended(content: bytes, added: str) -> bytes:
    """The file with more tables at its end; its own line ends are kept to."""
    if not added:
        return content
    end = "\r\n" if b"\r\n" in content else "\n"
    gap = "" if not content.strip() else end if content.endswith(b"\n") else end * 2
    return content + (gap + added.replace("\n", end)).encode()


def extend(config: Config, sections: Iterable[Section], sources: Iterable[Source], environ: Mapping[str, str]) -> None:
    """Writes them into the file of a configuration, whole or not at all; raises ConfigError when that cannot be.

    The file is replaced only by one that can be loaded; its mode stays, and a link to it stays a link.
    """
    added = tables(sections, sources)
    path = Path(os.path.realpath(config.path))
    try:
        content = path.read_bytes()
        written = appended(content, added)
        _check(config.path, environ, written)
        _replace(path, content, written)
    except OSError as error:
        raise ConfigError((f"{path}: cannot be written ({error.strerror}); nothing was changed",)) from error


def _check(path: Path, environ: Mapping[str, str], written: bytes) -> None:
    """Raises ConfigError when the new file would not be right."""
    from feeds.config.reader import load

    try:
        load(path, environ, written)
    except ConfigError as error:
        why = "with the new tables at its end it would not be right, nothing was written"
        hint = "where `sections` or `sources` are written as inline tables, write [sources.NAME] instead"
        raise ConfigError((f"{path}: {why}; {hint}", *error.problems)) from error


def _replace(path: Path, before: bytes, after: bytes) -> None:
    """Puts new bytes in the place of those that we read; raises ConfigError when others stand there by now."""
    if before == after:
        return
    mode = stat.S_IMODE(path.stat().st_mode)
    temporary = path.with_name(f".tmp-{os.getpid()}-{path.name}")
    temporary.unlink(missing_ok=True)
    try:
        with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
            os.fchmod(file.fileno(), mode)  # the umask had its say
            with suppress(OSError):  # another's file: only root can give it back
                os.fchown(file.fileno(), path.stat().st_uid, path.stat().st_gid)
            file.write(after)
            file.flush()
            os.fsync(file.fileno())
        if path.read_bytes() != before:
            raise ConfigError((f"{path}: was changed by another while this ran, nothing was written; try again",))
        temporary.replace(path)
        _sync(path.parent)
    finally:
        temporary.unlink(missing_ok=True)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
