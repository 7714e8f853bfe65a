"""The two homes of a workbook, and people at work in them: the same acts in a file and in a document at Google."""

import sys
from pathlib import Path

import openpyxl
from openpyxl.comments import Comment
from openpyxl.utils import get_column_letter

from netzwerk_sheets.backends.excel import ExcelWorkbook

sys.path.insert(0, str(Path(__file__).parents[1] / "google"))
from google_client import workbook

TAB = "Blatt"


class File:
    """A file, and people who edit it with another program."""

    def __init__(self, folder):
        self.path = folder / "mappe.xlsx"
        book = openpyxl.Workbook()
        book.active.title = TAB
        book.save(self.path)

    def open(self):
        return ExcelWorkbook(self.path)

    def gone(self):
        return ExcelWorkbook(self.path.with_name("nicht da.xlsx"))

    def content(self):
        return self.path.read_bytes()

    def _edit(self, change):
        book = openpyxl.load_workbook(self.path)
        change(book)
        book.save(self.path)

    def type(self, row, column, value, tab=TAB):
        self._edit(lambda book: book[tab].cell(row, column, value))

    def rename(self, old, new):
        def change(book):
            book[old].title = new
            for name in book.defined_names.values():
                name.attr_text = name.attr_text.replace(f"'{old}'!", f"'{new}'!").replace(f"{old}!", f"'{new}'!")

        self._edit(change)

    def delete(self, tab):
        def change(book):
            del book[tab]
            for name in book.defined_names.values():
                if name.attr_text.startswith((f"'{tab}'!", f"{tab}!")):
                    name.attr_text = "#REF!" + name.attr_text.rpartition("!")[2]

        self._edit(change)

    def merge(self, area):
        self._edit(lambda book: book[TAB].merge_cells(area))

    def protect(self):
        def change(book):
            book[TAB].protection.sheet = True
            book[TAB].protection.password = "geheim"

        self._edit(change)

    def note(self, row, column, text):
        def change(book):
            book[TAB].cell(row, column).comment = Comment(text, "Ute") if text else None

        self._edit(change)

    def notes(self):
        sheet = openpyxl.load_workbook(self.path)[TAB]
        return {(cell.row, cell.column): cell.comment.text for row in sheet.iter_rows() for cell in row if cell.comment}

    def shown(self, tab):
        """What a tab has besides values, in words that both homes share."""
        sheet = openpyxl.load_workbook(self.path)[tab]
        rules = [rule for group in sheet.conditional_formatting for rule in group.rules]
        kinds = {"list": "list", "date": "date", "whole": "whole", "decimal": "whole", None: "any", "custom": "any"}
        return {
            "charts": [_alternative(self.path, tab)],
            "menus": {str(each.sqref): kinds[each.type] for each in sheet.data_validations.dataValidation},
            "prompts": {each.prompt for each in sheet.data_validations.dataValidation},
            "highlights": len(rules),
            "frozen": sheet.freeze_panes,
            "bold": sheet.cell(1, 1).font.b is True,
            "fill": sheet.cell(1, 1).fill.fgColor.rgb[-6:],
        }


def _alternative(path, tab):
    import re
    import zipfile

    with zipfile.ZipFile(path) as package:
        drawings = [package.read(name).decode() for name in package.namelist() if "drawings/drawing" in name]
    return next((found[1] for text in drawings if (found := re.search(r'descr="([^"]+)"', text))), "")


class Document:
    """A document at the simulated Google, and people who have it open."""

    def __init__(self, sim, locale):
        self.sim = sim
        self.doc = sim.create("Mappe", locale=locale)
        self.doc.human.rename_tab(self.doc.content.sheets[0].title, TAB)

    def open(self):
        return workbook(self.sim, self.doc)

    def gone(self):
        from netzwerk_sheets.backends.google import GoogleWorkbook

        return GoogleWorkbook("nichtda" * 5, self.open().transport)

    def content(self):
        return self.doc.version

    @property
    def _human(self):
        return self.doc.human

    def type(self, row, column, value, tab=TAB):
        self._human.type(tab, f"{get_column_letter(column)}{row}", value)

    def rename(self, old, new):
        self._human.rename_tab(old, new)

    def delete(self, tab):
        self._human.delete_tab(tab)

    def merge(self, area):
        first, last = (openpyxl.utils.cell.coordinate_to_tuple(each) for each in area.split(":"))
        box = {
            "sheetId": self._human.tab(TAB).id, "startRowIndex": first[0] - 1, "endRowIndex": last[0],
            "startColumnIndex": first[1] - 1, "endColumnIndex": last[1],
        }  # fmt: skip
        self._human.request(mergeCells={"range": box, "mergeType": "MERGE_ALL"})

    def protect(self):
        mine = {"range": {"sheetId": self._human.tab(TAB).id}, "editors": {"users": [self.doc.owner]}}
        self._human.request(addProtectedRange={"protectedRange": mine})

    def note(self, row, column, text):
        self._human.note(TAB, f"{get_column_letter(column)}{row}", text)

    def notes(self):
        cells = self._human.tab(TAB).cells
        return {(row + 1, column + 1): cell["note"] for (row, column), cell in cells.items() if cell.get("note")}

    def shown(self, tab):
        sheet = self._human.tab(tab)
        kinds = {
            "ONE_OF_LIST": "list", "ONE_OF_RANGE": "list", "DATE_IS_VALID": "date", "NUMBER_GREATER_THAN_EQ": "whole",
            "CUSTOM_FORMULA": "any",
        }  # fmt: skip
        areas, prompts = {}, set()
        for (row, column), cell in sorted(sheet.cells.items()):
            rule = cell.get("dataValidation")
            if rule:
                areas.setdefault((column + 1, kinds[rule["condition"]["type"]]), []).append(row + 1)
                prompts.add(rule["inputMessage"])
        rows, columns = sheet.grid.get("frozenRowCount", 0), sheet.grid.get("frozenColumnCount", 0)
        head = sheet.cell(0, 0)["userEnteredFormat"]
        fill = head["backgroundColorStyle"]["rgbColor"]
        return {
            "charts": [each["spec"]["altText"] for each in sheet.features.get("charts", [])] or [""],
            "menus": {
                f"{get_column_letter(column)}{rows[0]}:{get_column_letter(column)}{rows[-1]}": kind
                for (column, kind), rows in areas.items()
            },
            "prompts": prompts,
            "highlights": len(sheet.features.get("conditionalFormats", [])),
            "frozen": f"{get_column_letter(columns + 1)}{rows + 1}",
            "bold": head["textFormat"].get("bold") is True,
            "fill": "".join(f"{round(255 * fill.get(part, 0)):02X}" for part in ("red", "green", "blue")),
        }
