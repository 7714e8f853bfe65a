"""The browser tests use the person and the demo network of the integration tests."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "integration"))

from integration_fixtures import *  # noqa: F403
