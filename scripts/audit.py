"""Ask whether advisories are known for what requirements.lock installs; never say that all is well without an answer.

    python -m pip install '.[audit]' && python scripts/audit.py

Ends with 0 where every package was looked up and none has an advisory, with 1 where one has, and with 2 where the index
that is set up on this machine offers no advisories, or not for every package: then nobody knows, and it says so.
"""

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

LOCK = Path(__file__).resolve().parents[1] / "requirements.lock"
WELL, FOUND, UNKNOWN = 0, 1, 2
SECONDS = 300


def verdict(text: str, wanted: int) -> tuple[int, list[str]]:
    """Give the exit status and what to say.

    Args:
        text: What pip-audit wrote as JSON; empty or cut off where it failed.
        wanted: How many packages the lock names.
    """
    try:
        every = json.loads(text)["dependencies"]
    except (ValueError, KeyError, TypeError):
        return UNKNOWN, [f"Not audited: pip-audit gave no answer about {wanted} packages."]
    asked = [each for each in every if "vulns" in each]
    lines = [
        f"{each['name']} {each['version']}: {one['id']}, mended in {', '.join(one['fix_versions']) or 'no version yet'}"
        for each in asked
        for one in each["vulns"]
    ]
    silent = wanted - len(asked)
    if silent > 0:
        lines.append(f"Not audited: of {wanted} packages the index offers no advisories for {silent}. Nobody knows.")
    elif not lines:
        lines.append(f"{len(asked)} packages looked up, no advisory.")
    return (FOUND if any(each["vulns"] for each in asked) else UNKNOWN if silent > 0 else WELL), lines


def main() -> int:
    """Ask pip-audit about the lock as it stands, without installing anything."""
    wanted = sum("==" in line for line in LOCK.read_text(encoding="utf-8").splitlines())
    if find_spec("pip_audit") is None:
        print("Not audited: pip-audit is missing. python -m pip install '.[audit]'")
        return UNKNOWN
    command = [sys.executable, "-m", "pip_audit", "-r", LOCK, "--disable-pip", "--require-hashes", "-f", "json",
               "--progress-spinner", "off", "--desc", "off"]  # fmt: skip
    try:
        run = subprocess.run(command, capture_output=True, text=True, check=False, timeout=SECONDS)
        answer = run.stdout
    except subprocess.TimeoutExpired:
        answer = ""
    status, lines = verdict(answer, wanted)
    print(*lines, sep="\n")
    return status


if __name__ == "__main__":
    sys.exit(main())
