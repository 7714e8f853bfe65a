"""A person who left traces everywhere, and a search of raw bytes for them."""

import contextlib
import html
import os
import re
import sqlite3
import zipfile
from pathlib import Path

from openpyxl.comments import Comment
from person import netz

ROW = "K-004"
NAME = "Ottilie Kanarienvogel"
EMAIL = "o.kanari@zwitscher.example"
PHONE = "0951 7654321"
ACCESS = "Dolmetschung in Kanarisch"
ROLE = "Obervogelwartin"
EARLIER = "ottilie.frueher@zwitscher.example"
SECRETS = (NAME, "Kanarienvogel, Ottilie", EMAIL, PHONE, ACCESS, ROLE, EARLIER, "+49 951 7654321")
"""Everything by which the person could be known; the two other spellings stand in free texts only."""

KEPT = "Frau Specht ruft am Montag an"
"""Somebody else's words, in the same cell as the person's name: they must stay."""


def contact(person, **cells):
    for header, value in cells.items():
        person.type("Ansprechpersonen", ROW, header.replace("_", " "), value)


def leave_traces(person):
    """Let the person stand in every place that the tool knows of, over several syncs, so that history and copies grow."""
    contact(person, **{"Name": NAME, "E-Mail": EARLIER, "Telefon": PHONE, "Funktion": ROLE})
    contact(person, **{"Barrierefreiheit nötig": ACCESS})
    assert netz("sync", person.path).code in {0, 3}
    contact(person, **{"E-Mail": EMAIL})
    person.type("Bedarfe", "B-002", "Problem", f"{NAME} hat angerufen. {KEPT}.")
    person.type("Partner", "P-013", "Bemerkung", f"Kanarienvogel, Ottilie: {EMAIL}, +49 951 7654321")
    person.type("Aufgaben", "P-016.T-A03", "Zuständig", NAME)
    person.type("OB P-016 Wohnbau", "P-016.T-A01", "Bemerkung", f"mit {NAME} besprochen")
    person.add_column("Partner", "Wer kennt wen", {"P-001": f"kennt {NAME}"})
    with person.book() as book:
        book["Partner"]["B4"].comment = Comment(f"{NAME} fragen; {KEPT}", NAME)
        sheet = book["Ansprechpersonen"]
        at = person._find(sheet, ROW)
        sheet.cell(at, 4).comment = Comment("ruft nie zurück", "Kollegin")
        mine = book.create_sheet("Meine Notizen")
        mine["A1"] = f"{NAME} und {KEPT}"
        mine["A2"] = f'=IF(A1="{NAME}","{EMAIL}","nein")'
        mine["A3"] = 9517654321
        mine["A4"] = f"=Ansprechpersonen!D{at}"
        mine["A5"] = "Schreiben"
        mine["A5"].hyperlink = f"mailto:{EMAIL}"
        book.properties.lastModifiedBy = NAME
        book.properties.creator = NAME
    share_strings(person.path)
    assert netz("sync", person.path).code in {0, 3}
    person.type("Bedarfe", "B-003", "Problem", f"auch {NAME} sagt das")
    assert netz("sync", person.path).code in {0, 3}


def share_strings(path):
    """Move the person's words in cells to the shared strings, as Excel does at every save."""
    with zipfile.ZipFile(path) as archive:
        parts = {
            name: archive.read(name).decode() if name.endswith((".xml", ".rels")) else archive.read(name)
            for name in archive.namelist()
        }
    strings = []

    def share(found):
        strings.append(found[2])
        return f'{found[1]} t="s"><v>{len(strings) - 1}</v></c>'

    for name in [name for name in parts if name.startswith("xl/worksheets/sheet")]:
        parts[name] = re.sub(
            rf'(<c [^>]*?) t="inlineStr"><is><t[^>]*>((?:{ROLE}|{ACCESS}|{NAME}))</t></is></c>', share, parts[name]
        )
    assert len(strings) > 3
    items = "".join(f"<si><t>{text}</t></si>" for text in strings)
    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    parts["xl/sharedStrings.xml"] = f'<sst {main} count="{len(strings)}" uniqueCount="{len(strings)}">{items}</sst>'
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    add(parts, "[Content_Types].xml", f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}"/>')
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
    add(parts, "xl/_rels/workbook.xml.rels", f'<Relationship Id="rIdS" Type="{kind}" Target="sharedStrings.xml"/>')
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


def add(parts, name, element):
    head, end, tail = parts[name].rpartition("</")
    parts[name] = head + element + end + tail


def spellings(text):
    """A text as bytes, in every way a file of ours could spell it."""
    escaped = html.escape(text, quote=False)
    numeric = "".join(f"&#{ord(mark)};" if ord(mark) > 127 else mark for mark in text)
    json_text = text.encode("ascii", "backslashreplace").decode()
    for way in {text, escaped, numeric, json_text, text.casefold(), text.upper()}:
        yield way.encode()
        yield way.encode("utf-16-le")
        yield way.encode("utf-16-be")


def pieces(path):
    """Give (what, bytes) of a file: as it lies, and for an archive every part inflated, with and without its tags."""
    data = path.read_bytes()
    yield path.name, data
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                content = archive.read(name)
                yield f"{path.name}:{name}", content
                yield (
                    f"{path.name}:{name} (text)",
                    html.unescape(re.sub(rb"<[^>]*>", b"", content).decode("utf-8", "replace")).encode(),
                )


def grep(folder, secrets=SECRETS, *, first=False):
    """Search every file below a folder for a person; gives (file or part, what was found), and how many bytes were read."""
    found, searched = [], 0
    ways = [(secret, way) for secret in secrets for way in spellings(secret)]
    for path in sorted(Path(folder).rglob("*")):
        for what, data in pieces(path) if path.is_file() else ():
            searched += len(data)
            found += sorted({(what, secret) for secret, way in ways if way in data})
            if first and found:
                return found, searched
    return found, searched


@contextlib.contextmanager
def read_by_others(state):
    """Another program has the state open and once deleted without overwriting: pages and log hold what nobody sees."""
    with contextlib.closing(sqlite3.connect(next(Path(state).rglob("*.sqlite")))) as db:
        db.execute("PRAGMA secure_delete = OFF")
        db.executemany("INSERT INTO meta VALUES (?, ?)", [(f"old {n}", f"{NAME} {n} " * 200) for n in range(20)])
        db.commit()
        db.execute("DELETE FROM meta WHERE key LIKE 'old %'")
        db.commit()
        yield


def sound(state):
    """Every database below a state folder is whole."""
    for path in Path(state).rglob("*.sqlite"):
        with sqlite3.connect(path) as db:
            assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def here():
    return Path(os.environ["NETZWERK_STATE"]).parent
