"""pytest fixtures: ``from tests.sheetsim.fixtures import *`` in a conftest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from . import discovery
from .server import Running, serve
from .sim import Sim

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["google", "sim"]


@pytest.fixture
def sim() -> Iterator[Sim]:
    """A simulated Google without a socket; at the end it must not have been asked for what it does not play."""
    if not discovery.available():
        pytest.skip("Google's API description (../shared/data/google/discovery) is not here")
    played = Sim()
    yield played
    played.check()


@pytest.fixture
def google(sim: Sim) -> Iterator[Running]:
    """The same on a socket: ``google.url``, ``google.key_file(tmp_path)``, ``google.sim``."""
    with serve(sim) as running:
        yield running
