"""Lists of other programs come into a workbook as they are; strange ones end in one plain sentence."""

import shutil
import sys
import unicodedata
import zipfile
from pathlib import Path

import hand_lists
import openpyxl
import pytest
from hand_lists import Terminal, cells, table, texts
from person import DAY, netz

from netzwerk_sheets.backends.lists import decoded, delimiter_of, read_list
from netzwerk_sheets.errors import NetzwerkError
from netzwerk_sheets.state.folder import key_of

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT.parent / "shared" / "data" / "workbooks"
REAL = sorted(path for path in FOLDER.glob("*.xls[xm]")) if FOLDER.is_dir() else []
SAMPLE = 20


@pytest.fixture(scope="session")
def begun(tmp_path_factory):
    """A network's new workbook, made once."""
    folder = tmp_path_factory.mktemp("begun")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NETZWERK_STATE", str(folder / "state"))
        patch.setenv("NETZWERK_TODAY", DAY)
        patch.setenv("NETZWERK_LANG", "de")
        assert netz("init", folder / "neu.xlsx", "--yes").code == 0
    return folder


@pytest.fixture
def neu(begun, tmp_path, monkeypatch):
    """A network's new workbook, as if it had just been made here."""
    monkeypatch.chdir(tmp_path)
    path, networks = tmp_path / "neu.xlsx", tmp_path / "state" / "networks"
    shutil.copyfile(begun / "neu.xlsx", path)
    networks.mkdir(parents=True)
    for part in (begun / "state" / "networks").iterdir():
        shutil.copy(part, networks / part.name.replace(key_of(begun / "neu.xlsx"), key_of(path)))
    return path


def test_a_csv_of_windows_comes_in_as_typed_with_one_question(neu, monkeypatch):
    path = hand_lists.exported(neu.parent)
    typed = Terminal("ja\nzu viel gefragt\n")
    monkeypatch.setattr(sys, "stdin", typed)
    before = path.read_bytes()
    done = netz("adopt", neu, path)
    assert done.code == 0, done.err
    assert typed.read() == "zu viel gefragt\n"
    assert path.read_bytes() == before
    rows = table(neu, "Partner")
    assert rows[0]["Organisation"] == "Bücherei Süd"
    assert rows[0]["Kurzname"] == "00123"
    assert rows[0]["Bemerkung"] == "grüßt; meldet sich\nam 01.05.2026"
    assert rows[1]["Organisation"] == "=Gleich & Söhne"
    assert rows[1]["Bemerkung"] == "=1+1"
    # what nobody asked for is there as well, cell by cell, on a tab of its own
    assert {"Partnerliste Stand Mai", "PLZ", "01099", "04229", "=1+1"} <= texts(neu)["Liste export"]
    assert openpyxl.load_workbook(neu)["Liste export"]["E5"].data_type == "s"
    assert netz("sync", neu).code in {0, 3}
    stands = neu.read_bytes()
    again = netz("adopt", neu, path, "--yes")
    assert "nichts Neues" in again.out
    assert neu.read_bytes() == stands
    assert netz("gaps", neu).code == 0


def test_a_later_export_brings_only_what_is_new(neu):
    path = hand_lists.exported(neu.parent)
    netz("adopt", neu, path, "--yes")
    path.write_bytes(path.read_bytes() + "Neue Halle;;Sport;04103;\r\n".encode("cp1252"))
    done = netz("adopt", neu, path, "--yes")
    assert "Neue Halle" in {row["Organisation"] for row in table(neu, "Partner")}
    assert len(table(neu, "Partner")) == 4
    assert "3 Zeilen gibt es im Netzwerk schon" in done.out


def test_an_ods_of_libreoffice_comes_in(neu, monkeypatch):
    path = hand_lists.open_document(neu.parent)
    monkeypatch.setattr(sys, "stdin", Terminal("ja\n"))
    done = netz("adopt", neu, path)
    assert done.code == 0, done.err
    rows = table(neu, "Zielgruppen", "Anzahl Menschen")
    assert rows[0]["Anzahl Menschen"] == 120
    assert rows[1]["Anzahl Menschen"] == "viele"
    assert rows[0]["Barrieren"] == "Sprache\nund Technik"
    assert netz("sync", neu).code in {0, 3}
    assert netz("gaps", neu).code == 0


def test_a_list_in_a_workbook_of_its_own_stays_untouched(neu):
    path = hand_lists.merged(neu.parent)
    before = path.read_bytes()
    assert netz("adopt", neu, path, "--yes").code == 0
    assert path.read_bytes() == before
    assert [row["Organisation"] for row in table(neu, "Partner")] == ["Caritas", "Diakonie", "Altes Werk"]
    assert {"aktiv", "Ehemalige"} <= texts(neu)["Liste merged Liste"]


def test_umlauts_in_two_pieces_are_the_same_heading(neu):
    text = unicodedata.normalize("NFD", "Name der Einrichtung;Kürzel;Lebensbereiche\nFörderverein Grün;FG;Freizeit\n")
    path = neu.parent / "zerlegt.csv"
    path.write_bytes(text.encode("utf-8-sig"))
    assert netz("adopt", neu, path, "--yes").code == 0
    row = table(neu, "Partner")[0]
    assert row["Kurzname"] == "FG"
    assert row["Organisation"] == unicodedata.normalize("NFD", "Förderverein Grün")


def test_ten_thousand_rows(neu):
    lines = ["Organisation;Gesellschaftsbereich;Status"]
    lines += [f"Haus {number:05};Kultur;Wunschpartner" for number in range(10_000)]
    path = neu.parent / "viele.csv"
    path.write_text("\n".join(lines), "utf-8")
    done = netz("adopt", neu, path, "--dry-run", "--json")
    assert done.code == 0
    assert '"new": 10000' in done.out


EMPTY = {
    "leer.csv": b"",
    "nur-zeilen.csv": b"\r\n;;;\r\n\r\n",
    "nur-kopf.csv": b"Organisation;Status\r\n",
    "ein-wort.csv": b"Hallo\r\n",
}


@pytest.mark.parametrize("name", EMPTY)
def test_a_list_without_rows_is_said_and_changes_nothing(neu, name):
    path = neu.parent / name
    path.write_bytes(EMPTY[name])
    before = neu.read_bytes()
    done = netz("adopt", neu, path, "--yes")
    assert done.code == 0
    assert "keine Liste" in done.err
    assert neu.read_bytes() == before


def _archive(path, content):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr("content.xml", content)


ROW = (
    '<r xmlns:table="t" xmlns:office="o" xmlns:text="x"><table:table><table:table-row table:number-rows-repeated="{}">'
)
CELL = '<table:table-cell office:value-type="string" table:number-columns-repeated="{}"><text:p>a</text:p></table:table-cell>'
END = "</table:table-row></table:table></r>"
STRANGE = {
    "bild.csv": bytes(range(256)) * 40,
    "tabelle.csv": b"PK\x03\x04" + b"\0" * 200,
    "liste.docx": b"PK\x03\x04",
    "kaputt.ods": b"PK\x03\x04 nothing",
    "text.ods": b"Organisation;Status\n",
    "alt.xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
    "rows.ods": ROW.format(900_000_000) + CELL.format(2) + END,
    "columns.ods": ROW.format(1) + CELL.format(900_000_000) + END,
    "digits.ods": ROW.format("9" * 5000) + CELL.format(1) + END,
    "entities.ods": '<!DOCTYPE r [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><r>&b;</r>',
    "broken.ods": "<r><unclosed></r>",
    "foreign.ods": "<r/>",
}


@pytest.mark.parametrize("name", STRANGE)
def test_hostile_files_end_in_a_plain_sentence(neu, name):
    path, content = neu.parent / name, STRANGE[name]
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        _archive(path, content)
    before = neu.read_bytes()
    done = netz("adopt", neu, path, "--yes")
    assert done.code in {1, 2}, done.out
    assert len(done.err.splitlines()) <= 3
    assert "Traceback" not in done.err
    assert neu.read_bytes() == before


def test_missing_files_and_libraries_are_said(neu, monkeypatch):
    assert netz("adopt", neu, neu.parent / "fehlt.csv").code == 10
    assert netz("adopt", neu.parent / "fehlt.xlsx").code == 10
    path = hand_lists.exported(neu.parent)
    monkeypatch.setattr("netzwerk_sheets.backends.lists.find_spec", lambda _name: None)
    done = netz("adopt", neu, path, "--yes")
    assert done.code == 2
    assert "pip install" in done.err


def test_headings_that_stand_twice_are_kept_apart(neu):
    path = neu.parent / "doppelt.csv"
    path.write_text("Organisation;Telefon;Telefon;Bemerkung;Bemerkung\nHaus A;1;2;drei;vier\n", "utf-8")
    mapping = neu.parent / "map.toml"
    netz("adopt", neu, path, "-o", mapping)
    assert '"Telefon #2" = ""' in mapping.read_text("utf-8")
    assert netz("adopt", neu, path, "--mapping", mapping).code == 0
    assert table(neu, "Partner")[0]["Bemerkung"] == "drei"
    assert "vier" in texts(neu)["Liste doppelt"]


@pytest.mark.parametrize(
    ("data", "mark"),
    [
        ("a;b;c\n1;2,5;3\n", ";"),
        ("a,b,c\n1,2;5,3\n", ","),
        ("a\tb\n1;2\t3\n", "\t"),
        ("Titel\n\na;b\nx, y und z;2\n", ";"),
    ],
)
def test_the_mark_between_cells_is_found(data, mark):
    assert delimiter_of(data) == mark


def test_encodings_are_found():
    for encoding in ("utf-8", "utf-8-sig", "cp1252", "utf-16"):
        assert decoded("Bücher für 5 €".encode(encoding)) == "Bücher für 5 €"
    assert decoded(b"\x00\x01\x02abc") is None


def pytest_generate_tests(metafunc):
    if "real" in metafunc.fixturenames:
        files = REAL if metafunc.config.getoption("--long") else REAL[::SAMPLE]
        metafunc.parametrize("real", files or [None], ids=[path.name for path in files] or ["no-data"])


def test_real_workbooks_are_looked_through_and_nothing_changes_before_yes(real, tmp_path, monkeypatch):
    if real is None:
        pytest.skip("the real workbooks (../shared/data/workbooks) are not here")
    monkeypatch.chdir(tmp_path)
    path = tmp_path / real.name
    path.write_bytes(real.read_bytes())
    done = netz("adopt", path, "--dry-run")
    assert done.code in {0, 1}, done.err
    assert "Traceback" not in done.err
    assert path.read_bytes() == real.read_bytes()
    before = {title: cells(path, title) for title in texts(path)} if done.code == 0 else {}
    taken = netz("adopt", path, "--yes")
    assert taken.code in {0, 1, 5, 7}, taken.err
    if taken.code:
        assert path.read_bytes() == real.read_bytes()
        return
    for title, found in before.items():
        now = cells(path, title)
        assert {spot: now.get(spot) for spot in found} == found, title


def test_a_list_of_a_program_nobody_knows_says_which_it_reads(tmp_path):
    path = tmp_path / "liste.pdf"
    path.write_bytes(b"%PDF")
    with pytest.raises(NetzwerkError) as error:
        read_list(path)
    assert error.value.reason == "list-ending"
