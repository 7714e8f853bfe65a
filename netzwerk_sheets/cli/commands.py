"""The list of commands: name, module, German alias. Their one-line helps stand in ``templates/messages``.

A new command is an entry here and a function of its name in that module, under `command` (frame.py). In both
``help.*.toml`` it needs a help of its name, ``argument_…`` for each argument that is new, and what its options say; in
the README a line, and in tests/integration/test_canaries.py calls that show that it tells no names.
"""

from __future__ import annotations

COMMANDS: dict[str, tuple[str, str]] = {
    "init": ("init", "anlegen"),
    "adopt": ("adopt", "uebernehmen"),
    "doctor": ("doctor", "diagnose"),
    "check": ("check", "pruefen"),
    "plan": ("plan", "vorschau"),
    "sync": ("sync", "abgleich"),
    "watch": ("watch", "wache"),
    "schedule": ("schedule", "zeitplan"),
    "gaps": ("gaps", "luecken"),
    "recommend": ("recommend", "vorschlaege"),
    "what-if": ("what_if", "was-waere-wenn"),
    "onboard": ("onboard", "onboarding"),
    "offboard": ("onboard", "abschied"),
    "survey": ("survey", "umfrage"),
    "review": ("survey", "strategie"),
    "conflicts": ("conflicts", "konflikte"),
    "history": ("history", "verlauf"),
    "undo": ("undo", "rueckgaengig"),
    "report": ("report", "bericht"),
    "export": ("export", "ausgabe"),
    "person": ("person", "datenschutz"),
    "fleet": ("fleet", "verbund"),
    "backups": ("backups", "sicherungen"),
    "restore": ("backups", "wiederherstellen"),
    "a11y": ("a11y", "barrierefreiheit"),
    "unlock": ("unlock", "entsperren"),
    "handbook": ("handbook", "handbuch"),
    "config": ("config", "einstellungen"),
    "completion": ("completion", "vervollstaendigung"),
}

ALIASES = {alias: name for name, (_, alias) in COMMANDS.items()}


def resolve(typed: str) -> str:
    """Give the command a person means, by its name or its German alias, umlauts allowed."""
    plain = folded(typed)
    return ALIASES.get(plain, plain)


def folded(typed: str) -> str:
    """Write a word without umlauts and capitals."""
    plain = typed.casefold()
    for umlaut, letters in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss")):
        plain = plain.replace(umlaut, letters)
    return plain
