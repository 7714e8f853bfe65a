"""What all tests share: the long run, and the data that lies beside the repository."""

from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"


def pytest_addoption(parser):
    parser.addoption("--long", action="store_true", help="also run what takes minutes, and samples in full")


def pytest_collection_modifyitems(config, items):
    if config.getoption("--long"):
        return
    skip = pytest.mark.skip(reason="only with --long")
    for item in items:
        if "long" in item.keywords:
            item.add_marker(skip)


@pytest.fixture(scope="session")
def long(request):
    """Whether the complete sweep is asked for."""
    return request.config.getoption("--long")


@pytest.fixture(scope="session")
def shared():
    """The folder of shared test data."""
    if not SHARED.is_dir():
        pytest.skip("the shared test data (../shared/data) is not here")
    return SHARED
