"""What begins like a formula is text where it was typed as text, wherever it goes; and stays as it was typed.

`tests/office/` lets LibreOffice calculate and save it, `tests/google/test_command_line.py` sends it to a document.
"""

import csv
import io
import json

import pytest
from injection import TOKEN, carried, formulas, typed_everywhere
from person import DAY, netz
from test_every_column import everything, typist  # noqa: F401 - fixtures
from test_export import everything as all_files
from test_export import folder
from test_people_edit import settled

from netzwerk_sheets.output.tables import DANGEROUS


@pytest.mark.parametrize("below", [False, True])
@pytest.mark.parametrize("how", ["inline", "shared"])
def test_it_stays_text_on_every_tab_as_it_was_typed(typist, how, below, counted):  # noqa: F811
    netz("sync", typist.path, "--today", DAY)
    typed = typed_everywhere(typist, how, below=below)
    before = carried(typist.path)[0]
    done = netz("sync", typist.path, "--today", DAY)
    assert done.code in {0, 3, 7}, done.err
    counts, wrong = carried(typist.path)
    assert not wrong
    assert not [text for text in formulas(typist.path).values() if TOKEN.search(text)]
    lost = {text: place for text, place in typed.items() if counts.get(text, 0) < 1}
    assert not lost
    assert sum(counts.values()) > sum(before.values()), "it went to other tabs, too"
    settled(typist)
    counted(texts_typed_that_begin_like_formulas=len(typed))


@pytest.mark.parametrize("kind", ["csv", "datapackage", "hsds", "ics", "eml", "docx"])
def test_what_leaves_holds_it_as_text(typist, kind):  # noqa: F811
    """Tables put an apostrophe before it, as people do who type it; everything else says it as it was typed."""
    typed = typed_everywhere(typist, "inline")
    name = "=1+7000999"
    typist.retype("Partner", "P-005", {"Kurzname": name, "Organisation": name})
    netz("sync", typist.path, "--today", DAY)
    done = netz("export", typist.path, kind, "--today", DAY)
    assert done.code == 0, done.err
    files = all_files(folder(typist, kind) if folder(typist, kind).exists() else typist.path.with_suffix(f".{kind}"))
    found = []
    for file, text in files.items():
        if file.endswith(".csv"):
            mark = ";" if kind == "csv" else ","
            cells = [cell for row in csv.reader(io.StringIO(text, newline=""), delimiter=mark) for cell in row]
            assert not [each for each in cells if each[:1] != "'" and DANGEROUS.match(each) and TOKEN.search(each)], (
                file
            )
            found += [each.removeprefix("'") for each in cells]
        else:
            found.append(text)
    said = "\n".join(found)
    assert any(text in said for text in {*typed, name} if text.strip() == text), "some of it leaves as it was typed"


def test_the_report_shows_it_as_text(typist):  # noqa: F811
    typed = typed_everywhere(typist, "inline")
    netz("sync", typist.path, "--today", DAY)
    page = typist.path.with_name("bericht.html")
    assert netz("report", typist.path, "--html", page, "--today", DAY).code == 0
    from html.parser import HTMLParser

    class Reader(HTMLParser):
        """Collects what is shown, and what a link or a script would do."""

        shown, acts = "", ""

        def handle_data(self, data):
            self.shown += data

        def handle_starttag(self, tag, attributes):
            self.acts += " ".join(str(value) for name, value in attributes if name in {"href", "src", "onclick"})

    reader = Reader()
    reader.feed(page.read_text("utf-8"))
    assert any(text in reader.shown for text in typed if text.strip() == text)
    assert not TOKEN.search(reader.acts)


def test_json_says_it_as_it_was_typed(typist):  # noqa: F811
    typed = typed_everywhere(typist, "inline")
    netz("sync", typist.path, "--today", DAY)
    found = set(TOKEN.findall(json.dumps(json.loads(netz("gaps", typist.path, "--json").out))))
    assert found <= {TOKEN.search(text)[0] for text in typed}
