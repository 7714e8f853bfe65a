"""Lists as people keep them: title rows, merged headings, several on one tab, English, other programs' files."""

import io
import subprocess
from datetime import date
from pathlib import Path

import openpyxl

from netzwerk_sheets.backends.excel import ExcelWorkbook
from netzwerk_sheets.grid import shown


class Terminal(io.StringIO):
    """Somebody at a keyboard, with the answers they will type."""

    def isatty(self):
        return True


def _fill(sheet, rows, top=1, left=1):
    for down, row in enumerate(rows):
        for right, value in enumerate(row):
            if value is not None:
                sheet.cell(top + down, left + right, value)


def simple(folder):
    """A tidy list with words of its own, in English."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Stakeholders"
    _fill(sheet, [
        ["No", "Organization", "Abbreviation", "Sector", "Works with", "Status", "Contribution", "Phone", "Due by"],
        [1, "Public Library", "PL", "Culture", "Children", "active", "Rooms", "0049 1", date(2026, 9, 1)],
        [2, "Red Cross", "RC", "Health & care", "Seniors; Refugees", "on board", "Staff", None, None],
        [3, "City Council", "CC", "Municipal politics", "Alle", "contacted", None, "0049 3", None],
    ])  # fmt: skip
    sheet["J2"] = "=COUNTA(B2:B4)"
    book.create_sheet("Kasse")["A1"] = 12.5
    return _saved(book, folder / "simple.xlsx")


def titled(folder):
    """Title rows, a numbering, abbreviated headings, a remark below."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Netzwerk 2024"
    sheet["A1"] = "Inklusionsnetzwerk Musterstadt"
    sheet.merge_cells("A1:G1")
    sheet["A2"] = "Stand: Mai 2024"
    _fill(sheet, [
        ["lfd. Nr.", "Einrichtung", "Kürzel", "Bereich", "Zielgr.", "Stand der Dinge", "Bem."],
        [1, "Volkshochschule Musterstadt", "VHS", "Bildung", "Senioren", "macht mit", "Raum im EG"],
        [2, "Sportverein Blau-Weiß e. V.", None, "Sport", "Kinder, Jugendliche", "angesprochen", "=A1"],
        [3, "Tafel Musterstadt", "Tafel", "Wohlfahrt", "Menschen mit wenig Geld", "aktiv", None],
    ], top=4)  # fmt: skip
    sheet["A9"] = "Quelle: eigene Erhebung"
    return _saved(book, folder / "titled.xlsx")


def merged(folder):
    """Headings in two rows, one of them merged, and a heading between the rows."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Liste"
    sheet["A1"] = "Unsere Partner"
    _fill(sheet, [["Organisation", "Kontakt", None, "Status"], [None, "Telefon", "E-Mail", None]], top=2)
    for area in ("A2:A3", "B2:C2", "D2:D3"):
        sheet.merge_cells(area)
    _fill(
        sheet, [["Caritas", "0123", "post@caritas.example", "aktiv"], ["Diakonie", "0124", None, "im Gespräch"]], top=4
    )
    sheet["A6"] = "Ehemalige"
    sheet.merge_cells("A6:D6")
    _fill(sheet, [["Altes Werk", "0125", None, "ausgeschieden"]], top=7)
    return _saved(book, folder / "merged.xlsx")


def several(folder):
    """Two lists beside each other, and a third below."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Übersicht"
    _fill(sheet, [
        ["Partner", "Gesellschaftsbereich", "Status", None, "Bedarf", "Lebensbereich", "Priorität"],
        ["Caritas", "Wohlfahrt", "aktiv", None, "Mehr Treffpunkte", "Freizeit", "hoch"],
        ["Stadt", "Verwaltung", "zugesagt", None, "Barrierefreie Busse", "Mobilität", "mittel"],
        [],
        ["AG", "Leitung", "nächstes Treffen"],
        ["AG Freizeit", "Caritas", date(2026, 9, 1)],
    ])  # fmt: skip
    return _saved(book, folder / "several.xlsx")


CSV = (
    "Partnerliste Stand Mai;;;;\r\n"
    ";;;;\r\n"
    "Name der Einrichtung;Kürzel;Gesellschaftsbereich;PLZ;Anmerkung\r\n"
    'Bücherei Süd;00123;Kultur;01099;"grüßt; meldet sich\r\nam 01.05.2026"\r\n'
    "=Gleich & Söhne;;Wirtschaft;04229;=1+1\r\n"
    "Café Größenwahn;CG;Zivilgesellschaft;04107;\r\n"
)


def exported(folder):
    """A .csv as a German Windows program writes it."""
    path = folder / "export.csv"
    path.write_bytes(CSV.encode("cp1252"))
    return path


def open_document(folder):
    """An .ods that LibreOffice wrote."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Zielgruppen"
    _fill(sheet, [
        ["Gruppe", "Anzahl Personen", "Jahr", "Hürden"],
        ["Gehörlose Menschen", 120, 2024, "Sprache\nund Technik"],
        ["Einsame Menschen", "viele", 2023, None],
    ])  # fmt: skip
    book.create_sheet("Leer")
    source = _saved(book, folder / "gruppen.xlsx")
    command = ["soffice", f"-env:UserInstallation=file://{folder}/office", "--headless", "--convert-to", "ods"]
    subprocess.run([*command, "--outdir", str(folder), str(source)], check=True, capture_output=True, timeout=180)
    return folder / "gruppen.ods"


def _saved(book, path):
    book.save(path)
    return path


def texts(path):
    """Every text a person sees in a workbook, tab by tab."""
    return {
        tab.title: {str(shown(value)) for row in tab.rows.values() for value in row.values()}
        for tab in ExcelWorkbook(Path(path)).read().tabs
    }


def cells(path, title):
    """What stands in each cell of a tab."""
    tab = ExcelWorkbook(Path(path)).read().tab(title)
    return {(row, column): value for row, columns in tab.rows.items() for column, value in columns.items()}


def table(path, title, header="Organisation"):
    """The rows of a tab of the network, by heading."""
    found = cells(path, title)
    top = min(row for (row, _), value in found.items() if value == header)
    heads = {column: value for (row, column), value in found.items() if row == top}
    rows = sorted({row for row, _ in found if row > top})
    return [{heads[c]: found[row, c] for c in heads if (row, c) in found} for row in rows]
