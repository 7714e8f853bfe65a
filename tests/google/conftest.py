"""The simulated Google (tests/sheetsim), for all tests of the Google backend."""

from tests.sheetsim.fixtures import *  # noqa: F403 - fixtures are found by name
