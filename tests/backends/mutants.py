"""Workbooks damaged at random, the same ones every time; run by itself it reads them and tells how each ended.

    mutants.py FOLDER FIRST LAST SEED…     cases FIRST to LAST-1, each made of one of the seed workbooks

Every line is one case as JSON: number, how it ended, seconds, megabytes at most so far. What may never happen ends it
at once: a file opened for writing outside of FOLDER, a connection, another program.
"""

import io
import json
import os
import random
import re
import sys
import time
import traceback
import zipfile
from pathlib import Path

VALUES = [
    b"", b"-1", b"0", b"1", b"4294967296", b"999999999999999999999", b"1e999", b"NaN", b"A0", b"XFE1", b"A1048577", b"A1:XFD1048576", b"B2:A1",
    b"#REF!", b"true", b"..", b"../../../../tmp/evil", b"/etc/passwd", b"file:///etc/passwd", b"http://192.0.2.1/x.xml", b"rId999", b"s", b"inlineStr",
    b"&#55296;", b"x" * 40_000, "ä€😀".encode(), b"\xff\xfe", b"d", b"2025-13-45T99:99:99", b"&amp;", b"__proto__", b"'", "²".encode(), b"9" * 5000, b"=cmd|' /C calc'!A0",
]  # fmt: skip
PIECES = [
    b"<!-- x -->", b"<![CDATA[<row>]]>", b"]]>", b"<?x y?>", b"&x;", b"&#0;", b"\x00", b"<", b">", b"</row>", b"</sheetData>", b"<sheetData>",
    b'<c r="B2" t="s"><v>7</v></c>', b'<c r="B2" t="b"><v>x</v></c>', b'<c t="d"><v>z</v></c>', b'<row r="0">', b'<row r="2"/>', b'<c r="ZZZZ9"/>',
    b'<f t="shared" si="9"/>', b'<f t="array" ref="A1:B9">1</f>', b"<a>" * 3000, b"<si><r><t>a</t></r><rPh/></si>", b'<xf numFmtId="x"/>',
    b'<mergeCell ref="x"/>', b'<tablePart r:id="rId9"/>', b'<Relationship Id="rId1" Type="x" Target="y"/>', b'<Default Extension="" ContentType=""/>',
]  # fmt: skip
DOCTYPES = [
    b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>',
    b'<!DOCTYPE x SYSTEM "http://192.0.2.1/x.dtd">',
    b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>',
]
NAMES = ["../../../../tmp/evil.xml", "/tmp/evil.xml", "C:\\evil.xml", "xl\\workbook.xml", "XL/WORKBOOK.XML", "xl/", "", "a" * 300, "xl/\x01.xml", "[trash]"]  # fmt: skip


# --- damage -----------------------------------------------------------------------------------------------


def an_attribute(chance, data):
    spots = [each.span(1) for each in re.finditer(rb'="([^"]*)"', data)]
    return _replaced(data, chance.choice(spots), chance.choice(VALUES)) if spots else data


def a_text(chance, data):
    spots = [each.span(1) for each in re.finditer(rb">([^<]+)<", data)]
    return _replaced(data, chance.choice(spots), chance.choice(VALUES)) if spots else data


def two_attributes(chance, data):
    spots = [each.span(1) for each in re.finditer(rb'="([^"]*)"', data)]
    if len(spots) < 2:
        return data
    (a, b), (c, d) = sorted(chance.sample(spots, 2))
    return data[:a] + data[c:d] + data[b:c] + data[a:b] + data[d:]


def a_tag(chance, data):
    spots = [each.span() for each in re.finditer(rb"<[^>]*>", data)]
    return _replaced(data, chance.choice(spots), b"") if spots else data


def a_tag_again(chance, data):
    spots = [each.span() for each in re.finditer(rb"<[^>]*>", data)]
    if not spots:
        return data
    a, b = chance.choice(spots)
    return data[:b] + data[a:b] * chance.choice([1, 2, 500]) + data[b:]


def a_name(chance, data):
    spots = [each.span(1) for each in re.finditer(rb"</?([A-Za-z:]+)", data)]
    names = [data[a:b] for a, b in spots]
    return _replaced(data, chance.choice(spots), chance.choice(names)) if spots else data


def a_piece(chance, data):
    spots = [each.end() for each in re.finditer(rb">", data)] or [0]
    at = chance.choice(spots)
    return data[:at] + chance.choice(PIECES) + data[at:]


def an_entity(chance, data):
    head = data.find(b"?>") + 2 if data.startswith(b"<?xml") else 0
    data = a_text(chance, data).replace(b">", b">&e;", 1) if chance.random() < 0.3 else data
    return data[:head] + chance.choice(DOCTYPES) + data[head:].replace(b"</t>", b"&e;&b;</t>")


def another_encoding(chance, data):
    text = data.decode("utf-8", "replace")
    return chance.choice(
        [text.encode("utf-16"), text.encode("latin-1", "replace"), b"\xef\xbb\xbf" * 2 + data, text.encode("utf-16-be")]
    )


def bytes_of(chance, data):
    found = bytearray(data)
    for _ in range(chance.choice([1, 1, 3, 20])):
        if found:
            found[chance.randrange(len(found))] = chance.randrange(256)
    return bytes(found)


def an_end(chance, data):
    return data[: chance.randrange(len(data) + 1)]


def _replaced(data, span, new):
    return data[: span[0]] + new + data[span[1] :]


IN_PARTS = [an_attribute, an_attribute, an_attribute, a_text, a_text, two_attributes, a_tag, a_tag, a_tag_again, a_name, a_piece, a_piece,
            an_entity, another_encoding, bytes_of, an_end]  # fmt: skip


def damaged(seeds, number):
    """Make case `number`: damage one part or more, or how they are packed."""
    chance = random.Random(number)
    data = seeds[number % len(seeds)]
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    where = chance.random()
    for _ in range(chance.choice([1, 1, 1, 2, 4])):
        name = chance.choice([one for one in parts if one.endswith((".xml", ".rels", ".vml"))] or list(parts))
        if where < 0.8:
            parts[name] = chance.choice(IN_PARTS)(chance, parts[name])
        elif where < 0.84 and len(parts) > 1:
            del parts[name]
        elif where < 0.88:
            other = chance.choice(list(parts))
            parts[name], parts[other] = parts[other], parts[name]
        elif where < 0.94:
            parts[chance.choice(NAMES) or "x"] = parts.pop(name) if chance.random() < 0.5 else b"<x/>"
    packed = io.BytesIO()
    with zipfile.ZipFile(
        packed, "w", chance.choice([zipfile.ZIP_DEFLATED, zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED])
    ) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    data = packed.getvalue()
    return _records(chance, data) if where >= 0.94 else data


def _records(chance, data):
    """Damage the records of the archive: their heads, the directory, its end."""
    starts = [each.start() for each in re.finditer(rb"PK(?:\x01\x02|\x03\x04|\x05\x06)", data)]
    found = bytearray(data)
    for _ in range(chance.choice([1, 2, 6])):
        at = chance.choice(starts) + chance.randrange(46)
        if at < len(found):
            found[at] = chance.choice([0, 1, 8, 9, 255, chance.randrange(256)])
    return bytes(found[: chance.randrange(len(found))] if chance.random() < 0.2 else found)


# --- reading ----------------------------------------------------------------------------------------------


def guarded(folder):
    """End at once where something is written elsewhere, asked over a network, or started."""

    def hook(event, arguments):
        if event == "open":
            path, mode, flags = arguments
            writes = (isinstance(mode, str) and set(mode) & set("wax+")) or (flags or 0) & (os.O_WRONLY | os.O_RDWR)
            read = os.fspath(path) if isinstance(path, (str, bytes, os.PathLike)) else ""
            read = read.decode() if isinstance(read, bytes) else read
            if (writes and not read.startswith(str(folder)) and read) or read.startswith("/etc/passwd"):
                os.write(2, f"opened {path!r} {mode!r}".encode())
                os._exit(99)
        elif event in {
            "socket.connect",
            "socket.getaddrinfo",
            "subprocess.Popen",
            "os.system",
            "os.exec",
            "os.posix_spawn",
        }:
            os.write(2, f"{event} {arguments!r}".encode())
            os._exit(99)

    sys.addaudithook(hook)


def ending(path):
    """Read; write a cell, a note and a tab; look for what hinders people. Give the refusal, ``opened``, or where it broke."""
    from designs import LOOK, design

    from netzwerk_sheets.backends.excel import ExcelWorkbook
    from netzwerk_sheets.backends.excel.accessibility import examine
    from netzwerk_sheets.errors import NetzwerkError
    from netzwerk_sheets.grid import AddTab, Cell, Note, SetCell, SetMarker, SetNote, SetSize, Spot

    before = path.read_bytes()
    try:
        workbook = ExcelWorkbook(path)
        snapshot = workbook.read()
        edits = [
            AddTab(design("Neu", "tblNeu")),
            SetMarker("x=1"),
            SetSize(10, 12, tuple(tab.title for tab in snapshot.tabs)),
        ]
        for tab in snapshot.tabs[:1]:
            edits.append(SetCell(Spot(tab.title, 3, 2), Cell("=x" * 9, "input"), tab.rows.get(3, {}).get(2)))
            edits.append(SetCell(Spot(tab.title, 4, 2), Cell(7, "number"), tab.rows.get(4, {}).get(2)))
            edits.append(SetNote(Spot(tab.title, 3, 2), Note("netzwerk", "Hinweis")))
        examine(path)
        workbook.apply(edits, expected=snapshot.revision, look=LOOK)
    except NetzwerkError as error:
        return error.reason if path.read_bytes() == before else "broken: refused, and yet the file is another one"
    except BaseException:  # noqa: BLE001 - whatever reaches a person is a mistake
        return "broken: " + traceback.format_exc()
    try:
        ExcelWorkbook(path).read()
        examine(path)
    except NetzwerkError as error:
        return f"broken: what was written is refused: {error.reason} {error.facts}"
    except BaseException:  # noqa: BLE001
        return "broken: " + traceback.format_exc()
    return "opened"


def main():
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (3_000_000_000, 3_000_000_000))
    folder, first, last = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    seeds = [Path(name).read_bytes() for name in sys.argv[4:]]
    path = folder / "mutant.xlsx"
    path.write_bytes(seeds[0])
    ending(path)  # everything is loaded before anything counts
    guarded(folder)
    for number in range(first, last):
        path.write_bytes(damaged(seeds, number))
        start = time.process_time()
        answer = ending(path)
        seconds = time.process_time() - start
        peak = int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]) // 1024
        print(json.dumps([number, answer, round(seconds, 3), peak]), flush=True)


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    main()
