"""The command line as a whole."""

import subprocess
import sys

import click
import pytest

from feeds import __version__, cli, errors
from tests.cli.calling import ROOT, call, finish, start


def test_help_names_every_command_with_a_whole_sentence():
    out = call("--help").out
    listed = [line.split(maxsplit=1) for line in out.partition("Commands:\n")[2].partition("\n\n")[0].splitlines()]
    assert ([name for name, _ in listed], [s for _, s in listed if s.endswith("...")]) == (list(cli.COMMANDS), [])


@pytest.mark.parametrize("name", cli.COMMANDS)
def test_every_command_has_help(name):
    called = call(name, "--help")
    assert (called.code, called.out.startswith(f"Usage: copydesk {name}")) == (0, True)


@pytest.mark.parametrize("name", sorted(cli.COMMANDS.keys() - {"daemon"}))
def test_every_command_that_ends_speaks_json(name):
    assert "--json" in call(name, "--help").out


def test_version():
    assert call("--version").out == f"copydesk, version {__version__}\n"


@pytest.mark.parametrize(
    ("word", "sentence"),
    [
        ("dmeo", "copydesk: no such command: dmeo; did you mean demo?\n"),
        ("xyz", "copydesk: no such command: xyz; see copydesk --help\n"),
    ],
)
def test_an_unknown_command(word, sentence):
    called = call(word)
    assert (called.code, called.err) == (2, sentence)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (errors.ConfigError(("a", "b")), 2),
        (errors.StoreError("x"), 3),
        (errors.PublishError("x"), 3),
        (errors.LockedError("x"), 4),
        (errors.FetchError("timeout", "x"), 1),
        (KeyboardInterrupt(), 130),
        (click.exceptions.Exit(7), 7),
    ],
    ids=lambda value: type(value).__name__,
)
def test_how_an_error_ends(monkeypatch, error, code):
    def failing(**_):
        raise error

    monkeypatch.setattr("feeds.cli.setup.init.callback", failing)
    assert call("init").code == code


def test_a_fault_of_ours_is_not_swallowed(monkeypatch):
    monkeypatch.setattr("feeds.cli.setup.init.callback", lambda **_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        call("init")


def test_run_py_is_the_same(tmp_path):
    if not (ROOT / ".venv" / "bin" / "copydesk").exists():
        pytest.skip("not installed in .venv")
    told = subprocess.run([sys.executable, ROOT / "run.py", "--version"], capture_output=True, text=True, check=True)
    assert told.stdout == finish(start("--version")).out


def test_help_imports_nothing_heavy():
    heavy = ("sqlalchemy", "requests", "pydantic", "lxml", "jinja2", "rich", "apscheduler", "feedgen", "msgspec")
    script = (
        "import sys\nfrom feeds.cli import execute\nexecute(['--help'])\n"
        f"print([name for name in {heavy} if name in sys.modules], file=sys.stderr)"
    )
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT)
    assert told.stderr == "[]\n"
