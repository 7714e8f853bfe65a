"""A look and a tab with everything a design can hold, for the tests of the Excel backend."""

from datetime import date

from netzwerk_sheets.grid import (
    Area,
    Cell,
    Chart,
    Choice,
    Formula,
    Highlight,
    Page,
    Spot,
    Style,
    TabDesign,
    TableDesign,
    Validation,
)

LOOK = {
    "body": Style("NS Text"),
    "title": Style("NS Titel", size=18, bold=True, colour="1F3A5F"),
    "head": Style("NS Kopf", bold=True, colour="FFFFFF", fill="1F3A5F", border="7A8696", wrap=True),
    "input": Style("NS Eingabe", fill="FFFBE6", border="7A8696", locked=False, wrap=True),
    "number": Style("NS Zahl", number_format="0", horizontal="right", border="7A8696"),
    "day": Style("NS Datum", number_format="dd.mm.yyyy", border="7A8696"),
    "share": Style("NS Anteil", number_format="0%", border="7A8696"),
    "bad": Style("NS Fehlt", bold=True, colour="FFFFFF", fill="8A1C12"),
    "link": Style("NS Verweis", underline=True, colour="0B57A4", border="7A8696"),
    "light": Style("NS Ampel", number_format='[=0]"▲ "0" fehlt";[=1]"■ "0" knapp";"● "0" gut"', horizontal="center"),
}
FIELDS = ("Arbeit", "Bildung", "Freizeit & Kultur", "Gesundheit", "Mobilität", "Wohnen")


def design(title: str = "Prüfblatt ‚Ä‘", table: str = "tblPruefblatt") -> TabDesign:
    cells = {
        (1, 1): Cell("Netzwerk Musterstadt", "title"),
        (2, 1): Cell("Stand: heute. =1+1 bleibt Text, Kunst & Kultur <auch>.", "body"),
    }
    header = ("Feld", "Bedarf", "davon gedeckt", "Anteil", "Ab", "Verweis", "Bemerkung")
    for column, text in enumerate(header, 1):
        cells[4, column] = Cell(text, "head")
    for index, name in enumerate(FIELDS):
        row = 5 + index
        cells[row, 1] = Cell(name, "body")
        cells[row, 2] = Cell(index + 2, "number")
        cells[row, 3] = Cell(index + 1, "number")
        cells[row, 4] = Cell(Formula(f"C{row}/B{row}", (index + 1) / (index + 2)), "share")
        cells[row, 5] = Cell(date(2025, 5, 15 + index), "day")
        target = f"'{title}'!A1" if index % 2 else "https://example.org/a?b=1&c=2"
        cells[row, 6] = Cell("zum Anfang" if index % 2 else "zur Seite", "link", target)
        cells[row, 7] = Cell("=SUM(A1)" if index == 0 else None, "input")
    return TabDesign(
        title=title,
        cells=cells,
        widths={1: 24, 2: 12, 3: 12, 4: 10, 5: 13, 6: 16, 7: 30},
        heights={1: 28},
        frozen=(4, 1),
        tables=(TableDesign(table, Area(4, 1, 10, 7), "Felder", "Bedarf und Deckung je Feld."),),
        validations=(
            Validation(Area(5, 7, 40, 7), Choice.LIST, "Bemerkung", "Wählen Sie ein Wort.", ("offen", "geklärt"), "Ungewohnt."),
            Validation(Area(5, 1, 40, 1), Choice.RANGE, "Feld", "Ein Feld.", (f"'{title}'!$A$5:$A$10",), "Neu?"),
            Validation(Area(5, 5, 40, 5), Choice.DATE, "Ab", "Ein Tag.", error="Kein Tag."),
            Validation(Area(5, 2, 40, 3), Choice.WHOLE, "Zahl", "Eine Zahl.", error="Keine Zahl."),
            Validation(Area(5, 6, 40, 6), Choice.ANY, "Verweis", "Frei."),
        ),
        highlights=(Highlight(Area(5, 2, 10, 3), "B5<3", "bad"),),
        charts=(
            Chart("bar", "Deckung je Feld", "Balken: In Arbeit fehlt am meisten.", Spot(title, 13, 1), 16, 8,
                  Area(5, 1, 10, 1), (Area(5, 2, 10, 2), Area(5, 3, 10, 3)), ("Bedarf", "davon gedeckt"), colours=("C3C9D2", "1F6FB2")),
            Chart("line", "Verlauf", "Linie: Die Deckung steigt.", Spot(title, 32, 1), 16, 7,
                  Area(5, 1, 10, 1), (Area(5, 3, 10, 3),), ("davon gedeckt",)),
        ),
        names={"NETZ_PRUEF": Area(4, 1, 4, 1), "TitleRegion1.A4.G10.9": Area(4, 1, 4, 1)},
        page=Page("Netzwerk & Co", title, "Stand: 15.05.2025", "Seite &P von &N", repeat_rows=(4, 4)),
        colour="1F6FB2",
    )  # fmt: skip
