"""pytest fixtures: ``from tests.sheetsim.fixtures import *`` in a conftest."""

from __future__ import annotations

import pytest

from . import discovery
from .server import serve
from .sim import Sim

__all__ = ["google", "sim"]


@pytest.fixture
def sim():
    """A simulated Google without a socket; at the end it must not have been asked for what it does not play."""
    if not discovery.available():
        pytest.skip("Google's API description (../shared/data/google/discovery) is not here")
    played = Sim()
    yield played
    played.check()


@pytest.fixture
def google(sim):
    """The same on a socket: ``google.url``, ``google.key_file(tmp_path)``, ``google.sim``."""
    with serve(sim) as running:
        yield running
