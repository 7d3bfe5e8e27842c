"""The daemon: a handful of ticks. The schedule itself is data in the store; nothing here decides."""

import logging
import signal
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from threading import Event

from feeds.app import App, clock
from feeds.config import Config, load
from feeds.errors import ConfigError, CopydeskError
from feeds.model import Poll
from feeds.pipeline.poll import summary

logger = logging.getLogger(__name__)

POLL_SECONDS = 10
PUBLISH_SECONDS = 10
UPKEEP = timedelta(hours=1)
LOG_KEPT = timedelta(days=14)  # of polls


@dataclass(slots=True)
class Daemon:
    """Ticks over one app until it is told to stop."""

    app: App
    environ: dict[str, str]
    done: Event = field(default_factory=Event)
    _read_at: float | None = None
    _failing: dict[str, str] = field(default_factory=dict)

    def run(self) -> None:
        """Runs until SIGTERM or SIGINT; returns when everything in hand is stored and published."""
        from apscheduler.schedulers.background import BackgroundScheduler

        self._read_at = self._modified()
        scheduler = BackgroundScheduler(timezone="UTC", job_defaults={"coalesce": True, "max_instances": 1})
        for job, seconds in ((self.poll, POLL_SECONDS), (self.publish, PUBLISH_SECONDS)):
            scheduler.add_job(
                self._guarded(job), "interval", seconds=seconds, next_run_time=clock(), misfire_grace_time=None
            )
        scheduler.add_job(
            self._guarded(self.upkeep), "interval", seconds=UPKEEP.total_seconds(), misfire_grace_time=None
        )
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self.stop())
        logging.getLogger("apscheduler").setLevel(logging.ERROR)
        scheduler.start()
        self.done.wait()
        scheduler.shutdown(wait=True)
        self._guarded(self.publish)()
        logger.info("ended")

    def stop(self) -> None:
        """Asks the ticks to end."""
        logger.info("ending: what is in hand is stored first")
        self.app.stop()
        self.done.set()

    def poll(self) -> None:
        """One tick: the configuration if it changed, then every source that is due."""
        self._reload()
        polls = [self._tell(one) for one in self.app.poll()]
        if polls:
            total = summary(polls)
            logger.info(
                "polled %d: %d fresh, %d unchanged, %d failed; %d new, %d changed, %d merged",
                *(total[k] for k in ("polled", "fresh", "unchanged", "failed", "new", "changed", "merged")),
            )

    def publish(self) -> None:
        """One tick: what changed since the last."""
        published = self.app.publish()
        for name, sentence in published.failed:
            logger.error("%s: not published: %s", name, sentence)
        if published.written:
            logger.info("published %s: %d files", ", ".join(published.sections) or "pages", len(published.written))

    def upkeep(self) -> None:
        """One tick: forgets the log of polls of long ago."""
        with self.app.store.deciding() as ledger:
            forgotten = ledger.prune_polls(clock() - LOG_KEPT)
        if forgotten:
            logger.info("forgot %d old entries of the log of polls", forgotten)

    def _tell(self, one: Poll) -> Poll:
        """Logs a failure when it is another than last time, and a recovery."""
        before = self._failing.get(one.source)
        if one.outcome.failed and before != one.error:
            logger.warning("%s: %s", one.source, one.error)
            self._failing[one.source] = one.error or str(one.outcome)
        elif not one.outcome.failed and before is not None:
            logger.info("%s: well again", one.source)
            del self._failing[one.source]
        return one

    def _guarded(self, job: Callable[[], None]) -> Callable[[], None]:
        """A tick that logs what it trips over: the next one tries again."""

        def tick() -> None:
            if self.app.stopping.is_set() and job != self.publish:
                return
            try:
                job()
            except CopydeskError as error:
                logger.error("%s", error)
            except Exception:
                logger.exception("a fault of Copydesk's own; please report it")

        return tick

    def _modified(self) -> float | None:
        try:
            return self.app.config.path.stat().st_mtime
        except OSError:
            return None

    def _reload(self) -> None:
        """Takes a changed configuration; a wrong one is told of, and the old one stays in force."""
        modified = self._modified()
        if modified is None or modified == self._read_at:
            return
        self._read_at = modified
        try:
            config = load(self.app.config.path, self.environ)
        except ConfigError as error:
            logger.error("the configuration is wrong, the old one stays in force:\n%s", error)
            return
        self._take(config)

    def _take(self, config: Config) -> None:
        fixed = ("output", "store_url")
        if any(getattr(config, name) != getattr(self.app.config, name) for name in fixed):
            logger.error("store.url and site.output are only read at the start: restart the daemon; nothing was taken")
            return
        self.app.config = config
        registered = self.app.register()
        logger.info(
            "took the new configuration: %d sources added, %d stopped", len(registered.added), len(registered.stopped)
        )
