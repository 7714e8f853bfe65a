"""One command as an ordinary user: as_user.py WORKBOOK TAKE STEP; rights may be taken away at a step of the run.

TAKE is a path whose rights go, with its new mode: PATH=MODE. STEP is the name of the step, or "before".
"""

import importlib
import json
import os
import pkgutil
import shutil
import sys
from pathlib import Path

NOBODY = 65534


def everything_loaded():
    """Load all modules and word lists now: an ordinary user may not be able to read them."""
    import netzwerk_sheets

    for module in pkgutil.walk_packages(netzwerk_sheets.__path__, "netzwerk_sheets."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    import traceback  # noqa: F401


def main():
    workbook, take, at = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
    everything_loaded()
    from netzwerk_sheets.cli.group import run
    from netzwerk_sheets.sync import run as runs

    state = Path(os.environ["NETZWERK_STATE"])
    if os.geteuid() == 0:
        warm = workbook.with_name("warm")
        os.environ["NETZWERK_STATE"] = str(warm / "state")
        warm.mkdir()
        shutil.copyfile(workbook, warm / "stadt.xlsx")
        assert run(["sync", str(warm / "stadt.xlsx")]) in {0, 3}
        shutil.rmtree(warm)
        os.environ["NETZWERK_STATE"] = str(state)
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
    sys.stderr.write("begin\n")

    def step(name):
        if name == at:
            for each in json.loads(take):
                Path(each[0]).chmod(each[1])

    runs.sync.__kwdefaults__["step"] = step
    step("before")
    sys.exit(run(["sync", str(workbook), *os.environ.get("MORE", "").split()]))


main()
