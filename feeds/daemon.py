"""The daemon: a handful of ticks. The schedule itself is data in the store; nothing here decides."""

import logging
import signal
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from threading import Event
from time import monotonic
from typing import TYPE_CHECKING

from msgspec import Struct

from feeds.app import App, clock
from feeds.config import Config, load
from feeds.errors import ConfigError, CopydeskError, LockedError, PublishError, StoreError
from feeds.model import Poll
from feeds.pipeline.poll import summary
from feeds.pipeline.upkeep import keep_up

if TYPE_CHECKING:
    from apscheduler.schedulers.background import BackgroundScheduler

    from feeds.pipeline.publish import Published

logger = logging.getLogger(__name__)

ENDING = frozenset({signal.SIGTERM, signal.SIGINT})
LAST_WORDS = 20.0  # seconds that the last publishing may go on for with pages that no section links to


class Pace(Struct, frozen=True, kw_only=True):
    """Seconds between two ticks of a kind."""

    poll: float = 10
    publish: float = 10
    upkeep: float = 3600


@dataclass(slots=True)
class Daemon:
    """Ticks over one app until it is told to stop; polls while another process publishes to its output."""

    app: App
    environ: Mapping[str, str]
    pace: Pace = field(default_factory=Pace)
    ended: Event = field(default_factory=Event)
    _read_at: tuple[int, int] | None = None
    _failing: dict[str, str] = field(default_factory=dict)
    _right: ExitStack | None = None  # to write the output, while it is ours
    _waiting: bool = False

    def run(self) -> None:
        """Runs until SIGTERM or SIGINT; returns when what is in hand is stored and published.

        Both are blocked and waited for, in every thread: a handler would run between any two steps of the main one.
        """
        signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
        try:
            scheduler = self.start()
            signal.sigwait(ENDING)
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)  # a second signal does not wait for anything
        logger.info("ending: what is in hand is stored and published first")
        self.stop(scheduler)
        logger.info("ended")

    def start(self) -> "BackgroundScheduler":
        """Begins to tick, at once."""
        from apscheduler.schedulers.background import BackgroundScheduler

        self._read_at = self._modified()
        logging.getLogger("apscheduler").setLevel(logging.ERROR)
        scheduler = BackgroundScheduler(timezone="UTC", job_defaults={"coalesce": True, "misfire_grace_time": None})
        ticks = (
            ("polling", self.poll, self.pace.poll),
            ("a round of publishing", self.publish, self.pace.publish),
            ("upkeep", self.upkeep, self.pace.upkeep),
        )
        for name, tick, seconds in ticks:
            scheduler.add_job(self._guarded(name, tick), "interval", seconds=seconds, next_run_time=clock())
        scheduler.start()
        return scheduler

    def stop(self, scheduler: "BackgroundScheduler") -> None:
        """Ends the ticks, and publishes what they have stored."""
        self.ended.set()
        self.app.stop()
        scheduler.shutdown(wait=True)
        until = monotonic() + LAST_WORDS
        self._guarded("the last publishing", lambda: self._publish(lambda: monotonic() > until))()
        self._give_back()

    # ------------------------------------------------------------ the ticks

    def poll(self) -> None:
        """One tick: the configuration if it changed, then every source that is due."""
        self._reload()
        polls = [self._tell(one) for one in self.app.poll()]
        if polls:
            total = summary(polls)
            counted = ("polled", "fresh", "unchanged", "failed", "new", "changed", "merged", "merged_late")
            logger.info(
                "polled %d: %d fresh, %d unchanged, %d failed; %d new, %d changed, %d merged, %d merged late",
                *(total[name] for name in counted),
            )

    def publish(self) -> None:
        """One tick: what changed since the last."""
        self._publish(self.ended.is_set)

    def upkeep(self) -> None:
        """One tick: forgets what nothing asks for any more."""
        if forgotten := keep_up(self.app.store, clock()):
            logger.info("forgot %d old entries of the log of polls", forgotten)

    def _guarded(self, name: str, tick: Callable[[], None]) -> Callable[[], None]:
        """A tick that logs what it trips over, once for as long as it is the same: the next one tries again."""

        def guarded() -> None:
            try:
                tick()
            except CopydeskError as error:
                self._tell_failure(name, str(error))
            except Exception:
                logger.exception("a fault of Copydesk's own; please report it")
            else:
                self._tell_failure(name, None)

        return guarded

    # ------------------------------------------------------------ the right to write the output

    def _publish(self, stopped: Callable[[], bool]) -> None:
        try:
            if not self._may_publish():
                return
            self._told(self.app.publish(stopped=stopped))
        except (StoreError, PublishError) as error:
            self._tell_failure("publishing", str(error))
        else:
            self._tell_failure("publishing", None)

    def _may_publish(self) -> bool:
        """Whether the output is ours to write; asked for as often as another process has it, or it was lost."""
        try:
            self.app.check_held()
        except StoreError as error:
            self._tell_failure("publishing", str(error))
            self._give_back()
        return self._right is not None or self._take_right()

    def _take_right(self) -> bool:
        with ExitStack() as right:
            try:
                right.enter_context(self.app.publishing())
            except LockedError:
                if not self._waiting:
                    told = "%s: another copydesk publishes there; this one polls, and publishes when that has ended"
                    logger.warning(told, self.app.config.output)
                self._waiting = True
                return False
            self.app.output.tidy()
            self._right = right.pop_all()
        if self._waiting:
            logger.info("publishing to %s from now on", self.app.config.output)
        self._waiting = False
        return True

    def _give_back(self) -> None:
        if self._right is not None:
            self._right.close()
            self._right = None

    # ------------------------------------------------------------ what is told

    def _tell(self, one: Poll) -> Poll:
        """Logs a failure when it is another than last time, and a recovery."""
        self._tell_failure(one.source, (one.error or str(one.outcome)) if one.outcome.failed else None)
        return one

    def _told(self, published: "Published") -> None:
        failed = dict(published.failed)
        for name in (*published.sections, *failed):
            self._tell_failure(f"publishing {name}", failed.get(name))
        if published.written:
            logger.info("published %s: %d files", _names(published.sections), len(published.written))

    def _tell_failure(self, name: str, sentence: str | None) -> None:
        before = self._failing.pop(name, None)
        if sentence is not None:
            self._failing[name] = sentence
        if sentence is not None and sentence != before:
            logger.warning("%s: %s", name, sentence)
        elif sentence is None and before is not None:
            logger.info("%s: well again", name)

    # ------------------------------------------------------------ the configuration

    def _modified(self) -> tuple[int, int] | None:
        try:
            found = self.app.config.path.stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_ino

    def _reload(self) -> None:
        """Takes a changed configuration; a wrong one is told of, and the old one stays in force."""
        modified = self._modified()
        if modified is None or modified == self._read_at:
            return
        try:
            config = load(self.app.config.path, self.environ)
        except ConfigError as error:
            logger.error("the configuration is wrong, the old one stays in force:\n%s", error)
        else:
            self._take(config)
        self._read_at = modified

    def _take(self, config: Config) -> None:
        now = self.app.config
        if (config.output, config.store_url) != (now.output, now.store_url):
            logger.error("store.url and site.output are only read at the start: restart the daemon; nothing was taken")
            return
        registered = self.app.take(config)
        logger.info(
            "took the new configuration: %d sources added, %d stopped", len(registered.added), len(registered.stopped)
        )


def _names(sections: Iterable[str]) -> str:
    return ", ".join(sections) or "pages"
