"""Help speaks the chosen language, all of it, and always ends with the exit codes."""

import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from netzwerk_sheets.cli.commands import ALIASES, COMMANDS, resolve
from netzwerk_sheets.cli.plan import before_and_after
from netzwerk_sheets.grid import Cell, SetCell, Spot
from netzwerk_sheets.sheets import schema
from netzwerk_sheets.sheets.language import Words

LANGUAGES = ("de", "en")
CALLS = ("", *COMMANDS)
ENGLISH = re.compile(
    r"Show this|message and exit|\bOPTIONS\b|\bCOMMAND\b|\bARGS\b|\bWORKBOOK\b|\bFILE\b|\bSTATE\b|\bDATE\b|\bTOKEN\b|"
    r"\bUsage\b|\bOptions\b|\bArguments\b|\bCommands\b|\b[Tt]he\b|\brequired\b|\bdefault\b"
)
GERMAN = re.compile(r"[äöüÄÖÜß„]|\b[Dd]ie\b|\bund\b|\bOPTIONEN\b|\bBEFEHL\b|\bDATEI\b|\bAufruf\b|\bBlatt\b")


def netzwerk(*arguments, folder, **environment):
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("NETZWERK", "LC_", "LANG"))}
    given = {"PYTHONIOENCODING": "utf-8", "COLUMNS": "100", "NETZWERK_STATE": str(folder / "state"), **environment}
    return subprocess.run(
        [sys.executable, "-m", "netzwerk_sheets", *arguments],
        env=kept | given, capture_output=True, text=True, encoding="utf-8", cwd=folder, timeout=120, check=False,
    )  # fmt: skip


@pytest.fixture(scope="module")
def helps(tmp_path_factory):
    """Give (language, command) → what its --help printed."""
    folder = tmp_path_factory.mktemp("helps")

    def call(key):
        language, name = key
        done = netzwerk("--lang", language, *([name] if name else []), "--help", folder=folder)
        assert done.returncode == 0, done.stderr
        assert done.stderr == ""
        return done.stdout

    keys = [(language, name) for language in LANGUAGES for name in CALLS]
    with ThreadPoolExecutor(4) as pool:
        return dict(zip(keys, pool.map(call, keys), strict=True))


def flat(text):
    return " ".join(text.split())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", CALLS)
def test_help_says_what_a_command_does_and_ends_with_the_exit_codes(helps, language, name):
    words, text = Words(language), helps[language, name]
    assert text.startswith(words.say("help.usage") + " netzwerk" + (f" {name}" if name else ""))
    assert flat(words.say(f"help.{name or 'program'}")) in flat(text)
    assert flat(text).endswith(flat(f"{words.say('help.exit_codes')}: {words.say('help.exit_list')}"))
    assert words.say("help.help") in text
    assert words.say("help.metavar_options") in text


def without_names(text):
    """Leave out what is the same in every language: options, their fixed values, names of commands and sections."""
    text = re.sub(r"--?[a-z][a-z-]*", "", text)
    return re.sub(r"\([a-z]+\)|\b(?:need|domain|group|path|show)\b", "", text)


@pytest.mark.parametrize("name", CALLS)
def test_german_help_holds_no_english(helps, name):
    assert ENGLISH.findall(without_names(helps["de", name])) == []


@pytest.mark.parametrize("name", CALLS)
def test_english_help_holds_no_german(helps, name):
    assert GERMAN.findall(without_names(helps["en", name])) == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_and_argument_is_explained(helps, language, name):
    lines = helps[language, name].splitlines()
    for number, line in enumerate(lines):
        if re.match(r"  (-|\[|\{|[A-ZÄÖÜ]{3,}\b)", line):
            explained = re.search(r"\S {2,}\S", line) or re.match(r" {8,}\S", lines[number + 1])
            assert explained, line


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_group_lists_every_command_with_its_alias(helps, language):
    for name, (_, alias) in COMMANDS.items():
        assert f"{name} ({alias})" in helps[language, ""]


def test_aliases_lead_to_commands():
    assert set(ALIASES.values()) == set(COMMANDS)
    assert resolve("Lücken") == "gaps"
    assert resolve("ABGLEICH") == "sync"


def test_without_arguments_the_program_explains_itself(tmp_path):
    done = netzwerk(folder=tmp_path)
    assert done.returncode == 2
    assert "Aufruf: netzwerk [OPTIONEN] BEFEHL" in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, "Aufruf:"),
        ({"NETZWERK_LANG": "en"}, "Usage:"),
        ({"NETZWERK_LANG": "en_GB.UTF-8"}, "Usage:"),
        ({"LANG": "en_GB.UTF-8"}, "Usage:"),
        ({"LANG": "fr_FR"}, "Aufruf:"),
    ],
)
def test_the_language_follows_the_surroundings(tmp_path, environment, expected):
    assert netzwerk("--help", folder=tmp_path, **environment).stdout.startswith(expected)


@pytest.mark.parametrize(
    ("config", "call", "environment", "expected"),
    [
        ('language = "fr"', ["handbook"], {}, "netzwerk.toml"),
        ("language = 'français'", ["handbook"], {"NETZWERK_LANG": "en"}, "netzwerk.toml"),
        ("language = 5", ["config"], {}, "netzwerk.toml"),
        ("", ["handbook"], {"NETZWERK_LANG": "fr"}, "NETZWERK_LANG"),
        ("", ["handbook"], {"NETZWERK_LANG": "fr_FR.UTF-8", "LANG": "en_GB.UTF-8"}, "NETZWERK_LANG"),
        ("", ["--lang", "en", "handbook"], {"NETZWERK_LANG": "fr"}, None),
        ("language = 'de-AT'", ["handbook"], {"NETZWERK_LANG": "fr"}, None),
        ("", ["handbook"], {"NETZWERK_LANG": "", "LANG": "fr_FR.UTF-8"}, None),
        ("", ["handbook"], {"LC_ALL": "C"}, None),
        ('[adopt.columns]\nlanguage = "fr"', ["handbook"], {}, None),
    ],
)
def test_a_language_that_nobody_speaks_is_a_wrong_call(tmp_path, config, call, environment, expected):
    (tmp_path / "netzwerk.toml").write_text(config, encoding="utf-8")
    done = netzwerk(*call, folder=tmp_path, **environment)
    if expected is None:
        assert (done.returncode, done.stderr) == (0, "")
        return
    assert done.returncode == 2
    assert expected in done.stderr.splitlines()[0]
    assert len(done.stderr.splitlines()) == 2
    assert netzwerk("--help", folder=tmp_path, **environment).returncode == 0


def test_the_configuration_that_is_named_chooses_the_language(tmp_path):
    (tmp_path / "eigene.toml").write_text("language = 'en'\n", encoding="utf-8")
    assert netzwerk("sync", "--help", "--config", "eigene.toml", folder=tmp_path).stdout.startswith("Usage:")


@pytest.mark.parametrize(
    ("call", "environment", "expected"),
    [
        ([], {}, "There is no file"),
        ([], {"LANG": "de_DE.UTF-8"}, "There is no file"),
        ([], {"NETZWERK_LANG": "de"}, "There is no file"),
        ([], {"NETZWERK_LANG": "fr"}, "There is no file"),
        (["--lang", "de"], {"NETZWERK_LANG": "en"}, "Die Datei"),
    ],
)
def test_the_configuration_beside_the_workbook_counts_wherever_one_calls_from(tmp_path, call, environment, expected):
    """Also where the folder one calls from has another one, which is not for this workbook."""
    here, there = tmp_path / "hier", tmp_path / "dort"
    for folder, language in ((here, "fr"), (there, "en")):
        folder.mkdir()
        (folder / "netzwerk.toml").write_text(f"language = '{language}'\n", encoding="utf-8")
    done = netzwerk("gaps", there / "stadt.xlsx", *call, folder=here, **environment)
    assert done.returncode == 10
    assert expected in done.stderr


@pytest.mark.skipif(os.name == "nt", reason="no folder goes there while somebody is in it")
@pytest.mark.parametrize(("call", "code"), [("--help", 0), ("config show", 0), ("sync x.xlsx", 10)])
def test_a_folder_that_is_gone_ends_in_no_traceback(tmp_path, call, code):
    folder = tmp_path / "weg"
    folder.mkdir()
    line = f'rmdir "{folder}"; exec "{sys.executable}" -m netzwerk_sheets {call}'
    given = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), "NETZWERK_STATE": str(tmp_path / "state")}
    done = subprocess.run(["sh", "-c", line], env=given, capture_output=True, text=True, cwd=folder, check=False)
    assert done.returncode == code
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (["synk"], "Den Befehl „synk“ gibt es nicht."),
        (["gaps", "x.xlsx", "--by"], "Zur Option --by fehlt eine Angabe."),
        (["gaps", "x.xlsx", "--by", "ort"], "Die Angabe '--by' passt nicht: Möglich sind need, domain und group."),
        (["gaps", "x.xlsx", "--lang", "fr"], "Die Angabe '--lang' passt nicht: Möglich sind de und en."),
        (["--lang=fr", "gaps", "x.xlsx"], "Die Angabe '--lang' passt nicht: Möglich sind de und en."),
        (["sync", "x.xlsx", "y.xlsx", "z.xlsx"], "Das ist zu viel: y.xlsx z.xlsx."),
    ],
)
def test_a_wrong_call_is_answered_in_one_language(tmp_path, call, said):
    done = netzwerk("--lang", "de", *call, folder=tmp_path)
    assert done.returncode == 2
    assert done.stderr.splitlines()[0] == said


@pytest.mark.parametrize(("language", "other"), [("de", "en"), ("en", "de")])
def test_an_error_speaks_the_chosen_language(tmp_path, language, other):
    done = netzwerk("--lang", language, "sync", "nothing.xlsx", folder=tmp_path)
    assert done.returncode == 10
    assert done.stdout == ""
    assert done.stderr.splitlines() == [
        Words(language).say(key, file="nothing.xlsx")
        for key in ("error.workbook-missing", "error.workbook-missing-hint")
    ]
    assert Words(other).say("error.workbook-missing", file="nothing.xlsx") not in done.stderr


@pytest.mark.parametrize(("language", "hint"), [("de", "löschen Sie .~lock.x.xlsx#"), ("en", "delete .~lock.x.xlsx#")])
def test_an_open_file_is_named_with_its_lock_file(tmp_path, language, hint):
    assert netzwerk("init", "x.xlsx", "--demo", "--today", "2025-05-15", folder=tmp_path).returncode == 0
    (tmp_path / ".~lock.x.xlsx#").write_text(",anna,pc,22.11.2026 20:00,file:///x;")
    done = netzwerk("--lang", language, "sync", "x.xlsx", "--today", "2025-06-15", folder=tmp_path)
    assert done.returncode == 5
    assert "anna" in done.stderr
    assert hint in done.stderr


def test_an_english_workbook_speaks_english(tmp_path):
    openpyxl = pytest.importorskip("openpyxl")
    assert netzwerk("--lang", "en", "init", "town.xlsx", "--name", "Newtown", folder=tmp_path).returncode == 0
    done = netzwerk("--lang", "en", "sync", "town.xlsx", folder=tmp_path)
    assert done.returncode in {0, 3}, done.stderr
    book = openpyxl.load_workbook(tmp_path / "town.xlsx")
    names = {words["en"] for words in schema.tab_words().values()}
    assert set(book.sheetnames) <= names
    # The handbook redoes an example by hand; it is the demo network, which is German.
    tabs = [tab for tab in book if tab.title != "Help"]
    shown = {cell.value for tab in tabs for row in tab.iter_rows() for cell in row if isinstance(cell.value, str)}
    assert {text for text in shown if re.search("[äöüÄÖÜß„]", text)} == set()
    assert {Words("en").say("start.now"), Words("en").say("gaps.title"), "Closeness to the topic"} <= shown
    for arguments in (("gaps", "town.xlsx"), ("check", "town.xlsx"), ("plan", "town.xlsx"), ("doctor", "town.xlsx")):
        done = netzwerk("--lang", "en", *arguments, folder=tmp_path)
        assert done.returncode in {0, 3}, done.stderr
        assert not re.search("[äöüÄÖÜß„]", done.stdout + done.stderr)


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        (0.6091, 0.6064, ("0,6091", "0,6064")),
        (0.61, 0.62, ("0,61", "0,62")),
        (3, 4, ("3", "4")),
        (None, 0.5, ("", "0,5")),
    ],
)
def test_numbers_that_differ_look_different_in_a_plan(before, after, shown):
    assert before_and_after(Words("de"), SetCell(Spot("Verlauf", 9, 2), Cell(after), before, "")) == shown
