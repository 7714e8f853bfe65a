"""The simulated Google (tests/sheetsim), for all tests of the Google backend."""

import sys
from pathlib import Path

from tests.sheetsim.fixtures import *  # noqa: F403 - fixtures are found by name

# People who edit files, and the machine that lets them, are those of the integration tests.
sys.path.append(str(Path(__file__).parents[1] / "integration"))

from small_town import *  # noqa: F403 - likewise, and it needs those
