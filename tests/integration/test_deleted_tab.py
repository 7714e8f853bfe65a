"""A tab that people delete takes nothing with it: its rows are remembered and come back on request."""

import openpyxl
from person import netz


def delete(path, title, name):
    book = openpyxl.load_workbook(path)
    del book[title]
    if name in book.defined_names:
        book.defined_names[name].attr_text = "#REF!$A$1"  # as Excel leaves a name whose tab is gone
    book.save(path)


def test_a_deleted_input_tab_is_missed_and_comes_back_with_its_rows(stadt):
    delete(stadt.path, "Bedarfe", "NETZ_needs")
    done = netz("sync", stadt.path)
    assert done.code == 3
    assert "Bedarfe" in netz("check", stadt.path, "--plain").out
    assert "Bedarfe" not in openpyxl.load_workbook(stadt.path).sheetnames
    assert netz("init", stadt.path).code == 0
    tab = openpyxl.load_workbook(stadt.path)["Bedarfe"]
    assert [tab.cell(row, 1).value for row in range(2, 11)] == [f"B-00{number}" for number in range(1, 10)]
    assert "60,9" in netz("gaps", stadt.path).out
