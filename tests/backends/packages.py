"""Small workbooks made by hand, part by part, and a look into any workbook that does not use the product."""

import io
import zipfile
from collections import Counter
from pathlib import Path
from xml.parsers import expat

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT_RELATIONS = "http://purl.oclc.org/ooxml/officeDocument/relationships"
_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"
OUTSIDE = ' TargetMode="External"'


def workbooks(folder="workbooks"):
    """Paths of the real workbooks; empty where they are not here."""
    return sorted((SHARED / folder).glob("*.xls*"))


def relationships(*items):
    """Spell a relationships part of (id, kind, target[, external])."""
    lines = "".join(
        f'<Relationship Id="{i}" Type="{k if "://" in k else RELATIONS + "/" + k}" Target="{t}"{OUTSIDE if x else ""}/>'
        for i, k, t, *x in items
    )
    return (
        f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{lines}</Relationships>'
    )


def parts(sheet="<sheetData/>", *, styles="", strings="", workbook="", tables=(), extra=None, types=""):
    """The parts of a workbook with one sheet; every piece may be given."""
    found = {
        "[Content_Types].xml": '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPES}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPES}.worksheet+xml"/>{types}</Types>',
        "_rels/.rels": relationships(("rId1", "officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": workbook
        or f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets><sheet name="Blatt" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/worksheets/sheet1.xml": sheet
        if sheet.lstrip("\ufeff").startswith(("<?xml", "<worksheet", "<x:", "<!"))
        else f'<worksheet xmlns="{MAIN}" xmlns:r="{RELATIONS}">{sheet}</worksheet>',
    }
    relations = [("rId1", "worksheet", "worksheets/sheet1.xml")]
    if styles:
        relations.append(("rId2", "styles", "styles.xml"))
        found["xl/styles.xml"] = (
            styles
            if styles.startswith("<") and "styleSheet" in styles
            else f'<styleSheet xmlns="{MAIN}">{styles}</styleSheet>'
        )
    if strings:
        relations.append(("rId3", "sharedStrings", "sharedStrings.xml"))
        found["xl/sharedStrings.xml"] = strings if "sst" in strings else f'<sst xmlns="{MAIN}">{strings}</sst>'
    for number, table in enumerate(tables, 1):
        found[f"xl/tables/table{number}.xml"] = table
    if tables:
        found["xl/worksheets/_rels/sheet1.xml.rels"] = relationships(
            *((f"rId{number}", "table", f"../tables/table{number}.xml") for number in range(1, len(tables) + 1))
        )
    found["xl/_rels/workbook.xml.rels"] = relationships(*relations)
    found.update(extra or {})
    return found


def packed(found, **options):
    """Zip parts; text is written as UTF-8."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, **options) as archive:
        for name, content in found.items():
            archive.writestr(name, content.encode() if isinstance(content, str) else content)
    return buffer.getvalue()


def book(folder, sheet="<sheetData/>", **pieces):
    """Write a one-sheet workbook and give its path."""
    path = Path(folder) / "buch.xlsx"
    path.write_bytes(packed(parts(sheet, **pieces)))
    return path


def contents(path):
    """All parts of a workbook, by name."""
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def elements(data):
    """Every element of a part as (name, attributes, own text), counted."""
    found = Counter()
    pile = []
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        data = data.decode("utf-16").encode()
        data = data[data.index(b"?>") + 2 :]
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = lambda tag, attributes: pile.append([tag, attributes, ""])

    def text(piece):
        if pile:
            pile[-1][2] += piece

    def finish(_tag):
        tag, attributes, own = pile.pop()
        found[tag.rpartition(":")[2], tuple(sorted(attributes.items())), own] += 1

    parser.CharacterDataHandler = text
    parser.EndElementHandler = finish
    parser.Parse(data, True)
    return found
