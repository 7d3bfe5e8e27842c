"""Who leases: a process, named so that another on its machine can tell whether it still runs."""

import os
import secrets
import socket
from collections.abc import Callable
from pathlib import Path

ENDED = frozenset("ZX")  # states of a process that is dead and was not waited for; proc(5)

Statuses = Callable[[int], str | None]


def worker_name() -> str:
    """A name for this process that no other has: host:pid:token, and where the kernel tells, :place:start."""
    place, start = _place(), _start(_status(os.getpid()))
    told = f":{place}:{start}" if place and start else ""
    return f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}{told}"


def has_ended(worker: str, place: str | None = None, status: Statuses | None = None) -> bool:
    """Whether a worker's process is certainly dead; of another machine, boot or container it is never certain.

    A number that was given to another process is told by when that one started.
    """
    parts = worker.rsplit(":", 4)
    if len(parts) != 5 or parts[3] != (place or _place()) or not parts[1].isdecimal():
        return False
    found = (status or _status)(int(parts[1]))
    return found is not None and (not found or _state(found) in ENDED or _start(found) != parts[4])


def process_of(worker: str) -> str:
    """Which process a worker was, for people."""
    host, pid, *_ = worker.rsplit(":", 4)
    return f"process {pid} on {host}"


def _place() -> str | None:
    """Where numbers of processes mean the same: this boot of this kernel, and the container's namespace in it."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
        return f"{boot}/{Path('/proc/self/ns/pid').stat().st_ino}"
    except (OSError, ValueError):
        return None


def _status(pid: int) -> str | None:
    """What stands in /proc/PID/stat; "" when there is no such process, None when that is not told."""
    try:
        os.kill(pid, 0)  # asked first: /proc may hide the processes of others
    except ProcessLookupError:
        return ""
    except (OSError, OverflowError):
        pass
    try:
        return Path(f"/proc/{pid}/stat").read_text("utf-8", "replace")
    except OSError:
        return None


def _state(status: str) -> str:
    """The letter of its state."""
    return status.rpartition(")")[2][1:2]


def _start(status: str | None) -> str | None:
    """When it started, in ticks since the boot: field 22, the 20th behind the name, which may hold anything."""
    fields = (status or "").rpartition(")")[2].split()
    return fields[19] if len(fields) > 19 else None
