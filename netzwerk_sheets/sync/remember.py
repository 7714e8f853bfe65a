"""Store what a pass found: what was merged, and what will be agreed once the writes took place."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from netzwerk_sheets import __version__
from netzwerk_sheets.state.pending import Pending
from netzwerk_sheets.state.strays import REMEMBERED, put_strays, strays

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date

    from netzwerk_sheets.state.store import Store
    from netzwerk_sheets.state.strays import Stray
    from netzwerk_sheets.sync.order import Pass


def remember(
    store: Store,
    plan: Pass,
    run: int,
    network: str,
    today: date,
    *,
    forget: Collection[str],
    writes: Collection[str],
    copies: Mapping[str, Stray] | None = None,
) -> None:
    """Store everything in one transaction, before anything is written.

    Args:
        store: The state.
        plan: The pass.
        run: Its number.
        network: Which network it is.
        today: The day.
        forget: Codes of workbooks that are not as the last run left them: what was agreed with tabs of theirs that
            were not read is given up.
        writes: Codes of workbooks that will be written.
        copies: The conflict copies that are known from now on, by code.
    """
    changes, before = any(plan.changes.values()), strays(store)
    copies = before if copies is None else copies
    # Of a conflict copy that does not lie there any more nothing is remembered but its name.
    forget = {*forget, *(code for code, each in copies.items() if each.state not in REMEMBERED)}
    if not (changes or writes or forget - copies.keys() or copies != before or _bases_differ(store, plan)):
        return
    with store.transaction():
        store.put_run(run, today, __version__, "planned" if writes else "done", len(plan.edits))
        store.put_meta("network", network)
        if plan.stand:
            store.put_meta("stand", plan.stand)
        store.put_meta("disputes", plan.disputes)
        store.put_meta("group names", json.dumps(dict(plan.group_names), ensure_ascii=False))
        store.put_meta("aliases", json.dumps({table: dict(names) for table, names in plan.aliases.items()}))
        store.put_meta("reviews", json.dumps(dict(plan.reviews)))
        _remember_rows(store, plan, run, forget)
        if copies != before:
            put_strays(store, copies)
        for code, last in plan.counters.items():
            store.put_counter(code, last)
        for code, rows in plan.proposed.items():
            store.put_proposed(code, rows)
        for code, found in plan.changes.items():
            store.add_changes(run, code, found)
        former = plan.former  # it comes back with the first write that fails
        for part in (plan, *plan.others):
            if part.book in writes:
                store.put_pending(Pending(run, part.bases, part.shown, former, part.snapshot.revision), part.book)
                former = {}
        store.forget_old()


def _remember_rows(store: Store, plan: Pass, run: int, forget: Collection[str]) -> None:
    for code, hub in plan.hubs.items():
        old = store.read(code)
        store.write_hub(code, old.hub, hub)
        if code in plan.questions:
            store.write_questions(code, plan.questions[code])
        if code in plan.tombstones:
            store.write_tombstones(code, old.tombstones, plan.tombstones[code], run)
        for replica in old.bases:
            if replica.partition("@")[2] in forget and (replica, code) not in plan.absorbed:
                store.write_base(replica, code, old.bases[replica], {}, run)
    for (replica, code), rows in (pair for part in (plan, *plan.others) for pair in part.absorbed.items()):
        store.write_base(replica, code, store.read(code).bases.get(replica), rows, run)


def _bases_differ(store: Store, plan: Pass) -> bool:
    return any(store.read(code).bases.get(replica) != rows for (replica, code), rows in plan.absorbed.items())
