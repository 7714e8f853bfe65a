"""Install exactly the lower bounds of setup.cfg into a fresh environment and run the demo with them.

python scripts/lower.py          ends with 0 where all bounds are true
"""

import os
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from lock import ROOT, needed

COMMANDS = (
    (["init", "demo.xlsx", "--demo"], {0}),
    (["sync", "demo.xlsx"], {0, 3}),
    (["gaps", "demo.xlsx"], {0}),
    (["check", "demo.xlsx"], {0, 3}),
    (["report", "demo.xlsx", "--html", "bericht.html"], {0}),
    (["export", "demo.xlsx", "ics"], {0}),
    (["export", "demo.xlsx", "docx"], {0}),
)


def main() -> int:
    """Print each command with how it ended."""
    bounds = [line.replace(">=", "==").replace(" ", "") for line in needed()]
    print(*bounds)
    with tempfile.TemporaryDirectory() as folder:
        venv.create(Path(folder) / "venv", with_pip=True)
        python = Path(folder) / "venv" / "bin" / "python"
        for what in (bounds, ["--no-deps", str(ROOT)]):
            subprocess.run([python, "-m", "pip", "install", "--quiet", *what], check=True, stderr=subprocess.DEVNULL)
        environment = {**os.environ, "NETZWERK_STATE": f"{folder}/state", "NETZWERK_TODAY": "2025-05-15"}
        failed = 0
        for words, fine in COMMANDS:
            run = subprocess.run(
                [python, "-m", "netzwerk_sheets", *words],
                cwd=folder, env=environment, capture_output=True, text=True, check=False,
            )  # fmt: skip
            failed += run.returncode not in fine
            print(run.returncode, *words, "" if run.returncode in fine else f"\n{run.stderr}")
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main())
