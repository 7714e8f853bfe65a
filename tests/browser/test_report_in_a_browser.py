"""The report in a real browser: axe-core finds nothing, nothing is fetched, nothing runs over the edge."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from pages import Page
from person import netz

HERE = Path(__file__).parent
PICTURES = HERE.parents[1] / "out"
HOSTILE = "<script>window.hacked=1</script><img src=x onerror='window.hacked=1'>"


@pytest.fixture(scope="module")
def look():
    """Open a file in a browser and give what it told."""
    chromium = next(
        (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), ""
    )
    lacking = [name for name, there in (("chromium", chromium), ("node", shutil.which("node"))) if not there]
    lacking += [name for name in ("axe-core", "playwright-core") if not (HERE / "node_modules" / name).is_dir()]
    if lacking:
        reason = f"not installed: {', '.join(lacking)} (.ci/run shows how)"
        if "chromium" in os.environ.get("NETZWERK_TESTS_REQUIRE", ""):
            pytest.fail(reason)
        pytest.skip(reason)

    PICTURES.mkdir(parents=True, exist_ok=True)

    def opened(path, width, scheme):
        done = subprocess.run(
            ["node", HERE / "look.mjs", path, str(width), scheme, PICTURES / f"{path.stem}-{width}-{scheme}.png"],
            capture_output=True, text=True, timeout=120, check=False, env={**os.environ, "NETZWERK_CHROMIUM": chromium},
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return opened


def stops(page):
    """Give the names of what a keyboard reaches, in the order of the page; a group of choices is one stop."""
    headings = [text for level, text in page.headings if level == 2][1:]
    captions = iter(table["caption"] for table in page.tables)
    names = ["Zum Inhalt springen", *headings]
    for tag, attributes in page.tags:
        if tag == "input" and "checked" in attributes:
            names.append("Alle")
        elif attributes.get("tabindex") == "0":
            names.append(
                "Bild: welcher Partner wo mitwirkt" if attributes["aria-labelledby"] == "map-map" else next(captions)
            )
    return names


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (320, "dark")])
def test_a_browser_finds_nothing_to_complain_about(stadt, look, width, scheme):
    netz("sync", stadt.path)
    stadt.type("Partner", "P-007", "Status", "ruhend")
    stadt.type("Partner", "P-008", "Kurzname", HOSTILE)
    netz("sync", stadt.path, "--today", "2025-05-16")
    target = stadt.path.with_name("bericht.html")
    assert netz("report", stadt.path, "--html", target, "--with-contacts", "--today", "2025-05-16").code == 0
    found = look(target, width, scheme)
    assert found["violations"] == []
    assert found["requests"] == []
    assert found["messages"] == []
    assert found["overflow"] == 0
    assert found["alerts"] is False
    (PICTURES / f"bericht-{width}-focus.txt").write_text(
        "\n".join(f"{stop['kind']} {stop['name']}" for stop in found["focus"]), "utf-8"
    )
    page = Page(target.read_text("utf-8"))
    assert [stop["name"] for stop in found["focus"]] == stops(page)
    assert all(stop["shown"] for stop in found["focus"])
    assert set(found["left"]) == {"Arbeit"}
    assert found["ground"] == {"light": "rgb(255, 255, 255)", "dark": "rgb(18, 23, 30)"}[scheme]


def test_the_judge_judges(stadt, look):
    """A page that lacks what ours has does not pass."""
    target = stadt.path.with_name("schlecht.html")
    assert netz("report", stadt.path, "--html", target).code == 0
    text = target.read_text("utf-8").replace('<html lang="de">', "<html>").replace("--hint: #4a5565", "--hint: #cccccc")
    target.write_text(text.replace("<h1>", "<h1><img src='http://127.0.0.1:9/x.png'>"), encoding="utf-8")
    found = look(target, 1280, "light")
    assert {"html-has-lang", "color-contrast", "image-alt"} <= {name for name, _ in found["violations"]}
