"""The lock for installs names everything that is needed, each with its hashes and no place to get it from."""

import re
from configparser import ConfigParser
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_the_lock_holds_every_dependency_at_or_above_its_bound():
    setup = ConfigParser()
    setup.read(ROOT / "setup.cfg", encoding="utf-8")
    bounds = dict(line.split(" >= ") for line in setup["options"]["install_requires"].splitlines() if line)
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    entries = re.findall(r"^([\w.-]+)==(\S+)((?: \\\n    --hash=sha256:[0-9a-f]{64})+)$", text, re.MULTILINE)
    locked = {name: version for name, version, _hashes in entries}
    assert len(locked) == text.count("=="), "each has a hash"
    assert bounds.keys() <= locked.keys()
    for name, bound in bounds.items():
        assert tuple(map(int, locked[name].split(".")[:2])) >= tuple(map(int, bound.split("."))), name
    assert "://" not in text
