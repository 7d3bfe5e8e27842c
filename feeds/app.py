"""The one place that wires: a configuration becomes doors, opened once."""

import os
import secrets
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from time import sleep

from feeds import __version__
from feeds.config import Config
from feeds.errors import StoreError
from feeds.fetch import Fetcher, Limits
from feeds.model import Poll, Source
from feeds.pipeline.desk import Rulebook
from feeds.pipeline.poll import Run
from feeds.pipeline.publish import Published, publish
from feeds.pipeline.read import Manner
from feeds.pipeline.rerouting import bring_sections
from feeds.pipeline.views import Press, press
from feeds.publish.files import Output
from feeds.publish.paths import OPML
from feeds.store import Registered, Store, open_store


def clock() -> datetime:
    """The time."""
    return datetime.now(UTC)


def worker_name() -> str:
    """A name for this process, that no other has."""
    return f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"


@dataclass(slots=True)
class App:
    """A configuration with its doors open."""

    config: Config
    store: Store
    output: Output
    stopping: Event = field(default_factory=Event)
    _fetcher: Fetcher | None = None

    @property
    def folder(self) -> str:
        """The output's name in the store."""
        return str(self.config.output)

    @property
    def fetcher(self) -> Fetcher:
        """The fetch door, opened at its first use."""
        if self._fetcher is None:
            self._fetcher = open_fetcher(self.config)
        return self._fetcher

    def close(self) -> None:
        """Closes every door."""
        if self._fetcher is not None:
            self._fetcher.close()
        self.store.close()

    def stop(self) -> None:
        """Ends what runs, soon and in good order; safe to call from a signal's handler."""
        self.stopping.set()
        if self._fetcher is not None:
            self._fetcher.close()

    def rulebook(self) -> Rulebook:
        """What of the configuration decides."""
        return Rulebook(
            sources={s.name: s for s in self.config.sources},
            sections=self.config.sections,
            first_items=self.config.polling.first_items,
            first_age=self.config.polling.first_age,
            spacing=self.config.polling.spacing,
        )

    def register(self) -> Registered:
        """Brings sources and sections of the store in line with the configuration."""
        registered = self.store.register(self.config.sources)
        with self.store.deciding() as ledger:
            bring_sections(ledger, self.rulebook(), clock())
        return registered

    def poll(self, named: Sequence[str] = ()) -> Iterator[Poll]:
        """Polls what is due, or what is named."""
        polling = self.config.polling
        run = Run(
            store=self.store,
            fetches=self.fetcher,
            rules=self.rulebook(),
            manner=Manner(drop=self.config.drop, interval=polling.interval, deadline=polling.deadline),
            clock=clock,
            sleep=sleep,
            named=named,
            stopped=self.stopping.is_set,
        )
        return run.polls()

    def press(self) -> Press:
        """What decides the print."""
        with self.store.reading() as shelf:
            records = shelf.sources()
        return press(self.config.site, self.config.sections, self.config.sources, records)

    def publish(
        self,
        named: Sequence[str] = (),
        *,
        regenerate: bool = False,
        progress: Callable[[str], object] = lambda _: None,
    ) -> Published:
        """Writes what changed; whoever calls holds the lock of `publishing`."""
        return publish(
            self.store,
            self.output,
            self.folder,
            self.press(),
            clock().replace(microsecond=0),
            named=named,
            regenerate=regenerate,
            progress=progress,
        )

    @contextmanager
    def publishing(self) -> Iterator[None]:
        """Holds the right to write this output; LockedError when another process has it."""
        with self.store.lock(f"publish-{output_key(self.config.output)}"):
            yield


def output_key(path: Path) -> str:
    """A short name for an output folder, fit for a file's name."""
    from hashlib import blake2b

    return blake2b(str(path).encode(), digest_size=6).hexdigest()


@contextmanager
def opened(config: Config, *, create: bool = True) -> Iterator[App]:
    """The app of a configuration, closed at the end of the block."""
    if create:
        refuse_lost_store(config)
    app = App(config, open_store(config.store_url, worker_name(), create=create), Output(config.output))
    try:
        yield app
    finally:
        app.close()


def open_fetcher(config: Config) -> Fetcher:
    """The fetch door of a configuration."""
    polling = config.polling
    limits = Limits(wire_bytes=polling.wire_bytes, decoded_bytes=polling.decoded_bytes)
    return Fetcher(
        user_agent(config.site.contact, config.site.base_url),
        workers=polling.workers,
        per_host=polling.per_host,
        spacing=polling.spacing,
        limits=limits,
    )


def user_agent(contact: str | None, base_url: str) -> str:
    """Who we say that we are, and whom to write to."""
    return f"Copydesk/{__version__} (+{base_url}{f'; {contact}' if contact else ''})"


def refuse_lost_store(config: Config) -> None:
    """Stops before a new store would give published articles new ids: a filled output without its store."""
    path = store_file(config.store_url)
    if path is None or (path.exists() and path.stat().st_size):
        return
    if (config.output / OPML).exists():
        raise StoreError(
            f"{path}: the store is missing, but {config.output} is filled from one; "
            "restore a backup, or move the output away to begin anew"
        )


def store_file(url: str) -> Path | None:
    """The file of a SQLite store; None for a server's."""
    return Path(url.removeprefix("sqlite:///")) if url.startswith("sqlite:///") else None


def source_named(config: Config, name: str) -> Source | None:
    """The configured source of that name."""
    return next((s for s in config.sources if s.name == name), None)
