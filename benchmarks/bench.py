#!/usr/bin/env python3
"""CPU seconds per 1,000 feeds, of Copydesk and of its peers, on the same feeds in one run.

    make bench ARGS="--feeds 200"
    python benchmarks/bench.py --feeds 1000 benchmarks/driver.py benchmarks/afternoon.py

A driver is a script with the verbs setup, poll, publish and count, and the options --urls FILE and --state DIR. Each
verb is one process; its CPU time (user and system, children included) and its peak memory count, the server's do not.
Wall time depends on what else the machine does: compare the ratios within one run.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

HERE = Path(__file__).resolve().parent
DRIVERS = [HERE / "driver.py", HERE / "afternoon.py"]
# Step -> CPU seconds per 1,000 feeds of 30 entries that Copydesk may take.
GOALS = {"cold": 60.0, "cold, plain": 15.0, "all 304": 3.0, "changed": 4.0, "same bytes": 3.5, "publish": 1.0}
PEAK_GOAL = 150  # MB


@dataclass(frozen=True)
class Figures:
    """What one process took."""

    cpu: float  # seconds
    peak: float  # MB
    output: str


def main() -> int:
    options = arguments()
    drivers = [driver for driver in options.drivers if driver.exists()]
    for driver in set(options.drivers) - set(drivers):
        print(f"{driver} is not there and is left out")
    results = {driver.stem: run(driver, options) for driver in drivers}
    table(results, options)
    return 0


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("drivers", nargs="*", type=Path, default=DRIVERS)
    parser.add_argument("--feeds", type=int, default=1000)
    parser.add_argument("--entries", type=int, default=30)
    parser.add_argument("--share", type=float, default=0.05, help="of the feeds change")
    parser.add_argument("--new", type=int, default=3, help="new entries in each that changes")
    return parser.parse_args()


def run(driver: Path, options: argparse.Namespace) -> dict[str, Figures]:
    """Step -> figures, on a server and in a folder of its own; ends when articles were lost or doubled."""
    with tempfile.TemporaryDirectory() as folder, server(options) as base:
        urls, state = Path(folder) / "urls", Path(folder) / "state"
        urls.write_text(ask(base, "urls"))

        def step(verb: str, *more: str, state: Path = state) -> Figures:
            progress(f"{driver.stem}: {verb}")
            return measure([sys.executable, str(driver), verb, "--urls", str(urls), "--state", str(state), *more])

        figures = {"setup": step("setup"), "cold": step("poll"), "all 304": step("poll")}
        step("setup", "--plain", state=Path(folder) / "plain")
        figures["cold, plain"] = step("poll", state=Path(folder) / "plain")
        changed = int(ask(base, f"round?share={options.share}&new={options.new}"))
        figures["changed"] = step("poll")
        ask(base, "validators?on=0")
        figures["same bytes"] = step("poll")
        figures["publish"] = step("publish")
        counted = step("count").output.split()[-1]
    expected = options.feeds * options.entries + changed * options.new
    if counted != str(expected):
        sys.exit(f"{driver.stem} holds {counted} articles and was sent {expected}")
    return figures


@contextmanager
def server(options: argparse.Namespace) -> Iterator[str]:
    command = [HERE / "feedserver.py", "--feeds", str(options.feeds), "--entries", str(options.entries)]
    with subprocess.Popen([sys.executable, *command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as it:
        assert it.stdin and it.stdout
        try:
            yield it.stdout.readline().strip()
        finally:
            it.stdin.close()


def ask(base: str, wish: str) -> str:
    with urlopen(f"{base}/control/{wish}", timeout=60) as response:
        return response.read().decode()


def measure(command: list[str]) -> Figures:
    """Run it to its end; its words are shown only when it fails."""
    with tempfile.TemporaryFile("w+") as output:
        environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}  # as users run it
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, env=environment)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        said = output.read()
    if process.returncode:
        sys.exit(f"{' '.join(command)} ended with {process.returncode}:\n{said[-3000:]}")
    return Figures(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, said)


def progress(words: str) -> None:
    if sys.stderr.isatty():
        print(f"\r\033[K{words} …", end="", file=sys.stderr, flush=True)


def table(results: dict[str, dict[str, Figures]], options: argparse.Namespace) -> None:
    """CPU seconds per 1,000 feeds; publishing as it is, for it does not depend on the number of feeds."""
    progress("")
    first, *others = results
    print(f"\n{options.feeds} feeds × {options.entries} entries, CPU seconds per 1,000 feeds (publish: as it is)\n")
    print(
        f"{'':12}" + "".join(f"{name:>12}" for name in results) + "".join(f"{'× ' + o:>14}" for o in others) + "   goal"
    )
    for step, goal in GOALS.items():
        scale = 1 if step == "publish" else 1000 / options.feeds
        seconds = {name: figures[step].cpu * scale for name, figures in results.items()}
        ratios = "".join(f"{seconds[other] / seconds[first]:>14.1f}" for other in others)
        print(
            f"{step:12}"
            + "".join(f"{s:>12.2f}" for s in seconds.values())
            + ratios
            + verdict(first, seconds[first], goal)
        )
    peaks = {name: max(figure.peak for figure in figures.values()) for name, figures in results.items()}
    blank = " " * 14 * len(others)
    print(
        f"{'peak MB':12}"
        + "".join(f"{p:>12.0f}" for p in peaks.values())
        + blank
        + verdict(first, peaks[first], PEAK_GOAL)
    )


def verdict(driver: str, figure: float, goal: float) -> str:
    """The goals are Copydesk's, not its peers'."""
    if driver != "driver":
        return ""
    return f"   ≤ {goal:g} {'met' if figure <= goal else 'MISSED'}"


if __name__ == "__main__":
    sys.exit(main())
