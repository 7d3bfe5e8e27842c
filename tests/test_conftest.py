"""Tests that need a system package: left out with one line, or, where all is to be run, failures."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

SUITE = """
import pytest

@pytest.mark.system("no-such-command", "sh")
def test_a(): ...

@pytest.mark.system("sh")
def test_b(): ...

def test_c(): ...
"""


@pytest.fixture
def run(tmp_path):
    (tmp_path / "conftest.py").write_text((Path(__file__).parent / "conftest.py").read_text())
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers = system(command)\n")

    def run(*options, suite=SUITE, **environment):
        (tmp_path / "test_it.py").write_text(suite)
        command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *options, "."]
        clean = {name: value for name, value in os.environ.items() if name != "COPYDESK_REQUIRE_SYSTEM"}
        done = subprocess.run(command, cwd=tmp_path, env=clean | environment, capture_output=True, text=True)
        return done.stdout + done.stderr

    return run


@pytest.mark.parametrize("options", [[], ["--numprocesses", "2"]], ids=["alone", "workers"])
def test_what_cannot_run_is_left_out_with_one_line(run, options):
    said = run(*options)
    assert (re.findall(r"\d passed", said), re.findall(r".*apt install.*", said)) == (
        ["2 passed"],
        ["Left out what needs a system package; to run it too: apt install no-such-command"],
    )


def test_nothing_may_be_missing_where_everything_is_required(run):
    said = run(COPYDESK_REQUIRE_SYSTEM="1")
    assert re.findall(r"\d passed, \d error", said) == ["2 passed, 1 error"]


def test_a_mark_has_to_name_its_command(run):
    said = run(suite="import pytest\n\n@pytest.mark.system\ndef test_a(): ...\n")
    assert "say which command it needs" in said
