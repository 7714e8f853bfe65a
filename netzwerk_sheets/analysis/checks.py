"""What a person should look at. Nothing is corrected by itself.

A rule is an entry of `RULES`; its function turns the network into findings. A rule has one or more cases
(the fact ``case``), each with a sentence and a remedy of its own. Facts hold ids, counts, ISO dates and
organisations' short names; never a person's name or an address.

====  =====================  =======  ============================  =======================================
rule  case                   level    table.column                  further facts
====  =====================  =======  ============================  =======================================
P-02  short_name             error    partners.short_name           name, other (id of the earlier row)
P-02  name                   error    domains / target_groups /     name, other
                                      groups .name
P-02  pair                   warning  membership / relationships /  first, second (ids), other (id of the
                                      agreements                    earlier row)
P-02  organisation           warning  partners.name                 name, other, other_name, similarity (%)
P-04  resources              warning  partners.resources            name (a hint before they are on board)
P-04  domains                warning  partners.domains              name (likewise)
P-04  target_groups          warning  partners.target_groups        name (likewise)
P-04  represents_all         hint     partners.represents           name (nobody represents everyone: it
                                                                    does not count)
P-05  measure                warning  needs
P-05  goal                   hint     needs
P-06  measure                warning  goals.needs
P-06  needs                  hint     goals.needs
P-07  (empty)                hint     measures.measured_on          days (since it began)
P-08  (empty)                hint     partners                      name, days (on board)
P-09  old                    warning  contacts.confirmed_on         name, date, months
P-09  never                  warning  contacts.confirmed_on         name, months
P-10  date                   error    contacts.erase_after          name, date (of erasure)
P-10  left                   warning  contacts.erase_after          name, date (left on)
P-10  wish                   warning  contacts.erase_after          name, date (of the last talk)
P-11  assumption             warning  needs.sources                 group (to ask; a hint where the need is parked)
P-11  not_asked              hint     needs.sources                 group (to ask)
P-11  no_source              hint     needs.sources                 group (to ask)
P-11  undated                hint     needs.asked_on
P-11  old                    hint     needs.asked_on                date, since (first day that counts)
P-11  future                 warning  needs.asked_on                date
P-12  none                   hint     partners                      name
P-12  not_in_person          hint     partners                      name
P-13  focus                  warning  target_groups.focus           needs (how many count)
P-13  need                   hint     target_groups                 needs
P-14  lead                   warning  groups.lead
P-14  deputy                 hint     groups.deputy
P-15  person                 warning  tasks.responsible             count, overdue, days
P-15  partner                warning  tasks.responsible             count, overdue, days, name
P-16  none                   hint     partners.next_due             name
P-16  past                   hint     partners.next_due             name, date
P-17  (empty)                error    measures.reached_target       target, total
P-19  soon                   warning  partners.agreement_until      name, date, days (left)
P-19  past                   warning  partners.agreement_until      name, date, days (over)
P-21  priority               hint     needs.priority
P-21  domain                 warning  needs.domain
P-21  target_groups          warning  needs.target_groups
P-22  left_without_date      hint     partners.left_on              name
P-22  left_before_joining    error    partners.left_on              name, date, other_date (joined)
P-22  ends_before_start      error    measures.ends_on /            date, other_date (start)
                                      membership.until
P-23  missing                warning  partners                      name, n, documents (ids); a hint while no
                                                                    sending is noted
P-23  older                  hint     partners                      name, n, documents (ids)
P-23  nobody                 hint     documents.required_for        value (what matches nobody)
P-24  differing              warning  goals                         n, names (of partners)
P-24  open                   hint     goals                         n, whole (partners on board)
P-25  (empty)                hint     membership.group              name
P-26  (empty)                hint     partners.role_wish            name
P-27  benefit                hint     partners.status               name
P-27  unknown                hint     partners.topic_closeness      name
====  =====================  =======  ============================  =======================================

Rules about single cells (unknown values, missing rows, dates kept as text, personal data in a wrong place)
are found where the cells are read; `looks_personal` serves them.

A new rule is a function in the module of its subject, an entry of `RULES`, a line in the table above for each case (the
tests read it), and for each case a sentence in ``templates/messages/check.*.toml`` and a remedy in ``remedy.*.toml``
under a key like ``p27_benefit``, in every language.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from netzwerk_sheets.analysis import check_care, check_needs, check_partners, check_welcome
from netzwerk_sheets.analysis.check_context import Check, context
from netzwerk_sheets.analysis.personal import looks_personal

if TYPE_CHECKING:
    from datetime import date

    from netzwerk_sheets.model import Finding, Network

__all__ = ["RULES", "Rule", "check", "looks_personal"]


@dataclass(frozen=True, slots=True)
class Rule:
    """A check and the code people know it by."""

    code: str
    function: Check


RULES = (
    Rule("P-02", check_partners.check_names),
    Rule("P-02", check_partners.check_similar),
    Rule("P-02", check_partners.check_pairs),
    Rule("P-04", check_partners.check_complete),
    Rule("P-05", check_needs.check_chain),
    Rule("P-06", check_needs.check_goals),
    Rule("P-07", check_care.check_measured),
    Rule("P-08", check_partners.check_projects),
    Rule("P-09", check_care.check_confirmed),
    Rule("P-10", check_care.check_erasure),
    Rule("P-11", check_needs.check_sources),
    Rule("P-12", check_partners.check_talks),
    Rule("P-13", check_needs.check_representation),
    Rule("P-14", check_care.check_leads),
    Rule("P-15", check_care.check_load),
    Rule("P-16", check_partners.check_waiting),
    Rule("P-17", check_care.check_counts),
    Rule("P-19", check_partners.check_agreements),
    Rule("P-21", check_needs.check_details),
    Rule("P-22", check_partners.check_dates),
    Rule("P-22", check_care.check_measure_dates),
    Rule("P-23", check_welcome.check_papers),
    Rule("P-24", check_welcome.check_common_ground),
    Rule("P-25", check_welcome.check_way_in),
    Rule("P-26", check_welcome.check_wishes),
    Rule("P-27", check_welcome.check_winning),
)
"""Every rule that follows from the network as a whole, in the order in which findings are shown."""


def check(network: Network, *, today: date) -> list[Finding]:
    """Ask every rule.

    Args:
        network: What the workbook says.
        today: The day from which periods are counted.

    Returns:
        The findings, by rule, then in the order of the rows; empty where nothing was noticed.
    """
    gathered = context(network, today)
    return [finding for rule in RULES for finding in rule.function(gathered)]
