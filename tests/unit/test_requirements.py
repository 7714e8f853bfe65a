"""Every requirement of the method has a place in the workbook, and something that shows it."""

import ast
import tomllib
from pathlib import Path

import pytest

from netzwerk_sheets.cli.commands import COMMANDS
from netzwerk_sheets.sheets import schema

ROOT = Path(__file__).resolve().parents[2]
REQUIREMENTS = tomllib.loads((ROOT / "tests" / "data" / "requirements.toml").read_text(encoding="utf-8"))


def test_none_of_the_65_requirements_is_left_out():
    assert list(REQUIREMENTS) == [f"R{number:02}" for number in range(1, 66)]


@pytest.mark.parametrize("name", REQUIREMENTS)
def test_what_shows_a_requirement_is_there(name):
    one = REQUIREMENTS[name]
    assert one.keys() <= {"what", "tabs", "commands", "tests"}
    assert one["what"].strip()
    assert one["tabs"], "it has no place in the workbook"
    assert set(one["tabs"]) <= schema.tab_words().keys()
    assert set(one.get("commands", ())) <= COMMANDS.keys()
    assert one["tests"], "nothing shows it"
    for test in one["tests"]:
        path, _, function = test.partition("::")
        assert (ROOT / path).is_file(), test
        assert not function or function in _functions(path), test


def _functions(path):
    return {
        node.name
        for node in ast.parse((ROOT / path).read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef)
    }
