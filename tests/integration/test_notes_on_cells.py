"""Notes that people hang on cells stay beside the row they are about."""

import openpyxl
from openpyxl.comments import Comment
from person import netz


def test_a_tab_with_notes_on_its_cells_keeps_its_rows_where_they_are(stadt):
    book = openpyxl.load_workbook(stadt.path)
    gaps = book["Lücken"]
    keys = [gaps.cell(row, 1).value for row in range(5, 21)]
    spot = keys.index("B-006/Personal") + 5
    gaps.cell(spot, 1).comment = Comment("Museum hat zugesagt", "AG")
    partners = book["Partner"]
    status = [cell.value for cell in partners[1]].index("Status") + 1
    museum = next(row for row in range(2, 30) if partners.cell(row, 1).value == "P-011")
    partners.cell(museum, status).value = "aktiv"
    book.save(stadt.path)
    assert netz("sync", stadt.path).code == 3
    after = openpyxl.load_workbook(stadt.path)["Lücken"]
    assert after.cell(spot, 1).value == "B-006/Personal"
    assert after.cell(spot, 1).comment.text == "Museum hat zugesagt"
    assert [after.cell(row, 1).value for row in range(5, 21)] == keys
