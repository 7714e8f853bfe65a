"""Write requirements.lock: what netzwerk itself needs on Linux, each in one version, with the hashes of its wheels.

    python scripts/lock.py
    python -m pip install --require-hashes -r requirements.lock && python -m pip install --no-deps .

pip asks the index that is set up on this machine; the lock names none. A wheel per processor and Python is recorded.
"""

import json
import subprocess
import sys
import tempfile
from configparser import ConfigParser
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOCK = ROOT / "requirements.lock"
PYTHONS = ("3.11", "3.12", "3.13")
MACHINES = ("x86_64", "aarch64")
HEAD = "# Made by scripts/lock.py from setup.cfg. For Linux on {machines}, Python {pythons}.\n"


def needed() -> list[str]:
    """Give what setup.cfg asks for."""
    setup = ConfigParser()
    setup.read(ROOT / "setup.cfg", encoding="utf-8")
    return [line for line in setup["options"]["install_requires"].splitlines() if line]


def resolved(wanted: list[str], python: str, machine: str) -> dict[str, tuple[str, str]]:
    """Ask pip what it would install there: name → (version, hash)."""
    tags = [f"{tag}_{machine}" for tag in ("manylinux_2_28", "manylinux_2_26", "manylinux_2_17", "manylinux2014")]
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        platforms = [word for tag in tags for word in ("--platform", tag)]
        subprocess.run(
            [sys.executable, "-m", "pip", "install", "--quiet", "--dry-run", "--ignore-installed", "--report", report,
             "--only-binary=:all:", "--target", folder, "--python-version", python, *platforms, *wanted],
            check=True, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        found = json.loads(report.read_text(encoding="utf-8"))["install"]
    digests = [one["download_info"]["archive_info"]["hashes"]["sha256"] for one in found]
    named = [(one["metadata"]["name"].lower(), one["metadata"]["version"]) for one in found]
    return {name: (version, digest) for (name, version), digest in zip(named, digests, strict=True)}


def main() -> None:
    """Settle the versions once, then collect the hashes of every wheel of them."""
    versions: dict[str, str] = {}
    hashes: dict[str, set[str]] = {}
    for python in PYTHONS:
        for machine in MACHINES:
            wanted = [f"{name}=={version}" for name, version in versions.items()] or needed()
            for name, (version, digest) in resolved(wanted, python, machine).items():
                versions.setdefault(name, version)
                hashes.setdefault(name, set()).add(digest)
    lines = [
        f"{name}=={version} \\\n"
        + " \\\n".join(f"    --hash=sha256:{digest}" for digest in sorted(hashes[name]))
        + "\n"
        for name, version in sorted(versions.items())
    ]
    head = HEAD.format(machines=" and ".join(MACHINES), pythons=", ".join(PYTHONS))
    LOCK.write_text(head + "".join(lines), encoding="utf-8")
    print(f"{len(versions)} packages, {sum(map(len, hashes.values()))} hashes")


if __name__ == "__main__":
    main()
