"""Every exit code can be reached, says what happened in both languages, and writes nothing it should not."""

import json
import os
import shutil
import stat
import zipfile

import pytest
from person import Person, netz

from netzwerk_sheets.cli.commands import COMMANDS

OLD_XLS = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(2048)


def files_of(folder):
    return {
        path.relative_to(folder): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and "state" not in path.relative_to(folder).parts
    }


def excel_lock(path, name):
    content = (
        bytes([len(name)])
        + name.encode("cp1252").ljust(54)
        + len(name).to_bytes(2, "little")
        + name.encode("utf-16-le").ljust(108, b" ")
    )
    path.with_name("~$" + path.name).write_bytes(content)


def libre_lock(path, name):
    path.with_name(f".~lock.{path.name}#").write_text(
        f"{name},rena,notebook,15.05.2025 10:00,file:///home/x;", encoding="utf-8"
    )


class Case:
    """One way to end: prepare the workbook, call a command, expect a code and a word."""

    def __init__(self, code, prepare, arguments, word=""):
        self.code, self.prepare, self.arguments, self.word = code, prepare, arguments, word


def nothing(_):
    pass


def broken(person):
    person.path.write_bytes(b"PK\x03\x04 kaputt")


def misspelt(person):
    person.path.with_name("netzwerk.toml").write_text('workbok = "stadt.xlsx"\n', encoding="utf-8")


def french(person):
    person.path.with_name("netzwerk.toml").write_text('language = "fr"\n', encoding="utf-8")


def xls(person):
    person.path.write_bytes(OLD_XLS)


def empty(person):
    person.path.write_bytes(b"")


def emptied(person):
    person.empty_table("Gespräche")


def contradicting(person):
    person.type("OB P-016 Wohnbau", "P-016.T-A03", "Status", "erledigt")
    person.type("Aufgaben", "P-016.T-A03", "Status", "in Arbeit")


def edited(person):
    person.type("Partner", "P-007", "Status", "ruhend")


def in_excel(person):
    edited(person)
    excel_lock(person.path, "Jürgen Groß")


def in_libreoffice(person):
    edited(person)
    libre_lock(person.path, "Rena Öz")


def folder(person):
    person.path.unlink()
    person.path.mkdir()


def gone(person):
    person.path.unlink()


def foreign(person):
    import openpyxl

    book = openpyxl.Workbook()
    book.active["A1"] = "Einkaufsliste"
    book.save(person.path)


CASES = {
    "gaps shows and is done": Case(0, nothing, ["gaps", "FILE"]),
    "plan shows and is done": Case(0, nothing, ["plan", "FILE"]),
    "init on a network that is complete": Case(0, nothing, ["init", "FILE"]),
    "no workbook, broken": Case(1, broken, ["sync", "FILE"], "Datei"),
    "an old xls under a new name": Case(1, xls, ["sync", "FILE"], ".xls"),
    "an empty file": Case(1, empty, ["sync", "FILE"], "leer"),
    "no such command": Case(2, nothing, ["synk", "FILE"]),
    "no such option": Case(2, nothing, ["sync", "FILE", "--force"], "--force"),
    "a bad day": Case(2, nothing, ["sync", "FILE", "--today", "gestern"]),
    "a bad duration": Case(2, nothing, ["sync", "FILE", "--wait", "ewig"]),
    "no workbook named": Case(2, nothing, ["sync"], "Arbeitsmappe"),
    "a workbook nobody set up": Case(2, foreign, ["sync", "FILE"], "netzwerk init"),
    "a configuration with a language nobody speaks": Case(2, french, ["sync", "FILE"], "„fr“"),
    "a partner nobody knows": Case(2, nothing, ["onboard", "FILE", "P-999"], "P-999"),
    "a question nobody can answer": Case(2, nothing, ["restore", "FILE", "1"]),
    "a configuration that is missing": Case(2, nothing, ["sync", "FILE", "--config", "fehlt.toml"], "fehlt.toml"),
    "a configuration with a word nobody knows": Case(2, misspelt, ["sync", "FILE"], "„workbok“"),
    "findings of level error": Case(3, nothing, ["check", "FILE"]),
    "people contradict each other": Case(3, contradicting, ["sync", "FILE"], "widersprechen"),
    "people contradict each other, listed": Case(3, contradicting, ["conflicts", "FILE"], ""),
    "a plan that is not there": Case(2, edited, ["sync", "FILE", "--plan", "fehlt.json"], "fehlt.json"),
    "nothing to undo": Case(2, nothing, ["undo", "FILE", "--yes"], "zurücknehmen"),
    "a history of nobody": Case(2, nothing, ["history", "FILE", "P-999"], "P-999"),
    "no such conflict": Case(2, nothing, ["conflicts", "FILE", "resolve", "KF-099", "--take", "a"], "KF-099"),
    "a schedule of what is missing": Case(2, gone, ["schedule", "FILE", "install"], "stadt.xlsx"),
    "changes are pending": Case(4, edited, ["plan", "FILE", "--exit-code"]),
    "open in Excel": Case(5, in_excel, ["sync", "FILE"], "Jürgen Groß"),
    "open in LibreOffice": Case(5, in_libreoffice, ["sync", "FILE"], "Rena Öz"),
    "a table is empty all at once": Case(7, emptied, ["sync", "FILE"], "--confirm"),
    "no such file": Case(10, gone, ["sync", "FILE"], "stadt.xlsx"),
    "a folder": Case(10, folder, ["sync", "FILE"], "Ordner"),
}
WRITES = {"people contradict each other", "a table is empty all at once"}
SHOWS = {0, 3, 4}


@pytest.mark.parametrize("name", CASES)
def test_a_command_ends_with_its_code_and_a_sentence(stadt, name, monkeypatch):
    monkeypatch.chdir(stadt.path.parent)
    case = CASES[name]
    case.prepare(stadt)
    before = files_of(stadt.path.parent)
    arguments = [str(stadt.path) if word == "FILE" else word for word in case.arguments]
    for more in ([], ["--plain"]):
        done = netz(*arguments, *more)
        assert done.code == case.code, done
        assert case.word in done.err or "unverändert" in done.err, done.err
        assert "Traceback" not in done.err
        if case.code not in SHOWS:
            assert done.err.strip()
            assert not done.out.strip()
    if name not in WRITES:
        assert files_of(stadt.path.parent) == before


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.code not in {0, 3, 4, 7}])
def test_a_failure_is_a_document_where_one_is_asked_for(stadt, name, monkeypatch):
    monkeypatch.chdir(stadt.path.parent)
    case = CASES[name]
    case.prepare(stadt)
    arguments = [str(stadt.path) if word == "FILE" else word for word in case.arguments]
    done = netz(*arguments, "--json")
    error = json.loads(done.err)
    assert done.out == ""
    assert error["type"] == "exit_error"
    assert error["code"] == done.code == case.code
    assert error["message"]
    assert "hint" in error


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.code in {1, 2, 5, 10}])
def test_a_failure_is_said_in_english_where_english_is_asked_for(stadt, name, monkeypatch):
    monkeypatch.chdir(stadt.path.parent)
    case = CASES[name]
    case.prepare(stadt)
    arguments = [str(stadt.path) if word == "FILE" else word for word in case.arguments]
    english = netz(*arguments, "--lang", "en")
    assert english.code == case.code
    assert english.err != netz(*arguments).err
    assert "wurde" not in english.err


def test_a_read_only_file_or_folder_stays_as_it_is(stadt, monkeypatch):
    edited(stadt)
    before = stadt.path.read_bytes()
    if os.geteuid() == 0:
        monkeypatch.setattr("netzwerk_sheets.backends.excel.save.os.access", lambda *_: False)
    stadt.path.chmod(0o444)
    done = netz("sync", stadt.path)
    stadt.path.chmod(0o644)
    assert done.code == 10
    assert "schreibgeschützt" in done.err
    assert stadt.path.read_bytes() == before


def test_a_folder_without_rights_leaves_the_file(stadt, monkeypatch):
    edited(stadt)
    before = stadt.path.read_bytes()
    if os.geteuid() == 0:
        real = os.open

        def refuses(path, *more, **options):
            if "nstmp" in str(path):
                raise PermissionError(13, "no", str(path))
            return real(path, *more, **options)

        monkeypatch.setattr("netzwerk_sheets.backends.excel.save.os.open", refuses)
    stadt.path.parent.chmod(stat.S_IRUSR | stat.S_IXUSR)
    done = netz("sync", stadt.path)
    stadt.path.parent.chmod(0o755)
    assert done.code == 10
    assert stadt.path.read_bytes() == before


def test_a_state_folder_that_cannot_be_used_is_said(stadt, monkeypatch):
    (stadt.path.parent / "datei").write_text("x")
    monkeypatch.setenv("NETZWERK_STATE", str(stadt.path.parent / "datei"))
    edited(stadt)
    before = stadt.path.read_bytes()
    done = netz("sync", stadt.path)
    assert done.code == 10
    assert "datei" in done.err
    assert stadt.path.read_bytes() == before


def test_a_million_empty_formatted_rows_are_read_in_bounded_time(stadt):
    import time

    rows = "".join(f'<row r="{row}" s="1" customFormat="1" ht="15"/>' for row in range(100, 1_048_570))
    source = stadt.path.with_name("lang.xlsx")
    with zipfile.ZipFile(stadt.path) as old, zipfile.ZipFile(source, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.infolist():
            data = old.read(item)
            if item.filename.endswith("sheet20.xml"):
                data = data.replace(b"</sheetData>", rows.encode() + b"</sheetData>")
            new.writestr(item, data)
    shutil.move(source, stadt.path)
    edited(stadt)
    began = time.monotonic()
    done = netz("sync", stadt.path)
    assert time.monotonic() - began < 30
    assert done.code in {0, 1, 3}, done.err
    assert "hätte nicht passieren" not in done.err


def test_every_command_has_help_and_a_german_name():
    for name, (_, alias) in COMMANDS.items():
        for language in ("de", "en"):
            for word in (name, alias):
                done = netz(word, "--help", "--lang", language)
                assert done.code == 0
                for code in ("0", "1", "2", "3", "4", "5", "7", "8", "10", "11"):
                    assert code in done.out


def test_german_names_and_umlauts_work(stadt):
    assert netz("lücken", stadt.path, "--json").out == netz("gaps", stadt.path, "--json").out
    assert netz("luecken", stadt.path).code == 0
    assert netz("prüfen", stadt.path).code == netz("check", stadt.path).code
    assert netz("abgleich", stadt.path).code in {0, 3}


@pytest.mark.parametrize("arguments", [["sync"], ["init"], ["onboard", "P-013"]], ids=lambda words: words[0])
@pytest.mark.parametrize("more", [[], ["--json"]], ids=["in words", "as a document"])
def test_a_dry_run_writes_nothing_and_says_what_it_would_do(stadt, arguments, more):
    edited(stadt)
    before = files_of(stadt.path.parent)
    done = netz(arguments[0], stadt.path, *arguments[1:], "--dry-run", *more)
    assert done.code in {0, 3}
    assert files_of(stadt.path.parent) == before
    if more:
        document = json.loads(done.out)
        assert document["schema"] == 1
    else:
        assert done.err.strip() or done.out.strip()


DOCUMENTS = (
    "sync", "gaps", "recommend", "check", "plan", "doctor", "backups", "a11y", "init", "conflicts", "history", "unlock",
    "schedule",
)  # fmt: skip


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_command_gives_one_document(stadt, name):
    done = netz(name, stadt.path, "--json")
    assert json.loads(done.out)["schema"] == 1


def test_init_of_a_new_workbook_is_a_document_too(tmp_path):
    done = netz("init", tmp_path / "neu.xlsx", "--json")
    assert done.code == 0
    assert json.loads(done.out)["added"]
    dry = netz("init", tmp_path / "neu2.xlsx", "--json", "--dry-run")
    assert dry.code == 0
    assert json.loads(dry.out)["schema"] == 1
    assert not (tmp_path / "neu2.xlsx").exists()


def test_documents_carry_ids_and_codes_and_no_words_of_people(stadt):
    stadt.type("Partner", "P-013", "Bemerkung", "geheim: Frau Kaya, 0171 5551234")
    for command in ("sync", "check"):
        said = netz(command, stadt.path, "--json").out
        assert "Kaya" not in said
        assert "5551234" not in said


def test_the_exit_code_of_a_run_that_skips_is_that_of_the_run_before(stadt):
    contradicting(stadt)
    assert [netz("sync", stadt.path).code for _ in range(3)] == [3, 3, 3]


def test_a_name_from_the_configuration_is_a_workbook(stadt, monkeypatch):
    monkeypatch.chdir(stadt.path.parent)
    (stadt.path.parent / "netzwerk.toml").write_text(
        'workbook = "stadt"\n[workbooks]\nstadt = "stadt.xlsx"\n', encoding="utf-8"
    )
    assert netz("gaps").code == 0
    assert netz("gaps", "stadt").code == 0
    assert Person(stadt.path).tabs()
