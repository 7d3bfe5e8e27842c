"""The command line, called in this process or in one of its own."""

import contextlib
import io
import json
import logging
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from feeds import cli

ROOT = Path(__file__).resolve().parents[2]
MAIN = "from feeds.cli import main; main()"


@dataclass(frozen=True)
class Called:
    """What a command came to."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def call(*arguments: object) -> Called:
    """A command in this process; logging is put back as it was."""
    root, out, err = logging.getLogger(), io.StringIO(), io.StringIO()
    handlers, level = root.handlers[:], root.level
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = cli.execute([str(a) for a in arguments])
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
    return Called(code, out.getvalue(), err.getvalue())


def start(*arguments: object, **options: Any) -> subprocess.Popen[str]:
    """A command in a process of its own."""
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"} | options.pop("env", {})
    return subprocess.Popen(
        [sys.executable, "-c", MAIN, *map(str, arguments)],
        env=environment,
        text=True,
        **({"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | options),
    )


def finish(process: subprocess.Popen[str], seconds: float = 60) -> Called:
    """What it came to; killed when it takes too long."""
    try:
        out, err = process.communicate(timeout=seconds)
    finally:
        process.kill()
    return Called(process.returncode, out or "", err or "")
