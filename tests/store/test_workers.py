"""Whether the process that leases still runs."""

import os
import subprocess
import sys

import pytest

from feeds.store.workers import has_ended, process_of, worker_name

HERE = "boot-1/4026531836"
RUNNING = "42 (python (3) x) S 1 42 42 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 5500 0"


def ended(worker, status=None):
    return has_ended(worker, HERE, lambda pid: status)


@pytest.mark.parametrize(
    ("worker", "status", "expected"),
    [
        (f"vm:42:ab:{HERE}:5500", RUNNING, False),
        (f"vm:42:ab:{HERE}:5500", "", True),
        (f"vm:42:ab:{HERE}:5500", RUNNING.replace(") S", ") Z"), True),
        (f"vm:42:ab:{HERE}:4400", RUNNING, True),
        (f"vm:42:ab:{HERE}:5500", None, False),
        ("vm:42:ab:boot-2/4026531836:5500", "", False),
        ("vm:42:ab:boot-1/4026532222:5500", "", False),
        ("vm:42:ab", "", False),
        ("desk-1", "", False),
        (f"vm:self:ab:{HERE}:5500", "", False),
    ],
    ids=[
        "runs",
        "gone",
        "not waited for",
        "number given anew",
        "not told",
        "another machine",
        "another container",
        "of an older release",
        "no process",
        "no number",
    ],
)
def test_only_what_is_certain_counts(worker, status, expected):
    assert ended(worker, status) == expected


def test_this_process_runs():
    assert not has_ended(worker_name())


def test_no_two_names_are_the_same():
    assert worker_name() != worker_name()


def test_a_process_that_was_killed_has_ended():
    code = "from feeds.store.workers import worker_name; print(worker_name(), flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as one:
        name = one.stdout.readline().strip()
        alive = has_ended(name)
        one.kill()
        one.wait()
    assert (alive, has_ended(name)) == (False, True)


def test_for_people():
    assert process_of(f"my:host:42:ab:{HERE}:5500") == process_of("my:host:42:ab:x:1") == "process 42 on my:host"


def test_it_names_this_process():
    assert process_of(worker_name()).startswith(f"process {os.getpid()} on ")
