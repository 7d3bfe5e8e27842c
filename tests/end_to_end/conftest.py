"""Stands that close after the test, and a desk in a folder of its own."""

import pytest

from tests.end_to_end.stand import Desk, Stand


@pytest.fixture
def stand():
    """Makes a host on loopback."""
    made = []

    def make(answers=None):
        made.append(Stand(answers or {}))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture
def desk(tmp_path):
    return Desk(tmp_path)
