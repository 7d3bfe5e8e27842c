"""The one place that wires: a configuration becomes doors, opened once."""

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from msgspec.structs import replace

from feeds import __version__
from feeds.config import Config
from feeds.errors import LockedError, StoreError
from feeds.memory import collect_seldom, spare_what_is_loaded
from feeds.model import Poll
from feeds.pipeline.rules import Manner, Rulebook
from feeds.publish.files import MARK, Output
from feeds.publish.paths import ATOM, section_path
from feeds.publish.secrecy import is_private
from feeds.store import Registered, Store, open_store
from feeds.store.store import renamed_late
from feeds.store.workers import worker_name

if TYPE_CHECKING:  # each command imports what it needs: start-up is half of a poll of a few sources
    from feeds.fetch import Fetcher
    from feeds.fetch.robots import Memory
    from feeds.pipeline.publish import Published
    from feeds.pipeline.rehearsal import Rehearsal
    from feeds.pipeline.views import Press


logger = logging.getLogger(__name__)


def clock() -> datetime:
    """The time."""
    return datetime.now(UTC)


@dataclass(slots=True)
class App:
    """A configuration with its doors open."""

    config: Config
    store: Store
    output: Output
    stopping: Event = field(default_factory=Event)
    _fetcher: "Fetcher | None" = None
    _robots: "Memory | None" = None
    _held: Callable[[], None] = lambda: None

    @property
    def folder(self) -> str:
        """The output's name in the store."""
        return str(self.config.output)

    @property
    def fetcher(self) -> "Fetcher":
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
        """Ends the polling that runs, from any thread: soon, and with what has arrived."""
        self.stopping.set()
        if self._fetcher is not None:
            self._fetcher.stop()

    def take(self, config: Config) -> Registered:
        """Works by another configuration from now on; nothing may be polling."""
        registered = register(self.store, config)
        self.config = config
        if self._fetcher is not None:
            self._fetcher.close()
            self._fetcher = None
        return registered

    def is_new(self) -> bool:
        """Whether the store knows no source yet."""
        with self.store.reading() as shelf:
            return not (shelf.version() or shelf.sources())

    def register(self) -> Registered:
        """Brings sources and sections of the store in line with the configuration."""
        return register(self.store, self.config)

    def poll(self, named: Sequence[str] = ()) -> Iterator[Poll]:
        """Polls what is due, or what is named."""
        from feeds.fetch.robots import Memory
        from feeds.pipeline.poll import Run

        self._robots = self._robots or Memory()
        polling = self.config.polling
        run = Run(
            store=self.store,
            fetches=self.fetcher,
            rules=rulebook(self.config),
            manner=Manner(drop=self.config.drop, interval=polling.interval, deadline=polling.deadline),
            clock=clock,
            sleep=self.stopping.wait,
            named=named,
            robots=self._robots,
            stopped=self.stopping.is_set,
        )
        return run.polls()

    def press(self) -> "Press":
        """What decides the print."""
        from feeds.pipeline.views import press

        config = self.config  # another thread may take another one
        with self.store.reading() as shelf:
            records = shelf.sources()
        return press(config.site, config.sections, config.sources, records)

    def publish(
        self,
        named: Sequence[str] = (),
        *,
        regenerate: bool = False,
        progress: Callable[[str], object] = lambda _: None,
        stopped: Callable[[], bool] = lambda: False,
    ) -> "Published":
        """Writes what changed, or with `regenerate` all; whoever calls holds the lock of `publishing`."""
        from feeds.pipeline.publish import publish

        return publish(
            self.store,
            self.output,
            self.folder,
            self.press(),
            clock().replace(microsecond=0),
            named=named,
            regenerate=regenerate,
            progress=progress,
            stopped=stopped,
            held=self._before_writing,
        )

    def rehearse(
        self, since: datetime, now: datetime, against: Config | None, progress: Callable[[int, datetime], object]
    ) -> "Rehearsal":
        """What this configuration would make of what is stored; `against`: the one in force, where that is known."""
        from feeds.pipeline.rehearsal import Play, rehearse
        from feeds.pipeline.shaping import Presses
        from feeds.pipeline.views import press

        with self.store.reading() as shelf:
            records = shelf.sources()
        old = press(against.site, against.sections, against.sources, records) if against else None
        presses = Presses(new=self.press(), old=old)
        play = Play(rules=rulebook(self.config), drop=self.config.drop, presses=presses, since=since, now=now)
        return rehearse(self.store, play, progress)

    def keep_up(self) -> None:
        """Forgets what nothing asks for any more, where that was not done for a day."""
        from feeds.pipeline.upkeep import RARELY, keep_up

        keep_up(self.store, clock(), RARELY)

    def stale(self) -> bool:
        """Whether something was settled since the last publishing."""
        from feeds.pipeline.publish import stale

        return stale(self.store, self.folder)

    def left_behind(self) -> list[str]:
        """The sections whose files lie in the output, and which the configuration has no more."""
        from feeds.pipeline.publish import sections_gone

        with self.store.reading() as shelf:
            gone = sections_gone(shelf.shown(self.folder), self.config.sections)
        return [name for name in gone if self.output.holds(section_path(name, ATOM))]

    def named_late(self) -> list[str]:
        """What is to be said of each `formerly` that does nothing."""
        with self.store.reading() as shelf:
            known = [r.state.name for r in shelf.sources()]
        return [named_late(old, new) for old, new in renamed_late(known, self.config.sources)]

    @contextmanager
    def publishing(self) -> Iterator[None]:
        """Holds the right to write this output; LockedError when another process has it."""
        with ExitStack() as held:
            try:
                self._held = held.enter_context(self.store.lock(f"publish-{output_key(self.config.output)}"))
            except LockedError as error:
                raise LockedError(
                    f"{self.config.output}: another copydesk publishes there, perhaps a daemon; end it first"
                ) from error
            try:
                self.check_output()
                yield
            finally:
                self._held = lambda: None

    def check_output(self) -> None:
        """Raises StoreError when the output is filled from another store: two would overwrite each other for ever."""
        owner = self.output.owner()
        if owner and owner != self.store.identity() and self.output.is_filled():
            raise StoreError(
                f"{self.config.output} is filled from another store than the one that store.url names: give one of the "
                f"two another site.output; if the other is gone for good, remove {self.config.output / MARK}"
            )

    def _before_writing(self) -> None:
        self.check_held()
        self.check_output()
        identity = self.store.identity()
        if identity and identity != self.output.owner():
            self.output.mark(identity)

    def check_held(self) -> None:
        """Raises StoreError when the right to write this output was lost meanwhile."""
        try:
            self._held()
        except StoreError as error:
            raise StoreError(
                f"{self.config.output}: the connection to the database broke, and with it the right to write there; "
                "nothing more was written, the next publishing goes on"
            ) from error


def output_key(path: Path) -> str:
    """A short name for an output folder, fit for a file's name."""
    from hashlib import blake2b

    return blake2b(str(path).encode(), digest_size=6).hexdigest()


def rulebook(config: Config) -> Rulebook:
    """What of a configuration decides."""
    return Rulebook(
        sources={s.name: s for s in config.sources},
        sections=config.sections,
        first_items=config.polling.first_items,
        first_age=config.polling.first_age,
        spacing=config.polling.spacing,
    )


def register(store: Store, config: Config) -> Registered:
    """Brings sources and sections of a store in line with a configuration."""
    from feeds.pipeline.rerouting import bring_sections

    # The store keeps neither URLs nor headers: what they say of secrecy has to outlast the configuration.
    registered = store.register([replace(s, private=is_private(s)) for s in config.sources])
    for old, new in registered.late:
        logger.warning("%s", named_late(old, new))
    with store.deciding() as ledger:
        bring_sections(ledger, rulebook(config), clock())
    return registered


def named_late(old: str, new: str) -> str:
    """What has become of a source whose other name was told when it had been polled under that already."""
    return (
        f'sources.{new}.formerly: "{old}" came too late, {new} was polled before and has a history of its own; both '
        f"stay as they are, and nothing that was published changes. Remove it; or call the source {old} again to go on "
        "with that history"
    )


@contextmanager
def opened(config: Config, *, create: bool = True) -> Iterator[App]:
    """The app of a configuration, closed at the end of the block; `create` also migrates a SQLite store."""
    output = Output(config.output)
    if create and lacks_store(config) and output.is_filled():
        raise lost_store(config)
    spare_what_is_loaded()
    collect_seldom()
    app = App(config, open_store(config.store_url, worker_name(), create=create, upgrade=create), output)
    try:
        if output.is_filled() and app.is_new():
            raise lost_store(config)
        yield app
    finally:
        app.close()


def lost_store(config: Config) -> StoreError:
    """Said before a new store would give what is published new ids and dates, or `regenerate` would empty it."""
    return StoreError(
        f"{config.output} is filled, but the store that it came from is missing or empty; "
        "restore a backup, or move that folder away to begin anew"
    )


def open_fetcher(config: Config) -> "Fetcher":
    """The fetch door of a configuration."""
    from feeds.fetch import Fetcher, Limits

    polling = config.polling
    limits = Limits(wire_bytes=polling.wire_bytes, decoded_bytes=polling.decoded_bytes)
    return Fetcher(
        user_agent(config.site.contact, config.site.base_url),
        workers=polling.workers,
        per_host=polling.per_host,
        spacing=polling.spacing,
        limits=limits,
    )


def user_agent(contact: str | None, base_url: str | None) -> str:
    """Who we say that we are, and whom to write to."""
    told = "; ".join(filter(None, (base_url and f"+{base_url}", contact)))
    return f"Copydesk/{__version__}" + (f" ({told})" if told else "")


def store_file(url: str) -> Path | None:
    """The file of a SQLite store; None for a server's."""
    return Path(url.removeprefix("sqlite:///").partition("?")[0]) if url.startswith("sqlite:///") else None


def lacks_store(config: Config) -> bool:
    """Whether the file of a SQLite store is not there; not, where that cannot be seen: whoever opens it says so."""
    file = store_file(config.store_url)
    with suppress(OSError):
        return file is not None and not file.exists()
    return False
