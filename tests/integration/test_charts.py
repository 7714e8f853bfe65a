"""The tool's charts follow their tables; a chart that people changed, or made, is theirs."""

import re
import zipfile
from datetime import date, timedelta

from person import DAY, netz

from netzwerk_sheets.grid import Area, Tab, TableArea
from netzwerk_sheets.sheets.charts import RowChart, follow, placed, remembered

FRAME = re.compile(rb'<xdr:cNvPr id="\d+" name="([^"]*)" descr="([^"]*)"')
LAST = "2025-06-30"


def parts(path, folder):
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist() if name.startswith(f"xl/{folder}/")}


def references(path, tab="Verlauf"):
    found = {name: re.findall(rb"<c:f>(.*?)</c:f>", data) for name, data in parts(path, "charts").items()}
    return [each.decode() for names in found.values() for each in names if tab.encode() in each]


def texts(path):
    return {
        name.decode(): text.decode() for data in parts(path, "drawings").values() for name, text in FRAME.findall(data)
    }


def sync(person, day=DAY):
    done = netz("sync", person.path, "--today", day)
    assert done.code in {0, 3}, done.err


def settled(person, day=DAY):
    before = person.path.read_bytes()
    sync(person, day)
    assert person.path.read_bytes() == before


def grown(person, day=LAST):
    """A partner joins, so that coverage changes and the log gets a row."""
    person.type("Partner", "P-016", "Status", "aktiv")
    sync(person, day)
    settled(person, day)


def edited(path, folder, change):
    """Rewrite the parts of a folder, as a program that a person uses would."""
    with zipfile.ZipFile(path) as archive:
        everything = {info: archive.read(info.filename) for info in archive.infolist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for info, data in everything.items():
            archive.writestr(info, change(data) if info.filename.startswith(f"xl/{folder}/") else data)


def test_a_new_row_of_the_log_is_in_the_line(stadt):
    sync(stadt)
    assert references(stadt.path) == ["'Verlauf'!$A$5:$A$9", "'Verlauf'!$B$5:$B$9"]
    assert texts(stadt.path)["Deckung im Verlauf"].startswith(
        "Die Deckung ist gestiegen: von 40\u00a0% am 01.02.2023 auf 61"
    )
    grown(stadt)
    assert references(stadt.path) == ["'Verlauf'!$A$5:$A$10", "'Verlauf'!$B$5:$B$10"]
    assert "30.06.2025" in texts(stadt.path)["Deckung im Verlauf"]
    (chart,) = [data for data in parts(stadt.path, "charts").values() if b"lineChart" in data]
    assert chart.count(b'<c:ptCount val="6"/>') == 2
    assert chart.count(b"<c:pt ") == 12


def test_a_new_domain_gets_its_bar(stadt):
    sync(stadt)
    stadt.write_row("Lebensbereiche", {"Name": "Digitales", "Schwerpunkt": "nein"})
    sync(stadt)
    assert {"'Start'!$A$16:$A$25", "'Start'!$B$16:$B$25"} <= set(references(stadt.path, "Start"))
    assert any(b"Digitales" in data for data in parts(stadt.path, "charts").values())
    settled(stadt)


def test_a_chart_that_shows_other_rows_is_left_alone(stadt):
    sync(stadt)
    edited(stadt.path, "charts", lambda data: data.replace(b"$5:$", b"$7:$"))
    before = parts(stadt.path, "charts"), texts(stadt.path)
    grown(stadt)
    assert (parts(stadt.path, "charts"), texts(stadt.path)) == before


def test_words_of_people_about_a_chart_stay_while_it_grows(stadt):
    sync(stadt)
    mine = "Unsere Linie, geprüft von der AG Zugang"
    edited(stadt.path, "drawings", lambda data: re.sub(rb'descr="Die Deckung[^"]*"', f'descr="{mine}"'.encode(), data))
    grown(stadt)
    assert texts(stadt.path)["Deckung im Verlauf"] == mine
    assert references(stadt.path)[0] == "'Verlauf'!$A$5:$A$10"


def test_colours_and_titles_of_people_stay(stadt):
    sync(stadt)
    edited(
        stadt.path,
        "charts",
        lambda data: data.replace(b"1F6FB2", b"8A1C12").replace(b"Deckung im Verlauf", b"Wo stehen wir?"),
    )
    grown(stadt)
    (chart,) = [data for data in parts(stadt.path, "charts").values() if b"lineChart" in data]
    assert b"8A1C12" in chart
    assert b"Wo stehen wir?" in chart
    assert b"$A$10" in chart


def test_a_chart_that_people_made_of_the_same_cells_keeps_every_byte(stadt):
    sync(stadt)
    edited(
        stadt.path,
        "drawings",
        lambda data: re.sub(rb'name="Deckung im Verlauf" descr="[^"]*"', b'name="Diagramm 7" descr="Meins"', data),
    )
    before = parts(stadt.path, "charts")
    grown(stadt)
    assert parts(stadt.path, "charts") == before


def test_a_chart_that_people_took_away_stays_away(stadt):
    sync(stadt)
    edited(stadt.path, "drawings", lambda data: re.sub(rb"<xdr:oneCellAnchor>.*?</xdr:oneCellAnchor>", b"", data))
    grown(stadt)
    assert "Deckung im Verlauf" not in texts(stadt.path)


def test_a_chart_that_cannot_be_read_holds_nothing_up(stadt):
    sync(stadt)
    edited(
        stadt.path,
        "charts",
        lambda data: data.replace(b"</c:chartSpace>", b"</c:oops>") if b"lineChart" in data else data,
    )
    before = parts(stadt.path, "charts")
    stadt.type("Partner", "P-016", "Status", "aktiv")
    sync(stadt, LAST)
    assert len(stadt.table("Verlauf", "Datum")) == 6
    assert {name: data for name, data in parts(stadt.path, "charts").items() if b"oops" in data} == {
        name: data for name, data in before.items() if b"oops" in data
    }


def line(last_row, *, first=5):
    """The line as it shall be over a log that ends in a row."""
    columns = {"date": 1, "coverage": 2}
    chart = RowChart("line", "T", "neu", "immer", "date", "coverage", "n", "0%", "dd.mm.yyyy", 24, "1F6FB2")
    return placed(chart, "Verlauf", columns, first - 1, last_row)


def log(last_row, *, first=5):
    """A log that ends in a row, as read."""
    rows = {row: {1: date(2025, 1, 1) + timedelta(row), 2: row / 100} for row in range(first, last_row + 1)}
    return Tab("Verlauf", rows, tables=(TableArea("T", Area(first - 1, 1, last_row, 2)),))


def test_rows_that_people_put_above_move_the_chart_along():
    (edit,) = follow(log(11, first=7), line(12, first=7), remembered(line(9)), [], moved=2)
    assert (7, 11) in edit.spans
    assert edit.chart.categories == Area(7, 1, 12, 1)


def test_rows_that_people_took_out_do_not_count_as_a_change():
    (edit,) = follow(log(40), line(41), remembered(line(42)), [])
    assert {(19, 40), (17, 40)} <= set(edit.spans)  # out of those it showed, or above them


def test_a_long_log_shows_its_last_days():
    assert [each.categories for each in (*line(30), *line(31))] == [Area(7, 1, 30, 1), Area(8, 1, 31, 1)]
    (edit,) = follow(log(30), line(31), remembered(line(30)), [])
    assert edit.spans == ((7, 30),)
    assert list(follow(log(31), line(31), remembered(line(31)), [])) == []


def test_what_nobody_remembers_is_no_reason_to_write():
    assert list(follow(log(9), line(9), None, [])) == []


def test_a_log_that_people_sorted_still_grows(stadt):
    sync(stadt)
    rows = stadt.everything()["Verlauf"]
    for column in rows[5]:
        stadt.put("Verlauf", 5, column, rows[9][column])
        stadt.put("Verlauf", 9, column, rows[5][column])
    grown(stadt)
    assert [each.rpartition("$")[2] for each in references(stadt.path)] == ["10", "10"]
