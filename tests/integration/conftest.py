"""What the integration tests share: a day, a state of one's own, the demo network."""

from integration_fixtures import *  # noqa: F403
