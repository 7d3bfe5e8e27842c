"""Garbage is looked for seldom from the first import on: it is a fifth of starting."""

import gc
import sys

import pytest

from feeds import cli


def test_a_command_is_imported_with_few_looks_for_garbage(monkeypatch):
    before = gc.get_threshold()
    seen = []
    monkeypatch.setattr(cli, "execute", lambda arguments: seen.append(gc.get_threshold()[0]) or 0)
    monkeypatch.setattr(sys, "argv", ["copydesk", "status"])
    monkeypatch.setattr(cli.signal, "signal", lambda *_: None)
    try:
        with pytest.raises(SystemExit):
            cli.main()
    finally:
        gc.set_threshold(*before)
    assert seen == [25_000]
