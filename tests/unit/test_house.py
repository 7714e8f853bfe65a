"""The house is as the README and the packaging say."""

import configparser
import re
import subprocess
from pathlib import Path

import pytest

from netzwerk_sheets.cli.commands import ALIASES, COMMANDS, resolve

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_every_package_of_the_tree_stands_in_setup_cfg():
    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg", encoding="utf-8")
    listed = set(config["options"]["packages"].split())
    tree = {".".join(path.parent.relative_to(ROOT).parts) for path in (ROOT / "netzwerk_sheets").rglob("__init__.py")}
    assert listed == tree | {"netzwerk_sheets.templates"}


def test_every_command_stands_in_the_readme_or_its_list_of_what_is_not_built():
    for name in COMMANDS:
        assert re.search(rf"\b{re.escape(name)}\b", README), name


@pytest.mark.parametrize(
    "path", sorted(set(re.findall(r"`((?:tests|templates|scripts|netzwerk_sheets)/[\w./*-]*)`", README)))
)
def test_every_path_named_in_the_readme_exists(path):
    assert (ROOT / path).exists(), path


def test_the_tree_in_the_readme_is_the_tree():
    named = set(re.findall(r"^  (\w+)(?:\.py|/)", README.split("netzwerk_sheets/\n")[1].split("templates/")[0], re.M))
    real = {
        p.stem for p in (ROOT / "netzwerk_sheets").iterdir() if not p.name.startswith("__") and p.suffix != ".typed"
    }
    assert named | {"backends"} >= real - {"backends"}, real - named


def test_aliases_are_unique_and_lead_to_their_command():
    assert len(ALIASES) == len(COMMANDS)
    assert resolve("lücken") == "gaps"
    assert resolve("gaps") == "gaps"


def test_no_registry_host_is_named_anywhere():
    hosts = ("pypi" + ".org", "npmjs" + ".", "deb.debian" + ".org", "python" + "hosted")
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False).stdout
    for name in listed.splitlines():
        path = ROOT / name
        if path.is_file():
            text = path.read_text(encoding="utf-8", errors="ignore")
            assert not any(host in text for host in hosts), path
