"""What all tests share: the long run, and the data that lies beside the repository."""

import gc
import os
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import settings

# Two loaded cores are slow at times: a deadline would fail for the machine's sake. On the build machine the same
# examples are tried every time, so that a landing never depends on chance; everywhere else they vary.
settings.register_profile("here", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("here")

# Whole workbooks are millions of small values that die without the collector's help; looking through them after
# every 700 new ones took a third of the time of many tests.
gc.set_threshold(100_000, 20, 100)

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"


def pytest_addoption(parser):
    parser.addoption("--long", action="store_true", help="also run what takes minutes, and samples in full")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Hand out single tests; but a file that makes something once for all its tests goes to one worker as a whole."""
    from xdist.scheduler import LoadScopeScheduling

    shared = {
        path.relative_to(config.rootpath).as_posix()
        for path in Path(__file__).parent.rglob("test_*.py")
        if 'scope="module"' in path.read_text("utf-8")
    }

    class Scheduling(LoadScopeScheduling):
        def _split_scope(self, nodeid):
            file = nodeid.partition("::")[0]
            return file if file in shared else nodeid

    return Scheduling(config, log)


def pytest_collection_modifyitems(config, items):
    if config.getoption("--long"):
        for item in items:
            item.add_marker(pytest.mark.timeout(0))
        return
    skip = pytest.mark.skip(reason="only with --long")
    for item in items:
        if "long" in item.keywords:
            item.add_marker(skip)


def pytest_collection_finish():
    """What was collected stays to the end: it need not be looked through again."""
    gc.freeze()


@pytest.fixture
def counted(record_property):
    """Count what was tried, by name; the sums of all tests stand at the end of the run."""
    return lambda **counts: [record_property(f"counted {name}", number) for name, number in counts.items()]


def pytest_terminal_summary(terminalreporter):
    sums = Counter()
    for reports in terminalreporter.stats.values():
        for report in reports:
            if getattr(report, "when", "") == "call":
                for name, number in report.user_properties:
                    if name.startswith("counted "):
                        sums[name.removeprefix("counted ").replace("_", " ")] += number
    for name, number in sorted(sums.items()):
        terminalreporter.write_line(f"{number:,} {name}")


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


@pytest.fixture(scope="session")
def lacking():
    """Say that a program is not here: a skip, or a failure where all of them must be (NETZWERK_TESTS_REQUIRE)."""

    def end(program, reason):
        required = os.environ.get("NETZWERK_TESTS_REQUIRE", "").split()
        (pytest.fail if program in required else pytest.skip)(reason)

    return end
