"""Damage led by what the code covers: atheris keeps every damaged workbook that reached new lines, and damages it further.

    guided.py FOLDER SECONDS SEED…     FOLDER keeps what was found; a case that broke anything lies in FOLDER/broken

A case is a list of parts, not an archive: a changed byte then hits XML, not a checksum. Cases that begin with the mark
of an archive are read as one. What is asked of each is in `mutants.py`.
"""

import importlib
import io
import pkgutil
import sys
import warnings
import zipfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["netzwerk_sheets.backends.excel"]):
    sys.path[:0] = [str(Path(__file__).resolve().parents[2]), str(Path(__file__).parent)]
    from designs import LOOK, design
    from mutants import DOCTYPES, PIECES, VALUES, guarded

    from netzwerk_sheets.backends import excel

    for module in pkgutil.iter_modules(excel.__path__, "netzwerk_sheets.backends.excel."):
        importlib.import_module(module.name)  # also what is loaded only when it is needed

    from netzwerk_sheets.backends.excel.change import changed
    from netzwerk_sheets.backends.excel.reading import read_snapshot
    from netzwerk_sheets.errors import NetzwerkError
    from netzwerk_sheets.grid import AddTab, Cell, Note, SetCell, SetMarker, SetNote, Spot

BETWEEN, AFTER_NAME = b"\n\x1e", b"\x1f"
LARGEST = 60_000
SECONDS_EACH, MEGABYTES = 5, 1500


def unpacked(data):
    """Give a workbook as a list of parts."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return BETWEEN.join(name.encode() + AFTER_NAME + archive.read(name) for name in archive.namelist())


def workbook_of(case):
    """Give the archive a case stands for."""
    if case.startswith(b"PK"):
        return case
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for part in case.split(BETWEEN):
            name, _, content = part.partition(AFTER_NAME)
            archive.writestr(zipfile.ZipInfo(name.decode("latin-1")[:60_000] or "x"), content)
    return packed.getvalue()


def edits_for(snapshot):
    """Write a tab and a mark, and into the first tab a cell and a note."""
    edits = [AddTab(design("Neu", "tblNeu")), SetMarker("x=1")]
    for tab in snapshot.tabs[:1]:
        edits.append(SetCell(Spot(tab.title, 3, 2), Cell("=x", "input"), tab.rows.get(3, {}).get(2)))
        edits.append(SetNote(Spot(tab.title, 3, 2), Note("netzwerk", "Hinweis")))
    return edits


def one(case):
    """Read a case and write into it; a refusal is fine, anything else is not, and what was written must be readable."""
    data = workbook_of(case)
    try:
        snapshot = read_snapshot(data, "")
        content = changed(data, edits_for(snapshot), LOOK, snapshot)
    except NetzwerkError:
        return
    read_snapshot(content, "")


def main():
    """Let atheris lead; it ends the process itself."""
    folder, seconds = Path(sys.argv[1]), int(sys.argv[2])
    corpus, broken = folder / "corpus", folder / "broken"
    for place in (corpus, broken):
        place.mkdir(parents=True, exist_ok=True)
    for number, name in enumerate(sys.argv[3:]):
        data = Path(name).read_bytes()
        for kind, case in (("parts", unpacked(data)), ("archive", data)):
            if len(case) <= LARGEST:
                (corpus / f"{number}-{kind}").write_bytes(case)
    words = folder / "words"
    every = [each for each in (*VALUES, *PIECES, *DOCTYPES) if each and len(each) < 60]
    words.write_text("".join('"' + "".join(f"\\x{byte:02x}" for byte in each) + '"\n' for each in every))
    options = {
        "max_total_time": seconds, "max_len": LARGEST, "timeout": SECONDS_EACH, "rss_limit_mb": MEGABYTES, "dict": words,
        "artifact_prefix": f"{broken}/", "print_final_stats": 1, "seed": 1, "verbosity": 1,
    }  # fmt: skip
    warnings.simplefilter("ignore")  # of two parts with one name
    atheris.Setup([sys.argv[0], *(f"-{key}={value}" for key, value in options.items()), str(corpus)], one)
    guarded(folder)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
