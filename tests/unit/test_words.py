"""Both languages say the same, plainly, and nothing the program wants to say is missing."""

import ast
import csv
import os
import re
import tomllib
from pathlib import Path

import pytest

from netzwerk_sheets import errors
from netzwerk_sheets.analysis import checks
from netzwerk_sheets.cli.commands import COMMANDS
from netzwerk_sheets.merge.outcome import BrakeKind
from netzwerk_sheets.place import portable
from netzwerk_sheets.sheets import looks, schema
from netzwerk_sheets.sheets.language import Words, placeholders
from netzwerk_sheets.sheets.render import frame, inputs
from netzwerk_sheets.sync.first_tab import TRIGGER_TABS
from netzwerk_sheets.sync.tasks import ROLES

LANGUAGES = ("de", "en")
SOURCE = Path(errors.__file__).parent
MESSAGES = schema.TEMPLATES / "messages"
FILES = ("workbook", "help", "error", "check", "remedy", "report", "export", "person", "record", "fleet")
MOST_WORDS = 20
LISTS = {"help.exit_list"}
"""Texts that are lists with · between the entries, not sentences."""


def messages(language):
    found = {}
    for name in FILES:
        for section, texts in tomllib.loads((MESSAGES / f"{name}.{language}.toml").read_text("utf-8")).items():
            for key, text in texts.items():
                assert f"{section}.{key}" not in found
                found[f"{section}.{key}"] = text
    return found


ALL = {language: messages(language) for language in LANGUAGES}


def variants(text):
    return list(text.values()) if isinstance(text, dict) else [text]


def every_text():
    return [(lang, key, part) for lang in LANGUAGES for key, text in ALL[lang].items() for part in variants(text)]


def explanations():
    """Texts of schema and settings that people read in the workbook."""
    for lang in LANGUAGES:
        for table in schema.tables().values():
            for column in table.columns:
                if column.hints:
                    yield lang, f"{table.code}.{column.code}", column.hints[lang]
        for setting in schema.settings().values():
            yield lang, setting.code, setting.explanations[lang]


def sentences(text):
    """Part a text where a sentence ends: at a full stop, question mark or colon before a blank, or at a line's end."""
    return [part for part in re.split(r"(?<=[.?:])[”“\"')]*(?:\s|$)|\n+", text) if part.strip()]


def words_of(sentence):
    return [word for word in sentence.split() if re.search(r"\w", word)]


def too_long(text):
    return [part for part in sentences(text) if len(words_of(part)) > MOST_WORDS]


FORBIDDEN = re.compile(r"\bNaN\b|\bNone\b|\bexceptions?\b|\bparameters?\b|!", re.IGNORECASE)
SMALL_NONE = re.compile(r"\bnone\b")


def forbidden(text):
    return [found for found in FORBIDDEN.findall(text) if not SMALL_NONE.fullmatch(found)]


# --- both languages ---------------------------------------------------------------------------------------


def test_every_message_stands_in_both_languages():
    assert ALL["de"].keys() == ALL["en"].keys()


def test_the_messages_stand_in_the_same_order():
    assert list(ALL["de"]) == list(ALL["en"])


@pytest.mark.parametrize("key", ALL["de"])
def test_both_languages_use_the_same_values(key):
    german, english = ALL["de"][key], ALL["en"][key]
    assert placeholders(german) == placeholders(english)
    assert isinstance(german, dict) == isinstance(english, dict)
    if isinstance(german, dict):
        assert german.keys() == english.keys() == {"one", "other"}


def test_no_dollar_is_left_without_a_name():
    for _, key, text in every_text():
        assert text.count("$") == len(re.findall(r"\$\{?[a-z_]+", text)), key


def test_no_message_is_empty():
    assert [key for _, key, text in every_text() if not text.strip()] == []


# --- plain language ---------------------------------------------------------------------------------------


def test_sentences_are_short():
    found = [(lang, key, too_long(text)) for lang, key, text in [*every_text(), *explanations()] if key not in LISTS]
    assert [entry for entry in found if entry[2]] == []


def test_the_measure_of_sentences_measures():
    assert too_long(" ".join(["word"] * 21)) != []
    assert too_long(" ".join(["word"] * 20) + ". One more.") == []
    assert too_long("On 15.05.2026 file.xlsx " + "word " * 20) != []
    assert len(sentences("A b. C d? E: f")) == 4


def test_no_words_of_programmers_and_no_shouting():
    found = [(lang, key, forbidden(text)) for lang, key, text in [*every_text(), *explanations()]]
    assert [entry for entry in found if entry[2]] == []


def test_quotation_marks_are_those_of_the_language():
    for lang, key, text in every_text():
        if lang == "de":
            assert text.count("„") == text.count("“"), key
            assert "”" not in text, key
        else:
            assert text.count("“") == text.count("”"), key
            assert "„" not in text, key
        if not key.startswith("light.format_"):
            assert '"' not in text, key


def test_only_the_four_symbols_are_used():
    odd = {mark for _, _, text in every_text() for mark in text if ord(mark) > 0x2190}
    assert odd <= set("▲■●")


@pytest.mark.parametrize(("language", "pattern"), [("de", r"Blatt „([^$“]+)“"), ("en", r"[Tt]ab “([^$”]+)”")])
def test_named_tabs_exist(language, pattern):
    tabs = {words[language] for words in schema.tab_words().values()}
    texts = [(key, text) for lang, key, text in [*every_text(), *explanations()] if lang == language]
    named = {(key, tab) for key, text in texts for tab in re.findall(pattern, text)}
    assert len(named) > 8
    assert {(key, tab) for key, tab in named if tab not in tabs} == set()


def test_symbols_are_the_same_in_both_languages():
    for key, german in ALL["de"].items():
        for one, other in zip(variants(german), variants(ALL["en"][key]), strict=True):
            assert [m for m in one if m in "▲■●"] == [m for m in other if m in "▲■●"], key


def test_command_lines_are_the_same_in_both_languages():
    command = re.compile(r"netzwerk (?:sync|init|doctor|backups)\b(?: \$\w+)?(?: --confirm \$token)?")
    for key, german in ALL["de"].items():
        for one, other in zip(variants(german), variants(ALL["en"][key]), strict=True):
            assert command.findall(one) == command.findall(other), key


@pytest.mark.parametrize(
    ("name", "copied"),
    [
        ("stadt.xlsx", "stadt.xlsx"),
        ("netze/Größe-2_a.xlsx", "netze/Größe-2_a.xlsx"),
        ("google:1AbC-d_9", "google:1AbC-d_9"),
        ("mein Netz & mehr.xlsx", '"mein Netz & mehr.xlsx"'),
        pytest.param(
            "für $5.xlsx", "'für $5.xlsx'", marks=pytest.mark.skipif(os.name == "nt", reason="has no such quotes")
        ),
        ("-alt.xlsx", "./-alt.xlsx"),
        ("Ost,West.xlsx", '"Ost,West.xlsx"'),
        ("@stadt.xlsx", '"@stadt.xlsx"'),
    ],
)
def test_a_command_names_files_so_that_it_can_be_copied(name, copied):
    words = Words("de")
    assert words.say("init.next", file=name) == f"Als Nächstes: netzwerk sync {copied}"
    assert words.say("saved.kept", file=name, workbook=name) == (
        f"Der Plan steht in {name}. Genau so schreibt ihn: netzwerk sync {copied} --plan {copied}"
    )


@pytest.mark.parametrize("system", ["nt", "posix"])
@pytest.mark.parametrize(
    ("name", "copied"),
    [
        ("stadt.xlsx", "stadt.xlsx"),
        ("Mein Netz & mehr's 50%.xlsx", '"Mein Netz & mehr\'s 50%.xlsx"'),
        ("für $5.xlsx", '"für ?5.xlsx"'),
        ("$HOME.xlsx", '"?HOME.xlsx"'),
        ("`date` „Mitte“ los!.xlsx", '"?date? ?Mitte? los?.xlsx"'),
        ('"neu" \\ alt\n.xlsx', '"?neu? ? alt?.xlsx"'),
        ("-alt.xlsx", "./-alt.xlsx"),
    ],
)
def test_a_command_on_a_tab_reads_the_same_whatever_system_wrote_it(name, copied, system, monkeypatch):
    monkeypatch.setattr(os, "name", system)
    said = Words("de").say("trigger.by_review", workbook=portable(name), of="AG-01")
    assert said == f"Gemeinsam prüfen mit: netzwerk review {copied} AG-01"


# --- nothing is missing -----------------------------------------------------------------------------------


def modules():
    return [(path, ast.parse(path.read_text("utf-8"))) for path in sorted(SOURCE.rglob("*.py"))]


MODULES = modules()


def calls(*names):
    for path, tree in MODULES:
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                if name in names:
                    yield path, node


def literals(node):
    """Give the strings an argument can be, where that is written down."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    if isinstance(node, ast.IfExp):
        return literals(node.body) + literals(node.orelse)
    return []


def asked():
    """Give (place, key, names of the values) of every sentence that code asks for by its full name."""
    for path, call in calls("say", "agreed"):
        names = {keyword.arg for keyword in call.keywords}
        for key in literals(call.args[0]) if call.args else []:
            yield f"{path.name}:{call.lineno}", key, names


def test_what_code_asks_for_exists():
    found = list(asked())
    assert len(found) > 100
    assert [(place, key) for place, key, _ in found if key not in ALL["de"]] == []


def test_what_plain_text_search_finds_exists():
    text = "\n".join(path.read_text("utf-8") for path in SOURCE.rglob("*.py"))
    keys = set(re.findall(r"""say\(\s*["']([a-z_]+\.[A-Za-z0-9_.-]+)["']""", text))
    assert keys - ALL["de"].keys() == set()


def test_code_gives_the_values_a_sentence_needs():
    lacking = [
        (place, key, placeholders(ALL["de"][key]) - names)
        for place, key, names in asked()
        if None not in names and placeholders(ALL["de"][key]) - names
    ]
    assert lacking == []


def test_keys_that_are_put_together_lead_somewhere():
    for path, call in calls("say"):
        if call.args and isinstance(call.args[0], ast.JoinedStr):
            parts = call.args[0].values
            pattern = "".join(
                re.escape(part.value) if isinstance(part, ast.Constant) else r"[A-Za-z0-9_.-]+" for part in parts
            )
            assert any(re.fullmatch(pattern, key) for key in ALL["de"]), f"{path.name}:{call.lineno}"


def string_arguments(path, name, position):
    return {
        text
        for found, call in calls(name)
        if found.name == path and len(call.args) > position
        for text in literals(call.args[position])
    }


def wanted_keys():
    """Give every key of the families that code puts together from codes."""
    yield from (f"help.{name}" for name in COMMANDS)
    yield from (f"list.{name}" for name in inputs._listed())
    yield from (f"kind.{kind}" for kind in schema.tab_kinds().values())
    yield from (f"what.{code}" for code in schema.tab_words())
    yield from (f"style.{role}" for role in looks.look(Words("de")))
    yield from (f"roles.{role}" for role in ROLES)
    yield from (f"brake.{kind.value}".replace("-", "_") for kind in BrakeKind)
    yield from (f"level.{level}" for level in ("error", "warning", "hint", "closed"))
    yield from (f"light.{light}" for light in ("red", "yellow", "green", "none"))
    yield from (f"light.format_{light}" for light in ("red", "yellow", "green"))
    yield from (f"shell.light_{light}" for light in ("red", "yellow", "green", "none"))
    yield from (f"shell.{by}" for by in ("need", "domain", "group"))
    for code in {*TRIGGER_TABS, *string_arguments("triggers.py", "Trigger", 0)}:
        yield from (f"trigger.{code}", f"trigger.{code}_topic", f"trigger.{code}_step")
    for topic in string_arguments("first_tab.py", "_line", 1):
        yield from (f"start.{topic}_meaning", f"start.{topic}_none", f"start.{topic}_step")
    for reason in ("no_domain", "no_group", "nobody", "elsewhere", "some_groups", "asked", "onboarding", "partly"):
        yield f"reason.{reason}"
    for code in ("onboarding", "offboarding"):
        yield from (f"{code}.{key}" for key in ("title", "fills", "fills_nothing"))
    for path, call in calls("option", "Argument"):
        if path.name == "frame.py" and (key := [k.value.value for k in call.keywords if k.arg == "key"]):
            yield f"help.{key[0]}"
        if getattr(call.func, "attr", "") == "Argument":
            yield f"help.argument_{call.args[0].elts[0].value}"


def test_families_of_keys_are_complete():
    wanted = set(wanted_keys())
    assert {"trigger.reach_low_step", "help.dry_run", "help.argument_state", "start.gaps_none"} <= wanted
    assert wanted - ALL["de"].keys() == set()


def reasons_of_cells():
    """Give the codes of why a cell is written, as `sheets` passes them on."""
    found = {"computed"}.union(*(string_arguments(name, "write", 3) for name in ("computed.py", "filled.py")))
    for path, tree in MODULES:
        if path.name == "canvas.py":
            found |= set(re.findall(r'(?:why or |why: str = )"(\w+)"', path.read_text("utf-8")))
            assert tree
    return found


def test_every_reason_to_write_a_cell_has_a_word():
    found = reasons_of_cells()
    assert {"id", "merge", "look", "refresh", "gone", "new"} <= found
    assert {f"why.{code}" for code in found} - ALL["de"].keys() == set()


def test_every_rule_of_accessibility_says_what_helps():
    texts = [path.read_text("utf-8") for path in (SOURCE / "backends" / "excel").glob("*.py")]
    rules = {rule for text in texts for rule in re.findall(r'"(X\d\d)"', text)}
    assert {f"a11y.{rule}" for rule in rules} - ALL["de"].keys() == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_input_message_can_be_made_and_fits(language):
    words = Words(language)
    for table in schema.tables().values():
        for column in table.columns:
            text = frame._prompt(words, column)
            assert "$" not in text
            if not column.kind.startswith("choices"):
                assert len(text) <= frame.PROMPT_LIMIT, (table.code, column.code)
    assert len(words.say("prompt.warning")) <= frame.ERROR_LIMIT


@pytest.mark.parametrize("language", LANGUAGES)
def test_names_of_styles_are_different(language):
    names = [style.name for style in looks.look(Words(language)).values()]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_for_roles_are_those_of_the_catalogue(language):
    with (schema.TEMPLATES / "catalogue" / "tasks.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    words = Words(language)
    for row in rows:
        wanted = " + ".join(words.say(f"roles.{code}") for code in row["role"].split(" + "))
        assert row[f"role_{language}"] == wanted, row["id"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_of_a_formula_hold_no_quotation_mark(language):
    for key, text in ALL[language].items():
        if key.startswith("tasks."):
            assert all('"' not in part for part in variants(text))


# --- findings ---------------------------------------------------------------------------------------------

ALWAYS = {"column", "cell", "row", "tab", "workbook"}
OF_READING = {
    ("P-10", "erased"): {"id", "date"},
    ("P-10", "unfinished"): set(),
    ("P-01", "word"): {"value"},
    ("P-01", "word-near"): {"value", "nearest"},
    ("P-01", "setting-unknown"): {"key"},
    ("P-01", "setting-unreadable"): {"key"},
    ("P-03", "reference"): {"value"},
    ("P-03", "reference-near"): {"value", "nearest"},
    ("P-18", "email"): set(),
    ("P-18", "phone"): set(),
    ("P-20", "error-value"): set(),
    ("P-20", "date-as-text"): set(),
    ("P-20", "date-unreadable"): set(),
    ("P-20", "count-as-text"): set(),
    ("P-20", "count-unreadable"): set(),
    ("P-20", "count-negative"): set(),
    ("P-20", "number-as-text"): set(),
    ("P-20", "number-unreadable"): set(),
    ("P-20", "header-missing"): {"header"},
    ("P-20", "header-renamed"): {"header", "column"},
    ("P-20", "header-doubled"): {"header"},
    ("P-20", "tab-missing"): {"header"},
}
"""What reading cells and locating tables report, with the facts of each."""


def of_the_network():
    """Read the table of rules: (rule, case) → facts."""
    lines = (checks.__doc__ or "").splitlines()
    borders = [number for number, line in enumerate(lines) if line.startswith("====")]
    starts = [match.start() for match in re.finditer("=+", lines[borders[0]])]
    found = {}
    for line in lines[borders[1] + 1 : borders[2]]:
        cells = [line[a:b].strip() for a, b in zip(starts, [*starts[1:], None], strict=True)]
        if cells[0]:
            key = cells[0], "" if cells[1] == "(empty)" else cells[1]
            found[key] = found.get(key, "")
            found[key] += " , " + cells[4]
        else:
            found[key] += " " + cells[4]
    plain = {key: re.sub(r"\([^)]*\)", "", text) for key, text in found.items()}
    return {key: set(re.findall(r"[a-z_]+", text)) for key, text in plain.items()}


CASES = {**of_the_network(), **OF_READING}


def test_the_table_of_rules_is_read_as_meant():
    assert CASES["P-02", "organisation"] == {"name", "other", "other_name", "similarity"}
    assert CASES["P-02", "pair"] == {"first", "second", "other"}
    assert CASES["P-07", ""] == {"days"}
    assert CASES["P-04", "represents_all"] == {"name"}
    assert len(of_the_network()) > 40


@pytest.mark.parametrize(("rule", "case"), CASES)
@pytest.mark.parametrize("section", ["check", "remedy"])
def test_every_finding_has_a_sentence_and_a_remedy(rule, case, section):
    key = f"{rule.replace('-', '')}_{case}".rstrip("_").replace("-", "_").lower()
    for language in LANGUAGES:
        text = ALL[language][f"{section}.{key}"]
        assert placeholders(text) <= CASES[rule, case] | ALWAYS
        assert Words(language).say(f"{section}.{key}", **dict.fromkeys(CASES[rule, case] | ALWAYS, "x"))


def test_every_sentence_about_findings_belongs_to_a_finding():
    keys = {f"{r.replace('-', '')}_{c}".rstrip("_").replace("-", "_").lower() for r, c in CASES}
    for section in ("check", "remedy"):
        assert {key.partition(".")[2] for key in ALL["de"] if key.startswith(f"{section}.")} == keys


def test_the_cases_of_reading_are_all_that_reading_reports():
    """The cases stand in the code as parts; every part must occur in a case listed here."""
    paths = [SOURCE / "sheets" / "parse.py", SOURCE / "sheets" / "settings.py", *(SOURCE / "sync").glob("*.py")]
    text = "\n".join(path.read_text("utf-8") for path in paths)
    named = set(re.findall(r'case="([a-z-]+)"', text)) | set(re.findall(r'"((?:header|setting)-[a-z]+)"', text))
    assert named <= {case for _, case in OF_READING}
    assert {"error-value", "header-missing", "setting-unknown"} <= named


# --- errors -----------------------------------------------------------------------------------------------

ERRORS = {
    name for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, errors.NetzwerkError)
}
GIVEN = {"tab", "cell", "file", "workbook"}
"""Values the command line puts in where an error does not know them."""


def raised():
    """Give (place, class, reason, names of the facts) of every error whose reason is written down."""
    for path, call in calls(*ERRORS):
        name = call.func.attr if isinstance(call.func, ast.Attribute) else call.func.id
        for reason in literals(call.args[0]) if call.args else []:
            yield f"{path.name}:{call.lineno}", name, reason, {keyword.arg for keyword in call.keywords}


RAISED = list(raised())


def test_errors_are_found():
    assert len(RAISED) > 60
    text = "\n".join(path.read_text("utf-8") for path in SOURCE.rglob("*.py"))
    pattern = r'(Refused|Denied|InUse|NotFound|WrongUse|DiskFull|Changed|Cycle|Locked|Foreign|Stop)\(\s*"([a-z-]+)"'
    assert {reason for _, reason in re.findall(pattern, text)} <= {reason for _, _, reason, _ in RAISED}


def test_every_error_has_a_sentence_or_is_a_file_we_refuse():
    lacking = {
        (name, reason)
        for _, name, reason, _ in RAISED
        if f"error.{reason}" not in ALL["de"] and name != "WorkbookRefused"
    }
    assert lacking == set()


def test_every_error_has_a_hint():
    reasons = {reason for _, _, reason, _ in RAISED} | {"bug", "refused"}
    known = {reason for reason in reasons if f"error.{reason}" in ALL["de"]}
    assert {reason for reason in known if f"error.{reason}-hint" not in ALL["de"]} == set()


def test_every_hint_has_a_sentence():
    hints = {key for key in ALL["de"] if key.startswith("error.") and key.endswith("-hint")}
    assert {key for key in hints if key.removesuffix("-hint") not in ALL["de"]} == set()


def test_errors_know_what_their_sentences_say():
    lacking = []
    for place, _, reason, facts in RAISED:
        for key in (f"error.{reason}", f"error.{reason}-hint"):
            unknown = placeholders(ALL["de"].get(key, "")) - facts - GIVEN
            if unknown and None not in facts:
                lacking.append((place, key, unknown))
    assert lacking == []


def test_no_sentence_about_errors_is_left_over():
    text = "\n".join(path.read_text("utf-8") for path in SOURCE.rglob("*.py"))
    keys = {key.partition(".")[2] for key in ALL["de"] if key.startswith("error.") and not key.endswith("-hint")}
    unused = {key for key in keys if f'"{key}"' not in text and f'"error.{key}"' not in text}
    assert unused == set()


# --- vocabularies and code --------------------------------------------------------------------------------


def test_labels_hold_no_separator():
    for entries in schema.vocabularies().values():
        for entry in entries:
            for text in (*entry.words.values(), *entry.aliases):
                assert "," not in text
                assert ";" not in text


def test_a_word_means_one_thing_in_its_vocabulary():
    for name, entries in schema.vocabularies().items():
        meanings = {}
        for entry in entries:
            for text in (*entry.words.values(), *entry.aliases, entry.code):
                meanings.setdefault(schema.fold(text), set()).add(entry.code)
        assert {text: codes for text, codes in meanings.items() if len(codes) > 1} == {}, name


ALLOWED = {
    ("cli/commands.py", "ä"): "people type commands with umlauts",
    ("cli/commands.py", "ö"): "the same",
    ("cli/commands.py", "ü"): "the same",
    ("cli/commands.py", "ß"): "the same",
}


def docstrings(tree):
    """Give the constants that are explanations: strings that stand alone as a statement."""
    return {id(n.value) for n in ast.walk(tree) if isinstance(n, ast.Expr) and isinstance(n.value, ast.Constant)}


def test_code_holds_no_german_words():
    found = set()
    for path, tree in MODULES:
        place = path.relative_to(SOURCE).as_posix()
        if place == "sheets/language.py":
            continue
        explained = docstrings(tree)
        for node in ast.walk(tree):
            text = node.value if isinstance(node, ast.Constant) and id(node) not in explained else None
            if isinstance(text, str) and re.search("[äöüÄÖÜß„]", text):
                found.add((place, text))
    assert found - ALLOWED.keys() == set()
    assert ALLOWED.keys() - found == set()


# --- the handbook -----------------------------------------------------------------------------------------


def handbook(language):
    return (schema.TEMPLATES / "handbook" / f"handbook.{language}.md").read_text("utf-8")


def prose(text):
    """Leave out what is not prose: command lines and the lines of tables; list entries end a sentence."""
    text = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    text = re.sub(r"(?m)^!\[(.*)\]\(.*\)$", r"\n\1.\n", text)
    parts = [re.sub(r"^\s*(?:[-*#>]+|\d+\.)\s+", "", line) for line in text.splitlines()]
    joined = []
    for raw, line in zip(text.splitlines(), parts, strict=True):
        if raw.startswith("|"):
            continue
        if joined and line and raw == line and joined[-1]:
            joined[-1] += " " + line
        else:
            joined.append(line)
    return "\n".join(joined)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_handbook_is_written_plainly(language):
    text = prose(handbook(language))
    assert too_long(text) == []
    assert forbidden(text) == []
    assert 90 <= len(handbook(language).splitlines()) <= 300


@pytest.mark.parametrize(("language", "pattern"), [("de", r"Blatt „([^$“]+)“"), ("en", r"[Tt]ab “([^$”]+)”")])
def test_the_handbook_names_tabs_that_exist(language, pattern):
    tabs = {words[language] for words in schema.tab_words().values()}
    named = set(re.findall(pattern, handbook(language)))
    assert named
    assert {tab for tab in named if tab not in tabs and not tab.startswith(("OB P-", "AB P-", "OFF P-"))} == set()


def test_the_handbooks_have_the_same_parts():
    shape = [re.sub(r" .*", "", line) for line in handbook("de").splitlines() if line.startswith("#")]
    assert shape == [re.sub(r" .*", "", line) for line in handbook("en").splitlines() if line.startswith("#")]
    code = [re.findall(r"```\n(.*?)```", handbook(language), flags=re.DOTALL) for language in LANGUAGES]
    assert len(code[0]) == len(code[1])


def test_the_handbook_names_settings_that_exist():
    for language in LANGUAGES:
        keys = {setting.words[language] for setting in schema.settings().values()}
        rows = [line for line in handbook(language).splitlines() if line.startswith("| `")]
        named = [key for row in rows for key in re.findall(r"`([^`]+)`", row.split("|")[1])]
        assert named
        assert set(named) - keys == set()
